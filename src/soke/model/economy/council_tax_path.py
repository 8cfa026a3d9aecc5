"""The path of council tax bills, real: one for all of England, which as-is bills, floors and need sharing all read.

    level_t = level_t-1 (1 + rise_t),    rise_t = the planned rise to its last year, then one rate for each draw

It moves levels on both paths alike, and is no part of any deal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from soke.deal.types import Scenario
from soke.england.baseline import Floats
from soke.evidence import Draws, Parameter, stated
from soke.model.money.prices import Prices

LATER = "council_tax.rise.later"


@dataclass(frozen=True, slots=True)
class Bills:
    """What no draw changes of the bills of a run."""

    planned: Floats  # (year,) level by the planned rises alone; 1 in the base year
    later: Floats  # (year,) number of years of the later rise so far
    rise_after: float  # the later rise at its centre


def own_parameters(scenario: Scenario) -> list[Parameter]:
    """The later rise is the scenario's figure; none where it says nothing of bills, which then rise with prices."""
    path = scenario.council_tax
    if path is None:
        return []
    title = "Real rise of council tax bills a year, after the planned years"
    return [stated(LATER, title, path.real_rise_after, "a year", "normal", "scenario")]


def bills(scenario: Scenario, years: Sequence[int]) -> Bills:
    """The planned part, by year of the run."""
    path = scenario.council_tax
    if path is None:
        return Bills(np.ones(len(years)), np.zeros(len(years)), 0.0)
    planned = np.array([max(0, min(year, path.until) - years[0]) for year in years], dtype=float)
    later = np.arange(len(years)) - planned
    return Bills((1.0 + path.real_rise) ** planned, later, path.real_rise_after.central)


def levels(held: Bills, draws: Draws) -> Floats:
    """(draw, year) bills over the base year's."""
    if not held.later.any() or LATER not in draws.national:
        return np.tile(central(held), (len(draws), 1))
    return np.asarray(held.planned * (1.0 + draws[LATER][:, None]) ** held.later)


def central(held: Bills) -> Floats:
    """(year,) with the later rise at its centre."""
    return np.asarray(held.planned * (1.0 + held.rise_after) ** held.later)


def cash_rises(scenario: Scenario, prices: Prices, years: Sequence[int]) -> dict[int, float]:
    """The rise of bills in cash in each financial year, as a share of the year before's; later rises at their centre.

    It is for figures that no draw moves: the floors of the transition.
    """
    path = scenario.council_tax

    def real(year: int) -> float:
        if path is None:
            return 0.0
        return path.real_rise if year <= path.until else path.real_rise_after.central

    return {year: (1.0 + real(year)) * prices.index(year) / prices.index(year - 1) - 1.0 for year in years}
