"""The authorities of an area in a year: billing authorities, and those above them that serve nobody else.

Areas are of today's map; an authority of an earlier year is inside where all that it became is. A county, fire, police
or combined authority is inside where every place that it precepts on is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from soke.england.places import LOWER, Place, places
from soke.england.settlement import (
    FinanceAuthority,
    council_tax_years,
    finance_authorities,
    find_authority,
    heirs,
    precepts,
)
from soke.england.strategic import body_of
from soke.errors import SokeError
from soke.model.funding.settlement import named, roster

EVERYBODY = ("all", "england")
_BODY = (" county", " council", " authority", " fire", " police")  # the body itself is meant, not its area
_CODE = re.compile(r"[A-Z]\d{8}")
_LAST = 2023  # the last year in which the table of successors has a move
_BILLING = ("shire-district", "unitary", "metropolitan-district", "london-borough")


def authorities_of(code: str, year: int, among: Sequence[str] | None = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes of the authorities with figures in ``year`` that lie in an area, billing ones first, and names of those
    that lie in it only in part. ``among``: those to choose from, else all of the year.

    SokeError for an unknown area or a year without figures.
    """
    here = set(places().members(code))
    inside: list[str] = []
    partly: list[str] = []
    for each in roster(year) if among is None else among:
        area = area_served(each, year)
        if area and area <= here:
            inside.append(each)
        elif area & here:
            partly.append(named(each)[0])
    return tuple(sorted(inside, key=lambda c: (named(c)[1] not in _BILLING, c))), tuple(sorted(partly))


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom names mean in a year: codes, None for everybody; what their sum is called, "" where none is wanted; and
    what to say about authorities that lie in an area only in part."""

    codes: tuple[str, ...] | None
    area: str
    notes: tuple[str, ...]


def chosen(names: Sequence[str], year: int, here: Sequence[str]) -> Chosen:
    """The authorities that names mean, an area standing for all in it; none or ``all``: everybody in England.

    ``here``: codes with figures in ``year``. SokeError for an unknown name.
    """
    if not names or (len(names) == 1 and names[0].strip().casefold() in EVERYBODY):
        return Chosen(None, "England", ())
    codes: list[str] = []
    notes: list[str] = []
    titles: list[str] = []
    for text in names:
        place = _place(text)
        if place is None:
            codes.append(find_authority(text).code)
        elif place.kind in LOWER and place.code in here:
            codes.append(place.code)
        else:
            inside, partly = authorities_of(place.code, year, here)
            codes.extend(inside)
            titles.append(place.name)
            if partly:
                notes.append(f"Not in {place.name}, since they serve other places too: {', '.join(partly)}.")
    return Chosen(tuple(codes), " and ".join(titles), tuple(notes))


def _place(text: str) -> Place | None:
    """The place that a name means, where it means a place rather than the body that runs it."""
    said = text.strip()
    body = body_of(said)
    if body:  # one without figures of its own stands for its area
        return None if body.code in finance_authorities() else places().get(body.code)
    if said.casefold().endswith(_BODY) or said.upper() in finance_authorities():
        return None
    try:
        return places().find(said)
    except SokeError:
        return None  # perhaps a fire or police authority: the finance table knows those


def places_named(names: Sequence[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Places by name, each with the codes of today's lower-tier and unitary authorities in it, in the order asked;
    ``all`` names none in particular."""
    named = [name for name in names if name.strip().casefold() not in EVERYBODY]
    return tuple(dict.fromkeys(places().area(name) for name in named))


def member_of_pool(text: str) -> str:
    """The code of an authority by code or name; one that looks like a code is checked with the pool."""
    wanted = text.strip().upper()
    return wanted if _CODE.fullmatch(wanted) else find_authority(text).code


@cache
def area_served(code: str, year: int) -> frozenset[str]:
    """Today's billing authorities that an authority of ``year`` served, by code; empty where that is not known."""
    authority = finance_authorities().get(code)
    if authority is None:
        return frozenset(places().members(code))  # made since the tables that are shipped
    if authority.kind in _BILLING:
        return _today(code, year)
    served = _served(authority, year)
    return served or frozenset().union(
        *(area_served(h, year + 1) for h in _next(code, year) if h in finance_authorities())
    )


def _served(authority: FinanceAuthority, year: int) -> frozenset[str]:
    known = finance_authorities().values()
    if authority.kind == "county":
        below = [a.code for a in known if a.county == authority.code]
        return frozenset().union(*(_today(c, finance_authorities()[c].last) for c in below))
    last = council_tax_years()[-1]  # the map of precepts is of that year
    below = [billing for billing, above in precepts().items() if authority.code in above.codes]
    return frozenset().union(*(_today(c, last) for c in below))


def _today(code: str, year: int) -> frozenset[str]:
    """What a billing authority of ``year`` is today."""
    now = {code}
    for later in range(year + 1, _LAST + 1):
        moved = {**heirs(later, "council_tax"), **heirs(later)}
        now = {h for c in now for h in ([x.code for x in moved[c]] if c in moved else [c])}
    return frozenset(now) & set(places().codes)  # a fire service that left is no part of where its council lies


def _next(code: str, year: int) -> tuple[str, ...]:
    """What another authority became, in the next year that it ended."""
    for later in range(year + 1, _LAST + 1):
        for series in ("settlement", "council_tax"):
            moved = heirs(later, series)
            if code in moved and all(h.code != code for h in moved[code]):
                return tuple(h.code for h in moved[code])
    return ()
