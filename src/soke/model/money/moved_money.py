"""Money that only moves, acting in part as if it were new: a what-if, off unless the scenario asks for it.

With a gain g, a fund whose money was spent here before acts, beside all that it did already, as g times its amount of
new money of the same function would, at no new cost:

    its capital                               public capital (:mod:`soke.model.economy.public_capital`)
    its revenue for skills and employment     people supported, at the evidence's cost of one (``emp.cost.client``)
    its other revenue                         no channel: it is listed, and does nothing

What a listed investment buys with the fund is taken from it first: that acts through the investment's own channel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from soke.deal.types import Deal, Fund
from soke.england.baseline import Floats
from soke.model.money.fund_flows import FundFlow
from soke.model.money.investments import Frame

COST = "emp.cost.client"  # GBP a person supported
SUPPORTS_PEOPLE = ("skills", "employment")  # functions whose revenue does
Part = Literal["capital", "revenue"]


@dataclass(frozen=True, slots=True)
class Acting:
    """What acts of all moved money, (year,) real GBP million: as public capital, and as support of people."""

    capital: Floats
    support: Floats


def acting(frame: Frame) -> Acting:
    """What acts; nothing where the scenario gives no gain."""
    gain, nothing = frame.scenario.moved_money_gain, np.zeros(len(frame.years))
    capital, support = nothing, nothing
    for flow in _moving(frame.flows) if gain else ():
        moved = np.minimum(flow.deal, flow.as_is)
        share = _capital_share(flow.fund, frame.years)
        bought = [one for one in frame.deal.investments if one.fund == flow.fund.id and one.effect.channel != "none"]
        built = np.sum([nothing, *(frame.planned_capital(one) for one in bought)], axis=0)
        capital = capital + gain * np.maximum(moved * share - built, 0.0)
        if flow.fund.function in SUPPORTS_PEOPLE:
            run = np.sum([nothing, *(frame.a_year_from(one, float(one.revenue)) for one in bought)], axis=0)
            support = support + gain * np.maximum(moved * (1.0 - share) - run, 0.0)
    return Acting(capital, support)


def supported(cost: Floats | float) -> Floats | float:
    """People whom each GBP million supports, at the ``cost`` of one in GBP."""
    return 1e6 / cost


def without_channel(deal: Deal) -> tuple[str, ...]:
    """Titles of the funds whose moved revenue acts through nothing."""
    return tuple(
        fund.title
        for fund in deal.funds
        if fund.kind.spent_before and not deal.is_kept_tax(fund) and fund.function not in SUPPORTS_PEOPLE
        and any(row.revenue for row in fund.profile)
    )  # fmt: skip


def _moving(flows: Sequence[FundFlow]) -> Sequence[FundFlow]:
    return [flow for flow in flows if flow.fund.kind.spent_before]


def _capital_share(fund: Fund, years: Sequence[int]) -> Floats:
    """(year,) the part of a fund that is capital; after its profile as in the last year of it, before it as in the
    first."""
    parts = {row.year: float(row.capital / row.total) if row.total else 0.0 for row in fund.profile}
    first, last = min(parts), max(parts)
    return np.array([parts.get(min(max(year, first), last), 0.0) for year in years])
