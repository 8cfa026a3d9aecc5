"""``soke verify``: the truth scoreboard, every published figure that Soke claims to reproduce worked out anew."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import typer

from soke.cli import verify_outcomes as published
from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, console, emit, say
from soke.community.published import PublishedOutcome
from soke.model.funding.truth.scoreboard import Check, NotReproduced, RuleScore, Scoreboard, scoreboard, verdict
from soke.table import Cell
from soke.text import financial_year

RULES = (
    Column("words", "rule"),
    Column("figures", "figures", 0),
    Column("matching", "match", 0),
    Column("within", "within"),
    Column("furthest", "largest gap"),
    Column("where", "where"),
    Column("basis", "basis"),
)
CASES = (Column("name", "no."), *RULES[:6])
MISSING = (
    Column("where", "where"),
    Column("figure", "figure"),
    Column("published", "published"),
    Column("found", "here"),
    Column("reason", "why it is not reproduced"),
)
EVERY = (
    Column("case", "case"),
    Column("rule", "rule"),
    Column("place_code", "code"),
    Column("name", "where"),
    Column("figure", "figure"),
    Column("published", "published", 6),
    Column("here", "here", 6),
    Column("gap", "gap", 8),
    Column("gap_unit", "gap in"),
    Column("tolerance", "within", 8),
    Column("match", "match"),
    Column("grade", "grade"),
    Column("source", "source"),
)


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
    outcomes = published.outcomes(data)
    board = scoreboard()
    if as_json or as_csv or every:
        rows = [_check_row(c) for c in board.checks] if every else [_score_row(s) for s in board.summary()]
        extra = {
            "unit": "as each row says", "figures": len(board.checks),
            "matching": len(board.checks) - len(board.failures),
            "cases": [_score_row(s) for s in board.cases()],
            "failures": [_check_row(c) for c in board.failures],
            "not_reproduced": [_missing_row(n) for n in board.not_reproduced],
            "outcomes": {"checked": data is not None, "rows": [published.row(one) for one in outcomes]},
        }  # fmt: skip
        emit(rows, EVERY if every else RULES, as_json=as_json, as_csv=as_csv, extra=extra)
        if data is not None and not (as_json or as_csv):
            published.print_every(outcomes)
    else:
        _print(board, outcomes, data)
    if not board.whole or published.failing(outcomes):
        for check in board.failures if as_json or as_csv or every else ():
            say(_failed(check))
        if as_json or as_csv or every:
            published.tell_failures(outcomes)
        raise typer.Exit(1)


def _print(board: Scoreboard, outcomes: Sequence[PublishedOutcome], data: Path | None) -> None:
    out = console()
    emit([_score_row(s) for s in board.summary()], RULES, as_json=False, as_csv=False, title="By rule",
         notes=[f"{s.words}: {s.note}." for s in board.summary() if s.note])  # fmt: skip
    out.print()
    emit([_score_row(s) for s in board.cases()], CASES, as_json=False, as_csv=False, title="The numbered cases")
    out.print()
    emit([_missing_row(n) for n in board.not_reproduced], MISSING, as_json=False, as_csv=False,
         title=f"Not reproduced: {len(board.not_reproduced)} published figures or tables")  # fmt: skip
    out.print()
    for check in board.failures:
        out.print(_failed(check), markup=False)
    out.print(verdict(board), markup=False)
    published.print_outcomes(outcomes, data)


def _failed(check: Check) -> str:
    if check.here is None:
        return f"No figure: {check.row.rule}, {check.row.figure}, {check.where}: published {check.published:,.8g}."
    return (
        f"Does not match: {check.row.rule}, {check.row.figure}, {check.where}: published {check.published:,.8g}, "
        f"here {check.here:,.8g}."
    )


def _score_row(score: RuleScore) -> dict[str, Cell]:
    return {**dataclasses.asdict(score), "within": score.within, "furthest": score.furthest}


def _check_row(check: Check) -> dict[str, Cell]:
    row = check.row
    return {
        "case": row.case, "rule": row.rule, "place_code": check.code, "name": check.where,
        "year": financial_year(row.year), "figure": row.figure, "unit": row.unit, "published": check.published,
        "here": check.here, "gap": check.gap, "gap_unit": "of the figure" if row.kind == "relative" else row.unit,
        "tolerance": row.tolerance, "match": "yes" if check.matches else "no", "basis": row.basis,
        "grade": row.grade, "source": row.source,
    }  # fmt: skip


def _missing_row(missing: NotReproduced) -> dict[str, Cell]:
    row = missing.row
    here = missing.found if missing.here is None else f"{missing.here:,.8g}"
    return {
        "where": missing.where, "rule": row.rule, "place_code": row.code, "year": financial_year(row.year),
        "figure": row.figure, "unit": row.unit, "published": missing.published or "not to hand",
        "found": here or "nothing", "here": missing.here, "gap": missing.gap, "reason": row.reason,
        "source": row.source,
    }  # fmt: skip
