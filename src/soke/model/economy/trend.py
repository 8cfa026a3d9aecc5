"""The trend: what moves by itself in every place, and on both paths alike.

    output       England's, which is drawn (:mod:`nation`), shared by how places grow apart (:mod:`growth`)
    jobs         the country's growth, shared by exp(response x growth apart)
    people       how many and how old (:mod:`population`)

All three add up to England's in every draw and year. Residents in work follow from the jobs. Growth as it was measured
holds what comes of jobs moving closer together: effective density (:mod:`effective_density`) is worked out here only
for what a deal changes of it. Council tax follows dwellings, which follow people; some receipts follow the country
alone. No deal moves any of it, but for people who come to where output grows (:mod:`migration`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from soke.deal.types import Scenario
from soke.england.baseline import Floats
from soke.evidence import Draws, Parameter, stated
from soke.model.economy import (
    council_tax_path,
    effective_density,
    growth,
    migration,
    nation,
    population,
    rating_years,
    tax_bases,
)
from soke.model.economy.carry import Carried
from soke.model.economy.commuting import Commuting

JOBS = "growth.place.jobs"
DRAWN = (JOBS, growth.VOLATILITY, nation.SPREAD, *rating_years.DRAWN)
HELD = (*growth.HELD, *population.HELD)
GROWTH = "growth.gva"


@dataclass(frozen=True, slots=True)
class Country:
    """What no draw and no deal changes: the base year, who works where, and how the country moves from there."""

    base: Carried
    commuting: Commuting
    nearness: effective_density.Nearness  # who is in reach of whom
    weights: Floats  # (sector, place)
    growth: growth.Outlook
    people: population.Outlook
    homes: migration.Homes
    years: int
    job_growth: float
    bills: council_tax_path.Bills  # how council tax bills rise, everywhere
    seed: int


@dataclass(slots=True)
class Trend:
    """What both paths share in a year. Arrays (draw, place) unless said otherwise."""

    year: int
    jobs: Floats  # relative to the country's job growth
    national_jobs: float  # the country's jobs over the base year's
    log_output: Floats  # log output over the base year's
    near: Sequence[Floats]  # per sector, effective density; none until a deal changes it; the next year writes over it
    people: population.People
    workers: Floats  # residents in work over the base year's, relative to the country's job growth
    log_workers: Floats  # the same in logs, with the country's job growth
    rating_year: Floats | float  # factor on business rates of a good or bad year
    bills: Floats  # (draw, 1) council tax bills, real, over the base year's
    council_tax: Floats
    unmoved_taxes: Floats  # council tax, and taxes that follow the country alone
    incomers: Floats | None = None  # log people over those as is; none where nobody moved for a deal


@dataclass(slots=True)
class State:
    """What the draws give the trend every year, and where it stood last."""

    draws: Draws
    growth: growth.State
    nation: nation.State
    people: population.State
    response: Floats  # (draw, 1) of jobs to growth apart, logs
    elasticities: Mapping[str, Floats]  # tax base -> (draw, 1)
    rating_years: Floats | None  # see rating_years.deviates
    bills: Floats  # (draw, year) council tax bills, real, over the base year's
    density_from: int  # the year from which effective density is asked for
    near: Sequence[Floats] = ()
    year: int = 0


def own_parameters(scenario: Scenario) -> list[Parameter]:
    """The country's growth and the rise of council tax bills are the scenario's."""
    growth_here = stated(GROWTH, "Real growth of England's output", scenario.gva_growth, "a year", "normal", "scenario")
    return [growth_here, *council_tax_path.own_parameters(scenario)]


def start(country: Country, draws: Draws, density_from: int) -> State:
    """What the draws give. ``density_from``: the year of the run from which a deal changes effective density."""
    seed, first, places = country.seed, draws.first, len(country.base.gva)
    return State(
        draws=draws,
        growth=growth.start(country.growth, draws.place[growth.SLOPES], draws[growth.VOLATILITY], seed, first),
        nation=nation.start(draws[GROWTH], draws[nation.SPREAD], seed, first),
        people=population.start(country.people, draws.place, seed, first),
        response=draws[JOBS][:, None],
        elasticities=tax_bases.elasticities(draws),
        rating_years=rating_years.deviates(draws, seed, country.years, places),
        bills=council_tax_path.levels(country.bills, draws),
        density_from=density_from,
    )


def advance(country: Country, state: State) -> Trend:
    """The next year, the base year at first. The state moves."""
    year, base = state.year, country.base
    apart = growth.advance(state.growth) if year else state.growth.apart
    england = nation.advance(state.nation) if year else state.nation.output
    jobs = base.jobs * np.exp(growth.adding_up(base.jobs, state.response * apart))
    if year >= state.density_from:
        state.near = effective_density.density(jobs, country.nearness.of(state.draws.first).matrices, state.near)
    workers = country.commuting.workers_ratio(jobs)
    people = population.advance(state.people)
    homes = np.log(people.total / country.people.at_start)
    council_tax = tax_bases.council_tax(base.taxes["dwellings"], homes, state.elasticities)
    bills = state.bills[:, [year]]
    council_tax = council_tax * bills
    state.year = year + 1
    return Trend(
        year=year,
        jobs=jobs,
        national_jobs=(1.0 + country.job_growth) ** year,
        log_output=growth.adding_up(country.growth.weight, apart) + england,
        near=state.near,
        people=people,
        workers=workers,
        log_workers=np.log(workers) + year * np.log1p(country.job_growth),
        rating_year=rating_years.of_year(state.rating_years, year, state.draws),
        bills=bills,
        council_tax=council_tax,
        unmoved_taxes=council_tax + base.taxes["national"] * np.exp(england),
    )


def with_incomers(state: State, trend: Trend, incomers: Floats) -> Trend:
    """The same year with people who came or went, ``incomers`` in logs: they live, work and pay as others there do."""
    people, factor = trend.people, np.exp(incomers)
    council_tax = trend.council_tax * np.exp(state.elasticities["dwellings"] * incomers)
    return replace(
        trend,
        people=replace(people, total=people.total * factor, young=people.young * factor, old=people.old * factor),
        log_workers=trend.log_workers + incomers,
        council_tax=council_tax,
        unmoved_taxes=trend.unmoved_taxes + (council_tax - trend.council_tax),
        incomers=incomers,
    )
