"""DP: places."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from soke.deal.reader import PlaceNames, PlaceOf
from soke.deal.registry import Context, Fault, rule
from soke.deal.types import Deal, Programme, Standard
from soke.england.strategic import TIERS, StrategicAuthority, of_members, strategic_authority, told_until
from soke.errors import Location, SokeError
from soke.text import day

CODE = re.compile(r"[A-Z]\d{8}", re.ASCII)


@rule(
    "DP101", "error", "Not a current ONS code",
    why="Figures are keyed by code. A code that has ended points at an area that no longer has a council.",
    bad='[[investment]]\nid = "tram"\nplaces = ["E07000026"]',
    good='[[investment]]\nid = "tram"\nplaces = ["E06000063"]',
    reads=(),
)  # fmt: skip
def dead_codes(deal: Deal, context: Context) -> Iterator[Fault]:
    for at, code in _codes(deal, context):
        if context.places.get(code) is None:
            yield at, *_why_not(code, context.places)


def _codes(deal: Deal, context: Context) -> Iterator[tuple[Location, str]]:
    """Every code that the deal names, with its place."""
    if CODE.fullmatch(deal.place) or not context.named:
        yield deal.where("place"), deal.place
    for index, code in enumerate(context.named):
        yield deal.where("members", index), code
    for party in deal.parties:
        if party.place is not None:
            yield party.where("place"), party.place
    for investment in deal.investments:
        for index, code in enumerate(investment.places):
            yield investment.where("places", index), code
        for side, codes in enumerate(investment.effect.between or ()):
            for index, code in enumerate(codes):
                yield investment.where("effect", "between", side, index), code
    shared_with: tuple[Standard | Programme, ...] = (*deal.standards, *deal.programmes)
    for shared in shared_with:
        for index, code in enumerate(shared.with_places):
            yield shared.where("with", index), code


def _why_not(code: str, places: PlaceNames) -> tuple[str, str]:
    """What replaced a code and when, or the nearest place."""
    try:
        near = places.find(code)
    except SokeError as error:
        return error.fact, error.fix or "Look it up with `soke places`."
    return f'"{code[:80]}" is a name, not an ONS code.', f'Write "{near.code}" for {near.name}.'


@rule(
    "DP102", "error", "The members do not tile the area",
    why="Money, votes and statistics of a county or a combined authority cannot be split by leaving part of it out.",
    bad='members = ["E08000001", "E08000002"]',
    good='members = ["E08000001", "E08000002", "E08000003", "E08000004", "E08000005", "E08000006", "E08000007", '
    '"E08000008", "E08000009", "E08000010"]',
    reads=("members",),
)  # fmt: skip
def tiling(deal: Deal, context: Context) -> Iterator[Fault]:
    if not context.named or any(context.places.get(code) is None for code in context.named):
        return
    have = set(deal.members)
    for whole in _wholes(deal, context.places):
        left_out = [code for code in context.places.members(whole.code) if code not in have]
        if left_out:
            yield (
                deal.where("members"),
                _orphans(left_out, whole.name, context.places),
                (f"Add them, or name the whole of {whole.name} by its code {whole.code}."),
            )
    yield from _overlaps(deal, context)
    if context.places.get(deal.place) is not None:
        outside = sorted(have - set(context.places.members(deal.place)))
        if outside:
            fact = f"{_names(outside, context.places)} {'is' if len(outside) == 1 else 'are'} not in {deal.place}."
            yield deal.where("members"), fact, "Take out what is not in the area, or correct the place."


def _wholes(deal: Deal, places: PlaceNames) -> Iterator[PlaceOf]:
    """The areas that the members must make up: the deal's own place, and the county of each district."""
    counties = {place.county for code in deal.members if (place := places.get(code)) and place.county}
    codes = sorted(counties | ({deal.place} if places.get(deal.place) else set()))
    for code in codes:
        found = places.get(code)
        if found is not None:
            yield found


def _overlaps(deal: Deal, context: Context) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for index, code in enumerate(context.named):
        twice = [member for member in context.places.members(code) if member in seen]
        if twice:
            fact = (
                f"{_names(twice, context.places)} {'is' if len(twice) == 1 else 'are'} named twice among the members."
            )
            yield deal.where("members", index), fact, "Name each area once."
        seen.update(dict.fromkeys(context.places.members(code), code))


def _orphans(left_out: list[str], whole: str, places: PlaceNames) -> str:
    verb = "is" if len(left_out) == 1 else "are"
    return f"{_names(left_out, places)} {verb} in {whole} but not among the members."


def _names(codes: list[str], places: PlaceNames) -> str:
    shown = [found.name if (found := places.get(code)) else code for code in codes[:4]]
    rest = f" and {len(codes) - 4} more" if len(codes) > 4 else ""
    return ", ".join(shown) + rest


@rule(
    "DP105", "warning", "A tier that the area does not have in the deal's years",
    why="The framework offers powers by tier: a deal at a tier that its area does not have takes powers that nobody "
    "could give it, or leaves out what is its own. Who has which tier was read second-hand: if a newer source says "
    "otherwise, silence this with that source as the reason.",
    bad='place = "E47000018"\ntier = "established-mayoral"',
    good='place = "E47000013"\ntier = "established-mayoral"',
    reads=("members",),
)  # fmt: skip
def tier_of_the_area(deal: Deal, context: Context) -> Iterator[Fault]:
    area = strategic_authority(deal.place) or of_members(deal.members)
    if area is None:
        if deal.tier != TIERS[0] and deal.members:
            fact = f'The deal says "{deal.tier}"; its places are no strategic authority on the list of {_listed()}.'
            yield deal.where("tier"), fact, f'Write tier = "{TIERS[0]}", or name the area whose mayor it is.'
        return
    first, last = dt.date(deal.starts, 4, 1), dt.date(max(deal.starts, deal.ends) + 1, 3, 31)
    held = area.held(first, last)
    if deal.tier in {spell.tier for spell in held}:
        return
    if held:
        fact = f'The deal says "{deal.tier}"; {area.name} is "{held[-1].tier}", {_mayor(area)} ({held[-1].told}).'
        yield deal.where("tier"), fact, f'Write tier = "{held[-1].tier}", or say in a reason who has changed it.'
    elif area.made is None or area.made > last:
        fact = f"{area.name} is not there in the deal's years: {_comes(area)} ({area.last.told})."
        yield deal.where("starts"), fact, "Start the deal when its area is there."


def _listed() -> str:
    return f"{day(told_until())}, read second-hand"


def _mayor(area: StrategicAuthority) -> str:
    """Whether there is a mayor, as far as that is told."""
    if area.last.mayor:
        return "with a mayor in post"
    elects = f"; the first is elected in {area.elects:%B %Y}" if area.elects else ""
    return f"with no mayor in post{elects}"


def _comes(area: StrategicAuthority) -> str:
    if area.made:
        return f"it was made on {day(area.made)}"
    return f"it is planned, and elects its mayor in {area.elects:%B %Y}" if area.elects else "it is planned"
