"""A deal beside the standing offer, two deals side by side, and the standing offer itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from soke import text
from soke.deal.from_offer import from_offer, offered
from soke.deal.reader import read_framework
from soke.deal.types import Deal, Framework
from soke.england.baseline import baseline
from soke.england.strategic import TIERS
from soke.report.charts.bars import HERE, OTHER, Bar, bars
from soke.report.deal_money import price_year
from soke.report.markup import Child, Element, el
from soke.report.register_words import number
from soke.report.sections import grade_legend
from soke.report.table import folded, to_html
from soke.report.tables import deals_beside as tables
from soke.report.tables.devolution import WORDS, offered_table
from soke.site.contents import Site
from soke.site.deal_given import FOLDER, GivenDeal
from soke.site.deals.parts import a_head, block, inert, trail_of
from soke.site.frame import DEALS, LEDGER, link, site_page
from soke.site.links import relative
from soke.site.tiers import OFFICIAL
from soke.site.words import term
from soke.table import Table

OFFER = f"{FOLDER}/standing-offer.html"
LAST = list(tables.SECTIONS)[-1]
ENGLAND = "england"


# --- a deal and the offer ---


def taken_up_page(site: Site, slug: str) -> str:
    """The whole HTML text: what a deal takes of the offer, what not, what on other terms, and what is its own."""
    one = site.deals.of(slug)
    deal, path = one.good, one.beside("offer.html")
    assert deal is not None
    found = from_offer(deal)
    taken = len(offered(deal.framework, deal.tier)["power"]) - len(found.left)
    kind = f"“{WORDS[deal.tier]}” (officially: {OFFICIAL[deal.tier]})"
    heading = f"{one.name} takes {taken:,} of the {taken + len(found.left):,} powers on offer to it"
    lead = f"The offer is the same for every place of the kind {kind}. Nobody bids for it."
    main = [
        el("h1", heading), el("p", lead, class_="lead"),
        el("p", "The offer: ", _offer_link(path, deal.framework), "."),
        block("left", "On offer, and not taken", *_left(deal)),
        block("other", "Taken on other terms", *_differs(tables.on_other_terms(deal, found.other),
              "Everything that it takes, it takes as offered.")),
        block("own", "Its own, beyond the offer", *_titles(tables.own_items(deal, found.own), "Nothing of its own.")),
        block("same", "Taken as offered", el("details", el("summary", f"{len(found.same):,} items, word for word"),
              *_titles(tables.own_items(deal, found.same), "Nothing."))),
    ]  # fmt: skip
    return site_page(site, path, "Against the standing offer", *main, trail=trail_of(one, site.deals.label(one)),
                     style="deals.css")  # fmt: skip


def _offer_link(path: str, framework: Framework) -> Child:
    title = text.one_line(framework.title)
    return link(path, title, OFFER) if framework == read_framework(ENGLAND) else title


def _left(deal: Deal) -> list[Child]:
    left = from_offer(deal).left
    if not left:
        return [el("p", "Nothing: it takes every power that is on offer to it.")]
    return [el("p", "The place could have these at once, by the same terms."),
            el("ul", *(el("li", text.one_line(power.title)) for power in left))]  # fmt: skip


def _titles(groups: list[tuple[str, list[str]]], otherwise: str) -> list[Child]:
    shown: list[Child] = []
    for heading, titles in groups:
        shown += [el("h3", heading), el("ul", *(el("li", title) for title in titles))]
    return shown or [el("p", otherwise)]


def _differs(found: list[tuple[str, Table]], otherwise: str) -> list[Child]:
    """Tables of what differs; names, figures and sources behind a line that opens them."""
    shown: list[Child] = [to_html(inert(table), file=False) for heading, table in found if heading != LAST]
    shown += [folded(inert(table), LAST, file=False) for heading, table in found if heading == LAST]
    return [el("div", *shown, class_="beside-each")] if shown else [el("p", otherwise)]


# --- two deals ---


def pair_page(site: Site, first: str, second: str) -> str:
    """The whole HTML text: two deals side by side, by the head where they are of unlike size."""
    pair = site.deals.of(first), site.deals.of(second)
    deals = pair[0].good, pair[1].good
    assert deals[0] is not None and deals[1] is not None
    labels = site.deals.label(pair[0]), site.deals.label(pair[1])
    path = site.deals.pair_path(*pair)
    found = tables.beside(deals[0], deals[1], labels)
    main = [
        el("h1", _pair_heading(pair, labels)),
        el("p", "A sum per head, because the places differ in size. ", *_both(path, pair, labels), class_="lead"),
        el("div", *_a_head(path, pair, labels), class_="pair"),
        block("differs", "What differs", *_differs(found, "Nothing differs but the name.")),
    ]
    title = f"{labels[0]} beside {labels[1]}"
    return site_page(site, path, title, *main, trail=(("Deals", DEALS),), style="deals.css")


def _both(path: str, pair: tuple[GivenDeal, GivenDeal], labels: tuple[str, str]) -> Iterator[Child]:
    yield link(path, labels[0], pair[0].path)
    yield " · "
    yield link(path, labels[1], pair[1].path)


def _pair_heading(pair: tuple[GivenDeal, GivenDeal], labels: tuple[str, str]) -> str:
    heads = [one.a_head("decided") for one in pair]
    if None in heads:
        return f"{labels[0]} beside {labels[1]}"
    said = [a_head(head) for head in heads if head is not None]
    if said[0] == said[1]:
        return f"{labels[0]} and {labels[1]} would each decide on {said[0]} a head"
    return f"{labels[0]} would decide on {said[0]} a head, {labels[1]} on {said[1]}"


def _a_head(path: str, pair: tuple[GivenDeal, GivenDeal], labels: tuple[str, str]) -> Iterator[Element]:
    parts: tuple[tuple[Literal["decided", "new"], str], ...] = (
        ("decided", "What each decides on"), ("new", "Of it new money"),
    )  # fmt: skip
    people = baseline().columns["population"]
    note = f"Sums of the first year of each deal, at prices of {price_year()}. People of {people.year}, official."
    for part, title in parts:
        rows = [
            Bar(
                label,
                head,
                a_head(head),
                kind=kind,
                note=f"{text.money(getattr(one.money, part))} a year",
                link=relative(path, f"{one.path}#money"),
            )
            for one, label, kind in zip(pair, labels, (HERE, OTHER), strict=True)
            if (head := one.a_head(part)) is not None
        ]
        yield el("section", el("h2", title, el("span", " £ a head, each year"), id=part),
                 bars(title, rows) if rows else el("p", "Not known."),
                 el("p", text.whole_years(note), class_="note"), class_="panel", aria_labelledby=part)  # fmt: skip


# --- the offer ---


def standing_offer_page(site: Site) -> str:
    """The whole HTML text: what any place of a tier can take up, without bidding."""
    framework = read_framework(ENGLAND)
    counts = [len(offered(framework, tier)["power"]) for tier in TIERS]
    heading = f"Any place can take up {number(counts[0])} powers, and {number(counts[-1])} at the top level"
    mine: list[Child] = [el("li", text.one_line(clause.title), ": ", text.one_line(clause.said))
                         for clause in framework.clauses]  # fmt: skip
    conditions: list[Child] = [el("li", text.one_line(one.title)) for one in framework.conditions]
    tiers = ((f"“{WORDS[tier]}”: {count}", OFFICIAL[tier]) for tier, count in zip(TIERS, counts, strict=True))
    main = [
        el("h1", heading),
        el("p", "There is no bidding: a place takes what the ", term("offer", "framework"), " opens to its level. ",
           class_="lead"),
        el("ul", *(el("li", f"{words} powers. Officially: {official}.") for words, official in tiers)),
        block("powers", "Powers, and the levels that have them",
              to_html(offered_table(framework).showing("title", "tiers", "exercise", "recall", "law", "grade"),
                      file=False), grade_legend()),
        block("promises", "What every place promises", el("ul", *conditions)),
        block("clauses", "What limits the offer", el("ul", *mine)),
        el("p", link(OFFER, "Deals", DEALS), " · ", link(OFFER, "Who has which powers in England", LEDGER)),
    ]  # fmt: skip
    return site_page(site, OFFER, "The standing offer", *main, trail=(("Deals", DEALS),), style="deals.css")
