"""``soke verify``: the truth scoreboard, every published figure that Soke claims to reproduce worked out anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, console, print_table, say, show
from soke.report.truth import Truth, failed
from soke.report.truth import verify as worked_out
from soke.table import Column

SCORE = (
    Column("title", "rule"),
    Column("figures", "figures", "count"),
    Column("matching", "match", "count"),
    Column("within", "within"),
    Column("furthest", "largest gap"),
    Column("furthest_where", "where"),
)
BASIS = Column("basis", "basis")
MISSING = (
    Column("where", "where"),
    Column("figure_id", "figure"),
    Column("published", "published"),
    Column("here_exact", "here"),
    Column("reason", "why it is not reproduced"),
)
EXPLAINED = ("where", "figure", "published", "here", "explained")


def verify(
    every: bool = typer.Option(False, "--all", help="Print every figure, not the rules."),
    data: Path | None = typer.Option(None, help="A folder of official files: budgets and lotteries are counted again."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Work out again every published figure that Soke claims to reproduce, and list those that it does not.

    Exit status 0 when every claimed figure matches, 1 when one does not.

    Example: soke verify

    With --data, the published outcomes of community budgets and of lotteries are worked out again too; without it they
    are listed as not checked.

    Example: soke verify --all --csv

    Example: soke verify --data ../shared/data
    """
    truth = worked_out(data)
    if as_json or as_csv or every:
        show(truth.answer(every), as_json=as_json, as_csv=as_csv)
        if truth.counted and not (as_json or as_csv):
            print_table(truth.table("published_outcomes"))
        for sentence in truth.failures():
            say(sentence)
    else:
        _print(truth)
    if not truth.whole:
        raise typer.Exit(1)


def _print(truth: Truth) -> None:
    out, rules = console(), truth.table("scoreboard").showing(*SCORE, BASIS)
    said = tuple(f"{row['title']}: {row['note']}." for row in rules if row["note"])
    print_table(replace(rules, caption="By rule", notes=said))
    out.print()
    print_table(truth.table("scoreboard_cases").showing("case", *SCORE))
    out.print()
    missing = truth.table("not_reproduced").showing(*MISSING)
    print_table(replace(missing, caption=f"Not reproduced: {len(missing)} published figures or tables"))
    out.print()
    for check in truth.board.failures:
        out.print(failed(check), markup=False)
    out.print(truth.verdict(), markup=False)
    out.print()
    if truth.counted:
        _print_outcomes(truth)
    out.print(truth.outcomes_verdict(), markup=False)


def _print_outcomes(truth: Truth) -> None:
    print_table(truth.table("outcome_groups"))
    missing = truth.table("published_outcomes").where(lambda row: row["explained"] != "" and row["match"] == "no")
    if len(missing):
        console().print()
        caption = f"Not reproduced: {len(missing)} outcomes, each with its reason"
        print_table(replace(missing.showing(*EXPLAINED, explained="why it is not reproduced"), caption=caption))
    console().print()
    for sentence in truth.failed_outcomes():
        say(sentence)
