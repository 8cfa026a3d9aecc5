"""Door-to-door minutes between places, from what is published: centres and areas.

    route   = circuity x straight-line distance
    minutes = access + 60 x (min(route, local) / local speed + max(route - local, 0) / trunk speed)

Within a place the distance is the mean between two random points of a disc of its area, 128 r / 45 pi. No timetable is
read: the minutes are estimates, and a project acts through the *ratio* of the minutes that its own file states.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from soke.england.baseline import Floats
from soke.england.distance import kilometres
from soke.errors import SokeError

HELD = ("acc.circuity", "acc.minutes.access", "acc.local.km", "acc.speed.local", "acc.speed.trunk")
DISC = 128.0 / (45.0 * np.pi)  # mean distance between two points of a disc, over its radius


def distances(lat: Floats, lon: Floats, area_km2: Floats) -> Floats:
    """Great-circle kilometres between centres, (place, place); within a place on the diagonal. Degrees, square km."""
    apart = kilometres(lat, lon)
    np.fill_diagonal(apart, DISC * np.sqrt(area_km2 / np.pi))
    return np.asarray(apart)


def minutes(km: Floats, figures: Mapping[str, float]) -> Floats:
    """Door-to-door minutes for straight-line ``km`` of any shape. ``figures``: the ``acc.*`` parameters."""
    route = figures["acc.circuity"] * km
    local = np.minimum(route, figures["acc.local.km"])
    hours = local / figures["acc.speed.local"] + (route - local) / figures["acc.speed.trunk"]
    result = figures["acc.minutes.access"] + 60.0 * hours
    if not (result > 0).all():
        raise SokeError("A journey within or between places would take no time.", "Check areas, centres and acc.*.")
    return np.asarray(result)
