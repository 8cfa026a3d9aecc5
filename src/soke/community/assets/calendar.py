"""How English law counts days, weeks, months and years.

**After an event.** "Within eight weeks of receiving the nomination": the day of the event is left out (Lester v
Garland (1808) 15 Ves Jun 248). A week is seven days. A month is a calendar month (Interpretation Act 1978, Schedule
1) and ends on the corresponding date, the day of the same number; where the last month has no such day, on its last
day (Dodds v Walker [1981] 1 WLR 1027: notice on 30 September, four months end on 30 January).

**Beginning with a day.** "The six months beginning with the date on which the authority received the notice": that
day counts (Trow v Ind Coope [1967] 2 QB 899), so the period ends one day sooner.

**Days that are not working days.** Nothing moves a date unless the rule says so. The clocks of the Localism Act run
in calendar days and end on a Sunday or on Christmas Day as on any other. Time limits of the First-tier Tribunal that
end on such a day are kept by acting on the next working day (SI 2009/1976, rule 12).

Bank holidays of England and Wales are in ``bank_holidays.csv``: the days in lieu that are not at a weekend, under the
Banking and Financial Dealings Act 1971, Schedule 1, common law (Good Friday, Christmas Day) and proclamations. Years
ahead follow the rule; a proclamation may add a day.
"""

from __future__ import annotations

import calendar
import csv
import datetime as dt
import io
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from soke.errors import SokeError
from soke.text import day as said

Counts = Literal["after", "beginning"]
MOST = {"days": 40_000, "weeks": 5_000, "months": 1_200, "years": 150}
_LENGTH = re.compile(r"(\d{1,5}) (working days?|days?|weeks?|months?|years?)", re.ASCII)
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Length:
    """So many days, weeks, months or years; ``working`` where only working days count (then the unit is days)."""

    number: int
    unit: Literal["days", "weeks", "months", "years"]
    working: bool = False

    def __str__(self) -> str:
        unit = self.unit if self.number != 1 else self.unit[:-1]
        return f"{self.number} {'working ' if self.working else ''}{unit}"


@cache
def length(text: str) -> Length:
    """``"8 weeks"``, ``"18 months"``, ``"20 working days"``. SokeError for anything else, and for no time at all."""
    match = _LENGTH.fullmatch(text)
    fix = 'Write a number and a unit, as "8 weeks", "6 months", "5 years", "28 days" or "20 working days".'
    if not match:
        raise SokeError(f'"{text[:40]}" is no length of time.', fix)
    number, unit = int(match[1]), match[2].removeprefix("working ").removesuffix("s") + "s"
    if not 0 < number <= MOST[unit]:
        raise SokeError(f'"{text[:40]}" is not a length of time that a rule has.', f"Use 1 to {MOST[unit]:,} {unit}.")
    return Length(number, unit, "working" in match[2])  # type: ignore[arg-type]


def last_day(start: dt.date, time: Length, counts: Counts = "after", *, rolls: bool = False) -> dt.date:
    """The last day of a period that starts by an event on ``start``. SokeError past the calendar or the table.

    ``counts``: whether the day itself is left out ("after") or is the first ("beginning"). ``rolls``: the period ends
    on the next working day where its last day is none.
    """
    try:
        last = _last(start, time, counts)
        return next_working_day(last) if rolls else last
    except (OverflowError, ValueError):
        fact = f"{time} from {said(start)} is past the last year of the calendar."
        raise SokeError(fact, "Correct the day or the length.") from None


def _last(start: dt.date, time: Length, counts: Counts) -> dt.date:
    if time.working:
        first = start if counts == "beginning" else start + ONE_DAY
        return _working_days(first, time.number)
    if time.unit in ("months", "years"):
        ahead = time.number * (12 if time.unit == "years" else 1)
        return _corresponding(start, ahead, counts)
    days = time.number * (7 if time.unit == "weeks" else 1)
    return start + dt.timedelta(days=days - (counts == "beginning"))


def _corresponding(start: dt.date, months: int, counts: Counts) -> dt.date:
    """The corresponding date so many months on or back; the day before it for a period that begins with ``start``."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    longest = calendar.monthrange(year, month + 1)[1]
    if start.day > longest:
        return dt.date(year, month + 1, longest)
    return dt.date(year, month + 1, start.day) - (ONE_DAY if counts == "beginning" else dt.timedelta())


def before(end: dt.date, time: Length) -> dt.date:
    """The day that lies ``time`` before ``end``: when a reminder is given. Months go to the corresponding date."""
    try:
        if time.unit in ("months", "years"):
            return _corresponding(end, -time.number * (12 if time.unit == "years" else 1), "after")
        return end - dt.timedelta(days=time.number * (7 if time.unit == "weeks" else 1))
    except (OverflowError, ValueError):
        return dt.date.min


@cache
def bank_holidays() -> dict[dt.date, str]:
    """Bank holidays of England and Wales that are not at a weekend, by day."""
    table = files(__package__).joinpath("bank_holidays.csv").read_text(encoding="utf-8")
    return {dt.date.fromisoformat(row["day"]): row["name"] for row in csv.DictReader(io.StringIO(table))}


def is_working_day(date: dt.date) -> bool:
    """Not a Saturday, a Sunday or a bank holiday. SokeError for a year of which no bank holidays are known."""
    known = bank_holidays()
    first, last = min(known).year, max(known).year
    if not first <= date.year <= last:
        fact = f"The bank holidays of {date.year} are not known here: the table runs from {first} to {last}."
        raise SokeError(fact, "Check the day, or count it by hand.")
    return date.weekday() < 5 and date not in known


def next_working_day(date: dt.date) -> dt.date:
    """The day itself if it is a working day, else the first one after it."""
    while not is_working_day(date):
        date += ONE_DAY
    return date


def _working_days(first: dt.date, number: int) -> dt.date:
    """The last of ``number`` working days, counted from ``first`` on."""
    date = next_working_day(first)
    for _ in range(number - 1):
        date = next_working_day(date + ONE_DAY)
    return date
