"""Drift: a place's funding for each unit of need over the years, against England's, with the band of all places."""

from __future__ import annotations

from collections.abc import Sequence

from soke import text as words
from soke.report.charts.plot import Label, Panel, plot
from soke.report.markup import Element, el

LEAST = 0.02  # of England's funding: no difference smaller than this fills the chart
SAME = 5e-4


def drift_chart(
    chart_id: str, years: Sequence[int], as_is: Sequence[float], deal: Sequence[float],
    band: tuple[Sequence[float], Sequence[float]], marked: Sequence[int],
) -> Element:  # fmt: skip
    """Shares above England's (0.02 is two per cent above); ``years`` financial years, ``marked`` those to name."""
    every = (*as_is, *deal, *band[0], *band[1])
    panel = Panel(years[0], years[-1], min(-LEAST, *every), max(LEAST, *every), 190.0, _axis, 5,
                  "Funding for each unit of need, against England’s, by financial year")  # fmt: skip
    same = max(abs(a - b) for a, b in zip(as_is, deal, strict=True)) < SAME
    panel.band(years, band[0], band[1])
    if not same:
        panel.line(list(zip(years, as_is, strict=True)), "was")
        panel.ends.append(Label(as_is[-1], f"as is {_said(as_is[-1])}"))
    panel.line(list(zip(years, deal, strict=True)), "raised")
    panel.ends.append(Label(deal[-1], f"{'both' if same else 'deal'} {_said(deal[-1])}", "raised", bold=True))
    said = (
        f"Funding for each unit of need, above or below England's. In {words.financial_year(years[-1])} this place"
        f" stands {_said(as_is[-1])} from England's as is and {_said(deal[-1])} with the deal; eight places in ten lie"
        f" between {_said(band[0][-1])} and {_said(band[1][-1])}."
    )
    drawn = plot(chart_id, "Does funding follow need?", said, [panel],
                 [(year, words.financial_year(year)) for year in marked])  # fmt: skip
    return el("div", drawn, el("p", _legend(same=same), class_="note"))


def _legend(*, same: bool) -> str:
    """What line and band are, in words."""
    line = "The line is this place, as is and with the deal" if same else (
        "The solid line is this place with the deal, the dashed one as is"
    )  # fmt: skip
    return f"{line}; eight places in ten lie in the grey band."


def _said(share: float) -> str:
    return words.percent(share, 1, plus=True)


def _axis(share: float) -> str:
    return words.sign(share, f"{abs(share) * 100:g}%", plus=True) if share else "England"
