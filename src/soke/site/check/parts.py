"""What the pages of the part "Check it" share: their sheet, a block under a heading, a list of ways."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import replace

from soke.report.markup import Child, Element, el
from soke.site.frame import link
from soke.table import Table

STYLE = "check.css"
Way = tuple[str, str, Child]  # words, path, what is found there


def block(id_: str, title: str, *inside: Child) -> Element:
    """A part of a page under a heading that can be linked."""
    return el("section", el("h2", title, id=id_), *inside, class_="block", aria_labelledby=id_)


def captioned(table: Table, caption: str, id_: str = "") -> Table:
    """The same table under another caption, without its notes; under an id of its own where a page has two."""
    return replace(table, caption=caption, notes=(), id=id_ or table.id)


def ways(path: str, found: Iterable[Way], *, many: bool = False) -> Element:
    """A list of pages, each with what is found there; ``many`` stand in columns."""
    kind = "ways many" if many else "ways"
    return el("ul", *(el("li", link(path, words, to), el("span", said)) for words, to, said in found), class_=kind)


def as_a_file(page: str, path: str, said: str = "As a file") -> Element:
    """The line that leads to the table behind a page."""
    return el("p", f"{said}: ", link(page, posixpath.basename(path), path), ".", class_="note")


def facts(said: Iterable[tuple[str, Child]]) -> Element:
    """What is known of one thing, by name; what is empty is left out."""
    parts = (part for name, each in said if each != "" for part in (el("dt", name), el("dd", each)))
    return el("dl", *parts, class_="facts")
