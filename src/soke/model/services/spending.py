"""Spending as is: the scenario's envelope for each function, shared by need and age.

    England[f, t]  = England[f, 0] x product of (1 + real growth[f])
    place[f, i, t] = England[f, t] x s0[i] n[i,t] / sum_i s0[i] n[i,t]

with s0 the place's share today (which holds its need as measured) and n how far its people, weighted by what each age
costs, have grown. So the envelope is kept to the penny and an ageing place takes a growing share of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from soke.deal.scenario import DEFAULT
from soke.deal.types import Scenario, SpendingPath
from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.evidence.by_age import spending_by_age
from soke.model.economy.population import AGES, YOUNG, People


def age_weights(function: str) -> Floats:
    """What a person of each age costs, relative, (age,); every age alike where the table has no row."""
    table = spending_by_age().get(function)
    return np.array([table[age] for age in AGES]) if table else np.ones(len(AGES))


def envelope(scenario: Scenario, functions: Sequence[str], years: int) -> Floats:
    """Real spending of England over the base year's, (function, year), 1.0 in the base year.

    The first rate of a path is the growth from the base year to year 1; the last one holds on. A path named
    ``default`` covers the functions without one of their own. SokeError for an unknown function.
    """
    paths = {path.function: path for path in _chosen(scenario)}
    unknown = sorted(set(paths) - {*functions, DEFAULT})
    if unknown:
        raise SokeError(
            f"No spending function is called {unknown[0]}.",
            f"Use {', '.join(sorted(functions))} or {DEFAULT}.",
            paths[unknown[0]].where("function"),
        )
    flat: tuple[float, ...] = (0.0,)
    rates = [paths[name].real_growth if name in paths else _default(paths, flat) for name in functions]
    held = [[path[min(t, len(path) - 1)] for t in range(years - 1)] for path in rates]
    steps = np.hstack([np.ones((len(functions), 1)), 1.0 + np.array(held, dtype=np.float64)])
    return np.asarray(np.cumprod(steps, axis=1), dtype=np.float64)


def _chosen(scenario: Scenario) -> tuple[SpendingPath, ...]:
    return scenario.spending if scenario.envelope == "plans" else scenario.spending_cuts


def _default(paths: Mapping[str, SpendingPath], flat: tuple[float, ...]) -> tuple[float, ...]:
    return paths[DEFAULT].real_growth if DEFAULT in paths else flat


@dataclass(frozen=True, slots=True)
class Plan:
    """Spending as is before anybody has moved or aged. (function, place) arrays a person; ``england`` (function, year).

    ``young`` what a person under 65 claims, by the ages of 0 to 15 and 16 to 64, (function, age group, place); ``old``
    the same by the ages from 65 on. GBP million.
    """

    young: Floats
    old: Floats
    england: Floats

    def as_is(self, year: int, people: People) -> Floats:
        """Spending of all functions together, (draw, place), real GBP million: what England has, by claims."""
        young = np.einsum("fap,ap->fp", self.young, people.groups[:YOUNG])
        old = np.einsum("fap,ap->fp", self.old, people.groups[YOUNG:])
        share = self.england[:, year] / (people.young @ young.T + people.old @ old.T)
        return np.asarray(people.young * (share @ young) + people.old * (share @ old))


def plan(base: Floats, functions: Sequence[str], growth: Floats, groups: Floats) -> Plan:
    """``base`` (function, place), ``growth`` (function, year) from :func:`envelope`, ``groups`` (age group, place)."""
    weights = np.array([age_weights(name) for name in functions])
    claims = weights[:, :, None] * (base / (weights @ groups))[:, None, :]
    return Plan(claims[:, :YOUNG], claims[:, YOUNG:], growth * base.sum(axis=1)[:, None])
