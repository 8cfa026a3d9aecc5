"""The time in a register: that of the machine, which nobody may set; in a rehearsal what its users say it is."""

from __future__ import annotations

import datetime as dt
from typing import Any

from soke.errors import SokeError
from soke.register.kinds import REGISTER
from soke.register.storage import Log

REHEARSAL = "REHEARSAL: what could be, not what is."


def last_entry(log: Log) -> dict[str, Any] | None:
    """The newest entry; None where the register is empty."""
    entries = log.read(len(log) - 2)
    return entries[-1] if entries else None


def time_of(entry: dict[str, Any]) -> dt.datetime:
    """When an entry was recorded, in UTC."""
    return dt.datetime.fromisoformat(entry["at"])


def is_rehearsal(log: Log) -> bool:
    """Whether the register shows what could be, not what is: its first entry says so."""
    first = next(iter(log.read(tags=[f"deal:{REGISTER}"])), None)
    return first is not None and first["kind"] == "register.opened" and first["body"].get("rehearsal") is True


class Clock:
    """In a rehearsal time stands still at the last entry, until somebody says otherwise."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._rehearsal = is_rehearsal(log)

    def now(self, said: dt.datetime | None = None) -> dt.datetime:
        """The time in UTC, or the one that was ``said``. SokeError where that is said outside a rehearsal."""
        if said is not None and not self._rehearsal:
            fact = "Only a rehearsal is told what time it is: this register takes the time from the machine's clock."
            raise SokeError(fact, "Leave out the time; or make a register with --rehearsal.")
        if said is not None:
            return said
        last = last_entry(self._log) if self._rehearsal else None
        return time_of(last) if last else dt.datetime.now(dt.UTC)

    def today(self) -> dt.date:
        """The day in UTC; in a rehearsal that of its last entry."""
        return self.now().date()
