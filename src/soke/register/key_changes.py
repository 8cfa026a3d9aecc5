"""Changing the key of a register: it is named, followed by another, or replaced where it was lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soke.errors import SokeError
from soke.register.book import Book, Command, register_name
from soke.register.checkpoint import SigningKey, read_signing_key
from soke.register.clock import Clock
from soke.register.key_files import kept_or_made, key_there, public_half
from soke.register.keys import naming, reanchoring, rotation, trust_of
from soke.register.kinds import REGISTER, REGISTRAR
from soke.register.storage import InDoubt, Log
from soke.register.verify import VerifierKey, key_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """``number`` of the entry; None where the key was in force already, or where nothing was to be recorded."""

    key: VerifierKey
    number: int | None
    made: bool


def make(log: Log, new: Path) -> Changed:
    """Make a key that is to follow, and record nothing."""
    signing, made = kept_or_made(new, register_name(log))
    return Changed(key=signing.verifier, number=None, made=made)


def name_first(log: Log, key: Path, person: str, at: dt.datetime | None = None) -> Changed:
    """Record the key of an old register, whose entries name none."""
    signing, name = read_signing_key(key), register_name(log)
    _check_name(signing, name, key)
    return _recorded(log, "key.named", person, naming(name, signing), signing, at)


def rotate(log: Log, key: Path, new: Path, person: str, at: dt.datetime | None = None) -> Changed:
    """Have the key in force followed by a new one, which is made where it is not there.

    Done twice, it is recorded once. SokeError where ``key`` is not the one in force; then no file is left.
    """
    old, name = read_signing_key(key), register_name(log)
    keys = [span.key for span in trust_of(log).keys]
    there = key_there(new, name)
    if there is not None and keys[-1:] == [there.verifier]:
        return Changed(key=there.verifier, number=None, made=False)
    if keys[-1:] != [old.verifier]:
        said = f"it is {keys[-1].name}+{keys[-1].id.hex()}" if keys else "the register names none"
        fix = "Name the one that is in force." if keys else "Name it first: soke register key REGISTER --key KEY."
        raise SokeError(f"This is not the key in force: {said}.", fix, str(key))
    signing, made = kept_or_made(new, name)
    try:
        body = rotation(name, [key_text(one) for one in keys], old, signing)
        return _recorded(log, "key.rotated", person, body, signing, at, made=made)
    except SokeError as error:
        if made and not isinstance(error, InDoubt):  # in doubt the entry may be there: its key must be too
            new.unlink(missing_ok=True)
            public_half(new).unlink(missing_ok=True)
        raise


def reanchor(log: Log, new: Path, reason: str, person: str, at: dt.datetime | None = None) -> Changed:
    """Put a key, which is made already, in the place of one that is lost. SokeError with who has still to agree."""
    signing, name = read_signing_key(new), register_name(log)
    _check_name(signing, name, new)
    keys = [key_text(span.key) for span in trust_of(log).keys]
    if keys[-1:] == [key_text(signing.verifier)]:
        return Changed(key=signing.verifier, number=None, made=False)
    return _recorded(log, "key.reanchored", person, reanchoring(name, keys, signing, reason), signing, at)


def _check_name(signing: SigningKey, name: str, where: Path) -> None:
    if signing.name != name:
        fact = f"The key is of the log {signing.name}, and this register is {name}."
        raise SokeError(fact, "Name a key that was made for this one.", str(where))


def _recorded(
    log: Log, kind: str, person: str, body: Mapping[str, Any], key: SigningKey, at: dt.datetime | None,
    *, made: bool = False,
) -> Changed:  # fmt: skip
    command = Command(deal=REGISTER, kind=kind, role=REGISTRAR, person=person, body=body)
    number = Book(log).record(command, Clock(log).now(at))
    return Changed(key=key.verifier, number=number, made=made)
