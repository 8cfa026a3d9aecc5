"""The way in: one sentence, a search, four ways, and a map of England; and all places from A to Z."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from soke import text
from soke.england.layout import hexes
from soke.england.strategic import around, told_until
from soke.report.charts.hexmap import centre
from soke.report.markup import Child, Element, el
from soke.site import tiers
from soke.site.areas import GROUPS, by_code
from soke.site.contents import Page, Site
from soke.site.frame import A_TO_Z, CHECK, DEALS, DECISIONS, FRONT, LEDGER, link, links_in_a_row, site_page

TITLE = "See what your place raises and spends, who decides, and what was promised"
WAYS = (
    ("My place", A_TO_Z, "Who decides on buses, bins and care. All {councils} councils, {counties} counties and "
                         "{wider} wider areas."),
    ("A deal", DEALS, "What the government hands over, on which terms, and what may come of it."),
    ("What people decided", DECISIONS, "Winners, reasons, and what was done about it."),
    ("Check it", CHECK, "Every number opens its sum. We also list the figures that we could not reproduce."),
)  # fmt: skip
SEARCHED = ("strategic", "region", "county", "country")  # councils are found by the names in the map


def pages(site: Site) -> Iterator[Page]:
    """The front, and the list of all places."""
    yield Page(FRONT, _front)
    yield Page(A_TO_Z, _a_to_z)


def _front(site: Site) -> str:
    wider = [area for area in site.areas if area.rank in SEARCHED]
    box = el("div", el("h1", TITLE), _search(), _ways(site), el("p", link(FRONT, "All places, A to Z", A_TO_Z), " · ",
             link(FRONT, "Who has which powers in England", LEDGER), class_="small"))  # fmt: skip
    names = links_in_a_row(FRONT, ((area.called, area.path) for area in wider))
    below = el(
        "section", el("h2", "Wider areas, regions and counties", id="wider"),
        el("p", *names, class_="wide facts", id="names"), class_="block", aria_labelledby="wider",
    )  # fmt: skip
    script = files("soke.site").joinpath("search.js").read_text(encoding="utf-8")
    return site_page(
        site, FRONT, "What your place raises, spends and decides", el("div", box, _map(), class_="front"), below,
        style="front.css", script=script, skip=("Skip to the page", "top"),
    )  # fmt: skip


def _search() -> Element:
    return el(
        "div", el("label", "Find a place", for_="q"),
        el("input", id="q", type="search", autocomplete="off", placeholder="Such as Leeds or Norfolk",
           aria_describedby="found"),
        el("ul", id="found", aria_live="polite"), class_="find", role="search",
    )  # fmt: skip


def _ways(site: Site) -> Element:
    counted = {name: sum(area.rank == rank for area in site.areas)
               for name, rank in (("councils", "council"), ("counties", "county"), ("wider", "strategic"))}  # fmt: skip
    items = (el("li", link(FRONT, words, to), el("span", said.format(**counted))) for words, to, said in WAYS)
    return el("ul", *items, class_="ways")


# --- the map ---


def _map() -> Element:
    at = told_until()
    cells, known = hexes(), by_code()
    middles = {code: centre(*cells[code]) for code in sorted(cells) if code in known}
    left = min(x for x, _ in middles.values()) - tiers.SIDE - 1
    upper = min(y for _, y in middles.values()) - tiers.SIDE - 2
    width = max(x for x, _ in middles.values()) - left + tiers.SIDE + 1
    height = max(y for _, y in middles.values()) - upper + tiers.SIDE + 2
    groups: dict[str, list[Child]] = {kind: [] for kind, _ in tiers.LEGEND}
    for code, (x, y) in middles.items():
        area = known[code]
        shown = el("use", href="#x", x=round(x - left), y=round(y - upper))
        groups[tiers.kind_of(around(code), at)].append(el("a", el("title", area.name), shown, href=area.path))
    drawn = el(
        "svg", el("defs", el("path", id="x", d=tiers.HEXAGON)),
        *(el("g", *those, class_=kind) for kind, those in groups.items() if those),
        class_="map", viewBox=f"0 0 {width:.0f} {height:.0f}", role="group", id="map",
        aria_label="Map of England: one hexagon for each council, north at the top",
    )  # fmt: skip
    keyed = (
        el("li", el("svg", el("rect", class_=kind, x=1, y=1, width=15, height=11), aria_hidden="true"), words)
        for kind, words in tiers.LEGEND
    )
    return el(
        "div", el("h2", "Or pick your council"),
        el("p", "One hexagon is one council. Stronger green: more powers.", id="who", class_="small"),
        el("a", "Skip the map: all places as a list", href=A_TO_Z, class_="skip"), drawn,
        el("ul", *keyed, class_="legend"),
        el("p", f"{text.day(at)[text.day(at).index(' ') + 1:]}. Read second-hand, not yet checked against each order.",
           class_="small"),
    )  # fmt: skip


# --- A to Z ---


def _a_to_z(site: Site) -> str:
    lead = "Pick a council, a county or a wider area. Each has a page of its own."
    out: list[Child] = [el("h1", "All places, A to Z"), el("p", lead, class_="lead")]
    for rank, title in GROUPS:
        those = [area for area in site.areas if area.rank == rank]
        if those:
            items = (el("li", link(A_TO_Z, area.called, area.path)) for area in those)
            out.append(el("section", el("h2", title, id=rank), el("ul", *items, class_="places"),
                          aria_labelledby=rank))  # fmt: skip
    return site_page(site, A_TO_Z, "All places, A to Z", *out, style="front.css")
