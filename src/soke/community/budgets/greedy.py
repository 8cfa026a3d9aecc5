"""Greedy rules: projects in the order of their votes, as long as there is money. What most cities do.

``greedy`` takes projects by points (votes where ballots give no points), most first, and passes over what the money
left does not cover. ``greedy-cost`` orders them by points for each unit of cost instead, compared exactly as
products. ``greedy-stop`` ends at the first project that does not fit; cities call it the list above the line.

A project that nobody chose never wins, nor one under a threshold, nor one that conflicts with a winner or was
withdrawn: it is passed over and does not end ``greedy-stop``. One that costs nothing needs no money: it wins where
nothing of this keeps it from winning. With ``part_funding`` the first project that does not fit wins after all where
what is left covers at least that share of its cost, and a reserve pays the rest, as in Poznan; the winners then cost
more than the budget, and ``facts`` say by how much.

A loser is told what was left when its turn came, and how many votes more would have made it win.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from math import ceil, floor

import numpy as np

from soke.community.budgets.election import Election
from soke.community.budgets.other_orders import Level, Run, Search, ordered, places, search
from soke.community.budgets.outcome import Counted, CountStep, Explain, FromMeta, Outcome, WhyNot
from soke.community.budgets.pb import LEAST_KEY
from soke.community.budgets.rule import Parameters
from soke.community.budgets.supporters import Supporters, conflicts, eligible, tie_order
from soke.community.budgets.tally import tally
from soke.community.budgets.words import Say, Voice, money
from soke.errors import SokeError
from soke.text import counted

OPTIONS = frozenset({"part_funding"})
MOST_COUNTS = 500  # other orders of what is tied that are counted
EXCLUSIVE = "greedy-exclusive"  # as META names greedy with conflicts, which it does not list
PART = re.compile(r"at least (\d{1,2})% of that project")


def greedy(election: Election, parameters: Parameters) -> Outcome:
    """By points, most first; what does not fit is passed over."""
    return _Count(election, parameters, _by_points, stop=False).outcome()


def greedy_cost(election: Election, parameters: Parameters) -> Outcome:
    """By points for each unit of cost, most first; what does not fit is passed over."""
    return _Count(election, parameters, _by_points_per_cost, stop=False).outcome()


def greedy_stop(election: Election, parameters: Parameters) -> Outcome:
    """By points, most first, until one does not fit."""
    return _Count(election, parameters, _by_points, stop=True).outcome()


Key = Callable[[Election, int, int], Fraction | int | tuple[int, Fraction]]  # election, points, number: most first


def _by_points(_: Election, score: int, __: int) -> int:
    return score


def _by_points_per_cost(election: Election, score: int, number: int) -> tuple[int, Fraction]:
    """What costs nothing comes before all else, by its points."""
    cost = election.projects[number].cost
    return (1, Fraction(score)) if not cost else (0, Fraction(score, cost))


class _Count:
    """A count of one election under one rule; each run of it has an order of its own for what is tied."""

    def __init__(self, election: Election, parameters: Parameters, key: Key, *, stop: bool) -> None:
        self.election, self.parameters, self.stop = election, parameters, stop
        self.counted = tally(election, parameters)
        self.against = conflicts(election, parameters)
        self.points = election.ballots.points is not None or bool(parameters.points) or parameters.by_length
        self.place = tie_order(election, parameters, self.counted)
        self.keys = [key(election, int(self.counted.score[number]), number) for number in range(len(election.projects))]

    def outcome(self) -> Outcome:
        run = _Run(self)
        run.go(self.place)
        return Outcome(election=self.election, parameters=self.parameters, winners=tuple(run.winners),
                       steps=tuple(run.steps), facts=run.facts)  # fmt: skip

    def under(self, order: Sequence[int]) -> Run:
        """The count where what is tied stands in this order."""
        run = _Run(self)
        run.go(places(order))
        return Run(tuple(run.winners), tuple(run.levels))

    def received(self, number: int) -> str:
        votes = counted(int(self.counted.votes[number]), "vote")
        if not self.points:
            return votes
        return f"{counted(int(self.counted.score[number]), 'point')} from {votes}"

    def equal(self, number: int) -> Say:
        """In what a project is equal to those that it is tied with."""
        if isinstance(self.keys[number], tuple):
            return lambda _: "the same votes for their cost"
        return lambda _: f"{counted(int(self.counted.score[number]), 'point' if self.points else 'vote')} each"


class _Run:
    """What is left, who has won, and whether the count has ended."""

    def __init__(self, count: _Count) -> None:
        self.count, self.election = count, count.election
        self.left = count.election.budget
        self.winners: list[int] = []
        self.steps: list[CountStep] = []
        self.levels: list[Level] = []
        self.part = count.parameters.part_funding
        self.ended_at: int | None = None
        self.facts: dict[str, str | int] = {}

    def go(self, place: Sequence[int]) -> None:
        keys = self.count.keys
        order = sorted(range(len(keys)), key=lambda number: place[number])
        order.sort(key=lambda number: keys[number], reverse=True)
        for _, level in groupby(order, lambda number: keys[number]):
            self._level(list(level))

    def _level(self, members: list[int]) -> None:
        """Projects with the same votes, one after another; noted where another order might leave another money."""
        before, first, tied = [step.number for step in self.steps], len(self.winners), self._may_win(members, self.left)
        states: list[tuple[int, Fraction | None, int]] = []
        for number in members:
            states.append((self.left, self.part, len(self.winners)))
            taken, say = self._decide(number)
            if taken:
                self.winners.append(number)
            self.steps.append(CountStep.of(number, taken, say))
        if len(tied) < 2 or (set(tied) <= set(self.winners[first:]) and self.part == states[0][1]):
            return
        winners = tuple(self.winners)

        def options() -> Iterator[tuple[Hashable, tuple[int, ...]]]:
            for done, (left, part, won) in enumerate(states):
                if left <= 0 and part is None:
                    return
                state, rest = (frozenset(winners[:won]), part), set(members[done + 1 :])
                yield from (((*state, other), (*before, *members[:done], other)) for other in tied if other in rest)

        self.levels.append(Level(tied=tuple(tied), equal=self.count.equal(tied[0]), options=options))

    def _may_win(self, members: Sequence[int], left: int) -> list[int]:
        """Those of equal projects whose place among them may change who wins."""
        if self.ended_at is not None:
            return []
        fits = any(self.election.projects[number].cost <= left for number in members)
        return [
            number for number in members
            if ((cost := self.election.projects[number].cost) or number in self.count.against)
            and not self._barred(number) and (cost <= left or self.part is not None or (self.count.stop and fits))
        ]  # fmt: skip

    def _decide(self, number: int) -> tuple[bool, Say]:
        project, left, received = self.election.projects[number], self.left, self.count.received(number)
        if barred := self._barred(number):
            return False, lambda voice: f"{received}; {barred(voice)}."
        if not project.cost:
            return True, lambda _: f"{received}; it costs nothing."
        if (ended := self.ended_at) is not None:
            return False, lambda voice: (
                f"{received}; the count had ended at project {voice.project(self.election, ended)}, the first that "
                "did not fit."
            )  # fmt: skip
        if project.cost <= left:
            self.left -= project.cost
            return (
                True,
                lambda voice: (
                    f"{received}; it costs {voice.money(project.cost)} of the {voice.money(left)} that was left."
                ),
            )
        return self._short(number, received)

    def _short(self, number: int, received: str) -> tuple[bool, Say]:
        """The project costs more than is left: it wins only where part of it may be funded."""
        project, left = self.election.projects[number], self.left

        def short(voice: Voice) -> str:
            return f"{received}; it costs {voice.money(project.cost)} and {voice.money(left)} was left"

        share, self.part = self.part, None  # only the first that does not fit
        if self.count.stop:
            self.ended_at = number
        if share is None:
            return False, lambda voice: f"{short(voice)}."
        percent = f"{_percent(share)} of its cost"
        if left < share * project.cost:
            return False, lambda voice: f"{short(voice)}, less than {percent}."
        self.facts["part_funded"], self.facts["reserve_pays"] = project.id, project.cost - left
        self.left = 0
        return True, lambda voice: f"{short(voice)}, at least {percent}: a reserve pays the rest."

    def _barred(self, number: int) -> Say | None:
        """Why the project cannot win whatever money there is; None where it can."""
        counts, need, points = self.count.counted, self.count.parameters, self.count.points
        votes, score = int(counts.votes[number]), int(counts.score[number])
        if self.election.projects[number].id in need.withdrawn:
            return lambda _: "it was withdrawn"
        if score <= 0:
            none = "its points come to nothing" if self.election.kind == "scoring" else "no vote gave it points"
            return lambda _: none if votes else "nobody chose it"
        if votes < need.least_votes:
            return lambda _: f"at least {counted(need.least_votes, 'vote')} are needed"
        if votes < need.least_share * counts.ballots:
            least = -(-need.least_share * counts.ballots // 1)
            return lambda _: (
                f"at least {_percent(need.least_share)} of {counts.ballots:,} ballots are needed, {least:,}"
            )
        if score < need.least_score:
            return lambda _: f"at least {counted(need.least_score, 'point' if points else 'vote')} are needed"
        against = self.count.against.get(number, frozenset())
        for winner in self.winners if against else ():
            if winner in against:
                return lambda voice, winner=winner: (  # type: ignore[misc]
                    f"it cannot be carried out together with project {voice.project(self.election, winner)}, which won"
                )
        return None


def other_orders(outcome: Outcome) -> Search:
    """What other orders of tied projects would lead to."""
    return _searched(outcome, _by_points, stop=False)


def other_orders_by_cost(outcome: Outcome) -> Search:
    """The same for points for each unit of cost."""
    return _searched(outcome, _by_points_per_cost, stop=False)


def other_orders_stopped(outcome: Outcome) -> Search:
    """The same where the count ends at the first that does not fit."""
    return _searched(outcome, _by_points, stop=True)


def _searched(outcome: Outcome, key: Key, *, stop: bool) -> Search:
    count = _Count(outcome.election, outcome.parameters, key, stop=stop)
    return search(count.under, ordered(count.place), MOST_COUNTS)


def one_purse(outcome: Outcome, _: Supporters) -> str:
    """Why a greedy count has no ledger."""
    return f"{outcome.parameters.rule} takes all from one purse: nobody paid for a project, so there is no ledger."


def told(parameters: Parameters) -> Iterator[str]:
    """What greedy rules alone read, in words."""
    if parameters.part_funding is not None:
        yield f"part funding from {parameters.part_funding} of the cost"


def on_the_way(outcome: Outcome) -> list[str]:
    """Whether a project is funded in part."""
    if "part_funded" not in outcome.facts:
        return []
    project, reserve = outcome.facts["part_funded"], money(int(outcome.facts["reserve_pays"]))
    return [f"For project {project} the budget did not reach: a reserve pays {reserve} of its cost."]


def why(counted: Counted) -> Explain:
    """Why projects did not win by points."""
    return _Losers(counted).explain


def why_by_cost(counted: Counted) -> Explain:
    """Why projects did not win by points for each unit of cost."""
    return _Losers(counted, by_cost=True).explain


def why_stopped(counted: Counted) -> Explain:
    """Why projects did not win by points, where the count ends at the first that does not fit."""
    return _Losers(counted, stop=True).explain


class _Losers:
    """The count made again with other points, for those who ask how many more would have done."""

    def __init__(self, counted: Counted, *, by_cost: bool = False, stop: bool = False) -> None:
        self.election, self.parameters = counted.outcome.election, counted.outcome.parameters
        self.projects, self.who, self.by_cost, self.stop = self.election.projects, counted.who, by_cost, stop
        self.against = conflicts(self.election, self.parameters)
        self.fits = eligible(self.election, self.parameters, self.who)
        self.voice = counted.voice

    def explain(self, plain: WhyNot) -> WhyNot:
        _, before = self._winners(self.who.score.tolist(), plain.number)
        more = self._more(plain.number)
        if before is None:
            words = "The count had ended before its turn came: a project with more votes did not fit."
        else:
            say = self.voice.money
            words = f"When its turn came {say(before)} was left, {say(max(plain.cost - before, 0))} too little."
        if more is not None:
            words += self._with(more, plain.number)
        short = None if before is None else Fraction(plain.cost - before)
        return replace(plain, more_votes=more, short=short, words=words)

    def _with(self, more: int, number: int) -> str:
        """With how many votes or points more it would have won, and whether those who voted had them to give."""
        election, voters = self.election, self.who.ballots
        points = self.parameters.points
        most = max(points) if points else 1
        given = "vote"
        if points or self.parameters.by_length or election.ballots.points is not None:
            given, said = "point", election.meta.get("max_points", "")
            if not points:
                most = int(said) if said.isascii() and said.isdigit() else 0  # 0: a ballot may give any number
        free = voters * most - int(self.who.score[number])
        if not most or more <= free:
            return f" With {counted(more, given)} more it would have won."
        have = (
            f"the {counted(voters, 'ballot')} had none left to give it" if free <= 0
            else f"the {counted(voters, 'ballot')} had only {free:,} more to give it"
        )  # fmt: skip
        return f" It would have needed {counted(more, given)} more, and {have}."

    def _more(self, number: int) -> int | None:
        """The fewest points more with which the project wins; None where it wins with none."""
        score: list[int] = self.who.score.tolist()
        needed = set[int]()
        for other in range(len(self.projects)):
            if self.by_cost and self.projects[other].cost:
                same = Fraction(score[other] * self.projects[number].cost, self.projects[other].cost)
                needed |= {ceil(same), floor(same) + 1}
            else:
                needed |= {score[other], score[other] + 1}
        for wanted in sorted(needed):
            if wanted > score[number]:
                raised = [*score[:number], wanted, *score[number + 1 :]]
                if number in self._winners(raised, number)[0]:
                    return wanted - score[number]
        return None

    def _winners(self, score: Sequence[int], number: int) -> tuple[set[int], int | None]:
        """The winners with these points, and what is left when the turn of ``number`` comes (None: it does not)."""
        won, out = set[int](), set[int]()
        standing = [p for p in range(len(self.projects)) if self.fits[p] and score[p] > 0]
        key = _by_points_per_cost if self.by_cost else _by_points
        keys = {p: key(self.election, score[p], p) for p in standing}
        place = tie_order(self.election, self.parameters, replace(self.who, score=np.array(score, np.int64)))
        left = self.election.budget
        before: int | None = None
        standing.sort(key=place.__getitem__)
        for project in sorted(standing, key=lambda p: keys[p], reverse=True):
            if project == number:
                before = left
            if project in out:
                continue
            if self.projects[project].cost <= left:
                left -= self.projects[project].cost
                won.add(project)
                out |= self.against.get(project, frozenset())
            elif self.stop:
                break
        return won, before


def _threshold(election: Election) -> Parameters:
    if LEAST_KEY not in election.meta:
        raise SokeError(f"META names the rule greedy-threshold and has no {LEAST_KEY}.", "Say which rule it was.")
    return Parameters(rule="greedy", ties=("file-order",))


def _custom(election: Election) -> Parameters:
    """Poznan: the comment of the file says from which share of its cost a project is funded in part."""
    share = PART.search(election.meta.get("comment", ""))
    if share is None:
        fact = "META names the rule greedy-custom, and its comment does not describe one that is known here."
        raise SokeError(fact, "Say which rule it was.")
    return Parameters(rule="greedy-stop", ties=("file-order",), part_funding=Fraction(int(share[1]), 100))


def _in_file_order(rule: str) -> FromMeta:
    """META has no rule for ties: the order of the file decides, which in published files is that of the list."""
    return lambda _: Parameters(rule=rule, ties=("file-order",))


IN_META: Mapping[str, FromMeta] = {
    "greedy": _in_file_order("greedy"), EXCLUSIVE: _in_file_order("greedy"), "greedy-threshold": _threshold,
}  # fmt: skip
IN_META_STOP: Mapping[str, FromMeta] = {"greedy-no-skip": _in_file_order("greedy-stop"), "greedy-custom": _custom}


def _percent(share: Fraction) -> str:
    percent = share * 100
    return f"{percent.numerator}%" if percent.denominator == 1 else f"{float(percent):g}%"
