"""How well the rule of the base year would have done: every account carried on and held against the next ones.

Each year from 2009-10 is carried one or more years on by what the United Kingdom turned out to be, every line by its
own or every line by its side's total, and the gap that follows is held against the published one. So the test is of
the rule, not of a forecast of the United Kingdom.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from soke.england.baseline import Floats
from soke.england.places import places
from soke.errors import SokeError
from soke.model.accounts.outlook import PUBLISHED, ratios, uk_lines
from soke.model.accounts.regional import line_specs, regional
from soke.model.accounts.types import Side

FIRST = 2009  # FYE2010: the accounts before it are of a smaller state and a world before the crash
Known = Literal["lines", "totals"]


@dataclass(frozen=True, slots=True)
class BackTest:
    """Root mean squares of carried less published gap, GBP million, over ``steps`` carries and the nine regions.

    ``flips``: how many of ``signs`` gaps of regions came out on the wrong side of nought.
    """

    known: Known
    years_on: int
    steps: int
    england: float
    region: float
    flips: int
    signs: int


@cache
def back_test(known: Known = "totals", years_on: int = 1) -> BackTest:
    """Carry every account from 2009-10 on, where an account ``years_on`` later is published. SokeError without one."""
    starts = range(FIRST, PUBLISHED - years_on + 1)
    if years_on < 1 or not starts:
        raise SokeError(f"No account can be carried {years_on} years on.", f"Ask for 1 to {PUBLISHED - FIRST}.")
    pairs = [(_carried(year, year + years_on, known), _gaps(year + years_on)) for year in starts]
    then, now = (np.array(values) for values in zip(*pairs, strict=True))
    return BackTest(
        known=known, years_on=years_on, steps=len(pairs), england=_rms(then.sum(axis=1) - now.sum(axis=1)),
        region=_rms(then - now), flips=int(((then > 0) != (now > 0)).sum()), signs=now.size,
    )  # fmt: skip


def _rms(errors: Floats) -> float:
    return float(np.sqrt(np.mean(np.square(errors))))


@cache
def _regions(year: int) -> Floats:
    """(line, region) of the published accounts, GBP million: spending up, revenue down, so that sums are gaps."""
    codes = [place.code for place in places().of_kind("region")]
    return np.array(
        [
            [regional(code, spec, year) * (-1.0 if spec.side == "revenue" else 1.0) for code in codes]
            for spec in line_specs()
        ]
    )


def _gaps(year: int) -> Floats:
    return np.asarray(_regions(year).sum(axis=0))


def _carried(year: int, later: int, known: Known) -> Floats:
    """(region,) the gaps of ``later`` as they follow from the account of ``year`` and the UK's lines or totals."""
    sides: dict[str, Side] = {spec.id: spec.side for spec in line_specs()}
    before, after = uk_lines(year), uk_lines(later)
    totals: dict[Side, float] = {}
    for name, side in sides.items():
        totals[side] = totals.get(side, 0.0) + after[name]
    by = ratios(before, sides, after, {}) if known == "lines" else ratios(before, sides, {}, totals)
    return np.asarray(_regions(year).T @ np.array([by[name] for name in sides]))
