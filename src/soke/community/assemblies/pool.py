"""Who may be drawn, and what the panel must look like: the pool and the quotas, read strictly from CSV.

The pool has a row for each person: residents who answered an invitation, or users of a service. It has a column for
each category of the quotas; other columns are not read. The quotas have a row for each value of a category, with the
fewest and the most people of that value on the panel. Three headings are known: ``category,feature,min,max``,
``category,name,...,min,max`` and ``feature,value,min,max``; further columns are not read.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from soke.errors import SokeError
from soke.files import read_whole
from soke.spreadsheets import RISKY

LARGEST = 50_000_000  # bytes of a file
MOST_PEOPLE, MOST_QUOTAS, MOST_ON_A_PANEL, LONGEST = 200_000, 500, 10_000, 100
_NUMBER = re.compile(r"[0-9]{1,6}", re.ASCII)
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Quota:
    """At least ``least`` and at most ``most`` people on the panel have ``value`` in ``category``."""

    category: str
    value: str
    least: int
    most: int
    line: int = 0


@dataclass(frozen=True, slots=True)
class Pool:
    """People by row: ``ids``, and ``values`` in the order of ``categories``. A household of "" is nobody's."""

    categories: tuple[str, ...]
    ids: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    households: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ids)

    def only(self, keep: frozenset[str]) -> Pool:
        """The pool of those whose id is in ``keep``."""
        rows = [row for row, one in enumerate(self.ids) if one in keep]
        return Pool(
            self.categories, tuple(self.ids[r] for r in rows), tuple(self.values[r] for r in rows),
            tuple(self.households[r] for r in rows),
        )  # fmt: skip


def read_files(pool: Path, quotas: Path, id_column: str = "", household: str = "") -> tuple[Pool, tuple[Quota, ...]]:
    """The pool and the quotas of two CSV files; ``id_column`` and ``household`` name columns of the pool.

    Without ``id_column`` people are numbered by row, from 1; without ``household`` nobody lives together. SokeError
    with file and line for what cannot be read.
    """
    wanted = read_quotas(read_whole(quotas, str(quotas), LARGEST), str(quotas))
    return read_pool(read_whole(pool, str(pool), LARGEST), str(pool), wanted, id_column, household), wanted


def household_limit(column: str, most: int) -> int:
    """How many of one household at most; 0 where no ``column`` says who lives together, so that it does not count."""
    if not column:
        return 0
    if most < 1:
        raise SokeError(f"--per-household {most} would draw nobody.", "Choose 1 or more.")
    return most


def read_quotas(content: bytes, shown: str) -> tuple[Quota, ...]:
    """The quotas of a file. SokeError with the line for what cannot be one."""
    rows = table(content, shown)
    _, header = next(rows)
    category, value, least, most = _quota_columns(header, shown)
    quotas: dict[tuple[str, str], Quota] = {}
    for line, row in rows:
        where = f"{shown}:{line}"
        names = [_plain(row[column], where) for column in (category, value)]
        for name, what in zip(names, ("category", "value"), strict=True):
            if not name:
                raise SokeError(f"The name of the {what} is empty.", "Fill it in, or delete the row.", where)
        key = (names[0], names[1])
        if key in quotas:
            fact = f'"{names[1]}" of "{names[0]}" has a quota on line {quotas[key].line} already.'
            raise SokeError(fact, "Keep one of them.", where)
        low, high = (_number(row[column], where) for column in (least, most))
        if low > high:
            fact = f'"{names[1]}" of "{names[0]}" asks for at least {low} and at most {high}.'
            raise SokeError(fact, "The minimum may not be above the maximum: change one of them.", where)
        quotas[key] = Quota(names[0], names[1], low, high, line)
    if not quotas:
        raise SokeError("There is no quota in this file.", "Add a row for each value of each category.", shown)
    if len(quotas) > MOST_QUOTAS:
        raise SokeError(f"There are {len(quotas):,} quotas.", f"Use {MOST_QUOTAS} at most: merge values.", shown)
    return tuple(quotas.values())


def read_pool(content: bytes, shown: str, quotas: tuple[Quota, ...], id_column: str, household_column: str) -> Pool:
    """The pool of a file. Without ``id_column`` people are numbered by row from 1. SokeError with the line."""
    rows = table(content, shown)
    _, header = next(rows)
    categories = tuple(dict.fromkeys(quota.category for quota in quotas))
    known = {category: {q.value for q in quotas if q.category == category} for category in categories}
    columns = [_column(header, category, shown, "a category of the quotas") for category in categories]
    id_at = _column(header, id_column, shown, "named by --id") if id_column else None
    home_at = _column(header, household_column, shown, "named by --household") if household_column else None
    ids: dict[str, int] = {}
    values, homes = [], []
    for number, (line, row) in enumerate(rows, start=1):
        where = f"{shown}:{line}"
        if number > MOST_PEOPLE:
            raise SokeError(f"There are more than {MOST_PEOPLE:,} people.", "Draw from a smaller pool.", where)
        person = str(number) if id_at is None else _id(row[id_at], where)
        if person in ids:
            raise SokeError(f'The id "{person}" stands on line {ids[person]} already.', "Give each one an id.", where)
        ids[person] = line
        values.append(tuple(_value(row[at], c, known[c], where) for at, c in zip(columns, categories, strict=True)))
        homes.append("" if home_at is None else _text(row[home_at], where))
    if not ids:
        raise SokeError("There is nobody in this pool.", "Add a row for each person.", shown)
    return Pool(categories, tuple(ids), tuple(values), tuple(homes))


def _quota_columns(header: list[str], shown: str) -> tuple[int, int, int, int]:
    if "category" in header:
        pairs = [("category", name) for name in ("feature", "name", "value") if name in header]
    else:
        pairs = [("feature", "value")] if {"feature", "value"} <= set(header) else []
    if not pairs or not {"min", "max"} <= set(header):
        fact = f"The first line is {', '.join(header)[:100]!r}: no quotas can be read from these columns."
        raise SokeError(fact, "Name the columns category,feature,min,max.", f"{shown}:1")
    category, value = pairs[0]
    return header.index(category), header.index(value), header.index("min"), header.index("max")


def table(content: bytes, shown: str) -> Iterator[tuple[int, list[str]]]:
    """A CSV table: line and cells of the header and of each row that is not blank; each row as wide as the header."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SokeError("This is not UTF-8 text.", 'Save the file as "CSV UTF-8".', f"{shown}:{line}") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    try:
        for row in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in row):
                continue
            if not header:
                header = [_text(cell, f"{shown}:{line}") for cell in row]
                _check_header(header, f"{shown}:{line}")
                yield line, header
            elif len(row) != len(header):
                fact = f"This row has {len(row)} cells; the first line has {len(header)}."
                raise SokeError(fact, "Give each row a cell for each column.", f"{shown}:{line}")
            else:
                yield line, row
    except csv.Error as error:
        raise SokeError(
            f"This is not a CSV table: {error}.", "Check the quotes.", f"{shown}:{reader.line_num}"
        ) from None
    if not header:
        raise SokeError("The file is empty.", "The first line names the columns.", shown)


def _check_header(header: list[str], where: str) -> None:
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        raise SokeError("The columns are not parted by commas.", "Save the file as CSV with commas.", where)
    twice = [name for name in header if name and header.count(name) > 1]
    if twice:
        raise SokeError(f'Two columns are called "{twice[0]}".', "Give each column a name of its own.", where)


def _column(header: list[str], name: str, shown: str, why: str) -> int:
    if name in header:
        return header.index(name)
    alike = [one for one in header if one.casefold() == name.casefold()]
    fix = f'Is it "{alike[0]}"? Spell both alike.' if alike else f"The columns are {', '.join(header)[:200]}."
    raise SokeError(f'There is no column "{name[:60]}", {why}.', fix, f"{shown}:1")


def _text(cell: str, where: str) -> str:
    text = unicodedata.normalize("NFC", cell.strip())
    if len(text) > LONGEST:
        raise SokeError(f"A cell holds {len(text):,} characters.", f"Use {LONGEST} at most.", where)
    if any(unicodedata.category(one) in _HIDDEN for one in text):
        raise SokeError("A cell holds a character that cannot be seen.", "Type the cell again.", where)
    return text


def _plain(cell: str, where: str) -> str:
    text = _text(cell, where)
    if text.startswith(RISKY):
        raise SokeError(f'"{text}" begins with {text[0]}, as a formula does.', "Choose another name.", where)
    return text


def _id(cell: str, where: str) -> str:
    """An id that a spreadsheet does not take for a formula, since it is published."""
    text = _text(cell, where)
    if not text:
        raise SokeError("The id is empty.", "Give each person an id.", where)
    if text.startswith(RISKY):
        raise SokeError(f'The id "{text}" begins with {text[0]}, as a formula does.', "Choose another id.", where)
    return text


def _value(cell: str, category: str, known: set[str], where: str) -> str:
    text = _text(cell, where)
    if text in known:
        return text
    alike = [one for one in known if one.casefold() == text.casefold()]
    fix = (
        f'Is it "{alike[0]}"? Spell both alike.' if alike else "Add a quota for it, with 0 as its minimum, or mend it."
    )
    raise SokeError(f'"{text}" of "{category}" has no quota.' if text else f'"{category}" is empty.', fix, where)


def _number(cell: str, where: str) -> int:
    text = cell.strip()
    if not _NUMBER.fullmatch(text) or int(text) > MOST_ON_A_PANEL:
        fact = f"{text[:30]!r} is not a whole number from 0 to {MOST_ON_A_PANEL:,}."
        raise SokeError(fact, "Write how many people, in digits.", where)
    return int(text)
