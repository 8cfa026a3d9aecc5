"""The one allocator: share a pot in proportion to weights, nobody below a floor or above a cap.

    x_i = clip(rate w_i, floor_i, cap_i),   sum_i x_i = pot

The sum on the left rises with ``rate`` in straight pieces that bend where a member leaves its floor (floor_i / w_i) or
meets its cap (cap_i / w_i). Sort the bends, add up the pieces, find the piece that holds the pot, solve it: exact and
finite, no iteration. The rate is then computed again from the members who are free, so that rounding in the running
sums does not reach it, and what rounding is left goes to the free member with the largest amount.

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
    _check(p, w, f, c, names)
    one = p.ndim == 0 and max(w.ndim, f.ndim, c.ndim) < 2
    rows = [np.atleast_2d(array) for array in (w, f, c)]
    amounts, at_floor, at_cap, rate = share(p.reshape(-1), rows[0], rows[1], rows[2])
    if one:
        return Allocation(amounts[0], at_floor[0], at_cap[0], rate[0])
    return Allocation(amounts, at_floor, at_cap, rate)


def share(pot: Floats, weights: Floats, floor: Floats, cap: Floats) -> tuple[Floats, Flags, Flags, Floats]:
    """The bare kernel: amounts, at floor, at cap (each (draw, authority)) and rate (draw,); the input is feasible.

    ``pot`` (draw,) or (1,); the others (draw or 1, authority or 1).
    """
    total = weights.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(total > 0, pot / total, 0.0)
    raw = rate[:, None] * weights
    at_floor, at_cap = raw < floor, raw > cap
    binds = bool(at_floor.any() or at_cap.any())
    if binds:
        rate = _rate(pot, weights, floor, cap)
        rate = _again(rate, pot, weights, floor, cap)
        raw = rate[:, None] * weights
        at_floor, at_cap = raw < floor, raw > cap
    amounts = np.clip(raw, floor, cap) if binds else raw
    _settle(amounts, pot, at_floor, at_cap)
    return amounts, at_floor, at_cap, rate


def _rate(pot: Floats, w: Floats, floor: Floats, cap: Floats) -> Floats:
    """The rate at which the clipped sum meets the pot, by sorted bends."""
    shape = np.broadcast_shapes(w.shape, floor.shape, cap.shape)
    w, floor, cap = (np.broadcast_to(array, shape) for array in (w, floor, cap))
    with np.errstate(divide="ignore", invalid="ignore"):
        bends = np.concatenate([np.where(w > 0, floor / w, np.inf), np.where(w > 0, cap / w, np.inf)], axis=-1)
    never = ~np.isfinite(bends)
    last = np.where(never, 0.0, bends).max(axis=-1, keepdims=True)
    np.copyto(bends, np.broadcast_to(last, bends.shape), where=never)
    turn = np.where(never, 0.0, np.concatenate([w, -w], axis=-1))
    order = np.argsort(bends, axis=-1)
    bends, slope = np.take_along_axis(bends, order, -1), np.take_along_axis(turn, order, -1).cumsum(axis=-1)
    gained = np.zeros_like(bends)
    np.cumsum(slope[:, :-1] * np.diff(bends, axis=-1), axis=-1, out=gained[:, 1:])
    above = pot - floor.sum(axis=-1)  # what the pot holds beyond the floors
    piece = np.maximum((gained <= above[:, None]).sum(axis=-1) - 1, 0)[:, None]
    start, at, steep = (_pick(array, piece) for array in (bends, gained, slope))
    step = np.where(steep > 0, (above - at) / np.where(steep > 0, steep, 1.0), 0.0)
    return np.asarray(start + np.maximum(step, 0.0))


def _pick(array: Floats, column: NDArray[np.intp]) -> Floats:
    rows = np.broadcast_to(array, (len(column), array.shape[-1]))
    return np.asarray(np.take_along_axis(rows, column, -1)[:, 0])


def _again(rate: Floats, pot: Floats, w: Floats, floor: Floats, cap: Floats) -> Floats:
    """The rate from its own sets: what the free members have, over their weight. Kept only where it changes no set."""
    raw = rate[:, None] * w
    low, high = (raw < floor) | (w <= 0), raw > cap
    free = np.where(low | high, 0.0, w).sum(axis=-1)
    held = np.where(low, floor, np.where(high, cap, 0.0)).sum(axis=-1)
    better = np.where(free > 0, (pot - held) / np.where(free > 0, free, 1.0), rate)
    return np.asarray(np.where(np.isclose(better, rate, rtol=1e-6, atol=0.0), better, rate))


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
        good = array >= 0 if what == "cap" else (array >= 0) & np.isfinite(array)
        if not good.all():
            who, value = _first(~good, array, names)
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
