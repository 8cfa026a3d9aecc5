"""``soke compare``: two runs side by side, the four numbers of each and what differs draw by draw."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, console, print_table, show, tell
from soke.report.compare_page import write_page
from soke.report.run import compare as runs
from soke.text import clean


def compare(
    first: Path = typer.Argument(help="Folder of a run."),
    second: Path = typer.Argument(help="Folder of another run."),
    page: Path | None = typer.Option(None, "--page", help="Also write it as a page: an .html file."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Set two runs side by side: their four numbers, then what differs draw by draw.

    Draw by draw stand the gap, what nobody knows, both purses, England, jobs and care. Both runs need the same seed and
    number of draws, so that luck is the same in both.

    Example: soke compare out/greater-manchester out/trial

    Example: soke compare out/greater-manchester out/trial --page compared.html
    """
    found = runs.compare(first, second)
    if page is not None:
        write_page(page, found)
    if as_json or as_csv:
        show(found.answer, as_json=as_json, as_csv=as_csv)
        return
    console().print(clean(found.sentence), style="bold", markup=False, soft_wrap=True)
    for table in (found.numbers, found.series):
        if table.rows:
            console().print()
            print_table(table)
    if page is not None:
        tell(f"Wrote {page}.")
