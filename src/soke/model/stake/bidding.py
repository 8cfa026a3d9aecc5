"""Bidding against devolving with recall: months to first money, and the pounds of administration that each takes.

The counterfactual is the deal's own money, had all of it been won by competitive bids, as England did it from 2021
to 2023. Per draw, with M the deal's money a year, S what one award brings over L years, w the share of bids that win:

    bidding     bids a year = M / S / w;  awards to report on at once = M L / S
                cost = bids x cost of a bid + awards x officer-days x cost of a day
                months = call to award + award to first money
                money sooner = M x months sooner / 12
    devolving   cost = (officer-days on conditions x scale + funds x officer-days of assurance) x cost of a day
                months = start of the deal to first money

Running the programmes themselves is left out on both sides, and so is what Whitehall spends. The money is all of the
deal's: what comes by formula today would not be bid for, so that the figure says what bidding would cost, not what it
costs now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from soke.deal.burden import burden
from soke.deal.types import Deal
from soke.england.baseline import Floats
from soke.evidence import Parameter
from soke.evidence.side_draws import drawn
from soke.model.money.fund_flows import FundFlow

PARAMETERS = (
    "bid.months.award", "bid.months.paid", "bid.win", "bid.cost", "bid.award", "bid.years", "bid.monitor.days",
    "bid.extended", "dev.months.paid", "dev.assurance.days", "dev.report.scale",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """10th, 50th and 90th percentile over the draws."""

    low: float
    central: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bidding:
    """The deal's money, bid for or devolved at once with recall. Money is real GBP million."""

    money: float  # of the deal's funds, mean over its years
    months_bidding: Span  # from the call for bids to first money
    months_devolved: Span  # from the deal's start to first money
    months_sooner: Span
    money_sooner: Span  # in all: what would have come in those months
    bids: Span  # a year, to win as much
    cost_bidding: Span
    cost_devolved: Span
    saved: Span
    dearer_chance: float  # that administration costs more when devolved
    extended: Span  # share of awards whose end was put back
    officer_days: float  # a year, to report on the deal's conditions, at the centre
    funds: int


def compare(
    deal: Deal,
    years: Sequence[int],
    flows: Sequence[FundFlow],
    draws: int,
    seed: int,
    evidence: Mapping[str, Parameter],
) -> Bidding | None:
    """Both ways for a deal's funds; None where it has none that the money model owns.

    ``years``: those of the run, to which the arrays of ``flows`` belong.
    """  # fmt: skip
    held = [k for k, year in enumerate(years) if year in deal.years]
    money = float(np.sum([flow.deal[held] for flow in flows], axis=0).mean()) if flows and held else 0.0
    if money <= 0:
        return None
    draw = {name: drawn(evidence[name], draws, seed) for name in PARAMETERS}
    load = burden(deal)
    day = float(load.assumptions.officer_day_cost) / 1e6
    bids = money / draw["bid.award"] / draw["bid.win"]
    awards = money * draw["bid.years"] / draw["bid.award"]
    bidding = bids * draw["bid.cost"] / 1e6 + awards * draw["bid.monitor.days"] * day
    days = float(load.officer_days) * draw["dev.report.scale"] + len(flows) * draw["dev.assurance.days"]
    first = draw["bid.months.award"] + draw["bid.months.paid"]
    sooner = first - draw["dev.months.paid"]
    return Bidding(
        money=money, months_bidding=span(first), months_devolved=span(draw["dev.months.paid"]),
        months_sooner=span(sooner), money_sooner=span(money * sooner / 12.0), bids=span(bids),
        cost_bidding=span(bidding),
        cost_devolved=span(days * day), saved=span(bidding - days * day),
        dearer_chance=float((bidding < days * day).mean()), extended=span(draw["bid.extended"]),
        officer_days=float(load.officer_days), funds=len(flows),
    )  # fmt: skip


def span(values: Floats) -> Span:
    """10th, 50th and 90th percentile of (draw,) values."""
    low, central, high = (float(q) for q in np.quantile(values, (0.1, 0.5, 0.9)))
    return Span(low=low, central=central, high=high)
