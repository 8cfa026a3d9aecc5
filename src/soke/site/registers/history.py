"""The pages of all entries of a register, a thousand on each: an entry keeps its address for good."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from soke.register.published import Published
from soke.report.markup import Child, Element, el
from soke.report.register_history import by_month
from soke.report.register_parts import verified
from soke.site.contents import Page, Site
from soke.site.registers.shared import (
    A_PAGE,
    CHECK,
    FEED,
    history_pages,
    page_in,
    path_of,
    published,
    stamp,
    vouched_of,
)
from soke.text import counted
from soke.text import day as in_words


def pages(site: Site, slug: str, register: Published) -> Iterator[Page]:
    for place, page in enumerate(history_pages(register)):
        write = partial(_history, slug=slug, place=place)
        yield Page(path_of(slug, page), write, stamp(site, slug), slow=register.entries > A_PAGE)


def _history(site: Site, slug: str, place: int) -> str:
    register = published(site, slug)
    vouched, names = vouched_of(register), history_pages(register)
    told = register.told[place * A_PAGE : (place + 1) * A_PAGE]
    sections = by_month(told, register.put_right, vouched, names[place], many_deals=len(register.cards) > 1)
    entries = counted(register.entries, "entry", "entries")
    heading = f"Everything that was recorded: {entries}"
    if len(names) > 1:
        heading = f"Entries {told[0].number:,} to {told[-1].number:,}, of {register.entries:,}"
    return page_in(
        site, slug, names[place], "All entries" if len(names) == 1 else heading,
        el("div", el("h1", heading),
           el("p", "The newest first. Nothing is ever edited or deleted. What was wrong is put right by a further "
                   "entry, and both stay.", class_="lead"),
           verified(vouched, to=CHECK),
           el("p", el("a", "Feed of changes (Atom)", href=FEED, rel="alternate", type="application/atom+xml"),
              class_="run"),
           _others(register, names, place), class_="first"),
        el("div", *(sections or [el("p", "Nothing is recorded yet.")]), id="entries"),
        _others(register, names, place, "Further entries"),
        vouched=vouched, skip=("Skip to the newest entries", "entries"),
    )  # fmt: skip


def _others(register: Published, names: list[str], place: int, called: str = "Other entries") -> Element | None:
    """Links to the other pages, the newest entries first."""
    if len(names) == 1:
        return None
    items: list[Child] = []
    for number in reversed(range(len(names))):
        first, last = number * A_PAGE, min((number + 1) * A_PAGE, register.entries) - 1
        said = f"{first:,} to {last:,}"
        since = el("small", "from ", in_words(register.told[first].at.date()))
        own = el("b", said) if number == place else el("a", said, href=names[number])
        items.append(el("li", own, " ", since))
    return el("nav", el("ul", *items), aria_label=called)
