"""The chain: one year of local funding for every authority, from the rates collected to what each has to spend.

    income        y = shares x rates collected                       what an authority keeps of what its places pay
    tariff        T = BFL - B                                        top-up above nought; B the rates baseline
    retained      R = y + T - levy + safety net                      levy and safety net by R before both, and BFL
    resources       = R + RSG                                        council tax stands beside it

At a reset the baselines move to what is then collected, and all of it is shared out again with the grant: by relative
need, less what each could raise from council tax at one rate (:mod:`soke.model.funding.resource_adjustment`). Between
resets BFL, T and RSG stand still in real terms. Where an area keeps more than the ordinary half, its grant is rolled
into its baseline by as much, and its tariff moves, so that whoever stands at the baseline gains nothing by it.

The sum over authorities of R, plus the central share, plus levies less safety nets and top-ups, is what was collected:
:func:`treasury` says the central side of it, and tests hold both to the pound.

Arrays are float64, GBP million, (draw, authority) or (draw, place); the first authorities are the places' own billing
authorities in the places' order, then counties, fire, London's and combined authorities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Floats
from soke.model.funding import levy, safety_net
from soke.model.funding.resource_adjustment import wanted

Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who shares in the rates. ``codes`` (authority,), the first of them the places' own."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    places: int
    spread: Floats  # (other, place): share of an upper authority's money by place; rows sum to one

    def by_place(self, money: Floats) -> Floats:
        """(..., authority) money as (..., place): a county's, fire or combined authority's by its spread."""
        return np.asarray(money[..., : self.places] + money[..., self.places :] @ self.spread)


@dataclass(frozen=True, slots=True)
class Terms:
    """The rules of one year on one path. (authority,) arrays unless said otherwise."""

    billing: Floats  # (place,) share of a place's rates that its own authority keeps
    upper: Floats  # (place, other) shares that the others keep
    rolled_in: Floats  # share of the grant that is rolled into the baseline
    levied: Floats  # 1 where the levy is taken
    schedule: levy.Schedule
    safety_net: Floats  # share of the baseline funding level that is safe
    reset: NDArray[np.bool_]  # whose baselines move this year
    pools: tuple[Index, ...] = ()  # members by index; each is treated as one authority

    @property
    def kept_here(self) -> Floats:
        """(place,) the whole local share of a place's rates."""
        return np.asarray(self.billing + self.upper.sum(axis=1))


@dataclass(slots=True)
class Baselines:
    """Where a path's baselines stand, (draw or 1, authority). ``*_half``: on the basis of the ordinary half share."""

    funding_half: Floats
    grant_half: Floats
    rates_half: Floats
    rates_baseline: Floats  # actual shares
    funding: Floats
    grant: Floats
    tariff: Floats  # below nought; top-up above


@dataclass(frozen=True, slots=True)
class Settled:
    """One year of every authority, (draw, authority)."""

    income: Floats  # after tariff or top-up, before levy and safety net
    levy: Floats
    safety_net: Floats
    retained: Floats

    def resources(self, baselines: Baselines) -> Floats:
        """Retained rates and grant; council tax stands beside it."""
        return np.asarray(self.retained + baselines.grant)


def income(collected: Floats, terms: Terms) -> Floats:
    """(draw, authority) from rates collected (draw, place)."""
    places = collected.shape[-1]
    kept = np.empty((*collected.shape[:-1], places + terms.upper.shape[1]))
    np.multiply(collected, terms.billing, out=kept[..., :places])
    np.matmul(collected, terms.upper, out=kept[..., places:])
    return kept


def reset(
    baselines: Baselines | None, expected: Floats, half: Terms, terms: Terms, need: Floats, notional_tax: Floats,
    grant: Floats,
) -> Baselines:  # fmt: skip
    """The baselines after the resets of a year.

    ``expected`` (draw, place): rates expected there; ``half``: the terms of the ordinary half share; ``need``
    (draw or 1, authority), as is ``notional_tax``; ``grant`` (draw or 1, authority): the grant of each before,
    on the half basis, which goes into the pot with the income of those that reset, after their tariffs and top-ups,
    which sum to nought only over all of England. Those whose ``terms.reset`` is false keep their baselines.
    """
    where = terms.reset
    half_income, full_income = income(expected, half), income(expected, terms)
    tariff_half = 0.0 if baselines is None else baselines.funding_half - baselines.rates_half
    shared = np.where(where, half_income + tariff_half, 0.0)
    grants = np.where(where, grant, 0.0)
    local, central = shared.sum(axis=-1, keepdims=True), grants.sum(axis=-1, keepdims=True)
    pot = local + central
    weights = np.where(where, need, 0.0)
    want = wanted(weights / weights.sum(axis=-1, keepdims=True), np.where(where, notional_tax, 0.0), pot[..., 0])
    np.maximum(want, 0.0, out=want)
    wanted_in_all = want.sum(axis=-1, keepdims=True)
    nothing = np.zeros_like(pot)  # a part whose tariffs take all of its income has nothing to share out
    total = want * np.divide(pot, wanted_in_all, out=nothing.copy(), where=wanted_in_all > 0)
    funding_half = total * np.divide(local, pot, out=nothing, where=pot != 0)
    grant_half = total - funding_half
    if baselines is None:
        return stand(funding_half, grant_half, half_income, full_income, terms)
    return stand(
        np.where(where, funding_half, baselines.funding_half),
        np.where(where, grant_half, baselines.grant_half),
        np.where(where, half_income, baselines.rates_half),
        np.where(where, full_income, baselines.rates_baseline),
        terms,
    )


def stand(
    funding_half: Floats, grant_half: Floats, rates_half: Floats, rates_baseline: Floats, terms: Terms
) -> Baselines:
    """Baselines on actual shares: grant rolled in, and the tariff that leaves everyone where they were."""
    rolled = terms.rolled_in * grant_half
    funding = funding_half + rolled
    tariff = funding - rates_baseline
    return Baselines(funding_half, grant_half, rates_half, rates_baseline, funding, grant_half - rolled, tariff)


def change_terms(baselines: Baselines, before: Terms, after: Terms, expected: Floats) -> Baselines:
    """New shares between resets: the rates baseline moves with the share, the tariff with it.

    Neutral at the baseline: whoever stands at it gains nothing. What has grown since the last reset is kept at the new
    share at once.

    ``expected`` (place,) or (draw, place): rates by which a county's share over several places is weighed.
    """
    old, new = income(expected, before), income(expected, after)
    ratio = np.divide(new, old, out=np.zeros(np.broadcast_shapes(old.shape, new.shape)), where=old > 0)
    fresh = np.where((old <= 0) & (new > 0), new, baselines.rates_baseline * ratio)
    return stand(baselines.funding_half, baselines.grant_half, baselines.rates_half, fresh, after)


def move_grant(baselines: Baselines, change: Floats, terms: Terms) -> Baselines:
    """The grant of a year of transition: ``change`` (authority,) on the half basis."""
    if not change.any():
        return baselines
    grant = baselines.grant_half + change
    return stand(baselines.funding_half, grant, baselines.rates_half, baselines.rates_baseline, terms)


def settle(collected: Floats, baselines: Baselines, terms: Terms) -> Settled:
    """What each authority retains of the rates of a year. ``collected`` (draw, place)."""
    before = income(collected, terms)
    before += baselines.tariff
    taken = levy.graduated(before, baselines.funding, terms.schedule)
    taken *= terms.levied
    topped = safety_net.payment(before, baselines.funding, terms.safety_net)
    topped *= baselines.funding > 0  # a net is a share of the baseline: who has none has no net
    retained = before - taken
    retained += topped
    for pool in terms.pools:
        _share_pool(pool, before, baselines, terms, (taken, topped, retained))
    return Settled(before, taken, topped, retained)


def _share_pool(pool: Index, before: Floats, baselines: Baselines, terms: Terms, into: Sequence[Floats]) -> None:
    """A pool as one authority: each member bears the pool's levy or safety net by its baseline funding level."""
    taken, topped, retained = into
    funding = np.broadcast_to(baselines.funding, before.shape)[:, pool]
    whole = funding.sum(axis=1, keepdims=True)
    together = before[:, pool].sum(axis=1, keepdims=True)
    part = np.divide(funding, whole, out=np.full(funding.shape, 1.0 / len(pool)), where=whole > 0)
    levied = (part * terms.levied[pool]).sum(axis=1, keepdims=True)  # members without a levy bring their part of none
    taken[:, pool] = part * levy.graduated(together, whole, terms.schedule) * levied
    topped[:, pool] = part * safety_net.payment(together, whole, terms.safety_net[pool].min())
    retained[:, pool] = before[:, pool] - taken[:, pool] + topped[:, pool]


def treasury(collected: Floats, baselines: Baselines, settled: Settled, terms: Terms) -> Floats:
    """What the central side has of the rates of a year, (draw,): central share, tariffs and levies less what it pays.

    Retained money of all authorities and this sum to what was collected.
    """
    central = (collected * (1.0 - terms.kept_here)).sum(axis=-1)
    tariffs = np.broadcast_to(baselines.tariff, settled.income.shape).sum(axis=-1)
    return np.asarray(central - tariffs + settled.levy.sum(axis=-1) - settled.safety_net.sum(axis=-1))
