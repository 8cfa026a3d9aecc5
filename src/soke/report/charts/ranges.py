"""Ranges on one scale, a row each: the name and the figure are text, the range is a bar about a line at zero.

A range whose middle is known is filled; one whose middle is not known is hatched. No text is inside a scaled image, so
that letters never shrink: x is in per cent of the row, y in pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from soke.report.markup import Element, el

HEIGHT, BAR = 26, 18
EDGE = 4.0  # per cent that is kept free on either side
THINNEST = 0.8  # per cent: a range that is small beside the others is still seen
HATCH = "hatch"


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
    fill = "range" if row.known else "unknown"
    drawn = el(
        "svg",
        _hatch() if not row.known else None,
        el("rect", x=f"{start:.2f}%", y=4, width=f"{end - start:.2f}%", height=BAR, class_=fill),
        el("line", x1=f"{zero:.2f}%", x2=f"{zero:.2f}%", y1=0, y2=HEIGHT, class_="zero"),
        height=HEIGHT,
        aria_hidden="true",
    )
    figure = el("b", row.figure, class_=None if row.known else "none")
    ends = el("span", row.said, el("span", f" {unit}", class_="hidden"), class_="ends")
    return el("li", el("span", row.title, el("small", row.note)), figure, drawn, ends)


def _hatch() -> Element:
    line = el("path", d="M0 6L6 0", class_="stroke")
    return el("defs", el("pattern", line, id=HATCH, width=6, height=6, patternUnits="userSpaceOnUse"))


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
    drawn = el(
        "svg", el("rect", x=0, y=0, width=f"{width:.2f}%", height=14, class_="range"), height=14, aria_hidden="true"
    )
    tag = el("small", row.tag, class_="tag") if row.tag else None
    return el("li", el("span", row.title, " " if tag else None, tag), el("b", row.figure), drawn)
