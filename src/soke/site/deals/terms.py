"""The small print of a deal: its clauses, its promises in full, and how anything is taken back."""

from __future__ import annotations

from soke import text
from soke.deal.condition import Condition
from soke.deal.recall_share import share_of
from soke.deal.types import Clause, Deal
from soke.report.checked import closing
from soke.report.markup import Child, Element, el
from soke.report.register_words import number
from soke.report.table import grade_mark
from soke.report.tables import deal as tables
from soke.report.tables.deals import worked_cases
from soke.site.contents import Site
from soke.site.deal_given import GivenDeal
from soke.site.deals.parts import block, fold, inert, tables_of, terms_list, trail_of
from soke.site.frame import WORDS, link, site_page
from soke.site.words import term


def small_print_page(site: Site, slug: str) -> str:
    """The whole HTML text."""
    one = site.deals.of(slug)
    deal, path = one.good, one.beside("small-print.html")
    assert deal is not None
    main = [
        el("h1", _heading(deal)), el("p", *_lead(deal), class_="lead"),
        block("clauses", "Clauses that limit the deal", *_clauses(deal)),
        block("promises", "Promises in full", *_promises(one, deal)),
        block("taken-back", "How anything is taken back", *_process(deal)),
        block("law", "By what law", *tables_of(tables.powers_by_law(deal), otherwise="The deal names no power.")),
        block("terms", "The rest of its terms", *_terms(one, deal)),
        el("p", "A word that you do not know? ", link(path, "Words we use", WORDS), "."),
    ]  # fmt: skip
    return site_page(site, path, "Small print", *main, trail=trail_of(one, site.deals.label(one)), style="deals.css")


def _at_stake(deal: Deal) -> int:
    """How many promises put money at stake."""
    return sum(any(share_of(fund, condition) for fund in deal.funds) for condition in deal.conditions)


def _heading(deal: Deal) -> str:
    clauses, promises = len(deal.clauses), len(deal.conditions)
    said = "clause limits" if clauses == 1 else "clauses limit"
    limits = f"{number(clauses).capitalize()} {said} this deal"
    if not promises:
        return f"{limits}; the place makes no promise"
    stake = _at_stake(deal)
    if not stake:
        return f"{limits}; no money hangs on its {text.counted(promises, 'promise')}"
    return f"{limits}. Money hangs on {number(stake)} of {number(promises)} promise{'' if promises == 1 else 's'}."


def _lead(deal: Deal) -> list[Child]:
    process = deal.due_process
    if process is None:
        return ["It has no due process, so nothing can be taken back under it."]
    steps = text.counted(len(process.ladder), "step")
    return [f"It takes {steps} to ", term("take anything back", "recall"),
            ". Powers given by law cannot be taken back by letter."]  # fmt: skip


def _clauses(deal: Deal) -> list[Child]:
    shown = [_clause(deal, clause) for clause in deal.clauses]
    return [*shown] if shown else [el("p", "The deal names no clause that limits it.")]


def _clause(deal: Deal, clause: Clause) -> Element:
    example = el("em", " An example: written to show the format.") if clause.origin == "illustrative" else None
    source = f"Source: {tables.sources_of(deal, clause.source)}. "
    return el("div", el("h3", text.one_line(clause.title)), el("p", text.one_line(clause.said), example),
              el("p", source, grade_mark(clause.held_as), class_="small"), class_="clause")  # fmt: skip


def _promises(one: GivenDeal, deal: Deal) -> list[Child]:
    told = closing(one.checked) if one.checked else []
    made = [sentence for sentence in told if sentence.startswith(("Burden:", "Layers:"))]
    return [
        *(_promise(deal, condition) for condition in deal.conditions),
        el("p", "The place makes no promise in this deal.") if not deal.conditions else None,
        *(el("p", sentence) for sentence in made),
        fold(inert(worked_cases(deal).table), "Worked cases: what a figure would come to"),
    ]


def _promise(deal: Deal, condition: Condition) -> Element:
    title = el("h3", text.one_line(condition.title), " ", grade_mark(condition.held_as))
    return el("div", title, terms_list(tables.terms_of(deal, condition)), class_="promise")


def _process(deal: Deal) -> list[Child]:
    process = deal.due_process
    if process is None:
        return [el("p", "The deal has no due process: nothing can be taken back under it.")]
    terms = (
        ("Meanwhile", process.interim), ("It is given back when", process.restore),
        ("If the government breaks the deal", process.government_breach),
        ("In an emergency", f"money may be held back at once, for at most {process.emergency_max_days:,} days"),
        ("A recall ends after", f"{process.control_max_days:,} days, unless decided anew" if process.control_max_days
         else "no set time: it lasts until what was taken is given back"),
        ("To remember", process.note),
    )  # fmt: skip
    example = "These steps are a proposal: no law gives a general right of recall today."
    return [
        el("p", example) if process.origin == "illustrative" else None,
        *tables_of(tables.due_process(deal), otherwise="No step is named."), terms_list(terms),
        el("p", "Grade: ", grade_mark(process.held_as), class_="small"),
    ]  # fmt: skip


def _terms(one: GivenDeal, deal: Deal) -> list[Child]:
    years = text.a_range(text.financial_year(deal.starts), text.financial_year(deal.ends))
    terms = [
        ("Title", deal.title),
        ("File", one.file),
        ("Years", years),
        ("Sums are given", tables.prices_said(deal)),
        ("Looked at again", deal.review or "not said"),
        ("Summary", deal.summary),
        *((f"Standard: {each.title}", f"{each.conformance}. To leave it: {each.leaving}") for each in deal.standards),
        *((f"Bargain: {each.issue}", each.side_payment) for each in deal.bargains),
        *tables.spent_terms(deal),
    ]
    return [terms_list(terms), fold(tables.answering_for(deal), "Who answers for each power and fund")]
