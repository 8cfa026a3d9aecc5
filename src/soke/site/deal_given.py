"""What the site was given of deals: each file as it was read and checked, with its place and its result of a run."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, islice
from math import comb
from typing import Literal

from soke.deal.check import Checked
from soke.deal.types import Deal
from soke.england.devolution import people_of
from soke.report.facts import Money
from soke.report.run.held import HeldRun
from soke.site.areas import Area
from soke.text import counted, listed, one_line

State = Literal["twice", "unread", "errors", "warnings", "sound"]
FOLDER = "deals"
LONGEST = 90  # letters of a name or a title where it stands among other words
MOST_PAIRS = 45


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenDeal:
    """One deal file. ``twins``: all files that have its id, where it is not the only one; then nothing of it is shown.

    ``unread``: why the file could not be opened at all. ``text``: what it says. ``area``: the place that it is for,
    ``members`` its councils. ``run``: the result that belongs to this text of the file; ``results``: sentences on
    results that are there and are not shown. ``stamp``: of all that its pages are made from.
    """

    slug: str
    file: str
    id: str
    deal: Deal | None = None
    checked: Checked | None = None
    unread: str = ""
    text: str = ""
    twins: tuple[str, ...] = ()
    area: Area | None = None
    members: tuple[Area, ...] = ()
    money: Money | None = None
    run: HeldRun | None = None
    results: tuple[str, ...] = ()
    stamp: str = ""

    @property
    def state(self) -> State:
        if self.twins:
            return "twice"
        if self.deal is None or self.checked is None:
            return "unread"
        if self.checked.errors:
            return "errors"
        return "warnings" if self.checked.warnings else "sound"

    @property
    def good(self) -> Deal | None:
        """The deal, where it may be shown as one that could be agreed."""
        return self.deal if self.state in ("sound", "warnings") else None

    @property
    def refused(self) -> str:
        """Why nothing of it is shown as a deal, in a sentence; nothing of one that is."""
        checked = self.checked
        if self.state == "twice":
            return f"{listed(list(self.twins))} have one id, {self.id}: none of them is shown."
        if self.state == "unread" or checked is None:
            first = min(checked.findings, default=None) if checked else None
            why = f"Line {first.at.line}: {one_line(first.fact)}" if first else one_line(self.unread)
            return why or "The file cannot be read as a deal."
        return f"The check found {counted(len(checked.errors), 'error')}." if checked.errors else ""

    @property
    def title(self) -> str:
        title = self.deal.title if self.deal is not None and not self.twins else self.file
        return shortened(title)

    @property
    def name(self) -> str:
        """Its place, by which people tell it from others; the file where there is none."""
        if self.deal is None or self.twins:
            return shortened(self.file)
        return shortened(self.area.name if self.area else self.deal.place)

    def a_head(self, part: Literal["decided", "new"]) -> float | None:
        """Pounds a head of the people who live there, of what the place decides on or of what of it is new."""
        people = people_of(self.deal.members) if self.deal else 0.0
        return 1e6 * getattr(self.money, part) / people if self.money and people else None

    @property
    def path(self) -> str:
        return self.beside("index.html")

    def beside(self, name: str) -> str:
        """The path of a file of its folder."""
        return f"{FOLDER}/{self.slug}/{name}"


@dataclass(frozen=True, slots=True)
class Deals:
    """All that were given, in the order of their titles."""

    given: tuple[GivenDeal, ...] = ()

    def of(self, slug: str) -> GivenDeal:
        return next(one for one in self.given if one.slug == slug)

    @property
    def pairs(self) -> tuple[tuple[GivenDeal, GivenDeal], ...]:
        """Those that have a page: two that could be agreed."""
        return tuple(islice(combinations([one for one in self.given if one.good], 2), MOST_PAIRS))

    @property
    def unpaired(self) -> int:
        """How many pairs of deals that could be agreed have no page."""
        return comb(sum(one.good is not None for one in self.given), 2) - len(self.pairs)

    def pair_path(self, first: GivenDeal, second: GivenDeal) -> str:
        """The page that sets two deals side by side; where its address could be of another pair too, one that no other
        can have: no part of an address holds two hyphens."""
        plain = _joined(first, second)
        alike = sum(_joined(*pair) == plain for pair in self.pairs)
        return f"{FOLDER}/{plain if alike < 2 else f'{first.slug}--and--{second.slug}'}.html"

    def label(self, one: GivenDeal) -> str:
        """The name of a deal's place; with its id where two are of one place."""
        alike = sum(other.name == one.name for other in self.given if other.good) > 1
        return f"{one.name}, {one.id}" if alike else one.name


def _joined(first: GivenDeal, second: GivenDeal) -> str:
    return f"{first.slug}-and-{second.slug}"


def shortened(text: str, longest: int = LONGEST) -> str:
    """A text of a file on one line, cut where it is long."""
    text = one_line(text)
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
