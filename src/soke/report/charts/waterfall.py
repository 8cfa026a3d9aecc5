"""From what is raised, through what the gap is made of, to what is spent: GBP million."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from soke import text as words
from soke.report.account_words import Part
from soke.report.charts.frame import INK, LINE, MUTE, PAPER, PARTS, RAISED, SPENT, bar, frame, path, rule, text
from soke.report.markup import Child, Element, el


@dataclass(frozen=True, slots=True)
class Rise:
    """One bar: it stands from ``start`` to ``end`` (GBP million), says ``label``, and its end may be ``width`` off."""

    title: str
    label: str
    start: float
    end: float
    colour: str
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Widths:
    """How far each may be off either way, GBP million; None where it is published, or no range is to be drawn."""

    raised: float | None = None
    spent: float | None = None
    gap: float | None = None


NONE = Widths()


def rises(raised: float, parts: Sequence[Part], spent: float, widths: Widths = NONE) -> list[Rise]:
    """The bars from left to right: raised, each part on top of what came before, spent."""
    bars = [Rise("raised here", _give_or_take(raised, widths.raised), 0.0, raised, RAISED, widths.raised or 0.0)]
    level = raised
    for part, colour in zip(parts, PARTS, strict=True):
        label = words.money(part.value, plus=True, beside=spent)
        bars.append(Rise(part.title, label, level, level + part.value, colour))
        level += part.value
    label = _give_or_take(spent, widths.spent)
    return [*bars, Rise("spent here", label, 0.0, spent, SPENT, widths.spent or 0.0)]


def _give_or_take(value: float, width: float | None) -> str:
    """``£38.5bn ± £2.1bn``; the value alone where there is no range."""
    return f"{words.money(value)} ± {words.money(width, beside=value)}" if width else words.money(value)


def describe(bars: Sequence[Rise]) -> str:
    return "; ".join(f"{rise.title} {rise.label}" for rise in bars) + "."


def waterfall(raised: float, parts: Sequence[Part], spent: float, widths: Widths = NONE) -> Element:
    """Upright, for a wide window; a whisker at the end of each bar that may be off."""
    bars = rises(raised, parts, spent, widths)
    width, height, base, top = 770.0, 226.0, 190.0, 20.0
    scale = (base - top) / (max(max(rise.start, rise.end + rise.width) for rise in bars) or 1.0)
    pitch, breadth = 142.0, 104.0
    drawn: list[Child] = []
    for k, rise in enumerate(bars):
        x, high, low = 16 + k * pitch, max(rise.start, rise.end), min(rise.start, rise.end)
        drawn.append(bar(x, base - high * scale, breadth, max((high - low) * scale, 1.5), rise.colour))
        head = base - (high + rise.width) * scale - 6
        drawn.append(text(x + breadth / 2, head, rise.label, anchor="middle", font_weight="700"))
        for row, line in enumerate(_two_lines(rise.title)):
            drawn.append(text(x + breadth / 2, base + 16 + 15 * row, line, anchor="middle"))
        if k + 1 < len(bars):
            y = base - rise.end * scale
            drawn.append(rule(x + breadth, y, x + pitch, y, LINE, dash="3 3"))
        if rise.width:
            upper, lower = base - (rise.end + rise.width) * scale, base - (rise.end - rise.width) * scale
            drawn.append(_whisker(x + breadth / 2, upper, x + breadth / 2, lower))
    drawn += [rule(6, base, 16 + 4 * pitch + breadth + 10, base), *_bracket(raised, spent, scale, base, widths.gap)]
    return frame("waterfall", "From what is raised to what is spent", describe(bars), width, height, *drawn)


def _whisker(x1: float, y1: float, x2: float, y2: float) -> Element:
    """A line from one end of a range to the other, seen on the bar and off it."""
    return el("path", d=path([(x1, y1), (x2, y2)]), stroke=INK, stroke_width=2.5)


def _bracket(raised: float, spent: float, scale: float, base: float, width: float | None) -> list[Child]:
    """To the right of the last bar: how tall the gap is."""
    x, upper, lower = 694.0, base - max(raised, spent) * scale, base - min(raised, spent) * scale
    said = "short" if spent >= raised else "over"
    middle = (upper + lower) / 2
    return [
        rule(x, upper, x + 6, upper, MUTE),
        rule(x, lower, x + 6, lower, MUTE),
        rule(x + 6, upper, x + 6, lower, MUTE),
        text(x + 12, middle - 2, words.money(abs(spent - raised), beside=raised), font_weight="700"),
        text(x + 12, middle + 13, said),
        text(x + 12, middle + 28, f"± {words.money(width, beside=raised)}") if width else None,
    ]


def waterfall_narrow(raised: float, parts: Sequence[Part], spent: float, widths: Widths = NONE) -> Element:
    """Lying down, for a telephone: the same bars from left to right, one below the other."""
    bars = rises(raised, parts, spent, widths)
    width, pitch = 345.0, 44.0
    scale = (width - 2) / (max(max(rise.start, rise.end + rise.width) for rise in bars) or 1.0)
    drawn: list[Child] = [
        rule(rise.end * scale, k * pitch + 34, rise.end * scale, (k + 1) * pitch + 19, INK, dash="2 3")
        for k, rise in enumerate(bars[:-1])
    ]
    for k, rise in enumerate(bars):
        y, left = k * pitch, min(rise.start, rise.end) * scale
        drawn.append(_on_paper(0, y + 14, rise.label, "700"))
        drawn.append(_on_paper(132 if rise.width else 66, y + 14, rise.title, "400"))
        drawn.append(bar(left, y + 19, max(abs(rise.end - rise.start) * scale, 1.5), 15, rise.colour))
        if rise.width:
            drawn.append(_whisker((rise.end - rise.width) * scale, y + 26.5, (rise.end + rise.width) * scale, y + 26.5))
    height = len(bars) * pitch
    return frame("waterfall-narrow", "From what is raised to what is spent", describe(bars), width, height, *drawn)


def _on_paper(x: float, y: float, said: str, weight: str) -> Element:
    """Words behind which a dashed line goes out of sight."""
    return text(x, y, said, font_weight=weight, stroke=PAPER, stroke_width="4", paint_order="stroke")


def _two_lines(title: str) -> tuple[str, ...]:
    """A title broken once, near its middle."""
    found = title.split()
    if len(title) < 14:
        return (title,)
    cut = min(range(1, len(found)), key=lambda k: abs(len(" ".join(found[:k])) - len(" ".join(found[k:]))))
    return " ".join(found[:cut]), " ".join(found[cut:])
