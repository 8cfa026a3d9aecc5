"""The fairest chances that the quotas allow: leximin over averages of panels, by a short chain of linear programmes.

Each stage raises the smallest chance z of those not settled; by complementary slackness whoever has a positive
multiplier there has exactly z in every best answer, and is settled. At least one type is settled a stage. The chances
are an upper bound of what a lottery over whole panels can do; the multipliers are its certificate. Every stage is
solved to the last digit (see :mod:`exact`): a later one holds the levels of those before it and magnifies their errors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from scipy import sparse

from soke.community.assemblies.certificate import Stage
from soke.community.assemblies.exact import Answer, Programme
from soke.community.assemblies.polytope import Floats, Polytope
from soke.community.assemblies.progress import Tell, quiet
from soke.community.assemblies.solver import Unsolved, programme

SOME = 1e-6  # of a person: more than none
LITTLE = 1e-4  # of a person
ROUNDS = 5  # of mending a guess, which need not be right

Level = Fraction | None  # of a type: None where it is not settled


@dataclass(frozen=True, slots=True)
class Ceiling:
    """``places`` (type,) of the last answer, the ``exact`` levels (type,) of those settled, and the ``stages``."""

    places: tuple[Fraction, ...]
    exact: tuple[Level, ...]
    stages: tuple[Stage, ...]

    @property
    def target(self) -> Floats:
        """How many of each type the panels have on average."""
        return np.array([float(each) for each in self.places])

    @property
    def levels(self) -> Floats:
        """The level of each type (type,), nan where it is not settled."""
        return np.array([np.nan if each is None else float(each) for each in self.exact])


class _NoAverage(Exception):
    """No average of panels keeps the quotas."""


def ceiling(polytope: Polytope, *, stages: int | None = None, tell: Tell = quiet) -> Ceiling | None:
    """The ceiling after so many stages, not counting the one for types that fit no panel (None: until each type is
    settled). None where no average keeps the quotas. :class:`~solver.Unsolved` where a stage has no exact answer."""
    count = len(polytope.people)
    levels: list[Level] = [None] * count
    done: list[Stage] = []
    tell("who fits no panel?")
    try:
        if (never := _never(polytope)) is not None:
            _settle(levels, never)
            done.append(never)
        places: Sequence[Fraction] = ()
        most = len(done) + (count if stages is None else stages)
        while None in levels and len(done) < most:
            tell(f"the fairest chances: {count - levels.count(None):,} of {count:,} kinds settled")
            asked = Programme(polytope, levels)
            answer = asked.solve(asked.guess(*_guess(polytope, levels)))
            if answer is None:
                raise Unsolved
            places = answer.places
            done.append(_stage(polytope, levels, answer))
            _settle(levels, done[-1])
    except _NoAverage:
        return None
    return Ceiling(tuple(places), tuple(levels), tuple(done))


def _settle(levels: list[Level], stage: Stage) -> None:
    for t in stage.settles:
        levels[t] = stage.level


def _guess(polytope: Polytope, levels: Sequence[Level]) -> tuple[Floats, float, Floats]:
    """The places, z and multipliers that the solver finds. A type without a level has n_t z places, and some more: so
    z, no lower than any level, has a column of its own, and only types that come out above m_t need a row."""
    people, upper, count = polytope.people, polytope.upper.astype(float), len(levels)
    free = np.array([level is None for level in levels])
    lower = np.array([0.0 if level is None else float(level) * n for level, n in zip(levels, people, strict=True)])
    together = polytope.totals(np.where(free, people, 0))
    table = sparse.hstack([polytope.columns, sparse.csc_array(together[:, None])])
    cap, least = (
        float((upper[free] / people[free]).min()),
        max((float(b) for b in levels if b is not None), default=0.0),
    )
    most = np.where(free, np.maximum(upper - people * least, 0.0), np.maximum(upper, lower))
    bounds = np.column_stack([np.append(lower, 0.0), np.append(most, cap)])
    above: list[int] = []
    for _ in range(ROUNDS):
        extra = sparse.lil_array((len(above), count + 1))
        extra[np.arange(len(above)), above] = 1.0
        extra[:, [count]] = people[above][:, None]
        found = _solved(
            np.append(np.zeros(count), -1.0), sparse.vstack([table, extra]),
            np.append(polytope.least, np.full(len(above), -np.inf)), np.append(polytope.most, upper[above]), bounds,
        )  # fmt: skip
        z = float(found.x[count])
        places = found.x[:count] + np.where(free, people * z, 0.0)
        over = np.flatnonzero(places > upper + SOME).tolist()
        if not over:
            break
        above += over
    return np.minimum(places, upper), z, found.multipliers[: len(polytope.rows)]


def _stage(polytope: Polytope, levels: Sequence[Level], answer: Answer) -> Stage:
    """The bound of an exact answer: its multipliers, and what they weigh. What is left of the weight in all, where z
    is as much as some types can have at all, is shared by those types."""
    people, upper, rows, total = polytope.people.tolist(), polytope.upper.tolist(), answer.rows, answer.total
    prices = [0] * len(people)
    for r in np.flatnonzero(rows).tolist():
        for t in polytope.rows[r].nonzero()[0].tolist():
            prices[t] += rows[r] * int(polytope.rows[r, t])
    weights = {t: prices[t] * people[t] for t, level in enumerate(levels) if level is None and prices[t] > 0}
    held = {t: prices[t] * people[t] for t, level in enumerate(levels) if level and prices[t] > 0}
    times = 1
    if spare := total - sum(weights.values()):
        full = [t for t, level in enumerate(levels) if level is None and answer.level * people[t] == upper[t]]
        times = len(full)  # so that numbers stay whole
        weights = {t: each * times for t, each in weights.items()}
        weights |= {t: weights.get(t, 0) + spare for t in full}
    return Stage(
        answer.level, {t: Fraction(weights[t]) for t in sorted(weights)},
        {t: Fraction(each * times) for t, each in held.items()},
        {r: Fraction(each * times) for r, each in enumerate(rows) if each},
    )  # fmt: skip


def _never(polytope: Polytope) -> Stage | None:
    """The stage that settles at once all types that fit no panel; None where each fits some.

    As long as some of the types in doubt have places, those are in doubt no more; when they have none together, the
    multipliers say why.
    """
    count = len(polytope.people)
    doubt = _doubted(polytope)
    upper = polytope.upper.astype(float)
    while len(doubt):
        worth = np.isin(np.arange(count), doubt).astype(np.int64)
        bounds = np.column_stack([np.zeros(count), upper])
        found = _solved(-worth.astype(float), polytope.columns, polytope.least, polytope.most, bounds)
        asked = Programme(polytope, [Fraction(0)] * count, worth.tolist())
        answer = asked.solve(asked.guess(found.x, 0.0, found.multipliers))
        if answer is None:
            raise Unsolved
        none = [t for t in doubt if answer.places[t] == 0]
        if len(none) == len(doubt):
            weights = {t: Fraction(answer.total * int(polytope.people[t])) for t in none}
            return Stage(Fraction(0), weights, {}, {r: Fraction(each) for r, each in enumerate(answer.rows) if each})
        doubt = none
    return None


def _doubted(polytope: Polytope) -> list[int]:
    """Types that get no place, although the solver is asked for a few of as many types as can be."""
    doubt = np.arange(len(polytope.people))
    while len(doubt):
        table = sparse.hstack([polytope.columns, polytope.columns[:, doubt]])
        counted = np.minimum(polytope.upper[doubt], LITTLE)
        upper = np.append(polytope.upper, counted).astype(float)
        upper[doubt] -= counted
        cost = np.append(np.zeros(len(polytope.people)), -np.ones(len(doubt)))
        bounds = np.column_stack([np.zeros(len(upper)), upper])
        found = _solved(cost, table, polytope.least, polytope.most, bounds)
        some = found.x[len(polytope.people) :] > SOME
        if not some.any():
            break
        doubt = doubt[~some]
    return doubt.tolist()


def _solved(cost: Floats, rows: Any, least: Any, most: Any, bounds: Floats) -> Any:
    """The x within ``bounds``, and ``rows @ x`` from ``least`` to ``most``, with the least ``cost @ x``; and the
    ``multipliers`` (row,), above nought where ``most`` binds."""
    down, table = np.isfinite(least), sparse.csr_array(rows)
    found = programme(
        cost, sparse.vstack([table, -table[down]]).tocsr(), np.concatenate([most, -least[down]]).astype(float),
        bounds=bounds,
    )  # fmt: skip
    if found is None:
        raise _NoAverage
    marginals = -found.ineqlin.marginals
    found.multipliers = marginals[: len(most)].copy()
    found.multipliers[down] -= marginals[len(most) :]
    return found
