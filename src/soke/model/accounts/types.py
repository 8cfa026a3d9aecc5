"""A place account as values: lines with grade and key, the gap and what it is made of, the range over keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from soke.england.baseline import Floats, Grade

Side = Literal["revenue", "spending"]
Basis = Literal["own", "income", "gva", "rateable-value", "need", "head", "residual"]
Measure = Literal["measured", "apportioned", "per-head"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One tax or one spending function of an account. ``id`` is stable: ``income-tax``, ``health``."""

    id: str
    title: str  # the publisher's own words
    side: Side
    basis: Basis  # the kind of key
    key: str  # the key in words, with its year: "income tax paid by residents, 2021-22"
    measure: Measure
    grade: Grade
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMatrix:
    """Every line for every authority in one financial year.

    ``values`` float64 (line, place), GBP million cash. Revenue lines sum over lines to all receipts, spending lines
    to total managed expenditure; over the places of a region each line sums to the published regional figure.
    """

    year: int
    codes: tuple[str, ...]
    lines: tuple[Line, ...]
    values: Floats

    def side(self, side: Side) -> Floats:
        """Rows of one side, (line, place)."""
        return self.values[[i for i, line in enumerate(self.lines) if line.side == side]]

    def row(self, line_id: str) -> Floats:
        """One line by id, (place,)."""
        index = [line.id for line in self.lines].index(line_id)
        row: Floats = self.values[index]
        return row


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """A line of one place's account: GBP million cash; None where no figure can honestly be given (shown greyed)."""

    line: Line
    value: float | None
    per_head: float | None  # pounds
    england_per_head: float | None  # pounds


@dataclass(frozen=True, slots=True, kw_only=True)
class GapSplit:
    """What a gap is made of, GBP million; the three parts sum to the gap."""

    borrowing: float  # the place's head-share of UK borrowing
    lower_tax: float  # its tax per head below the UK's, times its people
    higher_spending: float  # its spending per head above the UK's, times its people


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """One definition's total: by own keys, and its range over defensible keys. GBP million."""

    definition: str
    side: Side
    value: float
    low: float
    high: float
    low_key: str
    high_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The account of one place in one financial year."""

    place: str  # code, or codes joined by +
    name: str
    year: int  # financial year start
    population: float
    basis: Literal["residence", "workplace"]
    lines: tuple[AccountLine, ...]
    receipts: float  # all receipts
    spending: float  # total managed expenditure
    gap: float
    split: GapSplit
    gap_low: float  # over defensible keys
    gap_high: float
    totals: tuple[Total, ...]
    measured_share: float  # of receipts and spending together, 0 to 1
    apportioned_share: float
    per_head_share: float
    notes: tuple[str, ...]  # what is reproduced and what is not, distrusted years


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialAccount:
    """What can honestly be said of one district: the lines it has figures for; the rest are None, shown greyed."""

    place: str
    name: str
    year: int
    population: float
    lines: tuple[AccountLine, ...]
    notes: tuple[str, ...]
