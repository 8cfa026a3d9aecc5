"""Growth of places relative to England: how it moves, how much of it lasts, and how it adds up.

For a place i in the sub-region c (ITL2, about three counties) and the region r, with x = log(output of i / England's):

    x[i,t+1] - x[i,t] = m[i] + s (e_r[r,t] + e_c[c,t] + e_p[i,t])

    e_r, e_c   normal, sd ``region`` and ``subregion`` a year, shared by all places of the area
    e_p        sd x Student t(4) / sqrt 2, ``place`` its sd, cut at one half: firms open and close
    s          one a draw, about one: the years to come may be calmer or wilder than those seen
    m          what lasts: normal, with the place's own past as evidence (:func:`lasting`)

The output of the places always adds up to England's, N, which is drawn apart (:mod:`soke.model.economy.nation`):

    output[i,t] = N[t] w[i] exp(a[i,t]) / sum_j w[j] exp(a[j,t]),    a = x less its start, w the share at the start

Source of the method: moments of the yearly growth of 296 authorities, ONS balanced output in chained volume.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Baseline, Floats
from soke.evidence.sampling import CHUNK, YEARS, generator

Index = NDArray[np.intp]
HELD = ("growth.sd.region", "growth.sd.itl2", "growth.sd.place", "growth.slope.itl2", "growth.slope.place")
VOLATILITY = "growth.vol"
SLOPES = "growth.place"  # deviates by place of what lasts
LASTING_LAG = 3  # years apart from which growth goes together only through what lasts
MOST = 0.5  # of a place's shock in a year, log points: the exponential of a Student t has no mean
TAIL = 4  # degrees of freedom


@dataclass(frozen=True, slots=True)
class Nest:
    """Which sub-region and which region each place lies in, numbered from 0, (place,)."""

    subregion: Index
    region: Index

    def spread(self, region: float, subregion: float, place: float) -> Floats:
        """(place, place) covariance of what regions, sub-regions and places have, each by its sd."""
        same_region = self.region[:, None] == self.region
        same_subregion = self.subregion[:, None] == self.subregion
        shared = region**2 * same_region + subregion**2 * same_subregion
        return np.asarray(shared + place**2 * np.eye(len(self.region)))

    def mean_products(self, product: Floats) -> tuple[float, float, float]:
        """Means of (place, place) products: over pairs of one region but not of one sub-region, over pairs of one
        sub-region, and of each place with itself."""
        same = self.subregion[:, None] == self.subregion
        region = (self.region[:, None] == self.region) & ~same
        pairs = same & ~np.eye(len(product), dtype=bool)
        return float(product[region].mean()), float(product[pairs].mean()), float(np.trace(product)) / len(product)


@dataclass(frozen=True, slots=True)
class Process:
    """Standard deviations a year, log points: of the shocks, and of the growth that lasts (no region has any)."""

    region: float
    subregion: float
    place: float
    slope_subregion: float
    slope_place: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """What no draw changes. ``mean`` (place,) and ``root`` (place, place): the growth that lasts and its spread, a
    year; ``weight`` (place,) share of England's output at the start."""

    process: Process
    nest: Nest
    mean: Floats
    root: Floats
    weight: Floats


@dataclass(slots=True)
class State:
    """``apart`` (draw, place): log output over the start's, relative to England, before it is made to add up."""

    ahead: Outlook
    lasting: Floats  # (draw, place) a year
    volatility: Floats  # (draw, 1)
    rows: slice  # of the draws in their chunk
    sources: Mapping[str, np.random.Generator]  # of the shocks of regions, sub-regions and places
    apart: Floats


def nest_of(baseline: Baseline) -> Nest:
    """The areas of a baseline's places."""
    both = (baseline.past.subregions, baseline.regions)
    return Nest(*(np.unique(names, return_inverse=True)[1] for names in both))


def ahead(baseline: Baseline, figures: Mapping[str, float]) -> Outlook:
    """What is known of how places grow apart from now on. ``figures``: the evidence by its id (HELD)."""
    return outlook(relative(baseline.past.volume), nest_of(baseline), held(figures))


def relative(volume: Floats) -> Floats:
    """Log of each place's share of all output, (place, year)."""
    return np.asarray(np.log(volume / volume.sum(axis=0)))


def held(figures: Mapping[str, float]) -> Process:
    """The process as the evidence has it."""
    return Process(*(figures[name] for name in HELD))


def fitted(shares: Floats, nest: Nest) -> Process:
    """The process from the moments of yearly growth, by lag and by pairs of places.

    ``shares`` (place, year) log shares, at least six years. What goes together three years apart and more lasts; what
    goes together in the same year beyond it is a shock, less what the next year takes back, which was noise.
    """
    moments = _moments(shares, nest)
    lags, years = len(moments), shares.shape[1] - 1
    weight = (years - np.arange(lags))[LASTING_LAG:, None]
    lasts = (moments[LASTING_LAG:] * weight).sum(axis=0) / weight.sum()
    in_subregion = max(lasts[1], 0.0)  # regions have none: their moment is below nought
    lasting = np.array([0.0, in_subregion, max(lasts[2] - in_subregion, 0.0)])
    same_year, next_year = (np.diff(row, prepend=0.0) - lasting for row in moments[:2])
    shocks = np.sqrt(np.maximum(same_year + 2.0 * np.minimum(next_year, 0.0), 0.0))
    return Process(*map(float, shocks), *map(float, np.sqrt(lasting[1:])))


def _moments(shares: Floats, nest: Nest) -> Floats:
    """(lag, kind of pair): mean products of yearly growth in one region, in one sub-region, of one place."""
    growth = np.diff(shares, axis=1)
    years = growth.shape[1]
    products = (growth[:, lag:] @ growth[:, : years - lag].T / (years - lag) for lag in range(years))
    return np.array([nest.mean_products(product) for product in products])


def outlook(shares: Floats, nest: Nest, process: Process) -> Outlook:
    """What lasts of each place's own growth so far, and how well it is known. ``shares`` (place, year) log shares.

    With g the mean growth of T years, S the covariance of what lasts and V = S + that of the shocks / T, what lasts is
    normal with mean S V^-1 g and covariance S - S V^-1 S; England's growth, by output, is nought.
    """
    years, weight = shares.shape[1] - 1, np.exp(shares[:, -1])
    seen = (shares[:, -1] - shares[:, 0]) / years
    lasts = nest.spread(0.0, process.slope_subregion, process.slope_place)
    noise = nest.spread(process.region, process.subregion, process.place) / years
    gain = np.linalg.solve(lasts + noise, lasts).T
    mean, left = gain @ seen, lasts - gain @ lasts
    return Outlook(process, nest, mean - weight @ mean / weight.sum(), root_of(left), weight)


def root_of(covariance: Floats) -> Floats:
    """The symmetric square root of a covariance, of which some part may be nought: times itself it gives it back.

    There is only one, so every library of linear algebra gives the same draws; a place's own deviate moves it most.
    """
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2.0)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T)


def start(ahead: Outlook, deviates: Floats, volatility: Floats, seed: int, first: int) -> State:
    """Nothing has moved. ``deviates`` (draw, place) standard normal; ``volatility`` (draw,); ``first``: its number."""
    chunk, row = divmod(first, CHUNK)
    sources = {kind: generator(seed, chunk, YEARS, f"growth.{kind}") for kind in ("region", "subregion", "place")}
    lasting = ahead.mean + deviates @ ahead.root
    return State(ahead, lasting, volatility[:, None], slice(row, row + len(deviates)), sources, np.zeros_like(lasting))


def advance(state: State) -> Floats:
    """A year on: the state's ``apart`` (draw, place), which moves."""
    process, nest = state.ahead.process, state.ahead.nest
    step = state.sources["place"].standard_t(TAIL, (CHUNK, len(nest.region)))[state.rows]
    step *= process.place / np.sqrt(TAIL / (TAIL - 2.0))
    np.clip(step, -MOST, MOST, out=step)
    for kind, area, sd in (
        ("subregion", nest.subregion, process.subregion), ("region", nest.region, process.region),
    ):  # fmt: skip
        shock = sd * state.sources[kind].standard_normal((CHUNK, int(area.max()) + 1))[state.rows]
        step += shock.take(area, axis=1)
    step *= state.volatility
    step += state.lasting
    state.apart += step
    return state.apart


def adding_up(weight: Floats, apart: Floats) -> Floats:
    """Log of each place over its start, (draw, place), such that the whole has not moved. ``weight`` (place,)."""
    return np.asarray(apart - np.log(np.exp(apart) @ weight / weight.sum())[:, None])
