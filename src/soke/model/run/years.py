"""The year loop: the mechanisms of the model, in the order in which they act, for a chunk of draws and both paths.

Each year, the trend that both paths share moves first; then each path is advanced by the same function, with its own
levers; then what hangs on both is taken, and (in :mod:`soke.model.run.chunk`) the paired difference:

    gap narrows by   extra tax raised here + benefits saved
                     - new public money spent here - growth proceeds spent here

A mechanism is one module with four names: ``Lever``, what a deal pulls; ``State``, what the draws give it and where it
stands; ``start`` and ``advance``, its first state and its step of a year. It says which evidence it draws (DRAWN) and
holds at its centre (HELD). Here stand the list of them and their order, and nothing of what they do.

Arrays are float64 (draw, place) unless said otherwise, money in real GBP million of the base year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from soke.deal.types import Deal, Scenario
from soke.england.baseline import Floats
from soke.evidence import Draws, Parameter, overridden
from soke.model.economy import (
    displacement,
    employment,
    entrants,
    health_to_work,
    migration,
    population,
    productivity,
    public_capital,
    receipts,
    saturation,
    skills,
    structural,
    travel,
    trend,
)
from soke.model.economy.trend import Country, Trend
from soke.model.funding import assigned_income_tax, council_tax_lifted, course, earn_back, kept_growth
from soke.model.funding.dated import Rules
from soke.model.funding.outlook import moving_need
from soke.model.money import fund_flows, investment_costs, prices, value
from soke.model.money.investments import Frame
from soke.model.run import beside

# The evidence that the mechanisms draw, by id, and what is held at its centre within a run: what the cost matrix is
# made of, and prices. Decays of density are drawn by node, a node a chunk (see effective_density).
DRAWN = (
    *productivity.DRAWN, *public_capital.DRAWN, *employment.DRAWN, *migration.DRAWN, *trend.DRAWN, *receipts.DRAWN,
    *entrants.DRAWN, *displacement.DRAWN, *skills.DRAWN, *health_to_work.DRAWN, value.CROWDING, *saturation.DRAWN,
    *structural.DRAWN,
)  # fmt: skip
HELD = (*travel.HELD, *prices.HELD, *trend.HELD, *value.HELD, *beside.HELD)


def drawn(scenario: Scenario) -> tuple[str, ...]:
    """The evidence that a run draws."""
    return (*DRAWN, *beside.drawn(scenario))


def own_parameters(deal: Deal, scenario: Scenario) -> list[Parameter]:
    """The run's own uncertain figures, which its files state and the mechanisms draw beside the evidence."""
    rows = [*trend.own_parameters(scenario), *council_tax_lifted.own_parameters(deal, scenario)]
    evidence = overridden(scenario.effects, places=scenario.keys)
    for investment in deal.investments:
        rows += [*productivity.own_parameters(investment, evidence), *employment.own_parameters(investment)]
        rows += skills.own_parameters(investment)
        rows += investment_costs.own_parameters(deal, investment, evidence)
    return rows


@dataclass(frozen=True, slots=True)
class Levers:
    """What a path is advanced with, a lever a mechanism; where only the first three are given, nothing is pulled."""

    area: tuple[int, ...]  # index of the deal's places
    money: Floats  # (year, place) public money for the deal's functions here, whoever decides
    funding: course.Lever
    kept: kept_growth.Lever = field(default_factory=kept_growth.Lever)
    programmes: employment.Lever = field(default_factory=employment.Lever)
    connections: productivity.Lever = field(default_factory=productivity.Lever)
    costs: investment_costs.Lever = field(default_factory=investment_costs.Lever)
    capital: public_capital.Lever = field(default_factory=public_capital.Lever)
    displaced: displacement.Lever = field(default_factory=displacement.Lever)
    skills: skills.Lever = field(default_factory=skills.Lever)
    health: health_to_work.Lever = field(default_factory=health_to_work.Lever)
    entrants: entrants.Lever = field(default_factory=entrants.Lever)
    assigned: assigned_income_tax.Lever | None = None
    lifted: council_tax_lifted.Lever | None = None
    earned: earn_back.Lever | None = None

    @property
    def move_output(self) -> bool:
        """Whether anything built may change output per job."""
        return bool(self.connections.connections or self.capital.spending)


def as_is(frame: Frame, law: course.Lever) -> Levers:
    """Nothing pulled: today's law, and what would be spent here anyway."""
    count = len(frame.years)
    money = fund_flows.total(frame.flows, "as_is", count) + fund_flows.total(frame.flows, "earlier", count)
    assigned = assigned_income_tax.by_law(frame)
    return Levers(frame.members, money[:, None] * frame.by_head, law, assigned=assigned)


def under_deal(frame: Frame, country: Country, today: Levers, rules: Rules) -> Levers:
    """The deal's levers, laid on those of "as is"."""
    change = fund_flows.total(frame.flows, "change", len(frame.years))
    funding = course.lever(frame, today.funding, rules)
    connections, capital = productivity.lever(frame, country), public_capital.lever(frame, country)
    acted_on = [capital.sites, *(connection.places for connection in connections.connections)]
    return Levers(
        area=frame.members,
        money=today.money + change[:, None] * frame.by_head,
        funding=funding,
        kept=kept_growth.lever(frame, today.funding, funding, rules),
        programmes=employment.lever(frame),
        connections=connections,
        costs=investment_costs.lever(frame),
        capital=capital,
        displaced=displacement.lever(frame, country, acted_on),
        skills=skills.lever(frame),
        health=health_to_work.lever(frame),
        entrants=entrants.lever(frame, country),
        assigned=assigned_income_tax.lever(frame),
        lifted=council_tax_lifted.lever(frame),
        earned=earn_back.lever(frame),
    )


@dataclass(slots=True)
class Path:
    """The states of one path, a state a mechanism; those without one have their lever only."""

    levers: Levers
    programmes: employment.State
    connections: productivity.State
    capital: public_capital.State
    cap: Floats  # (draw, 1) on what levers change of output per job
    costs: investment_costs.State
    displaced: displacement.State
    skills: skills.State
    health: health_to_work.State
    entrants: entrants.State
    taxes: receipts.State
    funding: course.State
    assigned: assigned_income_tax.State
    lifted: council_tax_lifted.State


def start(country: Country, levers: Levers, draws: Draws) -> Path:
    """Before the base year: nothing gained, nothing built, no baselines of local funding yet."""
    return Path(
        levers=levers,
        programmes=employment.start(levers.programmes, draws),
        connections=productivity.start(levers.connections, draws, country),
        capital=public_capital.start(levers.capital, draws),
        cap=draws[saturation.CAP][:, None],
        costs=investment_costs.start(levers.costs, draws),
        displaced=displacement.start(levers.displaced, draws),
        skills=skills.start(levers.skills, draws),
        health=health_to_work.start(levers.health, draws),
        entrants=entrants.start(levers.entrants, draws),
        taxes=receipts.start(draws),
        funding=course.start(levers.funding),
        assigned=assigned_income_tax.start(levers.assigned),
        lifted=council_tax_lifted.start(levers.lifted, draws),
    )


@dataclass(slots=True)
class Year:
    """What one path comes to in one year. By series in GBP million: ``public_money`` and ``paid_here`` (draw, member),
    ``costs`` (draw,)."""

    people: population.People
    need: Floats  # (draw, authority) relative need of local funding
    taxes: receipts.Receipts
    output: Floats  # (draw, place) GBP million without that of entrants, who live here: it moves people
    funded: course.Funded
    work: entrants.Work | None  # entrants to work of all mechanisms; None where there are none
    public_capital: Floats  # (draw, site) extra, the stock
    held: NDArray[np.bool_] | None  # (draw,) where output per job was held at its cap; None where nothing moves it
    public_money: dict[str, Floats]  # series -> what comes to the area beside rates and grant
    paid_here: dict[str, Floats]  # series -> what residents here pay more, and have spent on them
    costs: dict[str, Floats]  # series -> what works cost beyond their plans


@dataclass(slots=True)
class BothPaths:
    """One year of both paths. ``gained``: rates, grant and other public money, deal less as is; ``kept``: what of it is
    kept growth, (draw, place) by series; ``structural``: what nobody knows of being devolved, beside both."""

    trend: Trend
    as_is: Year
    deal: Year
    gained: Floats
    kept: Mapping[str, Floats]
    structural: structural.Structural


def years(
    country: Country, today: Levers, deal: Levers, unknown: structural.Lever, draws: Draws
) -> Iterator[BothPaths]:
    """The year loop: the trend, then "as is" and the deal by the same steps, then what hangs on both."""
    shared = trend.start(country, draws, _density_from(country, deal))
    paths = start(country, today, draws), start(country, deal, draws)
    apart = structural.start(unknown, draws)
    law = today.funding
    need = moving_need(law.regime.recipients, law.outlook.need, country.people.groups[0])
    movers, kept = migration.start(country.homes, draws), kept_growth.start(deal.kept, deal.funding)
    for _ in range(country.years):
        moved = trend.advance(country, shared)
        incomers, claims = migration.advance(country.homes, movers), need.of(moved.people)
        without = advance(country, moved, claims, paths[0])
        if incomers is None:
            with_deal = advance(country, moved, claims, paths[1])
        else:
            after = trend.with_incomers(shared, moved, incomers)
            with_deal = advance(country, after, need.of(after.people), paths[1])
        migration.remember(movers, np.log(with_deal.output / without.output))
        parts = _kept(kept, moved, without, with_deal)
        gained = gain(moved.year, deal, without, with_deal)
        beside_them = structural.advance(apart, moved.year, without.taxes)
        yield BothPaths(moved, without, with_deal, gained, parts, beside_them)


def _kept(kept: kept_growth.State, moved: Trend, without: Year, with_deal: Year) -> Mapping[str, Floats]:
    """The parts of what is kept of growth, from chains of their own."""
    bases = kept_growth.Bases(without.taxes.even_rates, without.taxes.rates, without.need, moved.bills)
    return kept_growth.advance(kept, moved.year, bases, without.funded, with_deal.funded, with_deal.need)


def _density_from(country: Country, deal: Levers) -> int:
    """The first year in which the deal changes how many jobs are near; after the last where it never does."""
    first = productivity.first_year(deal.connections)
    return country.years if first is None else first


def advance(country: Country, moved: Trend, need: Floats, path: Path) -> Year:
    """One path, one year: the mechanisms in the order in which they act. Updates the states of ``path``."""
    year = moved.year
    log_output = productivity.advance(country, path.connections, moved)
    public_capital.advance(path.capital, year, log_output)
    held = saturation.hold(log_output, moved.log_output, path.cap) if path.levers.move_output else None
    displacement.advance(country, path.displaced, moved, log_output)
    learnt = skills.advance(country, path.skills, year, log_output)
    jobs = (employment.advance(path.programmes, year), learnt, health_to_work.advance(path.health, year))
    work = entrants.advance(path.entrants, jobs)
    taxes = receipts.advance(country, path.taxes, moved, log_output)
    output = taxes.gva
    entrants.receive(work, taxes)
    funded = course.advance(path.funding, year, taxes.even_rates, taxes.rates, need, moved.bills)
    assigned = assigned_income_tax.advance(country, path.assigned, moved, taxes.income_tax)
    lifted = council_tax_lifted.advance(path.lifted, year, moved.council_tax)
    return Year(
        people=moved.people,
        need=need,
        taxes=taxes,
        output=output,
        funded=funded,
        work=work,
        public_capital=path.capital.extra,
        held=held,
        public_money=_there({assigned_income_tax.SERIES: assigned}),
        paid_here=_there({council_tax_lifted.SERIES: lifted}),
        costs=investment_costs.advance(path.costs, year),
    )


def gain(year: int, levers: Levers, without: Year, with_deal: Year) -> Floats:
    """Public money of the places with the deal less as is; earn-back, which hangs on both paths, comes last."""
    gained = with_deal.funded.resources - without.funded.resources
    for money in with_deal.public_money.values():
        gained[:, list(levers.area)] += money
    for money in without.public_money.values():
        gained[:, list(levers.area)] -= money
    both = (with_deal.taxes.total, without.taxes.total)
    earned = earn_back.advance(levers.earned, year, *both, gained)
    if earned is not None:
        gained[:, list(levers.area)] += earned
        with_deal.public_money[earn_back.SERIES] = earned
    return gained


def _there(money: dict[str, Floats | None]) -> dict[str, Floats]:
    return {series: amount for series, amount in money.items() if amount is not None}
