"""Settlement funding of the councils of an area and of bodies that serve nobody else, year by year."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from soke.england.places import LOWER, places
from soke.england.settlement import finance_authorities, settlement_years
from soke.model.funding import revenue_support_grant as rsg
from soke.model.funding.area import area_served
from soke.model.funding.settlement import settle
from soke.model.funding.settlement_figures import AuthoritySettlement


@dataclass(frozen=True, slots=True)
class FundingYear:
    """The year that starts in ``year``: settlement funding, GBP million cash, and each body that has some."""

    year: int
    bodies: tuple[AuthoritySettlement, ...]

    @property
    def whole(self) -> float:
        """Settlement funding assessment: the main grant and the baseline of kept rates."""
        return sum(body.value("sfa") or 0.0 for body in self.bodies)

    @property
    def rates(self) -> float:
        """The baseline funding level: what kept business rates are reckoned to bring."""
        return sum(body.value("baseline_funding") or 0.0 for body in self.bodies)

    @property
    def grant(self) -> float:
        """Revenue Support Grant; none where it would be below nought."""
        return max(self.whole - self.rates, 0.0)


def area_funding(codes: Collection[str]) -> tuple[FundingYear, ...]:
    """Every year that has a settlement by rule; none where councils of that year do not make up those of today.

    ``codes``: today's lower-tier and unitary authorities of an area. Fire services, counties and others count where
    they serve nobody else.
    """
    here, found = frozenset(codes), []
    for year in (*settlement_years(), rsg.ROLLED_FORWARD):
        bodies = tuple(body for code, body in _settled(year).items() if _inside(area_served(code, year), here))
        if not _cover(bodies, here, year):
            return ()
        found.append(FundingYear(year, bodies))
    return tuple(found)


def _inside(served: frozenset[str], here: frozenset[str]) -> bool:
    return bool(served) and served <= here


def _cover(bodies: Sequence[AuthoritySettlement], codes: frozenset[str], year: int) -> bool:
    """Whether councils of a year are those of an area, under whatever name, and do what its councils of today do: a
    unitary authority that was made of districts has their county's money only where that served nobody else."""
    known = places().by_code
    there = {body.code for body in bodies}
    covered: set[str] = set()
    for body in bodies:
        if body.kind not in LOWER:
            continue
        served = area_served(body.code, year)
        became_unitary = body.kind == "shire-district" and any(known[code].kind == "unitary" for code in served)
        if became_unitary and finance_authorities()[body.code].county not in there:
            return False
        covered |= served
    return covered == codes


@cache
def _settled(year: int) -> Mapping[str, AuthoritySettlement]:
    """Everybody who has settlement funding in a year, by code."""
    return {body.code: body for body in settle(year).authorities if body.value("sfa") is not None}
