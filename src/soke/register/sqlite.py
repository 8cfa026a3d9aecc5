"""A register in a file: SQLite, with a write-ahead log that is on disk before an append is acknowledged."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from soke.errors import SokeError
from soke.files import folder_beside, place_whole
from soke.register import database
from soke.register.database import Conflict, Kept, Row, Taken, damaged

SOKE, VERSION = 0x536F6B65, 1  # how the file says what it is: "Soke" in ASCII, and the version of its tables
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
AS_IT_LAY = "The folder cannot be written, so the file was read as it lay: read it so only while nobody appends."


class Sqlite:
    """The tables in one file. An object belongs to one thread."""

    def __init__(self, connection: sqlite3.Connection, path: Path, write: bool = True, remark: str = "") -> None:
        self.connection, self.path, self.where = connection, path, str(path)
        self.write, self.remark, self.plainly = write, remark, Plainly(str(path))

    @classmethod
    def create(cls, where: Path | str) -> Self:
        path = Path(where)
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
        with Plainly(str(path)):
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
    def whole(cls, where: Path | str) -> Iterator[Path]:
        path = Path(where)
        if path.exists() or path.is_symlink():
            raise _there(path)
        if not path.parent.is_dir():
            raise SokeError("There is no such folder.", "Make it first.", str(path.parent))
        try:
            with folder_beside(path.parent) as folder:
                part = folder / "register"
                yield part
                with part.open("rb") as file:
                    os.fsync(file.fileno())
                place_whole(part, path)
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

    def begin_append(self, tags: Sequence[str]) -> tuple[int, Mapping[str, int]]:
        self.begin(write=True)
        size, latest, ask = self.size(), {}, self.connection.execute
        for tag in tags:
            (last,) = ask("SELECT max(seq) FROM tag WHERE tag = ?", (tag,)).fetchone()
            if last is not None:
                latest[tag] = int(last)
        return size, latest

    def finish_append(self, first: int, rows: Sequence[Row]) -> None:
        self.insert(first, rows)
        self.commit()

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


def _there(path: Path) -> Taken:
    return Taken("This file exists, and Soke never overwrites one.", "Name a new file.", str(path))


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
    beside = path.with_name(f"{path.name}-wal")
    if beside.exists() and beside.stat().st_size:
        raise SokeError(
            f"Its latest entries are in {beside.name}, which cannot be read here.",
            "Ask the keeper for a backup, or read it as one who may write to the folder.",
            str(path),
        )
    return connect(f"{uri}?mode=ro&immutable=1", uri=True), AS_IT_LAY


def _check_kind(connection: sqlite3.Connection, path: Path) -> None:
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    if mark != SOKE:
        raise SokeError("This is not a register of Soke.", "Check the name.", str(path))
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != VERSION:
        raise SokeError(f"The register has version {version}.", "Use the Soke that wrote it.", str(path))


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
        if number == sqlite3.SQLITE_FULL:
            return SokeError("The disk is full: nothing was written.", "Make room, then try again.", self.where)
        if number in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return damaged(self.where, f"The file cannot be read: {said}.", self.thing)
        if number in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            return SokeError(f"The {self.thing} cannot be opened to write.", "Check permissions.", self.where)
        return SokeError(f"The {self.thing} cannot be used: {said}.", "Check the file and the disk.", self.where)
