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
from typing import Any

from soke.deal.condition import Condition
from soke.deal.ladder import Ladder
from soke.deal.types import Deal
from soke.register.clock import REHEARSAL, is_rehearsal
from soke.register.history import Told
from soke.register.history import told as tell
from soke.register.kinds import REGISTER
from soke.register.ledger import Leg, leg_of
from soke.register.meaning import state_of
from soke.register.state import DealState
from soke.register.storage import Log
from soke.spreadsheets import inert
from soke.text import financial_year

ENTRIES = ("number", "at", "deal", "kind", "role", "party", "person", "sentence", "tags", "body", "rehearsal")
BALANCES = ("deal", "fund", "year", "use", "account", "pence", "rehearsal")
CONTENTS = "contents.json"
_UNFIT = re.compile(r"[^a-z0-9-]")
_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_STOPS = re.compile(r"[;|]")  # a journal reads these as the start of a comment or a note


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """``files`` by name; ``contents`` lists them with their SHA-256, and is there only while they belong together."""

    files: Mapping[str, bytes]
    contents: bytes
    entries: int
    deals: int
    rehearsal: bool


def export(log: Log) -> Export:
    """A register as files for other programs. SokeError where an entry breaks a rule: then nothing is exported."""
    lines, rehearsal = list(log.lines()), is_rehearsal(log)
    entries = log.read()[: len(lines)]
    head = log.tree().root(len(lines))
    deals = list(dict.fromkeys(entry["deal"] for entry in entries if entry["deal"] != REGISTER))
    states = [state_of(deal, entries) for deal in deals]
    told = list(tell(entries))
    name = next((str(entry["body"].get("name", "")) for entry in entries), "")
    files = {
        "log.jsonl": b"".join(line + b"\n" for line in lines),
        "entries.csv": entries_table(told, entries, rehearsal=rehearsal).encode(),
        "balances.csv": balances_table(states).encode(),
        "ledger.journal": journal(name, told, entries, states).encode(),
    }
    for number, state in enumerate(states):
        fit = _UNFIT.sub("-", state.id)
        files[f"deal-{fit if fit == state.id else f'{fit}-{number}'}.json"] = state_json(state).encode()
    listed = {
        "register": name, "rehearsal": rehearsal, "entries": len(entries), "head": head.hex(),
        "files": {file: hashlib.sha256(content).hexdigest() for file, content in files.items()},
    }  # fmt: skip
    contents = json.dumps(listed, indent=1).encode() + b"\n"
    return Export(files=files, contents=contents, entries=len(entries), deals=len(states), rehearsal=rehearsal)


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A CSV file; nothing in it runs as a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([inert(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue()


def entries_table(told: Iterable[Told], entries: Iterable[Mapping[str, Any]], *, rehearsal: bool) -> str:
    """All entries, each in words and as it is."""
    return table(ENTRIES, (
        (line.number, entry["at"], line.deal, line.kind, line.role, line.party, line.person, line.sentence,
         " ".join(entry["tags"]), json.dumps(entry["body"], ensure_ascii=False, sort_keys=True),
         _yes(rehearsal))
        for line, entry in zip(told, entries, strict=True)
    ))  # fmt: skip


def balances_table(states: Iterable[DealState]) -> str:
    """Every account of every fund, in whole pence."""
    return table(BALANCES, (
        (state.id, fund, financial_year(year), use, account, pence, _yes(state.rehearsal))
        for state in states
        for (fund, year, use, account), pence in sorted(state.ledger.balances.items())
    ))  # fmt: skip


def _yes(rehearsal: bool) -> str:
    return "yes" if rehearsal else "no"


# --- plain-text accounting ---


def journal(name: str, told: Iterable[Told], entries: Sequence[Mapping[str, Any]], states: Iterable[DealState]) -> str:
    """The ledger of all deals. Each transaction balances; the last asserts the balances of the states."""
    states = list(states)
    last = entries[-1]["at"][:10] if entries else ""
    parts = [f"; The ledger of the register {_one_line(name)}. The number in brackets is that of the entry.",
             *([f"; {REHEARSAL}"] if any(state.rehearsal for state in states) else []),
             "commodity GBP 1,000.00", ""]  # fmt: skip
    for line, entry in zip(told, entries, strict=True):
        legs = [leg_of(leg) for leg in entry["body"].get("legs", ())]
        if legs:
            parts.append(f"{entry['at'][:10]} ({line.number}) {_one_line(line.sentence)}")
            parts += [f"    {_account(entry['deal'], leg)}  {_pounds(leg.pence)}" for leg in legs]
            parts.append("")
    for state in states:
        balances = sorted(state.ledger.balances.items())
        if balances:
            parts.append(f"{last} The balances of {_one_line(state.id)} as the register gives them")
            parts += [f"    {_account(state.id, Leg(*key, pence))}  {_pounds(0)} = {_pounds(pence)}"
                      for key, pence in balances]  # fmt: skip
            parts.append("")
    return "\n".join(parts)


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
