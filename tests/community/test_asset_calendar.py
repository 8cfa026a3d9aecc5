"""How periods are counted: published cases, hand-made calendars over bank holidays, and what must always hold."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.community.assets.calendar import (
    bank_holidays,
    before,
    is_working_day,
    last_day,
    length,
    next_working_day,
)
from soke.errors import SokeError

D = dt.date
DAYS = st.dates(D(2013, 1, 1), D(2033, 12, 31))
LENGTHS = st.sampled_from(["1 day", "28 days", "6 weeks", "8 weeks", "13 weeks", "6 months", "18 months", "5 years"])

# Worked by hand on a wall calendar, or published.
PERIODS = [
    # Dodds v Walker [1981] 1 WLR 1027: notice on 30 September, four months; 31 January was a day too late.
    (D(1978, 9, 30), "4 months", "after", D(1979, 1, 30)),
    # The judgment of 17 January 2012: three months that begin with it end on 16 April, those after it on the 17th.
    (D(2012, 1, 17), "3 months", "beginning", D(2012, 4, 16)),
    (D(2012, 1, 17), "3 months", "after", D(2012, 4, 17)),
    (D(2026, 8, 31), "6 months", "after", D(2027, 2, 28)),
    (D(2026, 8, 31), "6 months", "beginning", D(2027, 2, 28)),
    (D(2027, 8, 31), "6 months", "after", D(2028, 2, 29)),
    (D(2027, 8, 30), "6 months", "beginning", D(2028, 2, 29)),
    (D(2027, 8, 29), "6 months", "beginning", D(2028, 2, 28)),
    (D(2026, 3, 1), "6 months", "beginning", D(2026, 8, 31)),
    (D(2024, 2, 29), "5 years", "beginning", D(2029, 2, 28)),
    (D(2024, 2, 29), "5 years", "after", D(2029, 2, 28)),
    (D(2026, 1, 1), "5 years", "beginning", D(2030, 12, 31)),
    (D(2026, 1, 5), "8 weeks", "after", D(2026, 3, 2)),
    (D(2026, 1, 5), "8 weeks", "beginning", D(2026, 3, 1)),
    (D(2026, 12, 4), "3 weeks", "after", D(2026, 12, 25)),  # ends on Christmas Day, and does not move
    (D(2026, 7, 6), "8 weeks", "after", D(2026, 8, 31)),  # a bank holiday
    (D(2026, 2, 6), "8 weeks", "after", D(2026, 4, 3)),  # Good Friday
    (D(2026, 8, 31), "6 weeks", "beginning", D(2026, 10, 11)),  # a Sunday
]


@pytest.mark.parametrize(("start", "time", "counts", "end"), PERIODS)
def test_a_period_ends_where_a_calendar_says(start: dt.date, time: str, counts: str, end: dt.date) -> None:
    assert last_day(start, length(time), counts) == end  # type: ignore[arg-type]


ROLLED = [
    (D(2026, 3, 6), D(2026, 4, 7)),  # 28 days end on Good Friday; Easter Monday is the 6th
    (D(2026, 11, 27), D(2026, 12, 29)),  # end on Christmas Day, a Friday; the 28th is in lieu of Boxing Day
    (D(2027, 11, 27), D(2027, 12, 29)),  # a Saturday; the 27th and 28th are both in lieu
    (D(2022, 5, 5), D(2022, 6, 6)),  # the Platinum Jubilee, Thursday and Friday, then a weekend
    (D(2026, 5, 5), D(2026, 6, 2)),  # a Tuesday: stays
]


@pytest.mark.parametrize(("start", "end"), ROLLED)
def test_time_of_a_tribunal_moves_to_the_next_working_day(start: dt.date, end: dt.date) -> None:
    assert last_day(start, length("28 days"), rolls=True) == end


def test_working_days_over_christmas_and_easter() -> None:
    assert last_day(D(2026, 12, 23), length("3 working days")) == D(2026, 12, 30)
    assert last_day(D(2026, 12, 23), length("3 working days"), "beginning") == D(2026, 12, 29)
    assert last_day(D(2026, 4, 2), length("1 working day")) == D(2026, 4, 7)
    assert last_day(D(2026, 4, 4), length("1 working day"), "beginning") == D(2026, 4, 7)


def test_bank_holidays_are_those_of_the_years_that_people_remember() -> None:
    of_2026 = [day for day in bank_holidays() if day.year == 2026]
    assert of_2026 == [D(2026, 1, 1), D(2026, 4, 3), D(2026, 4, 6), D(2026, 5, 4), D(2026, 5, 25), D(2026, 8, 31),
                       D(2026, 12, 25), D(2026, 12, 28)]  # fmt: skip
    for day in (D(2012, 6, 5), D(2020, 5, 8), D(2022, 6, 2), D(2022, 9, 19), D(2023, 5, 8)):
        assert not is_working_day(day)
    assert is_working_day(D(2020, 5, 4)) and is_working_day(D(2022, 5, 30))
    counts = {year: sum(day.year == year for day in bank_holidays()) for year in range(2012, 2036)}
    assert {year for year, count in counts.items() if count != 8} == {2012, 2022, 2023}
    assert counts[2022] == 10


def test_a_year_without_a_table_is_refused() -> None:
    for day in (D(2011, 5, 2), D(2036, 1, 1)):
        with pytest.raises(SokeError, match="bank holidays of"):
            is_working_day(day)


@pytest.mark.parametrize("text", ["", "8", "weeks", "8 fortnights", "0 weeks", "-1 days", "1e400 days", "99999 years",
                                  "8  weeks", "٨ weeks", "2 working weeks"])  # fmt: skip
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(SokeError, match="length of time"):
        length(text)


def test_past_the_last_year_is_a_sentence() -> None:
    with pytest.raises(SokeError, match="past the last year"):
        last_day(D(9999, 6, 1), length("5 years"))
    assert before(D(1, 1, 1), length("6 months")) == dt.date.min


@given(DAYS, st.integers(0, 40), LENGTHS, st.sampled_from(["after", "beginning"]), st.booleans())
def test_a_later_start_never_ends_sooner(start: dt.date, more: int, time: str, counts: str, rolls: bool) -> None:
    later = min(start + dt.timedelta(days=more), D(2033, 12, 31))
    spans = [last_day(one, length(time), counts, rolls=rolls and time != "5 years") for one in (start, later)]  # type: ignore[arg-type]
    assert spans[0] <= spans[1]


@given(DAYS, LENGTHS)
def test_a_period_that_begins_with_a_day_is_the_shorter_by_at_most_one(start: dt.date, time: str) -> None:
    after, beginning = (last_day(start, length(time), counts) for counts in ("after", "beginning"))
    assert start <= beginning <= after <= beginning + dt.timedelta(days=1)


@given(DAYS)
def test_the_next_working_day_is_one_and_none_is_skipped(day: dt.date) -> None:
    found = next_working_day(day)
    assert is_working_day(found)
    assert not any(is_working_day(day + dt.timedelta(days=ahead)) for ahead in range((found - day).days))


@given(DAYS, st.sampled_from(["6 months", "1 year", "30 days", "2 weeks"]))
def test_a_reminder_lies_ahead(day: dt.date, time: str) -> None:
    assert before(day, length(time)) < day
