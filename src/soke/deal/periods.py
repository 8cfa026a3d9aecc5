"""The periods that an indicator is measured in, by the day on which each ends."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping

from soke.deal.condition import Condition, Indicator
from soke.deal.types import Deal
from soke.errors import SokeError
from soke.text import day

# Months in which a period ends: financial years and their quarters; the academic year of skills funding ends in July.
END_MONTHS: Mapping[str, tuple[int, ...]] = {
    "month": tuple(range(1, 13)), "quarter": (3, 6, 9, 12), "year": (3,), "academic-year": (7,),
}  # fmt: skip


def period_ends(deal: Deal, condition: Condition, indicator: Indicator) -> tuple[dt.date, ...]:
    """The last day of each period that the condition tests, from its first year to the deal's last, in order."""
    first = max(deal.starts, condition.from_year or deal.starts)
    months = ((year, month) for year in range(first, deal.ends + 2) for month in range(1, 13))
    ends = (
        dt.date(year, month, calendar.monthrange(year, month)[1])
        for year, month in months
        if month in END_MONTHS[indicator.period]
    )
    return tuple(end for end in ends if dt.date(first, 4, 1) <= end <= dt.date(deal.ends + 1, 3, 31))


def checked_period(deal: Deal, condition: Condition, indicator: Indicator, period_end: dt.date) -> dt.date:
    """The day, where a period of the condition ends on it. SokeError names those that do."""
    ends = period_ends(deal, condition, indicator)
    if period_end not in ends:
        fact = f'No period of the condition "{condition.id}" ends on {day(period_end)}.'
        near = sorted(ends, key=lambda end: abs(end - period_end))[:3]
        raise SokeError(fact, f"Periods near it end on {', '.join(day(end) for end in sorted(near)) or 'no day'}.")
    return period_end
