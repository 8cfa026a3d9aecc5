"""The terms of a split: areas from a file, and the undertaking of a deal to share a fund among neighbourhoods."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from soke.community.areas import LARGEST, Areas, districts_csv, read_areas
from soke.community.splitting import Limit, Share, Split, pounds
from soke.deal.reader import load_deal
from soke.deal.types import Community, Deal
from soke.england.places import places
from soke.errors import SokeError
from soke.files import read_whole
from soke.text import counted

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
    held = load_deal(deal, places())
    undertaking = _undertaking(held, community, str(deal))
    if areas is None:
        if not held.members:
            raise SokeError("The deal names no districts that Soke knows.", "Name a file of areas.", str(deal))
        content = districts_csv(held.members).encode()
    else:
        content = read_whole(areas, str(areas), LARGEST)
    shown = f"the districts of {held.id}" if areas is None else str(areas)
    return Given(areas=read_areas(content, shown), content=content, deal=held, undertaking=undertaking,
                 districts=areas is None)  # fmt: skip


def _undertaking(deal: Deal, community: str | None, shown: str) -> Community:
    """The one that is named; without a name, the only neighbourhood budget."""
    budgets = [undertaking for undertaking in deal.community if undertaking.mechanism == BUDGET]
    known = f"Its neighbourhood budgets: {', '.join(budget.id for budget in budgets) or 'none'}."
    if community is None:
        if len(budgets) != 1:
            fact = f"The deal has {len(budgets) or 'no'} neighbourhood budget{'s' * (len(budgets) != 1)}."
            raise SokeError(fact, f"Name one with --community. {known}", shown)
        return budgets[0]
    named = next((budget for budget in budgets if budget.id == community), None)
    if named is None:
        raise SokeError(f'"{community[:80]}" is no neighbourhood budget of the deal.', known, shown)
    return named


def terms(
    given: Given, fund: int | None, floors: Sequence[Limit], caps: Sequence[Limit]
) -> tuple[int, list[Limit], list[Limit]]:
    """Fund, floors and caps as asked for, and as the undertaking says. SokeError where they go beyond it."""
    undertaking = given.undertaking
    if undertaking is None:
        if fund is None:
            raise SokeError("--fund is missing.", "Say how much is shared: --fund 6,300,000; or name a deal.")
        return fund, list(floors), list(caps)
    amount = int(undertaking.amount * 100)
    if fund is not None and fund > amount:
        fact = f'The deal gives "{undertaking.id}" {pounds(amount)}, and --fund is {pounds(fund)}.'
        raise SokeError(fact, "Lower it, or leave it out.", undertaking.where("amount"))
    if fund is None and not amount:
        raise SokeError(
            f'The deal gives "{undertaking.id}" no money.', "Say how much with its amount.", undertaking.where("amount")
        )
    low, high = list(floors), list(caps)
    if not given.districts:  # the sizes are of a neighbourhood's budget, not of a district's
        low += [Limit(Fraction(undertaking.size_min * 100))] if undertaking.size_min else []
        high += [Limit(Fraction(undertaking.size_max * 100))] if undertaking.size_max else []
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


def notes(given: Given, made: Split) -> list[str]:
    """The grade and the source of the figures; and of districts, that they share again."""
    about = made.areas.about
    source = "; ".join(f"{key}: {said}" for key, said in about.items() if key not in ("title", "grade"))
    lines = [line for line in [basis(given)] if line]
    lines += [f"The figures are {made.areas.grade}. {source or 'The file does not say where they come from'}."]
    if given.districts and given.undertaking is not None and given.undertaking.size_max:
        most = max(made.shares, key=lambda share: share.pence)
        lines.append(
            "These are districts: the sizes that the deal gives are of a neighbourhood's budget, and hold when each"
            f" district's share is split again. {most.area.name} makes {again(most, given.undertaking)}."
        )
    return lines


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
    undertaking = given.undertaking
    sized = not given.districts and (undertaking.size_min or undertaking.size_max)
    sizes = ", with the sizes of a budget" if sized else ""
    return f'The fund is that of "{undertaking.id}" in the deal {given.deal.id}{sizes}: {undertaking.held_as}.'


def title_of(given: Given, made: Split) -> str:
    """What the page is headed with."""
    return made.areas.about.get("title", "") or (given.undertaking.title if given.undertaking else "")
