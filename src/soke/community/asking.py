"""A short file of recommendations, as a panel hands it over: each with an id, a text and a day for the answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

from soke.community.toml_file import LARGEST, table_or_error
from soke.deal.located import Located
from soke.errors import SokeError
from soke.files import read_whole

LABEL = "The file of recommendations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Located):
    """One recommendation. ``due``: by when it is to be answered. ``panel`` and ``community`` are ids of the deal."""

    id: str
    text: str
    due: dt.date
    panel: str = ""
    community: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsFile(Located):
    """``panel`` and ``community`` at the head of the file hold for each that does not name its own."""

    recommendation: tuple[Question, ...]
    panel: str = ""
    community: str = ""


def read_questions(path: Path) -> tuple[Question, ...]:
    """The recommendations of a file, with what its head says. SokeError with the place of the first fault."""
    asked = table_or_error(QuestionsFile, read_whole(path, str(path), LARGEST), str(path), LABEL)
    if not asked.recommendation:
        fix = "Write [[recommendation]] with id, text and due."
        raise SokeError("The file holds no recommendation.", fix, asked.at)
    seen: dict[str, Question] = {}
    for question in asked.recommendation:
        if question.id in seen:
            fix = f"It is that of line {seen[question.id].at.line} too: give each its own."
            raise SokeError(f'The id "{question.id}" is there twice.', fix, question.where("id"))
        if not question.text.strip():
            fix = "Write what the panel recommends in text."
            raise SokeError(f'"{question.id}" says nothing.', fix, question.where("text"))
        seen[question.id] = replace(
            question, text=question.text.strip(), panel=question.panel or asked.panel,
            community=question.community or asked.community,
            keys={name: asked.where(name) for name in ("panel", "community")} | dict(question.keys),
        )  # fmt: skip
    return tuple(seen.values())
