"""Greedy rules: projects in the order of their votes, as long as there is money. What most cities do.

``greedy`` takes projects by points (votes where ballots give no points), most first, and passes over what the money
left does not cover. ``greedy-cost`` orders them by points for each unit of cost instead, compared exactly as
products. ``greedy-stop`` ends at the first project that does not fit; cities call it the list above the line.

A project that nobody chose never wins, nor one under a threshold, nor one that conflicts with a winner: it is passed
over and does not end ``greedy-stop``. With ``part_funding`` the first project that does not fit wins after all where
what is left covers at least that share of its cost, and a reserve pays the rest, as in Poznan; the winners then cost
more than the budget, and ``facts`` say by how much.

A loser is told what was left when its turn came, and how many votes more would have made it win.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor

import numpy as np

from soke.community.budgets.election import Election
from soke.community.budgets.outcome import Counted, CountStep, Explain, FromMeta, Outcome, WhyNot
from soke.community.budgets.pb import LEAST_KEY
from soke.community.budgets.rule import Parameters
from soke.community.budgets.supporters import Supporters, conflicts, eligible, tie_order
from soke.community.budgets.tally import Tally, tally
from soke.community.budgets.words import money
from soke.errors import SokeError
from soke.text import counted

OPTIONS = frozenset({"part_funding"})
EXCLUSIVE = "greedy-exclusive"  # as META names greedy with conflicts, which it does not list
_PART = re.compile(r"at least (\d{1,2})% of that project")


def greedy(election: Election, parameters: Parameters) -> Outcome:
    """By points, most first; what does not fit is passed over."""
    return _fill(election, parameters, _by_points, stop=False)


def greedy_cost(election: Election, parameters: Parameters) -> Outcome:
    """By points for each unit of cost, most first; what does not fit is passed over."""
    return _fill(election, parameters, _by_points_per_cost, stop=False)


def greedy_stop(election: Election, parameters: Parameters) -> Outcome:
    """By points, most first, until one does not fit."""
    return _fill(election, parameters, _by_points, stop=True)


Key = Callable[[Election, Tally, int], Fraction | int]


def _by_points(election: Election, counted: Tally, number: int) -> int:
    return int(counted.score[number])


def _by_points_per_cost(election: Election, counted: Tally, number: int) -> Fraction:
    return Fraction(int(counted.score[number]), election.projects[number].cost)


def _fill(election: Election, parameters: Parameters, key: Key, *, stop: bool) -> Outcome:
    counted = tally(election, parameters)
    place = tie_order(election, parameters, counted)
    keys = [key(election, counted, number) for number in range(len(election.projects))]
    order = sorted(range(len(keys)), key=lambda number: (-keys[number], place[number]))
    return _Count(election, parameters, counted, stop).run(order)


class _Count:
    """The state of one count: what is left, who has won, and whether it has ended."""

    def __init__(self, election: Election, parameters: Parameters, counted: Tally, stop: bool) -> None:
        self.election, self.parameters, self.counted, self.stop = election, parameters, counted, stop
        self.against = conflicts(election, parameters)
        self.points = election.kind == "cumulative" or election.ballots.points is not None or bool(parameters.points)
        self.left = election.budget
        self.winners: list[int] = []
        self.steps: list[CountStep] = []
        self.part = parameters.part_funding
        self.ended_at: int | None = None
        self.facts: dict[str, str | int] = {}

    def run(self, order: Sequence[int]) -> Outcome:
        for number in order:
            taken, why = self._decide(number)
            if taken:
                self.winners.append(number)
            self.steps.append(CountStep(number=number, taken=taken, why=why))
        return Outcome(election=self.election, parameters=self.parameters, winners=tuple(self.winners),
                       steps=tuple(self.steps), facts=self.facts)  # fmt: skip

    def _decide(self, number: int) -> tuple[bool, str]:
        project = self.election.projects[number]
        received = self._received(number)
        if barred := self._barred(number):
            return False, f"{received}; {barred}."
        if self.ended_at is not None:
            ended = self.election.projects[self.ended_at].id
            return False, f"{received}; the count had ended at project {ended}, the first that did not fit."
        if project.cost <= self.left:
            before, self.left = self.left, self.left - project.cost
            return True, f"{received}; it costs {money(project.cost)} of the {money(before)} that was left."
        short = f"{received}; it costs {money(project.cost)} and {money(self.left)} was left"
        share, self.part = self.part, None  # only the first that does not fit
        if self.stop:
            self.ended_at = number
        if share is None:
            return False, f"{short}."
        percent = f"{_percent(share)} of its cost"
        if self.left < share * project.cost:
            return False, f"{short}, less than {percent}."
        self.facts["part_funded"], self.facts["reserve_pays"] = project.id, project.cost - self.left
        self.left = 0
        return True, f"{short}, at least {percent}: a reserve pays the rest."

    def _received(self, number: int) -> str:
        votes = counted(int(self.counted.votes[number]), "vote")
        if not self.points:
            return votes
        return f"{counted(int(self.counted.score[number]), 'point')} from {votes}"

    def _barred(self, number: int) -> str:
        """Why the project cannot win whatever money there is; empty where it can."""
        votes, score = int(self.counted.votes[number]), int(self.counted.score[number])
        need = self.parameters
        if score == 0:
            return "nobody chose it" if not votes else "no vote gave it points"
        if votes < need.least_votes:
            return f"at least {counted(need.least_votes, 'vote')} are needed"
        if votes < need.least_share * self.counted.ballots:
            least = -(-need.least_share * self.counted.ballots // 1)
            return f"at least {_percent(need.least_share)} of {self.counted.ballots:,} ballots are needed, {least:,}"
        if score < need.least_score:
            return f"at least {counted(need.least_score, 'point' if self.points else 'vote')} are needed"
        against = self.against.get(number, frozenset())
        for winner in self.winners if against else ():
            if winner in against:
                return f"it cannot be carried out together with project {self.election.projects[winner].id}, which won"
        return ""


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

    def explain(self, plain: WhyNot) -> WhyNot:
        _, before = self._winners(self.who.score.tolist(), plain.number)
        more = self._more(plain.number)
        if before is None:
            words = "The count had ended before its turn came: a project with more votes did not fit."
        else:
            words = f"When its turn came {money(before)} was left, {money(max(plain.cost - before, 0))} too little."
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
        if points or election.ballots.points is not None:
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
            if self.by_cost:
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
        keys = {p: Fraction(score[p], self.projects[p].cost) if self.by_cost else score[p] for p in standing}
        place = tie_order(self.election, self.parameters, replace(self.who, score=np.array(score, np.int64)))
        left = self.election.budget
        before: int | None = None
        for project in sorted(standing, key=lambda p: (-keys[p], place[p])):
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
    share = _PART.search(election.meta.get("comment", ""))
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
