"""Gathering what a site is made from: deal files, results of runs, registers and community results that are there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from soke.errors import SokeError
from soke.site.contact import checked
from soke.site.contents import Asked, Link, Site, Trouble
from soke.site.deals.gather import gather_deals
from soke.site.deals.movers import moved_by
from soke.site.decisions.gather import gather_decisions
from soke.site.handbook import gather_handbook
from soke.site.registers.gather import gather_registers
from soke.version import __version__


class Gathered(Protocol):
    """What a part of the site found: what concerns each place, by the path of its page, and what cannot be shown."""

    @property
    def concerning(self) -> Mapping[str, tuple[Link, ...]]: ...
    @property
    def troubles(self) -> tuple[Trouble, ...]: ...


def gather(asked: Asked) -> Site:
    """All that the pages are made from. SokeError for a folder that is not there, and for a contact that is no address;
    what is in a folder and cannot be read is shown as such, and stops nothing."""
    checked(asked.contact)
    for name in ("deals", "runs", "registers", "communities", "handbook"):
        folder = getattr(asked, name)
        if folder is not None:
            _must_open(name, folder)
    registers = gather_registers(asked)
    decided = gather_decisions(asked, registers)
    deals, handbook = gather_deals(asked), gather_handbook(asked)
    parts: tuple[Gathered, ...] = (deals, registers, decided)
    told = [*(part.troubles for part in parts), handbook.troubles]
    troubles = [trouble for part in told for trouble in part]
    return Site(
        asked=asked, version=__version__, deals=deals.deals, registers=registers.by_slug, newer=registers.newer,
        decisions=decided.all, unseen=decided.unseen, concerning=_joined(parts), moved=moved_by(deals.deals),
        handbook=handbook.files, troubles=tuple(dict.fromkeys(troubles)),
    )  # fmt: skip


def _must_open(name: str, folder: Path) -> None:
    fix = f"Check --{name}, or leave it out."
    try:
        if not folder.is_dir():
            raise SokeError(f"There is no folder {folder}.", fix, code="file-refused")
        next(folder.iterdir(), None)
    except OSError as error:
        raise SokeError(f"The folder {folder} cannot be read: {error.strerror}.", fix, code="file-refused") from error


def _joined(parts: tuple[Gathered, ...]) -> dict[str, tuple[Link, ...]]:
    """What concerns each place, of all parts in their order."""
    joined: dict[str, tuple[Link, ...]] = {}
    for part in parts:
        for path, links in part.concerning.items():
            joined[path] = (*joined.get(path, ()), *links)
    return joined
