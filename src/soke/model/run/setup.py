"""Setup: everything of a run that no draw changes, made once and sent to every worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from soke.deal.scenario_limits import faults
from soke.deal.types import Deal, Scenario
from soke.england.baseline import Baseline, Floats
from soke.england.places import CLASS_NAMES
from soke.errors import SokeError
from soke.evidence import Parameter, overridden
from soke.evidence.sampling import RIDGE, checked_seed
from soke.model.accounts.types import LineMatrix
from soke.model.economy import commuting, effective_density, population, tax_bases, travel
from soke.model.economy.carry import Carried, carry
from soke.model.funding import levy, regime
from soke.model.funding.dated import Rules
from soke.model.funding.dated import rules as shipped_rules
from soke.model.funding.drift import Yardstick, yardstick
from soke.model.funding.estimates import Estimates, estimates
from soke.model.funding.outlook import Outlook, outlook, rates_scale
from soke.model.funding.settings import changed
from soke.model.money import fund_flows
from soke.model.money.prices import BASELINE_YEAR, prices_of
from soke.model.run import levers
from soke.model.services import proceeds, spending
from soke.text import financial_year

# The evidence that the model draws on, by id.
DRAWN = (
    *(f"agg.elas.{sector}" for sector in effective_density.SECTORS),
    "agg.adjust", *RIDGE, "pub.cap.lag", "emp.effect.prior", "emp.effect.place_sd", "emp.marginal.productivity",
    "add.decay.job", "fis.unemp100k", "growth.place.jobs", *tax_bases.ELASTICITIES.values(),
)  # fmt: skip
# Held at their centre within a run: what the cost matrix is made of, and rules.
HELD = (
    *(f"agg.decay.{sector}" for sector in effective_density.SECTORS),
    "acc.circuity", "acc.minutes.access", "acc.local.km", "acc.speed.local", "acc.speed.trunk",
    "price.gdp_deflator",
)  # fmt: skip

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
    base: Carried
    population: Floats  # (place,)
    matrices: tuple[Floats, ...]  # per sector (place, place)
    density: tuple[Floats, ...]  # per sector (place,), base year
    weights: Floats  # (sector, place)
    commuting: commuting.Commuting
    spending: Floats  # (year, place) as is
    dwellings: Floats  # (year, place) log growth since the base year
    job_growth: float
    place_spread: float  # sd between places of trend growth
    volatility: float  # sd of a yearly change of rating income
    as_is: levers.Levers
    deal: levers.Levers
    decays: tuple[float, ...]  # per sector
    flows: tuple[fund_flows.FundFlow, ...]
    funding: Outlook
    reserves: Floats  # (place,) share of proceeds put by: the deal's in its area
    market: Floats  # (place,) part of a place's business rates that its market sector pays, which councils share in
    stick: Yardstick  # how funding is held against need
    imported_figures: int  # of the settlement, that the user imported
    council_tax_rise: float  # real, a year, everywhere
    bill_shares: Floats  # (place,) of England's cost of new money


def prepare(
    deal: Deal, scenario: Scenario, baseline: Baseline, lines: LineMatrix, seed: int, known: Estimates | None = None
) -> Setup:
    """Read a deal and a scenario against the baseline. SokeError for what cannot be projected.

    ``known``: who shares in business rates and what each needs; none: as estimated for England.
    """
    for fault in faults(scenario):
        raise SokeError(fault.fact, fault.fix, fault.at)
    years = _years(deal, scenario)
    evidence = overridden(scenario.effects, places=scenario.keys)
    held = {name: evidence[name].central for name in HELD}
    table = {name: evidence[name] for name in DRAWN} | {p.id: p for p in levers.own_parameters(deal, scenario)}
    base = carry(baseline, lines, scenario)
    decays = tuple(held[f"agg.decay.{sector}"] for sector in effective_density.SECTORS)
    matrices = effective_density.decay_matrices(_minutes(baseline, held), decays)
    members = levers.members_of(deal, baseline)
    prices = prices_of(scenario, held["price.gdp_deflator"])
    flows = fund_flows.fund_flows(deal, years, prices, scenario.gva_growth.central)
    frame = levers.Frame(years, baseline, members, prices, matrices)
    money = fund_flows.total(flows, "as_is", len(years)) + fund_flows.total(flows, "earlier", len(years))
    works = commuting.calibrated(baseline.commuting, _employed(baseline), base.jobs)
    people = population.projected(population.by_age(baseline), scenario.ageing, len(years))
    envelope = spending.envelope(scenario, base.functions, len(years))
    heads = people.sum(axis=1)
    rules = _rules(scenario)
    known = known or estimates(baseline)
    law = regime.as_law(known.recipients, known.billing, years, baseline, scenario, rules)
    today = levers.as_is(frame, law, money)
    weighted = np.einsum("a,yap->yp", spending.age_weights("council-services"), people)
    tax_scale = float(base.council_tax.sum() / lines.row("council-tax").sum())
    funding = outlook(known, years, weighted, tax_scale, prices.index(regime.FIRST_YEAR), rules)
    scale = rates_scale(known, base.business_rates, law.half, prices.index(regime.FIRST_YEAR))
    return Setup(
        years=years, places=baseline.codes, members=members, seed=checked_seed(seed), table=table, held=held, base=base,
        population=baseline["population"], matrices=matrices, decays=decays,
        density=tuple(near[0] for near in effective_density.density(base.jobs[None, :], matrices)),
        weights=effective_density.sector_weights(baseline),
        commuting=works,
        spending=spending.as_is(base.spending, base.functions, envelope, people),
        dwellings=np.log(heads / heads[0]),
        job_growth=scenario.job_growth,
        place_spread=scenario.place_growth_sd,
        volatility=scenario.business_rates_volatility,
        as_is=today, flows=flows,
        deal=levers.under_deal(frame, deal, scenario, today, flows, works.shares, rules),
        funding=funding, reserves=_reserves(deal, baseline, members), market=base.market_rates_share * scale,
        stick=yardstick(law.recipients, funding, members, tuple(CLASS_NAMES)),
        imported_figures=known.official.figures if known.official else 0,
        council_tax_rise=scenario.council_tax_rise,
        bill_shares=fund_flows.shares(baseline, scenario.financing),
    )  # fmt: skip


def _reserves(deal: Deal, baseline: Baseline, members: Sequence[int]) -> Floats:
    shares = np.zeros(len(baseline.codes))
    shares[list(members)] = proceeds.reserves(deal.proceeds)
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


def _minutes(baseline: Baseline, held: Mapping[str, float]) -> Floats:
    return travel.minutes(travel.distances(baseline.lat, baseline.lon, baseline.area_km2), held)


def _employed(baseline: Baseline) -> Floats:
    return np.asarray(baseline["population_16_64"] * baseline["employment_rate"] / 100.0)
