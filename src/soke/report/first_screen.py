"""The first screen: one sentence, the waterfall, four numbers, fan, funnel, and how good the figures are."""

from __future__ import annotations

from collections.abc import Mapping

from soke import text
from soke.report.account_words import grades, parts
from soke.report.charts.fan import fan
from soke.report.charts.funnel import funnel_chart
from soke.report.charts.waterfall import waterfall, waterfall_narrow
from soke.report.contents import RunReport
from soke.report.funnel import funnel
from soke.report.headline import NARROWING, Number, four_numbers, sentence
from soke.report.markup import Child, Element, el
from soke.report.table import folded
from soke.report.tables.difference import by_year, the_belief
from soke.table import Table


def first_screen(report: RunReport, tables: Mapping[str, Table]) -> Element:
    return el(
        "div",
        _header(report),
        el(
            "div",
            _waterfall(report, tables),
            _fan(report, tables),
            _funnel(report, tables),
            class_="left",
        ),
        el("section", *map(_number, four_numbers(report)), class_="numbers", aria_label="The four numbers"),
        _strip(report),
        class_="first",
    )


def _header(report: RunReport) -> Element:
    deal, account = report.deal, report.account
    facts = [
        f"Public accounts {text.financial_year(account.year)}, all receipts against total managed expenditure",
        deal.title,
        report.scenario.title,
        text.counted(report.projection.draws, "draw"),
    ]
    warnings = []
    if deal.status == "draft":
        warnings.append("A draft, agreed by nobody.")
    if count := report.illustrative():
        warnings.append(f"Illustrative: {text.counted(count, 'item')} of the deal file.")
    if failed := len(report.projection.failures):
        warnings.append(f"{text.counted(failed, 'draw')} failed: see below.")
    said = el("strong", " ".join(warnings)) if warnings else None
    return el("header", el("h1", sentence(report)), el("p", " · ".join(facts), ". " if warnings else None, said))


def _panel(id_: str, title: str, aside: str, *drawn: Element) -> Element:
    heading = el("h2", title, el("span", f" {aside}"), id=id_)
    return el("section", heading, *drawn, class_=f"panel {id_}", aria_labelledby=id_)


def _waterfall(report: RunReport, tables: Mapping[str, Table]) -> Element:
    account = report.account
    split = parts(account.split)
    return _panel(
        "from-raised-to-spent",
        "From what is raised here to what is spent here",
        f"a year, {text.financial_year(account.year)}",
        el("div", waterfall(account.receipts, split, account.spending), class_="wide"),
        el("div", waterfall_narrow(account.receipts, split, account.spending), class_="narrow"),
        folded(tables["waterfall"]),
    )


def _fan(report: RunReport, tables: Mapping[str, Table]) -> Element:
    found = by_year(report, NARROWING, lambda series: series.difference)
    held = [(k, s) for k, s in enumerate(found) if s is not None]
    if not held:
        return _panel("what-changes", "What the deal changes", "", el("p", "There is no figure."))
    years, spreads = [k for k, _ in held], [s for _, s in held]
    return _panel(
        "what-changes",
        "What the deal changes",
        "a year; 8 draws in 10, half, median",
        fan("fan", "What the deal changes, year by year", years, spreads, report.marked_years()),
        folded(tables["difference_by_year"]),
    )


def _funnel(report: RunReport, tables: Mapping[str, Table]) -> Element:
    steps = funnel(report.deal, report.account.spending, report.councils_spending, report.councils_spending_source)
    return _panel(
        "who-decides",
        "Who really decides",
        "to scale; of each £100",
        funnel_chart(steps),
        folded(tables["funnel"]),
    )


def _number(found: Number) -> Element:
    return el(
        "div",
        el("h2", found.title),
        el("p", found.figure, class_="figure"),
        el("p", text.unbroken(found.sentence), " ", el("span", text.unbroken(found.more))),
        class_="number",
    )


def _strip(report: RunReport) -> Element:
    account = report.account
    known: list[Child] = ["Published for this area."] if account.published else [
        el("span", el("i", class_=f"swatch {grade.id}"), el("b", text.percent(grade.share)), f" {grade.words}")
        for grade in grades(account.known) if grade.shown
    ]  # fmt: skip
    return el(
        "footer",
        el("p", *known, class_="shares"),
        el("p", believe_words(report)),
        el("p", source_words(report), class_="small"),
        class_="strip",
    )


def believe_words(report: RunReport) -> str:
    """What you must believe to believe that the gap closes, in one sentence."""
    found = the_belief(report)
    if found.needed is None:
        return "Receipts already cover spending here: no growth is needed to close a gap."
    gap = f"the gap of {text.financial_year(report.account.year)}"
    start = f"To close {gap} in {found.span} years this place must outgrow England by {points(found.needed)} a year"
    best = found.best
    if best is None:
        return f"{start}."
    return (
        f"{start}; the best that any combined authority area managed over {found.span} years or"
        f" more between {best.whole_from} and {best.whole_to} is {points(best.best)} ({best.name})."
    )


def points(fraction: float) -> str:
    """A difference of growth rates: ``1.3 points``."""
    return f"{text.sign(fraction, f'{abs(100 * fraction):.1f}', plus=False)} points"


def source_words(report: RunReport) -> str:
    publishers = list(dict.fromkeys(note.publisher for note in report.sources))
    named = text.listed(publishers[:4]) + (" and others" if len(publishers) > 4 else "")
    return f"Sources: {named or 'listed below'}. Each figure’s source, year and grade is below."
