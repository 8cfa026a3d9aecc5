"""A place over the years: raised and spent, the gap within its range, and what of it all was measured; cash."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from soke import text as words
from soke.model.accounts.history import AccountYear, SeriesBreak
from soke.report.account_words import short_or_over, within
from soke.report.charts.plot import Label, Panel, plot
from soke.report.markup import Element
from soke.text import capital

LETTERS = "ABCDEFGH"  # of the breaks
INSET = 0.5  # of a year, before the first and after the last
THICK = 0.62  # of a year: a column of what was measured
NAMED = (1999, 2005, 2011, 2017, 2023)  # years under the chart


def history_chart(chart_id: str, name: str, years: Sequence[AccountYear], breaks: Sequence[SeriesBreak]) -> Element:
    """``years`` in their order, GBP million cash. At a break no line is drawn: what lies on its two sides is not to be
    compared. Where the publisher gives the figures there is no range, and nothing of what was measured."""
    panels = [_levels(years, breaks), _gap(years, breaks)]
    for panel in panels:
        for b in breaks:
            panel.cut(b.year - 0.5)
    if any(y.half_width is not None for y in years):
        panels.append(_measured(years))
    there = [y.year for y in years]
    named = [(float(year), words.financial_year(year)) for year in NAMED if year in there]
    over = [(b.year - 0.5, letter) for (letter, _), b in zip(letters(breaks), breaks, strict=False)]
    title = f"What {name} raised and spent over the years"
    return plot(chart_id, title, described(name, years, breaks), panels, named, over)


def described(name: str, years: Sequence[AccountYear], breaks: Sequence[SeriesBreak]) -> str:
    """The chart in words: both ends, and that nothing is to be compared across a break."""
    first, last = years[0], years[-1]
    said = [
        f"In {words.financial_year(y.year)} {name} raised {words.money(y.receipts)} and spent"
        f" {words.money(y.spending)}: {short_or_over(y.gap, y.receipts)}{within(y.half_width, y.receipts)}."
        for y in (first, last)
    ]
    return " ".join([*said, *(f"{capital(b.words)}." for b in breaks)])


def letters(breaks: Sequence[SeriesBreak]) -> list[tuple[str, str]]:
    """The letter of each break on the chart, and what it means."""
    return [(letter, b.words) for letter, b in zip(LETTERS, breaks, strict=False)]


def _panel(
    years: Sequence[AccountYear],
    low: float,
    high: float,
    height: float,
    title: str,
    most: int,
    write: Callable[[float], str],
) -> Panel:
    first, last = years[0].year - INSET, years[-1].year + INSET
    return Panel(first, last, low, high, height, write, most, title)


def _levels(years: Sequence[AccountYear], breaks: Sequence[SeriesBreak]) -> Panel:
    high = max(max(y.receipts, y.spending) for y in years)
    panel = _panel(years, 0.0, high, 170.0, "Raised and spent, cash of each year", 5, _pounds(high))
    for value, side, kind in ((_receipts, "revenue", "raised"), (_spending, "spending", "spent")):
        for run in _runs(years, {b.year for b in breaks if side in b.sides}):
            panel.line([(y.year, value(y)) for y in run], kind)
    last = years[-1]
    panel.ends += [Label(last.receipts, f"raised {words.money(last.receipts)}", "raised", bold=True),
                   Label(last.spending, f"spent {words.money(last.spending)}", "spent", bold=True)]  # fmt: skip
    return panel


def _gap(years: Sequence[AccountYear], breaks: Sequence[SeriesBreak]) -> Panel:
    reach = [y.gap + s * (y.half_width or 0.0) for y in years for s in (-1, 1)]
    low, high = min(0.0, *reach), max(0.0, *reach)
    ranged = any(y.half_width for y in years)
    title = "Spent less raised" + (", with its range" if ranged else "")
    panel = _panel(years, low, high, 110.0, title, 4, _pounds(max(-low, high)))
    for run in _runs(years, {b.year for b in breaks}):
        if any(y.half_width for y in run):
            panel.band([y.year for y in run], [y.gap - (y.half_width or 0.0) for y in run],
                       [y.gap + (y.half_width or 0.0) for y in run])  # fmt: skip
        panel.line([(y.year, y.gap) for y in run], "ink")
    last = years[-1]
    panel.ends.append(Label(last.gap, short_or_over(last.gap, last.receipts), bold=True))
    if last.half_width:
        panel.ends.append(Label(last.gap, f"± {words.money(last.half_width, beside=last.receipts)}"))
    return panel


def _measured(years: Sequence[AccountYear]) -> Panel:
    high = max(0.3, *(y.known.here + y.known.wider for y in years))
    panel = _panel(years, 0.0, high, 60.0, "Measured here, and wider", 2, words.percent)
    for y in years:
        start, end = y.year - THICK / 2, y.year + THICK / 2
        panel.column(start, end, 0.0, y.known.here, "measured")
        panel.column(start, end, y.known.here, y.known.here + y.known.wider, "wider")
    last = years[-1].known
    panel.ends.append(Label(last.here + last.wider, f"{words.percent(last.here + last.wider)} measured", bold=True))
    return panel


def _runs(years: Sequence[AccountYear], broken: set[int]) -> Iterator[list[AccountYear]]:
    """Stretches of years without a break: each of ``broken`` begins a new one."""
    run: list[AccountYear] = []
    for y in years:
        if y.year in broken and run:
            yield run
            run = []
        run.append(y)
    yield run


def _receipts(y: AccountYear) -> float:
    return y.receipts


def _spending(y: AccountYear) -> float:
    return y.spending


def _pounds(high: float) -> Callable[[float], str]:
    """Ticks in billions where the highest is a billion or more, else in millions; below nought it is money over."""
    unit, letters_of_it = (1000.0, "bn") if high >= 1000 else (1.0, "m")
    return lambda value: words.sign(value, f"£{abs(value) / unit:,g}{letters_of_it}", plus=False) if value else "0"
