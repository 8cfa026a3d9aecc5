"""``soke compare``: two runs side by side, draw by draw."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import typer

from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, emit
from soke.cli.replay import read_record
from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.report import DRAWS, RUN
from soke.table import Cell
from soke.text import financial_year, start_year

COMPARED = (
    Column("year", "year"),
    Column("first_gbp_million", "first, £m a year", 1),
    Column("second_gbp_million", "second, £m a year", 1),
    Column("difference_gbp_million", "second less first", 1),
    Column("low_gbp_million", "low", 1),
    Column("high_gbp_million", "high", 1),
    Column("below_zero", "chance below zero", 2),
)
NAMED = ("deal", "scenario", "place")


def compare(
    first: Path = typer.Argument(help="Folder of a run."),
    second: Path = typer.Argument(help="Folder of another run."),
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Set two runs side by side, draw by draw: how much more the second narrows the gap, with its range.

    Both need the same seed and number of draws, so that luck is the same in both.

    Example: soke compare out/greater-manchester out/trial
    """
    a, b = _load(first), _load(second)
    for key in ("seed", "draws"):
        if a[0][key] != b[0][key]:
            raise SokeError(
                f"The runs are not paired: {key} is {a[0][key]} in {first} and {b[0][key]} in {second}.",
                f"Run one again with --{key} {a[0][key]}.",
            )
    years = [y for y in a[1] if y in b[1]]
    if not years:
        raise SokeError("The two runs have no year in common.", "Run both to the same end year.")
    marked = [y for k, y in enumerate(years, 1) if k in (1, 4, 10, 20)] or years[-1:]
    rows = [_compared(y, a[1][y], b[1][y]) for y in marked]
    notes = [
        f"First: {a[0]['deal']}, {a[0]['scenario']}. Second: {b[0]['deal']}, {b[0]['scenario']}.",
        "How much the deal narrows the gap between spending and taxes; medians, 10th and 90th percentiles.",
    ]
    if a[0]["place"] != b[0]["place"]:
        notes.append(f"The runs are of two places, {a[0]['place']} and {b[0]['place']}: compare with care.")
    emit(rows, COMPARED, as_json=as_json, as_csv=as_csv, notes=notes)


def _load(folder: Path) -> tuple[dict[str, Any], dict[str, Floats]]:
    """run.json of a run's folder, and the (draw,) values of its draws.csv by year, in the order of the draws."""
    if not (folder / RUN).is_file():
        raise SokeError(f"{folder} does not hold a run of Soke.", "Name a folder that `soke run` wrote.")
    record = read_record(folder / RUN)
    if not all(isinstance(record.get(key), str) for key in NAMED):
        raise SokeError(f"{folder / RUN} does not say what was run.", "Name a folder that `soke run` wrote.")
    record |= {key: " ".join(record[key].split()) for key in NAMED}
    try:
        content = (folder / DRAWS).read_bytes()
        if hashlib.sha256(content).hexdigest() != record["outputs"].get(DRAWS):
            raise SokeError(
                f"{folder / DRAWS} is not the one that its run.json vouches for.", "Run again to get both anew."
            )
        return record, _by_year(content.decode(), record["draws"])
    except (OSError, ValueError, csv.Error) as error:
        raise SokeError(
            f"{folder / DRAWS} cannot be read as the draws of a run: {error}.", "Run again to get it anew."
        ) from error


def _by_year(text: str, draws: int) -> dict[str, Floats]:
    """Values by year, in the order of the draws. Raises ValueError where rows or columns are not what was run."""
    header, *body = list(csv.reader(io.StringIO(text, newline=""))) or [[]]
    years = [financial_year(start_year(year)) for year in header[1:]]
    if header[:1] != ["draw"] or not years or len(set(years)) < len(years):
        raise ValueError("its first line does not name the draw and the years")
    if any(len(row) != len(header) for row in body):
        raise ValueError("a row is shorter or longer than the first line")
    body.sort(key=lambda row: int(row[0]))
    if len(body) != draws or any(int(row[0]) != k for k, row in enumerate(body)):
        raise ValueError(f"it does not hold each of {draws:,} draws once")
    values = np.array([[float(cell or "nan") for cell in row[1:]] for row in body])
    return {year: np.where(np.isfinite(values[:, k]), values[:, k], np.nan) for k, year in enumerate(years)}


def _compared(year: str, a: Floats, b: Floats) -> dict[str, Cell]:
    with np.errstate(over="ignore"):
        difference = b - a
    both = np.isfinite(difference)
    if not both.any():
        raise SokeError(f"No draw has a figure for {year} in both runs.", "Run again, and see why draws failed.")
    known = difference[both]
    low, middle, high = (float(q) for q in np.quantile(known, (0.1, 0.5, 0.9)))
    return {
        "year": year, "first_gbp_million": float(np.median(a[both])), "second_gbp_million": float(np.median(b[both])),
        "difference_gbp_million": middle, "low_gbp_million": low, "high_gbp_million": high,
        "below_zero": float((known < 0).mean()),
    }  # fmt: skip
