"""Sparse linear equations in whole numbers, solved in fractions: exact, for the few unknowns that a basis has."""

from __future__ import annotations

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
    for i, each in enumerate(left):
        for k in each:
            within[k].add(i)
    waiting, order = set(range(len(left))), []
    while waiting:
        i = min(waiting, key=lambda one: (len(left[one]), one))
        if not left[i]:
            raise ZeroDivisionError("the equations do not have one solution")
        k = min(left[i], key=lambda one: (len(within[one]), one))
        waiting.remove(i)
        order.append((i, k))
        for one in left[i]:
            within[one].discard(i)
        for other in sorted(within[k]):
            times = _over(left[other][k], left[i][k])
            rights[other] -= times * rights[i]
            for one, each in left[i].items():
                less = left[other].get(one, 0) - times * each
                if less:
                    left[other][one] = less
                    within[one].add(other)
                else:
                    left[other].pop(one, None)
                    within[one].discard(other)
    found: list[Exact] = [0] * len(left)
    for i, k in reversed(order):
        rest = rights[i] - sum(each * found[one] for one, each in left[i].items() if one != k)
        found[k] = _over(rest, left[i][k])
    return found


def independent(columns: Iterable[tuple[int, Mapping[int, int]]], most: int) -> list[int]:
    """The names of the first ``most`` of named ``columns`` that do not depend on those before them."""
    pivots: list[tuple[int, dict[int, Exact]]] = []
    names: list[int] = []
    for name, column in columns:
        if len(names) == most:
            break
        left: dict[int, Exact] = dict(column)
        for row, pivot in pivots:
            if times := left.get(row, 0):
                times = _over(times, pivot[row])
                for one, each in pivot.items():
                    if less := left.get(one, 0) - times * each:
                        left[one] = less
                    else:
                        left.pop(one, None)
        if left:
            pivots.append((min(left), left))
            names.append(name)
    return names


def _over(above: Exact, below: Exact) -> Exact:
    number = Fraction(above) / below
    return number.numerator if number.denominator == 1 else number
