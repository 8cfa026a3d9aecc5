"""Transition: from old to new shares over three years, nobody below a floor.

    blend_i,t = (1 - w_t) old_i + w_t new_i,    w = 1/3, 2/3, 1
    amount_i,t = max(blend_i,t x rate, floor_i x amount_i,t-1),    sum_i amount_i,t = pot_t

The floor is a share of last year's cash (0.95 or 1), one a group of authorities, as data. It is paid for by all who are
not at it, in proportion to their blend: through the allocator, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.model.funding.allocator import Allocation, Flags, allocate
from soke.model.funding.dated import Rules, rules

WEIGHT = "fair_funding.transition.weight"
FLOOR = "fair_funding.floor"
WHOLE = 1e-6


@dataclass(frozen=True, slots=True)
class Phase:
    """One year: ``amounts`` (..., authority) GBP million, who is at the floor, and what the floor costs the others.

    ``cost`` (...) GBP million is what those at the floor have above their blend.
    """

    year: int
    weight: float
    amounts: Floats
    at_floor: Flags
    cost: Floats

    def held(self, names: Sequence[str]) -> tuple[str, ...]:
        """Who is at the floor (over draws: in any of them)."""
        flags = self.at_floor.reshape(-1, self.at_floor.shape[-1])
        return tuple(name for i, name in enumerate(names) if flags[:, i].any())


def blend(old: ArrayLike, new: ArrayLike, weight: ArrayLike) -> Floats:
    """The bare kernel: shares ``weight`` of the way from ``old`` to ``new``, each (..., authority)."""
    before, after = np.asarray(old, np.float64), np.asarray(new, np.float64)
    return np.asarray(before + np.asarray(weight, np.float64) * (after - before))


def weight(year: int, law: Rules | None = None) -> float:
    """How far from old to new in ``year``, a share. SokeError for a year outside the transition."""
    return (law or rules()).value(WEIGHT, year)


def floors(kinds: Sequence[str], codes: Sequence[str], year: int, law: Rules | None = None) -> Floats:
    """The floor of each authority, a share of last year's cash: its own, its class's, or everybody's."""
    held = law or rules()
    rows = [r for r in held.rows.get(FLOOR, ()) if r.first <= year <= r.last]
    own = {r.who for r in rows}
    return np.array([held.value(FLOOR, year, code if code in own else kind)
                     for kind, code in zip(kinds, codes, strict=True)])  # fmt: skip


def phase(
    year: int,
    pot: ArrayLike,
    old: ArrayLike,
    new: ArrayLike,
    last_year: ArrayLike,
    floor: ArrayLike,
    names: Sequence[str] | None = None,
    law: Rules | None = None,
) -> Phase:
    """One year of the transition.

    ``pot`` (() or (draw,)) and ``last_year`` (..., authority) GBP million; ``old`` and ``new`` shares that sum to one;
    ``floor`` a share of last year's cash, one or (authority,). SokeError for infeasible floors names the largest.
    """
    w = weight(year, law)
    for shares, what in ((old, "Old"), (new, "New")):
        total = np.asarray(shares, np.float64).sum(axis=-1)
        if not (np.abs(total - 1) <= WHOLE).all():
            raise SokeError(f"{what} shares sum to {np.ravel(total)[0]:.6f}, not one.", "Give everybody's share.")
    shares = blend(old, new, w)
    least = np.asarray(floor, np.float64) * np.asarray(last_year, np.float64)
    shared: Allocation = allocate(pot, shares, least, names=names)
    plain = np.asarray(pot, np.float64)[..., None] * shares
    cost = np.where(shared.at_floor, np.maximum(shared.amounts - plain, 0.0), 0.0).sum(axis=-1)
    return Phase(year, w, shared.amounts, shared.at_floor, np.asarray(cost))
