"""The log on disk: an append-only table in a database, where an acknowledged entry survives power loss.

    Log.create("register.db")                             a file: SQLite
    Log.open("postgresql://ann@host/deals?schema=gm")     a schema of a PostgreSQL database

Each row is one entry in its one spelling (:mod:`soke.register.verify`); hashes are derived from these bytes, never
stored. The table of tags repeats what the entries say, for look-up, and :meth:`Log.verify` compares it with them.
Triggers refuse to change or remove; who goes round them is found by the published checkpoint. All this is the same in
both databases: the same entries have the same root, and a backup of either is a register in either.

**A rule that spans a power, a fund and a condition** holds in one transaction: read what the tags name, decide, and
append on condition that nothing new was tagged so since (:class:`NothingNew`). Who loses the race gets
:class:`Conflict`, reads again and decides again. A command that may arrive twice carries a tag of its own, with the
condition that nothing was ever tagged so. The log has no clock: ``at`` comes from the caller.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from soke.errors import SokeError
from soke.files import write_whole
from soke.register import database
from soke.register.cache import Cache
from soke.register.checkpoint import check_still_there
from soke.register.database import Conflict, Database, InDoubt, Unnumbered, damaged
from soke.register.merkle import Tree
from soke.register.sqlite import Sqlite
from soke.register.verify import (
    BLOCK,
    LARGEST_INTEGER,
    Checkpoint,
    Failed,
    Refused,
    canonical,
    check_entry,
    leaf_hash,
    read_entries,
    read_entry,
    read_json,
)

__all__ = ["Conflict", "Draft", "InDoubt", "Log", "NothingNew"]
MOST_TAGS, LONGEST_TAG = 100, 500  # tags of an entry, bytes of a tag: an index has its limits
_URL = re.compile(r"\s*[\w+.-]{2,}(:[\w+.-]+)*:/|.*://", re.DOTALL)  # a Path has made one stroke of the two


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before it has its number. ``at`` is in UTC, ``2026-04-01T09:30:00Z``; ``by`` has role and person."""

    deal: str
    kind: str
    at: str
    role: str
    person: str
    tags: frozenset[str] = frozenset()
    body: dict[str, Any] = field(default_factory=dict)

    def entry(self, seq: int) -> dict[str, Any]:
        by = {"role": self.role, "person": self.person}
        return {
            "seq": seq, "deal": self.deal, "kind": self.kind, "at": self.at, "by": by,
            "tags": sorted(self.tags), "body": self.body,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class NothingNew:
    """Append only if no entry after number ``since`` carries any of the tags; -1: if none ever did."""

    tags: frozenset[str]
    since: int = -1


def _nothing(_: object) -> None:
    """What nobody wants to be told."""


class Log:
    """A register: a file, or a schema behind a postgresql:// URL. One object for each thread; any number of processes
    may append to the same register."""

    def __init__(self, connected: Database) -> None:
        self._database = connected
        self.cache = Cache(connected)
        self._tree = Tree()

    @classmethod
    def create(cls, where: Path | str) -> Self:
        """A new, empty register. SokeError where something is there already."""
        return cls(_kind(where).create(where))

    @classmethod
    def open(cls, where: Path | str, checkpoint: Checkpoint | None = None, *, write: bool = True) -> Self:
        """An existing register. Its numbers must have no gap and its last entry be whole; with a checkpoint, the log
        must begin with the entries that it vouches for. Everything is checked by :meth:`verify`.

        With ``write=False`` it can only be read, also by those who may not write it."""
        log = cls(_kind(where).open(where, write))
        try:
            log._check_head()
            if checkpoint is not None:
                check_still_there(log.tree(), checkpoint, log.where)
        except BaseException:
            log.close()
            raise
        return log

    @property
    def where(self) -> str:
        """The register as messages name it: never with a password."""
        return self._database.where

    @property
    def remark(self) -> str:
        """What the reader should know about how the register was opened, and what it lacks; mostly nothing."""
        return " ".join(filter(None, (self._database.remark, self.unguarded())))

    def unguarded(self) -> str:
        """Which of the triggers that refuse to change what is recorded are missing or changed; mostly nothing."""
        with self._database.plainly:
            return self._database.unguarded()

    def close(self) -> None:
        with self._database.plainly:
            self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __len__(self) -> int:
        with self._database.plainly:
            return self._database.size()

    # --- writing ---

    def append(self, drafts: Sequence[Draft], conditions: Iterable[NothingNew] = ()) -> range:
        """Write all the drafts, or none: on disk when this returns. Returns their numbers.

        Raises Conflict where a condition does not hold or another writer keeps the register for too long, and
        SokeError where a draft is no entry. Either way nothing is written. Only InDoubt (a connection broke at the
        wrong moment) leaves it open: then read again.
        """
        base, entries = self._database, [_unnumbered(draft) for draft in drafts]
        since: dict[str, int] = {}
        for condition in conditions:
            since |= {tag: min(condition.since, since.get(tag, condition.since)) for tag in condition.tags}
        with base.plainly:
            try:  # an interrupt between the two would leave the transaction open
                first = base.append(entries, since)
            except BaseException:
                base.rollback()
                raise
            if first is None:
                latest = base.latest(sorted(since))
                for tag in sorted(since):
                    if latest.get(tag, -1) > since[tag]:
                        fact = f"Entry {latest[tag]} about {tag} came first."
                        raise Conflict(fact, "Read the register again, then decide.", self.where)
                first = base.size()  # there was nothing to write
        return range(first, first + len(drafts))

    # --- reading ---

    def lines(self, since: int = -1, tags: Iterable[str] = ()) -> Iterator[bytes]:
        """The lines after number ``since`` that carry any of the tags (all lines where none is named), in order."""
        wanted = sorted(set(tags))
        while True:  # page by page: what is read never changes, and no open cursor stands in a writer's way
            with self._database.plainly:
                page = self._database.page(since, wanted, database.PAGE)
            for _, line in page:
                yield line
            if len(page) < database.PAGE:
                return
            since = page[-1][0]

    def read(self, since: int = -1, tags: Iterable[str] = ()) -> list[dict[str, Any]]:
        """The entries of :meth:`lines`, as objects."""
        return list(self.stream(since, tags))

    def stream(self, since: int = -1, tags: Iterable[str] = ()) -> Iterator[dict[str, Any]]:
        """The same one by one: a long log is never held as a whole."""
        for line in self.lines(since, tags):
            yield self._entry(line)

    def last(self, count: int, tags: Iterable[str] = ()) -> list[dict[str, Any]]:
        """The last so many entries that carry any of the tags, in order."""
        with self._database.plainly:
            page = self._database.last_page(sorted(set(tags)), count)
        return [self._entry(line) for _, line in page]

    def first(self, tag: str) -> Iterator[dict[str, Any]]:
        """The entries that carry a tag, in order, read one by one."""
        since = -1
        while True:
            with self._database.plainly:
                page = self._database.page(since, (tag,), 1)
            if not page:
                return
            since = page[0][0]
            yield self._entry(page[0][1])

    def _entry(self, line: bytes) -> dict[str, Any]:
        try:
            return check_entry(read_json(line))
        except Refused as error:
            raise damaged(self.where, str(error)) from None

    def entry(self, seq: int) -> dict[str, Any]:
        """The entry of a number. SokeError where there is none."""
        with self._database.plainly:
            page = self._database.page(seq - 1, (), 1)
        if not page or page[0][0] != seq:
            raise SokeError(f"There is no entry {seq}.", f"The register holds {len(self):,} entries.", self.where)
        return self._entry(page[0][1])

    def tree(self) -> Tree:
        """The hash tree of all entries so far. What was hashed once is not read again."""
        for line in self.lines(len(self._tree) - 1):
            self._tree.add(leaf_hash(line))
        return self._tree

    def head(self) -> tuple[int, bytes]:
        """How many entries there are, and their root. What was hashed and kept is not read again."""
        frontier = self.cache.frontier()
        for line in self.lines(frontier.size - 1):
            frontier.add(leaf_hash(line))
        return frontier.size, frontier.root()

    def verify(self, progress: Callable[[int], object] = _nothing, each: Callable[[Any], object] = _nothing) -> Tree:
        """Read the whole register from disk: every entry in its place and spelling, every tag as the entries say.

        Returns the hash tree, to compare with a checkpoint: a cut tail or an edited body shows only there.
        ``progress`` is told now and then how many entries were read, and ``each`` gets every entry in order.
        """
        tree = Tree()
        with self._database.plainly:
            self._database.settle()
        with self._snapshot() as base:
            if said := base.complaint():
                raise damaged(self.where, said)
            rows, tags = base.entries(), base.tags()
            copy = next(tags, None)
            while block := list(islice(rows, BLOCK)):
                try:
                    entries = read_entries([line for _, line in block], len(tree))
                except (Refused, Failed) as error:
                    raise damaged(self.where, str(error)) from None
                for (seq, line), entry in zip(block, entries, strict=True):
                    number = entry["seq"]
                    if seq != number:
                        raise damaged(self.where, f"Row {seq} holds entry {number}.")
                    listed = []
                    while copy is not None and copy[0] <= number:
                        listed.append(copy[1])
                        copy = next(tags, None)
                    if listed != entry["tags"]:
                        raise damaged(self.where, f"The look-up table of tags differs from what entry {number} says.")
                    tree.add(leaf_hash(line))
                    each(entry)
                progress(len(tree))
            if copy is not None:
                raise damaged(self.where, f"The look-up table of tags lists entry {copy[0]}, which is not there.")
        return tree

    @contextmanager
    def _snapshot(self) -> Iterator[Database]:
        """All that is read inside is of one moment, whatever others append."""
        with self._database.plainly:
            self._database.begin(write=False)
            try:
                yield self._database
            finally:
                self._database.rollback()

    def _check_head(self) -> None:
        with self._snapshot() as base:
            size, counted = base.size(), self.cache.frontier().size  # verify counts those before again
            if counted + base.count(counted) != size:
                fact = f"It holds {counted + base.count(counted)} entries, and the last is number {size - 1}."
                raise damaged(self.where, fact)
            for seq, line in base.page(size - 2, (), 1):
                try:
                    read_entry(line, seq)
                except (Refused, Failed) as error:
                    raise damaged(self.where, f"Entry {seq}: {error}") from None

    # --- copies ---

    def export(self, path: Path) -> int:
        """Write the whole log as one entry a line, for anyone to verify. Returns the number of entries."""
        size = len(self)
        write_whole(path, (line + b"\n" for line in islice(self.lines(), size)))
        return size

    def backup(self, where: Path | str, first: Callable[[], object] = lambda: None) -> tuple[int, bytes]:
        """Copy the register, while others write, to a new file or schema: a register like this one, in either database.

        Returns size and root of the copy, which was read again and verified against this register, then opened in its
        place as a reader opens it. It appears whole or not at all; nothing is overwritten. ``first`` is done when all
        that is left is to let it appear.
        """
        size, root = len(self), b""

        def check(place: Path | str) -> None:
            """As any reader opens it. Others may have begun to write to it."""
            with Log.open(place, write=False) as read:
                if len(read) < size or read.tree().root(size) != root:
                    raise damaged(read.where, "What stands there is not the copy that was made.")

        with _kind(where).whole(where, check) as part:
            root = self.tree().root(size)
            with Log.create(part) as made:
                for start in range(0, size, database.PAGE):
                    made._take_over(self._database, start, min(database.PAGE, size - start))
            with Log.open(part, write=False) as read:
                tree = read.verify()
            if len(tree) != size or tree.root() != root:
                raise damaged(self.where, "The copy differs from it.")
            first()
        return size, root

    def _take_over(self, source: Database, first: int, count: int) -> None:
        with source.plainly:
            lines = [line for _, line in source.page(first - 1, (), count)]
        try:
            entries = read_entries(lines, first)
        except (Refused, Failed) as error:
            raise damaged(source.where, str(error)) from None
        with self._database.plainly:
            self._database.begin(write=True)
            try:
                rows = [(line, entry["tags"]) for line, entry in zip(lines, entries, strict=True)]
                self._database.insert(first, rows)
                self._database.commit()
            except BaseException:
                self._database.rollback()
                raise


def _kind(where: Path | str) -> type[Database]:
    if not str(where).lower().startswith(("postgresql:", "postgres:")):
        if _URL.match(str(where)):  # not shown: a password may be anywhere in it
            fix = "Name a file, or write postgresql://user@host/database?schema=name."
            raise SokeError("This is an address of a kind that no register is kept at.", fix)
        return Sqlite
    try:
        from soke.register.postgres import Postgres  # noqa: PLC0415  # an extra: a file needs no driver
    except ImportError:
        raise SokeError("A register in PostgreSQL needs psycopg.", 'Run pip install "soke[postgres]".') from None
    return Postgres


def _unnumbered(draft: Draft) -> Unnumbered:
    if len(draft.tags) > MOST_TAGS:
        raise SokeError(f"The entry has {len(draft.tags)} tags.", f"Use {MOST_TAGS} at most.", draft.kind)
    try:
        entry = draft.entry(LARGEST_INTEGER)  # no other number makes its line longer
        line = canonical(check_entry(entry))
    except (Refused, TypeError) as error:
        raise SokeError(f"This is not an entry: {error}", "Nothing was written.", str(draft.kind)) from None
    tags: list[str] = entry["tags"]
    if len(line) > LONGEST_TAG and any(len(tag.encode()) > LONGEST_TAG for tag in tags):
        raise SokeError("A tag is too long.", f"Use {LONGEST_TAG} bytes at most.", draft.kind)
    last = canonical({"seq": LARGEST_INTEGER, "tags": tags})[1:]  # as the keys of an entry are ordered
    number = len(b'"seq":'), len(b'"seq":%d' % LARGEST_INTEGER)
    return Unnumbered(line[: number[0] - len(last)], last[number[1] :], tags)
