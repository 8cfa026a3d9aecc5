"""From what is raised, through what the gap is made of, to what is spent: GBP million."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from soke import text as words
from soke.report.charts.frame import INK, LINE, MUTE, PARTS, RAISED, SPENT, bar, frame, rule, text
from soke.report.headline import Part
from soke.report.markup import Child, Element


@dataclass(frozen=True, slots=True)
class Rise:
    """One bar: it stands from ``start`` to ``end`` (GBP million) and says ``label``."""

    title: str
    label: str
    start: float
    end: float
    colour: str


def rises(raised: float, parts: Sequence[Part], spent: float) -> list[Rise]:
    """The bars from left to right: raised, each part on top of what came before, spent."""
    bars = [Rise("raised here", words.money(raised), 0.0, raised, RAISED)]
    level = raised
    for part, colour in zip(parts, PARTS, strict=True):
        label = words.money(part.value, plus=True, beside=spent)
        bars.append(Rise(part.title, label, level, level + part.value, colour))
        level += part.value
    return [*bars, Rise("spent here", words.money(spent), 0.0, spent, SPENT)]


def describe(bars: Sequence[Rise]) -> str:
    return "; ".join(f"{rise.title} {rise.label}" for rise in bars) + "."


def waterfall(raised: float, parts: Sequence[Part], spent: float) -> Element:
    """Upright, for a wide window."""
    bars = rises(raised, parts, spent)
    width, height, base, top = 770.0, 226.0, 190.0, 20.0
    scale = (base - top) / (max(max(rise.start, rise.end) for rise in bars) or 1.0)
    pitch, breadth = 142.0, 104.0
    drawn: list[Child] = []
    for k, rise in enumerate(bars):
        x, high, low = 16 + k * pitch, max(rise.start, rise.end), min(rise.start, rise.end)
        drawn.append(bar(x, base - high * scale, breadth, max((high - low) * scale, 1.5), rise.colour))
        drawn.append(text(x + breadth / 2, base - high * scale - 6, rise.label, anchor="middle", font_weight="700"))
        for row, line in enumerate(_two_lines(rise.title)):
            drawn.append(text(x + breadth / 2, base + 16 + 15 * row, line, anchor="middle"))
        if k + 1 < len(bars):
            y = base - rise.end * scale
            drawn.append(rule(x + breadth, y, x + pitch, y, LINE, dash="3 3"))
    drawn += [rule(6, base, 16 + 4 * pitch + breadth + 10, base), *_bracket(raised, spent, scale, base)]
    return frame("waterfall", "From what is raised to what is spent", describe(bars), width, height, *drawn)


def _bracket(raised: float, spent: float, scale: float, base: float) -> list[Child]:
    """To the right of the last bar: how tall the gap is."""
    x, upper, lower = 694.0, base - max(raised, spent) * scale, base - min(raised, spent) * scale
    said = "short" if spent >= raised else "over"
    middle = (upper + lower) / 2
    return [
        rule(x, upper, x + 6, upper, MUTE),
        rule(x, lower, x + 6, lower, MUTE),
        rule(x + 6, upper, x + 6, lower, MUTE),
        text(x + 12, middle - 2, words.money(abs(spent - raised)), font_weight="700"),
        text(x + 12, middle + 13, said),
    ]


def waterfall_narrow(raised: float, parts: Sequence[Part], spent: float) -> Element:
    """Lying down, for a telephone: the same bars from left to right, one below the other."""
    bars = rises(raised, parts, spent)
    width, pitch = 345.0, 44.0
    scale = (width - 2) / (max(max(rise.start, rise.end) for rise in bars) or 1.0)
    drawn: list[Child] = []
    for k, rise in enumerate(bars):
        y, left = k * pitch, min(rise.start, rise.end) * scale
        drawn.append(text(0, y + 14, rise.label, font_weight="700"))
        drawn.append(text(66, y + 14, rise.title))
        drawn.append(bar(left, y + 19, max(abs(rise.end - rise.start) * scale, 1.5), 15, rise.colour))
        if k + 1 < len(bars):
            drawn.append(rule(rise.end * scale, y + 34, rise.end * scale, y + pitch + 19, INK, dash="2 3"))
    height = len(bars) * pitch
    return frame("waterfall-narrow", "From what is raised to what is spent", describe(bars), width, height, *drawn)


def _two_lines(title: str) -> tuple[str, ...]:
    """A title broken once, near its middle."""
    found = title.split()
    if len(title) < 14:
        return (title,)
    cut = min(range(1, len(found)), key=lambda k: abs(len(" ".join(found[:k])) - len(" ".join(found[k:]))))
    return " ".join(found[:cut]), " ".join(found[cut:])
