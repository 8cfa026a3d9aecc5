"""``soke budget why``: why projects did not win, for those who voted for them; and whether the outcome is fair."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import Any

import typer

from soke.cli.budget.rule import rule_options
from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, console, emit
from soke.community.budgets.asked import manifest_object
from soke.community.budgets.districts import count
from soke.community.budgets.election import Election
from soke.community.budgets.fairness import Check, ejr_plus, priceable
from soke.community.budgets.ledger import payments
from soke.community.budgets.manifest import differences
from soke.community.budgets.outcome import Outcome, WhyNot
from soke.community.budgets.pb import read_election
from soke.community.budgets.rule_of_file import rule_for
from soke.community.budgets.why import Reasons, losers
from soke.errors import SokeError
from soke.table import Cell
from soke.text import clean, one_line

COLUMNS = (
    Column("id", "id"),
    Column("name", "name"),
    Column("won", "won"),
    Column("votes", "votes"),
    Column("cost_hundredths", "cost"),
    Column("left_hundredths", "its supporters had left"),
    Column("short_hundredths", "short of"),
    Column("wins_at_hundredths", "would win at"),
    Column("more_votes", "more votes needed"),
    Column("nothing", "supporters with nothing"),
    Column("why", "why"),
)
_SHOWN_NAME = 80


@dataclass(frozen=True, slots=True)
class Explained:
    """An outcome, the reasons asked for, and the two checks of fairness."""

    outcome: Outcome
    found: Sequence[WhyNot]
    checks: Sequence[Check]
    notes: Sequence[str]


@rule_options
def why(
    ballots: Path = typer.Argument(help="A .pb file: META, PROJECTS, VOTES."),
    projects: list[str] | None = typer.Argument(None, help="Ids of projects."),
    every: bool = typer.Option(False, "--all", help="Every project that did not win."),
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
    election = read_election(ballots, clean(str(ballots)))
    numbers = None if every else _numbers(election, projects or [])
    rule = rule_for(election, asked)
    notes = [*rule.warnings, *rule.notes, *([] if any(asked.values()) else [rule.line])]
    outcome = count(election, rule.parameters)
    other = differences(manifest_object(manifest), outcome) if manifest else []
    reasons = Reasons(outcome)
    found = [reasons.why_not(one) for one in (losers(outcome) if numbers is None else numbers)]
    explained = Explained(outcome, found, (ejr_plus(outcome), priceable(payments(outcome))), [*notes, *other])
    if as_json or as_csv:
        rows = [row(election, one) for one in found]
        emit(rows, COLUMNS, as_json=as_json, as_csv=as_csv, notes=explained.notes, extra=_extra(explained))
    else:
        _print(explained)
    if other:
        raise typer.Exit(1)


def _numbers(election: Election, ids: Iterable[str]) -> list[int]:
    found = []
    for one in ids:
        if one not in election.index:
            raise SokeError(f'There is no project "{clean(one[:60])}".', "Name one by its id in the PROJECTS section.")
        found.append(election.index[one])
    return list(dict.fromkeys(found))


def row(election: Election, why: WhyNot) -> dict[str, Cell]:
    """Money in hundredths: what was left rounded down, what was missing rounded up."""
    project = election.projects[why.number]
    return {
        "id": project.id, "name": project.name, "won": "yes" if why.won else "no", "votes": why.votes,
        "cost_hundredths": why.cost, "left_hundredths": _whole(why.left, up=False),
        "short_hundredths": _whole(why.short, up=True), "wins_at_hundredths": _whole(why.wins_at, up=True),
        "more_votes": why.more_votes, "nothing": why.nothing, "why": why.words,
    }  # fmt: skip


def _whole(amount: Fraction | None, up: bool) -> int | None:
    return None if amount is None else ceil(amount) if up else floor(amount)


def _extra(explained: Explained) -> dict[str, object]:
    outcome = explained.outcome
    return {
        "winners": list(outcome.ids),
        "checks": [{"name": one.name, "passes": one.passes, "words": one.words} for one in explained.checks],
    }


def _print(explained: Explained) -> None:
    out, election = console(), explained.outcome.election
    for one in explained.found:
        name = one_line(election.projects[one.number].name)[:_SHOWN_NAME]
        if name:
            out.print(name, markup=False)
        out.print(clean(one.words), markup=False)
        out.print()
    for check in explained.checks:
        out.print(clean(f"{check.name}: {'yes' if check.passes else 'no'}. {check.words}"), markup=False)
    for note in explained.notes:
        out.print(clean(note), markup=False)
