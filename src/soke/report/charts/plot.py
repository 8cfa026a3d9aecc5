"""Lines over the years: panels one above another on one axis of years.

The letters are the page's own text, beside the drawing and not in it, so that they never shrink, never leave the page
and never lie on a line; the drawing alone is stretched to the room there is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from soke.report.markup import Child, Element, el, number

WIDE = 1000.0  # of the drawing, before it is stretched
APART = 20.0  # pixels between the middles of two labels
AT_END = 0.08  # of the width: what is named there stands inside the edge
PAD = 0.04  # of the height, kept free above and below


@dataclass(frozen=True, slots=True)
class Label:
    """Words at the right of a line's end, at the height of ``value``."""

    value: float
    said: str
    kind: str = ""
    bold: bool = False


@dataclass(slots=True)
class Panel:
    """Values from ``low`` to ``high`` over years from ``first`` to ``last``, ``height`` pixels tall.

    ``write`` puts a tick of the axis into words; ``most`` is about how many ticks there are.
    """

    first: float
    last: float
    low: float
    high: float
    height: float
    write: Callable[[float], str]
    most: int = 4
    title: str = ""
    drawn: list[Child] = field(default_factory=list)
    ends: list[Label] = field(default_factory=list)

    def x(self, year: float) -> float:
        return WIDE * (year - self.first) / max(self.last - self.first, 1e-9)

    def y(self, value: float) -> float:
        free = PAD * self.height
        return self.height - free - (self.height - 2 * free) * (value - self.low) / ((self.high - self.low) or 1.0)

    def line(self, points: Sequence[tuple[float, float]], kind: str) -> None:
        """One unbroken stretch of years and values; a year that stands alone is a dot."""
        at = [(self.x(year), self.y(value)) for year, value in points]
        if len(at) == 1:
            (x, y), kind = at[0], f"{kind} dot"
            at = [(x, y), (x + 0.01, y)]
        self.drawn.append(el("path", d=path(at), class_=f"line {kind}"))

    def band(self, years: Sequence[float], low: Sequence[float], high: Sequence[float], kind: str = "") -> None:
        """What lies between two lines."""
        there = [(self.x(k), self.y(v)) for k, v in zip(years, high, strict=True)]
        back = [(self.x(k), self.y(v)) for k, v in zip(years, low, strict=True)]
        self.drawn.append(el("path", d=path(there + back[::-1], closed=True), class_=f"band {kind}".strip()))

    def column(self, start: float, end: float, low: float, high: float, kind: str) -> None:
        """A bar that stands from ``low`` to ``high`` between two years."""
        left, upper = self.x(start), self.y(high)
        self.drawn.append(el("rect", x=left, y=upper, width=self.x(end) - left, height=max(self.y(low) - upper, 0.0),
                             class_=kind))  # fmt: skip

    def level(self, value: float, kind: str) -> Element:
        return el("line", x1=0, x2=WIDE, y1=self.y(value), y2=self.y(value), class_=kind)

    def cut(self, year: float) -> None:
        """A dashed upright line."""
        self.drawn.append(el("line", x1=self.x(year), x2=self.x(year), y1=0, y2=self.height, class_="cut"))


def plot(
    chart_id: str, title: str, told: str, panels: Sequence[Panel], years: Sequence[tuple[float, str]],
    letters: Sequence[tuple[float, str]] = (),
) -> Element:  # fmt: skip
    """``told``: the chart in words, for who cannot see it. ``years`` are named under the last panel, of which a
    telephone shows the ends; ``letters`` stand over the first."""
    parts: list[Child] = []
    for k, panel in enumerate(panels):
        if panel.title:
            parts.append(el("p", panel.title, class_="name"))
        if letters and k == 0:
            parts.append(_along(panel, letters, ends=False))
        parts += [_axis(panel), _field(chart_id, title, told, panel, k), _ends(panel)]
    if years:
        parts.append(_along(panels[-1], years, ends=True))
    return el("div", *parts, class_="plots")


def _field(chart_id: str, title: str, told: str, panel: Panel, number_: int) -> Element:
    grid = [panel.level(tick, "grid") for tick in _ticks(panel)]
    zero = [panel.level(0.0, "zero")] if panel.low <= 0 <= panel.high else []
    named = [el("title", title, id=f"{chart_id}-title"), el("desc", told, id=f"{chart_id}-desc")] if not number_ else []
    svg = el(
        "svg", *named, *grid, *panel.drawn, *zero, viewBox=f"0 0 {number(WIDE)} {number(panel.height)}",
        preserveAspectRatio="none", role=None if number_ else "img", aria_hidden="true" if number_ else None,
        aria_labelledby=None if number_ else f"{chart_id}-title {chart_id}-desc",
    )  # fmt: skip
    return el("div", svg, class_="field", style=f"height:{number(panel.height)}px")


def _ticks(panel: Panel) -> list[float]:
    return ticks(panel.low, panel.high, panel.most)


def _axis(panel: Panel) -> Element:
    marks = [_beside(panel.y(tick), panel.write(tick)) for tick in _ticks(panel)]
    return el("div", *marks, class_="axis", aria_hidden="true")


def _ends(panel: Panel) -> Element:
    placed = placed_apart([panel.y(label.value) for label in panel.ends], panel.height)
    marks = [
        _beside(at, el("b", label.said) if label.bold else label.said, label.kind)
        for at, label in zip(placed, panel.ends, strict=True)
    ]
    return el("div", *marks, class_="ends", aria_hidden="true")


def _beside(at: float, said: Child, kind: str = "") -> Element:
    return el("span", said, style=f"margin-top:{number(at - APART / 2)}px", class_=kind or None)


def _along(panel: Panel, named: Sequence[tuple[float, str]], *, ends: bool) -> Element:
    """Words over or under a panel, each at its year."""
    marks = []
    for k, (year, said) in enumerate(named):
        at, kind = panel.x(year) / WIDE, None
        if ends:
            kind = (
                "first-of"
                if at < AT_END
                else "last-of"
                if at > 1 - AT_END
                else "mid"
                if 0 < k < len(named) - 1
                else None
            )
        marks.append(el("span", said, class_=kind, style=f"left:{at:.2%}"))
    return el("div", *marks, class_="along", aria_hidden="true")


def placed_apart(heights: Sequence[float], most: float) -> list[float]:
    """Heights of labels, in the order given: none on another, as near to their own as may be, from 0 to ``most`` as
    long as there is room."""
    order = sorted(range(len(heights)), key=lambda k: heights[k])
    at: list[float] = []
    for k in order:
        at.append(max(heights[k], at[-1] + APART) if at else heights[k])
    over = max(0.0, at[-1] - most) if at else 0.0
    for k in reversed(range(len(at))):
        limit = most if k == len(at) - 1 else at[k + 1] - APART
        at[k] = min(at[k], limit) if over else at[k]
    placed = [0.0] * len(heights)
    for k, value in zip(order, at, strict=True):
        placed[k] = value
    return placed


def path(points: Sequence[tuple[float, float]], *, closed: bool = False) -> str:
    """The ``d`` of a path through points."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + ("Z" if closed else "")


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """At most about ``most`` round values from ``low`` to ``high``, zero among them where it is inside."""
    width = high - low
    if width <= 0 or not math.isfinite(width):
        return [low]
    raw = width / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= raw * (1 - 1e-9))
    return [step * k for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]
