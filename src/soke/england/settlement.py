"""Published local government finance: the settlement, council tax levels, precepts, and who became whom.

Every table is read once, typed and frozen. Authorities are those of the year: 383 in the settlement of 2015-16 to
2018-19, 374 in 2019-20 (the settlement restates 2015-16 for Dorset and Wiltshire Fire, formed in 2016). Years are
financial years by their start. Nothing is filled in: a figure that was not published is not a number (NaN), and the
one kind of figure that is worked out here, the tax base of a precepting authority, is listed as derived.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Literal, cast

import numpy as np

from soke.england.baseline import Floats, Grade
from soke.england.places import exact_name, places, plain_name
from soke.england.strategic import body_of
from soke.england.tables import read_table
from soke.errors import SokeError
from soke.text import financial_year

FinanceKind = Literal[
    "shire-district", "county", "unitary", "metropolitan-district", "london-borough", "fire", "police",
    "strategic-authority", "combined-authority",
]  # fmt: skip
Series = Literal["settlement", "council_tax"]
SETTLEMENT_SOURCE = "Core Spending Power tables, MHCLG"
COUNCIL_TAX_SOURCE = "Council Tax levels, Table 9, MHCLG"
PRECEPT_YEAR = 2022  # the one year whose map of precepts is to hand
# Where several bodies share a name, the one that people mean first.
_RANK: tuple[FinanceKind, ...] = (
    "unitary", "metropolitan-district", "london-borough", "county", "combined-authority", "shire-district",
    "strategic-authority", "fire", "police",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FinanceAuthority:
    """An authority of the settlement or of Table 9. ``first`` and ``last`` are its years with figures in either."""

    code: str
    name: str
    kind: FinanceKind
    region: str  # "" where it lies in more than one
    county: str  # the county council above a shire district, else ""
    ecode: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class AuthorityTable:
    """Figures of one year by authority, in code order. ``table["sfa"]`` is a column, shape (authority,)."""

    year: int
    codes: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[FinanceKind, ...]
    columns: Mapping[str, Floats]
    unit: str
    source: str
    derived: frozenset[tuple[str, str]] = field(default=frozenset())  # (column, code) worked out here

    def __getitem__(self, column: str) -> Floats:
        found = self.columns.get(column)
        if found is None:
            raise SokeError(f"{self.source} has no column {column!r} here.", f"There are: {', '.join(self.columns)}.")
        return found

    def grade(self, column: str, code: str) -> Grade:
        """``official`` as published, ``derived`` where worked out from published figures."""
        self[column]
        return "derived" if (column, code) in self.derived else "official"

    def by_code(self, column: str) -> dict[str, float]:
        """Published (or derived) figures of one column; authorities without one are left out."""
        return {c: float(v) for c, v in zip(self.codes, self[column], strict=True) if not np.isnan(v)}

    def value(self, column: str, code: str) -> float:
        """One figure. SokeError where the authority is not in this year's table or the figure was not published."""
        if code not in self.codes:
            raise SokeError(
                f"{financial_year(self.year)} has no {code} in {self.source}.", "Check the code and the year."
            )
        value = float(self[column][self.codes.index(code)])
        if np.isnan(value):
            name = self.names[self.codes.index(code)]
            raise SokeError(f"{column} of {name} ({code}) is not published for {financial_year(self.year)}.")
        return value


SettlementTable = AuthorityTable
CouncilTaxTable = AuthorityTable


@dataclass(frozen=True, slots=True)
class Heir:
    """One successor. ``whole``: all that the authority was went there, so that sums are exact."""

    code: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Precepts:
    """Who precepts on a billing authority: codes, "" where nobody does. ``unresolved`` names have no known code."""

    county_or_gla: str
    police: str
    fire: str
    combined_authority: str
    unresolved: str

    @property
    def codes(self) -> tuple[str, ...]:
        """Each precepting authority once: a mayor may hold the police as well."""
        found = (self.county_or_gla, self.police, self.fire, self.combined_authority)
        return tuple(dict.fromkeys(code for code in found if code))


@dataclass(frozen=True, slots=True)
class RatesShares:
    """How a billing authority's local half of business rates was split in 2013-14; shares sum to one."""

    code: str
    share_billing: float
    county_or_gla: str
    share_county_or_gla: float
    fire: str
    share_fire: float
    income: float  # the local share, GBP million, as certified before the year


@cache
def finance_authorities() -> Mapping[str, FinanceAuthority]:
    """Every authority of the settlement 2015-16 to 2019-20 and of Table 9 2015-16 to 2022-23, by code."""
    return MappingProxyType({
        r["code"]: FinanceAuthority(
            r["code"], r["name"], cast(FinanceKind, r["kind"]), r["region"], r["county"], r["ecode"],
            int(r["first"]), int(r["last"]),
        )
        for r in read_table("finance_authorities")
    })  # fmt: skip


def find_authority(text: str) -> FinanceAuthority:
    """The authority that a code, an E-code or a name means; case, punctuation and "council" do not matter.

    Of several of one name, the one that lives; say the kind (``Buckinghamshire county``) or the code for another.
    SokeError with the nearest names.
    """
    known = finance_authorities()
    wanted = text.strip()
    ecodes = {a.ecode: a for a in known.values()}
    found = known.get(wanted.upper()) or ecodes.get(wanted.upper())
    if found:
        return found
    body = body_of(wanted)
    if body and body.code in known:
        return known[body.code]
    living = max(a.last for a in known.values())
    for alive in (True, False):
        ranked = sorted((a for a in known.values() if (a.last == living) is alive), key=_before)
        for said in (exact_name, plain_name):
            for authority in ranked:
                if said(wanted) and said(wanted) in _spoken(authority, said):
                    return authority
    return _alias(wanted)


def _before(authority: FinanceAuthority) -> tuple[int, int, str]:
    return (-authority.last, _RANK.index(authority.kind), authority.code)


def _spoken(authority: FinanceAuthority, said: Callable[[str], str]) -> set[str]:
    spoken = {said(authority.name), said(f"{authority.name} {authority.kind.split('-')[-1]}")}
    # As written, London is the whole of it; without "City of" it would be the City alone.
    return spoken | {"london", "gla"} if authority.kind == "strategic-authority" else spoken


def _alias(text: str) -> FinanceAuthority:
    """A newer code of the same authority, or an error that says who comes nearest."""
    known = finance_authorities()
    for other in places().successors(text.upper()):
        if other.ended is None and other.successor in known:
            return known[other.successor]
    named = {plain_name(a.name): a for a in sorted(known.values(), key=lambda a: a.last)}
    words = set(plain_name(text).split())
    near = [n for n in sorted(named) if words and words <= set(n.split())][:3]
    near = near or difflib.get_close_matches(plain_name(text)[:80], named, n=3, cutoff=0.6)
    shown = text if len(text) <= 60 else text[:57] + "..."
    fix = "Did you mean " + ", ".join(f"{named[n].name} ({named[n].code})" for n in near) + "?" if near else ""
    fact = f"No authority of the finance settlement is called {shown!r}."
    raise SokeError(fact, fix or "Name it by its code.", code="unknown-place")


def settlement_years() -> tuple[int, ...]:
    return tuple(sorted(_tables("settlement")))


def council_tax_years() -> tuple[int, ...]:
    return tuple(sorted(_tables("council_tax_levels")))


def settlement(year: int) -> SettlementTable:
    """Components of core spending power as published, GBP million.

    Columns ``sfa, under_indexation, council_tax, new_homes_bonus, nhb_returned, rural_services_delivery_grant``, all
    complete. Not all of core spending power after 2016-17: the improved Better Care Fund and social care grants are
    not among them. SokeError for a year without a table.
    """
    return _of_year(_tables("settlement"), year, SETTLEMENT_SOURCE)


def council_tax_levels(year: int) -> CouncilTaxTable:
    """Council tax as set: amounts in GBP, ``tax_base`` in Band D equivalents; NaN where not published.

    Billing authorities have ``requirement_excl_parish, requirement_incl_parish, parish_precepts, tax_base,
    band_d_excl_parish, band_d_incl_parish`` (their own), ``band_d_area_total`` (with all preceptors) and
    ``asc_precept``; precepting ones ``precept_requirement``. In 2022-23 their tax base is the sum of their billing
    authorities', graded derived; in other years the map of precepts is not to hand and it stays empty.
    """
    return _of_year(_tables("council_tax_levels"), year, COUNCIL_TAX_SOURCE)


@cache
def heirs(year: int, series: Series = "settlement") -> Mapping[str, tuple[Heir, ...]]:
    """Authorities of ``year - 1`` that ended or gave up a part -> what they became in ``year``.

    An authority that is not named goes on as itself. A county that went to several is whole in none; one that gave up
    its fire service is its own heir, not whole. ``series``: the two tables show some moves in different years.
    """
    out: dict[str, tuple[Heir, ...]] = {}
    for row in read_table("finance_successors"):
        if int(row["year"]) == year and row["series"] in (series, "both"):
            out[row["code"]] = (*out.get(row["code"], ()), Heir(row["successor"], row["whole"] == "yes"))
    return MappingProxyType(out)


def merge(values: Mapping[str, float], year: int, series: Series = "settlement") -> dict[str, float]:
    """Amounts of ``year - 1`` summed to the authorities of ``year``, where that is exact.

    Left out, never guessed: every authority of :func:`inexact`, and a successor of which ``values`` lacks a
    predecessor.
    """
    moved = heirs(year, series)
    cannot = set(inexact(year, series))
    needed: dict[str, list[str]] = {}
    for code, new in moved.items():
        for heir in new:
            needed.setdefault(heir.code, []).append(code)
    cannot |= {new for new, old in needed.items() if not set(old) <= set(values)}
    out: dict[str, float] = {}
    for code, value in values.items():
        now = moved[code][0].code if code in moved else code
        if now not in cannot and code not in cannot:
            out[now] = out.get(now, 0.0) + value
    return out


def inexact(year: int, series: Series = "settlement") -> tuple[str, ...]:
    """Authorities of ``year`` that no sum of those of the year before makes exactly."""
    return tuple(sorted({h.code for new in heirs(year, series).values() for h in new if not h.whole}))


@cache
def precepts() -> Mapping[str, Precepts]:
    """Who precepts on each billing authority in 2022-23, by billing code."""
    return MappingProxyType({
        r["code"]: Precepts(r["county_or_gla"], r["police"], r["fire"], r["combined_authority"], r["unresolved"])
        for r in read_table("precepts")
    })  # fmt: skip


@cache
def rates_shares_2013() -> Mapping[str, RatesShares]:
    """Tier split of the local half of business rates in 2013-14 and its income, by billing code."""
    return MappingProxyType({
        r["code"]: RatesShares(
            r["code"], float(r["share_billing"]), r["county_or_gla"], float(r["share_county_or_gla"]), r["fire"],
            float(r["share_fire"]), float(r["income"]),
        )
        for r in read_table("rates_2013")
    })  # fmt: skip


@cache
def _tables(name: str) -> Mapping[int, AuthorityTable]:
    by_year: dict[int, list[dict[str, str]]] = {}
    for row in read_table(name):
        by_year.setdefault(int(row["year"]), []).append(row)
    return {year: _table(name, year, rows) for year, rows in by_year.items()}


def _table(name: str, year: int, rows: list[dict[str, str]]) -> AuthorityTable:
    known = finance_authorities()
    columns = {c: np.array([float(r[c] or "nan") for r in rows]) for c in rows[0] if c not in ("code", "year")}
    codes = tuple(r["code"] for r in rows)
    derived: frozenset[tuple[str, str]] = frozenset()
    if name == "council_tax_levels" and year == PRECEPT_YEAR:
        derived = _tax_bases(codes, columns["tax_base"])
    for values in columns.values():
        values.setflags(write=False)  # one table is shared by all: nobody may change it
    money = name == "settlement"
    return AuthorityTable(
        year=year, codes=codes, names=tuple(known[c].name for c in codes), kinds=tuple(known[c].kind for c in codes),
        columns=MappingProxyType(columns), unit="GBP million" if money else "GBP",
        source=SETTLEMENT_SOURCE if money else COUNCIL_TAX_SOURCE, derived=derived,
    )  # fmt: skip


def _tax_bases(codes: tuple[str, ...], base: Floats) -> frozenset[tuple[str, str]]:
    """Fill the tax bases of precepting authorities in place; which were filled."""
    index = {code: i for i, code in enumerate(codes)}
    sums: dict[str, float] = {}
    for billing, above in precepts().items():
        for code in above.codes:
            sums[code] = sums.get(code, 0.0) + float(base[index[billing]])
    for code, total in sums.items():
        base[index[code]] = total
    return frozenset(("tax_base", code) for code in sums)


def _of_year(tables: Mapping[int, AuthorityTable], year: int, what: str) -> AuthorityTable:
    if year not in tables:
        raise SokeError(f"{what}: no table for {financial_year(year)} is to hand.", f"There are: {_labels(tables)}.")
    return tables[year]


def _labels(years: Iterable[int]) -> str:
    return ", ".join(financial_year(y) for y in sorted(years))
