"""What is known about effects: one table of parameters, each with its range, unit, grade and source."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Protocol, cast

from soke.england.baseline import Grade
from soke.errors import Location, SokeError
from soke.evidence.distribution import admits


class LowCentralHigh(Protocol):
    """Anything with a 10th, 50th and 90th percentile, such as a scenario's range."""

    @property
    def low(self) -> float: ...
    @property
    def central(self) -> float: ...
    @property
    def high(self) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One uncertain number. ``low``, ``central``, ``high``: 10th, 50th and 90th percentile of belief."""

    id: str
    group: str
    meaning: str
    central: float
    low: float
    high: float
    unit: str
    year: str
    grade: Grade
    distribution: str
    source: str
    note: str = ""

    def __post_init__(self) -> None:
        if not admits(self.distribution, self.low, self.central, self.high):
            raise SokeError(
                f"The range {self.low:g}, {self.central:g}, {self.high:g} of {self.id} cannot be drawn: it must be"
                f" finite, in the order low, central, high, and fit a {self.distribution} distribution.",
                "Correct the three numbers.",
                self.id,
            )

    def with_range(self, given: LowCentralHigh, source: str) -> Parameter:
        """The same parameter with another range. A range that its shape does not admit is drawn as a normal."""
        shape = self.distribution
        if shape == "fixed" or not admits(shape, given.low, given.central, given.high):
            shape = "normal"
        return replace(
            self, low=given.low, central=given.central, high=given.high, distribution=shape, source=source, note=""
        )


@cache
def parameters() -> Mapping[str, Parameter]:
    """The package's table by id, in the table's own order. Read once."""
    text = files("soke.evidence").joinpath("parameters.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return MappingProxyType({row["id"]: _parameter(row) for row in rows})


def _parameter(row: dict[str, str]) -> Parameter:
    return Parameter(
        id=row["id"], group=row["group"], meaning=row["meaning"], unit=row["unit"], year=row["year"],
        central=float(row["central"]), low=float(row["low"]), high=float(row["high"]),
        grade=cast(Grade, row["grade"]), distribution=row["distribution"], source=row["source"], note=row["note"],
    )  # fmt: skip


def overridden(
    overrides: Mapping[str, LowCentralHigh],
    source: str = "the scenario",
    places: Mapping[str, Location] = MappingProxyType({}),
) -> dict[str, Parameter]:
    """The table with a scenario's ranges in place of its own. SokeError for an id that the table does not know.

    ``places``: where each key of the file stands, as ``effects.ID``, to point at.
    """
    table = dict(parameters())
    for name, given in overrides.items():
        if name not in table:
            raise SokeError(
                f"No parameter is called {name}.",
                f"Near it: {', '.join(get_close_matches(name, table, n=3, cutoff=0.0))}.",
                places.get(f"effects.{name}", "effects"),
            )
        table[name] = table[name].with_range(given, source)
    return table
