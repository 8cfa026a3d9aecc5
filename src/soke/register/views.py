"""What a register showed somebody: a checkpoint, with the log or its hashes where they are at hand; and two compared.

Two views of one register are the same, or one goes on from the other. Anything else is a **split view**: somebody was
shown another history than somebody else, or the past was rewritten.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from soke.errors import SokeError
from soke.files import read_whole
from soke.register.checkpoint import load_checkpoint, read_verifier_key
from soke.register.merkle import Tree
from soke.register.publication import CHECKPOINT, HASHES, KEY, LOG
from soke.register.verify import (
    Checkpoint,
    Failed,
    Refused,
    Trust,
    VerifierKey,
    check_signature,
    leaf_hash,
    read_hashes,
    read_lines,
    verify_log,
)

LARGEST_HASHES = 200_000_000
LONGEST_BODY = 300  # signs of an entry that are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """``tree`` has as many entries as the checkpoint vouches for; None where neither log nor hashes are at hand.
    ``trust``: what the log says of its keys and witnesses; ``key``: the public key that lies beside it."""

    where: str
    checkpoint: Checkpoint
    content: bytes
    tree: Tree | None = None
    trust: Trust | None = None
    log: Path | None = None
    key: VerifierKey | None = None
    rehearsal: bool = False


def read_view(path: Path) -> View:
    """A published folder, or a checkpoint alone. SokeError where it cannot be read, or where log and checkpoint of the
    folder do not belong together: that code is ``damaged``."""
    if not path.is_dir():
        return View(where=str(path), checkpoint=load_checkpoint(path), content=path.read_bytes())
    at = path / CHECKPOINT
    checkpoint, content = load_checkpoint(at), at.read_bytes()
    key = read_verifier_key(path / KEY) if (path / KEY).is_file() else None
    try:
        if (path / LOG).is_file():
            return _with_log(path, checkpoint, content, key)
        if (path / HASHES).is_file():
            found = read_whole(path / HASHES, str(path / HASHES), LARGEST_HASHES)
            tree = Tree()
            for leaf in read_hashes(found, checkpoint):
                tree.add(leaf)
            return View(where=str(path), checkpoint=checkpoint, content=content, tree=tree, key=key)
    except (Failed, Refused) as error:
        code = "damaged" if isinstance(error, Failed) else "bad-input"
        raise SokeError(str(error), "Take the folder again from its source.", str(path), code=code) from None
    return View(where=str(path), checkpoint=checkpoint, content=content, key=key)


def _with_log(path: Path, checkpoint: Checkpoint, content: bytes, key: VerifierKey | None) -> View:
    tree, about_itself = Tree(), list[dict[str, Any]]()

    def planted() -> Iterator[bytes]:
        for line in read_lines(file):
            if len(tree) < checkpoint.size:
                tree.add(leaf_hash(line))
            yield line

    with (path / LOG).open("rb") as file:
        verify_log(planted(), checkpoint, take=about_itself.append)
    trust = Trust()
    for entry in about_itself:
        trust.take(entry)
    rehearsal = any(entry["body"].get("rehearsal") is True for entry in about_itself[:1])
    return View(where=str(path), checkpoint=checkpoint, content=content, tree=tree, trust=trust, log=path / LOG,
                key=key, rehearsal=rehearsal)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """``split``: the two are no views of one history. ``said``: what was found, a sentence each, the verdict first."""

    verdict: Literal["same", "goes-on", "split"]
    said: tuple[str, ...]


def compare(first: View, second: View, key: VerifierKey | None = None) -> Compared:
    """Two views of a register. ``key``: the one to check both signatures with; else what lies beside them.

    SokeError where they are of two registers, or where nothing is at hand that could show whether one goes on from the
    other.
    """
    one, other = first.checkpoint, second.checkpoint
    if one.origin != other.origin:
        fact = f"They are of two registers: {one.origin} and {other.origin}."
        raise SokeError(fact, "Compare two views of one.")
    old, new = (first, second) if one.size <= other.size else (second, first)
    signed = tuple(_who_signed(view, key) for view in (first, second))
    if one.size == other.size and one.root == other.root:
        said = f"The same: both vouch for {one.size:,} entries of {one.origin}, with one root."
        return Compared(verdict="same", said=(said, *signed))
    if goes_on(old.checkpoint, new):
        said = (f"One goes on from the other: the first {old.checkpoint.size:,} entries of {new.where} are those of "
                f"{old.where}; after them come {new.checkpoint.size - old.checkpoint.size:,} more.")  # fmt: skip
        return Compared(verdict="goes-on", said=(said, *signed))
    said = (f"SPLIT VIEW. {one.origin} showed two histories that cannot both be true: "
            + " and ".join(f"{view.checkpoint.size:,} entries with the root {view.checkpoint.root.hex()[:16]} in "
                           f"{view.where}" for view in (first, second)) + ".")  # fmt: skip
    return Compared(verdict="split", said=(said, *signed, *_where_they_part(first, second)))


def goes_on(old: Checkpoint, new: View) -> bool:
    """Whether a view begins with what an older checkpoint vouches for. SokeError where nothing at hand can show it."""
    if old.size == new.checkpoint.size:
        return old.root == new.checkpoint.root
    if old.size == 0:
        return old.root == Tree().root()
    if new.tree is None:
        fact = f"Whether the {new.checkpoint.size:,} entries go on from the {old.size:,} their checkpoints do not show."
        fix = f"Give the published folder of the longer one, with {LOG} or {HASHES}."
        raise SokeError(fact, fix, new.where)
    return new.tree.root(old.size) == old.root


def _who_signed(view: View, key: VerifierKey | None) -> str:
    span = view.trust.in_force(view.checkpoint.size) if view.trust else None
    own = key or (span.key if span else view.key)
    by = ", ".join(f"{name}+{number.hex()}" for name, number, _ in view.checkpoint.signatures)
    if own is None:
        return f"{view.where}: it says that it is signed by {by}, which was not checked: give the key (--key)."
    whose = "the key that you gave" if key else "the key that its log names" if span else "the key that lies beside it"
    try:
        check_signature(view.checkpoint, own)
    except Failed as error:
        return f"{view.where}: not signed with {whose}: it is no evidence. {error}"
    return f"{view.where}: signed with {whose}, {own.name}+{own.id.hex()} (signatures: {by})."


def _where_they_part(first: View, second: View) -> Iterator[str]:
    """The first entry in which the two differ, where both are at hand."""
    if first.tree is None or second.tree is None:
        yield "With the logs of both, or their hashes, the first entry in which they differ can be named."
        return
    number = first_difference(first.tree, second.tree)
    if number is None:
        return
    yield f"They part at entry {number}: the {number:,} entries before it are the same."
    for view in (first, second):
        if view.log is not None:
            with view.log.open("rb") as file:
                line = next(islice(read_lines(file), number, None), b"")
            entry = json.loads(line)
            body = {name: value for name, value in entry["body"].items() if name != "legs"}  # they follow from the rest
            said = json.dumps(body, ensure_ascii=False)
            said = said if len(said) <= LONGEST_BODY else f"{said[:LONGEST_BODY]} ..."
            yield (f"In {view.where} it says: {entry['at']}, {entry['deal']}, {entry['kind']}, by "
                   f"{entry['by']['person']} ({entry['by']['role']}): {said}")  # fmt: skip


def first_difference(one: Tree, other: Tree) -> int | None:
    """The number of the first entry that differs; None where the shorter is the beginning of the longer."""
    low, high = 0, min(len(one), len(other))
    if one.root(high) == other.root(high):
        return None
    while high - low > 1:  # the first ``low`` entries are the same, the first ``high`` are not
        middle = (low + high) // 2
        low, high = (middle, high) if one.root(middle) == other.root(middle) else (low, middle)
    return low
