"""The panels that are allowed, as whole points of a polytope over kinds of people.

People who are alike are one type; x_t says how many of type t are on the panel. With n_t people of the type, and at
most m_t of them on a panel, the panels are the whole x with

    0 <= x_t <= m_t,     least_r <= sum_t a_rt x_t <= most_r   for each row r.

Row 0 is the size of the panel; then one row a quota; then one a kind of household. A lottery over panels gives
each person of type t the same chance p_t = E[x_t] / n_t. The fractional x of the same inequalities contain every
average of panels, so what cannot be had there cannot be had by any lottery.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint

from soke.community.assemblies.solver import Unsolved, whole_programme

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Polytope:
    """``people`` and ``upper`` are (type,), ``rows`` is (row, type), ``least`` and ``most`` are (row,); all whole."""

    people: Whole
    upper: Whole
    rows: Whole
    least: Whole
    most: Whole
    columns: Any = field(init=False, repr=False, compare=False)  # the rows again, as few as are not nought

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", sparse.csc_array(self.rows, dtype=np.float64))

    def totals(self, point: Floats | Whole) -> Floats:
        """The sum of each row (row,) over the places of a point (type,)."""
        sums: Floats = self.columns @ point
        return sums

    def admits(self, panel: Whole) -> bool:
        """Whether a panel (type,) keeps every row and bound."""
        totals = self.totals(panel)
        inside = (panel >= 0).all() and (panel <= self.upper).all()
        return bool(inside and (totals >= self.least).all() and (totals <= self.most).all())


@dataclass(frozen=True, slots=True)
class Face:
    """Bounds of the whole points that are looked at: those of the polytope, or narrower."""

    lower: Floats
    upper: Floats
    least: Floats
    most: Floats


def whole_face(polytope: Polytope) -> Face:
    return Face(
        np.zeros(len(polytope.people)), polytope.upper.astype(float), polytope.least.astype(float),
        polytope.most.astype(float),
    )  # fmt: skip


def best_point(
    polytope: Polytope, face: Face, worth: Floats, *, whole: bool = True, free: Sequence[int] | None = None,
    held: Floats | None = None, gap: float = 0.0, nodes: int | None = None,
) -> tuple[Floats | None, float]:  # fmt: skip
    """The point x of ``face`` with the largest ``worth @ x``, and an upper bound of that; None where there is none.

    With ``free`` only those types move and ``held`` (type,) says where the others are. With ``whole`` x is a panel.
    ``nodes`` ends a search that may fail; one without it knows whether there is a panel, or :class:`Unsolved`.
    """
    every = free is None
    moving = np.arange(len(worth)) if free is None else np.asarray(free, dtype=np.int64)
    rest = np.zeros(len(worth)) if held is None else held.copy()
    rest[moving] = 0.0
    if not len(moving):
        return (rest, float(worth @ rest)) if _within(polytope, face, rest) else (None, -np.inf)
    there = polytope.totals(rest)
    bounds = Bounds(face.lower[moving], face.upper[moving])
    limits = LinearConstraint(polytope.columns[:, moving], face.least - there, face.most - there)
    kind = np.full(len(moving), int(whole))
    for presolve in (whole, not whole):
        found = whole_programme(-worth[moving], kind, bounds, limits, gap=gap, presolve=presolve, nodes=nodes)
        if found.x is None:
            return None, -np.inf
        rest[moving] = np.round(found.x) if whole else found.x
        if not whole or _within(polytope, face, rest):
            bound = found.mip_dual_bound if whole and every else found.fun
            return rest, float(-bound if bound is not None else np.inf)
    if nodes is None:
        raise Unsolved
    return None, -np.inf


def _within(polytope: Polytope, face: Face, point: Floats) -> bool:
    """Whether a whole point is where it was asked for: a solver may be wrong by more than it says."""
    totals = polytope.totals(point)
    inside = (point >= face.lower - 0.5).all() and (point <= face.upper + 0.5).all()
    return bool(inside and (totals >= face.least - 0.5).all() and (totals <= face.most + 0.5).all())
