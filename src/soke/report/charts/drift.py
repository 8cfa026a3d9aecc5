"""Drift: a place's funding for each unit of need over the years, against England's, with the band of all places."""

from __future__ import annotations

from collections.abc import Sequence

from soke import text as words
from soke.report.charts.frame import INK, MUTE, RAISED, bar, frame, path, rule, text, ticks
from soke.report.markup import Child, Element, el

WIDTH, HEIGHT = 400.0, 240.0
LEFT, RIGHT, TOP, BOTTOM = 58.0, 320.0, 44.0, 200.0
LEAST = 0.02  # of England's funding: no difference smaller than this fills the chart
BAND = "#dfe3e4"
APART = 14.0  # between two labels
SAME = 5e-4
Label = tuple[float, str, str, str]  # where, what, colour, weight


def drift_chart(
    chart_id: str, years: Sequence[int], as_is: Sequence[float], deal: Sequence[float],
    band: tuple[Sequence[float], Sequence[float]], marked: Sequence[int],
) -> Element:  # fmt: skip
    """Shares above England's (0.02 is two per cent above); ``years`` financial years, ``marked`` those to name."""
    every = (*as_is, *deal, *band[0], *band[1])
    low, high = min(-LEAST, *every), max(LEAST, *every)
    pad = (high - low) * 0.05
    low, high = low - pad, high + pad
    span = max(years[-1] - years[0], 1)

    def x(year: int) -> float:
        return LEFT + (RIGHT - LEFT) * (year - years[0]) / span

    def y(value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low)

    def line(values: Sequence[float], colour: str, width: float, dash: str | None = None) -> Element:
        points = [(x(k), y(v)) for k, v in zip(years, values, strict=True)]
        return el("path", d=path(points), fill="none", stroke=colour, stroke_width=width, stroke_dasharray=dash)

    same = max(abs(a - b) for a, b in zip(as_is, deal, strict=True)) < SAME
    there = [(x(k), y(v)) for k, v in zip(years, band[1], strict=True)]
    back = [(x(k), y(v)) for k, v in zip(years, band[0], strict=True)]
    drawn: list[Child] = [text(0, 13, "Funding for each unit of need, against England’s", size=12, fill=MUTE)]
    drawn += _legend(same=same)
    for tick in ticks(low, high, 5):
        drawn.append(rule(LEFT, y(tick), RIGHT, y(tick), "#d5dde1"))
        drawn.append(text(LEFT - 6, y(tick) + 4, _axis(tick), anchor="end", size=12, fill=MUTE))
    drawn.append(el("path", d=path(there + back[::-1], closed=True), fill=BAND))
    drawn.append(rule(LEFT, y(0), RIGHT, y(0), INK))
    if not same:
        drawn.append(line(as_is, INK, 1.8, "5 3"))
    drawn.append(line(deal, RAISED, 2.5))
    for year in marked:
        drawn.append(rule(x(year), BOTTOM, x(year), BOTTOM + 4, INK))
        anchor = "start" if year == years[0] else "end" if year == years[-1] else "middle"
        drawn.append(text(x(year), BOTTOM + 18, words.financial_year(year), anchor=anchor, size=12))
    drawn.append(text((LEFT + RIGHT) / 2, BOTTOM + 35, "financial year", anchor="middle", size=12, fill=MUTE))
    labels = [(y(deal[-1]), f"{'both' if same else 'deal'} {_said(deal[-1])}", RAISED, "700")]
    if not same:
        labels.append((y(as_is[-1]), f"as is {_said(as_is[-1])}", INK, "400"))
    drawn += [
        text(RIGHT + 6, at + 4, label, size=12, fill=colour, font_weight=weight)
        for at, label, colour, weight in _placed(labels)
    ]
    said = (
        f"Funding for each unit of need, above or below England's. In {words.financial_year(years[-1])} this place"
        f" stands {_said(as_is[-1])} from England's as is and {_said(deal[-1])} with the deal; eight places in ten lie"
        f" between {_said(band[0][-1])} and {_said(band[1][-1])}."
    )
    return frame(chart_id, "Does funding follow need?", said, WIDTH, HEIGHT, *drawn)


def _legend(*, same: bool) -> list[Child]:
    """What line and band are, in a row under the title."""
    drawn: list[Child] = [bar(0, 20, 18, 11, BAND), text(23, 30, "8 places in 10", size=12)]
    drawn.append(el("line", x1=118, y1=26, x2=140, y2=26, stroke=RAISED, stroke_width=2.5))
    drawn.append(text(145, 30, "here, as is and with the deal" if same else "here, with the deal", size=12))
    if not same:
        drawn.append(el("line", x1=262, y1=26, x2=284, y2=26, stroke=INK, stroke_width=1.8, stroke_dasharray="5 3"))
        drawn.append(text(289, 30, "here, as is", size=12))
    return drawn


def _placed(labels: Sequence[Label]) -> list[Label]:
    """Labels from top to bottom, none on another, all inside the frame."""
    found: list[Label] = []
    for at, said, colour, weight in sorted(labels):
        lowest = found[-1][0] + APART if found else TOP
        found.append((max(at, lowest), said, colour, weight))
    over = max(0.0, found[-1][0] - BOTTOM)
    return [(at - over, said, colour, weight) for at, said, colour, weight in found]


def _said(share: float) -> str:
    return words.percent(share, 1, plus=True)


def _axis(share: float) -> str:
    return words.sign(share, f"{abs(share) * 100:g}%", plus=True) if share else "England"
