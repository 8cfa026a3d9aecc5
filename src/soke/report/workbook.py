"""The tables as one workbook: a sheet that says what was run, then one each; the same bytes for the same tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from soke.report.contents import RunReport
from soke.spreadsheets import inert
from soke.table import WORDS, Cell, Column, Kind, Table
from soke.text import financial_year
from soke.workbooks import ILLEGAL, workbook_content

# digits after the point, of a kind that has them whatever its size
DIGITS: Mapping[Kind, int] = {"count": 0, "pounds": 2, "pounds-change": 2, "pence": 1, "pence-change": 1, "share": 1,
                              "share-change": 1}  # fmt: skip
LONGEST, LEAST = 60, 8  # letters across a column
HEADED = 24  # letters of a heading on a line
DAY = "d mmmm yyyy"
About: TypeAlias = "Sequence[tuple[str, Cell | dt.date]]"


def about(report: RunReport) -> About:
    """What was run, as the first sheet says it. No clock: the same run has the same bytes on any day."""
    deal, meta = report.deal, report.meta
    first, last = (financial_year(report.projection.years[k]) for k in (0, -1))
    return [
        ("Deal", deal.title), ("Id of the deal", deal.id), ("Place", report.account.name), ("Status", deal.status),
        ("Agreed on", deal.agreed or "not agreed"), ("Starts", financial_year(deal.starts)),
        ("Ends", financial_year(deal.ends)), ("Scenario", report.scenario.title),
        ("Years of the run", f"{first} to {last}"), ("Draws", meta.draws), ("Seed", meta.seed),
        ("Draws that failed", len(report.projection.failures)), ("Version of Soke", meta.version),
        ("Command", meta.command),
        *((f"SHA-256 of {file.path}", file.sha256) for file in meta.files),
        *((f"SHA-256 of the table {name}", sha) for name, sha in sorted(meta.data.items())),
    ]  # fmt: skip


def workbook_bytes(title: str, tables: Sequence[Table], what: About = ()) -> bytes:
    """An XLSX file: a sheet that says ``what`` was run and lists the tables, then each of them."""
    book = Workbook(write_only=True)
    names = {table.id: f"{k:02d} {table.id}"[:31] for k, table in enumerate(tables, start=1)}
    _contents(book, names, tables, what)
    for table in tables:
        _sheet(book, names[table.id], table.filed())
    return workbook_content(book, title)


def _contents(book: Workbook, names: Mapping[str, str], tables: Sequence[Table], what: About) -> None:
    sheet = book.create_sheet("contents")
    for letter, width in zip("ABC", (34, 80, 80), strict=True):
        sheet.column_dimensions[letter].width = width
    for label, value in what:
        sheet.append([_bold(sheet, _text(label)), _value(sheet, value)])
    if what:
        sheet.append([])
    sheet.append([_bold(sheet, head) for head in ("sheet", "what it shows", "notes")])
    for table in tables:
        sheet.append([names[table.id], *(_wrapped(sheet, said) for said in (table.caption, " ".join(table.notes)))])


def _sheet(book: Workbook, name: str, table: Table) -> None:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "B2"
    formats = [_format(column, table.column(column.key)) for column in table.columns]
    for k, column in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(k)].width = _width(column, table.column(column.key)[:200])
    sheet.append([_bold(sheet, column.key) for column in table.columns])
    for row in table.rows:
        sheet.append([_cell(sheet, cell, said) for cell, said in zip(row, formats, strict=True)])


def _format(column: Column, cells: Sequence[Cell]) -> str:
    """How a spreadsheet prints the figures of a column: thousands apart, with the decimals that the largest needs, a
    sign before every change, a share as a percentage; empty for text."""
    if column.kind in WORDS:
        return ""
    largest = max((abs(cell) for cell in cells if isinstance(cell, int | float)), default=0.0)
    digits = DIGITS.get(column.kind, 1 if largest >= 100 else 2 if largest >= 1 else 4)  # small sums are not hidden
    share = column.kind.startswith("share")
    shown = f"{'0' if share else '#,##0'}{'.' if digits else ''}{'0' * digits}{'%' if share else ''}"
    return f"+{shown};-{shown};{shown}" if column.kind.endswith("change") else shown


def _width(column: Column, cells: Sequence[Cell]) -> int:
    """Letters across: what the cells need, and the heading on a few lines."""
    said = [len(cell if isinstance(cell, str) else column.said(cell)) for cell in cells if cell is not None]
    return min(max([*said, min(len(column.key), HEADED), LEAST]) + 3, LONGEST)


def _bold(sheet: Any, said: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, said)
    cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    return cell


def _wrapped(sheet: Any, said: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, _text(said))
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _value(sheet: Any, value: Cell | dt.date) -> object:
    """A figure as it is, a text that nothing runs, a day as a day."""
    if isinstance(value, str):
        return _wrapped(sheet, value)
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = DAY if isinstance(value, dt.date) else "0"
    cell.alignment = Alignment(horizontal="left", vertical="top")
    return cell


def _cell(sheet: Any, value: Cell, said: str) -> object:
    if isinstance(value, str):
        return _wrapped(sheet, value) if len(value) > LONGEST else _text(value)
    if value is None or not said:
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = said
    return cell


def _text(text: str) -> str:
    return inert(ILLEGAL.sub("", text))
