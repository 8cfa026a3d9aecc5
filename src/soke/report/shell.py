"""What every page stands in, one file that holds all it needs, reads without script, and fetches nothing; and the parts
that pages are made of."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

from soke import text
from soke.report.markup import Child, Element, Trusted, el

POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # nothing runs and nothing is fetched, whatever a file says
END = "Soke is not the government. The source, year and grade of each figure stand on this page."
_DOCTYPE = "<!DOCTYPE html>\n"
OUTER = "M12 1.5 22 7.2v11.6L12 24.5 2 18.8V7.2z"  # a bounded district
INNER = "M12 8 16.5 10.6v5L12 18.2 7.5 15.6v-5z"  # in the land around it

HATCHED = frozenset({"per-head"})
WHOLE = 24.0  # pixels: of a bar of parts


def document(title: str, skip: str, to: str, *main: Child, style: str = "", notice: Child = None,
             bare: bool = False, end: Child = END, head: Child = None, script: str = "",
             sheets: Sequence[str] = ()) -> str:  # fmt: skip
    """The whole HTML text of a page. ``skip`` are the words of the link past the head, to the part with the id ``to``;
    ``style`` comes after what all pages share; ``notice`` is what must be read first, such as that it is a draft; a
    ``bare`` one is a sheet to print, without head and foot; ``end`` is what its foot says; ``head`` stands in its head
    in the place of the name. A ``script`` of our own is the only one that may run: the policy names its hash.
    ``sheets`` are addresses of style sheets beside the page; with any, what all pages share stands in them."""
    shared = "" if sheets else shared_style()
    strip = el("aside", el("div", el("p", notice), class_="in"), class_="notice", aria_label="Notice")
    html = el(
        "html",
        el(
            "head",
            *_first(_policy(script, own_sheets=bool(sheets))),
            el("meta", name="viewport", content="width=device-width, initial-scale=1"),
            el("title", title),
            *(el("link", rel="stylesheet", href=sheet) for sheet in sheets),
            el("style", Trusted(shared + style)) if shared + style else None,
        ),
        el(
            "body",
            el("a", skip, href=f"#{to}", class_="skip"),
            None if bare else el("header", el("div", head or named(), class_="in"), class_="top"),
            strip if notice is not None else None,
            el("main", *main),
            None if bare else el("footer", el("div", _foot(end), class_="in"), class_="end"),
            el("script", Trusted(script)) if script else None,
        ),
        lang="en-GB",
    )
    return f"{_DOCTYPE}{html}\n"


def begins() -> str:
    """How the text of every page without a script begins: nothing in it may run, whatever follows."""
    return f"{_DOCTYPE}{el('html', el('head', *_first(POLICY)), lang='en-GB')}".partition("</head>")[0]


def _first(policy: str) -> tuple[Element, Element]:
    return el("meta", charset="utf-8"), el("meta", http_equiv="Content-Security-Policy", content=policy)


@cache
def shared_style() -> str:
    """The style that all pages share."""
    return files("soke.report").joinpath("style.css").read_text(encoding="utf-8")


def _policy(script: str, *, own_sheets: bool) -> str:
    policy = POLICY.replace("style-src", "style-src 'self'") if own_sheets else POLICY
    if not script:
        return policy
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"{policy}; script-src 'sha256-{digest}'"


def _foot(end: Child) -> Child:
    return el("p", end) if isinstance(end, str) else end


def named() -> Element:
    """The mark and the name of Soke."""
    return el("span", _mark(), "Soke", class_="name")


def _mark() -> Element:
    return el(
        "svg",
        el("path", d=OUTER, fill="none", stroke="currentColor", stroke_width=2),
        el("path", d=INNER, fill="#ffd84d"),
        width=22, height=24, viewBox="0 0 24 26", aria_hidden="true",
    )  # fmt: skip


def contents(sections: Iterable[tuple[str, str]]) -> Element:
    """Links to the parts below, each by its id and title."""
    links = (el("li", el("a", title, href=f"#{id_}")) for id_, title in sections)
    return el("nav", el("ul", *links), aria_label="Contents")


def panel(id_: str, title: str, *inside: Child, aside: str = "") -> Element:
    """A part of the first screen; ``aside`` stands small beside its title."""
    heading = el("h2", title, el("span", f" {aside}") if aside else None, id=id_)
    return el("section", heading, *inside, class_=f"panel {id_}", aria_labelledby=id_)


def number(title: str, figure: str, *lines: Child) -> Element:
    """One of the figures in a row; without a ``figure`` only its words."""
    shown = el("p", figure, class_="figure") if figure else None
    said = [el("p", text.unbroken(line)) if isinstance(line, str) else line for line in lines if line]
    return el("div", el("h2", title), shown, *said, class_="number")


def section(id_: str, title: str, parts: Iterable[Child]) -> Element:
    """A part below the first screen."""
    return el("section", el("h2", title, id=id_), *parts, class_="below", aria_labelledby=id_)


def swatches(named: Iterable[tuple[str, str]], *marks: tuple[str, str]) -> Element:
    """What colours mean, as (colour, meaning), and ``marks`` as (class, meaning)."""
    coloured = [el("li", el("i", class_="swatch", style=f"background:{c}"), meaning) for c, meaning in named]
    marked = [el("li", el("i", class_=f"swatch {mark}"), meaning) for mark, meaning in marks]
    return el("ul", *coloured, *marked, class_="legend")


def shares(parts: Iterable[tuple[str, float]], height: float = WHOLE) -> Element:
    """One bar of parts of a whole, as (class, share): hidden from screen readers, for a list under it says the same."""
    drawn: list[Child] = []
    parts = [(kind, share) for kind, share in parts if share > 0]
    whole, start = sum(share for _, share in parts) or 1.0, 0.0
    for kind, share in parts:
        width = 100.0 * share / whole
        at = {"x": f"{start:.2f}%", "width": f"{width:.2f}%"}
        drawn.append(el("rect", y=0, height=height, class_=kind, **at))
        if kind in HATCHED:
            drawn.append(el("line", x1=f"{start:.2f}%", x2=f"{start + width:.2f}%", y1=height / 2, y2=height / 2,
                            class_="stripes"))  # fmt: skip
        start += width
    return el("svg", *drawn, class_="whole", height=height, aria_hidden="true")
