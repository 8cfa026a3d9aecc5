"""Areas that keep more than half: 100, 75 and 67 per cent schemes, from a start at which nobody gains.

    start         BFL' = BFL + RSG + other grants given up
                  BRB' = BRB s' / s             s and s' an authority's shares of its rates before and in the scheme
                  T'   = BFL' - BRB'
    gain          = growth of rates (s' - s) + levy avoided
    no detriment  = what the ordinary scheme would have left, less what this one does, where that is above nought:
                    over the area as a whole (West of England), or authority by authority (Greater Manchester)

The published settlement shows these areas as if they still kept half. Law: SI 2017/496; sources for the principle: the
business rates steering group, January 2018, and the local government finance report 2019-20.
"""

from __future__ import annotations

import numpy as np

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.model.funding.tariff_top_up import Start


def neutral_start(before: Start, given_up: Floats, share_before: Floats, share: Floats) -> Start:
    """Baselines of the scheme, GBP million, (..., authority). ``given_up``: Revenue Support Grant and others.

    SokeError where a share is outside 0 to 1, or an authority that had no share of rates is to have one: its rates
    baseline cannot be scaled from nought.
    """
    for shares in (share_before, share):
        if not np.all((shares >= 0) & (shares <= 1)):
            raise SokeError("A share of business rates is outside 0 to 1.", "Give each authority's share of its rates.")
    if np.any((share_before == 0) & (share > 0)):
        raise SokeError(
            "An authority that had no share of business rates is to have one.",
            "Set its rates baseline from the rates collected: it cannot be scaled from nought.",
        )
    ratio = np.divide(share, share_before, out=np.zeros(np.shape(share)), where=share_before > 0)
    return Start(np.asarray(before.baseline_funding + given_up), np.asarray(before.rates_baseline * ratio))


def gain(growth: Floats, share_before: Floats, share: Floats, levy_avoided: Floats) -> Floats:
    """What the scheme brings in a year, GBP million. ``growth`` (..., authority): rates above the baseline."""
    return np.asarray(growth * (share - share_before) + levy_avoided)


def no_detriment(scheme: Floats, ordinary: Floats, whole_area: bool) -> Floats:
    """What is paid so that nobody, or no area, is below the ordinary scheme: GBP million, (..., authority of the area).

    ``scheme`` and ``ordinary``: what each keeps under either. An area's payment goes by each one's own shortfall.
    """
    short = np.maximum(np.subtract(ordinary, scheme), 0.0)
    if not whole_area:
        return np.asarray(short)
    due = np.maximum(np.subtract(ordinary, scheme).sum(axis=-1, keepdims=True), 0.0)
    whole = short.sum(axis=-1, keepdims=True)
    return np.asarray(due * np.divide(short, whole, out=np.zeros(short.shape), where=whole > 0))
