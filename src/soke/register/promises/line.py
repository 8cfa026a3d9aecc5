"""A line of what was promised, and the words that all lines share."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from soke.register.promise import Status
from soke.register.state import GIVERS, DealState
from soke.text import capital, counted
from soke.text import day as in_words

Side = Literal["place", "government"]
SIDES: tuple[Side, ...] = ("place", "government")
WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLine:
    """A promise on a day, or ``many`` of one kind that came to the same: a reader looks for the others.

    ``what`` and ``detail`` are words, with figures in them; ``evidence`` says what shows it, and by whom; ``on`` is the
    day on which it was delivered; ``about`` names the thing in tags of the register, such as ``promise:p1``, and of
    many only their kind.
    """

    side: Side
    what: str
    status: Status
    detail: str
    due: dt.date | None
    on: dt.date | None
    evidence: str
    about: str
    many: int = 1


def side_of(state: DealState, party: str) -> Side:
    """A body that is no party of the deal, such as Parliament, is of the state; heirs are on the side of the party."""
    of_deal = next(filter(None, map(state.deal.party, state.now(party))), None)
    return "government" if of_deal is None or of_deal.role in GIVERS else "place"


def number(count: int, one: str, many: str) -> str:
    """``Ten powers``."""
    return f"{WORDS[count] if count < len(WORDS) else f'{count:,}'} {one if count == 1 else many}"


def when(due: dt.date, on: dt.date | None, day: dt.date) -> str:
    """When it was or is due, and when it came."""
    if on is None:
        return f"Was due by {in_words(due)}." if due < day else f"Due by {in_words(due)}."
    if on <= due:
        return f"On {in_words(on)}."
    return f"On {in_words(on)}, {counted((on - due).days, 'day')} after {in_words(due)}."


def at_the_end(text: str) -> str:
    """As a sentence: a capital before it, and one full stop after it."""
    return f"{capital(text).rstrip('.')}." if text else ""
