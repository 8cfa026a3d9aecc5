"""What every page of the site stands in: the way to the four parts, the trail to the page, and the foot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from soke.report.markup import Child, Element, el
from soke.report.shell import document, named
from soke.site.contact import write_to
from soke.site.contents import Site
from soke.site.links import relative
from soke.site.words import numbered

FRONT, A_TO_Z, DEALS, DECISIONS, CHECK = (
    "index.html", "places/index.html", "deals/index.html", "decisions/index.html", "check/index.html",
)  # fmt: skip
REGISTERS, LEDGER, WORDS, CONTEST, DATA = (
    "registers/index.html", "powers/index.html", "words.html", "check/contest.html", "data/index.html",
)  # fmt: skip
PARTS = (("Places", A_TO_Z), ("Deals", DEALS), ("Decisions", DECISIONS), ("Check it", CHECK))
SHARED = "soke.css"  # what every page shares
Trail = Sequence[tuple[str, str]]  # words and path of the pages above


def site_page(
    site: Site, path: str, title: str, *main: Child, trail: Trail = (), notice: Child = None, style: str = "",
    skip: tuple[str, str] = ("Skip to the page", "top"), script: str = "", css: str = "",
) -> str:  # fmt: skip
    """The whole HTML text of a page of the site. ``trail`` leads to it from the front, without itself; ``skip`` is the
    link past the head, to a part of the page with that id; ``style`` names sheets beside that of the whole site, with a
    space between them: of this room, or of the reports whose parts the page shows; ``css`` is that
    of such parts where it is no file."""
    above = [words for words, _ in reversed(trail)]
    whole = title if path == FRONT else " · ".join((title, *above, "Soke"))
    return document(
        whole, *skip, _trail(path, title, trail), el("div", *numbered(main), id="top"),
        sheets=[relative(path, sheet(name)) for name in (SHARED, *style.split())], style=css, notice=notice,
        head=_head(path), end=_foot(site, path), script=script,
    )  # fmt: skip


def sheet(name: str) -> str:
    """The path of a style sheet in the site."""
    return f"style/{name}"


def _head(path: str) -> Element:
    links = (el("li", el("a", words, href=relative(path, to), aria_current=_current(path, to))) for words, to in PARTS)
    home = el("a", named(), href=relative(path, FRONT), class_="home")
    return el("div", home, el("nav", el("ul", *links), aria_label="Parts of the site", class_="parts"), class_="across")


def _current(path: str, part: str) -> str | None:
    """``page`` on the page itself, ``true`` on those below it."""
    if path == part:
        return "page"
    return "true" if path.partition("/")[0] == part.partition("/")[0] and "/" in path else None


def _trail(path: str, title: str, trail: Trail) -> Child:
    if path == FRONT:
        return None
    items = [el("li", el("a", words, href=relative(path, to))) for words, to in (("Soke", FRONT), *trail)]
    return el("nav", el("ol", *items, el("li", title, aria_current="page")), class_="trail", aria_label="You are here")


def _foot(site: Site, path: str) -> Element:
    whom = site.asked.contact
    ask: list[Child] = [" Questions about this site: ", write_to(whom), "."] if whom else []
    wrong = el("p", el("b", "Think a number is wrong?"), " ", link(path, "Contest this figure", CONTEST),
               ": we show the sum and say whom to write to.", *ask)  # fmt: skip
    not_us = el(
        "p", "Soke is not the government. Official figures are used under the Open Government Licence v3.0. ",
        link(path, "All tables", DATA), " · ", link(path, "Words we use", WORDS),
        f" · Soke {site.version}",
    )  # fmt: skip
    return el("div", wrong, not_us)


def links_in_a_row(page: str, to: Iterable[tuple[str, str]]) -> list[Child]:
    """Links to pages, each by its words and its path, with a dot between two."""
    row: list[Child] = []
    for words, path in to:
        row += [*([" · "] if row else []), link(page, words, path)]
    return row


def link(page: str, words: str, to: str) -> Element:
    """A link from one page of the site to another."""
    return el("a", words, href=relative(page, to))
