"""The leximin lottery (Flanigan, Gölz, Gupta, Hennig, Procaccia, Nature 2021), exact, on HiGHS alone.

First the ceiling over averages, which is quick; then panels that reach it. Where whole panels cannot (a true gap), the
programme that weighs them gives prices at which no panel is worth as much as the point that was aimed at. That is one
more row, which all panels keep and this point does not: the ceiling is lowered by it, and so on until panels reach it
(cutting planes). Each stage then says what a panel is worth at most at its own prices, which a search can repeat.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from soke.community.assemblies.ceiling import Ceiling, ceiling
from soke.community.assemblies.certificate import Stage
from soke.community.assemblies.lottery import Lottery
from soke.community.assemblies.mixing import Mix, mix_to, searches_for, weighted
from soke.community.assemblies.polytope import Floats, Polytope, best_point, whole_face
from soke.community.assemblies.progress import Tell, quiet
from soke.community.assemblies.solver import Unsolved
from soke.errors import SokeError

REACHED = 5e-6  # people that the average may be short in all: then each chance is within 1e-5 of its bound
SMALL = range(1, 25)  # what prices are multiplied by to be whole numbers
FINE = 10_000  # where none of those does
NEAR, NEARLY = 1e-6, 1e-3  # of a whole number: a price; what a search says that a panel is worth


def leximin(polytope: Polytope, tell: Tell = quiet) -> Lottery:
    """The leximin lottery. SokeError where no panel keeps the quotas."""
    return over_panels(polytope, None, tell)


def over_panels(polytope: Polytope, stages: int | None, tell: Tell = quiet) -> Lottery:
    """The lottery after so many stages of leximin; None: all. SokeError where no panel keeps the quotas.

    Where panels do not reach the ceiling, and it cannot be lowered in as many searches as are worth their time, it is
    the lottery that was found nearest to it: ``short`` says by how much.
    """
    highest = _ceiling(polytope, stages, tell)
    mix = mix_to(polytope, highest.target, tell)
    nearest = _lottery(polytope, highest, mix)
    cut, searches = polytope, searches_for(polytope)
    while mix.short > REACHED:
        searches -= mix.searches + 1
        row = None if mix.prices is None or searches <= 0 else _row(cut, highest.places, mix.prices)
        if row is None:
            return nearest
        cut = _with(cut, *row)
        highest = _ceiling(cut, stages, tell)
        mix = weighted(cut, highest.target, mix, searches, tell)
    return nearest if cut is polytope else _lottery(polytope, highest, mix, gap=True)


def _ceiling(polytope: Polytope, stages: int | None, tell: Tell) -> Ceiling:
    highest = ceiling(polytope, stages=stages, tell=tell)
    if highest is None:
        raise SokeError("No panel of these people keeps the quotas.", "Ask `soke assembly check` what to change.")
    return highest


def _lottery(polytope: Polytope, highest: Ceiling, mix: Mix, *, gap: bool = False) -> Lottery:
    stages = _searched(highest.stages) if gap else highest.stages
    short = 0.0 if mix.short <= REACHED else mix.short
    return Lottery(mix.panels, mix.weights, mix.average / polytope.people, stages, gap=gap, short=short)


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
    """Whole prices, and what a panel is worth at most: less than ``places`` are. None where none such are found."""
    times = next((each for each in SMALL if np.abs(prices * each - np.round(prices * each)).max() < NEAR), FINE)
    row = [int(each) for each in np.round(prices * times)]
    try:
        _, top = best_point(polytope, whole_face(polytope), np.array(row, dtype=float))
    except Unsolved:
        return None
    most = math.floor(top + NEARLY)
    return (row, most) if sum(a * x for a, x in zip(row, places, strict=True)) > most else None


def _with(polytope: Polytope, row: list[int], most: int) -> Polytope:
    return Polytope(
        polytope.people, polytope.upper, np.vstack([polytope.rows, np.array(row, dtype=np.int64)]),
        np.append(polytope.least, 0), np.append(polytope.most, most),
    )  # fmt: skip
