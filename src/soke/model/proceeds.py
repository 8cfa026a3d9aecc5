"""Proceeds of growth: what the place keeps more than it would, and spends here by the deal's shares.

What is kept under the deal less what is kept as is, and the assigned share of the growth of income tax, are the
proceeds. Reserves are not spent; all else is. Where the place keeps less than it would, it spends less by all of it.
"""

from __future__ import annotations

import numpy as np

from soke.deal.types import Proceeds
from soke.england.baseline import Floats

PURPOSES = ("older_care", "children", "prevention", "communities")


def spent(proceeds: Floats, reserves: float) -> Floats:
    """Proceeds spent here, of any shape, GBP million: all but the share put in ``reserves``; a shortfall in full."""
    return np.where(proceeds > 0, (1.0 - reserves) * proceeds, proceeds)


def purposes(shares: Proceeds | None) -> dict[str, float]:
    """What the spent part goes on, shares of all proceeds: the deal's purposes, and ``services`` for the rest."""
    named = {name: float(getattr(shares, name)) for name in PURPOSES} if shares else {}
    rest = 1.0 - sum(named.values()) - reserves(shares)
    return {name: share for name, share in {**named, "services": rest}.items() if share > 0}


def reserves(shares: Proceeds | None) -> float:
    return float(shares.reserves) if shares else 0.0
