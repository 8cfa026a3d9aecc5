"""Effective density: how many jobs are near, and what that does to output per job.

    A[i,s] = sum_j E[j] x c[i,j]^-alpha[s]
    ln output per job, sector s = elasticity[s] x ln(A with the deal / A as is)

for manufacturing, construction, consumer and producer services (Graham, Gibbons and Martin 2009; DfT TAG A2.4). c is
door-to-door minutes, never 0 within a place. A place's gain is the mean over sectors, weighted by their share of its
GVA outside property (rents, mostly imputed); public services weigh but gain nothing. Jobs do not move in answer: the
static form. Only the difference between the paths acts: growth as it was measured holds what density did for it. The
decays alpha stay at their centres within a run, so that four matrices are made once.

A new connection changes c between two sets of places by the ratio of minutes after to minutes before, r:

    A[i,s] gains (r^-alpha[s] - 1) x sum over the far side of E[j] x c[i,j]^-alpha[s]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Baseline, Floats
from soke.errors import SokeError

SECTORS = ("manufacturing", "construction", "consumer_services", "producer_services")
DRAWN = tuple(f"agg.elas.{sector}" for sector in SECTORS)
HELD = tuple(f"agg.decay.{sector}" for sector in SECTORS)


@dataclass(frozen=True, slots=True)
class Connection:
    """A faster journey between two sets of places, both ways, from ``opens`` (an index of the run).

    ``ratio``: id of the sampled ratio of minutes after to before. ``pairs``: for each sector (place, place), what
    each job at the row adds to the density of the column today, 0 for pairs that the connection does not serve.
    ``near`` and ``far`` hold every place that it serves, on both sides.
    """

    id: str
    opens: int
    ratio: str
    effect: float  # 1 for new money; the scenario's gain for money that only moves
    places: NDArray[np.intp]
    pairs: tuple[Floats, ...]


def decay_matrices(minutes: Floats, decays: Sequence[float]) -> tuple[Floats, ...]:
    """Per sector, (place of the job, place that gains): minutes to the power of minus the decay."""
    if not (minutes > 0).all():
        raise SokeError("A journey of no minutes makes density endless.", "Give every pair of places some minutes.")
    return tuple(np.ascontiguousarray((minutes**-decay).T) for decay in decays)


def density(jobs: Floats, matrices: Sequence[Floats], into: Sequence[Floats] | None = None) -> Sequence[Floats]:
    """Jobs near each place, per sector (draw, place); ``jobs`` (draw, place). ``into``: arrays to write over."""
    into = into or [np.empty((len(jobs), matrix.shape[1])) for matrix in matrices]
    for matrix, out in zip(matrices, into, strict=True):
        np.matmul(jobs, matrix, out=out)
    return into


def add_connection(
    near: Sequence[Floats], served: Floats, connection: Connection, ratio: Floats, decays: Sequence[float]
) -> None:
    """Add to the densities ``near``, in place, what a connection brings.

    ``served`` (draw, served place): jobs at the places that it serves. ``ratio`` (draw,), above 0.
    """
    for total, pairs, decay in zip(near, connection.pairs, decays, strict=True):
        gain = connection.effect * (ratio**-decay - 1.0)
        total[:, connection.places] += gain[:, None] * (served @ pairs)


def log_output(
    before: Sequence[Floats], after: Sequence[Floats], weights: Floats, elasticities: Sequence[Floats]
) -> Floats:
    """Long-run log gain in output per job of going from the densities ``before`` to those ``after``, (draw, place).

    Densities per sector (draw, place); ``weights`` (sector, place) of a place's output; ``elasticities`` (draw, 1).
    """
    gain = np.zeros_like(after[0])
    for old, new, weight, elasticity in zip(before, after, weights, elasticities, strict=True):
        step = np.log(new / old)
        step *= elasticity
        step *= weight
        gain += step
    return gain


def serve(
    name: str, opens: int, effect: float, sides: tuple[Sequence[int], Sequence[int]], matrices: Sequence[Floats]
) -> Connection:
    """A connection between two sets of places, by index. A place on both sides gains from the rest of the other."""
    places = np.unique(np.concatenate([np.asarray(side, dtype=np.intp) for side in sides]))
    first, second = (np.isin(places, side) for side in sides)
    linked = (np.outer(first, second) | np.outer(second, first)) & ~np.eye(len(places), dtype=bool)
    pairs = tuple(np.where(linked, matrix[np.ix_(places, places)], 0.0) for matrix in matrices)
    return Connection(name, opens, ratio_of(name), effect, places, pairs)


def ratio_of(name: str) -> str:
    """The id of the drawn ratio of minutes after to minutes before of a connection."""
    return f"{name}.minutes_ratio"


def sector_weights(baseline: Baseline) -> Floats:
    """Share of each sector in GVA outside property, (sector, place). SokeError where a place has none."""
    sectors = np.array([baseline[f"gva_{sector}"] for sector in SECTORS])
    whole = sectors.sum(axis=0) + baseline["gva_public"]
    if not (whole > 0).all():
        raise SokeError("A place has no GVA outside property.", "Check the baseline's GVA by sector.")
    return np.asarray(sectors / whole)
