"""The 2022-23 baseline: one figure a column, each with its own year, source, unit and grade.

Older vintages of authority are merged into the current ones: amounts by sum, rates by population. What is still
missing is filled by a declared proxy or an estimate, listed figure by figure in ``estimates.csv``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from soke.england.importers import council_services, drivers, tidy
from soke.england.importers.authorities import Merger, lower_tier, merger
from soke.england.importers.incomes import incomes
from soke.england.importers.jobs import estimate_jobs
from soke.errors import SokeError
from soke.text import financial_year

AGES = ("population_0_15", "population_16_24", "population_16_64", "population_65_plus", "population_75_plus",
        "population_85_plus")  # fmt: skip
SECTIONS = ("AB", "C", "DE", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T")
SECTORS = {
    "gva_manufacturing": ("AB", "C", "DE"),
    "gva_construction": ("F",),
    "gva_consumer_services": ("G", "H", "I", "R", "S", "T"),
    "gva_producer_services": ("J", "K", "M", "N"),
    "gva_property": ("L",),
    "gva_public": ("O", "P", "Q"),
}
# What serves the place itself: half of transport, of business support and of utilities does.
LOCAL = {"F": 1.0, "G": 1.0, "I": 1.0, "R": 1.0, "S": 1.0, "T": 1.0, "DE": 0.5, "H": 0.5, "N": 0.5}
HOUSEHOLD_INCOME = "Gross Disposable Household Income (GDHI), per head"
PROXY = {"E09000001": "E09000033", "E06000053": "E06000052"}  # City by Westminster, Scilly by Cornwall


@dataclass(slots=True)
class Figure:
    """One column as compiled: ``values`` by current code; ``estimates`` maps a code to how its figure was made."""

    name: str
    table: str
    unit: str
    year: str
    source: str
    grade: str
    note: str
    values: dict[str, float]
    estimates: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Workbench:
    """What every column needs: the source folder, the merger of vintages, and people to weight by."""

    source: Path
    merge: Merger
    people: Mapping[str, float]  # population 2022 of the vintage published

    def amounts(self, file: str, variable: str, year: str | None = None) -> dict[str, float]:
        return self.merge.total(tidy.figures(self.source, file, variable, year))

    def rates(self, file: str, variable: str, year: str | None = None) -> dict[str, float]:
        values = tidy.figures(self.source, file, variable, year)
        return self.merge.mean(values, dict(self.people))


def figures(source: Path) -> list[Figure]:
    """Every column of the baseline, complete for the 296 authorities. Raises SokeError where one is not."""
    bench = Workbench(source, merger(source), tidy.figures(source, "population_la_1991_2022.csv", "population", "2022"))
    groups: tuple[Callable[[Workbench], list[Figure]], ...] = (_people, _economy, _tax, _need, _spending, _services)
    out = [figure for group in groups for figure in group(bench)]
    out += _drivers(bench, {figure.name: figure for figure in out})
    for figure in out:
        missing = [code for code in bench.merge.current if code not in figure.values]
        if missing:
            raise SokeError(f"{figure.name} has no figure for {', '.join(missing[:5])}.", "Check the source table.")
    return out


def _people(bench: Workbench) -> list[Figure]:
    out = [
        Figure("population", "people", "persons", "2022", "ons-population", "official", "mid-year estimate",
               bench.amounts("population_la_1991_2022.csv", "population", "2022"))
    ]  # fmt: skip
    out += [
        Figure(age, "people", "persons", "2020", "ons-population-2020", "official",
               "mid-year estimate by single year of age, summed", bench.amounts("population_age_la_2020.csv", age))
        for age in AGES
    ]  # fmt: skip
    out.append(Figure("households", "people", "households", "2021", "ons-households-2021", "official", "Census 2021",
                      bench.amounts("households_la_2021.csv", "households")))  # fmt: skip
    dwellings: dict[str, float] = {}
    for band in "abcdefgh":
        for code, value in bench.amounts("dwellings_by_band_1993_2022.csv", f"dwellings_band_{band}", "2022").items():
            dwellings[code] = dwellings.get(code, 0.0) + value
    out.append(Figure("dwellings", "people", "dwellings", "2022", "voa-council-tax-stock", "official",
                      "council tax stock of properties", dwellings))  # fmt: skip
    return out


def _economy(bench: Workbench) -> list[Figure]:
    gva = tidy.figures(bench.source, "gva_la_total_1998_2022.csv", "gva_total_current_prices", "2022")
    out = [Figure("gva", "economy", "GBP million", "2022", "ons-gva", "official", "gross value added, balanced", gva)]
    out += _sectors(bench, gva)
    hours = bench.rates("gva_per_hour_la_2004_2019.csv", "gva_per_hour_worked_smoothed", "2019")
    merged = dict.fromkeys(_merged(bench), "mean of the merged districts, by population")
    out.append(Figure("gva_per_hour", "economy", "GBP per hour", "2019", "ons-gva-per-hour", "official", "smoothed",
                      hours, merged))  # fmt: skip
    jobs, how = estimate_jobs(bench.source, bench.merge, gva)
    out.append(Figure("jobs", "economy", "filled jobs", "2021", "ons-productivity-jobs", "official",
                      "productivity jobs", jobs, how))  # fmt: skip
    for name, variable, unit, year, note in (
        ("gdhi_per_head", HOUSEHOLD_INCOME, "GBP", "2019", "household income"),
        ("employment_rate", "Employment rate (16\x9664-year olds)", "per cent", "2022", "aged 16 to 64"),
        ("level3", "Proportion of the population aged 16 - 64 with level 3+ qualifications", "per cent", "2021",
         "aged 16 to 64 with a level 3 qualification or above"),
    ):  # fmt: skip
        values = bench.rates("ons_subnational_indicators.csv", variable)
        how = dict.fromkeys(_merged(bench), "mean of the merged districts, by population")
        for code, proxy in PROXY.items():
            if code not in values:
                values[code], how[code] = values[proxy], f"figure of {proxy}, its larger neighbour"
        out.append(Figure(name, "economy", unit, year, "ons-subnational-indicators", "official", note, values, how))
    return out


def sections(source: Path, gva: Mapping[str, float]) -> tuple[dict[str, dict[str, float]], dict[str, str]]:
    """Gross value added by authority and section, summing to ``gva``; and how each filled authority was made.

    Sections that are not published share the residual of the total as in England.
    """
    file = "gva_la_by_section_2008_2013_2018_2022.csv.gz"
    known = {s: tidy.figures(source, file, f"gva_section_{s}", "2022") for s in SECTIONS}
    england = {s: sum(v for c, v in known[s].items() if c in gva) for s in SECTIONS}
    out: dict[str, dict[str, float]] = {}
    how: dict[str, str] = {}
    for code, total in gva.items():
        section = {s: known[s][code] for s in SECTIONS if code in known[s]}
        gone = [s for s in SECTIONS if s not in section]
        residual = total - sum(section.values())
        if gone:
            how[code] = f"{len(gone)} unpublished sections share the residual of the total as in England"
        spread = gone or SECTIONS  # rounding of a complete set is spread over all sections
        weights = {s: england[s] for s in spread}
        for s in spread:
            section[s] = section.get(s, 0.0) + residual * weights[s] / sum(weights.values())
        out[code] = section
    return out, how


def _sectors(bench: Workbench, gva: Mapping[str, float]) -> list[Figure]:
    """Six sectors that sum to the total, and beside them what serves the place itself."""
    by, how = sections(bench.source, gva)
    local = {code: sum(weight * section[s] for s, weight in LOCAL.items()) for code, section in by.items()}
    note = "construction, retail, hospitality, arts, other services; half of transport, business support, utilities"
    here = Figure("gva_local", "economy", "GBP million", "2022", "ons-gva-by-industry", "derived", note, local, how)
    sectors = [
        Figure(name, "economy", "GBP million", "2022", "ons-gva-by-industry", "derived",
               "sections " + ", ".join(parts) + ", summing to gva",
               {code: sum(section[s] for s in parts) for code, section in by.items()}, how)
        for name, parts in SECTORS.items()
    ]  # fmt: skip
    return [*sectors, here]


def _tax(bench: Workbench) -> list[Figure]:
    people = bench.amounts("population_la_1991_2022.csv", "population", "2022")
    gdhi = bench.rates("ons_subnational_indicators.csv", HOUSEHOLD_INCOME)
    out = []
    for name, variable, note in (
        ("income_tax", "income_tax_total", "income tax"),
        ("employment_income", "employment_income_total", "pay"),
        ("self_employment_income", "self_employment_income_total", "self-employment income"),
        ("pension_income", "pension_income_total", "pensions"),
        ("total_income", "total_income_total", "all taxable income"),
    ):
        about = f"{note}; survey of personal incomes, residents; year inferred from national totals"
        values, how = incomes(bench.source, variable, people, gdhi)
        out.append(Figure(name, "tax", "GBP million", "2021-22", "hmrc-incomes-2021-22", "official", about,
                          values, how))  # fmt: skip
    out.append(Figure("rateable_value", "tax", "GBP million", "2023 list", "voa-rating-list", "official",
                      "all sectors", {
        c: v / 1e6
        for c, v in tidy.figures(bench.source, "rateable_value_2023_list.csv", "rv_2023_list_all").items()
        if c in bench.merge.current
    }))  # fmt: skip
    ctr = "council_tax_requirement_2015_2022.csv.gz"
    base = tidy.figures(bench.source, ctr, "tax_base_for_setting", "2022-23")
    band = tidy.figures(bench.source, ctr, "band_d_area_total", "2022-23")
    bills = bench.merge.total({c: band[c] * base[c] for c in band if c in base})
    bases = bench.merge.total({c: base[c] for c in band if c in base})
    note, levels = "all preceptors in the area, parishes included", "mhclg-council-tax-levels"
    return [
        *out,
        Figure("tax_base", "tax", "Band D equivalents", "2022-23", levels, "official", "for tax setting", bases),
        Figure("band_d", "tax", "GBP", "2022-23", levels, "official", note, {c: bills[c] / bases[c] for c in bills}),
        Figure("council_tax", "tax", "GBP million", "2022-23", levels, "official", f"Band D times tax base; {note}",
               {c: v / 1e6 for c, v in bills.items()}),
    ]  # fmt: skip


def _need(bench: Workbench) -> list[Figure]:
    scores = {
        "imd_score": "imd_imd_average_score",
        "imd_income": "imd_income_average_score",
        "imd_employment": "imd_employment_average_score",
        "imd_health": "imd_health_deprivation_and_disability_average_score",
    }
    return [
        Figure(name, "need", "score", "2025", "mhclg-deprivation-2025", "official", "average score of neighbourhoods",
               tidy.figures(bench.source, "imd_la_2010_2025.csv", variable, "2025"))
        for name, variable in scores.items()
    ]  # fmt: skip


def _spending(bench: Workbench) -> list[Figure]:
    """Local authorities' own spending: each authority's own, county councils' by population over their districts."""
    published = tidy.figures(bench.source, "revenue_outturn_ro_2022_2023.csv", "net_current_expenditure", "2022-23")
    own = bench.merge.total(published)
    people = bench.merge.total(dict(bench.people))
    heirs = {"E10000006": ("E06000063", "E06000064"), "E10000023": ("E06000065",), "E10000027": ("E06000066",)}
    how: dict[str, str] = {}
    areas: dict[str, list[str]] = {code: list(new) for code, new in heirs.items()}
    for row in lower_tier(bench.source):
        if row["type"] == "NMD":
            areas.setdefault(row["upper_tier_gss"], []).append(row["gss_code"])
    for county, members in areas.items():
        total = sum(people[m] for m in members)
        for member in members:
            own[member] = own.get(member, 0.0) + published.get(county, 0.0) * people[member] / total
            how[member] = "own spending and, by population, a share of the county council's"
    # Two districts filed nothing for the year: their own part is missing and the column says so.
    for code in bench.merge.current:
        own.setdefault(code, 0.0)
    return [
        Figure("council_spending", "spending", "GBP million", "2022-23", "mhclg-revenue-outturn", "derived",
               "net current expenditure of councils, schools included; police, fire and combined authorities apart",
               {c: v / 1e6 for c, v in own.items()}, how)
    ]  # fmt: skip


def _services(bench: Workbench) -> list[Figure]:
    """What councils spent on services before and after the cuts of the 2010s, in constant prices."""
    kinds = {"care": "social care of adults and children", "other": "all other services"}
    out = []
    for year in council_services.YEARS:
        values, how = council_services.services(bench.source, bench.merge, year)
        out += [
            Figure(f"services_{kind}_{year}", "services", "GBP million, prices of 2022", financial_year(year),
                   "mhclg-revenue-outturn-2010-2017", "derived",
                   f"{note}, net current; without schools, public health, police and fire", values[kind], how)
            for kind, note in kinds.items()
        ]  # fmt: skip
    return out


def _drivers(bench: Workbench, known: Mapping[str, Figure]) -> list[Figure]:
    """What the accounts' tested keys are made of: see :mod:`soke.england.importers.drivers`."""
    source, merge = bench.source, bench.merge
    out = [
        Figure(group, "drivers", "persons", "2023", "ons-population-2023", "official", f"aged {ages}, mid-year",
               drivers.people(source, group))
        for group, ages in (("people_0_15", "0 to 15"), ("people_16_24", "16 to 24"), ("people_16_65", "16 to 65"),
                            ("people_66_plus", "66 and over"), ("people_18_64", "18 to 64"),
                            ("people_65_74", "65 to 74"), ("people_75_84", "75 to 84"),
                            ("people_85_plus", "85 and over"))
    ]  # fmt: skip
    for tenure, note in (("homes", "all dwellings"), ("owned_outright", "owned outright"),
                         ("social_rented", "rented from a council or housing association"),
                         ("private_rented", "rented privately")):  # fmt: skip
        values, how = drivers.homes(source, merge, tenure, known["dwellings"].values)
        out.append(
            Figure(tenure, "drivers", "dwellings", "2021", "ons-dwellings-tenure", "official", note, values, how)
        )
        if tenure == "homes":
            out.append(Figure("homes_added", "drivers", "dwellings a year", "2012 to 2021", "ons-dwellings-tenure",
                              "derived", "mean yearly change of the stock",
                              drivers.homes_added(source, merge, values)))  # fmt: skip
    out.append(Figure("credit_households", "drivers", "households", "May 2025", "dwp-uc-households-2025", "official",
                      "households on universal credit", drivers.universal_credit(source)))  # fmt: skip
    out.append(Figure("school_grant", "drivers", "GBP million", "2020-21", "dfe-school-funding-2020-21", "derived",
                      "grants of schools, maintained and academies", drivers.school_grant(source, merge)))  # fmt: skip
    out.append(Figure("rateable_value_relieved", "drivers", "GBP million", "2023 list", "voa-rateable-bands-2023",
                      "derived", "less properties to 12,000 and 55 per cent of those to 15,000",
                      drivers.relieved_rateable_value(source, merge)))  # fmt: skip
    for name, file, unit, note in (
        ("affordability", "housing-affordability-ratio", "ratio", "median house price over median residents' pay"),
        ("median_pay", "gross-median-weekly-pay", "GBP a week", "gross, residents"),
    ):
        values, how = drivers.statistic(source, file, "2022", merge)
        out.append(Figure(name, "drivers", unit, "2022", "ons-local-statistics", "official", note, values, how))
    pay = known["employment_income"].values
    values, how = drivers.workplace_pay(source, merge, known["jobs"].values, pay)
    out.append(Figure("workplace_pay", "drivers", "GBP million", "2022", "ons-ashe-workplace-2022", "derived",
                      "jobs times mean pay, employees", values, how))  # fmt: skip
    return out


def _merged(bench: Workbench) -> list[str]:
    return sorted(set(bench.merge.successor.values()) & {"E06000063", "E06000064", "E06000065", "E06000066"})
