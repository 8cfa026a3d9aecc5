"""``soke register history``: what was recorded, one plain sentence an entry."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, emit, say
from soke.cli.register.card import WIDTH, short
from soke.cli.register.init import REGISTER, REHEARSAL, is_rehearsal, known_deal, opened
from soke.errors import SokeError
from soke.register.book import Book
from soke.register.history import Told, told
from soke.register.kinds import REGISTER as ABOUT_ITSELF
from soke.register.kinds import THINGS
from soke.table import Cell
from soke.text import one_line

COLUMNS = tuple(
    Column(key, key) for key in ("number", "at", "deal", "kind", "role", "party", "person", "sentence", "rehearsal")
)
INDENT = 20


def history(
    register: str = REGISTER,
    deal: str | None = typer.Argument(None, help="The id of a deal; else all deals."),
    about: list[str] = typer.Option([], help="Only what is about a thing: fund:ID, power:ID, condition:ID, matter:ID."),
    last: int = typer.Option(0, min=0, help="Only the last so many entries."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Tell what was recorded: one plain sentence an entry, with its number, its day and the person who recorded it.

    Example: soke register history gm.db greater-manchester --about matter:m1

    Example: soke register history gm.db --csv
    """
    for thing in about:
        kind, colon, named = thing.partition(":")
        if not colon or not named or kind not in THINGS:
            raise SokeError(f'"{thing[:60]}" names no thing of a deal.', f"Write KIND:ID: {_either(THINGS)}.")
    with opened(register, write=False) as log:
        rehearsal = is_rehearsal(log)
        if deal is not None:
            known_deal(Book(log), deal)
        entries = log.read(tags=[f"deal:{deal}", f"deal:{ABOUT_ITSELF}"] if deal else [])
        found = list(told(entries, deal or "", about))
    found = found[-last:] if last else found
    if as_json or as_csv:
        emit([_row(one, rehearsal) for one in found], COLUMNS, as_json=as_json, as_csv=as_csv,
             extra={"rehearsal": rehearsal, "deal": deal, "about": about})  # fmt: skip
        return
    many = len({one.deal for one in found} - {ABOUT_ITSELF}) > 1
    if rehearsal and found:
        typer.echo(REHEARSAL)
    for one in found:
        for line in _lines(one, many):
            typer.echo(line)
    if not found:
        say(f"No entry is about {' or '.join(about)}." if about else "Nothing is recorded yet.")


def _either(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _lines(one: Told, many: bool) -> Iterator[str]:
    deal = f"{one.deal}: " if many and one.deal != ABOUT_ITSELF else ""
    text = one_line(f"{deal}{one.sentence} ({one.person}{', registrar' if one.role == 'registrar' else ''})")
    lines = textwrap.wrap(text, WIDTH - INDENT, break_on_hyphens=False)
    for number, line in enumerate(lines):
        head = f"{one.number:>5}  {short(one.at.date()):<11}" if number == 0 else ""
        yield f"{head:<{INDENT}}{line}"


def _row(one: Told, rehearsal: bool) -> dict[str, Cell]:
    return {
        "number": one.number, "at": f"{one.at:%Y-%m-%dT%H:%M:%SZ}", "deal": one.deal, "kind": one.kind,
        "role": one.role, "party": one.party, "person": one.person, "sentence": one.sentence,
        "rehearsal": "yes" if rehearsal else "no",
    }  # fmt: skip
