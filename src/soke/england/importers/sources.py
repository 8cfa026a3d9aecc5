"""Where the figures come from: publisher, title, year, licence, grade, and the attribution that licences ask for."""

from __future__ import annotations

from pathlib import Path

from soke.england.importers import tidy
from soke.england.importers.tidy import table

OGL = "Open Government Licence v3.0"
ONS, HMT, HMRC = "Office for National Statistics", "HM Treasury", "HM Revenue and Customs"
MHCLG, VOA = "Ministry of Housing, Communities and Local Government", "Valuation Office Agency"

# id: publisher, title, year, licence, grade
CATALOGUE = {
    "D00": (ONS, "Authorities, codes, regions, combined authorities and boundaries", "May 2025", OGL, "official"),
    "D01": (MHCLG, "Band D council tax, area figures", "1993-94 to 2022-23", OGL, "official"),
    "D02": (MHCLG, "Council Tax levels, Table 9", "2015-16 to 2022-23", OGL, "official"),
    "D03": (ONS, "Country and regional public sector finances, revenue and expenditure tables", "FYE 2000 to 2024",
            OGL, "official"),
    "D04": (ONS, "Country and regional public sector finances, population", "FYE 2000 to 2024", OGL, "official"),
    "D05": (MHCLG, "Core Spending Power tables: settlement funding assessment, under-indexation grant, council tax, "
            "New Homes Bonus, Rural Services Delivery Grant", "2015-16 to 2019-20", OGL, "official"),
    "D06": (VOA, "Council tax: stock of properties", "2022", OGL, "official"),
    "D08": (ONS, "Regional gross value added (balanced) by industry, local authorities", "2022", OGL, "official"),
    "D09": (ONS, "Regional gross value added (balanced), local authorities, totals", "1998 to 2022", OGL, "official"),
    "D10": (ONS, "Subregional productivity, GVA per hour worked", "2019", OGL, "official"),
    "D11": (HMRC, "Survey of Personal Incomes by local authority", "2021-22", OGL, "official"),
    "D12": (MHCLG, "English Indices of Deprivation", "2025", OGL, "official"),
    "D13": (ONS, "Subregional productivity, productivity jobs", "2021", OGL, "official"),
    "D14": (MHCLG, "National non-domestic rates return (NNDR1) and tier split of the local share", "2013-14", OGL,
            "official"),
    "D15": (ONS, "Subnational indicators explorer", "2019 to 2022", OGL, "official"),
    "D16": (ONS, "Mid-year population estimates", "1991 to 2022", OGL, "official"),
    "D18": (VOA, "Rating list, rateable value by sector", "2023 list", OGL, "official"),
    "D20": (MHCLG, "Revenue outturn", "2022-23", OGL, "official"),
    "D21": (HMT, "Country and regional analysis", "2008-09 to 2023-24", OGL, "official"),
    "D22": (ONS, "Census 2011, location of usual residence and place of work", "2011", OGL, "official"),
    "D26": (ONS, "Mid-year population estimates by single year of age", "2020", OGL, "official"),
    "D27": (ONS, "Census 2021, households", "2021", OGL, "official"),
}  # fmt: skip


def sources(source: Path) -> str:
    """``sources.csv``. Reads the folder's own list so that a source it lost is noticed."""
    listed = {row["source"] for row in tidy.rows(source, "sources.csv")}
    body = [[key, *entry] for key, entry in CATALOGUE.items() if key == "D00" or key in listed]
    return table(["id", "publisher", "title", "year", "licence", "grade"], body)
