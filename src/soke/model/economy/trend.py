"""The trend: what moves by itself in every place, and on both paths alike.

    apart        = sd x z, z standard normal by place, centred on England's output in every draw
    output a job grows by the nation's growth + apart,       in logs, a year
    jobs         grow by the country's growth x exp(response x apart)

so that places' growth adds up to the country's. Effective density and residents in work follow from the jobs. Council
tax follows dwellings, which follow people; some receipts follow the country alone. No deal moves any of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from soke.deal.types import Scenario
from soke.england.baseline import Floats
from soke.evidence import Draws, Parameter, stated
from soke.model.economy import effective_density, rating_years, tax_bases
from soke.model.economy.carry import Carried
from soke.model.economy.commuting import Commuting

DRAWN = ("growth.place.jobs",)
GROWTH = "growth.gva"


@dataclass(frozen=True, slots=True)
class Country:
    """What no draw and no deal changes: the base year, who works where, and how the country moves from there."""

    base: Carried
    commuting: Commuting
    matrices: tuple[Floats, ...]  # per sector (place, place): density that a job at the row gives the column
    decays: tuple[float, ...]  # per sector
    density: tuple[Floats, ...]  # per sector (place,), base year
    weights: Floats  # (sector, place)
    dwellings: Floats  # (year, place) log growth since the base year
    job_growth: float
    place_spread: float  # sd between places of trend growth
    volatility: float  # sd of a yearly change of rating income
    council_tax_rise: float  # real, a year, everywhere
    seed: int


@dataclass(slots=True)
class Trend:
    """What both paths share in a year. Arrays (draw, place) unless said otherwise."""

    year: int
    jobs: Floats  # relative to the country's job growth
    national_jobs: float  # the country's jobs over the base year's
    log_output: Floats  # log output over the base year's
    near: Sequence[Floats]  # per sector, effective density; the next year writes over it
    response: effective_density.Response
    density_gain: Floats  # long-run log output per job that it supports
    workers: Floats  # residents in work over the base year's, relative to the country's job growth
    log_workers: Floats  # the same in logs, with the country's job growth
    rating_year: Floats | float  # factor on business rates of a good or bad year
    council_tax: Floats
    unmoved_taxes: Floats  # council tax, and taxes that follow the country alone


@dataclass(slots=True)
class State:
    """What the draws give the trend every year, and where it stood last."""

    size: int  # draws
    productivity: Floats  # (draw, place) yearly log growth of output per job
    jobs: Floats  # (draw, place) yearly factor on jobs, relative to the country's
    nation: Floats  # (draw, 1) yearly log growth of the country's output
    elasticities: Mapping[str, Floats]  # tax base -> (draw, 1)
    response: effective_density.Response
    rating_factors: Floats | None  # see rating_years
    last: Trend | None = None


def own_parameters(scenario: Scenario) -> list[Parameter]:
    """The country's growth is the scenario's."""
    return [stated(GROWTH, "Real growth of England's output", scenario.gva_growth, "a year", "normal", "scenario")]


def start(country: Country, draws: Draws) -> State:
    """What the draws give."""
    weight = country.base.gva / country.base.gva.sum()
    apart = country.place_spread * draws.place["growth.place"]
    apart = apart - (apart @ weight)[:, None]
    nation = np.log1p(draws[GROWTH])[:, None]
    years, places = country.dwellings.shape
    return State(
        size=len(draws),
        productivity=nation + apart,
        jobs=np.exp(draws["growth.place.jobs"][:, None] * apart),
        nation=nation,
        elasticities=tax_bases.elasticities(draws),
        response=effective_density.response(
            country.density, country.weights, [draws[name] for name in effective_density.DRAWN]
        ),
        rating_factors=rating_years.factors(country.volatility, country.seed, draws.first, len(draws), years, places),
    )


def advance(country: Country, state: State) -> Trend:
    """The next year, the base year at first. The state moves."""
    last = state.last
    year = last.year + 1 if last else 0
    if last is None:
        jobs, log_output = np.tile(country.base.jobs, (state.size, 1)), np.zeros_like(state.productivity)
    else:
        jobs, log_output = last.jobs * state.jobs, last.log_output + state.productivity
    near = effective_density.density(jobs, country.matrices, last.near if last else None)
    workers = country.commuting.workers_ratio(jobs)
    taxes = country.base.taxes
    council_tax = tax_bases.council_tax(taxes["dwellings"], country.dwellings[year], state.elasticities)
    council_tax *= (1.0 + country.council_tax_rise) ** year
    state.last = Trend(
        year=year,
        jobs=jobs,
        national_jobs=(1.0 + country.job_growth) ** year,
        log_output=log_output,
        near=near,
        response=state.response,
        density_gain=state.response.log_output(near),
        workers=workers,
        log_workers=np.log(workers) + year * np.log1p(country.job_growth),
        rating_year=rating_years.of_year(state.rating_factors, year, state.size),
        council_tax=council_tax,
        unmoved_taxes=council_tax + taxes["national"] * np.exp(year * state.nation),
    )
    return state.last
