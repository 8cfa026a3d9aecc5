"""What the commands of ``soke register`` share: the register that is named, and opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from soke.cli.output import say
from soke.deal.words import on_day
from soke.register.clock import Clock
from soke.register.storage import Log

REGISTER = typer.Argument(metavar="REGISTER", help="A register: a file, or a postgresql:// URL.")


@contextmanager
def opened(register: str, *, write: bool) -> Iterator[Log]:
    """The log of a register, closed at the end; what its reader should know about it is said."""
    with Log.open(register, write=write) as log:
        if log.remark:
            say(f"soke: {log.remark}")
        yield log


def day_of(log: Log, on: str | None) -> dt.date:
    """The day of ``--on``; else today, which in a rehearsal is the day of its last entry."""
    return Clock(log).today() if on is None else on_day(on)
