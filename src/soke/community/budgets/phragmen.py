"""Phragmen's sequential rule for budgets: everybody earns at the same speed, and supporters buy as soon as they can.

From time zero every voter earns one hundredth a unit of time. As soon as the supporters of a project hold its cost
between them they buy it, and each of them is left with nothing. So supporter ``i`` of a project bought at time ``t``
has spent all that was earned until ``t``, and a project with ``n_p`` supporters who last bought at times ``l_i`` can be
bought at ``t_p = (cost_p + sum_i l_i) / n_p``: the least is next. The rule stops when the project that is next costs
more than what is left of the budget (it does not pass over it: were it to, the supporters of a dear project would go on
waiting while others spend, and no common endowment would explain the payments any more). Brill, Forster, Lackner, Maly
and Peters (2023); the points of a ballot play no part, a project is supported or not.

Exact throughout: voters who bought last at the same time are counted together, and times are fractions. A loser is told
how far its supporters had got when the rule stopped.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import ceil, floor

import numpy as np

from soke.community.budgets.election import Election, Ints
from soke.community.budgets.other_orders import Level, Run, Search, ordered, places, reach, search
from soke.community.budgets.outcome import Counted, CountStep, Explain, Outcome, Payment, WhyNot
from soke.community.budgets.rule import Parameters
from soke.community.budgets.supporters import Supporters, conflicts, eligible, supporters, tie_order
from soke.community.budgets.words import Say, Voice, sentence
from soke.text import counted

MOST_COUNTS, LARGEST_COUNTS = 120, 4_000_000  # other orders that are counted: so many, and so many choices in all


@dataclass(frozen=True, slots=True)
class Bought:
    """Project ``number`` was bought at time ``at``; ``last`` (supporting group,) is the purchase before which each
    group had bought last, 0 for none: an index into the times."""

    number: int
    at: Fraction
    last: Ints


def phragmen(election: Election, parameters: Parameters) -> Outcome:
    """Phragmen's sequential rule. ``endowment`` is what each voter had earned at the last purchase."""
    who = supporters(election, parameters)
    bought, missed = sequence(election, parameters, who)
    projects, steps, left = election.projects, [], election.budget
    for purchase in bought:
        number = purchase.number
        backers, cost = int(who.sizes[who.of[number]].sum()), projects[number].cost
        steps.append(CountStep.of(number, True, _bought(backers, cost), purchase.at))
        left -= cost
    if missed is not None:
        steps.append(CountStep.of(missed, False, _missed(projects[missed].cost, left)))
    return Outcome(
        election=election, parameters=parameters, winners=tuple(purchase.number for purchase in bought),
        steps=tuple(steps), endowment=bought[-1].at if bought else None, facts={"ballots": who.ballots},
    )  # fmt: skip


def _bought(backers: int, cost: int) -> Say:
    if not cost:
        return lambda _: "It costs nothing."
    return lambda voice: f"{counted(backers, 'supporter')} had earned its cost of {voice.money(cost)}, none sooner."


def _missed(cost: int, left: int) -> Say:
    return lambda voice: f"Its supporters were next, but it costs {voice.money(cost)} and {voice.money(left)} was left."


def sequence(
    election: Election, parameters: Parameters, who: Supporters, order: Sequence[int] = (),
    tied: list[tuple[Fraction, tuple[int, ...]]] | None = None,
) -> tuple[list[Bought], int | None]:  # fmt: skip
    """What is bought, in order, and the project at which the rule stopped (None where nothing was left to buy).

    ``order``: of all projects, where they are tied, in place of the rule's. ``tied`` gets, for each project that was
    next, when, and those whose supporters had their cost at the same time, itself first.
    """
    place, against = places(order) if order else tie_order(election, parameters, who), conflicts(election, parameters)
    fits = eligible(election, parameters, who) & (election.costs <= election.budget)
    costs = [project.cost for project in election.projects]
    last = np.zeros(len(who.sizes), np.int64)
    times, bought = [Fraction(0)], list[Bought]()
    left, out = election.budget, set[int]()
    # a time only grows as supporters spend: what it was is a lower bound of what it is
    heap = [
        (_time(costs[p], who, p, last, times), place[p], p) for p in range(len(costs)) if fits[p] and len(who.of[p])
    ]
    heapify(heap)
    while heap:
        _, _, number = heappop(heap)
        if number in out:
            continue
        now = (_time(costs[number], who, number, last, times), place[number], number)
        if heap and now > heap[0]:
            heappush(heap, now)
            continue
        if tied is not None:
            equal = []
            while heap and heap[0][0] == now[0]:
                _, at, other = heappop(heap)
                if other not in out:
                    equal.append((_time(costs[other], who, other, last, times), at, other))
            for one in equal:
                heappush(heap, one)
            tied.append((now[0], (number, *(other for time, _, other in equal if time == now[0]))))
        if costs[number] > left:
            return bought, number
        left -= costs[number]
        of = who.of[number]
        bought.append(Bought(number, now[0], last[of]))
        last[of] = len(times)
        times.append(now[0])
        out |= {number} | against.get(number, frozenset())
    return bought, None


def _time(cost: int, who: Supporters, number: int, last: Ints, times: Sequence[Fraction]) -> Fraction:
    """When the supporters of a project will hold its cost."""
    of = who.of[number]
    counts = np.bincount(last[of], weights=who.sizes[of])
    spent = sum((int(counts[before]) * times[before] for before in counts.nonzero()[0].tolist()), Fraction(0))
    return (cost + spent) / int(counts.sum())


def other_orders(outcome: Outcome) -> Search:
    """What other orders of projects that could be bought at the same time would lead to."""
    election, parameters = outcome.election, outcome.parameters
    who = supporters(election, parameters)

    def run(order: Sequence[int]) -> Run:
        tied: list[tuple[Fraction, tuple[int, ...]]] = []
        picks = tuple(purchase.number for purchase in sequence(election, parameters, who, order, tied)[0])
        return Run(picks, tuple(_levels(picks, tied)))

    most = reach(MOST_COUNTS, LARGEST_COUNTS, len(election.ballots.chosen), len(election.projects))
    return search(run, ordered(tie_order(election, parameters, who)), most)


def _levels(picks: Sequence[int], tied: Sequence[tuple[Fraction, tuple[int, ...]]]) -> Iterator[Level]:
    """The times at which several could be bought and not all were; the last may be that at which the count stopped."""
    begin, before = 0, list[Hashable]()
    while begin < len(tied):
        end = begin + 1
        while end < len(tied) and tied[end][0] == tied[begin][0]:
            end += 1
        bought, together = frozenset(picks[begin:end]), tied[begin][1]
        if not bought >= set(together):
            options = [
                ((*before, frozenset(picks[begin:at]), other), (*picks[:at], other))
                for at in range(begin, end) for other in tied[at][1][1:]
            ]  # fmt: skip
            if options:
                yield Level(tied=together, equal=_soon, options=options.copy)
        before.append(bought)
        begin = end


def _soon(_: Voice) -> str:
    return "their supporters had the cost at the same time"


def payments(outcome: Outcome, who: Supporters) -> tuple[Payment, ...]:
    """Each supporter paid all that was earned since the purchase before."""
    bought, _ = sequence(outcome.election, outcome.parameters, who)
    times = [Fraction(0), *(purchase.at for purchase in bought)]
    paid = []
    for purchase in bought:
        earlier, which = np.unique(purchase.last, return_inverse=True)
        amounts = tuple(purchase.at - times[before] for before in earlier.tolist())
        paid.append(Payment(number=purchase.number, of=who.of[purchase.number], which=which, amounts=amounts))
    return tuple(paid)


def why(counted: Counted) -> Explain:
    """How far the supporters of a project had got when the count stopped."""
    outcome, voice = counted.outcome, counted.voice
    passed = {step.number: step for step in outcome.steps}
    stop = next((step for step in outcome.steps if not step.taken), None)

    def explain(plain: WhyNot) -> WhyNot:
        if plain.number in passed:
            return replace(plain, words=f"{sentence(passed[plain.number].told(voice))} There the count stopped.")
        if stop is None or outcome.endowment is None:
            return replace(plain, words="The count stopped before its supporters had its cost.")
        left = counted.left_with(plain.number)
        words = (
            f"Its supporters had earned {voice.money(floor(left))} that they had not spent when the last project was "
            f"bought, {voice.money(ceil(plain.cost - left))} too little; the count stopped at "
            f"{voice.project(outcome.election, stop.number)}, which cost more than what was left."
        )
        return replace(plain, left=left, short=plain.cost - left, words=words)

    return explain
