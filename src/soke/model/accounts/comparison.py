"""The published account of a place beside its base year: what changes, what the change is made of, what turns a sign.

With h the place's share of UK people, held at the published year, T and X its receipts and spending, and d the change
from the published year to the base year, the identity of the gap holds for the change too::

    dX - dT  =  h (dX_uk - dT_uk)  +  (h dT_uk - dT)  +  (dX - h dX_uk)
                   borrowing           lower tax       higher spending
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from soke.england.baseline import Grade, baseline
from soke.model.accounts import regional
from soke.model.accounts.account import account, split_of
from soke.model.accounts.back_test import back_test
from soke.model.accounts.outlook import BaseYear, Standing, base_year, worst
from soke.model.accounts.own import Figures
from soke.model.accounts.types import Account, Line, Side
from soke.text import financial_year, listed, money

GROUPS = {"receipts": "all receipts", "spending": "all spending"}  # movers that only a side's total is known of

MOST_TESTED = 10  # years on: with more there are too few accounts to test on


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in the published year and in the base year, GBP million, cash of each year."""

    published: float
    base: float

    @property
    def change(self) -> float:
        return self.base - self.published


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseYearAccount:
    """A place in the published year and in the base year; ``borrowing``, ``lower_tax`` and ``higher_spending`` sum to
    ``gap``, in each year and in the change.

    ``half_width``: of the range of the base year's gap, None where the account is published. ``grey``: the gap is
    inside it, so that nobody knows its sign. ``flipped_by``: without what these name, the sign would be as published.
    """

    place: str
    name: str
    published_year: int
    base_year: int
    standing: Standing
    grade: Grade
    receipts: Change
    spending: Change
    gap: Change
    borrowing: Change
    lower_tax: Change
    higher_spending: Change
    half_width: float | None
    flipped_by: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def grey(self) -> bool:
        return self.half_width is not None and abs(self.gap.base) <= self.half_width

    @property
    def flips(self) -> bool:
        """Whether the place is short in the one year and over in the other."""
        return (self.gap.published > 0) != (self.gap.base > 0)


def base_year_account(
    codes: Sequence[str], year: int, name: str | None = None, figures: Figures | None = None
) -> BaseYearAccount:
    """The account of an area (codes of the 296) in the newest published year and in the base year, by its start.

    ``figures``: own figures, as shipped unless others are given. SokeError as :func:`account`.
    """
    start = base_year(year, figures=figures)
    return compared(account(codes, start.published.year, name=name, figures=figures), start, codes)


def compared(held: Account, start: BaseYear, codes: Sequence[str]) -> BaseYearAccount:
    """The same of an account that is at hand: that of ``start.published``'s year, where people live."""
    after = _of_place(start, codes)
    receipts, spending = _sum(start, after, "revenue"), _sum(start, after, "spending")
    share = held.population / regional.regional_population(regional.UK, held.year)
    split = split_of(share, receipts, spending, start.uk)
    grades = worst(line.grade for line in start.lines.lines)
    gap, before, half_width = Change(held.gap, spending - receipts), held.split, _half_width(held, start)
    by = _flipped_by(_pushes(held, start, after), gap)
    return BaseYearAccount(
        place=held.place, name=held.name, published_year=held.year, base_year=start.year, standing=start.standing,
        grade=grades, receipts=Change(held.receipts, receipts), spending=Change(held.spending, spending), gap=gap,
        borrowing=Change(before.borrowing, split.borrowing), lower_tax=Change(before.lower_tax, split.lower_tax),
        higher_spending=Change(before.higher_spending, split.higher_spending), half_width=half_width, flipped_by=by,
        notes=_notes(start, gap, by, half_width),
    )  # fmt: skip


def _half_width(held: Account, start: BaseYear) -> float | None:
    """Of the base year's gap: the range of each line moved as the line is; None where the account is published."""
    if held.gap_half_width is None:
        return None
    widths = [(line.half_width or 0.0) * move.ratio for line, move in zip(held.lines, start.moves, strict=True)]
    return math.hypot(*widths)


def _of_place(start: BaseYear, codes: Sequence[str]) -> list[float]:
    """Every line of the base year summed over the place, GBP million."""
    return [float(value) for value in start.lines.values[:, baseline().mask(codes)].sum(axis=1)]


def _sum(start: BaseYear, values: Sequence[float], side: Side) -> float:
    return sum(value for value, line in zip(values, start.lines.lines, strict=True) if line.side == side)


def _pushes(held: Account, start: BaseYear, after: Sequence[float]) -> dict[str, float]:
    """What each mover adds to the gap, GBP million: a line with a UK figure of its own, or all that follow a total."""
    out: dict[str, float] = {}
    lines = zip(held.lines, start.lines.lines, start.moves, after, strict=True)
    for before, line, move, value in lines:
        name = _mover(line, move.head)
        change = value - before.value
        out[name] = out.get(name, 0.0) + (change if line.side == "spending" else -change)
    return out


def _mover(line: Line, head: str) -> str:
    return line.title if head in ("", line.id) else GROUPS[head]


def _flipped_by(pushes: Mapping[str, float], gap: Change) -> tuple[str, ...]:
    """The fewest movers, the strongest first, without which the sign of the gap would have stayed."""
    if (gap.published > 0) == (gap.base > 0):
        return ()
    way, left, named = (1.0 if gap.base > 0 else -1.0), gap.base, []
    for name, push in sorted(pushes.items(), key=lambda item: -way * item[1]):
        if (left > 0) == (gap.published > 0):
            break
        named.append(name)
        left -= push
    return tuple(named)


def _notes(start: BaseYear, gap: Change, by: Sequence[str], half_width: float | None) -> tuple[str, ...]:
    there, here = financial_year(start.published.year), financial_year(start.year)
    notes = [start.words]
    years = start.year - start.published.year
    if start.standing == "moved" and years <= MOST_TESTED:
        notes.append(_tested(start, years))
    if by:
        ways = ("short", "over") if gap.published > 0 else ("over", "short")
        notes.append(
            f"{ways[0].capitalize()} in {there}, {ways[1]} in {here}: without the change of {listed(list(by))} it would"
            f" still be {ways[0]}."
        )
    if half_width is not None:
        notes.append(_ranged(there, here, gap.base, half_width))
    return tuple(notes)


def _ranged(there: str, here: str, gap: float, half_width: float) -> str:
    """The range of the base year's gap in words; and, where the gap is inside it, that nobody knows its sign."""
    width = f"{money(half_width, beside=gap)} either way"
    if abs(gap) <= half_width:
        return f"The gap of {here} is inside its own range, {width}: whether this place is short or over is not known."
    return (
        f"The range of {there}, moved with its lines, is {width} for the gap of {here}; what the move itself may be out"
        " by is not in it."
    )


def _tested(start: BaseYear, years: int) -> str:
    """What the rule has been worth, as tested on every account since 2009-10."""
    held = back_test("totals" if any(move.head in GROUPS for move in start.moves) else "lines", years)
    return (
        f"Tested on {held.steps} accounts since 2009-10 with the UK's {held.known} known, carried {years}"
        f" {'year' if years == 1 else 'years'} on: a region's gap is out by {money(held.region)}, England's by"
        f" {money(held.england)} (root mean square)."
    )
