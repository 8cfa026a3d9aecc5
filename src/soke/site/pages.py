"""The one table of all pages: each part of the site says which pages it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from soke.errors import SokeError
from soke.site import data, front, place_pages
from soke.site.contents import Page, Site


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the site: what it shows, and its pages."""

    id: str
    words: str
    pages: Callable[[Site], Iterable[Page]]


PARTS = (
    Part("front", "the way in, and all places from A to Z", front.pages),
    Part("places", "what each place raises and spends, the sums behind it, and places like it", place_pages.pages),
    Part("data", "every table to take away, with its schema, source and licence", data.pages),
)


def all_pages(site: Site) -> Iterator[Page]:
    """Every page. SokeError where two would have one address."""
    seen: dict[str, str] = {}
    for part in PARTS:
        for page in part.pages(site):
            if page.path in seen:
                fact = f"Two pages would have the address {page.path}: of {seen[page.path]} and of {part.id}."
                raise SokeError(fact, "Give one of them another name.")
            seen[page.path] = part.id
            yield page
