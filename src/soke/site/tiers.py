"""How far devolution has come in a place, as the map and the ledger colour it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from soke.england.devolution import STANDINGS, Standing, standing_of
from soke.england.strategic import StrategicAuthority, Tier
from soke.report.tables import devolution

WORDS = devolution.WORDS
SIDE = 10.0  # of a hexagon, as the map of a report has it
HEXAGON = "M0-9.4 8.1-4.7V4.7L0 9.4-8.1 4.7V-4.7z"  # a little smaller, so that a gap shows
KINDS: Mapping[Standing, str] = {
    "established-mayoral": "t1", "mayoral": "t2", "foundation": "t3", "planned": "t4", "none": "t5",
}  # fmt: skip
OFFICIAL: Mapping[Tier, str] = {
    "established-mayoral": "established mayoral strategic authority", "mayoral": "mayoral strategic authority",
    "foundation": "foundation strategic authority",
}  # fmt: skip
LEGEND = tuple((KINDS[standing], WORDS[standing]) for standing in STANDINGS)


def kind_of(body: StrategicAuthority | None, at: dt.date) -> str:
    """The class of the colour of what a place has on a day."""
    return KINDS[standing_of(body, at)]
