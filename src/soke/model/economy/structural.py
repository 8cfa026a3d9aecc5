"""The structural term: what being devolved may do to growth, which nobody knows, drawn apart from the listed items.

    t        log output a year in the deal's area, one a draw, about nought: the published studies find no effect,
             give or take .3 points a year (95 in 100)
    T[y]     t x years since the deal began, ten at most: the studies see no further; what was gained then stays
    area     output x exp(T)
    z        the part of it that comes from elsewhere in England, none to all: lost there in proportion to jobs

It is laid on the path as is, in every draw, and touches no series of the listed items: the same draws with its range
set to nought give the same bytes of theirs. Receipts answer each by its base, to first order: a tax of elasticity e
changes by e times the relative change of output where people work, or of pay where they live, which goes home by the
commuting rows. Jobs, people and local funding do not answer: what is kept of business rates is a hundredth of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Floats
from soke.evidence import Draws
from soke.model.economy import tax_bases
from soke.model.economy.receipts import Receipts
from soke.model.economy.trend import Country
from soke.model.money.investments import Frame

GROWTH, LASTS, ELSEWHERE = "devolution.growth", "devolution.years", "devolution.elsewhere"
DRAWN = (GROWTH, LASTS, ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Lever:
    """``years`` (year,) since the deal began. ``area``: index of its places; ``others`` (place,): their share of all
    jobs outside it, 0 inside. ``pay`` (workplace of the area, home) and ``lost_pay`` (home,): what a GBP million of
    output gained at a workplace, and lost by all others together, is in pay at homes, over the base year's."""

    years: Floats
    area: tuple[int, ...]
    others: Floats
    pay: Floats
    lost_pay: Floats


@dataclass(frozen=True, slots=True)
class State:
    """What the draws give, (draw, 1)."""

    lever: Lever
    growth: Floats
    lasts: Floats
    elsewhere: Floats
    elasticities: Mapping[str, Floats]  # tax base -> (draw, 1)


@dataclass(frozen=True, slots=True)
class Structural:
    """A year's output and receipts by place beyond those as is, GBP million (draw, place)."""

    gva: Floats
    receipts: Floats


def lever(frame: Frame, country: Country) -> Lever:
    """The deal's area, and where what it gains may come from. A deal for all of England takes from nowhere."""
    area, base = list(frame.members), country.base
    jobs = base.jobs.copy()
    jobs[area] = 0.0
    others = jobs / jobs.sum() if jobs.any() else jobs
    to_homes = country.commuting.by_workplace / base.gva[:, None]
    began = max(frame.deal.starts, frame.years[0] + 1)
    years = np.maximum(np.array(frame.years) - began + 1.0, 0.0)
    return Lever(years, frame.members, others, to_homes[area], others @ to_homes)


def start(lever: Lever, draws: Draws) -> State:
    growth, lasts, elsewhere = (draws[name][:, None] for name in DRAWN)
    return State(lever, growth, lasts, elsewhere, tax_bases.elasticities(draws))


def advance(state: State, year: int, today: Receipts) -> Structural:
    """What a year of the path as is would have beside it."""
    lever = state.lever
    grown = np.expm1(state.growth * np.minimum(lever.years[year], state.lasts))
    more = today.gva[:, lever.area] * grown
    lost = state.elsewhere * more.sum(axis=1, keepdims=True)
    gva = -lost * lever.others
    gva[:, lever.area] = more
    pay = more @ lever.pay
    pay -= lost * lever.lost_pay
    pay /= today.pay
    return Structural(gva, _receipts(state, today, pay, gva / today.gva))


def _receipts(state: State, today: Receipts, pay: Floats, output: Floats) -> Floats:
    """From relative changes of ``pay`` at homes and of ``output`` at workplaces, (draw, place)."""
    total = np.zeros_like(pay)
    for change, bases in ((pay, tax_bases.FOLLOW_PAY), (output, tax_bases.FOLLOW_OUTPUT)):
        answer = np.zeros_like(pay)
        for base in bases:
            answer += state.elasticities[base] * today.by_base[base]
        answer *= change
        total += answer
    return total
