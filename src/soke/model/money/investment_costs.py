"""What an investment costs beyond what was planned for it: its overrun, and what it takes to run a link.

    overrun, in each year of the works = planned capital of the year x (factor - 1)
    running a link, from its opening   = what the deal states, or the evidence's share of planned capital a year

The factor is drawn for each investment, by what is built, from the overruns of finished projects; at a full business
case its centre is the Green Book's lower bound, with the same spread. Works spread evenly from start to opening; what
was spent by the base year is known. Only works of new money count: what only moves is built on both paths alike.

The authority bears it unless the deal says government does (``overrun_falls_on``): then it is money of England's, as
any new money. What the authority bears is taken from services here, so that public spending here is no higher.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from soke.deal.link_kinds import WORKS
from soke.deal.types import Deal, Investment
from soke.england.baseline import Floats
from soke.evidence import Draws, Parameter
from soke.model.money.investments import Frame, drawn_of, opened, own_of

LINK = "connection"  # the channel of what is run at a cost of its own
RUNNING = "link.running"
OVERRUN, OF_GOVERNMENT, RUNNING_COST = "overrun", "overrun_of_government", "running_cost"
SERIES = (OVERRUN, OF_GOVERNMENT, RUNNING_COST)


@dataclass(frozen=True, slots=True)
class Works:
    """One investment. Real GBP million (year,): ``capital`` as planned, from year 1 on; ``running`` as stated, or none.
    ``whole``: planned capital of all years; ``opens`` an index of the run."""

    id: str
    series: str  # of its overrun
    link: bool
    opens: int
    capital: Floats
    whole: float
    running: Floats | None


@dataclass(frozen=True, slots=True)
class Lever:
    """The works of a deal; none as is."""

    works: tuple[Works, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """``drawn``: (draw,) figures of the works by id."""

    lever: Lever
    size: int
    drawn: Mapping[str, Floats]


def own_parameters(deal: Deal, investment: Investment, evidence: Mapping[str, Parameter]) -> list[Parameter]:
    """The overrun of one investment, where it builds something of new money, and what a link takes to run."""
    if not _counts(deal, investment):
        return []
    kind = WORKS[investment.built]
    row = own_of(investment, "overrun", evidence[kind.overrun])
    if investment.business_case == "full":
        centre = 1.0 + evidence[kind.full_case].central
        scale = centre / row.central
        row = replace(row, low=row.low * scale, central=centre, high=row.high * scale)
    run = [own_of(investment, "running", evidence[RUNNING])] if _runs_by_evidence(investment) else []
    return [row, *run]


def lever(frame: Frame) -> Lever:
    """The works of the deal that go on after the base year."""
    works = []
    for one in frame.deal.investments:
        if not _counts(frame.deal, one) or one.opens <= frame.years[0]:
            continue
        planned = frame.planned_capital(one)
        capital = np.where(np.arange(len(planned)) > 0, planned, 0.0)
        stated = None if one.running_cost is None else frame.a_year_from(one, float(one.running_cost))
        series = OF_GOVERNMENT if one.overrun_falls_on == "government" else OVERRUN
        link = one.effect.channel == LINK
        works.append(Works(one.id, series, link, frame.year_of(one.opens), capital, float(planned.sum()), stated))
    return Lever(tuple(works))


def start(lever: Lever, draws: Draws) -> State:
    figures = ("overrun", "running", "delay")
    names = [drawn_of(works.id, figure) for works in lever.works for figure in figures]
    return State(lever, len(draws), {name: draws[name] for name in names if name in draws.national})


def advance(state: State, year: int) -> dict[str, Floats]:
    """What the deal's works cost in a year beyond their plans: SERIES -> (draw,) GBP million; none where none."""
    found: dict[str, Floats] = {}
    for works in state.lever.works:
        if works.capital[year]:
            over = works.capital[year] * (state.drawn[drawn_of(works.id, "overrun")] - 1.0)
            found[works.series] = found.get(works.series, 0.0) + over
        if works.link and year >= works.opens:
            open_for = opened(year, works.opens, state.drawn[drawn_of(works.id, "delay")])
            found[RUNNING_COST] = found.get(RUNNING_COST, 0.0) + open_for * _running(state, works, year)
    return found


def _running(state: State, works: Works, year: int) -> Floats | float:
    if works.running is not None:
        return float(works.running[year])
    return state.drawn[drawn_of(works.id, "running")] * works.whole


def _counts(deal: Deal, investment: Investment) -> bool:
    """Whether it builds something of new money."""
    fund = deal.fund(investment.fund)
    return bool(investment.capital) and fund is not None and not fund.kind.spent_before


def _runs_by_evidence(investment: Investment) -> bool:
    return investment.effect.channel == LINK and investment.running_cost is None
