"""The one table of all pages: each part of the site says which pages it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from soke.errors import SokeError
from soke.site import front, handbook, style, words_page
from soke.site.check import pages as check
from soke.site.contents import Page, Site
from soke.site.data import pages as data
from soke.site.deals import pages as deals
from soke.site.decisions import pages as decisions
from soke.site.ledger import pages as ledger
from soke.site.places import pages as place_pages
from soke.site.registers import pages as registers


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the site: what it shows, and its pages."""

    id: str
    words: str
    pages: Callable[[Site], Iterable[Page]]


PARTS = (
    Part("style", "the look of every page", style.pages),
    Part("front", "the way in, and all places from A to Z", front.pages),
    Part("places", "what each place raises and spends, the sums behind it, and places like it", place_pages.pages),
    Part("ledger", "who has which powers in England, since when, with how much money", ledger.pages),
    Part("registers", "what was promised, kept and missed, and how anyone checks it", registers.pages),
    Part("decisions", "what communities decided: who won and why, what was answered, what is due", decisions.pages),
    Part("deals", "what each deal hands over, on which terms, what may come of it, and how it differs", deals.pages),
    Part("check", "what is reproduced and what is not, every parameter, finding and source", check.pages),
    Part("words", "the words that pages use", words_page.pages),
    Part("handbook", "the handbook, copied as it was built", handbook.pages),
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
