"""A deal file as an Excel workbook, one sheet a table, and back. Comments are not carried."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from soke.deal.cells import EMPTY, EMPTY_TABLE, Form, cell_text, plain_text, read, written
from soke.deal.document import Document, Node, read_document
from soke.deal.finding import Finding
from soke.deal.reader import PlaceNames, load_deal, read_layers
from soke.deal.sheets import ROOT, Rows, column, columns, from_rows, layout, nearest, to_rows
from soke.deal.toml_text import toml_text
from soke.errors import Location, SokeError
from soke.files import read_whole
from soke.workbooks import workbook_content

README = "read me"
LARGEST, UNPACKED = 5_000_000, 50_000_000  # bytes of the file, and of what is packed in it
MOST_ROWS, MOST_COLUMNS = 5_000, 1_000
RISKY = ("=", "+", "-", "@")  # a text that starts so is marked as text, or it would run when somebody edits it
HEAD = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="1F3A5F")
WRAPPED = Alignment(wrap_text=True, vertical="top")


def deal_workbook(path: Path, places: PlaceNames) -> bytes:
    """The XLSX file of a deal file: its own tables, not what it takes from the framework.

    SokeError where the deal cannot be read whole, or holds what no cell can.
    """
    load_deal(path, places)
    document = read_document(path)
    if isinstance(document, Finding):
        raise SokeError(document.fact, document.fix, document.at)
    rows = to_rows(document.root)
    book = Workbook()
    _read_me(book.active, cell_text(document.root.text("title"), document.root.at))
    for name in sorted(layout(), key=lambda name: not rows[name]):  # the empty ones, ready to be filled in, come last
        _write_sheet(book.create_sheet(name), rows[name])
    return workbook_content(book, document.root.text("title"))


def _read_me(sheet: Any, title: str) -> None:
    sheet.title = README
    sheet.column_dimensions["A"].width = 110
    sentences = (
        f'This is the deal "{title}", one sheet a table and one row an item; '
        "`soke sheet THIS-FILE.xlsx NEW.toml` makes a deal file of it again, without comments.",
        f"An empty cell leaves its key out and {EMPTY} writes an empty one; write a list as first; second (with "
        "\\; for a semicolon in a text), money in pounds, shares from 0 to 1, financial years as text, no formulas.",
    )
    for line, sentence in enumerate(sentences, start=1):
        _put(sheet.cell(line, 1), sentence)


def _write_sheet(sheet: Any, rows: list[Node]) -> None:
    sheet.freeze_panes = "A2"
    for number, name in enumerate(_names(sheet.title, rows), start=1):
        found = column(sheet.title, name)
        form = found[1] if found else EMPTY_TABLE
        head = sheet.cell(1, number)
        at = next((row.table[name].at for row in rows if name in row.table), None)
        _put(head, cell_text(name, at))
        head.font, head.fill = HEAD
        widest = len(name)
        for line, row in enumerate(rows, start=2):
            if name in row.table:
                cell = sheet.cell(line, number)
                _put(cell, written(row.table[name]), form.format)
                widest = max(widest, len(str(cell.value)))
        _for_new_rows(sheet, get_column_letter(number), min(widest + 4, 60), form)


def _names(sheet: str, rows: list[Node]) -> list[str]:
    """The headings of a sheet: every column that it can have, free keys as far as they are used."""
    used = dict.fromkeys(name for row in rows for name in row.table)
    names: list[str] = []
    for known in columns(sheet):
        names += [name for name in used if name.startswith(known)] if known.endswith(".") else [known]
    return names + [name for name in used if name not in names]


def _for_new_rows(sheet: Any, letter: str, width: int, form: Form) -> None:
    """Width, format and choices of a column, so that rows that people add come out right."""
    sheet.column_dimensions[letter].width = width
    sheet.column_dimensions[letter].number_format = form.format
    if form.choices:
        choices = DataValidation(type="list", formula1=f'"{",".join(form.choices)}"', allow_blank=True)
        choices.add(f"{letter}2:{letter}{MOST_ROWS}")
        sheet.add_data_validation(choices)


def _put(cell: Any, value: Any, form: str = "General") -> None:
    cell.value = value
    cell.alignment = WRAPPED
    cell.number_format = f"{form}.00" if isinstance(value, Decimal) and form == "#,##0" else form
    if isinstance(value, str):
        cell.data_type = "s"  # never a formula
        cell.quotePrefix = value.startswith(RISKY)


def deal_text(path: Path, places: PlaceNames) -> str:
    """The deal file of an XLSX file, as TOML text.

    SokeError with the sheet and the cell where the workbook or the deal in it cannot be read whole.
    """
    try:
        root = from_rows(_rows(path))
        reading = read_layers([Document(root, ())], places, path.parent)
        if reading.findings:
            first = min(reading.findings)
            more = len(reading.findings) - 1
            raise SokeError(first.fact, first.fix + (f" There are {more} more faults." if more else ""), first.at)
    except SokeError as error:
        raise SokeError(error.fact, error.fix, _cell_name(error.where)) from None
    return toml_text(_plain(root))


def _plain(node: Node) -> Any:
    if isinstance(node.value, dict):
        return {key: _plain(inner) for key, inner in node.table.items()}
    return [_plain(inner) for inner in node.items] if isinstance(node.value, list) else node.value


def _cell_name(where: Location | str | None) -> Location | str | None:
    if isinstance(where, Location) and ", sheet " in where.file:
        return f"{where.file}, cell {get_column_letter(where.column)}{where.line}"
    return where


def _rows(path: Path) -> Rows:
    """The rows of every sheet but the first words."""
    rows: Rows = {}
    content = read_whole(path, str(path), LARGEST)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says what it leaves out, such as drop-down lists
        for sheet in _open(content, path).worksheets:
            if sheet.title == README:
                continue
            if sheet.title not in layout():
                known = ", ".join(layout())
                raise SokeError(
                    f'No table is called "{sheet.title}".', f"Remove the sheet. The sheets are {known}.", str(path)
                )
            rows[sheet.title] = _read_sheet(sheet, path)
    if not rows.get(ROOT):
        raise SokeError(
            f'There is no sheet "{ROOT}" with a row.', "Start from `soke sheet DEAL.toml NEW.xlsx`.", str(path)
        )
    return rows


def _open(content: bytes, path: Path) -> Workbook:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > UNPACKED:
                raise SokeError("The workbook unpacks to far more than a deal.", "Name another file.", str(path))
        return load_workbook(io.BytesIO(content), read_only=True)
    except SokeError:
        raise
    except Exception as error:  # a broken file breaks the library in ways that it does not declare
        raise SokeError("This is not an Excel workbook.", "Save it as .xlsx.", str(path)) from error


def _read_sheet(sheet: Any, path: Path) -> list[Node]:
    where = f'{path}, sheet "{sheet.title}"'
    heads: list[str] = []
    rows = []
    for line, cells in enumerate(_lines(sheet, where), start=1):
        filled = [
            (Location(where, line, k), cell) for k, cell in enumerate(cells, start=1) if cell.value not in (None, "")
        ]
        if line == 1:
            heads = _heads(sheet.title, filled)
            continue
        table = {}
        for at, cell in filled:
            head = heads[at.column - 1] if at.column <= len(heads) else ""
            found = column(sheet.title, head) if head else None
            if found is None:
                raise SokeError("This column has no heading.", "Give it one, or clear the cell.", at)
            table[head] = _read_cell(head, cell, found[1], at)
        if table:
            rows.append(Node(table, Location(where, line)))
    return rows


def _lines(sheet: Any, where: str) -> Iterator[Any]:
    sheet.reset_dimensions()  # what a file claims of its size is not to be trusted
    line = 0
    try:
        for line, cells in enumerate(sheet.iter_rows(), start=1):
            if line > MOST_ROWS or len(cells) > MOST_COLUMNS:
                at = Location(where, line, len(cells) or 1)
                raise SokeError("The sheet is larger than any deal.", "Delete all that is beyond the table.", at)
            yield cells
    except SokeError:
        raise
    except Exception as error:  # as above: the rows are parsed as they are asked for
        raise SokeError("This row cannot be read.", "Type it again.", Location(where, line + 1)) from error


def _heads(sheet: str, filled: list[tuple[Location, Any]]) -> list[str]:
    heads: list[str] = []
    for at, cell in filled:
        head = plain_text(str(cell.value))
        if cell.data_type == "f" or column(sheet, head) is None:
            raise SokeError(f'The sheet has no column "{head[:80]}".', nearest(sheet, head), at)
        if head in heads:
            raise SokeError(f'The column "{head[:80]}" is there twice.', "Remove one of them.", at)
        heads += [""] * (at.column - 1 - len(heads)) + [head]
    return heads


def _read_cell(name: str, cell: Any, form: Form, at: Location) -> Node:
    if cell.data_type in ("f", "e"):
        what = "a formula" if cell.data_type == "f" else "an error"
        raise SokeError(f'"{name}" is {what}.', "Put its value there: copy, then paste values only.", at)
    return read(name, cell.value, form, at)
