"""The page below its first screen, one function a section."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from soke import text as words
from soke.report.account_words import parts
from soke.report.charts.bars import OTHER, Bar, bars
from soke.report.charts.funnel import funnel_chart
from soke.report.charts.hexmap import hexmap, scale_for
from soke.report.charts.waterfall import waterfall
from soke.report.conditions import at_stake
from soke.report.contents import RunReport
from soke.report.facts import a_head, nothing_changes
from soke.report.first_screen import believe_words, points
from soke.report.funnel import funnel
from soke.report.markup import Child, Element, el
from soke.report.no_lever import nothing_here
from soke.report.place_history import over_the_years
from soke.report.read_too import read_too
from soke.report.regime import funding_rules
from soke.report.shell import swatches
from soke.report.table import GRADES, folded, grade_mark, to_html
from soke.report.tables.difference import component_spreads, the_belief
from soke.report.tables.scoreboard import held, scoreboard_words
from soke.report.value_sections import care, loop, luck, not_known, two_purses
from soke.table import Table

Tables = Mapping[str, Table]
MOST_BARS = 12


@dataclass(frozen=True, slots=True)
class Section:
    """``of_levers``: it draws what the deal changes, so that of a deal which changes nothing it would be empty."""

    id: str
    title: str
    build: Callable[[RunReport, Tables], list[Child]]
    of_levers: bool = False

    def built(self, report: RunReport, tables: Tables) -> list[Child]:
        """What it shows; of a deal that changes nothing where that is said, in place of empty axes."""
        empty = self.of_levers and nothing_changes(report)
        return [nothing_here()] if empty else self.build(report, tables)


def must_believe(report: RunReport, tables: Tables) -> list[Child]:
    found = the_belief(report)
    close = "Needed here, to close the gap"
    rows = [] if found.needed is None else [Bar(close, found.needed, points(found.needed), kind="tax")]
    if found.needed_own is not None:
        own = "Needed here, to close all but the share of UK borrowing"
        rows.append(Bar(own, found.needed_own, points(found.needed_own), kind="tax"))
    rows += [
        Bar(record.name, record.best, points(record.best), kind=OTHER, note=f"{record.best_from} to {record.best_to}")
        for record in found.records[:MOST_BARS]
    ]
    return [
        el("p", believe_words(report)),
        el("p", "Growth of output above England’s, points a year; best stretch of each area."),
        bars("Growth above England's: needed, and managed", rows),
        folded(tables["must_believe"]),
    ]


def components(report: RunReport, tables: Tables) -> list[Child]:
    year = report.headline_year()
    rows = [
        Bar(title, s.mean, words.money(s.mean, plus=True), s.low, s.high)
        for title, s in component_spreads(report, year)
    ]
    return [
        el(
            "p",
            f"Means in year {year}, each with eight draws in ten. Right narrows the gap, left widens it.",
        ),
        bars(f"What the difference is made of in year {year}", rows),
        to_html(tables["components"]),
    ]


def four_years(report: RunReport, tables: Tables) -> list[Child]:
    budgets = _table_or(tables["four_years"], "No money in the hands of this place was projected.")
    return [budgets, folded(tables["levels"], "Every headline series")]


def who_gains(report: RunReport, tables: Tables) -> list[Child]:
    values = a_head(report)
    series = report.gainers()
    scale = scale_for(values.values())
    legend = swatches(scale.legend(), ("edge", "a place of this deal"))
    when = report.over_budgets()
    what = f"{series.title}: mean difference, pounds a head a year, {when}." if series else ""
    return [
        el("p", what, " One hexagon is one authority."),
        el(
            "div",
            el("div", hexmap(report.hexes, values, report.names, report.projection.area, scale), class_="map"),
            el("div", legend, to_html(tables["classes"]), to_html(tables["regions"])),
            class_="beside",
        ),
        folded(tables["places"], "Every place"),
    ]


def jobs(report: RunReport, tables: Tables) -> list[Child]:
    made = tables["jobs_made"]
    return [
        _table_or(made, "No item of this deal brings residents into work."),
        to_html(tables["around"]),
        folded(tables["job_value"], "What one of these jobs is worth to the public purse"),
        folded(tables["job_quality"], "How good these jobs are"),
        folded(tables["work_here"], "What local work is, and who is here"),
    ]


def what_drives(report: RunReport, tables: Tables) -> list[Child]:
    found = sorted(report.projection.drivers, key=lambda d: -abs(d.rank_correlation))[:MOST_BARS]
    rows = [Bar(d.meaning, d.rank_correlation, words.decimal(d.rank_correlation, plus=True)) for d in found]
    return [
        el(
            "p",
            "Rank correlation of each uncertain parameter with the difference: 1 or −1 would explain all of the range.",
        ),
        bars("What drives the range", rows, limit=1.0),
        folded(tables["drivers"]),
    ]


def checks(report: RunReport, tables: Tables) -> list[Child]:
    parts: list[Child] = [_table_or(tables["findings"], "The check found nothing to say about this deal file.")]
    parts.append(_table_or(tables["burden"], "The burden was not counted."))
    parts += [
        _table_or(tables["layers"], "The deal makes and ends no layer."),
        folded(tables["who_answers"], "Who answers for each power and each fund"),
    ]
    if report.readiness:
        parts.append(to_html(tables["readiness"]))
    return parts


def small_print(report: RunReport, tables: Tables) -> list[Child]:
    clauses = [
        el("div", el("h3", c.title), el("p", c.said, _origin(c.origin)), class_="clause") for c in report.deal.clauses
    ]
    if not clauses:
        return [el("p", "The deal file names no clause that limits the offer.")]
    return [
        el("p", "What to read before opening the champagne: every clause that limits the offer."),
        *clauses,
        folded(tables["small_print"], "As a table"),
    ]


def _origin(origin: str) -> Child:
    return el("em", " Illustrative: written to show the format.") if origin == "illustrative" else None


def funds(report: RunReport, tables: Tables) -> list[Child]:
    steps = funnel(report.deal, report.account.spending, report.councils_spending, report.councils_spending_source)
    return [
        el("h3", "Who really decides: to scale, of each £100"),
        funnel_chart(steps),
        folded(tables["funnel"]),
        _table_or(tables["funds"], "The deal file names no fund."),
        folded(tables["flows"], "The ledger of flows"),
    ]


def assumptions(report: RunReport, tables: Tables) -> list[Child]:
    return [grade_legend(), _table_or(tables["assumptions"], "No assumption was logged.")]


def grade_legend() -> Element:
    return el("p", "Grades: ", *(el("span", grade_mark(grade), f" {grade} ") for grade in GRADES), class_="note")


def limits(report: RunReport, tables: Tables) -> list[Child]:
    told = [el("li", text) for text in (*report.projection.limits, *report.account.notes)]
    shown: list[Child] = [el("ul", *told) if told else el("p", "No limit was declared.")]
    if report.projection.failures:
        shown.append(to_html(tables["failed_draws"]))
    return shown


def account(report: RunReport, tables: Tables) -> list[Child]:
    years = [el("h3", "Since 1999-00"), *over_the_years(report.account.name, report.history)] if report.history else []
    found, split = report.account, parts(report.account.split)
    return [
        el("h3", f"From what is raised here to what is spent here, {words.financial_year(found.year)}"),
        waterfall(found.receipts, split, found.spending),
        folded(tables["waterfall"]),
        to_html(tables["account_base_year"]),
        *years,
        folded(tables["account_history"], "Every year") if years else None,
        to_html(tables["account_totals"]),
        grade_legend(),
        to_html(tables["account_lines"]),
    ]


def sources(report: RunReport, tables: Tables) -> list[Child]:
    meta = report.meta
    used = [el("li", file.path, ": ", el("code", file.sha256)) for file in meta.files]
    return [
        to_html(tables["sources"]),
        el("p", scoreboard_words(held())),
        folded(tables["scoreboard"], "What Soke reproduces of published figures"),
        folded(tables["not_reproduced"], "What it does not reproduce"),
        el("p", f"Soke {meta.version}, seed {meta.seed}, {words.counted(meta.draws, 'draw')}. The files of this run:"),
        el("ul", *used),
        el("p", "Run it again from ", el("a", "run.json", href="run.json"), "; all tables are in ", _book(), "."),
    ]


def _book() -> Element:
    return el("a", "tables.xlsx", href="tables.xlsx")


def _table_or(table: Table, otherwise: str) -> Element:
    return to_html(table) if table.rows else el("p", otherwise)


SECTIONS = (
    Section("unknown-section", "What the listed items do, and what nobody knows", not_known),
    Section("luck-section", "What luck does, deal or no deal", luck),
    Section("purses-section", "Two purses, and what comes back", two_purses, of_levers=True),
    Section("loop-section", "The growth loop, and where it leaks", loop, of_levers=True),
    Section("care-section", "Care against the proceeds of growth", care),
    Section("read-too-section", "Read this too", read_too),
    Section("believe-section", "What you must believe", must_believe),
    Section("components-section", "What the difference is made of", components, of_levers=True),
    Section("budgets-section", "The deal’s first four years", four_years),
    Section("funding-section", "Who keeps which pound: the funding rules at work", funding_rules),
    Section("conditions-section", "What the conditions put at stake", at_stake),
    Section("places-section", "Who gains and who loses", who_gains, of_levers=True),
    Section("jobs-section", "Jobs: who finds them, who loses them, what they are worth", jobs),
    Section("drivers-section", "What drives the range", what_drives, of_levers=True),
    Section("check-section", "What the check found, and the burden", checks),
    Section("small-print-section", "The small print", small_print),
    Section("funds-section", "The money: funds and flows", funds),
    Section("assumptions-section", "Assumptions", assumptions),
    Section("limits-section", "What this model cannot see", limits),
    Section("account-section", "The account, line by line", account),
    Section("sources-section", "Sources, and how to run this again", sources),
)
