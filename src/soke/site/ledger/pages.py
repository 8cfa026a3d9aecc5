"""The ledger of devolution in England: who lives under which tier, since when, with which powers and how much money."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from soke import text
from soke.deal.reader import read_framework
from soke.deal.types import Framework, Status
from soke.england.devolution import (
    People,
    a_head,
    as_of,
    devolved_funds,
    people_by_tier,
    people_of,
    standing_of,
    timeline,
)
from soke.england.strategic import TIERS, StrategicAuthority, strategic_authorities
from soke.report.deal_money import price_year
from soke.report.markup import Child, Element, el
from soke.report.table import folded, to_html
from soke.report.tables.deal import powers_by_law
from soke.report.tables.devolution import areas_table, funds_table, lowest, offered_table, people_table
from soke.site.contents import Page, Site
from soke.site.deal_given import GivenDeal
from soke.site.deals.parts import a_head as a_head_said
from soke.site.deals.parts import inert
from soke.site.frame import A_TO_Z, CONTEST, LEDGER, link, site_page
from soke.site.ledger import chart as ledger_chart
from soke.site.ledger import tiers as ledger_tiers
from soke.site.words import term
from soke.table import Column, Table

TITLE = "Who has which powers in England"
STYLE = "ledger.css"
TOP = TIERS[-1]
WHERE = {"london-borough": "London", "metropolitan-district": "the big city districts",
         "unitary": "the single councils", "shire-district": "the shires"}  # fmt: skip
FRACTIONS = (
    (1 / 10, "one in ten"), (1 / 8, "one in eight"), (1 / 6, "one in six"), (1 / 5, "one in five"),
    (1 / 4, "a quarter"), (1 / 3, "a third"), (2 / 5, "two in five"), (1 / 2, "half"), (3 / 5, "three in five"),
    (2 / 3, "two thirds"), (3 / 4, "three quarters"), (4 / 5, "four in five"), (9 / 10, "nine in ten"),
)  # fmt: skip
STATUS: dict[Status, str] = {
    "draft": "Draft: nothing in it is agreed", "agreed": "Agreed, not in force", "in-force": "In force",
    "suspended": "Suspended", "ended": "Ended",
}  # fmt: skip
MOST_TABLES = 50  # of powers of deals on one page: of more, a link to each
NOT_CHECKED = el("small", "from memory, not checked", class_="tag")
ALL = 1 - 1e-9  # a share that is all, as far as sums can tell
NEAR, CLOSE = 0.01, 0.04  # how far a share may be from a fraction that is said of it, plainly or with "nearly"
FILES: dict[str, Callable[[dt.date], Table]] = {
    "people_by_tier": people_table, "strategic_authorities": areas_table, "funds_a_head": lambda at: funds_table(),
    "powers_on_offer": lambda at: offered_table(read_framework("england")),
}  # fmt: skip


def pages(site: Site) -> Iterator[Page]:
    """The ledger, a page for each tier, and the tables as files."""
    today = site.asked.today
    deals = tuple((one.slug, one.stamp) for one in site.deals.given)
    yield Page(LEDGER, _ledger, (today, deals))
    yield from ledger_tiers.pages(site)
    for name in FILES:
        yield Page(_file(name), partial(_table, name=name), (as_of(today),))


def _file(name: str) -> str:
    return f"{LEDGER.partition('/')[0]}/{name}.csv"


def _table(site: Site, name: str) -> str:
    return FILES[name](as_of(site.asked.today)).csv()


def _ledger(site: Site) -> str:
    today = site.asked.today
    at = as_of(today)
    people = people_by_tier(at)
    return site_page(
        site, LEDGER, TITLE, el("h1", heading(people), class_="finding"), el("p", lead(people), class_="lead"),
        _people(people, at), _since(at, today), _money(), _powers(), _held(site), _unknown(people, at, site),
        style=STYLE,
    )  # fmt: skip


# --- the finding ---


def said(share: float) -> str:
    """A share as people say it: ``nearly half``, ``one in eight``, ``47 in 100``; ``all`` only of all.

    >>> said(0.473), said(0.119), said(0.46), said(0.0), said(0.999)
    ('nearly half', 'one in eight', 'nearly half', 'nobody', 'nearly all')
    """
    if share <= 0:
        return "nobody"
    if share >= ALL:
        return "all"
    if share < 0.005:
        return "fewer than 1 in 100"
    value, words = min(FRACTIONS, key=lambda each: abs(each[0] - share))
    if abs(share - value) <= NEAR:
        return words
    if abs(share - value) <= CLOSE:
        return f"{'nearly' if share < value else 'more than'} {words}"
    return "nearly all" if share >= 0.995 else f"{share * 100:.0f} in 100"


def heading(people: Sequence[People]) -> str:
    """How many people of England live under the widest powers, beside the kind of council where fewest do."""
    england, *kinds = people
    whole = said(england.share(TOP))
    if not england.by[TOP]:
        return "Nobody in England has a mayor with the widest powers yet."
    least = min(kinds, key=lambda of: of.share(TOP))
    start = f"{text.capital(whole)} of England has a mayor with the widest powers."
    return f"{start} In {WHERE[least.kind]} it is {said(least.share(TOP))}."


def lead(people: Sequence[People]) -> str:
    """Where all have the widest powers; and where fewest do, how many have them, and how many nothing."""
    england, *kinds = people
    if not england.by[TOP]:
        return f"Of each 100 people, {england.share('none') * 100:.0f} live where we know of nothing."
    every = [WHERE[of.kind] for of in kinds if of.share(TOP) >= ALL]
    least = min(kinds, key=lambda of: of.share(TOP))
    start = f"All of {text.listed(every)} {'is' if len(every) == 1 else 'are'} at the top. " if every else ""
    return (f"{start}Of each 100 people in {WHERE[least.kind]}, {least.share(TOP) * 100:.0f} "
            f"{'are' if every else 'are at the top'}. "
            f"Another {least.share('none') * 100:.0f} live where we know of nothing.")  # fmt: skip


# --- the parts ---


def _people(people: Sequence[People], at: dt.date) -> Element:
    doubt = el(
        "p", f"At {text.day(at)}, in people of 2022. ", el("small", "not checked", class_="tag"),
        " The list of areas is read second-hand. Areas of a single council are missing from it, so "
        "“none” may be too high.", class_="small",
    )  # fmt: skip
    tiers = (el("li", link(LEDGER, words, to)) for words, to in ledger_tiers.links())
    return el(
        "section", el("h2", "How many of each 100 people have a mayor with the widest powers?", id="people"),
        ledger_chart.people_bars(people, TOP), ledger_chart.colours(), doubt,
        folded(people_table(at), "These figures as a table"),
        el("p", "Each level has a page:", class_="small"), el("ul", *tiers, class_="names"),
        class_="panel", aria_labelledby="people",
    )  # fmt: skip


def _since(at: dt.date, today: dt.date) -> Element:
    return el(
        "section", el("h2", "Since when, and with how much?", id="when"), *ledger_chart.timelines(LEDGER, at, today),
        el("p", "Fund: the investment fund of each area, a year, for each of its people of 2022. ", NOT_CHECKED, " ",
           link(LEDGER, "The sum behind each", f"{LEDGER}#funds_a_head-caption"), class_="small"),
        folded(areas_table(at), "Order, day and next vote of each area"),
        class_="block", aria_labelledby="when",
    )  # fmt: skip


def _money() -> Element:
    """What the funds come to a head: the least and the most of the investment funds."""
    known = [(a_head(body, "investment") or 0.0, body.name) for body in strategic_authorities()
             if (body.name, "investment") in devolved_funds()]  # fmt: skip
    (least, low), (most, high) = min(known), max(known)
    finding = f"{high} gets £{most:.0f} a head from its fund, {low} £{least:.0f} "
    of, middle = len(strategic_authorities()), statistics.median(sum_ for sum_, _ in known)
    return el(
        "section", el("h2", finding, NOT_CHECKED, id="money"),
        el("p", f"The middle area gets £{middle:.0f}. Of {of - len(known)} of {of} areas we hold no such fund, and of "
                f"{of - len(_settled())} no ", term("integrated settlement", "integrated-settlement"),
           ". So no total is drawn."),
        folded(funds_table(), "Pounds a head of each area"), class_="block", aria_labelledby="money",
    )  # fmt: skip


def _powers() -> Element:
    offer = read_framework("england")
    table = offered_table(offer)
    first = sum(lowest(power) == TIERS[0] for power in offer.powers)
    finding = f"{first} of {len(table)} powers are open from the first step on"
    return el(
        "section", el("h2", finding, id="powers"),
        el("p", "What the government offers each level, as Soke ships it. An area has a power only from the day on "
                "which its ", term("order", "order"), " gives it."),
        _opens(offer), folded(table, "Each power: who holds it, who must agree, under which law"),
        class_="block", aria_labelledby="powers",
    )  # fmt: skip


def _opens(offer: Framework) -> Element:
    """The powers of the offer by the narrowest tier that they are open to."""
    groups = []
    for tier, heading in zip(TIERS, ("From the first step on", "Only with a mayor", "Only at the top"), strict=True):
        titles = (el("li", power.title) for power in offer.powers if lowest(power) == tier)
        groups.append(el("div", el("h3", heading), el("ul", *titles)))
    return el("div", *groups, class_="opens")


def _held(site: Site) -> Element:
    given = site.deals.given
    good = [one for one in given if one.good]
    parts: list[Child] = [el("h2", "Who holds powers, where a deal was read", id="held")]
    if not good:
        parts.append(el("p", "No deal was read for this site. So who holds which power, and since when, is ",
                        el("span", "not known", class_="none"), " here. Each area could publish its own."))  # fmt: skip
    parts += [_deal(one, number) for number, one in enumerate(good, 1)]
    parts += [el("p", link(LEDGER, one.title, one.path), f": nothing of it is shown. {one.refused}", class_="unread")
              for one in given if not one.good]  # fmt: skip
    return el("section", *parts, class_="block held", aria_labelledby="held")


def _deal(one: GivenDeal, number: int) -> Element:
    deal = one.good
    assert deal is not None
    dated = sum(power.in_force is not None for power in deal.powers)
    words = text.counted(len(deal.powers), "power")
    told = f"{one.title}. {STATUS[deal.status]}. {words}, {dated or 'none'} with a day."
    if number > MOST_TABLES:
        return el("p", link(LEDGER, told, one.path))
    table = inert(replace(powers_by_law(deal), id=f"powers-held-{number}", caption=f"Powers under {one.title}"))
    return el("details", el("summary", told), el("p", _money_a_head(one), link(LEDGER, "The deal", one.path), "."),
              to_html(table, file=False))  # fmt: skip


def _money_a_head(one: GivenDeal) -> str:
    """What a deal gives to decide on, for each head, in its first year."""
    decided, new = one.a_head("decided"), one.a_head("new")
    if decided is None or new is None:
        return "What it gives for each head is not known. "
    return (f"Money to decide on in its first year: {a_head_said(decided)} a head, at prices of {price_year()}. "
            f"Of it {a_head_said(new)} is new. ")  # fmt: skip


# --- what is not known ---


def _unknown(people: Sequence[People], at: dt.date, site: Site) -> Element:
    england = people[0]
    below = england.all - england.by[TOP]
    settled = _settled()
    of = len(strategic_authorities())
    up = el(
        "section", el("h2", "If all were at the top", id="if-all"),
        el("p", f"{below / 1e6:.1f} million people would move up. What it would cost is ",
           el("span", "not known", class_="none"), f". Of {len(settled)} of {of} areas we hold the sum of a "
           f"settlement: {text.listed([_settlement(body) for body in settled])}. ",
           el("small", "not checked", class_="tag")),
        el("p", "Who decides on buses, bins and care where you live? ", link(LEDGER, "Find your place", A_TO_Z), "."),
        aria_labelledby="if-all",
    )  # fmt: skip
    gaps = el(
        "section", el("h2", "What we do not know", id="unknown"), to_html(unknown_table(at, site), file=False),
        el("p", link(LEDGER, "Send us an order that we missed", CONTEST), "."), aria_labelledby="unknown",
    )  # fmt: skip
    return el("div", up, gaps, class_="block pair")


def _settled() -> list[StrategicAuthority]:
    return [body for body in strategic_authorities() if (body.name, "settlement") in devolved_funds()]


def _settlement(body: StrategicAuthority) -> str:
    fund = devolved_funds()[body.name, "settlement"]
    return f"{body.name} {text.money(fund.gbp_million)}, £{fund.a_year * 1e6 / people_of(body.members):.0f} a head"


def unknown_table(at: dt.date, site: Site) -> Table:
    """What the ledger lacks, of how many areas, and who could publish it."""
    bodies = strategic_authorities()
    of, ministry = len(bodies), "The housing ministry"
    before = sum(any(stretch.tier is None for stretch in timeline(body, at).stretches) for body in bodies)
    funds = sum((body.name, "investment") not in devolved_funds() for body in bodies)
    top = [body for body in bodies if standing_of(body, at) == TOP]
    sums = sum((body.name, "settlement") not in devolved_funds() for body in top)
    dated = [deal.members for one in site.deals.given if (deal := one.good) and deal.status == "in-force"
             and all(power.in_force for power in deal.powers)]  # fmt: skip
    read = sum(body.members in dated for body in bodies)
    rows = [
        ("The level of earlier years", f"{before} of {of}", ministry),
        ("The day on which each power was given", f"{of - read} of {of}", "Each area, from its orders"),
        ("The yearly investment fund", f"{funds} of {of}", ministry),
        ("The sum of the settlement", f"{sums} of {len(top)} at the top", ministry),
        ("Areas of a single council", "how many is not known", ministry),
    ]
    columns = (Column("what", "What"), Column("areas", "Areas without it"), Column("who", "Who could publish it"))
    return Table.of("not_known", "Missing from this page", columns, rows)
