"""The growth loop as a picture: steps from top to bottom, each with its pounds, and the leaks that branch off."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from soke import text as words
from soke.report.charts.bars import BELOW
from soke.report.charts.frame import INK, MUTE, PAPER, RAISED, frame, path, rule, text
from soke.report.fact_words import said_range
from soke.report.facts import Step
from soke.report.markup import Child, Element, el
from soke.report.spread import Spread

WIDTH, BOX, HEIGHT, GAP = 345.0, 190.0, 58.0, 52.0
LETTERS = 30


def loop_chart(start: str, started: str, steps: Sequence[Step], end: str) -> Element:
    """``start`` and ``started``: what is put in, in words and in pounds; ``end``: what the last step is set against."""
    drawn: list[Child] = _box(0.0, start, started, "")
    y = HEIGHT
    for step in steps:
        drawn += _arrow(y)
        if step.leaked and step.leak:
            drawn += _leak(y, step.leak, step.leaked)
        y += GAP
        drawn += _box(y, step.title, words.about(step.amount.mean, plus=True), said_range(step.amount))
        y += HEIGHT
    lines = textwrap.wrap(end, 52)
    drawn += [text(0, y + 20 + 15 * k, line, size=12.5, fill=MUTE) for k, line in enumerate(lines)]
    told = "; ".join(f"{step.title} {words.about(step.amount.mean, plus=True)}" for step in steps)
    return frame("loop", "The growth loop and where it leaks", f"{start} {started}; {told}. {end}", WIDTH,
                 y + 26 + 15 * len(lines), *drawn)  # fmt: skip


def _box(y: float, title: str, figure: str, ranged: str) -> list[Child]:
    lines = textwrap.wrap(title, LETTERS)
    return [
        el("rect", x=1, y=y + 1, width=BOX, height=HEIGHT - 2, fill=PAPER, stroke=INK, stroke_width=1.5),
        *(text(8, y + 15 + 13 * k, line, size=12) for k, line in enumerate(lines)),
        text(8, y + HEIGHT - 9, figure, size=15, font_weight="700", fill=RAISED),
        text(BOX - 6, y + HEIGHT - 9, ranged, size=11, anchor="end", fill=MUTE),
    ]


def _arrow(y: float) -> list[Child]:
    middle, tip = BOX / 2, y + GAP
    head = path([(middle - 6, tip - 9), (middle, tip - 1), (middle + 6, tip - 9)], closed=True)
    return [rule(middle, y, middle, tip - 8, RAISED), el("path", d=head, fill=RAISED)]


def _leak(y: float, title: str, found: Spread) -> list[Child]:
    """To the right of the arrow, away from it: in the colour of what is lost."""
    at, start = y + GAP / 2 - 6, BOX / 2
    head = path([(BOX + 2, at - 5), (BOX + 10, at), (BOX + 2, at + 5)], closed=True)
    lines = textwrap.wrap(title, 22)[:3]
    return [
        rule(start, at, BOX + 3, at, BELOW),
        el("path", d=head, fill=BELOW),
        *(text(BOX + 16, at - 6 + 13 * k, line, size=12) for k, line in enumerate(lines)),
        text(BOX + 16, at - 4 + 13 * len(lines), words.about(found.mean, plus=True), size=12.5, font_weight="700"),
    ]
