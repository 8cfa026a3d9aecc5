"""Investments: what a deal's funds buy, where, from when, and how far each acts.

An investment acts only as far as its fund is new money: what only moves would have been spent here anyway, so its
effect is the scenario's gain on moved money (nought by default). One investment acts through one channel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from soke.deal.types import Deal, Investment, Scenario
from soke.england.baseline import Baseline, Floats
from soke.england.places import places
from soke.errors import SokeError
from soke.evidence import Parameter
from soke.model.money.fund_flows import FundFlow
from soke.model.money.prices import Prices

Index = NDArray[np.intp]


def nowhere() -> Index:
    """An index of no places."""
    return np.array([], dtype=np.intp)


@dataclass(frozen=True, slots=True)
class Frame:
    """What levers are laid on: a deal and a scenario over the run's years, with the places, prices and money."""

    deal: Deal
    scenario: Scenario
    years: tuple[int, ...]
    baseline: Baseline
    members: tuple[int, ...]  # index of the deal's places
    prices: Prices
    flows: tuple[FundFlow, ...]

    @property
    def by_head(self) -> Floats:
        """Share of the area's people by place, (place,): how a fund of the area is spread over it."""
        people = np.zeros(len(self.baseline.codes))
        people[list(self.members)] = self.baseline["population"][list(self.members)]
        return np.asarray(people / people.sum())

    def year_of(self, year: int) -> int:
        """A financial year as an index of the run; below nought before the base year."""
        return year - self.years[0]

    def expand(self, codes: Sequence[str]) -> list[int]:
        """Index of the authorities that codes mean: an authority, the deal's own area, any larger area by its code."""
        meant: list[str] = []
        for code in codes:
            if code in self.baseline.codes:
                meant.append(code)
            elif code == self.deal.place:
                meant.extend(self.deal.members)
            else:
                meant.extend(places().members(code))
        return sorted({self.baseline.codes.index(code) for code in meant})

    def ahead(self, channel: str) -> list[tuple[Investment, float]]:
        """Investments of one channel that act and open within the run, first to open first; how far each acts.

        What opened by the base year is already in the figures.
        """
        opening = [i for i in self.deal.investments if i.effect.channel == channel and i.opens in self.years[1:]]
        acting = [(i, self.effect_of(i)) for i in opening]
        return sorted(((i, effect) for i, effect in acting if effect), key=lambda pair: (pair[0].opens, pair[0].id))

    def effect_of(self, investment: Investment) -> float:
        """How far an investment acts: fully for new money, by the gain on moved money otherwise."""
        fund = self.deal.fund(investment.fund)
        if fund is None:
            raise SokeError(
                f"Investment {investment.id} names no fund of the deal.", "Name one of its funds.", investment.at
            )
        return self.scenario.moved_money_gain if fund.kind.spent_before else 1.0

    def served(self, channel: str) -> Index:
        """Index of the places that the investments of one channel are for."""
        named = {place for investment, _ in self.ahead(channel) for place in self.expand(investment.places)}
        return np.array(sorted(named), dtype=np.intp)

    def share(self, investment: Investment, where: Index, key: str) -> Floats:
        """Share of an investment by the places ``where``, by a column of the baseline; adds to 1."""
        inside = np.isin(where, self.expand(investment.places))
        weight = np.where(inside, self.baseline[key][where], 0.0)
        return np.asarray(weight / weight.sum())

    def planned_capital(self, investment: Investment) -> Floats:
        """(year,) real GBP million, spread evenly from start to opening; all before year 1 is in the base year."""
        amount = np.zeros(len(self.years))
        spread = range(investment.starts, investment.opens + 1)
        for year in spread:
            if year <= self.years[-1]:
                pounds = float(investment.capital) / len(spread)
                amount[max(self.year_of(year), 0)] += self.prices.real_million(pounds, year, self.deal.prices)
        return amount

    def a_year_from(self, investment: Investment, pounds: float) -> Floats:
        """(year,) real GBP million of ``pounds`` a year from an investment's opening on."""
        real = [self.prices.real_million(pounds, year, self.deal.prices) for year in self.years]
        return np.where(np.array(self.years) >= investment.opens, real, 0.0)


def drawn_of(name: str, figure: str) -> str:
    """The id of a figure that is drawn for one investment."""
    return f"{name}.{figure}"


def own_of(investment: Investment, figure: str, row: Parameter) -> Parameter:
    """A row of the evidence, drawn for one investment apart."""
    meaning = f"{row.meaning}, {investment.title}"
    return replace(row, id=drawn_of(investment.id, figure), group="run", meaning=meaning)


def opened(year: int, opens: int, delay: Floats) -> Floats:
    """(draw,) the part of ``year`` in which something is open that was promised for the start of the year ``opens``.

    Years as indices of the run; ``delay`` (draw,) years; nothing opens early.
    """
    return np.clip(year + 1.0 - opens - np.maximum(delay, 0.0), 0.0, 1.0)


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
