"""The burden that a deal creates: returns, deadlines and officer-days a year, on stated assumptions."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import cast

from soke.deal.recall_share import share_of
from soke.deal.types import Condition, Deal, Fund, Indicator
from soke.deal.who_answers import LayerCount, layer_counts
from soke.england.baseline import Grade

_FILE = Path(__file__).parent / "offer" / "assumptions.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """Officer-days that one return takes, for one kind of evidence."""

    kind: str
    officer_days: Decimal
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What the checks assume where a deal file is silent. All of it is printed with what it decides."""

    efforts: dict[str, Effort]
    officer_day_cost: Decimal  # pounds
    price_growth: Decimal  # a year, to compare a fund with earlier spending in real terms
    base_year: int  # the last year whose figures already hold what has opened
    grade: Grade
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """What one condition asks for in a year."""

    condition: str
    title: str
    returns: int
    officer_days: Decimal
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    returns: int  # a year
    deadlines: int  # a year: one a return, and those of accountability
    officer_days: Decimal  # a year
    cost: Decimal  # pounds a year
    rows: tuple[Return, ...]
    assumptions: Assumptions
    layers: tuple[LayerCount, ...] = ()  # that the deal makes and ends; the returns of its conditions are made


RETURNS_A_YEAR = {"month": 12, "quarter": 4, "year": 1, "academic-year": 1}
MEETINGS_A_YEAR = {"month": 12, "quarter": 4, "half-year": 2, "year": 1}


@cache
def assumptions() -> Assumptions:
    """The packaged assumptions of the checks, ``offer/assumptions.toml``."""
    data = tomllib.loads(_FILE.read_text("utf-8"), parse_float=Decimal)
    efforts = {
        kind: Effort(kind=kind, officer_days=Decimal(row["officer_days"]), meaning=row["meaning"])
        for kind, row in data["effort"].items()
    }
    return Assumptions(
        efforts=efforts,
        officer_day_cost=Decimal(data["officer_day_cost"]),
        price_growth=Decimal(data["price_growth"]),
        base_year=int(data["base_year"][:4]),
        grade=cast(Grade, data["grade"]),
        source=data["source"],
    )


def burden(deal: Deal, assumed: Assumptions | None = None) -> Burden:
    """Returns, deadlines and officer-days a year of every condition of the deal."""
    assumed = assumed or assumptions()
    indicators = {indicator.id: indicator for indicator in deal.indicators}
    rows = tuple(
        _return(condition, indicators.get(condition.indicator or ""), assumed) for condition in deal.conditions
    )
    returns = sum(row.returns for row in rows)
    days = sum((row.officer_days for row in rows), Decimal(0))
    meetings = sum(MEETINGS_A_YEAR.get(one.every, 0) for one in deal.accountability)
    return Burden(
        returns=returns,
        deadlines=returns + meetings,
        officer_days=days,
        cost=days * assumed.officer_day_cost,
        rows=rows,
        assumptions=assumed,
        layers=layer_counts(deal.layers, returns),
    )


def _return(condition: Condition, indicator: Indicator | None, assumed: Assumptions) -> Return:
    returns = RETURNS_A_YEAR[indicator.period] if indicator else 1
    effort = assumed.efforts[indicator.collection if indicator else "notice"]
    return Return(
        condition=condition.id,
        title=condition.title,
        returns=returns,
        officer_days=effort.officer_days * returns,
        meaning=effort.meaning,
    )


def governed(condition: Condition, deal: Deal) -> Decimal | None:
    """Pounds of the deal's first year that hang on a condition; None where it governs no money."""
    return sum((first_year(fund) * share_of(fund, condition) for fund in deal.funds), Decimal(0)) or None


def first_year(fund: Fund) -> Decimal:
    """Pounds of a fund's first year."""
    return min(fund.profile, key=lambda year: year.year).total if fund.profile else Decimal(0)
