"""Ballots that can be published: what they say of people is blurred until every combination of it holds k ballots.

What a ballot says besides the choice (age, sex, neighbourhood, how it was cast) may point at a person: there is one man
of 83 in the hamlet. Each such column is coarsened, the same for all ballots, by steps:

    age          in years, bands of 5, of 10, of 20 (the column is then age_band), then left out
    all others   as they are, then left out

At each step the column is taken whose coarsening leaves the fewest ballots in combinations that hold less than k. Once
these are no more than one ballot in fifty, what they say is blanked instead, together with the smallest other
combinations if the blanked ones alone are fewer than k. So every combination, the blank one included, holds k ballots
or none. Where even that fails all columns go.

What this does not hide: the choice itself. A ballot that chose a combination of projects as nobody else did may be
known by it to somebody who knows that much; and where all k ballots of a combination chose the same, everybody in it
did. Ids of voters that a file brings, and the order in which they stand, may tell who or in which order: an id that
looks random may be the hash of an address. So ids are always replaced by 1, 2, 3, and the ballots stand in the order of
what they say. Whether they are those of a roll is seen by how often each choice stands in both (``verification``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from soke.community.budgets.election import Ballots, Election, Ints
from soke.errors import SokeError

BANDS = (1, 5, 10, 20)  # years
AGE_BAND = "age_band"  # what a column of ages in bands is called: an age is a number
LARGEST_SHARE = 0.02  # of ballots that may be blanked
LEAST, MOST = 2, 1_000
_AGE = re.compile(r"(\d{1,3})(?:\.0+)?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """``smallest``: how many ballots the smallest combination holds. ``columns``: what was done to each, in words.
    ``blanked``: ballots whose columns are empty for being too rare."""

    election: Election
    k: int
    smallest: int
    columns: Mapping[str, str]
    blanked: int


@dataclass(frozen=True, slots=True)
class _Column:
    """A column at each step, finest first: its cells, their codes (ballot,), and what was done to it in words."""

    name: str
    cells: list[tuple[str, ...]]
    codes: list[Ints]
    words: list[str]


def publish(election: Election, k: int) -> Published:
    """The election with the same choices, and columns that k ballots share at least. SokeError for a k out of range."""
    if not LEAST <= k <= MOST:
        raise SokeError(f"k is {k:,}.", f"Choose {LEAST} to {MOST:,}; 10 is usual.")
    ballots = election.ballots
    columns = [_column(name, cells) for name, cells in ballots.columns.items()]
    levels = _coarsened(columns, len(ballots), k)
    blank = _blanked(_groups(columns, levels, len(ballots)), k)
    if blank.all():
        levels = [len(one.words) - 1 for one in columns]
    kept = [(one, level) for one, level in zip(columns, levels, strict=True) if level < len(one.words) - 1]
    shown = {
        AGE_BAND if one.name == "age" and level else one.name: tuple(
            "" if gone else cell for cell, gone in zip(one.cells[level], blank.tolist(), strict=True)
        )
        for one, level in kept
    }
    made = _renumbered(replace(ballots, columns=shown), election.kind == "ordinal")
    return Published(
        election=replace(election, ballots=made, sha256=""), k=k, smallest=smallest_group(made),
        columns={one.name: one.words[level] for one, level in zip(columns, levels, strict=True)},
        blanked=int(blank.sum()) if kept else 0,
    )  # fmt: skip


def smallest_group(ballots: Ballots) -> int:
    """How many ballots the smallest combination of what they say holds."""
    return min(Counter(zip(*ballots.columns.values(), strict=True)).values(), default=len(ballots))


def _column(name: str, cells: tuple[str, ...]) -> _Column:
    if name == "age":
        made = [_banded(cells, band) for band in BANDS]
        words = ["in years", *(f"in bands of {band} years" for band in BANDS[1:])]
    else:
        made, words = [tuple(map(str.strip, cells))], ["as it is"]
    made.append(("",) * len(cells))
    return _Column(name, made, [np.unique(np.array(one), return_inverse=True)[1] for one in made], [*words, "left out"])


def _banded(cells: tuple[str, ...], band: int) -> tuple[str, ...]:
    known: dict[str, str] = {}
    for cell in set(cells):
        found = _AGE.fullmatch(cell.strip())
        first = int(found[1]) // band * band if found else 0
        known[cell] = "" if not found else str(first) if band == 1 else f"{first}-{first + band - 1}"
    return tuple(known[cell] for cell in cells)


def _coarsened(columns: list[_Column], count: int, k: int) -> list[int]:
    """The step of each column at which few enough ballots are in rare combinations."""
    levels = [0] * len(columns)

    def rare(tried: list[int]) -> int:
        return int(_rare(_groups(columns, tried, count), k).sum())

    while rare(levels) > LARGEST_SHARE * count:
        tried = [
            [level + (number == place) for number, level in enumerate(levels)]
            for place, one in enumerate(columns)
            if levels[place] < len(one.words) - 1
        ]
        if not tried:
            break
        levels = min(tried, key=rare)
    return levels


def _groups(columns: list[_Column], levels: list[int], count: int) -> Ints:
    """(ballot,): the number of the combination that each ballot is in."""
    found = np.zeros(count, np.int64)
    for one, level in zip(columns, levels, strict=True):
        codes = one.codes[level]
        found = np.unique(found * (int(codes.max(initial=0)) + 1) + codes, return_inverse=True)[1]
    return found


def _rare(groups: Ints, k: int) -> NDArray[np.bool_]:
    """(ballot,): whether its combination holds fewer than k ballots."""
    return np.asarray(np.bincount(groups)[groups] < k, bool) if len(groups) else np.zeros(0, bool)


def _blanked(groups: Ints, k: int) -> NDArray[np.bool_]:
    """(ballot,): whether what it says is blanked: the rare ones, and others until k are blanked or none."""
    blank = _rare(groups, k)
    if not blank.any():
        return blank
    sizes = np.bincount(groups)
    for group in np.argsort(sizes, kind="stable").tolist():
        if blank.sum() >= k:
            break
        blank |= groups == group
    return blank


def _renumbered(ballots: Ballots, ranked: bool) -> Ballots:
    """The ballots in the order of what they say, numbered from 1."""
    starts, chosen = ballots.starts.tolist(), ballots.chosen.tolist()
    points = ballots.points.tolist() if ballots.points is not None else []
    cells = list(zip(*ballots.columns.values(), strict=True)) or [()] * len(ballots)

    def said(number: int) -> tuple[list[tuple[int, ...]], tuple[str, ...]]:
        part = slice(starts[number], starts[number + 1])
        choices = list(zip(chosen[part], *([points[part]] if points else []), strict=True))
        return choices if ranked else sorted(choices), cells[number]

    content = [said(number) for number in range(len(ballots))]
    order = sorted(range(len(ballots)), key=content.__getitem__)
    flat = [choice for number in order for choice in content[number][0]]
    lengths = np.diff(ballots.starts)[order]
    return Ballots(
        voters=tuple(str(number) for number in range(1, len(order) + 1)),
        starts=np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]),
        chosen=np.array([choice[0] for choice in flat], np.int64),
        points=np.array([choice[1] for choice in flat], np.int64) if ballots.points is not None else None,
        columns={name: tuple(column[number] for number in order) for name, column in ballots.columns.items()},
    )
