"""Official figures that a user imported, laid over a settlement.

A figure by rule stays, with the imported one beside it; one that Soke shows as published, or lacks, is the imported
one. Each says its workbook. Years that no shipped table has are then shown as published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from soke.england.imported import Imported
from soke.model.funding.settlement_figures import MILLION, Figure

# Imported variable -> column here
VARIABLES = {
    "settlement_funding_assessment": "sfa",
    "fair_funding_allocation": "fair_funding_allocation",
    "baseline_funding_level": "baseline_funding",
    "revenue_support_grant": "revenue_support_grant",
    "under_indexation": "under_indexation",
    "new_homes_bonus": "new_homes_bonus",
    "nhb_returned": "nhb_returned",
    "rural_services_delivery_grant": "rural_services_delivery_grant",
    "core_spending_power": "core_spending_power_published",
    "tax_base": "tax_base",
    "band_d_excl_parish": "band_d",
    "council_tax_requirement": "requirement",
}
UNITS = {"tax_base": "Band D dwellings", "band_d": "GBP"}


def codes(official: Imported, year: int) -> frozenset[str]:
    """Authorities of which any figure of a settlement was imported for the year."""
    return frozenset(code for variable in VARIABLES for code in official.get(variable, year))


def years(official: Imported) -> frozenset[int]:
    return frozenset(year for variable in VARIABLES for year in official.years(variable))


def lay_over(figures: Mapping[str, dict[str, Figure]], official: Imported, year: int) -> tuple[str, ...]:
    """Put the imported figures of a year into ``found`` (code -> column -> figure); the workbooks that gave any."""
    workbooks: dict[str, None] = {}
    for variable, column in VARIABLES.items():
        unit = UNITS.get(column, MILLION)
        for code, given in official.get(variable, year).items():
            if code not in figures:
                continue
            # Council tax is imported in GBP, which is shown here in millions.
            value = given / 1e6 if unit == MILLION and official.units[variable] == "GBP" else given
            name = official.source(variable, year, code).workbook
            workbooks[name] = None
            there = figures[code].get(column)
            if there is not None and there.how == "rule":
                figures[code][column] = replace(there, published=value)
            else:
                figures[code][column] = Figure(
                    column, value, unit, "published", "", (), "official", name, value, f"imported from {name}"
                )
    return tuple(workbooks)
