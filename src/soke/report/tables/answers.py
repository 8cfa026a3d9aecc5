"""You said, we did: recommendations and answers as tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from soke.community.answers import WORDS, Line
from soke.community.asking import Question
from soke.register.recommendations import Answers
from soke.table import Answer, Cell, Column, Table
from soke.text import day as in_words

LINES = (
    Column("id", "id", people=False),
    Column("state", "state", people=False),
    Column("recommendation", "you said"),
    Column("answer", "we did, or will, or will not because"),
    Column("by_when", "by when"),
    *(
        Column(key, title, people=False)
        for key, title in (
            ("asked_day", "asked on"), ("answer_due_day", "answer due"), ("answered_day", "answered on"),
            ("promised_day", "to be done by"), ("confirmed_day", "confirmed on"), ("confirmed_by", "confirmed by"),
        )
    ),
    Column("days_late", "days late", "count", people=False),
    Column("answered_in_time", "answered in time", people=False),
    Column("stands", "where it stands"),
    Column("community", "community", people=False),
    Column("panel", "panel", people=False),
    Column("asked_by", "asked by", people=False),
    Column("answered_by", "answered by", people=False),
)  # fmt: skip
QUESTIONS = (
    Column("id", "id"),
    Column("answer_due_day", "answer due"),
    Column("community", "community"),
    Column("panel", "panel"),
    Column("recommendation", "recommendation"),
)


def answers(known: Answers) -> Answer:
    """Each recommendation with where it stands; how many in each state as facts, the counts in sentences as notes."""
    caption = f"You said, we did: {known.deal}, as of {in_words(known.day)}"
    table = Table.of("answers", caption, LINES, [_row(line) for line in known.lines], known.in_short, *known.sentences)
    count = known.totals
    facts = {
        "deal": known.deal, "day": known.day.isoformat(), "rehearsal": known.rehearsal, "asked": count.asked,
        "answered": count.answered, "answered_late": count.answered_late, "states": dict(count.states),
    }  # fmt: skip
    return Answer(table, facts)


def _row(line: Line) -> dict[str, Cell]:
    about, answer = line.recommendation, line.recommendation.answer
    return {
        "id": answer.id, "state": WORDS[line.state], "recommendation": about.text, "answer": line.we_said,
        "by_when": in_words(line.by_when) if line.by_when else "",
        "asked_day": _iso(answer.asked), "answer_due_day": _iso(answer.due), "answered_day": _iso(answer.answered),
        "promised_day": _iso(answer.by), "confirmed_day": _iso(answer.done), "confirmed_by": about.confirmed_by,
        "days_late": line.days_late,
        "answered_in_time": None if line.in_time is None else "yes" if line.in_time else "no",
        "stands": line.stands, "community": about.community, "panel": answer.panel, "asked_by": about.asked_by,
        "answered_by": about.answered_by,
    }  # fmt: skip


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def questions(asked: Sequence[Question]) -> Table:
    """What a panel asks of the authority, and by when it is to be answered."""
    rows = [(each.id, each.due.isoformat(), each.community, each.panel, each.text) for each in asked]
    return Table.of("questions", "What is asked", QUESTIONS, rows)
