"""The page of a deal: what its place would decide on, how much of that is new, what may come of it, on which terms."""

from __future__ import annotations

from collections.abc import Iterator

from soke import text
from soke.deal.types import Deal
from soke.register.published import Published
from soke.report.fact_words import heading_of, runs_words
from soke.report.first_screen import example_tag, the_money, warnings_of
from soke.report.markup import Child, Element, el
from soke.report.sections import grade_legend
from soke.report.shell import panel
from soke.report.table import to_html
from soke.report.tables import deal as tables
from soke.site.contents import Site
from soke.site.deal_given import GivenDeal, shortened
from soke.site.deals import result as deal_result
from soke.site.deals.parts import (
    MOST_FINDINGS,
    block,
    command,
    findings_list,
    fold,
    line_of,
    notes_on_results,
    opening,
    place_links,
    tables_of,
    terms_list,
)
from soke.site.frame import DEALS, REGISTERS, link, site_page
from soke.site.registers.gather import deal_page as register_page
from soke.site.words import term

FEW = 3  # clauses that are named on this page


def deal_page(site: Site, slug: str) -> str:
    """The whole HTML text of a deal that could be agreed."""
    one = site.deals.of(slug)
    deal = one.good
    assert deal is not None
    warned = warnings_of(deal)
    notice = el("span", el("b", warned[0]), *(f" {said}" for said in warned[1:])) if warned else None
    main = [el("div", *_first_screen(site, one, deal), class_="first deal"), *_below(site, one, deal)]
    return site_page(site, one.path, site.deals.label(one), *main, trail=(("Deals", DEALS),), notice=notice,
                     style="deals.css")  # fmt: skip


def _first_screen(site: Site, one: GivenDeal, deal: Deal) -> Iterator[Child]:
    run = one.run
    yield el("h1", _heading(one, deal))
    lead = text.one_line(run.lead) if run and run.lead else _lead(one)
    yield el("p", text.whole_years(text.unbroken(lead)), class_="lead") if lead else None
    if not run:
        yield from notes_on_results(one)
    left = deal_result.what_may_change(one, run, deal) if run else _no_result(one)
    yield el("div", left, _money(one, deal), class_="half")
    if run:
        yield deal_result.four_numbers(one, run)
        yield deal_result.of_the_run(one, run)
        yield from notes_on_results(one)
    yield el(
        "nav", el("ul", *(el("li", each) for each in _ways(site, one))), aria_label="More on this deal", class_="ways"
    )


def _heading(one: GivenDeal, deal: Deal) -> str:
    if one.run is not None:
        return text.one_line(one.run.sentence)
    if one.money is None:
        return f"{one.name}: the sums of this deal cannot be added up"
    return heading_of(one.name, one.money)


def _lead(one: GivenDeal) -> str:
    """What can be said without a result."""
    said = [runs_words(one.money)] if one.money and one.money.new >= text.LEAST else []
    return " ".join([*said, "What may come of it is not shown."])


def _no_result(one: GivenDeal) -> Element:
    why = "No result of this deal was given to this site." if not one.results else "No result of it can be shown."
    return panel("what-may-change", "What may come of it", el("p", f"{why} This site works out nothing by itself."),
                 el("p", "Whoever has the file can make one: ", command("run", one), "."))  # fmt: skip


def _money(one: GivenDeal, deal: Deal) -> Element:
    """What only changes hands, and what is new: by the run where there is one, else by the arithmetic of the file."""
    found = deal_result.money(one.run, deal) if one.run else one.money
    if found is None:
        return panel("the-money", "The money, each year", el("p", "Not known: its sums cannot be added up."))
    parts = deal_result.care(one, one.run) if one.run else []
    more = link(one.path, "The funds one by one, each with its grade", f"{one.path}#money")
    return the_money(found, example_tag(deal), *parts, el("p", more, class_="note"), opens="#money")


def _ways(site: Site, one: GivenDeal) -> Iterator[Element]:
    yield link(one.path, "Small print and due process", one.beside("small-print.html"))
    yield link(one.path, "What the check found", f"{one.path}#findings")
    yield link(one.path, "Against the standing offer", one.beside("offer.html"))
    if one.run is not None:
        yield link(one.path, "The report of the run", one.beside("report.html"))
    yield link(one.path, "The file, line by line", one.beside("file.html"))
    kept = registers_of(site, one)
    yield from (link(one.path, words, path) for words, path in kept)
    if not kept:
        yield link(one.path, "Registers of deals", REGISTERS)


def registers_of(site: Site, one: GivenDeal) -> tuple[tuple[str, str], ...]:
    """The verified registers that keep a deal of this id, of each the copy that has most of it: what it is called, and
    its page on the deal."""
    return tuple(
        (f"Its register{', a rehearsal' if found.rehearsal else ''}: {shortened(found.folder.name)}",
         register_page(name, found, one.id))
        for name, found in site.registers.items()
        if name not in site.newer and isinstance(found, Published) and one.id in found.cards
    )  # fmt: skip


# --- below the first screen ---


def _below(site: Site, one: GivenDeal, deal: Deal) -> Iterator[Element]:
    if one.run:
        yield el("div", *deal_result.believe_and_luck(one, one.run), class_="block pair")
    yield block("powers", "Powers: who decides on what", *_powers(one, deal))
    yield block("money", "Money, fund by fund", *_funds(one, deal))
    yield block("promises", _promises_title(one), *_promises(one, deal))
    yield block("communities", "What communities decide", *_communities(one, deal))
    yield block("yes", "Who says yes", *_yes(deal))
    yield block("places", "The places of this deal", *place_links(one.path, one))
    yield block("small-print", "Small print", *_small_print(one, deal))
    yield block("findings", _findings_title(one), *_findings(one))
    others = list(_beside(site, one))
    if others:
        yield block("beside", "Beside other deals", el("ul", *others, class_="links"))


def _powers(one: GivenDeal, deal: Deal) -> list[Child]:
    law = sum(power.needs_order for power in deal.powers)
    count = text.counted(len(deal.powers), "power")
    said: list[Child] = [f"It names {count}."]
    if law:
        said = [f"It hands over {count}. {law:,} of them can be ", term("taken back", "recall"), " only by law."]
    law_page = link(one.path, "By what law it has each", f"{one.beside('small-print.html')}#law")
    return [el("p", *said), *tables_of(tables.powers(deal), otherwise="The deal names no power."), el("p", law_page)]


def _funds(one: GivenDeal, deal: Deal) -> list[Child]:
    if not deal.funds:
        return [el("p", "The deal names no fund."), *_kept_tax(deal)]
    lines = [line_of(one, fund, "profile") for fund in deal.funds]
    return [
        el("p", term("Moved money", "moved-money"), " was spent here before by Whitehall. ",
           term("New money", "new-money"), " was not. Each sum leads to its line of the file."),
        to_html(opening(tables.funds(deal), "gbp_million", lines), file=False), grade_legend(), *_kept_tax(deal),
    ]  # fmt: skip


def _kept_tax(deal: Deal) -> list[Child]:
    terms = terms_list(tables.spent_terms(deal))
    return [el("h3", "Tax that stays, and what it is for"), terms] if terms else []


def _promises_title(one: GivenDeal) -> str:
    return "Promises, and how likely each is missed" if one.run else "Promises that the place makes"


def _promises(one: GivenDeal, deal: Deal) -> list[Child]:
    table = tables.conditions(deal, deal_result.chances(one.run, deal) if one.run else None)
    said = (
        "The chance is of a place that stays as it is, by luck alone. It says nothing of how hard it tries."
        if one.run else "A person decides what follows from a miss, step by step."
    )  # fmt: skip
    more = link(one.path, "Who reports, who checks, and what follows", f"{one.beside('small-print.html')}#promises")
    return [el("p", said), *tables_of(table, otherwise="The place makes no promise in this deal."), el("p", more)]


def _communities(one: GivenDeal, deal: Deal) -> list[Child]:
    found = opening(tables.communities(deal), "amount_gbp_million",
                    [line_of(one, each, "amount") for each in deal.community])  # fmt: skip
    shown = tables_of(found, otherwise="Nothing: the deal leaves no money and no building to them.")
    if not deal.community:
        return shown
    said = "No law lets a council bind itself to a vote. It undertakes to adopt what people decide."
    return [el("p", said), *shown]


def _yes(deal: Deal) -> list[Child]:
    to_come = deal.status in ("draft", "agreed")
    consenting = [text.one_line(party.name) for party in deal.parties if party.role == "consenting-council"]
    agree = "The councils must agree" if to_come else "The councils that had to agree"
    must = f"{agree}: {text.listed(consenting)}." if consenting else "The file names no council that must agree."
    needs = to_come and any(power.needs_order for power in deal.powers)
    order = [" Powers also need an ", term("order", "order"), " that both Houses approve."] if needs else []
    status = {
        "draft": "So far nobody has agreed: it is a draft.", "agreed": "It is agreed, and not in force yet.",
        "in-force": "It is in force.", "suspended": "It is suspended.", "ended": "It has ended.",
    }[deal.status]  # fmt: skip
    agreed = f"Agreed on {text.day(deal.agreed)}." if deal.agreed else ""
    return [
        el("p", must, *order),
        el("p", " ".join(filter(None, (status, agreed)))),
        fold(tables.parties(deal), "Everybody in it"),
        fold(tables.answering_for(deal), "Who answers for each power and fund"),
        fold(tables.ready(deal), "Is the place ready? Each test"),
    ]


def _small_print(one: GivenDeal, deal: Deal) -> list[Child]:
    titles = [text.one_line(clause.title) for clause in deal.clauses]
    if not titles:
        return [el("p", "The deal names no clause that limits it.")]
    more = link(one.path, "All small print", one.beside("small-print.html"))
    return [el("ul", *(el("li", title) for title in titles[:FEW])),
            el("p", more, f": {text.counted(len(titles), 'clause')}, and how anything is taken back.")]  # fmt: skip


def _findings_title(one: GivenDeal) -> str:
    count = len(one.checked.warnings) if one.checked else 0
    return f"What the check found: {text.counted(count, 'warning')}" if count else "What the check found: nothing wrong"


def _findings(one: GivenDeal) -> list[Child]:
    checked = one.checked
    assert checked is not None
    silenced: list[Child] = [
        el("li", f"{finding.code}, {text.one_line(f'{finding.at.file}:{finding.at.line}')}: {text.one_line(reason)}")
        for finding, reason in checked.silenced[:MOST_FINDINGS]
    ]
    hushed = f"{text.counted(len(checked.silenced), 'finding')} silenced in the file, each with a reason"
    nothing = el("p", "No error and no warning. That says the file fits together, not that the deal is wise.")
    return [
        *(findings_list(one.path, one, checked.findings) if checked.findings else [nothing]),
        el("details", el("summary", hushed), el("ul", *silenced)) if silenced else None,
    ]  # fmt: skip


def _beside(site: Site, one: GivenDeal) -> Iterator[Child]:
    for first, second in site.deals.pairs:
        if one in (first, second):
            other = second if one is first else first
            yield el("li", link(one.path, f"Against {site.deals.label(other)}", site.deals.pair_path(first, second)))
