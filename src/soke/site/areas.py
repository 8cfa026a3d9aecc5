"""The places that have a page: all that are, those that are gone, and those to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from soke.england.places import LOWER, Place, Successor, places
from soke.england.strategic import StrategicAuthority, strategic_authorities
from soke.site.links import slug

Rank = Literal["country", "region", "strategic", "county", "council", "gone", "to-come"]
GROUPS: tuple[tuple[Rank, str], ...] = (
    ("country", "England"), ("region", "Regions"), ("strategic", "Wider areas"), ("county", "Counties"),
    ("council", "Councils"), ("to-come", "To come"), ("gone", "Gone"),
)  # fmt: skip
FOLDER = "places"


@dataclass(frozen=True, slots=True)
class Area:
    """A place with a page of its own. ``members``: codes of its lower-tier and unitary authorities, in code order;
    none of one that is gone or to come. ``asked``: what Soke's other commands call it. ``body``: the strategic
    authority that it is, if it is one."""

    name: str
    code: str  # "" where none is known
    rank: Rank
    members: tuple[str, ...]
    slug: str
    body: StrategicAuthority | None = None
    place: Place | None = None
    ended: tuple[Successor, ...] = ()  # of one that is gone or to come, what is told of it

    @property
    def path(self) -> str:
        return f"{FOLDER}/{self.slug}.html"

    @property
    def called(self) -> str:
        """Its name, with its rank where a region or a county has the name of something else."""
        return f"{self.name} ({self.rank})" if self.slug == f"{slug(self.name)}-{self.rank}" else self.name

    @property
    def asked(self) -> str:
        return self.code or self.name

    @property
    def has_account(self) -> bool:
        return bool(self.members)

    def beside(self, what: str) -> str:
        """The path of a page that belongs to this one, such as that of its sums."""
        return f"{FOLDER}/{self.slug}-{what}.html"


@cache
def areas() -> tuple[Area, ...]:
    """All of them: England, regions, wider areas, counties, councils, then those to come and those that are gone; by
    name within each."""
    found = [*_living(), *_unliving()]
    order = [rank for rank, _ in GROUPS]
    found.sort(key=lambda area: (order.index(area.rank), area.name, area.code))
    return tuple(found)


@cache
def by_code() -> dict[str, Area]:
    """Those that have a code."""
    return {area.code: area for area in areas() if area.code}


@cache
def by_name() -> dict[str, Area]:
    """Strategic authorities by the name under which Soke's table has them."""
    return {area.body.name: area for area in areas() if area.body}


def _living() -> Iterator[Area]:
    known, bodies = places(), {body.code: body for body in strategic_authorities() if body.code}
    ranks: dict[str, Rank] = {"country": "country", "region": "region", "county": "county"}
    ranks |= dict.fromkeys(LOWER, "council")
    named: dict[str, int] = {}
    for place in known.by_code.values():
        named[place.name] = named.get(place.name, 0) + 1
    for code, place in known.by_code.items():
        rank = ranks.get(place.kind, "strategic")
        own = slug(place.name)
        if named[place.name] > 1 and rank in ("region", "county"):
            own += f"-{rank}"
        yield Area(place.name, code, rank, known.members(code), own, bodies.get(code), place)
    for body in strategic_authorities():
        if not body.code:
            yield Area(body.name, "", "strategic", body.members, slug(body.name), body)


def _unliving() -> Iterator[Area]:
    """Those that ended and no place of today has the name of, and those that are announced."""
    known = places()
    taken = {slug(name) for name in (*(place.name for place in known.by_code.values()), *_uncoded())}
    gone: dict[str, list[Successor]] = {}
    for told in known.ended:
        if told.code not in known.by_code and told.ended is not None:
            gone.setdefault(told.code, []).append(told)
        if not told.successor and slug(told.successor_name) not in taken:
            taken.add(slug(told.successor_name))
            yield Area(told.successor_name, "", "to-come", (), slug(told.successor_name), None, None, (told,))
    for code, those in gone.items():
        own = slug(those[0].name)
        if own not in taken:
            taken.add(own)
            yield Area(those[0].name, code, "gone", (), own, None, None, tuple(those))


def _uncoded() -> Iterator[str]:
    yield from (body.name for body in strategic_authorities() if not body.code)


def day_of(year: int) -> dt.date:
    """The 1 April on which councils begin and end."""
    return dt.date(year, 4, 1)
