"""What councils spent on services before and after the cuts of the 2010s, by authority of today.

Net current service expenditure less schools, public health, police and fire. Social care, of adults and of children,
stands apart: 2010-11 has the two in one. A county council's spending is shared to its districts by people of the year.
Prices are those of the newest year of output, by England's implicit deflator of gross value added.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from soke.england.importers import own_figures, tidy
from soke.england.importers.authorities import Merger
from soke.text import financial_year

OUTTURN = own_figures.EARLIER
YEARS = (2010, 2017)  # financial years: before the cuts, and the last of the series
NEAR = 2014  # the year filed before the last
OUTPUT = "gva_la_total_1998_2022.csv"
CARE = ("svc_social_care_all", "svc_adult_social_care", "svc_childrens_social_care")
APART = ("svc_education", "svc_public_health", "svc_police", "svc_fire_rescue", "svc_total")
COUNCILS = ("L", "MD", "UA", "SC", "SD")
SHARED = "own spending and, by people, a share of the county council's"
Filed = dict[str, dict[str, float]]  # "care" or "other" -> code of the vintage -> pounds


def deflator(source: Path, year: int) -> float:
    """The price level of England's output, 1.0 in the newest year: current prices over chained volume."""
    current, volume = (
        sum(tidy.figures(source, OUTPUT, f"gva_total_{basis}", str(year)).values())
        for basis in ("current_prices", "chained_volume")
    )
    return current / volume


def services(source: Path, merge: Merger, year: int) -> tuple[dict[str, dict[str, float]], dict[str, str]]:
    """``{"care": {code: GBP million}, "other": ...}`` of a year in constant prices; and how each share was made."""
    people = merge.total(tidy.figures(source, "population_la_1991_2022.csv", "population", str(year)))
    filed, stood_in = _filed(source, year), ""
    if year == YEARS[-1]:
        stood_in = _fill(filed, _filed(source, NEAR))
    counties = own_figures.counties(source, people)
    price = deflator(source, year) * 1e6
    out = {kind: _by_place(by, merge, counties) for kind, by in filed.items()}
    how = {code: SHARED for shares in counties.values() if len(shares) > 1 for code in shares}
    if stood_in:
        how[str(merge(stood_in))] += f"; {stood_in} filed nothing: {financial_year(NEAR)} moved as other districts'"
    return {kind: {code: value / price for code, value in by.items()} for kind, by in out.items()}, how


def _filed(source: Path, year: int) -> Filed:
    out: Filed = {"care": {}, "other": {}}
    for row in tidy.rows(source, OUTTURN):
        name = row["variable"]
        asked = row["year"] == financial_year(year) and row["class"] in COUNCILS
        if asked and name.startswith("svc_") and name not in APART:
            by = out["care" if name in CARE else "other"]
            by[row["gss_code"]] = by.get(row["gss_code"], 0.0) + float(row["value"])
    return out


def _fill(filed: Filed, near: Filed) -> str:
    """Put in the one district that filed nothing, at its nearest year moved as the other districts'; its code."""
    gone = [code for code in near["other"] if code not in filed["other"]]
    both = [code for code in filed["other"] if code.startswith("E07") and code in near["other"]]
    growth = sum(filed["other"][c] for c in both) / sum(near["other"][c] for c in both)
    for code in gone:
        filed["other"][code] = near["other"][code] * growth
    if len(gone) > 1:
        raise ValueError(f"{len(gone)} councils filed nothing for {financial_year(YEARS[-1])}: {', '.join(gone[:5])}")
    return gone[0] if gone else ""


def _by_place(
    filed: Mapping[str, float], merge: Merger, counties: Mapping[str, Mapping[str, float]]
) -> dict[str, float]:
    out = merge.total({code: value for code, value in filed.items() if code not in counties})
    for county, people in counties.items():
        for code, heads in people.items():
            out[code] = out.get(code, 0.0) + filed.get(county, 0.0) * heads / sum(people.values())
    return {code: out.get(code, 0.0) for code in merge.current}
