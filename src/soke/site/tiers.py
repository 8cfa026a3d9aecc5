"""How far devolution has come in a place, as the map and the ledger colour it."""

from __future__ import annotations

import datetime as dt

from soke.england.strategic import StrategicAuthority, Tier

SIDE = 10.0  # of a hexagon, as the map of a report has it
HEXAGON = "M0-9.4 8.1-4.7V4.7L0 9.4-8.1 4.7V-4.7z"  # a little smaller, so that a gap shows
KINDS: dict[Tier, str] = {"established-mayoral": "t1", "mayoral": "t2", "foundation": "t3"}
WORDS: dict[Tier, str] = {
    "established-mayoral": "Mayor, widest powers", "mayoral": "Mayor", "foundation": "First step, no mayor",
}  # fmt: skip
OFFICIAL: dict[Tier, str] = {
    "established-mayoral": "established mayoral strategic authority", "mayoral": "mayoral strategic authority",
    "foundation": "foundation strategic authority",
}  # fmt: skip
PLANNED, NONE = "t4", "t5"
LEGEND = (
    *((KINDS[tier], words) for tier, words in WORDS.items()),
    (PLANNED, "Planned"),
    (NONE, "None that we know of"),
)


def kind_of(body: StrategicAuthority | None, at: dt.date) -> str:
    """The class of the colour of what a place has on a day."""
    if body is None:
        return NONE
    spell = body.on(at)
    return KINDS[spell.tier] if spell else PLANNED
