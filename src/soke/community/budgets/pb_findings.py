"""What is odd in an election that was read, but cannot change who wins: told beside the count, never a reason to stop.

Our own ballot box takes no age beyond 120; a published file may hold one of 200 (Wroclaw 2025 does) and must still be
counted, because the outcome that was published counted it.
"""

from __future__ import annotations

import re

import numpy as np

from soke.community.budgets.election import Election

OLDEST = 120  # years; nobody older is on record but one
_AGE = re.compile(r"-?\d{1,9}(?:\.0)?", re.ASCII)


def findings(election: Election, most: int = 12) -> tuple[str, ...]:
    """Plain sentences, none where nothing is odd; ``most`` invalid ballots are told one by one."""
    invalid = election.ballots.invalid
    told = (
        invalid.told(most) if invalid else "", _ages(election), _empty(election), _few_points(election),
        _no_points(election), _dear(election), _free(election),
    )  # fmt: skip
    return tuple(one for one in told if one)


def _ages(election: Election) -> str:
    ages = election.ballots.columns.get("age", ())
    odd = {age for age in set(ages) if age.strip() and not _possible(age.strip())}
    if not odd:
        return ""
    count = sum(age in odd for age in ages)
    shown = ", ".join(sorted(odd)[:5])
    return f"{_ballots(count)} with an age that nobody has ({shown}). They are counted as published."


def _possible(age: str) -> bool:
    return _AGE.fullmatch(age) is not None and 0 <= float(age) <= OLDEST


def _empty(election: Election) -> str:
    count = int((np.diff(election.ballots.starts) == 0).sum())
    return f"{_ballots(count)} with no project chosen; they count among the voters." if count else ""


def _few_points(election: Election) -> str:
    said, points = election.meta.get("min_sum_points", ""), election.ballots.points
    if points is None or not said.isdecimal():
        return ""
    total = np.concatenate([np.zeros(1, np.int64), np.cumsum(points)])
    given = total[election.ballots.starts[1:]] - total[election.ballots.starts[:-1]]
    count = int((given < int(said)).sum())
    if not count:
        return ""
    return f"{_ballots(count)} with fewer points than META asks for ({int(said):,}). They are counted as published."


def _no_points(election: Election) -> str:
    points = election.ballots.points
    if points is None:
        return ""
    below, none = int((points < 0).sum()), int((points == 0).sum())
    if below:
        said = (
            "of the points on ballots are below zero: they are taken off a project's points, and are no support for it"
        )
        return f"{below:,} {said} under equal shares and Phragmen."
    choices = f"{none:,} choice{'' if none == 1 else 's'}"
    return f"{choices} with 0 points: the project is named, and not supported." if none else ""


def _free(election: Election) -> str:
    free = [project.id for project in election.projects if not project.cost]
    shown = ", ".join(free[:5]) + (" and others" if len(free) > 5 else "")
    return f"Projects that cost nothing, and win where their votes let them: {shown}." if free else ""


def _dear(election: Election) -> str:
    dear = [project.id for project in election.projects if project.cost > election.budget]
    if not dear:
        return ""
    shown = ", ".join(dear[:5]) + (" and others" if len(dear) > 5 else "")
    return f"{len(dear)} of {len(election.projects)} projects cost more than the whole budget: {shown}."


def _ballots(count: int) -> str:
    return f"{count:,} ballot{'' if count == 1 else 's'}"
