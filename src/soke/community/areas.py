"""Neighbourhoods with their figures, as a CSV file holds them: wards, LSOAs or areas of a deal's own.

The first line names the columns: ``code``, ``name``, and any of ``population``, ``need`` and other figures, ``within``
(the district that an area lies in), and ``q``, ``r`` (a cell of a hexagon map) or ``x``, ``y`` (a point) for a map.
Lines before it that begin with ``#`` say where the figures come from: ``# need: children in low-income families``,
``# source: ...``, ``# date: 2025-06-30``, ``# grade: official``. A file that states no grade is held as unverified.

Figures are read as they are written, exactly. A figure is an amount (people in need), not a score a head: a score
gives a hamlet as much as a town, unless it is multiplied by people (``need*population`` in a rule).
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import cast, get_args

from soke.england.baseline import Grade, baseline
from soke.england.layout import hexes
from soke.errors import Location, SokeError

LARGEST = 20_000_000  # bytes: England's 33,755 LSOAs take about two million
MOST = 50_000  # areas
GRADES: tuple[Grade, ...] = get_args(Grade)
NOT_FIGURES = ("code", "name", "within", "q", "r", "x", "y")
MOST_PEOPLE, FURTHEST = 100_000_000, 10**9
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}", re.ASCII)
_FIGURE = re.compile(r"(\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(\.\d{1,9})?", re.ASCII)
_WHOLE = re.compile(r"[-\u2212]?\d{1,6}", re.ASCII)
_POINT = re.compile(r"[-\u2212]?\d{1,9}(\.\d{1,9})?", re.ASCII)
_COLUMN = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
_NOT_PLAIN = re.compile(r"[^a-z0-9]+", re.ASCII)
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})  # controls, turns of direction, private and half characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One neighbourhood. ``figures`` are its cells as they are written; ``population`` is None where the file has no
    such column. ``cell`` (q, r) and ``point`` (x, y, upwards) say where it lies on a map."""

    code: str
    name: str
    at: Location
    population: int | None = None
    within: str = ""
    cell: tuple[int, int] | None = None
    point: tuple[float, float] | None = None
    figures: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Areas:
    """Neighbourhoods in the order of their file. ``about``: what the file says of its figures. ``sha256`` of its bytes
    is what a recount is held to."""

    shown: str
    sha256: str
    about: Mapping[str, str]
    columns: tuple[str, ...]
    rows: tuple[Area, ...]

    @property
    def grade(self) -> Grade:
        return cast(Grade, self.about.get("grade", "unverified"))

    @property
    def with_people(self) -> bool:
        return "population" in self.columns

    @property
    def districts(self) -> tuple[str, ...]:
        """The districts that the areas lie within, in the order of the file; none where it names none."""
        return tuple(dict.fromkeys(row.within for row in self.rows)) if "within" in self.columns else ()

    def figures(self, column: str) -> tuple[Fraction, ...]:
        """A column, exactly. SokeError for a column that there is none of, or a cell that is no amount."""
        known = [name for name in self.columns if name not in NOT_FIGURES]
        if column not in known:
            fact = f'The file has no column of figures called "{column[:40]}".'
            raise SokeError(fact, f"Its columns of figures: {', '.join(known) or 'none'}.", self.shown)
        return tuple(_figure(row, column, row.figures[column]) for row in self.rows)


def read_areas(content: bytes, shown: str) -> Areas:
    """The neighbourhoods of a CSV file. SokeError with file and line for the first thing that is wrong."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = Location(shown, content.count(b"\n", 0, error.start) + 1)
        raise SokeError("The file is not UTF-8 text.", 'Save it as "CSV UTF-8".', at) from None
    lines = _lines(text, shown)
    about, head, columns = _head(lines, shown)
    rows = tuple(_area(line, row, columns, shown) for line, row in lines)
    if not rows:
        raise SokeError("The file names no areas.", "Give each a line under the names of the columns.", head)
    if len(rows) > MOST:
        raise SokeError(f"{len(rows):,} areas are too many.", f"{MOST:,} at most.", shown)
    _each_once(rows)
    return Areas(
        shown=shown, sha256=hashlib.sha256(content).hexdigest(), about=about, columns=tuple(columns), rows=rows
    )


def _lines(text: str, shown: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something, with the line on which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise SokeError(f"This is not CSV: {error}.", "Check the quotes on this line.", Location(shown, line)) from None


def _head(lines: Iterator[tuple[int, list[str]]], shown: str) -> tuple[dict[str, str], Location, list[str]]:
    """What the file says of itself, and the names of its columns."""
    about: dict[str, str] = {}
    for line, row in lines:
        at = Location(shown, line)
        if not row[0].startswith("#"):
            return about, at, _columns(row, at)
        key, colon, said = ", ".join(cell for cell in row if cell).lstrip("# ").partition(":")
        if colon:
            about[_column(key)] = _text(said.strip(), "This line", at, 400)
        if "grade" in about and about["grade"] not in GRADES:
            raise SokeError(f'"{about["grade"][:40]}" is no grade.', f"Grades: {', '.join(GRADES)}.", at)
    raise SokeError("The file is empty.", "Its first line names the columns: code,name,population,need.", shown)


def _columns(row: list[str], at: Location) -> list[str]:
    columns = [_column(name) for name in row]
    while columns and not columns[-1]:
        columns.pop()
    for separator, called in ((";", "semicolons"), ("\t", "tabs")):
        if len(columns) == 1 and separator in row[0]:
            raise SokeError(f"The columns are separated by {called}.", "Save the file with commas between them.", at)
    for name in ("code", "name"):
        if name not in columns:
            fix = "The first line names them: code,name,population,need."
            raise SokeError(f'There is no column "{name}".', fix, at)
    for k, name in enumerate(columns):
        if not _COLUMN.fullmatch(name):
            fact = f"The name of column {k + 1} is empty, or does not begin with a plain letter."
            raise SokeError(fact, "Write a name such as low_income.", at)
        if name in columns[:k]:
            raise SokeError(f'The column "{name}" is there twice.', "Remove one.", at)
    for pair in ("qr", "xy"):
        if (pair[0] in columns) != (pair[1] in columns):
            raise SokeError(f"A map needs both {pair[0]} and {pair[1]}.", "Add the other column, or remove this.", at)
    return columns


def _column(name: str) -> str:
    """A heading as a rule names it: ``Low income (2024)`` is ``low_income_2024``."""
    return _NOT_PLAIN.sub("_", name.lower()).strip("_")


def _area(line: int, row: list[str], columns: list[str], shown: str) -> Area:
    at = Location(shown, line)
    if len(row) < len(columns) or any(row[len(columns) :]):
        fact = f"The line has {len(row)} cells, and the file {len(columns)} columns."
        raise SokeError(fact, "Put names with a comma, and figures with one, in quotes.", at)
    cells = dict(zip(columns, row, strict=False))
    code = cells.pop("code")
    if not CODE.fullmatch(code):
        fact = f'"{code[:60]}" is no code.'
        raise SokeError(fact, "A code is letters, digits, hyphens, dots and underscores, at most 60.", at)
    name = _text(cells.pop("name"), "The name", at, 120)
    within = _text(cells.pop("within"), f"The district of {name}", at, 120) if "within" in cells else ""
    people = _people(cells["population"], name, at) if "population" in cells else None
    cell = point = None
    if "q" in cells:
        cell = int(_place(cells.pop("q"), _WHOLE, "q", name, at)), int(_place(cells.pop("r"), _WHOLE, "r", name, at))
    if "x" in cells:
        point = _place(cells.pop("x"), _POINT, "x", name, at), _place(cells.pop("y"), _POINT, "y", name, at)
    return Area(code=code, name=name, at=at, population=people, within=within, cell=cell, point=point, figures=cells)


def _text(text: str, what: str, at: Location, longest: int) -> str:
    if not text:
        raise SokeError(f"{what} is empty.", "Write it in.", at)
    if len(text) > longest:
        raise SokeError(f"{what} is longer than {longest} characters.", "Shorten it.", at)
    if any(unicodedata.category(letter) in _HIDDEN for letter in text):
        raise SokeError(f"{what} holds a character that cannot be seen.", "Type it afresh.", at)
    return text


def _people(text: str, name: str, at: Location) -> int:
    people = amount(text, "population", name, at)
    if people.denominator != 1 or people > MOST_PEOPLE:
        fact = f'The population of {name} is "{text[:40]}".'
        raise SokeError(fact, f"Write whole people, at most {MOST_PEOPLE:,}.", at)
    return int(people)


def _place(text: str, form: re.Pattern[str], what: str, name: str, at: Location) -> float:
    if not form.fullmatch(text) or abs(number := float(text.replace("\u2212", "-"))) > FURTHEST:
        kind = "a whole number" if form is _WHOLE else "a plain number"
        raise SokeError(f'The {what} of {name} is "{text[:40]}".', f"Write {kind}.", at)
    return number


def _figure(row: Area, column: str, text: str) -> Fraction:
    return amount(text, column, row.name, row.at)


def amount(text: str, column: str, name: str, at: Location) -> Fraction:
    """A cell as an amount, nought or more. SokeError otherwise."""
    found = _FIGURE.fullmatch(text)
    if found is None:
        fact = f'The {column} of {name} is "{text[:40]}".' if text else f"The {column} of {name} is missing."
        fix = "Write a number of nought or more, such as 1250 or 0.75; write 0 where there is none."
        raise SokeError(fact, fix, at)
    return Fraction(found[1].replace(",", "") + (found[2] or ""))


def _each_once(rows: Iterable[Area]) -> None:
    codes: dict[str, Area] = {}
    cells: dict[tuple[int, int], Area] = {}
    names: dict[tuple[str, str], Area] = {}
    for row in rows:
        if other := codes.get(row.code.lower()):
            fix = f"It is that of {other.name} on line {other.at.line}: each area is there once."
            raise SokeError(f'The code "{row.code}" is there twice.', fix, row.at)
        if other := names.get((row.within, row.name)):
            fix = f"The other is on line {other.at.line}. Tell them apart by their names."
            raise SokeError(f"There are two areas called {row.name}.", fix, row.at)
        if row.cell is not None and (other := cells.get(row.cell)):
            fact = f"{row.name} has the same cell of the map, q {row.cell[0]}, r {row.cell[1]}, as {other.name}."
            raise SokeError(fact, f"{other.name} is on line {other.at.line}; move one of them.", row.at)
        codes[row.code.lower()] = names[row.within, row.name] = row
        if row.cell is not None:
            cells[row.cell] = row


# --- the districts of a deal, with the figures that Soke ships ---


def districts_csv(codes: Iterable[str]) -> str:
    """The lower-tier and unitary authorities of those codes as a file of areas, with their sources.

    Need is people in income deprivation: the share of the Indices of Deprivation times people, to the nearest person.
    """
    base, wanted = baseline(), set(codes)
    share, people = base.columns["imd_income"], base.columns["population"]
    out = io.StringIO(newline="")
    out.write(f"# population: residents, mid-year estimate {people.year} (Office for National Statistics)\n")
    out.write(
        f"# need: people in income deprivation: share of the English Indices of Deprivation {share.year} (MHCLG)"
        f" times residents of {people.year}\n"
    )
    out.write("# source: Contains public sector information licensed under the Open Government Licence v3.0\n")
    out.write(f"# date: {people.year} and {share.year}\n# grade: derived\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["code", "name", "population", "need", "q", "r"])
    for i, code in enumerate(base.codes):
        if code in wanted:
            heads = round(float(people.values[i]))
            writer.writerow([code, base.names[i], heads, round(float(share.values[i]) * heads), *hexes()[code]])
    return out.getvalue()
