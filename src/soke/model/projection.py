"""The year loop: one function per mechanism, composed here, for a chunk of draws and both paths.

Each year, the trend that both paths share moves first; then each path is advanced by the same function, with its own
levers; then the paired difference is taken:

    gap narrows by   extra tax raised here + benefits saved
                     - new public money spent here - growth proceeds spent here

All arrays are float64 (draw, place), in real GBP million of the base year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Floats
from soke.evidence import Draws
from soke.evidence.sampling import CHUNK, YEARS, generator
from soke.model import business_rates, effective_density, employment, public_capital, tax_bases
from soke.model.levers import Levers
from soke.model.setup import Setup

POUNDS_IN_A_BILLION_OVER = 1e9 / 1e5 / 1e6  # fis.unemp100k: GBP billion per 100,000 people, to GBP million a person


@dataclass(slots=True)
class Given:
    """What a chunk's draws give every year, worked out once."""

    draws: Draws
    elasticities: Mapping[str, Floats]  # tax base -> (draw, 1)
    productivity: Floats  # (draw, place) yearly log growth of output per job
    jobs: Floats  # (draw, place) yearly factor on jobs, relative to the country's
    nation: Floats  # (draw, 1) yearly log growth of the country's output
    programme_effects: Floats  # (draw, place) net chance of a job per person supported
    noise: np.random.Generator
    rows: slice


@dataclass(slots=True)
class Trend:
    """What both paths share in a year."""

    year: int
    jobs: Floats  # (draw, place), relative to the country's job growth
    national_jobs: float  # the country's jobs over the base year's
    log_output: Floats  # (draw, place) log output over the base year's
    workers: Floats  # (draw, place) residents in work over the base year's
    rating_noise: Floats | float  # factor on business rates
    council_tax: Floats  # (draw, place)
    national_taxes: Floats  # (draw, place) taxes that follow the country alone


@dataclass(slots=True)
class Path:
    """The states of one path, (draw, place)."""

    levers: Levers
    productivity: Floats  # log gain from density, part of the way to its long run
    capital: Floats  # extra public capital
    programme_jobs: Floats  # net, by home
    rates_baseline: Floats  # business rates at the last reset


@dataclass(slots=True)
class Year:
    """What one path comes to in one year, (draw, place)."""

    gva: Floats
    jobs: Floats
    receipts: Floats
    income_tax: Floats
    kept: Floats
    benefits_saved: Floats


def given(setup: Setup, draws: Draws, rows: slice) -> Given:
    """Place growth is centred on England's output in every draw, so that places' growth adds up to the country's."""
    weight = setup.base.gva / setup.base.gva.sum()
    apart = setup.place_spread * draws.place["growth.place"]
    apart = apart - (apart @ weight)[:, None]
    by_jobs = draws["growth.place.jobs"][:, None]
    nation = np.log1p(draws["growth.gva"])[:, None]
    return Given(
        draws=draws,
        elasticities=tax_bases.elasticities(draws),
        productivity=nation + apart,
        jobs=np.exp(by_jobs * apart),
        nation=nation,
        programme_effects=employment.net_effects(
            draws["emp.effect.prior"], draws["emp.effect.place_sd"], draws.place["emp.effect"]
        ),
        noise=generator(setup.seed, draws.first // CHUNK, YEARS, "business-rates"),
        rows=rows,
    )


def start(setup: Setup, levers: Levers, size: int) -> Path:
    """The base year: nothing gained, nothing built, rates at their baseline."""
    shape = (size, len(setup.places))
    rates = np.broadcast_to(setup.base.business_rates, shape)
    return Path(levers, np.zeros(shape), np.zeros(shape), np.zeros(shape), rates)


def move_trend(setup: Setup, given: Given, before: Trend | None) -> Trend:
    """The national outlook, the places' own trends, and what follows for those whom no deal touches."""
    size = len(given.draws)
    year = before.year + 1 if before else 0
    if before is None:
        jobs, log_output = np.tile(setup.base.jobs, (size, 1)), np.zeros((size, len(setup.places)))
    else:
        jobs, log_output = before.jobs * given.jobs, before.log_output + given.productivity
    national_jobs = (1.0 + setup.job_growth) ** year
    return Trend(
        year=year,
        jobs=jobs,
        national_jobs=national_jobs,
        log_output=log_output,
        workers=setup.commuting.to_homes(jobs / setup.base.jobs) * national_jobs,
        rating_noise=_noise(setup, given) if before else 1.0,
        council_tax=tax_bases.council_tax(setup.base.taxes["dwellings"], setup.dwellings[year], given.elasticities),
        national_taxes=setup.base.taxes["national"] * np.exp(year * given.nation),
    )


def _noise(setup: Setup, given: Given) -> Floats | float:
    """A place's good and bad years, independent, so that a yearly change has the scenario's standard deviation."""
    if setup.volatility == 0:
        return 1.0
    deviates = given.noise.standard_normal((CHUNK, len(setup.places)))[given.rows]
    return np.asarray(np.exp((setup.volatility / np.sqrt(2.0)) * deviates))


def advance(setup: Setup, given: Given, trend: Trend, path: Path) -> Year:
    """One path, one year: the mechanisms in the order in which they act. Updates the states of ``path``."""
    here = advance_programmes(given, trend.year, path)
    jobs = trend.jobs
    if path.levers.programmes:
        jobs = jobs + setup.commuting.to_workplaces(here) / trend.national_jobs
    advance_productivity(setup, given, trend, path, jobs)
    log_output = trend.log_output + path.productivity
    if path.levers.extra_growth is not None:
        log_output = log_output + path.levers.extra_growth[trend.year]
    if path.levers.capital:
        log_output = log_output + advance_capital(setup, given, trend.year, path, log_output)
    return account(setup, given, trend, path, jobs, log_output, here)


def advance_programmes(given: Given, year: int, path: Path) -> Floats:
    """Net jobs of programmes by home, after this year's entrants and leavers."""
    if path.levers.programmes:
        entering = sum(
            (
                employment.entrants(p, year, given.draws[p.people], given.programme_effects)
                for p in path.levers.programmes
            ),
            np.zeros_like(path.programme_jobs),
        )
        path.programme_jobs = employment.advance(path.programme_jobs, entering, given.draws["add.decay.job"][:, None])
    return path.programme_jobs


def advance_productivity(setup: Setup, given: Given, trend: Trend, path: Path, jobs: Floats) -> None:
    """Output per job moves a part of the way to what the jobs within reach support."""
    near = effective_density.density(jobs, setup.matrices)
    decays = [setup.held[f"agg.decay.{sector}"] for sector in effective_density.SECTORS]
    for connection in path.levers.connections:
        if trend.year >= connection.opens:
            effective_density.add_connection(near, jobs, connection, given.draws[connection.ratio], decays)
    if trend.year == 0:
        return
    elasticities = [given.draws[f"agg.elas.{sector}"][:, None] for sector in effective_density.SECTORS]
    gain = effective_density.log_output(near, setup.density, setup.weights, elasticities)
    path.productivity = path.productivity + given.draws["agg.adjust"][:, None] * (gain - path.productivity)


def advance_capital(setup: Setup, given: Given, year: int, path: Path, log_output: Floats) -> Floats:
    """Log gain of output from public capital that has entered service."""
    draws = given.draws
    arrived = sum(
        (public_capital.arrivals(spending, year, draws["pub.cap.lag"]) for spending in path.levers.capital),
        np.zeros_like(path.capital),
    )
    path.capital = public_capital.advance(path.capital, arrived, draws["pub.cap.dep"][:, None])
    output = setup.base.gva * np.exp(log_output)
    return public_capital.log_output(
        path.capital, output, draws["pub.cap.ratio"][:, None], draws["pub.cap.elas"][:, None]
    )


def account(
    setup: Setup, given: Given, trend: Trend, path: Path, jobs: Floats, log_output: Floats, here: Floats
) -> Year:
    """Output, jobs, taxes by base, rates kept and benefits saved, from jobs and log output at workplaces."""
    ratio = np.exp(log_output)
    income, workers = setup.commuting.to_homes(ratio), trend.workers
    if path.levers.programmes:
        share = given.draws["emp.marginal.productivity"][:, None]
        ratio = ratio * (1.0 + share * (jobs - trend.jobs) / trend.jobs)
        log_output = np.log(ratio)
        residents = workers * setup.commuting.workers
        income = income * (1.0 + share * here / residents)
        workers = workers * (1.0 + here / residents)
    moves = tax_bases.Moves(np.log(workers), np.log(income), log_output)
    bases, el = setup.base.taxes, given.elasticities
    income_tax = tax_bases.income_tax(bases["pay"], moves, el)
    smooth = tax_bases.business_rates(bases["floorspace"], moves, el)
    rates = smooth * trend.rating_noise
    unmoved = trend.council_tax + trend.national_taxes
    receipts = income_tax + rates + tax_bases.other_taxes(bases, moves, el) + unmoved
    return Year(
        gva=setup.base.gva * ratio,
        jobs=jobs * trend.national_jobs,
        receipts=receipts,
        income_tax=income_tax,
        kept=advance_rates(setup, trend.year, path, smooth, rates),
        benefits_saved=employment.benefits_saved(
            here, given.draws["fis.unemp100k"][:, None] * POUNDS_IN_A_BILLION_OVER
        ),
    )


def advance_rates(setup: Setup, year: int, path: Path, smooth: Floats, rates: Floats) -> Floats:
    """Growth kept this year, after any reset. Only the market sector's rates are shared with councils."""
    local = setup.base.market_rates_share
    path.rates_baseline = business_rates.reset(path.rates_baseline, smooth * local, path.levers.rates, year)
    if year == 0:
        return np.zeros_like(rates)
    return business_rates.kept(rates * local, path.rates_baseline, path.levers.rates, year)
