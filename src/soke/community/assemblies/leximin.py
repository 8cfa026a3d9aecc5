"""The leximin lottery (Flanigan, Gölz, Gupta, Hennig, Procaccia, Nature 2021), exact, on HiGHS alone.

First the ceiling over averages, which is quick; then panels that reach it. Where whole panels cannot (a true gap), the
programme that weighs them gives prices at which no panel is worth as much as the point that was aimed at. That is one
more row, which all panels keep and this point does not: the ceiling is lowered by it, and so on until panels reach it
(cutting planes). Each stage then says what a panel is worth at most at its own prices, which a search can repeat.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from soke.community.assemblies.ceiling import Ceiling, ceiling
from soke.community.assemblies.certificate import Stage
from soke.community.assemblies.lottery import Lottery
from soke.community.assemblies.mixing import Mix, mix_to
from soke.community.assemblies.polytope import Floats, Polytope, best_point, whole_face
from soke.community.assemblies.progress import Tell, quiet
from soke.community.assemblies.solver import Unsolved
from soke.errors import SokeError

REACHED = 5e-6  # people that the average may be short in all: then each chance is within 1e-5 of its bound
MOST_CUTS = 200
SMALL = range(1, 25)  # what prices are multiplied by to be whole numbers
FINE = 10_000  # where none of those does


def leximin(polytope: Polytope, tell: Tell = quiet) -> Lottery:
    """The leximin lottery. SokeError where no panel keeps the quotas."""
    return over_panels(polytope, None, tell)


def over_panels(polytope: Polytope, stages: int | None, tell: Tell = quiet) -> Lottery:
    """The lottery after so many stages of leximin; None: all. SokeError where no panel keeps the quotas."""
    cut = polytope
    nearest: Lottery | None = None
    for cuts in range(MOST_CUTS):
        highest = ceiling(cut, stages=stages, tell=tell)
        if highest is None:
            raise SokeError("No panel of these people keeps the quotas.", "Ask `soke assembly check` what to change.")
        mix = mix_to(cut, highest.target, tell)
        lottery = _lottery(polytope, highest, mix, gap=cuts > 0)
        if mix.short <= REACHED:
            return lottery
        nearest = nearest or lottery
        try:
            row = None if mix.prices is None else _row(cut, highest.places, mix.prices)
        except Unsolved:
            break
        if row is None:
            break
        cut = _with(cut, *row)
    assert nearest is not None
    return nearest


def _lottery(polytope: Polytope, highest: Ceiling, mix: Mix, *, gap: bool) -> Lottery:
    stages = _searched(highest.stages) if gap else highest.stages
    return Lottery(mix.panels, mix.weights, mix.average / polytope.people, stages, gap=gap)


def _searched(stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """The same bounds by what a panel is worth at most: each is reached by panels, so that is what its sum comes to."""
    levels: dict[int, Fraction] = {}
    found = []
    for stage in stages:
        worth = stage.level * sum(stage.weights.values()) + sum(v * levels[t] for t, v in stage.held.items())
        found.append(Stage(stage.level, stage.weights, stage.held, whole=worth))
        levels.update(dict.fromkeys(stage.settles, stage.level))
    return tuple(found)


def _row(polytope: Polytope, places: Sequence[Fraction], prices: Floats) -> tuple[list[int], int] | None:
    """Whole prices, and what a panel is worth at most: less than ``places`` are. None where there are none such."""
    for times in (*SMALL, FINE):
        whole = np.round(prices * times)
        if times != FINE and np.abs(prices * times - whole).max() > 1e-6:
            continue
        panel, top = best_point(polytope, whole_face(polytope), whole)
        most = int(np.floor(top + 1e-3))
        row = [int(each) for each in whole]
        if panel is not None and sum(a * x for a, x in zip(row, places, strict=True)) > most:
            return row, most
    return None


def _with(polytope: Polytope, row: list[int], most: int) -> Polytope:
    return Polytope(
        polytope.people, polytope.upper, np.vstack([polytope.rows, np.array(row, dtype=np.int64)]),
        np.append(polytope.least, 0), np.append(polytope.most, most),
    )  # fmt: skip
