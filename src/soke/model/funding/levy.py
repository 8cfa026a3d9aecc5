"""The levy on growth in business rates: one rate for each authority to 2025-26, graduated bands from 2026-27.

With R the retained income, F the baseline funding level of the year, B the business rates baseline:

    single rate   LR   = min(cap, max(0, 1 - F0 / B0))            F0, B0 at the reset or last revaluation
                  levy = LR max(0, R - F)
    graduated     levy = sum over bands k of  rate_k (min(R, bound_k+1 F) - bound_k F)+

A top-up authority (F0 above B0) has rate nought. Both are nought up to the baseline, so no authority pays the levy and
receives the safety net in one year. Whether the law takes the bounds from F or from B is not read; here it is F.

Law: SI 2013/737; the rate was struck again for the revaluation of 2017 (regulation 6(2B)) and from April 2021
(SI 2022/189).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.model.funding.dated import Rules, rules

_BOUND = re.compile(r"levy\.band\.\d\.bound")


@dataclass(frozen=True, slots=True)
class Schedule:
    """Marginal rates by band. Band k runs from ``bounds[k]`` times the baseline to the next bound; the last is open.

    SokeError where a bound or a rate is missing, bounds do not rise from 1 or above, or a rate is not from 0 to 1.
    """

    bounds: tuple[float, ...]
    rates: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.bounds) != len(self.rates) or not self.bounds:
            raise SokeError(
                f"A levy schedule has {len(self.bounds)} bounds and {len(self.rates)} rates.",
                "Give each band the multiple of the baseline where it starts, and its rate.",
            )
        if not self.bounds[0] >= 1 or any(not low < high for low, high in pairwise(self.bounds)):
            said = ", ".join(f"{bound:g}" for bound in self.bounds)
            raise SokeError(
                f"The bands of the levy start at {said} times the baseline.",
                "Let them start at 1 or above, each above the one before: below its baseline nobody pays.",
            )
        for rate in self.rates:
            if not 0 <= rate <= 1:
                raise SokeError(f"A levy rate is {rate:g}.", "Give a share between 0 and 1.")


def schedule(year: int, held: Rules | None = None) -> Schedule:
    """The graduated levy of a year. SokeError for a year without one, such as any before 2026-27."""
    table = held or rules()
    bands = [name.removesuffix(".bound") for name in sorted(table.rows) if _BOUND.fullmatch(name)]
    return Schedule(
        tuple(table.value(f"{band}.bound", year) for band in bands),
        tuple(table.value(f"{band}.rate", year) for band in bands),
    )


def levy_rate(baseline_funding: Floats, rates_baseline: Floats, cap: float) -> Floats:
    """The single rate of each authority, 0 to ``cap``, from both baselines at the reset: GBP million, (..., authority).

    Nought where there is no rates baseline (an authority that collects nothing has no growth to levy).
    """
    shape = np.broadcast_shapes(np.shape(baseline_funding), np.shape(rates_baseline))
    tariff = np.subtract(rates_baseline, baseline_funding)
    share = np.divide(tariff, rates_baseline, out=np.zeros(shape), where=(tariff > 0) & np.greater(rates_baseline, 0.0))
    return np.asarray(np.minimum(share, cap))


def single_rate(income: Floats, baseline_funding: Floats, rate: Floats | float) -> Floats:
    """The levy by one rate, GBP million. ``income`` (..., authority) retained, after tariff or top-up."""
    return np.asarray(rate * np.maximum(np.subtract(income, baseline_funding), 0.0))


def graduated(income: Floats, baseline: Floats, bands: Schedule) -> Floats:
    """The graduated levy, GBP million. ``income`` (..., authority) retained; ``baseline``: the funding level."""
    # Each bound adds the rise of the marginal rate there: the same sum as by band, with one pass a bound.
    total: Floats | None = None
    before = 0.0
    for bound, rate in zip(bands.bounds, bands.rates, strict=True):
        above = np.asarray(np.subtract(income, np.multiply(baseline, bound)))
        if total is not None and not above.max(initial=0.0) > 0:  # nobody has grown into this band, nor a higher one
            break
        above = np.maximum(above, 0.0, out=above) if above.ndim else np.maximum(above, 0.0)
        above *= rate - before
        total = above if total is None else np.add(total, above, out=total) if total.ndim else total + above
        before = rate
    return np.asarray(total)
