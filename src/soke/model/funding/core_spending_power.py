"""Core spending power: what the government counts as an authority's money, and how it changes.

    core spending power_t = sum of the components counted in year t

The list of components changes from year to year; a change between two years compares each year's own list unless one
list is held (``keep``). The tables to hand lack the improved Better Care Fund (from 2016-17) and the social care
grants (from 2017-18): :func:`missing` says which of a year's components have no figures here, and a sum without them is
smaller than the published total. Council tax is that of the tables: requirement without parishes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from soke.deal.words import financial_year
from soke.england.baseline import Floats, Grade
from soke.errors import SokeError


@dataclass(frozen=True, slots=True)
class Component:
    """One line of core spending power, counted from ``first`` to ``last`` (financial years by their start)."""

    key: str
    name: str
    first: int
    last: int
    grade: Grade  # of the years


OPEN_END = 9999
# In the order of the published tables. Years that were not read on a table are unverified.
COMPONENTS: tuple[Component, ...] = (
    Component("sfa", "Settlement funding assessment", 2015, 2025, "official"),
    Component("fair_funding_allocation", "Fair funding allocation", 2026, OPEN_END, "official"),
    Component("under_indexation", "Compensation for under-indexing the business rates multiplier", 2015, 2025,
              "official"),
    Component("council_tax", "Council tax requirement, parishes apart", 2015, OPEN_END, "official"),
    Component("improved_better_care_fund", "Improved Better Care Fund", 2016, 2025, "unverified"),
    Component("new_homes_bonus", "New Homes Bonus", 2015, 2025, "official"),
    Component("nhb_returned", "New Homes Bonus returned funding", 2015, 2017, "official"),
    Component("rural_services_delivery_grant", "Rural Services Delivery Grant", 2015, 2024, "official"),
    Component("transition_grant", "Transition grant", 2016, 2017, "unverified"),
    Component("adult_social_care_support_grant", "Adult Social Care Support Grant", 2017, 2018, "unverified"),
    Component("winter_pressures_grant", "Winter pressures grant", 2018, 2019, "unverified"),
    Component("social_care_grant", "Social Care (Support) Grant", 2019, 2025, "unverified"),
    Component("lower_tier_services_grant", "Lower Tier Services Grant", 2021, 2022, "unverified"),
    Component("services_grant", "Services Grant", 2022, 2024, "unverified"),
    Component("funding_guarantee", "Funding guarantee", 2023, 2024, "unverified"),
    Component("adult_care_market_sustainability", "Market Sustainability and Improvement Fund", 2022, 2025,
              "unverified"),
    Component("adult_care_discharge_fund", "Adult social care discharge fund", 2023, 2024, "unverified"),
    Component("recovery_grant", "Recovery grant", 2025, OPEN_END, "unverified"),
    Component("consolidated_grants", "Four consolidated grants", 2026, OPEN_END, "unverified"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SpendingPower:
    """One year: ``total`` (..., authority) GBP million of the ``counted`` components; ``missing`` had no figures."""

    year: int
    total: Floats
    counted: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """``amount`` GBP million and ``share`` of the year before, (..., authority); NaN where that was nought."""

    amount: Floats
    share: Floats


def components(year: int) -> tuple[Component, ...]:
    """What counts in ``year``. SokeError before 2015-16, the first year of the measure in its present form."""
    found = tuple(c for c in COMPONENTS if c.first <= year <= c.last)
    if not found:
        first = min(c.first for c in COMPONENTS)
        raise SokeError(
            f"Core spending power has no list of components for {financial_year(year)}.",
            f"It has one from {financial_year(first)} on.",
        )
    return found


def missing(year: int, figures: Mapping[str, object]) -> tuple[str, ...]:
    """Names of the components counted in ``year`` of which ``figures`` has none."""
    return tuple(c.name for c in components(year) if c.key not in figures)


def core_spending_power(year: int, figures: Mapping[str, Floats], keep: Sequence[str] | None = None) -> SpendingPower:
    """Sum the components of ``year``. ``figures`` by component key, (..., authority), GBP million.

    ``keep`` holds the list to these keys, so that two years compare like with like. SokeError for a figure of a
    component that is not counted in the year, or one that is not a number.
    """
    counted = {c.key: c for c in components(year)}
    odd = sorted(set(figures) - set(counted))
    if odd:
        raise SokeError(
            f"{', '.join(odd)} does not count in {financial_year(year)}.", f"What counts is {', '.join(counted)}."
        )
    wanted = [key for key in counted if key in figures and (keep is None or key in keep)]
    if not wanted:
        raise SokeError(f"No component of {financial_year(year)} has figures.", "Give at least council tax.")
    total: Floats = np.zeros(())
    for key in wanted:
        column = np.asarray(figures[key], np.float64)
        if not np.isfinite(column).all():
            raise SokeError(f"{counted[key].name} has a figure that is not a number.", "Leave that authority out.")
        total = np.asarray(total + column)
    return SpendingPower(year, total, tuple(wanted), missing(year, figures))


def change(before: SpendingPower, after: SpendingPower) -> Change:
    """From one year to another, of the same authorities in the same order."""
    if before.total.shape != after.total.shape:
        raise SokeError(
            f"{financial_year(before.year)} has {before.total.shape[-1]} authorities, "
            f"{financial_year(after.year)} {after.total.shape[-1]}.",
            "Merge predecessors first.",
        )
    amount = after.total - before.total
    share = np.divide(amount, before.total, out=np.full(amount.shape, np.nan), where=before.total != 0)
    return Change(np.asarray(amount), np.asarray(share))
