"""What partial recall could take: of which fund, how much, how soon, and who is served with that money.

Money is real GBP million by year of the deal. Of each fund in scope (named itself, or through its pool) the condition's
share is at stake, never more than the fund's own ``recallable_share``, and nothing where it states none. One recall
holds a year's money, or less where the deal says that a control lapses sooner. Whether government uses the right is its
choice and no forecast: had it recalled after every miss, chance of a miss x money at stake a year is expected to be
held; had it never, nothing is. Powers given by law are never at stake (DR401).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from soke.deal.exploration import explore
from soke.deal.periods import period_ends
from soke.deal.recall_share import share_of
from soke.deal.types import Condition, Deal, Function, Fund
from soke.england.baseline import Floats
from soke.evidence import Parameter
from soke.model.money.fund_flows import FundFlow
from soke.model.stake.conditions import Risk, risks

DAYS = 365
SERVED: Mapping[Function, str] = {
    "transport": "people who travel by bus, tram, rail and road",
    "skills": "adults who learn, and those who employ them",
    "employment": "people out of work who are helped into it",
    "housing": "people who need a home or a better one",
    "local-growth": "small firms, high streets and those whom local projects serve",
    "environment": "people in cold homes, and all who use what is made green",
    "health": "patients",
    "social-care": "people who need care, and their families",
    "children": "children and families",
    "public-safety": "everybody who needs the police or the fire service",
    "planning": "people who live where building is planned",
    "finance": "no service by name",
    "unitemised": "services that the deal does not name",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FundAtStake:
    """What a recall could take of one fund, real GBP million by year of the deal, and who is served with it."""

    fund: str
    title: str
    theme: str
    served: str
    share: float
    amount: Floats  # (year,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stake:
    """What partial recall on one condition could take. ``always`` is an upper bound, never a forecast.

    ``soonest``: the first day on which anything could be recalled, were the very first test missed. ``year_share``: of
    a year's money, how much one recall holds. ``always``: expected real GBP million by year had government recalled
    after every miss (NaN: the chance is not known); had it never, nought.
    """

    condition: str
    funds: tuple[FundAtStake, ...]
    flexibilities: tuple[str, ...]
    first_test: dt.date | None
    soonest: dt.date | None
    year_share: float
    always: Floats  # (year,)

    @property
    def amount(self) -> Floats | None:
        """Real GBP million by year of the deal; None where only flexibilities are in scope."""
        return np.sum([fund.amount for fund in self.funds], axis=0) if self.funds else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What the conditions put at stake. ``least_days``: from notice to recall at the very soonest; None: no way."""

    years: tuple[int, ...]  # of the deal, as far as the run goes
    risks: tuple[Risk, ...]
    stakes: tuple[Stake, ...]  # of conditions that can end in recall
    least_days: int | None
    deterrence: float = 0.0


def at_stake(
    deal: Deal,
    years: Sequence[int],
    flows: Sequence[FundFlow],
    draws: int,
    seed: int,
    evidence: Mapping[str, Parameter],
    deterrence: float = 0.0,
) -> Conditions | None:
    """The risks of a deal's conditions and what recall could take by them; None where none is tested within the run.

    ``years``: those of the run, to which the arrays of ``flows`` belong. The deal's own years are kept.
    """  # fmt: skip
    held = [k for k, year in enumerate(years) if year in deal.years]
    if not deal.conditions or not held:
        return None
    covered = tuple(years[k] for k in held)
    by_condition = risks(deal, covered, draws, seed, evidence, deterrence)
    days = explore(deal).least_days if deal.due_process else None
    money = {flow.fund.id: flow.deal[held] for flow in flows}
    stakes = tuple(
        stake(deal, condition, risk, money, days)
        for condition, risk in zip(deal.conditions, by_condition, strict=True)
        if condition.recall is not None
    )
    return Conditions(years=covered, risks=by_condition, stakes=stakes, least_days=days, deterrence=deterrence)


def stake(deal: Deal, condition: Condition, risk: Risk, money: Mapping[str, Floats], days: int | None) -> Stake:
    """What one condition puts at stake. ``money``: what each fund pays, real GBP million by year of the deal."""
    funds = tuple(
        FundAtStake(
            fund=fund.id, title=fund.title, theme=fund.theme, served=SERVED[fund.function], share=share,
            amount=share * money[fund.id],
        )
        for fund in deal.funds
        if fund.id in money and (share := share_at_stake(condition, fund)) > 0
    )  # fmt: skip
    scope = condition.recall.scope if condition.recall else ()
    lapse = deal.due_process.control_max_days if deal.due_process else None
    part = 1.0 if lapse is None else min(1.0, lapse / DAYS)
    first, soonest = _days(deal, condition, days)
    whole = sum((fund.amount for fund in funds), np.zeros_like(risk.missed))
    return Stake(
        condition=condition.id, funds=funds, flexibilities=tuple(p.title for p in deal.powers if p.id in scope),
        first_test=first, soonest=soonest, year_share=part, always=risk.missed * whole * part,
    )  # fmt: skip


def share_at_stake(condition: Condition, fund: Fund) -> float:
    """The share of a fund that a recall on this condition may take."""
    return float(share_of(fund, condition))


def _days(deal: Deal, condition: Condition, days: int | None) -> tuple[dt.date | None, dt.date | None]:
    """The end of the first period tested, and the first day of recall: each step taken as soon as it may be."""
    indicator = next((declared for declared in deal.indicators if declared.id == condition.indicator), None)
    first = next(iter(period_ends(deal, condition, indicator)), None) if indicator else None
    if first is None or indicator is None or days is None:
        return first, None
    return first, first + dt.timedelta(indicator.lag_days + days)
