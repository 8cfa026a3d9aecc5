"""Business-rates growth kept by councils: a simple share, until the next reset.

With R the rates collected here, R0 their level at the last reset, r the share kept, s the safety net:

    growth = R - R0
    kept   = r (1 - levy) growth            when growth is above 0
    kept   = max(r growth, -(1 - s) r R0)   when it is below

Baseline funding is taken as r R0, since tariffs and top-ups are set so that a change of r moves nobody at the start.
At a reset R0 becomes R: what was kept goes back. R follows local output weakly, because revaluation strips out the
growth of values; each place also has good and bad years of its own, drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Floats


@dataclass(frozen=True, slots=True)
class Regime:
    """Who keeps what, by (year, place): ``retention``, ``levy`` and ``safety_net`` shares; ``reset`` in that year."""

    retention: Floats
    levy: Floats
    safety_net: Floats
    reset: NDArray[np.bool_]


def kept(collected: Floats, baseline: Floats, regime: Regime, year: int, shared: Floats | float = 1.0) -> Floats:
    """Growth kept here, GBP million, (draw, place); below nought in a bad year. ``baseline``: R0, (draw, place).

    ``shared`` (place,): the part of the rates collected that councils share in.
    """
    growth = collected - baseline
    share = regime.retention[year] * shared
    levied = np.maximum(growth, 0.0)
    levied *= share * regime.levy[year]
    growth *= share
    np.maximum(growth, ((regime.safety_net[year] - 1.0) * share) * baseline, out=growth)
    growth -= levied
    return growth


def reset(baseline: Floats, collected: Floats, regime: Regime, year: int) -> Floats:
    """R0 after the resets of a year: what is collected there, unchanged elsewhere."""
    due = regime.reset[year]
    return np.where(due, collected, baseline) if due.any() else baseline
