"""What a projection returns: paired paths, their difference, and the four numbers' ingredients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from soke.england.baseline import Floats
from soke.model.economy.displacement import Around
from soke.model.money.fund_flows import Flow
from soke.model.stake.bidding import Bidding
from soke.model.stake.recall import Conditions

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
class Worth:
    """Present values over some years, GBP million of the base year, (draw,)."""

    years: int
    cost: Floats
    returned: Floats  # tax and saved benefits

    @property
    def net(self) -> Floats:
        return self.returned - self.cost

    @property
    def pence_back(self) -> float | None:
        """Pence of tax and saved benefits for each pound, in the mean; None where nothing is spent."""
        spent = float(self.cost.mean())
        return 100.0 * float(self.returned.mean()) / spent if spent > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Switching:
    """How far an uncertain figure would have to lie for the deal's new money to pay for itself in tax."""

    parameter: str
    meaning: str
    low: float  # 10th, 50th and 90th of a hundred draws
    central: float
    high: float
    at: float | None  # none of what was drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """What new money brings back. ``payback``: the year of the run by which it has; None not within sixty years."""

    worths: tuple[Worth, ...]
    payback: int | None
    switching: tuple[Switching, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedDraw:
    draw: int
    reason: str
    parameters: Mapping[str, float]


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
    england_output: Floats | None = None  # (draw, year) as is, GBP million a year
    bill: Bill | None = None
    appraisal: Appraisal | None = None
    conditions: Conditions | None = None
    bidding: Bidding | None = None
    around: Around | None = None  # the rings about the area, and where what it gains would have been
