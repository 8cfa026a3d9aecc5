"""Everybody's money in equal shares, without rounding: what decides where floating-point numbers cannot.

All start with the same endowment, and many voters stay equal for long, so the money is kept once for each amount that
somebody has, as a whole number of ``1 / unit`` hundredths; a group of voters holds the number of its amount.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

import numpy as np
from numpy.typing import NDArray

from soke.community.budgets.election import Ints
from soke.community.budgets.supporters import Supporters

_MANY = 4096  # amounts that are kept before those that nobody has any more are looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """Who paid what for one project: groups ``of`` paid ``amounts[which]`` each ballot, (group,); ``due`` are the
    amounts in units of ``1 / unit`` hundredths."""

    number: int
    price: Fraction  # hundredths a point
    of: Ints
    which: Ints
    due: tuple[int, ...]
    unit: int

    @property
    def amounts(self) -> tuple[Fraction, ...]:
        """Hundredths."""
        return tuple(Fraction(amount, self.unit) for amount in self.due)


class ExactMoney:
    """The money of every group of voters, exact, from an ``endowment`` in hundredths."""

    def __init__(self, who: Supporters, costs: Ints, endowment: Fraction) -> None:
        self.who, self.costs = who, [int(cost) for cost in costs]
        self.unit = endowment.denominator
        self.amounts = [0, endowment.numerator]  # the first is always nothing
        self.held = np.ones(len(who.sizes), np.int64)
        self._checked = _MANY

    def left(self, project: int) -> Fraction:
        """What the supporters of a project hold together."""
        held = self.held[self.who.of[project]]
        counts = np.bincount(held, weights=self.who.sizes[self.who.of[project]], minlength=1)
        (some,) = counts.nonzero()
        return Fraction(sum(int(counts[number]) * self.amounts[number] for number in some), self.unit)

    def price(self, project: int) -> Fraction | None:
        """The least price a point at which the supporters pay the cost, each at most what they hold; None where they
        cannot."""
        solved = self._solve(project)
        return None if solved is None else Fraction(solved[0], solved[1] * self.unit)

    def buy(self, project: int) -> Paid:
        """The supporters pay. Who paid what is worked out when it is asked for."""
        solved = self._solve(project)
        if solved is None:
            raise ValueError(f"The supporters of project {project} cannot pay for it.")
        top, bottom, held, points, which = solved
        common = gcd(top, bottom)
        top, bottom = top // common, bottom // common
        price = Fraction(top, bottom * self.unit)
        if bottom != 1:
            self.unit *= bottom
            self.amounts = [amount * bottom for amount in self.amounts]
        had = [self.amounts[number] for number in held]
        after = []
        for has, given in zip(had, points, strict=True):
            rest = has - given * top
            after.append(len(self.amounts) if rest > 0 else 0)
            if rest > 0:
                self.amounts.append(rest)
        of = self.who.of[project]
        self.held[of] = np.array(after, np.int64)[which]
        if len(self.amounts) > self._checked:
            self._forget()
        due = [min(has, given * top) for has, given in zip(had, points, strict=True)]
        return Paid(number=project, price=price, of=of, which=which, due=tuple(due), unit=self.unit)

    def floats(self) -> NDArray[np.float64]:
        """What each group has, rounded once."""
        return np.array([amount / self.unit for amount in self.amounts])[self.held]

    def _solve(self, project: int) -> tuple[int, int, list[int], list[int], Ints] | None:
        """The price as a ratio of whole numbers, in units a point; and the kinds of supporters by amount and points."""
        of, given = self.who.of[project], self.who.points[project]
        if len(of) == 0:
            return None
        most = int(given.max()) + 1
        kinds, which = np.unique(self.held[of] * most + given, return_inverse=True)
        weights = np.bincount(which, weights=self.who.sizes[of])
        held, points = (kinds // most).tolist(), (kinds % most).tolist()
        counts = [int(weight) for weight in weights]
        owed = self.costs[project] * self.unit
        sharing = sum(count * given for count, given in zip(counts, points, strict=True))
        whole = lcm(*set(points))
        order = sorted(range(len(kinds)), key=lambda kind: self.amounts[held[kind]] * (whole // points[kind]))
        for kind in order:
            if self.amounts[held[kind]] * sharing >= owed * points[kind]:
                return owed, sharing, held, points, which
            owed -= counts[kind] * self.amounts[held[kind]]
            sharing -= counts[kind] * points[kind]
        return None

    def _forget(self) -> None:
        """Drop the amounts that nobody has any more."""
        used = np.union1d(self.held, [0])
        self.amounts = [self.amounts[number] for number in used]
        self.held = np.searchsorted(used, self.held)
        self._checked = max(_MANY, 2 * len(self.amounts))
