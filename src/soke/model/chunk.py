"""One chunk of draws from the base year to the end: both paths, their paired difference, and the draws that failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.evidence.sampling import Draws, sample_chunk
from soke.model import proceeds
from soke.model.projection import Given, Path, Trend, Year, advance, given, move_trend, start
from soke.model.setup import Setup

LEVELS = ("gva", "jobs", "receipts", "spending", "budget")  # as is, for every place
DIFFERENCES = (*LEVELS, "gap_narrowing", "balance")  # deal less as is, for every place
COMPONENTS = ("benefits_saved", "new_money", "kept_growth", "proceeds_spent", "assigned_tax")  # for the area
BUDGET_YEARS = 4


@dataclass(slots=True)
class Outcome:
    """What a chunk comes to. A draw that failed holds no number (NaN) and is named with its reason.

    ``as_is`` (LEVELS, year, draw, place); ``difference`` (DIFFERENCES, year, draw, place); ``parts`` COMPONENTS ->
    (path, draw, year), as is and deal, for the area; ``below`` (draw, place) 1 where the budget ends below "as is" in
    any of the first four years.
    """

    first: int
    as_is: Floats
    difference: Floats
    parts: dict[str, Floats]
    below: Floats
    parameters: Mapping[str, Floats]
    failed: dict[int, str] = field(default_factory=dict)  # row -> reason


def run_chunk(setup: Setup, number: int, size: int) -> Outcome:
    """A chunk; when it cannot be computed whole, draw by draw, so that only the draws at fault are lost."""
    draws = sample_chunk(setup.table, setup.seed, number, size, len(setup.places))
    try:
        return _run(setup, draws, slice(0, size))
    except (SokeError, ArithmeticError, ValueError) as error:
        whole = _empty(setup, draws)
        for row in range(size):
            _run_alone(setup, draws, row, whole, error)
        return whole


def _run_alone(setup: Setup, draws: Draws, row: int, whole: Outcome, why: Exception) -> None:
    """One draw of a chunk that failed whole, written into its row."""
    try:
        one = _run(setup, draws.only(row), slice(row, row + 1))
    except (SokeError, ArithmeticError, ValueError) as error:
        _blank(whole, row, str(error) or str(why))
        return
    rows = slice(row, row + 1)
    whole.as_is[:, :, rows], whole.difference[:, :, rows], whole.below[rows] = one.as_is, one.difference, one.below
    for name, values in one.parts.items():
        whole.parts[name][:, rows] = values
    if one.failed:
        whole.failed[row] = one.failed[0]


def _empty(setup: Setup, draws: Draws) -> Outcome:
    size, years, places = len(draws), len(setup.years), len(setup.places)
    return Outcome(
        first=draws.first,
        as_is=np.empty((len(LEVELS), years, size, places)),
        difference=np.empty((len(DIFFERENCES), years, size, places)),
        parts={name: np.zeros((2, size, years)) for name in COMPONENTS},
        below=np.zeros((size, places)),
        parameters=_parameters(setup, draws),
    )


def _parameters(setup: Setup, draws: Draws) -> dict[str, Floats]:
    """What was drawn, one value a draw; an effect that differs between places as its mean over the area."""
    area = draws.place["emp.effect"][:, list(setup.members)].mean(axis=1)
    here = draws["emp.effect.prior"] + draws["emp.effect.place_sd"] * area
    return {**draws.national, "emp.effect (mean here)": here}


def _run(setup: Setup, draws: Draws, rows: slice) -> Outcome:
    outcome = _empty(setup, draws)
    with np.errstate(all="ignore"):  # a draw that overflows is caught below, by name
        for trend, today, deal, paths in _years(setup, given(setup, draws, rows)):
            _record(setup, outcome, trend, today, deal)
            for path, year in zip(paths, (today, deal), strict=True):
                _check(outcome, path, year, setup.years[trend.year])
    first = outcome.difference[LEVELS.index("budget"), 1 : 1 + BUDGET_YEARS]
    outcome.below[:] = (first < 0).any(axis=0)
    for row, reason in outcome.failed.items():
        _blank(outcome, row, reason)
    return outcome


def _years(setup: Setup, chunk: Given) -> Iterator[tuple[Trend, Year, Year, tuple[Path, Path]]]:
    """The year loop."""
    size = len(chunk.draws)
    today, deal = start(setup, setup.as_is, size), start(setup, setup.deal, size)
    trend = None
    for _ in setup.years:
        trend = move_trend(setup, chunk, trend)
        yield trend, advance(setup, chunk, trend, today), advance(setup, chunk, trend, deal), (today, deal)


def _record(setup: Setup, outcome: Outcome, trend: Trend, today: Year, deal: Year) -> None:
    """Levels as is, and the paired difference with its parts."""
    t, lever, here = trend.year, setup.deal, list(setup.members)
    money = lever.money[t] - setup.as_is.money[t]
    assigned = np.zeros_like(deal.kept)
    if lever.assigned is not None:
        assigned = lever.assigned_share * lever.assigned[t] * (deal.income_tax - setup.base.taxes["pay"])
    gained = deal.kept - today.kept + assigned
    spent = proceeds.spent(gained, lever.reserves)
    spending = money + spent - deal.benefits_saved
    receipts = deal.receipts - today.receipts
    cost = (money + gained).sum(axis=1, keepdims=True)
    budget = trend.council_tax + setup.as_is.rates.retention[0] * setup.base.business_rates + today.kept
    outcome.as_is[:, t] = (
        today.gva, today.jobs, today.receipts, np.broadcast_to(setup.spending[t], today.gva.shape),
        budget + setup.as_is.money[t],
    )  # fmt: skip
    outcome.difference[:, t] = (
        deal.gva - today.gva, deal.jobs - today.jobs, receipts, spending, money + gained,
        receipts - spending, money + gained - cost * setup.bill_shares,
    )  # fmt: skip
    parts = {
        "benefits_saved": (today.benefits_saved, deal.benefits_saved),
        "new_money": (None, np.broadcast_to(money, spent.shape)),
        "kept_growth": (today.kept, deal.kept),
        "proceeds_spent": (None, spent),
        "assigned_tax": (None, assigned),
    }
    for name, both in parts.items():
        for path, values in enumerate(both):
            if values is not None:
                outcome.parts[name][path, :, t] = values[:, here].sum(axis=1)


def _check(outcome: Outcome, path: Path, year: Year, when: int) -> None:
    """Note the draws whose stocks fell below nought or whose money is no number, once each, with the first reason."""
    tests = (
        ("public capital fell below nought", path.capital.min(axis=1) < 0),
        ("jobs fell below nought", year.jobs.min(axis=1) < 0),
        ("output is not a positive number", ~(year.gva.min(axis=1) > 0) | ~np.isfinite(year.gva.sum(axis=1))),
        ("receipts are not a number", ~np.isfinite(year.receipts.sum(axis=1))),
    )
    for reason, wrong in tests:
        for row in np.flatnonzero(wrong):
            outcome.failed.setdefault(int(row), f"{reason} in {when}-{(when + 1) % 100:02d}")


def _blank(outcome: Outcome, row: int, reason: str) -> None:
    outcome.failed[row] = reason
    for values in (outcome.as_is, outcome.difference):
        values[:, :, row] = np.nan
    outcome.below[row] = np.nan
    for part in outcome.parts.values():
        part[:, row] = np.nan


def area_sums(setup: Setup, values: NDArray[np.float64]) -> Floats:
    """(series, year, draw, place) to (series, draw, year) sums over the deal's places."""
    return np.ascontiguousarray(values[..., list(setup.members)].sum(axis=-1).transpose(0, 2, 1))
