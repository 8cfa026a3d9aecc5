"""The household: what a change of a council's money comes to as council tax, and whether a vote would be needed.

    to make it good = - change of resources / tax base                pounds of Band D a year
    without a vote  = sum over the council and its county of the largest rise of one year (core and adult social care)

A place's change holds what its county, fire and combined authorities gain or lose there. Bills and tax bases are those
of 2022-23, the last to hand by area; bills are carried to 2025-26 by England's average, which is published, so a
place's own is an estimate. Parishes, police, fire and mayors are in the bill and not in what may rise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Baseline, Floats
from soke.england.places import places
from soke.england.settlement import council_tax_levels
from soke.model.funding import council_tax, referendum
from soke.model.funding.dated import Rules
from soke.model.funding.estimates import LAST_LEVELS, SINGLE_TIER, carried

BILLS = 2025


@dataclass(frozen=True, slots=True)
class Household:
    """(place,) pounds of Band D. ``needed`` is below nought where bills could fall; room infinite without a limit."""

    bill_published: Floats  # the area's, 2022-23
    bill: Floats  # carried to 2025-26
    needed: Floats
    room_before: Floats
    room_after: Floats

    @property
    def vote(self) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Whether making the loss good in one year needs a referendum under the changed law."""
        return np.asarray(self.needed > np.maximum(self.room_after, 0.005))


def household(baseline: Baseline, change: Floats, year: int, before: Rules, after: Rules) -> Household:
    """``change`` (place,) GBP million; ``year`` whose referendum principles hold."""
    scale = before.value("council_tax.average_band_d", BILLS) / (
        float(baseline["council_tax"].sum()) * 1e6 / float(baseline["tax_base"].sum())
    )
    own, above = (part * scale for part in _own_band_d(baseline))
    return Household(
        bill_published=baseline["band_d"],
        bill=np.asarray(baseline["band_d"] * scale),
        needed=np.asarray(-change * 1e6 / baseline["tax_base"]),
        room_before=_room(baseline, own, above, year, before),
        room_after=_room(baseline, own, above, year, after),
    )


def _own_band_d(baseline: Baseline) -> tuple[Floats, Floats]:
    """(place,) Band D of 2022-23 of the council itself, parishes apart, and of the county above it."""
    levels = council_tax_levels(LAST_LEVELS)
    kinds = dict(zip(levels.codes, levels.kinds, strict=True))
    set_by = levels.by_code("requirement_excl_parish")
    set_by |= {code: v for code, v in levels.by_code("precept_requirement").items() if kinds[code] == "county"}
    today = carried(set_by, LAST_LEVELS, baseline)
    base = baseline["tax_base"]
    own = np.array([today[code] for code in baseline.codes]) / base
    counties = [places().by_code[code].county for code in baseline.codes]
    under = {code: float(base[[i for i, c in enumerate(counties) if c == code]].sum()) for code in set(counties) - {""}}
    above = np.array([today[code] / under[code] if code else 0.0 for code in counties])
    return own, above


def _room(baseline: Baseline, own: Floats, above: Floats, year: int, rules: Rules) -> Floats:
    """The largest rise of one year without a vote, pounds of Band D."""
    room = np.empty(len(own))
    county = referendum.limit("county", year, law=rules)
    for i, (code, kind) in enumerate(zip(baseline.codes, baseline.classes, strict=True)):
        room[i] = _rise(own[i], referendum.limit(kind, year, code, law=rules))
        if kind not in SINGLE_TIER:
            room[i] += _rise(above[i], county)
    return room


def _rise(band_d: float, limit: referendum.Limit) -> float:
    if limit.removed or not limit.asc.is_finite() or not limit.pounds.is_finite():
        return float("inf")
    return float(council_tax.band_d_next(band_d, float(limit.percent), float(limit.pounds), float(limit.asc)) - band_d)
