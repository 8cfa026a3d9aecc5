"""What law is said to be in force: one table, ``law.csv``, that the small print of a deal and the rules of assets read.

Each row has the day on which the law was passed and the one from which it is in force, where these are known, the
source, the day until which that was looked at, and a grade.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from soke.england.baseline import Grade
from soke.text import day as said

LawId = Literal["", "localism-2011-assets", "disposal-consent-2003", "devolution-2026"]  # "" where none is named


@dataclass(frozen=True, slots=True)
class Law:
    """An Act, or a part of one. ``in_force`` is None where no day of commencement is known."""

    id: str
    title: str
    passed: dt.date | None
    in_force: dt.date | None
    as_of: dt.date
    source: str
    grade: Grade
    note: str

    @property
    def standing(self) -> str:
        """Whether it is in force, as a sentence with source, day and grade."""
        passed = f"passed on {said(self.passed)}" if self.passed else ""
        force = f"in force since {said(self.in_force)}" if self.in_force else "not known to be in force"
        stands = f"{self.title}: {', '.join(part for part in (passed, force) if part)}"
        note = f" {self.note}" if self.note else ""
        return f"{stands} ({self.grade}, as of {said(self.as_of)}; {self.source}).{note}"


@cache
def laws() -> Mapping[str, Law]:
    """Every row of the table, by its id."""
    text = files(__package__).joinpath("law.csv").read_text(encoding="utf-8")
    return {row["id"]: _law(row) for row in csv.DictReader(io.StringIO(text))}


def _law(row: Mapping[str, str]) -> Law:
    passed, first = (dt.date.fromisoformat(row[key]) if row[key] else None for key in ("passed_on", "in_force_from"))
    return Law(row["id"], row["title"], passed, first, dt.date.fromisoformat(row["as_of"]), row["source"],
               cast(Grade, row["grade"]), row["note"])  # fmt: skip
