"""An election: projects with costs, ballots, and the money to share out.

Money is whole hundredths of the currency (pence, cents, grosze). Ballots are kept as arrays, one row of ``chosen`` a
ballot, so that 100,000 voters are counted in a second; a ballot's order matters only where ballots are ranked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["approval", "choose-1", "cumulative", "ordinal", "knapsack"]  # as in .pb files; knapsack: see pb.py
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """``cost`` in hundredths, above zero. ``district`` is empty where the project is for the whole city.

    ``published``: whether the file says that it was selected; None where it does not say. ``votes`` and
    ``score`` (points): what the file says that it received.
    """

    id: str
    cost: int
    name: str = ""
    district: str = ""
    published: bool | None = None
    votes: int | None = None
    score: int | None = None
    extra: Mapping[str, str] = field(default_factory=dict)  # columns of the file that no rule reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballots:
    """Ballot ``i`` chose ``chosen[starts[i]:starts[i + 1]]``: numbers of projects, in the order of the ballot.

    ``starts`` (ballot + 1,), ``chosen`` (choice,), ``points`` (choice,) or None where ballots give no points. Each
    project stands at most once on a ballot. ``columns`` are what else the file says of each ballot (age, sex, ...).
    """

    voters: tuple[str, ...]
    starts: Ints
    chosen: Ints
    points: Ints | None = None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.voters)


@dataclass(frozen=True, kw_only=True)
class Election:
    """``meta`` is the META section as it was read, in its order; ``sha256`` of the file, empty where made in memory."""

    kind: Kind
    budget: int
    projects: tuple[Project, ...]
    ballots: Ballots
    meta: Mapping[str, str] = field(default_factory=dict)
    sha256: str = ""

    @cached_property
    def costs(self) -> Ints:
        return np.array([project.cost for project in self.projects], np.int64)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Number of each project, by id."""
        return {project.id: number for number, project in enumerate(self.projects)}
