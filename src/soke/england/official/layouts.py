"""What is where in each official workbook: sheets, rows, headings, units, limits, and where the layout was seen.

A sheet or a heading may hold ``{label}`` (2019-20) or ``{year}`` (2019). How a heading is said is in
:mod:`soke.england.official.headings`; `` × `` parts the headings of two columns whose product is the figure; ``=A`` for
a code or name is a column by its letter; a code, E-code or name that ends in ``?`` may be missing. A sheet with ``?``
is read where it is there, one with ``??`` only where it also has the headings. ``Data:precepting`` is a part of the
sheet ``Data``: the rows of those who are no billing authority.

``years`` is a span, or where the year is said: ``title`` (above the headings), ``file`` (its name), ``title and file``,
``october`` (a count of that month) or ``column:NAME``. ``areas`` says whose codes they are: authorities,
``constituencies``, or ``education`` numbers. ``cover`` has words with ``;`` between: ``billing`` asks for a figure of
every billing authority of the year, ``rows`` for a row of each, though its figure may be suppressed; ``constituencies``
and ``education`` likewise; ``county``, ``fire``, ``police`` and ``precepting`` (all of them) for a row of each of them,
``settled`` of everybody in the settlement of the year; ``said`` has those who are missing counted and said. ``control``
``regions`` has sums compared with the table's own rows of regions, ``classes`` with those of classes. ``duplicates``
says which second rows of an authority are no error: ``one-zero`` (one of them is all zero) or ``same``. A rule of
``skip`` with ``!`` comes before any code is looked up.

``use`` of a column: ``check`` (compared with the sum of the others, never given), ``regional`` (which regions
control), ``part of VARIABLE``, ``filed`` (nought means that nothing was filed), ``levied`` (what a billing authority
charges for another), ``levy`` (what that one sets). ``line`` in ``measured.csv``: HEADING=WORDS says which rows of a
long table hold the figure.

``seen.csv`` has the layouts that were held against real files, and more columns. ``below``: a second row of headings
stands under the first. ``class``: the column with the class of an authority. ``parts``: what rows hold parts of the
authority above them, by code or name. ``until``: where the table ends.

``seen`` says where the layout was read off. It begins with ``unverified`` until a real file was read.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from soke.errors import SokeError
from soke.text import financial_year

UNVERIFIED = "unverified"
LISTS = ("layouts.csv", "measured.csv", "seen.csv")
LONG = 400_000  # rows of a table with a row a line of the accounts
PART = "part of "
_BETWEEN = "[-\u2010\u2011\u2012\u2013\u2014_/]|to"
_LABEL = re.compile(r"(?<!\d)(20\d\d)-\d\d(?!\d)")
# Three numbers with one sign between them are a date or a time, where they can be: of a download, not of the figures
_DATED = re.compile(r"(?<![A-Za-z\d])(\d{1,4})([-_. /])(\d{1,2})\2(\d{1,4})(?!\d)")


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
    line: str = ""
    use: str = ""

    @property
    def unverified(self) -> bool:
        """Whether nobody has held the layout against a real file."""
        return self.seen.startswith(UNVERIFIED)

    @property
    def part_of(self) -> str:
        """The variable that this one is a part of, or ""."""
        return self.use.removeprefix(PART) if self.use.startswith(PART) else ""


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
    areas: str = ""
    control: str = ""
    below: bool = False
    class_: str = ""
    parts: tuple[str, ...] = ()
    until: str = ""

    @property
    def part(self) -> str:
        """Whose rows of its sheet it reads: ``billing`` or ``precepting``, "" for everybody's."""
        return self.sheet.partition(":")[2]

    @property
    def first(self) -> int | None:
        """The first year of the edition, where it names one."""
        match = _LABEL.search(self.edition)
        return int(match[1]) if match else None

    @property
    def last(self) -> int | None:
        """The last year of an edition that names two."""
        found = _LABEL.findall(self.edition)
        return int(found[-1]) if found[1:] else None

    @property
    def read_off(self) -> tuple[int, ...]:
        """The years of the real files that the layout was read off; none where it never met one."""
        if self.unverified:
            return ()
        said = " ".join(dict.fromkeys(w.seen for w in self.wanted if not w.unverified))
        pattern = r"(?<!\d)(20\d\d)(?!\d)" if self.years == "october" else _LABEL
        return tuple(sorted({int(y) for y in re.findall(pattern, said)}))

    @property
    def unverified(self) -> bool:
        """Whether no column of it was ever held against a real file."""
        return all(w.unverified for w in self.wanted)

    @property
    def optional(self) -> bool:
        """Whether a workbook of this edition may lack the sheet."""
        return self.sheet.partition(":")[0].endswith("?")

    @property
    def lenient(self) -> bool:
        """Whether a sheet of this name may also be something else."""
        return self.sheet.endswith("??")

    @property
    def long(self) -> bool:
        """Whether an authority has many rows."""
        return any(w.line for w in self.wanted)

    @property
    def span(self) -> range | None:
        """The years that the sheet names say, where they do."""
        match = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", self.years)
        return range(int(match[1]), int(match[2] or match[1]) + 1) if match else None

    def sheets(self) -> dict[str, int | None]:
        """Names of the sheets that this layout reads -> the year of each, None where the sheet's name says none."""
        sheet = self.sheet.partition(":")[0].rstrip("?")
        if "{label}" in sheet and self.span:
            return {sheet.format(label=financial_year(y)): y for y in self.span}
        return {sheet: self.span[0] if self.span and len(self.span) == 1 else None}

    def there(self, names: Iterable[str]) -> dict[str, int | None]:
        """Those of its sheets that a workbook has."""
        held = set(names)
        return {name: year for name, year in self.sheets().items() if name in held}


@cache
def layouts() -> tuple[Layout, ...]:
    """Every layout of ``layouts.csv`` and ``measured.csv``."""
    rows: dict[tuple[str, str, str], list[dict[str, str]]] = {}
    for name in LISTS:
        text = files(__package__).joinpath(name).read_text(encoding="utf-8")
        for row in csv.DictReader(io.StringIO(text)):
            rows.setdefault((row["kind"], row["edition"], row["sheet"]), []).append(row)
    return tuple(_layout(group) for group in rows.values())


def ever_seen(variable: str, kind: str = "") -> bool:
    """Whether the layout that gives a variable was ever held against a real file, in a ``kind`` of workbook or in all.

    False as soon as one column that gives it is unverified. SokeError where no layout gives the variable.
    """
    columns = [w for a in layouts() if kind in ("", a.kind) for w in a.wanted if variable in (w.variable, w.part_of)]
    if not columns:
        where = f"workbook of the kind {kind!r}" if kind else "workbook"
        raise SokeError(f"No {where} gives {variable!r}.", "`soke data import --help` names the workbooks.")
    return not any(w.unverified for w in columns)


def _layout(rows: list[dict[str, str]]) -> Layout:
    head = rows[0]
    return Layout(
        head["kind"], head["edition"], head["title"], head["sheet"], head["years"], int(head["header_row"] or 0),
        head["code"], head["ecode"], head["name"], head["cover"], head["duplicates"], tuple(head["skip"].split(";")),
        tuple(_wanted(row) for row in rows), head.get("areas", ""), head.get("control", ""), head.get("below") == "yes",
        head.get("class", ""), tuple(filter(None, head.get("parts", "").split(";"))), head.get("until", ""),
    )  # fmt: skip


def _wanted(row: dict[str, str]) -> Wanted:
    return Wanted(
        row["column"], row["header"], row["variable"], row["unit"], float(row["multiplier"]), float(row["least"]),
        float(row["most"]), row["required"] == "yes", row["seen"], row["note"], row.get("line", ""), row.get("use", ""),
    )  # fmt: skip


def year_of(text: str) -> int | None:
    """The financial year that a text names once, or None: ``2026-27``, ``2026 to 2027``, ``nndr3_25_26``, ``_2324``.

    A date, such as that of a download, names none.

    >>> year_of("nndr3_25_26"), year_of("nndr3_10-11-2025"), year_of("nndr3_2025-26 of 10-11-2025")
    (2025, None, 2025)
    """
    text = _DATED.sub(lambda m: " . " if _a_date(m[1], m[3], m[4]) else m[0], text)
    found = {int(a) for a, b in re.findall(rf"(?<!\d)(20\d\d)\s?(?:{_BETWEEN})\s?(?:20)?(\d\d)(?!\d)", text)
             if (int(a) + 1) % 100 == int(b)}  # fmt: skip
    if not found:
        found = {2000 + int(a) for a, b in re.findall(r"(?<!\d)(\d\d)[-_](\d\d)(?!\d)", text)
                 if (int(a) + 1) % 100 == int(b)}  # fmt: skip
    if not found:  # 2021 is a year of its own, and the year 2020-21 too: it says neither
        found = {2000 + int(a) for a, b in re.findall(r"(?<!\d)(\d\d)(\d\d)(?!\d)", text)
                 if int(a) + 1 == int(b) and a not in ("19", "20")}  # fmt: skip
    return next(iter(found)) if len(found) == 1 else None


def _a_date(first: str, second: str, third: str) -> bool:
    """Whether three numbers can be day, month and year, or a time, in some order."""
    a, b, c = int(first), int(second), int(third)
    day_first = a <= 31 and b <= 31 and min(a, b) <= 12 and len(third) in (2, 4)
    year_first = len(first) == 4 and b <= 12 and c <= 31
    return min(a, b, c) >= 0 and (day_first or year_first)
