"""People who come or go because of a deal: few, slowly, and never more than homes are built for.

    log people with the deal - as is = response x mean of the last 10 years' log output with the deal - as is

held each year to what the place's yearly new homes could take in. England has as many people on both paths, so that
whoever comes left another place: all lose a little. Incomers work, earn and cost as those who live there do; they are
told apart from residents who find work. The year before decides: output moves people, and people move no output.

Response: share of people over share of output, 296 places over 20 years, .09 (standard error .026); .04 to .13 over 10.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Floats
from soke.evidence import Draws

RESPONSE = "people.gva"
PER_HOME = "hou.size"
DRAWN = (RESPONSE, PER_HOME)
OVER = 10  # years


@dataclass(frozen=True, slots=True)
class Homes:
    """``added`` (place,) homes a year; ``people`` (place,) of the base year, whose shares others lose by."""

    added: Floats
    people: Floats


@dataclass(slots=True)
class State:
    """``before``: log output with the deal less as is of the last years, (draw, place) each, none while nothing moved;
    ``more`` (draw, place) log people likewise."""

    response: Floats  # (draw, 1)
    room: Floats  # (draw, place) log people that a year's new homes take in
    before: list[Floats]
    more: Floats | None = None


def start(homes: Homes, draws: Draws) -> State:
    """Nobody has moved."""
    return State(draws[RESPONSE][:, None], np.log1p(draws[PER_HOME][:, None] * homes.added / homes.people), [])


def advance(homes: Homes, state: State) -> Floats | None:
    """Log people with the deal less as is, (draw, place); None while output has not differed. The state moves."""
    if not state.before:
        return None
    wanted = state.response / OVER * np.sum(state.before, axis=0)
    last = np.zeros_like(wanted) if state.more is None else state.more
    came = np.minimum(wanted, last + state.room)
    state.more = came - np.log(np.exp(came) @ homes.people / homes.people.sum())[:, None]
    return state.more


def remember(state: State, log_output: Floats) -> None:
    """What output came to this year, log with the deal less as is, (draw, place)."""
    if state.before or log_output.any():
        state.before = [*state.before[1 - OVER :], log_output]
