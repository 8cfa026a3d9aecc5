"""What a report is written from: the run's files, account and projection, and the figures that name places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from soke import text
from soke.deal.burden import Burden
from soke.deal.finding import Finding
from soke.deal.readiness import Answer
from soke.deal.types import Deal, Item, Scenario
from soke.model.accounts.comparison import BaseYearAccount
from soke.model.accounts.history import AccountYear
from soke.model.accounts.types import Account
from soke.model.run.result import PlaceSeries, Projection, Series

ENGLAND = "England"
History = tuple[Sequence[int], Sequence[float]]  # years, GVA at current prices in GBP million


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNote:
    """One published source of the figures, with its licence; ``url`` is the publisher's own page."""

    publisher: str
    title: str
    year: str
    licence: str
    grade: str
    id: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileUsed:
    """A file that the run read. With its ``text``, run.json alone is enough to run again."""

    path: str
    sha256: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMeta:
    """What is needed to get the same bytes again. No clock: the time a run took is not part of its result."""

    version: str
    files: tuple[FileUsed, ...]
    data: Mapping[str, str]  # compiled table -> sha256
    seed: int
    draws: int
    environment: Mapping[str, str] = field(default_factory=dict)  # python, numpy, scipy, processor
    command: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """All that a report shows.

    ``account``: the newest published one; ``base_year``: the same beside the year in which the projection starts.
    ``history``: what the place raised and spent in every year with accounts.
    ``councils_spending``: the councils' own spending in the area, GBP million a year, and in words where it comes
    from. ``population`` people by place. ``hexes`` axial (q, r) by place, r growing southwards.
    ``gva_history`` by combined authority's name and ``England``. ``place_series`` names the series of ``by_place``
    that says who gains and loses: what a place gets less its share of what the deal costs.
    """

    deal: Deal
    scenario: Scenario
    account: Account
    base_year: BaseYearAccount
    projection: Projection
    findings: Sequence[Finding]
    burden: Burden | None
    readiness: Sequence[Answer]
    councils_spending: float | None
    councils_spending_source: str
    population: Mapping[str, float]
    names: Mapping[str, str]
    regions: Mapping[str, str]
    classes: Mapping[str, str]
    hexes: Mapping[str, tuple[int, int]]
    gva_history: Mapping[str, History]
    sources: tuple[SourceNote, ...]
    meta: RunMeta
    history: tuple[AccountYear, ...] = ()
    coast: frozenset[str] = frozenset()
    place_series: str = "balance"

    def name(self, code: str) -> str:
        return self.names.get(code, code)

    def series(self, name: str) -> Series | None:
        return self.projection.series.get(name)

    def gainers(self) -> PlaceSeries | None:
        """The series that says who gains and loses; the first one where the one asked for is missing."""
        by_place = self.projection.by_place
        return by_place.get(self.place_series) or next(iter(by_place.values()), None)

    def marked_years(self) -> tuple[int, ...]:
        """Years 4, 10 and 20 counted from the base year, as far as the run goes; else its last year."""
        return marked_years(len(self.projection.years) - 1)

    def headline_year(self) -> int:
        """Year 10, or the last marked year of a shorter run."""
        return headline_year(len(self.projection.years) - 1)

    def first_year(self) -> int:
        """The first year of the run in which the deal is in force; the last where it begins only after the run."""
        last = len(self.projection.years) - 1
        return min(max(1, self.deal.starts - self.projection.years[0]), max(1, last))

    def budget_years(self) -> tuple[int, ...]:
        """The first four years of the deal, as far as the run goes: those of the bill, of who pays and who loses."""
        first = self.first_year()
        return tuple(range(first, min(first + 4, len(self.projection.years))))

    def over_budgets(self) -> str:
        """The same in words: ``2026-27 to 2029-30``."""
        years = self.budget_years()
        return text.a_range(*(text.financial_year(self.projection.years[years[k]]) for k in (0, -1))) if years else ""

    def illustrative(self) -> int:
        """How many items of the deal are there to show the format, and are nobody's policy."""
        return illustrative(self.deal)


def marked_years(last: int) -> tuple[int, ...]:
    """Years 4, 10 and 20 of a run whose last year is ``last``, as far as it goes; else its last year."""
    return tuple(k for k in (4, 10, 20) if k <= last) or (last,)


def headline_year(last: int) -> int:
    """Year 10 of a run whose last year is ``last``, or the last marked year of a shorter one."""
    marked = marked_years(last)
    return 10 if 10 in marked else marked[-1]


def illustrative(deal: Deal) -> int:
    """How many items of a deal are there to show the format, and are nobody's policy."""
    values = [getattr(deal, part.name) for part in fields(deal)]
    items = [item for value in values for item in (value if isinstance(value, tuple) else (value,))]
    return sum(isinstance(item, Item) and item.origin == "illustrative" for item in items)
