"""Equal shares as cities run it: with what is done about the money that it leaves.

Equal shares alone often leaves much of the budget, because no group of supporters has enough left for another
project. Three things are done about it. **add1** gives every voter a little more on paper, by ``increment`` at a time,
and counts again from the beginning: as long as the winners cost no more than the budget, nobody pays with money that is
not there. Two rules for when it stops are both called "add1", and elect different winners in 3 of 42 real elections: at
the first outcome that leaves no project affordable (``exhaustive``), or at the first that costs too much, when the one
before it stands (``overshoot``). **utilitarian** then buys what still fits, by votes. And a **comparison**
asks whether more voters prefer what greedy would have bought, which then wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

import numpy as np

from soke.community.budgets.election import Election
from soke.community.budgets.equal_shares import Market, buy, market, pay
from soke.community.budgets.outcome import Outcome, Step
from soke.community.budgets.registry import rule
from soke.community.budgets.rule import Parameters
from soke.community.budgets.supporters import Supporters, satisfaction
from soke.community.budgets.words import money, several
from soke.errors import SokeError

MOST_INCREMENTS = 100_000


@dataclass(frozen=True, slots=True)
class Raised:
    """What add1 found: the winners at ``endowment``, how many increments above the start that is, and why it ended."""

    bought: list[int]
    endowment: Fraction
    increments: int
    ended: str


@rule("equal_shares")
def equal_shares(election: Election, parameters: Parameters) -> Outcome:
    """Equal shares with its completion and comparison. SokeError where the parameters leave nothing to count with."""
    check(parameters)
    if not len(election.ballots):
        return Outcome(election=election, parameters=parameters, winners=(), facts={"ballots": 0})
    shop = market(election, parameters)
    endowment = start(election, parameters)
    facts: dict[str, str | int] = {"ballots": shop.who.ballots}
    if parameters.completion in ("add1", "add1-utilitarian"):
        raised = add1(shop, endowment, parameters.increment, parameters.stop)
        bought, endowment = raised.bought, raised.endowment
        facts |= {"increments": raised.increments, "ended": raised.ended}
    else:
        bought = buy(shop, endowment)
    steps = _steps(shop, endowment, bought)
    if parameters.completion in ("utilitarian", "add1-utilitarian"):
        steps += fill(shop, bought)
    winners = tuple(step.number for step in steps if step.taken)
    if parameters.comparison:
        greedy = fill(shop, ())
        first = tuple(step.number for step in greedy if step.taken)
        liking_greedy, liking_shares = preferences(shop, first, winners)
        facts |= {"prefer greedy": liking_greedy, "prefer equal shares": liking_shares}
        if liking_greedy > liking_shares:
            facts["preferred"] = "greedy"
            return Outcome(election=election, parameters=parameters, winners=first, steps=tuple(greedy), facts=facts)
        facts["preferred"] = "equal shares"
    return Outcome(
        election=election, parameters=parameters, winners=winners, steps=tuple(steps), endowment=endowment, facts=facts
    )  # fmt: skip


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


def add1(shop: Market, first: Fraction, increment: int, stop: str) -> Raised:
    """Count at ``first``, and again with ``increment`` hundredths more each time, until the rule ``stop`` ends it.

    Either way it also ends where every project that can be bought is. The last outcome within the budget is returned.
    """
    last: Raised | None = None
    for number in range(MOST_INCREMENTS):
        endowment = first + number * increment
        bought = buy(shop, endowment)
        total = sum(shop.election.projects[one].cost for one in bought)
        if total > shop.election.budget:
            if last is None:
                raise SokeError(
                    f"With {money(floor(endowment))} each, the first count spends more than the budget.",
                    "Start from budget / voters or less.",
                )
            return Raised(last.bought, last.endowment, last.increments, "the next increment costs too much")
        last = Raised(bought, endowment, number, "")
        rest = remaining(shop, bought)
        if not rest:
            return Raised(bought, endowment, number, "nothing is left to buy")
        left = shop.election.budget - total
        if stop == "exhaustive" and all(shop.election.projects[one].cost > left for one in rest):
            return Raised(bought, endowment, number, "no project left is affordable")
    raise SokeError(
        f"After {MOST_INCREMENTS:,} increments of {money(increment)} there is no end in sight.",
        "Choose a larger increment, about a hundredth of budget / voters; or no completion.",
    )


def remaining(shop: Market, bought: Iterable[int]) -> list[int]:
    """What could still be bought: allowed, supported, and in no conflict with what is."""
    out = set(bought)
    for one in list(out):
        out |= shop.against.get(one, frozenset())
    return [one for one in shop.allowed if one not in out]


def fill(shop: Market, bought: Sequence[int]) -> list[Step]:
    """Buy by votes (points, where points are given) what fits into the money left. From nothing, this is greedy."""
    projects, score = shop.election.projects, shop.who.score
    left = shop.election.budget - sum(projects[one].cost for one in bought)
    out, steps = set[int](), []
    order = sorted(remaining(shop, bought), key=lambda one: (-int(score[one]), shop.place[one]))
    for one in order:
        if one in out:
            continue
        cost, takes = projects[one].cost, projects[one].cost <= left
        if takes:
            why = f"{money(left)} was left, and of the projects that fit it had the most votes ({int(score[one]):,})."
            left -= cost
            out |= shop.against.get(one, frozenset())
        else:
            why = f"It costs {money(cost)} and {money(left)} was left when its turn came."
        steps.append(Step(number=one, taken=takes, why=why))
    return steps


def preferences(shop: Market, one: Iterable[int], other: Iterable[int]) -> tuple[int, int]:
    """How many ballots get more from ``one`` than from ``other``, and how many less. Nothing counts as nothing: a voter
    with no winner on one side prefers the other where that has any."""
    first = satisfaction(shop.who, shop.scale, one)
    second = satisfaction(shop.who, shop.scale, other)
    sizes = shop.who.sizes
    return int(sizes[np.asarray(first > second, bool)].sum()), int(sizes[np.asarray(first < second, bool)].sum())


def _steps(shop: Market, endowment: Fraction, bought: Sequence[int]) -> list[Step]:
    """Why each project was bought, with its exact rho."""
    steps = []
    for paid in pay(shop, endowment, bought):
        backers, cost = _backers(shop.who, paid.number), shop.election.projects[paid.number].cost
        most = money(floor(paid.price))
        each = f"{most} a point" if int(shop.who.points[paid.number].max()) > 1 else f"{most} each"
        why = f"{several(backers, 'supporter')} paid the {money(cost)} between them, at most {each}."
        steps.append(Step(number=paid.number, taken=True, why=why, price=paid.price / shop.scale[paid.number]))
    return steps


def _backers(who: Supporters, number: int) -> int:
    """How many ballots support a project."""
    return int(who.sizes[who.of[number]].sum())
