"""Places: look-up by code or by name, members, tiers, and what became of places that ended."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from soke.england.strategic import StrategicAuthority, body_of, body_stem, strategic_authority, words_of
from soke.england.tables import read_table
from soke.errors import SokeError
from soke.text import listed

Kind = Literal[
    "country", "region", "combined-authority", "strategic-authority", "county", "unitary", "metropolitan-district",
    "london-borough", "shire-district",
]  # fmt: skip
LOWER: tuple[Kind, ...] = ("unitary", "metropolitan-district", "london-borough", "shire-district")
CLASS_NAMES = {
    "london-borough": "London boroughs",
    "metropolitan-district": "Metropolitan districts",
    "unitary": "Unitary authorities",
    "shire-district": "Shire districts",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One area of England. Codes are those of the Office for National Statistics; names are for people."""

    code: str
    name: str
    kind: Kind
    region: str
    county: str  # county council above a shire district, else ""
    combined_authority: str  # "" where none
    fire: str
    police: str
    rural_urban: str
    area_km2: float
    lat: float
    lon: float
    ecode: str
    started: str
    council: str  # the council that serves it, by its full name; "" where none does


@dataclass(frozen=True, slots=True)
class Successor:
    """An authority that ended, or that is announced to end, and one that takes its area."""

    code: str
    name: str
    ended: int | None  # the year of the 1 April on which it ended; None where only the code changed
    successor: str  # "" where announced and not yet coded
    successor_name: str
    grade: str


@dataclass(frozen=True, slots=True)
class Places:
    """All places. Iterates over the 296 lower-tier and unitary authorities in code order."""

    by_code: dict[str, Place]
    ended: tuple[Successor, ...]

    @property
    def authorities(self) -> tuple[Place, ...]:
        """The 296 lower-tier and unitary authorities, in code order."""
        return tuple(sorted((p for p in self.by_code.values() if p.kind in LOWER), key=lambda p: p.code))

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(p.code for p in self.authorities)

    def of_kind(self, kind: Kind) -> tuple[Place, ...]:
        return tuple(sorted((p for p in self.by_code.values() if p.kind == kind), key=lambda p: p.code))

    def get(self, code: str) -> Place | None:
        return self.by_code.get(code)

    def name(self, code: str) -> str:
        place = self.by_code.get(code)
        return place.name if place else code

    def members(self, code: str) -> tuple[str, ...]:
        """Codes of the lower-tier and unitary authorities of a place (itself, if it is one), in code order."""
        place = self.by_code.get(code)
        if place is None:
            raise self._unknown(code)
        if place.kind in LOWER:
            return (code,)
        if place.kind == "country":
            return self.codes
        if place.kind == "strategic-authority":
            return tuple(p.code for p in self.authorities if p.region == place.region)
        field = {"region": "region", "county": "county", "combined-authority": "combined_authority"}[place.kind]
        return tuple(p.code for p in self.authorities if getattr(p, field) == code)

    def successors(self, code: str) -> tuple[Successor, ...]:
        """What became, or is announced to become, of a code; empty where nothing did."""
        return tuple(s for s in self.ended if s.code == code)

    def find(self, text: str) -> Place:
        """The place that a code or a name means. Case, punctuation, "the", "council" and "city of" do not matter, nor
        how an authority is styled: the East Midlands Combined County Authority is East Midlands.

        A name that several places share goes to the largest kind (``Lancashire`` is the combined authority), unless
        the kind is said: ``Lancashire county``. The full name of a council means its place; the full name or the
        initials of a combined authority mean that, and nothing else. Raises SokeError with what replaced an abolished
        authority, with the members of an area that has no code, or with the nearest names.
        """
        wanted = text.strip()
        if wanted.upper() in self.by_code:
            return self.by_code[wanted.upper()]
        if body := body_of(wanted):
            return self._coded(body)
        if stem := body_stem(wanted):  # a combined authority that is none: not the county or the district of its name
            raise self._unknown(wanted, stem)
        # As written first: London is the region, not the City of London.
        for said in (exact_name, plain_name):
            for place in _by_rank(self.by_code.values()):
                if said(wanted) in _spoken(place, said):
                    return place
        if gone := self._replaced(wanted):
            raise gone
        if area := strategic_authority(wanted):  # by a former name, or without a code
            return self._coded(area)
        raise self._unknown(wanted)

    def area(self, text: str) -> tuple[str, tuple[str, ...]]:
        """The name of the area that a code or a name means, and the codes of its authorities: as :meth:`find`, and
        strategic authorities without a code too. SokeError for an unknown one."""
        found = strategic_authority(text)
        if found and not found.code:
            return found.name, found.members
        place = self.find(text)
        return place.name, self.members(place.code)

    def served(self, text: str) -> Place | None:
        """The place of the one council that people call so: ``Hull`` of Hull City Council; None where none is."""
        wanted = plain_name(text)
        found = [p for p in self.by_code.values() if p.council and _council_stem(p) == wanted]
        return found[0] if len(found) == 1 else None

    def _coded(self, area: StrategicAuthority) -> Place:
        """The place of a strategic authority. SokeError, with its members, for one that has no code."""
        if area.code:
            return self.by_code[area.code]
        named = listed([f"{self.name(code)} ({code})" for code in self.gathered(area.members)])
        made = "is planned and" if area.made is None else "was made in 2026 and"
        fact = f"{area.name} {made} has no ONS code that Soke knows."
        raise SokeError(fact, f"Name its members: {named}.", code="unknown-place")

    def gathered(self, codes: Iterable[str]) -> tuple[str, ...]:
        """The same authorities with the code of a county in place of all its districts, in code order."""
        left = set(codes)
        for county in self.of_kind("county"):
            below = set(self.members(county.code))
            if below <= left:
                left = (left - below) | {county.code}
        return tuple(sorted(left))

    def _replaced(self, text: str) -> SokeError | None:
        """What replaced an authority that ended, by its code or name."""
        gone = [s for s in self.ended if text.upper() == s.code or (s.ended and plain_name(text) == plain_name(s.name))]
        gone = [s for s in gone if s.successor]
        if not gone:
            return None
        heirs = " and ".join(f"{s.successor_name} ({s.successor})" for s in gone)
        when = f" on 1 April {gone[0].ended}" if gone[0].ended else ""
        verb = "was replaced" if gone[0].ended else "is an alternative code; the code in use here is"
        by = " by" if gone[0].ended else ""
        use = " or ".join(s.successor for s in gone)
        fact = f"{gone[0].name} ({gone[0].code}) {verb}{when}{by} {heirs}."
        return SokeError(fact, f"Use {use}.", code="unknown-place")

    def _unknown(self, text: str, like: str = "") -> SokeError:
        """That nothing is called so, with the nearest names to it, or to what it is ``like``."""
        if gone := self._replaced(text):
            return gone
        names = {plain_name(p.name): p for p in _by_rank(self.by_code.values())[::-1]}
        wanted = plain_name(like or text)
        words = set(wanted.split())
        order = sorted(names, key=lambda n: (like != "" and names[n].kind != "combined-authority", n))
        near = [n for n in order if words and words <= set(n.split())][:3]
        near = near or difflib.get_close_matches(wanted[:80], names, n=3, cutoff=0.6)
        shown = text if len(text) <= 60 else text[:57] + "..."
        options = ", ".join(f"{names[n].name} ({names[n].code})" for n in near)
        fix = f"Did you mean {options}?" if near else "Run `soke places` to list them all."
        return SokeError(f"No place in England is called {shown!r}.", fix, code="unknown-place")


_RANK: tuple[Kind, ...] = ("country", "combined-authority", "county", *LOWER, "region", "strategic-authority")


def _by_rank(places: Iterable[Place]) -> list[Place]:
    return sorted(places, key=lambda p: (_RANK.index(p.kind), p.code))


# How the law styles boroughs and counties
_STYLED = re.compile(r"\b(?:london|royal|metropolitan) (?:borough|district)\b|\bcounty of$")


def exact_name(name: str) -> str:
    """A name without case and punctuation."""
    return " ".join(words_of(name))


def plain_name(name: str) -> str:
    """A name without the words that say what kind of body it is."""
    return " ".join(w for w in _STYLED.sub(" ", exact_name(name)).split() if w not in _KIND_WORDS)


def _council_stem(place: Place) -> str:
    return plain_name(place.council).removesuffix(" county")


_KIND_WORDS = ("the", "council", "of", "city", "borough", "authority", "combined")


def _spoken(place: Place, said: Callable[[str], str]) -> tuple[str, ...]:
    name, kind = said(place.name), place.kind.split("-")[-1]
    council = exact_name(place.council)  # only in full: the Hull of Hull City Council is Kingston upon Hull
    return name, f"{name} {kind}", said(f"{place.name} {place.kind}"), council or name


@cache
def places() -> Places:
    """The embedded table of places (ONS, May 2025) and of ended authorities."""
    by_code = {
        r["code"]: Place(
            code=r["code"], name=r["name"], kind=r["kind"], region=r["region"], county=r["county"],  # type: ignore[arg-type]
            combined_authority=r["combined_authority"], fire=r["fire"], police=r["police"],
            rural_urban=r["rural_urban"], area_km2=float(r["area_km2"] or 0), lat=float(r["lat"] or 0),
            lon=float(r["lon"] or 0), ecode=r["ecode"], started=r["started"],
            council=r["council"],
        )
        for r in read_table("places")
    }  # fmt: skip
    ended = tuple(
        Successor(
            r["code"],
            r["name"],
            int(r["ended"]) if r["ended"] else None,
            r["successor"],
            r["successor_name"],
            r["grade"],
        )
        for r in read_table("successors")
    )
    return Places(by_code, ended)
