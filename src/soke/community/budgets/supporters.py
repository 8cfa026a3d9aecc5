"""Who supports which project, with how many points: the ballots of an election, turned to face the projects.

Ballots that are equal are counted together. A ballot supports a project that it gives at least one point: the points
of the rule's map for the place of a ranked ballot, else the points on the ballot, else 1 each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from soke.community.budgets.election import Ballots, Election, Ints
from soke.community.budgets.rule import Parameters

_ODD = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)  # two odd constants that scatter project numbers over 64 bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Supporters:
    """Group ``g`` is ``sizes[g]`` equal ballots; ballot ``i`` is in group ``group[i]``.

    Project ``p`` is supported by the groups ``of[p]``, each of whose ballots gives it ``points[p]`` points (parallel
    arrays of integers). ``votes[p]`` ballots name it, with points or without; ``score[p]`` is the sum of their points.
    """

    sizes: Ints
    group: Ints
    of: tuple[Ints, ...]
    points: tuple[Ints, ...]
    votes: Ints
    score: Ints

    @property
    def ballots(self) -> int:
        return len(self.group)


def supporters(election: Election, parameters: Parameters) -> Supporters:
    """The supporters of every project, as the rule counts points."""
    ballots, projects = election.ballots, len(election.projects)
    points = points_of(ballots, parameters)
    lengths = np.diff(ballots.starts)
    owner = np.repeat(np.arange(len(ballots)), lengths)
    group, firsts, sizes = _groups(ballots.starts, lengths, owner, ballots.chosen, points, projects)
    votes = np.bincount(ballots.chosen, minlength=projects).astype(np.int64)
    score = np.array(_sums(ballots.chosen, points, projects), np.int64)
    is_first = np.zeros(len(ballots), bool)
    is_first[firsts] = True
    kept = is_first[owner] & (points > 0)
    if ballots.invalid is not None:  # a ballot that has a project twice supports it once
        kept &= once(owner, ballots.chosen, projects)
    chosen, of, given = ballots.chosen[kept], group[owner[kept]], points[kept]
    order = np.argsort(chosen, kind="stable")
    ends = np.searchsorted(chosen[order], np.arange(1, projects))
    by_project = (tuple(np.split(part[order], ends)[:projects]) for part in (of, given))
    return Supporters(
        sizes=sizes, group=group, of=next(by_project), points=next(by_project), votes=votes, score=score
    )  # fmt: skip


def points_of(ballots: Ballots, parameters: Parameters) -> Ints:
    """Points that each choice of ``ballots.chosen`` gives, (choice,)."""
    if parameters.points or parameters.by_length:
        place = np.arange(len(ballots.chosen)) - np.repeat(ballots.starts[:-1], np.diff(ballots.starts))
        if parameters.by_length:
            return np.repeat(np.diff(ballots.starts), np.diff(ballots.starts)) - place
        table = np.zeros(max(int(place.max(initial=0)) + 1, len(parameters.points)), np.int64)
        table[: len(parameters.points)] = parameters.points
        return table[place]
    return np.ones(len(ballots.chosen), np.int64) if ballots.points is None else ballots.points


def once(owner: Ints, chosen: Ints, projects: int) -> NDArray[np.bool_]:
    """Which choices are the first that their ballot makes of that project, (choice,)."""
    keys = owner * projects + chosen
    first = np.zeros(len(keys), bool)
    first[np.unique(keys, return_index=True)[1]] = True
    return first


def _sums(chosen: Ints, points: Ints, projects: int) -> list[int]:
    """Exact sums of points: halves of the numbers are added apart, since bincount adds in floating point."""
    low = np.bincount(chosen, weights=points & 0xFFFFF, minlength=projects)
    high = np.bincount(chosen, weights=points >> 20, minlength=projects)
    return [int(a) + (int(b) << 20) for a, b in zip(low, high, strict=True)]


def _groups(
    starts: Ints, lengths: Ints, owner: Ints, chosen: Ints, points: Ints, projects: int
) -> tuple[Ints, Ints, Ints]:
    """Group of each ballot, the first ballot of each group, and its size; groups in the order of their first ballots.

    Ballots are equal where the sums of two scattering functions over their choices are; and then that is checked.
    """
    count = len(lengths)
    key = (chosen + points * np.int64(projects)).astype(np.uint64) + np.uint64(1)
    marks = np.zeros((count, 2), np.uint64)
    for column, odd in enumerate(_ODD):
        mixed = key * np.uint64(odd)
        mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
        np.add.at(marks[:, column], owner, mixed ^ (mixed >> np.uint64(32)))
    _, firsts, inverse, sizes = np.unique(
        marks.view([("a", np.uint64), ("b", np.uint64)]).ravel(),
        return_index=True, return_inverse=True, return_counts=True,
    )  # fmt: skip
    order = np.argsort(firsts, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    firsts, sizes, group = firsts[order], sizes[order], rank[inverse]
    if _differ(starts, lengths, owner, chosen, points, firsts[group]):
        return np.arange(count), np.arange(count), np.ones(count, np.int64)
    return group, firsts, sizes.astype(np.int64)


def _differ(starts: Ints, lengths: Ints, owner: Ints, chosen: Ints, points: Ints, like: Ints) -> bool:
    """Whether any ballot differs from the ballot ``like`` it."""
    if (lengths != lengths[like]).any():
        return True
    order = np.lexsort((chosen, owner))
    chosen, points = chosen[order], points[order]
    same = np.arange(len(chosen)) + np.repeat(starts[like] - starts[:-1], lengths)
    return bool((chosen != chosen[same]).any() or (points != points[same]).any())


def eligible(election: Election, parameters: Parameters, who: Supporters) -> NDArray[np.bool_]:
    """Which projects may win: neither under a threshold nor withdrawn, (project,)."""
    share = np.array(
        [int(votes) >= parameters.least_share * who.ballots for votes in who.votes], bool
    )  # exact: least_share is a fraction
    fits = (who.votes >= parameters.least_votes) & (who.score >= parameters.least_score)
    out = frozenset(parameters.withdrawn)
    stays = np.array([project.id not in out for project in election.projects], bool)
    return np.asarray(fits & share & stays, bool)


class Scored(Protocol):
    """Anything that knows the points of every project: supporters or a tally."""

    @property
    def score(self) -> Ints: ...


def tie_order(election: Election, parameters: Parameters, counted: Scored) -> list[int]:
    """Place of each project where two are tied: the lower goes first. More votes: more points, where points are given.
    What is still tied goes by its order in the file. Before all this, a lot that was drawn: see
    :attr:`Parameters.tie_order`."""
    by: dict[str, Sequence[Any]] = {
        "more-votes": [-int(score) for score in counted.score],
        "lower-cost": [project.cost for project in election.projects],
        "higher-cost": [-project.cost for project in election.projects],
        "file-order": list(range(len(election.projects))),
        "id": [project.id for project in election.projects],
    }
    drawn = {name: place for place, name in enumerate(parameters.tie_order)}
    lot = [drawn.get(project.id, len(drawn)) for project in election.projects]
    keys = [lot, *(by[name] for name in parameters.ties)]
    ordered = sorted(range(len(election.projects)), key=lambda p: (*(key[p] for key in keys), p))
    place = [0] * len(ordered)
    for number, project in enumerate(ordered):
        place[project] = number
    return place


def conflicts(election: Election, parameters: Parameters) -> dict[int, frozenset[int]]:
    """For each project in a conflict set, the others that cannot win with it. Ids that no project has are left out."""
    against: dict[int, set[int]] = {}
    for ids in parameters.conflicts:
        numbers = {election.index[name] for name in ids if name in election.index}
        for number in numbers:
            against.setdefault(number, set()).update(numbers - {number})
    return {number: frozenset(others) for number, others in against.items()}


def satisfaction(who: Supporters, scale: Sequence[int], winners: Iterable[int]) -> NDArray[np.int64]:
    """What the winners are worth to each ballot of a group, (group,): the sum of points times ``scale`` of the project.
    Whole numbers; Python's own (object array) where 64 bits could be too short."""
    chosen = list(winners)
    most = sum(scale[winner] * int(who.points[winner].max(initial=0)) for winner in chosen)
    worth = np.zeros(len(who.sizes), np.int64 if most < 2**62 else object)
    for winner in chosen:
        worth[who.of[winner]] += who.points[winner].astype(worth.dtype) * scale[winner]
    return worth
