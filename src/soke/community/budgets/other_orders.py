"""Would other projects have won, had those that were tied stood in another order?

A count goes level by level: a **level** is what is equal at one moment (votes, price, time), and its projects go in
some order. Where all of them are bought, in whatever order, the order decides nothing. A level is **open** where it is
not so; then each of its projects is put first in turn, and the count is made again from there, and again at the levels
that it then meets. What two orders have bought of a level, when it is the same, leaves the same money: so each such
state is looked at once.

Every other outcome that is told of was counted, under an order that can be named. That there is no other is told only
where nothing was left to look at (``complete``).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from soke.community.budgets.words import Say


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Projects that are ``tied`` at one moment, of which the count took some. ``equal``: in what, in words.

    ``options``: what might have gone first instead, as the beginning of an order, and the state that it leads to;
    worked out when they are asked for, since of many equal projects there are many.
    """

    tied: tuple[int, ...]
    equal: Say
    options: Callable[[], Iterable[tuple[Hashable, tuple[int, ...]]]]


@dataclass(frozen=True, slots=True)
class Run:
    """A count under one order: who won, and the levels that were open."""

    winners: tuple[int, ...]
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True, slots=True)
class Other:
    """Another outcome, the order of all projects under which it comes out, and the level at which it parts."""

    winners: frozenset[int]
    order: tuple[int, ...]
    level: Level


@dataclass(slots=True)
class Search:
    """What was found: outcomes other than that of the count. ``levels``: how many were open in the count itself;
    ``counts``: how many counts were made; ``complete``: whether there is no order beyond these."""

    others: list[Other] = field(default_factory=list)
    levels: int = 0
    counts: int = 0
    complete: bool = True


def whole_order(first: Sequence[int], order: Sequence[int]) -> tuple[int, ...]:
    """All projects: those of ``first``, then the others as they stood."""
    begun = dict.fromkeys(first)
    return (*begun, *(number for number in order if number not in begun))


def places(order: Sequence[int]) -> list[int]:
    """Place of each project in an order of all."""
    place = [0] * len(order)
    for number, project in enumerate(order):
        place[project] = number
    return place


def ordered(place: Sequence[int]) -> tuple[int, ...]:
    """The order that has these places."""
    return tuple(sorted(range(len(place)), key=place.__getitem__))


def reach(most: int, work: int, choices: int, projects: int) -> int:
    """How many counts are made at most: ``most``, or so many that they look at ``work`` choices and pairs of projects
    in all; a few in any case."""
    return max(24, min(most, work // (choices + 20 * projects**2 + 1)))


def search(run: Callable[[Sequence[int]], Run], order: Sequence[int], most: int) -> Search:
    """Every outcome that another order leads to, as far as ``most`` counts reach; the nearest ones first."""
    base = run(order)
    found = Search(levels=len(base.levels))
    known = {frozenset(base.winners)}
    seen: set[Hashable] = set()
    begun = [(level, key, first) for level in base.levels for key, first in level.options()]
    waiting = deque(sorted(begun, key=lambda one: one[2][-1] in base.winners))  # who did not win is tried before all
    while waiting:
        root, key, first = waiting.popleft()
        if key in seen:
            continue
        if found.counts >= most:
            found.complete = False
            break
        seen.add(key)
        found.counts += 1
        other = whole_order(first, order)
        made = run(other)
        if frozenset(made.winners) not in known:
            known.add(frozenset(made.winners))
            found.others.append(Other(frozenset(made.winners), other, root))
        if len(waiting) < most - found.counts:
            waiting.extend((root, key, first) for level in made.levels for key, first in level.options())
        elif made.levels:
            found.complete = False
    return found
