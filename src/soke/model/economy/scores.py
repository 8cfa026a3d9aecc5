"""How good a forecast with a range was, once it is known what came.

    held      the share of outcomes inside the range of 50, 80 and 90 in a hundred: too few say that it is too narrow
    rms       root mean square of outcome less the middle of the forecast
    crps      continuous ranked probability score, E |X - y| - E |X - X'| / 2 with X, X' drawn and y what came, the mean
              of all outcomes: in the unit of y, the lower the better. For a forecast without a range it is the mean
              absolute error. A range that is made wide until it holds everything scores worse, so no padding helps

Source: Gneiting and Raftery (2007), Strictly proper scoring rules, prediction, and estimation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from soke.england.baseline import Floats

BANDS = (0.5, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Score:
    """Of one forecast of many outcomes. ``held``: shares of outcomes, by BANDS."""

    held: tuple[float, ...]
    rms: float
    crps: float


def of_draws(drawn: Floats, came: Floats) -> Score:
    """The score of ``drawn`` (draw, outcome) against ``came`` (outcome,)."""
    ordered = np.sort(drawn, axis=0)
    draws = len(ordered)
    weight = (2.0 * np.arange(1, draws + 1) - draws - 1.0) / draws**2  # E |X - X'| / 2 of ordered draws
    crps = np.abs(ordered - came).mean(axis=0) - weight @ ordered
    ends = [np.quantile(ordered, ((1.0 - band) / 2.0, (1.0 + band) / 2.0), axis=0) for band in BANDS]
    held = tuple(float(np.mean((came >= low) & (came <= high))) for low, high in ends)
    return Score(held, _rms(came - np.median(ordered, axis=0)), float(crps.mean()))


def of_normal(mean: Floats, sd: Floats | float, came: Floats) -> Score:
    """The score of a normal forecast of each outcome, (outcome,) each."""
    off = (came - mean) / sd
    density = np.exp(-0.5 * off**2) / np.sqrt(2.0 * np.pi)
    crps = sd * (off * (2.0 * ndtr(off) - 1.0) + 2.0 * density - 1.0 / np.sqrt(np.pi))
    held = tuple(float(np.mean(np.abs(off) <= ndtri((1.0 + band) / 2.0))) for band in BANDS)
    return Score(held, _rms(came - mean), float(np.mean(crps)))


def _rms(off: Floats) -> float:
    return float(np.sqrt(np.mean(off**2)))
