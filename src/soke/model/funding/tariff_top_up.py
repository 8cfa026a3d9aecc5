"""Tariffs and top-ups: what stands between the rates an authority collects and what it is to keep.

    T = BFL - BRB          a top-up above nought, a tariff below

At the start of a scheme, with L the national local share, f an authority's share of formula funding, p a place's
proportionate share of the rates of England and s what an authority keeps of the place's local share:

    BFL_a = L f_a          BRB_a = L sum over places of p_place s_place,a          so  sum over England of T = 0

Afterwards T rises by the index of baselines (:mod:`soke.model.funding.baseline_funding`). The proportionate shares were
the average of 2010-11 and 2011-12. Law: SI 2013/737 and the local government finance report 2013-14.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Floats
from soke.errors import SokeError

ROUNDING = 1e-6  # of what is shared out: published figures carry that much rounding


@dataclass(frozen=True, slots=True)
class Start:
    """Baselines at a reset, GBP million, (..., authority)."""

    baseline_funding: Floats
    rates_baseline: Floats

    @property
    def tariff(self) -> Floats:
        """Top-up above nought, tariff below."""
        return tariff_top_up(self.baseline_funding, self.rates_baseline)


def tariff_top_up(baseline_funding: Floats, rates_baseline: Floats) -> Floats:
    """T, GBP million, (..., authority)."""
    return np.asarray(np.subtract(baseline_funding, rates_baseline))


def start(local_share: float, formula_shares: Floats, proportionate_shares: Floats, tier_shares: Floats) -> Start:
    """The start position. ``local_share`` GBP million; ``formula_shares`` (authority,), ``proportionate_shares``
    (place,), ``tier_shares`` (place, authority): shares of the local share of a place. Each sums to one by row.

    SokeError where a share is negative or a row does not sum to one, by how much.
    """
    if not local_share >= 0:
        raise SokeError(f"The national local share is {local_share:g}.", "Give GBP million, nought or more.")
    _sums_to_one(formula_shares, "formula funding")
    _sums_to_one(proportionate_shares, "rates by place")
    for row, shares in enumerate(tier_shares):
        _sums_to_one(shares, f"the local share of place {row + 1}")
    return Start(
        np.asarray(local_share * formula_shares),
        np.asarray(local_share * (proportionate_shares @ tier_shares)),
    )


def _sums_to_one(shares: Floats, of: str) -> None:
    if not np.all(shares >= 0):
        raise SokeError(f"A share of {of} is negative or not a number.", "Give shares from 0 to 1.")
    off = float(shares.sum()) - 1.0
    if abs(off) > ROUNDING:
        raise SokeError(f"The shares of {of} sum to {1.0 + off:.6f}, which is {off:+.6f} from 1.", "Let them sum to 1.")
