"""The account of a place in every year from 1999-00: what was measured then, and what is carried from other years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from soke.model.accounts import regional
from soke.model.accounts.account import mask, whole_regions
from soke.model.accounts.components import Piece, pieces
from soke.model.accounts.notes import BREAKS
from soke.model.accounts.own import Figures
from soke.model.accounts.truth import half_width, known, pounds
from soke.model.accounts.types import Known, Side
from soke.text import capital, financial_year, listed


@dataclass(frozen=True, slots=True)
class AccountYear:
    """One year of a place, GBP million cash; ``half_width`` of the gap, None where the publisher gives the figures."""

    year: int
    receipts: float
    spending: float
    half_width: float | None
    known: Known
    carried: str  # own figures of another year that stand in, in words

    @property
    def gap(self) -> float:
        return self.spending - self.receipts


@dataclass(frozen=True, slots=True)
class SeriesBreak:
    """Where the published series breaks: ``year`` and the one before are not to be compared on these sides."""

    year: int
    sides: tuple[Side, ...]
    words: str


def series_breaks() -> tuple[SeriesBreak, ...]:
    """Every break between the first and the last year with accounts, the earliest first."""
    side_of: dict[str, Side] = {spec.id: spec.side for spec in regional.line_specs()}
    both: tuple[Side, ...] = ("revenue", "spending")
    return tuple(
        SeriesBreak(year, tuple(s for s in both if not lines or s in {side_of[line] for line in lines}), words)
        for year, lines, words in BREAKS if regional.FIRST < year <= regional.LAST
    )  # fmt: skip


def account_history(codes: Sequence[str], figures: Figures | None = None) -> tuple[AccountYear, ...]:
    """Every year with accounts, 1999-00 on. Raises SokeError for unknown codes."""
    here = mask(codes)
    whole = whole_regions(here)
    out = []
    for year in range(regional.FIRST, regional.LAST + 1):
        parts = pounds(year, here, figures)
        by = [sum(p.value for p in parts if p.component.spec.side == side) for side in ("revenue", "spending")]
        out.append(AccountYear(year, by[0], by[1], None if whole else half_width(parts), known(parts),
                               carried(year, figures)))  # fmt: skip
    return tuple(out)


def carried(year: int, figures: Figures | None = None) -> str:
    """Which own figures of another year stand in for those of ``year``: ``council spending of 2017-18``."""
    return carried_in(pieces(year, figures), year)


def carried_in(made: Sequence[Piece], year: int) -> str:
    """The same of the components of a year."""
    of: dict[int, list[str]] = {}
    for piece in made:
        if piece.own_year not in (None, year):
            of.setdefault(int(piece.own_year or 0), []).append(piece.component.title)
    return listed([f"{_kinds(titles)} of {financial_year(when)}" for when, titles in sorted(of.items())]) if of else ""


def _kinds(titles: Sequence[str]) -> str:
    if len(titles) > 1:
        return f"{len(titles)} parts"
    return titles[0] if titles[0].isupper() else titles[0].lower()


def history_notes() -> tuple[str, ...]:
    """What breaks the series between its first and last year: never to be read as growth."""
    return tuple(f"{capital(at.words)}." for at in series_breaks())
