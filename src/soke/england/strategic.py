"""Strategic authorities: which areas there are, under what name, with whom, and who had which tier on which day.

Read second-hand (source ``strategic-authorities-2026``), so ``unverified``. Areas made in 2026, and two that are only
planned, have no code of the Office for National Statistics that is known here: they are keyed by name and members.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from soke.england.tables import read_table
from soke.text import day, straight_quotes

Tier = Literal["foundation", "mayoral", "established-mayoral"]  # from the narrowest to the widest
TIERS: tuple[Tier, ...] = get_args(Tier)
SOURCE = "strategic-authorities-2026"


@dataclass(frozen=True, slots=True)
class Spell:
    """A tier that an area had from a day until another, which is no longer of it. ``since`` None: not made yet.

    ``as_of``: the day on which ``told_by`` speaks. A tier from before that day is read back: no earlier change is told.
    ``mayor``: whether one is in post; None where that is not told.
    """

    tier: Tier
    mayor: bool | None
    since: dt.date | None
    until: dt.date | None
    as_of: dt.date
    told_by: str

    def holds(self, first: dt.date, last: dt.date) -> bool:
        """Whether the area has the tier on any day from ``first`` to ``last``, both included."""
        return self.since is not None and self.since <= last and (self.until is None or first < self.until)

    @property
    def told(self) -> str:
        """Who says so, and how good that is: ``NAO HC 263, at 1 July 2026, read second-hand``."""
        own = day(self.as_of) in self.told_by
        return f"{self.told_by}, {'' if own else f'at {day(self.as_of)}, '}read second-hand"


@dataclass(frozen=True, slots=True)
class StrategicAuthority:
    """One area. ``members``: codes of its lower-tier and unitary authorities, in code order. ``code`` is "" where none
    is known, ``made`` None where it is only planned. ``next_election`` of a mayor, as ``2028-05``; "" where none is."""

    name: str
    legal_name: str
    formerly: tuple[str, ...]
    code: str
    members: tuple[str, ...]
    made: dt.date | None
    instrument: str
    next_election: str
    spells: tuple[Spell, ...]

    @property
    def last(self) -> Spell:
        """The newest tier that is told; of a planned area, the one that it is to have."""
        return self.spells[-1]

    @property
    def elects(self) -> dt.date | None:
        """The month of the next election of a mayor, by its first day."""
        return dt.date.fromisoformat(f"{self.next_election}-01") if self.next_election else None

    def on(self, at: dt.date) -> Spell | None:
        """The tier on a day; None before the area was made, and before there were tiers."""
        return next((spell for spell in self.spells if spell.holds(at, at)), None)

    def held(self, first: dt.date, last: dt.date) -> tuple[Spell, ...]:
        """The tiers on any day from ``first`` to ``last``, the oldest first. A planned area has the tier that it is to
        have from the month in which it is to elect its mayor."""
        if self.made is None:
            return self.spells if self.elects and self.elects <= last else ()
        return tuple(spell for spell in self.spells if spell.holds(first, last))


@cache
def strategic_authorities() -> tuple[StrategicAuthority, ...]:
    """All of them, in the order of the table: by tier, planned ones last."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in read_table("strategic_authorities"):
        found.setdefault(row["name"], []).append(row)
    return tuple(_authority(rows) for rows in found.values())


def _authority(rows: list[dict[str, str]]) -> StrategicAuthority:
    row = rows[-1]
    return StrategicAuthority(
        row["name"], row["legal_name"], tuple(filter(None, row["formerly"].split("; "))), row["code"],
        tuple(row["members"].split()), _date(row["made"]), row["instrument"], row["next_election"],
        tuple(_spell(one) for one in rows),
    )  # fmt: skip


def _spell(row: dict[str, str]) -> Spell:
    mayor = {"yes": True, "no": False}.get(row["mayor"])
    as_of = dt.date.fromisoformat(row["as_of"])
    return Spell(row["tier"], mayor, _date(row["from"]), _date(row["until"]), as_of, row["told_by"])  # type: ignore[arg-type]


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def told_until() -> dt.date:
    """The newest day of which anything is told."""
    return max(spell.as_of for area in strategic_authorities() for spell in area.spells)


def tier_on(area: str, at: dt.date) -> Tier | None:
    """The tier that an area had on a day, by its code or name; None for an area that is no strategic authority, one
    that was not made yet, or a day before there were tiers.

    >>> tier_on("E47000013", dt.date(2026, 7, 30)), tier_on("East Midlands", dt.date(2026, 7, 31))
    ('mayoral', 'established-mayoral')
    >>> tier_on("Lancashire", dt.date(2026, 9, 1)), tier_on("Greater Essex", dt.date(2026, 9, 1))
    ('foundation', None)
    """
    found = strategic_authority(area)
    spell = found.on(at) if found else None
    return spell.tier if spell else None


def strategic_authority(text: str) -> StrategicAuthority | None:
    """The one that a code or a name means: short, legal or former, any order of its parts, or the initials of its body.

    None where none is meant; a name is never completed. ``Lancashire`` is one, ``Lancashire County Council`` none.
    """
    said = _IN_BRACKETS.sub("", text.strip())
    for found in strategic_authorities():
        if said.upper() == found.code != "":
            return found
    return _by_name().get(_key(said)) or body_of(said)


def body_of(text: str) -> StrategicAuthority | None:
    """The same where the name says that a combined or strategic authority is meant, or is the initials of one."""
    said = _IN_BRACKETS.sub("", text.strip())
    words = words_of(said)
    if len(words) == 1:
        return _by_initials().get(words[0])
    stem = body_stem(said)
    return _by_name().get(_key(stem)) if stem else None


def body_stem(text: str) -> str:
    """What stands before the words that say that a combined or strategic authority is meant; "" where none do."""
    said = " ".join(words_of(text))
    stem = _BODY.sub("", said)
    return "" if stem == said else stem


def of_members(members: Iterable[str]) -> StrategicAuthority | None:
    """The one made of just these authorities, by the codes of lower-tier and unitary ones."""
    wanted = tuple(sorted(members))
    return next((found for found in strategic_authorities() if found.members == wanted), None)


def around(member: str) -> StrategicAuthority | None:
    """The one that a lower-tier or unitary authority lies in."""
    return next((found for found in strategic_authorities() if member in found.members), None)


def words_of(name: str) -> list[str]:
    """The words of a name without case and punctuation: ``&`` is ``and``, a dash of any kind a space."""
    text = straight_quotes(name).casefold().replace("&", " and ").replace("'", "")
    return "".join(c if c.isalnum() else " " for c in text).split()


# What says that the body is meant: "Combined County Authority", "Mayoral Strategic Authority", "MCA".
_BODY = re.compile(
    r" (?:(?:mayoral )?(?:strategic|combined|combined county|county combined) authority|mayoral authority|m?cc?a|msa)$"
)
_IN_BRACKETS = re.compile(r"\s*\([A-Za-z]{2,6}\)\s*$")  # its initials, after its name
_SMALL = ("and", "of", "the")
_KINDS = ("ca", "cca", "mca", "mcca")  # the initials of a kind of body, and of no one body


def _key(name: str) -> frozenset[str]:
    """What two ways to say one name have in common: their words, whatever the order, without the small ones."""
    return frozenset(words_of(name)) - set(_SMALL)


@cache
def _by_name() -> dict[frozenset[str], StrategicAuthority]:
    return {
        _key(name): found
        for found in strategic_authorities()
        for name in (found.name, found.legal_name, *found.formerly)
    }


@cache
def _by_initials() -> dict[str, StrategicAuthority]:
    return {
        initials: found
        for found in strategic_authorities()
        for initials in _initials(found.legal_name)
        if initials not in _KINDS
    }


def _initials(legal: str) -> Iterator[str]:
    """``nemca`` and ``neca`` of the North East Mayoral Combined Authority."""
    words = [word for word in words_of(legal) if word not in _SMALL]
    yield "".join(word[0] for word in words)
    yield "".join(word[0] for word in words if word != "mayoral")
