"""Signing keys on disk: the secret half where it was asked for, the public half beside it as ``KEY.pub``."""

from __future__ import annotations

from pathlib import Path

from soke.errors import SokeError
from soke.files import alone
from soke.register.checkpoint import (
    SigningKey,
    new_key,
    read_signing_key,
    read_verifier_key,
    write_public_half,
    write_secret_half,
)
from soke.register.verify import ED25519


def public_half(key: Path) -> Path:
    """Where the public half of a signing key lies."""
    return Path(f"{key}.pub")


def key_there(key: Path, name: str, kind: int = ED25519) -> SigningKey | None:
    """The key of this name that an earlier run left, or that moves to a new register. SokeError if it is another."""
    public = public_half(key)
    there = [half for half in (key, public) if half.exists() or half.is_symlink()]
    if not there:
        return None
    refusal = SokeError("This file exists, and a key is never overwritten.", "Name a new file.", str(there[0]))
    try:
        signing = read_signing_key(key, kind)
        same = signing.name == name and (public not in there or read_verifier_key(public, kind) == signing.verifier)
    except SokeError:
        raise refusal from None
    if not same:
        raise refusal
    return signing


def kept_or_made(key: Path, name: str, kind: int = ED25519) -> tuple[SigningKey, bool]:
    """The key of this name in a file, made where there is none; and whether it was made. Stopped half-way it can be run
    again. SokeError where the file holds another key."""
    with alone(key.parent):
        there = key_there(key, name, kind)
        signing = there or new_key(name, kind)
        if there is None:
            write_secret_half(signing, key)
        if not public_half(key).exists():
            write_public_half(signing, public_half(key))
    return signing, there is None
