"""Regional controls of the accounts' components, and what moves income and profits between years.

``regional_subfunctions.csv``  spending by region, sub-function and sector, GBP million, from 2019-20
``trading_profits.csv``        gross trading profits by ITL2 area and industry, GBP million, 1998 to 2023
``gva_sections.csv``           gross value added of each authority by industry, GBP million, 2022
``income_history.csv``         taxes on income, pay and contributions of NUTS3 areas, GBP million, 1997 to 2018
``income_areas.csv``           the ITL2 area and the area of ``income_history.csv`` in which each authority lies
``household_income.csv``       disposable household income a head by authority, pounds, 1997 to 2023
``claimants.csv``              claimants by authority, per cent of people 16 to 64, 2001 to 2025
"""

from __future__ import annotations

from pathlib import Path

from soke.england.importers import tidy
from soke.england.importers.authorities import lower_tier, merger
from soke.england.importers.drivers import statistics
from soke.england.importers.figures import SECTIONS, sections
from soke.england.importers.tidy import number, table

SUBFUNCTIONS = "cra_region_subfunction_2019_2023.csv"
PROFITS = "measured/gva_income_components_by_industry_itl12_2010_2023.csv.gz"
TOTALS = "measured/gva_income_components_total_itl_1998_2023.csv.gz"
INCOME = "measured/gdhi_components_nuts_1997_2018.csv.gz"
VARIABLES = {
    "taxes": "Current taxes on income, wealth etc",
    "pay": "Compensation of employees",
    "contributions": "Social contributions/Social benefits paid",  # they hold pensions too: no key, a check alone
}
SECTION_OF = {
    "A": "AB",
    "B": "AB",
    "D": "DE",
    "E": "DE",
}  # of a published industry, where its letter is not the section
# ITL3 areas of 2025 whose authorities lay in other NUTS3 areas in 2016. Joined areas: their border has moved.
NUTS_OF_ITL = {
    "TLC31": "UKC11", "TLC32": "UKC12", "TLC33": "UKC13", "TLC41": "UKC14", "TLC42": "UKC21", "TLC43": "UKC22",
    "TLC44": "UKC23", "TLD13": "UKD11+UKD12", "TLD14": "UKD11+UKD12", "TLE33": "UKE31", "TLE34": "UKE31",
    "TLE35": "UKE31", "TLH41": "UKH11", "TLH42": "UKH12", "TLH51": "UKH15", "TLH52": "UKH16", "TLH53": "UKH17",
    "TLH61": "UKH14", "TLH62": "UKH14", "TLH63": "UKH14", "TLH64": "UKH14", "TLH26": "UKH23", "TLH27": "UKH23",
    "TLI36": "UKI31", "TLJ15": "UKJ11", "TLJ16": "UKJ11", "TLK51": "UKK11", "TLK52": "UKK12", "TLK61": "UKK12",
    "TLK62": "UKK23", "TLK63": "UKK21+UKK22", "TLK64": "UKK21+UKK22", "TLK71": "UKK14", "TLK72": "UKK15",
    "TLK73": "UKK13",
}  # fmt: skip
NUTS_OF_PLACE = {"E09000001": "UKI31", "E09000033": "UKI32"}  # one ITL3 area today, two in 2016


def subfunctions(source: Path) -> str:
    """GBP million by region, function, sub-function, sector and financial year start."""
    years = range(2019, 2024)
    values: dict[tuple[str, ...], dict[int, float]] = {}
    for row in tidy.rows(source, SUBFUNCTIONS):
        if row["value"]:
            key = row["gss_code"], row["function"], row["subfunction"], row["sector"]
            by = values.setdefault(key, {})
            year = int(row["year"][:4])
            by[year] = by.get(year, 0.0) + float(row["value"]) / 1e3
    body = [[*key, *[number(by.get(y, 0.0), 3) for y in years]] for key, by in sorted(values.items())]
    return table(["code", "function", "subfunction", "sector", *[str(y) for y in years]], body)


def trading_profits(source: Path) -> str:
    """By section of industry from 2010; their total from 1998. Sections as ``gva_sections.csv`` has them."""
    years = range(1998, 2024)
    values: dict[tuple[str, str], dict[int, float]] = {}
    for file in (PROFITS, TOTALS):
        for row in tidy.rows(source, file):
            if row["level"] == "ITL2" and row["variable"] == "gross_trading_profits" and row["itl_code"] < "TLL":
                letter = row["industry"][0]
                section = "total" if row["industry"] == "Total" else SECTION_OF.get(letter, letter)
                by = values.setdefault((row["itl_code"], section), {})
                year = int(row["year"])
                if section == "total":
                    by[year] = float(row["value"])
                else:
                    by[year] = by.get(year, 0.0) + float(row["value"])
    body = [[*key, *[number(by[y], 1) if y in by else "" for y in years]] for key, by in sorted(values.items())]
    return table(["itl2", "section", *[str(y) for y in years]], body)


def gva_sections(source: Path) -> str:
    gva = tidy.figures(source, "gva_la_total_1998_2022.csv", "gva_total_current_prices", "2022")
    values, _ = sections(source, gva)
    return table(["code", *SECTIONS], [[c, *[number(by[s], 2) for s in SECTIONS]] for c, by in sorted(values.items())])


def income_history(source: Path) -> str:
    years = range(1997, 2019)
    names = {name: short for short, name in VARIABLES.items()}
    joined = {area: code for code in set(_nuts(source).values()) for area in code.split("+")}
    values: dict[tuple[str, str], dict[int, float]] = {}
    for row in tidy.rows(source, INCOME):
        if row["nuts_code"] in joined and row["variable"] in names:
            by = values.setdefault((joined[row["nuts_code"]], names[row["variable"]]), {})
            by[int(row["year"])] = by.get(int(row["year"]), 0.0) + float(row["value"])
    body = [[*key, *[number(by[y], 1) for y in years]] for key, by in sorted(values.items())]
    return table(["area", "variable", *[str(y) for y in years]], body)


def income_areas(source: Path) -> str:
    nuts = _nuts(source)
    return table(
        ["code", "itl2", "nuts"], [[r["gss_code"], r["itl2_code"], nuts[r["gss_code"]]] for r in lower_tier(source)]
    )


def _nuts(source: Path) -> dict[str, str]:
    """The NUTS3 area of 2016 of each authority, or areas joined by a plus sign."""
    known = {r["nuts_code"] for r in tidy.rows(source, INCOME) if r["level"] == "NUTS3"}
    out = {}
    for row in lower_tier(source):
        code, itl = row["gss_code"], row["itl3_code"]
        out[code] = NUTS_OF_PLACE.get(code) or NUTS_OF_ITL.get(itl) or itl.replace("TL", "UK")
        missing = set(out[code].split("+")) - known
        if missing:
            raise ValueError(f"{row['name']} lies in {', '.join(sorted(missing))}, of which no income is known")
    return out


def household_income(source: Path) -> str:
    return _places(source, "gross-disposable-household-income-per-head", range(1997, 2024), 0)


def claimants(source: Path) -> str:
    return _places(source, "claimant-count", range(2001, 2026), 2)


def _places(source: Path, name: str, years: range, digits: int) -> str:
    merge = merger(source)
    by = statistics(source, name, merge)
    body = [[c, *[number(by[c][y], digits) for y in years]] for c in merge.current]
    return table(["code", *[str(y) for y in years]], body)
