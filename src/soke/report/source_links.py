"""Links from a page to where its figures were published: a reader may follow them, and the page fetches nothing."""

from __future__ import annotations

from collections.abc import Iterable

from soke.england.sources import each
from soke.report.markup import Child, el
from soke.table import Cell


def linked(said: str, address: Cell) -> Child:
    """Words that lead to an ``https`` address; the words alone where there is none."""
    if isinstance(address, str) and address.startswith("https://"):
        return el("a", said, href=address, rel="noopener")
    return said


def named_and_linked(ids: str | Iterable[str]) -> list[Child]:
    """Publisher and title of each source, with a semicolon between two, each leading to the publisher's own page.

    SokeError for an id that is none.
    """
    out: list[Child] = []
    for found in each(ids):
        out += ["; "] if out else []
        out.append(linked(str(found), found.url))
    return out
