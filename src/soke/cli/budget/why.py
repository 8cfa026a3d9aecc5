"""``soke budget why``: why projects did not win, for those who voted for them; and whether the outcome is fair."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from soke.cli.budget.count import INVALID
from soke.cli.budget.rule import rule_options
from soke.cli.output import CSV_OPTION, JSON_OPTION, console, show
from soke.community.budgets.counted import Explained, explained, read_file
from soke.errors import SokeError
from soke.report.tables.budget import reasons_with_checks
from soke.text import clean, one_line

_SHOWN_NAME = 80


@rule_options
def why(
    ballots: Path = typer.Argument(help="A .pb file: META, PROJECTS, VOTES."),
    projects: list[str] | None = typer.Argument(None, help="Ids of projects."),
    every: bool = typer.Option(False, "--all", help="Every project that did not win."),
    invalid: str = INVALID,
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
    *,
    manifest: Path | None,
    asked: Mapping[str, Any],
) -> None:
    """Say why projects did not win: what their supporters had left, how much or how many votes they were short of, what
    else their supporters got. Then whether every large group got its part of the money.

    Take the rule of the count from its --manifest; the ballots and the outcome must then be the manifest's. Without it
    and without --rule it is the rule that META names, else equal shares with add1.

    Exit status 1: the count does not give the manifest's outcome. Exit status 2: the file, a project or an option is
    not right.

    Example: soke budget why ballots.pb 17 23 --manifest result/manifest.json

    Example: soke budget why ballots.pb --all --rule greedy
    """
    if bool(projects) == every:
        raise SokeError("Name projects by their ids, or --all.", "soke budget why ballots.pb 17 23")
    election = read_file(ballots, invalid, manifest)
    result = explained(election, None if every else projects, asked, manifest)
    if as_json or as_csv:
        show(reasons_with_checks(result), as_json=as_json, as_csv=as_csv)
    else:
        _print(result)
    if result.differs:
        raise typer.Exit(1)


def _print(result: Explained) -> None:
    out, projects = console(), result.outcome.election.projects
    for loser in result.reasons:
        name = one_line(projects[loser.number].name)[:_SHOWN_NAME]
        if name:
            out.print(name, markup=False)
        out.print(clean(loser.words), markup=False)
        out.print()
    for check in result.checks:
        out.print(clean(f"{check.name}: {'yes' if check.passes else 'no'}. {check.words}"), markup=False)
    for note in result.notes:
        out.print(clean(note), markup=False)
