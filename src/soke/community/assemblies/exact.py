"""A linear programme of leximin solved to the last digit: the solver's answer is a guess, made exact in fractions.

The programme has a row for each quota and a variable x_t for each type, and raises either z, the smallest chance of the
types without a level (the others keep theirs), or ``worth @ x``. Each variable has two bounds: x_t lies between n_t z
(or n_t times its level) and m_t, the total y_r of a row between least_r and most_r, and z below the smallest m_t / n_t.
So an answer is known by its basis: which variables stand between their bounds, as many as there are rows. What the
solver says tells them nearly always. With them values and multipliers follow from one system of equations each, in
fractions. Where a value is beyond a bound after all, steps of the dual simplex method mend it: multipliers of the wrong
sign are mended by standing at the other bound, so that any basis will do as a start, and it ends at the optimum.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from soke.community.assemblies.equations import Exact, independent, solution
from soke.community.assemblies.polytope import Floats, Polytope

LOW, HIGH, INSIDE = 0, 1, 2  # where a variable stands
BETWEEN = 1e-7  # of a person: between the bounds for sure
NOUGHT = 1e-9  # of the largest multiplier: perhaps none
HURRY = 200  # steps that mend the largest fault; later ones go by number (Bland 1977), and so come to an end
MOST_STEPS = 3_000


@dataclass(frozen=True, slots=True)
class Answer:
    """The best ``level`` z (0 where a worth is raised), ``places`` x (type,), and multipliers of the ``rows``, whole
    numbers, ``total`` times as large as those of the programme."""

    level: Fraction
    places: list[Fraction]
    rows: list[int]
    total: int


class Programme:
    """One programme. ``levels`` (type,) has None for a type whose chance is z; ``worth`` (type,) is raised where there
    is no such type. Variables are numbered: types, then rows, then z."""

    def __init__(self, polytope: Polytope, levels: Sequence[Fraction | None], worth: Sequence[int] = ()) -> None:
        self.count, self.rows = len(polytope.people), len(polytope.rows)
        self.z = self.count + self.rows
        self.people: list[int] = polytope.people.tolist()
        self.upper: list[int] = polytope.upper.tolist()
        self.least: list[int] = polytope.least.tolist()
        self.most: list[int] = polytope.most.tolist()
        self.levels, self.worth = levels, list(worth) or [0] * self.count
        self.free = [t for t in range(self.count) if levels[t] is None]
        self.cap = min((Fraction(self.upper[t], self.people[t]) for t in self.free), default=Fraction(0))
        self.columns: list[dict[int, int]] = [{} for _ in range(self.count)]
        for r, t in zip(*np.nonzero(polytope.rows), strict=True):
            self.columns[int(t)][int(r)] = int(polytope.rows[r, t])
        self.columns += [{r: -1} for r in range(self.rows)]

    def guess(self, places: Floats, level: float, multipliers: Floats) -> list[int]:
        """Where each variable stands, by what a solver says: ``places`` (type,), z, ``multipliers`` (row,)."""
        totals, prices = np.zeros(self.rows), np.zeros(self.count)
        for t in range(self.count):
            for r, a in self.columns[t].items():
                totals[r] += a * places[t]
                prices[t] += a * multipliers[r]
        prices -= self.worth
        least = [level * n if b is None else float(b) * n for n, b in zip(self.people, self.levels, strict=True)]
        value = np.concatenate([places, totals])
        low, high = np.array([*least, *self.least], dtype=float), np.array([*self.upper, *self.most], dtype=float)
        cost = np.concatenate([prices, -multipliers])
        inside = np.minimum(value - low, high - value)
        nought = np.abs(cost) <= NOUGHT * max(1.0, float(np.abs(multipliers).max(initial=0.0)))
        where = np.where(nought, np.where(value - low > high - value, HIGH, LOW), np.where(cost < 0, HIGH, LOW))
        standing: list[int] = [*where.tolist(), HIGH]
        first = [self.z] if self.free and level < float(self.cap) - BETWEEN else []
        sure = [j for j in np.argsort(-inside, kind="stable").tolist() if inside[j] > BETWEEN and nought[j]]
        perhaps = [j for j in (*range(self.count, self.z), *range(self.count)) if nought[j] and inside[j] <= BETWEEN]
        order = dict.fromkeys([*first, *sure, *perhaps, *range(self.count, self.z)])
        for j in independent(((j, self._column(j, standing)) for j in order), self.rows):
            standing[j] = INSIDE
        return standing

    def solve(self, standing: list[int]) -> Answer | None:
        """The optimum, from a basis that has as many variables inside as there are rows. None where there is none."""
        for step in range(MOST_STEPS):
            multipliers, total = self._multipliers(standing)
            values = self._values(standing)
            faults = self._faults(standing, values)
            if not faults:
                return self._answer(standing, values, multipliers, total)
            _, leaving, side = max(faults, key=lambda each: (each[0], -each[1])) if step < HURRY else faults[0]
            entering = self._entering(standing, multipliers, total, leaving, side)
            if entering is None:
                return None
            standing[leaving], standing[entering] = side, INSIDE
        return None

    def _column(self, j: int, standing: Sequence[int]) -> dict[int, int]:
        if j < self.z:
            return self.columns[j]
        column: dict[int, int] = {}
        for t in self.free:
            if standing[t] == LOW:
                for r, a in self.columns[t].items():
                    column[r] = column.get(r, 0) + a * self.people[t]
        return column

    def _against(self, standing: Sequence[int], right: dict[int, Exact]) -> list[Exact]:
        """The l (row,) with ``l @ column`` of each variable inside as ``right`` has it, else nought."""
        inside = [j for j, where in enumerate(standing) if where == INSIDE]
        return solution([self._column(j, standing) for j in inside], [right.get(j, 0) for j in inside])

    def _multipliers(self, standing: list[int]) -> tuple[list[int], int]:
        """The multipliers, as whole numbers that are so many times as large; who has a wrong sign changes sides."""
        worth: dict[int, Exact] = {t: self.worth[t] for t in range(self.count)}
        exact = self._against(standing, worth | {self.z: 1})
        total = math.lcm(*(Fraction(each).denominator for each in exact)) if exact else 1
        whole = [int(each * total) for each in exact]
        for j in range(self.z):
            if standing[j] != INSIDE and (cost := self._cost(j, whole, total)):
                standing[j] = HIGH if cost < 0 else LOW
        if standing[self.z] == INSIDE:
            total = sum(self.people[t] * self._dot(t, whole) for t in self.free if standing[t] == LOW)
        shared = math.gcd(total, *whole)
        return [each // shared for each in whole], total // shared

    def _dot(self, j: int, multipliers: Sequence[int]) -> int:
        return sum(a * multipliers[r] for r, a in self.columns[j].items())

    def _cost(self, j: int, multipliers: Sequence[int], total: int) -> int:
        """What is lost by a little more of a type or row, ``total`` times."""
        return self._dot(j, multipliers) - (self.worth[j] * total if j < self.count else 0)

    def _at(self, j: int, where: int) -> tuple[Exact, int]:
        """The value of a type or row at its bound, as a product; nought at z, which is counted with z."""
        if j >= self.count:
            return 1, (self.least if where == LOW else self.most)[j - self.count]
        if where == HIGH:
            return 1, self.upper[j]
        level = self.levels[j]
        return (0, 0) if level is None else (level, self.people[j])

    def _bound(self, j: int, where: int, z: Exact) -> Exact:
        """The same as a number."""
        if where == LOW and j < self.count and self.levels[j] is None:
            return z * self.people[j]
        times, many = self._at(j, where)
        return Fraction(times) * many

    def _values(self, standing: Sequence[int]) -> dict[int, Exact]:
        """The values of the variables inside, and of z."""
        inside = [j for j, where in enumerate(standing) if where == INSIDE]
        equations: list[dict[int, Exact]] = [{} for _ in range(self.rows)]
        for k, j in enumerate(inside):
            for r, a in self._column(j, standing).items():
                equations[r][k] = a
        values: dict[int, Exact] = {} if standing[self.z] == INSIDE else {self.z: self.cap}
        there: dict[Exact, list[int]] = {}  # places in all, as many times in each row: levels are few
        for j, where in enumerate(standing):
            if where != INSIDE:
                times, many = self._at(j, where) if j != self.z else (self.cap, 1)
                for r, a in self._column(j, standing).items() if times and many else ():
                    there.setdefault(times, [0] * self.rows)[r] += a * many
        right = [-sum(times * each[r] for times, each in there.items()) for r in range(self.rows)]
        values.update(zip(inside, solution(equations, right), strict=True))
        return values

    def _faults(self, standing: Sequence[int], values: dict[int, Exact]) -> list[tuple[Exact, int, int]]:
        """How far each variable inside is beyond a bound, its number, and the bound."""
        faults = []
        z = values[self.z]
        for j in range(self.z):
            if standing[j] == INSIDE:
                if (less := self._bound(j, LOW, z) - values[j]) > 0:
                    faults.append((less, j, LOW))
                elif (more := values[j] - self._bound(j, HIGH, z)) > 0:
                    faults.append((more, j, HIGH))
        if z > self.cap:
            faults.append((z - self.cap, self.z, HIGH))
        return faults

    def _entering(
        self, standing: Sequence[int], multipliers: Sequence[int], total: int, leaving: int, side: int
    ) -> int | None:
        """Who comes inside as ``leaving`` goes to its bound: who costs least for what it moves."""
        moved: dict[int, Exact] = {leaving: 1}
        if side == LOW and leaving < self.count and self.levels[leaving] is None:
            moved[self.z] = -self.people[leaving]
        row = self._against(standing, moved)
        best: tuple[Exact, int] | None = None
        for j in range(self.z + bool(self.free)):
            if standing[j] == INSIDE or self._fixed(j):
                continue
            column = self._column(j, standing)
            move = Fraction(moved.get(j, 0) - sum(a * row[r] for r, a in column.items()))  # for a little more of j
            if (move > 0) == ((side == LOW) == (standing[j] == LOW)) and move:
                cost = total if j == self.z else self._cost(j, multipliers, total)
                ratio = (abs(cost) / abs(move), j)
                best = ratio if best is None else min(best, ratio)
        return None if best is None else best[1]

    def _fixed(self, j: int) -> bool:
        if j >= self.z or (j < self.count and self.levels[j] is None):
            return False
        return self._bound(j, LOW, 0) == self._bound(j, HIGH, 0)

    def _answer(self, standing: Sequence[int], values: dict[int, Exact], multipliers: list[int], total: int) -> Answer:
        z = values[self.z]
        places = [values[t] if standing[t] == INSIDE else self._bound(t, standing[t], z) for t in range(self.count)]
        return Answer(Fraction(z), [Fraction(each) for each in places], multipliers, total)
