"""``soke budget screen``: ballots that are worth a second look."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, emit, say
from soke.community.budgets.election import Election
from soke.community.budgets.pb import read_election
from soke.community.voting.screen import ALARM, Screen, Sign, old_ballots, screen
from soke.files import not_an_input, write_whole
from soke.spreadsheets import inert
from soke.text import clean

COLUMNS = (
    Column("verdict", ""),
    Column("trait", "ballots"),
    Column("project", "project"),
    Column("name", "name"),
    Column("votes", "votes", 0),
    Column("unusual", "of these", 0),
    Column("expected", "expected", 1),
    Column("z", "z", 1),
)
MOST = 3  # projects that are shown where nothing was found


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
    election = read_election(file)
    found = screen(election)
    rows = [_row("LOOK", one) for one in found.alarms] or [_row("", one) for one in found.judged[:MOST]]
    rows += [_row("for information", one) for one in found.remarks]
    notes = [_summary(found), *found.notes, *found.unscreened]
    extra = {"alarms": len(found.alarms), "judged": len(found.judged)}
    title = f"{file.name}: {len(election.ballots):,} ballots"
    if rows or as_json or as_csv:
        emit(rows, COLUMNS, as_json=as_json, as_csv=as_csv, title=title, extra=extra, notes=notes)
    else:
        print("\n".join(map(clean, (title, *notes))))
    if found.alarms:
        if ballots is not None:
            write_whole(ballots, _which(election, found.alarms))
            say(f"Which ballots they are is in {ballots}.")
        raise typer.Exit(1)


def _row(verdict: str, one: Sign) -> dict[str, str | float | int | None]:
    return {
        "verdict": verdict, "trait": one.trait, "project": one.project, "name": one.name, "votes": one.votes,
        "unusual": one.unusual, "expected": round(one.expected, 1), "z": round(one.z, 1),
    }  # fmt: skip


def _summary(found: Screen) -> str:
    if found.alarms:
        count = len(found.alarms)
        return f"Look at the ballots of {count} project{'' if count == 1 else 's'}: z is {ALARM:.0f} or more."
    if not found.judged:
        return "Nothing was judged."
    return f"Nothing to look at: of {len(found.judged)} projects none has a z of {ALARM:.0f} or more."


def _which(election: Election, alarms: tuple[Sign, ...]) -> bytes:
    old, ballots, text = old_ballots(election), election.ballots, io.StringIO()
    whose = np.repeat(np.arange(len(ballots)), np.diff(ballots.starts))
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["voter_id", "project", "trait"])
    for one in alarms:
        for number in whose[(ballots.chosen == election.index[one.project]) & old[whose]].tolist():
            writer.writerow([inert(ballots.voters[number]), inert(one.project), one.trait])
    return text.getvalue().encode()
