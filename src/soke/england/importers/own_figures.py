"""Money that a public body records or is allocated for a named area: the own figures of the accounts.

``own_figures.csv``     GBP million by figure and area; a column a financial year. Empty: the body was not there, or
                        filed nothing and has no figure of another year.
``own_estimates.csv``   cells of it that are not the body's own: it filed nothing for the year, so that the nearest
                        filed year stands in, moved by the growth of those who filed both.
``areas.csv``           which authorities an area covers, in people; authorities themselves are left out.
``nhs_weights.csv``     weighted populations of an integrated care board by authority, which split its allocation.

A zero of a body that filed nothing is no figure. Rows of classes are never added.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from soke.england.importers import bodies, tidy
from soke.england.importers.authorities import Merger, lower_tier, merger
from soke.england.importers.tidy import Row, number, rows, table
from soke.text import financial_year, start_year

RECENT = "measured/revenue_outturn_services_grants_2022_2023.csv.gz"
EARLIER = "revenue_outturn_rs_2010_2017.csv.gz"
CONSTITUENCIES = "measured/income_tax_by_constituency_2022_23.csv"
ALLOCATIONS = "measured/nhs_icb_allocations_2023_2026.csv"
WEIGHTS = "measured/nhs_place_weighted_population_la_by_icb.csv.gz"
OUTPUT_AREAS = "measured/oa21_lsoa21_msoa21_la_pcon24_population_england.csv.gz"
BOARDS = "measured/lsoa21_icb24.csv.gz"
MIDDLE_AREAS = "measured/ons_small_area_income_msoa.csv.gz"  # of 2011, by the authority of then
YEARS = range(2010, 2026)

# figure: its names in the outturn of 2022-23 on, and in the summary of 2010-11 to 2017-18
SERVICES = {
    "education": ("net_education", "svc_education"),
    "adult-social-care": ("net_adult_social_care", "svc_adult_social_care"),
    "childrens-social-care": ("net_children_s_social_care", "svc_childrens_social_care"),
    "public-health": ("net_public_health", "svc_public_health"),
    "police": ("net_police", "svc_police"),
    "fire": ("net_fire_rescue", "svc_fire_rescue"),
    "highways-transport": ("net_highways_transport", "svc_highways_transport"),
    "environmental": ("net_environmental_regulatory", "svc_environmental_regulatory"),
    "cultural": ("net_cultural_related", "svc_cultural"),
    "housing": ("net_housing_services", "svc_housing_gfra"),
    "planning": ("net_planning_development", "svc_planning_development"),
    "central-services": ("net_central_services", "svc_central"),
}
STREAMS = {
    "nhs-core": "core_services",
    "nhs-primary-medical": "primary_medical_care",
    "nhs-other-primary": "other_primary_care",
    "nhs-running-costs": "running_costs",
}
NHS_KEYS = {"people_registered": "registered_population", "core": "wp_core_overall",
            "primary_medical": "wp_primary_medical_final"}  # fmt: skip
MET = "E23000001"
# Bodies that the files name without a code, by E-code. Transport authorities became the combined authorities, whose
# areas two of them did not have: they keep their E-code.
BY_ECODE = {
    "E5100": bodies.GLA, "E6201": "E50000001", "E6202": "E50000005", "E6204": "E50000006", "E6205": "E50000002",
    "E6206": "E50000004", "E6207": "E50000003", "E6342": "E47000001", "E6343": "E6343", "E6344": "E47000002",
    "E6345": "E6345", "E6346": "E47000007", "E6347": "E47000003", "E6348": "E47000001", "E6349": "E47000004",
    "E6350": "E47000002", "E6351": "E47000014", "E6353": "E47000003", "E6354": "E47000009", "E6355": "E47000006",
    "E6356": "E47000008",
}  # fmt: skip
NOT_OF_A_PLACE = re.compile(r"E64\d\d|E6803|E26\d{6}")  # national and regional parks
WASTE = {
    "E50000001": ("East London Waste Authority", "E09000002 E09000016 E09000025 E09000026"),
    "E50000002": ("North London Waste Authority",
                  "E09000003 E09000007 E09000010 E09000012 E09000014 E09000019 E09000031"),
    "E50000003": ("West London Waste Authority", "E09000005 E09000009 E09000015 E09000017 E09000018 E09000027"),
    "E50000004": ("Western Riverside Waste Authority", "E09000013 E09000020 E09000022 E09000032"),
    "E50000005": ("Greater Manchester Waste Disposal Authority", ""),  # its members are the combined authority's
    "E50000006": ("Merseyside Waste Authority", "E08000011 E08000012 E08000013 E08000014 E08000015"),
}  # fmt: skip
# Areas of bodies that have ended: the authorities of today that they covered.
ENDED = {
    "E47000010": ("North East Combined Authority of 2018", "E06000047 E08000023 E08000024 E08000037"),
    "E47000011": ("North of Tyne Combined Authority", "E06000057 E08000021 E08000022"),
    "E6343": ("Merseyside Integrated Transport Authority", "E08000011 E08000012 E08000013 E08000014 E08000015"),
    "E6345": ("Tyne and Wear Integrated Transport Authority", "E08000021 E08000022 E08000023 E08000024 E08000037"),
    "E31000012": ("Dorset Fire", "E06000058 E06000059"),
    "E31000038": ("Wiltshire Fire", "E06000030 E06000054"),
    "E10000002": ("Buckinghamshire County Council", "E06000060"),
    "E10000006": ("Cumbria County Council", "E06000063 E06000064"),
    "E10000009": ("Dorset County Council", "E06000059"),
    "E10000021": ("Northamptonshire County Council", "E06000061 E06000062"),
    "E10000023": ("North Yorkshire County Council", "E06000065"),
    "E10000027": ("Somerset County Council", "E06000066"),
}
KIND_OF = {"E10": "county", "E31": "fire", "E63": "transport"}  # of an area that has ended, by the start of its code
# Until 2019 Dorset's county held Christchurch, a part of an authority of today; the rest of that was in no county.
DORSET, BOURNEMOUTH, CHRISTCHURCH = "E10000009", "E06000058", "E07000048"
# A county's service that went to a body of its own, not to the county's heirs.
PASSED_ON = {("E10000006", "fire")}


@dataclass(frozen=True, slots=True)
class Known:
    """Who a row of an outturn file is."""

    merge: Merger
    police: Mapping[str, str]  # area by the name before "Police"

    def area(self, code: str, ecode: str, name: str) -> str | None:
        """The code of the body's area; None for a park. KeyError for a body that nothing names."""
        if NOT_OF_A_PLACE.fullmatch(code) or NOT_OF_A_PLACE.fullmatch(ecode):
            return None
        if code == "E12000007" or ecode == "E5100":
            return bodies.GLA
        if " Police" in name and not code.startswith(("E10", "E31")):
            return self.police[_stem(name)]
        return code or BY_ECODE[ecode]


def _stem(name: str) -> str:
    return name.partition(" Police")[0].casefold().replace("&", "and").strip()


def own_figures(source: Path) -> tuple[str, str]:
    """``own_figures.csv`` and ``own_estimates.csv``."""
    values, estimates = _outturn(source)
    values |= _allocations(source)
    for row in rows(source, CONSTITUENCIES):
        if row["gss_code"].startswith("E14"):
            values["income-tax", row["gss_code"]] = {2022: float(row["value"])}
    body = [[*key, *[number(by[y], 3) if y in by else "" for y in YEARS]] for key, by in sorted(values.items())]
    header = ["figure", "area", *[str(y) for y in YEARS]]
    how = [[figure, area, str(year), said] for (figure, area, year), said in sorted(estimates.items())]
    return table(header, body), table(["figure", "area", "year", "how"], how)


Values = dict[tuple[str, str], dict[int, float]]


def _outturn(source: Path) -> tuple[Values, dict[tuple[str, str, int], str]]:
    """Net current expenditure by service and body, GBP million; and how cells of those who filed nothing were made."""
    who = _known(source)
    filed: dict[tuple[int, str], dict[str, float]] = {}
    for row, year, figure in _rows(source):
        area = who.area(row["gss_code"], row.get("ecode") or row.get("lgf_code") or "", row["name"])
        if area is None or not row["value"]:
            continue
        if area == bodies.GLA and figure == "police":
            area = MET
        by = filed.setdefault((year, area), {})
        by[figure] = by.get(figure, 0.0) + float(row["value"]) / 1e6
    filed = {key: by for key, by in filed.items() if any(by.values())}
    out: Values = {}
    years = sorted({year for year, _ in filed})
    absent = _named_absent(source, who)
    for year in years:
        here = {area: by for (y, area), by in filed.items() if y == year}
        current = who.merge.current
        districts = {c: by for c, by in here.items() if c in current or who.merge(c)}
        for figure in SERVICES:
            merged = who.merge.total({c: by.get(figure, 0.0) for c, by in districts.items()})
            rest = {c: by.get(figure, 0.0) for c, by in here.items() if c not in districts}
            for area, value in (merged | rest).items():
                out.setdefault((figure, area), {})[year] = value
        absent.setdefault(year, set()).update(set(current) - set(who.merge.total(dict.fromkeys(districts, 0.0))))
    for figure in SERVICES:  # 2010-11 has social care in one, so that neither of the two has a figure
        for year in years:
            mine = [values for (name, _), values in out.items() if name == figure]
            if not any(values.get(year) for values in mine):
                for values in mine:
                    values.pop(year, None)
    out = {key: by for key, by in out.items() if any(by.values())}
    return _filled(out, absent, people_of(source, who.merge))


def _named_absent(source: Path, who: Known) -> dict[int, set[str]]:
    """Bodies of which the file itself says that they filed nothing, by year."""
    absent: dict[int, set[str]] = {}
    for row in rows(source, RECENT):
        if row["status"] == "not submitted":
            area = who.area(row["gss_code"], row["lgf_code"], row["name"])
            if area is not None:
                absent.setdefault(start_year(row["year"]), set()).add(area)
    return absent


def _filled(
    values: Values, absent: Mapping[int, set[str]], people: Mapping[str, float]
) -> tuple[Values, dict[tuple[str, str, int], str]]:
    """Where a body filed nothing: the nearest filed year, moved by the growth of those who filed both.

    An authority that took over from a county after that year takes its part of the county's figure, by ``people``.
    """
    estimates: dict[tuple[str, str, int], str] = {}
    filed = {key: dict(by) for key, by in values.items()}
    for year, areas in absent.items():
        for figure in SERVICES:
            for area in sorted(areas):
                if year in filed.get((figure, area), {}):
                    continue
                before, part = _before(filed, figure, area, people)
                if not before:
                    continue
                near = min(before, key=lambda y: (abs(y - year), y))
                moved = before[near] * _growth(filed, figure, (near, year), areas)
                values.setdefault((figure, area), {})[year] = moved
                estimates[figure, area, year] = (
                    f"filed nothing for {financial_year(year)}: {financial_year(near)}{part}"
                    " moved by the growth of filers"
                )
    return values, estimates


def _before(filed: Values, figure: str, area: str, people: Mapping[str, float]) -> tuple[dict[int, float], str]:
    """What an authority filed, and its part of a county that it took over from; with words for that part."""
    mine = filed.get((figure, area), {})
    for county, heirs in _heirs().items():
        theirs = filed.get((figure, county))
        if area in heirs and theirs and (county, figure) not in PASSED_ON:
            share = people[area] / sum(people[c] for c in heirs)
            both = {y: mine.get(y, 0.0) + share * value for y, value in theirs.items()}
            return both, f" with its part by people of {ENDED[county][0]}"
    return mine, ""


def _heirs() -> dict[str, list[str]]:
    """The authorities of today that took over from a county."""
    return {area: members.split() for area, (_, members) in ENDED.items() if area.startswith("E10")}


def _growth(filed: Values, figure: str, years: tuple[int, int], absent: set[str]) -> float:
    """Of a figure between two years, over bodies that filed both; a county that ended is one with its heirs."""
    one = {code: county for county, heirs in _heirs().items() for code in (county, *heirs)}
    gone = {one.get(code, code) for code in absent}
    sums: dict[str, dict[int, float]] = {}
    for (name, area), by in filed.items():
        if name == figure and one.get(area, area) not in gone:
            of = sums.setdefault(one.get(area, area), {})
            for year in set(years) & set(by):
                of[year] = of.get(year, 0.0) + by[year]
    both = [by for by in sums.values() if len(by) == len(set(years))]
    return sum(by[years[1]] for by in both) / sum(by[years[0]] for by in both)


def _rows(source: Path) -> list[tuple[Row, int, str]]:
    """Every row of an authority, with its year and figure."""
    recent = {new: figure for figure, (new, _) in SERVICES.items()}
    earlier = {old: figure for figure, (_, old) in SERVICES.items()}
    out = [(r, start_year(r["year"]), recent[r["variable"]]) for r in rows(source, RECENT)
           if r["status"] == "submitted" and r["variable"] in recent]  # fmt: skip
    return out + [(r, start_year(r["year"]), earlier[r["variable"]]) for r in rows(source, EARLIER)
                  if r["variable"] in earlier]  # fmt: skip


def _known(source: Path) -> Known:
    police = {_stem(r["name"]): r["gss_code"] for r in rows(source, RECENT) if r["gss_code"].startswith("E23")}
    return Known(merger(source), police)


def _allocations(source: Path) -> Values:
    stream = {name: figure for figure, name in STREAMS.items()}
    out: Values = {}
    for row in rows(source, ALLOCATIONS):
        if row["variable"] in stream:
            by = out.setdefault((stream[row["variable"]], row["gss_code"]), {})
            by[start_year(row["year"])] = float(row["value"]) / 1e6
    return out


def areas(source: Path) -> str:
    """``areas.csv``: ``area,name,kind,place,people``; people of Census 2021, or of 2022 where of whole districts."""
    merge = merger(source)
    people = people_of(source, merge)
    body = [*_constituencies(source, merge), *_boards(source, merge)]
    for area, (name, kind, members) in sorted(_bodies(source).items()):
        body += [[area, name, kind, code, number(people[code], 0)] for code in sorted(members)]
    held = number(_christchurch(source, people[BOURNEMOUTH]), 0)
    body.append([DORSET, ENDED[DORSET][0], "county", BOURNEMOUTH, held])
    return table(["area", "name", "kind", "place", "people"], body)


def people_of(source: Path, merge: Merger) -> dict[str, float]:
    """People of 2022 by authority."""
    return merge.total(tidy.figures(source, "population_la_1991_2022.csv", "population", "2022"))


def counties(source: Path, people: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """People of every county council, of today and ended, by authority of today, from people by authority."""
    out = {area: {code: people[code] for code in members} for area, (_, kind, members) in _bodies(source).items()
           if kind == "county"}  # fmt: skip
    out[DORSET][BOURNEMOUTH] = _christchurch(source, people[BOURNEMOUTH])
    return out


def _christchurch(source: Path, people: float) -> float:
    """People of the part of an authority of today that Dorset's county held, by those of the whole and Census 2021."""
    there = {r["msoa_code"] for r in rows(source, MIDDLE_AREAS) if r["gss_code"] == CHRISTCHURCH}
    census = {True: 0.0, False: 0.0}
    for row in rows(source, OUTPUT_AREAS):
        if row["la_code"] == BOURNEMOUTH:
            census[row["msoa_code"] in there] += float(row["population"])
    return census[True] / sum(census.values()) * people


def _constituencies(source: Path, merge: Merger) -> list[list[str]]:
    names = {r["gss_code"]: r["name"] for r in rows(source, CONSTITUENCIES)}
    return _of_output_areas(source, merge, "constituency", names, lambda row: row["constituency_code"])


def _boards(source: Path, merge: Merger) -> list[list[str]]:
    names = {r["gss_code"]: _board(r["name"]) for r in rows(source, ALLOCATIONS)}
    board = {r["lsoa21_code"]: r["icb24_code"] for r in rows(source, BOARDS)}
    return _of_output_areas(source, merge, "integrated-care-board", names, lambda row: board[row["lsoa_code"]])


def _of_output_areas(
    source: Path, merge: Merger, kind: str, names: Mapping[str, str], area_of: Callable[[Row], str]
) -> list[list[str]]:
    """Rows of areas that are made of output areas: people of Census 2021 by area and authority."""
    people: dict[tuple[str, str], float] = {}
    for row in rows(source, OUTPUT_AREAS):
        key = area_of(row), merge(row["la_code"]) or row["la_code"]
        people[key] = people.get(key, 0.0) + float(row["population"])
    return [[area, names[area], kind, place, number(n, 0)] for (area, place), n in sorted(people.items())]


def _board(name: str) -> str:
    return name.removeprefix("NHS ").removesuffix(" Integrated Care Board")


def _bodies(source: Path) -> dict[str, tuple[str, str, list[str]]]:
    """Counties, combined authorities, police, fire and waste authorities: name, kind and members."""
    names = {r["gss_code"]: r["name"] for r in rows(source, "authorities.csv")}
    out: dict[str, tuple[str, str, list[str]]] = {}
    london = []
    for row in lower_tier(source):
        code = row["gss_code"]
        if row["type"] == "NMD":
            county = row["upper_tier_gss"]
            out.setdefault(county, (f"{names[county]} County Council", "county", []))[2].append(code)
        for column, kind, title in (("police_gss", "police", "Police"), ("fire_gss", "fire", "Fire and Rescue")):
            name = (
                "City of London"
                if row[column] == "E23000034"
                else row[column.replace("gss", "name")].removesuffix(" Police")
            )
            out.setdefault(row[column], (f"{name} {title}", kind, []))[2].append(code)
        if row["ca_gss_2025"]:
            authority = row["ca_gss_2025"]
            out.setdefault(authority, (f"{names[authority]} Combined Authority", "combined-authority", []))[2].append(
                code
            )
        if code.startswith("E09"):
            london.append(code)
    out[bodies.GLA] = ("Greater London Authority", "strategic-authority", london)
    for area, (name, members) in WASTE.items():
        of = members.split() or out["E47000001"][2]
        out[area] = (name, "waste", of)
    for area, (name, members) in ENDED.items():
        out[area] = (name, KIND_OF.get(area[:3], "combined-authority"), members.split())
    # Hampshire's fire authority had the Isle of Wight outside it until 2021.
    out["E31000017"] = ("Hampshire Fire", "fire", [c for c in out["E31000048"][2] if c != "E06000046"])
    return out


def nhs_weights(source: Path) -> str:
    """``nhs_weights.csv``: ``area,place,year`` and weighted people of practices, from NHS England's allocation tool."""
    board = {r["icb_code_nhs"]: r["gss_code"] for r in rows(source, ALLOCATIONS)}
    merge = merger(source)
    out: dict[tuple[str, str, str], dict[str, float]] = {}
    for row in rows(source, WEIGHTS):
        key = board[row["icb_code_nhs"]], merge(row["gss_code"]) or row["gss_code"], str(start_year(row["year"]))
        by = out.setdefault(key, {})
        by[row["variable"]] = by.get(row["variable"], 0.0) + float(row["value"])
    body = [[*key, *[number(by[v], 1) for v in NHS_KEYS.values()]] for key, by in sorted(out.items())]
    return table(["area", "place", "year", *NHS_KEYS], body)
