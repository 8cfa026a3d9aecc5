"""Panels whose average is a given point: found by following the shortfall, weighted by one linear programme.

A point x of the polytope is an average of panels, or it is not. Panels are made one after another: each is a good one
for what those before left short. A linear programme gives a vertex, nearly always whole but for a few types; a small
search over those few makes it whole. Then one programme weights the panels so that as little as can be is short, and
its prices say which further panel would help, or prove that none does: then the point is out of reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from soke.community.assemblies.ceiling import EXACT
from soke.community.assemblies.polytope import Face, Floats, Polytope, Whole, best_point, whole_face
from soke.community.assemblies.progress import Tell, quiet
from soke.errors import SokeError

NEAR = 1e-6  # of a person: whole, or reached
TIGHT = 1e-5  # of a person: a row or bound that the target meets
MANY = 400  # types from which a programme takes seconds: then many panels are added before the next
AROUND = 30  # types that a small search may move beside those that are not whole


@dataclass(frozen=True, slots=True)
class Mix:
    """``panels`` (panel, type), their ``weights`` (panel,), and how many people the average is ``short`` in all."""

    panels: Whole
    weights: Floats
    short: float

    @property
    def average(self) -> Floats:
        return self.weights @ self.panels


def mix_to(polytope: Polytope, target: Floats, tell: Tell = quiet) -> Mix:
    """Panels and weights with the average ``target`` (type,), or as near as whole panels come."""
    totals = polytope.rows @ target
    near = _face(polytope, target, totals, narrow=True)
    panels = Panels(polytope)
    left = np.zeros(len(target))
    between = int((near.upper > near.lower).sum())
    for turn in range(1, between + 2):
        tell(f"making panel {turn:,} of {between + 1:,}")
        found = make_panel(polytope, near, (turn * target - left) / polytope.people, turn)
        if found is None:
            break
        left += found
        panels.add(found)
    wide = _face(polytope, target, totals, narrow=False)
    if not len(panels):
        panels.add(some_panel(polytope, target))
    return _weighted(polytope, target, panels, wide, tell)


class Panels:
    """Distinct panels in the order they were found."""

    def __init__(self, polytope: Polytope, panels: Whole | None = None) -> None:
        self._polytope = polytope
        self._seen: dict[bytes, Whole] = {}
        for panel in panels if panels is not None else ():
            self.add(panel)

    def add(self, panel: Floats | Whole) -> bool:
        """Whether this panel is new. AssertionError where it breaks a quota: no such panel may be drawn."""
        whole = np.asarray(np.round(panel), dtype=np.int64)
        assert self._polytope.admits(whole), "a panel breaks a quota"
        key = whole.tobytes()
        new = key not in self._seen
        self._seen.setdefault(key, whole)
        return new

    def __len__(self) -> int:
        return len(self._seen)

    def table(self) -> Whole:
        return np.array(list(self._seen.values()), dtype=np.int64).reshape(len(self), len(self._polytope.people))


def some_panel(polytope: Polytope, worth: Floats) -> Floats:
    """The panel with the largest ``worth @ x``. SokeError where no panel keeps the quotas."""
    panel, _ = best_point(polytope, whole_face(polytope), worth)
    if panel is None:
        raise SokeError("No panel of these people keeps the quotas.", "Ask `soke assembly check` what to change.")
    return panel


def make_panel(polytope: Polytope, face: Face, worth: Floats, turn: int) -> Floats | None:
    """A panel of ``face`` that is good for ``worth`` (type,), though not surely the best. None where there is none.

    ``turn`` seeds which types may move, so that the same input makes the same panels.
    """
    point, _ = best_point(polytope, face, worth, whole=False)
    if point is None:
        return None
    moving = np.abs(point - np.round(point)) > NEAR
    if not moving.any():
        return np.round(point)
    held = np.clip(np.round(point), face.lower, face.upper)
    count = len(worth)
    for more in (0, AROUND, 2 * AROUND):
        chosen = moving.copy()
        if more:
            if more >= count:
                break
            chosen[np.random.default_rng(turn + more).choice(count, more, replace=False)] = True
        panel, _ = best_point(polytope, face, worth + 5.0, free=np.flatnonzero(chosen).tolist(), held=held, gap=0.01)
        if panel is not None:
            return panel
    return best_point(polytope, face, worth + 5.0, gap=0.01)[0]


def _face(polytope: Polytope, target: Floats, totals: Floats, *, narrow: bool) -> Face:
    """Panels that keep each row and bound that the target meets, as its parts must. ``narrow``: only those near it."""
    every = whole_face(polytope)
    least = np.where(totals > every.most - TIGHT, every.most, every.least)
    most = np.where(totals < every.least + TIGHT, every.least, every.most)
    lower = np.where(target > every.upper - TIGHT, every.upper, 0.0)
    upper = np.where(target < TIGHT, 0.0, every.upper)
    if narrow:
        least, most = np.maximum(least, np.floor(totals + TIGHT)), np.minimum(most, np.ceil(totals - TIGHT))
        lower, upper = np.maximum(lower, np.floor(target + NEAR)), np.minimum(upper, np.ceil(target - NEAR))
    return Face(lower, np.maximum(lower, upper), least, np.maximum(least, most))


def _weighted(polytope: Polytope, target: Floats, panels: Panels, face: Face, tell: Tell) -> Mix:
    """Weights with the least shortfall; panels are added while one helps."""
    enough = NEAR + abs(float(target.sum()) - float(polytope.least[0]))
    count, last = len(target), np.inf
    while True:
        table = panels.table()
        tell(f"weighing {len(table):,} panels" + (f", {last:.4f} people short before" if last < np.inf else ""))
        covers = sparse.hstack([-sparse.csc_matrix(table.T), -sparse.eye(count)]).tocsr()
        found = linprog(
            np.concatenate([np.zeros(len(table)), np.ones(count)]), covers, -target,
            np.concatenate([np.ones(len(table)), np.zeros(count)])[None, :], [1.0],
            method="highs-ipm" if count > MANY else "highs-ds", options=EXACT,
        )  # fmt: skip
        weights = np.maximum(found.x[: len(table)], 0.0)
        if found.fun <= enough:
            return Mix(table, weights / weights.sum(), float(found.fun))
        if count > MANY and (found.fun < last):
            last = 0.5 * found.fun
            _follow(polytope, face, target, panels, -found.ineqlin.marginals, tell)
            continue
        prices = -found.ineqlin.marginals
        bar = float(prices @ target - found.fun) + NEAR / 10
        if not any(
            panel is not None and prices @ panel > bar and panels.add(panel)
            for panel in _offers(polytope, face, prices, len(table))
        ):
            return Mix(table, weights / weights.sum(), float(found.fun))


def _follow(polytope: Polytope, face: Face, target: Floats, panels: Panels, prices: Floats, tell: Tell) -> None:
    """Many panels at once, where a programme takes long: for its prices, and for what these panels leave short."""
    made = np.zeros(len(target))
    for turn in range(1, len(target) // 5):
        tell(f"making panel {turn:,} of {len(target) // 5:,} more")
        worth = prices + (turn * target - made) / polytope.people
        found = make_panel(polytope, face, worth, len(panels) + turn)
        if found is None:
            return
        made += found
        panels.add(found)


def _offers(polytope: Polytope, face: Face, prices: Floats, turn: int) -> Iterator[Floats | None]:
    """Panels that may be worth more at these prices: a quick one, then the best there is."""
    yield make_panel(polytope, face, prices, turn)
    yield best_point(polytope, face, prices)[0]
