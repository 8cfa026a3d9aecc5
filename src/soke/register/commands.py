"""Commands for a register as text: one JSON object a line, from a file or a request, and in order into the log.

What communities decided is handed over in the same form (:func:`handed_over`): their own rooms never write into a
register; its rules decide whether it may be recorded, by whom, and when.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soke.deal.document import LARGEST
from soke.deal.words import moment
from soke.errors import SokeError
from soke.files import read_whole
from soke.register.book import Book, Command, Recorded, Timed, stands_alone
from soke.register.clock import Clock
from soke.register.fields import with_pence
from soke.register.kinds import check_body
from soke.register.storage import Log
from soke.register.terms import with_terms
from soke.register.verify import Refused, read_json

KEYS = {"deal": str, "kind": str, "role": str, "person": str, "body": dict, "id": str, "at": str, "terms": str}
NEEDED = ("deal", "kind", "role", "person")
MOST_COMMANDS = 100_000
TOGETHER = 200  # commands that are written in one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command, and what the register does not hold of it: when (in a rehearsal), the file of its terms, and the line
    that it stands in, of a file of commands."""

    command: Command
    at: dt.datetime | None = None
    terms: Path | None = None
    line: str = ""


def record_all(log: Log, orders: Iterable[Order], today: dt.date | None = None) -> Iterator[Recorded]:
    """Record commands in their order; each is in the log when it comes out. SokeError for the first that is refused.

    They are written up to :data:`TOGETHER` at a time. The error names the line of a command that stands in one, and
    says how many were recorded before it. ``today``: the day, said by who records, where the last entry is long past.
    """
    book, clock, waiting = Book(log), Clock(log), list(orders)[::-1]
    count: Counter[bool] = Counter()
    while waiting:
        group = _taken(waiting, log, clock, today)
        done, refusal = book.record_together([timed for _, timed in group.commands])
        for recorded in done:
            count[recorded.again] += 1
            yield recorded
        line = group.commands[len(done)][0] if refusal is not None else group.line
        error = refusal or group.refusal
        if error is not None and line:
            said = f"{count[False]} recorded before it"
            said += f", {count[True]} were there already" if count[True] else ""
            raise SokeError(f"{error.fact} ({said}.)", error.fix, line, code=error.code) from None
        if error is not None:
            raise error


@dataclass(slots=True)
class _Taken:
    """Commands that are written together, each with its line; and the one after them that could not be made."""

    commands: list[tuple[str, Timed]]
    line: str = ""
    refusal: SokeError | None = None


def _taken(waiting: list[Order], log: Log, clock: Clock, today: dt.date | None) -> _Taken:
    """The next of those that wait (the last first), as many as may be written together."""
    taken = _Taken([])
    while waiting and len(taken.commands) < TOGETHER:
        order = waiting[-1]
        alone = stands_alone(order.command)
        if alone and taken.commands:
            break
        waiting.pop()
        try:
            command = with_terms(order.command, order.terms, log)
            stands = taken.commands[-1][1].now if taken.commands and clock.rehearsal else None
            now = stands if stands is not None and order.at is None else clock.now(order.at)
        except SokeError as error:
            taken.line, taken.refusal = order.line, error
            break
        taken.commands.append((order.line, Timed(command, now, today)))
        if alone:
            break
    return taken


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
                orders.append(_order(read_json(line.strip()), root, where, number))
            except Refused as error:
                raise SokeError(str(error), "Nothing was recorded.", where) from None
    if len(orders) > MOST_COMMANDS:
        fact = f"{len(orders):,} commands are too many for one file."
        raise SokeError(fact, f"{MOST_COMMANDS:,} at most.", str(path), code="too-large")
    return orders


def _order(value: Any, root: Path, where: str, number: int) -> Order:
    for fact in _faults(value):
        raise SokeError(fact, "Nothing was recorded.", where)
    try:
        body = with_pence(value["kind"], value.get("body", {}))
        at = moment(value["at"]) if "at" in value else None
    except SokeError as error:
        raise SokeError(error.fact, f"{error.fix} Nothing was recorded.", where) from None
    command = Command(deal=value["deal"], kind=value["kind"], role=value["role"], person=value["person"], body=body,
                      id=value.get("id", "") or derived_id(value, number))  # fmt: skip
    terms = root / value["terms"] if "terms" in value else None
    return Order(command=command, at=at, terms=terms, line=where)


def derived_id(value: Mapping[str, Any], number: int) -> str:
    """The id of a command of a file that gives none: it follows from what it says and from its line, so that the same
    file sent again records nothing twice. A line that is meant anew gives an id of its own."""
    spelled = json.dumps([number, value], sort_keys=True, ensure_ascii=False)
    return f"line-{hashlib.sha256(spelled.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


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
