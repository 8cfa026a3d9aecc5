"""What the site is made from: gathered once, then read by every page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from soke.register.published import Published, Unverified
from soke.site.areas import Area, areas
from soke.site.deal_given import Deals
from soke.site.decided import Decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a site is asked for: folders of deal files, of results of runs, of registers and of community results; each
    may be left out. ``today``: the day as of which registers are read. ``base``: where the site will stand."""

    deals: Path | None = None
    runs: Path | None = None
    registers: Path | None = None
    communities: Path | None = None
    handbook: Path | None = None
    today: dt.date = field(default_factory=dt.date.today)
    base: str = "/"
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A page that concerns a place: under what heading, its words and its path."""

    kind: str  # "deal", "register", "decision"
    words: str
    path: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that was given and cannot be shown as it should: where, and why, in sentences."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Mover:
    """What moves a run's headline: the middle of the yearly difference, GBP million, where the parameter is in the
    lowest fifth of its draws, and in the highest."""

    parameter: str
    meaning: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a deal: its title, the command that made it, and what moves its headline, the strongest first."""

    title: str
    command: str
    movers: tuple[Mover, ...]


@dataclass(frozen=True, slots=True)
class Copied:
    """A file that goes into the site as it is: its path in the folder given, and its SHA-256."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """All that pages are made from. ``concerning``: by the path of a place's page, what there is about it; ``deals``:
    deal files, each with its place and result of a run; ``registers``: published folders by their part of an address,
    each verified or not; ``newer``: by a further copy of a register the one that has most of it; ``unseen``: what
    communities handed in and has no page; ``moved``: the results that are shown, and what moves the headline of
    each."""

    asked: Asked
    version: str
    areas: tuple[Area, ...] = field(default_factory=areas)
    concerning: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    registers: Mapping[str, Published | Unverified] = field(default_factory=dict)
    newer: Mapping[str, str] = field(default_factory=dict)
    decisions: tuple[Decided, ...] = ()
    unseen: tuple[Trouble, ...] = ()
    deals: Deals = field(default_factory=Deals)
    troubles: tuple[Trouble, ...] = ()
    moved: tuple[Run, ...] = ()
    handbook: tuple[Copied, ...] = ()


Content: TypeAlias = str | bytes


@dataclass(frozen=True, slots=True)
class Page:
    """One file of the site. ``write`` makes its content from the site: a function of a module with its arguments, so
    that another process can call it. ``needs``: all that it depends on beside the program and its shipped tables; the
    same needs, the same bytes. ``slow``: worth another process."""

    path: str
    write: Callable[[Site], Content]
    needs: tuple[object, ...] = ()
    slow: bool = False
