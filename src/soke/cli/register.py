"""``soke register``: what its commands share, and ``init``, which opens a register with its key."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from soke.cli.output import clean, say
from soke.errors import SokeError
from soke.register.book import Book, open_book
from soke.register.checkpoint import new_key, write_key
from soke.register.kinds import REGISTER as ABOUT_ITSELF
from soke.register.kinds import check_body
from soke.register.storage import Log

REGISTER = typer.Argument(metavar="REGISTER", help="A register: a file, or a postgresql:// URL.")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d))?Z?)?", re.ASCII)
NOON = "12:00"


def init(
    register: str = REGISTER,
    name: str = typer.Option(help="The name of the register, such as soke.example/greater-manchester."),
    registrar: list[str] = typer.Option(help="Who keeps the register; give it again for each further person."),
    key: Path = typer.Option(help="Where to write the signing key; its public half goes beside it, as KEY.pub."),
    rehearsal: bool = typer.Option(False, "--rehearsal", help="It shows what could be: its users say what time it is."),
    at: str | None = typer.Option(None, help="In a rehearsal: when it is opened, such as 2026-04-01."),
) -> None:
    """Open a register: its first entry names it and who keeps it, and its signing key is made. All, or nothing.

    Example: soke register init gm.db --name soke.example/gm --registrar "Ann Keeper" --key gm.key

    Example: soke register init rehearsal.db --name soke.example/try --registrar Ann --key try.key --rehearsal
    """
    if at is not None and not rehearsal:
        raise SokeError("Only a rehearsal is told what time it is.", "Leave out --at, or add --rehearsal.")
    made, public = new_key(name), Path(f"{key}.pub")
    body: dict[str, Any] = {"name": name, "registrars": registrar, **({"rehearsal": True} if rehearsal else {})}
    check_body("register.opened", body)
    for half in (key, public):
        if half.exists() or half.is_symlink():
            raise SokeError("This file exists, and a key is never overwritten.", "Name a new file.", str(half))
    now = dt.datetime.now(dt.UTC) if at is None else moment(at)
    try:
        write_key(made, key, public)
        with tempfile.TemporaryDirectory(prefix="soke-") as folder, Log.create(Path(folder) / "new.db") as log:
            open_book(log, name, registrar, now, rehearsal=rehearsal)
            log.backup(place(register))  # it appears whole or not at all, in either database
    except BaseException:
        key.unlink(missing_ok=True)
        public.unlink(missing_ok=True)
        raise
    with opened(register, write=False) as log:
        say(f"Opened the register {name} in {log.where}." + (" It is a rehearsal." if rehearsal else ""))
    say(f"Keep {key} secret: who has it can sign for the register. Give {public} to everybody.")


def place(register: str) -> Path | str:
    """Where a register is, as the log takes it."""
    return register if register.startswith(("postgresql://", "postgres://")) else Path(register)


@contextmanager
def opened(register: str, *, write: bool) -> Iterator[Log]:
    with Log.open(place(register), write=write) as log:
        if log.remark:
            say(f"soke: {log.remark}")
        yield log


def moment(text: str) -> dt.datetime:
    """A time as people write it: ``2026-04-01`` (noon), ``2026-04-01 09:30``, ``2026-04-01T09:30:00Z``; in UTC."""
    found = _MOMENT.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        return dt.datetime.fromisoformat(f"{found[1]}T{found[2] or NOON}:{found[3] or '00'}+00:00")
    except ValueError:
        fix = "Write it as 2026-04-01 or 2026-04-01T09:30:00Z; times are UTC."
        raise SokeError(f'"{text[:40]}" is no time.', fix) from None


def on_day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text) if len(text) == len("2026-04-01") else dt.date.fromisoformat("")
    except ValueError:
        raise SokeError(f'"{text[:40]}" is no day.', "Write it as 2026-04-01.") from None


def known_deal(book: Book, deal: str) -> str:
    """The deal, where the register has it. SokeError otherwise, naming those that it has."""
    if deal not in (deals := book.deals()):
        known = ", ".join(deals) or "none yet"
        raise SokeError(f'There is no deal "{clean(deal)[:80]}" in this register.', f"Its deals: {known}.")
    return deal


def head_of(log: Log) -> dict[str, Any] | None:
    """The last entry."""
    found = log.read(len(log) - 2)
    return found[-1] if found else None


def is_rehearsal(log: Log) -> bool:
    first = next(iter(log.read(tags=[f"deal:{ABOUT_ITSELF}"])), None)
    return first is not None and first["kind"] == "register.opened" and first["body"].get("rehearsal") is True
