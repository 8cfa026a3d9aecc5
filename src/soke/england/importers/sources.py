"""Where the figures come from: publisher, title, year, licence, grade, and the publisher's own page.

The folder of official tables knows its sources by codes of its own (``D03``). They are known here and nowhere else.
"""

from __future__ import annotations

from pathlib import Path

from soke.england.importers import tidy
from soke.england.importers.tidy import table
from soke.england.sources import Source

OGL = "Open Government Licence v3.0"
ONS, HMT, HMRC = "Office for National Statistics", "HM Treasury", "HM Revenue and Customs"
MHCLG, VOA = "Ministry of Housing, Communities and Local Government", "Valuation Office Agency"
NHS, DWP, DFE = "NHS England", "Department for Work and Pensions", "Department for Education"

GOV_UK = "https://www.gov.uk/government"
GEOGRAPHY = "https://geoportal.statistics.gov.uk/"
NOMIS = "https://www.nomisweb.co.uk"
ONS_ECONOMY = "https://www.ons.gov.uk/economy"
FINANCES = f"{ONS_ECONOMY}/governmentpublicsectorandtaxes/publicsectorfinance"
REGIONAL_FINANCES = f"{FINANCES}/datasets/countryandregionalpublicsectorfinancesrevenuetables"
OUTPUT = (
    f"{ONS_ECONOMY}/grossdomesticproductgdp/datasets/"
    "regionalgrossvalueaddedbalancedbyindustrylocalauthoritiesbyitl1region"
)
WORK = "https://www.ons.gov.uk/employmentandlabourmarket/peopleinwork"
PRODUCTIVITY = (
    f"{WORK}/labourproductivity/datasets/subregionalproductivitylabourproductivityindicesbylocalauthoritydistrict"
)
PEOPLE = "https://www.ons.gov.uk/peoplepopulationandcommunity"
POPULATION = (
    f"{PEOPLE}/populationandmigration/populationestimates/datasets/"
    "populationestimatesforukenglandandwalesscotlandandnorthernireland"
)
INCOMES = f"{GOV_UK}/collections/personal-incomes-statistics"
ALLOCATIONS = "https://www.england.nhs.uk/allocations/"

CATALOGUE = (
    Source("ons-authorities", ONS, "authorities, codes, regions, combined authorities and boundaries", "May 2025", OGL,
           "official", GEOGRAPHY),
    Source("mhclg-band-d", MHCLG, "Band D council tax by area", "1993-94 to 2022-23", OGL, "official",
           f"{GOV_UK}/statistical-data-sets/live-tables-on-council-tax"),
    Source("mhclg-council-tax-levels", MHCLG, "council tax levels, Table 9", "2015-16 to 2022-23", OGL, "official",
           f"{GOV_UK}/collections/council-tax-statistics"),
    Source("ons-regional-accounts", ONS, "country and regional public sector finances", "FYE 2000 to 2024", OGL,
           "official", REGIONAL_FINANCES),
    Source("ons-regional-population", ONS, "country and regional public sector finances, population",
           "FYE 2000 to 2024", OGL, "official", REGIONAL_FINANCES),
    # The page of the settlement of 2019-20 is not known for certain.
    Source("mhclg-core-spending-power", MHCLG, "Core Spending Power tables", "2015-16 to 2019-20", OGL, "official", ""),
    Source("voa-council-tax-stock", VOA, "council tax stock of properties", "2022", OGL, "official",
           f"{GOV_UK}/collections/valuation-office-agency-council-tax-statistics"),
    Source("ons-gva-by-industry", ONS, "regional gross value added (balanced) by industry, local authorities", "2022",
           OGL, "official", OUTPUT),
    Source("ons-gva", ONS, "regional gross value added (balanced), local authorities", "1998 to 2022", OGL, "official",
           OUTPUT),
    Source("ons-gva-per-hour", ONS, "subregional productivity, GVA per hour worked", "2019", OGL, "official",
           PRODUCTIVITY),
    Source("hmrc-incomes-2021-22", HMRC, "personal incomes by local authority", "2021-22", OGL, "official", INCOMES),
    Source("mhclg-deprivation-2025", MHCLG, "English Indices of Deprivation", "2025", OGL, "official",
           f"{GOV_UK}/statistics/english-indices-of-deprivation-2025"),
    Source("ons-productivity-jobs", ONS, "subregional productivity, productivity jobs", "2021", OGL, "official",
           PRODUCTIVITY),
    Source("mhclg-business-rates-2013-14", MHCLG, "business rates returns (NNDR1) and tier split of the local share",
           "2013-14", OGL, "official",
           f"{GOV_UK}/statistics/national-non-domestic-rates-collected-by-councils-in-england-2013-to-2014"),
    Source("ons-subnational-indicators", ONS, "subnational indicators explorer", "2019 to 2022", OGL, "official",
           f"{PEOPLE}/wellbeing/articles/subnationalindicatorsexplorer/2022-01-06"),
    Source("ons-population", ONS, "mid-year population estimates", "1991 to 2022", OGL, "official", POPULATION),
    Source("voa-rating-list", VOA, "rating list, rateable value by sector", "2023 list", OGL, "official",
           f"{GOV_UK}/statistics/non-domestic-rating-change-in-rateable-value-of-rating-lists-england-and-wales-2026-"
           "revaluation-draft-list"),
    Source("mhclg-revenue-outturn-2010-2017", MHCLG, "local authority revenue outturn summary",
           "2010-11 to 2014-15, 2017-18", OGL, "official",
           f"{GOV_UK}/collections/local-authority-revenue-expenditure-and-financing"),
    Source("mhclg-revenue-outturn", MHCLG, "local authority revenue outturn", "2022-23, 2023-24", OGL, "official",
           f"{GOV_UK}/statistics/local-authority-revenue-expenditure-and-financing-england-revenue-outturn-multi-year-"
           "data-set"),
    Source("hmt-country-regional-analysis", HMT, "country and regional analysis", "2008-09 to 2023-24", OGL,
           "official", f"{GOV_UK}/collections/country-and-regional-analysis"),
    Source("ons-commuting-2011", ONS, "Census 2011, location of usual residence and place of work", "2011", OGL,
           "official", f"{NOMIS}/census/2011/wu01ew"),
    Source("ons-population-2020", ONS, "mid-year population estimates by single year of age, 2020", "2020", OGL,
           "official", POPULATION),
    Source("ons-households-2021", ONS, "Census 2021, households", "2021", OGL, "official",
           f"{NOMIS}/datasets/c2021ts041"),
    Source("hmrc-constituencies-2022-23", HMRC, "personal incomes by parliamentary constituency, Table 3.15a",
           "2022-23", OGL, "official", INCOMES),
    Source("nhs-icb-allocations", NHS, "allocations to integrated care boards", "2023-24 to 2025-26", OGL, "official",
           ALLOCATIONS),
    Source("nhs-weighted-populations", NHS, "place based allocation tool, weighted populations by practice",
           "2023-24, 2024-25", OGL, "official", ALLOCATIONS),
    Source("ons-icb-lookup", ONS, "lookup of neighbourhoods (LSOA 2021) to integrated care boards", "2024", OGL,
           "official", GEOGRAPHY),
    Source("ons-output-area-lookup", ONS, "output areas to authorities and constituencies, people of Census 2021",
           "2021, 2024", OGL, "derived", GEOGRAPHY),
    Source("dwp-uc-households-2025", DWP, "households on universal credit", "May 2025", OGL, "official",
           "https://stat-xplore.dwp.gov.uk/"),
    Source("ons-population-2023", ONS, "mid-year population estimates by single year of age, 2023", "2023", OGL,
           "official", POPULATION),
    Source("dfe-school-funding-2020-21", DFE,
           "school grant income by district, compiled by the National Education Union", "2020-21",
           f"{OGL}; the compilation states none", "derived",
           "https://financial-benchmarking-and-insights-tool.education.gov.uk/data-sources"),
    Source("ons-dwellings-tenure", ONS, "subnational dwelling stock by tenure", "2012 to 2021", OGL, "official",
           f"{PEOPLE}/housing/datasets/subnationaldwellingstockbytenureestimates"),
    Source("ons-gva-income-components", ONS, "regional gross value added (balanced), income components",
           "1998 to 2023", OGL, "official",
           f"{ONS_ECONOMY}/grossvalueaddedgva/datasets/"
           "nominalregionalgrossvalueaddedbalancedperheadandincomecomponents"),
    Source("ons-gdhi-components", ONS, "regional gross disposable household income, components", "1997 to 2018", OGL,
           "official", f"{ONS_ECONOMY}/regionalaccounts/grossdisposablehouseholdincome/datasets/"
           "regionalgrossdisposablehouseholdincomegdhi"),
    Source("ons-local-statistics", ONS, "explore local statistics", "1997 to 2025", OGL, "official",
           "https://www.ons.gov.uk/explore-local-statistics/"),
    Source("ons-ashe-workplace-2022", ONS, "hours and earnings by place of work, Table 7", "2022", OGL, "official",
           f"{WORK}/earningsandworkinghours/datasets/placeofworkbylocalauthorityashetable7"),
    Source("ons-ashe-residents-2024", ONS, "hours and earnings by place of residence, yearly pay", "2024", OGL,
           "official", f"{NOMIS}/datasets/asher"),
    Source("ons-bres", ONS, "business register and employment survey, combined authorities", "2024", OGL, "official",
           f"{NOMIS}/datasets/newbres6pub"),
    Source("voa-rateable-bands-2023", VOA, "rating list, rateable value by size of property", "2023 list", OGL,
           "official", f"{GOV_UK}/collections/non-domestic-rating-stock-of-properties-collection"),
    Source("ons-uk-finances", ONS, "public sector finances bulletin, UK; receipts recalled", "2024-25, 2025-26", OGL,
           "unverified", f"{FINANCES}/bulletins/publicsectorfinances/april2026"),
    Source("strategic-authorities-2026", "Statutory instruments and the National Audit Office",
           "tiers and dates of strategic authorities, read second-hand in a third party's list", "15 September 2026",
           f"{OGL}; the list itself states none", "unverified", "https://www.legislation.gov.uk/"),
)  # fmt: skip

FOLDER = {
    "D01": "mhclg-band-d",
    "D02": "mhclg-council-tax-levels",
    "D03": "ons-regional-accounts",
    "D04": "ons-regional-population",
    "D05": "mhclg-core-spending-power",
    "D06": "voa-council-tax-stock",
    "D08": "ons-gva-by-industry",
    "D09": "ons-gva",
    "D10": "ons-gva-per-hour",
    "D11": "hmrc-incomes-2021-22",
    "D12": "mhclg-deprivation-2025",
    "D13": "ons-productivity-jobs",
    "D14": "mhclg-business-rates-2013-14",
    "D15": "ons-subnational-indicators",
    "D16": "ons-population",
    "D18": "voa-rating-list",
    "D19": "mhclg-revenue-outturn-2010-2017",
    "D20": "mhclg-revenue-outturn",
    "D21": "hmt-country-regional-analysis",
    "D22": "ons-commuting-2011",
    "D26": "ons-population-2020",
    "D27": "ons-households-2021",
}  # what the folder's own list calls a source

FILES = {
    "ons-authorities": "authorities.csv",
    "hmrc-constituencies-2022-23": "measured/income_tax_by_constituency_2022_23.csv",
    "nhs-icb-allocations": "measured/nhs_icb_allocations_2023_2026.csv",
    "nhs-weighted-populations": "measured/nhs_place_weighted_population_la_by_icb.csv.gz",
    "ons-icb-lookup": "measured/lsoa21_icb24.csv.gz",
    "ons-output-area-lookup": "measured/oa21_lsoa21_msoa21_la_pcon24_population_england.csv.gz",
    "dwp-uc-households-2025": "measured/uc_households_la_may2025.csv",
    "ons-population-2023": "measured/population_mid2023_single_year_la.csv.gz",
    "dfe-school-funding-2020-21": "measured/school_grant_funding_by_district_2020_21.csv",
    "ons-dwellings-tenure": "measured/dwelling_stock_by_tenure_la_2012_2021.csv.gz",
    "ons-gva-income-components": "measured/gva_income_components_total_itl_1998_2023.csv.gz",
    "ons-gdhi-components": "measured/gdhi_components_nuts_1997_2018.csv.gz",
    "ons-local-statistics": "measured/ons_els",
    "ons-ashe-workplace-2022": "measured/ashe_2022_workplace_jobs_mean_pay_la21.csv",
    "ons-ashe-residents-2024": "measured/ashe_2024_resident_jobs_annual_pay_deciles.csv.gz",
    "ons-bres": "measured/bres_jobs_by_broad_industry_15_cas_2015_2024.csv.gz",
    "voa-rateable-bands-2023": "rateable_value_2023_bands.csv",
    "ons-uk-finances": "measured/outlook_uk_totals.csv",
    "strategic-authorities-2026": "devolution/strategic_authorities_2026_09.csv",
}  # sources that the folder's list does not name, by what holds their figures


def sources(source: Path) -> str:
    """``sources.csv``. Reads the folder's own list, and looks for the files that it leaves out, so that a source the
    folder lost is noticed."""
    listed = {FOLDER[row["source"]] for row in tidy.rows(source, "sources.csv") if row["source"] in FOLDER}
    held = listed | {id_ for id_, file in FILES.items() if (source / file).exists()}
    body = [[s.id, s.publisher, s.title, s.year, s.licence, s.grade, s.url] for s in CATALOGUE if s.id in held]
    return table(["id", "publisher", "title", "year", "licence", "grade", "url"], body)
