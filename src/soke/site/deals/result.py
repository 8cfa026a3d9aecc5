"""What a result of a run adds to the page of its deal: as its report has it, from files that run.json vouches for."""

from __future__ import annotations

from dataclasses import replace

from soke import text
from soke.deal.types import Deal
from soke.model.economy.back_test import shipped
from soke.report.charts.bars import HERE, OTHER, Bar, bars, ranged
from soke.report.fact_words import NO_LEVER
from soke.report.facts import Money
from soke.report.first_screen import belief_said, may_change, points
from soke.report.headline import Number
from soke.report.markup import Child, Element, el
from soke.report.read_too import CUT, cuts_said
from soke.report.run import held_facts as facts
from soke.report.run.held import REPORT, HeldRun
from soke.report.run.record import RUN
from soke.report.shell import number
from soke.report.tables.back_test import in_a_sentence
from soke.report.value_sections import luck_said
from soke.site.deal_given import GivenDeal, shortened
from soke.site.frame import link
from soke.site.links import relative
from soke.site.words import term
from soke.spreadsheets import inert
from soke.version import __version__

MOST_RECORDS = 2


def money(run: HeldRun, deal: Deal) -> Money:
    """What only changes hands and what is new, as the report has it."""
    return facts.money(run, deal)


def in_report(one: GivenDeal, part: str) -> str:
    """The address of a part of the report of the run, from a page beside it: where a figure of it comes from."""
    return relative(one.path, f"{one.beside(REPORT)}#{part}")


def what_may_change(one: GivenDeal, run: HeldRun, deal: Deal) -> Element:
    """The listed items beside what nobody knows, never merged."""
    first = [el("p", NO_LEVER)] if run.lead.startswith(NO_LEVER) else []
    new = facts.money(run, deal).new > 0
    opens = in_report(one, "loop-caption"), in_report(one, "not_known-caption")
    return may_change(facts.year_of(run), facts.known(run), facts.unknown(run), *first, new=new, opens=opens)


def care(one: GivenDeal, run: HeldRun) -> list[Child]:
    """Whether growth pays for care."""
    found = facts.care(run)
    if found is None:
        return []
    more = el("a", "How care is worked out", href=in_report(one, "care-section"))
    return [el("div", el("h3", found[0]), el("p", found[1], " ", more, "."))]


def four_numbers(one: GivenDeal, run: HeldRun) -> Element:
    """The four numbers as the report has them; each opens where it comes from."""
    return el("section", *(_number(one, found) for found in run.numbers), class_="numbers uneven",
              aria_label="The four numbers in short")  # fmt: skip


def _number(one: GivenDeal, found: Number) -> Element:
    large = found.short or found.figure
    rest = found.figure.removeprefix(large).strip()
    said = f"{rest}. {found.sentence}" if rest else found.sentence
    gap = relative(one.path, one.area.path) if found.id == "gap" and one.area else ""
    opened = el("a", large, href=gap or in_report(one, "four_numbers-caption"), class_="to-sum")
    return number(found.title, "", el("p", opened, class_="figure"), el("p", text.whole_years(text.unbroken(said))))


def of_the_run(one: GivenDeal, run: HeldRun) -> Element:
    """What was run, and where every figure has its source, year and grade."""
    other = "" if run.version == __version__ else f" This site is of Soke {__version__}: its figures may differ."
    failed = f" {text.counted(run.failed, 'draw')} failed." if run.failed else ""
    return el(
        "p", f"By a result of Soke {shortened(run.version)}: ", term("scenario", "scenario"),
        f" {shortened(run.scenario)}, {run.draws:,} ", term("draw" if run.draws == 1 else "draws", "draw"),
        f", seed {run.seed}.{other}{failed} Ranges are ", term("true four times in five", "four-in-five"), ". ",
        link(one.path, "Source, year and grade of each figure", f"{one.beside(REPORT)}#sources-section"), " · ",
        link(one.path, "The record of the run", one.beside(RUN)), class_="run",
    )  # fmt: skip


def chances(run: HeldRun, deal: Deal) -> dict[str, float | None]:
    """The chance that each promise is missed in a year, by its title."""
    found = facts.missed(run)
    return {one.title: found.get(inert(text.clean(one.title))) for one in deal.conditions}


def believe_and_luck(one: GivenDeal, run: HeldRun) -> list[Child]:
    """What one must believe for the gap to close, and what luck does, deal or no deal."""
    return [_believe(one, run), _luck(one, run)]


def _believe(one: GivenDeal, run: HeldRun) -> Element:
    found, gap = facts.belief(run), facts.number_of(run, "gap")
    rows, opens = [], in_report(one, "must_believe-caption")
    if found.needed is not None:
        rows.append(Bar("Needed here", found.needed, points(found.needed), kind="tax", link=opens))
        shown = [record for rank, record in enumerate(found.records) if rank < MOST_RECORDS or record.name == one.name]
        rows += [Bar(record.name, record.best, points(record.best), kind=HERE if record.name == one.name else OTHER,
                     link=opens, note=f"{record.best_from} to {record.best_to}") for record in shown]  # fmt: skip
    return el(
        "section", el("h2", "What you must believe", id="believe"),
        el("p", text.whole_years(belief_said(found, gap.year if gap else ""))),
        bars("Growth above England’s: needed, and managed", rows) if rows else None,
        el("p", "Points a year above England, best 20 years or more of 1998 to 2022.", class_="note") if rows else None,
        aria_labelledby="believe",
    )  # fmt: skip


def _luck(one: GivenDeal, run: HeldRun) -> Element:
    year, found, cuts = facts.year_of(run), facts.luck(run), facts.cuts_again(run)
    shown: list[Child] = [el("p", "There is no figure.")]
    if found is not None:
        ends = text.a_range(text.percent(found.low, plus=True), text.percent(found.high, plus=True))
        middle = text.percent(found.middle, plus=True)
        row = replace(ranged("Its part of England’s output", f"year {year}, over now", middle, found.low, found.high,
                             ends), link=in_report(one, "luck-caption"))  # fmt: skip
        shown = [el("p", luck_said(found, year)), bars("What luck does", [row], unit="over now")]
    return el(
        "section", el("h2", "What luck does, deal or no deal", id="luck"), *shown,
        el("h3", "How well has this method done?"), el("p", in_a_sentence(shipped())), el("h3", "A cut is not growth"),
        el("p", cuts_said(cuts[1], cuts[0], cuts[2]) if cuts else CUT),
        el("p", el("a", "Read this too: whose jobs they are, and what is not seen",
                   href=in_report(one, "read-too-section"))), aria_labelledby="luck",
    )  # fmt: skip
