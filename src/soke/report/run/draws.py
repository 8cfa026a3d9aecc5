"""draws.csv: the figures by which two runs are compared in pairs, by series and draw, in the years that are marked."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.model.run.result import Series
from soke.report.contents import RunReport
from soke.text import financial_year, start_year

FILE = "draws.csv"
HEAD = ["series", "draw"]
EARLIER = "draw"  # first word of the file that versions before this wrote: one series, a column a year
YEARS = (1, 4, 10, 20)  # of the run, and its last
MONEY, JOBS = "£m a year", "jobs"

Draws = dict[str, dict[str, Floats]]  # by series, then by label of the year: (draw,)


@dataclass(frozen=True, slots=True)
class Paired:
    """A series by which two runs are compared. ``take``: what the deal changes, or the level as is."""

    title: str
    unit: str = MONEY
    take: Callable[[Series], Floats] = lambda series: series.difference


# in the order in which they are read: the gap, what nobody knows, who gains, what is kept, for England, jobs, care
PAIRED = {
    "gap_narrowing": Paired("How far the gap narrows"),
    "structural": Paired("Being devolved, by itself: not known"),
    "growth_pays": Paired("What growth pays, less its cost"),
    "exchequer": Paired("The Exchequer’s purse"),
    "place_budget": Paired("This place’s purse"),
    "kept_growth": Paired("Kept here of rates and grant"),
    "england_output": Paired("Output of England"),
    "jobs_kept": Paired("Jobs here", JOBS),
    "care_pressure": Paired("Care takes more, deal or no deal", take=lambda series: series.as_is),
}


def draws_csv(result: RunReport) -> str:
    """The series of :data:`PAIRED` that the run has: GBP million, or jobs. A draw that failed is an empty row."""
    last = len(result.projection.years) - 1
    marked = sorted({year for year in YEARS if year < last} | {last})
    lines = [",".join([*HEAD, *(financial_year(result.projection.years[year]) for year in marked)])]
    for name, paired in PAIRED.items():
        if series := result.series(name):
            for draw, values in enumerate(paired.take(series)[:, marked].tolist()):
                lines.append(",".join([name, str(draw), *("" if math.isnan(v) else f"{v:.9g}" for v in values)]))
    return "\n".join(lines) + "\n"


def read_draws(text: str, draws: int) -> Draws:
    """Each series, in the order of the draws. ValueError where rows or columns are not what was run."""
    header, *body = list(csv.reader(io.StringIO(text, newline=""))) or [[]]
    if header[:1] == [EARLIER]:
        raise SokeError(
            "The draws of a run are of an earlier version of Soke, which kept one series of them.",
            "Run the deal again with this version.",
        )
    years = [financial_year(start_year(year)) for year in header[2:]]
    if header[:2] != HEAD or not years or len(set(years)) < len(years):
        raise ValueError("its first line does not name the series, the draw and the years")
    if any(len(row) != len(header) for row in body):
        raise ValueError("a row is shorter or longer than the first line")
    if draws < 1 or not body or len(body) % draws:
        raise ValueError(f"it does not hold each of {draws:,} draws once")
    return dict(_series(body, years, draws))


def _series(body: list[list[str]], years: list[str], draws: int) -> Iterator[tuple[str, dict[str, Floats]]]:
    by_name: dict[str, list[list[str]]] = {}
    for row in body:
        by_name.setdefault(row[0], []).append(row)
    for name, rows in by_name.items():
        if name not in PAIRED:
            raise ValueError("it has a series that is none")
        rows.sort(key=lambda row: int(row[1]))
        if [int(row[1]) for row in rows] != list(range(draws)):
            raise ValueError(f"it does not hold each of {draws:,} draws once")
        values = np.array([[float(cell or "nan") for cell in row[2:]] for row in rows])
        values = np.where(np.isfinite(values), values, np.nan)
        yield name, {year: values[:, k] for k, year in enumerate(years)}
