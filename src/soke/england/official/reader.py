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

from soke.england.official.bodies import authority, billing, known
from soke.england.official.columns import Column, columns, shown
from soke.england.official.grid import Book, Cell, read_book
from soke.england.official.layouts import UNVERIFIED, Layout, layouts, year_of
from soke.errors import SokeError
from soke.text import financial_year

NOT_PUBLISHED = ("[x]", "[z]", "[c]", "[u]", "..", "...", "-", ":", "n/a", "N/A")
NUMBER = re.compile(r"[-+]?\d{1,15}(\.\d*)?([eE][-+]?\d{1,2})?", re.ASCII)


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
    """All that one workbook gave. ``unverified`` names the variables whose place in it nobody has seen."""

    kind: str
    edition: str
    title: str
    workbook: str
    sha256: str
    figures: tuple[Figure, ...]
    unverified: tuple[str, ...]
    absent: tuple[str, ...]  # variables that the layout knows and this workbook lacks

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted({f.year for f in self.figures}))


Record = dict[str, tuple[float, str]]  # by variable: value, unit


def read_workbook(path: Path, year: int | None = None, known_layouts: tuple[Layout, ...] | None = None) -> Reading:
    """The figures of one official workbook.

    ``year`` is the financial year of a workbook that does not say its own. Raises SokeError for anything that does not
    fit a known layout; then nothing of the workbook is taken.
    """
    every = layouts() if known_layouts is None else known_layouts
    headings = {text for a in every if not a.sheet for text in _headings(a)}
    book = read_book(path, {name for a in every for name in a.sheets() if name}, headings)
    edition = _edition(book, every)
    figures: dict[tuple[str, int, str], Figure] = {}
    unverified: set[str] = set()
    found: set[str] = set()
    for layout in edition:
        for sheet, said in layout.sheets().items():
            read = _Sheet(book, sheet, layout, said if said is not None else year)
            unverified |= {c.wanted.variable for c in read.columns if c.wanted.seen == UNVERIFIED}
            found |= {c.wanted.variable for c in read.columns}
            for figure in read.figures():
                figures[figure.code, figure.year, figure.variable] = figure
    one = edition[0]
    absent = {w.variable for a in edition for w in a.wanted} - found
    return Reading(
        one.kind, one.edition, one.title, book.name, book.sha256, tuple(figures[k] for k in sorted(figures)),
        tuple(sorted(unverified)), tuple(sorted(absent)),
    )  # fmt: skip


def _headings(layout: Layout) -> list[str]:
    column = layout.years.partition("column:")[2]
    filters = [rule.partition("=")[0] for rule in layout.skip if "=" in rule]
    return [layout.code, layout.ecode, layout.name, column, *filters, *[w.header for w in layout.wanted]]


def _edition(book: Book, every: tuple[Layout, ...]) -> tuple[Layout, ...]:
    """The layouts of the one edition that the workbook is: all its sheets are there, and its headings."""
    groups: dict[tuple[str, str], list[Layout]] = {}
    for layout in every:
        groups.setdefault((layout.kind, layout.edition), []).append(layout)
    needed = {key: [n for a in group for n in a.sheets()] for key, group in groups.items()}
    here = set(book.sheets)
    whole = sorted((k for k in groups if set(needed[k]) <= here), key=lambda k: -len(needed[k]))
    problems: list[SokeError] = []
    for key in whole:
        try:
            for layout in groups[key]:
                for sheet, said in layout.sheets().items():
                    columns(book, sheet, layout, said)
            return tuple(groups[key])
        except SokeError as error:
            problems.append(error)
    if "" in here and len(problems) > 1:
        head = ", ".join(shown(c) for c in (book.sheets[""] or [()])[0][:8])
        expected = "; ".join(f"{g[0].title} ({g[0].code}, {g[0].wanted[0].header})" for k in whole for g in [groups[k]])
        fact = f"This table has the headings {head}, of no layout that is known."
        raise SokeError(fact, f"Expected are {expected}.", book.name)
    if problems:
        raise problems[0]
    near = max(groups, key=lambda k: len(set(needed[k]) & here) / len(needed[k]))
    missing = [n for n in needed[near] if n not in here]
    have = ", ".join(repr(n[:40]) for n in list(book.sheets)[:12])
    if len(missing) < len(needed[near]):
        fact = f"The workbook has no sheet {', '.join(map(repr, missing[:6]))}; it has {have}."
        one = groups[near][0]
        raise SokeError(fact, f"{one.title}, edition {one.edition}, was expected with these sheets.", book.name)
    titles = "; ".join(
        f"{g[0].title}, edition {g[0].edition} (sheet {needed[k][0]!r})" for k, g in groups.items() if needed[k][0]
    )
    raise SokeError(f"No layout is known for a workbook with the sheets {have}.", f"Known are: {titles}.", book.name)


class _Sheet:
    """One sheet, read row by row under its layout."""

    def __init__(self, book: Book, sheet: str, layout: Layout, year: int | None) -> None:
        self.book, self.sheet, self.layout = book, sheet, layout
        head = columns(book, sheet, layout, layout.sheets().get(sheet))
        self.head, self.keys, self.columns = head.row, head.keys, head.columns
        self.rows = book.sheets[sheet]
        self.bare = book.formulas.get(sheet, frozenset())
        said = layout.sheets().get(sheet)
        self.year = said if said is not None else self._year(year)

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
        told = year_of(above) if self.layout.years == "title" else None
        told = told or year_of(Path(self.book.name).stem)
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
        for i in range(self.head + 1, len(self.rows)):
            code = self._authority(i)
            if code is None:
                continue
            for year, record in self._records(i).items():
                if self.layout.duplicates == "one-zero" and not any(value for value, _ in record.values()):
                    continue  # a body that did not live in that year, or the empty one of two rows
                before = records.get((code, year))
                if before and not (self.layout.duplicates == "same" and before[1] == record):
                    rows = f"rows {before[0] + 1} and {i + 1}"
                    fact = f"{known()[code]} ({code}) is there twice for {financial_year(year)}: {rows}."
                    raise SokeError(
                        fact, "One authority has one row: delete the wrong one.", self.where(i, self.keys[0])
                    )
                records[code, year] = (i, record)
        self._cover(records)
        for (code, year), (_, record) in records.items():
            for variable, (value, unit) in record.items():
                yield Figure(code, year, variable, value, unit)

    def _authority(self, i: int) -> str | None:
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
            return authority(code, ecode, name, self.layout.skip)
        except SokeError as error:
            raise SokeError(error.fact, error.fix, self.where(i, self.keys[0])) from None

    def _text(self, i: int, column: int) -> str:
        row = self.rows[i]
        value = row[column] if 0 <= column < len(row) else None
        return str(value) if value is not None else ""

    def _records(self, i: int) -> dict[int, Record]:
        out: dict[int, Record] = {}
        for column in self.columns:
            value = self._number(i, column)
            year = column.year or self.year or self._row_year(i)
            if value is not None:
                out.setdefault(year, {})[column.wanted.variable] = (value, column.wanted.unit)
        return out

    def _row_year(self, i: int) -> int:
        """The financial year of a row that names the month in which it ends: 202503 is 2024-25."""
        heading = self.layout.years.removeprefix("column:")
        column = next(k for k, cell in enumerate(self.rows[self.head]) if cell == heading)
        text = self._text(i, column).removesuffix(".0")
        if not re.fullmatch(r"20\d\d03", text, re.ASCII):
            raise SokeError(
                f"{text[:20]!r} is no year's end.", "Expected is 202503 for 2024-25.", self.where(i, column)
            )
        return int(text[:4]) - 1

    def _number(self, i: int, column: Column) -> float | None:
        """A figure in its unit; None where it is not published."""
        row, k, wanted = self.rows[i], column.index, column.wanted
        cell = row[k] if k < len(row) else None
        if (i, k) in self.bare:
            raise SokeError(
                "The cell holds a formula that was never worked out.",
                "Open the workbook in a spreadsheet program, save it, and import it again.", self.where(i, k),
            )  # fmt: skip
        if cell is None or (isinstance(cell, str) and cell.strip() in ("", *NOT_PUBLISHED)):
            return None
        number = _value(cell, self.book.typed)
        if number is None:
            fact = f"{shown(cell)} stands where a number belongs ({wanted.variable}, {wanted.unit})."
            raise SokeError(fact, "Download the workbook again, or correct the cell.", self.where(i, k))
        value = number * wanted.multiplier
        if not math.isfinite(value) or not wanted.least <= value <= wanted.most:
            fact = f"{number:g} cannot be {wanted.variable} in {wanted.unit}"
            fact += f": it lies between {wanted.least:,g} and {wanted.most:,g} for every authority."
            raise SokeError(fact, "Check the cell, and whether the column is the one expected.", self.where(i, k))
        return value

    def _cover(self, records: dict[tuple[str, int], tuple[int, Record]]) -> None:
        if not records:
            raise SokeError(
                "No authority was found under the headings.", "Check the edition.", f"{self.book.name}: {self.sheet!r}"
            )
        if self.layout.cover != "billing":
            return
        required = {c.wanted.variable for c in self.columns if c.wanted.required}
        for year in sorted({y for _, y in records}):
            have = {c for (c, y), (_, record) in records.items() if y == year and required <= set(record)}
            gone = [c for c in billing(year) if c not in have]
            if gone:
                names = ", ".join(f"{known()[c]} ({c})" for c in gone[:5]) + (" and others" if len(gone) > 5 else "")
                of_year = f"billing authorities of {financial_year(year)}"
                fact = f"{len(gone)} of {len(billing(year))} {of_year} are missing: {names}."
                raise SokeError(fact, "Download the whole workbook again.", f"{self.book.name}: sheet {self.sheet!r}")


def _value(cell: Cell, typed: bool) -> float | None:
    """A number; None for anything else. A text that looks like a number is one only in a file that has texts alone."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, float):
        return cell
    if not typed and isinstance(cell, str) and NUMBER.fullmatch(cell):
        return float(cell)
    return None
