"""``soke backtest``: how well the projection would have done from an earlier year."""

from __future__ import annotations

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, print_table, show, tell
from soke.errors import SokeError
from soke.model.economy.back_test import DRAWS, SEED
from soke.report.back_test import back_test
from soke.report.tables.back_test import SPARE


def backtest(
    start: int | None = typer.Option(None, help="A year from 2005 to 2018; 2010, 2015 and 2007 where none is given."),
    draws: int = typer.Option(DRAWS, help="Draws of each test."),
    seed: int = typer.Option(SEED, help="Seed of the draws."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Project from earlier years with nothing published later, and score it against what came, beside simple rules.

    Example: soke backtest

    Example: soke backtest --start 2012 --csv
    """
    if as_json and as_csv:
        raise SokeError("--json and --csv cannot be asked for together.", "Choose one.")
    found = back_test(start, draws, seed)
    if as_json or as_csv:
        show(found.answer, as_json=as_json, as_csv=as_csv)
        return
    if found.answer.facts["in_short"]:
        tell(f"{found.answer.facts['in_short']}\n")
    print_table(found.summary(), SPARE)
    tell("")
    print_table(found.table("back_test_groups"))
