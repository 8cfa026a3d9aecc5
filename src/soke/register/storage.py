"""The log on disk: one append-only table in SQLite, where an acknowledged entry survives power loss.

Each row is one entry in its one spelling (:mod:`soke.register.verify`); hashes are derived from these bytes, never
stored. The table of tags repeats what the entries say, for look-up, and :meth:`Log.verify` compares it with them.
Triggers refuse to change or remove; who goes round them is found by the published checkpoint.

**A rule that spans a power, a fund and a condition** holds in one transaction: read what the tags name, decide, and
append on condition that nothing new was tagged so since (:class:`NothingNew`). Who loses the race gets
:class:`Conflict`, reads again and decides again. A command that may arrive twice carries a tag of its own, with the
condition that nothing was ever tagged so. The log has no clock: ``at`` comes from the caller.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from soke.errors import SokeError
from soke.files import write_whole
from soke.register.checkpoint import check_still_there
from soke.register.merkle import Tree
from soke.register.verify import (
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

SOKE, VERSION = 0x536F6B65, 1  # how the file says what it is: "Soke" in ASCII, and the version of its tables
MOST_TAGS = 100
WAIT_MS, PAGE, WAL_PAGES = 5_000, 2_000, 4_000  # a write-ahead log of 16 MB before it is folded in
ROWS = "SELECT seq, CAST(line AS BLOB) FROM entry ORDER BY seq"
SCHEMA = f"""
CREATE TABLE entry (seq INTEGER PRIMARY KEY, line BLOB NOT NULL);
CREATE TABLE tag (tag TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (tag, seq)) WITHOUT ROWID;
CREATE TRIGGER entry_next BEFORE INSERT ON entry WHEN NEW.seq <> (SELECT coalesce(max(seq), -1) + 1 FROM entry)
  BEGIN SELECT RAISE(ABORT, 'the register only grows at its end'); END;
CREATE TRIGGER entry_kept BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'the register only grows'); END;
CREATE TRIGGER entry_stays BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'the register only grows'); END;
CREATE TRIGGER tag_next BEFORE INSERT ON tag WHEN NEW.seq <> (SELECT max(seq) FROM entry)
  BEGIN SELECT RAISE(ABORT, 'the register only grows at its end'); END;
CREATE TRIGGER tag_kept BEFORE UPDATE ON tag BEGIN SELECT RAISE(ABORT, 'the register only grows'); END;
CREATE TRIGGER tag_stays BEFORE DELETE ON tag BEGIN SELECT RAISE(ABORT, 'the register only grows'); END;
PRAGMA application_id = {SOKE};
PRAGMA user_version = {VERSION};
"""


class Conflict(SokeError):
    """Somebody else was first. Read again, decide again, append again."""


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


class Log:
    """A register in a file. One object for each thread; any number of processes may append to the same file."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection, self.path = connection, path
        self._tree = Tree()

    @classmethod
    def create(cls, path: Path) -> Self:
        """A new, empty register. SokeError where the file exists."""
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o644))
        except FileExistsError:
            raise SokeError("This file exists.", "Name a new file for the register.", str(path)) from None
        except OSError as error:
            raise SokeError(f"It cannot be written: {error.strerror}.", "Name another folder.", str(path)) from None
        try:
            with _plainly(path):
                connection = _connect(path, new=True)
                connection.executescript(f"BEGIN IMMEDIATE;{SCHEMA}COMMIT;")
        except SokeError:
            path.unlink(missing_ok=True)
            raise
        return cls(connection, path)

    @classmethod
    def open(cls, path: Path, checkpoint: Checkpoint | None = None) -> Self:
        """An existing register. Its numbers must have no gap and its last entry be whole; with a checkpoint, the log
        must begin with the entries that it vouches for. Everything is checked by :meth:`verify`."""
        if not path.is_file():
            raise SokeError("There is no such register.", "Check the name, or make one with init.", str(path))
        with _plainly(path):
            connection = _connect(path, new=False)
            log = cls(connection, path)
            try:
                log._check_head()
                if checkpoint is not None:
                    check_still_there(log.tree(), checkpoint, str(path))
            except BaseException:
                connection.close()
                raise
        return log

    def close(self) -> None:
        with _plainly(self.path):
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __len__(self) -> int:
        with _plainly(self.path):
            return _size(self._connection)

    # --- writing ---

    def append(self, drafts: Sequence[Draft], conditions: Iterable[NothingNew] = ()) -> range:
        """Write all the drafts, or none: on disk when this returns. Returns their numbers.

        Raises Conflict where a condition does not hold or another writer keeps the file for too long, and SokeError
        where a draft is no entry. Either way nothing is written.
        """
        connection = self._connection
        with _plainly(self.path):
            connection.execute("BEGIN IMMEDIATE")
            try:
                first = _size(connection)
                self._check_conditions(conditions)
                for seq, draft in enumerate(drafts, first):
                    line, tags = _written(draft, seq)
                    connection.execute("INSERT INTO entry VALUES (?, ?)", (seq, line))
                    if tags:
                        connection.executemany("INSERT INTO tag VALUES (?, ?)", [(tag, seq) for tag in tags])
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # a full disk may have rolled it back already
                    with suppress(sqlite3.Error):
                        connection.execute("ROLLBACK")
                raise
        return range(first, first + len(drafts))

    def _check_conditions(self, conditions: Iterable[NothingNew]) -> None:
        for condition in conditions:
            for tag in sorted(condition.tags):
                (latest,) = self._connection.execute("SELECT max(seq) FROM tag WHERE tag = ?", (tag,)).fetchone()
                if latest is not None and latest > condition.since:
                    raise Conflict(
                        f"Entry {latest} about {tag} came first.",
                        "Read the register again, then decide.",
                        str(self.path),
                    )

    # --- reading ---

    def lines(self, since: int = -1, tags: Iterable[str] = ()) -> Iterator[bytes]:
        """The lines after number ``since`` that carry any of the tags (all lines where none is named), in order."""
        wanted = sorted(set(tags))
        where = f"seq IN (SELECT seq FROM tag WHERE tag IN ({', '.join('?' * len(wanted))})) AND" if wanted else ""
        query = f"SELECT seq, CAST(line AS BLOB) FROM entry WHERE {where} seq > ? ORDER BY seq LIMIT {PAGE}"
        while True:  # page by page: what is read never changes, and no open cursor stands in a writer's way
            with _plainly(self.path):
                page = self._connection.execute(query, (*wanted, since)).fetchall()
            for _, line in page:
                yield line
            if len(page) < PAGE:
                return
            since = page[-1][0]

    def read(self, since: int = -1, tags: Iterable[str] = ()) -> list[dict[str, Any]]:
        """The entries of :meth:`lines`, as objects."""
        try:
            return [check_entry(read_json(line)) for line in self.lines(since, tags)]
        except Refused as error:
            raise _damaged(self.path, str(error)) from None

    def tree(self) -> Tree:
        """The hash tree of all entries so far. What was hashed once is not read again."""
        for line in self.lines(len(self._tree) - 1):
            self._tree.add(leaf_hash(line))
        return self._tree

    def verify(self) -> Tree:
        """Read the whole register from disk: every entry in its place and spelling, every tag as the entries say.

        Returns the hash tree, to compare with a checkpoint: a cut tail or an edited body shows only there.
        """
        tree = Tree()
        with _plainly(self.path), self._snapshot():
            (said,) = self._connection.execute("PRAGMA integrity_check(1)").fetchone()
            if said != "ok":
                raise _damaged(self.path, f"SQLite says: {said}.")
            tags = self._connection.execute("SELECT seq, tag FROM tag ORDER BY seq, tag")
            copy = next(tags, None)
            for number, (seq, line) in enumerate(self._connection.execute(ROWS)):
                try:
                    (entry,) = read_entries([line], number)
                except (Refused, Failed) as error:
                    raise _damaged(self.path, str(error)) from None
                if seq != number:
                    raise _damaged(self.path, f"Row {seq} holds entry {number}.")
                listed = []
                while copy is not None and copy[0] <= number:
                    listed.append(copy[1])
                    copy = next(tags, None)
                if listed != entry["tags"]:
                    raise _damaged(self.path, f"The look-up table of tags differs from what entry {number} says.")
                tree.add(leaf_hash(line))
            if copy is not None:
                raise _damaged(self.path, f"The look-up table of tags lists entry {copy[0]}, which is not there.")
        return tree

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        """All that is read inside is of one moment, whatever others append."""
        self._connection.execute("BEGIN")
        try:
            yield
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _check_head(self) -> None:
        with self._snapshot():
            size = _size(self._connection)
            (rows,) = self._connection.execute("SELECT count(*) FROM entry").fetchone()
            if rows != size:
                raise _damaged(self.path, f"It holds {rows} entries, and the last is number {size - 1}.")
            for (line,) in self._connection.execute("SELECT CAST(line AS BLOB) FROM entry WHERE seq = ?", (size - 1,)):
                try:
                    read_entry(line, size - 1)
                except (Refused, Failed) as error:
                    raise _damaged(self.path, f"Entry {size - 1}: {error}") from None

    # --- copies ---

    def export(self, path: Path) -> int:
        """Write the whole log as one entry a line, for anyone to verify. Returns the number of entries."""
        lines = list(self.lines())
        write_whole(path, b"".join(line + b"\n" for line in lines))
        return len(lines)

    def backup(self, path: Path) -> tuple[int, bytes]:
        """Copy the register while others write. Returns size and root of the copy, which was read again and verified.

        The copy appears whole or not at all. A file that is there is not overwritten.
        """
        if path.exists():
            raise SokeError("This file exists, and a backup never overwrites.", "Name a new file.", str(path))
        with tempfile.TemporaryDirectory(dir=_folder(path), prefix=".soke-") as folder:
            part = Path(folder) / "register"
            with _plainly(path):
                copy = sqlite3.connect(part)
                try:
                    self._connection.backup(copy)  # all pages in one step: of one moment, and writers go on
                finally:
                    copy.close()
            with Log.open(part) as read:
                tree = read.verify()
            with part.open("rb") as file:
                os.fsync(file.fileno())
            part.rename(path)
        return len(tree), tree.root()


def restore(backup: Path, path: Path) -> tuple[int, bytes]:
    """Make a register from a backup. Returns size and root; nothing is overwritten, the backup is not changed."""
    with Log.open(backup) as log:
        return log.backup(path)


def _folder(path: Path) -> Path:
    if not path.parent.is_dir():
        raise SokeError("There is no such folder.", "Make it first.", str(path.parent))
    return path.parent


def _connect(path: Path, new: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=WAIT_MS / 1000)
    try:
        if not new:
            _check_kind(connection, path)  # before anything is set: the database may be somebody else's
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
    except BaseException:
        connection.close()
        raise
    return connection


def _check_kind(connection: sqlite3.Connection, path: Path) -> None:
    (found,) = connection.execute("PRAGMA application_id").fetchone()
    if found != SOKE:
        raise SokeError("This is not a register of Soke.", "Check the name.", str(path))
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != VERSION:
        raise SokeError(f"The register has version {version}.", "Use the Soke that wrote it.", str(path))


def _size(connection: sqlite3.Connection) -> int:
    (last,) = connection.execute("SELECT max(seq) FROM entry").fetchone()
    return 0 if last is None else int(last) + 1


def _written(draft: Draft, seq: int) -> tuple[bytes, list[str]]:
    if len(draft.tags) > MOST_TAGS:
        raise SokeError(f"The entry has {len(draft.tags)} tags.", f"Use {MOST_TAGS} at most.", draft.kind)
    try:
        entry = draft.entry(seq)
        return canonical(check_entry(entry)), entry["tags"]
    except (Refused, TypeError) as error:
        raise SokeError(f"This is not an entry: {error}", "Nothing was written.", str(draft.kind)) from None


def _damaged(path: Path, fact: str) -> SokeError:
    return SokeError(f"The register is damaged or was changed. {fact}", "Restore it from a backup.", str(path))


@contextmanager
def _plainly(path: Path) -> Iterator[None]:
    """What SQLite says, in a sentence."""
    try:
        yield
    except sqlite3.Error as error:
        said, number = str(error), getattr(error, "sqlite_errorcode", 0) & 0xFF
        if number in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Conflict("Another writer keeps the register busy.", "Try again in a moment.", str(path)) from None
        if number == sqlite3.SQLITE_FULL:
            raise SokeError("The disk is full: nothing was written.", "Make room, then try again.", str(path)) from None
        if number in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise _damaged(path, f"The file cannot be read: {said}.") from None
        if number in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            raise SokeError("The register cannot be opened to write.", "Check permissions.", str(path)) from None
        raise SokeError(f"The register cannot be used: {said}.", "Check the file and the disk.", str(path)) from None
