"""What was published of places year by year, and the statistical areas that they lie in, in the baseline's order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from soke.england.tables import read_table
from soke.errors import SokeError

Figures = NDArray[np.float64]
FEWEST = 8  # years from which anything can be learned of how places grow


@dataclass(frozen=True, slots=True)
class Past:
    """Output and people of every place so far. (place, year) arrays; ``subregions`` the ITL2 area of each place."""

    volume: Figures  # gross value added, GBP million, chained volume
    volume_years: tuple[int, ...]
    people: Figures
    people_years: tuple[int, ...]
    single_ages: Figures  # (age, place) newest count by single year of age, the last age and over
    subregions: tuple[str, ...]

    def until(self, year: int) -> Past:
        """What was known of ``year`` and before. SokeError where that is too little."""
        first = max(self.volume_years[0], self.people_years[0]) + FEWEST - 1
        last = min(self.volume_years[-1], self.people_years[-1])
        if not first <= year <= last:
            raise SokeError(
                f"A projection cannot start in {year}.",
                f"Start from {first} to {last}: output by place is published from {self.volume_years[0]} on, and how "
                f"places grow takes {FEWEST} years to be seen.",
                "start",
                code="bad-year",
            )
        output, people = self.volume_years.index(year) + 1, self.people_years.index(year) + 1
        return replace(
            self, volume=self.volume[:, :output], volume_years=self.volume_years[:output],
            people=self.people[:, :people], people_years=self.people_years[:people],
        )  # fmt: skip


@cache
def past() -> Past:
    """The compiled histories of the 296 authorities."""
    return Past(
        series("gva_volume"), years("gva_volume"), series("population_history"), years("population_history"),
        _figures("ages", (*map(str, range(90)), "90+")).T, statistical_areas()[0],
    )  # fmt: skip


@cache
def years(table: str) -> tuple[int, ...]:
    """The years of a compiled history, such as ``gva_history``."""
    return tuple(int(name) for name in read_table(table)[0] if name.isdigit())


@cache
def series(table: str) -> Figures:
    """(place, year) of a compiled history, in the unit of its table; NaN where none is published."""
    return _figures(table, tuple(map(str, years(table))))


def of_year(table: str, year: int) -> Figures:
    """(place,) of one year; of the nearest one where the history has none of ``year``."""
    held = years(table)
    return np.asarray(series(table)[:, held.index(min(max(year, held[0]), held[-1]))])


@cache
def statistical_areas() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ITL2 area, about three counties, and the NUTS3 area that household incomes are published for, by place."""
    rows = read_table("income_areas")
    return tuple(row["itl2"] for row in rows), tuple(row["nuts"] for row in rows)


def _figures(table: str, columns: tuple[str, ...]) -> Figures:
    values = np.array([[float(row[name] or "nan") for name in columns] for row in read_table(table)])
    values.setflags(write=False)
    return values
