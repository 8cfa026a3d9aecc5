"""Relative need: each authority's share of England's need, as the last published settlement implies it.

The coefficients and weights of the formulas of Fair Funding Review 2.0 are in annexes that are not to hand. Until then
need is the share of all resources, grant and notional council tax, that each authority then had:

    r_i = (SFA_i + CTN_i) / sum_j (SFA_j + CTN_j)

It is an estimate, and holds for need what the settlement of that year held: protection, damping, and no formula since
2013-14.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from soke.england.baseline import Floats, Grade
from soke.errors import SokeError


@dataclass(frozen=True, slots=True)
class Need:
    """``share`` (..., authority) sums to one; ``grade`` and ``source`` say what it rests on."""

    share: Floats
    grade: Grade
    source: str


def from_baseline(settlement_funding: ArrayLike, notional_tax: ArrayLike, names: Sequence[str] | None = None) -> Need:
    """Need as the last published settlement implies: shares of settlement funding and notional council tax together.

    Both (..., authority), GBP million, of the same authorities. Graded estimate. SokeError where one is negative or
    missing, or all are nought.
    """
    funding, tax = np.asarray(settlement_funding, np.float64), np.asarray(notional_tax, np.float64)
    if funding.shape[-1:] != tax.shape[-1:]:
        raise SokeError(
            f"Settlement funding has {funding.shape[-1]} authorities, notional council tax {tax.shape[-1]}.",
            "Give both for the same authorities.",
        )
    for array, what in ((funding, "settlement funding"), (tax, "notional council tax")):
        _not_negative(array, what, names)
    resources = funding + tax
    total = resources.sum(axis=-1, keepdims=True)
    if (total <= 0).any():
        raise SokeError("Settlement funding and notional council tax are all nought.", "Give a published settlement.")
    return Need(resources / total, "estimate", "need as the last published settlement implies")


def _not_negative(array: Floats, what: str, names: Sequence[str] | None) -> None:
    bad = ~((array >= 0) & np.isfinite(array))
    if bad.any():
        i = int(np.nonzero(bad)[-1][0]) if array.ndim else 0
        who = names[i] if names is not None and array.ndim else f"member {i}"
        value = array[bad][0] if array.ndim else array
        raise SokeError(f"The {what} of {who} is {float(value):,.6g}.", "Give a number, nought or more.")
