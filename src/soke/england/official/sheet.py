"""One sheet of an official workbook, read row by row under its layout.

No row vanishes: each is an authority's, or a part of the one above it, or one that the layout leaves out, or a total by
its name, or it is said.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from soke.england.official import checks, identities, plausible
from soke.england.official.bodies import BILLING_CODES, area, is_new, is_total, name_of, of_name
from soke.england.official.cells import unpublished
from soke.england.official.cells import value as value_of
from soke.england.official.class_sums import ClassSums
from soke.england.official.columns import Column, on_line
from soke.england.official.edition import Laid
from soke.england.official.grid import Book
from soke.england.official.headings import cell_name, matching, plain, shown, sought
from soke.england.official.layouts import Wanted
from soke.england.official.years import one_year
from soke.errors import SokeError
from soke.text import counted, financial_year, listed, one_line

REGION = re.compile(r"E12\d{6}", re.ASCII)
PLACES = ("E06", "E07", "E08", "E09", "E14")  # whose figures sum to their region: counties would count twice
ASIDE = "Kept aside, since no authority that Soke knows has the code, which may be new"
STATUS = "status"
LEAST = 1.0  # a Band D of a pound or less is a figure that was not filled in
FEW = 4  # rows that a note names


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure: amounts in the unit of its variable."""

    code: str
    year: int
    variable: str
    value: float
    unit: str


Record = dict[str, tuple[float, str]]  # by variable: value, unit


class Sheet:
    """One sheet under its layout. ``levies`` and ``charges``: what precepting bodies set, and who charges it."""

    def __init__(self, book: Book, part: Laid, asked: int | None, cover: int | None) -> None:
        self.book, self.sheet, self.layout, self.found = book, part.sheet, part.layout, part.head
        self.head, self.keys, self.columns = part.head.row, part.head.keys, part.head.columns
        self.rows = book.sheets[part.sheet]
        self.bare = book.formulas.get(part.sheet, frozenset())
        self.place = f"{book.name}: sheet {part.sheet!r}" if part.sheet else book.name
        self.year = part.year if part.year is not None else self._year(asked, cover)
        self.notes: list[str] = []
        self.levies: list[float] = []
        self.charges: dict[str, dict[str, float]] = {}
        self._left: dict[str, list[str]] = {}  # why rows were left out -> whose or which
        self._classes = ClassSums() if self.layout.control == "classes" and part.head.class_ >= 0 else None

    def where(self, row: int, column: int) -> str:
        """The place of a cell, as people find it."""
        if not self.sheet:
            head = self.rows[self.head]
            return f"{self.book.name}: row {row + 1}, column {shown(head[column] if column < len(head) else None)}"
        return f"{self.book.name}: sheet {self.sheet!r}, cell {cell_name(row, max(column, 0))}"

    def _year(self, asked: int | None, cover: int | None) -> int | None:
        """The one year of the sheet; None where each row or heading says its own."""
        if self.layout.years.startswith("column:") or self.layout.span:
            return None
        return one_year(self.found.year, cover, self.layout, self.book.name, asked, self.place)

    def figures(self) -> Iterator[Figure]:
        """Every figure. SokeError where an authority is there twice, is unknown, or is missing."""
        records: dict[tuple[str, int], tuple[int, Record]] = {}
        rows: set[tuple[str, int]] = set()
        parts: list[tuple[str, int, Record]] = []
        last = ""
        for i in range(self.found.first, len(self.rows)):
            if self.layout.until and any(plain(t) == plain(self.layout.until) for t in self._texts(i)):
                break
            here = tuple(c for c in self.columns if on_line(self.rows[i], c))
            if not here:
                continue
            if self._is_part(i):
                if not last or not self._mine(self._whole_of(i, last)):
                    continue
                self._sum(i, here)
                parts += [(last, year, record) for year, record in self._records(i, here).items()]
                continue
            code = self._area(i, here)
            if code is None:
                continue
            last = code
            if not self._mine(code):
                continue
            self._sum(i, here)
            found = self._records(i, here)
            rows |= {(code, year) for year in found} or ({(code, self.year)} if self.year is not None else set())
            for year, record in found.items():
                self._add(records, i, code, year, record)
        self._fill(records, parts)
        self._found(records, rows)
        yield from self._given(records)

    def _given(self, records: dict[tuple[str, int], tuple[int, Record]]) -> Iterator[Figure]:
        checked = [w.variable for w in self.layout.wanted if w.use == "check"]
        for (code, year), (_, record) in records.items():
            for variable, (value, unit) in record.items():
                if variable not in checked:
                    yield Figure(code, year, variable, value, unit)
            amounts = {variable: value for variable, (value, _) in record.items()}
            for variable, value in checks.sums(amounts, self._wholes()).items():
                yield Figure(code, year, variable, value, self.layout.wanted[0].unit)

    def _mine(self, code: str) -> bool:
        """Whether the row of an authority is of the part of the sheet that is read."""
        return self.layout.part == "" or (self.layout.part == "billing") == code.startswith(BILLING_CODES)

    def _is_part(self, i: int) -> bool:
        """Whether a row holds a part of the authority above it."""
        texts = [plain(t) for t in self._texts(i)]
        return any(matching(texts, rule) for rule in self.layout.parts)

    def _whole_of(self, i: int, last: str) -> str:
        """The authority of which a row is a part: the one above it. SokeError where its name is another's."""
        name = re.sub(r"^\s*of which:?\s*", "", self._texts(i)[2], flags=re.IGNORECASE)
        owner = of_name(re.split(r"\s[-\u2013]\s", name)[0])
        if owner and owner != last:
            fact = f"The row is a part of {name_of(owner)}, and the row above it is of {name_of(last)}."
            raise SokeError(fact, "A row may be missing: download the workbook again.", self.where(i, self._key))
        return last

    def _fill(self, records: dict[tuple[str, int], tuple[int, Record]], parts: list[tuple[str, int, Record]]) -> None:
        """An authority with no base but those of its parts has the widest of theirs; its Band D is their sum. None is
        given where a part that has figures lacks it."""
        for wanted in self.layout.wanted:
            of: dict[tuple[str, int], list[float]] = {}
            lacking = {(code, year) for code, year, record in parts
                       if wanted.variable not in record and any(value for value, _ in record.values())}  # fmt: skip
            for code, year, record in parts:
                if wanted.variable in record:
                    of.setdefault((code, year), []).append(record[wanted.variable][0])
            if wanted.use == "levy":
                self.levies += [value for values in of.values() for value in values if value]
            for key, values in of.items():
                own = records.get(key, (0, {}))[1].get(wanted.variable, (0.0, ""))[0]
                if key in records and key not in lacking and any(values) and not own:
                    whole = max(values) if wanted.unit == "Band D equivalents" else sum(values)
                    records[key][1][wanted.variable] = (whole, wanted.unit)

    def _add(
        self, records: dict[tuple[str, int], tuple[int, Record]], i: int, code: str, year: int, record: Record
    ) -> None:
        if self.layout.duplicates == "one-zero" and not any(value for value, _ in record.values()):
            return  # a body that did not live in that year, or the empty one of two rows
        before = records.get((code, year))
        if before and self.layout.long and not set(before[1]) & set(record):
            records[code, year] = (i, before[1] | record)
            return
        if before and not (self.layout.duplicates == "same" and before[1] == record):
            rows = f"rows {before[0] + 1} and {i + 1}"
            fact = f"{name_of(code)} ({code}) is there twice for {financial_year(year)}: {rows}."
            raise SokeError(fact, "One authority has one row: delete the wrong one.", self.where(i, self._key))
        records[code, year] = (i, record)

    @property
    def _key(self) -> int:
        return next((k for k in self.keys[:2] if k >= 0), 0)

    def _found(self, records: dict[tuple[str, int], tuple[int, Record]], rows: set[tuple[str, int]]) -> None:
        """Whether all is there that must be, and agrees; what is to be said of it goes to ``notes``."""
        self.notes += [f"{why}: {counted(len(who), 'row')}, {_some(who)}." for why, who in self._left.items()]
        if not records:
            aside = f" {self.notes[0]}" if self.notes else ""
            raise SokeError(
                f"No authority was found under the headings.{aside}", "Check the edition.",
                f"{self.book.name}: {self.sheet!r}",
            )  # fmt: skip
        given = {variable for _, record in records.values() for variable in record}
        lacking = [c.wanted for c in self.columns if c.wanted.required and c.wanted.variable not in given]
        if self.layout.long and lacking:
            heading, _, words = lacking[0].line.partition("=")
            fact = f"No row has {words.split('|')[0]!r} under {heading!r}, which is where {lacking[0].variable} stands."
            raise SokeError(fact, "The layout is not one that is known: nothing was taken.", self.place)
        amounts = {key: {v: value for v, (value, _) in record.items()} for key, (_, record) in records.items()}
        self.notes += checks.covered(self.layout, amounts, rows, self.place, any(why == ASIDE for why in self._left))
        self.notes += identities.hold(self.layout, amounts, {c.wanted.variable for c in self.columns}, self.place)
        self._agrees(records, amounts)

    def _agrees(self, records: dict[tuple[str, int], tuple[int, Record]], amounts: identities.Amounts) -> None:
        """The table against its own totals, regions, classes, and the year before; who charges what."""
        for column in self.columns:
            wanted = column.wanted
            if wanted.use == "check":
                self.notes += checks.totals(wanted.variable, amounts)
            if wanted.use == "regional" and self.layout.control == "regions":
                checks.regions(wanted.variable, self._regional(wanted.variable), self.place)
            if wanted.use in ("levy", "levied"):
                self._charged(wanted.variable, wanted.use, amounts)
            if column.before >= 0:
                self._before(column, records)
        if self._classes and (agree := self._classes.agree(self.place)):
            self.notes.append(f"{counted(agree, 'sum')} of classes of authorities agree with the table's own.")

    def _before(self, column: Column, records: dict[tuple[str, int], tuple[int, Record]]) -> None:
        """The column against its neighbour of the year before, and that against what is shipped of its year."""
        name = column.wanted.variable
        pairs = {code: (r[name][0], before) for (code, _), (i, r) in records.items()
                 if name in r and (before := self._raw(i, column.before)) is not None and before > LEAST}  # fmt: skip
        if name.startswith("band_d"):  # which may be frozen: then it tells nothing of the year
            identities.falls(list(pairs.values()), name, self.place)
        elif self.year is not None and column.wanted.multiplier == 1:
            plausible.of_the_year_before({c: b for c, (_, b) in pairs.items()}, name, self.year, self.place)

    def _charged(self, variable: str, use: str, amounts: identities.Amounts) -> None:
        for (code, _), record in amounts.items():
            if variable in record and use == "levy":
                self.levies.append(record[variable])
            elif variable in record:
                self.charges.setdefault(code, {})[variable] = record[variable]

    def _sum(self, i: int, here: tuple[Column, ...]) -> None:
        if self._classes:
            self._classes.add(self._text(i, self.found.class_), self._cells(i, here))

    def _cells(self, i: int, here: tuple[Column, ...]) -> dict[Wanted, float | None]:
        return {c.wanted: self._raw(i, c.index) for c in here}

    def _raw(self, i: int, k: int) -> float | None:
        row = self.rows[i]
        return value_of(row[k], self.book.typed) if 0 <= k < len(row) else None

    def _regional(self, variable: str) -> dict[str, tuple[float, float]]:
        """By region: what its own row says, and the sum of the places that follow it."""
        column = next((c for c in self.columns if c.wanted.variable == variable), None)
        out: dict[str, tuple[float, float]] = {}
        region = ""
        for row in self.rows[self.head + 1 :] if column else ():
            code = str(row[self.keys[0]] or "").strip().upper() if len(row) > self.keys[0] else ""
            cell = row[column.index] if column and column.index < len(row) else None
            value = cell if isinstance(cell, float) else 0.0
            if REGION.fullmatch(code):
                region, out[code] = code, (value, 0.0)
            elif not code.startswith("E"):
                region = "" if code else region  # Wales and others come after the last region
            elif region and code.startswith(PLACES):
                out[region] = (out[region][0], out[region][1] + value)
        return out

    def _wholes(self) -> dict[str, list[str]]:
        out: dict[str, list[str]] = {}
        for wanted in self.layout.wanted:
            if wanted.part_of:
                out.setdefault(wanted.part_of, []).append(wanted.variable)
        return out

    def _area(self, i: int, here: tuple[Column, ...]) -> str | None:
        """Whose row it is; None where it is nobody's, which is then said if it holds figures."""
        code, ecode, name = self._texts(i)
        for rule in self.layout.skip:
            heading, equals, value = rule.partition("=")
            k = next(iter(matching(self.rows[self.head], heading)), -1) if equals else -1
            if equals and k >= 0 and plain(self._text(i, k)) == plain(value):
                if value != "total":
                    self._left.setdefault(f"Left out, since their {heading} is {value!r}", []).append(name or code)
                return None
        self._other_status(i, name or code)
        if is_new(code):
            self._left.setdefault(ASIDE, []).append(f"{code.strip()} ({one_line(name)[:40]})")
            return None
        try:
            found = area(self.layout.areas, code, ecode, name, self.layout.skip)
        except SokeError as error:
            raise SokeError(error.fact, error.fix, self.where(i, self._key)) from None
        if found is None:
            self._nobody(i, here, code or ecode, name)
        return found

    def _other_status(self, i: int, who: str) -> None:
        """Say of a row that is taken what its status is, where it is none that is known."""
        k = next(iter(matching(self.rows[self.head], STATUS)), -1) if f"{STATUS}=" in "".join(self.layout.skip) else -1
        said = self._text(i, k).strip() if k >= 0 else ""
        if said and plain(said) != "submitted":
            self._left.setdefault(f"Taken though their status is {one_line(said)[:30]!r}", []).append(who)

    def _nobody(self, i: int, here: tuple[Column, ...], code: str, name: str) -> None:
        """A row of no authority: a total of a class, a total by its name, or one that must be said."""
        cells = self._cells(i, here)
        if all(value is None for value in cells.values()) or self._counts_columns(i):
            return
        if self._classes:
            self._classes.nobody(self._text(i, self.found.class_), code, name, cells)
        bare = unpublished(code)
        owner = of_name(name) if bare and not is_total(name) else ""
        if owner:
            fact = f"The row has the name of {name_of(owner)} and no code."
            raise SokeError(fact, "Write its code, or download the workbook again.", self.where(i, self._key))
        if bare and not is_total(name) and self.layout.areas != "education":
            why = "Not taken, since they have figures and no code"
            self._left.setdefault(why, []).append(f"row {i + 1} ({one_line(name)[:40] or 'without a name'})")

    def _counts_columns(self, i: int) -> bool:
        """Whether a row holds no words, and the numbers of the columns in their order."""
        cells = [c for c in self.rows[i] if c is not None]
        numbers = [c for c in cells if isinstance(c, float)]
        return len(numbers) == len(cells) > 1 and all(a < b and b == int(b) for a, b in pairwise(numbers))

    def _texts(self, i: int) -> tuple[str, str, str]:
        code, ecode, name = (self._text(i, k) for k in self.keys)
        return code, ecode, name

    def _text(self, i: int, column: int) -> str:
        row = self.rows[i]
        value = row[column] if 0 <= column < len(row) else None
        return str(value) if value is not None else ""

    def _records(self, i: int, columns: tuple[Column, ...]) -> dict[int, Record]:
        out: dict[int, Record] = {}
        for column in columns:
            value = self._number(i, column)
            year = column.year or self.year or self._row_year(i)
            if value == 0 and column.wanted.use == "filed":
                name = self._texts(i)[2] or self._texts(i)[0]
                why = f"Left out, since {column.wanted.variable} is nought, as of those who filed nothing"
                self._left.setdefault(why, []).append(f"{one_line(name)[:40]} {financial_year(year)}")
            elif value is not None:
                out.setdefault(year, {})[column.wanted.variable] = (value, column.wanted.unit)
        return out

    def _row_year(self, i: int) -> int:
        """The financial year of a row: 202503, the month in which it ends, or 1516 is 2024-25, or 2015-16."""
        heading = self.layout.years.removeprefix("column:")
        column = next(iter(matching(self.rows[self.head], heading)), -1)
        if column < 0:
            fact = f"Row {self.head + 1} has no heading {sought(heading)}, which says the year of each row."
            raise SokeError(fact, "The layout is not one that is known: nothing was taken.", self.place)
        text = self._text(i, column).removesuffix(".0")
        if self.layout.long:
            match = re.fullmatch(r"(?:20)?(\d\d)-?(\d\d)", text, re.ASCII)
            if match and int(match[1]) + 1 == int(match[2]):
                return 2000 + int(match[1])
            expected = "1516 for 2015-16"
        elif re.fullmatch(r"20\d\d03", text, re.ASCII):
            return int(text[:4]) - 1
        else:
            expected = "202503 for 2024-25"
        raise SokeError(f"{text[:20]!r} is no year's end.", f"Expected is {expected}.", self.where(i, column))

    def _number(self, i: int, column: Column) -> float | None:
        """A figure in its unit; None where it is not published."""
        number = self._cell(i, column.index, column)
        factor = self._cell(i, column.times, column) if column.times >= 0 else 1.0
        if number is None or factor is None:
            return None
        wanted = column.wanted
        value = number * factor * wanted.multiplier
        if not math.isfinite(value) or not wanted.least <= value <= wanted.most:
            fact = f"{number * factor:g} cannot be {wanted.variable} in {wanted.unit}"
            fact += f": it lies between {wanted.least:,g} and {wanted.most:,g} for every authority."
            fix = "Check the cell, and whether the column is the one expected."
            raise SokeError(fact, fix, self.where(i, column.index))
        return value

    def _cell(self, i: int, k: int, column: Column) -> float | None:
        row, wanted = self.rows[i], column.wanted
        cell = row[k] if k < len(row) else None
        if (i, k) in self.bare:
            raise SokeError(
                "The cell holds a formula that was never worked out.",
                "Open the workbook in a spreadsheet program, save it, and import it again.", self.where(i, k),
            )  # fmt: skip
        if cell is None or (isinstance(cell, str) and unpublished(cell)):
            return None
        number = value_of(cell, self.book.typed)
        if number is None:
            fact = f"{shown(cell)} stands where a number belongs ({wanted.variable}, {wanted.unit})."
            raise SokeError(fact, "Download the workbook again, or correct the cell.", self.where(i, k))
        return number


def _some(who: list[str]) -> str:
    return listed([one_line(w) for w in who[:FEW]]) + (" and others" if len(who) > FEW else "")
