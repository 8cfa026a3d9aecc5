"""The area of a first deal: a strategic authority, a county or unitary council, or a list of places with a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from soke.england.places import Place, Places
from soke.england.strategic import (
    TIERS,
    StrategicAuthority,
    Tier,
    around,
    of_members,
    strategic_authority,
)
from soke.errors import SokeError
from soke.text import listed, one_line

LONGEST_NAME = 80
# What can hold a deal by itself, without a strategic authority: at the first tier, which has no mayor.
ALONE = ("county", "unitary")


@dataclass(frozen=True, slots=True)
class FirstArea:
    """``code`` is "" where the area has none that is known. ``members``: codes of lower-tier and unitary authorities,
    in code order; ``named``: the same with a county in place of all its districts. ``body``: the full name of who
    holds the deal. ``strategic``: None where it is no strategic authority."""

    name: str
    body: str
    code: str
    members: tuple[str, ...]
    named: tuple[str, ...]
    tier: Tier
    strategic: StrategicAuthority | None

    @property
    def id(self) -> str:
        """An id from its name: ``west-of-england``; "" where the name has no letter or digit of English."""
        plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in self.name.lower())
        return "-".join(part for part in plain.split("-") if part)


def first_area(said: Sequence[str], name: str, places: Places) -> FirstArea:
    """The area that names or codes mean together, called ``name``, or by its own name where that is "".

    Places that make up just one that is known are that one: Cumberland with Westmorland and Furness is Cumbria.
    SokeError for an unknown place, one that cannot hold a deal, places that overlap, or a part of a county.
    """
    parts = [_part(text, places) for text in said]
    if not parts:
        raise SokeError("No place is named.", "Name one or several, or answer questions: soke new --ask.")
    members = _together(parts, places)
    called = _called(name)
    area = _known(members, places) or _listed(members, parts, called, places)
    if called:
        area = _renamed(area, called, places)
    if not area.id:
        raise SokeError("The name has no letter or digit to make an id of.", "Give it a name with --name.")
    return area


def _part(text: str, places: Places) -> tuple[str, tuple[str, ...]]:
    """The name of a place that was said, and its members; a council may be meant by the name that people give it."""
    found = strategic_authority(text)
    if found:
        return found.name, found.members
    try:
        return places.area(text)
    except SokeError:
        served = places.served(text)
        if served is None:
            raise
        return served.name, places.members(served.code)


def _together(parts: Sequence[tuple[str, tuple[str, ...]]], places: Places) -> tuple[str, ...]:
    held: dict[str, str] = {}
    for name, members in parts:
        for code in members:
            if code in held:
                twice = f"{name} is named twice" if held[code] == name else f"{held[code]} and {name} overlap"
                raise SokeError(f"{twice}: both hold {places.name(code)}.", "Name each place once.")
            held[code] = name
    return tuple(sorted(held))


def _known(members: tuple[str, ...], places: Places) -> FirstArea | None:
    """The strategic authority, county or unitary council of just these authorities."""
    named, strategic = places.gathered(members), of_members(members)
    if strategic:
        return FirstArea(
            strategic.name, strategic.legal_name, strategic.code, members, named, strategic.last.tier, strategic
        )
    if len(named) > 1:
        return None
    place = places.by_code[named[0]]
    if place.kind not in ALONE:
        raise _not_alone(place, places)
    return FirstArea(place.name, place.council, place.code, members, named, TIERS[0], None)


def _not_alone(place: Place, places: Places) -> SokeError:
    """What a district or borough lies in: the strategic authority, and the county."""
    wider, county = around(place.code), places.get(place.county)
    around_it = [f"{wider.name} ({wider.code})" if wider.code else wider.name] if wider else []
    around_it += [f"{county.name} county ({county.code})"] if county else []
    instead = f"Write one for {' or '.join(around_it)}." if around_it else "Name a county or a unitary council."
    kind = place.kind.replace("-", " ").replace("london", "London")
    return SokeError(f"{place.name} is a {kind}, which cannot hold a deal by itself.", instead)


def _listed(
    members: tuple[str, ...], parts: Sequence[tuple[str, tuple[str, ...]]], name: str, places: Places
) -> FirstArea:
    """Places of one's own choice: at the first tier, for no mayor of just these places is known."""
    names = [part for part, _ in parts]
    if len(parts) == 1:
        what = f"{names[0]} is no combined authority, county or unitary, so it cannot hold a deal by itself."
        raise SokeError(what, "Name a combined authority, county or unitary, or several places with --name.")
    if not name:
        raise SokeError(
            f"{listed(names)} together have no name.", f'Give them one: --name "{" and ".join(names[:2])}".'
        )
    for code in members:
        county = places.by_code[code].county
        if county and not set(places.members(county)) <= set(members):
            fact = f"{places.name(code)} is part of {places.name(county)}, whose money cannot be split."
            raise SokeError(fact, f"Name the whole county: {places.name(county)} county ({county}).")
    return FirstArea(name, name, "", members, places.gathered(members), TIERS[0], None)


def _called(name: str) -> str:
    said = one_line(name).strip()
    if len(said) > LONGEST_NAME:
        raise SokeError(f"The name has {len(said)} characters.", f"Give one of at most {LONGEST_NAME}.")
    return said


def _renamed(area: FirstArea, name: str, places: Places) -> FirstArea:
    """The area under a name of one's own. SokeError for the name of another area."""
    other = strategic_authority(name)
    if (other and other is not area.strategic) or places.get(name.upper()):
        raise SokeError(f"{name} is the name or code of another area.", "Give these places a name of their own.")
    own = area.body if area.strategic or area.code else name
    return FirstArea(name, own, area.code, area.members, area.named, area.tier, area.strategic)
