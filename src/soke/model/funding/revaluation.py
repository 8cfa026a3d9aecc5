"""Revaluation: tariffs and top-ups move so that a new list of rateable values leaves no authority better or worse off.

    T' = T I + s (Y - Y')

T is the tariff or top-up of the year before and I its index; s an authority's share of the rates of its place; Y the
income by the old list and multiplier, Y' by the new ones. At first Y and Y' are worked out from the lists; when the
outturn is known the difference is made good, so that s Y' + T' = s Y + T I at outturn.
"""

from __future__ import annotations

import numpy as np

from soke.england.baseline import Floats


def adjusted(tariff: Floats, index: Floats | float, share: Floats, old_list: Floats, new_list: Floats) -> Floats:
    """T', GBP million, (..., authority). ``old_list`` and ``new_list``: income of the place by either list."""
    return np.asarray(tariff * index + share * np.subtract(old_list, new_list))


def true_up(provisional: Floats, outturn: Floats) -> Floats:
    """What makes a provisional tariff good once the outturn is known: GBP million, to be paid where above nought."""
    return np.asarray(np.subtract(outturn, provisional))


def of_county(incomes: Floats, shares: Floats) -> Floats:
    """Share times income summed over the places of each authority: (..., place) and (place, authority)."""
    return np.asarray(incomes @ shares)
