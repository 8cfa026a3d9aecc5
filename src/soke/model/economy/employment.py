"""Employment programmes: net jobs, never gross, with an effect of their own in each place.

    net effect[i] = mean + sd x z[i]            a chance, per person supported; z drawn per place
    J'[i] = (1 - exit) J[i] + people[i] x net effect[i]

The spread between places is larger than the mean, as the trials found, so that the sign may differ between places.
Jobs are taken up by residents, at the workplaces of their commuting row, at a fraction of average output and pay.
The benefit payments saved belong to the benefit model alone; the tax follows from the tax model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Floats


@dataclass(frozen=True, slots=True)
class Programme:
    """``people``: id of the drawn number supported a year; ``share`` (home,) adds to 1; ``active`` (year,) 0 or 1."""

    id: str
    people: str
    effect: float  # 1 for new money; the scenario's gain for money that only moves
    share: Floats
    active: Floats


def net_effects(mean: Floats, spread: Floats, deviates: Floats) -> Floats:
    """Net chance of a job per person supported, (draw, home), from (draw,), (draw,) and (draw, home)."""
    return np.asarray(mean[:, None] + spread[:, None] * deviates)


def entrants(programme: Programme, year: int, people: Floats, effects: Floats) -> Floats:
    """Net new jobs of one programme in a year, (draw, home). ``people`` (draw,) supported a year."""
    return np.asarray((programme.effect * programme.active[year] * people)[:, None] * programme.share * effects)


def advance(jobs: Floats, entering: Floats, leaving: Floats) -> Floats:
    """Net jobs a year on: (draw, home), with the yearly ``leaving`` share (draw, 1)."""
    return (1.0 - leaving) * jobs + entering


def benefits_saved(jobs: Floats, per_job: Floats) -> Floats:
    """Benefit payments that stop, GBP million a year: (draw, home) jobs by (draw, 1) GBP million a job."""
    return jobs * per_job
