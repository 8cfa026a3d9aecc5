"""Which key signs for a register, and who cosigned: from the JSON of its entries, with code of its own.

Nothing here goes through :mod:`soke.register.verify`: keys are cut out of their lines, what is signed is spelled again,
and whose agreement a lost key needs is read from the text of each deal.
"""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HEAD = "soke.register: one key follows another, version 1"
SIDES = (("giver",), ("receiver",), ("community", "assurer", "adjudicator"))  # one of each agrees to a lost key
Span = tuple[int, str]  # the entry that names a key, and its line


@lru_cache(maxsize=4_096)
def is_signed(text: bytes, signature: bytes, key: str) -> bool:
    """Whether the key in such a line signed the text."""
    public = base64.b64decode(key.split("+", 2)[2])[1:]
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except InvalidSignature:
        return False
    return True


def spans(entries: Iterable[dict[str, Any]]) -> list[Span]:
    """The keys that entries name, in their order."""
    kinds = ("register.opened", "key.named", "key.rotated", "key.reanchored")
    return [(entry["seq"], entry["body"]["key"]) for entry in entries
            if entry["kind"] in kinds and "key" in entry["body"]]  # fmt: skip


def in_force(found: list[Span], size: int) -> str:
    """The key that signs for so many entries; nothing where they name none."""
    return next((key for since, key in reversed(found) if since < size), "")


def named(entries: Iterable[dict[str, Any]]) -> tuple[list[str], int]:
    """The witnesses that entries name, and how many of them are needed."""
    found: tuple[list[str], int] = ([], 0)
    for entry in entries:
        if entry["kind"] == "witness.named":
            found = entry["body"]["witnesses"], entry["body"]["need"]
    return found


class Note:
    """A signed checkpoint, cut into its lines."""

    def __init__(self, content: bytes) -> None:
        head, _, tail = content.rpartition(b"\n\n")
        self.text = head + b"\n"
        self.origin, size, root = head.decode().split("\n")[:3]
        self.size, self.root = int(size), base64.b64decode(root)
        lines = [line.split(" ") for line in tail.decode().splitlines()]
        self.signatures = [(name, base64.b64decode(content)) for _, name, content in lines]

    def _by(self, key: str) -> list[bytes]:
        """What is signed in the name of a key."""
        name, number = key.split("+")[:2]
        return [content[4:] for of, content in self.signatures if of == name and content[:4].hex() == number]

    def is_signed_by(self, key: str) -> bool:
        return any(is_signed(self.text, signature, key) for signature in self._by(key))

    def is_cosigned_by(self, witness: str) -> bool:
        for line in self._by(witness):
            time = int.from_bytes(line[:8], "big")
            if is_signed(f"cosignature/v1\ntime {time}\n".encode() + self.text, line[8:], witness):
                return True
        return False


class Followed(Protocol):
    """A deal as the auditor follows it."""

    text: dict[str, Any]
    in_force: bool

    def is_ended(self) -> bool: ...


class Keys:
    """The keys of a register, followed entry by entry: each must follow from the one before it."""

    def __init__(self) -> None:
        self.found: list[Span] = []
        self.agreed: dict[tuple[str, str], list[tuple[str, dt.date]]] = {}  # deal, key -> who agreed, and when

    def take(self, entry: dict[str, Any], deals: Mapping[str, Followed]) -> str:
        """What is wrong with the entry; mostly nothing."""
        kind, body, seq = entry["kind"], entry["body"], entry["seq"]
        if kind == "deal.key-lost":
            on = dt.date.fromisoformat(entry["at"][:10])
            self.agreed.setdefault((entry["deal"], body["key"]), []).append((entry["by"]["role"], on))
        if kind == "witness.named":
            return self._witnesses(body["witnesses"], body["need"])
        if not spans([entry]):
            return ""
        wrong = "" if kind == "register.opened" else self._follows(entry, deals)
        self.found.append((seq, body["key"]))
        self.agreed.clear()
        return wrong

    def _follows(self, entry: dict[str, Any], deals: Mapping[str, Followed]) -> str:
        kind, body, before = entry["kind"], entry["body"], [key for _, key in self.found]
        new, old = body["key"], before[-1] if before else ""
        text = f"{HEAD}\nsimulated\n{len(before) + 1}\n{old}\n{new}\n".encode()
        if new in before:
            return "a key came back that had ended"
        if (kind == "key.named") is bool(before):
            return "the register had a key already" if before else "there was no key to follow"
        if not is_signed(text, base64.b64decode(body["proof"]), new):
            return "the new key did not sign that it follows"
        if kind == "key.rotated" and not is_signed(text, base64.b64decode(body["signature"]), old):
            return "the key that was in force did not sign that another follows"
        wanting = self._wanting(entry, deals) if kind == "key.reanchored" else ""
        return f"in the deal {wanting} not everybody agreed that the key is lost" if wanting else ""

    def _wanting(self, entry: dict[str, Any], deals: Mapping[str, Followed]) -> str:
        """A deal in force in which one of the sides has not agreed, or too long ago."""
        on = dt.date.fromisoformat(entry["at"][:10])
        for name, hand in deals.items():
            if not hand.in_force or hand.is_ended():
                continue
            lasts = dt.timedelta(hand.text["due_process"]["notice_days"] + hand.text["due_process"]["response_days"])
            agreed = {who for who, day in self.agreed.get((name, entry["body"]["key"]), ()) if on <= day + lasts}
            for roles in SIDES:
                side = {party for party, one in hand.text["parties"].items() if one["role"] in roles}
                if side and not side & agreed:
                    return name
        return ""

    def _witnesses(self, keys: list[str], need: int) -> str:
        publics, names = {key.split("+", 2)[2] for key in keys}, {key.split("+")[0] for key in keys}
        if not len(keys) == len(publics) == len(names):
            return "a witness is named twice"
        own = {base64.b64decode(key.split("+", 2)[2])[1:] for _, key in self.found}
        if own & {base64.b64decode(public)[1:] for public in publics}:
            return "the register is a witness of itself"
        return "" if 0 < need <= len(keys) else "more witnesses are needed than there are"
