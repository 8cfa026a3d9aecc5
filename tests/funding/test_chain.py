"""The chain of local funding: money is conserved, baselines are neutral, resets go by need, pools and terms act."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from soke.model.funding import chain, course, levy, outlook, regime
from soke.model.funding.chain import Recipients, Terms
from soke.model.funding.drift import drift, yardstick
from soke.model.funding.resource_adjustment import fair_funding_allocation

BANDS = levy.Schedule((1.0, 1.1, 2.0), (0.1, 0.3, 0.45))
PLACES, OTHERS = 6, 2
SIZE = PLACES + OTHERS
SEEDS = st.integers(0, 2**32 - 1)


def made_terms(**changes: Any) -> Terms:
    """Six places, a county above the first four and a fire authority above all; half of all rates stay."""
    billing = np.array([0.4, 0.4, 0.4, 0.4, 0.49, 0.49])
    upper = np.array([[0.09, 0.01]] * 4 + [[0.0, 0.01]] * 2)
    made = Terms(
        billing=billing, upper=upper, rolled_in=np.zeros(SIZE), levied=np.ones(SIZE), schedule=BANDS,
        safety_net=np.full(SIZE, 0.925), reset=np.ones(SIZE, dtype=bool),
    )  # fmt: skip
    return replace(made, **changes)


def more_kept(terms: Terms, share: float) -> Terms:
    """The same areas with a larger local share, which takes the grant into the baseline."""
    rolled = np.full(SIZE, (share - 0.5) / 0.5)
    return replace(terms, billing=terms.billing * share / 0.5, upper=terms.upper * share / 0.5, rolled_in=rolled)


def made_world(seed: int, draws: int = 3) -> tuple[np.ndarray, ...]:
    """Rates (draw, place), need, notional tax and grant (authority,)."""
    rng = np.random.default_rng(seed)
    rates = rng.lognormal(4, 1, (draws, PLACES))
    need = rng.lognormal(0, 1, SIZE)
    return rates, need / need.sum(), rng.lognormal(1, 1, SIZE), rng.lognormal(3, 1, SIZE)


def started(seed: int, terms: Terms) -> tuple[np.ndarray, chain.Baselines]:
    rates, need, tax, grant = made_world(seed)
    return rates, chain.reset(None, rates, made_terms(), terms, need, tax, grant[None, :])


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.floats(0.5, 1.0), st.booleans())
def test_money_neither_appears_nor_vanishes(seed: int, share: float, pooled: bool) -> None:
    terms = more_kept(made_terms(), share)
    if pooled:
        terms = replace(terms, pools=(np.array([0, 1, 6]),))
    rates, baselines = started(seed, terms)
    collected = rates * np.random.default_rng(seed).lognormal(0, 0.5, rates.shape)
    settled = chain.settle(collected, baselines, terms)
    whole = settled.retained.sum(axis=1) + chain.treasury(collected, baselines, settled, terms)
    assert whole == pytest.approx(collected.sum(axis=1), rel=1e-12)
    assert (settled.levy * settled.safety_net == 0).all()  # never both


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_tariffs_and_top_ups_sum_to_nought_on_the_half_basis(seed: int) -> None:
    rates, baselines = started(seed, made_terms())
    assert baselines.tariff.sum(axis=1) == pytest.approx(np.zeros(len(rates)), abs=1e-9 * rates.sum())
    settled = chain.settle(rates, baselines, made_terms())
    assert np.allclose(settled.retained, baselines.funding)  # at its baseline nobody pays and nobody is paid


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.floats(0.55, 1.0))
def test_who_keeps_more_starts_with_the_same_money(seed: int, share: float) -> None:
    rates, half = started(seed, made_terms())
    terms = more_kept(made_terms(), share)
    _, more = started(seed, terms)
    before, after = (chain.settle(rates, s, t).resources(s) for s, t in ((half, made_terms()), (more, terms)))
    assert np.allclose(before, after)
    assert (more.grant <= half.grant + 1e-9).all()
    moved = chain.change_terms(half, made_terms(), terms, rates)  # the same between resets
    assert np.allclose(chain.settle(rates, moved, terms).resources(moved), before)


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_a_reset_shares_all_of_it_by_need_less_notional_tax(seed: int) -> None:
    rates, need, tax, grant = made_world(seed)
    terms = made_terms()
    baselines = chain.reset(None, rates, terms, terms, need, tax, grant[None, :])
    pot = rates.sum(axis=1) * 0.5 + grant.sum()
    expected = fair_funding_allocation(need, tax, pot).amounts
    assert np.allclose(baselines.funding + baselines.grant, expected)
    untaxed = chain.reset(None, rates, terms, terms, need, np.zeros(SIZE), grant[None, :])
    resources = chain.settle(rates, untaxed, terms).resources(untaxed)
    assert np.allclose(resources / resources.sum(axis=1, keepdims=True), need)


def test_growth_counts_for_all_at_the_next_reset() -> None:
    terms = made_terms(levied=np.zeros(SIZE))
    rates, need, _, grant = made_world(1, draws=1)
    baselines = chain.reset(None, rates, terms, terms, need, np.zeros(SIZE), grant[None, :])
    grown = rates.copy()
    grown[0, 0] += 10.0
    ahead = chain.settle(grown, baselines, terms).retained - baselines.funding
    assert ahead[0, [0, 6, 7]] == pytest.approx([4.0, 0.9, 0.1])  # until then it stays where it grew
    assert np.delete(ahead[0], [0, 6, 7]) == pytest.approx(np.zeros(5), abs=1e-9)
    again = chain.reset(baselines, grown, terms, terms, need, np.zeros(SIZE), baselines.grant_half)
    gained = chain.settle(grown, again, terms).resources(again) - chain.settle(rates, baselines, terms).resources(
        baselines
    )
    assert gained[0] == pytest.approx(5.0 * need)


def test_who_does_not_reset_keeps_its_baselines() -> None:
    some = np.array([True] * 4 + [False] * 2 + [True] * 2)
    terms = made_terms()
    rates, baselines = started(2, terms)
    _, need, tax, _ = made_world(2)
    again = chain.reset(baselines, 2 * rates, terms, replace(terms, reset=some), need, tax, baselines.grant_half)
    for name in ("funding", "grant", "tariff", "rates_baseline"):
        assert np.allclose(
            getattr(again, name)[:, ~some], np.broadcast_to(getattr(baselines, name), (3, SIZE))[:, ~some]
        )
    assert np.allclose(again.rates_baseline[:, some], 2 * baselines.rates_baseline[:, some])


def test_full_retention_without_reset_freezes_transfers() -> None:
    """On a course of years: what each keeps of growth is all of it, and tariffs do not move."""
    terms = more_kept(made_terms(levied=np.zeros(SIZE), safety_net=np.zeros(SIZE)), 1.0)
    rates, first = started(3, terms)
    still = replace(terms, reset=np.zeros(SIZE, dtype=bool))
    held = made_outlook(3, 4)
    law = regime.Regime(made_recipients(), (), (), 0, made_terms(), (terms, still, still, still))
    state = course.start(course.Lever(held, law))
    baselines = course.advance(state, 0, rates, rates, held.need).baselines
    for year in (1, 2, 3):
        grown = rates * 1.1**year
        funded = course.advance(state, year, grown, grown, held.need)
        assert np.allclose(funded.baselines.tariff, baselines.tariff)
        growth = chain.income(grown, terms) - chain.income(rates, terms)
        assert np.allclose(funded.settled.retained, funded.baselines.funding + growth)
        baselines = funded.baselines
    assert first.tariff.shape == baselines.tariff.shape


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_a_pool_is_one_authority_and_moves_nobody_else(seed: int) -> None:
    members = np.array([0, 1, 6])
    alone = made_terms()
    pooled = replace(alone, pools=(members,))
    rates, baselines = started(seed, alone)
    collected = rates * np.random.default_rng(seed).lognormal(0, 0.3, rates.shape)
    one, together = chain.settle(collected, baselines, alone), chain.settle(collected, baselines, pooled)
    rest = np.setdiff1d(np.arange(SIZE), members)
    assert np.array_equal(one.retained[:, rest], together.retained[:, rest])
    income, funding = one.income[:, members].sum(axis=1), baselines.funding[:, members].sum(axis=1)
    due = levy.graduated(income, funding, BANDS)
    safe = np.maximum(0.925 * funding - income, 0.0)
    assert together.retained[:, members].sum(axis=1) == pytest.approx(income - due + safe)
    change = together.retained.sum(axis=1) - one.retained.sum(axis=1)  # what members gain the Treasury loses
    towards = chain.treasury(collected, baselines, together, pooled) - chain.treasury(collected, baselines, one, alone)
    assert change + towards == pytest.approx(np.zeros(len(rates)), abs=1e-9 * collected.sum())


def test_a_grant_that_moves_reaches_who_keeps_more_through_the_tariff() -> None:
    terms = more_kept(made_terms(), 0.75)
    _, baselines = started(4, terms)
    change = np.linspace(-1, 1, SIZE)
    moved = chain.move_grant(baselines, change, terms)
    assert np.allclose(moved.grant - baselines.grant, 0.5 * change)
    assert np.allclose(moved.tariff - baselines.tariff, 0.5 * change)
    assert chain.move_grant(baselines, np.zeros(SIZE), terms) is baselines


def made_recipients() -> Recipients:
    spread = np.array([[0.25] * 4 + [0.0] * 2, [1 / 6] * 6])
    codes = tuple(f"E{k:08d}" for k in range(SIZE))
    return Recipients(codes, codes, ("shire-district",) * 4 + ("unitary",) * 2 + ("county", "fire"), PLACES, spread)


def made_outlook(seed: int, years: int) -> outlook.Outlook:
    _, need, tax, grant = made_world(seed)
    share = np.tile(need, (years, 1))
    known = {"need": need, "notional_tax": tax, "share": share, "grant": float(grant.sum()), "funding_share": need,
             "published_funding": 100.0}  # fmt: skip
    return outlook.Outlook(**{f.name: known[f.name] for f in dataclasses.fields(outlook.Outlook)})


def test_money_of_those_above_goes_to_their_places() -> None:
    who = made_recipients()
    money = np.arange(1.0, SIZE + 1)[None, :]
    placed = who.by_place(money)
    assert placed.sum() == pytest.approx(money.sum())
    assert placed[0, 0] == pytest.approx(1.0 + 7.0 / 4 + 8.0 / 6)


def test_drift_is_one_where_resources_follow_need() -> None:
    who, held = made_recipients(), made_outlook(5, 2)
    stick = yardstick(who, held, [0, 1], ("shire-district", "unitary"))
    need = who.by_place(held.need)[None, :]
    fit = drift(stick, (100.0 + stick.tax.sum()) * need - stick.tax, need)
    assert fit.near[0] == 1.0
    assert fit.area[0] == pytest.approx(1.0)
    assert fit.classes[0] == pytest.approx([1.0, 1.0])
    off = (100.0 + stick.tax.sum()) * need
    off[0, 0] *= 1.5
    worse = drift(stick, off - stick.tax, need)
    assert worse.near[0] < 1.0
    assert worse.area[0] > 1.0 > worse.classes[0, 1]


@settings(max_examples=60, deadline=None)
@example(147972, [True, *[False] * (SIZE - 1)])  # its tariff takes all of its income
@given(SEEDS, st.lists(st.booleans(), min_size=SIZE, max_size=SIZE).filter(any))
def test_a_reset_of_some_moves_no_money_in_or_out(seed: int, who: list[bool]) -> None:
    """Tariffs and top-ups sum to nought only over all: a part that resets takes its own sum with it."""
    terms = replace(made_terms(), levied=np.zeros(SIZE))
    rates, first = started(seed, terms)
    _, need, _, _ = made_world(seed + 1)
    some = replace(terms, reset=np.array(who))
    again = chain.reset(first, rates, made_terms(), some, need, np.zeros(SIZE), first.grant_half)
    before, after = (chain.settle(rates, held, terms).resources(held).sum(axis=1) for held in (first, again))
    tops = np.maximum(-(again.funding_half + again.grant_half), 0.0).sum()  # none is below nought
    assert tops == 0 and np.allclose(after, before, rtol=1e-9)
