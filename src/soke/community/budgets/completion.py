"""Equal shares as cities run it: with what is done about the money that it leaves.

Equal shares alone often leaves much of the budget, because no group of supporters has enough left for another
project. Three things are done about it. **add1** gives every voter a little more on paper, by ``increment`` at a time,
and counts again from the beginning: as long as the winners cost no more than the budget, nobody pays with money that is
not there. Two rules for when it stops are both called "add1", and elect different winners in 3 of 42 real elections: at
the first outcome that leaves no project affordable (``exhaustive``), or at the first that costs too much, when the one
before it stands (``overshoot``). **utilitarian** then buys what still fits, by votes. And a **comparison**
asks whether more voters prefer what greedy would have bought, which then wins.

A loser is told what its supporters had left at the end, how much they were short of, and an endowment at which it would
have been bought.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np

from soke.community.budgets import greedy as greedily
from soke.community.budgets.election import Election
from soke.community.budgets.equal_shares import Market, buy, market, pay, purchases
from soke.community.budgets.other_orders import places
from soke.community.budgets.outcome import Counted, CountStep, Explain, FromMeta, Outcome, Payment, WhyNot
from soke.community.budgets.rule import Parameters
from soke.community.budgets.supporters import Supporters, satisfaction
from soke.community.budgets.words import Say, Voice, money, sentence
from soke.errors import SokeError
from soke.text import counted

MOST_INCREMENTS = 100_000
FINE = 64  # of the way from the endowment to one that would do: how near is near enough, but for the first increments
ADD1, FILLED = ("add1", "add1-utilitarian"), ("utilitarian", "add1-utilitarian")
COSTS_TOO_MUCH, NOTHING_LEFT = "the next increment costs too much", "nothing is left to buy"
NONE_AFFORDABLE = "no project left is affordable"
_ENDED = {  # what ended add1, after raising and where it never raised
    COSTS_TOO_MUCH: (
        "until the next raise would have cost more than the budget",
        "the first raise would have cost more than the budget",
    ),
    NOTHING_LEFT: ("until all that can be bought was", "all that can be bought was"),
    NONE_AFFORDABLE: (
        "until nothing more fitted the money that was left",
        "nothing more fitted the money that was left",
    ),
}


@dataclass(frozen=True, slots=True)
class Raised:
    """What add1 found: the winners at ``endowment``, how many increments above the start that is, and why it ended.
    ``open_at``: after how many increments a tie was met of which not all could be bought."""

    bought: list[int]
    endowment: Fraction
    increments: int
    ended: str
    open_at: tuple[int, ...] = ()


def equal_shares(election: Election, parameters: Parameters) -> Outcome:
    """Equal shares with its completion and comparison. SokeError where the parameters leave nothing to count with."""
    check(parameters)
    if not len(election.ballots):
        return Outcome(election=election, parameters=parameters, winners=(), facts={"ballots": 0})
    return counted_under(market(election, parameters), parameters, ())


def counted_under(shop: Market, parameters: Parameters, order: Sequence[int]) -> Outcome:
    """The whole rule; ``order`` of all projects, where they are tied, in place of the rule's."""
    election = shop.election
    endowment = start(election, parameters)
    facts: dict[str, str | int] = {"ballots": shop.who.ballots}
    if parameters.completion in ADD1:
        raised = add1(shop, endowment, parameters.increment, parameters.stop, order)
        bought, endowment, open_at = raised.bought, raised.endowment, raised.open_at
        facts |= {"increments": raised.increments, "ended": raised.ended}
    else:
        found = purchases(shop, endowment, order)
        bought, open_at = found.bought, (0,) if found.ties else ()
    steps = [*_free(shop), *_steps(shop, endowment, bought)]
    place = places(order) if order else shop.place
    if parameters.completion in FILLED:
        steps += fill(shop, bought, place)
    winners = tuple(step.number for step in steps if step.taken)
    by_votes: list[CountStep] = []
    if parameters.comparison:
        by_votes = [*_free(shop), *fill(shop, (), place)]
        first = tuple(step.number for step in by_votes if step.taken)
        liking_greedy, liking_shares = preferences(shop, first, winners)
        facts |= {"prefer greedy": liking_greedy, "prefer equal shares": liking_shares}
        facts["preferred"] = "greedy" if liking_greedy > liking_shares else "equal shares"
        if facts["preferred"] == "greedy":
            return Outcome(election=election, parameters=parameters, winners=first, steps=tuple(by_votes), facts=facts,
                           open_at=open_at)  # fmt: skip
    return Outcome(
        election=election, parameters=parameters, winners=winners, steps=tuple(steps), endowment=endowment, facts=facts,
        open_at=open_at,
    )  # fmt: skip


def _free(shop: Market) -> list[CountStep]:
    """What costs nothing wins before all else."""
    return [CountStep.of(number, True, lambda _: "It costs nothing.") for number in shop.free]


def check(parameters: Parameters) -> None:
    """SokeError where a parameter of equal shares cannot be used."""
    if parameters.increment < 1:
        raise SokeError("The increment is not above zero.", "Say by how much the endowment grows, at least 0.01.")
    if parameters.start is not None and parameters.start < 0:
        raise SokeError("The endowment to start from is below zero.", "Give none to start from budget / voters.")
    if parameters.part_funding is not None:
        raise SokeError("Equal shares funds no project in part.", "Leave part funding out, or count greedily.")


def start(election: Election, parameters: Parameters) -> Fraction:
    """The endowment that the first count has, in hundredths."""
    if parameters.start is not None:
        return Fraction(parameters.start)
    return Fraction(election.budget, len(election.ballots))


def add1(shop: Market, first: Fraction, increment: int, stop: str, order: Sequence[int] = ()) -> Raised:
    """Count at ``first``, and again with ``increment`` hundredths more each time, until the rule ``stop`` ends it.

    Either way it also ends where every project that can be bought is. The last outcome within the budget is returned.
    """
    last: Raised | None = None
    open_at = list[int]()
    for times in range(MOST_INCREMENTS):
        endowment = first + times * increment
        found = purchases(shop, endowment, order)
        open_at += [times] if found.ties else []
        ended = ending(shop, found.bought, stop)
        if ended == COSTS_TOO_MUCH:
            if last is None:
                raise SokeError(
                    f"With {money(floor(endowment))} each, the first count spends more than the budget.",
                    "Start from budget / voters or less.",
                )
            return replace(last, ended=ended, open_at=tuple(open_at))
        last = Raised(found.bought, endowment, times, ended, tuple(open_at))
        if ended:
            return last
    raise SokeError(
        f"After {MOST_INCREMENTS:,} increments of {money(increment)} there is no end in sight.",
        "Choose a larger increment, about a hundredth of budget / voters; or no completion.",
    )


def ending(shop: Market, bought: Collection[int], stop: str) -> str:
    """Why add1 ends where this is bought; empty where it goes on."""
    projects = shop.election.projects
    left = shop.election.budget - sum(projects[number].cost for number in bought)
    if left < 0:
        return COSTS_TOO_MUCH
    rest = remaining(shop, bought)
    if not rest:
        return NOTHING_LEFT
    return NONE_AFFORDABLE if stop == "exhaustive" and all(projects[one].cost > left for one in rest) else ""


def remaining(shop: Market, bought: Collection[int]) -> list[int]:
    """What could still be bought: allowed, supported, and in no conflict with what is."""
    out = set(bought)
    for number in bought:
        out |= shop.against.get(number, frozenset())
    return [number for number in shop.allowed if number not in out]


def fill(shop: Market, bought: Sequence[int], place: Sequence[int] | None = None) -> list[CountStep]:
    """Buy by votes (points, where points are given) what fits into the money left. From nothing, this is greedy."""
    projects, score = shop.election.projects, shop.who.score
    left = shop.election.budget - sum(projects[number].cost for number in bought)
    out, steps = set[int](), []
    where = shop.place if place is None else place
    standing = [number for number in remaining(shop, bought) if score[number] > 0]
    order = sorted(standing, key=lambda number: (-int(score[number]), where[number]))
    for number in order:
        if number in out:
            continue
        cost, takes = projects[number].cost, projects[number].cost <= left
        steps.append(CountStep.of(number, takes, _by_votes(cost, left, int(score[number]), takes)))
        if takes:
            left -= cost
            out |= shop.against.get(number, frozenset())
    return steps


def _by_votes(cost: int, left: int, score: int, takes: bool) -> Say:
    if takes:
        return lambda voice: (
            f"{voice.money(left)} was left, and of the projects that fit it had the most votes ({score:,})."
        )
    return lambda voice: f"It costs {voice.money(cost)} and {voice.money(left)} was left when its turn came."


def preferences(shop: Market, one: Iterable[int], other: Iterable[int]) -> tuple[int, int]:
    """How many ballots get more from ``one`` than from ``other``, and how many less. Nothing counts as nothing: a voter
    with no winner on one side prefers the other where that has any."""
    first = satisfaction(shop.who, shop.scale, one)
    second = satisfaction(shop.who, shop.scale, other)
    sizes = shop.who.sizes
    return int(sizes[np.asarray(first > second, bool)].sum()), int(sizes[np.asarray(first < second, bool)].sum())


def _steps(shop: Market, endowment: Fraction, bought: Sequence[int]) -> list[CountStep]:
    """Why each project was bought, with its exact rho."""
    steps = []
    for paid in pay(shop, endowment, bought):
        backers, cost = _backers(shop.who, paid.number), shop.election.projects[paid.number].cost
        unit = " a point" if int(shop.who.points[paid.number].max()) > 1 else " each"
        say = _paid(backers, cost, floor(paid.price), unit)
        steps.append(CountStep.of(paid.number, True, say, paid.price / shop.scale[paid.number]))
    return steps


def _paid(backers: int, cost: int, most: int, unit: str) -> Say:
    return lambda voice: (
        f"{counted(backers, 'supporter')} paid the {voice.money(cost)} between them, at most {voice.money(most)}{unit}."
    )


def _backers(who: Supporters, number: int) -> int:
    """How many ballots support a project."""
    return int(who.sizes[who.of[number]].sum())


def _greedy_preferred(outcome: Outcome) -> bool:
    """Whether the comparison found that more voters prefer what greedy funds, which then won."""
    return outcome.facts.get("preferred") == "greedy"


def payments(outcome: Outcome, _: Supporters) -> tuple[Payment, ...] | str:
    """What supporters paid for each project that equal shares bought."""
    if _greedy_preferred(outcome):
        return "More voters preferred the greedy outcome, which takes all from one purse: nobody paid."
    if outcome.endowment is None:
        return ()
    bought = [step.number for step in outcome.steps if step.taken and step.price is not None]
    paid = pay(market(outcome.election, outcome.parameters), outcome.endowment, bought)
    return tuple(Payment(number=share.number, of=share.of, which=share.which, amounts=share.amounts) for share in paid)


def told(parameters: Parameters) -> Iterator[str]:
    """What equal shares alone reads, in words."""
    yield f"satisfaction {parameters.satisfaction}"
    steps = f", in steps of {money(parameters.increment)}; stop {parameters.stop}"
    yield f"completion {parameters.completion}{steps if parameters.completion in ADD1 else ''}"
    if parameters.start is not None:
        yield f"start {money(parameters.start)}"
    if parameters.comparison:
        yield "comparison with greedy"


def on_the_way(outcome: Outcome) -> list[str]:
    """How often add1 raised the endowment and why it ended, and what the comparison found."""
    facts, sentences = outcome.facts, []
    if "increments" in facts:
        sentences.append(_raised(int(facts["increments"]), outcome.parameters.increment, str(facts["ended"])))
    if "preferred" in facts:
        sentences.append(
            f"{counted(int(facts['prefer greedy']), 'voter')} would rather have what greedy funds, and "
            f"{int(facts['prefer equal shares']):,} what equal shares funds: {facts['preferred']} it is."
        )
    return sentences


def _raised(times: int, step: int, ended: str) -> str:
    until, never = _ENDED[ended]
    if not times:
        return f"No voter's share was raised: {never}."
    often = "once" if times == 1 else f"{times:,} times"
    return f"Every voter's share was raised {often}, by {money(step)}{' each' if times > 1 else ''}, {until}."


def share_raised(outcome: Outcome, voice: Voice) -> str:
    """The rise of every voter's share as a sentence for people who have not heard of it; empty where there is none."""
    if outcome.endowment is None or not outcome.facts.get("increments"):
        return ""
    first, last = start(outcome.election, outcome.parameters), outcome.endowment
    until, _ = _ENDED[str(outcome.facts["ended"])]
    times = int(outcome.facts["increments"])
    return (
        f"An equal share of the money is {voice.money(floor(first))} a voter; it was raised on paper to "
        f"{voice.money(floor(last))}, in {counted(times, 'step')} of {voice.money(outcome.parameters.increment)}, "
        f"{until}: what is funded is still paid from the budget alone."
    )


def why(counted: Counted) -> Explain:
    """What the supporters of a project were short of; where greedy was preferred, why greedy passed it over."""
    if not _greedy_preferred(counted.outcome):
        return _Losers(counted).explain
    by_votes = greedily.why(counted)

    def explain(plain: WhyNot) -> WhyNot:
        passed = by_votes(plain)
        return replace(passed, words=f"More voters preferred the greedy outcome. {passed.words}")

    return explain


class _Losers:
    """What the supporters of losers had left. Many losers ask about the same endowments: each is counted once."""

    def __init__(self, counted: Counted) -> None:
        self.counted, self.outcome = counted, counted.outcome
        self.projects = self.outcome.election.projects
        self.shop, self.voice = market(self.outcome.election, self.outcome.parameters), counted.voice
        self.bought_at: dict[Fraction, frozenset[int]] = {}

    def explain(self, plain: WhyNot) -> WhyNot:
        number, endowment = plain.number, self.outcome.endowment
        assert endowment is not None
        left = self.counted.left_with(number)
        short = plain.cost - left
        backers = _backers(self.shop.who, number)
        say = self.voice.money
        had, each = say(floor(endowment * backers)), say(floor(endowment))
        words = (
            f"Its {counted(backers, 'supporter')} had {say(floor(left))} of their {had} left at the end, "
            f"{say(ceil(short))} too little."
        )
        loses_at, wins_at = self._endowment(number, endowment)
        if wins_at is not None:
            spent = sum(self.projects[other].cost for other in self._bought(wins_at))
            over = spent - self.outcome.election.budget
            words += f" With {say(floor(wins_at))} for every voter, not {each}, it would have been bought"
            words += f", but all that is bought then costs {say(over)} more than the budget." if over > 0 else "."
        filled = next((step.told(self.voice) for step in self.outcome.steps if step.number == number), "")
        words = f"{words} {sentence(filled)}".strip()
        return replace(plain, left=left, short=short, wins_at=wins_at, loses_at=loses_at, words=words)

    def _endowment(self, number: int, first: Fraction) -> tuple[Fraction | None, Fraction | None]:
        """An endowment from ``first`` on at which the project is not bought, and a little higher one at which it is.
        None: at none tried, up to all projects' cost for every voter."""
        step = Fraction(self.outcome.parameters.increment)
        most = sum(project.cost for project in self.projects)
        low, high = 0, 1
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


def _in_meta(**more: Any) -> FromMeta:
    return lambda _: Parameters(rule="equal_shares", **more)


IN_META: Mapping[str, FromMeta] = {
    "equalshares/add1": _in_meta(completion="add1"),
    "equalshares/add1-comparison": _in_meta(completion="add1", comparison=True),
    "equalshares/utilitarian": _in_meta(completion="utilitarian"),
    "equalshares/add1-utilitarian": _in_meta(completion="add1-utilitarian"),
}
