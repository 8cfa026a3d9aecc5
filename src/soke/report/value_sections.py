"""Sections of a deal's page on what it is worth: what nobody knows, the place's luck, two purses, care, the loop."""

from __future__ import annotations

from collections.abc import Mapping

from soke import text as words
from soke.evidence import parameters
from soke.model.economy.back_test import shipped
from soke.model.services import cuts
from soke.report import facts
from soke.report.charts.bars import Bar, bars, ranged
from soke.report.charts.fan import fan
from soke.report.charts.loop import loop_chart
from soke.report.contents import RunReport
from soke.report.fact_words import said_range
from soke.report.headline import NARROWING
from soke.report.markup import Child, el
from soke.report.no_lever import nothing_here
from soke.report.spread import Ranged, Spread, change, spread
from soke.report.table import folded, to_html
from soke.report.tables.back_test import in_a_sentence
from soke.report.tables.difference import by_year
from soke.table import Table

Tables = Mapping[str, Table]
PURSES = {"place_budget": "This place’s purse", "exchequer": "The Exchequer", "growth_pays": "What growth pays"}


def not_known(report: RunReport, tables: Tables) -> list[Child]:
    """The fan of the listed items inside the fan of what nobody knows."""
    known = by_year(report, NARROWING, lambda series: series.difference)
    unknown = by_year(report, facts.STRUCTURAL, lambda series: series.difference)
    held = [(k, s) for k, s in enumerate(known) if s is not None]
    if not held:
        return [el("p", "There is no figure.")]
    outer = [s for s in unknown if s is not None]
    years, spreads = [k for k, _ in held], [s for _, s in held]
    said = (
        "Whether being devolved changes growth by itself is not known: the studies find none, give or take .3 points a"
        " year. That alone is the pale band; the listed items are the dark one inside it. They must not be added up."
    )
    return [
        el("p", said),
        fan("fan-not-known", "The listed items inside what nobody knows", years, spreads, report.marked_years(),
            outer if len(outer) == len(spreads) else ()),
        to_html(tables["not_known"]),
        el("h3", "The listed items alone"),
        nothing_here() if facts.nothing_changes(report) else
        fan("fan", "What the deal changes, year by year", years, spreads, report.marked_years()),
        folded(tables["difference_by_year"]),
    ]  # fmt: skip


def luck(report: RunReport, tables: Tables) -> list[Child]:
    year = report.headline_year()
    found = facts.luck(report, year)
    done: list[Child] = [
        el("h3", "How well has this method done?"),
        el("p", in_a_sentence(shipped())),
        folded(tables["back_test"], "Test by test"),
    ]
    if found is None:
        return [el("p", "There is no figure."), *done]
    said = words.a_range(words.percent(found.low, plus=True), words.percent(found.high, plus=True))
    title, middle = "Its part of England’s output", words.percent(found.middle, plus=True)
    row = ranged(title, f"year {year}, over now", middle, found.low, found.high, said)
    return [el("p", luck_said(found, year)), bars(title, [row], unit="over now"), folded(tables["luck"]), *done]


def luck_said(found: Ranged, year: int) -> str:
    """How far luck alone may carry this place's part of England's output, as fractions over now."""
    low, high = words.percent(abs(found.low)), words.percent(abs(found.high))
    less = f"{low} {'smaller' if found.low < 0 else 'larger'}"
    more = f"{high} {'larger' if found.high > 0 else 'smaller'}"
    output = f"In year {year} this place’s part of England’s output may be {less} or {more} than now"
    return f"{output}, deal or no deal."


def two_purses(report: RunReport, tables: Tables) -> list[Child]:
    rows = [
        Bar(f"{title}, year {year}", s.mean, words.about(s.mean, plus=True), s.low, s.high)
        for year in report.marked_years()
        for name, title in PURSES.items()
        if (s := change(report, year, name))
    ]
    return [
        el("p", "What moves from one purse to the other makes nobody richer. Only what growth pays does."),
        bars("Two purses and what growth pays", rows),
        folded(tables["two_ledgers"]),
        to_html(tables["worth"]),
        folded(tables["switching"], "What would have to be true for it to pay"),
    ]


def care(report: RunReport, tables: Tables) -> list[Child]:
    rows = []
    for year in report.marked_years():
        if found := facts.care(report, year):
            then = f"year {year}"
            rows += [_pounds("Care takes more than now", then, found.pressure),
                     _pounds("Proceeds of growth give", then, found.proceeds)]  # fmt: skip
    if not rows:
        return [el("p", "Care is not projected.")]
    return [
        el("p", "Growth here was meant to pay for those who need care. This sets the one against the other."),
        bars("Care, and the proceeds of growth", rows, unit="a year"),
        to_html(tables["break_even"]),
        folded(tables["care"]),
        *_cuts(report),
    ]


def _pounds(title: str, note: str, found: Spread) -> Bar:
    return ranged(title, note, words.about(found.middle, plus=True), found.low, found.high, said_range(found))


def _cuts(report: RunReport) -> list[Child]:
    """Cuts that the scenario assumes: said as cuts, never as growth."""
    series, year = report.series("cut"), report.headline_year()
    found = spread(series.as_is[:, year]) if series else None
    if found is None or not found.high:
        return []
    ranged = words.a_range(words.money(found.low), words.money(found.high))
    a_head = 1e6 * found.middle / sum(report.population[code] for code in report.projection.area)
    men, women = (cuts.life_expectancy(a_head, parameters()[name].central) for name in cuts.MONTHS)
    return [
        el("h3", "If services are cut"),
        el("p", f"This scenario cuts councils’ services here by {words.money(found.middle)} a year by year {year}"
           f" ({ranged}), on both paths. A smaller gap because less is spent is a cut, not growth."),
        el("p", f"Across places, {words.pounds(a_head)} a head less goes with {men:.1f} months less of life for men and"
           f" {women:.1f} for women: an association, not an effect shown."),
    ]  # fmt: skip


def loop(report: RunReport, tables: Tables) -> list[Child]:
    year, money = report.headline_year(), facts.money(report)
    steps = facts.loop(report, year)
    if not steps:
        return [el("p", "There is no figure.")]
    runs = "a year" if money.goes_on else f"a year for {words.counted(money.years, 'year')}"
    return [
        el("p", f"Where a pound of new money goes by year {year}. Means; beside each, eight draws in ten."),
        loop_chart("New public money", f"{words.money(money.new)} {runs}", steps, _loop_end(report, year)),
        folded(tables["loop"]),
    ]


def _loop_end(report: RunReport, year: int) -> str:
    """What care takes that year, and what stays here of extra tax: as it is, and at half."""
    keep, half = report.projection.keep_deal.local / 100.0, 0.5
    said = [f"Of £100 of extra tax {words.pounds(100.0 * keep)} stays here."]
    if extra := facts.brought(report, year):
        said.append(f"At half, this deal would keep about {words.about(half * extra.mean, nought='£0')} a year.")
    if found := facts.care(report, year):
        said.insert(0, f"Care of adults takes {words.money(found.pressure.middle)} more that year.")
        for one in facts.break_even(report, year, (half,)):
            if one.points is not None:
                faster = f"{100.0 * one.points:.1f} points a year faster"
                said.append(f"To pay for care, growth would then have to be {faster}.")
    return " ".join(said)
