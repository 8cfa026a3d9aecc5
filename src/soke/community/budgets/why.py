"""Why a project did not win, for the people who voted for it.

What keeps a project from winning under any rule, and what its supporters got instead, is the same for all; how far it
was from winning, each rule says for itself (:mod:`~soke.community.budgets.registry`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from math import ceil

import numpy as np

from soke.community.budgets.districts import pots
from soke.community.budgets.ledger import Ledger, payments
from soke.community.budgets.outcome import Counted, Explain, Outcome, WhyNot
from soke.community.budgets.registry import find
from soke.community.budgets.supporters import Supporters, conflicts, supporters
from soke.community.budgets.words import money, sentence
from soke.errors import SokeError
from soke.text import counted

_SHOWN = 3  # winners that are named of those that its supporters got


def losers(outcome: Outcome) -> list[int]:
    """The numbers of the projects that did not win, in the order of the file."""
    winners = set(outcome.winners)
    return [number for number in range(len(outcome.election.projects)) if number not in winners]


class Reasons:
    """The reasons of one outcome; what several projects need is worked out once."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome, self.projects = outcome, outcome.election.projects

    @cached_property
    def who(self) -> Supporters:
        return supporters(self.outcome.election, self.outcome.parameters)

    @cached_property
    def against(self) -> dict[int, frozenset[int]]:
        return conflicts(self.outcome.election, self.outcome.parameters)

    @cached_property
    def explain(self) -> Explain:
        counted = Counted(outcome=self.outcome, who=self.who, left_with=self._left_with)
        return find(self.outcome.parameters.rule).why(counted)

    @cached_property
    def ledger(self) -> Ledger:
        return payments(self.outcome)

    def _left_with(self, number: int) -> Fraction:
        return self.ledger.left_with(number)

    @cached_property
    def pots(self) -> list[tuple[str, tuple[int, ...], Reasons]]:
        counted = pots(self.outcome.election, self.outcome.parameters)
        return [(pot.name, pot.numbers, Reasons(pot.outcome)) for pot in counted]

    def why_not(self, number: int) -> WhyNot:
        """SokeError where the election has no such project."""
        if not 0 <= number < len(self.projects):
            raise SokeError(f"There is no project number {number}.", f"There are {len(self.projects)}, from 0.")
        if self.outcome.parameters.districts:
            return self._in_its_pot(number)
        project = self.projects[number]
        won, votes = number in self.outcome.winners, int(self.who.votes[number])
        plain = WhyNot(number=number, won=won, votes=votes, cost=project.cost)
        head = f"{project.id}: {counted(votes, 'vote')}{self._points(number)}, costs {money(project.cost)}."
        if won:
            why = next((step.why for step in self.outcome.steps if step.number == number and step.taken), "")
            return _said(plain, head, f"It won. {sentence(why)}".strip())
        barred = self._barred(number)
        lost = replace(plain, words=barred) if barred else self.explain(plain)
        instead, nothing = self._instead(number)
        reason = " ".join(filter(None, (lost.words, self._got(instead, nothing))))
        return _said(replace(lost, instead=instead, nothing=nothing), head, reason)

    def _points(self, number: int) -> str:
        score, votes = int(self.who.score[number]), int(self.who.votes[number])
        return "" if score == votes else f" with {counted(score, 'point')}"

    def _in_its_pot(self, number: int) -> WhyNot:
        for name, numbers, reasons in self.pots:
            if number in numbers:
                why = reasons.why_not(numbers.index(number))
                instead = tuple((numbers[winner], votes) for winner, votes in why.instead)
                pot = f"Pot of {name}: "
                return replace(why, number=number, instead=instead, reason=pot + why.reason, words=pot + why.words)
        raise SokeError(f"Project {self.projects[number].id} is in no pot.", "Give its district a pot.")

    def _barred(self, number: int) -> str:
        """What keeps the project from winning whatever its supporters have; empty where nothing does."""
        parameters, who = self.outcome.parameters, self.who
        votes, score, cost = int(who.votes[number]), int(who.score[number]), self.projects[number].cost
        least = max(parameters.least_votes, ceil(parameters.least_share * who.ballots))
        if not len(who.of[number]):
            return "Nobody supports it."
        if votes < least:
            return f"A project needs {counted(least, 'vote')} to win: it is {counted(least - votes, 'vote')} short."
        if score < parameters.least_score:
            short = counted(parameters.least_score - score, "point")
            return f"A project needs {counted(parameters.least_score, 'point')} to win: it is {short} short."
        if cost > self.outcome.election.budget:
            return f"It costs more than the whole budget of {money(self.outcome.election.budget)}."
        rivals = [winner for winner in self.outcome.winners if winner in self.against.get(number, ())]
        if rivals:
            return f"It cannot be carried out together with {self.projects[rivals[0]].id}, which won."
        return ""

    def _instead(self, number: int) -> tuple[tuple[tuple[int, int], ...], int]:
        """How many supporters of the project support each winner, most first; and how many support none."""
        who = self.who
        inside = np.zeros(len(who.sizes), np.int64)
        inside[who.of[number]] = who.sizes[who.of[number]]
        nothing = inside.copy()
        counts = []
        for winner in self.outcome.winners:
            counts.append((winner, int(inside[who.of[winner]].sum())))
            nothing[who.of[winner]] = 0
        counts.sort(key=lambda count: (-count[1], count[0]))
        return tuple(count for count in counts if count[1]), int(nothing.sum())

    def _got(self, instead: Sequence[tuple[int, int]], nothing: int) -> str:
        if not instead and not nothing:
            return ""
        shown = ", ".join(f"{self.projects[winner].id} ({votes:,} of them)" for winner, votes in instead[:_SHOWN])
        others = f" and {counted(len(instead) - _SHOWN, 'other')}" if len(instead) > _SHOWN else ""
        got = f"Of the winners its supporters also chose {shown}{others}" if shown else ""
        none = f"{counted(nothing, 'supporter')} got nothing they chose" if nothing else "all of them got something"
        return f"{got}; {none}." if got else f"{none[0].upper()}{none[1:]}."


def _said(why: WhyNot, head: str, reason: str) -> WhyNot:
    return replace(why, reason=reason, words=f"{head} {reason}")
