"""Ranges on one scale, a row each: the name and the figure are text, the range is a bar about a line at zero.

A range whose middle is known is filled; one whose middle is not known is hatched. Bars are placed in per cent of the
row, so that no letter shrinks with the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from soke.report.markup import Element, el

EDGE = 4.0  # per cent that is kept free on either side
THINNEST = 0.8  # per cent: a range that is small beside the others is still seen


@dataclass(frozen=True, slots=True)
class Range:
    """``figure`` the middle in words, ``said`` the ends in words. ``known``: whether the middle is known."""

    title: str
    note: str
    figure: str
    low: float
    high: float
    said: str
    known: bool = True


def ranges(rows: Sequence[Range], unit: str) -> Element:
    """One list item a row; ``unit`` is read out with each range."""
    low, high = min(0.0, *(row.low for row in rows)), max(0.0, *(row.high for row in rows))
    span = (high - low) or 1.0

    def at(value: float) -> float:
        return EDGE + (100.0 - 2 * EDGE) * (value - low) / span

    return el("ul", *(_item(row, at(0.0), at(row.low), at(row.high), unit) for row in rows), class_="ranges")


def _item(row: Range, zero: float, start: float, end: float, unit: str) -> Element:
    if end - start < THINNEST:
        start, end = (start + end - THINNEST) / 2, (start + end + THINNEST) / 2
    drawn = el(
        "span",
        el("i", class_="range" if row.known else "unknown", style=f"left:{start:.2f}%;width:{end - start:.2f}%"),
        el("i", class_="zero", style=f"left:{zero:.2f}%"),
        class_="bar",
        aria_hidden="true",
    )
    figure = el("b", row.figure, class_=None if row.known else "none")
    ends = el("span", row.said, el("span", f" {unit}", class_="hidden"), class_="ends")
    return el("li", el("span", row.title, el("small", row.note)), figure, drawn, ends)


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum as a bar from zero. ``tag``: what must be said with it, such as "example"."""

    title: str
    figure: str
    value: float
    tag: str = ""


def amounts(rows: Sequence[Amount]) -> Element:
    """Sums on one scale, the largest at full length; none is below zero."""
    full = max((row.value for row in rows), default=0.0) or 1.0
    return el("ul", *(_amount(row, 100.0 * max(row.value, 0.0) / full) for row in rows), class_="amounts")


def _amount(row: Amount, width: float) -> Element:
    drawn = el("span", el("i", class_="range", style=f"left:0;width:{width:.2f}%"), class_="bar", aria_hidden="true")
    tag = el("small", row.tag, class_="tag") if row.tag else None
    return el("li", el("span", row.title, " " if tag else None, tag), el("b", row.figure), drawn)
