"""``soke assembly answers``: you said, we did, or will not because; from the register alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, print_table, show, tell
from soke.cli.register.shared import REGISTER, day_of, opened
from soke.errors import SokeError
from soke.files import write_whole
from soke.register.book import Book
from soke.register.clock import REHEARSAL
from soke.register.recommendations import Answers, answers_on
from soke.report import answers_page
from soke.report.tables import answers as tables
from soke.table import Answer
from soke.text import day as in_words


def answers(
    register: str = REGISTER,
    deal: str | None = typer.Option(None, "--deal", help="The id of a deal; not needed where there is one only."),
    on: str | None = typer.Option(None, help="As of which day, such as 2027-05-01; else today."),
    panel: str | None = typer.Option(None, "--panel", help="Only what this panel recommended."),
    out: Path | None = typer.Option(None, help="Also write it as a page: an .html file."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Show what was recommended, what was answered, by when it is done, and what is overdue: from the register alone.

    An answer is in time until the end of the day due. What was adopted is done when those who wait for it, or a judge,
    say so. Without --on it is of today; in a rehearsal of the day of its last entry.

    Exit status 0 also where something is overdue: this is a table, not a judgement.

    Example: soke assembly answers gm.db --deal greater-manchester --out you-said.html

    Example: soke assembly answers gm.db --on 2027-05-01 --json
    """
    with opened(register, write=False) as log:
        book, day = Book(log), day_of(log, on)
        name = _named(book, deal)
        state, entries = book.state_on(name, day), book.entries_until(name, day)
    known = answers_on(state, entries, day, panel)
    if as_json or as_csv:
        show(tables.answers(known), as_json=as_json, as_csv=as_csv)
    else:
        _print(known, tables.answers(known))
    if out is not None:
        write_whole(out, answers_page.page(known).encode())
        if not (as_json or as_csv):
            tell(f"Wrote {out}.")


def _named(book: Book, deal: str | None) -> str:
    deals = book.deals()
    if deal is None and len(deals) != 1:
        known = ", ".join(deals) or "none yet"
        raise SokeError("--deal is missing.", f"Name a deal of the register: {known}.")
    return deal if deal is not None else deals[0]


def _print(known: Answers, answer: Answer) -> None:
    """The table, and under it the sentences, each on a line of its own however long."""
    if known.rehearsal:
        tell(REHEARSAL)
    if known.lines:
        print_table(replace(answer.table, notes=()))
        tell("")
    first = known.in_short if known.lines else f"Nothing was recommended by {in_words(known.day)}."
    for sentence in (first, *(known.sentences if known.lines else known.sentences[1:])):
        tell(sentence)
