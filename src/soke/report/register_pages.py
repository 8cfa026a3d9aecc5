"""The pages that stand beside a published register: how each deal stands, and what was recorded.

They speak of the entries that the checkpoint vouches for and of no other, whatever is recorded meanwhile; and they are
written after it, so that at no moment a page claims more than the files beside it show. Of a long log only the newest
entries are read.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice

from soke.errors import SokeError
from soke.register.book import Book
from soke.register.clock import Clock
from soke.register.history import Tellers, Told
from soke.register.kinds import REGISTER
from soke.register.publication import Publication
from soke.register.published import Untold
from soke.register.scorecard import Scorecard, scorecard
from soke.register.storage import Log
from soke.register.verify import read_checkpoint
from soke.report.register_deals import deals_page, empty_page, untold_page
from soke.report.register_history import MOST, history_page
from soke.report.register_parts import HISTORY, STATUS, Vouched
from soke.report.register_status import status_page

NEWEST = 5  # entries on the page of a deal
KEY_LOST = frozenset({"key.reanchored"})  # kinds of entry by which a lost key is replaced
_PLAIN = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}", re.ASCII)


@dataclass(slots=True)
class Newest:
    """The newest entries in words: of all deals, and of each with those about the register itself."""

    all: deque[Told] = field(default_factory=lambda: deque(maxlen=MOST))
    of: dict[str, deque[Told]] = field(default_factory=dict)
    of_register: deque[Told] = field(default_factory=lambda: deque(maxlen=NEWEST))
    key_lost: list[Told] = field(default_factory=list)

    def add(self, one: Told) -> None:
        self.all.append(one)
        if one.kind in KEY_LOST:
            self.key_lost.append(one)
        if one.deal == REGISTER:
            self.of_register.append(one)
        else:
            self.of.setdefault(one.deal, deque(maxlen=NEWEST)).append(one)

    def about(self, deal: str) -> list[Told]:
        both = [*self.of.get(deal, ()), *self.of_register]
        return sorted(both, key=lambda one: one.number)[-NEWEST:]


def register_pages(log: Log, made: Publication) -> Mapping[str, bytes]:
    """The pages of what is ``made`` to be published, by file, in the order in which they must be written: after all
    files of :func:`soke.register.publication.publication`, and what is linked to before what links to it.

    SokeError where an entry cannot be read.
    """
    book = Book(log)
    newest = _newest(book, made.entries)
    vouched = _vouched(made, newest)
    pages = {HISTORY: history_page(list(newest.all), vouched)}
    today = Clock(log).today()
    cards = {deal: _card(book, deal, made.entries, today) for deal in newest.of}
    if len(cards) == 1:
        (deal,) = cards
        return pages | {STATUS: _page(deal, cards[deal], vouched, newest, alone=True)}
    for deal, card in cards.items():
        pages[page_of(deal)] = _page(deal, card, vouched, newest, alone=False)
    listed = [(page_of(deal), card) for deal, card in cards.items()]
    told = list(newest.all)[-NEWEST:]
    return pages | {STATUS: deals_page(listed, vouched, told) if listed else empty_page(vouched, told)}


def _page(deal: str, card: Scorecard | Untold, vouched: Vouched, newest: Newest, *, alone: bool) -> bytes:
    told = newest.about(deal)
    if isinstance(card, Untold):
        return untold_page(card, vouched, told, alone=alone)
    return status_page(card, vouched, told, alone=alone)


def page_of(deal: str) -> str:
    """The file of a deal of several: its id, where no other can have the same name on any disk."""
    if _PLAIN.fullmatch(deal):
        return f"status-{deal}.html"
    plain = re.sub(r"[^a-z0-9]+", "-", deal.lower())[:40].strip("-")
    return f"status-{plain}~{hashlib.sha256(deal.encode('utf-8', 'replace')).hexdigest()[:12]}.html"


def _card(book: Book, deal: str, size: int, today: dt.date) -> Scorecard | Untold:
    """How a deal stands today, or on the day of its last entry where that is later: in a rehearsal each deal has days
    of its own. Or what is wrong with it, where an entry breaks a rule."""
    try:
        state = book.state_after(deal, size)
        return scorecard(state, max(today, state.at.date()) if state.at else today)
    except SokeError as error:
        return Untold(deal, str(error))


def _newest(book: Book, size: int) -> Newest:
    """The newest entries in words: of the log, of each deal and of the register itself; and where a key was lost."""
    log, newest = book.log, Newest()
    wanted = {entry["seq"]: entry for entry in islice(log.stream(size - MOST - 1), MOST) if entry["seq"] < size}
    for deal in (REGISTER, *book.deals()):
        last = [entry for entry in log.last(NEWEST * 10, [f"deal:{deal}"]) if entry["seq"] < size]
        wanted |= {entry["seq"]: entry for entry in last[-NEWEST:] if entry["deal"] == deal}
    for entry in log.stream(tags=[f"deal:{REGISTER}"]):
        if entry["kind"] in KEY_LOST and entry["seq"] < size:
            wanted[entry["seq"]] = entry
    for line in Tellers(log).tell_all([wanted[number] for number in sorted(wanted)]):
        newest.add(line)
    return newest


def _vouched(made: Publication, newest: Newest) -> Vouched:
    checkpoint = read_checkpoint(made.checkpoint)
    last = newest.all[-1].at.date() if newest.all else dt.date.min
    first = newest.all[0].number if newest.all else 0
    return Vouched(register=made.name, rehearsal=made.rehearsal, entries=made.entries, root=checkpoint.root, last=last,
                   key=made.key, cosigned=made.cosigned, key_lost=tuple(newest.key_lost), first_told=first)  # fmt: skip
