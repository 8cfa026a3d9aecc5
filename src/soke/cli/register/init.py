"""``soke register``: what its commands share, and ``init``, which opens a register with its key."""

from __future__ import annotations

import datetime as dt
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import typer

from soke.cli.output import say
from soke.errors import SokeError
from soke.register.book import Book, open_book
from soke.register.checkpoint import (
    SigningKey,
    new_key,
    read_signing_key,
    read_verifier_key,
    write_public_half,
    write_secret_half,
)
from soke.register.database import Taken
from soke.register.kinds import REGISTER as ABOUT_ITSELF
from soke.register.kinds import check_body
from soke.register.storage import Log
from soke.text import clean

REGISTER = typer.Argument(metavar="REGISTER", help="A register: a file, or a postgresql:// URL.")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d))?Z?)?", re.ASCII)
NOON = "12:00"
REHEARSAL = "REHEARSAL: what could be, not what is."


def init(
    register: str = REGISTER,
    name: str = typer.Option(help="The name of the register, such as soke.example/greater-manchester."),
    registrar: list[str] = typer.Option(help="Who keeps the register; give it again for each further person."),
    key: Path = typer.Option(help="Where to write the signing key; its public half goes beside it, as KEY.pub."),
    rehearsal: bool = typer.Option(False, "--rehearsal", help="It shows what could be: its users say what time it is."),
    at: str | None = typer.Option(None, help="In a rehearsal: when it is opened, such as 2026-04-01."),
) -> None:
    """Open a register: its first entry names it and who keeps it, and its signing key is made. All, or nothing.

    Stopped half-way it can be run again: it goes on with a key of the same name. A register that exists is never
    touched.

    Example: soke register init gm.db --name soke.example/gm --registrar "Ann Keeper" --key gm.key

    Example: soke register init rehearsal.db --name soke.example/try --registrar Ann --key try.key --rehearsal
    """
    if at is not None and not rehearsal:
        raise SokeError("Only a rehearsal is told what time it is.", "Leave out --at, or add --rehearsal.")
    body: dict[str, Any] = {"name": name, "registrars": registrar, **({"rehearsal": True} if rehearsal else {})}
    made = new_key(name)
    check_body("register.opened", body)
    now = dt.datetime.now(dt.UTC) if at is None else moment(at)
    with _alone(key.parent), _taken_back(register) as written:
        found = _key_there(key, name)

        def keep_key() -> None:
            """The last but one: the register appears when its key is there."""
            for half, write in _wanting(found or made, key, kept=found is not None):
                write()
                written.append(half)

        with tempfile.TemporaryDirectory(prefix="soke-") as folder, Log.create(Path(folder) / "new.db") as log:
            open_book(log, name, registrar, now, rehearsal=rehearsal)
            log.backup(place(register), first=keep_key)  # it appears whole or not at all, in either database
    with opened(register, write=False) as log:
        say(f"Opened the register {name} in {log.where}." + (" It is a rehearsal." if rehearsal else ""))
    if found is not None:
        say(f"Its key is the one that was in {key}. Never publish two registers under one name.")
    say(f"Keep {key} secret: who has it can sign for the register. Give {key}.pub to everybody.")


@contextmanager
def _taken_back(register: str) -> Iterator[list[Path]]:
    """Files that are removed again if anything fails, unless it failed with the register in its place."""
    written: list[Path] = []
    try:
        yield written
    except BaseException as error:
        if isinstance(error, Taken) or not _is_there(register):
            for path in written:
                path.unlink(missing_ok=True)
        raise


def _is_there(register: str) -> bool:
    try:
        Log.open(place(register), write=False).close()
    except SokeError:
        return False
    return True


def _key_there(key: Path, name: str) -> SigningKey | None:
    """The key of this name that an earlier run left, or that moves to a new register. SokeError if it is another."""
    public = Path(f"{key}.pub")
    there = [half for half in (key, public) if half.exists() or half.is_symlink()]
    if not there:
        return None
    refusal = SokeError("This file exists, and a key is never overwritten.", "Name a new file.", str(there[0]))
    try:
        found = read_signing_key(key)
        same = found.name == name and (public not in there or read_verifier_key(public) == found.verifier)
    except SokeError:
        raise refusal from None
    if not same:
        raise refusal
    return found


def _wanting(made: SigningKey, key: Path, *, kept: bool) -> Iterator[tuple[Path, Callable[[], None]]]:
    """The halves of the key that are not there yet, and how each is written: the secret half first."""
    public = Path(f"{key}.pub")
    if not kept:
        yield key, lambda: write_secret_half(made, key)
    if not kept or not public.exists():
        yield public, lambda: write_public_half(made, public)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One at a time makes keys in a folder: nobody takes up a key that another is about to take back."""
    try:
        import fcntl  # noqa: PLC0415  # not on every system; there, a key is still never overwritten

        handle = os.open(folder, os.O_RDONLY)
    except (ImportError, OSError):  # a folder that is not there is said to be so by whoever writes the key
        yield
        return
    try:
        with suppress(OSError):  # some disks of a network cannot
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def place(register: str) -> Path | str:
    """Where a register is, as the log takes it; an address stays text, for the log to take or refuse unshown."""
    return register if "://" in register else Path(register)


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
