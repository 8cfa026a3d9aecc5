"""``soke data import``: figures of official workbooks, so that they replace what Soke estimates."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.output import tell
from soke.england.imported import CONSTITUENCY
from soke.text import counted, financial_year, listed, start_year


def import_workbooks(
    workbooks: list[Path] = typer.Argument(help="Official workbooks as downloaded: .xlsx, .ods or .csv."),
    to: Path = typer.Option(..., "--to", help="Folder for the figures; made if it is not there."),
    year: str = typer.Option("", "--year", help="Financial year of a workbook that does not say its own: 2026-27."),
) -> None:
    """Read official workbooks and write their figures as tidy CSV, one file a kind of workbook and year.

    Known are the Core Spending Power table, Key Information, the Fair Funding calculator, Council Tax levels (Table 9,
    Table 10), NNDR3, the Revenue Outturn series, benefit expenditure by local authority (DWP), the Survey of Personal
    Incomes (HMRC, tables 3.12 to 3.15a) and section 251 (DfE, planned expenditure). Another layout stops with what was
    found and what was expected. A layout that nobody has held against a real file says so: compare a few figures.

    Example: soke data import CSP_information_table_LGFS_2025-26.xlsx --to official
    """
    from soke.england.official.reader import read_workbook  # noqa: PLC0415 - openpyxl is slow to import
    from soke.england.official.tidy import tidy_files, write_files  # noqa: PLC0415

    asked = start_year(year) if year else None
    readings = [read_workbook(path, asked) for path in workbooks]
    files = tidy_files(readings)
    write_files(files, to)  # nothing is written before all was read
    for reading in readings:
        years = ", ".join(financial_year(y) for y in reading.years)
        tell(f"{reading.workbook}: {reading.title}, edition {reading.edition}.")
        tell(f"  {len(reading.figures):,} figures of {_areas({f.code for f in reading.figures})} for {years}.")
        if reading.unverified and reading.given <= set(reading.unverified):
            tell("  The layout is unverified: nobody has held it against a real file. Compare a few with the workbook.")
        elif reading.unverified:
            tell(f"  Compare a few with the workbook, nobody has confirmed where they stand in it: "
                       f"{', '.join(reading.unverified)}.")  # fmt: skip
        if reading.absent:
            tell(f"  Not in this workbook, or not under the headings expected: {', '.join(reading.absent)}.")
        for note in reading.notes:
            tell(f"  {note}")
    tell(f"Wrote {len(files)} file{'s' if len(files) > 1 else ''} to {to}.")


def _areas(codes: set[str]) -> str:
    seats = sum(code.startswith(CONSTITUENCY) for code in codes)
    others = [counted(len(codes) - seats, "authority", "authorities")] if seats < len(codes) else []
    return listed(others + ([counted(seats, "constituency", "constituencies")] if seats else []))
