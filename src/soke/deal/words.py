"""Days and moments as people type them."""

from __future__ import annotations

import datetime as dt
import re

from soke import meant
from soke.errors import SokeError
from soke.text import clean

NOON = "12:00"
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d))?Z?)?", re.ASCII)


def moment(text: str) -> dt.datetime:
    """A time in UTC: ``2026-04-01`` (noon), ``2026-04-01 09:30``, ``2026-04-01T09:30:00Z``. SokeError for all else."""
    match = _MOMENT.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        return dt.datetime.fromisoformat(f"{match[1]}T{match[2] or NOON}:{match[3] or '00'}+00:00")
    except ValueError:
        fix = f"Write it as {_example(text, '2026-04-01')} or 2026-04-01T09:30:00Z; times are UTC."
        raise SokeError(f'"{text[:40]}" is no time.', fix) from None


def on_day(text: str) -> dt.date:
    """A day, ``2026-04-01``. SokeError for all else."""
    day = _day(text)
    if day is None:
        raise SokeError(f'"{text[:40]}" is no day.', f"Write it as {_example(text, '2026-04-01')}.")
    return day


def day_asked(text: str, today: dt.date) -> dt.date:
    """The day of ``--on``, of a year that the calendars of rules follow; ``today`` where none is given. SokeError for
    all else."""
    if not text:
        return today
    day = _day(text)
    if day is None:
        fix = f"Write it as {_example(text, '2026-04-20')}."
        raise SokeError(f"{clean(text[:40])!r} is not a day.", fix, "--on")
    if not 1900 <= day.year <= 2200:
        raise SokeError(f"{day.year} is not a year that this follows.", "Use 1900 to 2200.", "--on")
    return day


def _example(text: str, otherwise: str) -> str:
    """The day that was probably meant, as it is to be written; an example where nothing can be told."""
    day = meant.date(text)
    return day.isoformat() if day else otherwise


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
