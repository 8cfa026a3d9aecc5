"""The style sheets of the site, as files beside its pages: one that all share, and those of its parts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib.resources import files
from importlib.resources.abc import Traversable

from soke.report.shell import shared_style
from soke.site.contents import Page, Site
from soke.site.frame import SHARED, sheet

SITE, REPORT = files("soke.site") / "sheets", files("soke.report")
OWN = "site.css"  # of every page of the site, after what reports share


def pages(site: Site) -> Iterator[Page]:
    """Each sheet of this room, and those of reports whose parts stand on its pages."""
    yield Page(sheet(SHARED), _shared)
    for room in (SITE, REPORT):
        for name in sorted(each.name for each in room.iterdir() if each.name.endswith(".css")):
            if name not in (OWN, "style.css"):
                yield Page(sheet(name), partial(_sheet, room, name))


def _shared(site: Site) -> str:
    return shared_style() + _sheet(SITE, OWN, site)


def _sheet(room: Traversable, name: str, site: Site) -> str:
    return room.joinpath(name).read_text(encoding="utf-8")
