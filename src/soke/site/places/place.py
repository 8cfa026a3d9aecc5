"""The page of one place: what it raises and spends, or what is known of one district; who decides; what was before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache

from soke import text
from soke.england.alike import Standing
from soke.england.places import places
from soke.england.strategic import StrategicAuthority, around, told_until
from soke.report.markup import Child, Element, el
from soke.report.shell import panel
from soke.site import tiers
from soke.site.areas import Area, areas, by_code, by_name, day_of
from soke.site.contents import Site
from soke.site.frame import A_TO_Z, Trail, link, links_in_a_row, site_page
from soke.site.links import relative
from soke.site.places import blocks
from soke.site.places.facts import PlaceFacts, account_of, facts_of
from soke.site.places.history import funding, output
from soke.site.places.keep import keep
from soke.site.places.who_decides import who_decides
from soke.site.places.words import certain, gap_words, give_or_take, heading, particular, ranked, said, why
from soke.site.words import term

STYLE = "place.css"
CONCERNING = (("deal", "Deals"), ("register", "Registers"), ("decision", "What communities decided"))


def place_page(site: Site, area: Area) -> str:
    """The whole HTML text."""
    if not area.has_account:
        return _unliving(site, area)
    facts = facts_of(area)
    lead, first = (_lead(facts), _whole(facts)) if facts.whole else (_no_gap(facts), _district(facts))
    return site_page(
        site, area.path, area.called, el("h1", title_of(facts)),
        el("p", *lead, class_="lead"), _jumps(site, facts), *first, *_below(site, facts), trail=trail(area),
        notice=_notice(area), style=STYLE,
    )  # fmt: skip


def title_of(facts: PlaceFacts) -> str:
    """Its finding: what it spends and raises; of a district, or where another place has the same two sums, by what it
    differs most from its class."""
    rules = [_heading(facts, facts.area.name, number) for number in range(len(facts.stands) + facts.whole)]
    return next((rule for number, rule in enumerate(rules) if _shared()[_heading(facts, "", number)] < 2), rules[0])


def _heading(facts: PlaceFacts, name: str, number: int) -> str:
    """The heading by one rule after another, under a name or none."""
    if facts.whole and number == 0:
        return f"{name}{heading(facts.account).removeprefix(facts.area.name)}"
    return particular(name, facts.stands[number - facts.whole], facts.kind)


@cache
def _shared() -> Counter[str]:
    """How many places would have a heading by their first two rules, but for the name."""
    living = (facts_of(area) for area in areas() if area.has_account)
    return Counter(_heading(facts, "", number) for facts in living for number in range(min(2, len(facts.stands) + 1)))


def trail(area: Area) -> Trail:
    """The pages above: England, its region, and the county or wider area that it lies in."""
    above: list[tuple[str, str]] = [("Places", A_TO_Z)]
    known = by_code()
    if area.rank != "country":
        above.append(("England", known["E92000001"].path))
    place = area.place
    if place is None or area.rank in ("country", "region"):
        return above
    region = known.get(place.region)
    if region and region.rank == "region":
        above.append((region.name, region.path))
    county = known.get(place.county)
    if county:
        above.append((county.name, county.path))
    body = around(area.code) if area.rank == "council" else None
    if body and not county:
        above.append((body.name, by_name()[body.name].path))
    return above


def _notice(area: Area) -> Child:
    """That the place is about to end, and what comes."""
    if area.place is None:
        return None
    ending = [told for told in places().successors(area.code) if told.ended]
    if not ending:
        return None
    when = text.day(day_of(max(told.ended or 0 for told in ending)))
    names = text.listed([told.successor_name for told in ending])
    checked = "" if all(told.grade == "official" for told in ending) else " Not checked against the order."
    return f"{area.name} ends on {when}. In its place come {names}.{checked}"


# --- the first screen ---


def _whole(facts: PlaceFacts) -> Iterator[Child]:
    left = el("div", blocks.made_of(facts), _differs(facts))
    yield el("div", left, el("div", blocks.how_sure(facts), blocks.who_spends(facts)), class_="two")


def _no_gap(facts: PlaceFacts) -> list[Child]:
    county = _county(facts.area)
    whole: Child = link(facts.area.path, county.name, county.path) if county else "its county"
    said = "Nobody records all tax and spending for one district. So we show what is known, and send you to "
    return [said, whole, " for the rest."]


def _county(area: Area) -> Area | None:
    return by_code().get(area.place.county if area.place else "")


def _jumps(site: Site, facts: PlaceFacts) -> Element:
    """To what people come for, lower on the page."""
    to = [("Who decides on buses, bins, care", "#who-decides")] if facts.area.rank != "country" else []
    to += [("What is spent and raised", "#lines")]
    to += [("Deals and decisions", "#also")] if site.concerning.get(facts.area.path) else []
    parts: list[Child] = []
    for words, part in to:
        parts += [*([" · "] if parts else []), el("a", words, href=part)]
    return el("p", *parts, class_="jumps")


def _lead(facts: PlaceFacts) -> list[Child]:
    a = facts.account
    if not certain(a):
        return ["The two are so near each other that nobody can say whether it is short. ", why(a)]
    return ["It is ", term(gap_words(a), "short" if a.gap >= 0 else "over"), ". ", why(a)]


def _differs(facts: PlaceFacts) -> Element | None:
    """By what it differs most from its class."""
    if not facts.stands:
        return None
    page = relative(facts.area.path, facts.area.beside("like"))
    shown = [_stand(one, facts.kind) for one in facts.stands[:2]]
    return el("p", " ".join(shown), " ", el("a", "See it beside places like it", href=page), ".", class_="said")


def _stand(standing: Standing, kind: str) -> str:
    return f"{text.capital(said(standing))}: {ranked(standing, kind)}."


def _district(facts: PlaceFacts) -> Iterator[Child]:
    county = _county(facts.area)
    left = el("div", blocks.council_tax(facts), _differs(facts))
    right = el("div", _known(facts), blocks.who_spends(facts))
    yield el("div", left, right, class_="two")
    if county:
        a = account_of(county.members, county.name, facts.account.year)
        yield el(
            "section", el("h2", f"The whole account, for {county.name}"),
            el("p", f"{heading(a)}. ", el("b", gap_words(a)), f", {give_or_take(a)}. {why(a)} ",
               link(facts.area.path, f"All of {county.name}", county.path), "."), class_="block",
        )  # fmt: skip


def _known(facts: PlaceFacts) -> Element:
    no_gap = "We print no gap for one district: too little of it is measured here."
    return panel("known", "How much of its account is known", *blocks.known(facts), el("p", no_gap, class_="small"))


# --- below ---


def _below(site: Site, facts: PlaceFacts) -> Iterator[Child]:
    area = facts.area
    yield who_decides(area.path, area) if area.rank != "country" else None
    yield el("div", blocks.largest(facts, "spending", "What is spent on people here"),
             blocks.largest(facts, "revenue", "What is raised here"), class_="block pair", id="lines")  # fmt: skip
    yield _tier(area)
    second = blocks.council_tax(facts) if facts.whole else None
    row = [part for part in (blocks.beside(facts), second, keep(facts)) if part is not None]
    yield el("div", *row, class_="block pair")
    lines = output(facts)
    over_time = [part for part in (funding(facts), el("section", *lines) if lines else None) if part is not None]
    if over_time:
        yield el("div", *over_time, class_="block pair")
    yield _also(site, facts)


def _tier(area: Area) -> Element | None:
    """How far devolution has come here: which tier since when, and the next vote."""
    if area.rank in ("country", "region"):
        return None
    body = area.body or (around(area.members[0]) if len(area.members) == 1 else _common(area))
    return el("section", el("h2", "Devolution here"), *_tier_words(area, body), class_="block")


def _common(area: Area) -> StrategicAuthority | None:
    """The wider area that all of a county lies in."""
    bodies = {body.name: body for code in area.members if (body := around(code))}
    return next(iter(bodies.values())) if len(bodies) == 1 else None


def _tier_words(area: Area, body: StrategicAuthority | None) -> Iterator[Child]:
    if body is None:
        yield el("p", "No wider area with powers from a deal that we know of. That is not to say that there is none.")
        return
    spell, at = body.last, told_until()
    name: Child = body.name if area.body else link(area.path, body.name, by_name()[body.name].path)
    if spell.since is None:
        when = f"; a first vote for its mayor is planned for {_month(body)}" if body.elects else ""
        yield el("p", "Planned: ", name, f", with {tiers.WORDS[spell.tier].lower()}{when}. The order is not yet made.")
    else:
        vote = f" The next vote for its mayor is in {_month(body)}." if body.elects else ""
        yield el("p", name, f": {tiers.WORDS[spell.tier].lower()}, since {text.day(spell.since)}.{vote}")
        made = f" Made on {text.day(body.made)} by {body.instrument}." if body.made else ""
        yield el("p", f"In law: {tiers.OFFICIAL[spell.tier]}.{made}", class_="small")
    yield el("p", el("span", "not checked", class_="tag"), f" {spell.told}. As of {text.day(at)}.", class_="small")


def _month(body: StrategicAuthority) -> str:
    return text.day(body.elects).partition(" ")[2] if body.elects else ""


def _also(site: Site, facts: PlaceFacts) -> Element:
    area = facts.area
    more = [("Every sum behind these numbers", area.beside("sums"))]
    more += [("Places like it", area.beside("like"))] if facts.kind else []
    also = el("p", *links_in_a_row(area.path, more), class_="also")
    there = [_concerning(site, area, kind, title) for kind, title in CONCERNING]
    return el("section", el("h2", "Also here", id="also"), *there, also, _inside(area), _before(area), class_="block")


def _concerning(site: Site, area: Area, kind: str, title: str) -> Element | None:
    """What there is about the place of one kind: a link each."""
    found = [each for each in site.concerning.get(area.path, ()) if each.kind == kind]
    if not found:
        return None
    items = (el("li", link(area.path, each.words, each.path)) for each in found)
    return el("div", el("h3", title), el("ul", *items, class_="also"))


def _inside(area: Area) -> Element | None:
    """Its councils, of a wider area, county or region."""
    if len(area.members) < 2 or area.rank == "country":
        return None
    known = by_code()
    items = (el("li", link(area.path, known[code].name, known[code].path)) for code in area.members)
    return el("div", el("h3", f"Its {len(area.members)} councils"), el("ul", *items, class_="people"))


def _before(area: Area) -> Element | None:
    """What it was made from."""
    old = [told for told in places().ended if told.successor == area.code and told.code != area.code and told.ended]
    if not area.code or not old:
        return None
    parts: list[Child] = []
    known = by_code()
    for told in sorted(old, key=lambda told: (told.ended or 0, told.name)):
        page = known.get(told.code)
        parts += [", "] if parts else []
        parts.append(link(area.path, told.name, page.path) if page else told.name)
    return el("p", f"Came on {text.day(day_of(max(told.ended or 0 for told in old)))} in the place of ", *parts, ".")


# --- gone, and to come ---


def _unliving(site: Site, area: Area) -> str:
    when = [told.ended for told in area.ended if told.ended]
    on = text.day(day_of(max(when))) if when else "a day not known to us"
    known = by_code()
    sentence: list[Child] = []
    if area.rank == "gone":
        title = f"{area.name} ended on {on}"
        sentence.append("Its area is now part of ")
        names = [(told.successor_name, known.get(told.successor)) for told in area.ended]
    else:
        title = f"{area.name} is to begin on {on}"
        sentence.append("It is announced to take the place, with others, of ")
        names = [(told.name, known.get(told.code)) for told in area.ended]
    for number, (name, page) in enumerate(names):
        sentence += [" and "] if number else []
        sentence.append(link(area.path, name, page.path) if page else name)
    official = all(told.grade == "official" for told in area.ended)
    tag = el("span", "not checked", class_="tag")
    checked = None if official else el("p", tag, " Read second-hand.", class_="small")
    nothing = el("p", "It has no account of its own: figures are kept for the places of today.")
    return site_page(
        site, area.path, area.name, el("h1", title), el("p", *sentence, ".", class_="lead"), nothing, checked,
        trail=(("Places", A_TO_Z),), style=STYLE,
    )  # fmt: skip
