"""How far apart places are: great-circle kilometres between their centres."""

from __future__ import annotations

import numpy as np

from soke.england.baseline import Floats

EARTH_KM = 6371.0


def kilometres(lat: Floats, lon: Floats) -> Floats:
    """(place, place) from (place,) degrees; nought on the diagonal."""
    phi, lam = np.radians(lat), np.radians(lon)
    half = np.sin((phi[:, None] - phi) / 2) ** 2
    half = half + np.cos(phi[:, None]) * np.cos(phi) * np.sin((lam[:, None] - lam) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))))
