"""Revaluation: tariffs and top-ups move so that a new list of rateable values leaves no authority better or worse off.

    T' = T I + K - K'          K = sum over places of s Y

T is the tariff or top-up of the year before and I its index; Y the income of a place by the old list and multiplier,
Y' by the new ones; s an authority's share of it, K and K' what the authority keeps of either. At first K and K' are
worked out from the lists; when the outturn is known the difference is made good, so that then K' + T' = K + T I.
"""

from __future__ import annotations

import numpy as np

from soke.england.baseline import Floats


def adjusted(tariff: Floats, index: Floats | float, kept_old: Floats, kept_new: Floats) -> Floats:
    """T', GBP million, (..., authority). ``kept_old``, ``kept_new``: an authority's share of income by either list."""
    return np.asarray(tariff * index + np.subtract(kept_old, kept_new))


def true_up(provisional: Floats, outturn: Floats) -> Floats:
    """What makes a provisional tariff good once the outturn is known: GBP million, to be paid where above nought."""
    return np.asarray(np.subtract(outturn, provisional))
