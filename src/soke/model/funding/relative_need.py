"""Relative need: each authority's share of England's need, from its shares of each service block and its costs.

    need_i = sum_b weight_b s_ib c_ib / sum_jb weight_b s_jb c_jb

s_ib is the share of block b that its formula gives authority i, c_ib the area cost adjustment (labour and premises;
one where there is none), weight_b the block's part of national need. The published formulas of Fair Funding Review 2.0
have the blocks of :data:`BLOCKS`; their coefficients and weights are in annexes that are not to hand, so shares and
weights are data that the caller brings. Until then :func:`from_baseline` says what need the last published settlement
implies: the share of all resources, grant and notional council tax, that each authority then had.

    r_i = (SFA_i + CTN_i) / sum_j (SFA_j + CTN_j)

It is an estimate, and holds for need what the settlement of that year held: protection, damping, and no formula since
2013-14.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from soke.england.baseline import Floats, Grade
from soke.errors import SokeError

# The service blocks of the review, named as it names them; which tier provides each.
BLOCKS: Mapping[str, str] = {
    "adult_social_care_younger": "upper",
    "adult_social_care_older": "upper",
    "children_and_young_people": "upper",
    "foundation_upper": "upper",
    "foundation_lower": "lower",
    "fire_and_rescue": "fire",
    "highways_maintenance": "upper",
    "home_to_school_transport": "upper",
    "temporary_accommodation": "lower",
}
WHOLE = 1e-6  # shares of a block may miss one by this much


@dataclass(frozen=True, slots=True)
class Need:
    """``share`` (..., authority) sums to one; ``grade`` and ``source`` say what it rests on."""

    share: Floats
    grade: Grade
    source: str


def combined(
    shares_by_block: Mapping[str, ArrayLike],
    block_weights: Mapping[str, float],
    area_cost: Mapping[str, ArrayLike] | ArrayLike = 1.0,
    names: Sequence[str] | None = None,
) -> Floats:
    """Need shares (..., authority): blocks weighted, each share times its area cost, the whole scaled to one.

    ``shares_by_block`` (..., authority), each sums to one; ``block_weights`` nought or more, of any sum; ``area_cost``
    one figure or (..., authority) for all blocks, or a mapping of them by block. SokeError for a block without weight
    (or the reverse), shares that do not sum to one, or a share, weight or cost that is negative.
    """
    if set(shares_by_block) != set(block_weights) or not block_weights:
        odd = sorted(set(shares_by_block) ^ set(block_weights)) or ["none at all"]
        raise SokeError(f"Blocks and weights do not match: {', '.join(odd)}.", "Give each block shares and a weight.")
    costs = area_cost if isinstance(area_cost, Mapping) else dict.fromkeys(shares_by_block, area_cost)
    missing = sorted(set(shares_by_block) - set(costs))
    if missing:
        raise SokeError(f"No area cost for {', '.join(missing)}.", "Give one for every block, or one for all.")
    total: Floats = np.zeros(())
    for block, given in shares_by_block.items():
        share, cost = np.asarray(given, np.float64), np.asarray(costs[block], np.float64)
        _check(block, share, cost, float(block_weights[block]), names)
        total = np.asarray(total + block_weights[block] * share * cost)
    whole = total.sum(axis=-1, keepdims=True)
    if (whole <= 0).any():
        raise SokeError("Every block's weight is nought.", "Give at least one block a weight.")
    return np.asarray(total / whole)


def from_baseline(settlement_funding: ArrayLike, notional_tax: ArrayLike, names: Sequence[str] | None = None) -> Need:
    """Need as the last published settlement implies: shares of settlement funding and notional council tax together.

    Both (..., authority), GBP million, of the same authorities. Graded estimate. SokeError where one is negative or
    missing, or all are nought.
    """
    funding, tax = np.asarray(settlement_funding, np.float64), np.asarray(notional_tax, np.float64)
    if funding.shape[-1:] != tax.shape[-1:]:
        raise SokeError(
            f"Settlement funding has {funding.shape[-1]} authorities, notional council tax {tax.shape[-1]}.",
            "Give both for the same authorities.",
        )
    for array, what in ((funding, "settlement funding"), (tax, "notional council tax")):
        _not_negative(array, what, names)
    resources = funding + tax
    total = resources.sum(axis=-1, keepdims=True)
    if (total <= 0).any():
        raise SokeError("Settlement funding and notional council tax are all nought.", "Give a published settlement.")
    return Need(resources / total, "estimate", "need as the last published settlement implies")


def _check(block: str, share: Floats, cost: Floats, weight: float, names: Sequence[str] | None) -> None:
    if not 0 <= weight < np.inf:
        raise SokeError(f"The weight of {block} is {weight}.", "A weight is nought or more.")
    _not_negative(share, f"share of {block}", names)
    _not_negative(cost, f"area cost of {block}", names)
    total = np.atleast_1d(share.sum(axis=-1))
    worst = int(np.argmax(np.abs(total - 1)))
    if abs(total[worst] - 1) > WHOLE:
        raise SokeError(f"Shares of {block} sum to {total[worst]:.6f}, not one.", "Give every authority's share.")


def _not_negative(array: Floats, what: str, names: Sequence[str] | None) -> None:
    bad = ~((array >= 0) & np.isfinite(array))
    if bad.any():
        i = int(np.nonzero(bad)[-1][0]) if array.ndim else 0
        who = names[i] if names is not None and array.ndim else f"member {i}"
        value = array[bad][0] if array.ndim else array
        raise SokeError(f"The {what} of {who} is {float(value):,.6g}.", "Give a number, nought or more.")
