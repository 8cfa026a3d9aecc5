"""The growth loop: steps from top to bottom, each with its pounds, and the leaks that branch off between them."""

from __future__ import annotations

from collections.abc import Sequence

from soke import text as words
from soke.report.fact_words import said_range
from soke.report.facts import Step
from soke.report.markup import Element, el


def loop_chart(start: str, started: str, steps: Sequence[Step], end: str) -> Element:
    """``start`` and ``started``: what is put in, in words and in pounds; ``end``: what the last step is set against."""
    items = [el("li", start, el("b", started))]
    for step in steps:
        if step.leaked and step.leak:
            lost = words.about(step.leaked.mean, plus=True)
            items.append(el("li", step.leak, el("b", lost), class_="leak"))
        ranged = el("small", said_range(step.amount))
        items.append(el("li", step.title, el("b", words.about(step.amount.mean, plus=True), " ", ranged)))
    items.append(el("li", end, class_="end-of"))
    return el("ol", *items, class_="loop", aria_label="The growth loop and where it leaks")
