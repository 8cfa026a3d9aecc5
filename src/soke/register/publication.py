"""What others need to check a register without trusting who keeps it: the published folder, and proofs of entries.

The folder holds the log, its hashes, the program :mod:`soke.register.verify`, the public key, and the signed
checkpoint; each earlier checkpoint stays under its size.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from soke.errors import SokeError
from soke.register import verify as alone
from soke.register.book import register_name
from soke.register.checkpoint import (
    check_earlier,
    check_still_there,
    load_checkpoint,
    read_signing_key,
    sign_head,
    verifier_text,
    with_signatures,
)
from soke.register.clock import is_rehearsal
from soke.register.keys import trust_of
from soke.register.merkle import Tree
from soke.register.storage import Log
from soke.register.verify import (
    LARGEST_LINE,
    LARGEST_NOTE,
    Checkpoint,
    Failed,
    Trust,
    VerifierKey,
    cosigned,
    count_witnesses,
    read_checkpoint,
    read_json,
)

CHECKPOINT, HASHES, LOG, PROGRAM, KEY = "checkpoint", "hashes.txt", "log.jsonl", "verify.py", "key.pub"
PROOF = 1  # the version of the form of a proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """``files`` by name, in the order in which they must be written: at every moment an older checkpoint vouches for
    the beginning of a longer log. ``earlier``: checkpoints of other sizes that were published before. ``cosigned`` says
    which witnesses signed this one, or which are wanting; nothing where the register names none. A long file is read
    from the register as it is written: once, and while that is open."""

    name: str
    rehearsal: bool
    entries: int
    earlier: int
    cosigned: str
    checkpoint: bytes
    key: str
    files: Mapping[str, bytes | Iterable[bytes]]


def publication(log: Log, key: Path, folder: Path, handed_back: Sequence[Path] = ()) -> Publication:
    """Sign the head of a register with the key in a file, going on from what ``folder`` holds; nothing is written.

    Cosignatures of witnesses are kept, and those taken over that are ``handed_back`` in files. SokeError where the key
    is not the register's, or where the log no longer begins with what was vouched for.
    """
    signing = read_signing_key(key)
    name = _name(log)
    if signing.name != name:
        fact = f"The key is of the log {signing.name}, and this register is {name}."
        raise SokeError(fact, "Name the key that was made with the register.", str(key))
    tree = log.verify()
    trust = trust_of(log, len(tree))
    _check_in_force(trust, signing.verifier, len(tree), key)
    earlier = _check_earlier(tree, trust, signing.verifier, folder)
    signed = sign_head(tree, signing)
    at_hand = [path for path in (folder / f"{CHECKPOINT}-{len(tree)}", folder / CHECKPOINT) if path.is_file()]
    kept = [line for path in at_hand for line in _cosignatures(signed, path, trust)[0]]
    signed = with_signatures(signed, kept)
    older = _handed_back(tree, signed, folder, handed_back, trust)
    signed = older.pop(len(tree), signed)
    files: dict[str, bytes | Iterable[bytes]] = {
        LOG: (line + b"\n" for line in islice(log.lines(), len(tree))),
        HASHES: (f"{tree.leaf(number).hex()}\n".encode() for number in range(len(tree))),
        PROGRAM: Path(alone.__file__).read_bytes(),
        KEY: f"{verifier_text(signing.verifier)}\n".encode(),
        **{f"{CHECKPOINT}-{size}": content for size, content in older.items()},
        f"{CHECKPOINT}-{len(tree)}": signed,
        CHECKPOINT: signed,
    }
    return Publication(name=name, rehearsal=is_rehearsal(log), entries=len(tree), earlier=earlier,
                       cosigned=_cosigned(signed, trust), checkpoint=signed, key=verifier_text(signing.verifier),
                       files=files)  # fmt: skip


def _check_in_force(trust: Trust, key: VerifierKey, size: int, where: Path) -> None:
    span = trust.in_force(size)
    if span is not None and span.key != key:
        fact = f"This is not the key of the register: entry {span.since} names {span.key.name}+{span.key.id.hex()}."
        raise SokeError(fact, "Publish with that one; soke register key lists them.", str(where))


def _cosignatures(signed: bytes, path: Path, trust: Trust) -> tuple[list[bytes], list[str]]:
    """The lines of witnesses on this very checkpoint in a file; and which witnesses, of those whom the register names,
    did not sign the line that is there in their name. Such a line is left out."""
    ours, other = read_checkpoint(signed), load_checkpoint(path)
    if other.signed != ours.signed:
        return [], []
    there = [(name, number) for name, number, _ in other.signatures]
    forged = [one for one in trust.witnesses if (one.name, one.id) in there and cosigned(other, one) is None]
    tail = path.read_bytes().rpartition(b"\n\n")[2]
    names = {ours.origin, *(one.name for one in forged)}
    lines = [line for line in tail.splitlines() if line.decode().split(" ")[1] not in names]
    return lines, [one.name for one in forged]


def _handed_back(tree: Tree, signed: bytes, folder: Path, paths: Sequence[Path], trust: Trust) -> dict[int, bytes]:
    """Checkpoints by size, each with what witnesses handed back of it. SokeError where one is of another history."""
    found: dict[int, bytes] = {}
    for path in paths:
        other = load_checkpoint(path)
        if other.origin != read_checkpoint(signed).origin:
            raise SokeError(f"This is of the log {other.origin}.", "Take a checkpoint of this one.", str(path))
        check_still_there(tree, other, str(path))
        at = folder / f"{CHECKPOINT}-{other.size}"
        if other.size < len(tree) and not at.is_file():
            raise SokeError(f"No checkpoint of {other.size:,} entries is in the folder.", "Publish there.", str(path))
        note = found.get(other.size, signed if other.size == len(tree) else at.read_bytes())
        lines, forged = _cosignatures(note, path, trust)
        if forged or not lines:
            fact = f"The cosignature of {forged[0]} is forged, or was changed." if forged else "No witness cosigned it."
            raise SokeError(fact, "Take what the witness wrote, as it is.", str(path))
        found[other.size] = with_signatures(note, lines)
        if len(found[other.size]) > LARGEST_NOTE:
            raise SokeError("With all these signatures the checkpoint is too long.", "Leave some out.", str(path))
    return found


def _cosigned(signed: bytes, trust: Trust) -> str:
    try:
        return " ".join(count_witnesses("the register names", read_checkpoint(signed), trust.witnesses, trust.need))
    except Failed as error:
        return f"NOT YET ENOUGH. {error}"


def _name(log: Log) -> str:
    name = register_name(log)
    if not name:
        raise SokeError("The register is empty.", "Open it with soke register init.", log.where)
    return name


def _check_earlier(tree: Tree, trust: Trust, now: VerifierKey, folder: Path) -> int:
    """How many checkpoints were published before. SokeError unless each is signed with the key that was in force then,
    and the log begins as it says."""
    paths = sorted({*folder.glob(f"{CHECKPOINT}-*"), *folder.glob(CHECKPOINT)}) if folder.is_dir() else []
    first = trust.keys[0].key if trust.keys else now
    sizes = set()
    for path in paths:
        span = trust.in_force(load_checkpoint(path).size)
        sizes.add(check_earlier(path, span.key if span else first, tree).size)
    return len(sizes - {len(tree)})


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
    if len(trust_of(log).keys) > 1:
        said["keys"] = list(_keys_shown(log, tree, size))
    if older is not None and since is not None:
        hashes = [step.hex() for step in tree.consistency(older.size, size)]
        said["since"] = {"checkpoint": since.read_text("utf-8"), "hashes": hashes}
    content = (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()
    if len(content) > LARGEST_LINE:
        raise SokeError(f"Entry {number} is too long for a proof.", "Verify the whole log instead.", log.where)
    return Proof(content, size, len(said["hashes"]))


def _keys_shown(log: Log, tree: Tree, size: int) -> Iterator[dict[str, Any]]:
    """The entries that name the keys, each shown to be in the log: they say which key signed an older checkpoint."""
    for span in trust_of(log).keys:
        if span.since < size:
            hashes = [step.hex() for step in tree.inclusion(span.since, size)]
            yield {"entry": log.entry(span.since), "hashes": hashes}


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
