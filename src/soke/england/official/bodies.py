"""Whose row it is: the authority that a code of an official workbook means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from soke.england.official.headings import plain
from soke.england.places import exact_name, places, plain_name
from soke.england.settlement import council_tax_levels, council_tax_years, finance_authorities
from soke.england.tables import read_table
from soke.errors import SokeError

GLA = "E61000001"
GLA_CODES = ("E12000007", "E5100", "E12000007_GLA")
FIRE_OR_MAYOR = ("E31000040", "E47000001")  # one table has the fire authority's code for the mayor as well
BILLING = ("shire-district", "unitary", "metropolitan-district", "london-borough")
BILLING_CODES = ("E06", "E07", "E08", "E09")
ONS_CODE = re.compile(r"E(?:06|07|08|09|10|23|31|47)\d{6}", re.ASCII)
NEW = 60  # codes are given one after another: one that is so little above the newest known is a new authority's
# What a row without a code may be called that holds sums of other rows
TOTALS = re.compile(
    r"(?:total |check )?(?:england|great britain|united kingdom|wales|scotland|northern ireland|total)\b.*"
    r"|all authorities.*"
    r"|check difference.*|(?:inner |outer )?london boroughs|metropolitan districts|unitary authorities|shire counties"
    r"|shire districts|other authorities|metropolitan fire|combined (?:fire )?(?:and rescue )?authorities|.* total"
    r"|police authorities.*|class breakdown"
)
# Words of a name that say what kind of body it is
STYLE = frozenset(("fire", "rescue", "service", "police", "crime", "commissioner", "chief", "constable", "and", "for",
                   "county", "ua", "metropolitan", "district", "mayoral"))  # fmt: skip
LOOKS_LIKE = str.maketrans("АВЕНКМОРСТХЅІЈЗбО", "ABEHKMOPCTXSIJ36O") | str.maketrans("ΑΒΕΗΙΚΜΝΟΡΤΧΖ", "ABEHIKMNOPTXZ")
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
    for said in (code, ecode):
        _plain_letters(said)
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
    """The code of a row's authority; None for a total, a heading or an empty row.

    SokeError for an unknown code, or for two codes of two authorities.
    """
    found = {said.strip(): _codes()[text] for said in (code, ecode) if (text := _in_use(said)) in _codes()}
    if len(set(found.values()) - set(FIRE_OR_MAYOR)) > 1:
        one, two = found.items()
        raise SokeError(
            f"The row has the code {one[0]} of {known()[one[1]]}, and the code {two[0]} of {known()[two[1]]}.",
            "The columns may have been sorted apart: download the workbook again.",
        )
    if found:
        odd = [said.strip() for said in (code, ecode) if _malformed(said)]
        if odd:
            raise SokeError(f"{odd[0][:20]!r} is no code of an authority in England.", "Check the row, or the edition.")
        return _checked(next(iter(found.values())), name)
    if plain_name(name) == plain_name("Greater London Authority"):
        return GLA
    given = next((s.strip() for s in (code, ecode) if s.strip()), "")
    if not re.match(r"[A-Za-z]\d", given) or _skipped(given, skip):
        return None
    raise SokeError(f"{given[:20]!r} is no code of an authority in England.", "Check the row, or the edition.")


def _in_use(said: str) -> str:
    text = said.strip().upper()
    return text.removesuffix("O") if re.fullmatch(r"E\d+O", text) else text  # a body that ended


def _malformed(said: str) -> bool:
    """Whether a text is meant as a code and is of the form of none."""
    text = _in_use(said)
    forms = ONS_CODE.fullmatch(text) or re.fullmatch(r"E\d{4,5}[A-Z]?", text, re.ASCII)
    return bool(re.match(r"[A-Z]\d", text)) and text not in _codes() and not forms


def _plain_letters(said: str) -> None:
    """SokeError where a code holds a letter that only looks like one of a code, or that nobody sees."""
    text = said.strip()
    odd = [letter for letter in text if not letter.isascii() and not letter.isspace()]
    seen = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    if odd and re.fullmatch(r"[A-Za-z]\s?\d[\dA-Za-z\s]{1,10}", seen.translate(LOOKS_LIKE)):
        name = unicodedata.name(odd[0], "a character without a name")
        raise SokeError(
            f"A code holds a character that is none of a code: {name} (U+{ord(odd[0]):04X}) in {seen[:20]!r}.",
            "Type the code anew, or download the workbook again.",
        )


@cache
def _newest() -> Mapping[str, int]:
    """The highest number of each kind of code that is known."""
    out: dict[str, int] = {}
    for code in (*known(), *(old.code for old in places().ended)):
        if ONS_CODE.fullmatch(code):
            out[code[:3]] = max(out.get(code[:3], 0), int(code[3:]))
    return out


def is_new(code: str) -> bool:
    """Whether a code can be that of an authority made since: the next ones of its kind."""
    text = code.strip().upper()
    if not ONS_CODE.fullmatch(text) or text in _codes():
        return False
    newest = _newest().get(text[:3], 0)
    return newest < int(text[3:]) <= newest + NEW


def is_total(name: str) -> bool:
    """Whether a row without a code may hold sums of others, by its name."""
    return bool(TOTALS.fullmatch(plain(name)))


def of_name(name: str) -> str:
    """The code of the one authority that a name is of; "" where it is nobody's, or more than one has it."""
    owners = _named().get(exact_name(name), set()) if name.strip() else set()
    return next(iter(owners)) if len(owners) == 1 else ""


@cache
def precepting(year: int) -> Mapping[str, tuple[str, ...]]:
    """Everybody who precepts in a year, by class in words: as Table 9 of 2015-16 to 2022-23 has them, and since then
    those of 2022-23, but for the counties that ended."""
    table = council_tax_levels(min(max(year, council_tax_years()[0]), council_tax_years()[-1]))
    held = dict(zip(table.codes, table.kinds, strict=True))
    if year >= TODAY:
        living = {place.county for place in places().authorities}
        held = {code: kind for code, kind in held.items() if kind != "county" or code in living}
    kinds = (("county councils", "county"), ("fire authorities", "fire"), ("police authorities", "police"))
    found = {what: tuple(sorted(c for c, k in held.items() if k == kind)) for what, kind in kinds}
    return found | {"Greater London Authorities": (GLA,)}


def planned_to_end(code: str, year: int) -> bool:
    """Whether an authority, or the county above it, ended or is announced to end by a year."""
    place = places().get(code)
    both = (code, place.county if place else "")
    return any(s.ended is not None and s.ended <= year for c in both for s in places().successors(c))


def _skipped(given: str, skip: tuple[str, ...]) -> bool:
    return any(given == s or (s.endswith("*") and given.startswith(s[:-1])) for s in skip)


def _checked(code: str, name: str) -> str:
    """The code, unless the row's name is another authority's: then figures may stand against the wrong code."""
    fire, mayor = FIRE_OR_MAYOR
    if code == fire and "combined" in name.casefold():
        return mayor
    owners = _named().get(exact_name(name), set()) if name else set()
    same = _named().get(plain_name(known()[code]), set()) | {code}
    owners = owners or _of_stem(code[:3], name)
    if owners and not owners & same:
        other = min(owners)
        raise SokeError(
            f"The row has the code of {known()[code]} ({code}) and the name of {known()[other]} ({other}).",
            "The columns may have been sorted apart: download the workbook again.",
        )
    return code


def _of_stem(kind: str, name: str) -> set[str]:
    """Whose name it is among bodies of a kind of code, however styled: Avon Combined Fire Authority is Avon Fire."""
    return _stems().get((kind, frozenset(plain_name(name).split()) - STYLE), set())


@cache
def _stems() -> dict[tuple[str, frozenset[str]], set[str]]:
    out: dict[tuple[str, frozenset[str]], set[str]] = {}
    for code, name in known().items():
        if stem := frozenset(plain_name(name).split()) - STYLE:
            out.setdefault((code[:3], stem), set()).add(code)
    return out


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
