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

LEAST_WEIGHT = 1e-6  # a smaller multiplier settles nobody
SLACK = 1e-9  # by which settled chances may fall in later stages: the solver's own tolerance
EXACT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


@dataclass(frozen=True, slots=True)
class Ceiling:
    """``chances`` (type,) of the last answer, ``levels`` (type,) of the stage that settled each (nan: none did)."""

    chances: Floats
    levels: Floats
    stages: tuple[Stage, ...]


def ceiling(polytope: Polytope, *, stages: int | None = None) -> Ceiling | None:
    """The ceiling after so many stages (None: until each type is settled). None where no average keeps the quotas."""
    count, rows = len(polytope.people), len(polytope.rows)
    scaled = sparse.csr_matrix(np.hstack([polytope.rows * polytope.people, np.zeros((rows, 1), dtype=np.int64)]))
    most_chance = np.append(polytope.upper / polytope.people, np.inf)
    levels = np.full(count, np.nan)
    done: list[Stage] = []
    chances = np.zeros(count)
    while np.isnan(levels).any() and (stages is None or len(done) < stages):
        free = np.flatnonzero(np.isnan(levels))
        above = sparse.csr_matrix(
            (
                np.concatenate([-np.ones(len(free)), np.ones(len(free))]),
                (np.tile(np.arange(len(free)), 2), np.concatenate([free, np.full(len(free), count)])),
            ),
            shape=(len(free), count + 1),
        )
        lower = np.append(np.where(np.isnan(levels), 0.0, np.maximum(levels - SLACK, 0.0)), 0.0)
        found = linprog(
            np.append(np.zeros(count), -1.0),
            sparse.vstack([scaled, -scaled, above]).tocsr(),
            np.concatenate([polytope.most, -polytope.least, np.zeros(len(free))]),
            bounds=np.column_stack([lower, most_chance]), method="highs-ds", options=EXACT,
        )  # fmt: skip
        if found.x is None:
            return None
        chances = found.x[:count]
        marginals = -found.ineqlin.marginals
        weights = dict(zip(free.tolist(), marginals[2 * rows :].tolist(), strict=True))
        stage = _stage(-found.fun, weights, found.lower.marginals[:count], marginals, rows, levels)
        levels[list(stage.settles)] = -found.fun
        done.append(stage)
    return Ceiling(chances, levels, tuple(done))


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
