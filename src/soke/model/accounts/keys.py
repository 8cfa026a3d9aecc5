"""Named keys: how a regional line is shared among the authorities of the region.

A key is a weight for each of the 296 authorities in a year. A line's value in a place is the region's published line
times the place's weight over the region's weights. Keys published for one year are held per head and moved with
population. The calendar year in which the financial year starts is used; 2023-24 carries the shares of 2022.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from soke.england.baseline import Floats, Grade, baseline
from soke.england.tables import read_table
from soke.evidence.by_age import spending_by_age
from soke.model.accounts.types import Basis, Measure

LATEST = 2022  # the last year of population and GVA by place
PURPOSES = ("old-age", "sickness-disability", "family", "working-age", "other")


@dataclass(frozen=True, slots=True)
class Key:
    """A named key: what it is in words, how good it is, and the function that gives its weights in a year."""

    name: str
    words: str
    basis: Basis
    measure: Measure
    grade: Grade
    source: str
    weights: Callable[[int], Floats]  # year -> (296,), not negative


def history(table: str, year: int) -> Floats:
    """A column of a compiled history, (296,): ``population_history``, ``gva_history``, ``council_tax_history``."""
    return _history(table, min(year, LATEST))


@cache
def _history(table: str, year: int) -> Floats:
    return np.array([float(row[str(year)]) for row in read_table(table)])


def population(year: int) -> Floats:
    return history("population_history", year)


@cache
def need_weights() -> Mapping[str, Mapping[str, float]]:
    text = files(__package__).joinpath("need_weights.csv").read_text(encoding="utf-8")
    out: dict[str, dict[str, float]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        out.setdefault(row["key"], {})[row["group"]] = float(row["weight"])
    return out


def per_head(values: Floats, year: int) -> Floats:
    """Amounts of the baseline, held per head of its population and moved with population to ``year``."""
    return values / baseline()["population"] * population(year)


def ages(year: int) -> Mapping[str, Floats]:
    """People by age group: the shares of 2020 times the population of the year."""
    base = baseline()
    total = base["population_0_15"] + base["population_16_64"] + base["population_65_plus"]
    scale = population(year) / total
    return {
        "population_0_15": base["population_0_15"] * scale,
        "population_16_24": base["population_16_24"] * scale,
        "population_25_64": (base["population_16_64"] - base["population_16_24"]) * scale,
        "population_16_64": base["population_16_64"] * scale,
        "population_65_plus": base["population_65_plus"] * scale,
        "population_65_74": (base["population_65_plus"] - base["population_75_plus"]) * scale,
        "population_75_84": (base["population_75_plus"] - base["population_85_plus"]) * scale,
        "population_75_plus": base["population_75_plus"] * scale,
        "population_85_plus": base["population_85_plus"] * scale,
    }


def _income_tax(year: int) -> Floats:
    return per_head(baseline()["income_tax"], year)


def _earnings(year: int) -> Floats:
    return per_head(baseline()["employment_income"] + baseline()["self_employment_income"], year)


def _income_tax_workplace(year: int) -> Floats:
    """Tax on pay follows the commuter to the workplace; tax on pensions and savings stays at home."""
    base = baseline()
    on_pay = (base["employment_income"] + base["self_employment_income"]) / base["total_income"]
    tax = _income_tax(year)
    moved: Floats = (tax * on_pay) @ base.commuting + tax * (1 - on_pay)
    return moved


def _earnings_workplace(year: int) -> Floats:
    moved: Floats = _earnings(year) @ baseline().commuting
    return moved


def _household_income(year: int) -> Floats:
    return baseline()["gdhi_per_head"] * population(year)


def _adults(year: int) -> Floats:
    return ages(year)["population_16_64"] + ages(year)["population_65_plus"]


def _weighted(weights: Mapping[str, float], year: int) -> Floats:
    """People of each age group times its weight."""
    groups = ages(year)
    total: Floats = np.sum([groups[group] * weight for group, weight in weights.items()], axis=0)
    return total


def _schools_need(year: int) -> Floats:
    return _weighted(need_weights()["schools-need"], year)


def _health_need(year: int) -> Floats:
    need = 1.0 + need_weights()["health-need"]["imd_health"] * baseline()["imd_health"]
    return _weighted(_health_by_age(), year) * need


def _health_by_age() -> Mapping[str, float]:
    """The projection's weights of health care by age, by the name of the people's group."""
    weights = spending_by_age()["health"]
    return {f"population_{age.replace('-', '_').replace('+', '_plus')}": weight for age, weight in weights.items()}


def purpose_keys(year: int) -> Mapping[str, Floats]:
    """Who social protection is for: weights by purpose, each (296,)."""
    group, base = ages(year), baseline()
    return {
        "old-age": group["population_65_plus"],
        "sickness-disability": population(year) * base["imd_employment"] + 0.02 * group["population_75_plus"],
        "family": group["population_0_15"] * base["imd_income"],
        "working-age": group["population_16_64"] * base["imd_income"],
        "other": population(year),
    }


@cache
def _purpose_shares(year: int) -> Mapping[str, Mapping[str, float]]:
    """Share of each purpose in a region's social protection: 2019-20 for earlier years, which are not published."""
    column = str(min(max(year, 2019), 2023))
    amounts: dict[str, dict[str, float]] = {}
    for row in read_table("social_protection"):
        amounts.setdefault(row["code"], {})[row["purpose"]] = float(row[column])
    return {code: {p: v / sum(by.values()) for p, v in by.items()} for code, by in amounts.items()}


def _social_protection_need(year: int) -> Floats:
    """Within a region, each purpose's share of the money times each place's share of its need."""
    regions = np.array(baseline().regions)
    need = purpose_keys(year)
    out = np.zeros(len(regions))
    for code, shares in _purpose_shares(year).items():
        here = regions == code
        for purpose in PURPOSES:
            out[here] += shares[purpose] * need[purpose][here] / need[purpose][here].sum()
    return out


def _gva(year: int) -> Floats:
    return history("gva_history", year)


KEYS: Mapping[str, Key] = {
    key.name: key
    for key in (
        Key("income-tax-paid", "income tax paid by residents, 2021-22 per head", "own", "apportioned", "derived",
            "hmrc-incomes-2021-22", _income_tax),
        Key("income-tax-workplace", "income tax where it is earned: residents' tax on pay sent along commuting of 2011",
            "income", "apportioned", "estimate", "hmrc-incomes-2021-22, ons-commuting-2011", _income_tax_workplace),
        Key("earnings", "pay and self-employment income of residents, 2021-22 per head", "income", "apportioned",
            "derived", "hmrc-incomes-2021-22", _earnings),
        Key("earnings-workplace", "pay where it is earned: residents' pay sent along commuting of 2011", "income",
            "apportioned", "estimate", "hmrc-incomes-2021-22, ons-commuting-2011", _earnings_workplace),
        Key("household-income", "disposable household income, 2019 per head", "income", "apportioned", "derived",
            "ons-subnational-indicators", _household_income),
        Key("gva", "gross value added of the year", "gva", "apportioned", "derived", "ons-gva", _gva),
        Key("council-tax", "council tax of the year, all preceptors", "own", "measured", "derived",
            "mhclg-band-d, mhclg-council-tax-levels", lambda year: history("council_tax_history", year)),
        Key("rateable-value", "rateable value, 2023 list", "rateable-value", "apportioned", "derived",
            "voa-rating-list", lambda year: baseline()["rateable_value"]),
        Key("households", "households, 2021 per head", "need", "apportioned", "estimate", "ons-households-2021",
            lambda year: per_head(baseline()["households"], year)),
        Key("adults", "people aged 16 or over, 2020 shares", "head", "per-head", "estimate", "ons-population-2020",
            _adults),
        Key("population", "population of the year", "head", "per-head", "estimate", "ons-population", population),
        Key("land", "land area", "need", "apportioned", "estimate", "ons-authorities",
            lambda year: baseline().area_km2),
        Key("health-need", "population weighted by age and health deprivation", "need", "apportioned", "estimate",
            "ons-population-2020, mhclg-deprivation-2025", _health_need),
        Key("schools-need", "children and young people, 2020 shares", "need", "apportioned", "estimate",
            "ons-population-2020", _schools_need),
        Key("employment-need", "people aged 16 to 64 weighted by employment deprivation", "need", "apportioned",
            "estimate", "ons-population-2020, mhclg-deprivation-2025",
            lambda year: ages(year)["population_16_64"] * baseline()["imd_employment"]),
        Key("income-need", "population weighted by income deprivation", "need", "apportioned", "estimate",
            "ons-population, mhclg-deprivation-2025", lambda year: population(year) * baseline()["imd_income"]),
        Key("social-protection-need", "pensions by people over 65; family, working-age and disability support by "
            "deprivation; each in its published regional share", "need", "apportioned", "estimate",
            "hmt-country-regional-analysis, ons-population-2020, mhclg-deprivation-2025", _social_protection_need),
    )
}  # fmt: skip
