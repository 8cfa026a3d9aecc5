"""What is known about effects: one table of parameters, each with its range, unit, grade and source."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Protocol, cast, get_args

from soke.england.baseline import Grade
from soke.errors import Location, SokeError
from soke.evidence.distribution import QUANTILE, admits

TABLE = "parameters.csv"
DRAWN_TOGETHER = "ridge"  # drawn with others: see :mod:`soke.evidence.sampling`
# The group of what waits for the room of services: evidence on programmes, cases and bargains that nothing reads yet.
# No run draws it, and no scenario can set it.
AWAITED = "services-room"


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


def stated(name: str, meaning: str, given: LowCentralHigh, unit: str, shape: str, file: str) -> Parameter:
    """An uncertain figure that the ``file`` of a run states for itself. A range that reaches nought is a normal's."""
    return Parameter(
        id=name, group="run", meaning=meaning, central=given.central, low=given.low, high=given.high, unit=unit,
        year="", grade="estimate", distribution=shape if given.low > 0 else "normal", source=f"the {file} file",
    )  # fmt: skip


@cache
def parameters() -> Mapping[str, Parameter]:
    """The package's table by id, in the table's own order. Read once."""
    text = files("soke.evidence").joinpath(TABLE).read_text(encoding="utf-8")
    return MappingProxyType(read_parameters(text))


def read_parameters(text: str, file: str = TABLE) -> dict[str, Parameter]:
    """A table of parameters by id. SokeError, with its line, for a row that is short, long, twice or no number."""
    rows = csv.reader(text.splitlines())
    header = next(rows, [])
    wanted = [field.name for field in fields(Parameter)]
    if sorted(header) != sorted(wanted):
        raise SokeError("The header is not that of parameters.", f"Write {','.join(wanted)}.", Location(file))
    table: dict[str, Parameter] = {}
    for row in rows:
        at = Location(file, rows.line_num)
        if len(row) != len(header):
            fact = f"The row has {len(row)} cells; the header has {len(header)}."
            raise SokeError(fact, "Put a text that holds a comma in quotes.", at)
        parameter = _parameter(dict(zip(header, row, strict=True)), at)
        if parameter.id in table:
            raise SokeError(f"The parameter {parameter.id} stands twice.", "Keep one row.", at)
        table[parameter.id] = parameter
    return table


def _parameter(row: dict[str, str], at: Location) -> Parameter:
    if row["grade"] not in get_args(Grade):
        raise SokeError(f"The grade cannot be {row['grade']!r}.", f"Use {', '.join(get_args(Grade))}.", at)
    if row["distribution"] not in (*QUANTILE, DRAWN_TOGETHER):
        fact = f"The distribution cannot be {row['distribution']!r}."
        raise SokeError(fact, f"Use {', '.join((*QUANTILE, DRAWN_TOGETHER))}.", at)
    try:
        central, low, high = (float(row[name]) for name in ("central", "low", "high"))
    except ValueError:
        raise SokeError(f"{row['id']} has a value that is no number.", "Give central, low and high.", at) from None
    try:
        return Parameter(
            id=row["id"], group=row["group"], meaning=row["meaning"], unit=row["unit"], year=row["year"],
            central=central, low=low, high=high, grade=cast(Grade, row["grade"]), distribution=row["distribution"],
            source=row["source"], note=row["note"],
        )  # fmt: skip
    except SokeError as error:
        raise SokeError(error.fact, error.fix, at) from None


def overridden(
    overrides: Mapping[str, LowCentralHigh],
    source: str = "the scenario",
    places: Mapping[str, Location] = MappingProxyType({}),
) -> dict[str, Parameter]:
    """What a run draws or holds: the table, with a scenario's ranges in place of its own, without what is awaited.

    SokeError for an id that the table does not know, and for one that nothing reads yet. ``places``: where each key of
    the file stands, as ``effects.ID``, to point at.
    """
    table = {name: row for name, row in parameters().items() if row.group != AWAITED}
    for name, given in overrides.items():
        if name not in table:
            at = places.get(f"effects.{name}", "effects")
            if name in parameters():
                raise SokeError(f"No projection reads {name} yet.", "Leave it out: it would change nothing.", at)
            near = ", ".join(get_close_matches(name, table, n=3, cutoff=0.0))
            raise SokeError(f"No parameter is called {name}.", f"Near it: {near}.", at)
        table[name] = table[name].with_range(given, source)
    return table
