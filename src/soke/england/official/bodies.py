"""Whose row it is: the authority that a code of an official workbook means."""

from __future__ import annotations

import re
from functools import cache

from soke.england.places import exact_name, places, plain_name
from soke.england.settlement import finance_authorities
from soke.errors import SokeError

GLA = "E61000001"
GLA_CODES = ("E12000007", "E5100", "E12000007_GLA")
FIRE_OR_MAYOR = ("E31000040", "E47000001")  # one table has the fire authority's code for the mayor as well
BILLING = ("shire-district", "unitary", "metropolitan-district", "london-borough")
TODAY = 2023  # the last year in which authorities changed, so far as the tables to hand go


@cache
def known() -> dict[str, str]:
    """Name by code of every authority that an official table may list."""
    out = {code: a.name for code, a in finance_authorities().items()}
    for place in places().by_code.values():
        if place.kind not in ("country", "region"):
            out.setdefault(place.code, place.name)
        for code, what in ((place.fire, "fire"), (place.police, "police")):
            if code:
                out.setdefault(code, f"{what} authority {code}")
    return out


@cache
def _codes() -> dict[str, str]:
    """Code by every code or E-code in use."""
    out = {a.ecode: code for code, a in finance_authorities().items() if a.ecode}
    out |= {p.ecode: p.code for p in places().by_code.values() if p.ecode and p.code in known()}
    out |= {code: code for code in known()}
    out |= {old.code: old.successor for old in places().ended if old.ended is None and old.successor}
    return out | dict.fromkeys(GLA_CODES, GLA)


@cache
def _named() -> dict[str, set[str]]:
    """Codes by name as people write it."""
    out: dict[str, set[str]] = {}
    for code, name in known().items():
        for said in (exact_name(name), plain_name(name)):
            out.setdefault(said, set()).add(code)
    return out


def authority(code: str, ecode: str, name: str, skip: tuple[str, ...]) -> str | None:
    """The code of a row's authority; None for a total, a heading or an empty row. SokeError for an unknown code."""
    for said in (code, ecode):
        text = said.strip().upper()
        text = text.removesuffix("O") if re.fullmatch(r"E\d+O", text) else text  # a body that ended
        if text in _codes():
            return _checked(_codes()[text], name)
    if plain_name(name) == plain_name("Greater London Authority"):
        return GLA
    given = next((s.strip() for s in (code, ecode) if s.strip()), "")
    if not re.match(r"[A-Za-z]\d", given) or _skipped(given, skip):
        return None
    raise SokeError(f"{given[:20]!r} is no code of an authority in England.", "Check the row, or the edition.")


def _skipped(given: str, skip: tuple[str, ...]) -> bool:
    return any(given == s or (s.endswith("*") and given.startswith(s[:-1])) for s in skip)


def _checked(code: str, name: str) -> str:
    """The code, unless the row's name is another authority's: then figures may stand against the wrong code."""
    fire, mayor = FIRE_OR_MAYOR
    if code == fire and "combined" in name.casefold():
        return mayor
    owners = _named().get(exact_name(name), set()) if name else set()
    same = _named().get(plain_name(known()[code]), set()) | {code}
    if owners and not owners & same:
        other = min(owners)
        raise SokeError(
            f"The row has the code of {known()[code]} ({code}) and the name of {known()[other]} ({other}).",
            "The columns may have been sorted apart: download the workbook again.",
        )
    return code


@cache
def billing(year: int) -> tuple[str, ...]:
    """Every billing authority of a year, in code order."""
    if year >= TODAY:
        return places().codes
    return tuple(code for code, a in finance_authorities().items() if a.kind in BILLING and a.first <= year <= a.last)
