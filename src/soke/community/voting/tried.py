"""Codes that were typed and not taken: how many of which kind in which hour, and nothing of what was typed.

Somebody who guesses codes leaves thousands that the round does not have; people who mistype leave a few.
"""

from __future__ import annotations

from typing import NamedTuple

MISTYPED, UNKNOWN, USED, WAS_SPOILED = "mistyped", "unknown", "used", "spoiled"
KINDS = {
    MISTYPED: "mistyped",
    UNKNOWN: "not of this round",
    USED: "used before",
    WAS_SPOILED: "spoiled before",
}


class Tried(NamedTuple):
    """``hour`` of UTC, as ``2026-06-01T14``; ``kind``: a key of :data:`KINDS`."""

    hour: str
    kind: str
    times: int
