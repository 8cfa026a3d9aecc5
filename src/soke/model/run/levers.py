"""Levers: a deal and a scenario turned into the arrays that each path is advanced with.

Both paths have the same type: "as is" is levers with nothing pulled. An investment acts only as far as its fund is new
money: what only moves would have been spent here anyway, so its effect is the scenario's gain on moved money (nought
by default). One investment acts through one channel; a pair of places that two connections serve counts for the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from soke.deal.types import Deal, Investment, Range, Scenario
from soke.england.baseline import Baseline, Floats
from soke.england.places import places
from soke.errors import SokeError
from soke.evidence import Parameter
from soke.model.economy import effective_density, employment, public_capital
from soke.model.funding import regime
from soke.model.funding.dated import Rules
from soke.model.money import fund_flows
from soke.model.money.prices import Prices

LIFTED = "council_tax.rise.lifted"


def nowhere() -> NDArray[np.intp]:
    """An index of no places."""
    return np.array([], dtype=np.intp)


@dataclass(frozen=True, slots=True)
class Levers:
    """What a path is advanced with. (year, place) arrays are real GBP million; the base year is year 0."""

    money: Floats  # (year, place) public money for the deal's functions here, whoever decides
    regime: regime.Regime  # who keeps which pound of business rates and grant
    connections: tuple[effective_density.Connection, ...] = ()
    capital: tuple[public_capital.Spending, ...] = ()
    sites: NDArray[np.intp] = field(default_factory=nowhere)  # index of the places that the capital is for
    programmes: tuple[employment.Programme, ...] = ()
    homes: NDArray[np.intp] = field(default_factory=nowhere)  # index of the places where programmes run
    reach: tuple[Floats, ...] = ()  # per sector (homes, place): density that one job of a home's resident adds
    extra_growth: Floats | None = None  # (year, place) log output for being devolved; None when off
    assigned: Assigned | None = None
    earn_back: EarnBack | None = None
    lifted: Floats | None = None  # (year,) years of faster council tax so far, where the limit is lifted


@dataclass(frozen=True, slots=True)
class Assigned:
    """A share of the area's income tax that comes to it, less a grant adjustment by ``method``, from year ``first``."""

    share: float
    method: str
    first: int


@dataclass(frozen=True, slots=True)
class EarnBack:
    """A share of the extra receipts from growth here, up to ``cap`` (year,) real GBP million, nought when not paid."""

    share: float
    cap: Floats


@dataclass(frozen=True, slots=True)
class Frame:
    """What levers are laid on: the run's years, places and prices."""

    years: tuple[int, ...]
    baseline: Baseline
    members: tuple[int, ...]  # index of the deal's places
    prices: Prices
    matrices: tuple[Floats, ...]

    @property
    def by_head(self) -> Floats:
        """Share of the area's people by place, (place,): how a fund of the area is spread over it."""
        people = np.zeros(len(self.baseline.codes))
        people[list(self.members)] = self.baseline["population"][list(self.members)]
        return np.asarray(people / people.sum())


def members_of(deal: Deal, baseline: Baseline) -> tuple[int, ...]:
    """Index of the deal's places. SokeError for a code that the baseline does not hold."""
    unknown = [code for code in deal.members if code not in baseline.codes]
    if unknown or not deal.members:
        raise SokeError(
            f"{unknown[0]} is not a lower-tier or unitary authority of England." if unknown else "No members.",
            "Give the current ONS codes of the deal's authorities.",
            deal.at,
        )
    return tuple(baseline.codes.index(code) for code in deal.members)


def expand(codes: Sequence[str], deal: Deal, baseline: Baseline) -> list[int]:
    """Index of the authorities that codes mean: an authority, the deal's own area, or any larger area by its code."""
    found: list[str] = []
    for code in codes:
        if code in baseline.codes:
            found.append(code)
        elif code == deal.place:
            found.extend(deal.members)
        else:
            found.extend(places().members(code))
    return sorted({baseline.codes.index(code) for code in found})


def as_is(frame: Frame, law: regime.Regime, money: Floats) -> Levers:
    """Nothing pulled: today's law, and ``money`` (year,) that would be spent here anyway."""
    return Levers(money[:, None] * frame.by_head, law)


def under_deal(frame: Frame, deal: Deal, scenario: Scenario, base: Levers, flows: Sequence[fund_flows.FundFlow],
               shares: Floats, rules: Rules) -> Levers:  # fmt: skip
    """The deal's levers, laid on those of "as is". ``shares`` (home, workplace): where residents work."""
    change = fund_flows.total(flows, "change", len(frame.years))
    sites = _where(frame, deal, [investment for investment, _ in ahead(frame, deal, scenario, "public-capital")])
    homes = _where(frame, deal, [investment for investment, _ in ahead(frame, deal, scenario, "employment")])
    rates = deal.fiscal.business_rates
    return Levers(
        money=base.money + change[:, None] * frame.by_head,
        regime=regime.under_deal(base.regime, rates, deal.starts, frame.years, frame.members, rules),
        connections=tuple(_connections(frame, deal, scenario)),
        capital=tuple(_capital(frame, deal, scenario, sites)),
        sites=sites,
        programmes=tuple(_programmes(frame, deal, scenario, flows, homes)),
        homes=homes,
        reach=tuple(shares[homes] @ matrix for matrix in frame.matrices),
        extra_growth=_extra_growth(frame, deal, scenario.devolution_growth),
        assigned=_assigned(frame, deal),
        earn_back=_earn_back(frame, deal),
        lifted=_lifted(frame, deal, scenario),
    )


def _where(frame: Frame, deal: Deal, investments: Sequence[Investment]) -> NDArray[np.intp]:
    """Index of the places that investments are for."""
    found = {place for one in investments for place in expand(one.places, deal, frame.baseline)}
    return np.array(sorted(found), dtype=np.intp)


def _share(frame: Frame, deal: Deal, investment: Investment, where: NDArray[np.intp], key: str) -> Floats:
    """Share of an investment by the places ``where``, by a column of the baseline."""
    inside = np.isin(where, expand(investment.places, deal, frame.baseline))
    weight = np.where(inside, frame.baseline[key][where], 0.0)
    return np.asarray(weight / weight.sum())


def _from(frame: Frame, start: int) -> Floats:
    """(year, place) 1 in the area from a year on, else 0."""
    on = np.zeros((len(frame.years), len(frame.baseline.codes)))
    on[np.ix_([i for i, year in enumerate(frame.years) if year >= start], list(frame.members))] = 1.0
    return on


def _extra_growth(frame: Frame, deal: Deal, rate: float) -> Floats | None:
    return np.cumsum(np.log1p(rate) * _from(frame, max(deal.starts, frame.years[0] + 1)), axis=0) if rate else None


def _assigned(frame: Frame, deal: Deal) -> Assigned | None:
    tax = deal.fiscal.income_tax
    if tax is None or not tax.assigned_share:
        return None
    if len(frame.members) == len(frame.baseline.codes):
        raise SokeError(
            "Income tax cannot be assigned to all of England: the adjustment follows the rest of it.",
            "Assign it to an area, or leave it out.", tax.at,
        )  # fmt: skip
    return Assigned(float(tax.assigned_share), tax.adjustment, deal.starts - frame.years[0])


def _earn_back(frame: Frame, deal: Deal) -> EarnBack | None:
    terms = deal.fiscal.earn_back
    if terms is None:
        return None
    last = terms.from_year + terms.years
    cap = [frame.prices.real_million(float(terms.cap), year, "cash") for year in frame.years]
    paid = [terms.from_year <= year < last for year in frame.years]
    return EarnBack(float(terms.share), np.where(paid, cap, 0.0))


def _lifted(frame: Frame, deal: Deal, scenario: Scenario) -> Floats | None:
    """Years of faster rises so far; none where the limit stays or the scenario gives no rise."""
    terms = deal.fiscal.council_tax
    if terms is None or terms.referendum_limit != "removed" or scenario.council_tax_rise_lifted is None:
        return None
    since = np.array(frame.years) - deal.starts + 1.0
    return np.clip(since, 0.0, scenario.council_tax_lifted_years)


def effect_of(deal: Deal, investment: Investment, scenario: Scenario) -> float:
    """How far an investment acts: fully for new money, by the gain on moved money otherwise."""
    fund = deal.fund(investment.fund)
    if fund is None:
        raise SokeError(
            f"Investment {investment.id} names no fund of the deal.", "Name one of its funds.", investment.at
        )
    return scenario.moved_money_gain if fund.kind.spent_before else 1.0


def ahead(frame: Frame, deal: Deal, scenario: Scenario, channel: str) -> list[tuple[Investment, float]]:
    """Investments of one channel that act and open within the run, first to open first, each with how far it acts.

    What opened by the base year is already in the figures.
    """
    opening = [i for i in deal.investments if i.effect.channel == channel and i.opens in frame.years[1:]]
    acting = [(i, effect_of(deal, i, scenario)) for i in opening]
    return sorted(((i, effect) for i, effect in acting if effect), key=lambda pair: (pair[0].opens, pair[0].id))


def _connections(frame: Frame, deal: Deal, scenario: Scenario) -> list[effective_density.Connection]:
    found: list[effective_density.Connection] = []
    served = np.zeros(frame.matrices[0].shape, dtype=bool)
    for investment, effect in ahead(frame, deal, scenario, "connection"):
        between = investment.effect.between
        if between is None:
            raise SokeError(f"{investment.id} connects nothing.", 'Give "between", two sets of places.', investment.at)
        near, far = (expand(side, deal, frame.baseline) for side in between)
        left = tuple(np.where(served, 0.0, matrix) for matrix in frame.matrices)
        opens = investment.opens - frame.years[0]
        found.append(effective_density.serve(investment.id, opens, effect, (near, far), left))
        served[np.ix_(near, far)] = served[np.ix_(far, near)] = True
    return found


def _capital(frame: Frame, deal: Deal, scenario: Scenario, sites: NDArray[np.intp]) -> list[public_capital.Spending]:
    """Spread evenly from the start to the opening; what falls before year 1 is spent, and arrives when it opens."""
    found = []
    for investment, effect in ahead(frame, deal, scenario, "public-capital"):
        amount = np.zeros(len(frame.years))
        spread = range(investment.starts, investment.opens + 1)
        for year in spread:
            pounds = float(investment.capital) * effect / len(spread)
            amount[max(year - frame.years[0], 0)] += frame.prices.real_million(pounds, year, deal.prices)
        by_site = amount[:, None] * _share(frame, deal, investment, sites, "population")
        found.append(public_capital.Spending(investment.opens - frame.years[0], by_site))
    return found


def _programmes(
    frame: Frame, deal: Deal, scenario: Scenario, flows: Sequence[fund_flows.FundFlow], homes: NDArray[np.intp]
) -> list[employment.Programme]:
    """Active from opening for as long as the fund pays."""
    found = []
    for investment, effect in ahead(frame, deal, scenario, "employment"):
        share = _share(frame, deal, investment, homes, "population_16_64")
        paid = next((flow.deal for flow in flows if flow.fund.id == investment.fund), np.zeros(len(frame.years)))
        active = np.where(np.array(frame.years) >= investment.opens, (paid > 0).astype(float), 0.0)
        found.append(employment.Programme(investment.id, f"{investment.id}.people", effect, share, active))
    return found


def own_parameters(deal: Deal, scenario: Scenario) -> list[Parameter]:
    """The run's own uncertain figures: the country's growth, and what each project's file states."""
    rows = [_own("growth.gva", "Real growth of England's output", scenario.gva_growth, "a year", "normal", "scenario")]
    lifted, tax = scenario.council_tax_rise_lifted, deal.fiscal.council_tax
    if lifted is not None and tax is not None and tax.referendum_limit == "removed":
        title = "Extra real rise of council tax where the limit is lifted"
        rows.append(_own(LIFTED, title, lifted, "a year", "normal", "scenario"))
    for investment in deal.investments:
        if investment.effect.minutes_after is not None and investment.effect.channel == "connection":
            rows.append(_minutes_ratio(investment, investment.effect.minutes_after))
        if investment.effect.people_a_year is not None and investment.effect.channel == "employment":
            title = f"People supported a year by {investment.title}"
            people = investment.effect.people_a_year
            rows.append(_own(f"{investment.id}.people", title, people, "people a year", "lognormal", "deal"))
    return rows


def _minutes_ratio(investment: Investment, after: Range) -> Parameter:
    before = investment.effect.minutes_before
    if before is None or before <= 0 or after.low <= 0:
        raise SokeError(f"{investment.id} has no minutes before and after.", "Give both, above 0.", investment.at)
    ratio = Range(low=after.low / before, central=after.central / before, high=after.high / before)
    title = f"Minutes after over minutes before, {investment.title}"
    return _own(f"{investment.id}.minutes_ratio", title, ratio, "ratio", "lognormal", "deal")


def _own(name: str, meaning: str, given: Range, unit: str, shape: str, file: str) -> Parameter:
    shape = shape if given.low > 0 else "normal"
    return Parameter(
        id=name, group="run", meaning=meaning, central=given.central, low=given.low, high=given.high, unit=unit,
        year="", grade="estimate", distribution=shape, source=f"the {file} file",
    )  # fmt: skip
