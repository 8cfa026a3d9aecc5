"""Equalising the adult social care precept: a live part of the Social Care Grant, and needs against resources at small.

    want_i = need_i (sum_j p_j + E),    raw_i = max(0, want_i - p_i),    grant_i = E raw_i / sum_j raw_j
    p_i = rate x Band D_i x tax base_i

The pot E makes up what a percentage of council tax raises, as far as it goes, towards shares of relative need. Where
the tax of nobody exceeds its want the grants are want - p exactly; else all grants are scaled down together.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.model.funding.allocator import Allocation
from soke.model.funding.resource_adjustment import fair_funding_allocation


def precept_yield(rate: ArrayLike, band_d: ArrayLike, tax_base: ArrayLike) -> Floats:
    """What the precept can raise, GBP million: a share of Band D (GBP) over the tax base (Band D dwellings)."""
    share, tax, base = (np.asarray(v, np.float64) for v in (rate, band_d, tax_base))
    return np.asarray(share * tax * base / 1e6)


def equalised(need: ArrayLike, precept: ArrayLike, pot: ArrayLike, names: Sequence[str] | None = None) -> Allocation:
    """Each authority's grant, GBP million, (..., authority).

    ``need`` shares that sum to one, ``precept`` its yield (GBP million), ``pot`` () or (draw,). The rule is that of the
    resource adjustment with the precept for notional tax: here it is at the authority's own Band D.
    SokeError names a yield that is negative or not a number.
    """
    yields = np.asarray(precept, np.float64)
    bad = np.argwhere(~((yields >= 0) & np.isfinite(yields)))
    if len(bad):
        who = names[int(bad[0, -1])] if names is not None else f"member {bad[0, -1]}"
        raise SokeError(f"The precept of {who} is {yields[tuple(bad[0])]:,.6g} million.", "Give nought or more.")
    return fair_funding_allocation(need, precept, pot, names)
