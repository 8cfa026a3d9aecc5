"""Official figures that a user imported, laid over a settlement.

A figure by rule stays, with the imported one beside it; one that Soke shows as published, or lacks, is the imported
one. Each says its workbook. Years that no shipped table has are then shown as published.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from soke.england.baseline import Grade
from soke.england.imported import UNSEEN, Imported
from soke.model.funding.settlement_figures import MILLION, Figure

# Imported variable -> column here
VARIABLES = {
    "settlement_funding_assessment": "sfa",
    "fair_funding_allocation": "fair_funding_allocation",
    "baseline_funding_level": "baseline_funding",
    "revenue_support_grant": "revenue_support_grant",
    "under_indexation": "under_indexation",
    "new_homes_bonus": "new_homes_bonus",
    "council_tax_in_spending_power": "council_tax",
    "nhb_returned": "nhb_returned",
    "rural_services_delivery_grant": "rural_services_delivery_grant",
    "core_spending_power": "core_spending_power_published",
    "tax_base": "tax_base",
    "band_d_excl_parish": "band_d",
    "council_tax_requirement": "requirement",
    "parish_precepts": "parish_precepts",
}
PRECEPT = {"requirement": "precept"}  # of those who levy on billing authorities
UNITS = {"tax_base": "Band D dwellings", "band_d": "GBP"}


def codes(official: Imported, year: int) -> frozenset[str]:
    """Authorities of which any figure of a settlement was imported for the year."""
    return frozenset(code for variable in VARIABLES for code in official.get(variable, year))


def years(official: Imported) -> frozenset[int]:
    return frozenset(year for variable in VARIABLES for year in official.years(variable))


def lay_over(
    figures: Mapping[str, dict[str, Figure]], official: Imported, year: int, precepting: Collection[str] = ()
) -> tuple[str, ...]:
    """Put the imported figures of a year into ``found`` (code -> column -> figure); the workbooks that gave any, each
    with what is to be said of its layout. The requirement of ``precepting`` authorities is their precept."""
    workbooks: dict[str, None] = {}
    for variable, named in VARIABLES.items():
        for code, given in official.get(variable, year).items():
            if code not in figures:
                continue
            column = PRECEPT.get(named, named) if code in precepting else named
            unit = UNITS.get(column, MILLION)
            # Council tax is imported in GBP, which is shown here in millions.
            value = given / 1e6 if unit == MILLION and official.units[variable] == "GBP" else given
            source = official.source(variable, year, code)
            seen = official.layout_seen(variable, year, code)
            workbooks[source.workbook + ("" if seen else f": {UNSEEN}")] = None
            there = figures[code].get(column)
            if there is not None and there.how == "rule":
                figures[code][column] = replace(there, published=value)
            else:
                why = f"imported from {source.workbook}" + ("" if seen else f": {UNSEEN}")
                grade: Grade = "official" if seen else "unverified"
                figures[code][column] = Figure(
                    column, value, unit, "published", "", (), grade, source.workbook, value, why
                )  # fmt: skip
    return tuple(workbooks)
