"""The pages of how deals stand: of the one in a register, or of each of several and their list."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from soke.register.published import Published, Untold
from soke.report.markup import Child, el
from soke.report.register_deals import deals_body, empty_body, untold_body
from soke.report.register_pages import NEWEST, page_of
from soke.report.register_parts import Body
from soke.report.register_status import status_body
from soke.site.areas import by_code
from soke.site.contents import Page, Site
from soke.site.frame import links_in_a_row
from soke.site.registers.shared import INDEX, body_in, card_title, path_of, published, stamp, title_of, vouched_of
from soke.text import counted

MOST_PLACES = 12  # links to places over the heading of a deal


def pages(site: Site, slug: str, register: Published) -> Iterator[Page]:
    """The page of the register, and one for each deal of several."""
    needs = (*stamp(site, slug), site.asked.today)
    yield Page(path_of(slug, INDEX), partial(_register, slug=slug), needs)
    if len(register.cards) > 1:
        for deal in register.cards:
            yield Page(path_of(slug, page_of(deal)), partial(_deal, slug=slug, deal=deal, page=page_of(deal)), needs)


def _register(site: Site, slug: str) -> str:
    register = published(site, slug)
    if len(register.cards) == 1:
        return _deal(site, slug, next(iter(register.cards)), INDEX)
    vouched, told = vouched_of(register), register.told[-NEWEST:]
    listed = [(page_of(deal), card) for deal, card in register.cards.items()]
    body = deals_body(listed, vouched, told) if listed else empty_body(vouched, told)
    return body_in(site, slug, INDEX, title_of(register), body, vouched)


def _deal(site: Site, slug: str, deal: str, page: str) -> str:
    register = published(site, slug)
    vouched, told, card = vouched_of(register, deal), register.about(deal, NEWEST), register.cards[deal]
    body: Body
    if isinstance(card, Untold):
        body = untold_body(card, vouched, told)
    else:
        above = el("div", _places(path_of(slug, page), register, deal), _unvouched(register))
        body = status_body(card, vouched, told, above)
    return body_in(site, slug, page, card_title(register, deal), body, vouched, deal)


def _places(path: str, register: Published, deal: str) -> Child:
    """Links to the place of the deal, and to those that are its parties."""
    known = [area for code in register.parties[deal] if (area := by_code().get(code))]
    links = links_in_a_row(path, ((area.name, area.path) for area in known[:MOST_PLACES]))
    more = f" · and {len(known) - MOST_PLACES} more" if len(known) > MOST_PLACES else None
    return el("p", "Place: ", *links, more, class_="run") if links else None


def _unvouched(register: Published) -> Child:
    """That there are entries which the checkpoint does not vouch for, where there are."""
    if not register.later:
        return None
    newer = counted(register.later, "newer entry", "newer entries")
    return el("p", f"The file holds {newer} for which nobody vouches yet: not told here.", class_="said")
