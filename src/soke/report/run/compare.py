"""Two runs side by side, draw by draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.report.run.draws import JOBS, PAIRED
from soke.report.run.record import read_run
from soke.table import Cell, Column, Table
from soke.text import listed

SLIGHT = 0.05  # of a million, or of a job: what is smaller is printed as nought
COLUMNS = (
    Column("series", "Series", people=False),
    Column("what", "What"),
    Column("unit", "Unit"),
    Column("year", "Year"),
    Column("first", "First", "plain", digits=1),
    Column("second", "Second", "plain", digits=1),
    Column("difference", "Second less first", "plain-change", digits=1),
    Column("difference_p10", "10th", "plain-change", digits=1),
    Column("difference_p90", "90th", "plain-change", digits=1),
    Column("chance_below_zero", "Chance below zero", "share"),
)


def compare(first: Path, second: Path) -> Table:
    """What two runs say in the years that both mark, a row a series and year; what is nought in both is folded.

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
    both = [name for name in PAIRED if name in a[1] and name in b[1]]
    rows = [
        (name, PAIRED[name].title, PAIRED[name].unit, year, *_compared(year, a[1][name][year], b[1][name][year]))
        for name in both for year in a[1][name] if year in b[1][name]
    ]  # fmt: skip
    if not rows:
        raise SokeError("The two runs have no year in common.", "Run both to the same end year.")
    nought = [name for name in both if _slight(a[1][name]) and _slight(b[1][name])]
    table = Table.of("compared_runs", "", COLUMNS, rows, *_notes(a[0], b[0], nought))
    shown = tuple(k for k, row in enumerate(rows) if row[0] not in nought)
    return replace(table, version=2, page_rows=shown)


def _notes(a: Mapping[str, Any], b: Mapping[str, Any], nought: list[str]) -> list[str]:
    notes = [
        f"First: {a['deal']}, {a['scenario']}. Second: {b['deal']}, {b['scenario']}.",
        "What the deal changes, by each run; of care, what it takes more than now. Medians; 10th and 90th percentile of"
        f" the difference, draw by draw. All but {JOBS} in £ million a year.",
    ]
    if nought:
        notes.append(f"Nought in both, and not shown: {listed([PAIRED[name].title for name in nought])}.")
    if a["place"] != b["place"]:
        notes.append(f"The runs are of two places, {a['place']} and {b['place']}: compare with care.")
    return notes


def _slight(by_year: Mapping[str, Floats]) -> bool:
    """Whether nine draws in ten are printed as nought in every year."""
    return all(np.nanquantile(np.abs(values), 0.9) < SLIGHT for values in by_year.values())


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
