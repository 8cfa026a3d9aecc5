"""Entries for the tests of the log, and somebody who goes round it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from soke.register.storage import Draft, Log


def draft(number: int = 0, *tags: str, **changed: Any) -> Draft:
    chosen = {"deal": "gm", "kind": "fund.paid", "at": "2026-04-01T09:30:00Z", "role": "partner", "person": "Ann Bell"}
    return Draft(**(chosen | {"tags": frozenset(tags), "body": {"number": number}} | changed))


def fill(log: Log, count: int = 20) -> None:
    log.append([draft(number, "deal:gm", f"fund:{number % 3}") for number in range(count)])


class Keeper:
    """Somebody with all rights on the database, who goes round the register."""

    def __init__(self, where: Path | str) -> None:
        self.postgres = isinstance(where, str)
        self._connection: Any
        if self.postgres:
            import psycopg  # noqa: PLC0415

            url, _, self.schema = str(where).partition("&schema=")
            self._connection = psycopg.connect(url, autocommit=True)
            self._connection.execute(f"SET search_path = {self.schema}")
        else:
            self._connection = sqlite3.connect(where, isolation_level=None)

    def execute(self, *statements: str) -> None:
        for statement in statements:
            self._connection.execute(statement)

    def drop_triggers(self) -> None:
        if self.postgres:
            self.execute(
                *(f"DROP TRIGGER {name} ON {table}" for name in ("next", "kept") for table in ("entry", "tag"))
            )
            return
        names = self._connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        self.execute(*(f"DROP TRIGGER {name}" for (name,) in names))

    def edit(self, old: str, new: str, where: str) -> None:
        """Replace text in the line of an entry."""
        value = f"replace(line, '{old}', '{new}')"
        if self.postgres:
            value = f"convert_to(replace(convert_from(line, 'UTF8'), '{old}', '{new}'), 'UTF8')"
        self.execute(f"UPDATE entry SET line = CAST({value} AS {'bytea' if self.postgres else 'BLOB'}) WHERE {where}")

    def close(self) -> None:
        self._connection.close()
