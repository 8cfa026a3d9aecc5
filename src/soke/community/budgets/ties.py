"""The ties that decided who wins: between whom, what broke them, and who would have won in another order.

A tie decides where the same votes, in another order of projects that are exactly equal, fund other projects. It is told
whatever broke it: a rule of the vote, a lot that was drawn, or the order of the file, which is nobody's choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from soke.community.budgets.districts import pots
from soke.community.budgets.election import Election
from soke.community.budgets.other_orders import Level, Other, Search
from soke.community.budgets.outcome import Outcome
from soke.community.budgets.registry import find
from soke.community.budgets.rule import Parameters
from soke.community.budgets.supporters import supporters
from soke.community.budgets.words import PLAIN, Say, Voice

_BROKEN = {
    "lot": "the lot that was drawn", "more-votes": "more votes", "lower-cost": "the lower cost",
    "higher-cost": "the higher cost", "file-order": "the order of the file", "id": "the order of the ids",
}  # fmt: skip
_NAMED = 6  # projects that a sentence names of each kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """``tied``: numbers of projects that are equal, in the words of ``equal``. ``broken_by``: names of what put them in
    order. In another order those of ``instead`` win and did not, and those of ``out`` do not and did; ``outcomes``: how
    many other outcomes of it are known. ``order``: ids, under which the first of these comes out."""

    tied: tuple[int, ...]
    equal: Say
    broken_by: tuple[str, ...]
    instead: tuple[int, ...]
    out: tuple[int, ...]
    outcomes: int
    order: tuple[str, ...]
    pot: str = ""

    def told(self, election: Election, voice: Voice = PLAIN) -> str:
        """The tie as a sentence or two."""

        def named(numbers: Sequence[int]) -> str:
            return _named(election, numbers, voice)

        head = f"A tie decided{f' in the pot of {self.pot}' if self.pot else ''}: {named(self.tied)} were equal "
        head += f"({self.equal(voice)}), and {self.by} decided. "
        once = self.outcomes == 1
        parts = []
        if self.instead:
            parts.append(f"{named(self.instead)} {'would' if once else 'could'} have been funded")
        if self.out:
            parts.append(f"{named(self.out)} {'would' if once else 'could'} not")
        return f"{head}In another order {', and '.join(parts)}."

    @property
    def by(self) -> str:
        """What put the tied projects in order, in words."""
        return " and then ".join(_BROKEN[name] for name in self.broken_by)

    def told_of(self, election: Election, number: int, voice: Voice) -> str:
        """What the tie means for one project; empty where nothing."""
        if number not in self.instead and number not in self.out:
            return ""
        may = "would" if self.outcomes == 1 else "could"
        end = f"{may} have been funded" if number in self.instead else f"{may} not have been funded"
        others = [one for one in self.tied if one != number]
        equal = _named(election, others, voice)
        if number in self.tied:
            head = f"It was equal to {equal} ({self.equal(voice)})"
        else:
            head = f"{equal} were equal ({self.equal(voice)})"
        against = "against it" if number in self.instead else "for it"
        return f"{head}, and {self.by} decided {against}: in another order it {end}."


def _named(election: Election, numbers: Sequence[int], voice: Voice) -> str:
    """Projects between commas and an "and", the first few where there are many."""
    shown = [voice.project(election, number) for number in numbers[:_NAMED]]
    more = len(numbers) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more:,} more"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """All ties that decided. ``unsure``: a sentence where ties were met and not every order could be counted.
    ``others``: every other outcome that was found, as winners and the ids of an order, for whoever looks for one."""

    decided: tuple[Tie, ...] = ()
    unsure: str = ""
    others: tuple[tuple[frozenset[int], tuple[str, ...]], ...] = ()

    def told(self, election: Election, voice: Voice = PLAIN) -> tuple[str, ...]:
        """A sentence for each, and what is not sure."""
        return (*(tie.told(election, voice) for tie in self.decided), *filter(None, [self.unsure]))

    def of(self, election: Election, number: int, voice: Voice = PLAIN) -> str:
        """What another order would have meant for a project; empty where nothing."""
        return next(filter(None, (tie.told_of(election, number, voice) for tie in self.decided)), "")

    def as_json(self, election: Election) -> list[dict[str, Any]]:
        """For a manifest: ids."""
        ids = [project.id for project in election.projects]
        return [
            {
                "tied": [ids[number] for number in tie.tied], "broken_by": list(tie.broken_by),
                "instead": [ids[number] for number in tie.instead], "out": [ids[number] for number in tie.out],
                "words": tie.told(election),
            }
            for tie in self.decided
        ]  # fmt: skip


def ties(outcome: Outcome) -> Ties:
    """The ties that decided this outcome; pot by pot where districts have pots of their own."""
    if not outcome.parameters.districts:
        return _told(outcome, find(outcome.parameters.rule).other_orders(outcome))
    found = Ties()
    for pot in pots(outcome.election, outcome.parameters):
        part = _told(pot.outcome, find(pot.outcome.parameters.rule).other_orders(pot.outcome))
        rest = frozenset(outcome.winners) - set(pot.numbers)

        def whole(numbers: Iterable[int], pot_numbers: tuple[int, ...] = pot.numbers) -> tuple[int, ...]:
            return tuple(pot_numbers[number] for number in numbers)

        found = Ties(
            decided=(*found.decided, *(
                replace(tie, tied=whole(tie.tied), instead=whole(tie.instead), out=whole(tie.out), pot=pot.name)
                for tie in part.decided
            )),
            unsure=found.unsure or part.unsure,
            others=(*found.others, *((rest | set(whole(won)), order) for won, order in part.others)),
        )  # fmt: skip
    return found


def _told(outcome: Outcome, found: Search) -> Ties:
    election = outcome.election
    ids = [project.id for project in election.projects]
    by_level: dict[tuple[int, ...], list[Other]] = {}
    for other in found.others:
        by_level.setdefault(other.level.tied, []).append(other)
    decided = tuple(_tie(outcome, others[0].level, others, ids) for others in by_level.values())
    unsure = ""
    if not found.complete and not decided:
        unsure = (
            f"Projects were equal on the way: {found.counts:,} counts in other orders fund the same, and there are "
            "more orders than were counted."
        )
    others = tuple((other.winners, tuple(ids[number] for number in other.order)) for other in found.others)
    return Ties(decided=decided, unsure=unsure, others=others)


def _tie(outcome: Outcome, level: Level, others: Sequence[Other], ids: Sequence[str]) -> Tie:
    won = frozenset(outcome.winners)
    instead = frozenset().union(*(other.winners - won for other in others))
    out = frozenset().union(*(won - other.winners for other in others))
    return Tie(
        tied=level.tied, equal=level.equal, broken_by=_broken_by(outcome.election, outcome.parameters, level.tied),
        instead=tuple(sorted(instead)), out=tuple(sorted(out)), outcomes=len(others),
        order=tuple(ids[number] for number in others[0].order),
    )  # fmt: skip


def _broken_by(election: Election, parameters: Parameters, tied: Sequence[int]) -> tuple[str, ...]:
    """What put the tied projects in order: the names of those rules for ties that tell two of them apart, as far as
    they are needed."""
    score = supporters(election, parameters).score
    drawn = {name: place for place, name in enumerate(parameters.tie_order)}
    keys: dict[str, Sequence[Any]] = {
        "lot": [drawn.get(project.id, len(drawn)) for project in election.projects],
        "more-votes": [int(points) for points in score],
        "lower-cost": [project.cost for project in election.projects],
        "higher-cost": [project.cost for project in election.projects],
        "id": [project.id for project in election.projects],
        "file-order": list(range(len(election.projects))),
    }
    names, groups = [], [list(tied)]
    for name in ("lot", *parameters.ties, "file-order"):
        split: list[list[int]] = []
        for group in groups:
            parts: dict[Any, list[int]] = {}
            for number in group:
                parts.setdefault(keys[name][number], []).append(number)
            split += parts.values()
        if len(split) > len(groups):
            names.append(name)
        groups = split
    return tuple(dict.fromkeys(names))
