"""Codes that were typed and not taken, as a ballot box counts them: by kind and hour of UTC, never what was typed.

They are written once a second at most, so that somebody who guesses wears no disk and keeps nobody waiting: a process
that is killed loses the count of its last second.
"""

from __future__ import annotations

import datetime as dt
import math
import sqlite3
import time
from collections import Counter

from soke.community.voting.tried import Tried

EVERY = 1.0  # seconds between two writings


class TriedCodes:
    """The counts of one connection. Writing wants a transaction around it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._more: Counter[tuple[str, str]] = Counter()  # not written yet
        self._written_at = -math.inf

    def __bool__(self) -> bool:
        return bool(self._more)

    def count(self, kind: str) -> None:
        self._more[_hour(), kind] += 1

    @property
    def due(self) -> bool:
        return bool(self._more) and time.monotonic() - self._written_at >= EVERY

    def write(self) -> None:
        """What was counted since goes into the table."""
        more = "ON CONFLICT (hour, kind) DO UPDATE SET times = times + excluded.times"
        rows = [(*of, times) for of, times in sorted(self._more.items())]
        self._connection.executemany(f"INSERT INTO tried VALUES (?, ?, ?) {more}", rows)
        self._more.clear()
        self._written_at = time.monotonic()

    def read(self) -> list[Tried]:
        """All that was written, by hour and kind."""
        return [Tried(*row) for row in self._connection.execute("SELECT hour, kind, times FROM tried")]


def _hour() -> str:
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H")
