"""``soke budget screen``: ballots that are worth a second look."""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, say, show, tell
from soke.community.budgets.counted import read_file
from soke.community.voting.screen import screen
from soke.files import not_an_input, write_whole
from soke.report.tables.budget import ballots_to_look_at, screened


def screen_command(
    file: Path = typer.Argument(metavar="FILE", help="An election with its ballots: a .pb file."),
    ballots: Path | None = typer.Option(None, help="Where something is found: write which ballots to look at, as CSV."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Look for projects with far more ballots of people aged 90 or more than the rest: a sign of invented voters.

    It accuses nobody. z says how many deviations a project is above its share; from 10 on somebody should look at its
    ballots, with the papers and the list of electors at hand. What else is uncommon is told for information: schools,
    care homes and tables with paper ballots explain most of it.

    Exit status 0: nothing to look at; 1: look at these ballots.

    Example: soke budget screen result/round.pb
    """
    if ballots is not None:
        not_an_input(ballots, [file])
    election = read_file(file, "keep")
    result = screen(election)
    answer = screened(election, result, file.name)
    if answer.table.rows or as_json or as_csv:
        show(answer, as_json=as_json, as_csv=as_csv)
    else:
        for line in (answer.table.caption, *answer.table.notes):
            tell(line)
    if result.alarms:
        if ballots is not None:
            write_whole(ballots, ballots_to_look_at(election, result))
            say(f"Which ballots they are is in {ballots}.")
        raise typer.Exit(1)
