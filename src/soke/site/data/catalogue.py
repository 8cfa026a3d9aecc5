"""Which tables there are to take: ``tables.csv`` has for each what it is, its year, unit, grade and source.

Where a table of figures by council says all that itself, in ``columns.csv``, the row leaves it out.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import get_args

from soke.england.baseline import Grade
from soke.england.sources import sources
from soke.england.tables import read_table
from soke.site.data.sheets import Sheet

GROUPS = (
    ("accounts", "Accounts: what places raise and spend"), ("places", "Places and people"), ("funding", "Funding"),
    ("economy", "Economy"), ("powers", "Powers"), ("law", "Law"), ("sources", "Sources and workings"),
)  # fmt: skip
OWN, TABLES = "Soke", "england/tables/"
IN_THE_ROWS = "named in each row"
PACKED = ".gz"


@dataclass(frozen=True, slots=True)
class Licence:
    """As a data package names it, and the words by which a text of ours means it."""

    name: str
    title: str
    path: str
    words: str


OPEN = "Open Government Licence v3.0"
LICENCES = (
    Licence("OGL-UK-3.0", OPEN, "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/", OPEN),
    Licence("CC-BY-4.0", "Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/",
            "CC BY 4.0"),
    Licence("MIT", "MIT licence", "https://opensource.org/license/mit", "MIT"),
    Licence("other-at", "Other, with attribution", "", "uoted from their authors"),
)  # fmt: skip
ATTRIBUTION = (
    "Contains public sector information licensed under the Open Government Licence v3.0.",
    "Contains OS data © Crown copyright and database right.",
    "Contains figures of the Unit Cost Database v1.4, © New Economy and GMCA, under CC BY 4.0; the ranges are Soke’s.",
    "Soke’s own work is under the MIT licence.",
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of the catalogue. ``file``: the shipped file or files that it is, below the package; ``made``: what makes
    it where it is no file. ``sources``: ids of published sources, or words; none where each row names its own.
    ``packed``: whether its JSON is given packed, as it is large."""

    id: str
    group: str
    what: str
    file: str
    made: str
    year: str
    unit: str
    grade: str
    sources: tuple[str, ...]
    licence: str
    python: str
    command: str
    packed: bool

    @property
    def json_file(self) -> str:
        """The name of its JSON file."""
        return f"{self.id}.json{PACKED if self.packed else ''}"

    @property
    def shipped(self) -> str:
        """The name of the compiled table that it is; "" where it is none."""
        return self.file.removeprefix(TABLES).removesuffix(".csv") if self.file.startswith(TABLES) else ""

    @property
    def source_words(self) -> tuple[str, ...]:
        """Publisher and title of each source."""
        known = sources()
        return tuple(str(known[id_]) if id_ in known else id_ for id_ in self.sources) or (IN_THE_ROWS,)

    @property
    def licences(self) -> tuple[Licence, ...]:
        return tuple(each for each in LICENCES if each.words in self.licence)

    @property
    def same(self) -> str:
        """How to get the same in Python."""
        if self.python or self.made:
            return self.python
        if self.shipped:
            return f'from soke.england.tables import read_table; read_table("{self.shipped}")'
        folder, _, name = self.file.rpartition("/")
        where = f"soke.{folder.replace('/', '.')}"
        return f'from importlib.resources import files; files("{where}").joinpath("{name}").read_text()'

    def grades(self, sheet: Sheet) -> dict[str, int]:
        """How many rows, or columns, have each grade; without a number where the row of the catalogue names them."""
        if self.grade:
            return dict.fromkeys(self.grade.split("; "), 0)
        keys = [each.name for each in sheet.fields]
        if about := _columns().get(self.shipped):
            held = Counter(row["grade"] for row in about)
        else:
            at = keys.index("grade")
            held = Counter(str(row[at]) for row in sheet.rows)
        return {grade: held[grade] for grade in get_args(Grade) if held[grade]}


@cache
def listed() -> tuple[Listed, ...]:
    """Every table, in the order of the groups."""
    text = files("soke.site").joinpath("data", "tables.csv").read_text(encoding="utf-8")
    order = [group for group, _ in GROUPS]
    rows = sorted(csv.DictReader(io.StringIO(text)), key=lambda row: order.index(row["group"]))
    return tuple(map(_listed, rows))


@cache
def by_id() -> dict[str, Listed]:
    return {each.id: each for each in listed()}


def words_of(table: str) -> list[tuple[str, str]]:
    """What each column of a compiled table is: unit, year and note."""
    return [(row["name"], "; ".join(filter(None, (row["unit"], row["year"], row["note"]))))
            for row in _columns().get(table, ())]  # fmt: skip


@cache
def _columns() -> dict[str, list[dict[str, str]]]:
    """The columns that are told of, by table."""
    out: dict[str, list[dict[str, str]]] = {}
    for row in read_table("columns"):
        out.setdefault(row["table"], []).append(row)
    return out


def _listed(row: dict[str, str]) -> Listed:
    shipped = row["file"].removeprefix(TABLES).removesuffix(".csv") if row["file"].startswith(TABLES) else ""
    about = _columns().get(shipped, [])
    from_ = tuple(filter(None, row["sources"].split("; "))) or _each(
        id_ for r in about for id_ in r["source"].split(", ")
    )
    return Listed(
        row["id"], row["group"], row["what"], row["file"], row["made"],
        row["year"] or ", ".join(sorted(_each(r["year"] for r in about))),
        row["unit"] or "; ".join(_each(r["unit"] for r in about)),
        row["grade"], from_, row["licence"] or _licence(from_), row["python"], row["command"],
        row["packed"] == "yes",
    )  # fmt: skip


def _each(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _licence(from_: Iterable[str]) -> str:
    """The licences of the sources; Soke's own where there is nobody else's."""
    known = sources()
    return "; ".join(_each(known[id_].licence if id_ in known else "MIT" for id_ in from_))
