"""What others need to check a register without trusting who keeps it: the published folder, and proofs of entries.

The folder holds the log, its hashes, the program :mod:`soke.register.verify`, the public key, and the signed
checkpoint; each earlier checkpoint stays under its size.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from soke.errors import SokeError
from soke.register import verify as alone
from soke.register.book import register_name
from soke.register.checkpoint import (
    SigningKey,
    check_earlier,
    check_still_there,
    load_checkpoint,
    read_signing_key,
    sign_head,
    verifier_text,
)
from soke.register.clock import is_rehearsal
from soke.register.merkle import Tree
from soke.register.storage import Log
from soke.register.verify import LARGEST_LINE, Checkpoint, read_json

CHECKPOINT, HASHES, LOG, PROGRAM, KEY = "checkpoint", "hashes.txt", "log.jsonl", "verify.py", "key.pub"
PROOF = 1  # the version of the form of a proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """``files`` by name, in the order in which they must be written: at every moment an older checkpoint vouches for
    the beginning of a longer log. ``earlier``: checkpoints of other sizes that were published before."""

    name: str
    rehearsal: bool
    entries: int
    earlier: int
    files: Mapping[str, bytes]


def publication(log: Log, key: Path, folder: Path) -> Publication:
    """Sign the head of a register with the key in a file, going on from what ``folder`` holds; nothing is written.

    SokeError where the key is of another register, or where the log no longer begins with what was vouched for.
    """
    signing = read_signing_key(key)
    name = _name(log)
    if signing.name != name:
        fact = f"The key is of the log {signing.name}, and this register is {name}."
        raise SokeError(fact, "Name the key that was made with the register.", str(key))
    tree = log.verify()
    earlier = _check_earlier(tree, signing, folder)
    lines = islice(log.lines(), len(tree))
    signed = sign_head(tree, signing)
    files = {
        LOG: b"".join(line + b"\n" for line in lines),
        HASHES: "".join(f"{tree.leaf(number).hex()}\n" for number in range(len(tree))).encode(),
        PROGRAM: Path(alone.__file__).read_bytes(),
        KEY: f"{verifier_text(signing.verifier)}\n".encode(),
        f"{CHECKPOINT}-{len(tree)}": signed,
        CHECKPOINT: signed,
    }
    return Publication(name=name, rehearsal=is_rehearsal(log), entries=len(tree), earlier=earlier, files=files)


def _name(log: Log) -> str:
    name = register_name(log)
    if not name:
        raise SokeError("The register is empty.", "Open it with soke register init.", log.where)
    return name


def _check_earlier(tree: Tree, signing: SigningKey, folder: Path) -> int:
    """How many checkpoints were published before. SokeError unless each is ours and the log begins as it says."""
    paths = sorted({*folder.glob(f"{CHECKPOINT}-*"), *folder.glob(CHECKPOINT)}) if folder.is_dir() else []
    return len({check_earlier(path, signing, tree).size for path in paths} - {len(tree)})


@dataclass(frozen=True, slots=True)
class Proof:
    """``content`` is the file; ``size`` is how many entries the checkpoint vouches for that it is checked against."""

    content: bytes
    size: int
    hashes: int


def proof(log: Log, number: int, checkpoint: Path | None = None, since: Path | None = None) -> Proof:
    """That an entry is among those of a published checkpoint, or of the whole log; no copy of the log is needed for it.

    With ``since``, also that the log goes on from that older checkpoint. SokeError where it does not, or where there is
    no such entry.
    """
    target = _ours(log, checkpoint)
    older = _ours(log, since)
    tree = log.tree()
    size = target.size if target else len(tree)
    if not 0 <= number < size:
        known = f"0 to {size - 1}" if size else "none"
        raise SokeError(f"There is no entry {number} among the first {size:,}.", f"Numbers: {known}.", log.where)
    if older is not None and older.size > size:
        fact = f"The checkpoint of {older.size:,} entries is not older than the one of {size:,}."
        raise SokeError(fact, "Change the two.", str(since))
    said: dict[str, Any] = {
        "proof": PROOF, "log": _name(log), "size": size, "index": number,
        "entry": read_json(next(log.lines(number - 1))),
        "hashes": [step.hex() for step in tree.inclusion(number, size)],
    }  # fmt: skip
    if older is not None and since is not None:
        hashes = [step.hex() for step in tree.consistency(older.size, size)]
        said["since"] = {"checkpoint": since.read_text("utf-8"), "hashes": hashes}
    content = (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()
    if len(content) > LARGEST_LINE:
        raise SokeError(f"Entry {number} is too long for a proof.", "Verify the whole log instead.", log.where)
    return Proof(content, size, len(said["hashes"]))


def _ours(log: Log, path: Path | None) -> Checkpoint | None:
    """The checkpoint in a file, if one is named. SokeError where the log does not begin as it says."""
    if path is None:
        return None
    checkpoint = load_checkpoint(path)
    name = _name(log)
    if checkpoint.origin != name:
        fact = f"The checkpoint is of the log {checkpoint.origin}, and this register is {name}."
        raise SokeError(fact, "Name a checkpoint of this one.", str(path))
    check_still_there(log.tree(), checkpoint, str(path))
    return checkpoint
