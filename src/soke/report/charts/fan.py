"""A fan of the paired difference over the years: median, half of the draws, eight draws in ten, and zero."""

from __future__ import annotations

from collections.abc import Sequence

from soke import text as words
from soke.report.charts.plot import Label, Panel, plot
from soke.report.markup import Element
from soke.report.spread import Spread


def fan(
    chart_id: str, title: str, years: Sequence[int], spreads: Sequence[Spread], marked: Sequence[int],
    outer: Sequence[Spread] = (),
) -> Element:  # fmt: skip
    """``years`` counted from the base year, one spread (GBP million) for each; ``marked`` years are named.

    ``outer``: spreads of what nobody knows, drawn pale behind, with its own ends.
    """
    low = min(0.0, *(s.low for s in (*spreads, *outer)))
    high = max(0.0, *(s.high for s in (*spreads, *outer)))
    panel = Panel(years[0], years[-1], low, high, 176.0, _axis, title=_meaning(low, high))
    if outer:
        panel.band(years, [s.low for s in outer], [s.high for s in outer], "outer")
    panel.band(years, [s.low for s in spreads], [s.high for s in spreads], "ranged")
    panel.band(years, [s.lower for s in spreads], [s.upper for s in spreads], "half-of")
    panel.line([(k, s.middle) for k, s in zip(years, spreads, strict=True)], "raised")
    for year in marked:
        panel.cut(year)
    last = spreads[-1]
    widest = outer[-1] if outer else last
    panel.ends += [
        Label(widest.high, words.money(widest.high, plus=True)),
        Label(last.middle, words.money(last.middle, plus=True), "raised", bold=True),
        Label(widest.low, words.money(widest.low, plus=True)),
    ]
    said = (
        f"Difference that the deal makes, GBP million a year. In year {years[-1]} the median is"
        f" {words.money(last.middle, plus=True)}; eight draws in ten lie between {words.money(last.low, plus=True)}"
        f" and {words.money(last.high, plus=True)}."
    )
    if outer:
        ends = f"{words.money(outer[-1].low, plus=True)} to {words.money(outer[-1].high, plus=True)}"
        said += f" What nobody knows of being devolved lies about it: {ends}."
    return plot(chart_id, title, said, [panel], [(year, f"year {year}") for year in marked])


def _meaning(low: float, high: float) -> str:
    """What lies above and below the line at zero, where anything does."""
    said = {
        (True, True): ": above the line the gap is narrower, below it wider",
        (True, False): ": the gap is narrower",
        (False, True): ": the gap is wider",
        (False, False): "",
    }
    return f"Pounds a year{said[high > 0, low < 0]}"


def _axis(value: float) -> str:
    """A tick in GBP million: ``0``, ``+£50m``, without decimals that are not needed."""
    if abs(value) >= 1000:
        return words.sign(value, f"£{abs(value) / 1000:g}bn", plus=True)
    return words.sign(value, f"£{abs(value):g}m", plus=True) if value else "0"
