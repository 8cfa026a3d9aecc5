"""``soke cases``: the worked examples that a deal carries, run through its own conditions."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, say, show
from soke.deal.reader import load_deal
from soke.england.places import places
from soke.report.tables.deals import worked_cases


def cases(
    deal: Path = typer.Argument(help="A deal file."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Run the worked cases that a deal carries: what its conditions give, and what the deal says they should.

    Exit status 0 all agree, 1 one differs, 2 the file cannot be read.

    Example: soke cases deals/greater-manchester.toml

    Example: soke cases deals/norfolk-and-suffolk.toml --json
    """
    answer = worked_cases(load_deal(deal, places(), in_part=True))
    show(answer, as_json=as_json, as_csv=as_csv)
    differ = answer.facts["differ"]
    if not (as_json or as_csv):
        say(_closing(len(answer.table), differ))
    if differ:
        raise typer.Exit(1)


def _closing(lines: int, differ: int) -> str:
    if not lines:
        return "The deal carries no worked case: add a [[case]] for each condition."
    if differ:
        return f"{differ} of {lines} come out otherwise than the deal says. Correct the case or the condition."
    return f"All {lines} come out as the deal says."
