"""What an import would put in the place of what: by variable and year, before anything is written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from soke.england.official.reader import Reading
from soke.england.official.shipped import beside
from soke.errors import SokeError
from soke.files import read_whole
from soke.text import financial_year, listed

MEANS = ("band_d", "levy_rate")  # variables of which a sum says nothing
LARGEST = 20_000_000


@dataclass(frozen=True, slots=True)
class Change:
    """One variable of one year: what a workbook gives, and what stands there now.

    ``figure`` and ``before`` are sums, or means where ``how`` says so; ``before`` over the authorities of both, as
    ``over`` is of the new figures. ``now`` says where the old ones are: ``shipped``, ``imported before``, or "".
    """

    workbook: str
    variable: str
    year: int
    unit: str
    how: str
    authorities: int
    figure: float
    now: str
    both: int
    over: float | None
    before: float | None
    unverified: bool


def changes(readings: Sequence[Reading], files: Mapping[str, str], folder: Path) -> Iterator[Change]:
    """What each workbook would change. ``files``: the texts that would be written, by name."""
    there = {name: _held(folder / name) for name in files}
    for reading in readings:
        by: dict[tuple[str, int], dict[str, float]] = {}
        units: dict[str, str] = {}
        for f in reading.figures:
            by.setdefault((f.variable, f.year), {})[f.code] = f.value
            units[f.variable] = f.unit
        for (variable, year), figures in sorted(by.items()):
            held = there.get(f"{reading.kind}-{financial_year(year)}.csv", {}).get(variable, {})
            old, now = (held, "imported before") if held else _shipped(variable, year)
            both = sorted(set(old) & set(figures))
            mean = variable.startswith(MEANS)
            yield Change(
                reading.workbook, variable, year, units[variable], "mean" if mean else "sum", len(figures),
                _whole(figures.values(), mean), now if both else "", len(both),
                _whole([figures[c] for c in both], mean) if both else None,
                _whole([old[c] for c in both], mean) if both else None, variable in reading.unverified,
            )  # fmt: skip


def _shipped(variable: str, year: int) -> tuple[Mapping[str, float], str]:
    """The figures that Soke ships of the variable, of the year or of the nearest, and which."""
    found = beside(variable, year)
    if found is None or found.usual != 1:
        return {}, ""
    return found.figures, "shipped" if found.same else f"shipped, {found.year}"


def _whole(values: Iterable[float], mean: bool) -> float:
    held = list(values)
    return sum(held) / len(held) if mean and held else sum(held)


def _held(path: Path) -> dict[str, dict[str, float]]:
    """The figures of a file of an earlier import by variable and code; empty where there is none, or none of ours."""
    if not path.is_file():
        return {}
    out: dict[str, dict[str, float]] = {}
    try:
        for row in csv.DictReader(io.StringIO(read_whole(path, path.name, LARGEST).decode())):
            out.setdefault(row["variable"], {})[row["code"]] = float(row["value"])
    except (KeyError, TypeError, ValueError, UnicodeDecodeError, csv.Error):
        return {}
    return out


def unreplaced(files: Mapping[str, str], folder: Path) -> None:
    """SokeError where a file that would be written is there with other figures."""
    other = [name for name, text in files.items() if (folder / name).exists() and not _same(folder / name, text)]
    if other:
        raise SokeError(
            f"{folder.name} already holds other figures: {listed(other[:3])}" + (" and more." if other[3:] else "."),
            "Look at the summary above; to put the new figures in their place, add --replace.",
        )


def _same(path: Path, text: str) -> bool:
    return path.is_file() and read_whole(path, path.name, LARGEST) == text.encode()
