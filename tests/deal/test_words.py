"""Days and moments as people type them: one day is one day, and what is none is a sentence."""

from __future__ import annotations

import datetime as dt

import pytest

from soke.deal.words import day_asked, moment, on_day
from soke.errors import SokeError

TODAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-04-01", "2026-04-01T12:00:00+00:00"),
        (" 2026-04-01 09:30 ", "2026-04-01T09:30:00+00:00"),
        ("2026-04-01T09:30:59Z", "2026-04-01T09:30:59+00:00"),
    ],
)
def test_a_moment_is_in_utc_and_a_day_alone_is_noon(text: str, iso: str) -> None:
    assert moment(text).isoformat() == iso


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "2026-04-01T25:00", "2026-04-01+01:00", "٢٠٢٦-04-01"])
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(SokeError, match="is no time"):
        moment(text)


@pytest.mark.parametrize(
    "text", ["1 May", "20260401", "2026-W14-3", "2026-02-30", "2026-4-1", "2026-04-01\n", "٢٠٢٦-04-01"]
)
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(SokeError, match="is no day"):
        on_day(text)
    with pytest.raises(SokeError, match="is not a day"):
        day_asked(text, TODAY)


def test_the_day_asked_for_is_today_where_none_is_named() -> None:
    assert day_asked("", TODAY) == TODAY
    assert day_asked("2026-04-20", TODAY) == on_day("2026-04-20") == dt.date(2026, 4, 20)
    for text in ("1899-12-31", "2201-01-01"):
        with pytest.raises(SokeError, match="not a year that this follows"):
            day_asked(text, TODAY)
