"""Who may be drawn, and what the panel must look like: the pool and the quotas, read strictly from CSV.

The pool has a row for each person: residents who answered an invitation, or users of a service. It has a column for
each category of the quotas; other columns are not read. The quotas have a row for each value of a category, with the
fewest and the most people of that value on the panel. Three headings are known: ``category,feature,min,max``,
``category,name,...,min,max`` and ``feature,value,min,max``; further columns are not read, which is said.

Every fault of both files is told in one error. Nothing is guessed: a value that is only near one of the quotas is
refused, with the one it may be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from soke.community.assemblies import households
from soke.community.assemblies.likeness import dates_of, fix_for, plain
from soke.community.assemblies.progress import Tell, quiet
from soke.community.handed_in import cell_text, rows_of
from soke.errors import Faults, SokeError
from soke.files import read_whole
from soke.spreadsheets import RISKY
from soke.text import listed

LARGEST = 50_000_000  # bytes of a file
MOST_PEOPLE, MOST_QUOTAS, MOST_ON_A_PANEL = 200_000, 500, 10_000
_NUMBER = re.compile(r"([0-9]{1,6})(?:\.0+)?", re.ASCII)  # 5.0 is how some programs write 5
_DECIMAL = re.compile(r"[0-9]+[.,][0-9]+", re.ASCII)
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[, \u00a0\u2009\u202f'][0-9]{3})+", re.ASCII)


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
    """People by row: ``ids``, and ``values`` in the order of ``categories``. A household of "" is nobody's.

    ``told_by`` are the columns by which households were told apart.
    """

    categories: tuple[str, ...]
    ids: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    households: tuple[str, ...]
    told_by: tuple[str, ...] = field(default=(), compare=False)

    def __len__(self) -> int:
        return len(self.ids)

    def of_rows(self, rows: Sequence[int]) -> Pool:
        """The people of these rows, in this order."""
        return replace(
            self, ids=tuple(self.ids[row] for row in rows), values=tuple(self.values[row] for row in rows),
            households=tuple(self.households[row] for row in rows),
        )  # fmt: skip

    def only(self, keep: frozenset[str]) -> Pool:
        """The pool of those whose id is in ``keep``."""
        return self.of_rows([row for row, one in enumerate(self.ids) if one in keep])


def read_files(
    pool: Path, quotas: Path, id_column: str = "", household: str | Sequence[str] = "", warn: Tell = quiet
) -> tuple[Pool, tuple[Quota, ...]]:
    """The pool and the quotas of two CSV files; ``id_column`` and ``household`` name columns of the pool.

    Without ``id_column`` people are numbered by row, from 1; without ``household`` nobody lives together. ``warn`` is
    told what was read and should be looked at. SokeError with file, lines and hints for all that cannot be read.
    """
    faults, names = Faults(), (str(quotas), str(pool))
    contents = [read_whole(path, name, LARGEST) for path, name in zip((quotas, pool), names, strict=True)]
    wanted = _quotas(contents[0], names[0], faults, warn)
    named = (household,) if isinstance(household, str) else tuple(household)
    return _people(contents[1], names[1], wanted, id_column, named, faults, warn), wanted


def household_limit(columns: str | Sequence[str], most: int) -> int:
    """How many of one household at most; 0 where no column says who lives together, so that it does not count."""
    if not any(columns):
        return 0
    if most < 1:
        raise SokeError(f"--per-household {most} would draw nobody.", "Choose 1 or more.")
    return most


def read_quotas(content: bytes, shown: str) -> tuple[Quota, ...]:
    """The quotas of a file. SokeError with the lines for what cannot be one."""
    faults = Faults()
    quotas = _quotas(content, shown, faults, quiet)
    faults.refuse()
    return quotas


def read_pool(content: bytes, shown: str, quotas: tuple[Quota, ...], id_column: str, household_column: str) -> Pool:
    """The pool of a file. Without ``id_column`` people are numbered by row from 1. SokeError with the lines."""
    return _people(content, shown, quotas, id_column, (household_column,), Faults(), quiet)


def _quotas(content: bytes, shown: str, faults: Faults, warn: Tell) -> tuple[Quota, ...]:
    """The quotas of a file. One whose numbers cannot be read stands with 0, so that the pool is read by its name."""
    rows = rows_of(content, shown, faults, ("min", "max"))
    _, header = next(rows)
    columns = _quota_columns(header, shown)
    if unread := [name for number, name in enumerate(header) if name and number not in columns]:
        said = "Not read: the column" if len(unread) == 1 else "Not read: the columns"
        warn(f"{shown}: {said} {listed(unread[:10])}. Quotas are kept from min to max.")
    quotas: dict[tuple[str, str], Quota] = {}
    for line, row in rows:
        category, value, least, most = (row[column] for column in columns)
        try:
            name = _name(category, "category"), _name(value, "value")
            if name in quotas:
                fact = f'"{name[1]}" of "{name[0]}" has a quota on line {quotas[name].line} already.'
                raise SokeError(fact, "Keep one of them.")
        except SokeError as error:
            faults.add(shown, line, error)
            continue
        quotas[name] = Quota(*name, 0, 0, line)
        try:
            low, high = _number(least), _number(most)
            if low > high:
                fact = f'"{name[1]}" of "{name[0]}" asks for at least {low} and at most {high}.'
                raise SokeError(fact, "The minimum may not be above the maximum: change one of them.")
        except SokeError as error:
            faults.add(shown, line, error)
            continue
        quotas[name] = Quota(*name, low, high, line)
    if not quotas:
        faults.refuse()
        raise SokeError("There is no quota in this file.", "Add a row for each value of each category.", shown)
    if len(quotas) > MOST_QUOTAS:
        raise SokeError(f"There are {len(quotas):,} quotas.", f"Use {MOST_QUOTAS} at most: merge values.", shown)
    return tuple(quotas.values())


def _people(
    content: bytes, shown: str, quotas: tuple[Quota, ...], id_column: str, household: Sequence[str], faults: Faults,
    warn: Tell,
) -> Pool:  # fmt: skip
    """The pool of a file. SokeError with everything in ``faults`` and all that is found here."""
    categories = tuple(dict.fromkeys(quota.category for quota in quotas))
    values_of = _Values({category: [q.value for q in quotas if q.category == category] for category in categories})
    rows = rows_of(content, shown, faults, [*categories, *([id_column] if id_column else [])])
    _, header = next(rows)
    homes_by = households.columns_of(household, header)
    at = _columns(header, [(c, "a category of the quotas") for c in categories], shown, faults)
    id_at = _columns(header, [(id_column, "named by --id")] if id_column else [], shown, faults)
    homes_at = _columns(header, [(name, "named by --household") for name in homes_by], shown, faults)
    if len(at) < len(categories) or len(id_at) < bool(id_column) or len(homes_at) < len(homes_by):
        faults.refuse()
    ids: dict[str, int] = {}
    values, homes, whole = [], [], []
    for number, (line, row) in enumerate(rows, start=1):
        if number > MOST_PEOPLE:
            fact = f"There are more than {MOST_PEOPLE:,} people."
            raise SokeError(fact, "Draw from a smaller pool.", f"{shown}:{line}")
        found: dict[str, str] = {}
        try:
            ids[_id(row[id_at[0]], ids) if id_at else str(number)] = line
        except SokeError as error:
            faults.add(shown, line, error)
        for column, category in zip(at, categories, strict=True):
            try:
                found[category] = values_of.value(row[column], category)
            except SokeError as error:
                faults.add(shown, line, error)
        try:
            homes.append([cell_text(row[k]) for k in homes_at])
        except SokeError as error:
            faults.add(shown, line, error)
        values.append(tuple(found.values()))
        whole.append((line, row))
    faults.refuse()
    if not ids:
        raise SokeError("There is nobody in this pool.", "Add a row for each person.", shown)
    for words in households.warnings(shown, zip(ids.values(), homes, strict=True), homes_by):
        warn(words)
    if words := households.twice(shown, header, whole, id_at[0] if id_at else None, [*at, *homes_at]):
        warn(words)
    keys = tuple(households.key(cells) for cells in homes)
    return Pool(categories, tuple(ids), tuple(values), keys, homes_by)


class _Values:
    """The values of each category that a quota names; what is wrong with another is worked out once."""

    def __init__(self, known: Mapping[str, Sequence[str]]) -> None:
        self.known = known
        self.sets = {category: frozenset(values) for category, values in known.items()}
        self.wrong: dict[tuple[str, str], SokeError] = {}

    def value(self, cell: str, category: str) -> str:
        """The value that a cell has. SokeError with the one that it may have meant."""
        text = cell_text(cell)
        if text in self.sets[category]:
            return text
        error = self.wrong.get((category, text))
        if error is None:
            fact = f'"{text}" of "{category}" has no quota.' if text else f'"{category}" is empty.'
            fix = fix_for(text, self.known[category]) if text else "Fill it in, or leave this person out."
            error = self.wrong[category, text] = SokeError(fact, fix)
        raise error


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


def _columns(header: list[str], names: Sequence[tuple[str, str]], shown: str, faults: Faults) -> list[int]:
    """Where the columns stand; those that are not there go to ``faults``, with the one that may be meant."""
    found = []
    for name, why in names:
        if name in header:
            found.append(header.index(name))
            continue
        alike = [one for one in header if plain(one) == plain(name)]
        fix = f'Is it "{alike[0]}"? Spell both alike.' if alike else f"The columns are {', '.join(header)[:200]}."
        faults.add(shown, 1, SokeError(f'There is no column "{name[:60]}", {why}.', fix))
    return found


def _name(cell: str, what: str) -> str:
    text = cell_text(cell)
    if not text:
        raise SokeError(f"The name of the {what} is empty.", "Fill it in, or delete the row.")
    if text.startswith(RISKY):
        raise SokeError(f'"{text}" begins with {text[0]}, as a formula does.', "Choose another name.")
    return text


def _id(cell: str, taken: Mapping[str, int]) -> str:
    """An id that a spreadsheet does not take for a formula, since it is published."""
    text = cell_text(cell)
    if not text:
        raise SokeError("The id is empty.", "Give each person an id.")
    if text.startswith(RISKY):
        raise SokeError(f'The id "{text}" begins with {text[0]}, as a formula does.', "Choose another id.")
    if text in taken:
        raise SokeError(f'The id "{text}" stands on line {taken[text]} already.', "Give each one an id.")
    return text


def _number(cell: str) -> int:
    """How many people a cell asks for. SokeError that says what else it may be."""
    text = cell.strip()
    match = _NUMBER.fullmatch(text)
    if match and int(match[1]) <= MOST_ON_A_PANEL:
        return int(match[1])
    fix = "Write how many people, in digits."
    if text.endswith(("%", "\uff05")):
        fix = "Is it a percentage? Quotas are numbers of people: 50% of a panel of 60 is 30."
    elif _DECIMAL.fullmatch(text) and float(text.replace(",", ".")) < 1:
        fix = "Is it a share? Quotas are numbers of people: 0.5 of a panel of 60 is 30."
    elif _THOUSANDS.fullmatch(text):
        fix = "Write it without a mark for thousands."
    elif _DECIMAL.fullmatch(text):
        fix = "Nobody is drawn in part: round a minimum down and a maximum up."
    elif dates_of(text):
        fix = "It looks like a date that a spreadsheet made. Format the column as text and type how many people."
    fact = f"{text[:30]!r} is not a whole number from 0 to {MOST_ON_A_PANEL:,}."
    raise SokeError(fact if text else "The number of people is empty.", fix)
