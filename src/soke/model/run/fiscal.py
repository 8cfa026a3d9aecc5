"""Fiscal terms beyond business rates: income tax assigned, earn-back, council tax where the limit is lifted.

assigned      share x income tax of the area's residents, less a grant adjustment that was equal to it at the start
              and then follows the rest of England by the deal's method (:mod:`soke.model.funding.tax_assignment`).
              People are residents in work: them the tax base of this model follows, and not all who live there
earn-back     share x (receipts with the deal - receipts as is - what the place keeps of them already), between
              nought and the cap of the year
council tax   bills rise faster for some years where the referendum limit is lifted; residents here pay it all
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Floats
from soke.evidence import Draws
from soke.model.funding import tax_assignment
from soke.model.run.levers import LIFTED
from soke.model.run.setup import Setup


@dataclass(slots=True)
class Assignment:
    """Where an assignment stands after a year: the grant adjustment, and what the next year's step starts from."""

    adjustment: Floats  # (draw,) GBP million
    comparability: Floats  # (draw,) revenue a head here over the rest's, in the base year
    rest: Floats  # (draw,) the assigned share of the rest's revenue
    people: tuple[Floats, Floats]  # (draw,) here, the rest


@dataclass(slots=True)
class State:
    """What one chunk carries from year to year."""

    draws: Draws
    assignment: Assignment | None = None


def assigned(setup: Setup, state: State, year: int, income_tax: Floats, workers: Floats) -> Floats | None:
    """GBP million (draw, member): assigned tax less the grant adjustment; None before there is any.

    ``income_tax`` (draw, place) with the deal, ``workers`` residents in work over the base year's. The year before the
    start is the base: nothing is gained in it.
    """
    terms = setup.deal.assigned
    if terms is None or year < terms.first - 1:
        return None
    area = list(setup.members)
    own = income_tax[:, area] * terms.share
    here = own.sum(axis=1)
    rest = terms.share * income_tax.sum(axis=1) - here
    in_work = workers * setup.commuting.workers
    mine = in_work[:, area].sum(axis=1)
    people = (mine, in_work.sum(axis=1) - mine)
    held = state.assignment
    if held is None:
        state.assignment = Assignment(here, (here / people[0]) / (rest / people[1]), rest, people)
        return None
    step = tax_assignment.Step(rest, held.rest, people[1], held.people[1], people[0], held.people[0])
    adjustment = tax_assignment.method(terms.method)(held.adjustment, step, held.comparability)
    state.assignment = Assignment(adjustment, held.comparability, rest, people)
    return np.asarray(own * ((here - adjustment) / here)[:, None])


def earned_back(setup: Setup, year: int, with_deal: Floats, as_is: Floats, gained: Floats) -> Floats | None:
    """GBP million (draw, member), by people; None where there is none. ``gained``: what the place keeps already."""
    terms = setup.deal.earn_back
    if terms is None or terms.cap[year] == 0:
        return None
    area = list(setup.members)
    extra = (with_deal[:, area] - as_is[:, area] - np.maximum(gained[:, area], 0.0)).sum(axis=1)
    paid = np.clip(terms.share * extra, 0.0, terms.cap[year])
    return np.asarray(paid[:, None] * (setup.population[area] / setup.population[area].sum()))


def council_tax_raised(setup: Setup, state: State, year: int, council_tax: Floats) -> Floats | None:
    """GBP million (draw, member) of council tax above what bills as they are would bring; None where there is none."""
    lifted = setup.deal.lifted
    if lifted is None or lifted[year] == 0:
        return None
    area = list(setup.members)
    rise = np.maximum(state.draws[LIFTED], 0.0)  # a freedom to raise bills lowers none
    factor = np.expm1(lifted[year] * np.log1p(rise))[:, None]
    return np.asarray(council_tax[:, area] * factor)
