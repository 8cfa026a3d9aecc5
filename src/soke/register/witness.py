"""A witness: somebody else, who signs a checkpoint once it has seen that the register only grew.

It keeps the last checkpoint of each register that it saw. One that does not go on from that it never signs: then it has
caught a **split view**, keeps both as evidence, and says so. Forms: C2SP tlog-cosignature (``cosignature/v1``) and
tlog-witness (the request). What it has seen is on disk before its signature leaves it.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soke.errors import SokeError
from soke.files import alone, read_whole, write_whole
from soke.register.checkpoint import SigningKey, read_signing_key, read_verifier_key, with_signatures
from soke.register.publication import CHECKPOINT
from soke.register.verify import (
    COSIGNATURE,
    LARGEST_NOTE,
    Checkpoint,
    Failed,
    Refused,
    Trust,
    VerifierKey,
    check_key,
    check_signature,
    cosignature_text,
    from_base64,
    is_consistent,
    key_text,
    read_checkpoint,
    read_key,
)
from soke.register.views import View, goes_on, read_view

MOST_HASHES = 63  # of a request
OLD = re.compile(r"old (0|[1-9][0-9]{0,15})")


class SplitView(Failed):
    """What is shown does not go on from what was seen."""


# --- what it does: pure ---


def cosign(checkpoint: Checkpoint, key: SigningKey, time: int) -> bytes:
    """The line that says: this witness saw the checkpoint at this time, in seconds since 1970."""
    return key.line(time.to_bytes(8, "big") + key.signature(cosignature_text(checkpoint.signed, time)))


def check_goes_on(seen: Checkpoint | None, shown: Checkpoint, shows: Callable[[Checkpoint], bool]) -> None:
    """SplitView unless what is shown goes on from what was seen last. ``shows``: whether its log does, by hashes."""
    if seen is None:
        return
    if shown.size < seen.size:
        raise SplitView(
            f"SPLIT VIEW. {shown.origin} showed {seen.size:,} entries before, and shows {shown.size:,} now: this is an "
            "old copy, or the end was taken back. Compare the two: soke register compare."
        )
    if not shows(seen):
        raise SplitView(
            f"SPLIT VIEW. {shown.origin} showed {seen.size:,} entries with the root {seen.root.hex()[:16]} before; "
            f"the {shown.size:,} entries with the root {shown.root.hex()[:16]} that it shows now do not go on from "
            "them."
        )


def request(old: int, view: View) -> bytes:
    """What a witness is asked with who saw ``old`` entries last (C2SP tlog-witness, add-checkpoint)."""
    if view.tree is None:
        raise SokeError("A request needs the log or its hashes.", "Name a published folder.", view.where)
    if not 0 <= old <= view.checkpoint.size:
        fact = f"The checkpoint is of {view.checkpoint.size:,} entries, and the witness saw {old:,}."
        raise SokeError(fact, "Publish first, or look for a split view.", view.where)
    steps = view.tree.consistency(old, view.checkpoint.size)
    lines = [f"old {old}", *(base64.b64encode(step).decode() for step in steps), ""]
    return "".join(f"{line}\n" for line in lines).encode() + view.content


def read_request(content: bytes) -> tuple[int, tuple[bytes, ...], Checkpoint, bytes]:
    """The old size, the hashes, the checkpoint and its text. Refused where it is no request."""
    head, blank, note = content.partition(b"\n\n")
    first, *rest = head.decode("utf-8", "replace").split("\n")
    match = OLD.fullmatch(first)
    if match is None or not blank or len(rest) > MOST_HASHES:
        raise Refused('This is not a request: "old" and a number, hashes in base64, a blank line, and a checkpoint.')
    steps = tuple(from_base64(line) for line in rest)
    if any(len(step) != 32 for step in steps):
        raise Refused("A hash in the request is not 32 bytes long.")
    return int(match[1]), steps, read_checkpoint(note), note


# --- as a command that somebody else runs ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The last checkpoint of a register, as it was signed, and the keys of the register that this witness knows: the
    one in force is the last."""

    checkpoint: Checkpoint
    content: bytes
    keys: tuple[VerifierKey, ...]

    def is_its_own(self, shown: Checkpoint) -> bool:
        """Whether the register signed what is shown, with any key that it ever had: then it answers for it."""
        return any(_is_signed(shown, key) for key in self.keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """``before``: how many entries were seen last time; None the first time. ``said``: what is to be known besides."""

    checkpoint: Checkpoint
    before: int | None
    key: VerifierKey
    written: tuple[Path, ...]
    said: tuple[str, ...]


def witness(
    source: Path, key: Path, seen: Path, now: dt.datetime, *, said: dt.datetime | None = None, to: Path | None = None,
    log_key: Path | None = None,
) -> Witnessed:  # fmt: skip
    """Check what a register shows against what it showed before, and cosign it.

    ``source`` is a published folder, or a file with a request; ``seen`` the folder of this witness; ``log_key`` a key
    of the register that it trusts, and from then on knows. The cosigned checkpoint goes into the folder, or ``to`` a
    file. ``said``: the time, which only a rehearsal is told. Failed where it will not sign; SplitView, with the
    evidence kept in ``seen``, where the register shows two histories.
    """
    signing = read_signing_key(key, COSIGNATURE)
    told = read_verifier_key(log_key) if log_key else None
    view, steps, old = _asked(source)
    if to is None and not source.is_dir():
        raise SokeError("A request is answered into a file.", "Name it with --to.", str(source))
    if said is not None and not view.rehearsal:
        raise SokeError("Only for a rehearsal is a witness told what time it is.", "Leave out the time.", str(source))
    seen.mkdir(parents=True, exist_ok=True)
    with alone(seen):
        before, refusal = read_seen(seen, view.checkpoint.origin), None
        try:
            own, remarks = _trusted(view, before, told)
        except Failed as error:
            if before is None or not before.is_its_own(view.checkpoint):
                raise
            refusal = error

        def shows(earlier: Checkpoint) -> bool:
            if old is None:
                return goes_on(earlier, view)
            if old != earlier.size:
                fact = f"The request goes on from {old:,} entries, and this witness saw {earlier.size:,} last."
                raise SokeError(fact, f"Make it anew: soke register request FOLDER --old {earlier.size}.", str(source))
            return is_consistent(old, view.checkpoint.size, earlier.root, view.checkpoint.root, steps)

        try:
            check_goes_on(before.checkpoint if before else None, view.checkpoint, shows)
        except SplitView as error:
            kept = _keep_evidence(seen, before, view) if before else seen
            raise SplitView(f"{error} Nothing was signed. The evidence is kept in {kept}.") from None
        if refusal is not None:
            raise refusal
        cosigned = with_signatures(view.content, [cosign(view.checkpoint, signing, int((said or now).timestamp()))])
        named = [span.key for span in view.trust.keys] if view.trust else []
        known = [key for key in (*(before.keys if before else ()), *named) if key != own]
        keys = (*dict.fromkeys(known), own)
        _remember(seen, Seen(checkpoint=view.checkpoint, content=view.content, keys=keys))
        written = _written(source, view.checkpoint, cosigned, to)
    return Witnessed(checkpoint=view.checkpoint, before=before.checkpoint.size if before else None, key=own,
                     written=written, said=tuple(remarks))  # fmt: skip


def _asked(source: Path) -> tuple[View, tuple[bytes, ...], int | None]:
    """What is shown; of a request also its hashes and the size from which they go on."""
    if source.is_dir():
        view = read_view(source)
        if view.tree is None:
            raise SokeError("Neither log nor hashes are in the folder.", "A witness needs one of them.", str(source))
        return view, (), None
    try:
        old, steps, checkpoint, note = read_request(read_whole(source, str(source), LARGEST_NOTE))
    except Refused as error:
        raise SokeError(str(error), "Name a published folder, or a request.", str(source)) from None
    return View(where=str(source), checkpoint=checkpoint, content=note), steps, old


def _trusted(view: View, before: Seen | None, told: VerifierKey | None) -> tuple[VerifierKey, list[str]]:
    """The key in force, and how it comes to be trusted. Failed where it does not follow from what was trusted."""
    trust = view.trust or Trust()
    span = trust.in_force(view.checkpoint.size)
    given = told or (before.keys[-1] if before else None) or (span.key if span else view.key)
    if given is None:
        raise SokeError("This witness knows no key of the register.", "Name it with --log-key.", view.where)
    try:
        said, signed = check_key(view.checkpoint, trust, given)
    except Failed as error:
        more = " Nothing was signed. Where you are sure of another key, run it again with --log-key." if before else ""
        raise Failed(f"{error}{more}") from None
    if not signed:
        raise Failed("The signature cannot be checked here: the package cryptography is missing.")
    if before is None and told is None:
        said.insert(0, "Its key was taken as it stands there, since this is the first time: compare it with one from "
                       "another source.")  # fmt: skip
    return (span.key if span else given), said


def _is_signed(checkpoint: Checkpoint, key: VerifierKey) -> bool:
    try:
        return check_signature(checkpoint, key)
    except Failed:
        return False


def _place(seen: Path, origin: str) -> Path:
    plain = re.sub(r"[^A-Za-z0-9.-]+", "-", origin)[:60].strip("-.")
    return seen / f"{plain}-{hashlib.sha256(origin.encode()).hexdigest()[:8]}.json"


def read_seen(seen: Path, origin: str) -> Seen | None:
    """What this witness saw of a register last; None where it never saw it. SokeError where its file is damaged."""
    path = _place(seen, origin)
    if not path.exists():
        return None
    try:
        said: Any = json.loads(read_whole(path, str(path), 2 * LARGEST_NOTE))
        content = str(said["checkpoint"]).encode()
        checkpoint, keys = read_checkpoint(content), tuple(read_key(str(key)) for key in said["keys"])
        if checkpoint.origin != origin or not keys:
            raise ValueError(origin)
    except (Refused, ValueError, KeyError, TypeError):
        fact = "What this witness saw last cannot be read."
        raise SokeError(fact, "Restore it from a backup: without it nothing is signed.", str(path)) from None
    return Seen(checkpoint=checkpoint, content=content, keys=keys)


def _remember(seen: Path, now: Seen) -> None:
    keys = [key_text(key) for key in now.keys]
    said = {"log": now.checkpoint.origin, "keys": keys, "checkpoint": now.content.decode()}
    write_whole(_place(seen, now.checkpoint.origin), (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode())


def _keep_evidence(seen: Path, before: Seen, view: View) -> Path:
    """Both checkpoints as they were signed and, where the log is at hand, what it had in the place of the first."""
    shown = view.checkpoint
    said: dict[str, Any] = {"log": shown.origin, "seen": before.content.decode(), "shown": view.content.decode()}
    if view.tree is not None and before.checkpoint.size <= shown.size:
        size = before.checkpoint.size
        said |= {"root_then": view.tree.root(size).hex(),
                 "hashes": [step.hex() for step in view.tree.consistency(size, shown.size)]}  # fmt: skip
    path = seen / f"split-view-{_place(seen, shown.origin).stem}-{shown.size}-{shown.root.hex()[:8]}.json"
    write_whole(path, (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode())
    return path


def _written(source: Path, checkpoint: Checkpoint, cosigned: bytes, to: Path | None) -> tuple[Path, ...]:
    """Where the cosigned checkpoint lies now. A checkpoint that was published meanwhile is not written over."""
    if to is not None:
        write_whole(to, cosigned)
        return (to,)
    numbered = source / f"{CHECKPOINT}-{checkpoint.size}"
    write_whole(numbered, cosigned)
    if _size_in(source / CHECKPOINT) != checkpoint.size:
        return (numbered,)
    write_whole(source / CHECKPOINT, cosigned)
    return (numbered, source / CHECKPOINT)


def _size_in(path: Path) -> int:
    """How many entries the checkpoint in a file vouches for."""
    return read_checkpoint(path.read_bytes()).size
