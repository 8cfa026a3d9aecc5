"""Sparse linear equations in whole numbers, solved in fractions: exact, for the few unknowns that a basis has."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

Exact = int | Fraction  # whole numbers stay whole as long as they do: that is ten times as quick


def solution(equations: Sequence[Mapping[int, Exact]], right: Sequence[Exact]) -> list[Exact]:
    """The x with ``sum_k equations[i][k] x_k = right[i]``, as many equations as unknowns 0, 1, 2, ...

    ZeroDivisionError where they do not have exactly one solution. The shortest equation goes first (Markowitz).
    """
    left = [dict(each) for each in equations]
    rights = list(right)
    within: dict[int, set[int]] = {k: set() for k in range(len(left))}
    for i, equation in enumerate(left):
        for k in equation:
            within[k].add(i)
    waiting = [(len(equation), i) for i, equation in enumerate(left)]
    heapq.heapify(waiting)
    order: dict[int, int] = {}
    while waiting:
        long, i = heapq.heappop(waiting)
        if i in order or long != len(left[i]):
            continue  # it was done, or waits again with another length
        if not left[i]:
            raise ZeroDivisionError("the equations do not have one solution")
        k = min(left[i], key=lambda each: (len(within[each]), each))
        order[i] = k
        for each in left[i]:
            within[each].discard(i)
        for other in sorted(within[k]):
            times = _over(left[other][k], left[i][k])
            rights[other] -= times * rights[i]
            for each, number in left[i].items():
                if less := left[other].get(each, 0) - times * number:
                    left[other][each] = less
                    within[each].add(other)
                else:
                    left[other].pop(each, None)
                    within[each].discard(other)
            heapq.heappush(waiting, (len(left[other]), other))
    found: list[Exact] = [0] * len(left)
    for i, k in reversed(order.items()):
        rest = rights[i] - sum(number * found[each] for each, number in left[i].items() if each != k)
        found[k] = _over(rest, left[i][k])
    return found


def independent(columns: Iterable[tuple[int, Mapping[int, int]]], most: int) -> list[int]:
    """The names of the first ``most`` of named ``columns`` that do not depend on those before them."""
    pivots: list[tuple[int, dict[int, Exact]]] = []
    names: list[int] = []
    for name, column in columns:
        if len(names) == most:
            break
        rest: dict[int, Exact] = dict(column)
        for row, pivot in pivots:
            if row in rest:
                times = _over(rest[row], pivot[row])
                for one, each in pivot.items():
                    if less := rest.get(one, 0) - times * each:
                        rest[one] = less
                    else:
                        rest.pop(one, None)
        if rest:
            pivots.append((min(rest), rest))
            names.append(name)
    return names


def _over(above: Exact, below: Exact) -> Exact:
    number = Fraction(above) / below
    return number.numerator if number.denominator == 1 else number
