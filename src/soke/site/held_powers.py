"""Powers as deal files have them: what the ledger holds of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from soke.deal.types import Status
from soke.england.baseline import Grade


@dataclass(frozen=True, slots=True)
class Held:
    """A power under a deal. ``since`` None: the file gives no day."""

    title: str
    holder: str
    exercise: str
    since: dt.date | None
    under: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class DealPowers:
    """The powers of one deal that was read whole and has no error. ``members``: codes of its authorities."""

    file: str
    id: str
    title: str
    status: Status
    members: tuple[str, ...]
    powers: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class Powers:
    """What the deal files say of powers, and which files say nothing that can be shown."""

    deals: tuple[DealPowers, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()  # file, and why
