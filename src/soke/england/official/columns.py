"""Where the columns of a sheet stand: by their headings, checked against the layout, found against expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.utils import column_index_from_string, get_column_letter

from soke.england.official.grid import Book
from soke.england.official.headings import cell_name, composed, matching, nearest, of_year, shown, sought
from soke.england.official.layouts import Layout, Wanted
from soke.england.official.ods import Cell, Row
from soke.england.official.years import of_sheet
from soke.errors import SokeError
from soke.text import financial_year

SEARCHED = 20  # rows in which headings are looked for where their row was not seen
TIMES = " × "  # between the headings of two columns whose product is the figure
MAYBE = "?"  # after the heading of a code or name that some files of a layout lack


@dataclass(frozen=True, slots=True)
class Column:
    wanted: Wanted
    index: int  # from 0
    year: int | None  # the year that the heading names, where the sheet does not
    times: int = -1  # the column by which it is multiplied
    line: int = -1  # the column that says which rows hold the figure
    before: int = -1  # the column with the same of the year before


@dataclass(frozen=True, slots=True)
class Head:
    """The headings of a sheet: their row from 0, the columns of code, E-code and name (-1 where none), the figures; the
    year that the sheet says, and the column of the class."""

    row: int
    keys: tuple[int, int, int]
    columns: tuple[Column, ...]
    year: int | None = None
    class_: int = -1
    first: int = 0  # the first row below


def columns(book: Book, sheet: str, layout: Layout, year: int | None) -> Head:
    """Where everything stands. SokeError with what was found against what was expected."""
    rows = book.sheets[sheet]
    where = f"{book.name}: sheet {sheet!r}" if sheet else book.name
    row = _row(rows, layout, where)
    said = of_sheet(rows, row, layout, where) if year is None else year
    sheet_ = _Headings(rows, row, composed(rows, row, layout.below), said, where)
    keys = [sheet_.key(text) for text in (layout.code, layout.ecode, layout.name)]
    found: list[Column] = []
    years = _years(layout, year, sheet_)
    for wanted in layout.wanted:
        for y in years:
            texts = wanted.header.format(year=y if y is not None else year).split(TIMES)
            if not wanted.required and not all(sheet_.there(text, wanted.column) for text in texts):
                continue
            index, *factor = (sheet_.at(text, wanted.column) for text in texts)
            line = sheet_.at(wanted.line.partition("=")[0], "") if wanted.line else -1
            before = sheet_.before(texts[0], index) if layout.years.startswith("title") or layout.below else -1
            found.append(Column(wanted, index, y, factor[0] if factor else -1, line, before))
    class_ = sheet_.at(layout.class_, "") if layout.class_ and sheet_.there(layout.class_, "") else -1
    return Head(row, (keys[0], keys[1], keys[2]), tuple(found), said, class_, row + 1 + layout.below)


def _years(layout: Layout, year: int | None, headings: _Headings) -> list[int | None]:
    """The years that the headings name, where the sheet is of many; a table of text may have some of its edition's."""
    if year is not None or "{year}" not in "".join(w.header for w in layout.wanted):
        return [None]
    every = list(layout.span or ())
    needed = [w.header for w in layout.wanted if w.required]
    here = [y for y in every if all(headings.there(text.format(year=y), "") for text in needed)]
    return [*(here if here and not layout.sheet else every)]


def on_line(row: Row, column: Column) -> bool:
    """Whether a row of a long table holds the figure of a column."""
    return column.line < 0 or bool(matching((_cell(row, column.line),), column.wanted.line.partition("=")[2]))


def _row(rows: list[Row], layout: Layout, where: str) -> int:
    """The row of the headings, from 0: the one that holds the heading of the codes, or of the first figure."""
    if layout.header_row and len(rows) >= layout.header_row:
        return layout.header_row - 1
    text = next((t for t in (layout.code, layout.ecode) if t and not t.startswith("=") and not t.endswith(MAYBE)), "")
    text = text or next(w for w in layout.wanted if w.required).header.split(TIMES)[0]
    for way in text.split("|") if not layout.header_row else ():
        for i, row in enumerate(rows[:SEARCHED]):
            if matching(row, way):
                return i
    expected = f"row {layout.header_row}" if layout.header_row else f"the first {SEARCHED} rows"
    most = max(range(min(len(rows), SEARCHED)), key=lambda i: sum(isinstance(c, str) for c in rows[i]), default=0)
    near = nearest(rows[most] if rows else (), text, lambda k: cell_name(most, k))
    fact = f"No heading {sought(text)} stands in {expected}; the nearest are {near}."
    raise SokeError(fact, _fix(f"{layout.title}, edition {layout.edition},"), where)


@dataclass(frozen=True, slots=True)
class _Headings:
    """The headings of one sheet, and what is asked of them."""

    rows: list[Row]
    row: int
    head: Sequence[Cell]
    year: int | None
    where: str

    def there(self, text: str, letter: str) -> bool:
        """Whether a heading stands where it must, of the year of the sheet."""
        found = of_year(self.head, matching(self.head, text), self.year)
        return bool(found) and (not letter or _index(letter) in found)

    def key(self, text: str) -> int:
        """The column (from 0) of a code or name: by its letter, or by its heading; -1 where the layout has none."""
        if text.startswith("="):
            return _index(text[1:])
        maybe, text = text.endswith(MAYBE), text.removesuffix(MAYBE)
        return self.at(text, "") if text and (not maybe or self.there(text, "")) else -1

    def at(self, text: str, letter: str) -> int:
        """The column (from 0) of a heading, which must stand once, and under its letter where the layout has one."""
        every = matching(self.head, text)
        found = of_year(self.head, every, self.year)
        if not found:
            raise self._lacks(text, every)
        if letter:
            if _index(letter) not in found:
                here = _cell(tuple(self.head), _index(letter))
                fact = f"Column {letter} holds {shown(here)} where {sought(text)} was expected, which stands in column "
                where = f"{self.where}, cell {letter}{self.row + 1}"
                raise SokeError(fact + f"{get_column_letter(found[0] + 1)}.", _fix(""), where)
            return _index(letter)
        first, *more = found
        for other in more:
            if any(_cell(r, first) != _cell(r, other) for r in self.rows[self.row + 1 :]):
                names = " and ".join(get_column_letter(k + 1) for k in (first, other))
                fact = f"The heading {sought(text)} stands twice, in columns {names}, over different figures."
                raise SokeError(fact, "Delete the wrong column.", self.where)
        return first

    def before(self, text: str, index: int) -> int:
        """The column with the same of the year before: the nearest with the heading at the left; -1 where none."""
        others = [k for k in matching(self.head, text) if k < index and k not in of_year(self.head, [k], self.year)]
        return others[-1] if others else -1

    def _lacks(self, text: str, other: list[int]) -> SokeError:
        if other:
            year = f" {financial_year(self.year)}" if self.year is not None else ""
            fact = f"The heading {sought(text)} stands only for another year than{year or ' the current one'}: "
            fact += ", ".join(f"{shown(self.head[k])} ({cell_name(self.row, k)})" for k in other[:2]) + "."
            return SokeError(fact, _fix(""), self.where)
        moved = [(i, k) for i, r in enumerate(self.rows[:SEARCHED]) for k in matching(r, text)]
        there = f" It stands in cell {cell_name(*moved[0])}." if moved else ""
        near = nearest(self.head, text, lambda k: cell_name(self.row, k))
        fact = f"Row {self.row + 1} has no heading {sought(text)}; the nearest are {near}.{there}"
        return SokeError(fact, _fix(""), self.where)


def _index(letter: str) -> int:
    return int(column_index_from_string(letter)) - 1


def _fix(title: str) -> str:
    what = f"{title} was expected. " if title else ""
    return f"{what}The layout is not one that is known: nothing was taken from the workbook."


def _cell(row: Row, k: int) -> Cell:
    return row[k] if k < len(row) else None
