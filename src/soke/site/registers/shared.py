"""What the pages of one register share: their addresses, what they vouch for, and the page that they stand in."""

from __future__ import annotations

import hashlib

from soke.register.published import Published, Unverified
from soke.report.markup import Child, el
from soke.report.register_pages import page_of
from soke.report.register_parts import Addresses, Body, Vouched, notice, plain
from soke.site.contents import Site
from soke.site.frame import REGISTERS, link, site_page
from soke.site.registers.gather import deal_page
from soke.text import counted
from soke.text import day as in_words

INDEX, PROMISES, CHECK, FEED, FILES = "index.html", "promises.html", "check.html", "feed.xml", "published/"
A_PAGE = 1_000  # entries on a page
STYLE = "register.css registers.css"


def path_of(slug: str, page: str) -> str:
    return f"registers/{slug}/{page}"


def published(site: Site, slug: str) -> Published:
    found = site.registers[slug]
    assert isinstance(found, Published)
    return found


def stamp(site: Site, slug: str) -> tuple[object, ...]:
    """All that the pages of a register depend on beside the day: its own entries, and whether a newer copy is here."""
    most = site.newer.get(slug, "")
    return (digest(published(site, slug)), most, digest(published(site, most)) if most else "")


def digest(register: Published) -> str:
    """What tells the entries of a register, and what vouches for them, from any other."""
    said = (register.folder.name, register.files, register.entries, register.later, register.printed)
    return hashlib.sha256(repr(said).encode("utf-8", "surrogateescape")).hexdigest()


def title_of(register: Published | Unverified) -> str:
    """What a register is called: by its one deal; else by its own name, or by that of its folder."""
    if isinstance(register, Unverified):
        return plain(register.folder.name)
    if len(register.cards) == 1:
        return card_title(register, next(iter(register.cards)))
    return plain(register.name)


def card_title(register: Published, deal: str) -> str:
    return plain(getattr(register.cards[deal], "title", deal))


def history_pages(register: Published) -> list[str]:
    """The pages of entries, the oldest first: an entry keeps its address for good, however many come after it."""
    count = max(1, -(-register.entries // A_PAGE))
    return ["history.html", *(f"history-{number}.html" for number in range(2, count + 1))]


def promises_of(register: Published, deal: str) -> str:
    return PROMISES if len(register.cards) == 1 else page_of(deal).replace("status-", "promises-", 1)


def vouched_of(register: Published, deal: str = "") -> Vouched:
    """What is vouched for, with the addresses for a page in the folder of the register; of one deal, or of all."""
    promises = promises_of(register, deal) if deal else PROMISES if register.cards else ""
    addresses = Addresses(status=INDEX, entries=tuple(history_pages(register)), a_page=A_PAGE, files=FILES,
                          check=CHECK, promises=promises, feed=FEED)  # fmt: skip
    return Vouched(register=register.name, rehearsal=register.rehearsal, entries=register.entries, root=register.root,
                   last=register.last, key=register.key, cosigned=register.cosigned, key_lost=register.key_lost,
                   addresses=addresses)  # fmt: skip


def page_in(
    site: Site, slug: str, page: str, title: str, *parts: Child, vouched: Vouched, skip: tuple[str, str],
    deal: str = "",
) -> str:  # fmt: skip
    """A page of a register that was verified. ``deal``: the one that it is about, where that has a page above it."""
    register, path = published(site, slug), path_of(slug, page)
    trail = [("Registers", REGISTERS)]
    if page != INDEX:
        trail.append((title_of(register), path_of(slug, INDEX)))
    if deal and len(register.cards) > 1 and deal_page(slug, register, deal) != path:
        trail.append((card_title(register, deal), deal_page(slug, register, deal)))
    return site_page(site, path, title, *parts, trail=trail, notice=_first_read(site, slug, path, vouched),
                     style=STYLE, skip=skip)  # fmt: skip


def _first_read(site: Site, slug: str, path: str, vouched: Vouched) -> Child:
    """What must be read before a page: that it is of a copy to which a newer one is here, and what its entries ask."""
    most = site.newer.get(slug)
    copy = el("span", el("b", f"{whose_copy_is(site, slug)}. "), "The newest is ",
              link(path, f"that of {in_words(published(site, most).last)}", path_of(most, INDEX)),
              ". ") if most else None  # fmt: skip
    said = notice(vouched)
    return el("span", copy, said) if copy or said else None


def behind(site: Site, slug: str) -> int:
    """How many entries a further copy of a register has not, of those in the one that has most."""
    return published(site, site.newer[slug]).entries - published(site, slug).entries


def whose_copy_is(site: Site, slug: str) -> str:
    """What a further copy of a register is, beside the one that has most of it."""
    missing = behind(site, slug)
    return f"An older copy, {counted(missing, 'entry', 'entries')} behind" if missing else "A second copy"


def body_in(site: Site, slug: str, page: str, title: str, body: Body, vouched: Vouched, deal: str = "") -> str:
    """A page whose body the published pages have too."""
    return page_in(site, slug, page, title, *body.parts, vouched=vouched, skip=body.skip, deal=deal)
