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


# --- of the measured account: layouts as public code and notes describe them, figures made up

BENEFITS = [
    "Total", "Attendance Allowance", "Bereavement Support Payment", "Carer’s Allowance", "Disability Living Allowance",
    "of which children", "of which working age", "Discretionary Housing Payments", "Employment and Support Allowance",
    "Housing Benefit", "Income Support", "of which lone parents", "Jobseeker's Allowance", "Pension Credit",
    "Personal Independence Payment", "Severe Disablement Allowance", "State Pension", "of which basic State Pension",
    "Universal Credit", "Winter Fuel Payments [note 2]",
]  # fmt: skip
INCOMES = [
    f"{what}: {how}" for what in ("Self-employment income", "Employment income", "Pension income", "Total income")
    for how in ("Number of individuals", "Mean", "Median")
] + ["Total tax: Number of individuals", "Total tax: Mean", "Total tax: Median", "Total tax: Amount"]  # fmt: skip
INTERVAL = [f"Total tax: Amount ({how})" for how in ("Lower 95% CI", "Central Estimate", "Upper 95% CI")]
LINES = (
    ("1.0.1", "Individual schools budget (ISB)", 5e7), ("1.8.1", "Total Schools Budget (before recoupment)", 9e7),
    ("2.1.1", "Educational psychology service", 1e6), ("2.4.1", "Total Other Education and Community Budget", 2e7),
    ("3.6.1", "Total Children and Young People's Services", 6e7),
)  # fmt: skip


def benefits(code: str, name: str, *, credit: float | None = 100.0, in_total: bool = True) -> list[object]:
    """A row of the table of benefits. ``credit`` is Universal Credit, in the printed total or not."""
    own: dict[str, object] = {head: float(k) for k, head in enumerate(BENEFITS) if not head.startswith("of which")}
    own["Universal Credit"] = credit
    amounts = [v for head, v in own.items() if head != "Total" and isinstance(v, float)]
    own["Total"] = sum(amounts) - (credit or 0.0 if not in_total else 0.0)
    return [code, name, *(own.get(head, 1.0) for head in BENEFITS)]


def benefit_sheet(rows: Rows, head: Sequence[object] = BENEFITS) -> Rows:
    above: Rows = [["Benefit expenditure by local authority"], ["£ million, nominal terms"], []]
    return [*above, ["Area code", "Area name", *head], *rows]


def income_row(code: str, name: str, tax: object = 100.0) -> list[object]:
    """A row of the tables of incomes: 20 thousand people with 30,000 pounds of pay, 24 with 31,000 in all."""
    return [code, name, 3.0, 15000.0, 9000.0, 20.0, 30000.0, 25000.0, 8.0, 16000.0, 15000.0, 24.0, 31000.0, 26000.0,
            24.0, 4000.0, 2500.0, tax]  # fmt: skip


def income_sheet(rows: Rows, title: str, head: Sequence[object] = INCOMES) -> Rows:
    above: Rows = [[title], ["Some cells are [Not available]"], ["Numbers: thousands; Amounts: £ million"], []]
    return [*above, ["Area Codes", "Area", *head], *rows]


def education_rows(year: object, number: object, name: str, times: float = 1.0) -> Rows:
    """The lines of one return, in pounds: planned expenditure on education and children's services."""
    return [[year, "Any", number, name, k, text, line, 1.0, 2.0, pounds * times, 0.0, pounds * times]
            for k, (line, text, pounds) in enumerate(LINES)]  # fmt: skip


EDUCATION_HEAD = ["Financial year", "Table name", "Local authority number", "Local authority name", "Order line",
                  "Description", "Section 251 line", "Early years", "Primaries", "Gross", "Income", "Net"]  # fmt: skip
