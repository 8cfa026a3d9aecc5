"""How likely a place that goes on as at its start is to miss each condition, and what drives that chance.

Nothing here is a forecast of effort: the place stays at its starting level, and what moves is luck. Per draw, the true
level is drawn first, since the starting figure was itself lucky or unlucky; the rest is exact:

    figure    level ~ N(start, noise / sqrt 2);  a test ~ N(level, noise / sqrt 2);  noise is that of a change
    count     rate ~ Beta(start x cases + 1/2, (1 - start) x cases + 1/2);  successes ~ Binomial(cases, rate)
    notices   P(a notice within the months that must be clean) = 1 - exp(-rate x months / 12)

Years are independent given the level, so that "missed at least once by then" is the mean over draws of
1 - product (1 - chance of the year). Published figures are not tied to what the model projects of the place. A late
report (overdue), excuses and revisions are acts of people and are not drawn. The prospect of recall prevents no miss
unless the scenario assumes so (``deterrence``), and then only where there is a recall.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import numpy as np
import scipy  # its special functions are loaded when first asked for: the workers of a run need none

from soke.deal.chance import unknown, whole_cases
from soke.deal.evaluation import window
from soke.deal.periods import END_MONTHS, period_ends
from soke.deal.states import Bounds, bounds
from soke.deal.types import Condition, Deal, Indicator
from soke.england.baseline import Floats, Grade
from soke.errors import SokeError
from soke.evidence import Parameter
from soke.evidence.side_draws import drawn, uniforms
from soke.text import year_of

Basis = Literal["figure", "count", "notices", "not-known"]
NOTICES = "recall.notices"  # the one parameter of the evidence that this draws on
_TAILS = (0.1, 0.9)
Bands = tuple[Floats, Floats]  # (draw,) chance to meet one test, and chance not to miss it


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """How likely a place that goes on as at its start is to miss one condition, by year of the deal.

    ``basis`` says what chance works through; where it is ``not-known`` the arrays hold no number (NaN) and ``why`` says
    what is missing. A year in which the condition is not tested yet holds no number either. ``met``, ``near`` and
    ``missed`` sum to one; ``ever``: missed at least once by the end of that year. ``low`` and ``high``: 10th and 90th
    percentile of ``missed`` over what the usual level may truly be.
    """

    condition: str
    basis: Basis
    why: str
    grade: Grade
    met: Floats  # (year,), as are the others
    near: Floats
    missed: Floats
    ever: Floats
    low: Floats
    high: Floats


def risks(
    deal: Deal, years: Sequence[int], draws: int, seed: int, evidence: Mapping[str, Parameter], deterrence: float = 0.0
) -> tuple[Risk, ...]:
    """The risk of every condition of a deal over ``years``, in the deal's order."""
    declared = {indicator.id: indicator for indicator in deal.indicators}
    by_condition = []
    for condition in deal.conditions:
        indicator = declared.get(condition.indicator or "")
        prevented = deterrence if condition.recall else 0.0
        if condition.none_in_last_months is not None and condition.indicator is None:
            rate = drawn(evidence[NOTICES], draws, seed) * (1.0 - prevented)
            by_condition.append(_notices(deal, condition, years, rate, evidence[NOTICES]))
        elif indicator is None or unknown(condition, indicator):
            by_condition.append(_not_known(condition, indicator, years))
        else:
            by_condition.append(
                _tested(deal, condition, indicator, years, uniforms(_key(indicator), draws, seed), prevented)
            )
    return tuple(by_condition)


def _key(indicator: Indicator) -> str:
    """Conditions on one indicator share its level."""
    return f"indicator.{indicator.id}"


def _not_known(condition: Condition, indicator: Indicator | None, years: Sequence[int]) -> Risk:
    nothing = np.full(len(years), np.nan)
    return Risk(
        condition=condition.id, basis="not-known", why=f"Not known: {unknown(condition, indicator)}.",
        grade=(indicator or condition).held_as, met=nothing, near=nothing, missed=nothing, ever=nothing, low=nothing,
        high=nothing,
    )  # fmt: skip


def _tested(
    deal: Deal, condition: Condition, indicator: Indicator, years: Sequence[int], u: Floats, prevented: float
) -> Risk:
    turns, start = bounds(condition), float(indicator.baseline_value or 0)
    assert turns is not None and indicator.baseline_value is not None  # else it is not known
    basis: Basis
    if indicator.usual_cases is not None:
        basis, cases = "count", indicator.usual_cases
        met, held = counted(turns, cases, scipy.special.betaincinv(start * cases + 0.5, (1.0 - start) * cases + 0.5, u))
        why = f"{cases:,} cases in a window, of which {start:.0%} usually succeed; each is luck at that rate."
    else:
        assert indicator.yearly_noise is not None
        basis, own = "figure", float(indicator.yearly_noise) / np.sqrt(2.0)
        met, held = measured(turns, start + own * scipy.special.ndtri(u), own)
        said = f"{indicator.baseline_value:,f} {indicator.unit}"
        why = f"The figure stays about {said}, and changes by {indicator.yearly_noise:,f} from year to year by luck."
    met, held = met + prevented * (1.0 - held), held + prevented * (1.0 - held)
    return _yearly(condition.id, basis, why, indicator, (met, held), _tests(deal, condition, indicator, years))


def measured(turns: Bounds, level: Floats, noise: float) -> Bands:
    """The bands of a figure that is normal about each ``level`` with standard deviation ``noise``."""

    def within(low: Decimal | None, high: Decimal | None) -> Floats:
        above = np.ones_like(level) if high is None else scipy.special.ndtr((float(high) - level) / noise)
        below = np.zeros_like(level) if low is None else scipy.special.ndtr((float(low) - level) / noise)
        return np.asarray(np.clip(above - below, 0.0, 1.0))

    return within(turns.met_low, turns.met_high), within(turns.near_low, turns.near_high)


def counted(turns: Bounds, cases: int, rate: Floats) -> Bands:
    """The bands of a share of so many cases, each of which succeeds at ``rate``."""

    def within(least: int, most: int) -> Floats:
        if most < least:
            return np.zeros_like(rate)
        below = scipy.special.bdtr(least - 1, cases, rate) if least > 0 else 0.0
        return np.asarray(np.clip(scipy.special.bdtr(most, cases, rate) - below, 0.0, 1.0))

    met, near = whole_cases(turns, cases)
    return within(*met), within(*near)


def _tests(deal: Deal, condition: Condition, indicator: Indicator, years: Sequence[int]) -> list[int]:
    """How many tests fall in each year. Windows longer than a period overlap, and count as one test a year."""
    ends = period_ends(deal, condition, indicator)
    tests = [sum(year_of(end) == year for end in ends) for year in years]
    if indicator.usual_cases is None or not ends:
        return tests
    return [min(number, 1) for number in tests] if _overlaps(condition, indicator, ends[-1]) else tests


def _overlaps(condition: Condition, indicator: Indicator, end: dt.date) -> bool:
    """Whether a test looks back over more than one period; a window in words that are no span of time is taken to."""
    try:
        covered = window(condition, indicator, end)
    except SokeError:
        return True
    return (covered.last - covered.first).days > 31 * (12 // len(END_MONTHS[indicator.period]))


def _yearly(condition: str, basis: Basis, why: str, indicator: Indicator, bands: Bands, tests: Sequence[int]) -> Risk:
    """The worst of a year's tests counts: missed where any is, near where none is missed and one is near."""
    met, held = bands
    rows, never = [], np.ones_like(met)
    for number in tests:
        all_met, all_held = met**number, held**number
        never = never * all_held
        low, high = np.quantile(1.0 - all_held, _TAILS)
        means = (all_met.mean(), (all_held - all_met).mean(), (1.0 - all_held).mean(), (1.0 - never).mean())
        rows.append((*means, low, high) if number else (np.nan,) * 6)
    columns = np.array(rows, dtype=np.float64).reshape(len(tests), 6).T
    return Risk(
        condition=condition, basis=basis, why=why, grade=indicator.held_as, met=columns[0], near=columns[1],
        missed=columns[2], ever=columns[3], low=columns[4], high=columns[5],
    )  # fmt: skip


def _notices(deal: Deal, condition: Condition, years: Sequence[int], rate: Floats, row: Parameter) -> Risk:
    """Tested at the end of each year, on the months before it."""
    span = (condition.none_in_last_months or 0) / 12.0
    after = np.array(years, dtype=np.float64) - max(deal.starts, condition.from_year or deal.starts)
    after[after < 0] = np.nan
    once, tested = -np.expm1(-rate * span), 0.0 * after + 1.0
    low, high = np.quantile(once, _TAILS)
    ever = -np.expm1(-rate[:, None] * (after + span)).mean(axis=0)
    return Risk(
        condition=condition.id, basis="notices", grade=row.grade, met=tested * (1.0 - once.mean()), near=0.0 * tested,
        missed=tested * once.mean(), ever=ever, low=tested * low, high=tested * high,
        why=f"{row.meaning}: {row.central:g} ({row.low:g} to {row.high:g}). Nothing here is of this place.",
    )  # fmt: skip
