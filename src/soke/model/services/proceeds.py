"""Proceeds of growth: what the place keeps more than it would, and spends here by the deal's shares.

What is kept under the deal less what is kept as is, and the assigned share of the growth of income tax, are the
proceeds. Reserves are not spent; all else is. Where the place keeps less than it would, it spends less by all of it.
"""

from __future__ import annotations

import numpy as np

from soke.deal.types import Proceeds
from soke.england.baseline import Floats

ROUNDING = 1e-12
PURPOSES = ("older_care", "children", "prevention", "communities")


def spent(proceeds: Floats, reserves: Floats | float) -> Floats:
    """Proceeds spent, GBP million (draw, place): all but the share put in ``reserves``; a shortfall in full.

    Each place decides by itself: one that gains puts by, though another of the area falls short.
    """
    put_by = np.maximum(proceeds, 0.0)
    put_by *= reserves
    return np.asarray(np.subtract(proceeds, put_by, out=put_by))


def purposes(shares: Proceeds | None) -> dict[str, float]:
    """What the spent part goes on, shares of one: the deal's purposes, and ``services`` for the rest.

    Where all is put in reserves, a shortfall is still met by ``services``.
    """
    whole = 1.0 - reserves(shares)
    if whole <= 0 or shares is None:
        return {"services": 1.0}
    named = {name: float(getattr(shares, name)) / whole for name in PURPOSES}
    rest = 1.0 - sum(named.values())
    return {name: share for name, share in {**named, "services": rest}.items() if share > ROUNDING}


def reserves(shares: Proceeds | None) -> float:
    return float(shares.reserves) if shares else 0.0
