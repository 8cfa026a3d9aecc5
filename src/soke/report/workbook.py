"""The tables as one workbook, a sheet each, and the same bytes for the same tables."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from soke.spreadsheets import inert
from soke.table import Cell, Kind, Table
from soke.workbooks import ILLEGAL, workbook_content

FORMATS: dict[Kind, str] = {
    "count": "#,##0",
    "money": "#,##0.0",
    "change": "+#,##0.0;-#,##0.0;0",
    "pounds": "#,##0.00",
    "pounds-change": "+#,##0.00;-#,##0.00;0",
    "pence": "0.0",
    "pence-change": "+0.0;-0.0;0",
    "share": "0.0%",
    "share-change": "+0.0%;-0.0%;0.0%",
}


def workbook_bytes(title: str, tables: Sequence[Table]) -> bytes:
    """An XLSX file: a sheet that lists the tables, then each of them."""
    book = Workbook(write_only=True)
    contents = book.create_sheet("contents")
    contents.column_dimensions["A"].width, contents.column_dimensions["B"].width = 28, 100
    contents.append(["sheet", "what it shows"])
    names = {table.id: f"{k:02d} {table.id}"[:31] for k, table in enumerate(tables, start=1)}
    for table in tables:
        contents.append([names[table.id], _text(table.caption)])
    for table in tables:
        _sheet(book, names[table.id], table.filed())
    return workbook_content(book, title)


def _sheet(book: Workbook, name: str, table: Table) -> None:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "B2"
    for k, column in enumerate(table.columns, start=1):
        widest = max([len(column.key), *(len(str(row[k - 1])) for row in table.rows[:200] if row[k - 1] is not None)])
        sheet.column_dimensions[get_column_letter(k)].width = min(max(widest, 8) + 2, 60)
    header = []
    for column in table.columns:
        cell = WriteOnlyCell(sheet, column.key)
        cell.font = Font(bold=True)
        header.append(cell)
    sheet.append(header)
    for row in table.rows:
        sheet.append([_cell(sheet, cell, column.kind) for cell, column in zip(row, table.columns, strict=True)])


def _cell(sheet: object, value: Cell, kind: Kind) -> object:
    if isinstance(value, str):
        return _text(value)
    if value is None or kind not in FORMATS:
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = FORMATS[kind]
    return cell


def _text(text: str) -> str:
    return inert(ILLEGAL.sub("", text))
