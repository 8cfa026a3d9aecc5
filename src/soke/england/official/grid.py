"""Workbooks as sheets of cells: XLSX, ODS and CSV, read once, with limits, never run.

A cell is None, a text, a number or a truth value. Files are read whole and hashed; what is packed in them is measured
before it is unpacked.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import hashlib
import io
import itertools
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from soke.england.official.ods import Cell, Room, Row, chunks, read_ods, too_large
from soke.errors import SokeError
from soke.files import read_whole

LARGEST, UNPACKED = 60_000_000, 200_000_000  # bytes of the file, and of what is packed in it
WHOLE = 20_000_000  # bytes of a packed part that is not read row by row
ODS_UNPACKED = 1_500_000_000  # of what is read as it is unpacked
MOST_ROWS, MOST_COLUMNS = 20_000, 5_000
WIDE = 200  # columns of a table of text of which those without a known heading are not held
FORMULA = "="
SHEETS = "xl/worksheets/"
HELD = ("[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/styles.xml")
Bare = dict[str, frozenset[tuple[int, int]]]  # cells (row, column from 0) with a formula and no value, by sheet


@dataclass(frozen=True, slots=True)
class Book:
    """A file: its name for people, the hash of its bytes, and its sheets; a CSV file is one sheet called ""."""

    name: str
    sha256: str
    sheets: Mapping[str, list[Row]]
    formulas: Mapping[str, frozenset[tuple[int, int]]]  # cells (row, column from 0) with a formula and no value
    typed: bool  # a number is told from a text that looks like one


def read_book(path: Path, wanted: set[str], headings: set[str], long: Mapping[str, int] | None = None) -> Book:
    """A file with those of its sheets that are ``wanted``; the others are named and empty.

    ``long`` says how many rows a sheet may have that is longer than others. Of a CSV file, whose first row has the
    names of thousands of columns, those in ``headings`` are kept, if any is.

    SokeError where it is no workbook, is broken, protected, or far too large.
    """
    if path.is_file() and path.stat().st_size > LARGEST:
        raise SokeError(f"The file is larger than {LARGEST:,} bytes.", "No official workbook is so large.", path.name)
    content = read_whole(path, path.name, LARGEST)
    digest = hashlib.sha256(content).hexdigest()
    if content[:4] == b"\xd0\xcf\x11\xe0":
        fact = "This is a workbook of the old kind (.xls), or one that needs a password."
        raise SokeError(fact, "Open it in a spreadsheet program and save it as .xlsx.", path.name)
    if content[:2] != b"PK":
        return Book(path.name, digest, {"": _csv(content, path.name, headings)}, {}, typed=False)
    names = _members(content, path.name)
    limits = dict.fromkeys(wanted, MOST_ROWS) | dict(long or {})
    bare: Bare = {}
    try:
        if "content.xml" in names:
            sheets = _ods(content, limits)
        else:
            sheets, bare = _xlsx(content, limits)
    except SokeError as error:
        raise SokeError(error.fact, error.fix, path.name) from None
    except Exception as error:  # a broken file may break its reader anywhere
        reason = str(error)[:80] or type(error).__name__
        raise SokeError(
            f"The workbook cannot be read: {reason!r}.", "Download it again from its publisher.", path.name
        ) from None
    return Book(path.name, digest, sheets, bare, typed=True)


def _members(content: bytes, shown: str) -> set[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            inside = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise SokeError(
            "This is no workbook: what is packed in it cannot be read.", "Download it again.", shown
        ) from error
    names = {item.filename for item in inside}
    if not names & {"xl/workbook.xml", "content.xml"}:
        raise SokeError("This is a packed file, but no workbook.", "Name an .xlsx, .ods or .csv file.", shown)
    most = ODS_UNPACKED if "content.xml" in names else UNPACKED
    whole = [i for i in inside if "content.xml" not in names and i.filename in HELD]
    if sum(item.file_size for item in inside) > most or any(item.file_size > WHOLE for item in whole):
        limit = most if sum(item.file_size for item in inside) > most else WHOLE
        raise SokeError(
            f"More than {limit:,} bytes are packed in this file, or in one part of it.",
            "No official workbook is so large.", shown,
        )  # fmt: skip
    return names


def _xlsx(content: bytes, wanted: Mapping[str, int]) -> tuple[dict[str, list[Row]], Bare]:
    sheets: dict[str, list[Row]] = {}
    room, formulas = Room(), _has_formulas(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and validations that reading does not need
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        for name in book.sheetnames:
            sheets[name] = _bounded(_cells(book[name]), name, wanted[name], room) if name in wanted else []
        book.close()
        bare: Bare = {}
        if any(name in wanted for name in sheets) and formulas:
            book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            for name in (n for n in book.sheetnames if n in wanted):
                bare[name] = _without_value(book[name], sheets[name])
            book.close()
    return sheets, bare


def _has_formulas(content: bytes) -> bool:
    """Whether any worksheet holds a formula: most official ones hold none, and need no second reading.

    SokeError for a part that a parser would hold whole.
    """
    found = False
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in (n for n in packed.namelist() if n.endswith(".xml")):
            with packed.open(name) as stream:
                before = b""
                for chunk in chunks(stream, b"</row>" if name.startswith(SHEETS) else b""):
                    found = found or (name.startswith(SHEETS) and b"<f" in before + chunk)
                    before = chunk[-1:]
    return found


def _cells(sheet: Any) -> Iterator[Row]:
    if not hasattr(sheet, "iter_rows"):  # a sheet that is a chart has no cells
        return
    sheet.reset_dimensions()  # what a file says of its own size is not believed
    for row in sheet.iter_rows(values_only=True):
        yield tuple(_cell(value) for value in row)


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int | float):
        return float(value) if abs(value) < 1e300 else float("inf")
    if isinstance(value, dt.date | dt.datetime | dt.time):
        return value.isoformat()
    return str(value)


def _without_value(sheet: Any, values: list[Row]) -> frozenset[tuple[int, int]]:
    found = set()
    sheet.reset_dimensions()
    for i, row in enumerate(sheet.iter_rows(values_only=True)):
        for j, value in enumerate(row):
            here = values[i][j] if i < len(values) and j < len(values[i]) else None
            if here is None and isinstance(value, str) and value.startswith(FORMULA):
                found.add((i, j))
    return frozenset(found)


def _bounded(rows: Iterator[Row], name: str, most: int, room: Room) -> list[Row]:
    out: list[Row] = []
    for row in rows:
        last = next((k for k in range(len(row), 0, -1) if row[k - 1] is not None), 0)
        if len(out) >= most or last > MOST_COLUMNS:
            raise too_large(name, most, MOST_COLUMNS)
        room.hold(last, name, most)
        out.append(tuple(room.word(cell) if isinstance(cell, str) else cell for cell in row[:last]))
    while out and all(cell is None for cell in out[-1]):
        out.pop()
    return out


def _ods(content: bytes, limits: Mapping[str, int]) -> dict[str, list[Row]]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed, packed.open("content.xml") as stream:
        return read_ods(stream, limits, MOST_COLUMNS)


def _csv(content: bytes, shown: str, headings: set[str]) -> list[Row]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise SokeError("The text is written in UTF-16.", "Save it as CSV UTF-8, or as .xlsx.", shown)
    first = text.partition("\n")[0]
    for sign, word in ((";", "semicolons"), ("\t", "tabs")):
        if "," not in first and first.count(sign) > 1:
            fact = f"The cells are parted by {word}, not by commas."
            raise SokeError(
                fact, "Save it with commas (CSV UTF-8), or as .xlsx: a comma in a number must be told.", shown
            )
    if "\x00" in text:
        raise SokeError("This is neither a workbook nor a table of text.", "Name an .xlsx, .ods or .csv file.", shown)
    try:
        return _bounded(_kept(csv.reader(io.StringIO(text, newline="")), headings), "", MOST_ROWS, Room())
    except csv.Error as error:
        raise SokeError(f"This is no table of text: {error}.", "Download it again.", shown) from error


def _kept(rows: Iterator[list[str]], headings: set[str]) -> Iterator[Row]:
    first = next(rows, [])
    known = [k for k, text in enumerate(first) if text.strip().casefold() in headings]
    kept = known if known and len(first) > WIDE else list(range(min(len(first), MOST_COLUMNS)))
    for row in itertools.chain([first], rows):
        yield tuple((row[k].strip() or None) if k < len(row) else None for k in kept)
