"""``soke register history``: what was recorded, one plain sentence an entry."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, say, show, tell
from soke.cli.register.shared import REGISTER, opened
from soke.register import history as words
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
        show(tables.entries(told, deal, about, rehearsal=rehearsal), as_json=as_json, as_csv=as_csv)
        return
    if rehearsal and told:
        tell(REHEARSAL)
    for line in _lines(told):
        tell(line, recorded=True)
    if not told:
        say(f"No entry is about {' or '.join(about)}." if about else "Nothing is recorded yet.")


def _lines(told: Sequence[Told]) -> Iterator[str]:
    many = len({one.deal for one in told} - {ABOUT_ITSELF}) > 1
    for one in told:
        deal = f"{one.deal}: " if many and one.deal != ABOUT_ITSELF else ""
        text = one_line(f"{deal}{one.sentence} ({one.person}{', registrar' if one.role == 'registrar' else ''})")
        for number, line in enumerate(textwrap.wrap(text, WIDTH - INDENT, break_on_hyphens=False)):
            head = f"{one.number:>5}  {short(one.at.date()):<11}" if number == 0 else ""
            yield f"{head:<{INDENT}}{line}"
