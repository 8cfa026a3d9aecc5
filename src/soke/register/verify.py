"""Check the copy of a register, offline: nobody has to be trusted but the keeper of the published checkpoint.

    python3 verify.py REGISTER.jsonl --checkpoint CHECKPOINT --key KEY [--hashes HASHES]
    python3 verify.py --proof PROOF --checkpoint CHECKPOINT --key KEY

This file runs alone: it needs Python 3.9 or newer and its standard library; the package `cryptography` is used for the
signature, where it is installed. Exit status 0: verified; 1: the copy or the checkpoint is not what was published; 2:
a file cannot be read as what it should be.

**An entry** is one line: a JSON object with the keys ``seq`` (0, 1, 2, ... without a gap), ``deal``, ``kind``, ``at``
(UTC, to the second), ``by`` (role and person), ``tags`` and ``body``, in the one spelling of RFC 8785 (keys in the
order of their UTF-16 code units, no spaces, the shortest escapes). Numbers are whole; quantities with a fraction are
strings. Every byte of the line is hashed: nothing that matters stands outside.

**The root** (RFC 6962): leaf = SHA-256(0x00 || line), node = SHA-256(0x01 || left || right); a list of n > 1 entries is
split at the largest power of two below n, and its root is the node over the roots of the two parts. A **checkpoint**
(C2SP tlog-checkpoint) is the name of the log, the number of entries and the root, signed (Ed25519, signed note). To
edit, delete, renumber, insert or cut off what it vouches for, one must break SHA-256 or steal the key.

**Hashes** (optional): the published leaf hashes, one in hexadecimal a line. They must lead to the root of the
checkpoint, so they need no trust of their own; with them, the entry that was changed can be named.

**A proof** is a JSON object: one entry, its number (``index``), how many entries the checkpoint vouches for (``size``)
and the hashes that lead from the entry to the root. With ``since`` it also holds an older signed checkpoint, and the
hashes which show that the log only grew from there.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import datetime
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

LARGEST_LINE, DEEPEST, LARGEST_INTEGER = 1_000_000, 64, 2**53 - 1
LARGEST_NOTE = 100_000
BLOCK = 64  # lines that are read at a time
KEYS, BY_KEYS = {"at", "body", "by", "deal", "kind", "seq", "tags"}, {"role", "person"}
DIGITS = bytes(byte if 48 <= byte < 58 else 32 for byte in range(256)).translate(
    bytes(48 if 48 <= byte < 58 else byte for byte in range(256))
)  # every digit as 0 and every other byte as a space
LONG = b"0" * 16  # a shorter number is surely below 2^53
TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z", re.ASCII)
SIGNATURE = re.compile("\u2014 ([^ +\n]+) ([A-Za-z0-9+/=]+)")
NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
BRACKETS = re.compile(r'\\.|["\[\]{}]', re.DOTALL)


class Refused(Exception):
    """This cannot be read as what it should be. Exit status 2."""


class Failed(Exception):
    """This can be read, and is not what was published. Exit status 1."""


# --- strict JSON, and its one spelling (RFC 8785) ---


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(f"The key {_shown(twice)} stands twice in one object.")
    return found


def _integer(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > LARGEST_INTEGER:
        raise Refused(f"The number {_shown(text)} is beyond 2^53 - 1, where programs disagree. Write it as a string.")
    return int(text)


def _fraction(text: str) -> Any:
    raise Refused(f"The number {_shown(text)} is not whole. Write a quantity with a fraction as a string.")


def _constant(text: str) -> Any:
    raise Refused(f"{text} is not a JSON number.")


def _shown(text: str) -> str:
    return json.dumps(text if len(text) <= 40 else text[:40] + "...")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_fraction, parse_constant=_constant
)
_QUICK = json.JSONDecoder(parse_float=_fraction, parse_constant=_constant)
_SORTED = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)
_AS_IS = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def read_json(content: bytes) -> Any:
    """The value of a JSON text. Refused: duplicate keys, fractions, NaN, huge, deep, broken Unicode, NUL."""
    return _parse(_decoded(content))


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST_LINE:
        raise Refused(f"The text is longer than {LARGEST_LINE:,} bytes.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("The text is not UTF-8.") from None


def _parse(text: str) -> Any:
    if text.count("{") + text.count("[") > DEEPEST:
        _check_depth(text)
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise Refused(f"This is not JSON: {error.msg} at character {error.pos + 1}.") from None
    except RecursionError:
        raise Refused(f"The JSON is nested deeper than {DEEPEST} levels.") from None
    if "\\u" in text:  # only an escape can bring what UTF-8 cannot
        _check_text(_AS_IS.encode(value))
    return value


def _check_depth(text: str) -> None:
    depth, inside = 0, False
    for found in BRACKETS.finditer(text):
        mark = found.group()
        if mark == '"':
            inside = not inside
        elif not inside and mark in "[{":
            depth += 1
            if depth > DEEPEST:
                raise Refused(f"The JSON is nested deeper than {DEEPEST} levels.")
        elif not inside and mark in "]}":
            depth -= 1


def _check_text(text: str) -> bytes:
    if "\\u0000" in text and NUL.search(text):
        raise Refused("A string holds the character NUL.")
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise Refused("A string holds half of a surrogate pair, which is no character.") from None


def canonical(value: Any) -> bytes:
    """The one spelling of a value (RFC 8785; whole numbers only). Refused where JSON has no exact word for it."""
    _check_value([value], 0)
    content = _check_text(_spelled(value))
    if len(content) > LARGEST_LINE:
        raise Refused(f"The text is longer than {LARGEST_LINE:,} bytes.")
    return content


def _check_value(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise Refused(f"The value is nested deeper than {DEEPEST} levels.")
    if type(value) is dict:
        if not set(map(type, value)) <= {str}:
            raise Refused("A key is not a string.")
        value = value.values()
    for item in value:
        kind = type(item)
        if kind is dict or kind is list:
            _check_value(item, depth + 1)
        elif kind is int:
            if abs(item) > LARGEST_INTEGER:
                raise Refused("A number is beyond 2^53 - 1, where programs disagree. Write it as a string.")
        elif kind is not str and kind is not bool and item is not None:
            raise Refused(f"A value of type {kind.__name__} has no place in an entry: write a quantity as a string.")


def _spelled(value: Any) -> str:
    text = _SORTED.encode(value)
    if text.isascii() or max(text) <= "\uffff":
        return text
    return _AS_IS.encode(_in_order(value))  # beyond the first plane, code points and UTF-16 units sort differently


def _in_order(value: Any) -> Any:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return {key: _in_order(value[key]) for key in keys}
    return [_in_order(item) for item in value] if isinstance(value, list) else value


# --- an entry ---


@lru_cache(maxsize=4096)
def _is_time(text: str) -> bool:
    found = TIME.fullmatch(text)
    try:
        return bool(found and datetime.datetime(*map(int, found.groups())))  # type: ignore[arg-type]
    except ValueError:
        return False


def check_entry(value: Any) -> dict[str, Any]:
    """An entry with the keys and types that it must have. Refused where it has not."""
    if type(value) is not dict or value.keys() != KEYS:
        raise Refused(f"An entry is an object with the keys {', '.join(sorted(KEYS))} and no others.")
    if type(value["seq"]) is not int or value["seq"] < 0:
        raise Refused("seq is not a number from 0 up.")
    deal, kind, at, by = value["deal"], value["kind"], value["at"], value["by"]
    if type(deal) is not str or not deal or type(kind) is not str or not kind:
        raise Refused("deal or kind is not a name.")
    if type(at) is not str or not _is_time(at):
        raise Refused("at is not a time in UTC such as 2026-04-01T09:30:00Z.")
    if type(by) is not dict or by.keys() != BY_KEYS:
        raise Refused("by is not an object with a role and a person.")
    for name in by.values():
        if type(name) is not str or not name:
            raise Refused("The role or the person in by is not a name.")
    if type(value["tags"]) is not list:
        raise Refused("tags is not a list of names.")
    before = ""
    for tag in value["tags"]:
        if type(tag) is not str or tag <= before:
            raise Refused("tags are not names in order, each once.")
        before = tag
    if type(value["body"]) is not dict:
        raise Refused("body is not an object.")
    return value


def read_entry(line: bytes, seq: int) -> dict[str, Any]:
    """The entry in a line (without its end) that must be number ``seq``. Raises Refused or Failed."""
    text = _decoded(line)
    entry = check_entry(_parse(text))
    if _spelled(entry) != text:
        raise Failed("The entry is not in its one spelling (RFC 8785): it was edited or written by another program.")
    if entry["seq"] != seq:
        raise Failed(_out_of_place(entry["seq"], seq))
    return entry


def read_entries(lines: Sequence[bytes], first: int) -> list[dict[str, Any]]:
    """The entries of lines that must be number ``first`` and the next. Raises Refused or Failed, naming the line."""
    found = _quickly(lines, first)
    if found is not None:
        return found
    found = []
    for number, line in enumerate(lines, first):
        try:
            found.append(read_entry(line, number))
        except (Refused, Failed) as error:
            raise type(error)(f"Line {number + 1}: {error}") from None
    return found


def _quickly(lines: Sequence[bytes], first: int) -> list[dict[str, Any]] | None:
    """The entries of lines that are plainly well made, else None: then they are read strictly, to say what is wrong.

    Texts that are written again byte for byte have no duplicate key, space or odd escape. What that does not show is
    looked for first: depth, long numbers, and the escapes that bring what UTF-8 cannot.
    """
    texts, entries = [], []
    block = b"".join(lines)
    if b"\\u" in block or LONG in block.translate(DIGITS):
        return None
    try:
        for seq, line in enumerate(lines, first):
            if len(line) > LARGEST_LINE:
                return None
            if line.count(b"{") + line.count(b"[") > DEEPEST:
                return None
            text = line.decode("utf-8")
            value, end = _QUICK.raw_decode(text)
            if end != len(text) or check_entry(value)["seq"] != seq:
                return None
            texts.append(text)
            entries.append(value)
    except (ValueError, RecursionError, Refused):
        return None
    return entries if _spelled(entries) == f"[{','.join(texts)}]" else None


def _out_of_place(found: int, expected: int) -> str:
    if found > expected:
        missing = f"entry {expected} is" if found == expected + 1 else f"entries {expected} to {found - 1} are"
        return f"Entry {found} stands where entry {expected} belongs: {missing} missing, or entries were renumbered."
    return f"Entry {found} stands where entry {expected} belongs: an entry was inserted or renumbered."


# --- hashes and proofs (RFC 6962) ---


def leaf_hash(line: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + line).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The root of a growing list, in the memory of its logarithm: one hash for each complete part."""

    def __init__(self) -> None:
        self.size = 0
        self.parts: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        parts, size = self.parts, self.size
        while size & 1:
            leaf = node_hash(parts.pop(), leaf)
            size >>= 1
        parts.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        if not self.parts:
            return hashlib.sha256(b"").digest()
        found = self.parts[-1]
        for part in reversed(self.parts[:-1]):
            found = node_hash(part, found)
        return found


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Does the proof show that the leaf is number ``index`` of the ``size`` entries with this root?"""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(step, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Does the proof show that the first ``old`` of the ``new`` entries are those with the old root?"""
    if old in (0, new):
        return not proof and (old_root == new_root if old == new else old_root == Frontier().root())
    if not 0 < old < new or not proof:
        return False
    steps = list(proof) if old & (old - 1) else [old_root, *proof]
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, step)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


# --- checkpoints and keys (C2SP tlog-checkpoint, signed-note) ---


@dataclass(frozen=True)
class Checkpoint:
    """What a log vouches for. ``signed`` is the text under the signatures, each a (name, key id, signature)."""

    origin: str
    size: int
    root: bytes
    signed: bytes
    signatures: tuple[tuple[str, bytes, bytes], ...]


@dataclass(frozen=True)
class VerifierKey:
    name: str
    id: bytes
    public: bytes


def key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n\x01" + public).digest()[:4]


def from_base64(text: str) -> bytes:
    """Strict: the one spelling of these bytes. Refused otherwise."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused(f"{_shown(text)} is not base64.") from None
    if base64.b64encode(content).decode() != text:
        raise Refused(f"{_shown(text)} is not base64.")
    return content


def read_checkpoint(content: bytes) -> Checkpoint:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("The checkpoint is not UTF-8.") from None
    head, blank, tail = text.rpartition("\n\n")
    lines = head.split("\n")
    found = [SIGNATURE.fullmatch(line) for line in tail.splitlines()]
    if not blank or len(lines) < 3 or not lines[0] or not tail.endswith("\n") or not all(found):
        raise Refused("This is not a checkpoint: a name, a number and a root, a blank line, and signatures.")
    if not re.fullmatch("0|[1-9][0-9]{0,15}", lines[1]) or len(from_base64(lines[2])) != 32:
        raise Refused("The second line of a checkpoint is the number of entries, and the third the root in base64.")
    signatures = tuple((m[1], *_split(from_base64(m[2]))) for m in found if m)
    return Checkpoint(lines[0], int(lines[1]), from_base64(lines[2]), (head + "\n").encode(), signatures)


def _split(content: bytes) -> tuple[bytes, bytes]:
    return content[:4], content[4:]


def read_key(text: str) -> VerifierKey:
    """A verifier key, ``name+keyid+base64``. Refused where it is not one, or where its id does not fit."""
    name, plus, rest = text.strip().partition("+")
    shown_id, second, public = rest.partition("+")
    if not plus or not second or not name or not re.fullmatch("[0-9a-f]{8}", shown_id):
        raise Refused("This is not a verifier key: it is written name+id+key in one line.")
    content = from_base64(public)
    if len(content) != 33 or content[0] != 1:
        raise Refused("This is not an Ed25519 verifier key.")
    if key_id(name, content[1:]).hex() != shown_id:
        raise Refused("The id of the verifier key does not belong to it: it was copied wrongly.")
    return VerifierKey(name, bytes.fromhex(shown_id), content[1:])


def check_signature(checkpoint: Checkpoint, key: VerifierKey) -> bool:
    """True where the key signed it; False where `cryptography` is missing. Failed where the key did not sign it."""
    if checkpoint.origin != key.name:
        raise Failed(f"The checkpoint is of the log {checkpoint.origin}, and the key of {key.name}.")
    ours = [s for name, number, s in checkpoint.signatures if (name, number) == (key.name, key.id)]
    if not ours:
        raise Failed("The checkpoint is not signed with this key.")
    try:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  # the hashes are checked without it
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415
    except ImportError:
        return False
    try:
        for signature in ours:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, checkpoint.signed)
    except (InvalidSignature, ValueError):
        raise Failed("The signature on the checkpoint is forged, or its text was changed.") from None
    return True


# --- a whole log ---


def read_lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a log, each without its end. Never holds more than one."""
    number = 0
    while line := file.readline(LARGEST_LINE + 2):
        number += 1
        if not line.endswith(b"\n"):
            if len(line) > LARGEST_LINE:
                raise Refused(f"Line {number}: The text is longer than {LARGEST_LINE:,} bytes.")
            raise Failed(f"Line {number}: The file ends in the middle of a line: its end was cut off.")
        yield line[:-1]


def read_hashes(content: bytes, checkpoint: Checkpoint) -> list[bytes]:
    """The published leaf hashes. Failed where they do not lead to the root of the checkpoint."""
    try:
        hashes = [bytes.fromhex(line) for line in content.decode("ascii").splitlines()]
    except ValueError:
        raise Refused("The file of hashes is not one hash in hexadecimal a line.") from None
    if root_of(hashes[: checkpoint.size]) != checkpoint.root or len(hashes) < checkpoint.size:
        raise Failed("The published hashes do not lead to the root of the checkpoint: they belong to another one.")
    return hashes[: checkpoint.size]


def root_of(hashes: Iterable[bytes]) -> bytes:
    frontier = Frontier()
    for leaf in hashes:
        frontier.add(leaf)
    return frontier.root()


def verify_log(lines: Iterable[bytes], checkpoint: Checkpoint | None, hashes: Sequence[bytes] = ()) -> Frontier:
    """Read every entry and compare with the checkpoint. Returns size and root; raises Refused or Failed."""
    frontier = Frontier()
    vouched = checkpoint.size if checkpoint else 0
    root = frontier.root() if vouched == 0 else b""
    coming = iter(lines)
    while block := list(islice(coming, BLOCK)):
        read_entries(block, frontier.size)
        for line in block:
            number, leaf = frontier.size, leaf_hash(line)
            if number < len(hashes) and leaf != hashes[number]:
                raise Failed(f"Line {number + 1}: Entry {number} is not the entry that was published: it was changed.")
            frontier.add(leaf)
            if frontier.size == vouched:
                root = frontier.root()
    if checkpoint and frontier.size < vouched:
        raise Failed(
            f"The log is shorter than the checkpoint vouches for: it holds {frontier.size:,} entries of "
            f"{vouched:,}. Its end was cut off, or entries were deleted and the rest renumbered."
        )
    if checkpoint and root != checkpoint.root:
        raise Failed(
            f"The first {vouched:,} entries are not those that the checkpoint vouches for: at least one was edited, "
            "replaced, inserted or deleted with the rest renumbered. The published hashes (--hashes) tell which."
        )
    return frontier


# --- one entry, without its log ---


def check_proof(content: bytes, checkpoint: Checkpoint) -> tuple[dict[str, Any], Checkpoint | None]:
    """The entry that a proof shows to be in the log, and the older checkpoint from which it shows the log to grow.

    Raises Refused or Failed. Who signed the older checkpoint is still to be checked."""
    value = _parse(_decoded(content))
    if type(value) is not dict or not {"entry", "hashes", "index", "size"} <= value.keys():
        raise Refused("This is not a proof: it has an entry, its index, the size and hashes.")
    line = canonical(check_entry(value["entry"]))
    if value["size"] != checkpoint.size:
        raise Failed(f"The proof is for {value['size']} entries, and the checkpoint vouches for {checkpoint.size:,}.")
    steps, index = _hashes(value["hashes"]), value["index"]
    at_place = type(index) is int and index == value["entry"]["seq"]
    if not at_place or not is_included(leaf_hash(line), index, checkpoint.size, steps, checkpoint.root):
        raise Failed("The entry is not one that the checkpoint vouches for, or the proof was changed.")
    since = value.get("since")
    if since is None:
        return value["entry"], None
    if type(since) is not dict or type(since.get("checkpoint")) is not str:
        raise Refused("since is not an object with a checkpoint and hashes.")
    older = read_checkpoint(since["checkpoint"].encode())
    grown = _hashes(since.get("hashes"))
    if older.origin != checkpoint.origin or not is_consistent(
        older.size, checkpoint.size, older.root, checkpoint.root, grown
    ):
        raise Failed("The log does not go on from the older checkpoint: what it vouched for was changed.")
    return value["entry"], older


def _hashes(value: Any) -> list[bytes]:
    if type(value) is not list or not all(type(one) is str and re.fullmatch("[0-9a-f]{64}", one) for one in value):
        raise Refused("hashes are not a list of hashes in hexadecimal.")
    return [bytes.fromhex(one) for one in value]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check the copy of a register against a published checkpoint.")
    parser.add_argument("log", nargs="?", help="the register: one entry a line (JSONL)")
    parser.add_argument("--proof", help="instead of the register: the proof of one entry")
    parser.add_argument("--checkpoint", required=True, help="the published checkpoint")
    parser.add_argument("--key", help="the verifier key of the register, from a source that you trust")
    parser.add_argument("--hashes", help="the published hashes: they tell which entry was changed")
    parser.add_argument("--no-signature", action="store_true", help="do not ask who signed the checkpoint")
    chosen = parser.parse_args(arguments)
    if bool(chosen.log) == bool(chosen.proof):
        parser.error("name a register, or a proof with --proof")
    try:
        return _run(chosen)
    except Failed as error:
        print(f"NOT VERIFIED. {error}")
        return 1
    except Refused as error:
        print(f"Cannot be read. {error}", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"Cannot be read. {error.filename}: {error.strerror}.", file=sys.stderr)
        return 2


def _run(chosen: argparse.Namespace) -> int:
    checkpoint = read_checkpoint(_small(chosen.checkpoint))
    signed, key = False, None
    if not chosen.no_signature and chosen.key:
        key = read_key(_small(chosen.key).decode("utf-8", "replace"))
        signed = check_signature(checkpoint, key)
    if chosen.proof:
        _run_proof(chosen.proof, checkpoint, key)
        return _said(chosen, signed)
    hashes = read_hashes(Path(chosen.hashes).read_bytes(), checkpoint) if chosen.hashes else []
    with Path(chosen.log).open("rb") as file:
        found = verify_log(read_lines(file), checkpoint, hashes)
    later = found.size - checkpoint.size
    print(f"The {checkpoint.size:,} entries of {checkpoint.origin} are those that the checkpoint vouches for.")
    if later:
        print(f"After them come {later:,} newer entries, for which this checkpoint does not vouch.")
    return _said(chosen, signed)


def _run_proof(path: str, checkpoint: Checkpoint, key: VerifierKey | None) -> None:
    with Path(path).open("rb") as file:
        entry, older = check_proof(file.read(LARGEST_LINE + 1), checkpoint)
    if older is not None and key is not None:
        check_signature(older, key)
    place = f"Entry {entry['seq']} of {checkpoint.origin}"
    print(f"{place} is one of the {checkpoint.size:,} that the checkpoint vouches for. It says:")
    print(json.dumps({name: entry[name] for name in ("at", "deal", "kind", "by", "body")}, indent=1))
    if older is not None:
        print(f"The log goes on from the older checkpoint of {older.size:,} entries: none of them was changed.")


def _said(chosen: argparse.Namespace, signed: bool) -> int:
    if signed:
        print("VERIFIED. The checkpoint is signed with the key that you gave.")
        return 0
    why = "you gave no key (--key)" if not chosen.key else "the Python package cryptography is not installed"
    print(f"The signature was not checked: {'you asked for that' if chosen.no_signature else why}.")
    return 0 if chosen.no_signature else 1


def _small(path: str) -> bytes:
    with Path(path).open("rb") as file:
        content = file.read(LARGEST_NOTE + 1)
    if len(content) > LARGEST_NOTE:
        raise Refused(f"{path} is larger than {LARGEST_NOTE:,} bytes.")
    return content


if __name__ == "__main__":
    sys.exit(main())
