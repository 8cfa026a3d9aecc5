"""The fiscal terms of a deal as typed values: what it says of taxes in the place of the law."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from soke.deal.located import Item, Money, Share, Year

Adjustment = Literal["indexed-per-capita", "comparable-model", "indexed", "levels-deduction"]


@dataclass(frozen=True, slots=True)
class Existing:
    """Terms on business rates from before the deal: the area keeps ``retention`` on both paths until they end."""

    retention: float
    since: int
    last: int | None  # the last year; None where no end is known
    reset: int | None  # the year in which its baselines next move; None: with everyone's


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessRates(Item):
    retention: Share  # share of growth that stays with the area's councils and combined authority
    from_year: Year
    reset: Year  # the year in which growth is next taken back into the baseline
    safety_net: Share | None = None  # share of baseline funding below which income is topped up; none: the law's
    pool: tuple[str, ...] = ()  # authorities that are one for the levy and the safety net
    existing_until: Year | None = None  # last year of an agreement from before the deal; no end is known without it
    existing_from: Year | None = None  # since when it has held; ``from_year`` unless said
    existing_retention: Share | None = None  # what it lets the area keep, where the deal changes that

    def existing(self, starts: int) -> Existing | None:
        """What the area holds from before a deal that ``starts`` in that year, which is no gain of it; None for none.

        It is the terms above, where they begin before the deal or are said to be existing; or, with
        ``existing_retention``, others that the terms above change.
        """
        last, since = self.existing_until, self.existing_from or self.from_year
        if self.existing_retention is not None:
            return Existing(float(self.existing_retention), since, last, None if last is None else last + 1)
        said = last is not None or self.existing_from is not None
        return Existing(float(self.retention), since, last, self.reset) if said or since < starts else None

    def changes(self, starts: int) -> bool:
        """Whether share and reset are the deal's own, and not those of an existing agreement."""
        return self.existing_retention is not None or self.existing(starts) is None


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilTax(Item):
    referendum_limit: Literal["national", "removed"] = "national"
    mayoral_precept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomeTax(Item):
    """A share of income tax assigned to the area, and how its grant falls for it: see model/funding/tax_assignment."""

    assigned_share: Share = Decimal(0)
    adjustment: Adjustment = "indexed-per-capita"


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
