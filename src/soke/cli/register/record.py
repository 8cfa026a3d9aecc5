"""``soke register record``: what a person wants recorded, one entry or a file of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, emit, say
from soke.cli.register.fields import body_of, with_pence
from soke.cli.register.init import REGISTER, head_of, is_rehearsal, moment, opened
from soke.cli.register.terms import LARGEST as LARGEST_FILE
from soke.cli.register.terms import with_terms
from soke.errors import SokeError
from soke.files import read_whole
from soke.register.book import Book, Command
from soke.register.history import Teller
from soke.register.kinds import KINDS, Kind
from soke.register.verify import Refused, read_json
from soke.text import one_line

COLUMNS = (Column("kind", "kind"), Column("who", "who may"), Column("fields", "fields"), Column("may", "may have"))
KEYS = {"deal": str, "kind": str, "role": str, "person": str, "body": dict, "id": str, "at": str, "terms": str}
NEEDED = ("deal", "kind", "role", "person")
MOST_COMMANDS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A command, and what the register does not hold of it: when (in a rehearsal), the file of its terms, its line."""

    command: Command
    at: dt.datetime | None = None
    terms: Path | None = None
    line: str = ""


def record(
    register: str = REGISTER,
    kind: str | None = typer.Argument(None, help="The kind of entry, such as fund.paid; --kinds lists them."),
    deal: str | None = typer.Option(None, help="The id of the deal."),
    role: str | None = typer.Option(None, "--as", help="In which role: the id of a party, or registrar."),
    person: str | None = typer.Option(None, "--by", help="Who records it: a person who acts for that party."),
    settings: list[str] = typer.Option([], "--set", help="A field: name=value. pounds=1,234.56 stands for pence."),
    body: Path | None = typer.Option(None, help="A JSON file with the fields."),
    terms: Path | None = typer.Option(None, help="For deal.proposed: the deal file. It must check without errors."),
    id: str = typer.Option("", help="An id of the command: sent again, it is recorded once."),
    at: str | None = typer.Option(None, help="In a rehearsal: when, such as 2026-04-01 or 2026-04-01T09:30:00Z."),
    file: Path | None = typer.Option(None, "--file", help="Many commands, one JSON object a line."),
    root: Path | None = typer.Option(None, help="Where the terms named in --file lie; else beside it."),
    quiet: bool = typer.Option(False, "--quiet", help="Do not print each entry."),
    kinds: bool = typer.Option(False, "--kinds", help="List the kinds of entry and who may record them."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Record what was done, as one entry or as a file of commands. What a rule of the deal forbids is refused.

    A command in a file is an object with deal, kind, role, person, body; it may have an id, in a rehearsal a time (at),
    and for deal.proposed the path of a deal file (terms). They are recorded in order, until one is refused.

    Exit status 0 recorded (or recorded before), 2 refused: a sentence says why, and nothing of it is written.

    Example: soke register record gm.db fund.paid --deal greater-manchester --as mhclg --by "Min Smith"
    --set fund=growth-and-place --set year=2026-27 --set use=revenue --set pounds=15,000,000

    Example: soke register record gm.db --file commands.jsonl
    """
    if kinds:
        emit(kind_rows(), COLUMNS, as_json=as_json, as_csv=as_csv, title="Kinds of entry")
        return
    if file is not None:
        if any((kind, deal, role, person, settings, body, terms, id, at)):
            raise SokeError("--file brings its commands with it.", "Leave out the kind and the other options.")
        commands = read_commands(file, root or file.parent)
    else:
        given = {"KIND": kind, "--deal": deal, "--as": role, "--by": person}
        missing = [name for name, value in given.items() if not value]
        if missing:
            raise SokeError(f"{missing[0]} is missing.", "soke register record --help shows an example.")
        fields = body_of(str(kind), settings, body)
        one = Command(deal=str(deal), kind=str(kind), role=str(role), person=str(person), body=fields, id=id)
        commands = [Asked(command=one, at=moment(at) if at else None, terms=terms)]
    _record_all(register, commands, quiet=quiet, of_file=file)


def _record_all(register: str, commands: list[Asked], *, quiet: bool, of_file: Path | None) -> None:
    new = before = 0
    with opened(register, write=True) as log:
        book, clock, tellers = Book(log), _Clock(log), _Tellers(log)
        for asked in commands:
            size = len(log)
            try:
                command = with_terms(asked.command, asked.terms, log)
                seq = book.record(command, clock.of(asked.at))
            except SokeError as error:
                if of_file is None:
                    raise
                said = f"{new} recorded before it" + (f", {before} were there already" if before else "")
                raise SokeError(f"{error.fact} ({said}.)", error.fix, asked.line) from None
            new, before = (new, before + 1) if seq < size else (new + 1, before)
            if not quiet:
                (entry,) = (one for one in log.read(seq - 1, [f"deal:{command.deal}"]) if one["seq"] == seq)
                typer.echo(one_line(tellers.line(entry, again=seq < size)))
            if seq >= size:
                clock.now_at(log)
    if of_file is not None:
        say(f"{new} recorded." + (f" {before} were there already." if before else ""))


class _Clock:
    """The machine's, which nobody may set; in a rehearsal, what its users say, and else the time of the last entry."""

    def __init__(self, log: Any) -> None:
        self._rehearsal = is_rehearsal(log)
        self.now_at(log)

    def now_at(self, log: Any) -> None:
        if self._rehearsal:
            head = head_of(log)
            self._last = moment(head["at"]) if head else None

    def of(self, asked: dt.datetime | None) -> dt.datetime:
        if asked is not None and not self._rehearsal:
            fact = "Only a rehearsal is told what time it is: this register takes the time from the machine's clock."
            raise SokeError(fact, "Leave out the time; or make a register with --rehearsal.")
        return asked or (self._last if self._rehearsal and self._last else dt.datetime.now(dt.UTC))


class _Tellers:
    """Entries in words, with the names that earlier entries of their deal brought."""

    def __init__(self, log: Any) -> None:
        self._log = log
        self._tellers: dict[str, tuple[Teller, int]] = {}

    def line(self, entry: Mapping[str, Any], *, again: bool) -> str:
        teller, told = self._tellers.get(entry["deal"], (Teller(), -1))
        one = None
        for before in self._log.read(told, [f"deal:{entry['deal']}"]):
            if before["seq"] <= entry["seq"]:
                one = teller.tell(before)
                told = before["seq"]
        one = one or teller.tell(entry)
        self._tellers[entry["deal"]] = (teller, told)
        head = f"Entry {one.number}" + (", recorded before" if again else "")
        return f"{head}, {one.at.day} {one.at:%B %Y}: {one.sentence}"


def kind_rows() -> list[dict[str, str | float | int | None]]:
    """The vocabulary of the register, one row a kind; without the fields that the software works out."""
    return [
        {"kind": kind.name, "who": kind.who, "fields": _asked_for(kind, kind.needed),
         "may": _asked_for(kind, kind.optional)}
        for kind in KINDS.values()
    ]  # fmt: skip


def _asked_for(kind: Kind, fields: Mapping[str, str]) -> str:
    return ", ".join(name for name in fields if name not in kind.worked_out)


# --- a file of commands ---


def read_commands(path: Path, root: Path) -> list[Asked]:
    """The commands of a file, all read before any is recorded. SokeError names the line of a bad one."""
    content = read_whole(path, str(path), LARGEST_FILE)
    found = []
    for number, line in enumerate(content.split(b"\n"), 1):
        if line.strip() and not line.startswith(b"#"):
            where = f"{path}:{number}"
            try:
                found.append(_command(read_json(line.strip()), root, where))
            except Refused as error:
                raise SokeError(str(error), "Nothing was recorded.", where) from None
    if len(found) > MOST_COMMANDS:
        raise SokeError(f"{len(found):,} commands are too many for one file.", f"{MOST_COMMANDS:,} at most.", str(path))
    return found


def _command(value: Any, root: Path, where: str) -> Asked:
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
    return Asked(command=command, at=at, terms=terms, line=where)


def _faults(value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield "A command is an object with deal, kind, role, person and body."
        return
    for name in NEEDED:
        if name not in value:
            yield f'The command has no "{name}".'
    for name, found in value.items():
        if name not in KEYS:
            yield f'A command has no "{name[:40]}": it has {", ".join(KEYS)}.'
        elif not isinstance(found, KEYS[name]):
            yield f'"{name}" of the command is not {"an object" if KEYS[name] is dict else "text"}.'
