"""Growth for being devolved: a switch of the scenario, off by default, since the published evidence finds none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Floats
from soke.model.money.investments import Frame


@dataclass(frozen=True, slots=True)
class Lever:
    """``log_output`` (year, place) that is added; None when off."""

    log_output: Floats | None = None


def lever(frame: Frame) -> Lever:
    """The scenario's growth a year in the deal's area, from the deal's start on."""
    rate = frame.scenario.devolution_growth
    if not rate:
        return Lever()
    start = max(frame.deal.starts, frame.years[0] + 1)
    running = np.zeros((len(frame.years), len(frame.baseline.codes)))
    running[np.ix_([i for i, year in enumerate(frame.years) if year >= start], list(frame.members))] = 1.0
    return Lever(np.cumsum(np.log1p(rate) * running, axis=0))


def advance(lever: Lever, year: int, log_output: Floats) -> None:
    """Adds the growth so far to ``log_output`` (draw, place), in place."""
    if lever.log_output is not None:
        log_output += lever.log_output[year]
