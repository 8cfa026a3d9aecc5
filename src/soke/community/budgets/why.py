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
from soke.community.budgets.ties import Ties
from soke.community.budgets.words import PLAIN, Voice, sentence
from soke.errors import SokeError
from soke.text import capital, counted

_SHOWN = 3  # winners that are named of those that its supporters got


def losers(outcome: Outcome) -> list[int]:
    """The numbers of the projects that did not win, in the order of the file."""
    winners = set(outcome.winners)
    return [number for number in range(len(outcome.election.projects)) if number not in winners]


class Reasons:
    """The reasons of one outcome, in a voice; what several projects need is worked out once. ``ties``: what decided."""

    def __init__(self, outcome: Outcome, voice: Voice = PLAIN, ties: Ties | None = None) -> None:
        self.outcome, self.projects, self.voice = outcome, outcome.election.projects, voice
        self.ties = Ties() if ties is None else ties

    @cached_property
    def who(self) -> Supporters:
        return supporters(self.outcome.election, self.outcome.parameters)

    @cached_property
    def against(self) -> dict[int, frozenset[int]]:
        return conflicts(self.outcome.election, self.outcome.parameters)

    @cached_property
    def explain(self) -> Explain:
        counted = Counted(outcome=self.outcome, who=self.who, left_with=self._left_with, voice=self.voice)
        return find(self.outcome.parameters.rule).why(counted)

    @cached_property
    def ledger(self) -> Ledger:
        return payments(self.outcome)

    def _left_with(self, number: int) -> Fraction:
        return self.ledger.left_with(number)

    @cached_property
    def pots(self) -> list[tuple[str, tuple[int, ...], Reasons]]:
        counted = pots(self.outcome.election, self.outcome.parameters)
        return [(pot.name, pot.numbers, Reasons(pot.outcome, self.voice)) for pot in counted]

    def why_not(self, number: int) -> WhyNot:
        """SokeError where the election has no such project."""
        if not 0 <= number < len(self.projects):
            raise SokeError(f"There is no project number {number}.", f"There are {len(self.projects)}, from 0.")
        if self.outcome.parameters.districts:
            return self._in_its_pot(number)
        project = self.projects[number]
        won, votes = number in self.outcome.winners, int(self.who.votes[number])
        plain = WhyNot(number=number, won=won, votes=votes, cost=project.cost)
        head = f"{project.id}: {counted(votes, 'vote')}{self._points(number)}, costs {self.voice.money(project.cost)}."
        tie = self.ties.of(self.outcome.election, number, self.voice)
        if won:
            steps = self.outcome.steps
            why = next((step.told(self.voice) for step in steps if step.number == number and step.taken), "")
            return _said(plain, head, " ".join(filter(None, ("It won.", sentence(why), tie))))
        barred = self._barred(number)
        lost = replace(plain, words=barred) if barred else self.explain(plain)
        instead, nothing = self._instead(number)
        reason = " ".join(filter(None, (tie, lost.words, self._got(instead, nothing))))
        return _said(replace(lost, instead=instead, nothing=nothing, tied=bool(tie)), head, reason)

    def _points(self, number: int) -> str:
        score, votes = int(self.who.score[number]), int(self.who.votes[number])
        return "" if score == votes else f" with {counted(score, 'point')}"

    def _in_its_pot(self, number: int) -> WhyNot:
        for name, numbers, reasons in self.pots:
            if number in numbers:
                why = reasons.why_not(numbers.index(number))
                instead = tuple((numbers[winner], votes) for winner, votes in why.instead)
                tie = self.ties.of(self.outcome.election, number, self.voice)
                reason, words = (
                    f"Pot of {name}: {' '.join(filter(None, (said, tie)))}" for said in (why.reason, why.words)
                )
                return replace(why, number=number, instead=instead, tied=bool(tie), reason=reason, words=words)
        raise SokeError(f"Project {self.projects[number].id} is in no pot.", "Give its district a pot.")

    def _barred(self, number: int) -> str:
        """What keeps the project from winning whatever its supporters have; empty where nothing does."""
        parameters, who = self.outcome.parameters, self.who
        votes, score, cost = int(who.votes[number]), int(who.score[number]), self.projects[number].cost
        least = max(parameters.least_votes, ceil(parameters.least_share * who.ballots))
        if self.projects[number].id in parameters.withdrawn:
            return "It was withdrawn."
        if not len(who.of[number]):
            return "Nobody supports it."
        if score <= 0:
            return "More points were given against it than for it, or as many."
        if votes < least:
            return f"A project needs {counted(least, 'vote')} to win: it is {counted(least - votes, 'vote')} short."
        if score < parameters.least_score:
            short = counted(parameters.least_score - score, "point")
            return f"A project needs {counted(parameters.least_score, 'point')} to win: it is {short} short."
        if cost > self.outcome.election.budget:
            return f"It costs more than the whole budget of {self.voice.money(self.outcome.election.budget)}."
        rivals = [winner for winner in self.outcome.winners if winner in self.against.get(number, ())]
        if rivals:
            rival = self.voice.project(self.outcome.election, rivals[0])
            return f"It cannot be carried out together with {rival}, which won."
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
        named = ((self.voice.project(self.outcome.election, winner), votes) for winner, votes in instead[:_SHOWN])
        shown = ", ".join(f"{name} ({votes:,} of them)" for name, votes in named)
        others = f" and {counted(len(instead) - _SHOWN, 'other')}" if len(instead) > _SHOWN else ""
        got = f"Of the winners its supporters also chose {shown}{others}" if shown else ""
        none = f"{counted(nothing, 'supporter')} got nothing they chose" if nothing else "all of them got something"
        return f"{got}; {none}." if got else f"{capital(none)}."


def _said(why: WhyNot, head: str, reason: str) -> WhyNot:
    return replace(why, reason=reason, words=f"{head} {reason}")
