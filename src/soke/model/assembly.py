"""Assembly: chunks put together into a projection, whatever the order in which they come."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from soke.deal.types import Deal, Scenario
from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.model import fund_flows, reduction
from soke.model.chunk import COMPONENTS, DIFFERENCES, LEVELS, Outcome, area_sums
from soke.model.drivers import drivers
from soke.model.keep import keep
from soke.model.ledger import ledger
from soke.model.result import QUANTILES, Bill, FailedDraw, PlaceSeries, Projection, Series
from soke.model.setup import Setup
from soke.model.statement import assumptions, limits

TITLES = {
    "gva": "Gross value added",
    "jobs": "Jobs",
    "receipts": "Tax and other public receipts raised here",
    "spending": "Public spending here",
    "gap": "Spending less receipts",
    "gap_narrowing": "How far the gap narrows",
    "budget": "Budget of the councils and the combined authority, with the deal's funds",
    "balance": "Public money gained, less the place's share of the bill",
    "benefits_saved": "Benefit payments saved",
    "new_money": "New public money spent here",
    "kept_growth": "Business-rates growth kept here",
    "proceeds_spent": "Proceeds of growth spent here",
    "assigned_tax": "Assigned growth of income tax",
}


@dataclass(slots=True)
class Assembly:
    """Takes chunks in any order; gives the same projection for every order."""

    deal: Deal
    scenario: Scenario
    setup: Setup
    draws: int
    levels: reduction.BlockStore = field(init=False)
    differences: reduction.BlockStore = field(init=False)
    area: dict[str, Floats] = field(init=False)  # series -> (path, draw, year)
    below: dict[int, Floats] = field(default_factory=dict)
    parameters: dict[str, Floats] = field(default_factory=dict)
    failures: dict[int, FailedDraw] = field(default_factory=dict)

    def __post_init__(self) -> None:
        places, shape = len(self.setup.places), (2, self.draws, len(self.setup.years))
        self.levels, self.differences = reduction.BlockStore(places), reduction.BlockStore(places)
        self.area = {name: np.zeros(shape) for name in (*DIFFERENCES, *COMPONENTS)}

    def add(self, number: int, outcome: Outcome) -> None:
        """One chunk."""
        self.levels.write(number, outcome.as_is)
        self.differences.write(number, outcome.difference)
        self.below[number] = outcome.below
        rows = slice(outcome.first, outcome.first + len(outcome.below))
        today = dict(zip(LEVELS, area_sums(self.setup, outcome.as_is), strict=True))
        for name, change in zip(DIFFERENCES, area_sums(self.setup, outcome.difference), strict=True):
            level = today.get(name, np.where(np.isfinite(change), 0.0, change))
            self.area[name][0, rows], self.area[name][1, rows] = level, level + change
        for name, both in outcome.parts.items():
            self.area[name][:, rows] = both
        for name, values in outcome.parameters.items():
            self.parameters.setdefault(name, np.zeros(self.draws))[rows] = values
        for row, reason in outcome.failed.items():
            drawn = {name: float(values[row]) for name, values in outcome.parameters.items()}
            self.failures[outcome.first + row] = FailedDraw(draw=outcome.first + row, reason=reason, parameters=drawn)

    def projection(self) -> Projection:
        """The whole. SokeError when every draw failed."""
        if len(self.failures) == self.draws:
            first = self.failures[0]
            raise SokeError(
                f"Every draw failed; the first because {first.reason}.", "Check the ranges that the scenario gives."
            )
        series, setup = self._series(), self.setup
        return Projection(
            deal=self.deal.id, scenario=self.scenario.id, seed=setup.seed, draws=self.draws, years=setup.years,
            places=setup.places, area=tuple(setup.places[i] for i in setup.members), series=series,
            by_place=self._by_place(), flows=ledger(self.deal, setup, series),
            keep_as_is=keep(setup, setup.as_is, 1), keep_deal=keep(setup, setup.deal, 1),
            drivers=drivers(setup, self.parameters, series["gap_narrowing"].difference),
            failures=tuple(self.failures[draw] for draw in sorted(self.failures)),
            limits=limits(self.deal, self.scenario), assumptions=assumptions(self.deal, self.scenario),
            bill=self._bill(),
        )  # fmt: skip

    def _unit(self, name: str) -> str:
        base = self.setup.years[0]
        return "jobs" if name == "jobs" else f"GBP million a year, {base}-{(base + 1) % 100:02d} prices"

    def _series(self) -> dict[str, Series]:
        paths = dict(self.area)
        paths["gap"] = paths["spending"] - paths["receipts"]
        return {
            name: Series(name=name, title=TITLES[name], unit=self._unit(name), as_is=both[0], deal=both[1])
            for name, both in paths.items()
        }

    def _by_place(self) -> dict[str, PlaceSeries]:
        years = len(self.setup.years)
        shape = (len(QUANTILES), years, len(self.setup.places))
        found = {}
        for i, name in enumerate(DIFFERENCES):
            level = (
                reduction.by_year(self.levels, LEVELS.index(name), years, reduction.quantiles)
                if name in LEVELS
                else np.zeros(shape)
            )
            found[name] = PlaceSeries(
                name=name, title=TITLES[name], unit=self._unit(name), as_is=level,
                difference=reduction.by_year(self.differences, i, years, reduction.quantiles),
                mean_difference=reduction.by_year(self.differences, i, years, reduction.mean),
                below_chance=reduction.by_year(self.differences, i, years, reduction.below_zero),
            )  # fmt: skip
        return found

    def _bill(self) -> Bill:
        flows, years = self.setup.flows, len(self.setup.years)
        change = fund_flows.total(flows, "change", years)
        kinds = {kind: np.zeros(years) for kind in ("new", "moved", "consolidated")}
        for flow in flows:
            kinds[flow.fund.additionality] += flow.as_is if flow.fund.additionality != "new" else flow.deal
        below = np.concatenate([self.below[number] for number in sorted(self.below)])
        first = self.area["budget"][:, :, 1:5]
        short = (first[1] - first[0] < 0).any(axis=1)
        held = np.isfinite(first[1]).all(axis=1)
        return Bill(
            new_money=change,
            new_money_per_head=change * 1e6 / float(self.setup.population.sum()),
            moved=kinds["moved"],
            consolidated=kinds["consolidated"],
            below_chance=float(short[held].mean()),
            below_chance_by_place=reduction.mean(below),
        )
