"""History for the accounts: regional taxes and spending by year, and the keys that share them among places."""

from __future__ import annotations

from pathlib import Path

from soke.england.importers import tidy
from soke.england.importers.authorities import Merger, merger
from soke.england.importers.tidy import number, table
from soke.text import financial_year

YEARS = range(1999, 2024)  # financial year start: FYE2000 is 1999-2000
REVENUE = "crpsf_revenue_fye2000_2024.csv.gz"
SPENDING = "crpsf_expenditure_fye2000_2024.csv.gz"
KEPT = ("TME: ", "identifiable: ")  # the current and capital split is not used by the accounts


def _wide(source: Path, file: str, keep: tuple[str, ...] = ("",)) -> str:
    values: dict[tuple[str, str], dict[str, str]] = {}
    for row in tidy.rows(source, file):
        if row["variable"].startswith(keep):
            values.setdefault((row["gss_code"], row["variable"]), {})[row["year"]] = row["value"]
    body = [[code, name, *[by.get(f"FYE{y + 1}", "") for y in YEARS]] for (code, name), by in values.items()]
    return table(["code", "line", *[str(y) for y in YEARS]], body)


def regional_revenue(source: Path) -> str:
    """GBP million by region, tax and financial year start (ONS country and regional public sector finances)."""
    return _wide(source, REVENUE)


def regional_spending(source: Path) -> str:
    return _wide(source, SPENDING, KEPT)


def regional_population(source: Path) -> str:
    by = tidy.series(source, "crpsf_population.csv", "population")
    body = [[code, *[number(years.get(f"FYE{y + 1}", 0.0), 1) for y in YEARS]] for code, years in by.items()]
    return table(["code", *[str(y) for y in YEARS]], body)


def local_government(source: Path) -> str:
    """Local-government spending by region, function and year, GBP million (HM Treasury country and regional analysis).

    Each year is from the latest edition that holds it; older years are not revised to new classifications.
    """
    years = range(2008, 2024)
    values: dict[tuple[str, str], dict[int, float]] = {}
    for row in tidy.rows(source, "cra_region_function_sector.csv"):
        if row["sector"] == "LG" and row["value"]:
            by = values.setdefault((row["gss_code"], row["function"]), {})
            year = int(row["year"][:4])
            by[year] = by.get(year, 0.0) + float(row["value"]) / 1e3
    body = [[*key, *[number(by.get(y, 0.0), 3) for y in years]] for key, by in sorted(values.items())]
    return table(["code", "function", *[str(y) for y in years]], body)


def population(source: Path) -> str:
    """Mid-year population of the current authorities, 1991 to 2022."""
    merge = merger(source)
    by = tidy.series(source, "population_la_1991_2022.csv", "population")
    return _places(merge, {y: merge.total(_year(by, str(y))) for y in range(1991, 2023)}, 0)


def gva(source: Path) -> str:
    by = tidy.series(source, "gva_la_total_1998_2022.csv", "gva_total_current_prices")
    return _places(merger(source), {y: _year(by, str(y)) for y in range(1998, 2023)}, 0)


def gva_volume(source: Path) -> str:
    """GVA of the current authorities in chained volume, GBP million at 2022 prices, 1998 to 2022."""
    by = tidy.series(source, "gva_la_total_1998_2022.csv", "gva_total_chained_volume")
    return _places(merger(source), {y: _year(by, str(y)) for y in range(1998, 2023)}, 0)


def ages(source: Path) -> str:
    """People of mid-2023 by single year of age, 0 to 89 and 90 and over, of the current authorities."""
    people: dict[str, dict[str, float]] = {}
    for row in tidy.rows(source, "measured/population_mid2023_single_year_la.csv.gz"):
        people.setdefault(row["gss_code"], {})[row["variable"].removeprefix("population_age_")] = float(row["value"])
    single = [*(str(age) for age in range(90)), "90+"]
    body = [[code, *[number(people[code][age], 0) for age in single]] for code in merger(source).current]
    return table(["code", *single], body)


def council_tax(source: Path) -> str:
    """Council tax of each area, all preceptors, GBP million, by financial year start, 1999 to 2022.

    From 2015-16: area Band D times the tax base for setting. Before, an estimate: the year's Band D times the tax
    base of 2015-16 moved with population; authorities formed in 2009 take England's growth in Band D before it.
    """
    merge = merger(source)
    file = "council_tax_requirement_2015_2022.csv.gz"
    base = tidy.series(source, file, "tax_base_for_setting")
    band = tidy.series(source, file, "band_d_area_total")
    out = {}
    for y in range(2015, 2023):
        year = financial_year(y)
        out[y] = merge.total({c: b[year] * base[c][year] / 1e6 for c, b in band.items() if year in b})
    people = tidy.series(source, "population_la_1991_2022.csv", "population")
    merged = {y: merge.total(_year(people, str(y))) for y in range(1991, 2023)}
    base_2015 = {c: b[financial_year(2015)] for c, b in base.items() if financial_year(2015) in b}
    for y, early in _early_band_d(source, list(base_2015)).items():
        moved = {c: early[c] * b * merged[y][now] / merged[2015][now] / 1e6
                 for c, b in base_2015.items() if (now := merge(c))}  # fmt: skip
        out[y] = merge.total(moved)
    return _places(merge, dict(sorted(out.items())), 3)


def _early_band_d(source: Path, codes: list[str]) -> dict[int, dict[str, float]]:
    """Area Band D of the authorities of 2015-16, excluding parishes, for 1999-2000 to 2014-15."""
    by = tidy.series(source, "band_d_1993_2022.csv", "band_d_area_excl_parish")
    out = {2015: {c: by[c][financial_year(2015)] for c in codes}}
    for y in range(2014, 1998, -1):
        label = "1999-2000" if y == 1999 else financial_year(y)
        later = out[y + 1]
        published = {c: by[c][label] for c in codes if label in by[c]}
        ratio = sum(published.values()) / sum(later[c] for c in published)
        out[y] = {c: published.get(c, later[c] * ratio) for c in codes}
    del out[2015]
    return out


def _year(by: dict[str, dict[str, float]], year: str) -> dict[str, float]:
    return {code: years[year] for code, years in by.items() if year in years}


def _places(merge: Merger, by_year: dict[int, dict[str, float]], digits: int) -> str:
    body = [[code, *[number(values[code], digits) for values in by_year.values()]] for code in merge.current]
    return table(["code", *[str(y) for y in by_year]], body)
