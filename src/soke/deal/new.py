"""A first deal for a place, written from the framework's offer to its tier and the embedded figures."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from soke.deal.packaged import OFFER
from soke.deal.reader import PlaceNames, PlaceOf, read_framework
from soke.deal.toml_text import quoted
from soke.deal.types import Framework, Power, Tier
from soke.england.baseline import baseline
from soke.errors import SokeError
from soke.text import financial_year

# The widest tier that a kind of body can hold on its own. A county or a unitary council has no mayor of a wider area.
TIER_OF: dict[str, Tier] = {
    "combined-authority": "mayoral",
    "strategic-authority": "established-mayoral",
    "county": "foundation",
    "unitary": "foundation",
}
YEARS = 4
STEP = Decimal(10_000)  # pounds: first amounts are rounded, so as not to look like allocations


def new_deal(place: str, places: PlaceNames, tier: Tier | None = None) -> str:
    """The text of a first deal for a combined authority, a county or a unitary council, by name or code.

    It passes the check; what it cannot know is marked illustrative. SokeError where the place cannot hold a deal.
    """
    found = places.find(place)
    chosen = tier or _tier(found, places)
    framework = read_framework("england")
    powers = [power for power in framework.powers if not power.tiers or chosen in power.tiers]
    return "\n".join(
        [
            *_head(found, chosen, framework, powers),
            *_parties(found),
            *_standing(framework, chosen),
            *_funds(_people(found, places), powers, framework),
            *_investments(),
            *_conditions(powers),
        ]
    )


def _tier(place: PlaceOf, places: PlaceNames) -> Tier:
    if place.kind in TIER_OF:
        return TIER_OF[place.kind]
    wider = places.get(place.combined_authority or place.county)
    instead = (
        f"Write one for {wider.name} ({wider.code})." if wider else "Name a combined authority, county or unitary."
    )
    raise SokeError(f"{place.name} is a {place.kind.replace('-', ' ')}, which cannot hold a deal by itself.", instead)


def _people(place: PlaceOf, places: PlaceNames) -> float:
    figures = baseline()
    return float(figures["population"][figures.mask(places.members(place.code))].sum())


def _head(place: PlaceOf, tier: Tier, framework: Framework, powers: list[Power]) -> Iterator[str]:
    start = framework.effective.year
    yield f"# A first deal for {place.name}. Replace what is marked illustrative with your own lines; then: soke check."
    yield 'schema = "soke-deal/1"'
    yield f"extends = {quoted(framework.id)}"
    yield f"id = {quoted(_id(place.name))}"
    yield f"title = {quoted(f'{place.name}: a first deal')}"
    yield f"place = {quoted(place.code)}"
    yield f"tier = {quoted(tier)}"
    yield 'status = "draft"'
    yield f'starts = "{financial_year(start)}"'
    yield f'ends = "{financial_year(start + YEARS - 1)}"'
    yield f'prices = "real {financial_year(start - 1)}"'
    yield 'review = "every spending review"'
    yield "powers = ["
    yield from (f"  {quoted(power.id)},  # {power.title}" for power in powers)
    yield "]"


def _parties(place: PlaceOf) -> Iterator[str]:
    combined = place.kind in ("combined-authority", "strategic-authority")
    name = f"{place.name} {'Combined Authority' if place.kind == 'combined-authority' else ''}".strip()
    yield from ("", "[[party]]", 'id = "authority"', f"name = {quoted(name if combined else f'{place.name} Council')}")
    yield f"place = {quoted(place.code)}"


def _standing(framework: Framework, tier: Tier) -> Iterator[str]:
    """The readiness tests that only the place can answer, ready to be filled in."""
    yield from ("", "# Readiness: answer these, each with its source.")
    for test in framework.readiness:
        if test.tier == tier and test.measure not in ("population", "contiguous"):
            answer = "# since = 2020-01-01" if test.measure.endswith("months") else '# statement = "..."'
            yield from (f"# {test.question}", "# [[standing]]", f"# test = {quoted(test.id)}", answer, "#")


@cache
def _first_funds() -> dict[str, Any]:
    return tomllib.loads((OFFER / "first-funds.toml").read_text("utf-8"), parse_float=Decimal)


def _funds(people: float, powers: list[Power], framework: Framework) -> Iterator[str]:
    held = {power.id for power in powers}
    first = _first_funds()
    for fund in first["fund"]:
        pays_for = [power for power in fund["powers"] if power in held]
        if not pays_for:
            continue
        revenue, capital = (_amount(fund[f"{part}_per_head"], people) for part in ("revenue", "capital"))
        year, before = framework.effective.year, framework.effective.year - 1
        origin = first["origin"] if revenue + capital else first["unknown"]
        yield from ("", "[[fund]]", f"# {origin}.")
        for key in ("id", "title", "theme", "function", "from"):
            yield f"{key} = {quoted(fund[key])}"
        yield from ('to = "authority"', 'mechanism = "national-formula"')
        yield f"additionality = {quoted(fund['additionality'])}"
        yield from ('after_profile = "flat_real"', f"powers = {json.dumps(pays_for)}")
        for key, start in (("profile", year), ("previous_spend", before)):
            yield f'{key} = [{{ year = "{financial_year(start)}", revenue = {revenue:_}, capital = {capital:_} }}]'
        yield 'origin = "illustrative"'


def _investments() -> Iterator[str]:
    """How what the funds buy is written, ready to be filled in."""
    yield from ("", "# What the funds buy, one table each. It acts through one channel; a link also says its mode.")
    yield from ("# [[investment]]", '# id = "..."', '# kind = "transport"', '# fund = "..."', '# places = ["..."]')
    yield '# effect = { channel = "connection", mode = "rail", between = [["..."], ["..."]], minutes_before = 0,'
    yield "#   minutes_after = { low = 0, central = 0, high = 0 } }"


def _amount(per_head: Decimal, people: float) -> int:
    return int((per_head * Decimal(round(people)) / STEP).to_integral_value() * STEP)


def _conditions(powers: list[Power]) -> Iterator[str]:
    """The two first grounds of recall, tied to what a letter can take back."""
    flexibility = next(power.id for power in powers if power.function == "finance.virement" and power.recallable)
    yield from ("", "# What hangs on working together, and on communities deciding: only money and flexibilities.")
    for condition in ("partners-decide", "communities-decide"):
        yield from ("", "[[condition]]", f"id = {quoted(condition)}", f"tie = {quoted(flexibility)}")
        yield f"recall = {{ scope = [{quoted(flexibility)}] }}"
    yield ""


def _id(name: str) -> str:
    """An id from a place's name."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower())
    return "-".join(part for part in plain.split("-") if part)
