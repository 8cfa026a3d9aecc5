"""One promise as it stands on record: what was said of it, by whom, and what that comes to on a day."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Status = Literal["kept", "kept-late", "near", "awaited", "late", "missed", "broken", "no-day"]
Saying = Literal["delivered", "confirmed", "broken", "disputed", "day-asked", "day-agreed"]
Voice = Literal["maker", "other", "witness"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a party said of a promise, and why or on what evidence. ``day``: of the delivery, or the new day asked."""

    party: str
    voice: Voice
    said: Saying
    on: dt.date
    why: str
    day: dt.date | None = None


@dataclass(frozen=True, slots=True)
class PaidInto:
    """A fund whose payments from a day on keep a promise of money, and the share of what is still to come that is for
    it: none, once others came in the place of the fund."""

    fund: str
    since: dt.date
    share: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What ``by`` promised, to be done by ``due``. With a power, a fund or an answer, the register itself shows it.

    ``fund`` and ``power`` are as it was promised; ``into`` and ``powers`` are what keeps it now, so that a promise goes
    over with the thing to those in its place.

    ``due`` is the day that holds: a later one counts from the day on which those whom it was promised to agreed to it,
    and ``first_due`` stays as it was promised.
    """

    id: str
    title: str
    by: str
    made: dt.date
    due: dt.date
    first_due: dt.date
    to: str = ""  # a party; else the other side
    fund: str = ""
    year: int = 0
    pence: int = 0
    power: str = ""
    answer: str = ""
    into: tuple[PaidInto, ...] = ()
    powers: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()

    @property
    def shown(self) -> bool:
        """Whether the register shows by itself what came of it."""
        return self.kept_by != "promise.delivered"

    @property
    def kept_by(self) -> str:
        """The kind of entry that keeps it."""
        shown_by = ((self.fund, "fund.paid"), (self.power, "power.conferred"), (self.answer, "answer.given"))
        return next((kind for thing, kind in shown_by if thing), "promise.delivered")

    def last(self, *sayings: Saying) -> Said | None:
        return next((word for word in reversed(self.said) if word.said in sayings), None)

    @property
    def verdict(self) -> Said | None:
        """The word that holds: of a witness, else of the other side, else of who made it, since it last delivered."""
        words = self.said[self._delivered_at :]
        for voice in ("witness", "other", "maker"):
            for word in reversed(words):
                if word.voice == voice and word.said in ("confirmed", "broken"):
                    return word
        return None

    @property
    def _delivered_at(self) -> int:
        places = [place for place, word in enumerate(self.said) if word.said == "delivered"]
        return places[-1] if places else 0

    @property
    def delivery(self) -> Said | None:
        """The last word of who made it that it was delivered."""
        return self.last("delivered")

    @property
    def contested(self) -> Said | None:
        """The word by which somebody disputes what was said last, where nobody has decided it since."""
        word = self.last("delivered", "confirmed", "broken", "disputed")
        return word if word is not None and word.said == "disputed" else None

    @property
    def asked_day(self) -> Said | None:
        """A later day that was asked for and not yet agreed to."""
        word = self.last("day-asked", "day-agreed")
        return word if word is not None and word.said == "day-asked" else None

    @property
    def kept_on(self) -> dt.date | None:
        """The day of its delivery, where that is confirmed."""
        verdict = self.verdict
        return verdict.day if verdict is not None and verdict.said == "confirmed" else None

    @property
    def broken(self) -> bool:
        verdict = self.verdict
        return verdict is not None and verdict.said == "broken"

    def status(self, day: dt.date) -> Status:
        """What it comes to on a day, of a promise that the register does not show by itself."""
        if self.broken:
            return "broken"
        kept = came_to(self.due, self.kept_on, day)
        in_time = self.delivery is not None and self.delivery.day is not None and self.delivery.day <= self.due
        return "awaited" if kept == "late" and in_time and self.contested is None else kept

    def with_word(self, word: Said) -> Promise:
        due = word.day if word.said == "day-agreed" and word.day is not None else self.due
        return dataclasses.replace(self, said=(*self.said, word), due=due)


def came_to(due: dt.date, on: dt.date | None, day: dt.date) -> Status:
    """What a promise with a day comes to, which was kept on a day, or not yet."""
    if on is not None:
        return "kept" if on <= due else "kept-late"
    return "late" if due < day else "awaited"
