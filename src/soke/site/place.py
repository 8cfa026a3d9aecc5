"""The page of one place."""

from __future__ import annotations

from soke.report.markup import el
from soke.site.areas import Area
from soke.site.contents import Site
from soke.site.frame import A_TO_Z, site_page


def place_page(site: Site, area: Area) -> str:
    """The whole HTML text."""
    return site_page(site, area.path, area.name, el("h1", area.name), trail=(("Places", A_TO_Z),))
