"""Every place: its page, the sums behind its numbers, and places like it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from soke.site.areas import Area
from soke.site.contents import Page, Site
from soke.site.place import place_page


def pages(site: Site) -> Iterator[Page]:
    """Of every place."""
    for area in site.areas:
        needs = (site.concerning.get(area.path, ()), site.asked.today.year)
        yield Page(area.path, partial(_place, area=area), needs, slow=True)


def _place(site: Site, area: Area) -> str:
    return place_page(site, area)
