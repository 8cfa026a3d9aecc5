"""The key of a register: which one signs for it, as its own entries say, and how another comes to follow it.

Whoever keeps the key has it followed by a new one, and both sign that. Where it is lost, both sides of each deal in
force and a witness agree to the new one, and every page of the register says so from then on.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soke.errors import SokeError
from soke.register.checkpoint import SigningKey, read_verifier_key
from soke.register.kinds import REGISTER
from soke.register.storage import Log
from soke.register.verify import (
    COSIGNATURE,
    Failed,
    Refused,
    Trust,
    VerifierKey,
    distinct,
    key_text,
    statement,
)
from soke.text import day as in_words

HOW = {
    "register.opened": "the first entry names it",
    "key.named": "the registrar named it later",
    "key.rotated": "the key before it signed that it follows",
    "key.reanchored": "both sides and a witness agreed to it in the place of a lost one",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """Whom a reader trusts by himself: a key of the register, and witnesses, of whom he wants ``need``."""

    key: VerifierKey | None
    witnesses: tuple[VerifierKey, ...]
    need: int

    @classmethod
    def read(cls, key: Path | None, witnesses: Sequence[Path], need: int | None) -> Trusted:
        """From files. SokeError where a witness or a key stands there twice, or where so many cannot be had."""
        keys = [read_verifier_key(path, COSIGNATURE) for path in witnesses]
        try:
            named = distinct([key_text(one) for one in keys])
        except Refused as error:
            raise SokeError(str(error), "Name each witness once.") from None
        if need is not None and not 0 < need <= len(named):
            raise SokeError(f"{need} of {len(named)} witnesses cannot be had.", "Name the witnesses with --witness.")
        return cls(key=read_verifier_key(key) if key else None, witnesses=tuple(named), need=need or len(named))


def trust_in(entries: Iterable[Mapping[str, Any]]) -> Trust:
    """The keys and witnesses that entries name. Failed where one of them cannot be right."""
    trust = Trust()
    for entry in entries:
        trust.take(dict(entry))
    return trust


def trust_of(log: Log, size: int | None = None) -> Trust:
    """The same of a register, or of its first ``size`` entries. SokeError, ``damaged``, where an entry cannot be
    right."""
    entries = log.read(tags=[f"deal:{REGISTER}"])
    try:
        return trust_in(entry for entry in entries if size is None or entry["seq"] < size)
    except Failed as error:
        raise SokeError(str(error), "Restore the register from a backup.", log.where, code="damaged") from None


# --- what an entry says: pure ---


def naming(name: str, key: SigningKey) -> dict[str, Any]:
    """The body of ``key.named``: the first key of a register that named none."""
    return _proved(key, statement(name, 1, "", key_text(key.verifier)))


def rotation(name: str, before: Sequence[str], old: SigningKey, new: SigningKey) -> dict[str, Any]:
    """The body of ``key.rotated`` after the keys ``before``, the last of which is ``old``."""
    text = statement(name, len(before) + 1, key_text(old.verifier), key_text(new.verifier))
    return _proved(new, text) | {"signature": base64.b64encode(old.signature(text)).decode()}


def reanchoring(name: str, before: Sequence[str], new: SigningKey, reason: str) -> dict[str, Any]:
    """The body of ``key.reanchored`` after the keys ``before``, the last of which is lost."""
    text = statement(name, len(before) + 1, before[-1] if before else "", key_text(new.verifier))
    return _proved(new, text) | {"reason": reason}


def _proved(key: SigningKey, text: bytes) -> dict[str, Any]:
    return {"key": key_text(key.verifier), "proof": base64.b64encode(key.signature(text)).decode()}


# --- said ---


def remark(log: Log) -> str:
    """What every page of a register says whose key was lost once; else nothing."""
    lost = [span for span in trust_of(log).keys if span.kind == "key.reanchored"]
    if not lost:
        return ""
    on = in_words(dt.datetime.fromisoformat(log.entry(lost[-1].since)["at"]).date())
    since = f"since {on} (entry {lost[-1].since})"
    return f"Its key was lost: {since} another signs, as both sides and a witness of each deal in force agreed."


def keys_in_words(log: Log) -> list[str]:
    """The keys of a register and its witnesses, a sentence each."""
    trust = trust_of(log)
    said = [f"From entry {span.since} on: {key_text(span.key)} ({HOW[span.kind]})." for span in trust.keys]
    if trust.witnesses:
        said.append(f"What is published needs {trust.need} of {len(trust.witnesses)} witnesses:")
        said += [key_text(witness) for witness in trust.witnesses]
    return said or ["Its entries name no key."]
