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
    """What resources are held against, by place; ``kinds`` (place, class) 1 where it is of the class."""

    tax: Floats  # (place,) notional council tax
    area: Floats  # (place,) 1 in the area
    kinds: Floats
    authorities: NDArray[np.bool_]  # (authority,) those of the area


def yardstick(who: Recipients, held: Outlook, members: Sequence[int], classes: Sequence[str]) -> Yardstick:
    """For an area (``members``: index of places) and each class of place."""
    area = np.zeros(who.places)
    area[list(members)] = 1.0
    return Yardstick(
        tax=who.by_place(held.notional_tax),
        area=area,
        kinds=np.array([[kind == own for own in classes] for kind in who.kinds[: who.places]], dtype=float),
        authorities=inside(who, members) & (held.need > 0),  # who has no baseline has no net to be on
    )


@dataclass(frozen=True, slots=True)
class Drift:
    """How a year's resources stand to need, by draw: (draw,), and (draw, class) for ``classes``; England is 1."""

    near: Floats  # share of places near their need
    low: Floats  # tenth and ninetieth of a hundred places
    high: Floats
    area: Floats
    classes: Floats


def drift(stick: Yardstick, resources: Floats, need: Floats, bills: Floats | float = 1.0) -> Drift:
    """Resources and notional council tax a unit of need, over England's. ``resources``, ``need`` (draw, place);
    ``bills`` (draw, 1): council tax bills, real, over the base year's."""
    taxed = stick.tax * bills
    ratio = resources + taxed
    ratio /= need
    ratio *= need.sum(axis=1, keepdims=True) / (resources + taxed).sum(axis=1, keepdims=True)
    places = need.shape[1]
    tenth = places // 10
    # Ranks need no more digits than single precision has; it halves the time.
    ranked = np.partition(ratio.astype(np.float32), (tenth, places - 1 - tenth), axis=1)
    claimed = ratio * need
    return Drift(
        near=(np.abs(ratio - 1.0) <= NEAR).mean(axis=1),
        low=ranked[:, tenth].astype(np.float64),
        high=ranked[:, places - 1 - tenth].astype(np.float64),
        area=(claimed @ stick.area) / (need @ stick.area),
        classes=_over(claimed @ stick.kinds, need @ stick.kinds),
    )


def _over(claimed: Floats, need: Floats) -> Floats:
    return np.divide(claimed, need, out=np.zeros_like(need), where=need > 0)
