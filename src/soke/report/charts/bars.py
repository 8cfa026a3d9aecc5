"""Bars to both sides of zero, one a row, with its name and figure in words."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from soke.report.charts.frame import INK, MUTE, RAISED, bar, frame, rule, text
from soke.report.markup import Child, Element

WIDTH, LEFT, RIGHT = 345.0, 70.0, 275.0
LINE_HEIGHT, LINE_LETTERS = 15.0, 54
BELOW = "#d9822b"


@dataclass(frozen=True, slots=True)
class Bar:
    """``value`` sets the length; ``low`` and ``high``, where given, are drawn as a whisker; ``label`` is printed."""

    title: str
    value: float
    label: str
    low: float | None = None
    high: float | None = None


def bars(chart_id: str, title: str, rows: Sequence[Bar], limit: float | None = None) -> Element:
    """Rows from top to bottom. ``limit`` is the value at full length; by default the largest that is met."""
    met = [abs(v) for row in rows for v in (row.value, row.low, row.high) if v is not None]
    full = limit or max(met, default=1.0) or 1.0
    zero = (LEFT + RIGHT) / 2

    def x(value: float) -> float:
        return zero + (RIGHT - LEFT) / 2 * max(-1.0, min(1.0, value / full))

    drawn: list[Child] = []
    y = 0.0
    for row in rows:
        end, lines = x(row.value), textwrap.wrap(row.title, LINE_LETTERS)
        drawn += [text(0, y + 13 + LINE_HEIGHT * k, line, size=12.5) for k, line in enumerate(lines)]
        y += LINE_HEIGHT * len(lines)
        drawn.append(bar(min(zero, end), y + 4, abs(end - zero), 12, RAISED if row.value >= 0 else BELOW))
        reach = max(end, x(row.high or row.value)) if row.value >= 0 else min(end, x(row.low or row.value))
        anchor, at = ("start", reach + 6) if row.value >= 0 else ("end", reach - 6)
        drawn.append(text(at, y + 15, row.label, anchor=anchor, size=12.5, font_weight="700"))
        if row.low is not None and row.high is not None:
            drawn.append(rule(x(row.low), y + 10, x(row.high), y + 10, INK))
        drawn.append(rule(zero, y + 3, zero, y + 19, MUTE))
        y += 26
    said = "; ".join(f"{row.title} {row.label}" for row in rows) + "."
    return frame(chart_id, title, said, WIDTH, max(y, 1.0), *drawn)
