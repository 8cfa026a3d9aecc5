"""Equalisation against growth retention: one engine of which the schemes for sharing taxes are special cases.

With need shares n (summing to one), capacity c (tax raised), and a pot G from outside, three operators:

    base transfer   T_i = n_i (G + sum b) - b_i          at a reset; b_i the base, what is then taken to be raised
    index           T, b -> I T, I b                     each year between resets
    retention       own_i = c_i - (1 - rho) (c_i - b_i)  of a change since the reset, the share rho stays

    resources_i = T_i + own_i - levy_i + safety net_i
    account     = sum (1 - rho) (c - b) + levies - safety nets       what the centre gains, or pays where below nought

A reset every n years moves the base by the part phi of the way to what is raised: all (full), a half (partial), or none
(then only need is brought up to date). A phased reset takes k years, an equal step a year. Levy and safety net work on
resources against T + b, as in business rates. rho = 1 without resets freezes the transfers; rho = 0 with a full reset
each year makes resources proportional to need. What is raised and paid in is always what authorities and the account
have between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.model.funding import levy, safety_net

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Scheme:
    """What of a change stays, and when the base moves.

    ``rho`` share kept between resets, 0 to 1; ``every`` years between resets, None for never; ``phi`` part of the way
    that a reset moves the base, 0 to 1; ``steps`` years that a reset takes, at most ``every``; ``schedule`` and
    ``safe``: levy and safety net, None for none. SokeError where one cannot be.
    """

    rho: float
    every: int | None = None
    phi: float = 1.0
    steps: int = 1
    schedule: levy.Schedule | None = None
    safe: float | None = None

    def __post_init__(self) -> None:
        for name, value in (("rho", self.rho), ("phi", self.phi), ("safe", self.safe)):
            if value is not None and not 0 <= value <= 1:
                raise SokeError(f"{name} of the retention scheme is {value:g}.", "Give a share between 0 and 1.")
        if self.every is not None and self.every < 1:
            raise SokeError(f"The scheme is reset every {self.every} years.", "Give 1 or more, or leave it out.")
        if not 1 <= self.steps <= (self.every or 1):
            raise SokeError(
                f"A reset takes {self.steps} years, and there is one every {self.every or 0}.",
                "Let a reset end before the next begins.",
            )

    def due(self, year: int) -> bool:
        """Whether a reset begins in a year of the run; in year 0 the base is set."""
        return self.every is not None and year > 0 and year % self.every == 0


@dataclass(frozen=True, slots=True)
class Run:
    """Years of a scheme, (year, ..., authority), GBP million; ``account`` (year, ...)."""

    resources: Floats
    transfers: Floats
    own: Floats
    base: Floats
    account: Floats


def base_transfer(need: Floats, base: Floats, grant: Floats | float) -> Floats:
    """T, (..., authority): brings each to its share of ``grant`` (...) and of all bases. ``need`` shares sum to one."""
    pot = np.asarray(grant + np.sum(base, axis=-1))
    return np.asarray(need * pot[..., None] - base)


def own(capacity: Floats, base: Floats, rho: Floats | float) -> Floats:
    """What is kept of what is raised, (..., authority)."""
    return np.asarray(capacity - (1.0 - np.asarray(rho)) * (capacity - base))


def run(need: Floats, capacity: Floats, grant: Floats, index: Floats, scheme: Scheme) -> Run:
    """The scheme over years.

    ``capacity`` (year, ..., authority), GBP million; ``need`` the same shape or (year, authority), shares that sum to
    one; ``grant`` (year,): the pot that a reset begun in that year shares out, indexed after; ``index`` (year,): I of
    each year, that of year 0 unused. SokeError where shapes differ, need does not sum to one, or capacity is negative.
    """
    needs = _needs(need, capacity)
    _check(needs, capacity, grant, index)
    base = target = capacity[0]
    transfer = aim = base_transfer(needs[0], base, grant[0])
    left = 0
    out: list[tuple[Floats, ...]] = []
    for year, raised in enumerate(capacity):
        if year:
            base, target, transfer, aim = (x * index[year] for x in (base, target, transfer, aim))
        if scheme.due(year):
            target = base + scheme.phi * (raised - base)
            aim, left = base_transfer(needs[year], target, grant[year]), scheme.steps
        if left:
            base, transfer = base + (target - base) / left, transfer + (aim - transfer) / left
            left -= 1
        out.append(_year(raised, base, transfer, scheme))
    stacked = [np.stack(part) for part in zip(*out, strict=True)]
    return Run(*stacked)


def _year(raised: Floats, base: Floats, transfer: Floats, scheme: Scheme) -> tuple[Floats, ...]:
    """Resources, transfers, own, base and account of a year."""
    kept = own(raised, base, scheme.rho)
    before, secured = transfer + kept, transfer + base
    account = (raised - kept).sum(axis=-1)
    resources = before
    if scheme.schedule is not None:
        taken = levy.graduated(before, secured, scheme.schedule)
        resources, account = resources - taken, account + taken.sum(axis=-1)
    if scheme.safe is not None:
        paid = safety_net.payment(before, secured, scheme.safe)
        resources, account = resources + paid, account - paid.sum(axis=-1)
    return resources, np.broadcast_to(transfer, raised.shape), kept, np.broadcast_to(base, raised.shape), account


def horizon_value(scheme: Scheme, year: int, end: int) -> float:
    """What GBP 1 of lasting growth that begins in ``year`` brings until the base moves for it, or ``end`` (exclusive).

    A full reset takes all of it, a partial one the part phi, and what is left is kept on to ``end``. Without levy.
    """
    whole, held = 0.0, 1.0 if year else 0.0  # the base of year 0 is what is raised then
    left, step = 0, 0.0
    for t in range(year, end):
        # A reset in the year in which growth begins counts what is then raised.
        if scheme.due(t):
            left, step = scheme.steps, held * scheme.phi / scheme.steps
        if left:
            held, left = held - step, left - 1
        whole += scheme.rho * held
    return whole


def marginal_pence(scheme: Scheme, resources_to_secured: float = 1.0) -> float:
    """Pence that stay of the next pound, in a year without a reset.

    ``resources_to_secured``: where the authority stands before levy and safety net, as a multiple of T + b.
    """
    taken = 0.0
    if scheme.schedule is not None:
        taken = float(levy.marginal_rate(np.array(resources_to_secured), np.array(1.0), scheme.schedule))
    safe = scheme.safe is not None and resources_to_secured < scheme.safe
    return 0.0 if safe else 100.0 * scheme.rho * (1.0 - taken)


def relative(resources: Floats, need: Floats) -> Floats:
    """(resources / need) / mean, (..., authority): 1 where resources are in proportion to need."""
    return np.asarray(resources / (need * resources.sum(axis=-1, keepdims=True)) * need.sum(axis=-1, keepdims=True))


def divergence(resources: Floats, need: Floats, percentiles: Sequence[float] = (5, 25, 50, 75, 95)) -> Floats:
    """Percentiles over authorities of resources against need, (percentile, ...)."""
    return np.asarray(np.percentile(relative(resources, need), percentiles, axis=-1))


def share_within(resources: Floats, need: Floats, band: float = 0.02) -> Floats:
    """The share of authorities whose resources are within ``band`` of their need share, (...)."""
    return np.asarray((np.abs(relative(resources, need) - 1.0) <= band).mean(axis=-1))


def _needs(need: Floats, capacity: Floats) -> Floats:
    """(year, ..., authority) from the same or from (year, authority)."""
    if need.shape == capacity.shape:
        return need
    if need.shape == (capacity.shape[0], capacity.shape[-1]):
        middle = (1,) * (capacity.ndim - 2)
        return need.reshape(need.shape[0], *middle, need.shape[1])
    raise SokeError(
        f"Need has the shape {need.shape}, capacity {capacity.shape}.",
        "Give need by year and authority, or in the shape of capacity.",
    )


def _check(needs: Floats, capacity: Floats, grant: Floats, index: Floats) -> None:
    years = capacity.shape[0]
    if grant.shape != (years,) or index.shape != (years,):
        raise SokeError(
            f"There are {years} years of capacity, {grant.size} of grant and {index.size} of index.",
            "Give one grant and one index a year.",
        )
    if not np.all(capacity >= 0):
        where = np.argwhere(~(capacity >= 0))[0]
        raise SokeError(
            f"Capacity is {capacity[tuple(where)]:g} for authority {where[-1] + 1} in year {where[0]}.",
            "Give GBP million, nought or more.",
        )
    off = np.abs(needs.sum(axis=-1) - 1.0)
    if not np.all(needs >= 0) or not np.all(off <= _ROUNDING):
        raise SokeError(
            f"Need shares miss a sum of 1 by up to {off.max():g}.", "Let each year's sum to 1, none below 0."
        )
