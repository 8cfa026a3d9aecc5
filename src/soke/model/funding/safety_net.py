"""The safety net: a payment that lifts retained income to a share of the baseline funding level.

    payment = max(0, share x F - R)

F is the indexed baseline funding level of the year, R retained income before levy and safety net. While the share is at
most one, an authority that receives it is below its baseline, so it pays no levy in the same year.

Law: SI 2013/737 (92.5 per cent); the schemes of higher retention had a higher share.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from soke.england.baseline import Floats
from soke.model.funding.dated import Rules, rules

Scheme = Literal["all", "pilot-100", "pilot-75"]


def payment(income: Floats, baseline_funding: Floats, share: Floats | float) -> Floats:
    """What is paid, GBP million. ``income`` (..., authority) retained, ``share`` of the baseline that is safe."""
    below = np.asarray(np.subtract(np.multiply(share, baseline_funding), income))
    return np.maximum(below, 0.0, out=below) if below.ndim else np.asarray(np.maximum(below, 0.0))


def safe_share(year: int, scheme: Scheme = "all", held: Rules | None = None) -> float:
    """The share of the baseline that is safe in a year; ``scheme`` where the area kept 100 or 75 per cent."""
    return (held or rules()).value("safety_net.share", year, scheme)
