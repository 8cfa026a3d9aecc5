"""One decision of a community as the site knows it: read from its record, checked, and given an address."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from soke.errors import SokeError
from soke.text import one_line

Kind = Literal["budget", "round", "panel", "split", "asset", "delivery"]
FOLDER, LONGEST = "decisions", 120  # letters of a name
NO_DAY = dt.date.min
MADE_UP, REHEARSAL = "made up", "rehearsal"
_MADE_UP = re.compile(r"\bmade[- ]up\b|\binvented\b", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\s*\([^()]*\bmade[- ]up\b[^()]*\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """``finding``: one sentence. ``day``: of what happened last, for the order; None where the record gives none.
    ``where``: the folder or file that it was read from, as people see it. ``tag``: "made up" or "rehearsal" where the
    record says so. ``faults``: why nothing of it is shown as fact; then there is no ``body``. ``files`` are copied
    beside the page. ``stamp``: the hash of all that it was read from. ``named``: a place that the record names, and
    ``deal`` the id of its deal. ``late``: something in it should have been done by now.

    ``slug``, ``twins`` (others of the same name, and whether each is altered) and ``area`` (the page of its place) are
    given when all are known.
    """

    kind: Kind
    name: str
    finding: str
    where: str
    stamp: str
    day: dt.date | None = None
    tag: str = ""
    faults: tuple[str, ...] = ()
    files: Mapping[str, bytes]
    body: Any = None
    named: tuple[str, ...] = ()
    deal: str = ""
    late: bool = False
    slug: str = ""
    twins: tuple[tuple[str, bool], ...] = ()
    area: str = ""

    @property
    def path(self) -> str:
        return f"{FOLDER}/{self.slug}.html"

    def file(self, name: str) -> str:
        """The path of a file that is copied beside the page."""
        return f"{FOLDER}/{self.slug}/{name}"


def altered(kind: Kind, name: str, where: str, faults: Sequence[str], read: Mapping[str, bytes]) -> Decided:
    """What cannot be shown as fact, and why."""
    called = plain_name(name)
    wrong = "the file has an error" if kind in ("asset", "delivery") else "altered, or not whole"
    return Decided(
        kind=kind, name=called, finding=f"{called}: {wrong}, so no result is shown",
        where=where, stamp=stamp_of(read), faults=tuple(one_line(fault) for fault in faults), files={},
        tag=tag_of(name),
    )  # fmt: skip


def plain_name(text: str) -> str:
    """A name on one line, inert, without what a tag says beside it."""
    said = one_line(_IN_BRACKETS.sub("", text))
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"


def tag_of(*texts: str) -> str:
    """``made up`` where a record says of itself that it is."""
    return MADE_UP if any(_MADE_UP.search(text) for text in texts) else ""


def stamp_of(read: Mapping[str, bytes], *more: object) -> str:
    """One hash of all that a page depends on."""
    found = hashlib.sha256(repr(more).encode())
    for name in sorted(read):
        found.update(name.encode() + b"\0" + hashlib.sha256(read[name]).digest())
    return found.hexdigest()


def said_plainly(error: SokeError, root: str) -> str:
    """The fact of an error, without the folders of the machine that read the file."""
    return one_line(error.fact.replace(f"{root}/", ""))
