"""Is an outcome fair to groups? Two checks that need no trust in whoever counted.

**EJR+ up to one project** (Brill and Peters 2023, for costs and points). Take a project ``p`` that did not win and a
group ``N`` of its supporters. With an equal part of the money each, ``N`` could have bought it at the price
``cost_p / sum_{i in N} u_ip`` for a unit of satisfaction. The outcome fails the check where every member of ``N`` got
so little that with ``p`` it would still be no more than their part buys at that price:

    u_i(winners) + u_ip <= (budget / voters) sum_{j in N} u_jp / cost_p    for all i in N.

For committees this is EJR+ itself. The worst group is found by taking supporters in the order of the left side: one
pass over each loser. Equal shares always passes, with any endowment of budget / voters or more; greedy often does not.

**Priceability**: the payments of a ledger explain the winners, because nobody paid more than the endowment, supporters
alone paid, every winner was paid in full, and the supporters of no loser have more than its cost left together.

A project that the thresholds, a conflict with a winner, or a cost above the budget rule out is no loser in this sense.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from soke.community.budgets.districts import pots
from soke.community.budgets.equal_shares import Market, market
from soke.community.budgets.ledger import NO_WINNERS, Ledger, faults
from soke.community.budgets.outcome import Outcome
from soke.community.budgets.supporters import satisfaction
from soke.community.budgets.words import money
from soke.text import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group that could have bought project ``number`` with its part of the money and got less than that instead.

    ``voters`` supporters, none of whom got more than ``most`` (of satisfaction: hundredths of money, or projects,
    times points); ``entitled`` is what their part of the money buys at the price of the project.
    """

    number: int
    voters: int
    most: int
    entitled: Fraction
    groups: tuple[int, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: whether it passes, said in words; ``groups`` are the witnesses where it does not, worst first."""

    name: str
    passes: bool
    words: str
    groups: tuple[Group, ...] = ()


def ejr_plus(outcome: Outcome) -> Check:
    """EJR+ up to one project, in the satisfaction that the parameters name; for pots, each pot by itself."""
    name = "EJR+ up to one project"
    if outcome.parameters.districts:
        parts = [(pot, ejr_plus(pot.outcome)) for pot in pots(outcome.election, outcome.parameters)]
        failed = [f"Pot of {pot.name}: {check.words}" for pot, check in parts if not check.passes]
        words = " ".join(failed) or "In every pot, every group large enough for a project got its part."
        return Check(name=name, passes=not failed, words=words)
    if not len(outcome.election.ballots):
        return Check(name=name, passes=True, words="There are no voters.")
    shop = market(outcome.election, outcome.parameters)
    groups = sorted(_overlooked(shop, outcome), key=lambda group: (-group.voters, group.number))
    if not groups:
        words = "Every group large enough to buy a project with its part of the money got at least that much."
        return Check(name=name, passes=True, words=words)
    others = f" The same is so of {counted(len(groups) - 1, 'other project')}." if len(groups) > 1 else ""
    return Check(name=name, passes=False, words=groups[0].words + others, groups=tuple(groups))


def _overlooked(shop: Market, outcome: Outcome) -> Iterator[Group]:
    """For each loser, the largest group that could have bought it and got too little."""
    election = outcome.election
    won = satisfaction(shop.who, shop.scale, outcome.winners)
    sizes, voters = shop.who.sizes, len(election.ballots)
    barred = set(outcome.winners).union(*(shop.against.get(winner, frozenset()) for winner in outcome.winners))
    for number in shop.allowed:
        if number in barred:
            continue
        of, points, cost = shop.who.of[number], shop.who.points[number], election.projects[number].cost
        scale = shop.scale[number]
        after = won[of] + points.astype(won.dtype) * scale
        levels, which = np.unique(after, return_inverse=True)
        worth = np.bincount(which, weights=sizes[of] * points, minlength=len(levels))
        together, largest = 0, None
        for level, (got, more) in enumerate(zip(levels.tolist(), worth.tolist(), strict=True)):
            together += int(more) * scale
            if int(got) * voters * cost <= election.budget * together:
                largest = level, together
        if largest is not None:
            inside = which <= largest[0]
            entitled = Fraction(election.budget * largest[1], voters * cost)
            yield _group(shop, outcome, number, of[inside], won, entitled)


def _group(
    shop: Market, outcome: Outcome, number: int, inside: np.ndarray, won: np.ndarray, entitled: Fraction
) -> Group:
    election, sizes = outcome.election, shop.who.sizes
    project, most = election.projects[number], int(won[inside].max())
    voters, nothing = int(sizes[inside].sum()), int(sizes[inside[won[inside] == 0]].sum())
    part = Fraction(election.budget * voters, len(election.ballots))
    got = (
        "got nothing"
        if most == 0
        else f"got little or nothing ({nothing:,} nothing)" if nothing else "each got less than their part would buy"
    )  # fmt: skip
    could = f"{counted(voters, 'voter')} who could have bought project {project.id} ({money(project.cost)})"
    words = f"{could} with their part of the money ({money(int(part))}) {got}."
    return Group(number=number, voters=voters, most=most, entitled=entitled, groups=tuple(inside.tolist()), words=words)


def priceable(ledger: Ledger) -> Check:
    """Whether the ledger explains the winners: its sums hold, and no loser's supporters have more left than its cost.

    What a completion by votes added was paid by nobody: the check is of what was bought, and says so. A ledger that is
    empty explains nothing, so it does not pass, unless nobody won.
    """
    name = "Priceability"
    if ledger.endowment is None:
        return Check(name=name, passes=ledger.empty == NO_WINNERS, words=ledger.empty)
    wrong = faults(ledger)
    election, shop = ledger.outcome.election, market(ledger.outcome.election, ledger.outcome.parameters)
    winners = ledger.outcome.winners
    barred = set(winners).union(*(shop.against.get(winner, frozenset()) for winner in winners))
    for number in shop.allowed:
        if number not in barred and (left := ledger.left_with(number)) > election.projects[number].cost:
            project = election.projects[number]
            wrong.append(
                f"The supporters of {project.id} have {money(int(left))} left and it costs {money(project.cost)}."
            )
    if wrong:
        return Check(name=name, passes=False, words=" ".join(wrong))
    words = (
        f"With {money(int(ledger.endowment))} each, supporters paid for every project bought, and those of no loser "
        "have more left than it costs."
    )
    if ledger.unpaid:
        words += f" {counted(len(ledger.unpaid), 'project')} more won by votes, out of what was left."
    return Check(name=name, passes=True, words=words)
