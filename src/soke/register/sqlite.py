"""A register in a file: SQLite, with a write-ahead log that is on disk before an append is acknowledged."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Self

from soke.errors import SokeError
from soke.files import folder_beside, place_whole
from soke.register import database
from soke.register.database import Conflict, InDoubt, Kept, Row, Taken, Unnumbered, damaged
from soke.register.leftovers import SOKE, check_beside, check_is_register, foreign, refuse_leftovers
from soke.register.verify import Failed, Refused, read_entry

VERSION = 1  # of the tables; what the file is it says as soke.register.leftovers.SOKE
WAL_PAGES = 4_000  # a write-ahead log of 16 MB before it is folded in
SNAPSHOT = """CREATE TABLE IF NOT EXISTS snapshot (of TEXT NOT NULL, seq INTEGER NOT NULL, day TEXT NOT NULL,
  program TEXT NOT NULL, digest BLOB NOT NULL, body BLOB NOT NULL, PRIMARY KEY (of, seq));"""
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
{SNAPSHOT}
PRAGMA application_id = {SOKE};
PRAGMA user_version = {VERSION};
"""
KEPT = "SELECT of, seq, day, program, CAST(digest AS BLOB), CAST(body AS BLOB) FROM snapshot"
MAYBE_FULL = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)  # what SQLite says of a full disk as well, by the file
LEAST_ROOM = 65_536  # bytes: SQLite takes room for the index of a write-ahead log in pieces of half of this
AS_IT_LAY = "The folder cannot be written, so the file was read as it lay: read it so only while nobody appends."


class Sqlite:
    """The tables in one file. An object belongs to one thread."""

    def __init__(self, connection: sqlite3.Connection, path: Path, write: bool = True, remark: str = "") -> None:
        self.connection, self.path, self.where = connection, path, str(path)
        self.write, self.remark, self.plainly = write, remark, Plainly(str(path))

    @classmethod
    def create(cls, where: Path | str) -> Self:
        path = Path(where)
        if os.path.lexists(path):
            raise _there(path)
        refuse_leftovers(path)
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o644))
        except FileExistsError:
            raise _there(path) from None
        except OSError as error:
            raise SokeError(f"It cannot be written: {error.strerror}.", "Name another folder.", str(path)) from None
        try:
            with Plainly(str(path)), closed_on_failure(connect(str(path))) as connection:
                _make_durable(connection)
                connection.executescript(f"BEGIN IMMEDIATE;{SCHEMA}COMMIT;")
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return cls(connection, path)

    @classmethod
    def open(cls, where: Path | str, write: bool) -> Self:
        path = Path(where)
        if os.path.exists(path) and not path.is_file():  # noqa: PTH110 - a name that no disk can hold is none
            fact = "This is a folder, a pipe or a device, not a register."
            raise SokeError(fact, "Name the file of the register.", str(path), code="file-refused")
        if not os.path.isfile(path):  # noqa: PTH113
            fix = "Check the name, or make one with init."
            raise SokeError("There is no such register.", fix, str(path), code="no-file")
        check_is_register(path)
        check_beside(Path(os.path.realpath(path)))  # where SQLite looks, whatever links lead there
        with Plainly(str(path)):
            _check_continued(path)
            connection, remark = (connect(str(path)), "") if write else _connect_to_read(path)
            with closed_on_failure(connection):
                _check_kind(connection, path)  # before anything is set: the database may be somebody else's
                if write:
                    _make_durable(connection)
                else:
                    connection.execute("PRAGMA query_only = ON")
        return cls(connection, path, write, remark)

    @classmethod
    @contextmanager
    def whole(cls, where: Path | str, check: Callable[[Path | str], object] = lambda _: None) -> Iterator[Path]:
        path = Path(where)
        if os.path.lexists(path):
            raise _there(path)
        if not path.parent.is_dir():
            raise SokeError("There is no such folder.", "Make it first.", str(path.parent))
        refuse_leftovers(path)
        try:
            with folder_beside(path.parent) as folder:
                part = folder / "register"
                yield part
                with part.open("rb") as file:
                    os.fsync(file.fileno())
                    made = os.fstat(file.fileno())
                refuse_leftovers(path)
                place_whole(part, path)
                try:
                    refuse_leftovers(path)  # of what came between the two
                    check(path)
                except SokeError:
                    with suppress(FileNotFoundError):
                        if os.path.samestat(made, path.lstat()):
                            path.unlink()
                    raise
        except FileExistsError:
            raise _there(path) from None
        except OSError as error:
            raise SokeError(f"It cannot be written: {error.strerror}.", "Name another folder.", str(path)) from None

    def close(self) -> None:
        self.connection.close()

    def begin(self, write: bool) -> None:
        if write and not self.write:
            raise SokeError("The register was opened to be read only.", "Open it to write.", self.where)
        self.connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")

    def commit(self) -> None:
        self.connection.execute("COMMIT")

    def settle(self) -> None:
        """What another connection sees is on disk already."""

    def rollback(self) -> None:
        if self.connection.in_transaction:  # a full disk may have rolled it back already
            with suppress(sqlite3.Error):
                self.connection.execute("ROLLBACK")

    def size(self) -> int:
        (size,) = self.connection.execute("SELECT coalesce(max(seq), -1) + 1 FROM entry").fetchone()
        return int(size)

    def count(self, since: int) -> int:
        (count,) = self.connection.execute("SELECT count(*) FROM entry WHERE seq >= ?", (since,)).fetchone()
        return int(count)

    def append(self, entries: Sequence[Unnumbered], since: Mapping[str, int]) -> int | None:
        self.begin(write=True)
        if any(last > since[tag] for tag, last in self.latest([*since]).items()):
            self.rollback()
            return None
        first = self.size()
        self.insert(first, [entry.row(seq) for seq, entry in enumerate(entries, first)])
        self.commit()
        return first

    def latest(self, tags: Sequence[str]) -> Mapping[str, int]:
        ask = self.connection.execute
        found = ((tag, *ask("SELECT max(seq) FROM tag WHERE tag = ?", (tag,)).fetchone()) for tag in tags)
        return {tag: int(last) for tag, last in found if last is not None}

    def insert(self, first: int, rows: Sequence[Row]) -> None:
        connection = self.connection
        for seq, (line, tags) in enumerate(rows, first):  # the trigger takes a tag only while its entry is the last
            connection.execute("INSERT INTO entry VALUES (?, ?)", (seq, line))
            for tag in tags:
                connection.execute("INSERT INTO tag VALUES (?, ?)", (tag, seq))

    def page(self, since: int, tags: Sequence[str], most: int) -> list[tuple[int, bytes]]:
        marks = ", ".join("?" * len(tags))
        among = f"SELECT DISTINCT seq FROM tag WHERE tag IN ({marks}) AND seq > ? ORDER BY seq LIMIT ?"
        where = f"seq IN ({among})" if tags else "seq > ?"
        query = f"SELECT seq, CAST(line AS BLOB) FROM entry WHERE {where} ORDER BY seq LIMIT {most}"
        return self.connection.execute(query, (*tags, since, most) if tags else (since,)).fetchall()

    def last_page(self, tags: Sequence[str], most: int) -> list[tuple[int, bytes]]:
        marks = ", ".join("?" * len(tags))
        among = f"SELECT DISTINCT seq FROM tag WHERE tag IN ({marks}) ORDER BY seq DESC LIMIT ?"
        where = f"WHERE seq IN ({among})" if tags else ""
        query = f"SELECT seq, CAST(line AS BLOB) FROM entry {where} ORDER BY seq DESC LIMIT ?"
        return self.connection.execute(query, (*tags, most, most) if tags else (most,)).fetchall()[::-1]

    def entries(self) -> Iterator[tuple[int, bytes]]:
        return iter(self.connection.execute("SELECT seq, CAST(line AS BLOB) FROM entry ORDER BY seq"))

    def tags(self) -> Iterator[tuple[int, str]]:
        return iter(self.connection.execute("SELECT seq, tag FROM tag ORDER BY seq, tag"))

    def kept(self, of: str, program: str, last_day: str) -> Kept | None:
        if not self._keeps():
            return None
        query = f"{KEPT} WHERE of = ? AND program = ? AND day <= ? ORDER BY seq DESC LIMIT 1"
        row = self.connection.execute(query, (of, program, last_day)).fetchone()
        return Kept(*row) if row else None

    def keep(self, kept: Kept, block: int) -> None:
        ask = self.connection.execute
        self.begin(write=True)
        try:
            ask(SNAPSHOT)
            gone = "DELETE FROM snapshot WHERE of = ? AND (program <> ? OR seq / ? = ?)"
            ask(gone, (kept.of, kept.program, block, kept.seq // block))
            ask("INSERT OR REPLACE INTO snapshot VALUES (?, ?, ?, ?, ?, ?)", kept)
            self.commit()
        except BaseException:
            self.rollback()
            raise

    def whole_cache(self) -> Iterator[Kept]:
        if self._keeps():
            yield from (Kept(*row) for row in self.connection.execute(f"{KEPT} ORDER BY of, seq"))

    def _keeps(self) -> bool:
        return bool(self.connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'snapshot'").fetchone())

    def complaint(self) -> str:
        (said,) = self.connection.execute("PRAGMA integrity_check(1)").fetchone()
        return "" if said == "ok" else f"SQLite says: {said}."

    def unguarded(self) -> str:
        return database.triggers_in_words(_wanted_triggers(), _triggers(self.connection))


def _triggers(connection: sqlite3.Connection) -> dict[str, str]:
    query = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('entry', 'tag')"
    return dict(connection.execute(query).fetchall())


@lru_cache(maxsize=1)
def _wanted_triggers() -> dict[str, str]:
    with closing(sqlite3.connect(":memory:")) as made:
        made.executescript(SCHEMA)
        return _triggers(made)


def _there(path: Path) -> Taken:
    """What is said where a file was to be made and something lies: it names what."""
    fix = "Name a new file."
    if path.is_symlink() or not path.is_file():
        what = "It is a link." if path.is_symlink() else "It is a folder." if path.is_dir() else "It is no file."
        return Taken(f"This file exists, and Soke never overwrites one. {what}", fix, str(path))
    try:
        with closing(Sqlite.open(path, write=False)) as opened:
            what = database.lies_there(opened)
        fix = f"Name a new file. To restore over it, move it away first, with {path.name}-wal if that lies beside it."
    except SokeError as error:
        what = error.fact
    return Taken(f"This file exists, and Soke never overwrites one. {what}", fix, str(path))


def connect(name: str, uri: bool = False) -> sqlite3.Connection:
    return sqlite3.connect(name, isolation_level=None, timeout=database.WAIT_MS / 1000, uri=uri)


def _make_durable(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")


def _connect_to_read(path: Path) -> tuple[sqlite3.Connection, str]:
    """Whoever may write the file leaves no helper files behind; whoever may not write even the folder reads the file
    as it lies, unless entries still lie beside it."""
    uri = path.resolve().as_uri()
    connection = connect(f"{uri}?mode={'rw' if os.access(path, os.W_OK) else 'ro'}", uri=True)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        return connection, ""
    except sqlite3.OperationalError as error:
        connection.close()
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
            raise
    real = Path(os.path.realpath(path))
    beside = real.with_name(f"{real.name}-wal")
    if beside.exists() and beside.stat().st_size:
        raise SokeError(
            f"Its latest entries are in {beside.name}, which cannot be read here.",
            "Ask the keeper for a backup, or read it as one who may write to the folder.",
            str(path),
        )
    return connect(f"{uri}?mode=ro&immutable=1", uri=True), AS_IT_LAY


def _check_continued(path: Path) -> None:
    """SokeError where the first entry of the file, or its last, is another as soon as the write-ahead log is read with
    it. Both are only read: whoever closes a file last would else fold a log into it that belongs to another."""
    real = Path(os.path.realpath(path))
    wal = real.with_name(f"{real.name}-wal")
    if not wal.exists() or not wal.stat().st_size:
        return
    query = "SELECT seq, CAST(line AS BLOB) FROM entry WHERE seq IN (0, ?)"
    try:
        with closing(connect(f"{real.as_uri()}?mode=ro&immutable=1", uri=True)) as alone:
            (last,) = alone.execute("SELECT max(seq) FROM entry").fetchone()
            held = [row for row in alone.execute(query, (last,)) if _is_entry(*row)]
    except sqlite3.Error:  # half of the log may be folded in, or all be in the log still
        return
    try:
        with closing(connect(f"{real.as_uri()}?mode=ro", uri=True)) as both:
            same = set(held) <= set(both.execute(query, (last,)))
    except sqlite3.DatabaseError as error:
        same = not held or error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    if not same:
        raise foreign(real)


def _is_entry(seq: int, line: bytes) -> bool:
    """Whether a line came whole from a file into which a log may be half folded."""
    try:
        return bool(read_entry(line, seq))
    except (Refused, Failed):
        return False


def _check_kind(connection: sqlite3.Connection, path: Path) -> None:
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    if mark != SOKE:
        raise SokeError("This is not a register of Soke.", "Check the name.", str(path))
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != VERSION:
        raise SokeError(f"The register has version {version}.", "Use the Soke that wrote it.", str(path))


def _is_full(where: str) -> bool:
    """Whether the disk of a file has no room for a further page of it, or for a file beside it."""
    try:
        disk = os.statvfs(Path(where).parent)
    except (OSError, ValueError, AttributeError):  # not on every system
        return False
    return disk.f_bavail * disk.f_frsize < LEAST_ROOM or (disk.f_files > 0 and disk.f_favail == 0)


@contextmanager
def closed_on_failure(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    try:
        yield connection
    except BaseException:
        connection.close()
        raise


class Plainly:
    """What SQLite says, in a sentence. ``thing`` is what the file is to its users."""

    def __init__(self, where: str, thing: str = "register") -> None:
        self.where, self.thing = where, thing

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if isinstance(error, sqlite3.Error):
            raise self.sentence(error) from None

    def sentence(self, error: sqlite3.Error) -> SokeError:
        said, number = str(error), getattr(error, "sqlite_errorcode", 0) & 0xFF
        if number in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return Conflict(f"Another writer keeps the {self.thing} busy.", "Try again in a moment.", self.where)
        if number == sqlite3.SQLITE_FULL or (number in MAYBE_FULL and _is_full(self.where)):
            return SokeError("The disk is full: nothing was written.", "Make room, then try again.", self.where)
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_IOERR_FSYNC:
            fact = "The disk did not confirm what was written: it is there whole, or not at all."
            return InDoubt(fact, "Look whether it is recorded before it is sent again.", self.where)
        if number in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return damaged(self.where, f"The file cannot be read: {said}.", self.thing)
        if number in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            return SokeError(f"The {self.thing} cannot be opened to write.", "Check permissions.", self.where)
        return SokeError(f"The {self.thing} cannot be used: {said}.", "Check the file and the disk.", self.where)
