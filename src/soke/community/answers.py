"""You said, we did: each recommendation, the answer to it, what was promised by when, and where that stands on a day.

A day due is kept on the day itself; from the next day it is overdue. What was adopted without a day by which it is done
is neither overdue nor in time, and is counted for itself. Whether answers came in time is counted by
:func:`soke.deal.counts.answers_in_time`, the same count that tests the condition of a deal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from soke.deal.counts import Answer, Count, Records, Window, answers_in_time
from soke.text import day as in_words

State = Literal["unanswered", "not-done", "no-day", "waiting", "doing", "done", "refused"]
ORDER: tuple[State, ...] = ("unanswered", "not-done", "no-day", "waiting", "doing", "done", "refused")
WORDS: dict[State, str] = {
    "unanswered": "no answer, overdue", "not-done": "promised, overdue", "no-day": "adopted, no day given",
    "waiting": "answer awaited",
    "doing": "to be done", "done": "done", "refused": "will not be done",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """What was asked, ``text``, and who recorded each step, by name; empty where nobody has."""

    answer: Answer
    text: str
    community: str = ""
    asked_by: str = ""
    answered_by: str = ""
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table. ``days_late``: of the answer, or of what was promised, as ``state`` says; 0 in time.

    ``in_time``: whether the answer came by the day due; None where that day is not past yet.
    """

    recommendation: Recommendation
    state: State
    we_said: str
    by_when: dt.date | None
    stands: str
    days_late: int
    in_time: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many were asked, and in which state each is; ``answered_late`` of those answered."""

    asked: int
    answered: int
    answered_late: int
    states: dict[State, int]


def state_of(answer: Answer, day: dt.date) -> State:
    if answer.answered is None:
        return "unanswered" if answer.due < day else "waiting"
    if not answer.adopted:
        return "refused"
    if answer.done is not None:
        return "done"
    if answer.by is None:
        return "no-day"
    return "not-done" if answer.by < day else "doing"


def line(made: Recommendation, day: dt.date) -> Line:
    """A recommendation as it stands on a day. What is recorded after the day must not be in it."""
    answer, state = made.answer, state_of(made.answer, day)
    late = _late(answer, state, day)
    answered_late = max((answer.answered - answer.due).days, 0) if answer.answered else 0
    past = answer.due < day
    stands = _stands(made, state, late)
    if answered_late:
        stands += f" It was answered {days(answered_late)} late."
    return Line(
        recommendation=made, state=state, we_said=_we_said(answer, state), stands=stands, days_late=late,
        by_when=answer.by if answer.adopted else answer.due if answer.answered is None else None,
        in_time=(answer.answered is not None and not answered_late) if past else None,
    )  # fmt: skip


def _late(answer: Answer, state: State, day: dt.date) -> int:
    if state == "unanswered":
        return (day - answer.due).days
    if answer.by is None or state not in ("not-done", "done"):
        return 0
    return max(((answer.done or day) - answer.by).days, 0)


def _we_said(answer: Answer, state: State) -> str:
    if answer.answered is None:
        return "No answer yet."
    head = {"done": "We did: ", "refused": "We will not, because: "}.get(state, "We will: ")
    return head + answer.said


def _stands(made: Recommendation, state: State, late: int) -> str:
    answer = made.answer
    if state == "unanswered":
        return f"No answer: {days(late)} overdue."
    if state == "waiting":
        return f"An answer is due by {in_words(answer.due)}."
    if state == "refused":
        return "Not adopted; the reason is given."
    if state == "done" and answer.done is not None:
        who = f" by {made.confirmed_by}" if made.confirmed_by else ""
        after = f", {days(late)} after the day promised" if late else ""
        return f"Done: confirmed{who} on {in_words(answer.done)}{after}."
    if state == "not-done":
        return f"Adopted, and not confirmed as done: {days(late)} overdue."
    if state == "no-day":
        return "Adopted; no day was given by which it is done."
    return "Adopted; to be done in time."


def lines(every: Iterable[Recommendation], day: dt.date) -> tuple[Line, ...]:
    """Every recommendation, those first that wait longest for what is overdue, then by the day due."""
    made = [line(each, day) for each in every]
    return tuple(sorted(made, key=lambda each: (ORDER.index(each.state), -each.days_late, _day(each), _id(each))))


def _day(each: Line) -> dt.date:
    return each.by_when or each.recommendation.answer.answered or each.recommendation.answer.due


def _id(each: Line) -> str:
    return each.recommendation.answer.id


def totals(table: Sequence[Line]) -> Totals:
    answers = [each.recommendation.answer for each in table]
    return Totals(
        asked=len(table), answered=sum(answer.answered is not None for answer in answers),
        answered_late=sum(answer.answered is not None and answer.answered > answer.due for answer in answers),
        states={state: sum(each.state == state for each in table) for state in ORDER},
    )  # fmt: skip


def in_time(every: Iterable[Recommendation], day: dt.date) -> Count:
    """Of all that had to be answered before a day, how many were answered by the day due."""
    records = Records(answers=tuple(each.answer for each in every))
    return answers_in_time(records, Window(first=dt.date.min, last=dt.date.max), day)


def told(count: Count, day: dt.date) -> str:
    """The count in a sentence, with the ids of those that were not answered in time."""
    if not count.asked:
        return f"No recommendation had to be answered before {in_words(day)}."
    were = f"{recommendations(count.asked)} had to be answered before {in_words(day)}; {count.done:,} of them"
    said = f"{were} {'was' if count.done == 1 else 'were'} answered in time"
    return f"{said}." if not count.failed else f"{said}, and not: {', '.join(count.failed)}."


def headline(counted: Totals) -> str:
    """``9 recommendations: 7 answered, 3 done, 1 refused with a reason; 2 overdue; 1 adopted, no day given.``"""
    no_day = f"; {counted.states['no-day']:,} {WORDS['no-day']}" if counted.states["no-day"] else ""
    late = counted.states["unanswered"] + counted.states["not-done"]
    return (
        f"{recommendations(counted.asked)}: {counted.answered:,} answered, {counted.states['done']:,} done,"
        f" {counted.states['refused']:,} refused with a reason; {late:,} overdue{no_day}."
    )


def recommendations(count: int) -> str:
    return f"{count:,} recommendation{'' if count == 1 else 's'}"


def days(count: int) -> str:
    return f"{count:,} day{'' if count == 1 else 's'}"
