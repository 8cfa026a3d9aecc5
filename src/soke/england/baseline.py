"""The embedded baseline: place by figure, each column with its own year, source, unit and grade."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Grade = Literal["official", "derived", "estimate", "unverified"]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Column:
    """One figure for the 296 lower-tier and unitary authorities, in code order.

    ``values`` float64 of shape (296,); ``grades`` one grade a place, since a column may be published for some
    places and estimated for others.
    """

    name: str
    unit: str
    year: str
    source: str
    grade: Grade
    note: str
    values: Floats
    grades: tuple[Grade, ...]


@dataclass(frozen=True, slots=True)
class Baseline:
    codes: tuple[str, ...]
    names: tuple[str, ...]
    columns: Mapping[str, Column]
    commuting: Floats  # (296 origin, 296 workplace), each row sums to one: one row per origin, 2011

    def __getitem__(self, name: str) -> Floats:
        return self.columns[name].values

    def index(self, code: str) -> int:
        return self.codes.index(code)

    def mask(self, codes: tuple[str, ...]) -> NDArray[np.bool_]:
        """Boolean (296,): true for the places named."""
        wanted = set(codes)
        return np.array([code in wanted for code in self.codes])
