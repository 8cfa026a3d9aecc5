"""Greedy rules: projects in the order of their votes, as long as there is money. What most cities do.

``greedy`` takes projects by points (votes where ballots give no points), most first, and passes over what the money
left does not cover. ``greedy-cost`` orders them by points for each unit of cost instead, compared exactly as
products. ``greedy-stop`` ends at the first project that does not fit; cities call it the list above the line.

A project that nobody chose never wins, nor one under a threshold, nor one that conflicts with a winner: it is passed
over and does not end ``greedy-stop``. With ``part_funding`` the first project that does not fit wins after all where
what is left covers at least that share of its cost, and a reserve pays the rest, as in Poznan; the winners then cost
more than the budget, and ``facts`` say by how much.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from soke.community.budgets.election import Election
from soke.community.budgets.outcome import Outcome, Step
from soke.community.budgets.registry import rule
from soke.community.budgets.rule import Parameters
from soke.community.budgets.supporters import conflicts, tie_order
from soke.community.budgets.tally import Tally, tally
from soke.community.budgets.words import money, several


@rule("greedy")
def greedy(election: Election, parameters: Parameters) -> Outcome:
    """By points, most first; what does not fit is passed over."""
    return _fill(election, parameters, _by_points, stop=False)


@rule("greedy-cost")
def greedy_cost(election: Election, parameters: Parameters) -> Outcome:
    """By points for each unit of cost, most first; what does not fit is passed over."""
    return _fill(election, parameters, _by_points_per_cost, stop=False)


@rule("greedy-stop")
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
        self.steps: list[Step] = []
        self.part = parameters.part_funding
        self.ended_at: int | None = None
        self.facts: dict[str, str | int] = {}

    def run(self, order: Sequence[int]) -> Outcome:
        for number in order:
            taken, why = self._decide(number)
            if taken:
                self.winners.append(number)
            self.steps.append(Step(number=number, taken=taken, why=why))
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
        votes = several(int(self.counted.votes[number]), "vote")
        if not self.points:
            return votes
        return f"{several(int(self.counted.score[number]), 'point')} from {votes}"

    def _barred(self, number: int) -> str:
        """Why the project cannot win whatever money there is; empty where it can."""
        votes, score = int(self.counted.votes[number]), int(self.counted.score[number])
        need = self.parameters
        if score == 0:
            return "nobody chose it" if not votes else "no vote gave it points"
        if votes < need.least_votes:
            return f"at least {several(need.least_votes, 'vote')} are needed"
        if votes < need.least_share * self.counted.ballots:
            least = -(-need.least_share * self.counted.ballots // 1)
            return f"at least {_percent(need.least_share)} of {self.counted.ballots:,} ballots are needed, {least:,}"
        if score < need.least_score:
            return f"at least {several(need.least_score, 'point' if self.points else 'vote')} are needed"
        against = self.against.get(number, frozenset())
        for winner in self.winners if against else ():
            if winner in against:
                return f"it cannot be carried out together with project {self.election.projects[winner].id}, which won"
        return ""


def _percent(share: Fraction) -> str:
    percent = share * 100
    return f"{percent.numerator}%" if percent.denominator == 1 else f"{float(percent):g}%"
