"""A fan of the paired difference over the years: median, half of the draws, eight draws in ten, and zero."""

from __future__ import annotations

from collections.abc import Sequence

from soke import text as words
from soke.report.charts.frame import INK, LINE, MUTE, RAISED, frame, path, rule, text, ticks
from soke.report.markup import Child, Element, el
from soke.report.spread import Spread

WIDTH, HEIGHT = 400.0, 176.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 330.0, 10.0, 148.0


def fan(
    chart_id: str, title: str, years: Sequence[int], spreads: Sequence[Spread], marked: Sequence[int],
    outer: Sequence[Spread] = (),
) -> Element:  # fmt: skip
    """``years`` counted from the base year, one spread (GBP million) for each; ``marked`` years are named.

    ``outer``: spreads of what nobody knows, drawn pale behind, with its own ends.
    """
    low = min(0.0, *(s.low for s in (*spreads, *outer)))
    high = max(0.0, *(s.high for s in (*spreads, *outer)))
    pad = (high - low or 1.0) * 0.04
    low, high = low - pad, high + pad
    span = max(years[-1] - years[0], 1)

    def x(year: int) -> float:
        return LEFT + (RIGHT - LEFT) * (year - years[0]) / span

    def y(value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low)

    def band(lower: Sequence[float], upper: Sequence[float], opacity: str) -> Element:
        there = [(x(k), y(v)) for k, v in zip(years, upper, strict=True)]
        back = [(x(k), y(v)) for k, v in zip(years, lower, strict=True)]
        return el("path", d=path(there + back[::-1], closed=True), fill=RAISED, fill_opacity=opacity)

    drawn: list[Child] = []
    for tick in ticks(low, high, 4):
        drawn.append(rule(LEFT, y(tick), RIGHT, y(tick), "#d5dde1"))
        drawn.append(text(LEFT - 6, y(tick) + 4, _axis(tick), anchor="end", size=12, fill=MUTE))
    if outer:
        drawn.append(band([s.low for s in outer], [s.high for s in outer], ".12"))
    drawn.append(band([s.low for s in spreads], [s.high for s in spreads], ".2"))
    drawn.append(band([s.lower for s in spreads], [s.upper for s in spreads], ".3"))
    middle = path([(x(k), y(s.middle)) for k, s in zip(years, spreads, strict=True)])
    drawn.append(rule(LEFT, y(0), RIGHT, y(0)))
    drawn.append(el("path", d=middle, fill="none", stroke=RAISED, stroke_width=2.5))
    drawn.append(text(LEFT + 4, TOP + 10, "▲ narrower gap" if high > 1.5 * pad else "", size=12, fill=MUTE))
    drawn.append(text(LEFT + 4, BOTTOM - 4, "▼ wider gap" if low < -1.5 * pad else "", size=12, fill=MUTE))
    for year in marked:
        drawn.append(rule(x(year), TOP, x(year), BOTTOM, LINE, dash="2 3"))
        anchor = "end" if year == years[-1] else "middle"
        drawn.append(text(x(year), BOTTOM + 18, f"year {year}", anchor=anchor, size=12.5))
    last = spreads[-1]
    if outer:
        figures = ((outer[-1].high, "400"), (last.middle, "700"), (outer[-1].low, "400"))
        drawn += [
            text(RIGHT + 6, y(v) + 4, words.money(v, plus=True), size=12.5, font_weight=weight) for v, weight in figures
        ]
    else:
        drawn += _ends(last, [y(v) for v in (last.high, last.middle, last.low)])
    said = (
        f"Difference that the deal makes, GBP million a year. In year {years[-1]} the median is"
        f" {words.money(last.middle, plus=True)}; eight draws in ten lie between {words.money(last.low, plus=True)}"
        f" and {words.money(last.high, plus=True)}."
    )
    if outer:
        ends = f"{words.money(outer[-1].low, plus=True)} to {words.money(outer[-1].high, plus=True)}"
        said += f" What nobody knows of being devolved lies about it: {ends}."
    return frame(chart_id, title, said, WIDTH, HEIGHT, *drawn)


def _axis(value: float) -> str:
    """A tick in GBP million: ``0``, ``+£50m``, without decimals that are not needed."""
    if abs(value) >= 1000:
        return words.sign(value, f"£{abs(value) / 1000:g}bn", plus=True)
    return words.sign(value, f"£{abs(value):g}m", plus=True) if value else "0"


def _ends(last: Spread, heights: list[float]) -> list[Child]:
    """What the last year's high, middle and low are, kept from lying on one another."""
    figures = (last.high, last.middle, last.low)
    middle = heights[1]
    placed = (min(heights[0], middle - 14), middle, max(heights[2], middle + 14))
    return [
        text(
            RIGHT + 6,
            at + 4,
            words.money(figure, plus=True),
            size=12.5,
            font_weight="700" if k == 1 else "400",
            fill=RAISED if k == 1 else INK,
        )
        for k, (figure, at) in enumerate(zip(figures, placed, strict=True))
    ]
