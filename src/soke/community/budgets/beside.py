"""What voters got from an outcome, and what greedy would have funded beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from soke.community.budgets.districts import count
from soke.community.budgets.election import Election
from soke.community.budgets.outcome import Outcome
from soke.community.budgets.supporters import once

BESIDE = "greedy"  # the rule that most cities have: what every outcome is seen beside


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """``funded[n]`` voters chose ``n`` of the winners. ``greedy_none``: the per cent of voters that chose none of what
    greedy funds. ``only_here`` and ``only_greedy``: ids of what only one of the two funds."""

    funded: tuple[int, ...]
    greedy_ids: tuple[str, ...]
    greedy_total: int
    greedy_none: Fraction
    only_here: tuple[str, ...]
    only_greedy: tuple[str, ...]


def beside(outcome: Outcome) -> Beside:
    """The outcome beside greedy by votes with the same thresholds, conflicts, points and ties."""
    election = outcome.election
    parameters = replace(outcome.parameters, rule=BESIDE, part_funding=None)
    greedy = outcome if parameters == outcome.parameters else count(election, parameters)
    voters = max(len(election.ballots), 1)
    here, there = set(outcome.winners), set(greedy.winners)
    ids = [project.id for project in election.projects]
    return Beside(
        funded=funded(election, outcome.winners), greedy_ids=greedy.ids, greedy_total=greedy.total,
        greedy_none=Fraction(100 * funded(election, greedy.winners)[0], voters),
        only_here=tuple(ids[winner] for winner in outcome.winners if winner not in there),
        only_greedy=tuple(ids[winner] for winner in greedy.winners if winner not in here),
    )  # fmt: skip


def funded(election: Election, winners: Iterable[int]) -> tuple[int, ...]:
    """How many ballots chose none, one, two, ... of the winners: as many numbers as there are winners, and one. No
    project is chosen by who gives it no points, or points below zero, nor twice by who names it twice."""
    ballots, chosen = election.ballots, np.zeros(len(election.projects), np.int64)
    numbers = list(winners)
    chosen[numbers] = 1
    counts = chosen[ballots.chosen]
    if ballots.points is not None:
        counts = np.where(ballots.points > 0, counts, 0)
    if ballots.invalid is not None:
        owner = np.repeat(np.arange(len(ballots)), np.diff(ballots.starts))
        counts = np.where(once(owner, ballots.chosen, len(election.projects)), counts, 0)
    total = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    each = total[ballots.starts[1:]] - total[ballots.starts[:-1]]
    return tuple(np.bincount(each, minlength=len(numbers) + 1).tolist())
