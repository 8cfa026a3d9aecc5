"""Value: what the deal's new money brings back in tax and saved benefits, over its years and over its life.

    cost       new money of the deal's funds, and what works cost    no money that only moves, and none trimmed
               beyond their plans, whoever bears it
    returned   extra tax in all of England, council tax set higher apart, and benefits saved
    return     present value of the second over that of the first

Time saved, better health and what a place is worth to live in are not counted. What moves from one purse to another
enters neither: the two ledgers beside it (:mod:`soke.model.run.gather`) say who has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from soke.england.baseline import Floats
from soke.model.money import value
from soke.model.money.fund_flows import FundFlow
from soke.model.run.drivers import meaning_of
from soke.model.run.result import Appraisal, Driver, Switching, Worth
from soke.model.run.setup import Setup

STRONGEST = 5  # parameters whose switching values are told


def new_money(flows: Sequence[FundFlow], years: int) -> Floats:
    """(year,) real GBP million of new money, fund by fund: what is trimmed of one pays for no other."""
    return np.sum([np.maximum(flow.change, 0.0) for flow in flows], axis=0) if flows else np.zeros(years)


def new_current(flows: Sequence[FundFlow], years: int) -> Floats:
    """(year,) the part of new money that is current spending, by what each fund's profile holds of it in all."""
    parts = []
    for flow in flows:
        whole = float(sum(row.total for row in flow.fund.profile))
        current = float(sum(row.revenue for row in flow.fund.profile))
        parts.append(np.maximum(flow.change, 0.0) * (current / whole if whole else 0.0))
    return np.sum(parts, axis=0) if parts else np.zeros(years)


def appraisal(
    setup: Setup, cost: Floats, returned: Floats, parameters: Mapping[str, Floats], strongest: Sequence[Driver]
) -> Appraisal:
    """``cost`` and ``returned`` (draw, year); ``parameters`` (draw,) by id. Draws that failed (NaN) are left out."""
    held = np.isfinite(returned).all(axis=1) & np.isfinite(cost).all(axis=1)
    cost, returned = cost[held], returned[held]
    worths = tuple(_worth(cost, returned, years, setup.held) for years in (value.SHORT, value.LONG))
    names = [driver.parameter for driver in strongest[:STRONGEST]]
    return Appraisal(
        worths=worths,
        payback=value.payback(cost.mean(axis=0), returned.mean(axis=0), setup.held),
        switching=tuple(_switching(setup, name, parameters[name][held], worths[0].net) for name in names),
    )


def _worth(cost: Floats, returned: Floats, years: int, figures: Mapping[str, float]) -> Worth:
    return Worth(
        years=years, cost=value.present(cost, years, figures), returned=value.present(returned, years, figures)
    )


def _switching(setup: Setup, name: str, drawn: Floats, net: Floats) -> Switching:
    return Switching(
        parameter=name,
        meaning=meaning_of(setup, name),
        low=float(np.quantile(drawn, 0.1)),
        central=float(np.median(drawn)),
        high=float(np.quantile(drawn, 0.9)),
        at=value.switching(drawn, net),
    )
