"""People: how many live in a place, and how old they are.

**How many.** With s the log of a place's share of England's people, apart from what :mod:`growth` says of output:

    s[t+1] - s[t] = m + u[t] + e[t],    u[t+1] = phi u[t] + e_u[t]

m lasts, u fades by phi a year, e does neither (part of it is the rebasing of counts to a census). The spread is that of
all places, times how much places of the same class have moved so far; m and u of today are known as well as the place's
own past tells (a normal conditional mean, :func:`known`). The places always add up to England's people.

**How old.** People of every single year of age move on by one survival schedule, the same everywhere:

    hazard a year at age a = hazard at 65 x exp(rise (a - 65)) x (1 - improvement) ^ years

From 65 on that is how many there are, with one draw a place for those who move house. Under 65 the total fixes how many
there are, and England's ages how many of them are children. No local survival is read off two counts: the only two that
are to hand, of 2020 and of 2023, differ by the rebasing to the census more than by any likely move.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from soke.deal.scenario import AGE_GROUPS
from soke.deal.types import Scenario
from soke.england.baseline import Baseline, Floats
from soke.evidence.sampling import CHUNK, YEARS, generator
from soke.model.economy.growth import TAIL, Nest, adding_up, nest_of, root_of

AGES = tuple(AGE_GROUPS)
YOUNG = 2  # of the age groups are under 65
PROCESS = (
    "people.slope", "people.fading", "people.phi", "people.noise", "people.shared.region", "people.shared.itl2",
)  # fmt: skip
SCHEDULE = ("people.hazard.at65", "people.hazard.rise", "people.hazard.improvement", "people.hazard.open_age")
OLDER_MOVES = "people.old.migration"
HELD = (*PROCESS, *SCHEDULE, OLDER_MOVES)
DEVIATES = ("people.slope", "people.fading", OLDER_MOVES)  # by draw and place
COUNTED = 2023  # mid-year of the single years of age
FIRST_OLD, LIMITS = 65, (65, 75, 85)  # where the older age groups begin
LAGS = 20  # yearly changes up to so far apart are fitted
SPAN = 5  # years over which the classes are compared
FEWEST_UNDER_65 = 0.2  # of a place's people, whatever is drawn: below, an old place would have no workers


@dataclass(frozen=True, slots=True)
class Process:
    """Yearly change of a log share: sd of what lasts, of what fades and of the rest; ``phi`` what is left a year on.

    ``region`` and ``subregion``: the share of all variance that the places of one region, and beyond it of one ITL2
    area, have in common.
    """

    slope: float
    fading: float
    phi: float
    noise: float
    region: float
    subregion: float


@dataclass(frozen=True, slots=True)
class Drift:
    """What no draw changes of how shares of England's people move. ``known`` (2, place): today's mean of what lasts and
    of what fades; ``root`` (2, 2) their spread before ``scale`` (place,), the class's."""

    process: Process
    nest: Nest
    scale: Floats
    known: Floats
    root: Floats


@dataclass(frozen=True, slots=True)
class Outlook:
    """What no draw changes. ``groups`` (year, age group, place) people at the conditional mean of nothing moved;
    ``england`` (year,) all people."""

    drift: Drift
    older_moves: float
    groups: Floats
    england: Floats

    @property
    def at_start(self) -> Floats:
        """(place,) people of the base year."""
        return np.asarray(self.groups[0].sum(axis=0))


@dataclass(slots=True)
class Drifting:
    """``apart`` (draw, place): log share over the start's, before it is made to add up."""

    drift: Drift
    lasting: Floats  # (draw, place) a year
    fading: Floats
    rows: slice  # of the draws in their chunk
    source: np.random.Generator
    apart: Floats


@dataclass(slots=True)
class State:
    """How many people, and how old, has come of the draws so far."""

    ahead: Outlook
    shares: Drifting
    older: Floats  # (draw, place) growth a year of older people who move house
    year: int


@dataclass(frozen=True, slots=True)
class People:
    """People of one year. ``total`` (draw, place); ``young`` (draw, place) over the year's own in ``groups``, and
    ``old`` likewise; ``groups`` (age group, place)."""

    total: Floats
    young: Floats
    old: Floats
    groups: Floats

    def weighted(self, weights: Floats) -> Floats:
        """(draw, place) people, each age group by its weight: ``weights`` (age group,)."""
        young = (weights[:YOUNG] @ self.groups[:YOUNG]) * self.young
        young += (weights[YOUNG:] @ self.groups[YOUNG:]) * self.old
        return np.asarray(young)

    def by_age(self, places: Sequence[int]) -> Floats:
        """(age group, draw, place) people of some places, by their index."""
        here = list(places)
        old = np.arange(len(AGES)) >= YOUNG
        moved = np.stack([self.young[:, here], self.old[:, here]])[old.astype(int)]
        return np.asarray(self.groups[:, None, here] * moved)


def held(figures: Mapping[str, float]) -> Process:
    """The process as the evidence has it."""
    return Process(*(figures[name] for name in PROCESS))


def fitted(shares: Floats, nest: Nest) -> Process:
    """The process from the products of yearly changes by lag, all places together. ``shares`` (place, year) logs.

    What places of one area have in common is read off changes over five years.
    """
    from scipy.optimize import least_squares  # noqa: PLC0415  # heavy, and no projection fits: workers stay small

    change = np.diff(shares, axis=1)
    years = change.shape[1]
    lag = np.arange(min(LAGS, years - 2))
    seen = np.array([(change[:, k:] * change[:, : years - k]).mean() for k in lag])
    weight = np.sqrt(1.0 - lag / years) / seen[0]

    def off(at: Floats) -> Floats:
        slope, fading, phi, noise = at
        model = slope**2 + fading**2 * phi**lag + np.where(lag == 0, noise**2, 0.0)
        return np.asarray((model - seen) * weight)

    found = least_squares(off, (0.002, 0.005, 0.7, 0.004), bounds=((0, 0, 0, 0), (0.1, 0.1, 0.99, 0.1)))
    slope, fading, phi, noise = map(float, found.x)
    return Process(slope, fading, phi, noise, *_in_common(shares, nest))


def _in_common(shares: Floats, nest: Nest) -> tuple[float, float]:
    change = shares[:, SPAN:] - shares[:, :-SPAN]
    region, subregion, own = nest.mean_products(change @ change.T)
    first = max(region / own, 0.0)
    return first, max(subregion / own - first, 0.0)


def scales(shares: Floats, classes: Sequence[str]) -> Floats:
    """(place,) spread of a place's class over that of all, by changes over five years so far: one is mostly noise."""
    change, kinds = shares[:, SPAN:] - shares[:, :-SPAN], np.array(classes)
    whole = np.sqrt((change**2).mean())
    spread = np.empty(len(kinds))
    for kind in set(classes):
        spread[kinds == kind] = np.sqrt((change[kinds == kind] ** 2).mean()) / whole
    return spread


def known(shares: Floats, process: Process) -> tuple[Floats, Floats]:
    """(2, place) means of what lasts and of what fades today, given all changes so far, and their (2, 2) covariance."""
    change = np.diff(shares, axis=1)
    years = change.shape[1]
    apart = np.abs(np.subtract.outer(np.arange(years), np.arange(years)))
    lasts, fades = process.slope**2, process.fading**2
    spread = lasts + fades * process.phi**apart + process.noise**2 * np.eye(years)
    shared = np.stack([np.full(years, lasts), fades * process.phi ** np.arange(years - 1, -1, -1)])
    gain = np.linalg.solve(spread, shared.T).T
    return gain @ change.T, np.diag([lasts, fades]) - gain @ shared.T


def survivors(people: Floats, years: int, schedule: Mapping[str, float]) -> Floats:
    """(year, single age, place) from ``people`` (single age, place), the last age and over; as many births as now."""
    at_65, rise, improvement, open_age = (schedule[name] for name in SCHEDULE)
    ages = np.arange(len(people), dtype=float)
    ages[-1] = open_age
    moved = [people]
    for year in range(years):
        hazard = at_65 * np.exp(rise * (ages - FIRST_OLD)) * (1.0 - improvement) ** year
        left = moved[-1] * np.exp(-hazard)[:, None]
        after = np.concatenate([people[:1], left[:-1]])
        after[-1] += left[-1]
        moved.append(after)
    return np.stack(moved)


def grouped(single: Floats) -> Floats:
    """(..., age group, place) from (..., single age, place)."""
    bounds = (0, 16, *LIMITS, single.shape[-2])
    return np.stack([single[..., low:high, :].sum(axis=-2) for low, high in pairwise(bounds)], axis=-2)


def groups_ahead(
    single: Floats, total: Floats, england: Floats, base_year: int, schedule: Mapping[str, float],
    ageing: Mapping[str, float],
) -> Floats:  # fmt: skip
    """(year, age group, place) people where no place's share of England moves.

    ``single`` (single age, place) of mid-2023; ``total`` (place,) of the base year; ``england`` (year,) all people.
    ``ageing``: a scenario's own growth a year of England's age groups, in the place of the schedule's.
    """
    years = len(england)
    lead = max(base_year - COUNTED, 0)
    by_group = grouped(survivors(single, lead + years - 1, schedule))[lead:]
    older = by_group[:, YOUNG:] * (total / single.sum(axis=0))
    if ageing:
        own = _own_growth(ageing, years)
        older *= (own[:, YOUNG:] * older[0].sum(axis=-1) / older.sum(axis=-1))[:, :, None]
    totals = england[:, None] / england[0] * total
    under = totals - older.sum(axis=1)
    of_england = by_group[:, :YOUNG].sum(axis=-1, keepdims=True)
    if ageing:
        of_england = of_england[:1] * own[:, :YOUNG, None]
    young = by_group[0, :YOUNG] * (of_england / of_england[0])
    young *= (np.maximum(under, FEWEST_UNDER_65 * totals) / young.sum(axis=1))[:, None]
    return np.concatenate([young, older], axis=1)


def _own_growth(ageing: Mapping[str, float], years: int) -> Floats:
    """(year, age group) people over the base year's, by a scenario's rates."""
    rates = [next(ageing[name] for name in AGE_GROUPS[age] if name in ageing) for age in AGES]
    return (1.0 + np.array(rates)) ** np.arange(years)[:, None]


def drift_of(counts: Floats, classes: Sequence[str], process: Process, nest: Nest) -> Drift:
    """What is known of the shares of England's people. ``counts`` (place, year) people so far."""
    shares = np.log(counts / counts.sum(axis=0))
    mean, spread = known(shares, process)
    return Drift(process, nest, scales(shares, classes), mean, root_of(spread))


def ahead(baseline: Baseline, figures: Mapping[str, float], scenario: Scenario, years: int) -> Outlook:
    """What is known of the people of the next ``years`` years. ``figures``: the evidence by its id (HELD)."""
    drift = drift_of(baseline.past.people, baseline.classes, held(figures), nest_of(baseline))
    england = baseline["population"].sum() * (1.0 + scenario.population_growth) ** np.arange(years)
    groups = groups_ahead(
        baseline.past.single_ages, baseline["population"], england, scenario.base_year, figures, scenario.ageing
    )
    return Outlook(drift, figures[OLDER_MOVES], groups, england)


def unmoved(ahead: Outlook, year: int) -> People:
    """One draw in which no place's share of England moves."""
    same = np.ones((1, ahead.groups.shape[2]))
    return People(ahead.groups[year].sum(axis=0)[None, :], same, same, ahead.groups[year])


def drifting(drift: Drift, deviates: Mapping[str, Floats], seed: int, first: int) -> Drifting:
    """No share has moved. ``deviates`` (draw, place) standard normal by DEVIATES; ``first``: the first's number."""
    chunk, row = divmod(first, CHUNK)
    source, rows = generator(seed, chunk, YEARS, "people"), slice(row, row + len(deviates[DEVIATES[0]]))
    own = np.stack([deviates[name] for name in DEVIATES[:2]])
    lasting, fading = with_areas(drift, own, source, rows)
    (a, b), (c, d) = drift.root
    return Drifting(
        drift=drift,
        lasting=drift.known[0] + a * lasting + b * fading,
        fading=drift.known[1] + c * lasting + d * fading,
        rows=rows,
        source=source,
        apart=np.zeros_like(lasting),
    )


def with_areas(drift: Drift, own: Floats, source: np.random.Generator, rows: slice) -> Floats:
    """(2, draw, place) deviates of places, ``own``, mixed with those of their areas, times the scale of their class."""
    process, nest = drift.process, drift.nest
    mixed = own * np.sqrt(max(1.0 - process.region - process.subregion, 0.0))
    for share, area in ((process.region, nest.region), (process.subregion, nest.subregion)):
        shared = np.sqrt(share) * source.standard_normal((2, CHUNK, int(area.max()) + 1))[:, rows]
        mixed += shared.take(area, axis=-1)
    mixed *= drift.scale
    return np.asarray(mixed)


def start(ahead: Outlook, deviates: Mapping[str, Floats], seed: int, first: int) -> State:
    """Nothing has moved. ``deviates`` (draw, place) standard normal by DEVIATES; ``first``: the first draw's number."""
    return State(ahead, drifting(ahead.drift, deviates, seed, first), ahead.older_moves * deviates[OLDER_MOVES], 0)


def advance(state: State) -> People:
    """The next year, the base year at first, in which nothing has moved. The state moves."""
    ahead, year = state.ahead, state.year
    at_start = ahead.at_start
    share = adding_up(at_start, move(state.shares)) if year else state.shares.apart
    groups = ahead.groups[year]
    total = np.exp(share) * (at_start * (ahead.england[year] / ahead.england[0]))
    young, older = groups[:YOUNG].sum(axis=0), groups[YOUNG:].sum(axis=0)
    old = np.exp(year * state.older)
    under = np.maximum(total - older * old, FEWEST_UNDER_65 * total)
    state.year = year + 1
    return People(total, under / young, (total - under) / older, groups)


def move(shares: Drifting) -> Floats:
    """A year on: the ``apart`` (draw, place) of all shares, which moves."""
    process, places = shares.drift.process, len(shares.drift.scale)
    own = shares.source.standard_t(TAIL, (2, CHUNK, places))[:, shares.rows]
    own /= np.sqrt(TAIL / (TAIL - 2.0))
    shocks = with_areas(shares.drift, own, shares.source, shares.rows)
    shares.fading *= process.phi
    shocks[0] *= process.fading * np.sqrt(1.0 - process.phi**2)
    shares.fading += shocks[0]
    shares.apart += shares.lasting
    shares.apart += shares.fading
    shocks[1] *= process.noise
    shares.apart += shocks[1]
    return shares.apart
