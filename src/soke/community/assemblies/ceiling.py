"""The fairest chances that the quotas allow: leximin over averages of panels, by a short chain of linear programmes.

Each stage raises the smallest chance z of those not settled; by complementary slackness whoever has a positive
multiplier there has exactly z in every best answer, and is settled. At least one type is settled a stage. The chances
are an upper bound of what a lottery over whole panels can do; the multipliers are its certificate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from soke.community.assemblies.certificate import Stage, decimal
from soke.community.assemblies.polytope import Floats, Polytope
from soke.community.assemblies.progress import Tell, quiet

LEAST_WEIGHT = 1e-6  # a smaller multiplier settles nobody
SLACK = 1e-9  # by which settled chances may fall in later stages: the solver's own tolerance
LITTLE = 1e-3  # of a chance
EXACT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


@dataclass(frozen=True, slots=True)
class Ceiling:
    """``chances`` (type,) of the last answer, ``levels`` (type,) of the stage that settled each (nan: none did)."""

    chances: Floats
    levels: Floats
    stages: tuple[Stage, ...]


def ceiling(polytope: Polytope, *, stages: int | None = None, tell: Tell = quiet) -> Ceiling | None:
    """The ceiling after so many stages, not counting the one for types that fit no panel (None: until each type is
    settled). None where no average keeps the quotas."""
    count, rows = len(polytope.people), len(polytope.rows)
    scaled = sparse.csr_matrix(np.hstack([polytope.rows * polytope.people, np.zeros((rows, 1), dtype=np.int64)]))
    most_chance = np.append(polytope.upper / polytope.people, np.inf)
    levels = np.full(count, np.nan)
    done: list[Stage] = []
    chances = np.zeros(count)
    tell("who fits no panel?")
    never = _never(polytope, scaled, most_chance)
    if never is not None:
        levels[list(never.settles)] = 0.0
        done.append(never)
    while np.isnan(levels).any() and (stages is None or len(done) - (never is not None) < stages):
        free = np.flatnonzero(np.isnan(levels))
        tell(f"the fairest chances: {count - len(free):,} of {count:,} kinds settled")
        above = sparse.csr_matrix(
            (
                np.concatenate([-np.ones(len(free)), np.ones(len(free))]),
                (np.tile(np.arange(len(free)), 2), np.concatenate([free, np.full(len(free), count)])),
            ),
            shape=(len(free), count + 1),
        )
        lower = np.append(np.where(np.isnan(levels), 0.0, np.maximum(levels - SLACK, 0.0)), 0.0)
        solved = linprog(
            np.append(np.zeros(count), -1.0),
            sparse.vstack([scaled, -scaled, above]).tocsr(),
            np.concatenate([polytope.most, -polytope.least, np.zeros(len(free))]),
            bounds=np.column_stack([lower, most_chance]), method="highs-ds", options=EXACT,
        )  # fmt: skip
        if solved.x is None:
            return None
        chances = solved.x[:count]
        marginals = -solved.ineqlin.marginals
        weights = dict(zip(free.tolist(), marginals[2 * rows :].tolist(), strict=True))
        stage = _stage(-solved.fun, weights, solved.lower.marginals[:count], marginals, rows, levels)
        levels[list(stage.settles)] = -solved.fun
        done.append(stage)
    return Ceiling(chances, levels, tuple(done))


def _never(polytope: Polytope, scaled: sparse.csr_matrix, most_chance: Floats) -> Stage | None:
    """The stage that settles at once all types that fit no panel; None where there are none, or no panel at all.

    The programme adds up the chances of the types still in doubt, each counted up to ``LITTLE``; those that get some
    are in doubt no more, and when nobody gets any the multipliers say why.
    """
    count, rows = len(polytope.people), len(polytope.rows)
    doubt = np.arange(count)
    while len(doubt):
        many = len(doubt)
        wide = sparse.hstack([scaled, sparse.csr_matrix((rows, many - 1))]).tocsr()
        counted = sparse.csr_matrix(
            (
                np.tile([1.0, -1.0], (many, 1)).T.ravel(),
                (np.tile(np.arange(many), 2), np.append(count + np.arange(many), doubt)),
            ),
            shape=(many, count + many),
        )
        solved = linprog(
            np.append(np.zeros(count), -np.ones(many)), sparse.vstack([wide, -wide, counted]).tocsr(),
            np.concatenate([polytope.most, -polytope.least, np.zeros(many)]),
            bounds=np.column_stack([np.zeros(count + many), np.append(most_chance[:count], np.full(many, LITTLE))]),
            method="highs-ds", options=EXACT,
        )  # fmt: skip
        if solved.x is None:
            return None
        if -solved.fun > SLACK:
            doubt = doubt[solved.x[count:] <= SLACK / many]
            continue
        marginals = -solved.ineqlin.marginals
        weights = marginals[2 * rows :] / marginals[2 * rows :].sum()
        multipliers = (marginals[:rows] - marginals[rows : 2 * rows]) / marginals[2 * rows :].sum()
        return Stage(
            decimal(0.0),
            {int(t): decimal(float(weight)) for t, weight in zip(doubt, weights, strict=True)},
            {},
            {row: decimal(float(each)) for row, each in enumerate(multipliers) if abs(each) > 1e-12},
        )
    return None


def _stage(
    level: float, weights: dict[int, float], lower: Floats, marginals: Floats, rows: int, levels: Floats
) -> Stage:
    multipliers = marginals[:rows] - marginals[rows : 2 * rows]
    held = [t for t in range(len(levels)) if not np.isnan(levels[t]) and lower[t] > 0 and levels[t] > 0]
    return Stage(
        decimal(level),
        {t: decimal(weight) for t, weight in weights.items() if weight > LEAST_WEIGHT},
        {t: decimal(float(lower[t])) for t in held},
        {row: decimal(float(each)) for row, each in enumerate(multipliers) if abs(each) > 1e-12},
    )
