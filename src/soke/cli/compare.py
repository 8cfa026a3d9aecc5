"""``soke compare``: two runs side by side, draw by draw."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, show
from soke.report.run import compare as runs


def compare(
    first: Path = typer.Argument(help="Folder of a run."),
    second: Path = typer.Argument(help="Folder of another run."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Set two runs side by side, draw by draw: the gap, what nobody knows, both purses, England, jobs, care.

    Both need the same seed and number of draws, so that luck is the same in both.

    Example: soke compare out/greater-manchester out/trial
    """
    show(runs.compare(first, second), as_json=as_json, as_csv=as_csv)
