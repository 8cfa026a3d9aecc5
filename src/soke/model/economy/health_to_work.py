"""Health to work: a switch of the scenario, off by default; part of what nobody knows, never of the listed items.

    residents in work = healthy_life_years x health.work / 100 x people of 16 to 64      after ten years, evenly rising

Across 128 authorities a year of healthy life goes with .88 points of employment; but healthier places differ in more
than health, so that is a ceiling, and ``health.work`` is judged. Published for Greater Manchester is +.60 years from
2016 to 2020 against its control; whether being devolved did it is not known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Floats
from soke.evidence import Draws
from soke.model.money.investments import Frame

DRAWN = ("health.work",)
RISES_FOR = 10  # years from the deal's start


@dataclass(frozen=True, slots=True)
class Lever:
    """``jobs`` (year, home) for one point of employment a year of healthy life; None when off."""

    jobs: Floats | None = None


@dataclass(slots=True)
class State:
    lever: Lever
    points: Floats  # (draw, 1)


def lever(frame: Frame) -> Lever:
    """The scenario's gain in healthy life, in the deal's places, from the deal's start on."""
    gain = frame.scenario.healthy_life_years
    if not gain:
        return Lever()
    begun = max(frame.deal.starts, frame.years[0] + 1)
    part = np.clip((np.array(frame.years) - begun + 1) / RISES_FOR, 0.0, 1.0)
    people = frame.baseline["population_16_64"][list(frame.members)]
    return Lever(np.outer(part, gain / 100.0 * people))


def start(lever: Lever, draws: Draws) -> State:
    return State(lever, draws[DRAWN[0]][:, None])


def advance(state: State, year: int) -> Floats | None:
    """Job-years of residents, (draw, home); None when off."""
    return None if state.lever.jobs is None else np.asarray(state.points * state.lever.jobs[year])
