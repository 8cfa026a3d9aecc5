"""The spread of a figure over the draws: quantiles, and the chance that it is below zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from soke.england.baseline import Floats
from soke.model.run.result import QUANTILES
from soke.report.contents import RunReport


class Ranged(Protocol):
    """A middle and the ends of its range: the 50th, 10th and 90th percentile."""

    @property
    def low(self) -> float: ...
    @property
    def middle(self) -> float: ...
    @property
    def high(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Spread:
    """10th, 25th, 50th, 75th and 90th percentile, the mean, and the share of draws below zero."""

    low: float
    lower: float
    middle: float
    upper: float
    high: float
    mean: float
    below: float

    @property
    def quantiles(self) -> tuple[float, float, float, float, float]:
        return self.low, self.lower, self.middle, self.upper, self.high


def spread(draws: Floats) -> Spread | None:
    """The spread of (draw,) values. Draws that failed hold no number and are counted elsewhere; None if all failed."""
    held = draws[np.isfinite(draws)]
    if held.size == 0:
        return None
    low, lower, middle, upper, high = (float(q) for q in np.quantile(held, QUANTILES))
    return Spread(low, lower, middle, upper, high, float(held.mean()), float((held < 0).mean()))


def any_below(draws: Floats) -> float | None:
    """Share of draws, of (draw, year) values, in which any year is below zero."""
    held = draws[np.isfinite(draws).all(axis=1)]
    if held.size == 0:
        return None
    return float((held < 0).any(axis=1).mean())


def summed(report: RunReport, *names: str) -> Floats | None:
    """(draw, year) what the deal changes of several series together, of those that the run has; None without any."""
    found = [series.difference for name in names if (series := report.series(name))]
    return np.asarray(np.sum(found, axis=0)) if found else None


def change(report: RunReport, year: int, *names: str) -> Spread | None:
    """The spread of :func:`summed` in one year of the run; None without any, or where every draw failed."""
    found = summed(report, *names)
    return None if found is None else spread(found[:, year])
