"""Five questions from which a first deal is written: where, called what, from when, with which lever, which file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from soke.deal.first_area import first_area
from soke.deal.first_examples import levers_of
from soke.deal.new import first_year, new_deal
from soke.deal.reader import read_framework
from soke.england.places import Places
from soke.errors import SokeError
from soke.files import must_be_new
from soke.text import financial_year, start_year

Value = TypeVar("Value")
# Asks one question, with what is taken where nothing is answered; gives the answer.
Ask = Callable[[str, str], str]
# What to do about an answer that cannot be used: return to ask again, or raise it.
Again = Callable[[SokeError], None]


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered, and the text of the deal."""

    text: str
    out: Path


@dataclass(frozen=True, slots=True)
class Given:
    """What was typed with the command: it is taken where nothing else is answered."""

    places: Sequence[str] = ()
    name: str = ""
    out: Path | None = None


def first_deal_by_questions(ask: Ask, again: Again, places: Places, given: Given) -> Answers:
    """Ask the five questions and write the deal's text; nothing is written to disk. SokeError as :func:`new_deal`."""

    def until_good(question: str, default: str, read: Callable[[str], Value]) -> Value:
        while True:
            answer = ask(question, default).strip() or default
            try:
                return read(answer)
            except SokeError as error:
                again(error)

    def where(answer: str) -> list[str]:
        said = _parts(answer, places)
        first_area(said, given.name or "these places", places)
        return said

    said = until_good(
        "1 of 5. Which place? Several, with semicolons or commas between them", "; ".join(given.places), where
    )
    own = _own_name(said, places)
    area = until_good("2 of 5. What is it called?", given.name or own, lambda text: first_area(said, text, places))
    framework = read_framework("england")
    first = first_year(area, framework)

    def year(answer: str) -> int:
        start = start_year(answer)
        new_deal(said, places, name=area.name, starts=start)
        return start

    start = until_good("3 of 5. In which financial year does it start?", financial_year(first), year)
    choices = (*levers_of(area), "none")
    chosen = until_good(
        f"4 of 5. What does it begin with: {', '.join(choices[:-1])} or {choices[-1]}?", choices[0],
        lambda text: _lever(text, choices),
    )  # fmt: skip
    out = until_good("5 of 5. Which file to write?", str(given.out or f"{area.id}.toml"), _new_file)
    return Answers(new_deal(said, places, name=area.name, starts=start, levers=chosen), out)


def _parts(answer: str, places: Places) -> list[str]:
    """The places of an answer, between semicolons; between commas where that is no one name with commas in it."""
    by = ";"
    if ";" not in answer and "," in answer:
        try:
            first_area([answer], "", places)
        except SokeError:
            by = ","
    return [part.strip() for part in answer.split(by) if part.strip()]


def _own_name(said: Sequence[str], places: Places) -> str:
    """What the places are called anyway; "" of a list that has no name."""
    try:
        return first_area(said, "", places).name
    except SokeError:
        return ""


def _lever(answer: str, choices: Sequence[str]) -> tuple[str, ...]:
    wanted = answer.strip().casefold()
    if wanted not in choices:
        raise SokeError(f"{answer[:40]!r} is none of them.", f"Answer {', '.join(choices[:-1])} or {choices[-1]}.")
    return () if wanted == "none" else (wanted,)


def _new_file(answer: str) -> Path:
    path = Path(answer)
    must_be_new(path)
    return path
