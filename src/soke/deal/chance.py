"""The chance that a place with no real change misses a condition: luck alone, from what the indicator says of itself.

A published figure is taken to be normal about its baseline, with the indicator's yearly noise as standard deviation
(the noise is that of a change, so the baseline's own luck is in it):

    chance of a miss = P(figure below at_least less the tolerance, or above at_most plus it)

A share that is counted is binomial: the usual cases of a window, each of which succeeds at the baseline rate. Both are
worked out with the very bounds at which the state of a condition turns. What an indicator does not say is not known.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from statistics import NormalDist

from soke.deal.condition import Condition, Indicator
from soke.deal.states import Bounds, bounds

MOST_CASES = 100_000  # beyond that, chance has no say in a share


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """Of one test; they sum to one."""

    met: float
    near: float
    missed: float


def unknown(condition: Condition, indicator: Indicator | None) -> str:
    """What is not said, so that no chance can be worked out; empty where all is said."""
    if bounds(condition) is None:
        return "it has no threshold"
    if indicator is None:
        return "it tests no indicator of the deal"
    if indicator.baseline_value is None:
        return "no starting figure is given"
    if indicator.usual_cases is None and indicator.yearly_noise is None:
        counted = indicator.collection == "register-count"
        return "how many cases are usual is not given" if counted else "how much it varies by chance is not given"
    return "" if sound(indicator) else "what is given of its noise cannot be"


def sound(indicator: Indicator) -> bool:
    """Whether what an indicator says of its noise can be (DC211)."""
    return not noise_faults(indicator)


def noise_faults(indicator: Indicator) -> list[tuple[str, str]]:
    """What cannot be in what an indicator says of its noise, each with its key."""
    found = []
    if indicator.yearly_noise is not None and indicator.yearly_noise <= 0:
        found.append(("yearly_noise", f"a yearly noise of {indicator.yearly_noise}"))
    if indicator.usual_cases is not None:
        if not 1 <= indicator.usual_cases <= MOST_CASES:
            found.append(("usual_cases", f"{indicator.usual_cases:,} usual cases"))
        if indicator.baseline_value is not None and not 0 <= indicator.baseline_value <= 1:
            found.append(("baseline_value", f"a rate of {indicator.baseline_value} of its cases"))
    return found


def by_luck(condition: Condition, indicator: Indicator) -> Chances | None:
    """What one test comes to where nothing real changes; None where it is not known."""
    turns, start = bounds(condition), indicator.baseline_value
    if turns is None or start is None or unknown(condition, indicator):
        return None
    if indicator.usual_cases is not None:
        return _counted(turns, float(start), indicator.usual_cases)
    assert indicator.yearly_noise is not None
    return _measured(turns, NormalDist(float(start), float(indicator.yearly_noise)))


def whole_cases(turns: Bounds, cases: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """The least and most successes, of so many cases, that meet a condition, and that do not miss it."""

    def least(share: Decimal | None) -> int:
        return 0 if share is None else max(0, int((share * cases).to_integral_value(ROUND_CEILING)))

    def most(share: Decimal | None) -> int:
        return cases if share is None else min(cases, int((share * cases).to_integral_value(ROUND_FLOOR)))

    return (least(turns.met_low), most(turns.met_high)), (least(turns.near_low), most(turns.near_high))


def _measured(turns: Bounds, figure: NormalDist) -> Chances:
    def within(low: Decimal | None, high: Decimal | None) -> float:
        above = 1.0 if high is None else figure.cdf(float(high))
        return max(0.0, above - (0.0 if low is None else figure.cdf(float(low))))

    return _chances(within(turns.met_low, turns.met_high), within(turns.near_low, turns.near_high))


def _counted(turns: Bounds, rate: float, cases: int) -> Chances:
    met, near = whole_cases(turns, cases)
    return _chances(_binomial(met, rate, cases), _binomial(near, rate, cases))


def _chances(met: float, not_missed: float) -> Chances:
    met, not_missed = min(met, 1.0), min(not_missed, 1.0)
    return Chances(met=met, near=max(0.0, not_missed - met), missed=max(0.0, 1.0 - not_missed))


def _binomial(between: tuple[int, int], rate: float, cases: int) -> float:
    """P(first <= successes <= last), summed term by term."""
    first, last = between
    if rate in (0.0, 1.0):
        return float(first <= rate * cases <= last)
    whole = math.lgamma(cases + 1)
    return math.fsum(
        math.exp(
            whole - math.lgamma(k + 1) - math.lgamma(cases - k + 1)
            + k * math.log(rate) + (cases - k) * math.log1p(-rate)
        )
        for k in range(first, last + 1)
    )  # fmt: skip
