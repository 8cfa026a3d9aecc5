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
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from soke.errors import SokeError
from soke.files import create_whole, read_whole
from soke.register.merkle import Tree
from soke.register.verify import (
    LARGEST_NOTE,
    Checkpoint,
    Failed,
    Refused,
    VerifierKey,
    check_signature,
    from_base64,
    key_id,
    read_checkpoint,
    read_key,
)

ED25519 = b"\x01"  # how signed notes number this kind of key
NAME = re.compile(r"[^\s+]{1,200}")
PRIVATE = re.compile(r"PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """A name and 32 secret bytes. It has no printed form, so that it reaches no log by accident."""

    name: str
    seed: bytes

    @property
    def verifier(self) -> VerifierKey:
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return VerifierKey(self.name, key_id(self.name, public), public)

    def sign(self, text: bytes) -> bytes:
        """A signed note: the text, which ends with a new line, a blank line, and the signature."""
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text)
        content = base64.b64encode(self.verifier.id + signature).decode()
        return text + f"\n\u2014 {self.name} {content}\n".encode()


def new_key(name: str) -> SigningKey:
    """A new key for the log of this name, such as ``soke.example/greater-manchester``."""
    if not NAME.fullmatch(name):
        raise SokeError(f"{name!r} cannot be the name of a register.", "Use up to 200 characters, no space and no +.")
    return SigningKey(name, Ed25519PrivateKey.generate().private_bytes_raw())


def verifier_text(key: VerifierKey) -> str:
    """The one line that everybody may have: ``name+id+base64(0x01 || public key)``."""
    return f"{key.name}+{key.id.hex()}+{_armoured(key.public)}"


def _armoured(content: bytes) -> str:
    return base64.b64encode(ED25519 + content).decode()


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
    _create(private, f"PRIVATE+KEY+{key.name}+{key.verifier.id.hex()}+{_armoured(key.seed)}\n", 0o600)


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


def read_signing_key(path: Path) -> SigningKey:
    """The signing key in a file. SokeError where others can read the file, or where it is not a key."""
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
    if not match or len(content) != 33 or content[0] != 1:
        raise SokeError("This is not a signing key of a register.", "Name the file that was made with it.", str(path))
    key = SigningKey(match[1], content[1:])
    if key.verifier.id.hex() != match[2]:
        raise SokeError("The id of the signing key does not belong to it.", "Restore the file from a copy.", str(path))
    return key


def read_verifier_key(path: Path) -> VerifierKey:
    try:
        return read_key(read_whole(path, str(path), LARGEST_NOTE).decode("utf-8", "replace"))
    except Refused as error:
        raise SokeError(str(error), "Name the public half of the key.", str(path)) from None


def sign_head(tree: Tree, key: SigningKey) -> bytes:
    """The signed checkpoint of all entries in the tree."""
    root = base64.b64encode(tree.root()).decode()
    return key.sign(f"{key.name}\n{len(tree)}\n{root}\n".encode())


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


def check_earlier(path: Path, key: SigningKey, tree: Tree) -> Checkpoint:
    """The checkpoint in a file. SokeError unless the key signed it and the log still begins as it says."""
    before = load_checkpoint(path)
    try:
        check_signature(before, key.verifier)
    except Failed as error:
        raise SokeError(str(error), "Publish to another folder.", str(path)) from None
    check_still_there(tree, before, str(path))
    return before
