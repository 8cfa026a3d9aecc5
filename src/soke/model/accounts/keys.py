"""Named keys: how money that no public body records for a place is shared among the authorities of its region.

A key is a weight for each of the 296 authorities in a year. Every power was chosen on regions alone, where a published
figure tells how far the key errs; none was fitted on places. Where a power is not one, the weight is::

    people x (driver per head) ** power

Figures published for one year are held per head and moved with population. The calendar year in which the financial
year starts is used; a year before or after a history takes its nearest.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import cast

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Floats, Grade, baseline
from soke.england.history import of_year, statistical_areas
from soke.england.tables import read_table
from soke.model.accounts.own import shipped

TOTAL = "total"  # of all sections
CREDIT_FIRST = 2013  # no universal credit before


@dataclass(frozen=True, slots=True)
class Key:
    """A named key: what it is in words, where its figures come from, and the function that gives its weights."""

    name: str
    words: str
    grade: Grade
    source: str  # ids of sources, joined by ", "
    weights: Callable[[int], Floats]  # year -> (296,), not negative

    @property
    def per_head(self) -> bool:
        return self.name == "people"


def population(year: int) -> Floats:
    return of_year("population_history", year)


def per_head(values: Floats, year: int) -> Floats:
    """Amounts of the baseline, held per head of its population and moved with population to ``year``."""
    return values / baseline()["population"] * population(year)


def raised(driver: Floats, people: Floats, power: float) -> Floats:
    """``people x (driver per head) ** power``; driver and people (296,)."""
    weights: Floats = people * (driver / people) ** power
    return weights


def _held(column: str) -> Callable[[int], Floats]:
    return lambda year: per_head(baseline()[column], year)


def _of(column: str, power: float) -> Callable[[int], Floats]:
    """A column of the baseline raised to a power per head."""
    return lambda year: raised(per_head(baseline()[column], year), population(year), power)


def _consumption(year: int) -> Floats:
    people = population(year)
    return raised(of_year("household_income", year) * people, people, 0.25)


def _moved(values: Floats, variable: str, year: int) -> Floats:
    """Amounts of 2021 on, taken back to ``year``: shares within a NUTS3 area held, the area moved by its own figures.

    The history ends in 2018 and is held from there.
    """
    if year >= 2021:
        return values
    areas = np.array(statistical_areas()[1])
    out: Floats = values.copy()
    for row in read_table("income_history"):
        if row["variable"] == variable:
            here = areas == row["area"]
            out[here] *= float(row[str(min(max(year, 1997), 2018))]) / values[here].sum()
    return out


@cache
def _income_tax(year: int) -> Floats:
    return _moved(shipped().get("income-tax", 2022, baseline()["income_tax"]).places, "taxes", year)


@cache
def _earnings(year: int) -> Floats:
    base = baseline()
    pay = _moved(base["employment_income"] + base["self_employment_income"], "pay", year)
    return raised(pay / base["population"] * population(2021), population(2021), 0.85) if year >= 2021 else raised(
        pay, population(year), 0.85)  # fmt: skip


def _workplace_pay(year: int) -> Floats:
    """Pay of jobs in 2022 over pay of residents, held, times residents' pay of the year."""
    base = baseline()
    home = base["employment_income"]
    weights: Floats = base["workplace_pay"] / home * _moved(home, "pay", year)
    return weights


def pay_ratio(place: NDArray[np.bool_]) -> float:
    """A place's share of England's pay of jobs over its share of residents' pay, 2022: above one, people commute in."""
    work, home = baseline()["workplace_pay"], baseline()["employment_income"]
    return float(work[place].sum() / work.sum() / (home[place].sum() / home.sum()))


@cache
def _profits(year: int) -> Floats:
    """Trading profits of each ITL2 area's industries, each by the place's share of the industry's output there.

    Before 2010 profits are published in all only: the area's total by its industries of 2010.
    """
    itl, output = np.array(statistical_areas()[0]), _sections()
    out = np.zeros(len(itl))
    first = max(year, 2010)
    rows = read_table("trading_profits")
    for row in (r for r in rows if r["section"] != TOTAL):
        here = itl == row["itl2"]
        gva = output[row["section"]][here]
        if gva.sum() > 0:
            out[here] += float(row[str(min(first, 2023))]) * gva / gva.sum()
    for row in (r for r in rows if r["section"] == TOTAL and year < first):
        here = itl == row["itl2"]
        out[here] *= float(row[str(year)]) / out[here].sum()
    return np.maximum(out, 0.0)


@cache
def _sections() -> Mapping[str, Floats]:
    """Gross value added of 2022 by section of industry, each (296,)."""
    rows = read_table("gva_sections")
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0] if name != "code"}


def _finance(year: int) -> Floats:
    return _sections()["K"] / of_year("gva_history", 2022) * of_year("gva_history", year)


def house_prices() -> Floats:
    """Median house price of 2022, pounds: the affordability ratio times a year of median pay."""
    return baseline()["affordability"] * baseline()["median_pay"] * 52


def _home_values(year: int) -> Floats:
    return raised(per_head(house_prices() * baseline()["homes"], year), population(year), 1.75)


def _owned_values(year: int) -> Floats:
    return raised(per_head(house_prices() * baseline()["owned_outright"], year), population(year), 1.75)


def _other_income(year: int) -> Floats:
    base = baseline()
    other = base["total_income"] - base["employment_income"] - base["self_employment_income"] - base["pension_income"]
    return raised(per_head(np.maximum(other, 0.0), year), population(year), 1.5)


def _sparse(year: int) -> Floats:
    people = population(year)
    weights: Floats = people * (people / baseline().area_km2) ** -0.2
    return weights


def _aged(group: str) -> Callable[[int], Floats]:
    return lambda year: per_head(baseline()[group], year)


def _adults(year: int) -> Floats:
    return _aged("people_16_65")(year) + _aged("people_66_plus")(year)


def _disability(year: int) -> Floats:
    health = baseline()["imd_health"]
    younger, older = _aged("people_16_65")(year), _aged("people_66_plus")(year)
    weights: Floats = younger * np.exp(0.4 * health) + 0.5 * older * np.exp(0.3 * health)
    return weights


def _public_health(year: int) -> Floats:
    weights: Floats = population(year) * np.exp(0.4 * baseline()["imd_health"])
    return weights


def _credit(year: int) -> Floats:
    """Universal credit did not exist before 2013: then people by income deprivation."""
    if year < CREDIT_FIRST:
        return population(year) * baseline()["imd_income"]
    return per_head(baseline()["credit_households"], year)


def _housing_benefit(year: int) -> Floats:
    base = baseline()
    renters = per_head(base["social_rented"] + 0.6 * base["private_rented"], year)
    weights: Floats = renters * base["imd_income"] * house_prices() ** 0.5
    return weights


def _claimants(year: int) -> Floats:
    return of_year("claimants", year) * _aged("people_16_65")(year)


def _nhs(year: int) -> Floats:
    """NHS England's overall weighted population of 2023-24, moved by people."""
    codes = {code: i for i, code in enumerate(baseline().codes)}
    out = np.zeros(len(codes))
    for row in read_table("nhs_weights"):
        if row["year"] == "2023":
            out[codes[row["place"]]] += float(row["core"])
    return per_head(out, year)


def _children_in_need(year: int) -> Floats:
    return _aged("people_0_15")(year) * baseline()["imd_income"]


WEIGHTS: Mapping[str, Callable[[int], Floats]] = {
    "people": population,
    "income-tax-incomes": _held("income_tax"),
    "income-tax": _income_tax,
    "earnings": _earnings,
    "residents-pay": lambda year: _moved(baseline()["employment_income"], "pay", year),
    "workplace-pay": _workplace_pay,
    "consumption": _consumption,
    "profits": _profits,
    "gva": lambda year: of_year("gva_history", year),
    "finance": _finance,
    "council-tax": lambda year: of_year("council_tax_history", year),
    "rateable-value": lambda year: baseline()["rateable_value_relieved"],
    "home-values": _home_values,
    "owned-values": _owned_values,
    "other-income": _other_income,
    "sparse": _sparse,
    "adults": _adults,
    "households": _held("households"),
    "nhs-need": _nhs,
    "public-health-need": _public_health,
    "schools": _held("school_grant"),
    "people-16-24": _aged("people_16_24"),
    "people-0-15": _aged("people_0_15"),
    "people-66-plus": _aged("people_66_plus"),
    "disability": _disability,
    "children-in-need": _children_in_need,
    "universal-credit": _credit,
    "housing-benefit": _housing_benefit,
    "social-rented": _held("social_rented"),
    "claimants": _claimants,
    "land": lambda year: baseline().area_km2,
}


@cache
def keys() -> Mapping[str, Key]:
    """Every named key: ``keys.csv`` says what each is, here is how its weights are worked out."""
    text = files(__package__).joinpath("keys.csv").read_text(encoding="utf-8")
    return {
        r["key"]: Key(r["key"], r["words"], cast(Grade, r["grade"]), r["sources"], WEIGHTS[r["key"]])
        for r in csv.DictReader(io.StringIO(text))
    }
