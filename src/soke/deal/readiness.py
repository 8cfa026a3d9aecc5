"""Readiness: each test of the framework for a tier, with its answer, the fact behind it and its grade. No score."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from soke.deal.reader import PlaceNames
from soke.deal.types import Deal, ReadinessTest, Standing, Tier
from soke.england.baseline import Grade, baseline
from soke.england.layout import borders


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``met`` follows from a figure, a date or a map; None where there is only a statement, or nothing."""

    test: ReadinessTest
    met: bool | None
    answer: str
    grade: Grade
    source: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.test.title}: {self.test.question}"


def readiness(deal: Deal, places: PlaceNames, tier: Tier | None = None) -> tuple[Answer, ...]:
    """The answers to the tests of a tier, the deal's own by default.

    Months are counted to the 1 April on which the deal starts, so that no answer depends on the day it is asked.
    """
    standings = {standing.test: standing for standing in deal.standing}
    tests = [test for test in deal.framework.readiness if test.tier == (tier or deal.tier)]
    return tuple(_MEASURES[test.measure](test, standings.get(test.id), deal, places) for test in tests)


def _population(test: ReadinessTest, standing: Standing | None, deal: Deal, places: PlaceNames) -> Answer:
    figures = baseline()
    people = float(figures["population"][figures.mask(deal.members)].sum())
    needed = test.at_least or Decimal(0)
    year = figures.columns["population"].year
    fact = f"{people:,.0f} people live here ({year}); the test asks for {needed:,.0f}.{_added(standing)}"
    return Answer(test=test, met=people >= needed, answer=fact, grade="official")


def _one_piece(test: ReadinessTest, standing: Standing | None, deal: Deal, places: PlaceNames) -> Answer:
    pieces = _pieces(frozenset(deal.members))
    count = len(deal.members)
    if len(pieces) == 1:
        fact = f"The {count} authorities are one piece." if count > 1 else "One authority, so one piece."
    else:
        smallest = min(pieces, key=lambda piece: (len(piece), min(piece)))
        names = ", ".join(found.name for code in sorted(smallest) if (found := places.get(code)))
        fact = f"The {count} authorities are in {len(pieces)} pieces by land; {names} stand apart."
    return Answer(test=test, met=len(pieces) == 1, answer=f"{fact}{_added(standing)}", grade="derived")


def _pieces(members: frozenset[str]) -> list[frozenset[str]]:
    """The members grouped by the land borders between them."""
    pieces = [frozenset({code}) for code in sorted(members)]
    for one, other in borders():
        if one in members and other in members:
            touched = [piece for piece in pieces if one in piece or other in piece]
            pieces = [piece for piece in pieces if piece not in touched] + [frozenset().union(*touched)]
    return pieces


def _months(test: ReadinessTest, standing: Standing | None, deal: Deal, places: PlaceNames) -> Answer:
    if standing is None or standing.since is None:
        return _stated(test, standing, deal, places)
    start, since = dt.date(deal.starts, 4, 1), standing.since
    months = (start.year - since.year) * 12 + start.month - since.month - (since.day > start.day)
    needed = test.at_least or Decimal(0)
    counted = f"{max(months, 0)} months by 1 April {deal.starts}"
    answer = f"Since {since.day} {since:%B %Y}: {counted}; the test asks for {needed}.{_added(standing)}"
    return Answer(test=test, met=months >= needed, answer=answer, grade=standing.held_as, source=standing.source)


def _stated(test: ReadinessTest, standing: Standing | None, deal: Deal, places: PlaceNames) -> Answer:
    if standing is None:
        return Answer(test=test, met=None, answer="The deal does not say.", grade="unverified")
    said = _added(standing).strip() or "The deal does not say."
    return Answer(test=test, met=None, answer=said, grade=standing.held_as, source=standing.source)


def _added(standing: Standing | None) -> str:
    """What the place itself says, as a sentence."""
    said = standing.statement.strip().rstrip(".") if standing else ""
    return f" {said}." if said else ""


_MEASURES: dict[str, Callable[[ReadinessTest, Standing | None, Deal, PlaceNames], Answer]] = {
    "population": _population,
    "contiguous": _one_piece,
    "mayor-months": _months,
    "clean-months": _months,
    "assurance-framework": _stated,
    "statement": _stated,
}
