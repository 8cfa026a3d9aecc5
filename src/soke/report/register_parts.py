"""What the public pages of a register share: what the folder vouches for, their look, entries as links, how to check.

Everything in a register is written by people who may be hostile: it goes through :mod:`soke.report.markup`, which
escapes it, and through :func:`soke.text.one_line`, so that nobody's line end or mark of direction misleads the eye.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

from soke.register.clock import REHEARSAL
from soke.register.history import Told
from soke.register.publication import CHECKPOINT, HASHES, KEY, LOG, PROGRAM
from soke.report.markup import Child, Element, el
from soke.report.shell import document
from soke.text import counted, one_line
from soke.text import day as in_words

STATUS, HISTORY = "status.html", "history.html"
FINGERPRINT = 16  # digits of the root hash, as soke register status prints them
END = (
    "Soke is not the government. What stands here was recorded by those who act for the parties of the deal. "
    "Whoever keeps the register signs what it holds, and nobody signs this page: if the two differ, trust the files."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where a page finds what belongs to it, as its links say it; as they are, all stands in one folder.

    ``entries``: the pages of entries, the oldest first, with ``a_page`` entries on each (0: one page has all);
    ``files`` stands before the name of each published file. Of ``check``, ``promises`` and ``feed`` there may be none.
    """

    status: str = STATUS
    entries: tuple[str, ...] = (HISTORY,)
    a_page: int = 0
    files: str = ""
    check: str = ""
    promises: str = ""
    feed: str = ""

    def entry(self, number: int, own: str = "") -> str:
        """The address of an entry, for the page ``own`` or for another."""
        page = self.entries[number // self.a_page if self.a_page else 0]
        return f"{'' if page == own else page}#e{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """What the files beside a page vouch for, and what must be said with it.

    ``root``: the hash of all entries. ``key``: the public half of the key, one line. ``cosigned``: in words, who else
    signed the checkpoint, or is wanting. ``key_lost``: entries by which a lost key was replaced. ``first_told``: the
    number of the first entry that the pages of entries tell; ``addresses``: where those and all else stand.
    """

    register: str
    rehearsal: bool
    entries: int
    root: bytes
    last: dt.date
    key: str
    cosigned: str = ""
    key_lost: tuple[Told, ...] = ()
    first_told: int = 0
    addresses: Addresses = field(default_factory=Addresses)

    @property
    def fingerprint(self) -> str:
        return self.root.hex()[:FINGERPRINT]

    @property
    def check(self) -> str:
        """The command that checks the folder, run in it."""
        return f"python3 {PROGRAM} {LOG} --checkpoint {CHECKPOINT} --key {KEY} --hashes {HASHES}"


@dataclass(frozen=True, slots=True)
class Body:
    """What a page says, whatever page it stands in: its title, the link past the head (its words, and the id of the
    part that it leads to), and its parts."""

    title: str
    skip: tuple[str, str]
    parts: tuple[Child, ...]


def whole(body: Body, vouched: Vouched) -> bytes:
    """The bytes of a page of its own: with what must be read first, as a strip."""
    style = files("soke.report").joinpath("register.css").read_text(encoding="utf-8")
    text = document(body.title, *body.skip, *body.parts, style=style, notice=notice(vouched), end=END)
    return text.encode("utf-8", "replace")


def notice(vouched: Vouched) -> Child:
    """What must be read first: that it is a rehearsal, that a key was lost; mostly nothing."""
    said: list[Child] = []
    if vouched.rehearsal:
        name, _, what = REHEARSAL.partition(": ")
        said += [el("b", f"{name.capitalize()}: "), f"{what} "]
    for one in vouched.key_lost[-1:]:
        said += [el("b", "A key of this register was lost. "),
                 f"Since {in_words(one.at.date())} another stands in its place, which the lost one did not sign: ",
                 entry_link(one.number, vouched), " says how that came."]  # fmt: skip
    return el("span", *said) if said else None


def plain(text: str) -> str:
    return one_line(text)


def sign(mark: str, word: str, kind: str) -> Element:
    """A sign and a word in a box; ``kind`` is its colour: ok, bad, wait."""
    return el("span", el("b", el("span", f"{mark} ", aria_hidden="true"), word, class_=f"mark {kind}"), class_="sign")


def crumb(*parts: Child) -> Element:
    return el("p", *parts, class_="crumb")


def verified(vouched: Vouched, *, to: str = "#check") -> Element:
    """The line under a heading: how many entries, how new, and that none was altered. ``to``: where it is told how to
    check that; nothing, where the page itself tells it."""
    how = el("a", "Check it yourself", href=to) if to else None
    newest = f", the newest of {in_words(vouched.last)}" if vouched.entries else ""
    return el(
        "p", el("b", el("span", "✓ ", aria_hidden="true"), "Verified", class_="ok"),
        f" when this page was made: {_entries(vouched)}, none altered{newest}. ", how, class_="run",
    )  # fmt: skip


def _entries(vouched: Vouched) -> str:
    return counted(vouched.entries, "entry", "entries")


# --- entries ---


def entry_link(number: int, vouched: Vouched, said: str = "", own: str = "") -> Child:
    """A link to an entry on the page of entries; its number alone where that page does not go so far back. ``own``:
    the page on which the link stands."""
    said = said or f"entry {number:,}"
    return el("a", said, href=vouched.addresses.entry(number, own)) if number >= vouched.first_told else said


def newest(told: Sequence[Told], vouched: Vouched) -> list[Child]:
    """Entries in words, the newest first, each with its number as a link."""
    items = (
        el("li", el("span", entry_link(one.number, vouched, f"{one.number:,}"), class_="no"),
           el("span", plain(one.sentence), el("small", in_words(one.at.date()))))
        for one in reversed(told)
    )  # fmt: skip
    at = vouched.addresses
    feed = (" · ", el("a", "Feed of changes (Atom)", href=at.feed, rel="alternate", type="application/atom+xml"))
    every = el("a", f"All {_entries(vouched)}", href=at.entries[-1])
    return [el("ul", *items, class_="entries"), el("p", every, *(feed if at.feed else ()))]


# --- how to check it ---


def how_to_check(vouched: Vouched) -> list[Child]:
    """The command, the files, the fingerprint, and with whose copy to compare it."""
    files: list[Child] = []
    at = vouched.addresses
    for name in (PROGRAM, LOG, CHECKPOINT, KEY, HASHES):
        files += [el("a", name, href=f"{at.files}{name}"), ", " if name != HASHES else ""]
    root = base64.b64encode(vouched.root).decode()
    return [
        el("p", el("b", el("span", "✓ ", aria_hidden="true"), "Verified", class_="ok"),
           f" when this page was made: {_entries(vouched)}, the last of {in_words(vouched.last)}. Fingerprint: ",
           el("code", vouched.fingerprint), "."),
        command(vouched.check, "The command that checks the files"),
        el("ol",
           el("li", "Put these files into one folder: ", *files, "."),
           el("li", "Run the line above in it. It needs Python, with its package cryptography, and no network."),
           el("li", "Compare with what others keep. The third line of ",
              el("a", CHECKPOINT, href=f"{at.files}{CHECKPOINT}"), " must be ", el("code", root),
              " and the key ", el("code", plain(vouched.key)), "."),
           class_="how"),
        el("p", whose_copy(vouched.cosigned)),
        *([el("p", el("a", "Step by step, on Windows, Mac and Linux", href=at.check))] if at.check else []),
    ]  # fmt: skip


def command(text: str, called: str) -> Element:
    """Commands to type, one a line; what goes on below it is set in. No line is broken within an option: who types it
    from paper would type a space."""
    lines = (el("span", *_unbroken(line), class_="typed") for line in text.splitlines(keepends=True))
    return el("pre", *lines, tabindex="0", aria_label=called)


def _unbroken(line: str) -> Iterator[Child]:
    for part in re.split(r"(--[a-z-]+)", line):
        yield el("span", part, class_="unbroken") if part.startswith("--") else part


def whose_copy(cosigned: str) -> str:
    """With whose copy to compare; ``cosigned`` says in words which witnesses signed the checkpoint."""
    if cosigned:
        return f"{plain(cosigned)} Ask them for their own copy."
    return (
        "No witness has signed it too. Ask somebody who kept an older checkpoint, or keep this one: "
        "a history that was rewritten shows only beside a copy that its keeper cannot change."
    )
