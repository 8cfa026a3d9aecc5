"""One chunk of draws from the base year to the end: both paths, their paired difference, and the draws that failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.evidence.sampling import CHUNK, Draws, sample_chunk
from soke.model import proceeds
from soke.model.projection import Path, Trend, Year, given, years
from soke.model.setup import Setup

LEVELS = ("gva", "jobs", "receipts", "budget")  # as is, for every place
DIFFERENCES = ("gva", "jobs", "receipts", "spending", "budget")  # deal less as is, for every place
COMPONENTS = ("benefits_saved", "new_money", "kept_growth", "proceeds_spent", "assigned_tax")  # for the area
BUDGET_YEARS = 4


@dataclass(slots=True)
class Outcome:
    """What a chunk comes to. A draw that failed holds no number (NaN) and is named with its reason.

    ``as_is`` (LEVELS, year, draw, place); ``difference`` (DIFFERENCES, year, draw, place); ``cost`` (draw, year) to
    England, of new money and growth kept; ``parts`` COMPONENTS -> (path, draw, year), as is and deal, for the area;
    ``below`` (draw, place) 1 where the budget ends below "as is" in any of the first four years.
    """

    first: int
    as_is: Floats
    difference: Floats
    cost: Floats
    parts: dict[str, Floats]
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
        {name: values[:, rows] for name, values in whole.parts.items()}, whole.below[rows], {},
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
        for trend, (_, today), (path, deal) in years(setup, given(setup, draws, rows)):
            _record(setup, outcome, trend, today, deal)
            _check(outcome, path, deal, trend.year, setup.years[trend.year])
    first = outcome.difference[DIFFERENCES.index("budget"), 1 : 1 + BUDGET_YEARS]
    outcome.below[:] = (first < 0).any(axis=0)


def _record(setup: Setup, outcome: Outcome, trend: Trend, today: Year, deal: Year) -> None:
    """Levels as is, and the paired difference."""
    t, levers = trend.year, setup.deal
    money = levers.money[t] - setup.as_is.money[t]
    gained = deal.kept - today.kept
    if levers.assigned is not None:
        assigned = levers.assigned_share * levers.assigned[t] * (deal.income_tax - setup.base.taxes["pay"])
        outcome.parts["assigned_tax"][1, :, t] = in_area(setup, assigned)
        gained += assigned
    spent = proceeds.spent(gained, levers.reserves)
    as_is, difference = outcome.as_is[:, t], outcome.difference[:, t]
    as_is[0], as_is[2] = today.gva, today.receipts
    np.multiply(trend.jobs, trend.national_jobs, out=as_is[1])
    np.add(trend.council_tax, today.kept, out=as_is[3])
    as_is[3] += setup.as_is.rates.retention[0] * setup.base.business_rates + setup.as_is.money[t]
    np.subtract(deal.gva, today.gva, out=difference[0])
    difference[1] = 0.0 if deal.more_jobs is None else deal.more_jobs
    np.subtract(deal.receipts, today.receipts, out=difference[2])
    np.add(spent, money, out=difference[3])
    difference[3][:, levers.homes] -= deal.benefits_saved
    np.add(gained, money, out=difference[4])
    outcome.cost[:, t] = difference[4].sum(axis=1)
    parts, here = outcome.parts, np.isin(levers.homes, setup.members)
    parts["new_money"][1, :, t] = in_area(setup, money)
    parts["kept_growth"][0, :, t], parts["kept_growth"][1, :, t] = in_area(setup, today.kept), in_area(setup, deal.kept)
    parts["proceeds_spent"][1, :, t] = in_area(setup, spent)
    parts["benefits_saved"][1, :, t] = deal.benefits_saved[:, here].sum(axis=1)


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
            outcome.failed.setdefault(int(row), f"{reason} in {when}-{(when + 1) % 100:02d}")


def _blank(outcome: Outcome, row: int, reason: str) -> None:
    outcome.failed[row] = reason
    for values in (outcome.as_is, outcome.difference):
        values[:, :, row] = np.nan
    outcome.below[row] = outcome.cost[row] = np.nan
    for part in outcome.parts.values():
        part[:, row] = np.nan


def in_area(setup: Setup, values: Floats) -> Floats:
    """Sum over the deal's places of an array whose last axis is places."""
    return np.asarray(values[..., list(setup.members)].sum(axis=-1))
