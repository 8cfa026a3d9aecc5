"""Gathering what a site is made from: deal files, results of runs, registers and community results that are there."""

from __future__ import annotations

from soke.errors import SokeError
from soke.site.contents import Asked, Site
from soke.site.handbook import gather_handbook
from soke.site.movers import gather_movers
from soke.version import __version__


def gather(asked: Asked) -> Site:
    """All that the pages are made from. SokeError for a folder that is not there; what is in one and cannot be read is
    shown as such, and stops nothing."""
    for name in ("deals", "runs", "registers", "communities", "handbook"):
        folder = getattr(asked, name)
        if folder is not None and not folder.is_dir():
            raise SokeError(f"There is no folder {folder}.", f"Check --{name}, or leave it out.", code="file-refused")
    movers, handbook = gather_movers(asked), gather_handbook(asked)
    troubles = (*movers.troubles, *handbook.troubles)
    return Site(asked=asked, version=__version__, troubles=troubles, moved=movers.runs, handbook=handbook.files)
