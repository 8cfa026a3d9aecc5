"""Draws of what stands beside the year loop: by parameter alone, keyed like all others, so that none moves another."""

from __future__ import annotations

import numpy as np

from soke.england.baseline import Floats
from soke.evidence import Parameter
from soke.evidence.distribution import quantile
from soke.evidence.sampling import CHUNK, NATIONAL, chunks, generator


def uniforms(name: str, draws: int, seed: int) -> Floats:
    """(draw,) uniform numbers between 0 and 1, neither included: those that a chunk would draw under that name."""
    parts = [generator(seed, chunk, NATIONAL, name).random(CHUNK)[:size] for chunk, size in chunks(draws)]
    return np.clip(np.concatenate(parts), 2.0**-54, None)


def drawn(row: Parameter, draws: int, seed: int) -> Floats:
    """(draw,) values of a parameter."""
    return quantile(row.distribution, uniforms(row.id, draws, seed), row.low, row.central, row.high)
