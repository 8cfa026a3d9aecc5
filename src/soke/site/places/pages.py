"""Every place: its page, the sums behind its numbers, and places like it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from soke.site.areas import Area
from soke.site.contents import Page, Site
from soke.site.places.like import like_page
from soke.site.places.place import place_page
from soke.site.places.sums import sums_page


def pages(site: Site) -> Iterator[Page]:
    """Of every place."""
    for area in site.areas:
        yield Page(area.path, partial(_write, place_page, area.slug), (site.concerning.get(area.path, ()),), slow=True)
        if area.has_account:
            yield Page(area.beside("sums"), partial(_write, sums_page, area.slug), slow=True)
        if area.has_account and area.rank != "country":
            yield Page(area.beside("like"), partial(_write, like_page, area.slug), slow=True)


def _write(made_by: Callable[[Site, Area], str], slug: str, site: Site) -> str:
    return made_by(site, next(area for area in site.areas if area.slug == slug))
