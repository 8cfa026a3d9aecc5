"""Panels whose average is a given point: one taken off after another, each with as much weight as the rest can spare.

A point x of the polytope that is an average of panels is one of panels of its own face: where x meets a bound or a
quota, so does each of them. Take such a panel v with the weight w that leaves (x - w v) / (1 - w) in the polytope: what
is left meets one bound or quota more, so that the end comes after as many panels as there are types, and mostly after
far fewer (Caratheodory). No panel gets much of the weight, so that there are many.

Where no panel of the face is found, the rest is followed as nearly as panels do. Then a linear programme weights all
panels so that as little as can be is short. Its prices say which further panel would help, or prove that none does:
then the point is out of reach. Each such proof is a search over all panels, so there are only so many of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from soke.community.assemblies.panels import Panels, make_panel, some_panel
from soke.community.assemblies.polytope import Face, Floats, Polytope, Whole, best_point, whole_face
from soke.community.assemblies.progress import Tell, quiet
from soke.community.assemblies.solver import Unsolved, programme

TIGHT = 1e-8  # of a person: a row or bound that the point meets
LEAST = 1e-9  # of the weight in all: too little to matter
LARGEST = 1 / 100  # of the weight: for one panel, where there are as many types
NEAR = 1e-6  # of a person: reached
FOLLOWED = 50  # panels that follow what is left
MOST_KINDS = 1_000  # types up to which panels are weighed by a programme
SEARCHES = 20_000  # over the number of types: searches for one more panel


@dataclass(frozen=True, slots=True)
class Mix:
    """``panels`` (panel, type), their ``weights`` (panel,), and how many people the average is ``short`` in all.

    ``prices`` (type,) are those at which no panel is worth as much as the point, where the point is out of reach.
    """

    panels: Whole
    weights: Floats
    short: float
    prices: Floats | None = None
    searches: int = 0  # that this took

    @property
    def average(self) -> Floats:
        return self.weights @ self.panels


def mix_to(polytope: Polytope, target: Floats, tell: Tell = quiet) -> Mix:
    """Panels and weights with the average ``target`` (type,), or as near as whole panels come."""
    kinds = int((np.abs(target - np.round(target)) > NEAR).sum())
    found, weights, left = _taken_off(polytope, target, kinds, tell)
    tell(f"weighing {len(found):,} panels")
    if left <= LEAST:
        return _mix(np.array(found), np.array(weights) / sum(weights), target)
    rest = target - np.array(weights) @ np.array(found) if found else target
    more = _followed(polytope, rest / left, len(found), min(kinds + 1, FOLLOWED), tell)
    near = _mix(np.array(found + more), np.array(weights + [left / len(more)] * len(more)), target)
    return near if len(target) > MOST_KINDS else weighted(polytope, target, near, searches_for(polytope), tell)


def searches_for(polytope: Polytope) -> int:
    """How many searches for one more panel are worth their time."""
    return SEARCHES // len(polytope.people)


def _mix(panels: Whole, weights: Floats, target: Floats) -> Mix:
    table, which = np.unique(panels, axis=0, return_inverse=True)
    summed = np.bincount(which.ravel(), weights, len(table))
    table, summed = table[summed > 0], summed[summed > 0] / summed.sum()
    return Mix(table, summed, float(np.maximum(target - summed @ table, 0.0).sum()))


def _taken_off(polytope: Polytope, target: Floats, kinds: int, tell: Tell) -> tuple[list[Whole], list[float], float]:
    """Panels, their weights, and the weight that is left where none is found any more. ``kinds`` have fractions."""
    rest, left = target.astype(np.float64), 1.0
    largest = max(LARGEST, 1.0 / (kinds + 1))
    panels: list[Whole] = []
    weights: list[float] = []
    while left > LEAST:
        tell(f"making panel {len(panels) + 1:,} of {kinds + 1:,} at most, with {1 - left:.2%} of the lottery done")
        totals = polytope.totals(rest)
        worth = np.minimum(rest, 1.0)
        face = _face(polytope, rest, totals, narrow=True)
        panel = make_panel(polytope, face, worth, len(panels))
        if panel is None:
            panel = make_panel(polytope, _face(polytope, rest, totals, narrow=False), worth, len(panels))
        if panel is None:
            break
        most = _spared(polytope, rest, totals, panel)
        weight = min(most, largest / left)
        panels.append(np.asarray(panel, dtype=np.int64))
        weights.append(left * weight)
        if weight >= 1.0 - LEAST:
            left = 0.0
            break
        rest = (rest - weight * panel) / (1.0 - weight)
        rest[rest < TIGHT / 10] = 0.0
        left *= 1.0 - weight
    return panels, weights, left


def _followed(polytope: Polytope, rest: Floats, before: int, many: int, tell: Tell) -> list[Whole]:
    """So many panels that are, together, as near to as many times ``rest`` as each can make it."""
    made, panels = np.zeros(len(rest)), []
    for turn in range(1, many + 1):
        tell(f"making panel {before + turn:,} of {before + many:,}")
        worth = turn * rest - made
        panel = make_panel(polytope, whole_face(polytope), worth, before + turn)
        panels.append(np.asarray(some_panel(polytope, worth) if panel is None else panel, dtype=np.int64))
        made += panels[-1]
    return panels


def _spared(polytope: Polytope, rest: Floats, totals: Floats, panel: Floats) -> float:
    """The largest weight of ``panel`` that leaves what is left in the polytope."""
    lower = np.concatenate([np.zeros(len(rest)), polytope.least])
    upper = np.concatenate([polytope.upper, polytope.most])
    value, made = np.concatenate([rest, totals]), np.concatenate([panel, polytope.totals(panel)])
    down, up = (made > value + TIGHT) & (made > lower), (made < value - TIGHT) & (made < upper)
    ratios = [
        (value[down] - lower[down]) / (made[down] - lower[down]), (upper[up] - value[up]) / (upper[up] - made[up])
    ]  # fmt: skip
    return float(max(0.0, np.concatenate(ratios).min(initial=1.0)))


def _face(polytope: Polytope, point: Floats, totals: Floats, *, narrow: bool) -> Face:
    """Panels that keep each row and bound that the point meets, as its parts must. ``narrow``: only those near it."""
    every = whole_face(polytope)
    least = np.where(totals > every.most - TIGHT, every.most, every.least)
    most = np.where(totals < every.least + TIGHT, every.least, every.most)
    lower = np.where(point > every.upper - TIGHT, every.upper, 0.0)
    upper = np.where(point < TIGHT, 0.0, every.upper)
    if narrow:
        lower, upper = np.maximum(lower, np.floor(point + TIGHT)), np.minimum(upper, np.ceil(point - TIGHT))
    return Face(lower, np.maximum(lower, upper), least, np.maximum(least, most))


def weighted(polytope: Polytope, target: Floats, start: Mix, searches: int, tell: Tell = quiet) -> Mix:
    """Weights with the least shortfall, of the panels of ``start`` and of others as long as one helps."""
    enough = NEAR + abs(float(target.sum()) - float(polytope.least[0]))
    face = _face(polytope, target, polytope.totals(target), narrow=False)
    panels, count, near = Panels(polytope, start.panels), len(target), start
    for turn in range(searches + 1):
        table = panels.table()
        tell(f"weighing {len(table):,} panels" + (f", {near.short:.4f} people short before" if turn else ""))
        covers = sparse.hstack([-sparse.csc_matrix(table.T), -sparse.eye(count)]).tocsr()
        try:
            found = programme(
                np.concatenate([np.zeros(len(table)), np.ones(count)]), covers, -target,
                sums=(np.concatenate([np.ones(len(table)), np.zeros(count)])[None, :], np.ones(1)),
            )  # fmt: skip
            if found is None:
                break
            prices = np.maximum(-found.ineqlin.marginals, 0.0)
            near = replace(_mix(table, np.maximum(found.x[: len(table)], 0.0), target), searches=turn)
            if near.short <= enough:
                break
            bar = float(prices @ target - found.fun) + NEAR / 10
            if not any(
                panel is not None and prices @ panel > bar and panels.add(panel)
                for panel in _offers(polytope, face, prices, len(table))
            ):
                return replace(near, prices=prices)
        except Unsolved:
            break
    return near


def _offers(polytope: Polytope, face: Face, prices: Floats, turn: int) -> Iterator[Floats | None]:
    """Panels that may be worth more at these prices: a quick one, the best that is like the point, the best of all."""
    yield make_panel(polytope, face, prices, turn)
    yield best_point(polytope, face, prices)[0]
    yield best_point(polytope, whole_face(polytope), prices)[0]
