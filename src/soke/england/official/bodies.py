"""Whose row it is: the authority that a code of an official workbook means."""

from __future__ import annotations

import re
from functools import cache

from soke.england.places import exact_name, places, plain_name
from soke.england.settlement import finance_authorities
from soke.england.tables import read_table
from soke.errors import SokeError

GLA = "E61000001"
GLA_CODES = ("E12000007", "E5100", "E12000007_GLA")
FIRE_OR_MAYOR = ("E31000040", "E47000001")  # one table has the fire authority's code for the mayor as well
BILLING = ("shire-district", "unitary", "metropolitan-district", "london-borough")
TODAY = 2023  # the last year in which authorities changed, so far as the tables to hand go
FIRST, SINCE = 2015, 2009  # the first year of those tables; since 2009 there had been no change before it
CONSTITUENCY = re.compile(r"E14\d{6}", re.ASCII)
CONSTITUENCIES = (543, 533)  # of England: since 2024, and before
EDUCATION = ("council", "county", "metropolitan", "london", "district", "royal", "corporation", "unitary", "and", "bc")


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


def name_of(code: str) -> str:
    """The name of an authority, or what a code of no authority stands for."""
    return known().get(code) or f"constituency {code}"


def area(kind: str, code: str, ecode: str, name: str, skip: tuple[str, ...]) -> str | None:
    """The code of the area of a row, of a kind of areas ("" for authorities); None where it is none of them.

    SokeError for an unknown code, or one that is another's than the name.
    """
    first = code.strip().upper() or ecode.strip().upper()
    if _skipped(first, tuple(rule[1:] for rule in skip if rule.startswith("!"))):
        return None
    if kind == "education":
        return education(code, name)
    if kind == "constituencies" and CONSTITUENCY.fullmatch(first):
        return first
    return authority(code, ecode, re.sub(r"\s+UA$", "", name.strip()), skip)


def education(number: str, name: str) -> str | None:
    """The code of an authority by its number at the Department for Education; None for a total or an empty row."""
    text = number.strip().removesuffix(".0")
    if not re.fullmatch(r"\d{3}", text, re.ASCII):
        return None
    row = _numbers().get(text)
    if row is None:
        raise SokeError(f"{text} is no number of an authority in England.", "Check the row, or the edition.")
    own, said = _stem(row["name"]), _stem(name)
    if own and said and not own <= said and not said <= own:
        raise SokeError(
            f"The number {text} is of {row['name']}, and the row's name is {' '.join(name.split())[:40]!r}.",
            "The columns may have been sorted apart: download the workbook again.",
        )
    return row["code"]


@cache
def _numbers() -> dict[str, dict[str, str]]:
    return {row["number"]: row for row in read_table("education_numbers")}


def _stem(name: str) -> frozenset[str]:
    """The words of a name that are no kind of body."""
    return frozenset(word for word in plain_name(name).split() if word not in EDUCATION)


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


@cache
def upper(year: int) -> tuple[str, ...]:
    """Every authority for education of a year: counties, and billing authorities without one above them."""
    if year >= TODAY:
        above = {code: place.county for code, place in places().by_code.items()}
    else:
        above = {code: a.county for code, a in finance_authorities().items()}
    own = {above[code] or code for code in billing(year)}
    numbered = {row["code"] for row in _numbers().values()}
    same = {row["name"]: row["code"] for row in _numbers().values()}  # a county that became one unitary kept its number
    return tuple(sorted(code if code in numbered else same.get(known()[code], code) for code in own))


def vintages(year: int) -> tuple[int, ...]:
    """The years whose authorities a table of a year may list: its own, or later ones, as tables are often restated."""
    if year < SINCE:
        return ()
    return tuple(range(min(max(year, FIRST), TODAY), TODAY + 1))
