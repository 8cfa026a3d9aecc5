"""What work there is and what it pays: two small tables.

``pay_deciles.csv``  yearly pay of residents by authority, pounds, by percentile, and how many jobs it is read from
``sector_jobs.csv``  employment by industry of combined authorities, in the 18 published broad groups, which name their
                     sections in brackets; the finer divisions of the same file do not
"""

from __future__ import annotations

from pathlib import Path

from soke.england.importers import tidy
from soke.england.importers.authorities import merger
from soke.england.importers.tidy import number, table

PAY = "measured/ashe_2024_resident_jobs_annual_pay_deciles.csv.gz"
JOBS = "measured/bres_jobs_by_broad_industry_15_cas_2015_2024.csv.gz"
PERCENTILES = (10, 20, 30, 40, 50, 60, 70, 80, 90)
YEAR = "2024"
EMPLOYMENT = "employment: "  # employees and working owners; the file has employees alone beside it


def pay_deciles(source: Path) -> str:
    """Blank where the survey was too small to publish a figure."""
    known = {"jobs": tidy.figures(source, PAY, "ashe_resident_jobs", YEAR)}
    for percentile in PERCENTILES:
        name = "median" if percentile == 50 else f"{percentile}_percentile"
        known[f"p{percentile}"] = tidy.figures(source, PAY, f"ashe_resident_annual_pay_{name}", YEAR)
    codes = [code for code in merger(source).current if any(code in values for values in known.values())]
    body = [[code, *[number(v[code], 0) if code in v else "" for v in known.values()]] for code in codes]
    return table(["code", *known], body)


def sector_jobs(source: Path) -> str:
    found: dict[str, dict[str, float]] = {}
    groups: dict[str, int] = {}
    for row in tidy.rows(source, JOBS):
        count, _, title = row["variable"].removeprefix(EMPLOYMENT).partition(" : ")
        if row["year"] == YEAR and row["variable"].startswith(EMPLOYMENT) and title.endswith(")"):
            groups[title] = int(count)
            found.setdefault(row["gss_code"], {})[title] = float(row["value"])
    titles = sorted(groups, key=lambda title: groups[title])
    return table(["code", *titles], [[code, *[number(by[t], 0) for t in titles]] for code, by in sorted(found.items())])
