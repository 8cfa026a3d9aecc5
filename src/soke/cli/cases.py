"""``soke cases``: the worked examples that a deal carries, run through its own conditions."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, emit, say
from soke.deal.evaluation import Worked, worked_cases
from soke.deal.reader import load_deal
from soke.england.places import places

COLUMNS = (
    Column("case", "case"),
    Column("condition", "condition"),
    Column("given", "given"),
    Column("gives", "gives"),
    Column("says", "the deal says"),
    Column("verdict", "verdict"),
)


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
    read = load_deal(deal, places(), in_part=True)
    worked = list(worked_cases(read))
    named = {condition.id for condition in read.conditions}
    unknown = [(case.name, name, says) for case in read.cases for name, says in case.then.items() if name not in named]
    rows = [_row(one) for one in worked]
    rows += [
        {"case": case, "condition": name, "given": "", "gives": "no such condition", "says": says, "verdict": "differs"}
        for case, name, says in unknown
    ]
    differ = len(unknown) + sum(not one.agrees for one in worked)
    summary: dict[str, object] = {"deal": read.id, "lines": len(rows), "differ": differ}
    emit(rows, COLUMNS, as_json=as_json, as_csv=as_csv, title=f"Worked cases of {read.title}", extra=summary)
    if not (as_json or as_csv):
        say(_closing(len(rows), differ))
    if differ:
        raise typer.Exit(1)


def _row(one: Worked) -> dict[str, str | float | int | None]:
    return {"case": one.case, "condition": one.condition, "given": one.given, "gives": one.gives, "says": one.says,
            "verdict": "agrees" if one.agrees else "differs"}  # fmt: skip


def _closing(lines: int, differ: int) -> str:
    if not lines:
        return "The deal carries no worked case: add a [[case]] for each condition."
    if differ:
        return f"{differ} of {lines} come out otherwise than the deal says. Correct the case or the condition."
    return f"All {lines} come out as the deal says."
