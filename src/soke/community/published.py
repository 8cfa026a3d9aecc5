"""Published outcomes of budgets and lotteries, worked out anew: rows of the truth scoreboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedOutcome:
    """One published figure or set of winners. ``where`` is the file or instance; ``published`` and ``here`` are said as
    people read them; ``explained`` says why a figure is not reproduced, and is empty where it must be."""

    room: str  # "budgets" or "assemblies"
    where: str
    figure: str
    published: str
    here: str
    matches: bool
    explained: str = ""
    source: str = ""


def failing(outcomes: Sequence[PublishedOutcome]) -> tuple[PublishedOutcome, ...]:
    """Those that should match, and do not."""
    return tuple(outcome for outcome in outcomes if not outcome.matches and not outcome.explained)
