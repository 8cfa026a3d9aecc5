"""The sentences of a place's account: raised, spent, short or over, each within its range, and how it is known."""

from __future__ import annotations

from dataclasses import dataclass

from soke.england.sources import named
from soke.model.accounts.types import Account, GapSplit, Known
from soke.report import rounded
from soke.text import listed, money, percent

PUBLISHED = "Published for this area; the publisher itself apportions some lines."
ONE_SHARE = "Every line by one share, GVA for revenue and people for spending: nothing is measured, no range tested."
# what a resident calls a line, where the publisher's words need knowing
PLAIN = {
    "national-insurance": "National Insurance",
    "vat": "VAT",
    "vat-refunds": "VAT paid back to public bodies",
    "corporation-tax": "Corporation tax",
    "income-tax": "Income tax",
    "council-tax": "Council tax",
    "business-rates": "Business rates",
    "capital-gains-tax": "Capital gains tax",
    "fuel-duties": "Fuel duty",
    "stamp-duty-land-tax": "Stamp duty on homes and land",
    "gross-operating-surplus": "What public bodies earn by trading",
    "interest-and-dividends": "Interest that the state gets",
    "social-protection": "Pensions, benefits and social care",
    "debt-interest": "Interest on the national debt",
    "education": "Schools, colleges and training",
    "accounting-adjustments": "Accounting adjustments",
    "public-order": "Police, courts and prisons",
    "housing": "Homes and neighbourhoods",
    "recreation": "Culture, sport and religion",
    "environment": "Waste and environment",
    "public-and-common-services": "Running government",
    "international-services": "Aid and embassies",
    "enterprise": "Support for business",
}
LEAST_SHOWN = 0.005  # of pounds: what rounds to no per cent is left out
FOUR_IN_FIVE = "four times in five; tested on what is measured"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the gap, GBP million, named by its sign: lower tax, or higher."""

    id: str
    title: str
    value: float


def parts(split: GapSplit) -> tuple[Part, ...]:
    """What a gap is made of; the parts sum to it."""
    names = (
        ("borrowing", "share of UK borrowing", "share of a UK surplus", split.borrowing),
        ("lower-tax", "lower tax per head", "higher tax per head", split.lower_tax),
        ("higher-spending", "higher spending per head", "lower spending per head", split.higher_spending),
    )
    return tuple(Part(key, up if value >= 0 else down, value) for key, up, down, value in names)


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One row of an account in short, GBP million; ``sum`` is what ``--explain`` calls it."""

    title: str
    value: float
    half_width: float | None
    measured_here: float | None
    sum: str


def summary(a: Account) -> tuple[SummaryRow, ...]:
    """Raised, spent, the gap and what it is made of."""
    borrowing, lower_tax, higher_spending = (f"of the gap: {part.title}" for part in parts(a.split))
    return (
        SummaryRow("raised", a.receipts, a.receipts_half_width, a.known_taxes.here, "raised"),
        SummaryRow("of it: all taxes", a.taxes, a.taxes_half_width, None, "all taxes"),
        SummaryRow("spent", a.spending, a.spending_half_width, a.known_spending.here, "spent"),
        SummaryRow(f"{'short' if a.gap >= 0 else 'over'}: spent less raised", a.gap, a.gap_half_width, None, "gap"),
        SummaryRow(borrowing, a.split.borrowing, None, None, "UK borrowing"),
        SummaryRow(lower_tax, a.split.lower_tax, a.receipts_half_width, None, "lower tax"),
        SummaryRow(higher_spending, a.split.higher_spending, a.spending_half_width, None, "higher spending"),
    )


def short_or_over(gap: float, beside: float = 0.0) -> str:
    """A gap, GBP million, as people say it: ``£1.2bn short``, ``£20m over``; in billions ``beside`` billions."""
    return f"{money(abs(gap), beside=beside)} {'short' if gap >= 0 else 'over'}"


def within(half_width: float | None, beside: float) -> str:
    """``, within plus or minus £2.4bn``; nothing where the figure is published."""
    return f", within plus or minus {money(half_width, beside=beside)}" if half_width else ""


def sentence(a: Account) -> str:
    """What is raised, spent and short or over, with the range of each; and the economy's taxes where they differ."""
    said = (
        f"Raises {money(a.receipts)}{_short_width(a.receipts_half_width, a.receipts)}, spends {money(a.spending)}"
        f"{_short_width(a.spending_half_width, a.spending)}: {short_or_over(a.gap, a.receipts)}"
        f"{within(a.gap_half_width, a.receipts)}"
    )
    tested = f", {FOUR_IN_FIVE}." if a.gap_half_width else "."
    apart = rounded.apart((money(a.spending), money(-a.receipts)), money(a.gap, beside=a.receipts))
    return f"{said}{tested}{doubt(a)}{' Each is rounded by itself.' if apart else ''}"


def doubt(a: Account) -> str:
    """Where the gap is inside its own range: that nobody knows its sign."""
    if a.gap_half_width is None or abs(a.gap) > a.gap_half_width:
        return ""
    return " The gap is inside its own range: whether this place is short or over is not known."


def _short_width(half_width: float | None, beside: float) -> str:
    return f" (± {money(half_width, beside=beside)})" if half_width else ""


def commuting(a: Account) -> str:
    """What people here pay beside what the economy here generates; empty where the two are near each other."""
    if a.published or not a.economy.differs:
        return ""
    paid, generated = money(a.economy.paid), money(a.economy.generated)
    return f"People here pay {paid} in taxes; the economy here generates {generated}; the difference is commuting."


@dataclass(frozen=True, slots=True)
class GradeShare:
    """What part of some pounds has a grade, 0 to 1; ``id`` is that of its colour."""

    id: str
    share: float
    words: str

    @property
    def shown(self) -> bool:
        """Whether it rounds to anything."""
        return self.share >= LEAST_SHOWN


def grades(known: Known) -> tuple[GradeShare, ...]:
    """How some pounds are known, the best grade first."""
    return (
        GradeShare("measured", known.here, "measured here"), GradeShare("wider", known.wider, "measured wider"),
        GradeShare("apportioned", known.key, "shared by a rule"),
        GradeShare("per-head", known.head, "shared by head"),
    )  # fmt: skip


def how_known(a: Account) -> str:
    """What part of the account is measured here, measured wider, shared by a rule and by head; and the source."""
    if a.published:
        return f"{PUBLISHED} {source(a)}."
    if a.basis == "single":
        return f"{ONE_SHARE} {source(a)}."
    shares = listed([f"{percent(grade.share)} {grade.words}" for grade in grades(a.known) if grade.shown])
    off = f" {year_off(a.known)}" if a.known.year_off >= LEAST_SHOWN else ""
    return f"Of every pound raised and spent: {shares}.{off} {source(a)}."


def source(a: Account) -> str:
    """Who published the figures, as the end of a line."""
    by_place = "" if a.published or a.basis == "single" else ", with public bodies' figures, by Soke"
    return f"Source: {named('ons-regional-accounts')}{by_place}"


def year_off(known: Known) -> str:
    """What part of all pounds is measured by a figure of the year before or after."""
    return f"{percent(known.year_off)} of all pounds are measured, but a year before or after."


def plain_words(line: str, title: str) -> str:
    """A line as a resident calls it: ``Pensions, benefits and social care``. ``title``: the publisher's own words
    without its numbers, where no plainer ones are needed."""
    return PLAIN.get(line, title)


def known_words(known: Known) -> str:
    """How a line is known, the largest parts first: ``measured here; 28% shared by a rule``."""
    shown = sorted((grade for grade in grades(known) if grade.shown), key=lambda g: (g.share, g.words), reverse=True)
    if len(shown) == 1:
        return shown[0].words
    return listed([f"{percent(grade.share)} {grade.words}" for grade in shown])
