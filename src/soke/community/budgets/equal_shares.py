"""The Method of Equal Shares (Peters, Pierczynski and Skowron 2021): every voter gets the same part of the money.

Each voter ``i`` starts with the endowment, by default budget / voters. A supporter who gave project ``p`` the points
``a_ip`` has from it the satisfaction ``u_ip = s_p a_ip``, where ``s_p`` is its cost (``cost``) or 1 (``cardinality``).
So with points and ``cost`` a point for a dear project is worth more than one for a cheap project; with ``cardinality``
a point is a point, which is how the literature reads points. Approval ballots give one point each.

``p`` is affordable at ``rho`` where its supporters, each paying ``rho`` for a unit of satisfaction or all that they
have left ``b_i``, pay its cost: ``sum_i min(b_i, rho u_ip) = cost_p``. The affordable project with the least ``rho``
is bought, its supporters pay, and so on until none is affordable. Never bought is a project that the thresholds rule
out, that costs more than the whole budget, or that conflicts with a project bought before.

**The kernel** works with the price of a point, ``r = rho s_p``. ``f(r) = sum_i min(b_i, r a_i)`` is concave, so
Newton's steps from any price below the answer climb to it. Money only falls, so prices only rise: what a price was is a
lower bound of what it is, and a project is looked at only when its bound is below the best price found.

**Rounding never decides.** ``error[i]`` bounds how far the float ``money[i]`` may be from the exact one. A price ``r``
whose payers have ``A`` points together where they are not exhausted is then off by at most ``(sum error + rounding) /
A``, where adding up ``n`` payments of the cost loses less than ``4.5e-16 n cost``. Where two prices, or a cost and what
there is for it, are nearer than these bounds or than one part in 10^9, they are compared exactly: as fractions at once
where every supporter can pay in full, else by paying all purchases so far again without rounding
(:mod:`~soke.community.budgets.exact`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heapify, heappop, heappush
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from soke.community.budgets.election import Election
from soke.community.budgets.exact import ExactMoney, Paid
from soke.community.budgets.other_orders import places
from soke.community.budgets.rule import Parameters
from soke.community.budgets.supporters import Supporters, conflicts, eligible, supporters, tie_order

NEAR = 1e-9  # two figures that differ by less, relatively, are compared exactly
ROUNDING = 4.5e-16  # of a sum of positive floats, for each of them: more than any order of adding loses
_COARSE = 1e-10  # of the endowment: money that may be further off than this is worked out again exactly
Floats = NDArray[np.float64]


class Price(NamedTuple):
    """The price of a point of project ``number``, between ``low`` and ``high``; ``exact`` where it is known."""

    number: int
    value: float
    low: float
    high: float
    exact: Fraction | None = None


@dataclass(slots=True)
class Market:
    """An election made ready for equal shares; the same for every endowment. ``scale[p]`` is ``s_p``."""

    election: Election
    who: Supporters
    allowed: tuple[int, ...]  # projects that have supporters, pass the thresholds, and cost no more than the budget
    scale: tuple[int, ...]
    place: list[int]  # where tied, the lower is bought first
    against: Mapping[int, frozenset[int]]
    free: tuple[int, ...] = ()  # what costs nothing and may win: it is bought before all else
    decided_exactly: int = 0
    _weights: list[Floats | None] = field(default_factory=list)  # ballots each supporting group counts for; None: 1
    _points: list[Floats | None] = field(default_factory=list)  # None: 1 each
    _counts: list[Floats | None] = field(default_factory=list)  # the product of the two
    _ballots: list[float] = field(default_factory=list)  # how many support it
    _most: list[float] = field(default_factory=list)  # the most points that one gives it
    _rounding: list[float] = field(default_factory=list)  # what adding up its payments may lose
    _full: list[Price | None] = field(default_factory=list)  # the price where everybody can pay in full
    _start: list[tuple[float, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for number, (of, points) in enumerate(zip(self.who.of, self.who.points, strict=True)):
            sizes = self.who.sizes[of]
            self._weights.append(None if (sizes == 1).all() else sizes.astype(np.float64))
            self._points.append(None if (points == 1).all() else points.astype(np.float64))
            product = sizes * points
            self._counts.append(None if (product == 1).all() else product.astype(np.float64))
            self._ballots.append(float(sizes.sum()))
            self._most.append(float(points.max(initial=0)))
            self._rounding.append(ROUNDING * (len(of) + 100) * self.election.projects[number].cost)
            whole = sum(int(a) * int(b) for a, b in zip(*_counted(points, sizes), strict=True))
            self._full.append(None)
            if number in self.allowed:
                exact = Fraction(self.election.projects[number].cost, whole)
                value = float(exact)
                self._full[-1] = Price(number, value, value * (1 - 1e-15), value * (1 + 1e-15), exact)
                self._start.append((value / self.scale[number] * (1 - 1e-14), number))
        heapify(self._start)


def _counted(points: NDArray[np.int64], sizes: NDArray[np.int64]) -> tuple[list[int], list[int]]:
    """Distinct points and how many ballots give each."""
    kinds, which = np.unique(points, return_inverse=True)
    return kinds.tolist(), np.bincount(which, weights=sizes, minlength=len(kinds)).astype(np.int64).tolist()


def market(election: Election, parameters: Parameters) -> Market:
    """An election as the rule sees it."""
    who = supporters(election, parameters)
    fits = eligible(election, parameters, who) & (election.costs <= election.budget)
    allowed = [p for p in range(len(election.projects)) if fits[p] and len(who.of[p])]
    scale = tuple(project.cost if parameters.satisfaction == "cost" else 1 for project in election.projects)
    place, against = tie_order(election, parameters, who), conflicts(election, parameters)
    free, out = list[int](), set[int]()
    for number in sorted(
        (p for p in allowed if not election.projects[p].cost), key=lambda p: (-who.score[p], place[p])
    ):
        if number not in out:
            free.append(number)
            out |= against.get(number, frozenset())
    paid = tuple(p for p in allowed if election.projects[p].cost and p not in out)
    return Market(election, who, paid, scale, place, against, tuple(free))


def buy(shop: Market, endowment: Fraction) -> list[int]:
    """The projects bought, in order, where every voter has ``endowment`` hundredths."""
    return purchases(shop, endowment).bought


def purchases(shop: Market, endowment: Fraction, order: Sequence[int] = ()) -> Purchases:
    """The same, with the ties that were met on the way; ``order`` of all projects, where they are tied, in place of the
    rule's."""
    count = _Count(shop, endowment, places(order) if order else None)
    return Purchases(count.run(), count.ties)


def pay(shop: Market, endowment: Fraction, bought: Sequence[int]) -> list[Paid]:
    """What everybody pays for the projects ``bought``, in that order, exactly."""
    money = ExactMoney(shop.who, shop.election.costs, endowment)
    return [money.buy(number) for number in bought]


@dataclass(slots=True)
class Tie:
    """Projects of one exact ``price`` (rho) after ``begin`` purchases. ``together``: for each purchase at that price,
    those that had it, what was bought first; ``missed``: those that in the end were not bought at it."""

    price: Fraction
    begin: int
    together: list[tuple[int, ...]]
    missed: set[int]


@dataclass(slots=True)
class Purchases:
    """What was bought, in order, and the ties of which not all could be bought at their price: what is bought at one
    price leaves everybody the same money in whatever order it is bought, so other ties decide nothing."""

    bought: list[int]
    ties: list[Tie]


class _Count:
    """One run at one endowment: the floats, the bounds of their errors, and the exact money where it is needed."""

    def __init__(self, shop: Market, endowment: Fraction, place: Sequence[int] | None = None) -> None:
        self.shop, self.endowment = shop, endowment
        self.place = shop.place if place is None else place
        self.ties: list[Tie] = []
        self.tie: Tie | None = None  # at the price of the purchase before
        self.equal: tuple[Fraction, tuple[int, ...]] | None = None  # the price of this one, where others have it too
        self.costs = [project.cost for project in shop.election.projects]
        groups = len(shop.who.sizes)
        self.money = np.full(groups, float(endowment))
        self.error = np.full(groups, float(endowment) * 2e-16)
        self.worst = float(endowment) * 2e-16  # the largest of the errors
        self.bought: list[int] = []
        self.exact: ExactMoney | None = None
        self.told = 0  # purchases that the exact money has seen
        self.prices = [0.0] * len(self.costs)  # lower bounds
        self.whole = [True] * len(self.costs)  # whether everybody could still pay in full, when last looked at
        for low, number in shop._start:
            self.prices[number] = low * shop.scale[number]

    def run(self) -> list[int]:
        shop, heap = self.shop, list(self.shop._start)
        out: set[int] = set()
        while heap:
            seen: list[Price] = []
            least = float("inf")  # no price of the project that is bought is above this, in rho
            while heap and heap[0][0] <= least:
                number = heappop(heap)[1]
                if number not in out and (price := self._price(number, least)) is not None:
                    seen.append(price)
                    least = min(least, price.high / shop.scale[number])
            if not seen:
                break
            winner = self._choose(seen, least)
            for price in seen:
                if price.number != winner.number:
                    self.prices[price.number] = price.low
                    heappush(heap, (price.low / shop.scale[price.number], price.number))
            self._note(winner)
            self._buy(winner)
            out |= {winner.number} | shop.against.get(winner.number, frozenset())
        self._end_tie()
        return self.bought

    def _note(self, winner: Price) -> None:
        """Whether others have the price of what is bought, and whether it was tied before and has kept its price."""
        tie, equal, number = self.tie, self.equal, winner.number
        if tie is not None and number in tie.missed and self._costs(winner, tie.price):
            tie.missed.remove(number)
            tie.together.append(equal[1] if equal else (number,))
            return
        self._end_tie()
        if equal is not None:
            self.tie = Tie(equal[0], len(self.bought), [equal[1]], set(equal[1]) - {number})

    def _costs(self, winner: Price, price: Fraction) -> bool:
        """Whether the price of what is bought is exactly this one: it was, and may have risen."""
        if self.equal is not None:
            return self.equal[0] == price
        scale, known = self.shop.scale[winner.number], winner.exact
        if known is None:
            if winner.low / scale > float(price) * (1 + 1e-15):
                return False
            known = self._replayed().price(winner.number)
        return known is not None and known / scale == price

    def _end_tie(self) -> None:
        if self.tie is not None and self.tie.missed:
            self.ties.append(self.tie)
        self.tie = None

    def _price(self, number: int, least: float) -> Price | None:
        """The price of a project now; None where its supporters cannot pay for it, now and so ever. One that is surely
        above ``least`` (in rho) is not bounded from above."""
        shop, cost = self.shop, self.costs[number]
        points, first = shop._points[number], shop._full[number]
        assert first is not None
        has = self.money.take(shop.who.of[number])
        share = has if points is None else has / points  # what each can pay for a point
        if self.whole[number]:
            if share.min() > first.value * (1 + 2 * NEAR) + self.worst:
                return first
            self.whole[number] = False  # and never again: money only falls
        counts = shop._counts[number]
        slack = shop._ballots[number] * self.worst + shop._rounding[number]
        enough = least * shop.scale[number] * (1 + 3e-14)
        price, last = self.prices[number], float("inf")
        while True:
            full = share > price
            paying = float(np.count_nonzero(full) if counts is None else counts.dot(full))
            if paying >= last:
                break
            if paying == 0:  # all pay all they have
                weights = shop._weights[number]
                together = float(has.sum() if weights is None else has.dot(weights))
                slack = self._lost(number) + shop._rounding[number]
                return None if together < cost - slack - NEAR * cost else self._exactly(number)
            last = paying
            paid = np.minimum(share, price)
            price += (cost - float(paid.sum() if counts is None else paid.dot(counts))) / paying
            low = (price - slack / paying) * (1 - 1e-14)
            if low > enough:  # Newton's steps stay below the answer, so another project is bought for certain
                return Price(number, price, low, float("inf"))
        high = price * (1 + NEAR)
        full = share > high + self.worst
        paying = float(np.count_nonzero(full) if counts is None else counts.dot(full))
        if paying and slack / paying > NEAR * price:
            slack = self._lost(number, full) + shop._rounding[number]
        if paying == 0 or slack / paying > NEAR * price:
            return self._exactly(number)
        return Price(number, price, low, high)

    def _exactly(self, number: int) -> Price | None:
        self.shop.decided_exactly += 1
        exact = self._replayed().price(number)
        if exact is None:
            return None
        value = float(exact)
        return Price(number, value, value * (1 - 1e-15), value * (1 + 1e-15), exact)

    def _choose(self, seen: Sequence[Price], least: float) -> Price:
        """The project with the least price of a unit of satisfaction; ties by the rule."""
        scale = self.shop.scale
        near = [price for price in seen if price.low / scale[price.number] <= least * (1 + 1e-15)]
        self.equal = None
        if len(near) == 1:
            return near[0]
        exact = []
        for price in near:
            known = price.exact
            if known is None:
                self.shop.decided_exactly += 1
                known = self._replayed().price(price.number)
                assert known is not None
            exact.append((known / scale[price.number], self.place[price.number], price))
        exact.sort(key=lambda tied: tied[:2])
        if exact[1][0] == exact[0][0]:
            self.equal = exact[0][0], tuple(price.number for rho, _, price in exact if rho == exact[0][0])
        return exact[0][2]

    def _buy(self, winner: Price) -> None:
        """The supporters pay ``winner``; what they have left, and how far it may be off."""
        shop, number = self.shop, winner.number
        of, points, tiny = shop.who.of[number], shop._points[number], 2e-16 * float(self.endowment)
        self.bought.append(number)
        has = self.money.take(of)
        due = winner.value if points is None else winner.value * points
        rest = has - due
        if winner is shop._full[number]:  # nobody pays all
            more = winner.value * shop._most[number] * 1e-15 + tiny
            self.money[of] = rest
            self.error[of] += more
            self.worst += more
        else:
            off = self.error.take(of)
            wrong = winner.value * 1e-15 if winner.exact is not None else self._wrong(winner, rest, due)
            off += wrong * shop._most[number] + tiny
            self.worst = max(self.worst, float(off.max()))
            off[rest < -off] = 0.0  # surely nothing left, exactly
            self.money[of] = np.maximum(rest, 0.0)
            self.error[of] = off
        if self.worst > _COARSE * float(self.endowment):
            self._refresh()

    def _wrong(self, winner: Price, rest: Floats, due: Floats | float) -> float:
        """How far the price of the winner may be off: the errors of those who pay all they have, and of adding up, over
        the points of the others."""
        number, counts = winner.number, self.shop._counts[winner.number]
        rich = rest > NEAR * due + self.worst
        paying = float(np.count_nonzero(rich) if counts is None else counts.dot(rich))
        return (self._lost(number, rich) + self.shop._rounding[number]) / paying

    def _lost(self, number: int, rich: NDArray[np.bool_] | None = None) -> float:
        """How far the money of a project's supporters may be off together, without those who are ``rich``."""
        weights, off = self.shop._weights[number], self.error.take(self.shop.who.of[number])
        if rich is not None:
            off[rich] = 0.0
        return float(off.sum() if weights is None else off.dot(weights))

    def _refresh(self) -> None:
        """Work out everybody's money exactly, and round it once."""
        self.money = self._replayed().floats()
        self.error = self.money * 1.2e-16
        self.worst = float(self.endowment) * 2e-16

    def _replayed(self) -> ExactMoney:
        """The exact money after all purchases so far."""
        if self.exact is None:
            self.exact = ExactMoney(self.shop.who, self.shop.election.costs, self.endowment)
        for number in self.bought[self.told :]:
            self.exact.buy(number)
        self.told = len(self.bought)
        return self.exact
