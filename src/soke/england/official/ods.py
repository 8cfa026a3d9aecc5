"""OpenDocument spreadsheets, read as they are unpacked: no more than one row is held beside the cells that are kept.

A table of a section 251 return unpacks to hundreds of millions of bytes; a tree of it would not fit in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO
from xml.etree import ElementTree as XML  # no external entities; expansion is bounded by expat itself

from soke.errors import SokeError

Cell = str | float | bool | None
Row = tuple[Cell, ...]
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
SPACES = (f"{TEXT}s", f"{TEXT}tab", f"{TEXT}line-break")
NOTES = (f"{TEXT}note", f"{TEXT}ruby-text")  # a comment, a picture or a shape in a cell is of another kind of tag
LONGEST = 100_000  # letters of one cell
MOST_CELLS, MOST_LONG = 1_500_000, 6_000_000  # cells of one workbook that are held; of one with a long table
MOST_LETTERS = 24_000_000  # of all different texts; each counts some more for itself
EACH = 60
LONG_FROM = 100_000  # rows of a long table
DEEP = 60  # tags within tags
TAG, ROW = 1 << 20, 1 << 23  # bytes of a text or tag, of a row of cells
CHUNK = 1 << 18


def read_ods(stream: IO[bytes], limits: Mapping[str, int], columns: int) -> dict[str, list[Row]]:
    """Rows by sheet. Sheets that ``limits`` names are kept, up to so many rows; the others are named and empty.

    SokeError for a sheet with more rows or ``columns``; ParseError or ValueError for what is no such document.
    """
    target = _Cells(limits, columns)
    parser = XML.XMLParser(target=target)
    for chunk in chunks(stream):
        parser.feed(chunk)
    parser.close()
    return target.sheets


def chunks(stream: IO[bytes], row: bytes = b"") -> Iterator[bytes]:
    """What is packed, piece by piece. SokeError for a text or tag that a parser would hold whole, or a row of cells,
    which ends with ``row``, that does."""
    open_ = rows = 0  # bytes since a tag, and a row, ended
    while chunk := stream.read(CHUNK):
        tag, end = chunk.rfind(b">"), chunk.rfind(row) if row else len(chunk) - 1
        open_ = open_ + len(chunk) if tag < 0 else len(chunk) - tag
        rows = rows + len(chunk) if end < 0 else len(chunk) - end
        if open_ > TAG or rows > ROW:
            raise SokeError(f"What is packed holds a text, tag or row of more than {TAG:,} bytes.", TOO_LARGE)
        yield chunk


class _Cells:
    """What the parser calls: cells are put together from their tags, rows from cells, sheets from rows."""

    def __init__(self, limits: Mapping[str, int], columns: int) -> None:
        self.limits, self.columns = limits, columns
        self.sheets: dict[str, list[Row]] = {}
        self.name, self.depth, self.most, self.inside = "", 0, 0, 0
        self.room = Room()
        self.row: list[Cell] | None = None
        self.empty, self.repeated, self.held = 0, 1, 0
        self.cell: Mapping[str, str] | None = None
        self.words: list[str] | None = None
        self.length, self.notes = 0, 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.inside += 1
        if self.inside > DEEP:
            raise SokeError(f"What is packed has more than {DEEP} tags within tags.", TOO_LARGE)
        if tag == f"{TABLE}table":
            self._table(attributes)
        elif self.depth != 1 or not self.most:  # of a sheet that is not wanted, or a table inside a cell
            return
        elif tag == f"{TABLE}table-row":
            self.row, self.empty = [], 0
            self.repeated = int(attributes.get(f"{TABLE}number-rows-repeated", "1"))
        elif tag in CELLS:
            self.cell, self.words, self.length = attributes, [], 0
        elif self.cell is not None and (not tag.startswith(TEXT) or tag in NOTES):
            self.notes += 1
        elif tag in SPACES or tag == f"{TEXT}p":
            self.data(" ")

    def data(self, text: str) -> None:
        if self.words is None or self.notes:
            return
        self.length += len(text)
        if self.length > LONGEST:
            raise self._too_large()
        self.words.append(text)

    def end(self, tag: str) -> None:
        self.inside -= 1
        if tag == f"{TABLE}table":
            self.depth -= 1
        elif self.depth != 1 or not self.most:
            return
        elif tag in CELLS and self.cell is not None:
            self.notes = 0
            self._add(self._value(self.cell), int(self.cell.get(f"{TABLE}number-columns-repeated", "1")))
            self.cell = self.words = None
        elif self.cell is not None and (not tag.startswith(TEXT) or tag in NOTES):
            self.notes -= 1
        elif tag == f"{TABLE}table-row" and self.row is not None:
            self._keep(tuple(self.row))
            self.row = None

    def close(self) -> None:
        """Nothing is left to do: the parser asks for it."""

    def _table(self, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        if self.depth == 1:
            self.name = attributes.get(f"{TABLE}name", "")
            self.most, self.held = self.limits.get(self.name, 0), 0
            self.sheets[self.name] = []

    def _value(self, cell: Mapping[str, str]) -> Cell:
        kind = cell.get(f"{OFFICE}value-type")
        if kind in ("float", "currency", "percentage"):
            return float(cell.get(f"{OFFICE}value", "nan"))
        if kind == "boolean":
            return cell.get(f"{OFFICE}boolean-value") == "true"
        if kind is None:
            return None
        text = " ".join("".join(self.words or ()).split())
        return self.room.word(text) if text else None

    def _add(self, value: Cell, times: int) -> None:
        row = self.row
        if row is None:
            return
        if value is None:  # empty cells are only given when something follows: a row ends in thousands of them
            self.empty += times
            return
        if len(row) + self.empty + times > self.columns:
            raise self._too_large()
        self.room.hold((self.empty + times) * self.repeated, self.name, self.most)
        row += [None] * self.empty + [value] * times
        self.empty = 0

    def _keep(self, row: Row) -> None:
        if not row:  # and a sheet in a million empty rows
            self.held += self.repeated
            return
        rows = self.sheets[self.name]
        if len(rows) + self.held + self.repeated > self.most:
            raise self._too_large()
        rows += [()] * self.held + [row] * self.repeated
        self.held = 0

    def _too_large(self) -> SokeError:
        return too_large(self.name, self.most, self.columns)


TOO_LARGE = "No official workbook is so: download it again from its publisher."


class Room:
    """How many cells of a workbook may still be held."""

    def __init__(self) -> None:
        self.left, self.long, self.letters = MOST_CELLS, False, MOST_LETTERS
        self.texts: dict[str, str] = {}  # the same words stand in thousands of rows

    def hold(self, cells: int, sheet: str, rows: int) -> None:
        """Count cells before they are held; ``rows``: how many a sheet may have. SokeError where there are too many."""
        if rows > LONG_FROM and not self.long:
            self.left, self.long = self.left + MOST_LONG - MOST_CELLS, True
        self.left -= cells
        if self.left < 0:
            fact = f"The workbook has more cells than are read, {MOST_CELLS:,}, up to those of sheet {sheet[:40]!r}."
            raise SokeError(fact, TOO_LARGE)

    def word(self, text: str) -> str:
        """A text, held once however often it stands. SokeError where there are too many different ones."""
        if text not in self.texts:
            self.letters -= len(text) + EACH
            if self.letters < 0:
                raise SokeError(f"The workbook holds more than {MOST_LETTERS:,} letters of text.", TOO_LARGE)
        return self.texts.setdefault(text, text)


def too_large(sheet: str, rows: int, columns: int) -> SokeError:
    """The error for a sheet beyond the limits."""
    fact = f"Sheet {sheet[:40]!r} has more than {rows:,} rows or {columns:,} columns."
    return SokeError(fact, "No official table is so large.")
