"""What the tables of all three files share: the place of each key, origin and grade, and what a number means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Literal

from soke.england.baseline import Grade
from soke.england.strategic import Tier
from soke.errors import Location

Origin = Literal["public", "derived", "illustrative"]
# What a number means, for the reader and the JSON Schemas. A year is written "2026-27" in files.
Year = Annotated[int, "financial year"]
Money = Annotated[Decimal, "pounds"]
Balance = Annotated[Decimal, "pounds, either sign"]
Share = Annotated[Decimal, "share"]

GRADE_OF_ORIGIN: Mapping[Origin, Grade] = {"public": "official", "derived": "derived", "illustrative": "unverified"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """A table and the place of each of its keys, dotted below the table: ``recall.scope.0``, ``profile.1.year``."""

    at: Location
    keys: Mapping[str, Location] = field(default_factory=dict, repr=False, compare=False)

    def where(self, *key: str | int) -> Location:
        """The place of a key; of the nearest table or list around it when the key is not written."""
        parts = [str(part) for part in key]
        while parts:
            found = self.keys.get(".".join(parts))
            if found:
                return found
            parts.pop()
        return self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Located):
    """What every table of the files has in common."""

    origin: Origin = "public"
    source: tuple[str, ...] = ()
    grade: Grade | None = None  # where it differs from what the origin says
    note: str = ""
    tiers: tuple[Tier, ...] = ()  # in the framework: the tiers that it is for; none written means all

    @property
    def held_as(self) -> Grade:
        """How far to trust it: its own grade, else what its origin says."""
        return self.grade or GRADE_OF_ORIGIN[self.origin]


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A low, central and high value: the 10th, 50th and 90th percentile of belief."""

    low: float
    central: float
    high: float
