"""``soke assembly verify``: everything that is claimed of a published draw, worked out again."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, show, tell, told_while
from soke.community.assemblies.checking import Round, check_folder
from soke.report.tables import assemblies
from soke.text import counted


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
    with told_while() as telling:
        rounds = check_folder(folder, without_people=without_people, published=statement, tell=telling)
    if as_json or as_csv:
        show(assemblies.checks(rounds), as_json=as_json, as_csv=as_csv)
    else:
        for turn, each in enumerate(rounds):
            _print(turn, each, without_people=without_people)
    if any(each.wrong for each in rounds):
        raise typer.Exit(1)


def _print(turn: int, checked: Round, *, without_people: bool) -> None:
    if turn:
        tell(f"Replacement {turn}:")
    for what, holds in checked.claims:
        tell(what if holds else f"WRONG: {what}")
    part = ", but for what needs people.csv" if without_people else ""
    wrong = len(checked.wrong)
    tell(f"NOT VERIFIED: {counted(wrong, 'thing')} wrong." if wrong else f"VERIFIED{part}.")
