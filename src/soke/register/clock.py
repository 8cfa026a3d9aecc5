"""The time in a register: that of the machine, which nobody may set; in a rehearsal what its users say it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from soke.errors import SokeError
from soke.register.kinds import KNOWN_BY_KIND, REGISTER
from soke.register.state import DealState
from soke.register.storage import Log
from soke.text import day as in_words

REHEARSAL = "REHEARSAL: what could be, not what is."


def last_entry(log: Log) -> dict[str, Any] | None:
    """The newest entry; None where the register is empty."""
    entries = log.read(len(log) - 2)
    return entries[-1] if entries else None


def time_of(entry: Mapping[str, Any]) -> dt.datetime:
    """When an entry says that it was recorded, in UTC."""
    return time_text(entry["at"])


def time_text(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def is_rehearsal(log: Log) -> bool:
    """Whether the register shows what could be, not what is: its first entry says so."""
    first = next(log.first(f"deal:{REGISTER}"), None)
    return first is not None and first["kind"] == "register.opened" and first["body"].get("rehearsal") is True


REST = dt.timedelta(days=5 * 365)  # in a rehearsal: its users say any day, and a slip of the year closes it
QUIET = dt.timedelta(days=32)  # after a month and a day without an entry, who records says what day it is
SKEW = dt.timedelta(hours=1)  # how far a clock may lag behind the last entry; the entry then gets that one's time


def moment_of(
    state: DealState, now: dt.datetime, kind: str, last: dt.datetime | None, today: dt.date | None
) -> dt.datetime:
    """The time of a new entry, to the second. Time in a register never runs backwards, and jumps only where somebody
    says so: one entry from a clock that runs years ahead would close a deal to all others.

    ``last``: of the last entry of the register; ``today``: the day, said by who records. SokeError where that does not
    fit.
    """
    now = now.astimezone(dt.UTC).replace(microsecond=0)
    whose = "Your date is" if state.rehearsal else "This machine says that it is"
    if today is not None and today != now.date():
        fact = f"{whose} {in_words(now.date())}, and you say that today is {in_words(today)}."
        raise SokeError(fact, "Set the clock right, or say the day in UTC.")
    if last is not None and now - last > (REST if state.rehearsal else QUIET) and today is None:
        fact = f"{whose} {in_words(now.date())}, and the last entry is of {in_words(last.date())}."
        fix = f"If that is right, say so: --today {now:%Y-%m-%d}. Else set it right; nothing was written."
        raise SokeError(fact, fix)
    if state.at is None or now >= state.at or kind in KNOWN_BY_KIND:
        return now
    if state.at - now <= SKEW:
        return state.at
    fact = f"This machine says that it is {now:%Y-%m-%d %H:%M}, and the last entry is of {state.at:%Y-%m-%d %H:%M}."
    fix = "Set the clock right; nothing was written."
    if state.rehearsal:
        fact = f"Your date, {now:%Y-%m-%d %H:%M}, is before the last entry's, {state.at:%Y-%m-%d %H:%M}."
        fix = "Name a later one; nothing was written."
    wrong = "If the last entry's time is wrong, a registrar records clock.corrected with its number."
    raise SokeError(fact, f"{fix} {wrong}")


@dataclass(frozen=True, slots=True)
class RightTimes:
    """When entries were recorded, as corrections of the clock have set it right."""

    corrections: Sequence[Mapping[str, Any]]

    def of(self, entry: Mapping[str, Any]) -> dt.datetime:
        at = time_of(entry)
        for correction in self.corrections:
            same = correction["deal"] == entry["deal"] and correction["body"]["entry"] <= entry["seq"]
            if same and entry["seq"] < correction["seq"] and at > time_of(correction):
                at = time_text(correction["body"]["right"])
        return at

    def in_order(self, deal: str) -> bool:
        """Whether the entries of a deal stand in the order of their times."""
        return all(correction["deal"] != deal for correction in self.corrections)


def right_times(log: Log) -> RightTimes:
    return RightTimes([entry for kind in KNOWN_BY_KIND for entry in log.first(f"kind:{kind}")])


class Clock:
    """In a rehearsal time stands still at the last entry, until somebody says otherwise."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.rehearsal = is_rehearsal(log)

    def now(self, said: dt.datetime | None = None) -> dt.datetime:
        """The time in UTC, or the one that was ``said``. SokeError where that is said outside a rehearsal."""
        if said is not None and not self.rehearsal:
            fact = "Only a rehearsal is told what time it is: this register takes the time from the machine's clock."
            raise SokeError(fact, "Leave out the time; or make a register with --rehearsal.")
        if said is not None:
            return said
        last = last_entry(self._log) if self.rehearsal else None
        return time_of(last) if last else dt.datetime.now(dt.UTC)

    def today(self) -> dt.date:
        """The day in UTC; in a rehearsal that of its last entry."""
        return self.now().date()
