"""Income tax assigned to a city-region, and the adjustment that its grant bears for it.

The block grant adjustment starts at the tax forgone, the part a of revenue that is assigned: BGA_0 = a Rev_0, so nobody
gains on the first day; then it follows
what the same tax does in the rest of the country (R), by one of four methods. With r revenue and p people of R, P those
of the city-region, and C its revenue per head at first as a ratio of R's:

    indexed per capita      BGA_t = BGA_t-1 (r_t / p_t) / (r_t-1 / p_t-1)  P_t / P_t-1
    comparable model        BGA_t = BGA_t-1 + (r_t - r_t-1) P_t / p_t  C
    indexed                 BGA_t = BGA_t-1 r_t / r_t-1
    levels deduction        the comparable model with C = 1

While revenue per head rises, the first three deduct more in that order wherever population grows more slowly than the
rest's; levels deduction comes last where C is below (P_t / P_0) / (p_t / p_0) too, and else before the third. Budgets
are set on forecasts; when the outturn is known the difference is paid or taken back, three years later:

    reconciliation = (outturn revenue - outturn BGA) - (forecast revenue - forecast BGA)

Sources: the fiscal frameworks of Scotland (indexed per capita) and of Wales (comparable model); Scotland's Fiscal
Outlook 2021 and 2024 for the reconciliations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

import numpy as np

from soke.england.baseline import Floats
from soke.errors import SokeError


@dataclass(frozen=True, slots=True)
class TwoYears:
    """The rest of the country and the city-region in a year and the year before: revenue GBP million, people."""

    revenue: Floats  # of the rest
    revenue_before: Floats
    population: Floats  # of the rest
    population_before: Floats
    here: Floats  # people of the city-region
    here_before: Floats


class Method(Protocol):
    """``comparability``: revenue per head of the city-region at first, as a ratio of the rest's."""

    def __call__(self, before: Floats, step: TwoYears, comparability: Floats | float) -> Floats: ...


def indexed_per_capita(before: Floats, step: TwoYears, comparability: Floats | float) -> Floats:
    growth = step.revenue / step.population * step.population_before / step.revenue_before
    return np.asarray(before * growth * step.here / step.here_before)


def comparable_model(before: Floats, step: TwoYears, comparability: Floats | float) -> Floats:
    return np.asarray(before + (step.revenue - step.revenue_before) * step.here / step.population * comparability)


def indexed(before: Floats, step: TwoYears, comparability: Floats | float) -> Floats:
    return np.asarray(before * step.revenue / step.revenue_before)


def levels_deduction(before: Floats, step: TwoYears, comparability: Floats | float) -> Floats:
    return comparable_model(before, step, 1.0)


METHODS: Mapping[str, Method] = MappingProxyType({
    "indexed-per-capita": indexed_per_capita,
    "comparable-model": comparable_model,
    "indexed": indexed,
    "levels-deduction": levels_deduction,
})  # fmt: skip


def method(name: str) -> Method:
    """A method by its name. SokeError with the names there are."""
    if name not in METHODS:
        raise SokeError(
            f"There is no block grant adjustment called {name[:60]!r}.", f"There are: {', '.join(METHODS)}."
        )
    return METHODS[name]


def adjustments(
    name: str, first: Floats, revenue: Floats, population: Floats, here: Floats, comparability: Floats | float
) -> Floats:
    """BGA of each year, GBP million, (year, ...).

    ``first`` (...): the tax forgone in year 0. ``revenue`` and ``population`` (year, ...) of the rest of the country,
    ``here`` (year, ...) people of the city-region. SokeError for an unknown method, years that differ, or no revenue or
    people to grow from.
    """
    step_by = method(name)
    years = len(revenue)
    if len(population) != years or len(here) != years or not years:
        raise SokeError(
            f"There are {years} years of revenue, {len(population)} and {len(here)} of population.",
            "Give the same years of each.",
        )
    for what, values in (("Revenue", revenue), ("Population", population), ("The city-region's population", here)):
        if not np.all(np.asarray(values) > 0):
            raise SokeError(f"{what} is nought or below in some year.", "Give figures above nought.")
    out = [np.asarray(first, dtype=np.float64)]
    for t in range(1, years):
        step = TwoYears(revenue[t], revenue[t - 1], population[t], population[t - 1], here[t], here[t - 1])
        out.append(step_by(out[-1], step, comparability))
    return np.stack(np.broadcast_arrays(*out))


def reconciliation(
    forecast_revenue: Floats, forecast_adjustment: Floats, revenue: Floats, adjustment: Floats
) -> Floats:
    """What is paid (above nought) or taken back once the outturn is known; any one unit of money."""
    return np.asarray(np.subtract(revenue, adjustment) - np.subtract(forecast_revenue, forecast_adjustment))
