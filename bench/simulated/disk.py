"""The file of the register and the connections to it: what a crash, a cut of power or a full disk leaves behind.

Each statement of the storage module goes over a :class:`Wire`. Before it, and after it, somebody may meddle: raise what
SQLite would raise, kill the writer, or let another writer go first. A killed writer says nothing more: no rollback
reaches the database. A cut of power kills all; what is left is a copy of the file as it lay at that moment, with the
write-ahead log torn anywhere behind the last commit that had returned.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from soke.register import database, sqlite

Meddle = Callable[["Wire", str, bool], None]
WRITES = ("BEGIN IMMEDIATE", "INSERT", "COMMIT")


class Crash(BaseException):
    """A writer dies between two statements."""


class PowerCut(Crash):
    """All writers die."""


class Wire:
    """A connection, and whose it is. ``statements`` counts from when it was last set to nought."""

    def __init__(self, real: sqlite3.Connection, meddle: Meddle) -> None:
        self.real, self.meddle, self.dead, self.statements = real, meddle, False, 0

    def execute(self, sql: str, values: Any = ()) -> sqlite3.Cursor:
        return self._run(sql, lambda: self.real.execute(sql, values))

    def executemany(self, sql: str, rows: Any) -> sqlite3.Cursor:
        return self._run(sql, lambda: self.real.executemany(sql, rows))

    def executescript(self, sql: str) -> sqlite3.Cursor:
        return self._run(sql, lambda: self.real.executescript(sql))

    def _run(self, sql: str, statement: Callable[[], sqlite3.Cursor]) -> sqlite3.Cursor:
        if self.dead:
            raise Crash
        self.statements += 1
        self.meddle(self, sql, False)
        found = statement()
        self.meddle(self, sql, True)
        return found

    @property
    def in_transaction(self) -> bool:
        return not self.dead and self.real.in_transaction

    def die(self) -> None:
        """As a killed process: the system closes its files, and SQLite leaves what was not committed."""
        self.dead = True
        self.real.close()

    def close(self) -> None:
        if not self.dead:
            self.real.close()


def failing(code: int, said: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(said)
    error.sqlite_errorcode = code
    return error


class Disk:
    """Where the register lies. ``synced`` is how much of the write-ahead log no cut of power can take."""

    def __init__(self, folder: Path, template: Path | None) -> None:
        self.folder, self.number, self.synced = folder, 0, 0
        if template is not None:
            shutil.copyfile(template, self.path)

    @property
    def path(self) -> Path:
        return self.folder / f"register{self.number}.db"

    def _wal(self) -> Path:
        return self.path.with_name(f"{self.path.name}-wal")

    def wal_size(self) -> int:
        try:
            return self._wal().stat().st_size
        except FileNotFoundError:
            return 0

    def note_commit(self) -> None:
        self.synced = self.wal_size()

    def cut(self, rng: random.Random) -> int:
        """Copy what would be left. Returns how many bytes of the write-ahead log were torn off."""
        old, wal, size = self.path, self._wal(), self.wal_size()
        keep = size if rng.random() < 0.3 else self.synced + int((size - self.synced) * rng.random())
        self.number += 1
        shutil.copyfile(old, self.path)
        if size:
            self._wal().write_bytes(wal.read_bytes()[:keep])
        self.synced = keep
        return size - keep


@contextmanager
def wired(connect: Callable[[sqlite3.Connection], Any]) -> Iterator[None]:
    """While inside, the storage module gets its connections from here, and nobody waits for a busy register."""
    plain, wait = sqlite.connect, database.WAIT_MS
    sqlite.connect = lambda name, uri=False: connect(plain(name, uri))
    database.WAIT_MS = 0
    try:
        yield
    finally:
        sqlite.connect, database.WAIT_MS = plain, wait
