"""Check the copy of a register, offline: nobody has to be trusted but the keeper of the published checkpoint.

    python3 verify.py REGISTER.jsonl --checkpoint CHECKPOINT --key KEY [--hashes HASHES] [--witness KEY ...]
    python3 verify.py --proof PROOF --checkpoint CHECKPOINT --key KEY

This file runs alone: it needs Python 3.9 or newer and its standard library; the package `cryptography` is used for the
signatures, where it is installed. Exit status 0: verified; 1: the copy or the checkpoint is not what was published; 2:
a file cannot be read as what it should be. The last line on standard output says which. What is printed from a file
cannot steer a terminal: what is not plainly a letter, a mark or a space is printed as an escape.

**An entry** is one line: a JSON object with the keys ``seq`` (0, 1, 2, ... without a gap), ``deal``, ``kind``, ``at``
(UTC, to the second), ``by`` (role and person), ``tags`` and ``body``, in the one spelling of RFC 8785 (keys in the
order of their UTF-16 code units, no spaces, the shortest escapes). Numbers are whole; quantities with a fraction are
strings. Every byte of the line is hashed: nothing that matters stands outside.

**The root** (RFC 6962): leaf = SHA-256(0x00 || line), node = SHA-256(0x01 || left || right); a list of n > 1 entries is
split at the largest power of two below n, and its root is the node over the roots of the two parts. A **checkpoint**
(C2SP tlog-checkpoint) is the name of the log, the number of entries and the root, signed (Ed25519, signed note). To
edit, delete, renumber, insert or cut off what it vouches for, one must break SHA-256 or steal the key.

**The key** that signs for a register stands in its first entry (``register.opened``, or later ``key.named``). An entry
``key.rotated`` puts another in its place: the old key signs the statement of the new one, and so does the new. Where
the old one was lost, ``key.reanchored`` does it on the word of people: both sides of each deal and a witness. A
checkpoint of n entries is signed with the key that is in force after them: the new key signs for no size before its
entry, the old one for none after it. An older key that you trust will do where one signed over to the next.

**Witnesses** (C2SP tlog-cosignature) are others who sign a checkpoint after they saw that the log only grew since the
last one that they saw. A register may say whom it has for it, and how many of them are needed (``witness.named``).

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
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

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
NAME = re.compile(r"[^\s+]{1,200}")
ED25519, COSIGNATURE = 1, 4  # how signed notes number kinds of keys: of a log, of a witness
STATEMENT = "soke.register: one key follows another, version 1"
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # letters and marks that print as nothing
MOST_MARKS = 4  # on one letter
MOST_KEYS, MOST_WITNESSES = 1_000, 100  # of one register
LATEST = 253_402_300_799  # the last second of the year 9999
WINDOWS = (
    "has the line ends of Windows (CR LF), as git writes them with core.autocrlf. Nothing else need be wrong: download "
    "it again unchanged, or set core.autocrlf to false and check it out anew."
)
NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
BRACKETS = re.compile(r'\\.|["\[\]{}]', re.DOTALL)


class Refused(Exception):
    """This cannot be read as what it should be. Exit status 2."""


class Failed(Exception):
    """This can be read, and is not what was published. Exit status 1."""


# --- what a terminal may get ---


def shown(text: str) -> str:
    """The text in one line, with escapes for what could steer a terminal or mislead the eye."""
    if text.isascii() and text.isprintable():
        return text
    found, marks = [], 0
    for letter in text:
        marks = marks + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        found.append(letter if _is_plain(letter) and marks <= MOST_MARKS else _escape(letter))
    return "".join(found)


def _is_plain(letter: str) -> bool:
    return letter.isprintable() and letter not in BLANK


def _escape(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if letter <= "\uffff" else f"\\U{ord(letter):08x}"


def check_name(name: str, whose: str) -> str:
    """The name of a log, a key or a witness. Refused where it has a space, a plus sign, or what cannot be seen."""
    if not NAME.fullmatch(name) or shown(name) != name:
        raise Refused(f"{_shown(name)} is no name of {whose}: up to 200 letters and signs that can be seen, no space.")
    return name


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
    """``kind``: 1 signs a log (Ed25519), 4 is of a witness and signs with the time (cosignature/v1)."""

    name: str
    id: bytes
    public: bytes
    kind: int = ED25519


def key_id(name: str, public: bytes, kind: int = ED25519) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def key_text(key: VerifierKey) -> str:
    """The one line that everybody may have: ``name+id+base64(kind || public key)``."""
    return f"{key.name}+{key.id.hex()}+{base64.b64encode(bytes([key.kind]) + key.public).decode()}"


def _short(key: VerifierKey) -> str:
    return f"{key.name}+{key.id.hex()}"


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
    if "\r\n" in text:
        raise Refused(f"The checkpoint {WINDOWS}")
    head, blank, tail = text.rpartition("\n\n")
    lines = head.split("\n")
    found = [SIGNATURE.fullmatch(line) for line in tail[:-1].split("\n")]
    if not blank or len(lines) < 3 or not lines[0] or not tail.endswith("\n") or not all(found):
        raise Refused("This is not a checkpoint: a name, a number and a root, a blank line, and signatures.")
    if not re.fullmatch("0|[1-9][0-9]{0,15}", lines[1]) or len(from_base64(lines[2])) != 32:
        raise Refused("The second line of a checkpoint is the number of entries, and the third the root in base64.")
    for name in (lines[0], *(m[1] for m in found if m)):
        check_name(name, "a log or of who signed its checkpoint")
    signatures = tuple((m[1], *_split(from_base64(m[2]))) for m in found if m)
    return Checkpoint(lines[0], int(lines[1]), from_base64(lines[2]), (head + "\n").encode(), signatures)


def _split(content: bytes) -> tuple[bytes, bytes]:
    return content[:4], content[4:]


def read_key(text: str, kind: int = ED25519) -> VerifierKey:
    """A verifier key, ``name+keyid+base64``. Refused where it is not one, or where its id does not fit."""
    name, plus, rest = text.strip().partition("+")
    shown_id, second, public = rest.partition("+")
    if not plus or not second or not name or not re.fullmatch("[0-9a-f]{8}", shown_id):
        raise Refused("This is not a verifier key: it is written name+id+key in one line.")
    content = from_base64(public)
    if len(content) != 33 or content[0] not in (ED25519, COSIGNATURE):
        raise Refused("This is not an Ed25519 verifier key.")
    if content[0] != kind:
        whose = {ED25519: "a register", COSIGNATURE: "a witness"}
        raise Refused(f"This is the key of {whose[content[0]]}, not of {whose[kind]}.")
    check_name(name, "a key")
    if key_id(name, content[1:], kind).hex() != shown_id:
        raise Refused("The id of the verifier key does not belong to it: it was copied wrongly.")
    return VerifierKey(name, bytes.fromhex(shown_id), content[1:], kind)


def is_signed(text: bytes, signature: bytes, key: VerifierKey) -> bool | None:
    """Whether the key signed the text; None where `cryptography` is missing."""
    try:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  # the hashes are checked without it
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415
    except ImportError:
        return None
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def check_signature(checkpoint: Checkpoint, key: VerifierKey) -> bool:
    """True where the key signed it; False where `cryptography` is missing. Failed where the key did not sign it."""
    if checkpoint.origin != key.name:
        raise Failed(f"The checkpoint is of the log {checkpoint.origin}, and the key of {key.name}.")
    ours = [s for name, number, s in checkpoint.signatures if (name, number) == (key.name, key.id)]
    if not ours:
        raise Failed("The checkpoint is not signed with this key.")
    found = [is_signed(checkpoint.signed, signature, key) for signature in ours]
    if False in found:
        raise Failed("The signature on the checkpoint is forged, or its text was changed.")
    return None not in found


# --- the keys and witnesses that a register names in its own entries ---


@dataclass(frozen=True)
class KeySpan:
    """A key of the register, and the entry from which on it signs. ``kind``: of that entry."""

    key: VerifierKey
    since: int
    kind: str


def statement(name: str, number: int, old: str, new: str) -> bytes:
    """What is signed when key number ``number`` (the first is 1) follows another. ``old`` is empty for a first key."""
    return f"{STATEMENT}\n{name}\n{number}\n{old}\n{new}\n".encode()


def check_follows(name: str, before: Sequence[VerifierKey], kind: str, body: dict[str, Any]) -> VerifierKey:
    """The key that an entry ``key.named``, ``key.rotated`` or ``key.reanchored`` puts in force after those ``before``.

    Failed where it may not follow, or where the signatures are not there. Without `cryptography` they are not asked.
    """
    try:
        new = read_key(body["key"])
        proof = from_base64(body["proof"])
        signature = from_base64(body["signature"]) if kind == "key.rotated" else b""
    except (KeyError, TypeError, AttributeError):
        raise Failed(f"An entry {kind} has a key and signatures.") from None
    except Refused as error:
        raise Failed(str(error)) from None
    if new.name != name:
        raise Failed(f"The key is of {new.name}, and the register is {name}.")
    if (kind == "key.named") is bool(before):
        raise Failed("The register has a key already." if before else "The register has no key that could be followed.")
    if len(before) >= MOST_KEYS:
        raise Failed(f"A register has {MOST_KEYS:,} keys at most.")
    if new.public in {key.public for key in before}:
        raise Failed("A key that was in force once is never put in force again.")
    text = statement(name, len(before) + 1, key_text(before[-1]) if before else "", key_text(new))
    if kind == "key.rotated" and is_signed(text, signature, before[-1]) is False:
        raise Failed("The key that is in force did not sign that this one follows it.")
    if is_signed(text, proof, new) is False:
        raise Failed("The new key did not sign that it follows: nobody is shown to have it.")
    return new


def distinct(texts: Sequence[str]) -> list[VerifierKey]:
    """The keys of witnesses. Refused where one is no such key, or where a witness or a key stands there twice."""
    keys = [read_key(text, COSIGNATURE) for text in texts]
    for number, key in enumerate(keys):
        if any(key.name == other.name or key.public == other.public for other in keys[:number]):
            raise Refused(f"The witness {key.name} is named twice, or has the key of another.")
    return keys


@dataclass
class Trust:
    """What a register says of its own keys and witnesses, read entry by entry, in their order."""

    name: str = ""
    keys: list[KeySpan] = field(default_factory=list)
    witnesses: list[VerifierKey] = field(default_factory=list)
    need: int = 0

    def take(self, entry: dict[str, Any]) -> None:
        """Take an entry in; what is not about keys or witnesses is passed over. Failed where it cannot be right."""
        if entry["deal"] != "register":
            return
        try:
            self._take(entry["kind"], entry["body"], entry["seq"])
        except (Refused, Failed) as error:
            raise Failed(f"Entry {entry['seq']} ({entry['kind']}): {error}") from None

    def _take(self, kind: str, body: dict[str, Any], seq: int) -> None:
        if kind == "register.opened" and not self.name:
            self.name = str(body.get("name", ""))
            if "key" in body:
                key = read_key(str(body["key"]))
                if key.name != self.name:
                    raise Failed(f"The key is of {key.name}, and the register is {self.name}.")
                self.keys.append(KeySpan(key, seq, kind))
        elif kind in ("key.named", "key.rotated", "key.reanchored"):
            key = check_follows(self.name, [span.key for span in self.keys], kind, body)
            self.keys.append(KeySpan(key, seq, kind))
        elif kind == "witness.named":
            texts, need = body.get("witnesses"), body.get("need")
            if type(texts) is not list or type(need) is not int or not 0 < need <= len(texts) <= MOST_WITNESSES:
                raise Failed(
                    f"It needs no more witnesses than it names, one at least; it names {MOST_WITNESSES} at most."
                )
            self.witnesses, self.need = distinct([str(text) for text in texts]), need
        if {span.key.public for span in self.keys} & {witness.public for witness in self.witnesses}:
            raise Failed("The register's own key is no witness to it.")

    def in_force(self, size: int) -> KeySpan | None:
        """The key that signs a checkpoint of that many entries; None where the entries before it name none."""
        return next((span for span in reversed(self.keys) if span.since < size), None)


def cosigned(checkpoint: Checkpoint, witness: VerifierKey) -> int | None:
    """When a witness cosigned the checkpoint, in seconds since 1970; None where it did not, or nobody can tell."""
    for name, number, content in checkpoint.signatures:
        if (name, number) == (witness.name, witness.id) and len(content) == 72:
            time = int.from_bytes(content[:8], "big")
            text = cosignature_text(checkpoint.signed, time)
            if 0 < time <= LATEST and is_signed(text, content[8:], witness):
                return time
    return None


def cosignature_text(signed: bytes, time: int) -> bytes:
    """What a witness signs (C2SP tlog-cosignature, cosignature/v1)."""
    return f"cosignature/v1\ntime {time}\n".encode() + signed


def check_trust(
    checkpoint: Checkpoint, trust: Trust, key: VerifierKey, mine: Sequence[VerifierKey] = (), need: int = 0
) -> tuple[list[str], str]:
    """Sentences on who signed a checkpoint, and with what; nothing where `cryptography` is missing.

    ``key``: the one that the reader trusts; ``mine`` the witnesses that he trusts, of whom he wants ``need``. Failed
    where the key is not the register's, did not sign, or where witnesses are wanting.
    """
    said, signed = check_key(checkpoint, trust, key, vouched=bool(mine))
    if signed:
        said += count_witnesses("the register names", checkpoint, trust.witnesses, trust.need)
        said += count_witnesses("you trust", checkpoint, mine, need) if mine else []
    return said, signed


def check_key(
    checkpoint: Checkpoint, trust: Trust, key: VerifierKey, *, vouched: bool = False
) -> tuple[list[str], str]:
    """The same of the key alone. ``vouched``: others will say that a key in the place of a lost one is right."""
    said: list[str] = []
    if trust.name not in ("", checkpoint.origin):
        raise Failed(f"The checkpoint is of the log {checkpoint.origin}, and these entries are of {trust.name}.")
    span = trust.in_force(checkpoint.size)
    own = span.key if span else key
    followed = own != key
    if followed:
        _check_leads(checkpoint, trust, key, own)
        said.append(f"The key that is trusted was followed by another: entry {_after(trust, key).since} names it.")
    if not check_signature(checkpoint, own):
        return said, ""
    lost = [one for one in trust.keys if one.kind == "key.reanchored" and one.since < checkpoint.size]
    for one in lost:
        said.append(f"A key was lost: since entry {one.since} another stands in its place, on the word of both sides "
                    "and a witness of each deal in force. The old key did not sign it.")  # fmt: skip
    if followed and not vouched and any(one.since > _span(trust, key).since for one in lost):
        raise Failed(
            "From the key that you gave nobody can tell that the one in its place is right, since the key was lost: "
            "give the new one, from a source that you trust, or the key of a witness whom you trust (--witness)."
        )
    return said, "a key that follows from the one that you gave" if followed else "the key that you gave"


def _span(trust: Trust, key: VerifierKey) -> KeySpan:
    return next(span for span in trust.keys if span.key == key)


def _after(trust: Trust, key: VerifierKey) -> KeySpan:
    return trust.keys[trust.keys.index(_span(trust, key)) + 1]


def _check_leads(checkpoint: Checkpoint, trust: Trust, key: VerifierKey, own: VerifierKey) -> None:
    """Failed unless the key that was given was one of the register's before the one that is in force."""
    if checkpoint.origin != key.name:
        raise Failed(f"The checkpoint is of the log {checkpoint.origin}, and the key of {key.name}.")
    known = [span for span in trust.keys if span.key == key]
    if known and known[0].since >= checkpoint.size:
        raise Failed(
            f"The key that you gave signs only from entry {known[0].since} on, and this checkpoint is of "
            f"{checkpoint.size:,} entries: take a newer checkpoint."
        )
    if not known:
        by = (key.name, key.id) in [(name, number) for name, number, _ in checkpoint.signatures]
        signed = "signed with the key that you gave, which" if by else "not signed with this key, and it"
        raise Failed(f"The checkpoint is {signed} is none of the register so far: its own entries name {_short(own)}.")


def _day(time: int) -> str:
    return f"{datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=time):%Y-%m-%d}"


def count_witnesses(whose: str, checkpoint: Checkpoint, witnesses: Sequence[VerifierKey], need: int) -> list[str]:
    """A sentence on the witnesses. Failed where fewer cosigned than are needed. Each key and each name counts once."""
    found: dict[bytes, tuple[str, int]] = {}
    for one in witnesses:
        time = cosigned(checkpoint, one)
        if time is not None and one.name not in [name for name, _ in found.values()]:
            found.setdefault(one.public, (one.name, time))
    if len(found) < need:
        missing = [one.name for one in witnesses if one.public not in found]
        raise Failed(
            f"Of the {len(witnesses)} witnesses that {whose}, {len(found)} cosigned this checkpoint, and {need} are "
            f"needed: {need - len(found)} wanting (of {', '.join(missing)})."
        )
    if not witnesses:
        return []
    named = ", ".join(f"{name} on {_day(time)}" for name, time in found.values())
    return [f"Cosigned by {len(found)} of the {len(witnesses)} witnesses that {whose} ({need} needed): {named}."]


# --- a whole log ---


def read_lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a log, each without its end. Never holds more than one."""
    number = 0
    while line := file.readline(LARGEST_LINE + 2):
        number += 1
        if line.endswith(b"\r\n"):
            raise Refused(f"{getattr(file, 'name', 'The log')} {WINDOWS}")
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


def verify_log(
    lines: Iterable[bytes],
    checkpoint: Checkpoint | None,
    hashes: Sequence[bytes] = (),
    take: Callable[[dict[str, Any]], object] | None = None,
) -> Frontier:
    """Read every entry and compare with the checkpoint. Returns size and root; raises Refused or Failed.

    ``take`` is given the entries about the register itself that the checkpoint vouches for."""
    frontier = Frontier()
    vouched = checkpoint.size if checkpoint else 0
    root = frontier.root() if vouched == 0 else b""
    coming = iter(lines)
    while block := list(islice(coming, BLOCK)):
        entries = read_entries(block, frontier.size)
        if take is not None:
            for entry in entries:
                if entry["deal"] == "register" and (checkpoint is None or entry["seq"] < vouched):
                    take(entry)
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


PROOF_KEYS = {"proof", "log", "size", "index", "entry", "hashes", "since", "keys"}


def check_proof(
    content: bytes, checkpoint: Checkpoint, trust: Trust | None = None
) -> tuple[dict[str, Any], Checkpoint | None]:
    """The entry that a proof shows to be in the log, and the older checkpoint from which it shows the log to grow.

    Raises Refused or Failed. Who signed the older checkpoint is still to be checked. ``trust`` takes in the entries
    about keys that the proof shows."""
    value = _parse(_decoded(content))
    if type(value) is not dict or not {"entry", "hashes", "index", "size"} <= value.keys():
        raise Refused("This is not a proof: it has an entry, its index, the size and hashes.")
    _no_others("A proof", value, PROOF_KEYS)
    if value.get("proof", 1) != 1 or value.get("log", checkpoint.origin) != checkpoint.origin:
        raise Failed(f"The proof is of another form, or not of the log {checkpoint.origin}.")
    if value["size"] != checkpoint.size:
        raise Failed(f"The proof is for {_number(value['size'])} entries, and the checkpoint vouches for "
                     f"{checkpoint.size:,}.")  # fmt: skip
    entry = _included(value["entry"], value["index"], value["hashes"], checkpoint)
    keys = value.get("keys", [])
    for one in keys if type(keys) is list else [None]:
        if type(one) is not dict or one.keys() != {"entry", "hashes"}:
            raise Refused("keys is not a list of objects with an entry and hashes.")
        shown_too = _included(one["entry"], None, one["hashes"], checkpoint)
        if trust is not None:
            trust.take(shown_too)
    since = value.get("since")
    if since is None:
        return entry, None
    if type(since) is not dict or type(since.get("checkpoint")) is not str:
        raise Refused("since is not an object with a checkpoint and hashes.")
    _no_others("since", since, {"checkpoint", "hashes"})
    older = read_checkpoint(since["checkpoint"].encode())
    grown = _hashes(since.get("hashes"))
    if older.origin != checkpoint.origin or not is_consistent(
        older.size, checkpoint.size, older.root, checkpoint.root, grown
    ):
        raise Failed("The log does not go on from the older checkpoint: what it vouched for was changed.")
    return entry, older


def _number(value: Any) -> str:
    return str(value) if type(value) is int else _shown(str(value))


def _no_others(what: str, value: dict[str, Any], known: set[str]) -> None:
    more = sorted(value.keys() - known)
    if more:
        raise Refused(f"{what} has no key {_shown(more[0])}: it has {', '.join(sorted(known))}, and nothing else.")


def _included(entry: Any, index: Any, hashes: Any, checkpoint: Checkpoint) -> dict[str, Any]:
    """The entry, where the hashes lead from it to the root; ``index`` None stands for the number that it says."""
    line = canonical(check_entry(entry))
    steps, index = _hashes(hashes), entry["seq"] if index is None else index
    at_place = type(index) is int and index == entry["seq"]
    if not at_place or not is_included(leaf_hash(line), index, checkpoint.size, steps, checkpoint.root):
        raise Failed("The entry is not one that the checkpoint vouches for, or the proof was changed.")
    found: dict[str, Any] = entry
    return found


def _hashes(value: Any) -> list[bytes]:
    if type(value) is not list or not all(type(one) is str and re.fullmatch("[0-9a-f]{64}", one) for one in value):
        raise Refused("hashes are not a list of hashes in hexadecimal.")
    return [bytes.fromhex(one) for one in value]


# --- the program ---

IN_WORDS = ("verified", "not verified", "a file cannot be read as what it should be")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Refused(f"{message}. python3 verify.py --help shows how it is asked.")


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status; the last line of what is printed says it in words."""
    try:
        status, verdict = _run(_chosen(arguments))
    except Failed as error:
        status, verdict = 1, f"NOT VERIFIED. {error}"
    except Refused as error:
        status, verdict = 2, f"Cannot be read. {error}"
    except OSError as error:
        status, verdict = 2, f"Cannot be read. {error.filename}: {error.strerror}."
    _say(f"{verdict} Exit status {status}: {IN_WORDS[status]}.")
    return status


def _say(text: str) -> None:
    """A line on standard output, in letters that it has."""
    coding = getattr(sys.stdout, "encoding", None) or "utf-8"
    print(shown(text).encode(coding, "backslashreplace").decode(coding))


def _chosen(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = _Parser(description="Check the copy of a register against a published checkpoint.", allow_abbrev=False)
    parser.add_argument("log", nargs="?", help="the register: one entry a line (JSONL)")
    parser.add_argument("--proof", help="instead of the register: the proof of one entry")
    parser.add_argument("--checkpoint", required=True, help="the published checkpoint")
    parser.add_argument("--key", help="the verifier key of the register, from a source that you trust")
    parser.add_argument("--hashes", help="the published hashes: they tell which entry was changed")
    parser.add_argument(
        "--witness", action="append", default=[], help="the key of a witness whom you trust; again for each"
    )
    parser.add_argument("--need", type=int, help="how many of these witnesses you want; all, where you do not say")
    parser.add_argument("--no-signature", action="store_true", help="do not ask who signed the checkpoint")
    chosen = parser.parse_args(arguments)
    if bool(chosen.log) == bool(chosen.proof):
        parser.error("name a register, or a proof with --proof")
    if chosen.need is not None and not 0 < chosen.need <= len(chosen.witness):
        parser.error("--need is a number from 1 to how many witnesses you name with --witness")
    return chosen


def _run(chosen: argparse.Namespace) -> tuple[int, str]:
    checkpoint = _read(chosen.checkpoint, read_checkpoint)
    key = _read(chosen.key, _key) if chosen.key and not chosen.no_signature else None
    mine = distinct([_read(path, lambda content: key_text(_key(content, COSIGNATURE))) for path in chosen.witness])
    need = chosen.need or len(mine)
    trust = Trust()
    if chosen.proof:
        older = _run_proof(chosen.proof, checkpoint, trust)
    else:
        older = None
        _run_log(chosen, checkpoint, trust)
    if chosen.no_signature:
        return 0, "The entries are right. The signature was not checked: you asked for that."
    if key is None:
        return 1, "NOT VERIFIED. The signature was not checked: you gave no key (--key)."
    said, signed = check_trust(checkpoint, trust, key, mine, need)
    if older is not None:
        span = trust.in_force(older.size)
        check_signature(older, span.key if span else key)
    for line in said:
        _say(line)
    if not signed:
        return 1, "NOT VERIFIED. The signature was not checked: the Python package cryptography is not installed."
    return 0, f"VERIFIED. The checkpoint is signed with {signed}."


def _run_log(chosen: argparse.Namespace, checkpoint: Checkpoint, trust: Trust) -> None:
    hashes = _read(chosen.hashes, lambda found: read_hashes(found, checkpoint), 0) if chosen.hashes else []
    about_itself: list[dict[str, Any]] = []
    with Path(chosen.log).open("rb") as file:
        found = verify_log(read_lines(file), checkpoint, hashes, about_itself.append)
    for entry in about_itself if not chosen.no_signature else ():
        trust.take(entry)
    later = found.size - checkpoint.size
    _say(f"The {checkpoint.size:,} entries of {checkpoint.origin} are those that the checkpoint vouches for.")
    if later:
        _say(f"After them come {later:,} newer entries, for which this checkpoint does not vouch.")


def _run_proof(path: str, checkpoint: Checkpoint, trust: Trust) -> Checkpoint | None:
    with Path(path).open("rb") as file:
        entry, older = check_proof(file.read(LARGEST_LINE + 1), checkpoint, trust)
    _say(f"Entry {entry['seq']} of {checkpoint.origin} is one of the {checkpoint.size:,} that the checkpoint vouches "
         "for. It says:")  # fmt: skip
    for line in json.dumps({name: entry[name] for name in ("at", "deal", "kind", "by", "body")}, indent=1).split("\n"):
        _say(line)
    if older is not None:
        _say(f"The log goes on from the older checkpoint of {older.size:,} entries: none of them was changed.")
    return older


def _key(content: bytes, kind: int = ED25519) -> VerifierKey:
    return read_key(content.decode("utf-8", "replace"), kind)


def _read(path: str, reader: Callable[[bytes], Any], largest: int = LARGEST_NOTE) -> Any:
    """What a small file says. A key or hashes with the line ends of Windows are read all the same, and it is said."""
    with Path(path).open("rb") as file:
        content = file.read(largest + 1) if largest else file.read()
    if largest and len(content) > largest:
        raise Refused(f"{path} is larger than {largest:,} bytes.")
    try:
        found = reader(content)
    except Refused as error:
        raise Refused(f"{path}: {error}") from None
    if b"\r\n" in content:
        _say(f"Note: {path} {WINDOWS} It was read all the same.")
    return found


if __name__ == "__main__":
    sys.exit(main())
