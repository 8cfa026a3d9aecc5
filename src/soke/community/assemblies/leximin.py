"""The leximin lottery (Flanigan, Gölz, Gupta, Hennig, Procaccia, Nature 2021), exact, on HiGHS alone.

First the ceiling over averages, which is quick; then panels that reach it. Where whole panels cannot (a true gap), the
same stages are solved over whole panels: each programme has the panels found so far, and a search for the panel that
its prices value most either adds one or proves that the stage is done (column generation).
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import linprog

from soke.community.assemblies.ceiling import EXACT, SLACK, ceiling
from soke.community.assemblies.certificate import PLACES, Stage, decimal
from soke.community.assemblies.lottery import Lottery
from soke.community.assemblies.panels import Mix, Panels, make_panel, mix_to, some_panel
from soke.community.assemblies.polytope import Floats, Polytope, best_point, whole_face
from soke.community.assemblies.progress import Tell, quiet

REACHED = 5e-6  # people that the average may be short in all: then each chance is within 1e-5 of its bound
CLOSED = 1e-8  # of a chance: between a stage's value and its bound
SCALE = 1e4  # of prices in a search, whose own tolerance is 1e-6


def leximin(polytope: Polytope, tell: Tell = quiet) -> Lottery:
    """The leximin lottery. SokeError where no panel keeps the quotas."""
    return towards(polytope, None, tell)


def towards(polytope: Polytope, stages: int | None, tell: Tell = quiet) -> Lottery:
    """The lottery after so many stages of leximin; None: all."""
    highest = ceiling(polytope, stages=stages, tell=tell)
    mix = None
    if highest is not None:
        mix = mix_to(polytope, highest.chances * polytope.people, tell)
        if mix.short <= REACHED:
            return Lottery(mix.panels, mix.weights, mix.average / polytope.people, highest.stages, gap=False)
    return over_panels(polytope, stages, mix, tell)


def over_panels(polytope: Polytope, stages: int | None, start: Mix | None = None, tell: Tell = quiet) -> Lottery:
    """The same by column generation over whole panels, from the panels of ``start`` where there are some."""
    panels = Panels(polytope, start.panels if start else None)
    if not len(panels):
        panels.add(some_panel(polytope, np.ones(len(polytope.people))))
    levels = np.full(len(polytope.people), np.nan)
    done: list[Stage] = []
    weights = np.zeros(0)
    while np.isnan(levels).any() and (stages is None or len(done) < stages):
        settled = int((~np.isnan(levels)).sum())
        tell(f"whole panels: {settled:,} of {len(levels):,} kinds settled, {len(panels):,} panels")
        stage, weights = _stage(polytope, panels, levels)
        levels[list(stage.settles)] = float(stage.level)
        done.append(stage)
    table = panels.table()
    kept = weights > 0
    table, weights = table[: len(weights)][kept], weights[kept] / weights.sum()
    return Lottery(table, weights, weights @ table / polytope.people, tuple(done), gap=True)


def _stage(polytope: Polytope, panels: Panels, levels: Floats) -> tuple[Stage, Floats]:
    """The next stage, and the weights of the panels when it was done."""
    free = np.isnan(levels)
    face = whole_face(polytope)
    while True:
        table = panels.table() / polytope.people
        least = np.where(free, 0.0, np.maximum(levels - SLACK, 0.0))
        solved = linprog(
            np.append(np.zeros(len(table)), -1.0),
            sparse.hstack([-sparse.csc_matrix(table.T), sparse.csc_matrix(free.astype(float)[:, None])]).tocsr(),
            -least, np.append(np.ones(len(table)), 0.0)[None, :], [1.0], method="highs-ds", options=EXACT,
        )  # fmt: skip
        prices = np.maximum(-solved.ineqlin.marginals, 0.0)
        value = -solved.fun
        worth = prices / polytope.people * SCALE
        held = float(prices[~free] @ levels[~free])
        bar = (value + held + CLOSED) * SCALE
        quick = make_panel(polytope, face, worth, len(table))
        if quick is not None and worth @ quick > bar and panels.add(quick):
            continue
        best, top = best_point(polytope, face, worth)
        assert best is not None
        if worth @ best > bar and panels.add(best):
            continue
        top = max(top, float(worth @ best)) / SCALE
        return _settled(prices, free, value, top), np.maximum(solved.x[: len(table)], 0.0)


def _settled(prices: Floats, free: np.ndarray, value: float, top: float) -> Stage:
    bar = float(prices[free].max()) * 1e-3
    return Stage(
        decimal(value),
        {int(t): decimal(prices[t]) for t in np.flatnonzero(free & (prices > bar))},
        {int(t): decimal(prices[t]) for t in np.flatnonzero(~free & (prices > 0))},
        whole=decimal(top + 10.0**-PLACES),
    )
