"""Links from a page to where its figures were published: a reader may follow them, and the page fetches nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from soke.england.sources import each, sources
from soke.report.markup import Child, el
from soke.table import Cell

_BELOW = re.compile(r"[\w-]+(?:/[\w-]+)*\.html(?:#[\w-]+)?", re.ASCII)


def linked(said: str, address: Cell) -> Child:
    """Words that lead to an ``https`` address, to a part of the page (``#lines``), or to a page beside or below it
    (``file.html#L12``); the words alone where there is none."""
    if isinstance(address, str) and address.startswith("https://"):
        return el("a", said, href=address, rel="noopener")
    if isinstance(address, str) and (address.startswith("#") or _BELOW.fullmatch(address)):
        return el("a", said, href=address)
    return said


def titles_linked(said: str) -> list[Child]:
    """A cell of titles, as :func:`soke.england.sources.named` writes it, each leading to its publisher's page; words
    that are no title stay as they are."""
    out: list[Child] = []
    for title in said.split("; "):
        out += ["; "] if out else []
        out.append(linked(title, _addresses().get(title)))
    return out


def address_of(title: str) -> str:
    """Where a source of that title was published; nothing for words that are no title."""
    return _addresses().get(title, "")


@cache
def _addresses() -> dict[str, str]:
    return {str(source): source.url for source in sources().values()}


def named_and_linked(ids: str | Iterable[str]) -> list[Child]:
    """Publisher and title of each source, with a semicolon between two, each leading to the publisher's own page.

    SokeError for an id that is none.
    """
    out: list[Child] = []
    for found in each(ids):
        out += ["; "] if out else []
        out.append(linked(str(found), found.url))
    return out
