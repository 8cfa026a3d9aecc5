"""Effective density: how many jobs are near, and what that does to output per job.

    A[i,s] = sum_j E[j] x c[i,j]^-alpha[s]
    ln output per job, sector s = elasticity[s] x ln(A with the deal / A as is)

for manufacturing, construction, consumer and producer services (Graham, Gibbons and Martin 2009; DfT TAG A2.4). c is
door-to-door minutes, never 0 within a place. A place's gain is the mean over sectors, weighted by their share of its
GVA outside property (rents, mostly imputed); public services weigh but gain nothing. Jobs do not move in answer: the
static form. Only the difference between the paths acts: growth as it was measured holds what density did for it.

A new connection changes c between two sets of places, for the share m of the trips that go by its mode, by the ratio
of minutes after to minutes before, r. The density of such a pair is E x ((1 - m) c^-alpha + m (r c)^-alpha):

    A[i,s] gains m (r^-alpha[s] - 1) x sum over the far side of E[j] x c[i,j]^-alpha[s]

The decays alpha are uncertain together: five nodes of one normal, as likely each, and one node a chunk of draws, so
that a set of matrices is made once a node, and only where a deal changes a density (:class:`Nearness`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Baseline, Floats
from soke.errors import SokeError
from soke.evidence import Parameter
from soke.evidence.distribution import quantile
from soke.evidence.sampling import CHUNK

SECTORS = ("manufacturing", "construction", "consumer_services", "producer_services")
DRAWN = tuple(f"agg.elas.{sector}" for sector in SECTORS)
DECAYS = tuple(f"agg.decay.{sector}" for sector in SECTORS)
NODES = (0.5, 0.1, 0.9, 0.3, 0.7)  # probabilities: middles of five fifths, the centre first
NODE, NODE_MEANS = "agg.decay", "Decay of effective density with distance, all sectors, as a percentile of its range"


@dataclass(frozen=True, slots=True)
class Reach:
    """Jobs in reach at one node of the decays. Per sector: ``decays``; ``matrices`` (place, place), the density that a
    job at the row gives the column."""

    decays: tuple[float, ...]
    matrices: tuple[Floats, ...]


@dataclass(slots=True)
class Nearness:
    """Door-to-door ``minutes`` (place, place) and the decays of each node; what follows from them is made when asked
    for, and kept until another node is, but not sent to other processes."""

    minutes: Floats
    nodes: tuple[tuple[float, ...], ...]
    made: dict[int, Reach] = field(default_factory=dict, repr=False)

    def of(self, first: int) -> Reach:
        """Reach for the chunk in which the draw ``first`` is."""
        node = node_of(first)
        if node not in self.made:
            self.made.clear()  # one node's matrices are enough to hold: they take a hundredth of a chunk's time
            decays = self.nodes[node]
            self.made[node] = Reach(decays, decay_matrices(self.minutes, decays))
        return self.made[node]

    def __reduce__(self) -> tuple[type[Nearness], tuple[Floats, tuple[tuple[float, ...], ...]]]:
        return Nearness, (self.minutes, self.nodes)


def node_of(first: int) -> int:
    """The node of the chunk in which the draw ``first`` is: each in turn."""
    return (first // CHUNK) % len(NODES)


def nearness(minutes: Floats, evidence: Mapping[str, Parameter]) -> Nearness:
    """All nodes of the decays. SokeError for a journey of no minutes."""
    if not (minutes > 0).all():
        raise SokeError("A journey of no minutes makes density endless.", "Give every pair of places some minutes.")
    rows = [evidence[name] for name in DECAYS]
    at = np.array(NODES)
    drawn = [quantile(row.distribution, at, row.low, row.central, row.high) for row in rows]
    return Nearness(minutes, tuple(tuple(map(float, node)) for node in np.transpose(drawn)))


def decay_matrices(minutes: Floats, decays: Sequence[float]) -> tuple[Floats, ...]:
    """Per sector, (place of the job, place that gains): minutes to the power of minus the decay."""
    return tuple(np.ascontiguousarray((minutes**-decay).T) for decay in decays)


@dataclass(frozen=True, slots=True)
class Connection:
    """A faster journey between two sets of places, both ways, promised from ``opens`` on (an index of the run).

    ``places``: every place that it serves, on both sides; ``linked`` (place, place) True for the pairs of them that it
    brings nearer. What is drawn of it goes by its ``id``: see :mod:`soke.model.economy.productivity`.
    """

    id: str
    opens: int
    effect: float  # 1 for new money; the scenario's gain for money that only moves
    places: NDArray[np.intp]
    linked: NDArray[np.bool_]

    def pairs(self, reach: Reach) -> tuple[Floats, ...]:
        """Per sector (place, place): what each job at the row adds to the density of the column today; 0 elsewhere."""
        inside = np.ix_(self.places, self.places)
        return tuple(np.where(self.linked, matrix[inside], 0.0) for matrix in reach.matrices)


def serve(
    name: str, opens: int, effect: float, sides: tuple[Sequence[int], Sequence[int]], but: NDArray[np.bool_]
) -> Connection:
    """A connection between two sets of places, by index. A place on both sides gains from the rest of the other.

    ``but`` (place, place) of the country: pairs that another connection serves.
    """
    places = np.unique(np.concatenate([np.asarray(side, dtype=np.intp) for side in sides]))
    first, second = (np.isin(places, side) for side in sides)
    linked = (np.outer(first, second) | np.outer(second, first)) & ~np.eye(len(places), dtype=bool)
    return Connection(name, opens, effect, places, linked & ~but[np.ix_(places, places)])


def density(jobs: Floats, matrices: Sequence[Floats], into: Sequence[Floats] | None = None) -> Sequence[Floats]:
    """Jobs near each place, per sector (draw, place); ``jobs`` (draw, place). ``into``: arrays to write over."""
    into = into or [np.empty((len(jobs), matrix.shape[1])) for matrix in matrices]
    for matrix, out in zip(matrices, into, strict=True):
        np.matmul(jobs, matrix, out=out)
    return into


def add_connection(
    near: Sequence[Floats],
    served: Floats,
    places: NDArray[np.intp],
    pairs: Sequence[Floats],
    gains: Sequence[Floats],
) -> None:
    """Add to the densities ``near``, in place, what a connection brings to ``places``.

    ``served`` (draw, served place): jobs at them. ``pairs`` per sector as of :meth:`Connection.pairs`; ``gains`` per
    sector (draw,): by how much the density of a pair rises.
    """
    for total, pair, gain in zip(near, pairs, gains, strict=True):
        total[:, places] += gain[:, None] * (served @ pair)


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


def sector_weights(baseline: Baseline) -> Floats:
    """Share of each sector in GVA outside property, (sector, place). SokeError where a place has none."""
    sectors = np.array([baseline[f"gva_{sector}"] for sector in SECTORS])
    whole = sectors.sum(axis=0) + baseline["gva_public"]
    if not (whole > 0).all():
        raise SokeError("A place has no GVA outside property.", "Check the baseline's GVA by sector.")
    return np.asarray(sectors / whole)
