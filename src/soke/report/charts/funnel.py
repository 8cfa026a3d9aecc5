"""The funnel, drawn to scale: how little of all public spending here the deal touches."""

from __future__ import annotations

from collections.abc import Sequence

from soke import text as words
from soke.report.charts.bars import HERE, OTHER, Bar, bars
from soke.report.funnel import Step
from soke.report.markup import Element

OF_THE_DEAL = 2  # from this step on it is the deal's money


def of_each_hundred(share: float | None) -> str:
    """A share of all spending as ``£1.24`` of each £100."""
    return words.NO_FIGURE if share is None else words.pounds(100 * share)


def funnel_chart(steps: Sequence[Step]) -> Element:
    """One bar a step, to scale; its name, its amount, and its part of each £100."""
    rows = [
        Bar(step.title, step.share or 0.0, words.money(step.value), kind=HERE if k >= OF_THE_DEAL else OTHER,
            note=f"{of_each_hundred(step.share)} of each £100" if step.share is not None else "")
        for k, step in enumerate(steps)
    ]  # fmt: skip
    return bars("Who really decides", rows)
