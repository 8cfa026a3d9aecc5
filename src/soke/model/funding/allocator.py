"""The one allocator: share a pot in proportion to weights, nobody below a floor or above a cap.

    x_i = clip(rate w_i, floor_i, cap_i),   sum_i x_i = pot

The sum on the left rises with ``rate`` in straight pieces that bend where a member leaves its floor (floor_i / w_i) or
meets its cap (cap_i / w_i). Sort the bends, find the two neighbours that hold the pot by halving (ten sums for 383
members with floor and cap), and solve that one straight piece: exact and finite. Rounding goes to the free member with
the largest amount.

A member of weight nought takes its floor. Where no floor or cap binds this is plain sharing by weight.
:func:`allocate_pence` does the same in whole pence and exact fractions, by largest remainder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from soke.england.baseline import Floats
from soke.errors import SokeError

Flags = NDArray[np.bool_]
Weight = Fraction | int | float

SLACK = 1e-9  # floors or caps that miss the pot by less than this share of it are rounding, not infeasible
BLOCK = 128  # draws at a time: what the sort works on stays in a core's cache
NAMED = 3  # how many members an error names


@dataclass(frozen=True, slots=True)
class Allocation:
    """``amounts`` (..., authority) in the pot's unit; ``rate`` (...) is what one unit of weight earns where free.

    ``at_floor`` and ``at_cap`` (..., authority): the floor or cap decides the amount, not the weight.
    """

    amounts: Floats
    at_floor: Flags
    at_cap: Flags
    rate: Floats

    def explain(self, names: Sequence[str]) -> tuple[str, ...]:
        """One sentence a member: its amount, and whether weight, floor or cap decides it (over draws: how often)."""
        amounts = self.amounts.reshape(-1, self.amounts.shape[-1])
        floor, cap = self.at_floor.reshape(amounts.shape), self.at_cap.reshape(amounts.shape)
        draws = len(amounts)
        lines = []
        for i, name in enumerate(names):
            held = [(int(floor[:, i].sum()), "at its floor"), (int(cap[:, i].sum()), "at its cap")]
            how = [words if draws == 1 else f"{words} in {n:,} of {draws:,} draws" for n, words in held if n]
            mean = "" if draws == 1 else "on average "
            lines.append(f"{name}: {mean}{amounts[:, i].mean():,.3f}, {' and '.join(how) or 'by its weight'}.")
        return tuple(lines)


def allocate(
    pot: ArrayLike,
    weights: ArrayLike,
    floor: ArrayLike = 0.0,
    cap: ArrayLike = np.inf,
    names: Sequence[str] | None = None,
) -> Allocation:
    """Share ``pot`` (() or (draw,)) by ``weights`` ((authority,) or (draw, authority)) between ``floor`` and ``cap``.

    ``floor`` and ``cap`` are one figure, (authority,) or (draw, authority), in the pot's unit; floors are not negative.
    Amounts sum to the pot to float precision. SokeError names who is wrong and by how much: a weight or floor that is
    negative or not a number, a floor above its cap, floors above the pot, or caps (with the floors of those of weight
    nought) below it.
    """
    w, p = np.asarray(weights, np.float64), np.asarray(pot, np.float64)
    f, c = np.asarray(floor, np.float64), np.asarray(cap, np.float64)
    if w.ndim == 0 or w.shape[-1] == 0:
        raise SokeError("There is nobody to share the pot between.", "Give at least one weight.")
    try:
        if p.ndim > 1 or max(w.ndim, f.ndim, c.ndim) > 2:
            raise ValueError
        np.broadcast_shapes(w.shape, f.shape, c.shape, (p.size, w.shape[-1]) if p.ndim else w.shape)
    except ValueError:
        shapes = ", ".join(str(array.shape) for array in (p, w, f, c))
        raise SokeError(
            f"Pot, weights, floors and caps do not fit each other: {shapes}.", "Give one of each a member and a draw."
        ) from None
    _check(p, w, f, c, names)
    single = p.ndim == 0 and max(w.ndim, f.ndim, c.ndim) < 2
    rows = [np.atleast_2d(array) for array in (w, f, c)]
    amounts, at_floor, at_cap, rate = share(p.reshape(-1), rows[0], rows[1], rows[2])
    if single:
        return Allocation(amounts[0], at_floor[0], at_cap[0], rate[0])
    return Allocation(amounts, at_floor, at_cap, rate)


def share(pot: Floats, weights: Floats, floor: Floats, cap: Floats) -> tuple[Floats, Flags, Flags, Floats]:
    """The bare kernel: amounts, at floor, at cap (each (draw, authority)) and rate (draw,); the input is feasible.

    ``pot`` (draw,) or (1,); the others (draw or 1, authority or 1).
    """
    draws = max(len(array) for array in (pot, weights, floor, cap))
    shape = (draws, max(array.shape[-1] for array in (weights, floor, cap)))
    amounts, rate = np.empty(shape), np.empty(draws)
    at_floor, at_cap = np.empty(shape, bool), np.empty(shape, bool)
    for first in range(0, draws, BLOCK):
        rows = slice(first, first + BLOCK)
        part = [array if len(array) == 1 else array[rows] for array in (pot, weights, floor, cap)]
        _block(part, amounts[rows], at_floor[rows], at_cap[rows], rate[rows])
    return amounts, at_floor, at_cap, rate


def _block(part: Sequence[Floats], amounts: Floats, at_floor: Flags, at_cap: Flags, rate: Floats) -> None:
    """A block of draws, into the arrays given: plain sharing first, bends only where a floor or cap binds."""
    pot, weights, floor, cap = part
    total = weights.sum(axis=-1)
    rate[:] = np.divide(pot, total, out=np.zeros(np.broadcast_shapes(pot.shape, total.shape)), where=total > 0)
    np.multiply(rate[:, None], weights, out=amounts)
    np.less(amounts, floor, out=at_floor)
    np.greater(amounts, cap, out=at_cap)
    if at_floor.any() or at_cap.any():
        rate[:] = _rate(pot, weights, floor, cap)
        np.multiply(rate[:, None], weights, out=amounts)
        np.less(amounts, floor, out=at_floor)
        np.greater(amounts, cap, out=at_cap)
        np.clip(amounts, floor, cap, out=amounts)
    _settle(amounts, pot, at_floor, at_cap)


def _rate(pot: Floats, w: Floats, floor: Floats, cap: Floats) -> Floats:
    """The rate (draw,) at which the clipped sum meets the pot."""
    capped = bool(np.isfinite(cap).any())  # without caps half the bends are not there to sort
    with np.errstate(divide="ignore", invalid="ignore"):
        leaves = floor / w  # from this rate on a member has more than its floor; infinite or NaN without weight
        meets = cap / w if capped else np.full((1, 1), np.inf)
    bends = np.sort(_finite([leaves, meets] if capped else [leaves]), axis=-1)
    start, end, given = _piece(bends, pot, w, floor, cap if capped else None)
    free = leaves <= start[:, None]
    if capped:
        free &= meets >= end[:, None]
    weight = (free * w).sum(axis=-1)
    rate = start + np.divide(pot - given, weight, out=np.zeros_like(start), where=weight > 0)
    return np.asarray(np.clip(rate, start, end))


def _finite(bends: Sequence[Floats]) -> Floats:
    """All bends of a draw in one row; one that is never met becomes a bend at nought, where nothing turns."""
    shape = np.broadcast_shapes(*(array.shape for array in bends))
    row = np.concatenate([np.broadcast_to(array, shape) for array in bends], axis=-1)
    row[~np.isfinite(row)] = 0.0
    return row


def _piece(bends: Floats, pot: Floats, w: Floats, floor: Floats, cap: Floats | None) -> tuple[Floats, Floats, Floats]:
    """The two neighbouring bends that hold the rate, and what is given out at the first, each (draw,).

    Halves the sorted bends until two are left. Each sum is taken afresh, so that no rounding runs along the row.
    """
    size = bends.shape[-1]
    draws = max(len(array) for array in (pot, w, bends))
    row = np.arange(draws) if len(bends) > 1 else np.zeros(draws, int)
    low, high = np.zeros(draws, int), np.full(draws, size)
    best = np.broadcast_to(floor, (draws, w.shape[-1])).sum(axis=-1)
    amounts = np.empty((draws, w.shape[-1]))
    for _ in range(size.bit_length()):
        middle = (low + high) // 2
        np.multiply(bends[row, middle][:, None], w, out=amounts)
        np.maximum(amounts, floor, out=amounts)
        if cap is not None:
            np.minimum(amounts, cap, out=amounts)
        given = amounts.sum(axis=-1)
        enough = given <= pot
        low, high, best = np.where(enough, middle, low), np.where(enough, high, middle), np.where(enough, given, best)
    end = np.where(high < size, bends[row, np.minimum(high, size - 1)], np.inf)
    return bends[row, low], end, best


def _settle(amounts: Floats, pot: Floats, at_floor: Flags, at_cap: Flags) -> None:
    """Give the last rounding to the free member with the largest amount, the first of equals, in place."""
    left = pot - amounts.sum(axis=-1)
    row = np.flatnonzero(left)
    if len(row):
        held = amounts[row]
        held[at_floor[row] | at_cap[row]] = -1.0
        who = held.argmax(axis=-1)
        free = held[np.arange(len(row)), who] > 0
        amounts[row[free], who[free]] += left[row[free]]


# What is wrong, and whose


def _check(pot: Floats, w: Floats, floor: Floats, cap: Floats, names: Sequence[str] | None) -> None:
    for array, what in ((w, "weight"), (floor, "floor"), (cap, "cap")):
        if not (array.min() >= 0 and (what == "cap" or array.max() < np.inf)):  # NaN fails too
            who, value = _first(~((array >= 0) & ((what == "cap") | np.isfinite(array))), array, names)
            raise SokeError(f"The {what} of {who} is {value}.", f"A {what} is a number, nought or more.")
    if not np.isfinite(pot).all():
        raise SokeError("The pot is not a number.", "Give the amount to share.")
    if (floor > cap).any():
        wrong = floor > cap
        who, least = _first(wrong, np.broadcast_to(floor, wrong.shape), names)
        _, most = _first(wrong, np.broadcast_to(cap, wrong.shape), names)
        raise SokeError(f"The floor of {who}, {least}, is above its cap, {most}.", "Lower the floor or raise the cap.")
    if (floor == 0).all() and np.isinf(cap).all() and (pot >= 0).all() and (w.sum(axis=-1) > 0).all():
        return
    low = np.broadcast_to(floor, np.broadcast_shapes(w.shape, floor.shape))
    high = np.where(w > 0, cap, floor)
    slack = SLACK * np.maximum(np.abs(pot), 1e-6)
    over, short = low.sum(axis=-1) - pot, pot - high.sum(axis=-1)
    if (over > slack).any():
        _infeasible("floors", "more", over, pot, low, names)
    if (short > slack).any():
        _infeasible("caps", "less", short, pot, high, names)


def _infeasible(what: str, how: str, by: Floats, pot: Floats, bounds: Floats, names: Sequence[str] | None) -> NoReturn:
    worst = int(np.argmax(by))
    rows = np.atleast_2d(bounds)
    row = rows[worst % len(rows)]
    amount = float(np.broadcast_to(pot, np.shape(by)).reshape(-1)[worst])
    largest = np.argsort(-row, kind="stable")[:NAMED]
    who = ", ".join(f"{_name(int(i), names)} {row[i]:,.6g}" for i in largest)
    draw = f"In draw {worst} the" if by.ndim else "The"
    weightless = "" if what == "floors" else " (members of weight nought only take their floor)"
    raise SokeError(
        f"{draw} {what} sum to {row.sum():,.6g}, {how} than the pot of {amount:,.6g} by {by.reshape(-1)[worst]:,.6g}"
        f"{weightless}.",
        f"The largest are {who}. {'Lower floors or raise' if what == 'floors' else 'Raise caps or lower'} the pot.",
    )


def _first(wrong: Flags, values: Floats, names: Sequence[str] | None) -> tuple[str, str]:
    if wrong.ndim == 0:
        return "everybody", f"{float(values):,.6g}"
    at = tuple(int(i[0]) for i in np.nonzero(wrong))
    draw = f" in draw {at[0]}" if len(at) > 1 else ""
    return _name(at[-1], names) + draw, f"{float(values[at]):,.6g}"


def _name(i: int, names: Sequence[str] | None) -> str:
    return names[i] if names is not None else f"member {i}"


# Whole pence


def allocate_pence(
    pot: int,
    weights: Sequence[Weight],
    floors: Sequence[int] | int = 0,
    caps: Sequence[int | None] | None = None,
    names: Sequence[str] | None = None,
) -> tuple[int, ...]:
    """Share ``pot`` whole pence exactly: the same rule in fractions, then largest remainder, ties in the order given.

    ``floors`` and ``caps`` are whole pence (a cap may be None: no cap). Weights are taken exactly, a float by its
    binary value. SokeError as :func:`allocate`.
    """
    w = [_exact(x, i, names) for i, x in enumerate(weights)]
    low = [floors] * len(w) if isinstance(floors, int) else list(floors)
    high = [None] * len(w) if caps is None else list(caps)
    if not len(w) == len(low) == len(high) or not w:
        raise SokeError(f"{len(w)} weights, {len(low)} floors, {len(high)} caps.", "Give one of each a member.")
    for i, (least, most) in enumerate(zip(low, high, strict=True)):
        if least < 0:
            raise SokeError(f"The floor of {_name(i, names)} is {least} pence.", "A floor is nought or more.")
        if most is not None and least > most:
            raise SokeError(f"The floor of {_name(i, names)}, {least} pence, is above its cap, {most}.", "Lower it.")
    if sum(low) > pot:
        raise SokeError(f"The floors sum to {sum(low):,} pence, {sum(low) - pot:,} above the pot.", "Lower floors.")
    if all(most is not None or not x for x, most in zip(w, high, strict=True)):
        able = sum((most if x and most is not None else least) for x, least, most in zip(w, low, high, strict=True))
        if able < pot:
            raise SokeError(f"The caps sum to {able:,} pence, {pot - able:,} below the pot.", "Raise caps.")
    return _largest_remainder(pot, _fractions(pot, w, low, high))


def _exact(weight: Weight, i: int, names: Sequence[str] | None) -> Fraction:
    try:
        exact = Fraction(weight)
    except (ValueError, OverflowError):
        exact = Fraction(-1)
    if exact < 0:
        raise SokeError(f"The weight of {_name(i, names)} is {weight}.", "A weight is a number, nought or more.")
    return exact


def _fractions(pot: int, w: Sequence[Fraction], low: Sequence[int], high: Sequence[int | None]) -> list[Fraction]:
    """The exact amounts: walk the sorted bends until the pot is met."""
    turns = [(least / x, x) for x, least in zip(w, low, strict=True) if x]
    turns += [(most / x, -x) for x, most in zip(w, high, strict=True) if x and most is not None]
    left, at, slope, rate = Fraction(pot - sum(low)), Fraction(0), Fraction(0), Fraction(0)
    for bend, turn in [*sorted(turns), (None, Fraction(0))]:
        if bend is None or left <= slope * (bend - at):
            rate = at + (left / slope if slope else 0)
            break
        left, at, slope = left - slope * (bend - at), bend, slope + turn
    raw = [max(rate * x, Fraction(least)) for x, least in zip(w, low, strict=True)]
    return [x if most is None else min(x, Fraction(most)) for x, most in zip(raw, high, strict=True)]


def _largest_remainder(pot: int, exact: Sequence[Fraction]) -> tuple[int, ...]:
    amounts = [x.numerator // x.denominator for x in exact]
    first = sorted(range(len(exact)), key=lambda i: (amounts[i] - exact[i], i))
    for i in first[: pot - sum(amounts)]:
        amounts[i] += 1
    return tuple(amounts)
