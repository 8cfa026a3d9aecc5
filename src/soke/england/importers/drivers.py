"""What the tested keys of the accounts are made of: people by age, homes, pay, prices, need; a figure a place.

Everything here drives a share of a regional line. None of it is money of a tax or a service, so none is ever measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from soke.england.importers import tidy
from soke.england.importers.authorities import Merger
from soke.england.importers.commuting import CITY, SCILLY, WESTMINSTER, flows_2011

PEOPLE = "measured/population_mid2023_single_year_la.csv.gz"
HOMES = "measured/dwelling_stock_by_tenure_la_2012_2021.csv.gz"
CREDIT = "measured/uc_households_la_may2025.csv"
SCHOOLS = "measured/school_grant_funding_by_district_2020_21.csv"
WORKPLACE = "measured/ashe_2022_workplace_jobs_mean_pay_la21.csv"
BANDS = "rateable_value_2023_bands.csv"
STATISTICS = "measured/ons_els/{}.csv.gz"
# first and last year of age of each group; the State Pension age is 66
AGES = {"people_0_15": (0, 15), "people_16_24": (16, 24), "people_16_65": (16, 65), "people_66_plus": (66, 90),
        "people_18_64": (18, 64), "people_65_74": (65, 74), "people_75_84": (75, 84),
        "people_85_plus": (85, 90)}  # fmt: skip
TENURES = {"owned_outright": "dwellings_owned_outright", "social_rented": "dwellings_social_rent",
           "private_rented": "dwellings_private_rent", "homes": "dwellings_total_dwellings"}  # fmt: skip
NEIGHBOUR = {CITY: WESTMINSTER, SCILLY: "E06000052"}
Made = tuple[dict[str, float], dict[str, str]]  # figures by code, and how each that is not published was made


def people(source: Path, group: str) -> dict[str, float]:
    """People of an age group at mid-2023, by authority."""
    first, last = AGES[group]
    out: dict[str, float] = {}
    for row in tidy.rows(source, PEOPLE):
        age = row["variable"].removeprefix("population_age_").removesuffix("+")
        if age.isdigit() and first <= int(age) <= last:
            out[row["gss_code"]] = out.get(row["gss_code"], 0.0) + float(row["value"])
    return out


def homes(
    source: Path, merge: Merger, tenure: str, dwellings: Mapping[str, float]
) -> tuple[dict[str, float], dict[str, str]]:
    """Dwellings of a tenure in 2021; the City and Scilly, which are not published, take their neighbour's share."""
    values = merge.total(tidy.figures(source, HOMES, TENURES[tenure], "2021"))
    how: dict[str, str] = {}
    for code, proxy in NEIGHBOUR.items():
        if code not in values:
            values[code] = values[proxy] * dwellings[code] / dwellings[proxy]
            how[code] = f"the share of {proxy}, its larger neighbour"
    return values, how


def homes_added(source: Path, merge: Merger, stock: Mapping[str, float]) -> dict[str, float]:
    """Dwellings added a year from 2012 to 2021, ``stock`` being those of 2021; none where the stock fell or is new."""
    before = merge.total(tidy.figures(source, HOMES, TENURES["homes"], "2012"))
    return {code: max(now - before.get(code, now), 0.0) / 9 for code, now in stock.items()}


def universal_credit(source: Path) -> dict[str, float]:
    return tidy.figures(source, CREDIT, "households_on_universal_credit")


def school_grant(source: Path, merge: Merger) -> dict[str, float]:
    """Grant income of schools, maintained and academies, by district, GBP million."""
    total: dict[str, float] = {}
    for row in tidy.rows(source, SCHOOLS):
        if row["variable"] == "grant_funding_nominal":
            code = merge(row["gss_code"]) or row["gss_code"]
            total[code] = total.get(code, 0.0) + float(row["value"]) / 1e6
    return total


def relieved_rateable_value(source: Path, merge: Merger) -> dict[str, float]:
    """Rateable value less properties to 12,000 and 55 per cent of those to 15,000: small business relief."""
    out: dict[str, float] = {}
    for row in tidy.rows(source, BANDS):
        code = merge(row["gss_code"])
        if code:
            counted = {"<=12k": 0.0, "12-15k": 0.45}.get(row["rv_band"], 1.0)
            out[code] = out.get(code, 0.0) + counted * float(row["rv_total"]) / 1e6
    return out


def statistics(source: Path, name: str, merge: Merger) -> dict[str, dict[int, float]]:
    """A local statistic by authority of today and year; only what is published."""
    by: dict[str, dict[int, float]] = {}
    for row in tidy.rows(source, STATISTICS.format(name)):
        if row["value"]:
            by.setdefault(merge(row["gss_code"]) or "", {})[int(row["year"])] = float(row["value"])
    return by


def statistic(source: Path, name: str, year: str, merge: Merger) -> Made:
    """A local statistic of a year; where none is published, the nearest year of the place, else its neighbour."""
    by = statistics(source, name, merge)
    values: dict[str, float] = {}
    how: dict[str, str] = {}
    for code in merge.current:
        years = by.get(code) or by[NEIGHBOUR[code]]
        if code not in by:
            how[code] = f"figure of {NEIGHBOUR[code]}, its larger neighbour"
        near = min(years, key=lambda y: (abs(y - int(year)), y))
        if near != int(year):
            how.setdefault(code, f"figure of {near}: none is published for {year}")
        values[code] = years[near]
    return values, how


def workplace_pay(source: Path, merge: Merger, jobs: Mapping[str, float], pay: Mapping[str, float]) -> Made:
    """Pay of the jobs in a place, GBP million: jobs times mean pay. Scaled from residents' pay sent along commuting
    where either is not published.
    """
    count = tidy.figures(source, WORKPLACE, "ashe_workplace_jobs")
    mean = tidy.figures(source, WORKPLACE, "ashe_workplace_mean_annual_gross_pay")
    published = merge.total({c: count[c] * mean[c] / 1e6 for c in count if c in mean})
    unknown = {merge(c) for c in merge.successor if c in (set(count) ^ set(mean))}  # a district of a merged authority
    model = _sent(source, merge, jobs, pay)
    both = [c for c in merge.current if c in published and c not in unknown]
    ratio = sum(published[c] for c in both) / sum(model[c] for c in both)
    gone = [c for c in merge.current if c not in both]
    how = dict.fromkeys(gone, "residents' pay sent along commuting of 2011, scaled to the published authorities")
    return {c: published[c] for c in both} | {c: model[c] * ratio for c in gone}, how


def _sent(source: Path, merge: Merger, jobs: Mapping[str, float], pay: Mapping[str, float]) -> dict[str, float]:
    """Residents' pay where it is earned, by the commuting of 2011."""
    out: dict[str, float] = {}
    for origin, to in flows_2011(source, merge, jobs).items():
        for dest, people_there in to.items():
            out[dest] = out.get(dest, 0.0) + pay[origin] * people_there / sum(to.values())
    return out
