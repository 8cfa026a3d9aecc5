"""The first screen of a deal's page: who decides on how much, what is new, what that may change beside what nobody
knows, whether growth pays for care, what is held already; then the four numbers, and how good the figures are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from soke import text
from soke.deal.types import Deal
from soke.report import facts, rounded
from soke.report.account_words import grades
from soke.report.believe import Belief
from soke.report.charts.bars import HERE, OTHER, Bar, bars, ranged
from soke.report.contents import RunReport, illustrative
from soke.report.fact_words import care_words, heading, held_words, lead, new_title, said_range
from soke.report.headline import Number, four_numbers
from soke.report.markup import Child, Element, el
from soke.report.no_lever import ADD
from soke.report.shell import number, panel
from soke.report.spread import Ranged
from soke.report.table import folded
from soke.report.tables.difference import the_belief
from soke.table import Table

NO_LEVER = "Nothing yet: this deal has no lever. "


def first_screen(report: RunReport) -> Element:
    return el(
        "div",
        _header(report),
        el("div", _what_may_change(report), _money(report), class_="half"),
        el(
            "section",
            *map(in_short, four_numbers(report)),
            class_="numbers uneven",
            aria_label="The four numbers in short",
        ),
        _strip(report),
        class_="first",
    )


def under_it(report: RunReport, tables: Mapping[str, Table]) -> Element:
    """What stands under the first screen: the four numbers in full, what was run, and who published the figures."""
    run = (report.deal.title, report.scenario.title, text.counted(report.projection.draws, "draw"))
    return el("div", folded(tables["four_numbers"], "The four numbers in full"),
              el("p", " · ".join(run), ". ", source_words(report), class_="run"))  # fmt: skip


def warnings(report: RunReport) -> Element | None:
    """What must be read first: that it is a draft, that items are there to show the format, that draws failed."""
    said = warnings_of(report.deal)
    if failed := len(report.projection.failures):
        said.append(f"{text.counted(failed, 'draw')} failed: see below.")
    return el("strong", " ".join(said)) if said else None


def warnings_of(deal: Deal) -> list[str]:
    """The same of a deal by itself, a sentence each."""
    said = []
    if deal.status == "draft":
        said.append("A draft, agreed by nobody.")
    if count := illustrative(deal):
        are = "is an example" if count == 1 else "are examples"
        said.append(f"{text.counted(count, 'item')} of the deal file {are}, not policy.")
    return said


def _header(report: RunReport) -> Element:
    return el("div", el("h1", heading(report)), el("p", lead(report), class_="lead"))


def _what_may_change(report: RunReport) -> Element:
    year, known, first = report.headline_year(), None, list[Child]()
    if facts.nothing_changes(report):
        first = [el("p", NO_LEVER, el("a", "Add a lever", href=f"#{ADD}"))]
    else:
        known = facts.brought(report, year)
    return may_change(year, known, facts.unknown(report, year), *first, new=facts.money(report).new > 0)


def may_change(year: int, known: Ranged | None, unknown: Ranged | None, *first: Child, new: bool,
               opens: tuple[str, str] = ("", "")) -> Element:  # fmt: skip
    """What the listed items add in a year of the run beside what nobody knows, GBP million; ``new``: with new money.
    ``opens``: where the sum of each is."""
    rows = []
    if known:
        items = "The new items of this deal" if new else "The items of this deal"
        middle = text.about(known.middle, plus=True)
        rows.append(_range(items, "what we can work out", known, middle, known=True, opens=opens[0]))
    if unknown:
        note = "studies find no effect, but cannot rule one out"
        rows.append(_range("Being devolved, by itself", note, unknown, "not known", known=False, opens=opens[1]))
    apart = ["The two bars must not be added up."] if len(rows) == 2 else []
    title = f"What it may change in year {year}"
    shown = bars(title, rows, unit="a year") if rows else el("p", "There is no figure.")
    return panel(
        "what-may-change", title, *first, shown,
        el("p", " ".join(["Ranges hold eight times in ten.", *apart, "Time saved and better health are not counted."]),
           class_="note"),
        aside="in tax and saved benefits a year",
    )  # fmt: skip


def _range(title: str, note: str, found: Ranged, figure: str, *, known: bool, opens: str) -> Bar:
    return replace(ranged(title, note, figure, found.low, found.high, said_range(found), known=known), link=opens)


def _money(report: RunReport) -> Element:
    said = [words for words in (care_words(report), held_words(report)) if words]
    parts = [el("div", el("h3", title), el("p", words)) for title, words in said]
    return the_money(facts.money(report), example_tag(report.deal), *parts)


def the_money(found: facts.Money, tag: str, *parts: Child, opens: str = "") -> Element:
    """What only changes hands beside what is new, as bars; ``parts`` stand under them. ``opens``: where their funds
    are."""
    rows = [
        Bar("Money that only changes hands", found.moved, text.money(found.moved), kind=OTHER, link=opens),
        Bar(new_title(found), found.new, text.money(found.new), kind=HERE, tag=tag, link=opens),
    ]
    apart = rounded.apart((text.money(found.moved), text.money(found.new)), text.money(found.decided))
    note = el("p", rounded.NOTE, class_="note") if apart else None
    title = "The money, each year"
    return panel("the-money", title, bars(title, rows), note, *parts)


def example_tag(deal: Deal) -> str:
    """ "example" where a fund of new money is there to show the format."""
    new = [fund for fund in deal.funds if not fund.kind.spent_before and not deal.is_kept_tax(fund)]
    return "example" if any(fund.origin == "illustrative" for fund in new) else ""


def in_short(found: Number) -> Element:
    """The figure large, the rest of it with the sentence; what stands beside is in the table under the four."""
    large = found.short or found.figure
    rest = found.figure.removeprefix(large).strip()
    said = f"{rest}. {found.sentence}" if rest else found.sentence
    return number(found.title, large, el("p", text.whole_years(text.unbroken(said))))


def _strip(report: RunReport) -> Element:
    account = report.account
    known: list[Child] = ["Published for this area."] if account.published else [
        el("span", el("i", class_=f"swatch {grade.id}"), el("b", text.percent(grade.share)), f" {grade.words}")
        for grade in grades(account.known) if grade.shown
    ]  # fmt: skip
    return el(
        "div",
        el("p", *known, class_="shares"),
        el("p", el("a", "Sources, each with its year and grade", href="#sources-section")),
        class_="strip",
    )


def believe_words(report: RunReport) -> str:
    """What you must believe to believe that the gap closes, in one sentence."""
    return belief_said(the_belief(report), text.financial_year(report.account.year))


def belief_said(found: Belief, year: str) -> str:
    """The same; ``year``: the financial year of the gap."""
    if found.needed is None:
        return "Receipts already cover spending here: no growth is needed to close a gap."
    gap = f"the gap of {year}"
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
