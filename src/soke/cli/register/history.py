"""``soke register history``: what was recorded, one plain sentence an entry."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, in_parts, say, show_in_parts, tell
from soke.cli.register.shared import REGISTER, opened
from soke.register import history as words
from soke.register.book import Book
from soke.register.clock import REHEARSAL, is_rehearsal
from soke.register.history import Told
from soke.register.kinds import REGISTER as ABOUT_ITSELF
from soke.report.scorecard import WIDTH, short
from soke.report.tables import register as tables
from soke.text import one_line

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
    with opened(register, write=False) as log:
        rehearsal = is_rehearsal(log)
        told = words.history(log, deal, about, last)
        if as_json or as_csv:
            parts = (tables.entries(part, deal, about, rehearsal=rehearsal) for part in in_parts(told))
            show_in_parts(parts, as_json=as_json, as_csv=as_csv)
            return
        prefixed = deal is None and len(Book(log).deals()) > 1
        first = True
        for line in told:
            if first and rehearsal:
                tell(REHEARSAL)
            first = False
            for text in _lines(line, prefixed):
                tell(text, recorded=True)
    if first:
        say(f"No entry is about {' or '.join(about)}." if about else "Nothing is recorded yet.")


def _lines(line: Told, prefixed: bool) -> Iterator[str]:
    deal = f"{line.deal}: " if prefixed and line.deal != ABOUT_ITSELF else ""
    text = one_line(f"{deal}{line.sentence} ({line.person}{', registrar' if line.role == 'registrar' else ''})")
    for number, part in enumerate(textwrap.wrap(text, WIDTH - INDENT, break_on_hyphens=False)):
        head = f"{line.number:>5}  {short(line.at.date()):<11}" if number == 0 else ""
        yield f"{head:<{INDENT}}{part}"
