"""One chunk of draws from the base year to the end: both paths, their paired difference, and the draws that failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.evidence.sampling import CHUNK, Draws, sample_chunk
from soke.model.economy import effective_density, employment
from soke.model.economy.entrants import jobs_told
from soke.model.economy.structural import Structural
from soke.model.economy.trend import Trend
from soke.model.funding import kept_growth
from soke.model.funding.drift import drift
from soke.model.money import investment_costs
from soke.model.run import beside
from soke.model.run.beside import BESIDE
from soke.model.run.setup import Setup
from soke.model.run.statement import INCOMERS, PARTS, UNKNOWN, UNKNOWN_OUTPUT
from soke.model.run.years import BothPaths, Year, years
from soke.model.services import proceeds
from soke.text import financial_year

LEVELS = ("gva", "jobs", "receipts", "budget", "spending", "people")  # as is, for every place
# Deal less as is, for every place; then what nobody knows of being devolved, beside both paths.
DIFFERENCES = (
    "gva", "jobs", "receipts", "spending", "budget", "public_money", "people", "structural", "structural_gva",
)  # fmt: skip
# Of all places together: deal less as is, and output as is.
ENGLAND = ("output", "tax", "jobs", "benefits_saved", "output_as_is")
STANDINGS = ("near", "low", "high", "area", "levy", "on_net")  # how funding stands to need; the area's levy, safety net
BUDGET_YEARS = 4
PENNY = 1e-8  # GBP million: less than this is rounding, not a safety net


@dataclass(slots=True)
class ChunkResult:
    """What a chunk comes to. A draw that failed holds no number (NaN) and is named with its reason.

    ``as_is`` (LEVELS, year, draw, place); ``difference`` (DIFFERENCES, year, draw, place); ``cost`` (draw, year) to
    England, of new money and growth kept; ``parts`` PARTS -> (path, draw, year), as is and deal, for the area;
    ``beside`` BESIDE -> (draw, year) of the area;
    ``england`` ENGLAND -> (draw, year), before council tax that is set higher here;
    ``standings`` STANDINGS -> (path, draw, year), ``by_class`` (path, draw, year, class): see funding.drift;
    ``held`` (draw,) 1 where output per job was held at its cap in any year;
    ``below`` (draw, place) 1 where the budget ends below "as is" in any of the first four years.
    """

    first: int
    as_is: Floats
    difference: Floats
    cost: Floats
    parts: dict[str, Floats]
    england: dict[str, Floats]
    beside: dict[str, Floats]
    standings: dict[str, Floats]
    by_class: Floats
    held: Floats
    below: Floats
    parameters: Mapping[str, Floats]
    failed: dict[int, str] = field(default_factory=dict)  # row -> reason


def room(setup: Setup) -> tuple[Floats, Floats]:
    """Memory for the levels and differences of a chunk: given to :func:`run_chunk`, it is used again and again."""
    shape = (len(setup.years), CHUNK, len(setup.places))
    return np.empty((len(LEVELS), *shape)), np.empty((len(DIFFERENCES), *shape))


def run_chunk(setup: Setup, number: int, size: int, into: tuple[Floats, Floats] | None = None) -> ChunkResult:
    """A chunk; when it cannot be computed whole, draw by draw, so that only the draws at fault are lost.

    ``into``: memory from :func:`room` that the result's arrays take; whoever gives it uses them before the next chunk.
    """
    draws = sample_chunk(setup.table, setup.seed, number, size, len(setup.places))
    as_is, difference = into or room(setup)
    result = _empty(setup, draws, as_is[:, :, :size], difference[:, :, :size])
    try:
        _run(setup, draws, result)
    except (SokeError, ArithmeticError, ValueError):
        result.failed.clear()
        for row in range(size):
            _run_alone(setup, draws, row, result)
    for row, reason in result.failed.items():
        _blank(result, row, reason)
    return result


def _run_alone(setup: Setup, draws: Draws, row: int, whole: ChunkResult) -> None:
    """One draw of a chunk that could not be computed whole, written into its row."""
    rows = slice(row, row + 1)
    alone = ChunkResult(
        whole.first + row, whole.as_is[:, :, rows], whole.difference[:, :, rows], whole.cost[rows],
        {name: values[:, rows] for name, values in whole.parts.items()},
        {name: values[rows] for name, values in whole.england.items()},
        {name: values[rows] for name, values in whole.beside.items()},
        {name: values[:, rows] for name, values in whole.standings.items()}, whole.by_class[:, rows],
        whole.held[rows], whole.below[rows], {},
    )  # fmt: skip
    try:
        _run(setup, draws.only(row), alone)
    except (SokeError, ArithmeticError, ValueError) as error:
        alone.failed[0] = str(error)
    if alone.failed:
        whole.failed[row] = alone.failed[0]


def _empty(setup: Setup, draws: Draws, as_is: Floats, difference: Floats) -> ChunkResult:
    size, years = len(draws), len(setup.years)
    return ChunkResult(
        first=draws.first,
        as_is=as_is,
        difference=difference,
        cost=np.empty((size, years)),
        parts={name: np.zeros((2, size, years)) for name in PARTS},
        england={name: np.zeros((size, years)) for name in ENGLAND},
        beside={name: np.zeros((size, years)) for name in BESIDE},
        standings={name: np.zeros((2, size, years)) for name in STANDINGS},
        by_class=np.zeros((2, size, years, setup.stick.kinds.shape[1])),
        held=np.zeros(size),
        below=np.zeros((size, len(setup.places))),
        parameters=_parameters(setup, draws),
    )


def _parameters(setup: Setup, draws: Draws) -> dict[str, Floats]:
    """What was drawn, one value a draw; an effect that differs between places as its mean over the area."""
    node = effective_density.NODES[effective_density.node_of(draws.first)]
    here = employment.mean_here(draws, setup.members)
    return {**draws.national, employment.HERE: here, effective_density.NODE: np.full(len(draws), node)}


def _run(setup: Setup, draws: Draws, result: ChunkResult) -> None:
    """Both paths of some draws, written into ``result``."""
    with np.errstate(all="ignore"):  # a draw that overflows is caught below, by name
        lost = beside.changes(setup.beside, draws)
        for both in years(setup.country, setup.as_is, setup.deal, setup.unknown, draws):
            _record(setup, result, both)
            _stand_beside(setup, result, both.trend, draws, lost)
            _check(result, both, setup.years[both.trend.year])
    first = result.difference[DIFFERENCES.index("budget"), 1 : 1 + BUDGET_YEARS]
    result.below[:] = (first < 0).any(axis=0)


def _record(setup: Setup, result: ChunkResult, both: BothPaths) -> None:
    """Levels as is, the paired difference, and its parts in the area."""
    trend, today, deal, gained = both.trend, both.as_is, both.deal, both.gained
    t, area = trend.year, list(setup.members)
    money = setup.deal.money[t] - setup.as_is.money[t]
    spent = proceeds.spent(gained, setup.reserves)
    as_is, difference = result.as_is[:, t], result.difference[:, t]
    as_is[0], as_is[2] = today.taxes.gva, today.taxes.total
    np.multiply(trend.jobs, trend.national_jobs, out=as_is[1])
    np.add(trend.council_tax, today.funded.resources, out=as_is[3])
    as_is[3] += setup.as_is.money[t]
    for money_here in today.public_money.values():
        as_is[3][:, area] += money_here
    as_is[4], as_is[5] = setup.spending.as_is(t, trend.people), trend.people.total
    np.subtract(deal.taxes.gva, today.taxes.gva, out=difference[0])
    difference[1] = 0.0 if deal.work is None else deal.work.net_at_work
    np.subtract(deal.taxes.total, today.taxes.total, out=difference[2])
    np.add(spent, money, out=difference[3])
    if deal.work is not None:
        difference[3] -= deal.work.benefits_saved
    np.add(gained, money, out=difference[4])
    difference[5] = difference[4]  # before what the place's own residents pay
    difference[6] = 0.0
    if deal.people is not today.people:
        np.subtract(deal.people.total, today.people.total, out=difference[6])
        served = setup.spending.as_is(t, deal.people) - as_is[4]
        difference[3] += served
        result.parts[INCOMERS][1, :, t] = in_area(setup, served)
    result.cost[:, t] = difference[5].sum(axis=1)
    for name, of in (("output", 0), ("jobs", 1), ("tax", 2)):
        result.england[name][:, t] = difference[of].sum(axis=1)
    result.england["output_as_is"][:, t] = as_is[0].sum(axis=1)
    _record_costs(setup, result, t, deal.costs)
    _record_unknown(result, t, both.structural)
    for paid in deal.paid_here.values():
        for changed in (2, 3, 4):
            difference[changed][:, area] += paid
    parts = result.parts
    parts["new_money"][1, :, t] = in_area(setup, money)
    parts["kept_growth"][0, :, t] = in_area(setup, today.funded.resources)
    parts["kept_growth"][1, :, t] = in_area(setup, deal.funded.resources)
    parts["proceeds_spent"][1, :, t] = in_area(setup, spent)
    for name, kept in both.kept.items():
        parts[name][(0 if name == kept_growth.HELD else 1) :, :, t] = in_area(setup, kept)  # held on both paths
    for name, added in today.public_money.items():
        parts[name][0, :, t] = added.sum(axis=1)
    for name, added in (*deal.public_money.items(), *deal.paid_here.items()):
        parts[name][1, :, t] = added.sum(axis=1)
    if deal.work is not None:
        parts["benefits_saved"][1, :, t] = in_area(setup, deal.work.benefits_saved)
        result.england["benefits_saved"][:, t] = deal.work.benefits_saved.sum(axis=1)
        for name, jobs in jobs_told(deal.work, area).items():
            parts[name][1, :, t] = jobs
    for path, year in enumerate((today, deal)):
        _stand(setup, result, path, t, year, trend.bills)


def _record_costs(setup: Setup, result: ChunkResult, year: int, costs: Mapping[str, Floats]) -> None:
    """What works cost beyond their plans: government's as new money of England's, the rest out of the budget here."""
    area, difference = list(setup.members), result.difference[:, year]
    by_head = setup.population[area] / setup.population[area].sum()
    for name, amount in costs.items():
        result.parts[name][1, :, year] = amount
        spread = amount[:, None] * by_head
        if name == investment_costs.OF_GOVERNMENT:
            for changed in (3, 4, 5):
                difference[changed][:, area] += spread
            result.cost[:, year] += amount
        else:
            difference[4][:, area] -= spread


def _record_unknown(result: ChunkResult, year: int, found: Structural) -> None:
    result.difference[7, year], result.difference[8, year] = found.receipts, found.gva
    result.parts[UNKNOWN][1, :, year] = found.receipts.sum(axis=1)
    result.parts[UNKNOWN_OUTPUT][1, :, year] = found.gva.sum(axis=1)


def _stand_beside(setup: Setup, result: ChunkResult, trend: Trend, draws: Draws, lost: Floats | None) -> None:
    """What care takes more, and what a scenario cuts: of what is spent and had on both paths alike."""
    t = trend.year
    found = beside.pressure(setup.beside, trend.people, t, draws, setup.held)
    result.beside["care_pressure"][:, t] = found.whole.sum(axis=1)
    result.beside["care_people"][:, t] = found.people.sum(axis=1)
    if lost is None:
        return
    growth = trend.people.total / setup.country.people.at_start
    gone = beside.cut(setup.beside, lost, t, growth)
    result.beside["cut"][:, t] = in_area(setup, gone)
    for level in ("budget", "spending"):
        result.as_is[LEVELS.index(level), t] -= gone


def _stand(setup: Setup, result: ChunkResult, path: int, year: int, come_to: Year, bills: Floats) -> None:
    """How a path's funding stands to its need, and the area's levy and safety net."""
    funded = come_to.funded
    need = setup.as_is.funding.regime.recipients.by_place(come_to.need)
    standing = drift(setup.stick, funded.resources, need, bills)
    for name in ("near", "low", "high", "area"):
        result.standings[name][path, :, year] = getattr(standing, name)
    result.by_class[path, :, year] = standing.classes
    area = setup.stick.authorities
    result.standings["levy"][path, :, year] = funded.settled.levy[:, area].sum(axis=1)
    result.standings["on_net"][path, :, year] = (funded.settled.safety_net[:, area] > PENNY).mean(axis=1)


def _check(result: ChunkResult, both: BothPaths, when: int) -> None:
    """Note the draws whose stocks fell below nought or whose money is no number, once each, with the first reason."""
    deal, year = both.deal, both.trend.year
    if deal.held is not None:
        np.maximum(result.held, deal.held, out=result.held)
    money = np.isfinite(deal.taxes.total.sum(axis=1) + result.cost[:, year])  # receipts take in all else
    tests = [
        ("public capital fell below nought", (deal.public_capital < 0).any(axis=1)),
        ("output or receipts are not a number", ~money),
    ]
    if deal.work is not None:
        jobs = result.as_is[1, year] + result.difference[1, year]
        tests.append(("jobs fell below nought", jobs.min(axis=1) < 0))
    for reason, wrong in tests:
        for row in np.flatnonzero(wrong):
            result.failed.setdefault(int(row), f"{reason} in {financial_year(when)}")


def _blank(result: ChunkResult, row: int, reason: str) -> None:
    result.failed[row] = reason
    for values in (result.as_is, result.difference):
        values[:, :, row] = np.nan
    result.below[row] = result.cost[row] = result.held[row] = np.nan
    for part in (*result.parts.values(), *result.standings.values(), result.by_class):
        part[:, row] = np.nan
    for values in (*result.england.values(), *result.beside.values()):
        values[row] = np.nan


def in_area(setup: Setup, values: Floats) -> Floats:
    """Sum over the deal's places of an array whose last axis is places."""
    return np.asarray(values[..., list(setup.members)].sum(axis=-1))
