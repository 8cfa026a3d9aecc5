"""What is where in each official workbook: sheets, rows, headings, units, limits, and where the layout was seen.

A sheet or a heading may hold ``{label}`` (2019-20) or ``{year}`` (2019); ``*`` in a heading stands for any words.
``years`` is a span, or where the year is said: ``title`` (above the headings), ``file`` (its name) or
``column:NAME``. ``cover`` ``billing`` asks for every billing authority of the year. ``duplicates`` says which second
rows of an authority are no error: ``one-zero`` (one of them is all zero) or ``same``.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from soke.text import financial_year

UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One column: its heading, what it is, and the bounds beyond which it cannot be that."""

    column: str  # letter, "" where the heading alone says which
    header: str
    variable: str
    unit: str
    multiplier: float
    least: float
    most: float
    required: bool
    seen: str
    note: str


@dataclass(frozen=True, slots=True)
class Layout:
    """One sheet of one edition of a workbook (``sheet`` "" for a CSV file)."""

    kind: str
    edition: str
    title: str
    sheet: str
    years: str
    header_row: int  # 0 where the headings are looked for
    code: str
    ecode: str
    name: str
    cover: str
    duplicates: str
    skip: tuple[str, ...]
    wanted: tuple[Wanted, ...]

    @property
    def span(self) -> range | None:
        """The years that the sheet names say, where they do."""
        match = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", self.years)
        return range(int(match[1]), int(match[2] or match[1]) + 1) if match else None

    def sheets(self) -> dict[str, int | None]:
        """Names of the sheets that this layout reads -> the year of each, None where the sheet's name says none."""
        if "{label}" in self.sheet and self.span:
            return {self.sheet.format(label=financial_year(y)): y for y in self.span}
        return {self.sheet: self.span[0] if self.span and len(self.span) == 1 else None}


@cache
def layouts() -> tuple[Layout, ...]:
    """Every layout of ``layouts.csv``."""
    text = files(__package__).joinpath("layouts.csv").read_text(encoding="utf-8")
    rows: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        rows.setdefault((row["kind"], row["edition"], row["sheet"]), []).append(row)
    return tuple(_layout(group) for group in rows.values())


def _layout(rows: list[dict[str, str]]) -> Layout:
    one = rows[0]
    return Layout(
        one["kind"], one["edition"], one["title"], one["sheet"], one["years"], int(one["header_row"] or 0),
        one["code"], one["ecode"], one["name"], one["cover"], one["duplicates"], tuple(one["skip"].split(";")),
        tuple(_wanted(row) for row in rows),
    )  # fmt: skip


def _wanted(row: dict[str, str]) -> Wanted:
    return Wanted(
        row["column"], row["header"], row["variable"], row["unit"], float(row["multiplier"]), float(row["least"]),
        float(row["most"]), row["required"] == "yes", row["seen"], row["note"],
    )  # fmt: skip


def year_of(text: str) -> int | None:
    """The financial year that a text names once, or None: ``2026-27``, ``2026 to 2027``, ``nndr3_25_26``."""
    found = {int(a) for a, b in re.findall(r"(?<!\d)(20\d\d)\s?(?:-|–|_|/|to)\s?(?:20)?(\d\d)(?!\d)", text)
             if (int(a) + 1) % 100 == int(b)}  # fmt: skip
    if not found:
        found = {2000 + int(a) for a, b in re.findall(r"(?<!\d)(\d\d)[-_](\d\d)(?!\d)", text)
                 if (int(a) + 1) % 100 == int(b)}  # fmt: skip
    return next(iter(found)) if len(found) == 1 else None
