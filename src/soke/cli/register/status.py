"""``soke register status``: the scorecard of a deal, or the deals of a register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, say, show, tell
from soke.cli.register.shared import REGISTER, day_of, opened
from soke.errors import SokeError
from soke.register.book import Book, head_in_words
from soke.register.clock import is_rehearsal
from soke.register.scorecard import scorecard
from soke.report.scorecard import card_lines
from soke.report.tables import scorecard as tables


def status(
    register: str = REGISTER,
    deal: str | None = typer.Argument(None, help="The id of a deal; not needed where there is one only."),
    on: str | None = typer.Option(None, help="As of which day, such as 2027-05-01; else today."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Show how a deal stands: who decides, with whose money, on which conditions, how is it going, what is due.

    Without --on it is of today; in a rehearsal of the day of its last entry. A day in the past is shown as it stood.
    Money is rounded; --json and --csv have it in pence.

    Example: soke register status gm.db

    Example: soke register status gm.db greater-manchester --on 2027-05-01 --json
    """
    with opened(register, write=False) as log:
        book = Book(log)
        day = day_of(log, on)
        deals = [deal] if deal is not None else book.deals()
        if len(deals) != 1:
            _list(book, deals, day, as_json=as_json, as_csv=as_csv)
            return
        found = scorecard(book.state_on(deals[0], day), day)
        head = head_in_words(log)
    if as_json or as_csv:
        show(tables.scorecard(found, head), as_json=as_json, as_csv=as_csv)
        return
    for line in card_lines(found, head):
        tell(" ".join(line.splitlines()), recorded=True)


def _list(book: Book, deals: Sequence[str], day: dt.date, *, as_json: bool, as_csv: bool) -> None:
    """The deals that can be told of; of any other it is said what is wrong with it."""
    cards = []
    for deal in deals:
        try:
            cards.append(scorecard(book.state_on(deal, day), day))
        except SokeError as error:
            say(f"soke: {deal}: {error}")
    show(tables.deals(cards, day, rehearsal=is_rehearsal(book.log)), as_json=as_json, as_csv=as_csv)
    if not deals and not (as_json or as_csv):
        say("There is no deal in this register yet. soke register record REGISTER deal.proposed puts one in.")
