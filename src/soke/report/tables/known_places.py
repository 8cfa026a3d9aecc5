"""The places that Soke knows, as a table."""

from __future__ import annotations

from typing import get_args

from soke.england.baseline import baseline
from soke.england.places import Kind, Place, places
from soke.errors import SokeError
from soke.table import Column, Table
from soke.text import did_you_mean

KINDS: tuple[Kind, ...] = get_args(Kind)


def known_places(kind: str = "", within: str = "") -> Table:
    """Every place, or those of one kind, or the authorities within one place; one row each, people of 2022.

    SokeError for a kind that is none or an unknown place.
    """
    if kind and kind not in KINDS:
        fix = did_you_mean(kind, KINDS, f"Use one of {', '.join(KINDS)}.")
        raise SokeError(f"{kind[:40]!r} is not a kind of place.", fix, code="unknown-name")
    inside = set(places().area(within)[1]) if within else set(places().by_code)
    chosen = [place for place in places().by_code.values() if place.code in inside and kind in ("", place.kind)]
    return Table.of(
        "known_places",
        "",
        (
            Column("place_code", "code"),
            Column("name", "name"),
            Column("kind", "kind"),
            Column("region", "region"),
            Column("members", "authorities", "count"),
            Column("population_persons", "people 2022", "count"),
        ),
        [_row(place) for place in chosen],
    )


def _row(place: Place) -> tuple[str | int | float, ...]:
    members, base = places().members(place.code), baseline()
    people = float(base["population"][base.mask(members)].sum())
    return place.code, place.name, place.kind, places().name(place.region), len(members), people
