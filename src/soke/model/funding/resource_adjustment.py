"""Resource adjustment: need less what council tax could raise at one notional rate, so that actual rates do not matter.

    want_i = need_i (G + sum_j notional tax_j) - notional tax_i,    sum_i want_i = G

Notional tax is a tax base at one Band D for England; need shares sum to one. Where want_i is negative it is set to
nought and the others are rescaled to G in proportion to what they want (Fair Funding Review 2.0, Annex K; the rescaling
is not spelt out there). Rescaling in proportion is not water-filling: it takes the same share of every grant, so per
unit of need the places that live most by grant lose most.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.model.funding.allocator import Allocation, allocate

WHOLE = 1e-6  # need shares may miss one by this much


def wanted(need: Floats, notional_tax: Floats, grant: Floats) -> Floats:
    """The bare kernel: need's share of all resources less notional tax, (..., authority); may be negative."""
    return np.asarray(need * (grant + notional_tax.sum(axis=-1))[..., None] - notional_tax)


def fair_funding_allocation(
    need: ArrayLike, notional_tax: ArrayLike, grant: ArrayLike, names: Sequence[str] | None = None
) -> Allocation:
    """The target allocation: what is wanted, nobody below nought, the rest rescaled to the grant.

    ``need`` (..., authority) shares that sum to one; ``notional_tax`` (..., authority) and ``grant`` (() or (draw,))
    GBP million. ``rate`` is the rescaling (one where nobody is below nought); ``at_floor`` says who is at nought.
    """
    want = _wanted(need, notional_tax, grant, names)
    shared = allocate(grant, np.maximum(want, 0.0), names=names)
    return Allocation(shared.amounts, want < 0, shared.at_cap, shared.rate)


def _wanted(need: ArrayLike, notional_tax: ArrayLike, grant: ArrayLike, names: Sequence[str] | None) -> Floats:
    shares, tax, pot = np.asarray(need, float), np.asarray(notional_tax, float), np.asarray(grant, float)
    for array, what in ((shares, "need share"), (tax, "notional council tax")):
        bad = ~(array >= 0) | np.isinf(array)
        if bad.any():
            at = tuple(int(i[0]) for i in np.nonzero(bad))
            who = names[at[-1]] if names is not None else f"member {at[-1]}"
            raise SokeError(f"The {what} of {who} is {array[at]:,.6g}.", f"A {what} is nought or more.")
    if (pot < 0).any():
        raise SokeError(f"The grant is {pot.min():,.6g} million.", "Give a grant of nought or more.")
    off = np.abs(shares.sum(axis=-1) - 1.0)
    if (off > WHOLE).any():
        total = np.atleast_1d(shares.sum(axis=-1))[int(np.argmax(off))]
        raise SokeError(f"Need shares sum to {total:.6f}, not one.", "Give every authority's share of the same total.")
    return wanted(shares, tax, pot)
