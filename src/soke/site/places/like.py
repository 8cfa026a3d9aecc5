"""A place beside places like it: where it stands by each measure among all of its class, and how they were chosen."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from soke.england.alike import CLASSES, Standing
from soke.england.sources import named
from soke.report.markup import Child, Element, el
from soke.report.shell import panel
from soke.report.table import to_html
from soke.report.tables.alike import beside_like_places
from soke.site.areas import Area
from soke.site.contents import Site
from soke.site.frame import links_in_a_row, site_page
from soke.site.links import relative
from soke.site.places.facts import PlaceFacts, area_of, facts_of, sum_address
from soke.site.places.place import trail
from soke.site.places.words import figure, ranked, said

STYLE = "place.css"
EDGE = 0.02  # of the places at either end, which are drawn at the edge
LEFT, WIDTH = 2.0, 96.0  # per cent of the drawing
STEPS = 360  # places in it at which a tick may stand


def like_page(site: Site, area: Area) -> str:
    """The whole HTML text."""
    facts = facts_of(area)
    first, second = facts.stands[:2]
    title = f"{area.name}: {said(first)}, {ranked(first, facts.kind)}"
    lead = f"And {said(second)}: {ranked(second, facts.kind)}."
    every = f"{area.name} among all {first.among} {CLASSES[facts.kind][1]}"
    return site_page(
        site, area.beside("like"), f"{area.called}: places like it", el("h1", title), el("p", lead, class_="lead"),
        panel("standing", every, _legend(area), el("ul", *_strips(facts), class_="strips"),
              el("p", "The outermost places are drawn at the edge. A figure that is high or low is a question, not a"
                 " fault.", class_="small")),
        _chosen(facts), trail=(*trail(area), (area.name, area.path)), style=STYLE,
    )  # fmt: skip


def _legend(area: Area) -> Element:
    marks = (
        (area.name, el("circle", cx=9, cy=7, r=6, class_="own")),
        ("Those most like it", el("circle", cx=9, cy=7, r=4.5, class_="ring")),
        ("Every other", el("line", x1=9, x2=9, y1=1, y2=13, class_="tick")),
        ("The middle one", el("line", x1=9, x2=9, y1=0, y2=14, class_="middle")),
    )
    return el("ul", *(el("li", el("svg", mark, width=18, height=14, aria_hidden="true"), " ", words)
                      for words, mark in marks), class_="legend")  # fmt: skip


def _strips(facts: PlaceFacts) -> Iterator[Element]:
    order = {one.measure.id: one for one in facts.stands}
    for one in order.values():
        yield _strip(facts, one)


def _strip(facts: PlaceFacts, one: Standing) -> Element:
    values = facts.peers.values[one.measure.id]
    inner = sorted(values)[int(EDGE * len(values)) : len(values) - int(EDGE * len(values))]
    low, high = float(inner[0]), float(inner[-1])

    def place(value: float) -> float:
        return LEFT + WIDTH * (min(max(value, low), high) - low) / ((high - low) or 1.0)

    def at(value: float) -> str:
        return f"{place(value):.1f}%"

    keys = {like.key for like in facts.peers.alike(facts.key)}
    at_all, ticks = sorted({round(STEPS * place(float(v)) / 100) for v in values}), ""
    for before, x in pairwise([0, *at_all]):  # each a step on from the one before: shorter to write
        ticks += f"m{x - before}-9v9" if ticks else f"m{x} 0v9"
    every = el("path", d=ticks, class_="tick", vector_effect="non-scaling-stroke")
    drawn: list[Child] = [el("svg", every, viewBox=f"0 0 {STEPS} 9", preserveAspectRatio="none", x=0, y=6, width="100%",
                             height=14)]  # fmt: skip
    drawn.append(el("line", x1=at(one.middle), x2=at(one.middle), y1=1, y2=25, class_="middle"))
    drawn += [el("circle", cx=at(float(v)), cy=13, r=4.5, class_="ring")
              for key, v in zip(facts.peers.keys, values, strict=True) if key in keys]  # fmt: skip
    drawn.append(el("circle", cx=at(one.value), cy=13, r=7, class_="own"))
    middle = el("small", f"{ranked(one, facts.kind)}; the middle is {figure(one, one.middle)}")
    name = el("span", one.measure.title, middle)
    svg = el("svg", *drawn, aria_hidden="true")
    to = relative(facts.area.beside("like"), sum_address(facts.area, one.measure.title))
    value = el("a", figure(one, one.value), href=to, class_="to-sum")
    return el("li", name, el("b", value), el("span", svg, class_="drawn"))


def _chosen(facts: PlaceFacts) -> Element:
    table = beside_like_places(facts.key, facts.kind, facts.peers)
    page = facts.area.beside("like")
    those = [area_of(like.key) for like in facts.peers.alike(facts.key)]
    links = links_in_a_row(page, ((area.name, area.path) for area in those))
    ids = dict.fromkeys(one.measure.source for one in facts.stands)
    rule = (f"We look only at {CLASSES[facts.kind][1]}. Nearest in number of people, people per km² and need, each "
            "counted the same. Nothing that is compared here chooses them.")  # fmt: skip
    shown = to_html(table, file=False, stack=False)
    return el("section", el("h2", "Those most like it"), el("p", rule), el("p", *links), shown,
              el("p", "Sources: ", named(", ".join(ids)), ".", class_="small"), class_="block")  # fmt: skip
