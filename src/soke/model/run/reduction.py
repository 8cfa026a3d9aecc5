"""From draws to quantiles, block by block: the (draw, year, place) arrays of a run never stand in memory at once.

Chunks are written to one unnamed temporary file as they come; each series and year is then read back, sorted over its
draws and reduced. Draws that failed (NaN) sort last and are left out.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from typing import IO

import numpy as np

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.model.run.result import QUANTILES

BYTES = 8


@dataclass(slots=True)
class BlockStore:
    """Arrays (series, year, draw, place) of one chunk after another, on disk; read by series and year."""

    places: int
    file: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    chunks: dict[int, tuple[int, tuple[int, ...]]] = field(default_factory=dict)  # number -> (offset, shape)
    end: int = 0

    def close(self) -> None:
        self.file.close()

    def write(self, number: int, values: Floats) -> None:
        """Keep a chunk. SokeError where the disk is full."""
        try:
            self.file.seek(self.end)
            self.file.write(np.ascontiguousarray(values).data)
        except OSError as error:
            raise SokeError(
                f"The scratch file of the run could not be written: {error.strerror}.",
                "Free some room in the temporary folder, or ask for fewer draws.",
            ) from error
        self.chunks[number] = (self.end, values.shape)
        self.end += values.nbytes

    def read(self, series: int, year: int) -> Floats:
        """All draws of one series and year in chunk order, (draw, place)."""
        parts = []
        for number in sorted(self.chunks):
            offset, (_, years, draws, places) = self.chunks[number]
            block = draws * places * BYTES
            self.file.seek(offset + (series * years + year) * block)
            parts.append(np.frombuffer(self.file.read(block)).reshape(draws, places))
        return np.concatenate(parts)


def quantiles(values: Floats) -> Floats:
    """(quantile, place) of (draw, place) values, linear between order statistics, without the draws that failed."""
    ordered = np.sort(np.ascontiguousarray(values.T), axis=1)
    count = int(np.isfinite(ordered[0]).sum())
    if count == 0:
        return np.full((len(QUANTILES), values.shape[1]), np.nan)
    at = np.array(QUANTILES) * (count - 1)
    low = np.floor(at).astype(int)
    high = np.minimum(low + 1, count - 1)
    part = at - low
    return np.asarray((ordered[:, low] * (1.0 - part) + ordered[:, high] * part).T)


def mean(values: Floats) -> Floats:
    """(place,) mean of (draw, place) values over the draws that did not fail."""
    held = values[np.isfinite(values[:, 0])]
    return np.asarray(held.mean(axis=0)) if len(held) else np.full(values.shape[1], np.nan)


def below_zero(values: Floats) -> Floats:
    """(place,) share of the draws that did not fail in which (draw, place) values are below zero."""
    held = values[np.isfinite(values[:, 0])]
    return np.asarray((held < 0).mean(axis=0)) if len(held) else np.full(values.shape[1], np.nan)
