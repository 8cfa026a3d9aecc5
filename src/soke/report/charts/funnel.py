"""The funnel, drawn to scale: how little of all public spending here the deal touches."""

from __future__ import annotations

from collections.abc import Sequence

from soke import text as words
from soke.report.charts.frame import MUTE, SPENT, bar, frame, text
from soke.report.funnel import Step
from soke.report.markup import Child, Element

WIDTH, PITCH, THICK = 345.0, 29.0, 9.0
SLIVER = 1.5  # a bar that would be thinner is drawn this wide
COLOURS = (SPENT, "#6f62a0", "#1f6f8b", "#3f8aa3", "#d9822b", "#b5473c")


def of_each_hundred(share: float | None) -> str:
    """A share of all spending as ``£1.24`` of each £100."""
    return words.NO_FIGURE if share is None else words.pounds(100 * share)


def funnel_chart(steps: Sequence[Step]) -> Element:
    """One thin bar a step, to scale; above it the name, the amount, and its part of each £100."""
    drawn: list[Child] = []
    for k, (step, colour) in enumerate(zip(steps, COLOURS, strict=True)):
        y = k * PITCH
        drawn.append(text(0, y + 12, step.title, size=12.5))
        drawn.append(text(248, y + 12, words.money(step.value), anchor="end", size=12.5, font_weight="700"))
        drawn.append(text(WIDTH, y + 12, of_each_hundred(step.share), anchor="end", size=12.5, fill=MUTE))
        if step.share:
            drawn.append(bar(0, y + 16, max(step.share * WIDTH, SLIVER), THICK, colour))
    said = "; ".join(f"{step.title} {words.money(step.value)}" for step in steps) + "."
    return frame("funnel", "Who really decides", said, WIDTH, len(steps) * PITCH, *drawn)
