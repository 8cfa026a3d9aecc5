"""Equal shares with its completion under other orders of what is tied.

A raise that was counted on the way decides nothing by what it bought, only by whether it ended the count: it cost too
much, or left nothing affordable. So of each count of add1 all outcomes are looked at, and only an order that changes
where the count ends, or what is bought there, is counted through from the beginning. The same holds for what a
completion by votes adds, and for the greedy outcome that a comparison is with.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby

from soke.community.budgets.completion import (
    ADD1,
    FILLED,
    counted_under,
    ending,
    preferences,
    remaining,
    start,
)
from soke.community.budgets.equal_shares import Market, Tie, market, purchases
from soke.community.budgets.other_orders import Level, Other, Run, Search, ordered, places, reach, search, whole_order
from soke.community.budgets.outcome import Outcome
from soke.community.budgets.words import Say
from soke.errors import SokeError
from soke.text import counted

MOST_COUNTS, LARGEST_COUNTS = 1_500, 10_000_000  # counts at one endowment: so many, and so many choices in all
MOST_WHOLE = 8  # counts through from the beginning


def other_orders(outcome: Outcome) -> Search:
    """What other orders of tied projects would lead to."""
    return Search() if not len(outcome.election.ballots) else _Orders(outcome).search()


class _Orders:
    """The orders that may matter, each found in one part of the rule and then counted through the whole of it."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome, self.parameters = outcome, outcome.parameters
        self.shop = market(outcome.election, outcome.parameters)
        self.order = ordered(self.shop.place)
        choices, projects = len(outcome.election.ballots.chosen), len(outcome.election.projects)
        self.most = reach(MOST_COUNTS, LARGEST_COUNTS, choices, projects)
        self.found = Search()
        self.last = int(outcome.facts.get("increments", 0))

    def search(self) -> Search:
        known, whole = {frozenset(self.outcome.winners)}, 0
        counted_already = set[tuple[int, ...]]()
        for other in self._candidates():
            if other.order in counted_already:
                continue
            if whole >= MOST_WHOLE:
                self.found.complete = False
                break
            counted_already.add(other.order)
            whole += 1
            try:
                winners = frozenset(counted_under(self.shop, self.parameters, other.order).winners)
            except SokeError:  # under this order the count has no end
                self.found.complete = False
                continue
            if winners not in known:
                known.add(winners)
                self.found.others.append(replace(other, winners=winners))
            else:
                self.found.complete = False  # it matters in one part, and not in all: another order still might
        return self.found

    def _candidates(self) -> Iterator[Other]:
        yield from self._bought_otherwise()
        bought = purchases(self.shop, self._endowment(self.last)).bought
        if self.parameters.completion in FILLED:
            yield from self._searched(lambda order: _filled(self.shop, bought, order), bought)
        if self.parameters.comparison:
            for other in self._searched(lambda order: _filled(self.shop, (), order), ()):
                if self.outcome.facts["preferred"] == "greedy" or self._preferred(other, bought):
                    yield other

    def _preferred(self, other: Other, bought: Sequence[int]) -> bool:
        """Whether more voters prefer this greedy outcome to that of equal shares."""
        shares = [*self.shop.free, *bought]
        if self.parameters.completion in FILLED:
            shares = list(self.outcome.winners)
        liking, against = preferences(self.shop, [*self.shop.free, *other.winners], shares)
        return liking > against

    def _endowment(self, times: int) -> Fraction:
        return start(self.outcome.election, self.parameters) + times * self.parameters.increment

    def _bought_otherwise(self) -> Iterator[Other]:
        """Orders under which a count ends otherwise, or the last of them buys something else; this one first."""
        for times in sorted(self.outcome.open_at, key=lambda times: abs(times - self.last)):
            if self.found.counts >= self.most:
                self.found.complete = False
                return
            endowment = self._endowment(times)
            base = self._ending(purchases(self.shop, endowment).bought)

            def run(order: Sequence[int], endowment: Fraction = endowment) -> Run:
                found = purchases(self.shop, endowment, order)
                return Run(tuple(found.bought), tuple(_level(self.shop, tie, found.bought) for tie in found.ties))

            for other in self._searched(run, ()):
                if times == self.last or self._ending(other.winners) != base:
                    yield other

    def _ending(self, bought: Collection[int]) -> str:
        return ending(self.shop, bought, self.parameters.stop) if self.parameters.completion in ADD1 else ""

    def _searched(self, run: Callable[[Sequence[int]], Run], first: Sequence[int]) -> Iterator[Other]:
        """The other outcomes of one part; ``first``: what stands before all in their orders, since it is bought."""
        if self.found.counts >= self.most:
            self.found.complete = False
            return
        made = search(run, self.order, self.most - self.found.counts)
        self.found.levels += made.levels
        self.found.counts += 1 + made.counts
        self.found.complete &= made.complete
        for other in made.others:
            yield replace(other, order=whole_order(first, other.order))


def _level(shop: Market, tie: Tie, bought: Sequence[int]) -> Level:
    """A tie with what could be bought first instead. Projects that share no supporter with any that was missed are in
    nobody's way."""
    parts = _parts(shop, tie.together[0])
    matter = frozenset().union(*(part for part in parts if part & tie.missed))
    before = tuple(bought[: tie.begin])

    def options() -> Iterator[tuple[Hashable, tuple[int, ...]]]:
        for done, together in enumerate(tie.together):
            first = tuple(bought[tie.begin : tie.begin + done])
            yield from (((before, frozenset(first), other), (*before, *first, other))
                        for other in together[1:] if other in matter)  # fmt: skip

    tied = tuple(number for number in tie.together[0] if number in matter)
    return Level(tied=tied, equal=_equal(shop, tied), options=options)


def _parts(shop: Market, numbers: Sequence[int]) -> list[frozenset[int]]:
    """The projects in sets that share no supporter, and no conflict, with one another."""
    parts: list[tuple[set[int], set[int]]] = []
    for number in numbers:
        groups, members = set(shop.who.of[number].tolist()), {number}
        apart = []
        for others, theirs in parts:
            if theirs & groups or others & shop.against.get(number, frozenset()):
                groups, members = groups | theirs, members | others
            else:
                apart.append((others, theirs))
        parts = [*apart, (members, groups)]
    return [frozenset(members) for members, _ in parts]


def _equal(shop: Market, tied: Sequence[int]) -> Say:
    backers = {int(shop.who.sizes[shop.who.of[number]].sum()) for number in tied}
    if len(backers) == 1:
        (number,) = backers
        return lambda _: f"{counted(number, 'supporter')} each, at the same price for what they give"
    return lambda _: "the same price for what they give"


def _filled(shop: Market, bought: Sequence[int], order: Sequence[int]) -> Run:
    """What a completion by votes adds, and the projects with the same votes of which not all fitted."""
    projects, score, place = shop.election.projects, shop.who.score, places(order)
    left = shop.election.budget - sum(projects[number].cost for number in bought)
    out, won, seen, levels = set[int](), list[int](), list[int](), list[Level]()
    standing = sorted((one for one in remaining(shop, bought) if score[one] > 0), key=lambda p: (-score[p], place[p]))
    for points, group in groupby(standing, lambda number: int(score[number])):
        members, begin = list(group), len(won)
        tied = [number for number in members if number not in out and projects[number].cost <= left]
        states: list[frozenset[int]] = []
        for number in members:
            states.append(frozenset(won))
            if number not in out and projects[number].cost <= left:
                left -= projects[number].cost
                won.append(number)
                out |= shop.against.get(number, frozenset())
        if len(tied) > 1 and not set(tied) <= set(won[begin:]):
            options = [
                ((state, other), (*seen, *members[:done], other))
                for done, state in enumerate(states) for other in tied if other in members[done + 1 :]
            ]  # fmt: skip
            levels.append(Level(tied=tuple(tied), equal=_votes(points), options=options.copy))
        seen += members
    return Run(tuple(won), tuple(levels))


def _votes(points: int) -> Say:
    return lambda _: f"{counted(points, 'vote')} each"
