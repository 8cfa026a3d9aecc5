"""``soke settle``: funding and council tax of any authority or area by rule, explained, and what if a rule changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, console, print_table, show
from soke.england.imported import read_imported
from soke.errors import SokeError
from soke.model.funding.truth.explain import explain
from soke.report.settled import settle
from soke.report.tables.settlement import parameters as parameters_table
from soke.text import start_year


def settlement_command(
    name: list[str] = typer.Argument(None, help="Authorities, or an area for all of its authorities; none for all."),
    year: str = typer.Option("2019-20", help="Financial year: 2015-16 to 2020-21; council tax to 2022-23."),
    explain_: str = typer.Option("", "--explain", metavar="PLACE", help="One authority as a worked example."),
    parameters: bool = typer.Option(False, "--parameters", help="List every dated figure of the rules."),
    set_: list[str] = typer.Option(
        [], "--set", help="What if: a rule's figure, such as business_rates.retention=0.75."
    ),
    reset: int | None = typer.Option(None, "--reset", help="What if: years between resets of the baselines, 0 never."),
    pool: list[str] = typer.Option([], "--pool", help="What if: an authority of a pool; give two or more."),
    years: int = typer.Option(10, "--years", help="Years of a what-if."),
    out: Path | None = typer.Option(None, "--out", help="Folder for the page and the table of a what-if."),
    figures: Path | None = typer.Option(None, "--figures", help="Folder of imported official figures."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Settle funding and council tax by rule from the year before, beside what was published.

    Example: soke settle Manchester Salford --year 2018-19

    Example: soke settle --year 2019-20 --explain Manchester

    Example: soke settle "Greater Manchester" --set business_rates.retention=0.75 --reset 5
    """
    if as_json and as_csv:
        raise SokeError("--json and --csv cannot be asked for together.", "Choose one.")
    names = list(name or [])
    if set_ or reset is not None or pool or out is not None:
        from soke.cli.what_if import what_if  # noqa: PLC0415 - draws in the whole model

        what_if(names, set_, reset, pool, years, out, as_json, as_csv, figures)
    elif parameters:
        show(parameters_table(), as_json=as_json, as_csv=as_csv)
    elif explain_:
        _explain(explain_, names, start_year(year), figures, as_json or as_csv)
    else:
        _settle(names, start_year(year), figures, as_json, as_csv)


def _explain(place: str, names: Sequence[str], year: int, figures: Path | None, table: bool) -> None:
    if names:
        raise SokeError(
            "--explain explains one authority.", f"Leave out {', '.join(names)[:60]}, or leave out --explain."
        )
    if table:
        raise SokeError("A worked example is text.", "Leave out --explain to have the figures as JSON or CSV.")
    console().print(explain(place, year, official=read_imported(figures)), markup=False, soft_wrap=True)


def _settle(names: Sequence[str], year: int, figures: Path | None, as_json: bool, as_csv: bool) -> None:
    settled = settle(names, year, figures)
    if as_json or as_csv:
        show(settled.answer, as_json=as_json, as_csv=as_csv)
    else:
        print_table(settled.summary())
