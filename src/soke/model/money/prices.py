"""Cash and real prices: one index, 1.0 in the base year.

Before the base year the index follows the scenario's carry of prices from 2022-23; after it, the deflator's growth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from soke.deal.scenario_limits import LIMITS
from soke.deal.types import Scenario
from soke.errors import SokeError

DEFLATOR = "price.gdp_deflator"  # the evidence's growth of prices a year
HELD = (DEFLATOR,)
BASELINE_YEAR = 2022


@dataclass(frozen=True, slots=True)
class Prices:
    """Turns pounds of a year into real GBP million of the base year."""

    base_year: int
    carry: float  # deflator of the base year over 2022-23
    inflation: float  # a year, after the base year

    def index(self, year: int) -> float:
        """Price level of a financial year; 1.0 in the base year."""
        if year >= self.base_year or self.base_year == BASELINE_YEAR:
            return (1.0 + self.inflation) ** (year - self.base_year)
        return float(self.carry ** ((year - self.base_year) / (self.base_year - BASELINE_YEAR)))

    def real_million(self, pounds: float, year: int, prices: str) -> float:
        """Pounds of ``year`` in the prices named (``cash`` or ``real 2026-27``) as GBP million of the base year."""
        return pounds / 1e6 / self.index(year if prices == "cash" else _price_year(prices))


def _price_year(prices: str) -> int:
    year = re.fullmatch(r"real (\d{4})-\d{2}", prices)
    if not year:
        raise SokeError(f"Prices cannot be {prices!r}.", 'Write "cash" or "real 2026-27".', "prices")
    return int(year[1])


def prices_of(scenario: Scenario, deflator: float) -> Prices:
    """The scenario's prices; its ``inflation`` stands in for ``deflator``, the evidence's growth of prices a year."""
    given = deflator if scenario.inflation is None else scenario.inflation
    low, high = LIMITS["inflation"]
    if not low <= given <= high:
        at = scenario.where("effects", DEFLATOR)
        raise SokeError(f"Prices cannot rise by {given:g} a year.", f"Give a fraction from {low:g} to {high:g}.", at)
    return Prices(scenario.base_year, scenario.carry_price, given)
