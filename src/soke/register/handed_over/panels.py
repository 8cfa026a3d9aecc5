"""A panel for the register: that it was drawn, and what it asks of the authority."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from soke.community.asking import Question
from soke.community.assemblies.record import Statement
from soke.errors import SokeError
from soke.register.handed_over.entries import Entry
from soke.register.kinds import check_body

ASKED = "answer.asked"
WRITTEN = {"answer": "id", "question": "text", "due": "due", "community": "community", "panel": "panel"}


def panel_entries(statement: Statement, panel: str, community: str) -> tuple[Entry, ...]:
    """The entry of a panel that was drawn, by its ids in the deal. SokeError for a replacement, or without an id."""
    if statement.round:
        raise SokeError("A panel is recorded once; this is a replacement.", "Leave out --commands.")
    named = {"panel": panel, "community": community}
    for option, text in named.items():
        if not text:
            raise SokeError(f"--{option} is missing.", "With --commands, name the panel and its community.")
    return (("panel.drawn", {**named, "people": statement.size, "pool": statement.pool, "draw": statement.hash}),)


def question_entries(questions: Iterable[Question]) -> tuple[Entry, ...]:
    """An entry for each recommendation that waits for an answer. SokeError with the place in the file where the
    register would not take a field."""
    return tuple((ASKED, _body(question)) for question in questions)


def _body(question: Question) -> dict[str, Any]:
    body: dict[str, Any] = {"answer": question.id, "question": question.text, "due": question.due.isoformat()}
    named = (("community", question.community), ("panel", question.panel))
    body |= {name: value for name, value in named if value}
    for name in body:
        try:
            check_body(ASKED, {"answer": "x", "question": "x", "due": "2026-04-01"} | {name: body[name]})
        except SokeError as error:
            fact = error.fact.replace(f'"{name}" of an entry {ASKED}', f'"{WRITTEN[name]}"')
            raise SokeError(fact, "Correct it.", question.where(WRITTEN[name])) from None
    return body
