"""What every chart shares: the named frame, the colours, text, and round ticks."""

from __future__ import annotations

import math

from soke.report.markup import Child, Element, el, number

INK, MUTE, LINE, PAPER = "#12212b", "#55656e", "#9aa7ae", "#fbfaf7"
RAISED, SPENT = "#1f6f8b", "#5b4b8a"
PARTS = ("#c9a227", "#d9822b", "#b5473c")


def frame(chart_id: str, title: str, description: str, width: float, height: float, *drawn: Child) -> Element:
    """An SVG image with a title and a description that a screen reader speaks."""
    return el(
        "svg",
        el("title", title, id=f"{chart_id}-title"),
        el("desc", description, id=f"{chart_id}-desc"),
        *drawn,
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="img",
        aria_labelledby=f"{chart_id}-title {chart_id}-desc",
        class_="chart",
    )


def bar(x: float, y: float, width: float, height: float, fill: str) -> Element:
    return el("rect", x=x, y=y, width=max(width, 0), height=max(height, 0), fill=fill)


def rule(x1: float, y1: float, x2: float, y2: float, stroke: str = INK, *, dash: str | None = None) -> Element:
    return el("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_dasharray=dash)


def text(x: float, y: float, said: str, *, anchor: str = "start", size: float = 13, **more: str) -> Element:
    """Text at its baseline. ``more`` holds further attributes, as ``font_weight="700"``."""
    return el("text", said, x=x, y=y, text_anchor=anchor, font_size=size, **{"fill": INK, **more})


def path(points: list[tuple[float, float]], *, closed: bool = False) -> str:
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
