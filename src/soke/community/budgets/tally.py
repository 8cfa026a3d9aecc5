"""How many voters chose each project, and how many points they gave it.

A choice gives the points that its ballot says (cumulative), or what the city's map gives its place on a ranked ballot
(``Parameters.points``: 3, 2, 1 for first, second, third; or by the length of the ballot), or one. All whole numbers,
exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from soke.community.budgets.election import Election, Ints
from soke.community.budgets.rule import Parameters
from soke.community.budgets.supporters import points_of
from soke.errors import SokeError

LARGEST_POINTS = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """``votes`` and ``score`` (project,), in the order of the election's projects, of so many ``ballots``."""

    votes: Ints
    score: Ints
    ballots: int


def tally(election: Election, parameters: Parameters) -> Tally:
    """Votes and points of every project. SokeError where the map of points does not fit the ballots."""
    check_points(election, parameters)
    ballots, size = election.ballots, len(election.projects)
    votes = np.bincount(ballots.chosen, minlength=size).astype(np.int64)
    score = np.zeros(size, np.int64)
    np.add.at(score, ballots.chosen, points_of(ballots, parameters))  # exact; a weighted bincount adds floats
    return Tally(votes=votes, score=score, ballots=len(ballots))


def check_points(election: Election, parameters: Parameters) -> None:
    """SokeError where points by place are asked for ballots that are not ranked, or are no such points."""
    points = parameters.points
    if parameters.by_length and election.kind != "ordinal":
        fact = f"Points by the length of a ballot are for ranked ballots; these ballots are {election.kind}."
        raise SokeError(fact, "Leave the points out.")
    shown = ",".join(map(str, points))[:60]
    if points and election.kind != "ordinal":
        fact = f"Points by place ({shown}) are for ranked ballots; these ballots are {election.kind}."
        raise SokeError(fact, "Leave the points out.")
    falling = all(a >= b for a, b in pairwise(points))
    if points and not (falling and points[-1] >= 0 and 0 < points[0] <= LARGEST_POINTS):
        fact = f"Points by place cannot be {shown}."
        raise SokeError(fact, f"Give whole numbers up to {LARGEST_POINTS:,}, none above the one before it: 3,2,1.")


def place_counts(election: Election) -> Ints:
    """How many ballots put each project first, second, ...: (project, place)."""
    ballots = election.ballots
    lengths = np.diff(ballots.starts)
    place = np.arange(len(ballots.chosen)) - np.repeat(ballots.starts[:-1], lengths)
    counts = np.zeros((len(election.projects), int(lengths.max(initial=0))), np.int64)
    np.add.at(counts, (ballots.chosen, place), 1)
    return counts
