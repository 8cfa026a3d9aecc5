"""Quotas that no panel can keep: why, in their own words, and the smallest change that mends them.

The smallest change lowers minima and raises maxima by as few people as possible in all, and then changes as few
quotas as possible: one whole programme over panels and changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint

from soke.community.assemblies.polytope import Face, Polytope, best_point, whole_face
from soke.community.assemblies.pool import Pool, Quota
from soke.community.assemblies.solver import whole_programme
from soke.community.assemblies.types import types_of
from soke.errors import SokeError


@dataclass(frozen=True, slots=True)
class Change:
    """``quota`` with ``least`` and ``most`` as they would have to be."""

    quota: Quota
    least: int
    most: int

    @property
    def words(self) -> str:
        name = f"{self.quota.category} {self.quota.value}"
        parts = []
        if self.least != self.quota.least:
            parts.append(f"lower the minimum of {name} from {self.quota.least} to {self.least}")
        if self.most != self.quota.most:
            parts.append(f"raise the maximum of {name} from {self.quota.most} to {self.most}")
        return " and ".join(parts)


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why no panel keeps the quotas, as sentences, and the smallest ``changes`` that would mend them.

    Without changes no change of quotas helps. ``household`` says that the rule about households is what stands in
    the way: without it there is a panel.
    """

    why: tuple[str, ...]
    changes: tuple[Change, ...]
    household: bool = False
    percent: bool = False  # the numbers look like shares of 100, and a panel has another size

    @property
    def mend(self) -> str:
        """The smallest change, in a sentence or two."""
        if self.percent:
            return f"Are these percentages? Quotas are numbers of people. {self._change}"
        return self._change

    @property
    def _change(self) -> str:
        if self.household:
            return "With more people allowed from one household there is a panel; or invite more households."
        if not self.changes:
            return "Draw a smaller panel, or invite more people."
        words = "; ".join(change.words for change in self.changes)
        return f"The smallest change: {words}."

    def error(self, where: str = "") -> SokeError:
        return SokeError(" ".join(self.why), self.mend, where or None)


def explain(
    pool: Pool, quotas: tuple[Quota, ...], size: int, per_household: int = 0, taken: Mapping[str, int] | None = None
) -> Reasons | None:
    """Why no panel of ``size`` keeps the quotas; None where one does."""
    if size < 1:
        return Reasons((f"A panel of {size} people cannot be drawn.",), ())
    if size > len(pool):
        return Reasons((f"The panel asks for {size:,} people and the pool has {len(pool):,}.",), ())
    types = types_of(pool, quotas, size, per_household, taken)
    polytope = types.polytope
    if best_point(polytope, whole_face(polytope), np.zeros(len(polytope.people)), gap=1.0)[0] is not None:
        return None
    if per_household and explain(pool, quotas, size) is None:
        fact = (
            f"With at most {per_household} of each household no panel of {size} keeps the quotas; the quotas alone "
            "could be kept."
        )
        return Reasons((fact,), (), household=True)
    changes = _smallest_changes(polytope, quotas)
    why = [*_plain_reasons(polytope, quotas, size), *_sums(quotas, size)]
    if not why:
        why = _together(polytope, quotas, changes) or [f"No panel of {size} keeps all the quotas together."]
    return Reasons(tuple(why), changes, percent=_percent(quotas, size))


def _plain_reasons(polytope: Polytope, quotas: Sequence[Quota], size: int) -> list[str]:
    """What one quota shows by itself."""
    said = []
    for row, quota in enumerate(quotas, start=1):
        there = int(polytope.rows[row] @ polytope.people)
        most = int(polytope.rows[row] @ polytope.upper)
        name = f"{quota.category} {quota.value}"
        if quota.least > size:
            said.append(f"{name} asks for at least {quota.least} of a panel of {size}.")
        elif there < quota.least:
            said.append(f"{name} asks for at least {quota.least} and the pool has {there or 'nobody'}.")
        elif most < quota.least:
            said.append(f"{name} asks for at least {quota.least} and households allow {most} of {there}.")
    return said


def _sums(quotas: Sequence[Quota], size: int) -> list[str]:
    """What the quotas of one category show together."""
    said = []
    for category in dict.fromkeys(quota.category for quota in quotas):
        least = sum(quota.least for quota in quotas if quota.category == category)
        most = sum(quota.most for quota in quotas if quota.category == category)
        if least > size:
            said.append(f"The minima of {category} add up to {least}: more than the {size} people of the panel.")
        if most < size:
            said.append(f"The maxima of {category} add up to {most}: fewer than the {size} people of the panel.")
    return said


def _percent(quotas: Sequence[Quota], size: int) -> bool:
    """Whether some category would not do for this panel, and each such category would do for a hundred."""
    sums = [
        [sum(end) for end in zip(*((q.least, q.most) for q in quotas if q.category == category), strict=True)]
        for category in dict.fromkeys(quota.category for quota in quotas)
    ]
    misfit = [(least, most) for least, most in sums if not least <= size <= most]
    return bool(misfit) and all(least <= 100 <= most for least, most in misfit)


def _together(polytope: Polytope, quotas: Sequence[Quota], changes: Sequence[Change]) -> list[str]:
    """For each quota that would change: what the pool can give while every other quota is kept."""
    said = []
    every = whole_face(polytope)
    for change in changes:
        row = 1 + list(quotas).index(change.quota)
        least, most = every.least.copy(), every.most.copy()
        least[row], most[row] = 0, polytope.most[0]
        face = Face(every.lower, every.upper, least, most)
        low = change.least < change.quota.least
        worth = polytope.rows[row] * (1.0 if low else -1.0)
        point, _ = best_point(polytope, face, worth)
        name = f"{change.quota.category} {change.quota.value}"
        asked = f"at least {change.quota.least}" if low else f"at most {change.quota.most}"
        if point is not None:
            given = round(float(polytope.rows[row] @ point))
            extreme = f"at most {given}" if low else f"no fewer than {given}"
            said.append(f"{name} asks for {asked}; together with all the other quotas the pool can give {extreme}.")
        else:
            said.append(f"{name} asks for {asked}, which cannot be had together with the other quotas.")
    return said


def _smallest_changes(polytope: Polytope, quotas: Sequence[Quota]) -> tuple[Change, ...]:
    """The changes of one whole programme: x, then how far each minimum falls and each maximum rises, then whether."""
    count, many, size = len(polytope.people), len(quotas), int(polytope.least[0])
    rows, zeros, one = polytope.rows.astype(float), np.zeros((many, many)), np.eye(many)
    quota_rows = rows[1 : many + 1]
    others = np.vstack([rows[:1], rows[many + 1 :]])
    blank = np.zeros((len(others), 4 * many))
    low = np.array([quota.least for quota in quotas], dtype=float)
    high = np.array([quota.most for quota in quotas], dtype=float)
    furthest = np.maximum(size, np.maximum(low, size - high))  # a minimum may be far above the size of the panel
    table = np.vstack(
        [
            np.hstack([others, blank]),
            np.hstack([quota_rows, one, zeros, zeros, zeros]),
            np.hstack([quota_rows, zeros, -one, zeros, zeros]),
            np.hstack([np.zeros((many, count)), one, zeros, -np.diag(furthest), zeros]),
            np.hstack([np.zeros((many, count)), zeros, one, zeros, -np.diag(furthest)]),
        ]
    )
    far = np.full(many, np.inf)
    keep = [0, *range(many + 1, len(rows))]
    limits = LinearConstraint(
        table,
        np.concatenate([polytope.least[keep], low, -far, -far, -far]),
        np.concatenate([polytope.most[keep], far, high, np.zeros(2 * many)]),
    )
    cost = np.concatenate([np.zeros(count), np.full(2 * many, 1.0), np.full(2 * many, 1.0 / (4 * many))])
    top = np.concatenate([polytope.upper, np.maximum(low, 0), furthest, np.ones(2 * many)])
    found = whole_programme(cost, np.ones(len(cost), dtype=np.int64), Bounds(np.zeros(len(cost)), top), limits)
    if found.x is None:
        return ()
    moves = np.round(found.x[count : count + 2 * many]).astype(int).tolist()
    return tuple(
        Change(quota, quota.least - fall, quota.most + rise)
        for quota, fall, rise in zip(quotas, moves[:many], moves[many:], strict=True)
        if fall or rise
    )
