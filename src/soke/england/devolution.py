"""How far devolution has come, in people: who lives under which tier, how long a tier is known to have stood, and the
funds of areas that are known, for each head.

A tier is known from a day only where a source that speaks on that day tells it, or where the area was made with it. In
between the area was there, and which tier it had is not told.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast, get_args

from soke.england.baseline import Grade, baseline
from soke.england.places import LOWER, Kind, places
from soke.england.strategic import TIERS, StrategicAuthority, Tier, around, strategic_authorities, told_until

Standing = Literal["established-mayoral", "mayoral", "foundation", "planned", "none"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)  # from the widest powers to none that are known
KINDS: tuple[Kind, ...] = ("london-borough", "metropolitan-district", "unitary", "shire-district")
FundKind = Literal["investment", "settlement", "transport"]


def standing_of(body: StrategicAuthority | None, at: dt.date) -> Standing:
    """What an authority has on a day: the tier of the area around it, or that one is planned, or none that is known."""
    if body is None:
        return "none"
    spell = body.on(at)
    return spell.tier if spell else "planned"


def as_of(today: dt.date) -> dt.date:
    """The newest day up to ``today`` of which anything is told."""
    return min(today, told_until())


@dataclass(frozen=True, slots=True)
class People:
    """People of 2022 by what they live under; of England, or of one kind of council."""

    kind: Kind | Literal["country"]
    by: Mapping[Standing, float]

    @property
    def all(self) -> float:
        return sum(self.by.values())

    def share(self, *standings: Standing) -> float:
        """The share of the people who live under any of these."""
        return sum(self.by[standing] for standing in standings) / self.all


def people_by_tier(at: dt.date) -> tuple[People, ...]:
    """England first, then each kind of council."""
    base = baseline()
    counted: dict[Kind, dict[Standing, float]] = {kind: dict.fromkeys(STANDINGS, 0.0) for kind in LOWER}
    for place, people in zip(places().authorities, base["population"], strict=True):
        counted[place.kind][standing_of(around(place.code), at)] += float(people)
    whole = {standing: sum(by[standing] for by in counted.values()) for standing in STANDINGS}
    return People("country", whole), *(People(kind, counted[kind]) for kind in KINDS)


def people_of(members: Sequence[str]) -> float:
    """People of 2022 of some authorities."""
    base = baseline()
    return float(base["population"][base.mask(members)].sum())


def without(at: dt.date) -> tuple[str, ...]:
    """Codes of the authorities in no strategic authority that is there or planned, counties in place of all their
    districts; in code order."""
    return places().gathered(p.code for p in places().authorities if standing_of(around(p.code), at) == "none")


# --- over time ---


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the time of an area. ``tier`` None: it was there, and its tier is not told."""

    first: dt.date
    last: dt.date
    tier: Tier | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """An area over time: stretches, the day on which it moved up if that is told, and the next vote for a mayor.
    ``first_vote``: whether nobody is in post yet."""

    body: StrategicAuthority
    stretches: tuple[Stretch, ...]
    moved: dt.date | None
    vote: dt.date | None
    first_vote: bool


def timeline(body: StrategicAuthority, until: dt.date) -> Timeline:
    """Of one area, until a day."""
    last = body.last
    moved = last.since if last.since and last.since != body.made and len(body.spells) > 1 else None
    if moved and moved > until:
        moved = None
    return Timeline(body, tuple(_stretches(body, until)), moved, body.elects, last.mayor is False)


def _stretches(body: StrategicAuthority, until: dt.date) -> Iterator[Stretch]:
    if body.made is None or body.made > until:
        return
    known = [(day, spell.tier) for number, spell in enumerate(body.spells)
             if (day := _known_from(body, number)) and day <= until]  # fmt: skip
    starts = [day for day, _ in known]
    if not known or body.made < starts[0]:
        yield Stretch(body.made, starts[0] if known else until, None)
    for (day, tier), end in zip(known, [*starts[1:], until][: len(known)], strict=True):
        yield Stretch(day, end, tier)


def _known_from(body: StrategicAuthority, number: int) -> dt.date | None:
    """From which day a tier is known: that on which it began if the area was made or moved up then, else that on which
    a source speaks of it; None where another tier followed before any source spoke."""
    spell = body.spells[number]
    if spell.since and (spell.since == body.made or number > 0):
        return spell.since
    return spell.as_of if spell.until is None or spell.as_of < spell.until else None


# --- money ---


@dataclass(frozen=True, slots=True)
class Fund:
    """What is told of money for an area: GBP million in ``years``, which is one year, several, or ``a year``."""

    fund: FundKind
    area: str
    gbp_million: float
    years: str
    grade: Grade
    source: str
    note: str

    @property
    def a_year(self) -> float:
        """GBP million a year."""
        first, to, last = self.years.partition(" to ")
        return self.gbp_million / (int(last[:4]) - int(first[:4]) + 1) if to else self.gbp_million


@cache
def devolved_funds() -> Mapping[tuple[str, FundKind], Fund]:
    """Funds by the name of the area and the kind of fund. What is not in it is not known."""
    text = files(__package__).joinpath("devolved_funds.csv").read_text(encoding="utf-8")
    out = {}
    for row in csv.DictReader(io.StringIO(text)):
        kind = cast(FundKind, row["fund"])
        fund = Fund(kind, row["area"], float(row["gbp_million"]), row["years"], cast(Grade, row["grade"]),
                    row["source"], row["note"])  # fmt: skip
        out[fund.area, kind] = fund
    return out


def a_head(body: StrategicAuthority, kind: FundKind) -> float | None:
    """Pounds a year of a fund for each of the area's people of 2022; None where it is not known."""
    fund = devolved_funds().get((body.name, kind))
    return fund.a_year * 1e6 / people_of(body.members) if fund else None


def with_tier(tier: Tier, at: dt.date) -> tuple[StrategicAuthority, ...]:
    """The areas that have a tier on a day, the one with most people first."""
    those = [body for body in strategic_authorities() if standing_of(body, at) == tier]
    return tuple(sorted(those, key=lambda body: (-people_of(body.members), body.name)))


def tier_above(tier: Tier) -> Tier | None:
    """The next wider tier; None above the widest."""
    number = TIERS.index(tier) + 1
    return TIERS[number] if number < len(TIERS) else None
