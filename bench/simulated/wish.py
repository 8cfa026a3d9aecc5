"""A wish, and what all that make one draw it with."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from soke.register.kinds import REGISTRAR
from soke.register.state import DealState

T = TypeVar("T")
DAY = dt.timedelta(1)
KEEPER = "Ann Keeper"


@dataclass(frozen=True, slots=True)
class Wish:
    deal: str
    kind: str
    role: str
    body: dict[str, Any] = field(default_factory=dict)
    person: str = ""
    never: str = ""  # why it must be refused
    on: dt.date | None = None  # when it is to be sent, where that is not now


def person_of(party: str) -> str:
    return KEEPER if party == REGISTRAR else f"{party.title()} Person"


def spelled_otherwise(name: str, rng: random.Random) -> str:
    """The name as another may write it: in capitals, or with one Cyrillic letter that looks like its own."""
    if rng.random() < 0.5:
        return name.upper()
    return name.replace("e", "\u0435", 1)


class Drawing:
    """A deal as it stands, and the entries so far: what wishes about it are drawn from."""

    def __init__(
        self, rng: random.Random, state: DealState, now: dt.datetime, texts: Sequence[tuple[str, str]],
        entries: Sequence[dict[str, Any]] = (),
    ) -> None:  # fmt: skip
        self.rng, self.state, self.now, self.texts, self.entries = rng, state, now, texts, entries
        self.today = now.date()

    def any(self, things: Sequence[T]) -> T:
        return self.rng.choice(things)

    def soon(self, most: int = 20) -> str:
        """A day due; mostly one that leaves as long as the deal gives for an answer."""
        least = self.state.terms.ladder.process.response_days if self.rng.random() < 0.9 else 0
        return str(self.today + (least + self.rng.randint(1, most)) * DAY)

    def of(self, kind: str, role: str, /, **body: Any) -> Wish:
        return Wish(self.state.id, kind, role, body)

    def fresh(self, letter: str) -> str:
        """An id; now and then one that is likely to be taken."""
        return f"{letter}{self.rng.randint(1, 6 if self.rng.random() < 0.1 else 10**6)}"

    def pence(self, most: int) -> int:
        """Some of what there is: often all, now and then a penny too much."""
        drawn = self.rng.random()
        return max(1, most + 1 if drawn < 0.07 else most if drawn < 0.35 else self.rng.randint(1, max(1, most)))

    def sides(self) -> tuple[str, ...]:
        return (*self.state.parties("receiver"), *self.state.parties("giver")[:2])
