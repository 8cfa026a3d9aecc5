"""Displacement: market activity gained here that would otherwise have been elsewhere, and where it would have been.

Of each pound of output that connections or public capital bring to place i, with ``local`` the share of its market
output that serves the place itself (construction, retail, hospitality, arts, other services, half of transport, of
business support and of utilities):

    displaced[i] = local[i] x disp.local + (1 - local[i]) x disp.tradable
    lost[j]      = sum over i of gain[i] x (local[i] x disp.local x row[i,j] + (1 - local[i]) x disp.tradable x jobs[j])

``row`` the commuting row of i: a shop takes from shops where the same people go. ``jobs`` the share of England's jobs
at j: who sells to all competes with all. Part of what is lost is lost at i itself. What is gained is taken to be market
activity throughout, which displaces more than public services would.

Output with the deal falls where others lose (ln output' - ln output < 0) and is never made to add up again: England's
gain is the gain less all that is displaced. Taxes follow output; jobs do not, since the gain here is output a job.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Baseline, Floats
from soke.evidence import Draws, Parameter
from soke.model.economy import travel
from soke.model.economy.commuting import Commuting
from soke.model.economy.trend import Country, Trend
from soke.model.money.investments import Frame, Index, nowhere

PROGRAMMES, LOCAL, TRADABLE = "disp.programme", "disp.local", "disp.tradable"
DRAWN = (LOCAL, TRADABLE)
RING_KM = (30.0, 60.0, 120.0)  # bounds of the rings about an area
RINGS = ("here", "within 30 km", "30 to 60 km", "60 to 120 km", "beyond 120 km")


@dataclass(frozen=True, slots=True)
class Lever:
    """Where activity is gained, and where it would have been; nowhere as is."""

    sources: Index = field(default_factory=nowhere)
    local: Floats = field(default_factory=lambda: np.zeros(0))  # (source,) share of market output
    rows: Floats = field(default_factory=lambda: np.zeros((0, 0)))  # (source, place)
    everywhere: Floats = field(default_factory=lambda: np.zeros(0))  # (place,) share of jobs
    scale: float = 1.0  # the scenario's


@dataclass(slots=True)
class State:
    lever: Lever
    local: Floats  # (draw, 1) displaced share of local activity
    tradable: Floats  # (draw, 1)


def lever(frame: Frame, country: Country, acted_on: Sequence[Index]) -> Lever:
    """``acted_on``: the places that the deal's connections and public capital act on, by lever."""
    sources = np.unique(np.concatenate([nowhere(), *acted_on])).astype(np.intp)
    return of_sources(sources, frame.baseline, country.commuting, frame.scenario.displacement)


def of_sources(sources: Index, baseline: Baseline, works: Commuting, scale: float = 1.0) -> Lever:
    """What is gained at ``sources`` (index of places), and where it would have been."""
    jobs = baseline["jobs"]
    return Lever(sources, local_share(baseline)[sources], works.shares[sources], jobs / jobs.sum(), scale)


def local_share(baseline: Baseline) -> Floats:
    """Share of a place's market output, property apart, that serves the place itself, (place,)."""
    market = baseline["gva"] - baseline["gva_public"] - baseline["gva_property"]
    return np.divide(baseline["gva_local"], market, out=np.zeros_like(market), where=market > 0)


def start(lever: Lever, draws: Draws) -> State:
    return State(lever, *(lever.scale * draws[name][:, None] for name in DRAWN))


def advance(country: Country, state: State, trend: Trend, log_output: Floats) -> None:
    """What is displaced is taken from ``log_output`` (draw, place), in place. It holds the trend and what connections
    and public capital bring, and nothing else."""
    sources = state.lever.sources
    if not len(sources):
        return
    before = trend.log_output[:, sources]
    gain = country.base.gva[sources] * np.exp(before) * np.expm1(log_output[:, sources] - before)
    if not gain.any():
        return
    output = np.exp(log_output)
    output *= country.base.gva
    share = lost(state, gain)
    share /= output
    log_output += np.log1p(np.negative(share, out=share), out=share)


def lost(state: State, gain: Floats) -> Floats:
    """What each place loses, (draw, place), of a ``gain`` (draw, source) in pounds, jobs or what else."""
    held = state.lever
    tradable = ((gain * (1.0 - held.local)).sum(axis=1, keepdims=True) * state.tradable) * held.everywhere
    tradable += (gain * (held.local * state.local)) @ held.rows
    return np.asarray(tradable)


def rings(baseline: Baseline, members: Sequence[int]) -> NDArray[np.intp]:
    """The ring of each place about an area, (place,): 0 in it, then by kilometres from its nearest place."""
    km = travel.distances(baseline.lat, baseline.lon, baseline.area_km2)[list(members)].min(axis=0)
    ring = 1 + np.searchsorted(RING_KM, km, side="right")
    ring[list(members)] = 0
    return np.asarray(ring, dtype=np.intp)


@dataclass(frozen=True, slots=True)
class Around:
    """Where what an area gains would have been, at the centre of the evidence. Each of the three is (ring,) and adds
    to one; ``ring`` (place,) numbers the rings from the area, 0, outwards."""

    ring: tuple[int, ...]
    local_share: float  # of the area's market output
    displaced: float  # of market activity gained
    by_local: Floats
    by_tradable: Floats
    by_programmes: Floats


def around(
    baseline: Baseline, works: Commuting, members: Sequence[int], table: dict[str, Parameter], scale: float = 1.0
) -> Around:
    """The rings about an area, and what of displaced activity lies in each, with the area's market output as key."""
    area, ring = list(members), rings(baseline, members)
    market = (baseline["gva"] - baseline["gva_public"] - baseline["gva_property"])[area]
    share = local_share(baseline)[area]
    local = float(market @ share / market.sum())
    workers = works.workers[area]
    jobs = baseline["jobs"]
    row = workers @ works.shares[area] / workers.sum()
    by = [np.bincount(ring, weight, len(RINGS)) for weight in (market * share @ works.shares[area], jobs, row)]
    rates = (scale * table[name].central for name in DRAWN)
    displaced = sum(part * rate for part, rate in zip((local, 1.0 - local), rates, strict=True))
    return Around(tuple(int(i) for i in ring), local, displaced, *(found / found.sum() for found in by))
