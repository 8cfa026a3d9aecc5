"""From the newest published account to the base year: each line moves as the United Kingdom's does.

    line here, base year = line here, published year x UK line, base year / UK line, published year

Where the outlook has a line of its own, that is the UK line. The other lines of a side move together, by what is left
of the side's total: with two totals alone every tax moves as UK receipts, every function as managed expenditure. Shares
of places inside a region are those of the newest account. A year that has an account is not moved; a year without an
outlook stays where the newest account is, and says so.

The ratio's denominator is the UK line of the regional accounts; its numerator, where it is from another release, may be
defined a little otherwise, and the words of the move say both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, get_args

from soke.england.baseline import Grade
from soke.england.tables import read_table
from soke.errors import SokeError
from soke.model.accounts.apportion import Basis, line_matrix
from soke.model.accounts.own import Figures
from soke.model.accounts.regional import ENGLAND, LAST, UK, line_specs, regional, uk_totals
from soke.model.accounts.types import LineMatrix, Side
from soke.text import financial_year, listed, start_year

PUBLISHED = LAST  # the newest financial year with regional accounts
TAX_BASE_YEAR = 2022  # of the baseline's council tax: the funding rules' notional tax stands on it
SIDES: tuple[Side, ...] = ("revenue", "spending")
HEADS: Mapping[Side, str] = {"revenue": "receipts", "spending": "spending"}
SLIGHT = 1e-3  # of a side: lines smaller than that together cannot take up what others leave
ASTRAY = 5e-3  # of a side: so much may the outlook's lines and its total differ where no other line can take it
Standing = Literal["published", "moved", "not-moved"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One UK figure of the outlook, GBP million cash, with its grade and its source's words."""

    value: float
    grade: Grade
    source: str
    words: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known of the UK in one year: a total for each side, and lines of their own by id."""

    year: int
    totals: Mapping[Side, Figure]
    own: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Move:
    """How one line comes to the base year. ``head``: its own id, ``receipts`` or ``spending``; "" where unmoved."""

    line: str
    ratio: float
    head: str
    grade: Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseYear:
    """The lines that a projection starts from.

    ``lines``: GBP million, cash of the base year, which are its own prices. ``published``: the account that they come
    from. ``uk``: receipts and managed expenditure of the UK in the base year. ``council_tax_growth``: England's council
    tax of the base year over that of 2022-23. ``words``: how the one became the other.
    """

    year: int
    standing: Standing
    published: LineMatrix
    lines: LineMatrix
    moves: tuple[Move, ...]
    uk: Mapping[Side, float]
    council_tax_growth: float
    words: str

    @property
    def moved_by(self) -> tuple[Move, ...]:
        """One move for each UK figure that lines move by: its ratio, and the worst grade among its lines."""
        out: dict[str, Move] = {}
        for move in self.moves:
            before = out.get(move.head, move)
            out[move.head] = Move(move.head, move.ratio, move.head, worst([before.grade, move.grade]))
        return tuple(move for head, move in out.items() if head)


def worst(grades: Iterable[Grade]) -> Grade:
    """The least trustworthy of some grades."""
    order: tuple[Grade, ...] = get_args(Grade)
    return max(grades, key=order.index)


def read_outlook(year: int, rows: Iterable[Mapping[str, str]] | None = None) -> Outlook | None:
    """The outlook of a financial year, by its start, from ``outlook.csv`` or ``rows`` like it.

    None without both totals. A total that is not given is receipts plus borrowing, or spending less borrowing.
    SokeError for a line that the accounts do not have.
    """
    rows = read_table("outlook") if rows is None else rows
    found = {
        row["head"]: Figure(float(row["gbp_million"]), _grade(row), row["source"], row["note"])
        for row in rows
        if start_year(row["year"]) == year
    }
    borrowing = found.pop("borrowing", None)
    totals = {side: figure for side, head in HEADS.items() if (figure := found.pop(head, None))}
    if borrowing and len(totals) == 1:
        (side, given), sign = next(iter(totals.items())), 1.0 if "revenue" in totals else -1.0
        other: Side = "spending" if side == "revenue" else "revenue"
        grade = worst([given.grade, borrowing.grade, "derived"])
        totals[other] = Figure(given.value + sign * borrowing.value, grade, given.source, "by borrowing")
    known = [spec.id for spec in line_specs()]
    for name in found:
        if name not in known:
            fix = f"Use receipts, spending, borrowing or one of {', '.join(known)}."
            raise SokeError(
                f"No line of the accounts is called {name[:40]!r}.", fix, "outlook.csv", code="unknown-name"
            )
    return Outlook(year, totals, found) if len(totals) == len(SIDES) else None


@cache
def newest() -> int:
    """The newest financial year of the shipped outlook, by its start; that of the newest account without one."""
    return max((start_year(row["year"]) for row in read_table("outlook")), default=PUBLISHED)


def _grade(row: Mapping[str, str]) -> Grade:
    grades: dict[str, Grade] = {grade: grade for grade in get_args(Grade)}
    if row["grade"] not in grades:
        raise SokeError(f"{row['grade'][:40]!r} is no grade.", f"Use {', '.join(grades)}.", "outlook.csv")
    return grades[row["grade"]]


@cache
def uk_lines(year: int) -> Mapping[str, float]:
    """Every line of the United Kingdom as the regional accounts publish it, GBP million cash."""
    return {spec.id: regional(UK, spec, year) for spec in line_specs()}


def ratios(
    uk: Mapping[str, float], sides: Mapping[str, Side], own: Mapping[str, float], totals: Mapping[Side, float]
) -> dict[str, float]:
    """What each line is multiplied by: its own UK figure over the one before, or what the total leaves for the rest.

    ``uk`` the year before by line; ``own`` and ``totals`` the year after. A line of its own that was nothing the year
    before cannot be moved: its money stays with the rest. Without a total the rest stays. SokeError where lines of
    their own and total do not go together.
    """
    movable = {name: value / uk[name] for name, value in own.items() if uk[name]}
    out = dict.fromkeys(uk, 1.0) | movable
    for side, total in totals.items():
        mine = [name for name in uk if sides[name] == side]
        rest = [name for name in mine if name not in movable]
        before = sum(uk[name] for name in rest)
        left = total - sum(own[name] for name in mine if name in movable)
        out |= dict.fromkeys(rest, _rest(side, before, left, total))
    return out


def _rest(side: Side, before: float, left: float, total: float) -> float:
    """The ratio of the lines that share what is left; those that come to nothing stay as they are."""
    small = abs(before) < SLIGHT * total
    if (small and abs(left - before) > ASTRAY * total) or (not small and left < 0):
        raise SokeError(
            f"The outlook's lines leave {left:,.0f} of its {HEADS[side]} for lines that were {before:,.0f}"
            " (GBP million).",
            "Correct the lines or the total: they should be of one release.",
            "outlook.csv",
        )
    return 1.0 if small else left / before


def moves(given: Outlook, uk: Mapping[str, float], sides: Mapping[str, Side]) -> dict[str, Move]:
    """Every line's move from the newest account to the outlook's year. SokeError as :func:`ratios`."""
    own = {name: figure.value for name, figure in given.own.items()}
    by = ratios(uk, sides, own, {side: figure.value for side, figure in given.totals.items()})
    out = {}
    for name, side in sides.items():
        alone = name in given.own and bool(uk[name])
        figures = [given.own[name]] if alone else [given.totals[side], *_own_of(given, sides, side)]
        grade = worst(["derived", *(figure.grade for figure in figures)])
        out[name] = Move(name, by[name], name if alone else HEADS[side], grade)
    return out


def _own_of(given: Outlook, sides: Mapping[str, Side], side: Side) -> list[Figure]:
    """The lines of their own of a side: what is left to the rest is only as good as they are."""
    return [figure for name, figure in given.own.items() if sides[name] == side]


def carried(matrix: LineMatrix, by: Mapping[str, Move], year: int) -> LineMatrix:
    """The matrix of the newest account as that of the base year; each line with the grade of its worst part."""
    lines = tuple(replace(line, grade=worst([line.grade, by[line.id].grade])) for line in matrix.lines)
    factors = [by[line.id].ratio for line in matrix.lines]
    values = (matrix.values.T * factors).T
    values.setflags(write=False)
    return replace(matrix, year=year, lines=lines, values=values)


@cache
def base_year(year: int, basis: Basis = "residence", figures: Figures | None = None) -> BaseYear:
    """The lines of the financial year that starts in ``year``: published, moved there, or the newest ones unmoved.
    ``figures``: own figures, as shipped unless others are given.

    SokeError for a year before the first account.
    """
    if year <= PUBLISHED:
        matrix = line_matrix(year, basis, figures)
        return _base(year, "published", matrix, matrix, {}, uk_totals(year), _published_words(year))
    matrix, given = line_matrix(PUBLISHED, basis, figures), read_outlook(year)
    if given is None:
        return _base(year, "not-moved", matrix, matrix, {}, uk_totals(PUBLISHED), _unmoved_words(year))
    by = moves(given, uk_lines(PUBLISHED), {line.id: line.side for line in matrix.lines})
    uk = {side: figure.value for side, figure in given.totals.items()}
    return _base(year, "moved", matrix, carried(matrix, by, year), by, uk, _moved_words(given))


def _base(
    year: int, standing: Standing, before: LineMatrix, after: LineMatrix, by: Mapping[str, Move],
    uk: Mapping[Side, float], words: str,
) -> BaseYear:  # fmt: skip
    council_tax = next(spec for spec in line_specs() if spec.id == "council-tax")
    tax = after.row("council-tax").sum(), regional(ENGLAND, council_tax, TAX_BASE_YEAR)
    still = [Move(line.id, 1.0, "", line.grade) for line in before.lines]
    return BaseYear(
        year=year, standing=standing, published=before, lines=after, uk=uk, words=words,
        moves=tuple(by.get(move.line, move) for move in still), council_tax_growth=float(tax[0] / tax[1]),
    )  # fmt: skip


def _published_words(year: int) -> str:
    return f"The account of {financial_year(year)} is published: nothing is carried."


def _unmoved_words(year: int) -> str:
    there = financial_year(PUBLISHED)
    return (
        f"There is no outlook for {financial_year(year)}: its figures are those of {there}, moved by nothing, and the"
        f" cash of {there} is taken for its prices."
    )


def _moved_words(given: Outlook) -> str:
    before = uk_totals(PUBLISHED)
    said = [
        f"{HEADS[side]} from £{before[side] / 1e3:,.0f}bn to £{figure.value / 1e3:,.0f}bn"
        f" (x {figure.value / before[side]:.3f}, {figure.grade})"
        for side, figure in given.totals.items()
    ]
    names = {spec.id: spec.title for spec in line_specs()}
    apart = f" With figures of their own: {', '.join(names[name] for name in given.own)}." if given.own else ""
    return (
        f"{financial_year(given.year)} is {financial_year(PUBLISHED)} moved as the United Kingdom moves:"
        f" {listed(said)}.{apart} Those of {financial_year(PUBLISHED)} are of the regional accounts, those of"
        f" {financial_year(given.year)} of the public sector finances: their definitions may differ a little."
    )
