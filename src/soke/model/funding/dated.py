"""Dated parameters of the funding rules: each row says what, for whom, from which year to which, with its source.

One table a subject in ``parameters/*.csv``, columns ``id, who, first, last, value, unit, grade, source, note``. ``who``
is a class of authority, a code, or ``all``; years are financial years by their start, ``last`` empty where the row
still holds; ``value`` is a number, or ``none`` where the law sets no limit. A year without a row is an error that says
which years exist: a rule never takes another year's figure by itself.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from typing import cast

from soke.england.baseline import Grade
from soke.errors import SokeError
from soke.text import did_you_mean, financial_year

ALL = "all"
NO_LIMIT = Decimal("Infinity")
OPEN_END = 9999


@dataclass(frozen=True, slots=True)
class Dated:
    """One parameter in force from ``first`` to ``last`` (financial years by their start)."""

    id: str
    who: str
    first: int
    last: int
    value: Decimal  # NO_LIMIT where the law sets none
    unit: str
    grade: Grade
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Rules:
    """Every dated parameter. ``settings`` are a what-if: values that replace the law's in every year."""

    rows: Mapping[str, Sequence[Dated]]
    settings: Mapping[str, Decimal]

    def row(self, name: str, year: int, who: str = ALL) -> Dated:
        """The row in force. One for ``who`` itself comes before one for all. SokeError where there is none."""
        rows = self.rows.get(name)
        if rows is None:
            raise _unknown(name, self.rows)
        valid = [r for r in rows if r.who in (who, ALL) and r.first <= year <= r.last]
        valid.sort(key=lambda r: r.who == ALL)
        if not valid:
            raise _no_year(name, year, who, rows)
        if name in self.settings:
            return replace(valid[0], value=self.settings[name], grade="estimate", source="what if", note="")
        return valid[0]

    def exact(self, name: str, year: int, who: str = ALL) -> Decimal:
        return self.row(name, year, who).value

    def value(self, name: str, year: int, who: str = ALL) -> float:
        """The value as float64; infinite where the law sets no limit."""
        return float(self.exact(name, year, who))

    def with_settings(self, settings: Mapping[str, str | float | Decimal]) -> Rules:
        """The same rules with values replaced in every year: a what-if. SokeError for an unknown name or no number."""
        held = dict(self.settings)
        for name, given in settings.items():
            if name not in self.rows:
                raise _unknown(name, self.rows)
            held[name] = _number(str(given), name)
        return Rules(self.rows, held)


def _number(text: str, name: str) -> Decimal:
    if text.strip() == "none":
        return NO_LIMIT
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise SokeError(f"{text[:40]!r} is not a number for {name}.", "Give a number, such as 0.75, or none.")
    return value


def _unknown(name: str, known: Mapping[str, object]) -> SokeError:
    fix = did_you_mean(name, known, "Run `soke settle --parameters` to list them.")
    return SokeError(f"No funding rule has a parameter {name[:60]!r}.", fix, code="unknown-name")


def _no_year(name: str, year: int, who: str, rows: Sequence[Dated]) -> SokeError:
    whose = [r for r in rows if r.who in (who, ALL)]
    if not whose:
        kinds = ", ".join(sorted({r.who for r in rows}))
        return SokeError(f"{name} has no figure for {who}.", f"It has figures for {kinds}.")
    spans = sorted({(r.first, r.last) for r in whose})
    said = ", ".join(span(first, last) for first, last in spans)
    return SokeError(f"{name} has no figure for {financial_year(year)}.", f"It has figures for {said}.")


def span(first: int, last: int) -> str:
    """Financial years for people: ``2019-20``, ``2016-17 to 2019-20``, ``2026-27 onwards``."""
    if first == last:
        return financial_year(first)
    return f"{financial_year(first)} " + ("onwards" if last == OPEN_END else f"to {financial_year(last)}")


@cache
def rules() -> Rules:
    """The parameters that the package ships."""
    held: dict[str, list[Dated]] = {}
    folder = files(__package__).joinpath("parameters")
    for table in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if table.name.endswith(".csv"):
            for row in csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))):
                held.setdefault(row["id"], []).append(_read(row))
    return Rules(held, {})


def _read(row: Mapping[str, str]) -> Dated:
    return Dated(
        id=row["id"], who=row["who"], first=int(row["first"]), last=int(row["last"] or OPEN_END),
        value=_number(row["value"], row["id"]), unit=row["unit"], grade=cast(Grade, row["grade"]),
        source=row["source"], note=row["note"],
    )  # fmt: skip
