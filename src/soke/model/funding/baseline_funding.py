"""The baseline funding level: what retained rates are to bring an authority, and how it rises each year.

    BFL_t = BFL_t-1 I_t

    I_t = m_t / m_t-1          the small business multiplier, while its value list stands
        = RPI_Sep / RPI_Sep-1  unrounded, in 2017-18, when a revaluation changed the multiplier
        = a published uplift   where the multiplier was frozen (1) or the list changed (2023-24)
        = w m^s_t / m^s_t-1 + (1 - w) m^n_t / m^n_t-1
                               2024-25 and 2025-26: w the part of an authority's rates at the small multiplier m^s,
                               the rest at the standard one m^n

Tariffs and top-ups rise by the same index. A year in which baselines are set anew (2013-14, 2026-27) has no index.
"""

from __future__ import annotations

import math

import numpy as np

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.model.funding.dated import Rules, rules
from soke.text import financial_year

SMALL, STANDARD = "business_rates.multiplier.small", "business_rates.multiplier.standard"


def index(year: int, held: Rules | None = None) -> float:
    """I_t, the ratio of a year's baseline funding level to the year before's, the same for all authorities.

    SokeError for a year in which baselines are set anew, in which each authority has its own index, or without rules.
    """
    table = held or rules()
    if in_force(table, "business_rates.reset", year):
        raise SokeError(
            f"Baseline funding levels were set anew in {financial_year(year)}: no index leads there.",
            "Start from that year's own baselines.",
        )
    if in_force(table, "business_rates.decoupled", year):
        raise SokeError(
            f"In {financial_year(year)} each authority's baseline has its own index, by its rates at each multiplier.",
            "Give the part of its rates at the small multiplier.",
        )
    if in_force(table, "baseline_funding.uplift", year):
        return table.value("baseline_funding.uplift", year)
    if in_force(table, "baseline_funding.rpi", year):
        return table.value("baseline_funding.rpi", year) / table.value("baseline_funding.rpi_before", year)
    return _change(table, SMALL, year)


def weighted_index(year: int, small_share: Floats, held: Rules | None = None) -> Floats:
    """I_t of each authority, 2024-25 and 2025-26. ``small_share`` (..., authority) of rates at the small multiplier.

    SokeError for another year or a share outside 0 to 1.
    """
    table = held or rules()
    share = np.asarray(small_share, dtype=np.float64)
    table.row("business_rates.decoupled", year)
    if not np.all((share >= 0) & (share <= 1)):
        bad = share[~((share >= 0) & (share <= 1))].flat[0]
        raise SokeError(f"The part of rates at the small multiplier is {bad:g}.", "Give a share between 0 and 1.")
    return np.asarray(share * _change(table, SMALL, year) + (1.0 - share) * _change(table, STANDARD, year))


def uprated(baseline: Floats, year: int, held: Rules | None = None) -> Floats:
    """Baseline funding levels (or tariffs and top-ups) of a year from those of the year before, GBP million."""
    return np.asarray(np.multiply(baseline, index(year, held)))


def chained(first: int, last: int, held: Rules | None = None) -> float:
    """The product of the indices from ``first`` to ``last``: what GBP 1 of baseline in ``first`` is in ``last``."""
    if last < first:
        raise SokeError(f"A chain from {financial_year(first)} to {financial_year(last)} runs backwards.", "Swap them.")
    return math.prod(index(year, held) for year in range(first + 1, last + 1))


def in_force(table: Rules, name: str, year: int) -> bool:
    """Whether a parameter has a row for a year: some rules hold only in the years that they are dated for."""
    return any(row.first <= year <= row.last for row in table.rows[name])


def _change(table: Rules, name: str, year: int) -> float:
    return table.value(name, year) / table.value(name, year - 1)
