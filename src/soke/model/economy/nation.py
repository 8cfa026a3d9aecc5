"""England's output: a rate that holds for a draw, and good and bad years about it.

    log N[t+1] - log N[t] = log(1 + rate) + sd x Student t(4) / sqrt 2

so that recessions are drawn; their years are the same on both paths.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Floats
from soke.evidence.sampling import CHUNK, YEARS, generator
from soke.model.economy.growth import TAIL

SPREAD = "growth.national.sd"


@dataclass(slots=True)
class State:
    """``output`` (draw, 1): log of England's output over the start's."""

    rate: Floats  # (draw, 1) log growth a year
    spread: Floats  # (draw, 1) sd of a year
    rows: slice  # of the draws in their chunk
    source: np.random.Generator
    output: Floats


def start(growth: Floats, spread: Floats, seed: int, first: int) -> State:
    """Nothing has moved. ``growth`` a year and ``spread`` (draw,); ``first``: the first draw's number."""
    chunk, row = divmod(first, CHUNK)
    source = generator(seed, chunk, YEARS, "growth.nation")
    rate = np.log1p(growth)[:, None]
    return State(rate, spread[:, None], slice(row, row + len(growth)), source, np.zeros_like(rate))


def advance(state: State) -> Floats:
    """A year on: log output over the start's, (draw, 1)."""
    year = state.source.standard_t(TAIL, (CHUNK, 1))[state.rows] / np.sqrt(TAIL / (TAIL - 2.0))
    state.output = state.output + state.rate + state.spread * year
    return state.output
