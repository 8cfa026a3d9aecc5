"""What moves the headline of the runs that are there: read from their own tables, never worked out here."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from soke.errors import SokeError
from soke.files import read_whole
from soke.report.run.record import RUN, read_record
from soke.site.contents import Asked, Mover, Run, Trouble

FILE, LARGEST = "drivers.csv", 1_000_000
NEEDED = ("parameter", "meaning", "low_fifth_gbp_million", "high_fifth_gbp_million")


@dataclass(frozen=True, slots=True)
class Movers:
    """What the runs say, and what was wrong with those that cannot be believed."""

    runs: tuple[Run, ...]
    troubles: tuple[Trouble, ...]


def gather_movers(asked: Asked) -> Movers:
    """The table of every run in the folder of runs, in the order of their names. A run whose table is not the one that
    its record vouches for is told, and not shown."""
    runs, troubles = [], []
    for folder in _folders(asked.runs):
        try:
            found = _run(folder)
        except SokeError as error:
            troubles.append(Trouble(f"The run {folder.name}", f"{error.fact} It is left out."))
        else:
            runs += [found] if found.movers else []
    return Movers(tuple(runs), tuple(troubles))


def _folders(top: Path | None) -> Iterator[Path]:
    if top is not None:
        yield from (folder for folder in sorted(top.iterdir()) if (folder / RUN).is_file())


def _run(folder: Path) -> Run:
    record = read_record(folder / RUN)
    name = str(record.get("title") or folder.name)
    if FILE not in record["outputs"]:
        return Run(name, record["command"], ())
    if not (folder / FILE).is_file():
        raise SokeError(f"{folder.name} has no {FILE}, which its {RUN} names.", "Run it again.")
    content = read_whole(folder / FILE, str(folder / FILE), LARGEST)
    if hashlib.sha256(content).hexdigest() != record["outputs"][FILE]:
        raise SokeError(f"{FILE} is not the one that {RUN} vouches for.", "Run it again.")
    rows = csv.DictReader(io.StringIO(content.decode("utf-8", "replace")))
    if not set(NEEDED) <= set(rows.fieldnames or ()):
        raise SokeError(f"{FILE} is not a table of what moves the headline.", "Run it again.")
    return Run(name, record["command"], tuple(_mover(row) for row in rows))


def _mover(row: dict[str, str]) -> Mover:
    try:
        low, high = (float(row[key]) for key in NEEDED[2:])
    except (TypeError, ValueError):
        raise SokeError(f"{FILE} has a value that is no number.", "Run it again.") from None
    return Mover(row["parameter"], row["meaning"], low, high)
