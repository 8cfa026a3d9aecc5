"""Two runs side by side: the four numbers of each, then the series by which they are paired, draw by draw."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from soke import text
from soke.england.baseline import Floats
from soke.england.places import places
from soke.errors import SokeError
from soke.report.run.draws import JOBS, PAIRED, Draws
from soke.report.run.record import read_run
from soke.table import Answer, Cell, Column, Table

SLIGHT = 0.05  # of a million, or of a job: what is smaller is printed as nought
LONGEST = 40  # letters of a folder at the head of a column
# the four numbers by id, and how people read their values
NUMBERS: Mapping[str, tuple[str, Callable[[float], str]]] = {
    "gap": ("The gap", text.money),
    "difference": ("The difference", lambda value: text.about(value, plus=True)),
    "keep": ("The keep", text.pence),
    "bill": ("The bill", text.pounds),
}
SIDES = ("first", "second")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the runs: its folder, what its record says, and its draws."""

    folder: Path
    record: Mapping[str, Any]
    draws: Draws

    @property
    def title(self) -> str:
        return self._said("title") or str(self.record["deal"])

    @property
    def place(self) -> str:
        code = str(self.record["place"])
        return places().name(code) if places().get(code) else self._said("name") or code

    @property
    def words(self) -> str:
        """``out/trial: My deal (my-deal), Leeds, scenario default``."""
        deal = "" if self.title == self.record["deal"] else f" ({self.record['deal']})"
        return f"{self.folder}: {self.title}{deal}, {self.place}, scenario {self.record['scenario']}"

    def number(self, name: str) -> Mapping[str, Any]:
        """One of the four numbers as it was recorded; nothing where an older record has none."""
        held = self.record.get("numbers")
        found = (one for one in (held if isinstance(held, list) else ()) if isinstance(one, dict))
        return next((one for one in found if one.get("id") == name), {})

    def _said(self, key: str) -> str:
        said = self.record.get(key)
        return " ".join(said.split()) if isinstance(said, str) else ""


@dataclass(frozen=True)
class Comparison:
    """Two runs with the same draws. ``series``: what a row of paired series says, by :data:`PAIRED` and year."""

    first: Side
    second: Side
    series: Table

    @cached_property
    def names(self) -> tuple[str, str]:
        """What the columns of the two are headed: their folders, as far as is needed to tell them apart."""
        folders = [side.folder for side in (self.first, self.second)]
        short = [folder.name or str(folder) for folder in folders]
        said = short if short[0] != short[1] else [str(folder) for folder in folders]
        cut = [name if len(name) <= LONGEST else f"…{name[1 - LONGEST :]}" for name in said]
        return (cut[0], cut[1]) if cut[0] != cut[1] else ("first", "second")

    @cached_property
    def numbers(self) -> Table:
        """The four numbers of each, a row a number; without rows where a record is too old to have them."""
        a, b = self.names
        columns = (
            Column("number", "Number"), Column("years", "Years"),
            Column("first_figure", a), Column("first_range", f"{a}: range"),
            Column("second_figure", b), Column("second_range", f"{b}: range"), Column("change", "Second less first"),
        )  # fmt: skip
        sides = self.first, self.second
        rows = []
        for name, (title, write) in NUMBERS.items():
            held = [side.number(name) for side in sides]
            if all(held):
                said = [cell for one in held for cell in (str(one.get("figure", "")), _ranged(one, write))]
                rows.append((title, _years(held), *said, _changed(name, held, write)))
        return Table.of("compared_numbers", "The four numbers, each with its range", columns, rows)

    @property
    def sentence(self) -> str:
        return f"{self.first.title} beside {self.second.title}: the four numbers, and what differs draw by draw"

    @property
    def answer(self) -> Answer:
        """Every row: the four numbers, then the paired series; as JSON and CSV have them."""
        rows = [*self._number_rows(), *self.series.rows]
        table = replace(self.series, rows=tuple(rows), page_rows=None)
        facts = {
            f"{name}_{key}": value
            for name, side in zip(SIDES, (self.first, self.second), strict=True)
            for key, value in (
                ("folder", str(side.folder)), ("deal", side.record["deal"]), ("title", side.title),
                ("place_code", side.record["place"]), ("name", side.place), ("scenario", side.record["scenario"]),
            )
        }  # fmt: skip
        return Answer(table, facts, (self.numbers,))

    def _number_rows(self) -> Iterator[tuple[Cell, ...]]:
        for name, (title, _) in NUMBERS.items():
            held = [self.first.number(name), self.second.number(name)]
            if not all(held):
                continue
            values = [_figure(one, key) for one in held for key in ("value", "low", "high")]
            unit = text.clean(str(held[0].get("unit", "")))
            yield (name, title, unit, _years(held), *values, _less(values[0], values[3]), None, None, None)


def _figure(number: Mapping[str, Any], key: str) -> float | None:
    value = number.get(key)
    known = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if known and value is not None else None


def _less(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else second - first


def _years(held: list[Mapping[str, Any]]) -> str:
    """The years of a number: of both runs where they are not the same."""
    return "; ".join(dict.fromkeys(text.clean(str(one.get("year", ""))) for one in held))


def _ranged(number: Mapping[str, Any], write: Callable[[float], str]) -> str:
    low, high = _figure(number, "low"), _figure(number, "high")
    if low is None or high is None:
        return ""
    if number.get("id") == "keep":  # no range, but what is kept today
        return f"today {write(low if _figure(number, 'value') == high else high)}"
    return text.a_range(write(low), write(high))


def _changed(name: str, held: list[Mapping[str, Any]], write: Callable[[float], str]) -> str:
    change = _less(*(_figure(one, "value") for one in held))
    if change is None:
        return ""
    said = text.money(change, plus=True) if name == "gap" else write(change)
    return said if said.startswith((text.MINUS, "+")) or change <= 0 else f"+{said}"


def _ends(side: str) -> tuple[Column, Column]:
    """The range of a run's own figure: of what is drawn the 10th and 90th percentile."""
    low, high = (Column(f"{side}_{end}", f"{side}, {end}", "plain", people=False) for end in ("low", "high"))
    return low, high


COLUMNS = (
    Column("series", "Series", people=False), Column("what", "What"), Column("unit", "Unit"), Column("year", "Year"),
    Column("first", "First", "plain", digits=1), *_ends("first"),
    Column("second", "Second", "plain", digits=1), *_ends("second"),
    Column("difference", "Second less first", "plain-change", digits=1),
    Column("difference_p10", "10th", "plain-change", digits=1),
    Column("difference_p90", "90th", "plain-change", digits=1),
    Column("chance_below_zero", "Chance below zero", "share"),
)  # fmt: skip


def compare(first: Path, second: Path) -> Comparison:
    """What two runs say: the four numbers of each, and in the years that both mark a row a series and year; what is
    nought in both is folded.

    ``first`` and ``second``: folders that ``soke run`` wrote, with the same seed and number of draws, so that luck is
    the same in both. Medians, and the 10th and 90th percentile of each and of the paired difference. SokeError for
    other folders.
    """
    a, b = (Side(folder, *read_run(folder)) for folder in (first, second))
    for key in ("seed", "draws"):
        if a.record[key] != b.record[key]:
            raise SokeError(
                f"The runs are not paired: {key} is {a.record[key]} in {first} and {b.record[key]} in {second}.",
                f"Run one again with --{key} {a.record[key]}.",
            )
    both = [name for name in PAIRED if name in a.draws and name in b.draws]
    rows = [
        (name, PAIRED[name].title, PAIRED[name].unit, year, *_compared(year, a.draws[name][year], b.draws[name][year]))
        for name in both for year in a.draws[name] if year in b.draws[name]
    ]  # fmt: skip
    if not rows:
        raise SokeError("The two runs have no year in common.", "Run both to the same end year.")
    nought = [name for name in both if _slight(a.draws[name]) and _slight(b.draws[name])]
    found = Comparison(a, b, Table.of("compared_runs", "What the deal changes, draw by draw", COLUMNS, rows))
    headed = tuple(replace(c, title=dict(zip(SIDES, found.names, strict=True)).get(c.key, c.title))
                   for c in found.series.columns)  # fmt: skip
    shown = tuple(k for k, row in enumerate(rows) if row[0] not in nought)
    notes = tuple(_notes(a, b, nought))
    return replace(found, series=replace(found.series, columns=headed, version=3, page_rows=shown, notes=notes))


def _notes(a: Side, b: Side, nought: list[str]) -> list[str]:
    notes = [
        f"First: {a.words}.",
        f"Second: {b.words}.",
        "What the deal changes, by each run; of care, what it takes more than now. Medians; 10th and 90th percentile of"
        f" the difference, draw by draw. All but {JOBS} in £ million a year.",
    ]
    if nought:
        notes.append(f"Nought in both, and not shown: {text.listed([PAIRED[name].title for name in nought])}.")
    if a.record["place"] != b.record["place"]:
        notes.append(f"The runs are of two places, {a.place} and {b.place}: compare with care.")
    if a.record.get("soke") != b.record.get("soke"):
        notes.append("The runs are of two versions of Soke: run one again with the other's.")
    if not all(side.number("gap") for side in (a, b)):
        notes.append("A record has no four numbers: run again with this version to set them side by side.")
    return notes


def _slight(by_year: Mapping[str, Floats]) -> bool:
    """Whether nine draws in ten are printed as nought in every year."""
    return all(np.nanquantile(np.abs(values), 0.9) < SLIGHT for values in by_year.values())


def _compared(year: str, a: Floats, b: Floats) -> tuple[Cell, ...]:
    """Median, 10th and 90th percentile of each run, then of the difference, and the chance that it is below zero."""
    with np.errstate(over="ignore"):
        difference = b - a
    both = np.isfinite(difference)
    if not both.any():
        raise SokeError(f"No draw has a figure for {year} in both runs.", "Run again, and see why draws failed.")
    known = difference[both]
    low, middle, high = (float(q) for q in np.quantile(known, (0.1, 0.5, 0.9)))
    each = [float(q) for values in (a, b) for q in np.quantile(values[both], (0.5, 0.1, 0.9))]
    return (*each, middle, low, high, float((known < 0).mean()))
