"""Who really decides: from all public spending here down to what could be recalled, in GBP million a year."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from soke.deal.recall_share import largest_share
from soke.deal.types import Deal, Fund, Pool

MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the funnel; ``value`` GBP million, None where there is no figure; ``share`` of all spending."""

    id: str
    title: str
    value: float | None
    share: float | None
    note: str


def settlement(deal: Deal) -> Decimal:
    """Pounds devolved in the first year: headlines of the pools that funds pay into, and funds outside any pool."""
    pooled = sum((pool.headline for pool in paid_pools(deal)), Decimal(0))
    return pooled + sum((first_year(fund, deal) for fund in deal.funds if not fund.pooled_in), Decimal(0))


def itemised(deal: Deal) -> Decimal:
    """Pounds of the first year that are named fund by fund: no remainders."""
    return sum((first_year(fund, deal) for fund in deal.funds if not fund.remainder), Decimal(0))


def movable(deal: Deal) -> Decimal:
    """Pounds of the first year that may be moved between themes."""
    return sum((pool.headline * pool.virement.between_themes_max for pool in paid_pools(deal)), Decimal(0))


def recallable(deal: Deal) -> Decimal:
    """Pounds of the first year that the conditions, all breached at once, would allow to be recalled."""
    return sum((first_year(fund, deal) * largest_share(fund, deal) for fund in deal.funds), Decimal(0))


def paid_pools(deal: Deal) -> tuple[Pool, ...]:
    """Pools that at least one fund of the deal pays into."""
    used = {fund.pooled_in for fund in deal.funds}
    return tuple(pool for pool in deal.pools if pool.id in used)


def first_year(fund: Fund, deal: Deal) -> Decimal:
    """Pounds in the year of the fund's pool, else in the deal's first year."""
    pool = next((pool for pool in deal.pools if pool.id == fund.pooled_in), None)
    year = pool.year if pool else deal.starts
    return sum((entry.total for entry in fund.profile if entry.year == year), Decimal(0))


def funnel(deal: Deal, spending: float, councils: float | None, councils_source: str = "") -> tuple[Step, ...]:
    """The six steps. ``spending`` and ``councils`` GBP million; shares are of ``spending``."""
    amounts = (
        ("all-spending", "all public spending here", spending, "total managed expenditure of the account"),
        ("councils", "councils' own spending", councils, councils_source),
        ("settlement", "devolved by this deal", _million(settlement(deal)), "headline of its pools, and other funds"),
        ("itemised", "itemised fund by fund", _million(itemised(deal)), "funds that are not remainders"),
        ("movable", "movable between themes", _million(movable(deal)), "headline times the limit on moving"),
        ("recallable", "could be recalled", _million(recallable(deal)), "largest share at risk of each fund"),
    )
    return tuple(
        Step(key, title, value, value / spending if value is not None and spending > 0 else None, note)
        for key, title, value, note in amounts
    )


def _million(pounds: Decimal) -> float:
    return float(pounds / MILLION)
