"""A list that is a chart: a row has a name, a figure and a bar. The words stay text, wrap and are read out; the bar is
placed in per cent of the row, so that no letter shrinks with the page.

A bar whose middle is known is filled; what nobody knows is hatched. The line at zero is drawn wherever a value may lie
below it, and a thin line with ends over a bar is its range.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from soke.report.markup import Child, Element, el

EDGE = 3.0  # per cent kept free for the ends of a range
THINNEST = 0.8  # per cent: a bar that is small beside the others is still seen
HEIGHT, THICK = 22.0, 14.0  # pixels: of a row's drawing, and of the bar in it
Placed = Callable[[float], float]
GAIN, LOSS, OTHER, HERE, RANGE, NOT_KNOWN = "gain", "loss", "other", "here", "known", "hatched"
OUTLINE = "outline"


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from ``start`` to ``value`` on the scale of its list; ``label`` is its figure in words.

    ``low`` and ``high``, where given, are drawn as its range. ``kind``: the class of its colour; without one what is
    below zero has another colour than what is above. ``note`` stands under the title, ``ends`` under the bar, ``tag``
    is what must be said with it, such as "example". ``of``: what it is a part of, drawn as an outline around it.
    ``total``: a line is drawn above the row. ``link``: the address of the sum behind the figure.
    """

    title: str
    value: float
    label: str
    low: float | None = None
    high: float | None = None
    start: float = 0.0
    kind: str = ""
    note: str = ""
    ends: str = ""
    tag: str = ""
    of: float | None = None
    total: bool = False
    link: str = ""

    @property
    def known(self) -> bool:
        return self.kind != NOT_KNOWN

    def met(self) -> list[float]:
        return [v for v in (self.start, self.value, self.low, self.high, self.of) if v is not None]


def ranged(title: str, note: str, figure: str, low: float, high: float, ends: str, *, known: bool = True) -> Bar:
    """A bar from ``low`` to ``high``: ``figure`` is the middle in words, ``ends`` the two ends; ``known`` whether the
    middle is known."""
    kind = RANGE if known else NOT_KNOWN
    return Bar(title, high, figure, start=low, note=note, ends=ends, kind=kind)


def bars(title: str, rows: Sequence[Bar], limit: float | None = None, *, unit: str = "") -> Element:
    """Rows from top to bottom on one scale. ``limit``: the value at full length on either side; else what is met.
    ``unit`` is read out with what stands under a bar."""
    met = [v for row in rows for v in row.met()]
    least, most = min(0.0, *met, 0.0), max(0.0, *met, 0.0)
    if limit is not None:
        least, most = -limit, limit
    ranged = any(row.low is not None or row.ends for row in rows)
    left = EDGE if least < 0 else 0.0
    right = EDGE if ranged or least < 0 else 0.0
    span = (most - least) or 1.0

    def at(value: float) -> float:
        return left + (100.0 - left - right) * (min(max(value, least), most) - least) / span

    long = any(len(row.title) > 34 for row in rows)
    items = (_item(row, at, zero=least < 0, unit=unit) for row in rows)
    return el("ul", *items, class_="bars long" if long else "bars", aria_label=title or None)


def _item(row: Bar, at: Placed, *, zero: bool, unit: str) -> Element:
    name: list[Child] = [row.title]
    if row.tag:
        name += [" ", el("small", row.tag, class_="tag")]
    if row.note:
        name.append(el("small", row.note))
    label = el("a", row.label, href=row.link, class_="to-sum") if row.link else row.label
    figure = el("b", label, class_=None if row.known else "none")
    read_out = el("span", f" {unit}", class_="hidden") if unit else None
    ends = el("span", row.ends, read_out, class_="ends") if row.ends else None
    svg = el("svg", *_drawn(row, at, zero=zero), height=HEIGHT, aria_hidden="true")
    drawn = el("span", svg, ends, class_="drawn")
    return el("li", el("span", *name), figure, drawn, class_="sum" if row.total else None)


def _drawn(row: Bar, at: Placed, *, zero: bool) -> list[Child]:
    start, end = sorted((at(row.start), at(row.value)))
    drawn: list[Child] = []
    if row.of is not None:
        drawn.append(el("rect", x=_percent(at(row.start)), y=(HEIGHT - THICK) / 2, height=THICK, class_=OUTLINE,
                        width=_percent(max(at(row.of) - at(row.start), THINNEST))))  # fmt: skip
    if row.value != row.start or row.ends:
        if end - start < THINNEST:
            back = THINNEST / 2 if row.ends else THINNEST if row.value < row.start else 0.0
            start, end = start - back, start - back + THINNEST
        kind = row.kind or (GAIN if row.value >= row.start else LOSS)
        drawn.append(el("rect", x=_percent(start), y=(HEIGHT - THICK) / 2, width=_percent(end - start), height=THICK,
                        class_=kind))  # fmt: skip
        if kind == NOT_KNOWN:  # stripes: a pattern would have to be referred to, and a page refers to nothing
            drawn.append(_line(start, end, HEIGHT / 2, HEIGHT / 2, "stripes"))
    if zero:
        drawn.append(_line(at(0), at(0), 0, HEIGHT, "zero"))
    if row.low is not None and row.high is not None and not row.ends:
        drawn += _whisker(at(row.low), at(row.high))
    return drawn


def _whisker(low: float, high: float) -> list[Child]:
    """A thin line with ends, in per cent of the row."""
    middle, cap = HEIGHT / 2, 4.0
    return [
        _line(low, high, middle, middle, "whisker"),
        *(_line(x, x, middle - cap, middle + cap, "whisker") for x in (low, high)),
    ]


def _line(x1: float, x2: float, y1: float, y2: float, kind: str) -> Element:
    return el("line", x1=_percent(x1), x2=_percent(x2), y1=y1, y2=y2, class_=kind)


def _percent(value: float) -> str:
    return f"{value:.2f}%"
