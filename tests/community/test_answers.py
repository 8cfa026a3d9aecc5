"""Answers to recommendations: each stands in one way on any day, and the totals are those of the deal's own count."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soke.community.answers import ORDER, Recommendation, headline, in_time, line, lines, state_of, told, totals
from soke.deal.counts import Answer
from soke.register.recommendations import Answers
from soke.report import answers_page

START = dt.date(2026, 4, 1)


def on(days: int) -> dt.date:
    return START + dt.timedelta(days)


def asked(**more: object) -> Answer:
    return dataclasses.replace(Answer(id="a", due=on(30), asked=START), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("answer", "day", "state", "late"), [
    (asked(), 30, "waiting", 0),
    (asked(), 31, "unanswered", 1),
    (asked(answered=on(5), said="No."), 31, "refused", 0),
    (asked(answered=on(5), adopted=True), 3_650, "no-day", 0),
    (asked(answered=on(5), adopted=True, by=on(60)), 60, "doing", 0),
    (asked(answered=on(5), adopted=True, by=on(60)), 61, "not-done", 1),
    (asked(answered=on(5), adopted=True, by=on(60), done=on(60)), 99, "done", 0),
    (asked(answered=on(5), adopted=True, by=on(60), done=on(70)), 99, "done", 10),
    (asked(answered=on(5), adopted=True, done=on(70)), 99, "done", 0),
])  # fmt: skip
def test_each_stands_in_one_way(answer: Answer, day: int, state: str, late: int) -> None:
    found = line(Recommendation(answer=answer, text="More buses."), on(day))
    assert (found.state, found.days_late) == (state, late)


def test_an_answer_on_the_day_is_in_time_and_one_after_it_is_not() -> None:
    made = [Recommendation(answer=asked(answered=on(day)), text="More buses.") for day in (30, 31)]
    assert [line(one, on(40)).in_time for one in made] == [True, False]
    assert "It was answered 1 day late." in line(made[1], on(40)).stands
    assert line(made[0], on(30)).in_time is None


def test_adopted_without_a_day_is_counted_for_itself() -> None:
    found = lines([Recommendation(answer=asked(answered=on(5), adopted=True, said="Soon."), text="Buses.")], on(3_650))
    said = headline(totals(found))
    assert said == "1 recommendation: 1 answered, 0 done, 0 refused with a reason; 0 overdue; 1 adopted, no day given."
    page = answers_page.page(
        Answers(
            deal="d", title="A deal", day=on(3_650), rehearsal=False, lines=found, totals=totals(found), in_short=said,
            sentences=(),
        )
    )  # fmt: skip
    assert "1 recommendation, nothing overdue; 1 adopted, no day given" in page
    assert "Adopted, no day given (1)" in page
    assert "in time (" not in page


def test_what_is_told_of_none_and_of_one() -> None:
    assert told(in_time([], on(40)), on(40)) == "No recommendation had to be answered before 11 May 2026."
    one = [Recommendation(answer=asked(answered=on(3)), text="More buses.")]
    assert told(in_time(one, on(40)), on(40)) == (
        "1 recommendation had to be answered before 11 May 2026; 1 of them was answered in time."
    )


@st.composite
def recorded(draw: st.DrawFn) -> list[Recommendation]:
    made = []
    for k in range(draw(st.integers(0, 8))):
        answered = draw(st.none() | st.integers(0, 90))
        adopted = answered is not None and draw(st.booleans())
        by = draw(st.none() | st.integers(0, 150)) if adopted else None
        done = draw(st.none() | st.integers(answered or 0, 150)) if adopted else None
        answer = Answer(
            id=f"r{k}", due=on(draw(st.integers(1, 90))), asked=START, adopted=adopted,
            answered=None if answered is None else on(answered),
            by=None if by is None else on(by), done=None if done is None else on(done),
        )  # fmt: skip
        made.append(Recommendation(answer=answer, text="More buses."))
    return made


@settings(max_examples=80, deadline=None)
@given(recorded(), st.integers(151, 200))
def test_the_lines_and_the_count_of_the_deal_agree(made: list[Recommendation], day: int) -> None:
    found, count = lines(made, on(day)), in_time(made, on(day))
    judged = [one for one in found if one.in_time is not None]
    assert (count.done, count.asked) == (sum(bool(one.in_time) for one in judged), len(judged))
    assert set(count.failed) == {one.recommendation.answer.id for one in judged if not one.in_time}
    assert sum(totals(found).states.values()) == len(made)
    assert [ORDER.index(one.state) for one in found] == sorted(ORDER.index(one.state) for one in found)
    for one in found:
        assert one.state == state_of(one.recommendation.answer, on(day))
        assert (one.days_late > 0) or one.state not in ("unanswered", "not-done")
