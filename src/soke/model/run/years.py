"""The year loop: one function per mechanism, composed here, for a chunk of draws and both paths.

Each year, the trend that both paths share moves first; then each path is advanced by the same function, with its own
levers; then (in :mod:`soke.model.run.chunk`) the paired difference is taken:

    gap narrows by   extra tax raised here + benefits saved
                     - new public money spent here - growth proceeds spent here

Arrays are float64 (draw, place) unless said otherwise, money in real GBP million of the base year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Floats
from soke.evidence import Draws
from soke.evidence.sampling import CHUNK, YEARS, generator
from soke.model.economy import effective_density, employment, public_capital, tax_bases
from soke.model.funding import course
from soke.model.funding.chain import Baselines
from soke.model.run.levers import Levers
from soke.model.run.setup import Setup

PER_JOB = 1e9 / 1e5 / 1e6  # fis.unemp100k: from GBP billion per 100,000 people to GBP million a person


@dataclass(slots=True)
class Given:
    """What a chunk's draws give every year, worked out once."""

    draws: Draws
    elasticities: Mapping[str, Floats]  # tax base -> (draw, 1)
    response: effective_density.Response
    productivity: Floats  # yearly log growth of output per job
    jobs: Floats  # yearly factor on jobs, relative to the country's
    nation: Floats  # (draw, 1) yearly log growth of the country's output
    programme_effects: Floats  # (draw, home) net chance of a job per person supported
    rating_noise: Floats | None  # (draw + year, place) factor on business rates; None when there is none


@dataclass(slots=True)
class Trend:
    """What both paths share in a year."""

    year: int
    jobs: Floats  # relative to the country's job growth
    national_jobs: float  # the country's jobs over the base year's
    log_output: Floats  # log output over the base year's
    near: Sequence[Floats]  # per sector, effective density; the next year writes over it
    density_gain: Floats  # long-run log output per job that it supports
    workers: Floats  # residents in work over the base year's, relative to the country's job growth
    log_workers: Floats  # the same in logs, with the country's job growth
    rating_noise: Floats | float  # factor on business rates
    council_tax: Floats
    unmoved_taxes: Floats  # council tax, and taxes that follow the country alone


@dataclass(slots=True)
class Path:
    """The states of one path."""

    levers: Levers
    productivity: Floats  # log gain from density, part of the way to its long run
    capital: Floats  # (draw, site) extra public capital
    programme_jobs: Floats  # (draw, home) net
    baselines: Baselines | None = None  # where the baselines of local funding stand


@dataclass(slots=True)
class Year:
    """What one path comes to in one year."""

    gva: Floats
    more_jobs: Floats | None  # that programmes add at workplaces; None where there are none
    receipts: Floats
    income_tax: Floats
    funded: course.Funded
    benefits_saved: Floats  # (draw, home)


def given(setup: Setup, draws: Draws, rows: slice) -> Given:
    """Place growth is centred on England's output in every draw, so that places' growth adds up to the country's."""
    weight = setup.base.gva / setup.base.gva.sum()
    apart = setup.place_spread * draws.place["growth.place"]
    apart = apart - (apart @ weight)[:, None]
    nation = np.log1p(draws["growth.gva"])[:, None]
    responses = [draws[f"agg.elas.{sector}"] for sector in effective_density.SECTORS]
    return Given(
        draws=draws,
        elasticities=tax_bases.elasticities(draws),
        response=effective_density.response(setup.density, setup.weights, responses),
        productivity=nation + apart,
        jobs=np.exp(draws["growth.place.jobs"][:, None] * apart),
        nation=nation,
        programme_effects=employment.net_effects(
            draws["emp.effect.prior"], draws["emp.effect.place_sd"], draws.place["emp.effect"][:, setup.deal.homes]
        ),
        rating_noise=_noise(setup, draws.first // CHUNK, rows),
    )


def _noise(setup: Setup, chunk: int, rows: slice) -> Floats | None:
    """A place's good and bad years, so that a yearly change has the scenario's standard deviation.

    One block of deviates, read one row further on each year: the years of a draw are independent, and so are the draws
    of a year; two draws share a number only in different years.
    """
    if setup.volatility == 0:
        return None
    made = generator(setup.seed, chunk, YEARS, "business-rates")
    deviates = made.standard_normal((CHUNK + len(setup.years), len(setup.places)))
    last = rows.stop + len(setup.years)
    return np.asarray(np.exp((setup.volatility / np.sqrt(2.0)) * deviates[rows.start : last]))


def years(setup: Setup, chunk: Given) -> Iterator[tuple[Trend, tuple[Path, Year], tuple[Path, Year]]]:
    """The year loop: the trend, then "as is" and the deal, each with its states and what it comes to."""
    size, trend = len(chunk.draws), None
    as_is, deal = start(setup, setup.as_is, size), start(setup, setup.deal, size)
    for _ in setup.years:
        trend = move_trend(setup, chunk, trend)
        yield trend, (as_is, advance(setup, chunk, trend, as_is)), (deal, advance(setup, chunk, trend, deal))


def start(setup: Setup, levers: Levers, size: int) -> Path:
    """The base year: nothing gained, nothing built, no baselines of local funding yet."""
    shape = (size, len(setup.places))
    return Path(
        levers=levers,
        productivity=np.zeros(shape),
        capital=np.zeros((size, len(levers.sites))),
        programme_jobs=np.zeros((size, len(levers.homes))),
    )


def move_trend(setup: Setup, given: Given, before: Trend | None) -> Trend:
    """The national outlook, the places' own trends, and what follows for those whom no deal touches."""
    year = before.year + 1 if before else 0
    if before is None:
        size = len(given.draws)
        jobs, log_output = np.tile(setup.base.jobs, (size, 1)), np.zeros((size, len(setup.places)))
    else:
        jobs, log_output = before.jobs * given.jobs, before.log_output + given.productivity
    near = effective_density.density(jobs, setup.matrices, before.near if before else None)
    workers = setup.commuting.workers_ratio(jobs)
    council_tax = tax_bases.council_tax(setup.base.taxes["dwellings"], setup.dwellings[year], given.elasticities)
    council_tax *= (1.0 + setup.council_tax_rise) ** year
    return Trend(
        year=year,
        jobs=jobs,
        national_jobs=(1.0 + setup.job_growth) ** year,
        log_output=log_output,
        near=near,
        density_gain=given.response.log_output(near),
        workers=workers,
        log_workers=np.log(workers) + year * np.log1p(setup.job_growth),
        rating_noise=_year_noise(given, year),
        council_tax=council_tax,
        unmoved_taxes=council_tax + setup.base.taxes["national"] * np.exp(year * given.nation),
    )


def _year_noise(given: Given, year: int) -> Floats | float:
    if given.rating_noise is None or year == 0:
        return 1.0
    return given.rating_noise[year : year + len(given.draws)]


def advance(setup: Setup, given: Given, trend: Trend, path: Path) -> Year:
    """One path, one year: the mechanisms in the order in which they act. Updates the states of ``path``."""
    more = advance_programmes(setup, given, trend, path)
    advance_productivity(setup, given, trend, path, more)
    log_output = trend.log_output + path.productivity
    if path.levers.extra_growth is not None:
        log_output += path.levers.extra_growth[trend.year]
    advance_capital(setup, given, trend.year, path, log_output)
    return account(setup, given, trend, path, more, log_output)


def advance_programmes(setup: Setup, given: Given, trend: Trend, path: Path) -> Floats | None:
    """Programmes' entrants and leavers; jobs that they add at workplaces, relative to the country's job growth."""
    levers = path.levers
    if not levers.programmes:
        return None
    leaving = given.draws["add.decay.job"][:, None]
    entering = np.zeros_like(path.programme_jobs)
    for programme in levers.programmes:
        entering += employment.entrants(programme, trend.year, given.draws[programme.people], given.programme_effects)
    path.programme_jobs = employment.advance(path.programme_jobs, entering, leaving)
    return setup.commuting.to_workplaces(path.programme_jobs / trend.national_jobs, levers.homes)


def advance_productivity(setup: Setup, given: Given, trend: Trend, path: Path, more: Floats | None) -> None:
    """Output per job moves a part of the way to what the jobs within reach support."""
    gain, levers = trend.density_gain, path.levers
    open_now = [connection for connection in levers.connections if trend.year >= connection.opens]
    if open_now or more is not None:
        if more is None:
            near = [total.copy() for total in trend.near]
        else:
            near = effective_density.with_jobs(trend.near, path.programme_jobs / trend.national_jobs, levers.reach)
        for connection in open_now:
            served = trend.jobs[:, connection.places]
            if more is not None:
                served = served + more[:, connection.places]
            ratio = given.draws[connection.ratio]
            effective_density.add_connection(near, served, connection, ratio, setup.decays)
        gain = given.response.log_output(near)
    if trend.year > 0:
        step = gain - path.productivity
        step *= given.draws["agg.adjust"][:, None]
        path.productivity += step


def advance_capital(setup: Setup, given: Given, year: int, path: Path, log_output: Floats) -> None:
    """Public capital enters service and wears out; its gain is added to ``log_output`` at its sites, in place."""
    draws, sites = given.draws, path.levers.sites
    if not path.levers.capital:
        return
    arrived = np.zeros_like(path.capital)
    for spending in path.levers.capital:
        arrived += public_capital.arrivals(spending, year, draws["pub.cap.lag"])
    path.capital = public_capital.advance(path.capital, arrived, draws["pub.cap.dep"][:, None])
    output = setup.base.gva[sites] * np.exp(log_output[:, sites])
    log_output[:, sites] += public_capital.log_output(
        path.capital, output, draws["pub.cap.ratio"][:, None], draws["pub.cap.elas"][:, None]
    )


def account(setup: Setup, given: Given, trend: Trend, path: Path, more: Floats | None, log_output: Floats) -> Year:
    """Output, jobs, taxes by base, rates kept and benefits saved, from log output per trend job at workplaces."""
    ratio = np.exp(log_output)
    log_income, log_workers = np.log(setup.commuting.to_homes(ratio)), trend.log_workers
    if more is not None:
        by_entrants = more / trend.jobs
        by_entrants *= given.draws["emp.marginal.productivity"][:, None]
        by_entrants += 1.0
        ratio *= by_entrants
        log_output += np.log(by_entrants, out=by_entrants)
        log_workers = _with_entrants(setup, given, trend, path, log_income)
    moves = tax_bases.Moves(log_workers, log_income, log_output)
    bases, el = setup.base.taxes, given.elasticities
    income_tax = tax_bases.income_tax(bases["pay"], moves, el)
    smooth = tax_bases.business_rates(bases["floorspace"], moves, el)
    rates = smooth * trend.rating_noise
    receipts = tax_bases.other_taxes(bases, moves, el)
    for tax in (income_tax, rates, trend.unmoved_taxes):
        receipts += tax
    ratio *= setup.base.gva
    return Year(
        gva=ratio,
        more_jobs=None if more is None else more * trend.national_jobs,
        receipts=receipts,
        income_tax=income_tax,
        funded=advance_funding(setup, trend.year, path, smooth, rates),
        benefits_saved=employment.benefits_saved(path.programme_jobs, given.draws["fis.unemp100k"][:, None] * PER_JOB),
    )


def _with_entrants(setup: Setup, given: Given, trend: Trend, path: Path, log_income: Floats) -> Floats:
    """Log workers with the programmes' entrants; what they earn is added to ``log_income`` in place."""
    homes = path.levers.homes
    share = path.programme_jobs / (trend.workers[:, homes] * (setup.commuting.workers[homes] * trend.national_jobs))
    log_income[:, homes] += np.log1p(given.draws["emp.marginal.productivity"][:, None] * share)
    log_workers = trend.log_workers.copy()
    log_workers[:, homes] += np.log1p(share)
    return log_workers


def advance_funding(setup: Setup, year: int, path: Path, smooth: Floats, rates: Floats) -> course.Funded:
    """Retained rates and grant; the baselines of ``path`` move. Only the market sector's rates go to councils."""
    market = setup.market
    funded = course.advance(setup.funding, path.levers.regime, path.baselines, year, smooth * market, rates * market)
    path.baselines = funded.baselines
    return funded
