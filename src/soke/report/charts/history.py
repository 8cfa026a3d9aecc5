"""A place over the years: raised and spent, the gap within its range, and what of it all was measured; cash."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from soke import text as words
from soke.model.accounts.history import AccountYear, SeriesBreak
from soke.report.account_words import short_or_over, within
from soke.report.charts.frame import INK, LINE, MUTE, RAISED, SPENT, bar, frame, path, rule, text, ticks
from soke.report.markup import Child, Element, el

GRID, BAND, HERE, WIDER = "#d5dde1", "#ccd3d6", "#2d7d46", "#8cc09c"
APART = 15.0  # between two labels
INSET = 9.0  # of the first and the last year from the sides
LETTERS = "ABCDEFGH"  # of the breaks
Value = Callable[[AccountYear], float]


@dataclass(frozen=True, slots=True)
class Layout:
    """Sizes of one drawing; ``tops`` and ``feet`` of its three panels."""

    width: float
    left: float
    right: float
    named: tuple[int, ...]  # years that are named
    size: float = 12.0
    tops: tuple[float, float, float] = (40.0, 248.0, 384.0)
    feet: tuple[float, float, float] = (204.0, 342.0, 420.0)


WIDE = Layout(770.0, 58.0, 634.0, (1999, 2003, 2007, 2011, 2015, 2019, 2023))
NARROW = Layout(345.0, 44.0, 230.0, (1999, 2011, 2023))


@dataclass(frozen=True, slots=True)
class Panel:
    """Where a year and a value of one panel lie."""

    layout: Layout
    number: int
    first: int
    last: int
    low: float
    high: float
    drawn: list[Child] = field(default_factory=list)

    @property
    def top(self) -> float:
        return self.layout.tops[self.number]

    @property
    def foot(self) -> float:
        return self.layout.feet[self.number]

    def x(self, year: float) -> float:
        wide = self.layout.right - self.layout.left - 2 * INSET
        return self.layout.left + INSET + wide * (year - self.first) / max(self.last - self.first, 1)

    def y(self, value: float) -> float:
        return self.foot - (self.foot - self.top) * (value - self.low) / ((self.high - self.low) or 1.0)

    def title(self, said: str) -> None:
        self.drawn.append(text(0, self.top - (26 if self.number == 0 else 12), said, size=12.5, font_weight="700"))

    def grid(self, most: int, write: Callable[[float], str]) -> None:
        for tick in ticks(self.low, self.high, most):
            self.drawn.append(rule(self.layout.left, self.y(tick), self.layout.right, self.y(tick), GRID))
            self.drawn.append(text(self.layout.left - 6, self.y(tick) + 4, write(tick), anchor="end",
                                   size=self.layout.size, fill=MUTE))  # fmt: skip

    def line(self, run: Sequence[AccountYear], value: Value, colour: str) -> None:
        """One unbroken stretch; a year that stands alone is a dot."""
        points = [(self.x(y.year), self.y(value(y))) for y in run]
        if len(points) == 1:
            self.drawn.append(el("circle", cx=points[0][0], cy=points[0][1], r=2.5, fill=colour))
        else:
            self.drawn.append(el("path", d=path(points), fill="none", stroke=colour, stroke_width=2.5))

    def ends(self, labels: Sequence[tuple[float, str, str]]) -> None:
        """What each line comes to, to the right of its end: value, words, colour; none lies on another."""
        lowest = self.top - 8.0
        for value, said, colour in sorted(labels, key=lambda label: -label[0]):
            lowest = max(self.y(value) + 4, lowest + APART)
            self.drawn.append(text(self.layout.right + 8, lowest, said, size=12.5, fill=colour, font_weight="700"))


def history_chart(
    chart_id: str, name: str, years: Sequence[AccountYear], breaks: Sequence[SeriesBreak], layout: Layout = WIDE
) -> Element:
    """``years`` in their order, GBP million cash. At a break no line is drawn: what lies on its two sides is not to be
    compared. Where the publisher gives the figures there is no range, and nothing of what was measured."""
    tested = any(y.half_width is not None for y in years)
    panels = [_levels(years, breaks, layout), _gap(years, breaks, layout)]
    if tested:
        panels.append(_measured(years, layout))
    foot = panels[-1].foot
    drawn: list[Child] = [*_marks(panels[:2], breaks, layout), *(part for panel in panels for part in panel.drawn)]
    drawn += _axis_of_years(panels[-1], layout)
    return frame(chart_id, f"What {name} raised and spent over the years", described(name, years, breaks),
                 layout.width, foot + 24, *drawn)  # fmt: skip


def described(name: str, years: Sequence[AccountYear], breaks: Sequence[SeriesBreak]) -> str:
    """The chart in words: both ends, and that nothing is to be compared across a break."""
    first, last = years[0], years[-1]
    said = [
        f"In {words.financial_year(y.year)} {name} raised {words.money(y.receipts)} and spent"
        f" {words.money(y.spending)}: {short_or_over(y.gap, y.receipts)}{within(y.half_width, y.receipts)}."
        for y in (first, last)
    ]
    return " ".join([*said, *(f"{b.words[0].upper()}{b.words[1:]}." for b in breaks)])


def letters(breaks: Sequence[SeriesBreak]) -> list[tuple[str, str]]:
    """The letter of each break on the chart, and what it means."""
    return [(letter, b.words) for letter, b in zip(LETTERS, breaks, strict=False)]


def _levels(years: Sequence[AccountYear], breaks: Sequence[SeriesBreak], layout: Layout) -> Panel:
    high = max(max(y.receipts, y.spending) for y in years) * 1.04
    panel = Panel(layout, 0, years[0].year, years[-1].year, 0.0, high)
    panel.title("Raised and spent, cash of each year")
    panel.grid(5, _pounds(high))
    for value, side, colour in ((_receipts, "revenue", RAISED), (_spending, "spending", SPENT)):
        for run in _runs(years, {b.year for b in breaks if side in b.sides}):
            panel.line(run, value, colour)
    last = years[-1]
    panel.ends([(last.receipts, f"raised {words.money(last.receipts)}", RAISED),
                (last.spending, f"spent {words.money(last.spending)}", SPENT)])  # fmt: skip
    return panel


def _gap(years: Sequence[AccountYear], breaks: Sequence[SeriesBreak], layout: Layout) -> Panel:
    reach = [y.gap + s * (y.half_width or 0.0) for y in years for s in (-1, 1)]
    low, high = min(0.0, *reach), max(0.0, *reach)
    pad = (high - low) * 0.05
    panel = Panel(layout, 1, years[0].year, years[-1].year, low - pad, high + pad)
    panel.title("Spent less raised" + (", with its range" if any(y.half_width for y in years) else ""))
    panel.grid(4, _pounds(max(-low, high)))
    for run in _runs(years, {b.year for b in breaks}):
        if any(y.half_width for y in run):
            there = [(panel.x(y.year), panel.y(y.gap + (y.half_width or 0.0))) for y in run]
            back = [(panel.x(y.year), panel.y(y.gap - (y.half_width or 0.0))) for y in run]
            panel.drawn.append(el("path", d=path(there + back[::-1], closed=True), fill=BAND))
        panel.line(run, lambda y: y.gap, INK)
    panel.drawn.append(rule(layout.left, panel.y(0), layout.right, panel.y(0)))
    last = years[-1]
    panel.ends([(last.gap, short_or_over(last.gap, last.receipts), INK)])
    if last.half_width:
        said = f"± {words.money(last.half_width, beside=last.receipts)}"
        panel.drawn.append(text(layout.right + 8, panel.y(last.gap) + 4 + APART, said, size=12.5))
    return panel


def _measured(years: Sequence[AccountYear], layout: Layout) -> Panel:
    high = max(0.3, *(y.known.here + y.known.wider for y in years))
    panel = Panel(layout, 2, years[0].year, years[-1].year, 0.0, high)
    panel.title("Measured here, and wider")
    panel.grid(2, words.percent)
    breadth = (panel.x(years[-1].year) - panel.x(years[0].year)) / len(years) * 0.62
    for y in years:
        x, here, all_of_it = panel.x(y.year) - breadth / 2, panel.y(y.known.here), panel.y(y.known.here + y.known.wider)
        panel.drawn.append(bar(x, all_of_it, breadth, here - all_of_it, WIDER))
        panel.drawn.append(bar(x, here, breadth, panel.foot - here, HERE))
    last = years[-1].known
    panel.ends([(last.here + last.wider, f"{words.percent(last.here + last.wider)} measured", HERE)])
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


def _marks(panels: Sequence[Panel], breaks: Sequence[SeriesBreak], layout: Layout) -> Iterator[Child]:
    """A dashed line between the two years of each break, through both panels, and its letter."""
    for (letter, _), b in zip(letters(breaks), breaks, strict=False):
        x = panels[0].x(b.year - 0.5)
        for panel in panels:
            yield rule(x, panel.top, x, panel.foot, LINE, dash="3 3")
        yield text(x, panels[0].top - 2, letter, anchor="middle", size=12, font_weight="700", fill=MUTE)


def _axis_of_years(panel: Panel, layout: Layout) -> Iterator[Child]:
    for year in (y for y in layout.named if panel.first <= y <= panel.last):
        yield rule(panel.x(year), panel.foot, panel.x(year), panel.foot + 4)
        yield text(panel.x(year), panel.foot + 18, words.financial_year(year), anchor="middle", size=layout.size)


def _receipts(y: AccountYear) -> float:
    return y.receipts


def _spending(y: AccountYear) -> float:
    return y.spending


def _pounds(high: float) -> Callable[[float], str]:
    """Ticks in billions where the highest is a billion or more, else in millions; below nought it is money over."""
    unit, letters_of_it = (1000.0, "bn") if high >= 1000 else (1.0, "m")
    return lambda value: words.sign(value, f"£{abs(value) / unit:,g}{letters_of_it}", plus=False) if value else "0"
