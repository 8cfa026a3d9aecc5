"""Small workbooks of the official layouts, written by the tests themselves."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook

Rows = Sequence[Sequence[object]]
KEY_INFORMATION = ["ecode", "ons_code", "class", "enhanced", "authority", "tier_split_enhanced", "ffa_enhanced_2026",
                   "rsg_enhanced_2026", "bfl_enhanced_2026"]  # fmt: skip
MANCHESTER = ["E4203", "E08000003", "MD", "", "Manchester", 1, 400.5, 250.25, 150.25]
ADUR = ["E3831", "E07000223", "SD", "", "Adur", 1, 3.5, 1.5, 2.0]
LONDON = ["E5100", "E12000007", "GLA", "", "Greater London Authority", 1, 1200, 300, 900]


def xlsx(path: Path, sheets: Mapping[str, Rows]) -> Path:
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def key_information(path: Path, *rows: Sequence[object], head: Sequence[object] = KEY_INFORMATION) -> Path:
    above: Rows = [["Key information for local authorities"], [], ["Figures in GBP million"]]
    return xlsx(path, {"KI 2026-27": [*above, head, *(rows or (MANCHESTER, ADUR, LONDON))]})


def ods(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """An OpenDocument spreadsheet; runs of equal cells and empty rows are written as repetitions, as programs do."""
    out = []
    for name, rows in sheets.items():
        out.append(f"<table:table table:name={quoteattr(name)}>")
        for row in rows:
            out.append("<table:table-row>" + "".join(_ods_cell(v) for v in row))
            out.append('<table:table-cell table:number-columns-repeated="16000"/></table:table-row>')
        out.append('<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>')
        out.append("</table:table>")
    spaces = " ".join(f'xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{p}:1.0"' for p in ("office", "table", "text"))
    body = f"<office:document-content {spaces}><office:body><office:spreadsheet>{''.join(out)}"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", body + "</office:spreadsheet></office:body></office:document-content>")
    return path


def _ods_cell(value: object) -> str:
    if value is None:
        return '<table:table-cell table:number-columns-repeated="1"/>'
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'
