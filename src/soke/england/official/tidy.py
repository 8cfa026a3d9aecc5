"""What an import writes: tidy CSV, one file a kind of workbook and year, each figure with its workbook and hash."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from soke.england.official.bodies import name_of
from soke.england.official.reader import Figure, Reading
from soke.errors import SokeError
from soke.files import write_whole
from soke.text import financial_year

HEADER = ["code", "name", "year", "variable", "value", "unit", "workbook", "sha256", "layout"]
UNSAFE = re.compile(r"[^\w .,()+-]")


def tidy_files(readings: Sequence[Reading]) -> dict[str, str]:
    """``{file name: text}`` of all that was read. SokeError where two workbooks are of one kind and year."""
    out: dict[str, str] = {}
    owner: dict[str, str] = {}
    for reading in readings:
        for year in reading.years:
            name = f"{reading.kind}-{financial_year(year)}.csv"
            if name in out:
                fact = f"{owner[name]} and {reading.workbook} both give {reading.title} of {financial_year(year)}."
                raise SokeError(fact, "Name one of them: two editions of one table would be mixed.")
            out[name] = _text(reading, [f for f in reading.figures if f.year == year])
            owner[name] = reading.workbook
    return out


def write_files(files: Mapping[str, str], folder: Path) -> None:
    """Write every file, each whole or not at all. SokeError where the folder refuses."""
    for name, text in files.items():
        write_whole(folder / name, text.encode())


def _text(reading: Reading, figures: list[Figure]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    # Names are our own: a workbook's text never goes on into a file that a spreadsheet program may open.
    workbook = UNSAFE.sub("_", reading.workbook).lstrip("+-.@= ") or "workbook"
    for f in figures:
        layout = "unverified" if f.variable in reading.unverified else "seen"
        writer.writerow([f.code, name_of(f.code), financial_year(f.year), f.variable, repr(f.value), f.unit, workbook,
                         reading.sha256, layout])  # fmt: skip
    return out.getvalue()
