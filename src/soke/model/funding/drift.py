"""Drift: how what places have stands to what they need, by year; resources a unit of need, England's being 1.

Resources are retained rates, grant and notional council tax of all authorities of a place; need is the estimate that
the allocation itself uses, moved with people. Actual council tax rates do not matter, as in the allocation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Floats
from soke.model.funding.chain import Recipients
from soke.model.funding.outlook import Outlook
from soke.model.funding.regime import inside

NEAR = 0.02  # a place is near its need if its resources a unit of need are within this of England's


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What resources are held against: by place, (place,) arrays; ``classes`` (place, class) weights by need."""

    need: Floats  # (year, place)
    tax: Floats  # (place,) notional council tax
    area: Floats  # (year, place) need of the area's places, sums to one
    classes: Floats  # (year, place, class) need of a class's places, sums to one by class
    authorities: NDArray[np.bool_]  # (authority,) those of the area


def yardstick(who: Recipients, held: Outlook, members: Sequence[int], classes: Sequence[str]) -> Yardstick:
    """For an area (``members``: index of places) and each class of place."""
    kinds = who.kinds[: who.places]
    need = who.by_place(held.need)
    area = np.zeros(who.places)
    area[list(members)] = 1.0
    of = np.array([[kind == own_class for own_class in classes] for kind in kinds], dtype=float)
    weights = need[:, :, None] * of
    whole = weights.sum(axis=1, keepdims=True)
    here = need * area
    return Yardstick(
        need=need,
        tax=who.by_place(held.notional_tax),
        area=here / here.sum(axis=1, keepdims=True),
        classes=np.divide(weights, whole, out=np.zeros_like(weights), where=whole > 0),
        authorities=inside(who, members) & (held.need[0] > 0),  # who has no baseline has no net to be on
    )


@dataclass(frozen=True, slots=True)
class Drift:
    """How a year's resources stand to need, by draw: (draw,), and (draw, class) for ``classes``; England is 1."""

    near: Floats  # share of places near their need
    low: Floats  # tenth and ninetieth of a hundred places
    high: Floats
    area: Floats
    classes: Floats


def drift(stick: Yardstick, resources: Floats, year: int) -> Drift:
    """Resources and notional council tax a unit of need, over England's."""
    need = stick.need[year]
    ratio = resources + stick.tax
    ratio /= need * (ratio.sum(axis=1, keepdims=True) / need.sum())
    tenth = len(need) // 10
    # Ranks need no more digits than single precision has; it halves the time.
    ranked = np.partition(ratio.astype(np.float32), (tenth, len(need) - 1 - tenth), axis=1)
    return Drift(
        near=(np.abs(ratio - 1.0) <= NEAR).mean(axis=1),
        low=ranked[:, tenth].astype(np.float64),
        high=ranked[:, len(need) - 1 - tenth].astype(np.float64),
        area=ratio @ stick.area[year],
        classes=ratio @ stick.classes[year],
    )
