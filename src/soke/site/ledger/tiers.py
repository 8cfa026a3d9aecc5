"""A page for each tier: who lives under it, what it opens beyond the one below, and what an area must show for it; and
one for those who have none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from soke import text
from soke.deal.reader import read_framework
from soke.england.devolution import (
    STANDINGS,
    as_of,
    people_by_tier,
    people_of,
    standing_of,
    tier_above,
    with_tier,
    without,
)
from soke.england.places import places
from soke.england.strategic import TIERS, Tier, strategic_authorities
from soke.report.charts.bars import HERE, Bar
from soke.report.markup import Child, Element, el
from soke.report.table import to_html
from soke.report.tables.devolution import WORDS, month, named_kind, offered_table
from soke.site import tiers
from soke.site.areas import by_code, by_name
from soke.site.contents import Page, Site
from soke.site.frame import LEDGER, link, site_page
from soke.site.ledger.chart import is_to_come, rounded
from soke.site.words import term
from soke.table import Column, Table

STYLE = "ledger.css"
FOLDER = LEDGER.partition("/")[0]
NONE = f"{FOLDER}/none.html"
TRAIL = (("Who has which powers", LEDGER),)
UNDER = {"established-mayoral": "a mayor with the widest powers", "mayoral": "a mayor whose powers are not the widest",
         "foundation": "a first step without a mayor"}  # fmt: skip


def path_of(tier: Tier) -> str:
    """The address of the page of a tier."""
    return f"{FOLDER}/{tier}.html"


def links() -> Iterator[tuple[str, str]]:
    """Words and path of each page, from the widest powers to none."""
    yield from ((WORDS[tier], path_of(tier)) for tier in reversed(TIERS))
    yield "Planned, or none that we know of", NONE


def pages(site: Site) -> Iterator[Page]:
    """Of each tier, and of those who have none."""
    for tier in TIERS:
        yield Page(path_of(tier), partial(_tier, tier=tier), (site.asked.today,))
    yield Page(NONE, _none, (site.asked.today,))


def _tier(site: Site, tier: Tier) -> str:
    at = as_of(site.asked.today)
    path, bodies = path_of(tier), with_tier(tier, at)
    people = sum(people_of(body.members) for body in bodies)
    found = f"{people / 1e6:.1f} million people live under {UNDER[tier]}, in {text.counted(len(bodies), 'area')}"
    if not bodies:
        found = f"Nobody lives under {UNDER[tier]} yet"
    return site_page(
        site, path, WORDS[tier], el("h1", found, class_="finding"),
        el("p", f"The law calls it an {tiers.OFFICIAL[tier]}." if tiers.OFFICIAL[tier][0] in "aeiou"
           else f"The law calls it a {tiers.OFFICIAL[tier]}.", f" {_by_kind(tier, at)}", class_="lead"),
        _areas(path, tier, at, site.asked.today), *_powers(tier), _tests(tier), _next(path, tier),
        trail=TRAIL, style=STYLE,
    )  # fmt: skip


def _by_kind(tier: Tier, at: dt.date) -> str:
    """Of each 100 people of each kind of council where any live under it."""
    _, *kinds = people_by_tier(at)
    there = [f"{_of_100(of.share(tier))} in {_inside(named_kind(of.kind))}" for of in kinds if of.share(tier)]
    if not there:
        return ""
    elsewhere = " Elsewhere it is nobody." if len(there) < len(kinds) else ""
    return f"Of each 100 people that is {text.listed(there)}.{elsewhere}"


def _of_100(share: float) -> str:
    return f"{share * 100:.0f}" if share >= 0.005 else "fewer than 1"


def _inside(name: str) -> str:
    return name if name.startswith("London") else name[:1].lower() + name[1:]


def _areas(path: str, tier: Tier, at: dt.date, today: dt.date) -> Element:
    rows = [_area(path, body.name, people_of(body.members), _vote(body.elects, today, "next"))
            for body in with_tier(tier, at)]  # fmt: skip
    most = max((bar.value for _, bar in rows), default=1.0)
    items = (el("li", el("span", name, el("small", bar.note) if bar.note else None), el("b", bar.label),
                el("span", _bar(bar.value / most), class_="drawn")) for name, bar in rows)  # fmt: skip
    return el(
        "section", el("h2", "Which areas, by people", id="areas"), el("ul", *items, class_="bars"),
        el("p", f"At {text.day(at)}, people of 2022. ", el("small", "not checked", class_="tag"),
           " The list is read second-hand.", class_="small"),
        class_="panel", aria_labelledby="areas",
    )  # fmt: skip


def _area(path: str, name: str, people: float, vote: str) -> tuple[Element, Bar]:
    return link(path, name, by_name()[name].path), Bar(name, people, f"{people / 1e6:.1f}m", note=vote, kind=HERE)


def _bar(share: float) -> Element:
    drawn = el("rect", x="0%", y=4, width=f"{share * 100:.2f}%", height=14, class_=HERE)
    return el("svg", drawn, height=22, aria_hidden="true")


def _powers(tier: Tier) -> Iterator[Child]:
    """What is open to the tier and not to the one below it; of the narrowest, all that is."""
    offer = read_framework("england")
    below = TIERS[TIERS.index(tier) - 1] if tier != TIERS[0] else None
    new = {power.id for power in offer.powers if _open(power.tiers, tier) and not (below and _open(power.tiers, below))}
    table = offered_table(offer).where(lambda row: row["power"] in new)
    words = text.counted(len(new), "power")
    heading = f"It opens {words} that the level below has not" if below else f"It opens {words}"
    yield el(
        "section", el("h2", heading, id="powers"),
        el("p", "Open means offered. An area has a power only from the day on which its ", term("order", "order"),
           " gives it."),
        to_html(table.showing("title", "holder", "exercise", "giver", "law", "order", "grade"), file=False),
        class_="block", aria_labelledby="powers",
    )  # fmt: skip


def _open(told: tuple[Tier, ...], tier: Tier) -> bool:
    return not told or tier in told


def _tests(tier: Tier) -> Element:
    """What an area must show."""
    tests = [test for test in read_framework("england").readiness if test.tier == tier]
    columns = Column("title", "Test"), Column("question", "Question"), Column("grade", "Grade", "grade")
    rows = [(test.title, ". ".join(filter(None, (test.question, test.note))).replace("?.", "?"), test.held_as)
            for test in tests]  # fmt: skip
    table = Table.of("tests", "Tests, as the offer has them", columns, rows)
    return el("section", el("h2", "What an area must show for it", id="tests"), to_html(table, file=False),
              class_="block", aria_labelledby="tests")  # fmt: skip


def _next(path: str, tier: Tier) -> Element:
    above = tier_above(tier)
    words = ("There is no wider level. ", "") if above is None else ("The next level: ", WORDS[above])
    to = link(path, words[1], path_of(above)) if above else None
    return el("p", words[0], to, " · " if to else None, link(path, "All levels, and since when", LEDGER))


# --- none ---


def _none(site: Site) -> str:
    at = as_of(site.asked.today)
    england = people_by_tier(at)[0]
    found = f"{england.by['none'] / 1e6:.1f} million people live where we know of no combined authority"
    doubt = "Some of them may be in one. Areas of a single council are missing from the list that we hold."
    return site_page(
        site, NONE, "Planned, or none that we know of",
        el("h1", found, class_="finding"), el("p", doubt, class_="lead"),
        _unserved(at), _planned(at, site.asked.today),
        el("p", link(NONE, "All levels, and since when", LEDGER)), trail=TRAIL, style=STYLE,
    )  # fmt: skip


def _unserved(at: dt.date) -> Element:
    codes = sorted(without(at), key=lambda code: (-people_of(places().members(code)), code))
    items = (
        el("li", link(NONE, by_code()[code].name, by_code()[code].path),
           f" {rounded(people_of(places().members(code)))}")
        for code in codes
    )  # fmt: skip
    return el(
        "section", el("h2", f"{text.counted(len(codes), 'county or council', 'counties and councils')}, by people",
                      id="areas"), el("ul", *items, class_="names"),
        el("p", f"At {text.day(at)}, people of 2022. ", el("small", "not checked", class_="tag"), class_="small"),
        class_="panel", aria_labelledby="areas",
    )  # fmt: skip


def _planned(at: dt.date, today: dt.date) -> Element:
    planned = [body for body in strategic_authorities() if standing_of(body, at) == STANDINGS[3]]
    items = (
        el("li", link(NONE, body.name, by_name()[body.name].path), f": {_vote(body.elects, today, 'first')}")
        for body in planned
    )  # fmt: skip
    return el("section", el("h2", f"{text.counted(len(planned), 'area is', 'areas are')} planned", id="planned"),
              el("ul", *items), class_="block", aria_labelledby="planned")  # fmt: skip


def _vote(vote: dt.date | None, today: dt.date, which: str) -> str:
    """The ``first`` or ``next`` vote for a mayor, in words."""
    if vote is None:
        return "no vote for a mayor is set"
    return f"{which} vote for a mayor {'in' if is_to_come(vote, today) else 'was due in'} {month(vote)}"
