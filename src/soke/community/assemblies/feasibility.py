"""Can the quotas be kept, and what chance do they leave to whom? Asked before anybody draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from soke.community.assemblies.ceiling import ceiling
from soke.community.assemblies.infeasible import Reasons, explain
from soke.community.assemblies.making import in_order
from soke.community.assemblies.polytope import Floats
from soke.community.assemblies.pool import Pool, Quota
from soke.community.assemblies.progress import Tell, quiet
from soke.community.assemblies.record import NO_CHANCE
from soke.community.assemblies.types import types_of

MANY_KINDS = 800  # kinds of people that may take minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaLine:
    """A quota beside the ``persons`` of the pool that it is about, and the chances that it leaves them.

    ``represented``: whether the pool has the share of them that the panel must have. The chances are of the fairest
    lottery, 0 to 1; None where nobody is like that, or no panel keeps the quotas.
    """

    quota: Quota
    persons: int
    represented: Literal["too few", "enough", "too many"]
    smallest_chance: float | None
    mean_chance: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feasibility:
    """What quotas come to for a panel of ``size`` from ``pool`` people: ``reasons`` is None where they can be kept.

    ``smallest_chance`` is the bound on the chance of the least favoured, 0 to 1, and ``sentence`` says it; None and
    empty where no panel keeps the quotas.
    """

    size: int
    pool: int
    reasons: Reasons | None
    lines: tuple[QuotaLine, ...]
    smallest_chance: float | None
    sentence: str


def feasibility(
    pool: Pool, quotas: tuple[Quota, ...], size: int, per_household: int = 0, tell: Tell = quiet
) -> Feasibility:
    """The quotas beside the pool. ``per_household`` is how many of one household at most, 0: households do not count.

    SokeError where the panel has no size that the pool could fill.
    """
    pool = in_order(pool)
    tell("is there a panel that keeps the quotas?")
    reasons = explain(pool, quotas, size, per_household)
    chances = None if reasons else _chances(pool, quotas, size, per_household, tell)
    return Feasibility(
        size=size, pool=len(pool), reasons=reasons, lines=tuple(_line(pool, quota, size, chances) for quota in quotas),
        smallest_chance=None if chances is None else float(chances.min()),
        sentence="" if chances is None else _sentence(pool, size, chances),
    )  # fmt: skip


def long_wait(pool: Pool, quotas: tuple[Quota, ...], size: int, per_household: int) -> str:
    """Said beforehand where the lottery will take long; empty where it will not, or where there is none."""
    if not 1 <= size <= len(pool):
        return ""
    kinds = len(types_of(pool, quotas, size, per_household).members)
    if kinds <= MANY_KINDS:
        return ""
    return (
        f"{kinds:,} kinds of people, different in some category: 2,000 kinds take half a minute to a few minutes, the "
        "longer the tighter the quotas are. Fewer categories or values make it quicker."
    )


def _chances(pool: Pool, quotas: tuple[Quota, ...], size: int, per_household: int, tell: Tell) -> Floats | None:
    """The bound on the chance of each person, (row of the pool,)."""
    types = types_of(pool, quotas, size, per_household)
    highest = ceiling(types.polytope, tell=tell)
    if highest is None:
        return None
    of_person = types.of_person
    return np.array([highest.levels[of_person[row]] for row in range(len(pool))])


def _line(pool: Pool, quota: Quota, size: int, chances: Floats | None) -> QuotaLine:
    place = pool.categories.index(quota.category)
    rows = [row for row, values in enumerate(pool.values) if values[place] == quota.value]
    share = len(rows) / len(pool)
    low, high = quota.least / size, min(quota.most, size) / size
    theirs = chances[rows] if rows and chances is not None else None
    return QuotaLine(
        quota=quota, persons=len(rows),
        represented="too few" if share < low else "too many" if share > high else "enough",
        smallest_chance=None if theirs is None else float(theirs.min()),
        mean_chance=None if theirs is None else float(theirs.mean()),
    )  # fmt: skip


def _sentence(pool: Pool, size: int, chances: Floats) -> str:
    some = chances > float(NO_CHANCE)
    never, others = int((~some).sum()), float(chances[some].min())
    return (
        f"A panel of {size} from {len(pool):,} people can keep the quotas. "
        + (f"{never:,} people fit no such panel; of the others no" if never else "No")
        + f" lottery can give the least favoured more than {others:.2%}; all alike would be {size / len(pool):.2%}."
    )
