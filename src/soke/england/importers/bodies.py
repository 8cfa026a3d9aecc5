"""Every authority that the finance settlement and Table 9 name: one code, one name, one class each.

The tables name the same body in several ways, police and crime commissioners without a code at all. Codes of police
areas come from the billing authorities that they serve; a name that no source resolves stops the build.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from soke.england.importers.authorities import KIND, merger
from soke.england.importers.tidy import Row, rows, table

LEVELS = "council_tax_requirement_2015_2022.csv.gz"
SPENDING_POWER = "csp_components_2015_2019.csv"
PRECEPTS = "precept_map_2022_23.csv"
HISTORY = "authority_history_2013_2023.csv"
GLA = "E61000001"
GLA_NAMES = ("E12000007_GLA", "E5100", "E51np")  # E51np: its functions without the police, in the City of London
CLASS = {"SD": "shire-district", "UA": "unitary", "MD": "metropolitan-district", "ILB": "london-borough",
         "OLB": "london-borough", "LB": "london-borough", "SC": "county", "CFA": "fire", "MF": "fire", "FRA": "fire",
         "PCC": "police", "CA": "combined-authority", "GLA": "strategic-authority"}  # fmt: skip
# Abolished in 2024, so that today's list of authorities lacks it.
NORTH_OF_TYNE = Row(gss_code="E47000011", name="North of Tyne", type="COMB", region_code="E12000001")
FORMERLY = {"sheffield city region": "south yorkshire"}  # the combined authority until 2021
FIRE = re.compile(r"( combined)? fire( and rescue| & cd)?( authority)?$| pcc-f(ra|ire)$|, fire and crime commissioner$",
                  re.IGNORECASE)  # fmt: skip
POLICE = re.compile(r" police( and crime commissioner and chief constable)?$| pcc$", re.IGNORECASE)
COMBINED = re.compile(r"( mayoral)? combined (authority|region)( - .* functions)?$", re.IGNORECASE)
HEADER = ["code", "name", "kind", "region", "county", "ecode", "first", "last"]


@dataclass(frozen=True, slots=True)
class Names:
    """Codes by every name and E-code that the sources use."""

    by_ecode: dict[str, str]
    police: dict[str, str]  # by stem: "sussex"
    combined: dict[str, str]
    fire: dict[str, str]
    county: dict[str, str]

    def code(self, row: Row) -> str:
        """The code of a row of the settlement or of Table 9; GLA and police included. KeyError where unknown."""
        if row["gss_code"] in GLA_NAMES:
            return GLA
        if row["gss_code"]:
            return row["gss_code"]
        kind = CLASS[row["class"]]
        stem = stem_of(row["name"], kind)
        return {"police": self.police, "combined-authority": self.combined, "fire": self.fire}[kind][stem]


def stem_of(name: str, kind: str) -> str:
    """The place in a body's name: ``Sussex PCC`` is ``sussex``."""
    text = name.removesuffix(" (R)").strip()
    pattern = {"police": POLICE, "fire": FIRE, "combined-authority": COMBINED}.get(kind)
    text = pattern.sub("", text) if pattern else text
    text = text.casefold().replace("&", "and").replace(" iow", " isle of wight").removesuffix(" police")
    return FORMERLY.get(text, text)


def names(source: Path) -> Names:
    today = {r["gss_code"]: r for r in [*rows(source, "authorities.csv"), NORTH_OF_TYNE]}
    by_ecode = {r["ecode"]: r["gss_code"] for r in rows(source, HISTORY) if r["ecode"] and r["class"] in CLASS}
    by_ecode |= dict.fromkeys(GLA_NAMES, GLA)
    police: dict[str, str] = {}
    merge = merger(source)
    for row in rows(source, PRECEPTS):
        area = today[merge(row["gss_code"]) or row["gss_code"]]["police_gss"]
        if row["police"].endswith((" PCC", " Police")):
            stem = stem_of(row["police"], "police")
            if police.setdefault(stem, area) != area:
                raise ValueError(f"{row['police']!r} serves two police areas, {police[stem]} and {area}")
        elif "PCC functions" in row["police"]:
            police[stem_of(row["police"], "combined-authority")] = area
    levels = rows(source, LEVELS)
    fire = {stem_of(r["name"], "fire"): r["gss_code"] for r in levels if r["class"] in ("CFA", "MF") and r["gss_code"]}
    spending = rows(source, SPENDING_POWER)
    fire |= {stem_of(r["name"], "fire"): r["gss_code"] for r in spending if r["gss_code"].startswith("E31")}
    return Names(
        by_ecode=by_ecode,
        police=police,
        combined={stem_of(r["name"], ""): r["gss_code"] for r in today.values() if r["type"] == "COMB"},
        fire=fire,
        county={r["name"]: r["gss_code"] for r in levels if r["class"] == "SC"},
    )


def finance_authorities(source: Path) -> str:
    """``finance_authorities.csv``: ``first`` and ``last`` are the years with figures in either table."""
    known = names(source)
    today = {r["gss_code"]: r for r in [*rows(source, "authorities.csv"), NORTH_OF_TYNE]}
    years: dict[str, set[int]] = {}
    body: dict[str, Row] = {}
    for row in [*rows(source, SPENDING_POWER), *rows(source, LEVELS)]:
        code = known.code(row)
        years.setdefault(code, set()).add(int(row["year"][:4]))
        body.setdefault(code, {"name": row["name"], "class": "", "ecode": ""})
        if row.get("ecode"):
            body[code] = {"name": row["name"], "class": row["class"], "ecode": row["ecode"]}
    counties, regions = _counties(source, known), _regions(source)
    merge = merger(source)
    out = []
    for code in sorted(years):
        kind = _kind(code, body[code]["class"])
        region = today.get(code, {}).get("region_code") or today.get(merge(code) or "", {}).get("region_code")
        shown = _shown(code, kind, body[code]["name"], today)
        out.append([code, shown, kind, region or regions.get(code, ""), counties.get(code, ""), body[code]["ecode"],
                    str(min(years[code])), str(max(years[code]))])  # fmt: skip
    return table(HEADER, out)


def _kind(code: str, said: str) -> str:
    if code.startswith("E47"):
        return "combined-authority"
    return "fire" if code.startswith("E31") else CLASS[said]


def _shown(code: str, kind: str, name: str, today: dict[str, Row]) -> str:
    if code == GLA:
        return "Greater London Authority"
    if kind == "combined-authority":
        return f"{today[code]['name']} Combined Authority"
    if kind in ("fire", "police"):
        pattern = FIRE if kind == "fire" else POLICE
        stem = pattern.sub("", name).removesuffix(" Police").replace("&", "and")
        return f"{stem} {kind.capitalize()}"
    if code in today and today[code]["type"] in {*KIND, "CTY"}:
        return today[code]["name"]
    return name.removesuffix(" (R)").replace(" And ", " and ").replace(" & ", " and ")


def _counties(source: Path, known: Names) -> dict[str, str]:
    """The county above each shire district: 2013-14 for the abolished, 2022-23 where it lived."""
    out = {r["gss_code"]: known.by_ecode[r["ecode_county_gla"]] for r in rows(source, "brrs_tier_split_2013_14.csv")
           if r["gss_code"].startswith("E07")}  # fmt: skip
    out |= {r["gss_code"]: known.county[r["county_or_gla"]] for r in rows(source, PRECEPTS)
            if r["gss_code"].startswith("E07")}  # fmt: skip
    return out


def _regions(source: Path) -> dict[str, str]:
    """Regions of counties, police areas, fire authorities and combined authorities that lie in one region alone."""
    found: dict[str, set[str]] = {}
    merge, known = merger(source), names(source)
    region = {r["gss_code"]: r["region_code"] for r in rows(source, "authorities.csv")}
    counties = _counties(source, known)
    for row in rows(source, "authorities.csv"):
        for above in ("fire_gss", "police_gss", "ca_gss_2025"):
            found.setdefault(row[above], set()).add(row["region_code"])
    for row in rows(source, "brrs_tier_split_2013_14.csv"):
        here = region[merge(row["gss_code"]) or row["gss_code"]]
        for above in (counties.get(row["gss_code"], ""), known.by_ecode.get(row["ecode_fire"], "")):
            found.setdefault(above, set()).add(here)
    found[GLA] = {"E12000007"}
    alone = {code: inside - {""} for code, inside in found.items() if code}
    return {code: next(iter(inside)) for code, inside in alone.items() if len(inside) == 1}
