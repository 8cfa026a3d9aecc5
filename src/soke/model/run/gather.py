"""Assembly: chunks put together into a projection, whatever the order in which they come."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from soke.deal.fund_kinds import SPENT_BEFORE
from soke.deal.types import Deal, Scenario
from soke.england.baseline import Floats
from soke.england.places import CLASS_NAMES
from soke.errors import SokeError
from soke.evidence import overridden
from soke.model.money import fund_flows, investment_costs, value
from soke.model.run import reduction
from soke.model.run.appraisal import appraisal, new_current, new_money
from soke.model.run.beside import BESIDE
from soke.model.run.chunk import DIFFERENCES, ENGLAND, LEVELS, STANDINGS, ChunkResult, in_area
from soke.model.run.drivers import drivers
from soke.model.run.keep import keep, keep_council_tax, keep_rates
from soke.model.run.ledger import ledger
from soke.model.run.result import QUANTILES, Bill, FailedDraw, PlaceSeries, Projection, Series, Standing
from soke.model.run.setup import Setup
from soke.model.run.statement import PARTS, assumptions, funding_notes, held_words, limits
from soke.model.run.years import Levers
from soke.model.stake import bidding, recall
from soke.text import financial_year

TITLES = {
    "gva": "Gross value added",
    "jobs": "Jobs",
    "people": "People",
    "receipts": "Tax and other public receipts raised here",
    "spending": "Public spending here",
    "gap": "Gap as projected: spending less receipts",
    "gap_narrowing": "How far the gap narrows",
    "budget": "Council tax, business rates, grant and the deal's funds",
    "balance": "Public money gained, less the place's share of the bill",
    "structural": "How far the gap narrows by what nobody knows of being devolved: extra tax raised here",
    "structural_gva": "Gross value added, by what nobody knows of being devolved",
    "place_budget": "Money in local hands",
    "exchequer": "The Exchequer: tax and saved benefits, less what it pays",
    "growth_pays": "What growth pays: extra tax and saved benefits, less the cost of the levers",
    "england_output": "Output of England",
    "england_jobs": "Jobs in England",
    "care_pressure": "What adult social care takes more than now",
    "care_people": "Of which because people grow older and more",
    "cut": "Cut from councils' services",
} | {name: part.title for name, part in PARTS.items()}

COUNTED = {"jobs": "jobs", "people": "people", "england_jobs": "jobs"}  # what is no money, and its unit
OWN = ("gva", "jobs", "receipts", "spending", "budget", "people")  # that are series themselves
BY_PLACE = (*OWN, "gap_narrowing", "balance", "structural", "structural_gva")


@dataclass(slots=True)
class Assembly:
    """Takes chunks in any order; gives the same projection for every order. Close it to give its scratch files back."""

    deal: Deal
    scenario: Scenario
    setup: Setup
    draws: int
    levels: reduction.BlockStore = field(init=False)
    differences: reduction.BlockStore = field(init=False)
    area: dict[str, Floats] = field(init=False)  # series -> (path, draw, year)
    cost: Floats = field(init=False)  # (draw, year)
    england: dict[str, Floats] = field(init=False)  # (draw, year)
    beside: dict[str, Floats] = field(init=False)  # (draw, year)
    standings: dict[str, Floats] = field(init=False)  # (path, draw, year)
    by_class: Floats = field(init=False)  # (path, draw, year, class)
    held: Floats = field(init=False)  # (draw,) where output per job was held
    below: dict[int, Floats] = field(default_factory=dict)
    parameters: dict[str, Floats] = field(default_factory=dict)
    failures: dict[int, FailedDraw] = field(default_factory=dict)

    def __post_init__(self) -> None:
        places, shape = len(self.setup.places), (self.draws, len(self.setup.years))
        self.levels, self.differences = reduction.BlockStore(places), reduction.BlockStore(places)
        self.area = {name: np.zeros((2, *shape)) for name in (*BY_PLACE, *PARTS)}
        self.cost, self.held = np.zeros(shape), np.zeros(self.draws)
        self.england = {name: np.zeros(shape) for name in ENGLAND}
        self.beside = {name: np.zeros(shape) for name in BESIDE}
        self.standings = {name: np.zeros((2, *shape)) for name in STANDINGS}
        self.by_class = np.zeros((2, *shape, len(CLASS_NAMES)))

    def __enter__(self) -> Assembly:
        return self

    def __exit__(self, *_: object) -> None:
        self.levels.close()
        self.differences.close()

    def add(self, number: int, result: ChunkResult) -> None:
        """One chunk."""
        self.levels.write(number, result.as_is)
        self.differences.write(number, result.difference)
        self.below[number] = result.below
        rows = slice(result.first, result.first + len(result.below))
        self.cost[rows], self.held[rows] = result.cost, result.held
        for kept, found in ((self.england, result.england), (self.beside, result.beside)):
            for name, values in found.items():
                kept[name][rows] = values
        self._add_area(rows, result)
        for name, both in result.parts.items():
            self.area[name][:, rows] = both
        for name, both in result.standings.items():
            self.standings[name][:, rows] = both
        self.by_class[:, rows] = result.by_class
        for name, values in result.parameters.items():
            self.parameters.setdefault(name, np.zeros(self.draws))[rows] = values
        for row, reason in result.failed.items():
            drawn = {name: float(values[row]) for name, values in result.parameters.items()}
            self.failures[result.first + row] = FailedDraw(draw=result.first + row, reason=reason, parameters=drawn)

    def _add_area(self, rows: slice, result: ChunkResult) -> None:
        """Sums over the area, (path, draw, year)."""
        setup = self.setup
        today = dict(zip(LEVELS, (in_area(setup, level).T for level in result.as_is), strict=True))
        change = dict(zip(DIFFERENCES, (in_area(setup, values).T for values in result.difference), strict=True))
        change["gap_narrowing"] = change["receipts"] - change["spending"]
        change["balance"] = change["public_money"] - result.cost * in_area(setup, setup.bill_shares)
        for name in BY_PLACE:
            self.area[name][0, rows] = today.get(name, 0.0)
            self.area[name][1, rows] = self.area[name][0, rows] + change[name]

    def projection(self) -> Projection:
        """The whole. SokeError when every draw failed."""
        if len(self.failures) == self.draws:
            first = self.failures[0]
            raise SokeError(
                f"Every draw failed; the first because {first.reason}.", "Check the ranges that the scenario gives."
            )
        series, setup = self._series(), self.setup
        strongest = drivers(setup, self.parameters, series["gap_narrowing"].difference)
        evidence = overridden(self.scenario.effects)
        beside = (self.deal, setup.years, setup.flows, self.draws, setup.seed, evidence)
        return Projection(
            deal=self.deal.id, scenario=self.scenario.id, seed=setup.seed, draws=self.draws, years=setup.years,
            places=setup.places, area=tuple(setup.places[i] for i in setup.members), series=series,
            by_place=self._by_place(), flows=ledger(self.deal, setup, series, self.cost),
            keep_as_is=keep(setup, setup.as_is, self._in_force()),
            keep_deal=keep(setup, self._levers_in_force(), self._in_force()),
            keep_rates_as_is=keep_rates(setup, setup.as_is, self._in_force()),
            keep_rates_deal=keep_rates(setup, self._levers_in_force(), self._in_force()),
            keep_council_tax=keep_council_tax(setup), standing=self._standing(),
            drivers=strongest,
            failures=tuple(self.failures[draw] for draw in sorted(self.failures)),
            limits=self._limits(),
            assumptions=assumptions(self.deal, self.scenario, self.setup),
            england_output=self.england["output_as_is"],
            bill=self._bill(),
            appraisal=appraisal(setup, self._levers_cost(), self._returned(), self.parameters, strongest),
            conditions=recall.at_stake(*beside, self.scenario.deterrence),
            bidding=bidding.compare(*beside),
        )  # fmt: skip

    def _limits(self) -> tuple[str, ...]:
        held = int(np.nansum(self.held))
        return (*limits(self.deal, self.scenario, self.setup), *([held_words(held, self.draws)] if held else []))

    def _standing(self) -> Standing:
        means = {name: np.nanmean(values, axis=1) for name, values in self.standings.items()}
        chance = means.pop("on_net")
        by_class = np.nanmean(self.by_class, axis=1)
        classes = {kind: by_class[:, :, i] for i, kind in enumerate(CLASS_NAMES)}
        return Standing(**means, safety_net_chance=chance, classes=classes, notes=funding_notes(self.setup))

    def _in_force(self) -> int:
        """The year of the run from which the deal's fiscal terms apply; year 1 where it has none."""
        return min(max(self.deal.fiscal_from - self.setup.years[0], 1), len(self.setup.years) - 1)

    def _levers_in_force(self) -> Levers:
        """The deal's; today's where its terms come into force only after the run."""
        return self.setup.deal if self.deal.fiscal_from <= self.setup.years[-1] else self.setup.as_is

    def _unit(self, name: str) -> str:
        base = self.setup.years[0]
        return COUNTED.get(name) or f"GBP million a year, {financial_year(base)} prices"

    def _series(self) -> dict[str, Series]:
        paths = dict(self.area)
        paths["gap"] = paths["spending"] - paths["receipts"]
        cut = self.beside["cut"]
        held = {"place_budget": 0.0 - cut, "exchequer": cut}  # on both paths
        for name, more in self._two_ledgers().items():
            level = held.get(name, np.zeros_like(more))
            paths[name] = np.stack([level, level + more])
        paths |= {name: np.stack([level, level]) for name, level in self.beside.items()}
        return {
            name: Series(name=name, title=TITLES[name], unit=self._unit(name), as_is=both[0], deal=both[1])
            for name, both in paths.items()
        }

    def _returned(self) -> Floats:
        """(draw, year) extra tax in all of England, council tax set higher apart, and benefits saved."""
        return self.england["tax"] + self.england["benefits_saved"]

    def _levers_cost(self) -> Floats:
        """(draw, year) new money, and what works cost beyond their plans, whoever bears it."""
        beyond = [self.area[name][1] for name in investment_costs.SERIES]
        return np.asarray(new_money(self.setup.flows, len(self.setup.years)) + np.sum(beyond, axis=0))

    def _two_ledgers(self) -> dict[str, Floats]:
        """(draw, year) what the deal changes for the place's budget and for the Exchequer, and for both together.

        A pound that moves from one to the other is in both, with opposite signs, and in the sum of growth in neither.
        """
        returned, crowding = self._returned(), self.parameters[value.CROWDING][:, None]
        flows, years = self.setup.flows, len(self.setup.years)
        return {
            "place_budget": self.area["budget"][1] - self.area["budget"][0],
            "exchequer": returned - self.cost,
            "growth_pays": returned - self._levers_cost(),
            "england_output": self.england["output"] - crowding * new_current(flows, years),
            "england_jobs": self.england["jobs"],
        }

    def _by_place(self) -> dict[str, PlaceSeries]:
        every = range(len(self.setup.years))
        reduced = {}
        for name in BY_PLACE:
            blocks = [_reduced(self._change(name, year)) for year in every]
            reduced[name] = PlaceSeries(
                name=name, title=TITLES[name], unit=self._unit(name),
                as_is=np.stack([self._level(name, year) for year in every], axis=1),
                difference=np.stack([block[0] for block in blocks], axis=1),
                mean_difference=np.stack([block[1] for block in blocks]),
                below_chance=np.stack([block[2] for block in blocks]),
            )  # fmt: skip
        return reduced

    def _level(self, name: str, year: int) -> Floats:
        """(quantile, place) as is; what is only a difference has no level."""
        if name in LEVELS:
            return reduction.quantiles(self.levels.read(LEVELS.index(name), year))
        return np.zeros((len(QUANTILES), len(self.setup.places)))

    def _change(self, name: str, year: int) -> Floats:
        """(draw, place) deal less as is."""
        if name == "gap_narrowing":
            return self._change("receipts", year) - self._change("spending", year)
        if name == "balance":
            return self._change("public_money", year) - self.cost[:, [year]] * self.setup.bill_shares
        return self.differences.read(DIFFERENCES.index(name), year)

    def _bill(self) -> Bill:
        flows, years = self.setup.flows, len(self.setup.years)
        change = fund_flows.total(flows, "change", years)
        below = np.concatenate([self.below[number] for number in sorted(self.below)])
        first = self.area["budget"][:, :, 1:5]
        short = (first[1] - first[0] < 0).any(axis=1)
        held = np.isfinite(first[1]).all(axis=1)
        return Bill(
            cost=self.cost,
            new_money=change,
            new_money_per_head=change * 1e6 / float(self.setup.population.sum()),
            moved={
                name: fund_flows.total([flow for flow in flows if flow.fund.additionality == name], "as_is", years)
                for name in SPENT_BEFORE
            },
            below_chance=float(short[held].mean()),
            below_chance_by_place=reduction.mean(below),
        )


def _reduced(values: Floats) -> tuple[Floats, Floats, Floats]:
    """Quantiles, mean and chance below zero of (draw, place) values."""
    return reduction.quantiles(values), reduction.mean(values), reduction.below_zero(values)
