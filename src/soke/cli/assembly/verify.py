"""``soke assembly verify``: everything that is claimed of a published draw, worked out again."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, emit
from soke.community.assemblies.checking import Round, check_folder
from soke.table import Cell
from soke.text import clean

COLUMNS = (Column("round", "round", 0), Column("holds", "holds"), Column("what", "what"))


def verify(
    folder: Path = typer.Argument(help="The published folder of a draw."),
    without_people: bool = typer.Option(
        False, "--without-people", help="people.csv and chances.csv were not published: leave out what needs them."
    ),
    statement: list[str] = typer.Option(
        [], "--statement", help="The SHA-256 of a statement, as published before the draw. Repeat it for replacements."
    ),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Check a published draw from its folder: the quotas of each panel, each person's chance, the bound, the number.

    The bound is checked by adding and multiplying fractions, without a solver, but where a step says that it rests on
    a search: that search is repeated. Replacements in the folder are checked too.

    What was published before the draw stands only where its SHA-256 is known from elsewhere: give it with --statement.

    Exit status 0 when everything holds, 1 when something does not.

    Example: soke assembly verify draw
    """
    rounds = check_folder(folder, without_people=without_people)
    _compare(rounds, {one.strip().lower() for one in statement})
    if as_json or as_csv:
        rows = [_row(turn, holds, what) for turn, one in enumerate(rounds) for what, holds in _all(one)]
        emit(rows, COLUMNS, as_json=as_json, as_csv=as_csv, extra={"verified": not any(r.wrong for r in rounds)})
    else:
        for turn, one in enumerate(rounds):
            _print(turn, one, without_people=without_people)
    if any(one.wrong for one in rounds):
        raise typer.Exit(1)


def _compare(rounds: list[Round], published: set[str]) -> None:
    """The SHA-256 of each statement, against those that were published before."""
    strange = published - {one.statement.hash for one in rounds}
    if strange or (published and rounds[0].statement.hash not in published):
        rounds[0].wrong.append("The statement is not the one that was published before the draw.")
    for one in rounds:
        known = "not compared with what was published before: give that with --statement."
        if one.statement.hash in published:
            known = "as published before."
        one.said.append(f"SHA-256 of the statement: {one.statement.hash}, {known}")


def _print(turn: int, one: Round, *, without_people: bool) -> None:
    if turn:
        print(f"Replacement {turn}:")
    for what, holds in _all(one):
        print(clean(what if holds else f"WRONG: {what}"))
    part = ", but for what needs people.csv" if without_people else ""
    print(f"NOT VERIFIED: {len(one.wrong)} thing{'' if len(one.wrong) == 1 else 's'} wrong." if one.wrong
          else f"VERIFIED{part}.")  # fmt: skip


def _all(one: Round) -> list[tuple[str, bool]]:
    return [*((what, True) for what in one.said), *((what, False) for what in one.wrong)]


def _row(turn: int, holds: bool, what: str) -> dict[str, Cell]:
    return {"round": turn, "holds": "yes" if holds else "no", "what": what}
