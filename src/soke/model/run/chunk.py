"""One chunk of draws from the base year to the end: both paths, their paired difference, and the draws that failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.evidence.sampling import CHUNK, Draws, sample_chunk
from soke.model.funding.course import Funded
from soke.model.funding.drift import drift
from soke.model.run import fiscal
from soke.model.run.setup import Setup
from soke.model.run.years import Path, Trend, Year, given, years
from soke.model.services import proceeds
from soke.text import financial_year

LEVELS = ("gva", "jobs", "receipts", "budget")  # as is, for every place
DIFFERENCES = ("gva", "jobs", "receipts", "spending", "budget", "public_money")  # deal less as is, for every place
COMPONENTS = (
    "benefits_saved",
    "new_money",
    "kept_growth",
    "proceeds_spent",
    "assigned_tax",
    "earned_back",
    "council_tax_raised",
)  # for the area
STANDINGS = ("near", "low", "high", "area", "levy", "on_net")  # how funding stands to need; the area's levy, safety net
BUDGET_YEARS = 4
PENNY = 1e-8  # GBP million: less than this is rounding, not a safety net


@dataclass(slots=True)
class Outcome:
    """What a chunk comes to. A draw that failed holds no number (NaN) and is named with its reason.

    ``as_is`` (LEVELS, year, draw, place); ``difference`` (DIFFERENCES, year, draw, place); ``cost`` (draw, year) to
    England, of new money and growth kept; ``parts`` COMPONENTS -> (path, draw, year), as is and deal, for the area;
    ``standings`` STANDINGS -> (path, draw, year), ``by_class`` (path, draw, year, class): see funding.drift;
    ``below`` (draw, place) 1 where the budget ends below "as is" in any of the first four years.
    """

    first: int
    as_is: Floats
    difference: Floats
    cost: Floats
    parts: dict[str, Floats]
    standings: dict[str, Floats]
    by_class: Floats
    below: Floats
    parameters: Mapping[str, Floats]
    failed: dict[int, str] = field(default_factory=dict)  # row -> reason


def room(setup: Setup) -> tuple[Floats, Floats]:
    """Memory for the levels and differences of a chunk: given to :func:`run_chunk`, it is used again and again."""
    shape = (len(setup.years), CHUNK, len(setup.places))
    return np.empty((len(LEVELS), *shape)), np.empty((len(DIFFERENCES), *shape))


def run_chunk(setup: Setup, number: int, size: int, into: tuple[Floats, Floats] | None = None) -> Outcome:
    """A chunk; when it cannot be computed whole, draw by draw, so that only the draws at fault are lost.

    ``into``: memory from :func:`room` that the outcome's arrays take; whoever gives it uses them before the next chunk.
    """
    draws = sample_chunk(setup.table, setup.seed, number, size, len(setup.places))
    as_is, difference = into or room(setup)
    outcome = _empty(setup, draws, as_is[:, :, :size], difference[:, :, :size])
    try:
        _run(setup, draws, slice(0, size), outcome)
    except (SokeError, ArithmeticError, ValueError):
        outcome.failed.clear()
        for row in range(size):
            _run_alone(setup, draws, row, outcome)
    for row, reason in outcome.failed.items():
        _blank(outcome, row, reason)
    return outcome


def _run_alone(setup: Setup, draws: Draws, row: int, whole: Outcome) -> None:
    """One draw of a chunk that could not be computed whole, written into its row."""
    rows = slice(row, row + 1)
    one = Outcome(
        whole.first + row, whole.as_is[:, :, rows], whole.difference[:, :, rows], whole.cost[rows],
        {name: values[:, rows] for name, values in whole.parts.items()},
        {name: values[:, rows] for name, values in whole.standings.items()}, whole.by_class[:, rows],
        whole.below[rows], {},
    )  # fmt: skip
    try:
        _run(setup, draws.only(row), rows, one)
    except (SokeError, ArithmeticError, ValueError) as error:
        one.failed[0] = str(error)
    if one.failed:
        whole.failed[row] = one.failed[0]


def _empty(setup: Setup, draws: Draws, as_is: Floats, difference: Floats) -> Outcome:
    size, years = len(draws), len(setup.years)
    return Outcome(
        first=draws.first,
        as_is=as_is,
        difference=difference,
        cost=np.empty((size, years)),
        parts={name: np.zeros((2, size, years)) for name in COMPONENTS},
        standings={name: np.zeros((2, size, years)) for name in STANDINGS},
        by_class=np.zeros((2, size, years, setup.stick.classes.shape[2])),
        below=np.zeros((size, len(setup.places))),
        parameters=_parameters(setup, draws),
    )


def _parameters(setup: Setup, draws: Draws) -> dict[str, Floats]:
    """What was drawn, one value a draw; an effect that differs between places as its mean over the area."""
    area = draws.place["emp.effect"][:, list(setup.members)].mean(axis=1)
    here = draws["emp.effect.prior"] + draws["emp.effect.place_sd"] * area
    return {**draws.national, "emp.effect (mean here)": here}


def _run(setup: Setup, draws: Draws, rows: slice, outcome: Outcome) -> None:
    """Both paths of some draws, written into ``outcome``. ``rows``: which of their chunk's draws they are."""
    with np.errstate(all="ignore"):  # a draw that overflows is caught below, by name
        state = fiscal.State(draws)
        for trend, (_, today), (path, deal) in years(setup, given(setup, draws, rows)):
            _record(setup, outcome, trend, today, deal, state)
            _check(outcome, path, deal, trend.year, setup.years[trend.year])
    first = outcome.difference[DIFFERENCES.index("budget"), 1 : 1 + BUDGET_YEARS]
    outcome.below[:] = (first < 0).any(axis=0)


def _record(setup: Setup, outcome: Outcome, trend: Trend, today: Year, deal: Year, state: fiscal.State) -> None:
    """Levels as is, and the paired difference."""
    t, levers = trend.year, setup.deal
    money = levers.money[t] - setup.as_is.money[t]
    gained = deal.funded.resources - today.funded.resources
    assigned = fiscal.assigned(setup, state, t, deal.income_tax, trend.workers)
    raised = fiscal.council_tax_raised(setup, state, t, trend.council_tax)
    area = list(setup.members)
    if assigned is not None:
        gained[:, area] += assigned
    earned = fiscal.earned_back(setup, t, deal.receipts, today.receipts, gained)
    if earned is not None:
        gained[:, area] += earned
    spent = proceeds.spent(gained, setup.reserves)
    as_is, difference = outcome.as_is[:, t], outcome.difference[:, t]
    as_is[0], as_is[2] = today.gva, today.receipts
    np.multiply(trend.jobs, trend.national_jobs, out=as_is[1])
    np.add(trend.council_tax, today.funded.resources, out=as_is[3])
    as_is[3] += setup.as_is.money[t]
    np.subtract(deal.gva, today.gva, out=difference[0])
    difference[1] = 0.0 if deal.more_jobs is None else deal.more_jobs
    np.subtract(deal.receipts, today.receipts, out=difference[2])
    np.add(spent, money, out=difference[3])
    difference[3][:, levers.homes] -= deal.benefits_saved
    np.add(gained, money, out=difference[4])
    difference[5] = difference[4]  # before council tax, which the place's own residents pay
    outcome.cost[:, t] = difference[5].sum(axis=1)
    if raised is not None:
        for changed in (2, 3, 4):
            difference[changed][:, area] += raised
    parts, here = outcome.parts, np.isin(levers.homes, setup.members)
    parts["new_money"][1, :, t] = in_area(setup, money)
    parts["kept_growth"][0, :, t] = in_area(setup, today.funded.resources)
    parts["kept_growth"][1, :, t] = in_area(setup, deal.funded.resources)
    parts["proceeds_spent"][1, :, t] = in_area(setup, spent)
    for name, added in (("assigned_tax", assigned), ("earned_back", earned), ("council_tax_raised", raised)):
        if added is not None:
            parts[name][1, :, t] = added.sum(axis=1)
    parts["benefits_saved"][1, :, t] = deal.benefits_saved[:, here].sum(axis=1)
    for path, year in enumerate((today, deal)):
        _stand(setup, outcome, path, t, year.funded)


def _stand(setup: Setup, outcome: Outcome, path: int, year: int, funded: Funded) -> None:
    """How a path's funding stands to need, and the area's levy and safety net."""
    found = drift(setup.stick, funded.resources, year)
    for name in ("near", "low", "high", "area"):
        outcome.standings[name][path, :, year] = getattr(found, name)
    outcome.by_class[path, :, year] = found.classes
    area = setup.stick.authorities
    outcome.standings["levy"][path, :, year] = funded.settled.levy[:, area].sum(axis=1)
    outcome.standings["on_net"][path, :, year] = (funded.settled.safety_net[:, area] > PENNY).mean(axis=1)


def _check(outcome: Outcome, path: Path, deal: Year, year: int, when: int) -> None:
    """Note the draws whose stocks fell below nought or whose money is no number, once each, with the first reason."""
    money = np.isfinite(deal.receipts.sum(axis=1) + outcome.cost[:, year])  # receipts take in all else
    tests = [
        ("public capital fell below nought", (path.capital < 0).any(axis=1)),
        ("output or receipts are not a number", ~money),
    ]
    if deal.more_jobs is not None:
        jobs = outcome.as_is[1, year] + outcome.difference[1, year]
        tests.append(("jobs fell below nought", jobs.min(axis=1) < 0))
    for reason, wrong in tests:
        for row in np.flatnonzero(wrong):
            outcome.failed.setdefault(int(row), f"{reason} in {financial_year(when)}")


def _blank(outcome: Outcome, row: int, reason: str) -> None:
    outcome.failed[row] = reason
    for values in (outcome.as_is, outcome.difference):
        values[:, :, row] = np.nan
    outcome.below[row] = outcome.cost[row] = np.nan
    for part in (*outcome.parts.values(), *outcome.standings.values(), outcome.by_class):
        part[:, row] = np.nan


def in_area(setup: Setup, values: Floats) -> Floats:
    """Sum over the deal's places of an array whose last axis is places."""
    return np.asarray(values[..., list(setup.members)].sum(axis=-1))
