"""The finance settlement, council tax levels, precepts and the shares of business rates, as published."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from soke.england.importers.authorities import COUNTY_SUCCESSORS, LATE
from soke.england.importers.bodies import GLA, HISTORY, LEVELS, PRECEPTS, SPENDING_POWER, Names, names, stem_of
from soke.england.importers.tidy import number, rows, table

COMPONENTS = {
    "sfa": "sfa",
    "under_index": "under_indexation",
    "ct_total": "council_tax",
    "nhb": "new_homes_bonus",
    "nhb_return": "nhb_returned",
    "rsdg": "rural_services_delivery_grant",
}
COUNCIL_TAX = {
    "ctr_excl_parish": "requirement_excl_parish",
    "ctr_incl_parish": "requirement_incl_parish",
    "ctr_precept": "precept_requirement",
    "parish_precepts": "parish_precepts",
    "tax_base_for_setting": "tax_base",
    "band_d_excl_parish": "band_d_excl_parish",
    "band_d_incl_parish": "band_d_incl_parish",
    "band_d_area_total": "band_d_area_total",
    "asc_precept_total": "asc_precept",
}
SPLIT = "brrs_tier_split_2013_14.csv"
RATES = "nndr1_2013_14_by_billing_authority.csv"
MILLION = 1e6

# Bodies whose functions moved, which the successor table lacks or puts in one year where the two tables differ.
# year, code, successor, whole, series, why
MOVED = (
    (2016, "E31000012", "E31000047", True, "council_tax", "fire authorities merged; the settlement restates 2015-16"),
    (2016, "E31000038", "E31000047", True, "council_tax", "fire authorities merged; the settlement restates 2015-16"),
    (2018, "E31000040", "E47000001", True, "council_tax", "fire functions to the mayor"),
    (2019, "E31000040", "E47000001", True, "settlement", "fire functions to the mayor, in the settlement from 2019-20"),
    (2018, "E23000005", "E47000001", True, "council_tax", "police and crime functions to the mayor"),
    (2019, "E10000021", "E10000021", False, "both", "the county's fire service left it"),
    (2019, "E10000021", "E31000028", False, "both", "the county's fire service left it"),
    (2021, "E31000017", "E31000048", True, "both", "fire authorities combined"),
    (2021, "E06000046", "E06000046", False, "both", "the island's fire service left it"),
    (2021, "E06000046", "E31000048", False, "both", "the island's fire service left it"),
    (2022, "E23000010", "E47000003", True, "council_tax", "police and crime functions to the mayor"),
)
BETWEEN_2019 = {"E07000190": "E07000246", "E07000191": "E07000246"}  # the successor table goes on to 2023


def settlement(source: Path) -> str:
    """``settlement.csv``: components of core spending power, GBP million, 2015-16 to 2019-20.

    Two fire authorities have two rows a year under one code, one of them zero: rows are summed by code.
    """
    known = names(source)
    values: dict[tuple[str, int], dict[str, float]] = {}
    for row in rows(source, SPENDING_POWER):
        by = values.setdefault((known.code(row), int(row["year"][:4])), {})
        column = COMPONENTS[row["variable"]]
        by[column] = by.get(column, 0.0) + float(row["value"] or 0.0)
    return _years(values, COMPONENTS.values(), 10)


def council_tax_levels(source: Path) -> str:
    """``council_tax_levels.csv``: Table 9, GBP and Band D equivalents, empty where not published."""
    known = names(source)
    values: dict[tuple[str, int], dict[str, float]] = {}
    for row in rows(source, LEVELS):
        if row["variable"] in COUNCIL_TAX and row["value"]:
            by = values.setdefault((known.code(row), int(row["year"][:4])), {})
            column = COUNCIL_TAX[row["variable"]]
            if column in by:
                raise ValueError(f"{row['name']} has {row['variable']} twice in {row['year']}")
            by[column] = float(row["value"])
    return _years(values, COUNCIL_TAX.values(), 6)


def _years(values: dict[tuple[str, int], dict[str, float]], columns: Iterable[str], digits: int) -> str:
    header = list(columns)
    body = [
        [code, str(year), *[number(by[c], digits) if c in by else "" for c in header]]
        for (code, year), by in sorted(values.items())
    ]
    return table(["code", "year", *header], body)


def successors(source: Path) -> str:
    """``finance_successors.csv``: what became of each authority, by the year in which the tables show it.

    ``whole`` says whether all that the authority was went to that successor, so that a sum is exact. ``series`` says
    which table changes then. A county whose districts went to several is not whole.
    """
    history = rows(source, HISTORY)
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for row in history:
        first.setdefault(row["gss_code"], int(row["year"]))
        last[row["gss_code"]] = int(row["year"])
    heirs: dict[str, tuple[str, ...]] = {}
    heirs |= {r["ons_code_2013"]: (r["ons_code_2023"],) for r in rows(source, "authority_successor_2013_to_2023.csv")
             if r["ons_code_2013"] != r["ons_code_2023"]}  # fmt: skip
    heirs |= COUNTY_SUCCESSORS | {old: (new,) for old, new in BETWEEN_2019.items()}
    heirs |= {old: new for old, (_, _, new) in LATE.items()}
    moved = {code for _, code, new, *_ in MOVED if new != code and not code.startswith("E1")}
    out = [[str(y), code, new, "yes" if whole else "", series, why] for y, code, new, whole, series, why in MOVED]
    for code, new in heirs.items():
        if code in moved or last.get(code, 2023) == 2023:
            continue
        # A county's last year in the history is unsafe where its fire service left first: its heirs' first is not.
        year = max(first[h] for h in new)
        whole = "yes" if len(new) == 1 else ""
        why = "all its area" if whole else "its area went to several"
        out += [[str(year), code, heir, whole, "both", why] for heir in new]
    return table(["year", "code", "successor", "whole", "series", "why"], sorted(out))


def precepts(source: Path) -> str:
    """``precepts.csv``: who precepts on each billing authority in 2022-23, by code.

    ``unresolved`` holds names that no source resolves to a code. A police commissioner whose functions a mayor holds
    stands under the combined authority, as Table 9 has it.
    """
    known = names(source)
    moved = {code: new for y, code, new, whole, series, _ in MOVED if whole and series != "settlement" and y <= 2022}
    body = []
    for row in sorted(rows(source, PRECEPTS), key=lambda r: r["gss_code"]):
        unresolved: list[str] = []
        found = [_preceptor(row[column], column, known, unresolved) for column in _COLUMNS]
        body.append([row["gss_code"], *[moved.get(code, code) for code in found], "; ".join(unresolved)])
    return table(["code", *_COLUMNS, "unresolved"], body)


_COLUMNS = ("county_or_gla", "police", "fire", "combined_authority")


def _preceptor(name: str, column: str, known: Names, unresolved: list[str]) -> str:
    if not name:
        return ""
    if name == "Greater London Authority":
        return GLA
    if "PCC functions" in name:
        column = "combined_authority"
    kind = column.replace("_", "-")
    stem = name if column == "county_or_gla" else stem_of(name, kind)
    by = {"county_or_gla": known.county, "police": known.police, "fire": known.fire}.get(column, known.combined)
    if stem not in by:
        unresolved.append(name)
    return by.get(stem, "")


def rates_2013(source: Path) -> str:
    """``rates_2013.csv``: how the local share of business rates was split in 2013-14, and the income, GBP million.

    Shares are of the local half. ``income`` is the local share as billing authorities certified it before the year.
    """
    known = names(source)
    income = {r["gss_code"]: float(r["value"]) for r in rows(source, RATES)
              if r["variable"] == "ndr_income_local_share_total"}  # fmt: skip
    body = [
        [row["gss_code"], row["share_billing"],
         known.by_ecode[row["ecode_county_gla"]] if float(row["share_county_gla"]) else "", row["share_county_gla"],
         known.by_ecode[row["ecode_fire"]] if float(row["share_fire"]) else "", row["share_fire"],
         number(income[row["gss_code"]] / MILLION, 8)]
        for row in sorted(rows(source, SPLIT), key=lambda r: r["gss_code"])
    ]  # fmt: skip
    header = ["code", "share_billing", "county_or_gla", "share_county_or_gla", "fire", "share_fire", "income"]
    return table(header, body)
