"""``soke data import``: figures of official workbooks, so that they replace what Soke estimates."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, show, tell
from soke.england.imported import CONSTITUENCY
from soke.text import counted, financial_year, listed, start_year


def import_workbooks(
    workbooks: list[Path] = typer.Argument(help="Official workbooks as downloaded: .xlsx, .ods or .csv."),
    to: Path = typer.Option(..., "--to", help="Folder for the figures; made if it is not there."),
    year: str = typer.Option("", "--year", help="Financial year of a workbook that does not say its own: 2026-27."),
    replace: bool = typer.Option(False, "--replace", help="Put the figures in the place of others in the folder."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Show what would be written, and write nothing."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Read official workbooks and write their figures as tidy CSV, one file a kind of workbook and year.

    Known are the Core Spending Power table, Key Information, the Fair Funding calculator, Council Tax levels (Table 9
    of 2015-16 on, Table 10), the council tax base (CTB), NNDR3, the Revenue Outturn series and summary (RS), benefit
    expenditure by local authority (DWP), the Survey of Personal Incomes (HMRC, tables 3.12 to 3.15a) and section 251
    (DfE, planned expenditure). Another layout stops with what was found and what was expected. A layout that never met
    a real file says so: compare a few figures.

    A summary of what stands there now, and what would, comes before anything is written.

    Example: soke data import CSP_information_table_LGFS_2025-26.xlsx --to official
    """
    from soke.england.official.reader import Reading, read_workbook  # noqa: PLC0415 - openpyxl is slow to import
    from soke.england.official.summary import changes, unreplaced  # noqa: PLC0415
    from soke.england.official.tidy import tidy_files, write_files  # noqa: PLC0415
    from soke.report.tables.imports import imports  # noqa: PLC0415

    def told(reading: Reading) -> None:
        years = ", ".join(financial_year(y) for y in reading.years)
        tell(f"{reading.workbook}: {reading.title}, edition {reading.edition}.")
        figures = counted(len(reading.figures), "figure")
        tell(f"  {figures} of {_areas({f.code for f in reading.figures})} for {years}.")
        if reading.unverified and reading.given <= set(reading.unverified):
            tell("  The layout is unverified: nobody has held it against a real file. Compare a few with the workbook.")
        elif reading.unverified:
            tell(f"  Compare a few with the workbook, nobody has confirmed where they stand in it: "
                       f"{', '.join(reading.unverified)}.")  # fmt: skip
        if reading.absent:
            tell(f"  Not in this workbook, or not under the headings expected: {', '.join(reading.absent)}.")
        for note in reading.notes:
            tell(f"  {note}")

    asked = start_year(year) if year else None
    readings = [read_workbook(path, asked) for path in workbooks]
    files = tidy_files(readings)  # nothing is written before all was read
    table = imports(changes(readings, files, to))
    people = not (as_json or as_csv)
    for reading in readings if people else ():
        told(reading)
    show(table, as_json=as_json, as_csv=as_csv)
    if dry_run:
        return
    if not replace:
        unreplaced(files, to)
    write_files(files, to)
    if people:
        tell(f"Wrote {counted(len(files), 'file')} to {to}.")


def _areas(codes: set[str]) -> str:
    seats = sum(code.startswith(CONSTITUENCY) for code in codes)
    others = [counted(len(codes) - seats, "authority", "authorities")] if seats < len(codes) else []
    return listed(others + ([counted(seats, "constituency", "constituencies")] if seats else []))
