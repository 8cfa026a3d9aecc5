"""Checkpoints: what the keeper of a register vouches for, signed, and published where the keeper cannot edit it.

The formats are those of C2SP (tlog-checkpoint, signed-note) and of the Go project's notes, so witnesses and tools of
others can read them. The signing key is one line, ``PRIVATE+KEY+name+id+base64(0x01 || seed)``, in a file that only
its owner can read; the name of the key is the name of the log. Formats of what is read: :mod:`soke.register.verify`.
"""

from __future__ import annotations

import base64
import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from soke.errors import SokeError
from soke.files import create_whole, read_whole
from soke.register.merkle import Tree
from soke.register.verify import (
    ED25519,
    LARGEST_NOTE,
    Checkpoint,
    Failed,
    Refused,
    VerifierKey,
    check_name,
    check_signature,
    from_base64,
    key_id,
    key_text,
    read_checkpoint,
    read_key,
)

PRIVATE = re.compile(r"PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """A name and 32 secret bytes, of a log or of a witness. It has no printed form, so that it reaches no log by
    accident."""

    name: str
    seed: bytes
    kind: int = ED25519

    @property
    def verifier(self) -> VerifierKey:
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return VerifierKey(self.name, key_id(self.name, public, self.kind), public, self.kind)

    def signature(self, text: bytes) -> bytes:
        """64 bytes."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(text)

    def line(self, content: bytes) -> bytes:
        """The line of a signature under a note."""
        return f"\u2014 {self.name} {base64.b64encode(self.verifier.id + content).decode()}\n".encode()

    def sign(self, text: bytes) -> bytes:
        """A signed note: the text, which ends with a new line, a blank line, and the signature."""
        return text + b"\n" + self.line(self.signature(text))


def new_key(name: str, kind: int = ED25519) -> SigningKey:
    """A new key for the log of this name, such as ``soke.example/greater-manchester``; or for a witness."""
    try:
        check_name(name, "a register" if kind == ED25519 else "a witness")
    except Refused:
        whose = "a register" if kind == ED25519 else "a witness"
        fix = "Use up to 200 characters that can be seen, no space and no +."
        raise SokeError(f"{name!r} cannot be the name of {whose}.", fix) from None
    return SigningKey(name, Ed25519PrivateKey.generate().private_bytes_raw(), kind)


verifier_text = key_text  # the one line that everybody may have


def write_key(key: SigningKey, private: Path, public: Path) -> None:
    """Write both halves of a new key. A file that is there is never overwritten."""
    if public.exists():
        raise _never_overwritten(public)
    write_secret_half(key, private)
    try:
        write_public_half(key, public)
    except BaseException:
        private.unlink(missing_ok=True)
        raise


def write_secret_half(key: SigningKey, private: Path) -> None:
    content = base64.b64encode(bytes([key.kind]) + key.seed).decode()
    _create(private, f"PRIVATE+KEY+{key.name}+{key.verifier.id.hex()}+{content}\n", 0o600)


def write_public_half(key: SigningKey, public: Path) -> None:
    _create(public, verifier_text(key.verifier) + "\n", 0o644)


def _never_overwritten(path: Path) -> SokeError:
    return SokeError("This file exists, and a key is never overwritten.", "Name a new file.", str(path))


def _create(path: Path, text: str, mode: int) -> None:
    try:
        create_whole(path, text.encode(), mode)
    except FileExistsError:
        raise _never_overwritten(path) from None
    except OSError as error:
        raise SokeError(f"The key cannot be written: {error.strerror}.", "Name another folder.", str(path)) from error


def read_signing_key(path: Path, kind: int = ED25519) -> SigningKey:
    """The signing key of a log in a file, or of a witness. SokeError where others can read the file, or where it is
    no such key."""
    text = read_whole(path, str(path), LARGEST_NOTE).decode("utf-8", "replace")
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SokeError(
            "Others on this machine can read the signing key.", "Run chmod 600 on it, or make a new key.", str(path)
        )
    match = PRIVATE.fullmatch(text.strip())
    try:
        content = from_base64(match[3]) if match else b""
    except Refused:
        content = b""
    if not match or len(content) != 33 or content[0] != kind:
        whose = "a register" if kind == ED25519 else "a witness"
        raise SokeError(f"This is not a signing key of {whose}.", "Name the file that was made with it.", str(path))
    key = SigningKey(match[1], content[1:], kind)
    if key.verifier.id.hex() != match[2]:
        raise SokeError("The id of the signing key does not belong to it.", "Restore the file from a copy.", str(path))
    return key


def read_verifier_key(path: Path, kind: int = ED25519) -> VerifierKey:
    try:
        return read_key(read_whole(path, str(path), LARGEST_NOTE).decode("utf-8", "replace"), kind)
    except Refused as error:
        raise SokeError(str(error), "Name the public half of the key.", str(path)) from None


def sign_head(tree: Tree, key: SigningKey) -> bytes:
    """The signed checkpoint of all entries in the tree."""
    root = base64.b64encode(tree.root()).decode()
    return key.sign(f"{key.name}\n{len(tree)}\n{root}\n".encode())


def with_signatures(note: bytes, more: Iterable[bytes]) -> bytes:
    """A checkpoint with further lines of signatures. Of one who signed twice the later line stays."""
    text, blank, tail = note.rpartition(b"\n\n")
    kept: dict[tuple[str, bytes], bytes] = {}
    for line in (*tail.splitlines(), *(one.rstrip(b"\n") for one in more)):
        name, content = line.decode().split(" ")[1:]
        kept[name, from_base64(content)[:4]] = line
    return text + blank + b"".join(line + b"\n" for line in kept.values())


def load_checkpoint(path: Path) -> Checkpoint:
    try:
        return read_checkpoint(read_whole(path, str(path), LARGEST_NOTE))
    except Refused as error:
        raise SokeError(str(error), "Name a published checkpoint.", str(path)) from None


def check_still_there(tree: Tree, checkpoint: Checkpoint, where: str) -> None:
    """SokeError where the log does not begin with the entries that the checkpoint vouches for."""
    if checkpoint.size > len(tree):
        raise SokeError(
            f"The register holds {len(tree):,} entries, and {checkpoint.size:,} were vouched for: its end is missing.",
            "Restore the register from a backup.",
            where,
            code="damaged",
        )
    if tree.root(checkpoint.size) != checkpoint.root:
        raise SokeError(
            f"The first {checkpoint.size:,} entries are not those that were vouched for: the register was changed.",
            "Restore the register from a backup, and compare the two.",
            where,
            code="damaged",
        )


def check_earlier(path: Path, key: SigningKey | VerifierKey, tree: Tree) -> Checkpoint:
    """The checkpoint in a file. SokeError unless the key signed it and the log still begins as it says."""
    before = load_checkpoint(path)
    try:
        check_signature(before, key.verifier if isinstance(key, SigningKey) else key)
    except Failed as error:
        raise SokeError(str(error), "Publish to another folder.", str(path)) from None
    check_still_there(tree, before, str(path))
    return before
