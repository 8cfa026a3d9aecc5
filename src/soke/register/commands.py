"""Commands for a register as text: one JSON object a line, from a file or a request, and in order into the log.

What communities decided is handed over in the same form (:func:`handed_over`): their own rooms never write into a
register; its rules decide whether it may be recorded, by whom, and when.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soke.deal.document import LARGEST
from soke.deal.words import moment
from soke.errors import SokeError
from soke.files import read_whole
from soke.register.book import Book, Command
from soke.register.clock import Clock
from soke.register.fields import with_pence
from soke.register.kinds import check_body
from soke.register.storage import Log
from soke.register.terms import with_terms
from soke.register.verify import Refused, read_json

KEYS = {"deal": str, "kind": str, "role": str, "person": str, "body": dict, "id": str, "at": str, "terms": str}
NEEDED = ("deal", "kind", "role", "person")
MOST_COMMANDS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command, and what the register does not hold of it: when (in a rehearsal), the file of its terms, and the line
    that it stands in, of a file of commands."""

    command: Command
    at: dt.datetime | None = None
    terms: Path | None = None
    line: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry that a command made, or had made when it came before."""

    deal: str
    number: int
    again: bool


def record_all(log: Log, orders: Iterable[Order]) -> Iterator[Recorded]:
    """Record commands in their order; each is in the log when it comes out. SokeError for the first that is refused.

    The error names the line of a command that stands in one, and says how many were recorded before it.
    """
    book, clock = Book(log), Clock(log)
    new = before = 0
    for order in orders:
        size = len(log)
        try:
            command = with_terms(order.command, order.terms, log)
            number = book.record(command, clock.now(order.at))
        except SokeError as error:
            if not order.line:
                raise
            said = f"{new} recorded before it" + (f", {before} were there already" if before else "")
            raise SokeError(f"{error.fact} ({said}.)", error.fix, order.line, code=error.code) from None
        new, before = (new, before + 1) if number < size else (new + 1, before)
        yield Recorded(command.deal, number, again=number < size)


def read_orders(path: Path, root: Path) -> list[Order]:
    """The commands of a file, all read before any is recorded; the terms that they name lie under ``root``.

    SokeError names the line of a bad one.
    """
    content = read_whole(path, str(path), LARGEST)
    orders = []
    for number, line in enumerate(content.split(b"\n"), 1):
        if line.strip() and not line.startswith(b"#"):
            where = f"{path}:{number}"
            try:
                orders.append(_order(read_json(line.strip()), root, where))
            except Refused as error:
                raise SokeError(str(error), "Nothing was recorded.", where) from None
    if len(orders) > MOST_COMMANDS:
        fact = f"{len(orders):,} commands are too many for one file."
        raise SokeError(fact, f"{MOST_COMMANDS:,} at most.", str(path), code="too-large")
    return orders


def _order(value: Any, root: Path, where: str) -> Order:
    for fact in _faults(value):
        raise SokeError(fact, "Nothing was recorded.", where)
    try:
        body = with_pence(value["kind"], value.get("body", {}))
        at = moment(value["at"]) if "at" in value else None
    except SokeError as error:
        raise SokeError(error.fact, f"{error.fix} Nothing was recorded.", where) from None
    command = Command(deal=value["deal"], kind=value["kind"], role=value["role"], person=value["person"], body=body,
                      id=value.get("id", ""))  # fmt: skip
    terms = root / value["terms"] if "terms" in value else None
    return Order(command=command, at=at, terms=terms, line=where)


def _faults(value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "A command is an object with deal, kind, role, person and body."
        return
    for name in NEEDED:
        if name not in value:
            yield f'The command has no "{name}".'
    for name, given in value.items():
        if name not in KEYS:
            yield f'A command has no "{name[:40]}": it has {", ".join(KEYS)}.'
        elif not isinstance(given, KEYS[name]):
            yield f'"{name}" of the command is not {"an object" if KEYS[name] is dict else "text"}.'


def handed_over(deal: str, role: str, person: str, acts: Iterable[tuple[str, Mapping[str, Any]]]) -> bytes:
    """``acts`` (kind and body) as a file of commands. SokeError names a field that is not right.

    A command has an id that follows from what it says: handed over twice, it is recorded once.
    """
    lines = []
    for kind, body in acts:
        check_body(kind, body)
        command: dict[str, Any] = {"deal": deal, "kind": kind, "role": role, "person": person, "body": dict(body)}
        spelled = json.dumps([deal, kind, dict(body)], sort_keys=True, ensure_ascii=False)
        command["id"] = hashlib.sha256(spelled.encode()).hexdigest()[:32]
        lines.append(json.dumps(command, ensure_ascii=False) + "\n")
    return "".join(lines).encode()
