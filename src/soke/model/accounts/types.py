"""A place account as values: lines, how each pound is known, the gap and what it is made of, and its range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from soke.england.baseline import Floats, Grade

Side = Literal["revenue", "spending"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One tax or one spending function of an account. ``id`` is stable: ``income-tax``, ``health``."""

    id: str
    title: str  # the publisher's own words
    side: Side
    key: str  # what shares it, in words: "own figures; people aged 66 and over"
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


@dataclass(frozen=True, slots=True)
class Known:
    """Shares of pounds by how they are known, 0 to 1: measured here, measured wider, by a named key, per head."""

    here: float
    wider: float
    key: float
    head: float
    year_off: float  # of all pounds too: what is measured, but of a year before or after


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """A line of one place's account: GBP million cash, and the half-width of the range that holds the truth."""

    line: Line
    value: float
    half_width: float | None  # None where no range was tested: a published figure, or one per head by convention
    per_head: float  # pounds
    england_per_head: float  # pounds
    known: Known


@dataclass(frozen=True, slots=True, kw_only=True)
class GapSplit:
    """What a gap is made of, GBP million; the three parts sum to the gap."""

    borrowing: float  # the place's head-share of UK borrowing
    lower_tax: float  # its tax per head below the UK's, times its people
    higher_spending: float  # its spending per head above the UK's, times its people


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """One definition's total, GBP million: where people live, and lowest and highest over the bases."""

    definition: str
    side: Side
    value: float
    half_width: float | None
    low: float
    high: float
    low_basis: str
    high_basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EconomyTaxes:
    """What the economy of a place generates in tax, beside what its people pay: all taxes, GBP million cash."""

    generated: float
    paid: float
    pay_ratio: float  # the place's share of England's workplace pay over its share of residents' pay

    @property
    def differs(self) -> bool:
        """Whether the two answer so differently that a page must give both."""
        return not 0.9 <= self.pay_ratio <= 1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What somebody published of this place, beside what Soke has on the same basis and definition, GBP billion."""

    words: str
    source: str
    definition: str
    basis: str
    low: float
    high: float
    here: float

    @property
    def reproduced(self) -> bool:
        return self.low <= self.here <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The account of one place in one financial year, where its people live unless ``basis`` is ``single``.

    Half-widths are of ranges that hold the truth four times in five, in GBP million; None where the publisher gives
    the figure itself.
    """

    place: str  # code, or codes joined by +
    codes: tuple[str, ...]
    name: str
    year: int  # financial year start
    population: float
    basis: Literal["residence", "single"]
    published: bool  # whole regions: the publisher's own figures
    lines: tuple[AccountLine, ...]
    receipts: float  # all receipts
    receipts_half_width: float | None
    taxes: float  # of the receipts, all taxes
    taxes_half_width: float | None
    spending: float  # total managed expenditure
    spending_half_width: float | None
    gap: float
    gap_half_width: float | None
    split: GapSplit
    gap_low: float  # over the bases that give a gap
    gap_high: float
    totals: tuple[Total, ...]
    known: Known
    known_taxes: Known  # of receipts alone
    known_spending: Known
    economy: EconomyTaxes
    claims: tuple[Claim, ...]
    notes: tuple[str, ...]  # distrusted years, breaks in the series, what stands in for what is missing
