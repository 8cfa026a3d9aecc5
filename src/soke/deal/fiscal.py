"""The fiscal terms of a deal as typed values: what it says of taxes in the place of the law."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from soke.deal.located import Item, Money, Share, Year


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessRates(Item):
    retention: Share  # share of growth that stays with the area's councils and combined authority
    from_year: Year
    reset: Year  # the year in which growth is next taken back into the baseline
    safety_net: Share | None = None  # share of baseline funding below which income is topped up; none: the law's
    pool: tuple[str, ...] = ()  # authorities that are one for the levy and the safety net


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilTax(Item):
    referendum_limit: Literal["national", "removed"] = "national"
    mayoral_precept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomeTax(Item):
    """A share of income tax assigned to the area, and how its grant falls for it: see model/funding/tax_assignment."""

    assigned_share: Share = Decimal(0)
    adjustment: Literal["indexed-per-capita", "comparable-model", "indexed", "levels-deduction"] = "indexed-per-capita"


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnBack(Item):
    """A share of the extra tax that growth here brings, paid back up to a cap a year, for some years."""

    share: Share
    cap: Money  # pounds a year
    from_year: Year
    years: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fiscal:
    business_rates: BusinessRates | None = None
    council_tax: CouncilTax | None = None
    income_tax: IncomeTax | None = None
    earn_back: EarnBack | None = None
