"""Spending as is: the scenario's envelope for each function, shared by need and age.

    England[f, t]  = England[f, 0] x product of (1 + real growth[f])
    place[f, i, t] = England[f, t] x s0[i] n[i,t] / sum_i s0[i] n[i,t]

with s0 the place's share today (which holds its need as measured) and n how far its people, weighted by what each age
costs, have grown. So the envelope is kept to the penny and an ageing place takes a growing share of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from soke.deal.scenario import DEFAULT
from soke.deal.types import Scenario, SpendingPath
from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.evidence.by_age import spending_by_age
from soke.model.economy.population import AGES


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


def as_is(base: Floats, functions: Sequence[str], growth: Floats, people: Floats) -> Floats:
    """Spending of all functions together, (year, place), real GBP million.

    ``base`` (function, place), ``growth`` (function, year) from :func:`envelope`, ``people`` (year, age, place).
    """
    result = np.zeros((people.shape[0], people.shape[2]))
    for name, today, path in zip(functions, base, growth, strict=True):
        need = np.einsum("a,tap->tp", age_weights(name), people)
        claim = today * (need / need[0])
        result += claim * (path * today.sum() / claim.sum(axis=1))[:, None]
    return result
