"""A place beside places like it: each measure of each, and how far they are from it."""

from __future__ import annotations

from soke.england.alike import CLASSES, Peers
from soke.england.measures import Measure, measures
from soke.england.places import places
from soke.table import Cell, Column, Kind, Table

UNITS: dict[str, tuple[str, Kind]] = {
    "per cent": ("share", "share"), "pounds": ("gbp", "pounds"), "number": ("number", "plain"),
}  # fmt: skip


def beside_like_places(key: str, kind: str, peers: Peers) -> Table:
    """One row for the place and for each that is like it, the nearest first; the middle of its class is last.

    ``key``: a code, or the name of a wider area; ``kind``: one of :data:`soke.england.alike.CLASSES`.
    """
    like = peers.alike(key)
    rows: list[tuple[Cell, ...]] = [_row(key, 0.0, peers)]
    rows += [_row(one.key, one.distance, peers) for one in like]
    middle = [standing.middle for standing in peers.standings(key)]
    rows.append(("", f"The middle of all {len(peers.keys)} {CLASSES[kind][1]}", None, *middle))
    name = places().name(key)
    return Table.of(
        "beside_like_places", f"{name} beside the {len(like)} places most like it",
        (Column("place_code", "Code", people=False), Column("name", "Place"),
         Column("distance", "how far from it", "plain", digits=2, missing=""), *map(_column, measures())),
        rows,
        "Figures of the years named in the list of measures; each is a sum over the area divided by a sum.",
    )  # fmt: skip


def _column(one: Measure) -> Column:
    ending, kind = UNITS[one.unit]
    digits = one.digits if kind == "plain" else None
    return Column(f"{one.id.replace('-', '_')}_{ending}", one.title, kind, digits=digits)


def _row(key: str, distance: float, peers: Peers) -> tuple[Cell, ...]:
    at = peers.keys.index(key)
    return key, places().name(key), distance, *(float(peers.values[one.id][at]) for one in measures())
