"""What Soke ships of a variable that a workbook gives: the figure that an import stands in for, or lies beside."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from soke.england.baseline import baseline
from soke.england.settlement import AuthorityTable, council_tax_levels, council_tax_years, settlement, settlement_years
from soke.england.tables import read_table
from soke.text import financial_year

LEVELS: Mapping[str, tuple[str, ...]] = {  # columns of the shipped table; one for billing, one for precepting bodies
    "tax_base": ("tax_base",),
    "band_d": ("band_d_area_total",),
    "band_d_excl_parish": ("band_d_excl_parish",),
    "band_d_incl_parish": ("band_d_incl_parish",),
    "council_tax_requirement": ("requirement_excl_parish", "precept_requirement"),
    "council_tax_requirement_incl_parish": ("requirement_incl_parish",),
    "parish_precepts": ("parish_precepts",),
}
COMPONENTS: Mapping[str, str] = {
    "settlement_funding_assessment": "sfa",
    "under_indexation": "under_indexation",
    "council_tax_in_spending_power": "council_tax",
    "new_homes_bonus": "new_homes_bonus",
    "nhb_returned": "nhb_returned",
    "rural_services_delivery_grant": "rural_services_delivery_grant",
}


SERVICES: Mapping[str, str] = {
    "outturn_adult_social_care": "adult-social-care",
    "outturn_children_social_care": "childrens-social-care",
    "outturn_education": "education",
    "outturn_public_health": "public-health",
}


@dataclass(frozen=True, slots=True)
class Beside:
    """Figures by code that lie beside an imported variable: ``usual`` is what it is over them, ``same`` whether they
    are the very figures, of the same year; ``each``: whether one authority's may not be far from them; ``year``: whose
    they are."""

    figures: Mapping[str, float]
    what: str
    usual: float
    same: bool
    each: bool
    year: str


@cache
def bounds() -> Mapping[str, dict[str, str]]:
    """The rows of ``bounds.csv`` by variable."""
    text = files(__package__).joinpath("bounds.csv").read_text(encoding="utf-8")
    return {row["variable"]: row for row in csv.DictReader(io.StringIO(text))}


def beside(variable: str, year: int) -> Beside | None:
    """What is shipped of a variable, of the year or of the nearest; None where nothing is."""
    row = bounds().get(variable)
    if row is None:
        return None
    usual, each, name = float(row["usual"]), row["each"] == "yes", row["beside"]
    if name == "levels":
        near = _nearest(council_tax_years(), year)
        return Beside(_columns(council_tax_levels(near), LEVELS[variable]), name, usual, near == year, each,
                      financial_year(near))  # fmt: skip
    if name == "settlement":
        near = _nearest(settlement_years(), year)
        return Beside(_columns(settlement(near), (COMPONENTS[variable],)), name, usual, near == year, each,
                      financial_year(near))  # fmt: skip
    if name == "own figures":
        figures = _own(SERVICES[variable], year)
        return Beside(figures, name, usual, bool(figures), each, financial_year(year)) if figures else None
    base = baseline()
    figures = dict(zip(base.codes, map(float, base[name]), strict=True))
    return Beside(figures, name, usual, False, each, base.columns[name].year)


def _own(figure: str, year: int) -> dict[str, float]:
    """The shipped outturn of a service, GBP million, by authority; empty for a year without."""
    rows = [r for r in read_table("own_figures") if r["figure"] == figure]
    return {r["area"]: float(r[str(year)]) for r in rows if r.get(str(year))}


def _nearest(years: tuple[int, ...], year: int) -> int:
    return min(years, key=lambda y: abs(y - year))


def _columns(table: AuthorityTable, names: tuple[str, ...]) -> dict[str, float]:
    """Published figures of columns that no authority has both of; those that were worked out are left out."""
    return {c: v for name in names for c, v in table.by_code(name).items() if table.grade(name, c) == "official"}
