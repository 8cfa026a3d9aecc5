"""Income tax assigned: a share of the tax of the area's residents comes to it, less an adjustment of its grant.

    assigned = share x income tax here - adjustment

The adjustment is equal to the share in the year before the start, so that nobody gains on the first day; then it
follows the rest of England by the deal's method (:mod:`soke.model.funding.tax_assignment`). People are residents in
work: them the tax base of this model follows, and not all who live there.

The law may assign a share too, where a scenario says so. It then does on both paths, so that what is gained by the deal
is the share of the tax that the deal adds; a share that the deal itself assigns stands in its place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soke.deal.fiscal import IncomeTax
from soke.deal.scenario import IncomeTaxShare
from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.model.economy.trend import Country, Trend
from soke.model.funding import tax_assignment
from soke.model.money.investments import Frame

SERIES = "assigned_tax"
MAYORAL = ("mayoral", "established-mayoral")  # tiers that have a mayor


@dataclass(frozen=True, slots=True)
class Lever:
    """``share`` of income tax that is assigned, with a grant adjustment by ``method``, from the year ``first``."""

    share: float
    method: str
    first: int  # index of the run
    area: tuple[int, ...]  # index of the deal's places


@dataclass(slots=True)
class Standing:
    """The grant adjustment of a year, and what the next year's starts from."""

    adjustment: Floats  # (draw,) GBP million
    comparability: Floats  # (draw,) revenue a head here over the rest's, in the base year
    rest: Floats  # (draw,) the assigned share of the rest's revenue
    people: tuple[Floats, Floats]  # (draw,) here, the rest


@dataclass(slots=True)
class State:
    """Where the assignment stands; nowhere before the year that it starts from."""

    lever: Lever | None
    last: Standing | None = None


def lever(frame: Frame) -> Lever | None:
    """The deal's assignment, else the law's. SokeError where the area is all of England."""
    tax = frame.deal.fiscal.income_tax
    if tax is None or not tax.assigned_share:
        return by_law(frame)
    return _lever(frame, tax, float(tax.assigned_share), frame.deal.starts)


def by_law(frame: Frame) -> Lever | None:
    """What the scenario says that the law assigns to the deal's area; none where there is no share for it."""
    tax = frame.scenario.income_tax
    if tax is None or not tax.share or (tax.areas == "mayoral" and frame.deal.tier not in MAYORAL):
        return None
    return _lever(frame, tax, tax.share, tax.from_year)


def _lever(frame: Frame, tax: IncomeTax | IncomeTaxShare, share: float, first: int) -> Lever:
    if len(frame.members) == len(frame.baseline.codes):
        raise SokeError(
            "Income tax cannot be assigned to all of England: the adjustment follows the rest of it.",
            "Assign it to an area, or leave it out.", tax.at,
        )  # fmt: skip
    return Lever(share, tax.adjustment, frame.year_of(first), frame.members)


def start(lever: Lever | None) -> State:
    """Before the first year."""
    return State(lever)


def advance(country: Country, state: State, trend: Trend, income_tax: Floats) -> Floats | None:
    """GBP million (draw, member): assigned tax less the grant adjustment; None before there is any. The state moves.

    ``income_tax`` (draw, place) on this path. The year before the start is the base: nothing is gained in it.
    """
    lever, last = state.lever, state.last
    if lever is None or trend.year < lever.first - 1:
        return None
    area = list(lever.area)
    own = income_tax[:, area] * lever.share
    here = own.sum(axis=1)
    rest = lever.share * income_tax.sum(axis=1) - here
    in_work = trend.workers * country.commuting.workers
    mine = in_work[:, area].sum(axis=1)
    people = (mine, in_work.sum(axis=1) - mine)
    if last is None:
        state.last = Standing(here, (here / people[0]) / (rest / people[1]), rest, people)
        return None
    moved = tax_assignment.TwoYears(rest, last.rest, people[1], last.people[1], people[0], last.people[0])
    adjustment = tax_assignment.method(lever.method)(last.adjustment, moved, last.comparability)
    state.last = Standing(adjustment, last.comparability, rest, people)
    return np.asarray(own * ((here - adjustment) / here)[:, None])
