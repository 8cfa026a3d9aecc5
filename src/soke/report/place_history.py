"""A place over the years as a page shows it: the chart, and what its breaks mean."""

from __future__ import annotations

from collections.abc import Sequence

from soke.model.accounts.history import AccountYear, series_breaks
from soke.report.charts.history import history_chart, letters
from soke.report.markup import Child, el


def over_the_years(name: str, years: Sequence[AccountYear]) -> list[Child]:
    """The chart, and a line on each break of the series."""
    breaks = series_breaks()
    tested = any(y.half_width for y in years)
    band = " The grey band is the range of the gap, four times in five." if tested else ""
    bars = " Bars: what part of all pounds public bodies measured; the rest is shared by keys." if tested else ""
    return [
        el("p", f"Cash of each year, prices not taken out.{band}{bars} At a break nothing is joined: the two sides are"
           " not to be compared, and never to be read as growth."),
        history_chart("history", name, years, breaks),
        el("ul", *(el("li", el("b", letter), f" {said}.") for letter, said in letters(breaks)), class_="breaks"),
    ]  # fmt: skip
