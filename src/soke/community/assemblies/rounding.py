"""A lottery as a thousand panels, each as likely as the next, that can be drawn with balls or dice in public.

Flanigan, Kehne and Procaccia, "Fair sortition made transparent" (2021): a uniform lottery over m panels is one that
people can watch. Of each panel of the exact lottery as many copies are taken as fit whole; the rest is a whole number R
of panels and a whole number r_t of places for each type, rounded so that each type keeps m p_t down or up. The rest is
taken apart one panel at a time: a panel x is good if what is left, r - x, still is R - 1 times a point of the polytope.
Within a type people take turns, so each person is on floor or ceil of m p panels. Where whole panels do not allow that,
the achieved distance says so. Each time round the turns are shuffled by a public hash, so that people who are alike
meet in many combinations, and whoever orders the pool does not choose who sits beside whom.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict

import numpy as np

from soke.community.assemblies.lottery import Lottery
from soke.community.assemblies.panels import make_panel, some_panel
from soke.community.assemblies.polytope import Face, Floats, Polytope, Whole, whole_face
from soke.community.assemblies.pool import Pool
from soke.community.assemblies.progress import Tell, quiet
from soke.community.assemblies.types import FREE, Kind, Types
from soke.errors import SokeError

ALMOST = 1e-3  # of a place in all panels: what the weights of the lottery are short or over


def equal_panels(polytope: Polytope, lottery: Lottery, count: int, tell: Tell = quiet) -> Whole:
    """``count`` panels (panel, type), repeated ones together, whose average is as near the lottery's as can be."""
    copies = np.floor(lottery.weights * count + 1e-9).astype(np.int64)
    made = list(np.repeat(lottery.panels, copies, axis=0))
    goal = lottery.weights @ lottery.panels * count
    places = _rounded(polytope, goal, count)
    left = places - copies @ lottery.panels
    for rest in range(count - len(made), 0, -1):
        tell(f"equal panels: {rest:,} of {count:,} to go")
        panel = None
        if (left >= 0).all():
            face = _leaving(polytope, left, rest)
            panel = make_panel(polytope, face, left / rest / polytope.people, rest) if face else None
        if panel is None:
            panel = some_panel(polytope, left / polytope.people)
        whole = np.asarray(np.round(panel), dtype=np.int64)
        assert polytope.admits(whole), "a panel breaks a quota"
        left = left - whole
        made.append(whole)
    return np.array(made, dtype=np.int64)


def _rounded(polytope: Polytope, goal: Floats, count: int) -> Whole:
    """Whole places of each type in all panels together: ``goal`` down or up, within ``count`` times the quotas."""
    totals = polytope.totals(goal)
    near = Face(
        np.floor(goal + ALMOST), np.ceil(goal - ALMOST),
        np.maximum(np.floor(totals + ALMOST), count * polytope.least),
        np.minimum(np.ceil(totals - ALMOST), count * polytope.most),
    )  # fmt: skip
    near = Face(near.lower, np.maximum(near.lower, near.upper), near.least, np.maximum(near.least, near.most))
    found = make_panel(polytope, near, goal - near.lower, count)
    return np.asarray(np.round(found if found is not None else goal), dtype=np.int64)


def _leaving(polytope: Polytope, left: Whole, rest: int) -> Face | None:
    """The panels that leave ``rest - 1`` times a point of the polytope behind."""
    every, totals = whole_face(polytope), polytope.totals(left)
    face = Face(
        np.maximum(every.lower, left - (rest - 1) * polytope.upper),
        np.minimum(every.upper, left),
        np.maximum(every.least, totals - (rest - 1) * polytope.most),
        np.minimum(every.most, totals - (rest - 1) * polytope.least),
    )
    possible = (face.lower <= face.upper).all() and (face.least <= face.most).all()
    return face if possible else None


def people_of(types: Types, pool: Pool, panels: Whole, mix: str) -> list[tuple[int, ...]]:
    """The rows of ``pool`` on each panel (panel, type): people of a type take turns, shuffled by the text ``mix``."""
    turns = {t: _Turns(members, pool.ids, f"{mix} {t}") for t, members in enumerate(types.members)}
    times: dict[int, int] = defaultdict(int)
    kinds: dict[Kind, list[int]] = defaultdict(list)
    for t, kind in enumerate(types.kinds):
        if kind != FREE:
            kinds[kind].append(t)
    named = []
    for number, each_panel in enumerate(panels):
        panel = each_panel.tolist()
        rows: list[int] = []
        for t in (t for t, places in enumerate(panel) if places):
            if types.kinds[t] == FREE:
                rows += turns[t].next(panel[t])
        for kind, several in kinds.items():
            if any(panel[t] for t in several):
                order = {row: _shuffled(f"{mix} {number}", pool.ids[row]) for t in several for row in types.members[t]}
                rows += _of_households(types, pool.households, panel, several, kind[0], times, order)
        named.append(tuple(sorted(rows)))
    return named


def _shuffled(mix: str, one: str) -> bytes:
    """Where somebody stands in an order that nobody chose."""
    return hashlib.sha256(f"{mix} {one}".encode()).digest()


class _Turns:
    """The people of a type, one after another in an order that is new each time round."""

    def __init__(self, members: tuple[int, ...], ids: tuple[str, ...], mix: str) -> None:
        self._members, self._ids, self._mix = members, ids, mix
        self._round = 0
        self._left: list[int] = []

    def next(self, many: int) -> list[int]:
        """The next ``many`` rows, all different; ``many`` is at most as many as there are."""
        rows, self._left = self._left[:many], self._left[many:]
        if len(rows) < many:
            mix = f"{self._mix} {self._round}"
            order = sorted(self._members, key=lambda row: _shuffled(mix, self._ids[row]))
            self._round += 1
            more = [row for row in order if row not in rows][: many - len(rows)]
            self._left = [row for row in order if row not in more]
            rows += more
        return rows


def _of_households(
    types: Types, homes: tuple[str, ...], panel: list[int], several: list[int], at_most: int, times: dict[int, int],
    order: dict[int, bytes],
) -> list[int]:  # fmt: skip
    """People of the households of one kind: from the emptiest household, then whoever was drawn least, then whose
    housemates were drawn most and so leave their turn to others, by ``order``."""
    load: dict[str, int] = defaultdict(int)
    drawn: dict[str, int] = defaultdict(int)
    for row in (row for t in several for row in types.members[t]):
        drawn[homes[row]] += times.get(row, 0)
    rows: list[int] = []
    for t in several:
        for _ in range(panel[t]):
            free = [row for row in types.members[t] if row not in rows and load[homes[row]] < at_most]
            if not free:
                raise SokeError("Households cannot be shared out.", "Draw at most one person a household.")
            row = min(free, key=lambda one: (load[homes[one]], times[one], -drawn[homes[one]], order[one]))
            rows.append(row)
            load[homes[row]] += 1
            times[row] += 1
    return rows
