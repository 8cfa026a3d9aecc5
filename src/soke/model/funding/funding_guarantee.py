"""The funding guarantee of 2023-24: nobody's core spending power rises by less than 3 per cent before council tax.

What pays for it comes out of a pot Y that is otherwise shared by s, so that the guarantee shrinks what it tops up:

    minimise sum_i x_i    with x_i >= 0,    A_i + B_i + s_i (Y - sum_j x_j) + x_i >= (1 + rise) previous_i

A linear programme (scipy's HiGHS). With X = sum x it falls to one unknown: x_i = max(0, gap_i + s_i X), where gap_i is
what is missing if nothing is taken; X is the fixed point of F(X) = sum_i max(0, gap_i + s_i X), which rises with slopes
below one in straight pieces: exact by sorting where each authority begins to need (-gap_i / s_i). The two agree.
Infeasible where the pot is used up (X > Y) or where those who need hold all shares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import linprog

from soke.england.baseline import Floats
from soke.errors import SokeError

SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Guaranteed:
    """``guarantee`` and ``from_pot`` (authority,) GBP million: the top-up, and the share of what is left of the pot."""

    guarantee: Floats
    from_pot: Floats

    @property
    def total(self) -> float:
        return float(self.guarantee.sum())


def funding_guarantee(
    funding: ArrayLike,
    council_tax: ArrayLike,
    shares: ArrayLike,
    pot: float,
    previous: ArrayLike,
    rise: float,
    names: Sequence[str] | None = None,
) -> Guaranteed:
    """The smallest guarantee. ``funding`` (A), ``council_tax`` at last year's Band D (B), ``previous`` core spending
    power, each (authority,), GBP million; ``shares`` (s) of the ``pot`` (Y) sum to one at most; ``rise`` a share.

    SokeError where a figure is not a number, shares exceed one, or the pot cannot meet the guarantee, by how much.
    """
    a, b, s, last = (np.asarray(v, np.float64) for v in (funding, council_tax, shares, previous))
    _check(a, b, s, last, pot, names)
    gap = (1.0 + rise) * last - a - b - s * pot
    total = fixed_point(gap, s)
    if total > pot + SLACK * max(pot, 1.0):
        worst = int(np.argmax(gap))
        who = names[worst] if names is not None else f"member {worst}"
        said = "more than any pot" if np.isinf(total) else f"{total:,.3f} million"
        raise SokeError(
            f"The guarantee needs {said}, and the pot it is taken from holds {pot:,.3f} million.",
            f"Raise the pot or lower the guaranteed rise; {who} is furthest below it, by {gap[worst]:,.3f} million.",
        )
    return Guaranteed(np.maximum(gap + s * total, 0.0), s * (pot - total))


def fixed_point(gap: Floats, shares: Floats) -> float:
    """The least X with X = sum max(0, gap + shares X), both (authority,); infinite where there is none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        begins = np.where(gap > 0, 0.0, np.where(shares > 0, -gap / shares, np.inf))
    order = np.argsort(begins, kind="stable")
    amount, slope = 0.0, 0.0
    for k, i in enumerate(order):
        if np.isinf(begins[i]):
            break
        amount, slope = amount + float(gap[i]), slope + float(shares[i])
        end = begins[order[k + 1]] if k + 1 < len(order) else np.inf
        if slope < 1.0 - SLACK and max(amount, 0.0) / (1.0 - slope) <= end:
            return max(amount, 0.0) / (1.0 - slope)
    return 0.0 if amount <= 0 else float(np.inf)


def by_linear_programme(gap: Floats, shares: Floats) -> Floats:
    """The same by HiGHS, (authority,): the second way. SokeError where it is infeasible."""
    size = len(gap)
    # gap_i + s_i sum x <= x_i, written as (s 1' - I) x <= -gap
    solved = linprog(np.ones(size), A_ub=np.outer(shares, np.ones(size)) - np.eye(size), b_ub=-gap, method="highs")
    if not solved.success:
        raise SokeError("The guarantee has no solution: those who need it hold the whole pot.", "Lower the rise.")
    return np.asarray(solved.x)


def _check(a: Floats, b: Floats, s: Floats, last: Floats, pot: float, names: Sequence[str] | None) -> None:
    if len({len(v) for v in (a, b, s, last)}) != 1:
        raise SokeError("Funding, council tax, shares and last year differ in length.", "Give one of each a member.")
    for array, what in ((a, "funding"), (b, "council tax"), (s, "share"), (last, "core spending power before")):
        bad = ~np.isfinite(array) | (array < 0)
        if bad.any():
            i = int(np.flatnonzero(bad)[0])
            who = names[i] if names is not None else f"member {i}"
            raise SokeError(f"The {what} of {who} is {array[i]:,.6g}.", "Give a number, nought or more.")
    if s.sum() > 1 + 1e-6:
        raise SokeError(f"Shares of the pot sum to {s.sum():.6f}, more than one.", "Give shares of one pot.")
    if not 0 <= pot < np.inf:
        raise SokeError(f"The pot is {pot:,.6g} million.", "Give a pot of nought or more.")
