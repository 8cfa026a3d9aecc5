"""Two runs side by side, draw by draw."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.report.run.record import read_run
from soke.table import Cell, Column, Table

SHOWN_YEARS = (1, 4, 10, 20)  # of the run


def compare(first: Path, second: Path) -> Table:
    """How much more the second run narrows the gap, GBP million a year, in years 1, 4, 10 and 20.

    ``first`` and ``second``: folders that ``soke run`` wrote, with the same seed and number of draws, so that luck is
    the same in both. Medians, and the 10th and 90th percentile of the paired difference. SokeError for other folders.
    """
    a, b = read_run(first), read_run(second)
    for key in ("seed", "draws"):
        if a[0][key] != b[0][key]:
            raise SokeError(
                f"The runs are not paired: {key} is {a[0][key]} in {first} and {b[0][key]} in {second}.",
                f"Run one again with --{key} {a[0][key]}.",
            )
    years = [y for y in a[1] if y in b[1]]
    if not years:
        raise SokeError("The two runs have no year in common.", "Run both to the same end year.")
    marked = [y for k, y in enumerate(years, 1) if k in SHOWN_YEARS] or years[-1:]
    notes = [
        f"First: {a[0]['deal']}, {a[0]['scenario']}. Second: {b[0]['deal']}, {b[0]['scenario']}.",
        "How much the deal narrows the gap between spending and taxes; medians, 10th and 90th percentiles.",
    ]
    if a[0]["place"] != b[0]["place"]:
        notes.append(f"The runs are of two places, {a[0]['place']} and {b[0]['place']}: compare with care.")
    return Table.of(
        "compared_runs",
        "",
        (
            Column("year", "year"),
            Column("first_gbp_million", "first, £m a year", "money", digits=1),
            Column("second_gbp_million", "second, £m a year", "money", digits=1),
            Column("difference_gbp_million", "second less first", "money", digits=1),
            Column("difference_p10_gbp_million", "low", "money", digits=1),
            Column("difference_p90_gbp_million", "high", "money", digits=1),
            Column("chance_below_zero", "chance below zero", "share", digits=2),
        ),
        [(year, *_compared(year, a[1][year], b[1][year])) for year in marked],
        *notes,
    )


def _compared(year: str, a: Floats, b: Floats) -> tuple[Cell, ...]:
    """Medians of both runs, then of the difference with its range and the chance that it is below zero."""
    with np.errstate(over="ignore"):
        difference = b - a
    both = np.isfinite(difference)
    if not both.any():
        raise SokeError(f"No draw has a figure for {year} in both runs.", "Run again, and see why draws failed.")
    known = difference[both]
    low, middle, high = (float(q) for q in np.quantile(known, (0.1, 0.5, 0.9)))
    return float(np.median(a[both])), float(np.median(b[both])), middle, low, high, float((known < 0).mean())
