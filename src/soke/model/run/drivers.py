"""What drives the range: how each uncertain figure goes with the difference at year 10, by ranks.

The decays of effective density are one figure, drawn by node: it stands last where it is not among the strongest, so
that what they matter is always said. What is drawn beside the listed items (the structural term) drives none of them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from soke.england.baseline import Floats
from soke.model.economy import effective_density, employment, structural
from soke.model.run.result import Driver
from soke.model.run.setup import Setup

MEANINGS = {employment.HERE: employment.HERE_MEANS, effective_density.NODE: effective_density.NODE_MEANS}
AT_YEAR = 10
MOST = 12
FEWEST_DRAWS = 20  # below this a rank correlation is noise


def ranks(values: Floats) -> Floats:
    """Ranks of (draw,) values from 0; ties take their mean rank."""
    order, place = np.argsort(values, kind="stable"), np.empty(len(values))
    place[order] = np.arange(len(values))
    _, same, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.bincount(same, place) / counts)[same])


def rank_correlation(first: Floats, second: Floats) -> float:
    """Spearman's rank correlation of two (draw,) arrays; nought where either does not vary."""
    a, b = ranks(first), ranks(second)
    a, b = a - a.mean(), b - b.mean()
    spread = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / spread if spread > 0 else 0.0


def drivers(setup: Setup, parameters: Mapping[str, Floats], difference: Floats) -> tuple[Driver, ...]:
    """The figures that matter most, strongest first. ``difference`` (draw, year) GBP million; failed draws are NaN."""
    last = difference[:, min(AT_YEAR, difference.shape[1] - 1)]
    held = np.isfinite(last)
    if held.sum() < FEWEST_DRAWS or np.ptp(last[held]) == 0:
        return ()
    ranked = [
        _driver(setup, name, values[held], last[held])
        for name, values in parameters.items()
        if name not in structural.DRAWN
    ]
    ranked.sort(key=lambda driver: (-abs(driver.rank_correlation), driver.parameter))
    shown = [*ranked[:MOST], *(driver for driver in ranked[MOST:] if driver.parameter == effective_density.NODE)]
    return tuple(driver for driver in shown if driver.rank_correlation)


def meaning_of(setup: Setup, name: str) -> str:
    """What a drawn figure is, in words."""
    return setup.table[name].meaning if name in setup.table else MEANINGS[name]


def _driver(setup: Setup, name: str, values: Floats, last: Floats) -> Driver:
    order = np.argsort(values, kind="stable")
    fifth = max(1, len(values) // 5)
    return Driver(
        parameter=name,
        meaning=meaning_of(setup, name),
        rank_correlation=rank_correlation(values, last),
        low=float(np.median(last[order[:fifth]])),
        high=float(np.median(last[order[-fifth:]])),
    )
