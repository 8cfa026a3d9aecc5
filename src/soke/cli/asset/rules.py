"""``soke asset rules``: the tables of steps and clocks, each row with its law, its grade and its source."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.asset.shared import day_asked
from soke.cli.output import CSV_OPTION, JSON_OPTION, show
from soke.community.assets.rules import read_regime, regime
from soke.report.tables.assets import clocks, regimes


def rules(
    name: str = typer.Argument("", help="The id of a regime, or a file of rules of your own; none: which there are."),
    on: str = typer.Option("", "--on", help="Only clocks in force on this day."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Print the rules: which clock starts from which step, how long it runs, under which law, how far to trust it.

    --json and --csv have every column, with the source and the note of each row.

    Example: soke asset rules

    Example: soke asset rules community-right-to-bid --on 2026-04-20 --csv
    """
    if not name:
        show(regimes(), as_json=as_json, as_csv=as_csv)
        return
    named = read_regime(Path(name)) if name.endswith(".toml") else regime(name)
    show(clocks(named, day_asked(on) if on else None), as_json=as_json, as_csv=as_csv)
