"""Assembly: chunks put together into a projection, in their order."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from soke.deal.fund_kinds import SPENT_BEFORE
from soke.deal.types import Deal, Scenario
from soke.england.baseline import Floats
from soke.england.places import CLASS_NAMES
from soke.errors import SokeError
from soke.evidence import overridden
from soke.model.economy.entrants import TOLD
from soke.model.money import fund_flows, investment_costs, value
from soke.model.run import reduction
from soke.model.run.appraisal import appraisal, new_current, new_money
from soke.model.run.beside import BESIDE
from soke.model.run.block import BY_PLACE, CELLS, Block, held_draws
from soke.model.run.chunk import ENGLAND, LEVELS, STANDINGS, ChunkResult
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

# What is no money, and its unit.
COUNTED = {"people": "people"} | dict.fromkeys(("jobs", "england_jobs", *TOLD), "jobs")


@dataclass(slots=True)
class Assembly:
    """Takes chunks in their order, whoever ran them. Close it to give its scratch file back."""

    deal: Deal
    scenario: Scenario
    setup: Setup
    draws: int
    cells: reduction.Reduction = field(init=False)  # LEVELS, then BY_PLACE
    area: dict[str, Floats] = field(init=False)  # series -> (path, draw, year)
    cost: Floats = field(init=False)  # (draw, year)
    england: dict[str, Floats] = field(init=False)  # (draw, year)
    beside: dict[str, Floats] = field(init=False)  # (draw, year)
    standings: dict[str, Floats] = field(init=False)  # (path, year): sums over draws, as the next two
    by_class: Floats = field(init=False)  # (path, year, class)
    below: Floats = field(init=False)  # (place,)
    at_cap: int = 0  # draws in which output per job was held at its cap
    parameters: dict[str, Floats] = field(default_factory=dict)
    failures: dict[int, FailedDraw] = field(default_factory=dict)

    def __post_init__(self) -> None:
        places, years = len(self.setup.places), len(self.setup.years)
        self.cells = reduction.Reduction(CELLS, years, places, self.draws)
        self.area = {name: np.zeros((2, self.draws, years)) for name in (*BY_PLACE, *PARTS)}
        self.cost = np.zeros((self.draws, years))
        self.england = {name: np.zeros((self.draws, years)) for name in ENGLAND}
        self.beside = {name: np.zeros((self.draws, years)) for name in BESIDE}
        self.standings = {name: np.zeros((2, years)) for name in STANDINGS}
        self.by_class = np.zeros((2, years, len(CLASS_NAMES)))
        self.below = np.zeros(places)

    def __enter__(self) -> Assembly:
        return self

    def __exit__(self, *_: object) -> None:
        self.cells.close()

    def add(self, block: Block) -> None:
        """The next chunk."""
        result, held = block.chunk, held_draws(block.chunk)
        self.cells.add(block.cells, held)
        rows = slice(result.first, result.first + len(held))
        self.cost[rows] = result.cost
        self.at_cap += int(np.nansum(result.held))
        for kept, found in ((self.england, result.england), (self.beside, result.beside)):
            for name, values in found.items():
                kept[name][rows] = values
        for name, both in (*block.area.items(), *result.parts.items()):
            for path in np.flatnonzero(both.any(axis=(1, 2))):  # memory is taken where something is written
                self.area[name][path, rows] = both[path]
        self._add_sums(result, held)
        for name, values in result.parameters.items():
            self.parameters.setdefault(name, np.zeros(self.draws))[rows] = values
        for row, reason in result.failed.items():
            drawn = {name: float(values[row]) for name, values in result.parameters.items()}
            self.failures[result.first + row] = FailedDraw(draw=result.first + row, reason=reason, parameters=drawn)

    def _add_sums(self, result: ChunkResult, held: npt.NDArray[np.bool_]) -> None:
        """What is wanted as a mean over the draws that did not fail."""
        for name, both in result.standings.items():
            self.standings[name] += both[:, held].sum(axis=1)
        self.by_class += result.by_class[:, held].sum(axis=1)
        self.below += result.below[held].sum(axis=0)

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
            around=setup.around,
        )  # fmt: skip

    def _limits(self) -> tuple[str, ...]:
        held = [held_words(self.at_cap, self.draws)] if self.at_cap else []
        return (*limits(self.deal, self.scenario, self.setup), *held)

    def _standing(self) -> Standing:
        means = {name: values / self.cells.held for name, values in self.standings.items()}
        chance = means.pop("on_net")
        by_class = self.by_class / self.cells.held
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
        paths = {name: (both[0], both[1]) for name, both in self.area.items()}
        paths["gap"] = (paths["spending"][0] - paths["receipts"][0], paths["spending"][1] - paths["receipts"][1])
        cut = self.beside["cut"]
        nought = np.zeros_like(cut)
        held = {"place_budget": 0.0 - cut, "exchequer": cut}  # on both paths
        for name, more in self._two_ledgers().items():
            level = held.get(name, nought)
            paths[name] = (level, level + more)
        paths |= {name: (level, level) for name, level in self.beside.items()}
        return {
            name: Series(name=name, title=TITLES[name], unit=self._unit(name), as_is=as_is, deal=deal)
            for name, (as_is, deal) in paths.items()
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
        series = {}
        for number, name in enumerate(BY_PLACE, len(LEVELS)):
            reduced = [getattr(self.cells, how) for how in ("quantiles", "mean", "below_zero")]
            changes, means, below = ([how(number, year) for year in every] for how in reduced)
            series[name] = PlaceSeries(
                name=name, title=TITLES[name], unit=self._unit(name),
                as_is=np.stack([self._level(name, year) for year in every], axis=1),
                difference=np.stack(changes, axis=1), mean_difference=np.stack(means), below_chance=np.stack(below),
            )  # fmt: skip
        return series

    def _level(self, name: str, year: int) -> Floats:
        """(quantile, place) as is; what is only a difference has no level."""
        if name in LEVELS:
            return self.cells.quantiles(LEVELS.index(name), year)
        return np.zeros((len(QUANTILES), len(self.setup.places)))

    def _bill(self) -> Bill:
        flows, years = self.setup.flows, len(self.setup.years)
        change = fund_flows.total(flows, "change", years)
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
            below_chance_by_place=self.below / self.cells.held,
        )
