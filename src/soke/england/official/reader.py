"""One reader for every official workbook: finds its layout, then takes each figure or says why it cannot.

Nothing is guessed. A heading that is not where the layout says, an authority twice, unknown or missing, a text where a
number belongs, a number that cannot be: each stops the import with the sheet, the cell, and what was expected.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from openpyxl.utils import get_column_letter

from soke.england.official import checks
from soke.england.official.bodies import area, name_of
from soke.england.official.columns import Column, matching, on_line, shown
from soke.england.official.edition import Edition, Laid, edition
from soke.england.official.grid import Book, read_book
from soke.england.official.layouts import LONG, Layout, layouts, year_of
from soke.england.official.ods import Cell
from soke.errors import SokeError
from soke.text import financial_year

NOT_PUBLISHED = ("[x]", "[z]", "[c]", "[u]", "[low]", "[not available]", "..", "...", "-", ":", "n/a")
NUMBER = re.compile(r"[-+]?(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.\d*)?([eE][-+]?\d{1,2})?", re.ASCII)
REGION = re.compile(r"E12\d{6}", re.ASCII)
PLACES = ("E06", "E07", "E08", "E09", "E14")  # whose figures sum to their region: counties would count twice


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure: amounts in the unit of its variable."""

    code: str
    year: int
    variable: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one workbook gave. ``unverified`` names the variables whose place nobody has seen in a real file."""

    kind: str
    edition: str
    title: str
    workbook: str
    sha256: str
    figures: tuple[Figure, ...]
    unverified: tuple[str, ...]
    absent: tuple[str, ...]  # variables that the layout knows and this workbook lacks
    notes: tuple[str, ...] = ()  # sentences: what was left out, what does not agree

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted({f.year for f in self.figures}))

    @property
    def given(self) -> set[str]:
        """The variables that it gave."""
        return {f.variable for f in self.figures}


Record = dict[str, tuple[float, str]]  # by variable: value, unit


def read_workbook(path: Path, year: int | None = None, known_layouts: tuple[Layout, ...] | None = None) -> Reading:
    """The figures of one official workbook.

    ``year`` is the financial year of a workbook that does not say its own. Raises SokeError for anything that does not
    fit a known layout; then nothing of the workbook is taken.
    """
    every = layouts() if known_layouts is None else known_layouts
    headings = {text for a in every if not a.sheet for text in _headings(a)}
    long = {name: LONG for a in every if a.long for name in a.sheets()}
    book = read_book(path, {name for a in every for name in a.sheets() if name}, headings, long)
    laid = edition(book, every)
    figures: dict[tuple[str, int, str], Figure] = {}
    notes = list(laid.left_out)
    for part in laid.sheets:
        read = _Sheet(book, part, year)
        for figure in read.figures():
            key = figure.code, figure.year, figure.variable
            if key in figures:
                what = f"{figure.variable} of {name_of(figure.code)} for {financial_year(figure.year)}"
                checks.one_figure(figures[key].value, figure.value, what, read.place)
            figures[key] = figures.get(key, figure)
        notes += read.notes
    head = laid.layouts[0]
    return Reading(
        head.kind, head.edition, head.title, book.name, book.sha256, tuple(figures[k] for k in sorted(figures)),
        _unverified(laid), _absent(laid), tuple(notes),
    )  # fmt: skip


def _unverified(laid: Edition) -> tuple[str, ...]:
    """The variables read whose place nobody has seen, sums of them included."""
    columns = [c.wanted for part in laid.sheets for c in part.head.columns if c.wanted.unverified]
    given = {w.variable for w in columns if w.use != "check"} | {w.part_of for w in columns}
    return tuple(sorted(given - {""}))


def _absent(laid: Edition) -> tuple[str, ...]:
    found = {c.wanted.variable for part in laid.sheets for c in part.head.columns}
    return tuple(sorted({w.variable for a in laid.layouts for w in a.wanted if w.use != "check"} - found))


def _headings(layout: Layout) -> list[str]:
    column = layout.years.partition("column:")[2]
    filters = [rule.partition("=")[0] for rule in layout.skip if "=" in rule]
    return [layout.code, layout.ecode, layout.name, column, *filters, *[w.header for w in layout.wanted]]


class _Sheet:
    """One sheet, read row by row under its layout."""

    def __init__(self, book: Book, part: Laid, year: int | None) -> None:
        self.book, self.sheet, self.layout = book, part.sheet, part.layout
        self.head, self.keys, self.columns = part.head.row, part.head.keys, part.head.columns
        self.rows = book.sheets[part.sheet]
        self.bare = book.formulas.get(part.sheet, frozenset())
        self.place = f"{book.name}: sheet {part.sheet!r}" if part.sheet else book.name
        self.year = part.year if part.year is not None else self._year(year)
        self.notes: list[str] = []

    def where(self, row: int, column: int) -> str:
        """The place of a cell, as people find it."""
        if not self.sheet:
            return f"{self.book.name}: row {row + 1}, column {shown(self.rows[self.head][column])}"
        return f"{self.book.name}: sheet {self.sheet!r}, cell {get_column_letter(column + 1)}{row + 1}"

    def _year(self, asked: int | None) -> int | None:
        """The one year of the sheet; None where each row or heading says its own."""
        if self.layout.years.startswith("column:") or self.layout.span:
            return None
        above = " ".join(str(c) for row in self.rows[: self.head] for c in row if isinstance(c, str))
        title = year_of(above) if self.layout.years.startswith("title") else None
        name = year_of(Path(self.book.name).stem)
        if self.layout.years == "title and file" and title is not None and name is not None and title != name:
            fact = f"The sheet says {financial_year(title)}, and the file's name {financial_year(name)}."
            raise SokeError(fact, "Name the file after the year of its figures, or download it again.", self.place)
        told = title or name
        if asked is not None and told is not None and asked != told:
            fact = f"The workbook is of {financial_year(told)}, and {financial_year(asked)} was asked for."
            raise SokeError(fact, "Leave the year out, or name another workbook.", self.book.name)
        if (year := told or asked) is None:
            raise SokeError(
                "Neither the workbook nor its name says which year it is of.",
                "Say it: --year 2026-27.", self.book.name,
            )  # fmt: skip
        return year

    def figures(self) -> Iterator[Figure]:
        """Every figure. SokeError where an authority is there twice, is unknown, or is missing."""
        records: dict[tuple[str, int], tuple[int, Record]] = {}
        rows: set[tuple[str, int]] = set()
        for i in range(self.head + 1, len(self.rows)):
            here = tuple(c for c in self.columns if on_line(self.rows[i], c))
            code = self._area(i) if here else None
            if code is None:
                continue
            found = self._records(i, here)
            rows |= {(code, year) for year in found} or ({(code, self.year)} if self.year is not None else set())
            for year, record in found.items():
                self._add(records, i, code, year, record)
        self._found(records, rows)
        checked = [w.variable for w in self.layout.wanted if w.use == "check"]
        for (code, year), (_, record) in records.items():
            for variable, (value, unit) in record.items():
                if variable not in checked:
                    yield Figure(code, year, variable, value, unit)
            amounts = {variable: value for variable, (value, _) in record.items()}
            for variable, value in checks.sums(amounts, self._wholes()).items():
                yield Figure(code, year, variable, value, self.layout.wanted[0].unit)

    def _add(
        self, records: dict[tuple[str, int], tuple[int, Record]], i: int, code: str, year: int, record: Record
    ) -> None:
        if self.layout.duplicates == "one-zero" and not any(value for value, _ in record.values()):
            return  # a body that did not live in that year, or the empty one of two rows
        before = records.get((code, year))
        if before and self.layout.long and not set(before[1]) & set(record):
            records[code, year] = (i, before[1] | record)
            return
        if before and not (self.layout.duplicates == "same" and before[1] == record):
            rows = f"rows {before[0] + 1} and {i + 1}"
            fact = f"{name_of(code)} ({code}) is there twice for {financial_year(year)}: {rows}."
            raise SokeError(fact, "One authority has one row: delete the wrong one.", self.where(i, self.keys[0]))
        records[code, year] = (i, record)

    def _found(self, records: dict[tuple[str, int], tuple[int, Record]], rows: set[tuple[str, int]]) -> None:
        """Whether all is there that must be, and agrees; what is to be said of it goes to ``notes``."""
        if not records:
            raise SokeError(
                "No authority was found under the headings.", "Check the edition.", f"{self.book.name}: {self.sheet!r}"
            )
        given = {variable for _, record in records.values() for variable in record}
        lacking = [c.wanted for c in self.columns if c.wanted.required and c.wanted.variable not in given]
        if self.layout.long and lacking:
            heading, _, words = lacking[0].line.partition("=")
            fact = f"No row has {words.split('|')[0]!r} under {heading!r}, which is where {lacking[0].variable} stands."
            raise SokeError(fact, "The layout is not one that is known: nothing was taken.", self.place)
        amounts = {key: {v: value for v, (value, _) in record.items()} for key, (_, record) in records.items()}
        self.notes += checks.covered(self.layout, amounts, rows, self.place)
        for wanted in self.layout.wanted:
            if wanted.use == "check":
                self.notes += checks.totals(wanted.variable, amounts)
            if wanted.use == "regional" and self.layout.control == "regions":
                checks.regions(wanted.variable, self._regional(wanted.variable), self.place)

    def _regional(self, variable: str) -> dict[str, tuple[float, float]]:
        """By region: what its own row says, and the sum of the places that follow it."""
        column = next((c for c in self.columns if c.wanted.variable == variable), None)
        out: dict[str, tuple[float, float]] = {}
        region = ""
        for row in self.rows[self.head + 1 :] if column else ():
            code = str(row[self.keys[0]] or "").strip().upper() if len(row) > self.keys[0] else ""
            cell = row[column.index] if column and column.index < len(row) else None
            value = cell if isinstance(cell, float) else 0.0
            if REGION.fullmatch(code):
                region, out[code] = code, (value, 0.0)
            elif not code.startswith("E"):
                region = "" if code else region  # Wales and others come after the last region
            elif region and code.startswith(PLACES):
                out[region] = (out[region][0], out[region][1] + value)
        return out

    def _wholes(self) -> dict[str, list[str]]:
        out: dict[str, list[str]] = {}
        for wanted in self.layout.wanted:
            if wanted.part_of:
                out.setdefault(wanted.part_of, []).append(wanted.variable)
        return out

    def _area(self, i: int) -> str | None:
        code, ecode, name = (self._text(i, k) for k in self.keys)
        for rule in self.layout.skip:
            heading, equals, value = rule.partition("=")
            if (
                equals
                and heading in self.rows[self.head]
                and self._text(i, self.rows[self.head].index(heading)) == value
            ):
                return None
        try:
            return area(self.layout.areas, code, ecode, name, self.layout.skip)
        except SokeError as error:
            raise SokeError(error.fact, error.fix, self.where(i, self.keys[0])) from None

    def _text(self, i: int, column: int) -> str:
        row = self.rows[i]
        value = row[column] if 0 <= column < len(row) else None
        return str(value) if value is not None else ""

    def _records(self, i: int, columns: tuple[Column, ...]) -> dict[int, Record]:
        out: dict[int, Record] = {}
        for column in columns:
            value = self._number(i, column)
            year = column.year or self.year or self._row_year(i)
            if value is not None:
                out.setdefault(year, {})[column.wanted.variable] = (value, column.wanted.unit)
        return out

    def _row_year(self, i: int) -> int:
        """The financial year of a row: 202503, the month in which it ends, or 1516 is 2024-25, or 2015-16."""
        heading = self.layout.years.removeprefix("column:")
        column = next(iter(matching(self.rows[self.head], heading)), -1)
        if column < 0:
            fact = f"Row {self.head + 1} has no heading {heading!r}, which says the year of each row."
            raise SokeError(fact, "The layout is not one that is known: nothing was taken.", self.place)
        text = self._text(i, column).removesuffix(".0")
        if self.layout.long:
            match = re.fullmatch(r"(?:20)?(\d\d)-?(\d\d)", text, re.ASCII)
            if match and int(match[1]) + 1 == int(match[2]):
                return 2000 + int(match[1])
            expected = "1516 for 2015-16"
        elif re.fullmatch(r"20\d\d03", text, re.ASCII):
            return int(text[:4]) - 1
        else:
            expected = "202503 for 2024-25"
        raise SokeError(f"{text[:20]!r} is no year's end.", f"Expected is {expected}.", self.where(i, column))

    def _number(self, i: int, column: Column) -> float | None:
        """A figure in its unit; None where it is not published."""
        number = self._cell(i, column.index, column)
        factor = self._cell(i, column.times, column) if column.times >= 0 else 1.0
        if number is None or factor is None:
            return None
        wanted = column.wanted
        value = number * factor * wanted.multiplier
        if not math.isfinite(value) or not wanted.least <= value <= wanted.most:
            fact = f"{number * factor:g} cannot be {wanted.variable} in {wanted.unit}"
            fact += f": it lies between {wanted.least:,g} and {wanted.most:,g} for every authority."
            fix = "Check the cell, and whether the column is the one expected."
            raise SokeError(fact, fix, self.where(i, column.index))
        return value

    def _cell(self, i: int, k: int, column: Column) -> float | None:
        row, wanted = self.rows[i], column.wanted
        cell = row[k] if k < len(row) else None
        if (i, k) in self.bare:
            raise SokeError(
                "The cell holds a formula that was never worked out.",
                "Open the workbook in a spreadsheet program, save it, and import it again.", self.where(i, k),
            )  # fmt: skip
        if cell is None or (isinstance(cell, str) and cell.strip().casefold() in ("", *NOT_PUBLISHED)):
            return None
        number = _value(cell, self.book.typed)
        if number is None:
            fact = f"{shown(cell)} stands where a number belongs ({wanted.variable}, {wanted.unit})."
            raise SokeError(fact, "Download the workbook again, or correct the cell.", self.where(i, k))
        return number


def _value(cell: Cell, typed: bool) -> float | None:
    """A number; None for anything else. A text that looks like a number is one only in a file that has texts alone."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, float):
        return cell
    if not typed and isinstance(cell, str) and NUMBER.fullmatch(cell):
        return float(cell.replace(",", ""))
    return None
