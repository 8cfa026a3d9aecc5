"""What ``soke budget split`` reads: areas, and the undertaking of a deal to share a fund among neighbourhoods."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from soke.community.areas import LARGEST, Areas, districts_csv, read_areas
from soke.community.splitting import Limit, Share, Split, counted, pounds
from soke.deal.reader import load_deal
from soke.deal.types import Community, Deal
from soke.england.places import places
from soke.errors import SokeError
from soke.files import read_whole

BUDGET = "participatory-budget"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The areas with the bytes that they were read from, and an undertaking where a deal was named.

    ``districts``: the areas are the deal's own districts, to be split again, so that the sizes of a neighbourhood's
    budget do not bound them.
    """

    areas: Areas
    content: bytes
    deal: Deal | None = None
    undertaking: Community | None = None
    districts: bool = False


def read_given(areas: Path | None, deal: Path | None, community: str | None) -> Given:
    """Areas from a file; without one, the districts of the deal with the figures that Soke ships."""
    if deal is None:
        if community is not None:
            raise SokeError("--community is an undertaking of a deal.", "Name the deal file too, with --deal.")
        if areas is None:
            fix = "Name a CSV file with code,name,population,need; or a deal, whose districts are then used."
            raise SokeError("--areas is missing.", fix)
        content = read_whole(areas, str(areas), LARGEST)
        return Given(areas=read_areas(content, str(areas)), content=content)
    found = load_deal(deal, places())
    undertaking = _undertaking(found, community, str(deal))
    if areas is None:
        if not found.members:
            raise SokeError("The deal names no districts that Soke knows.", "Name a file of areas.", str(deal))
        content = districts_csv(found.members).encode()
    else:
        content = read_whole(areas, str(areas), LARGEST)
    shown = f"the districts of {found.id}" if areas is None else str(areas)
    return Given(areas=read_areas(content, shown), content=content, deal=found, undertaking=undertaking,
                 districts=areas is None)  # fmt: skip


def _undertaking(deal: Deal, community: str | None, shown: str) -> Community:
    """The one that is named; without a name, the only neighbourhood budget."""
    budgets = [one for one in deal.community if one.mechanism == BUDGET]
    known = f"Its neighbourhood budgets: {', '.join(one.id for one in budgets) or 'none'}."
    if community is None:
        if len(budgets) != 1:
            fact = f"The deal has {len(budgets) or 'no'} neighbourhood budget{'s' * (len(budgets) != 1)}."
            raise SokeError(fact, f"Name one with --community. {known}", shown)
        return budgets[0]
    found = next((one for one in budgets if one.id == community), None)
    if found is None:
        raise SokeError(f'"{community[:80]}" is no neighbourhood budget of the deal.', known, shown)
    return found


def terms(
    given: Given, fund: int | None, floors: Sequence[Limit], caps: Sequence[Limit]
) -> tuple[int, list[Limit], list[Limit]]:
    """Fund, floors and caps as asked for, and as the undertaking says. SokeError where they go beyond it."""
    one = given.undertaking
    if one is None:
        if fund is None:
            raise SokeError("--fund is missing.", "Say how much is shared: --fund 6,300,000; or name a deal.")
        return fund, list(floors), list(caps)
    amount = int(one.amount * 100)
    if fund is not None and fund > amount:
        fact = f'The deal gives "{one.id}" {pounds(amount)}, and --fund is {pounds(fund)}.'
        raise SokeError(fact, "Lower it, or leave it out.", one.where("amount"))
    if fund is None and not amount:
        raise SokeError(f'The deal gives "{one.id}" no money.', "Say how much with its amount.", one.where("amount"))
    low, high = list(floors), list(caps)
    if not given.districts:  # the sizes are of a neighbourhood's budget, not of a district's
        low += [Limit(Fraction(one.size_min * 100))] if one.size_min else []
        high += [Limit(Fraction(one.size_max * 100))] if one.size_max else []
        _within(given, low, high)
    return fund or amount, low, high


def _within(given: Given, low: Sequence[Limit], high: Sequence[Limit]) -> None:
    """SokeError where a floor for all is above a cap for all: one of them is the deal's."""
    least = max((limit.pence for limit in low if not limit.a_head), default=Fraction(0))
    most = min((limit.pence for limit in high if not limit.a_head), default=None)
    assert given.undertaking is not None
    if most is not None and least > most:
        fact = f"A budget of at least {pounds(least)} and at most {pounds(most)} is none."
        raise SokeError(fact, "Keep --floor and --cap within the deal's sizes.", given.undertaking.where("size_min"))


def again(share: Share, undertaking: Community) -> str:
    """How many budgets a district must make of its share, by the deal's sizes; empty where that is open."""
    size = undertaking.size_max
    if not size or not share.pence:
        return ""
    least = math.ceil(Fraction(share.pence, size * 100))
    return f"{counted(least, 'neighbourhood')} or more, at most {pounds(size * 100)} each"


def basis(given: Given) -> str:
    """Where the fund, floor and cap come from, with the grade of the undertaking; empty where no deal says so."""
    if given.deal is None or given.undertaking is None:
        return ""
    one = given.undertaking
    sizes = "" if given.districts or not (one.size_min or one.size_max) else ", with the sizes of a budget"
    return f'The fund is that of "{one.id}" in the deal {given.deal.id}{sizes}: {one.held_as}.'


def title_of(given: Given, found: Split) -> str:
    """What the page is headed with."""
    return found.areas.about.get("title", "") or (given.undertaking.title if given.undertaking else "")
