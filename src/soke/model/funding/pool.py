"""Pools: authorities treated as one for the levy and the safety net, and how they share what that gains.

    together    R = sum R_a,  F = sum F_a,  LR = min(cap, max(0, 1 - sum F0 / sum B0))      graduated: bands on sum F
    gain        = (R - levy + safety net) together  -  sum over members of the same alone
                = levies alone - levy together - (safety nets alone - safety net together)

A district with a high tariff gains beside a county with a top-up: the pool's rate is low. The pool loses where a member
would have had a safety net: together, income must fall much further.

Sharing is a local agreement. Here, in the usual order: each member has what it would have alone (no detriment); a part
of the gain goes to a reserve; the rest goes by fixed shares. A loss is met from the reserve, then by the fixed shares:
there is nobody else to meet it. Law: SI 2013/737; schedule 7B of the Local Government Finance Act 1988.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Floats
from soke.england.places import places
from soke.england.settlement import finance_authorities
from soke.errors import SokeError
from soke.model.funding import levy, safety_net

_ROUNDING = 1e-9
_ELSEWHERE = {"W": "Wales", "S": "Scotland", "N": "Northern Ireland"}


@dataclass(frozen=True, slots=True)
class SingleRate:
    """The levy to 2025-26: one rate from both baselines at the reset, (..., member), GBP million."""

    funding_at_reset: Floats
    rates_baseline: Floats
    cap: float

    def alone(self, income: Floats, funding: Floats) -> Floats:
        return levy.single_rate(income, funding, levy.levy_rate(self.funding_at_reset, self.rates_baseline, self.cap))

    def together(self, income: Floats, funding: Floats) -> Floats:
        rate = levy.levy_rate(self.funding_at_reset.sum(axis=-1), self.rates_baseline.sum(axis=-1), self.cap)
        return levy.single_rate(income.sum(axis=-1), funding.sum(axis=-1), rate)


@dataclass(frozen=True, slots=True)
class Graduated:
    """The levy from 2026-27: bands on the baseline funding level, of each member or of the sum."""

    schedule: levy.Schedule

    def alone(self, income: Floats, funding: Floats) -> Floats:
        return levy.graduated(income, funding, self.schedule)

    def together(self, income: Floats, funding: Floats) -> Floats:
        return levy.graduated(income.sum(axis=-1), funding.sum(axis=-1), self.schedule)


@dataclass(frozen=True, slots=True)
class PooledYear:
    """A year of a pool beside the same year alone, GBP million: (..., member) alone, (...) together."""

    income: Floats  # (..., member) after tariff or top-up
    alone_levy: Floats
    alone_safety_net: Floats
    levy: Floats
    safety_net: Floats

    @property
    def alone(self) -> Floats:
        """What each member would keep alone."""
        return np.asarray(self.income - self.alone_levy + self.alone_safety_net)

    @property
    def retained(self) -> Floats:
        """What the pool keeps."""
        return np.asarray(self.income.sum(axis=-1) - self.levy + self.safety_net)

    @property
    def gain(self) -> Floats:
        """What pooling adds; below nought where it costs more in safety nets than it saves in levies."""
        return np.asarray(self.retained - self.alone.sum(axis=-1))


@dataclass(frozen=True, slots=True)
class Shared:
    """Who has what the pool keeps, GBP million."""

    received: Floats  # (..., member)
    reserve: Floats  # (...) at the end of the year
    shortfall: Floats  # (...) what no-detriment lacks, borne by the members


@dataclass(frozen=True, slots=True)
class Pool:
    """An agreement. ``members`` are codes, ``fixed`` their shares of what is left, ``reserve_share`` of a gain, 0 to 1.

    SokeError where it has fewer than two members, one twice or outside England, or shares that do not sum to one.
    """

    name: str
    members: tuple[str, ...]
    fixed: tuple[float, ...]
    reserve_share: float = 0.0

    def __post_init__(self) -> None:
        _members(self.name, self.members)
        if len(self.fixed) != len(self.members):
            raise SokeError(
                f"The pool {self.name} has {len(self.members)} members and {len(self.fixed)} shares.",
                "Give one share for each member, in the same order.",
            )
        whole = sum(self.fixed)
        if not all(share >= 0 for share in self.fixed) or abs(whole - 1) > _ROUNDING:
            said = ", ".join(f"{_name(c)} {s:g}" for c, s in zip(self.members, self.fixed, strict=True))
            raise SokeError(f"The shares of the pool {self.name} sum to {whole:g}: {said}.", "Let them sum to 1.")
        if not 0 <= self.reserve_share <= 1:
            raise SokeError(
                f"The pool {self.name} puts {self.reserve_share:g} of its gain in reserve.", "Give a share from 0 to 1."
            )

    def positions(self, codes: Sequence[str]) -> NDArray[np.intp]:
        """Where the members stand among the authorities of a run. SokeError for one that is not there."""
        for code in self.members:
            if code not in codes:
                raise SokeError(
                    f"{_name(code)} ({code}), in the pool {self.name}, is not among the authorities here.",
                    "Leave it out or add it.",
                )
        return np.array([codes.index(code) for code in self.members], dtype=np.intp)


def _members(name: str, members: Sequence[str]) -> None:
    if not members:
        raise SokeError(f"The pool {name} has no members.", "Name at least two authorities by their codes.")
    seen: set[str] = set()
    for code in members:
        if code in seen:
            raise SokeError(f"{_name(code)} ({code}) is in the pool {name} twice.", "Name each member once.")
        seen.add(code)
        if code[:1] in _ELSEWHERE and code[1:].isdigit():
            raise SokeError(
                f"{code}, in the pool {name}, is in {_ELSEWHERE[code[0]]}.",
                "Business rates pools are for authorities in England.",
            )
        if code not in finance_authorities() and places().get(code) is None:
            raise SokeError(f"{code}, in the pool {name}, is no authority that Soke knows.", "Check the code.")
    if len(members) == 1:
        raise SokeError(f"The pool {name} has one member, {_name(members[0])}.", "Name at least two authorities.")


def _name(code: str) -> str:
    known = finance_authorities().get(code)
    return known.name if known else places().name(code)


def settle(income: Floats, funding: Floats, rule: SingleRate | Graduated, safe: float) -> PooledYear:
    """A year together and alone. ``income`` and ``funding`` (..., member): retained income and baseline funding level
    of the year, GBP million; ``safe``: the share of the baseline that is safe.
    """
    income, funding = np.broadcast_arrays(income, funding)
    return PooledYear(
        income=income,
        alone_levy=rule.alone(income, funding),
        alone_safety_net=safety_net.payment(income, funding, safe),
        levy=rule.together(income, funding),
        safety_net=safety_net.payment(income.sum(axis=-1), funding.sum(axis=-1), safe),
    )


def share(outcome: PooledYear, pool: Pool, reserve: Floats | float = 0.0) -> Shared:
    """Each member's money. ``reserve`` (...): what is held before the year, GBP million."""
    gain = outcome.gain
    fixed = np.array(pool.fixed)
    won, lost = np.maximum(gain, 0.0), np.maximum(-gain, 0.0)
    drawn = np.minimum(lost, reserve)
    kept_back = pool.reserve_share * won
    shared_out = won - kept_back - (lost - drawn)
    return Shared(
        received=np.asarray(outcome.alone + shared_out[..., None] * fixed),
        reserve=np.asarray(reserve + kept_back - drawn),
        shortfall=np.asarray(lost - drawn),
    )
