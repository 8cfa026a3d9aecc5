"""What the log asks of a database. :mod:`soke.register.sqlite` and :mod:`soke.register.postgres` answer, each its way.

A database holds two tables. ``entry`` has a row for each entry: its number and its line, in bytes. ``tag`` repeats
which entries carry which tag, for look-up. Triggers refuse what would change or remove a row, or insert one out of
order. Whoever is allowed to drop the triggers can go round them: the published checkpoint finds it. A third table,
``snapshot``, is a cache (:class:`Kept`) and may be missing.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple, Protocol, Self

from soke.errors import SokeError
from soke.text import counted, one_line
from soke.text import day as in_words

WAIT_MS = 5_000  # how long a writer waits for another before it is a Conflict
PAGE = 2_000  # entries that are read at a time

Row = tuple[bytes, list[str]]  # the line of an entry, and its tags


class Unnumbered(NamedTuple):
    """An entry whose number is not known yet: its line before and after the number, and its tags."""

    head: bytes
    tail: bytes
    tags: list[str]

    def row(self, seq: int) -> Row:
        return b"%b%d%b" % (self.head, seq, self.tail), self.tags


class Kept(NamedTuple):
    """What was worked out of the entries up to number ``seq``, so that they need not be read again: a cache.

    ``of``: a deal, or nothing for the log as a whole; ``program``: what made it; ``day``: of that entry.
    """

    of: str
    seq: int
    day: str
    program: str
    digest: bytes
    body: bytes


class Conflict(SokeError):
    """Somebody else was first. Read again, decide again, append again."""


class Taken(SokeError):
    """Where a new register was to be, something is."""


class Leftover(Taken):
    """Beside where a new register was to be, something lies that would be played into it."""


class InDoubt(SokeError):
    """The connection broke while an append was being confirmed: it was written whole, or not at all. Read again."""


class Database(Protocol):
    """One connection to the tables of one register. What the driver raises inside ``plainly`` comes out a sentence."""

    @property
    def where(self) -> str:
        """As messages name it; never with a password."""

    @property
    def remark(self) -> str:
        """What the reader should know about how it was opened; mostly nothing."""

    @property
    def plainly(self) -> AbstractContextManager[None]: ...

    @classmethod
    def create(cls, where: Path | str) -> Self:
        """Make the tables of a new register. SokeError where something is there already."""

    @classmethod
    def open(cls, where: Path | str, write: bool) -> Self:
        """Connect to a register. SokeError where there is none, or none of this version."""

    @classmethod
    def whole(
        cls, where: Path | str, check: Callable[[Path | str], object] = lambda _: None
    ) -> AbstractContextManager[Path | str]:
        """Where to make a register beside this place. It is moved here at the end, or removed if anything fails: also
        where ``check``, told the place once it stands there, raises."""

    def close(self) -> None: ...
    def begin(self, write: bool) -> None:
        """Begin to append, alone; or to read, with all that is read of one moment."""

    def commit(self) -> None:
        """When this returns, what was inserted survives a loss of power."""

    def settle(self) -> None:
        """When this returns, all that can be read survives a loss of power."""

    def rollback(self) -> None:
        """Undo what was begun, if anything is left to undo. Raises nothing."""

    def size(self) -> int:
        """The number that comes next."""

    def count(self, since: int) -> int:
        """How many entries there are from a number on."""

    def append(self, entries: Sequence[Unnumbered], since: Mapping[str, int]) -> int | None:
        """Give the entries the next numbers, insert and commit: when this returns, they survive a loss of power.
        Returns the first number. None, and nothing is written, where a tag stands on an entry after its ``since``."""

    def latest(self, tags: Sequence[str]) -> Mapping[str, int]:
        """For each of the tags the last entry that carries it."""

    def insert(self, first: int, rows: Sequence[Row]) -> None: ...
    def page(self, since: int, tags: Sequence[str], most: int) -> list[tuple[int, bytes]]:
        """The first entries after a number that carry any of the tags; of all where none is named."""

    def last_page(self, tags: Sequence[str], most: int) -> list[tuple[int, bytes]]:
        """The last so many entries that carry any of the tags, in order; of all where none is named."""

    def entries(self) -> Iterator[tuple[int, bytes]]: ...
    def tags(self) -> Iterator[tuple[int, str]]:
        """The table of tags, by number and then by code point."""

    def kept(self, of: str, program: str, last_day: str) -> Kept | None:
        """The latest that this program kept of that, of a day up to ``last_day``; None also where none can be kept."""

    def keep(self, kept: Kept, block: int) -> None:
        """Keep it, in a transaction of its own, in place of what it is newer than: of each ``block`` of entries the
        last one stays. Nothing happens where the user may not."""

    def whole_cache(self) -> Iterator[Kept]:
        """All that is kept."""

    def complaint(self) -> str:
        """What the database itself finds wrong with its storage: a sentence, or nothing."""

    def unguarded(self) -> str:
        """Which of the triggers are missing or changed: a sentence, or nothing."""


def triggers_in_words(wanted: Mapping[str, object], found: Mapping[str, object]) -> str:
    """Which triggers are not as they were made, and which are nobody's: a sentence, or nothing. Both by name."""
    said = [
        f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} {what}"
        for what, names in (
            ("missing", sorted(wanted.keys() - found.keys())),
            ("changed", sorted(name for name in wanted.keys() & found.keys() if wanted[name] != found[name])),
            ("not of Soke", sorted(found.keys() - wanted.keys())),
        )
        if names
    ]
    return (
        f"The triggers that refuse to change what is recorded are not as they were made: {'; '.join(said)}."
        if said
        else ""
    )


def lies_there(opened: Database) -> str:
    """Which register it is, in a sentence: its name, how many entries it has, the day of the last."""
    with opened.plainly:
        size = opened.size()
        rows = [line for at in {0, size - 1} if size for _, line in opened.page(at - 1, (), 1)]
    try:
        entries = sorted((json.loads(line) for line in rows), key=lambda entry: entry["seq"])
        name, at = entries[0]["body"].get("name"), dt.datetime.fromisoformat(entries[-1]["at"])
    except (ValueError, LookupError, TypeError, AttributeError):
        return f"It holds a register of {counted(size, 'entry', 'entries')}." if size else "It holds an empty register."
    called = f"the register {name[:200]}" if isinstance(name, str) else "a register"
    return one_line(f"It holds {called}: {counted(size, 'entry', 'entries')}, the last of {in_words(at.date())}.")


def damaged(where: str, fact: str, thing: str = "register") -> SokeError:
    fact = f"The {thing} is damaged or was changed. {fact}"
    return SokeError(fact, "Restore it from a backup.", where, code="damaged")
