"""Where the columns of a sheet stand: by their headings, checked against the layout, found against expected."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from openpyxl.utils import column_index_from_string, get_column_letter

from soke.england.official.grid import Book
from soke.england.official.layouts import Layout, Wanted
from soke.england.official.ods import Cell, Row
from soke.errors import SokeError
from soke.text import straight_quotes

SEARCHED = 20  # rows in which headings are looked for where their row was not seen
MOST_SHOWN = 8
TIMES = " × "  # between the headings of two columns whose product is the figure


@dataclass(frozen=True, slots=True)
class Column:
    wanted: Wanted
    index: int  # from 0
    year: int | None  # the year that the heading names, where the sheet does not
    times: int = -1  # the column by which it is multiplied
    line: int = -1  # the column that says which rows hold the figure


@dataclass(frozen=True, slots=True)
class Head:
    """The headings of a sheet: their row from 0, the columns of code, E-code and name (-1 where none), the figures."""

    row: int
    keys: tuple[int, int, int]
    columns: tuple[Column, ...]


def shown(cell: Cell) -> str:
    """A cell as a message may show it: short, and nothing in it that could steer a terminal."""
    text = "an empty cell" if cell is None else repr(cell if not isinstance(cell, str) else " ".join(cell.split()))
    return text if len(text) <= 60 else text[:57] + "..."


def columns(book: Book, sheet: str, layout: Layout, year: int | None) -> Head:
    """Where everything stands. SokeError with what was found against what was expected."""
    rows = book.sheets[sheet]
    where = f"{book.name}: sheet {sheet!r}" if sheet else book.name
    row = _row(rows, layout, where)
    head = rows[row]
    keys = [_key(rows, row, text, where) for text in (layout.code, layout.ecode, layout.name)]
    found: list[Column] = []
    years = [None] if year is not None or "{year}" not in "".join(w.header for w in layout.wanted) else layout.span
    for wanted in layout.wanted:
        for y in years or [None]:
            texts = wanted.header.format(year=y if y is not None else year).split(TIMES)
            if not wanted.required and not all(matching(head, text) for text in texts):
                continue
            index, *factor = (_at(rows, row, text, wanted.column, where) for text in texts)
            line = _at(rows, row, wanted.line.partition("=")[0], "", where) if wanted.line else -1
            found.append(Column(wanted, index, y, factor[0] if factor else -1, line))
    return Head(row, (keys[0], keys[1], keys[2]), tuple(found))


def on_line(row: Row, column: Column) -> bool:
    """Whether a row of a long table holds the figure of a column."""
    return column.line < 0 or bool(matching((_cell(row, column.line),), column.wanted.line.partition("=")[2]))


def _row(rows: list[Row], layout: Layout, where: str) -> int:
    """The row of the headings, from 0: the one that holds the heading of the codes, or of the first figure."""
    if layout.header_row and len(rows) >= layout.header_row:
        return layout.header_row - 1
    sought = layout.code
    if sought.startswith("="):
        sought = next(w for w in layout.wanted if w.required).header.split(TIMES)[0]
    for i, row in enumerate(rows[:SEARCHED] if not layout.header_row else []):
        if matching(row, sought):
            return i
    expected = f"row {layout.header_row}" if layout.header_row else f"the first {SEARCHED} rows"
    first = next((r for r in rows if any(c is not None for c in r)), ())
    fact = f"No heading {sought!r} stands in {expected}; the sheet begins with {_listed(first)}."
    raise SokeError(fact, _fix(f"{layout.title}, edition {layout.edition},"), where)


def _key(rows: list[Row], row: int, text: str, where: str) -> int:
    """The column (from 0) of a code or name: by its letter, or by its heading; -1 where the layout has none."""
    if text.startswith("="):
        return int(column_index_from_string(text[1:])) - 1
    return _at(rows, row, text, "", where) if text else -1


def _at(rows: list[Row], row: int, text: str, letter: str, where: str) -> int:
    """The column (from 0) of a heading, which must stand once, and under its letter where the layout has one."""
    head = rows[row]
    found = matching(head, text)
    if not found:
        moved = [(i, k) for i, r in enumerate(rows[:SEARCHED]) for k in matching(r, text)]
        there = f" It stands in cell {get_column_letter(moved[0][1] + 1)}{moved[0][0] + 1}." if moved else ""
        fact = f"Row {row + 1} has no heading {text!r}; found are {_listed(head)}.{there}"
        raise SokeError(fact, _fix(""), where)
    if letter:
        wanted = int(column_index_from_string(letter)) - 1
        if wanted not in found:
            here = head[wanted] if wanted < len(head) else None
            fact = f"Column {letter} holds {shown(here)} where {text!r} was expected, which stands in column "
            raise SokeError(fact + f"{get_column_letter(found[0] + 1)}.", _fix(""), f"{where}, cell {letter}{row + 1}")
        return wanted
    first, *more = found
    for other in more:
        if any(_cell(r, first) != _cell(r, other) for r in rows[row + 1 :]):
            names = " and ".join(get_column_letter(k + 1) for k in (first, other))
            fact = f"The heading {text!r} stands twice, in columns {names}, over different figures."
            raise SokeError(fact, "Delete the wrong column.", where)
    return first


def _fix(title: str) -> str:
    what = f"{title} was expected. " if title else ""
    return f"{what}The layout is not one that is known: nothing was taken from the workbook."


def _cell(row: Row, k: int) -> Cell:
    return row[k] if k < len(row) else None


def matching(head: Row, text: str) -> list[int]:
    """The columns (from 0) of a heading: of the first of its ways of saying it that is there."""
    for said in text.split("|"):
        if found := [k for k, cell in enumerate(head) if _is(cell, said)]:
            return found
    return []


def _is(cell: Cell, text: str) -> bool:
    """Whether a cell is a heading; ``*`` in it stands for any words; line ends, case and notes do not matter."""
    return isinstance(cell, str) and _says(cell, text)


@lru_cache(4096)  # a long table says the same in thousands of rows
def _says(cell: str, text: str) -> bool:
    said = re.sub(r"\s*\[note[^\]]*\]", "", " ".join(straight_quotes(cell).split()).casefold())
    first, *rest = (" ".join(part.split()).casefold() for part in text.split("*"))
    if not rest:
        return said == first
    if not said.startswith(first) or not said.endswith(rest[-1]):
        return False
    at = len(first)
    for part in rest:
        at = said.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


def _listed(row: Row) -> str:
    cells = [cell for cell in row if cell is not None]
    more = f" and {len(cells) - MOST_SHOWN} more" if len(cells) > MOST_SHOWN else ""
    return (", ".join(shown(c) for c in cells[:MOST_SHOWN]) or "no headings at all") + more
