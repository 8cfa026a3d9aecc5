"""What a projection returns: paired paths, their difference, and the four numbers' ingredients."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from soke.england.baseline import Floats, Grade

Basis = Literal["figure", "count", "notices", "not-known"]
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One headline series of the area, both paths, the same draws: (draw, year). Unit in the name of the unit."""

    name: str
    title: str
    unit: str  # "GBP million a year, 2025-26 prices"
    as_is: Floats
    deal: Floats

    @property
    def difference(self) -> Floats:
        """(draw, year): the paired difference, deal less as is."""
        return self.deal - self.as_is


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSeries:
    """One series for every authority, reduced to quantiles of the level as is and of the paired difference."""

    name: str
    title: str
    unit: str
    as_is: Floats  # (quantile, year, place)
    difference: Floats  # (quantile, year, place)
    mean_difference: Floats  # (year, place): means add up to England, medians do not
    below_chance: Floats  # (year, place): share of draws in which the difference is below zero


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One cash flow of the ledger: who pays, who receives, which model owns it. GBP million by year."""

    item: str  # fund or mechanism id
    payer: str
    receiver: str
    owner: str  # "fund", "tax_model", "benefit_model", "service_cost", "welfare_only"
    kind: str  # a fund's kind (deal/fund_kinds.py), "financing", "trimmed", "retained-growth", "proceeds", "saving"
    amount: Floats  # (year,), mean over draws


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Pence of the next pound of tax from growth here, by who keeps it, until the reset. Sums to 100."""

    councils: float  # unitary, metropolitan, London and district councils
    county: float  # the county council, or the Greater London Authority
    fire: float
    combined_authority: float
    levy_account: float  # which the Treasury holds, and which pays for safety nets
    treasury: float

    @property
    def local(self) -> float:
        """What stays here, whoever holds it."""
        return self.councils + self.county + self.fire + self.combined_authority


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How the funding regime works out. The first axis is the path, 0 as is and 1 the deal; means over draws.

    Resources (retained rates, grant, notional council tax) a unit of need, England's being 1: ``area``, tenth ``low``
    and ninetieth ``high`` of a hundred places, ``classes`` by kind of place; ``near`` the share of places within 2 per
    cent. ``safety_net_chance`` that an authority of the area is on the safety net in a year; ``levy`` GBP million
    that the area's authorities pay.
    """

    near: Floats  # (2, year), as are the others
    low: Floats
    high: Floats
    area: Floats
    levy: Floats
    safety_net_chance: Floats
    classes: Mapping[str, Floats]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What the deal costs the rest of England. (year,) arrays; GBP million unless named otherwise."""

    cost: Floats  # (draw, year) to England as a whole: new money, and what councils keep or get, here and elsewhere
    new_money: Floats  # net: what was trimmed on the way takes from it
    new_money_per_head: Floats  # pounds per head of England
    moved: Mapping[str, Floats]  # what would be spent here anyway, by the kind of fund (deal/fund_kinds.py)
    below_chance: float  # that the area's budget ends below "as is" in any of the first four years
    below_chance_by_place: Floats  # (place,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """How far one uncertain parameter explains the spread of the difference at year 10."""

    parameter: str
    meaning: str
    rank_correlation: float
    low: float  # median difference where the parameter is in its lowest fifth, GBP million
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedDraw:
    draw: int
    reason: str
    parameters: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """10th, 50th and 90th percentile over the draws."""

    low: float
    central: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """How likely a place that goes on as at its start is to miss one condition, by year of the deal.

    ``basis`` says what chance works through; where it is ``not-known`` the arrays hold no number (NaN) and ``why`` says
    what is missing. A year in which the condition is not tested yet holds no number either. ``met``, ``near`` and
    ``missed`` sum to one; ``ever``: missed at least once by the end of that year. ``low`` and ``high``: 10th and 90th
    percentile of ``missed`` over what the usual level may truly be.
    """

    condition: str
    basis: Basis
    why: str
    grade: Grade
    met: Floats  # (year,), as are the others
    near: Floats
    missed: Floats
    ever: Floats
    low: Floats
    high: Floats


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Bidding:
    """The deal's money, bid for or devolved at once with recall. Money is real GBP million."""

    money: float  # of the deal's funds, mean over its years
    months_bidding: Span  # from the call for bids to first money
    months_devolved: Span  # from the deal's start to first money
    months_sooner: Span
    money_sooner: Span  # in all: what would have come in those months
    bids: Span  # a year, to win as much
    cost_bidding: Span
    cost_devolved: Span
    saved: Span
    dearer_chance: float  # that administration costs more when devolved
    extended: Span  # share of awards whose end was put back
    officer_days: float  # a year, to report on the deal's conditions, at the centre
    funds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """All that a run computed. ``years`` are financial years; years[0] is the base year, years[1] is year 1."""

    deal: str
    scenario: str
    seed: int
    draws: int
    years: tuple[int, ...]
    places: tuple[str, ...]
    area: tuple[str, ...]  # codes of the deal's members
    series: Mapping[str, Series]  # gap_narrowing, gva, jobs, receipts, spending, benefits, kept_growth, budget, ...
    by_place: Mapping[str, PlaceSeries]
    flows: tuple[Flow, ...]
    keep_as_is: Keep
    keep_deal: Keep
    keep_rates_as_is: Keep  # pence of the next pound of business rates alone
    keep_rates_deal: Keep
    keep_council_tax: Mapping[str, float]  # pence of the next pound of council tax from new homes here, by tier
    standing: Standing
    drivers: tuple[Driver, ...]
    failures: tuple[FailedDraw, ...] = ()
    limits: tuple[str, ...] = ()  # what this model cannot see, and switches that are on
    assumptions: tuple[Mapping[str, str], ...] = field(default=())  # log: id, meaning, value, grade, source
    bill: Bill | None = None
    conditions: Conditions | None = None
    bidding: Bidding | None = None
