"""Setup: everything of a run that no draw changes, made once and sent to every worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from soke.deal.scenario_limits import faults
from soke.deal.types import Deal, Scenario
from soke.england.baseline import Baseline, Floats
from soke.england.places import CLASS_NAMES
from soke.errors import SokeError
from soke.evidence import Parameter, overridden
from soke.evidence.sampling import checked_seed
from soke.model.accounts.outlook import BaseYear, Move, Standing
from soke.model.economy import (
    commuting,
    council_tax_path,
    displacement,
    effective_density,
    growth,
    migration,
    population,
    structural,
    travel,
)
from soke.model.economy.carry import Carried, carry
from soke.model.economy.trend import Country
from soke.model.funding import course, levy, regime
from soke.model.funding.dated import Rules
from soke.model.funding.dated import rules as shipped_rules
from soke.model.funding.drift import Yardstick, yardstick
from soke.model.funding.estimates import Estimates, estimates
from soke.model.funding.outlook import TRANSITION, outlook, rates_scale
from soke.model.funding.settings import changed
from soke.model.money import fund_flows
from soke.model.money.investments import Frame, members_of
from soke.model.money.prices import BASELINE_YEAR, DEFLATOR, prices_of
from soke.model.run import years as year_loop
from soke.model.run.beside import Beside, Councils, beside, councils
from soke.model.run.years import HELD, Levers, drawn
from soke.model.services import proceeds, spending
from soke.text import financial_year

# The funding rules that a scenario may set: those that the year loop reads.
READ = (
    "business_rates.retention", "levy.band.", "safety_net.share", "fair_funding.rsg", "fair_funding.baseline_funding",
    "fair_funding.transition.weight", "fair_funding.floor", "fair_funding.cpi",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Setup:
    """All that a chunk of draws needs. Arrays by place are in the baseline's order."""

    years: tuple[int, ...]
    places: tuple[str, ...]
    members: tuple[int, ...]
    seed: int
    table: Mapping[str, Parameter]  # drawn, by id
    held: Mapping[str, float]  # at their centre, by id
    population: Floats  # (place,)
    country: Country
    spending: spending.Plan  # as is
    as_is: Levers
    deal: Levers
    unknown: structural.Lever  # what nobody knows of being devolved
    flows: tuple[fund_flows.FundFlow, ...]
    reserves: Floats  # (place,) share of proceeds put by: the deal's in its area
    stick: Yardstick  # how funding is held against need
    imported_figures: int  # of the settlement, that the user imported
    beside: Beside
    bill_shares: Floats  # (place,) of England's cost of new money
    standing: Standing  # of the lines at the start: published, moved or not moved
    start_words: str  # how the base year came from the published account
    moved_by: tuple[Move, ...]  # the UK figures that moved it
    around: displacement.Around  # the rings about the area, and where what it gains would have been


def prepare(
    deal: Deal, scenario: Scenario, baseline: Baseline, start: BaseYear, seed: int, known: Estimates | None = None,
    spent: Councils | None = None,
) -> Setup:  # fmt: skip
    """Read a deal and a scenario against the baseline. SokeError for what cannot be projected.

    ``start``: the account's lines in the scenario's base year. ``known``: who shares in business rates and what each
    needs; none: as estimated for England. ``spent``: what councils spend; none: the shipped outturn.
    """
    for fault in faults(scenario):
        raise SokeError(fault.fact, fault.fix, fault.at)
    years = _years(deal, scenario)
    _same_year(start, scenario)
    evidence = overridden(scenario.effects, places=scenario.keys)
    held = {name: evidence[name].central for name in HELD}
    own = {row.id: row for row in year_loop.own_parameters(deal, scenario)}
    base = carry(baseline, start.lines, scenario)
    prices = prices_of(scenario, held[DEFLATOR])
    near = effective_density.nearness(_minutes(baseline, held), evidence)
    country = _country(baseline, base, scenario, held, near, years, seed)
    flows = fund_flows.fund_flows(deal, years, prices, scenario.gva_growth.central)
    frame = Frame(deal, scenario, years, baseline, members_of(deal, baseline), prices, flows)
    rules, known = _rules(scenario), known or estimates(baseline)
    law = _law(frame, known, base, start.council_tax_growth, rules)
    today = year_loop.as_is(frame, law)
    return Setup(
        years=years, places=baseline.codes, members=frame.members, seed=country.seed,
        table={name: evidence[name] for name in drawn(scenario)} | own, held=held,
        population=baseline["population"], country=country,
        spending=spending.plan(
            base.spending, base.functions, spending.envelope(scenario, base.functions, len(years)),
            country.people.groups[0],
        ),
        as_is=today, deal=year_loop.under_deal(frame, country, today, rules),
        unknown=structural.lever(frame, country), flows=flows,
        reserves=_reserves(frame),
        stick=yardstick(law.regime.recipients, law.outlook, frame.members, tuple(CLASS_NAMES)),
        imported_figures=known.official.figures if known.official else 0,
        beside=beside(
            scenario, baseline, spent or councils(baseline, held, scenario.carry_price), held, frame.members,
            country.people.groups[0],
        ),
        bill_shares=fund_flows.shares(baseline, scenario.financing),
        standing=start.standing, start_words=start.words, moved_by=start.moved_by,
        around=displacement.around(baseline, country.commuting, frame.members, evidence, scenario.displacement),
    )  # fmt: skip


def _country(
    baseline: Baseline, base: Carried, scenario: Scenario, held: Mapping[str, float],
    near: effective_density.Nearness, years: tuple[int, ...], seed: int,
) -> Country:  # fmt: skip
    """The base year and how the country moves."""
    return Country(
        base=base, commuting=commuting.calibrated(baseline.commuting, _employed(baseline), base.jobs),
        nearness=near,
        weights=effective_density.sector_weights(baseline),
        growth=growth.ahead(baseline, held),
        people=population.ahead(baseline, held, scenario, len(years)),
        homes=migration.Homes(baseline["homes_added"], baseline["population"]),
        years=len(years),
        job_growth=scenario.job_growth,
        bills=council_tax_path.bills(scenario, years),
        seed=checked_seed(seed),
    )  # fmt: skip


def _law(frame: Frame, known: Estimates, base: Carried, tax_scale: float, rules: Rules) -> course.Lever:
    """Local funding as the law has it. ``tax_scale``: council tax of the base year over 2022-23's."""
    price = frame.prices.index(regime.FIRST_YEAR)
    terms = frame.deal.fiscal.business_rates
    held = terms.existing(frame.deal.starts) if terms else None
    agreed = regime.Agreement(held, frame.members) if held else None
    law = regime.as_law(known.recipients, known.billing, frame.years, frame.baseline, frame.scenario, rules, agreed)
    rises = council_tax_path.cash_rises(frame.scenario, frame.prices, TRANSITION)
    scale = rates_scale(known, base.business_rates, law.half, price)
    ahead = outlook(known, frame.years, tax_scale, price, rules, rises)
    return course.Lever(ahead, law, base.market_rates_share * scale)


def _reserves(frame: Frame) -> Floats:
    shares = np.zeros(len(frame.baseline.codes))
    shares[list(frame.members)] = proceeds.reserves(frame.deal.proceeds)
    return shares


def _rules(scenario: Scenario) -> Rules:
    """The funding rules with what the scenario sets instead, from 2026-27 on. SokeError at the key that is at fault."""
    held = shipped_rules()
    for name, value in scenario.funding_rules.items():
        at = scenario.where("funding_rules", name)
        if name in held.rows and not name.startswith(READ):
            raise SokeError(f"A projection does not read the rule {name}.", f"It reads {', '.join(sorted(READ))}.", at)
        try:
            held = changed(held, {name: str(value)}, regime.FIRST_YEAR)
            levy.schedule(regime.FIRST_YEAR, held)
        except SokeError as error:
            raise SokeError(error.fact, error.fix, at) from None
    return held


def _years(deal: Deal, scenario: Scenario) -> tuple[int, ...]:
    if scenario.base_year < BASELINE_YEAR:
        raise SokeError(
            f"The base year {financial_year(scenario.base_year)} is before that of the figures.",
            f"Name {financial_year(BASELINE_YEAR)} or a later year.",
            scenario.where("base_year"),
        )
    if deal.starts <= scenario.base_year:
        raise SokeError(
            f"The deal starts in {financial_year(deal.starts)}, not after the scenario's base year"
            f" {financial_year(scenario.base_year)}.",
            "What was in force by the base year is already in the figures: start later, or move the base year.",
            deal.where("starts"),
        )
    return tuple(range(scenario.base_year, scenario.end_year + 1))


def _same_year(start: BaseYear, scenario: Scenario) -> None:
    if start.year != scenario.base_year:
        raise SokeError(
            f"The account's lines are of {financial_year(start.year)}, and the scenario's base year is"
            f" {financial_year(scenario.base_year)}.",
            "Take the lines of the scenario's base year.",
            scenario.where("base_year"),
        )


def _minutes(baseline: Baseline, held: Mapping[str, float]) -> Floats:
    return travel.minutes(travel.distances(baseline.lat, baseline.lon, baseline.area_km2), held)


def _employed(baseline: Baseline) -> Floats:
    return np.asarray(baseline["population_16_64"] * baseline["employment_rate"] / 100.0)
