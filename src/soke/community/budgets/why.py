"""Why a project did not win, for the people who voted for it.

Under equal shares: what its supporters had left at the end and how much they were short of, an endowment at which it
would have been bought, and what else they got. Under greedy rules: what was left when its turn came, and how many
votes more would have made it win. Under Phragmen: how far its supporters had got when the rule stopped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

import numpy as np

from soke.community.budgets.districts import pots
from soke.community.budgets.equal_shares import Market, buy, market
from soke.community.budgets.ledger import Ledger, payments
from soke.community.budgets.outcome import Outcome
from soke.community.budgets.supporters import eligible, tie_order
from soke.community.budgets.words import money, several
from soke.errors import SokeError

FINE = 64  # of the way from the endowment to one that would do: how near is near enough, but for the first increments
_SHOWN = 3  # winners that are named of those that its supporters got


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """Project ``number`` and why it did not win; ``words`` say it in sentences, ``reason`` the same without
    its votes and cost. Money in hundredths.

    ``left`` is what its supporters had left together and ``short`` what they lacked of its cost (rules with an
    endowment). ``wins_at``: an endowment at which it would have been bought; at ``loses_at`` it would not have been,
    which is one increment less, or further on at most a sixty-fourth of the way less. There may be a lower one: a
    project can be bought at some endowment and not at a higher one. ``more_votes``: how many votes (points) more would
    have made it win, all else the same, whether or not those who voted had as many to give; None where none would, or
    where votes are not what decides. ``instead``: winners, and how many of its supporters support them; ``nothing``:
    how many of them got no winner at all.
    """

    number: int
    won: bool
    votes: int
    cost: int
    left: Fraction | None = None
    short: Fraction | None = None
    wins_at: Fraction | None = None
    loses_at: Fraction | None = None
    more_votes: int | None = None
    instead: tuple[tuple[int, int], ...] = ()
    nothing: int = 0
    reason: str = ""
    words: str = ""


def losers(outcome: Outcome) -> list[int]:
    """The numbers of the projects that did not win, in the order of the file."""
    return [one for one in range(len(outcome.election.projects)) if one not in set(outcome.winners)]


class Reasons:
    """The reasons of one outcome; what several projects need is worked out once."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome, self.projects = outcome, outcome.election.projects
        rule = outcome.parameters.rule
        self.greedy = rule.startswith("greedy") or outcome.facts.get("preferred") == "greedy"
        self.bought_at: dict[Fraction, frozenset[int]] = {}

    @cached_property
    def shop(self) -> Market:
        return market(self.outcome.election, self.outcome.parameters)

    @cached_property
    def ledger(self) -> Ledger:
        return payments(self.outcome)

    @cached_property
    def pots(self) -> list[tuple[str, tuple[int, ...], Reasons]]:
        found = pots(self.outcome.election, self.outcome.parameters)
        return [(pot.name, pot.numbers, Reasons(pot.outcome)) for pot in found]

    def why_not(self, number: int) -> WhyNot:
        """SokeError where the election has no such project."""
        if not 0 <= number < len(self.projects):
            raise SokeError(f"There is no project number {number}.", f"There are {len(self.projects)}, from 0.")
        if self.outcome.parameters.districts:
            return self._in_its_pot(number)
        who, project = self.shop.who, self.projects[number]
        won, votes = number in self.outcome.winners, int(who.votes[number])
        plain = WhyNot(number=number, won=won, votes=votes, cost=project.cost)
        head = f"{project.id}: {several(plain.votes, 'vote')}{self._points(number)}, costs {money(project.cost)}."
        if plain.won:
            why = next((step.why for step in self.outcome.steps if step.number == number and step.taken), "")
            return _said(plain, head, f"It won. {_sentence(why)}".strip())
        if barred := self._barred(number):
            found = replace(plain, words=barred)
        elif self.greedy:
            found = self._greedily(plain)
        elif self.outcome.parameters.rule == "phragmen":
            found = self._by_phragmen(plain)
        else:
            found = self._by_shares(plain)
        instead, nothing = self._instead(number)
        reason = " ".join(filter(None, (found.words, self._got(instead, nothing))))
        return _said(replace(found, instead=instead, nothing=nothing), head, reason)

    def _points(self, number: int) -> str:
        score, votes = int(self.shop.who.score[number]), int(self.shop.who.votes[number])
        return "" if score == votes else f" with {several(score, 'point')}"

    def _in_its_pot(self, number: int) -> WhyNot:
        for name, numbers, reasons in self.pots:
            if number in numbers:
                found = reasons.why_not(numbers.index(number))
                instead = tuple((numbers[one], votes) for one, votes in found.instead)
                pot = f"Pot of {name}: "
                return replace(found, number=number, instead=instead, reason=pot + found.reason,
                               words=pot + found.words)  # fmt: skip
        raise SokeError(f"Project {self.projects[number].id} is in no pot.", "Give its district a pot.")

    def _barred(self, number: int) -> str:
        """What keeps the project from winning whatever its supporters have; empty where nothing does."""
        parameters, who = self.outcome.parameters, self.shop.who
        votes, score, cost = int(who.votes[number]), int(who.score[number]), self.projects[number].cost
        least = max(parameters.least_votes, ceil(parameters.least_share * who.ballots))
        if not len(who.of[number]):
            return "Nobody supports it."
        if votes < least:
            return f"A project needs {several(least, 'vote')} to win: it is {several(least - votes, 'vote')} short."
        if score < parameters.least_score:
            short = several(parameters.least_score - score, "point")
            return f"A project needs {several(parameters.least_score, 'point')} to win: it is {short} short."
        if cost > self.outcome.election.budget:
            return f"It costs more than the whole budget of {money(self.outcome.election.budget)}."
        rivals = [one for one in self.outcome.winners if one in self.shop.against.get(number, ())]
        if rivals:
            return f"It cannot be carried out together with {self.projects[rivals[0]].id}, which won."
        return ""

    def _by_shares(self, plain: WhyNot) -> WhyNot:
        number, endowment = plain.number, self.outcome.endowment
        assert endowment is not None
        left = self.ledger.left_with(number)
        short = plain.cost - left
        backers = int(self.shop.who.sizes[self.shop.who.of[number]].sum())
        had, each = money(floor(endowment * backers)), money(floor(endowment))
        words = (
            f"Its {several(backers, 'supporter')} had {money(floor(left))} of their {had} left at the end, "
            f"{money(ceil(short))} too little."
        )
        loses_at, wins_at = self._endowment(number)
        if wins_at is not None:
            spent = sum(self.projects[one].cost for one in self._bought(wins_at))
            over = spent - self.outcome.election.budget
            words += f" With {money(floor(wins_at))} for every voter, not {each}, it would have been bought"
            words += f", but all that is bought then costs {money(over)} more than the budget." if over > 0 else "."
        fill = next((step.why for step in self.outcome.steps if step.number == number), "")
        words = f"{words} {_sentence(fill)}".strip()
        return replace(plain, left=left, short=short, wins_at=wins_at, loses_at=loses_at, words=words)

    def _endowment(self, number: int) -> tuple[Fraction | None, Fraction | None]:
        """An endowment at which the project is not bought, and a little higher one at which it is. None: at none tried,
        up to all projects' cost for every voter. Many projects are asked about at the same endowments, once each."""
        step = Fraction(self.outcome.parameters.increment)
        most = sum(one.cost for one in self.projects)
        assert self.outcome.endowment is not None
        first, low, high = self.outcome.endowment, 0, 1
        while number not in self._bought(first + high * step):
            if first + high * step > most:
                return None, None
            low, high = high, 2 * high
        while high - low > max(1, high // FINE):
            middle = (low + high) // 2
            low, high = (low, middle) if number in self._bought(first + middle * step) else (middle, high)
        return first + low * step, first + high * step

    def _bought(self, endowment: Fraction) -> frozenset[int]:
        if endowment not in self.bought_at:
            self.bought_at[endowment] = frozenset(buy(self.shop, endowment))
        return self.bought_at[endowment]

    def _by_phragmen(self, plain: WhyNot) -> WhyNot:
        step = next((one for one in self.outcome.steps if one.number == plain.number), None)
        if step is not None:
            return replace(plain, words=f"{_sentence(step.why)} There the count stopped.")
        stop = next((one for one in self.outcome.steps if not one.taken), None)
        if stop is None or self.outcome.endowment is None:
            return replace(plain, words="The count stopped before its supporters had its cost.")
        left = self.ledger.left_with(plain.number)
        words = (
            f"Its supporters had earned {money(floor(left))} that they had not spent when the last project was bought, "
            f"{money(ceil(plain.cost - left))} too little; the count stopped at {self.projects[stop.number].id}, "
            "which cost more than what was left."
        )
        return replace(plain, left=left, short=plain.cost - left, words=words)

    def _greedily(self, plain: WhyNot) -> WhyNot:
        number = plain.number
        _, before = self._greedy(self.shop.who.score.tolist(), number)
        more = self._more(number)
        if before is None:
            words = "The count had ended before its turn came: a project with more votes did not fit."
        else:
            words = f"When its turn came {money(before)} was left, {money(max(plain.cost - before, 0))} too little."
        if self.outcome.facts.get("preferred") == "greedy":
            words = f"More voters preferred the greedy outcome. {words}"
        if more is not None:
            words += self._with(more, number)
        short = None if before is None else Fraction(plain.cost - before)
        return replace(plain, more_votes=more, short=short, words=words)

    def _with(self, more: int, number: int) -> str:
        """With how many votes or points more it would have won, and whether those who voted had them to give."""
        election, voters = self.outcome.election, self.shop.who.ballots
        points = self.outcome.parameters.points
        most = max(points) if points else 1
        given = "vote"
        if points or election.ballots.points is not None:
            given, said = "point", election.meta.get("max_points", "")
            if not points:
                most = int(said) if said.isascii() and said.isdigit() else 0  # 0: a ballot may give any number
        free = voters * most - int(self.shop.who.score[number])
        if not most or more <= free:
            return f" With {several(more, given)} more it would have won."
        have = (
            f"the {several(voters, 'ballot')} had none left to give it" if free <= 0
            else f"the {several(voters, 'ballot')} had only {free:,} more to give it"
        )  # fmt: skip
        return f" It would have needed {several(more, given)} more, and {have}."

    def _more(self, number: int) -> int | None:
        """The fewest points more with which the project wins; None where it wins with none."""
        score: list[int] = self.shop.who.score.tolist()
        needed = set[int]()
        for other in range(len(self.projects)):
            if self.outcome.parameters.rule == "greedy-cost":
                same = Fraction(score[other] * self.projects[number].cost, self.projects[other].cost)
                needed |= {ceil(same), floor(same) + 1}
            else:
                needed |= {score[other], score[other] + 1}
        for wanted in sorted(needed):
            if wanted > score[number]:
                raised = [*score[:number], wanted, *score[number + 1 :]]
                if number in self._greedy(raised, number)[0]:
                    return wanted - score[number]
        return None

    def _greedy(self, score: Sequence[int], number: int) -> tuple[set[int], int | None]:
        """The winners with these points, and what is left when the turn of ``number`` comes (None: it does not)."""
        shop, won, out = self.shop, set[int](), set[int]()
        by_cost = self.outcome.parameters.rule == "greedy-cost"
        fits = eligible(self.outcome.election, self.outcome.parameters, shop.who)
        standing = [p for p in range(len(self.projects)) if fits[p] and score[p] > 0]
        keys = {p: Fraction(score[p], self.projects[p].cost) if by_cost else score[p] for p in standing}
        counted = replace(shop.who, score=np.array(score, np.int64))
        place = tie_order(self.outcome.election, self.outcome.parameters, counted)
        left = self.outcome.election.budget
        before: int | None = None
        for one in sorted(standing, key=lambda p: (-keys[p], place[p])):
            if one == number:
                before = left
            if one in out:
                continue
            if self.projects[one].cost <= left:
                left -= self.projects[one].cost
                won.add(one)
                out |= shop.against.get(one, frozenset())
            elif self.outcome.parameters.rule == "greedy-stop":
                break
        return won, before

    def _instead(self, number: int) -> tuple[tuple[tuple[int, int], ...], int]:
        """How many supporters of the project support each winner, most first; and how many support none."""
        who = self.shop.who
        inside = np.zeros(len(who.sizes), np.int64)
        inside[who.of[number]] = who.sizes[who.of[number]]
        nothing = inside.copy()
        counts = []
        for one in self.outcome.winners:
            counts.append((one, int(inside[who.of[one]].sum())))
            nothing[who.of[one]] = 0
        counts.sort(key=lambda found: (-found[1], found[0]))
        return tuple(one for one in counts if one[1]), int(nothing.sum())

    def _got(self, instead: Sequence[tuple[int, int]], nothing: int) -> str:
        if not instead and not nothing:
            return ""
        shown = ", ".join(f"{self.projects[one].id} ({votes:,} of them)" for one, votes in instead[:_SHOWN])
        others = f" and {several(len(instead) - _SHOWN, 'other')}" if len(instead) > _SHOWN else ""
        got = f"Of the winners its supporters also chose {shown}{others}" if shown else ""
        none = f"{several(nothing, 'supporter')} got nothing they chose" if nothing else "all of them got something"
        return f"{got}; {none}." if got else f"{none[0].upper()}{none[1:]}."


def _said(found: WhyNot, head: str, reason: str) -> WhyNot:
    return replace(found, reason=reason, words=f"{head} {reason}")


def _sentence(text: str) -> str:
    """A reason as a sentence of its own."""
    text = text.strip()
    return text if not text or text.endswith(".") else text + "."
