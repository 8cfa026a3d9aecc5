"""Present value: flows of many years as one sum of today.

    present value = sum over years of flow[t] / (1 + rate)^t,    t = 0 in the base year

at the social discount rate of the Green Book: one rate for thirty years, a lower one from then on. What a run does not
reach is taken to stay at its last year's level, in real terms: a road goes on being of use, and being kept up.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from soke.england.baseline import Floats

RATE, LATER = "cba.disc", "cba.disc.later"
HELD = (RATE, LATER)
CROWDING = "value.crowding"  # output lost elsewhere for a pound of new current spending
LOWER_FROM = 30  # years
SHORT, LONG = 20, 60  # years that a sum runs over: the run's, and the life of what was built


def factors(years: int, figures: Mapping[str, float]) -> Floats:
    """(year,) what a pound of each year is worth today, from year 0 on."""
    rates = np.where(np.arange(1, years) <= LOWER_FROM, figures[RATE], figures[LATER])
    return np.concatenate([[1.0], np.cumprod(1.0 / (1.0 + rates))])


def held_on(flow: Floats, years: int) -> Floats:
    """(..., year) a flow over ``years`` years: cut, or held at its last level."""
    more = years - flow.shape[-1]
    if more <= 0:
        return flow[..., :years]
    return np.concatenate([flow, np.repeat(flow[..., -1:], more, axis=-1)], axis=-1)


def present(flow: Floats, years: int, figures: Mapping[str, float]) -> Floats:
    """Present value of a (..., year) flow from year 0 to ``years``, both counted."""
    return np.asarray(held_on(flow, years + 1) @ factors(years + 1, figures))


def payback(cost: Floats, returned: Floats, figures: Mapping[str, float]) -> int | None:
    """The first year by which what came back is worth what was spent, both (year,) flows; None not within LONG years.

    A cost that is yet to come is counted: nothing has paid for itself that will fall behind again.
    """
    worth = factors(LONG + 1, figures)
    ahead = np.cumsum((held_on(returned, LONG + 1) - held_on(cost, LONG + 1)) * worth)
    behind = np.flatnonzero(ahead < 0)
    first = int(behind[-1]) + 1 if len(behind) else 0
    return first if first <= LONG else None


def switching(parameter: Floats, net: Floats) -> float | None:
    """The value of a drawn (draw,) parameter at which the mean (draw,) net value would be nought, on a straight line.

    None where the net value does not lean on it, or would be nought only outside all that was drawn.
    """
    spread = float(np.var(parameter))
    if spread <= 0:
        return None
    slope = float(np.mean((parameter - parameter.mean()) * net)) / spread
    if slope == 0:
        return None
    at = float(parameter.mean() - net.mean() / slope)
    return at if parameter.min() <= at <= parameter.max() else None
