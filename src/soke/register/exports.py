"""A register for other programs: tables for spreadsheets, the ledger as plain text, the state of each deal as JSON.

``journal`` is plain-text accounting (hledger, ledger): one transaction for each entry that moves money, and at the end
one that asserts every balance, so that such a program recounts the register's own sums. The accounts of a fund are
``DEAL:FUND:YEAR:USE:ACCOUNT``; what is below zero is the payer's side.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from typing import Any

from soke.deal.condition import Condition
from soke.deal.ladder import Ladder
from soke.deal.types import Deal
from soke.register.adding import sums_of
from soke.register.book import register_name
from soke.register.clock import REHEARSAL, is_rehearsal
from soke.register.ledger import Leg, leg_of
from soke.register.state import DealState
from soke.register.storage import Log
from soke.register.teller import Teller, Told
from soke.spreadsheets import inert
from soke.text import financial_year

ENTRIES = ("number", "at", "deal", "kind", "role", "party", "person", "sentence", "tags", "body", "rehearsal")
BALANCES = ("deal", "fund", "year", "use", "account", "pence", "rehearsal")
CONTENTS = "contents.json"
AT_ONCE = 1_000  # lines that are put together
_UNFIT = re.compile(r"[^a-z0-9-]")
_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_STOPS = re.compile(r"[;|]")  # a journal reads these as the start of a comment or a note


class Part:
    """A file in parts of text, each read once; ``digest``: its SHA-256, when all of it was read."""

    def __init__(self, lines: Iterable[str | bytes]) -> None:
        self._lines, self.digest = lines, ""

    def __iter__(self) -> Iterator[bytes]:
        hashed, coming = hashlib.sha256(), iter(self._lines)
        while lines := list(islice(coming, AT_ONCE)):
            part = b"".join(line if isinstance(line, bytes) else line.encode() for line in lines)
            hashed.update(part)
            yield part
        self.digest = hashed.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """``files`` by name, each to be read once. Then ``contents`` lists them with their SHA-256; it is written last, and
    is there only while they belong together."""

    name: str
    files: Mapping[str, Part]
    head: bytes
    entries: int
    deals: int
    rehearsal: bool

    def contents(self) -> bytes:
        listed = {
            "register": self.name, "rehearsal": self.rehearsal, "entries": self.entries, "head": self.head.hex(),
            "files": {file: part.digest for file, part in self.files.items()},
        }  # fmt: skip
        return json.dumps(listed, indent=1).encode() + b"\n"


def export(log: Log) -> Export:
    """A register as files for other programs, read from it as they are written: a long log is never held as a whole.

    SokeError where an entry breaks a rule: then nothing is exported.
    """
    (size, head), rehearsal, name = log.head(), is_rehearsal(log), register_name(log)

    def entries() -> Iterator[dict[str, Any]]:
        return islice(log.stream(), size)

    states = list(sums_of(entries(), log.entry).deals.values())
    files = {
        "log.jsonl": Part(line + b"\n" for line in islice(log.lines(), size)),
        "entries.csv": Part(entries_table(entries(), rehearsal=rehearsal)),
        "balances.csv": Part(balances_table(states)),
        "ledger.journal": Part(journal(name, entries(), states)),
    }
    for number, state in enumerate(states):
        fit = _UNFIT.sub("-", state.id)
        files[f"deal-{fit if fit == state.id else f'{fit}-{number}'}.json"] = Part([state_json(state)])
    return Export(name=name, files=files, head=head, entries=size, deals=len(states), rehearsal=rehearsal)


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """A CSV file, line by line; nothing in it runs as a formula."""
    for row in chain((columns,), rows):
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\n").writerow([inert(cell) if isinstance(cell, str) else cell for cell in row])
        yield out.getvalue()


def entries_table(entries: Iterable[Mapping[str, Any]], *, rehearsal: bool) -> Iterator[str]:
    """All entries, each in words and as it is."""
    return table(ENTRIES, (
        (line.number, entry["at"], line.deal, line.kind, line.role, line.party, line.person, line.sentence,
         " ".join(entry["tags"]), json.dumps(entry["body"], ensure_ascii=False, sort_keys=True),
         _yes(rehearsal))
        for line, entry in _told(entries)
    ))  # fmt: skip


def _told(entries: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Told, Mapping[str, Any]]]:
    teller = Teller()
    for entry in entries:
        yield teller.tell(entry), entry


def balances_table(states: Iterable[DealState]) -> Iterator[str]:
    """Every account of every fund, in whole pence."""
    return table(BALANCES, (
        (state.id, fund, financial_year(year), use, account, pence, _yes(state.rehearsal))
        for state in states
        for (fund, year, use, account), pence in sorted(state.ledger.balances.items())
    ))  # fmt: skip


def _yes(rehearsal: bool) -> str:
    return "yes" if rehearsal else "no"


# --- plain-text accounting ---


def journal(name: str, entries: Iterable[Mapping[str, Any]], states: Sequence[DealState]) -> Iterator[str]:
    """The ledger of all deals, line by line. Each transaction balances; the last asserts the balances of the states."""
    last = ""
    yield f"; The ledger of the register {_one_line(name)}. The number in brackets is that of the entry.\n"
    if any(state.rehearsal for state in states):
        yield f"; {REHEARSAL}\n"
    yield "commodity GBP 1,000.00\n"
    for line, entry in _told(entries):
        last = entry["at"][:10]
        legs = [leg_of(leg) for leg in entry["body"].get("legs", ())]
        if legs:
            yield f"\n{last} ({line.number}) {_one_line(line.sentence)}\n"
            yield from (f"    {_account(entry['deal'], leg)}  {_pounds(leg.pence)}\n" for leg in legs)
    for state in states:
        balances = sorted(state.ledger.balances.items())
        if balances:
            yield f"\n{last} The balances of {_one_line(state.id)} as the register gives them\n"
            for key, pence in balances:
                yield f"    {_account(state.id, Leg(*key, pence))}  {_pounds(0)} = {_pounds(pence)}\n"


def _account(deal: str, leg: Leg) -> str:
    return ":".join((deal, leg.fund, financial_year(leg.year), leg.use, leg.account))


def _pounds(pence: int) -> str:
    whole, part = divmod(abs(pence), 100)
    return f"GBP {'-' if pence < 0 else ''}{whole}.{part:02d}"


def _one_line(text: str) -> str:
    return _STOPS.sub(",", _LINE.sub(" ", text))


# --- the state of a deal ---


def state_json(state: DealState) -> str:
    """All that the entries of a deal add up to. Money is whole pence, days are text, decimals are text."""
    return json.dumps(_plain(state), ensure_ascii=False, indent=1) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Deal):
        return {"id": value.id, "title": value.title}
    if isinstance(value, Condition):
        return value.id
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(part) for name, part in _fields(value)}
    if isinstance(value, dict):
        if all(isinstance(key, str) for key in value):
            return {key: _plain(item) for key, item in value.items()}
        return [{"of": [_plain(part) for part in key], "is": _plain(item)} for key, item in value.items()]
    if isinstance(value, set | frozenset):
        return sorted(_plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, dt.date) else value


def _fields(value: Any) -> Iterator[tuple[str, Any]]:
    for item in dataclasses.fields(value):
        part = getattr(value, item.name)
        if item.compare and not isinstance(part, Ladder):  # it follows from the deal, whose text is in the register
            yield item.name, part
