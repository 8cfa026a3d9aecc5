"""What each side of a deal has promised, and what came of it: kept, late, missed, broken, or without a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from soke.register.state import DealState

Side = Literal["place", "government"]
Status = Literal["kept", "kept-late", "awaited", "late", "missed", "broken", "no-day"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLine:
    """A promise on a day, or ``many`` of one kind that came to the same.

    ``what`` and ``detail`` are words, with figures in them; ``evidence`` says what shows it, and by whom; ``on`` is the
    day on which it was delivered; ``about`` names the thing in tags of the register, such as ``promise:p1``.
    """

    side: Side
    what: str
    status: Status
    detail: str
    due: dt.date | None
    on: dt.date | None
    evidence: str
    about: str
    many: int = 1


def promise_lines(state: DealState, day: dt.date) -> tuple[PromiseLine, ...]:
    """What each side has promised, as it stands on a day: the place's first."""
    return ()
