"""Published series by place and year, and the statistical areas that places lie in, in the order of the baseline."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Floats
from soke.england.tables import read_table


@cache
def years(table: str) -> tuple[int, ...]:
    """The years of a compiled history, such as ``gva_volume``, ``population_history``."""
    return tuple(int(name) for name in read_table(table)[0] if name.isdigit())


@cache
def series(table: str) -> Floats:
    """(place, year) of a compiled history, in the unit of its table; NaN where none is published."""
    values = np.array([[float(row[str(year)] or "nan") for year in years(table)] for row in read_table(table)])
    values.setflags(write=False)
    return values


def of_year(table: str, year: int) -> Floats:
    """(place,) of one year; of the nearest one where the history has none of ``year``."""
    held = years(table)
    return np.asarray(series(table)[:, held.index(min(max(year, held[0]), held[-1]))])


@cache
def statistical_areas() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ITL2 area, about three counties, and the NUTS3 area that household incomes are published for, by place."""
    rows = read_table("income_areas")
    return tuple(row["itl2"] for row in rows), tuple(row["nuts"] for row in rows)


def numbered(names: tuple[str, ...]) -> NDArray[np.intp]:
    """Names as numbers from 0, in the order of the names: the area that each place lies in, as an index."""
    return np.unique(np.array(names), return_inverse=True)[1].astype(np.intp)
