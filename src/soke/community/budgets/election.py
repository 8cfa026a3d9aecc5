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

Kind = Literal["approval", "choose-1", "cumulative", "ordinal", "knapsack", "scoring"]  # as in .pb files: see pb.py
Policy = Literal["keep", "drop", "refuse"]  # what is done about ballots that break the limits of META
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """``cost`` in hundredths; zero where it costs nothing. ``district`` is empty where it is for the whole city.

    ``published``: whether the file says that it was selected; None where it does not say. A mark that is neither yes
    nor no (2, 3) stands in ``extra``: see :mod:`.marks`. ``votes`` and ``score`` (points): what the file says that it
    received.
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
class Invalid:
    """Ballots that break the limits of META, each with its line and how. ``policy``: were they kept or dropped?"""

    policy: Policy
    ballots: tuple[tuple[int, str], ...]

    def told(self, most: int = 12) -> str:
        """How many, what was done, and the lines of the first ``most``, as a sentence."""
        number, shown = len(self.ballots), self.ballots[:most]
        by_why: dict[str, list[str]] = {}
        for line, why in shown:
            by_why.setdefault(why, []).append(f"{line:,}")
        lines = "; ".join(f"line{'s' if len(at) > 1 else ''} {', '.join(at)} ({why})" for why, at in by_why.items())
        more = f"; and {number - len(shown):,} more" if number > len(shown) else ""
        does, done = ("counted as they stand", "counted as it stands") if self.policy == "keep" else ("left out",) * 2
        if number == 1:
            return f"1 ballot breaks the limits that META says, and is {done}: {lines}."
        return f"{number:,} ballots break the limits that META says, and are {does}: {lines}{more}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballots:
    """Ballot ``i`` chose ``chosen[starts[i]:starts[i + 1]]``: numbers of projects, in the order of the ballot.

    ``starts`` (ballot + 1,), ``chosen`` (choice,), ``points`` (choice,) or None where ballots give no points. Each
    project stands at most once on a ballot, but for ballots that are invalid and kept. ``columns`` are what else the
    file says of each ballot (age, sex, ...). ``invalid``: ballots that were kept or dropped against the limits.
    """

    voters: tuple[str, ...]
    starts: Ints
    chosen: Ints
    points: Ints | None = None
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    invalid: Invalid | None = None

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
