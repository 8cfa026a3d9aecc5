"""People by age, place and year: today's people of each place, each age group growing as the scenario says."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from soke.deal.scenario import AGE_GROUPS
from soke.england.baseline import Baseline, Floats
from soke.errors import SokeError

AGES = tuple(AGE_GROUPS)


def by_age(baseline: Baseline) -> Floats:
    """People, (age, place), scaled so that the ages sum to the population column, which is a later year's."""
    older = [baseline[f"population_{age}_plus"] for age in (65, 75, 85)]
    groups = np.array(
        [baseline["population_0_15"], baseline["population_16_64"], older[0] - older[1], older[1] - older[2], older[2]]
    )
    if (groups < 0).any():
        raise SokeError("An age group of a place is below nought.", "Check the population columns.")
    return np.asarray(groups * (baseline["population"] / groups.sum(axis=0)))


def projected(people: Floats, ageing: Mapping[str, float], years: int) -> Floats:
    """(year, age, place) people, from ``people`` (age, place) at year 0 and yearly growth of every age group."""
    rates = [next(ageing[name] for name in AGE_GROUPS[age] if name in ageing) for age in AGES]
    growth = (1.0 + np.array(rates)) ** np.arange(years)[:, None]
    return np.asarray(growth[:, :, None] * people)
