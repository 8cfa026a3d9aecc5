"""Pools: the worked figures, the national total, and agreements that cannot stand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.errors import SokeError
from soke.model.funding import levy, pool, safety_net

DISTRICT, COUNTY = "E07000148", "E10000020"  # Norwich, Norfolk
FUNDING, RATES = np.array([2.0, 80.0]), np.array([15.0, 20.0])
RULE = pool.SingleRate(FUNDING, RATES, 0.5)
BOTH = pool.Pool("Norfolk", (DISTRICT, COUNTY), (0.4, 0.6), reserve_share=0.1)


def test_case_13_a_district_and_a_county() -> None:
    rate = levy.levy_rate(FUNDING, RATES, 0.5)
    assert rate == pytest.approx([0.5, 0.0])
    grown = pool.settle(np.array([3.0, 80.0]), FUNDING, RULE, 0.925)
    assert grown.alone_levy == pytest.approx([0.5, 0.0])
    assert grown.levy == pytest.approx(0.0)
    assert grown.gain == pytest.approx(0.5)
    # The trigger of the safety net: a fall of .15 alone, 6.15 together.
    for fall, alone, together in ((0.15, 0.0, 0.0), (1.15, 1.0, 0.0), (6.15, 6.0, 0.0), (7.15, 7.0, 1.0)):
        fallen = pool.settle(np.array([2.0 - fall, 80.0]), FUNDING, RULE, 0.925)
        assert fallen.alone_safety_net[0] == pytest.approx(alone, abs=1e-9)
        assert fallen.safety_net == pytest.approx(together, abs=1e-9)
        assert fallen.gain == pytest.approx(together - alone, abs=1e-9)


def test_no_detriment_then_reserve_then_fixed_shares() -> None:
    shared = pool.share(pool.settle(np.array([3.0, 80.0]), FUNDING, RULE, 0.925), BOTH)
    assert shared.reserve == pytest.approx(0.05)
    assert shared.received == pytest.approx([2.5 + 0.45 * 0.4, 80.0 + 0.45 * 0.6])
    assert shared.shortfall == pytest.approx(0.0)


def test_a_loss_is_met_from_the_reserve_then_by_the_members() -> None:
    outcome = pool.settle(np.array([0.85, 80.0]), FUNDING, RULE, 0.925)
    shared = pool.share(outcome, BOTH, reserve=0.25)
    assert shared.reserve == pytest.approx(0.0)
    assert shared.shortfall == pytest.approx(0.75)
    assert shared.received == pytest.approx([1.85 - 0.75 * 0.4, 80.0 - 0.75 * 0.6])


@st.composite
def years(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, tuple[float, ...]]:
    n = draw(st.integers(2, 6))
    money = st.lists(st.floats(0.0, 100.0), min_size=n, max_size=n)
    draws = draw(st.integers(1, 3))
    income = np.array([draw(money) for _ in range(draws)])
    weights = np.array(draw(st.lists(st.floats(0.01, 1.0), min_size=n, max_size=n)))
    return income, np.array(draw(money)), np.array(draw(money)), tuple((weights / weights.sum()).tolist())


CODES = ("E07000148", "E10000020", "E07000143", "E07000144", "E07000145", "E07000146")


@given(year=years(), reserve=st.floats(0.0, 10.0), held_back=st.floats(0.0, 1.0), graduated=st.booleans())
def test_a_pool_never_changes_the_national_total(
    year: tuple[np.ndarray, np.ndarray, np.ndarray, tuple[float, ...]],
    reserve: float,
    held_back: float,
    graduated: bool,
) -> None:
    income, funding, rates, fixed = year
    agreement = pool.Pool("any", CODES[: len(fixed)], fixed, held_back)
    rule = pool.Graduated(levy.schedule(2026)) if graduated else pool.SingleRate(funding, rates, 0.5)
    outcome = pool.settle(income, funding, rule, 0.925)
    shared = pool.share(outcome, agreement, reserve)
    # What members have, what is put by, and the levy account, together and alone: always what was collected.
    whole = income.sum(axis=-1)
    together = shared.received.sum(axis=-1) + shared.reserve - reserve + outcome.levy - outcome.safety_net
    alone = (outcome.alone + outcome.alone_levy - outcome.alone_safety_net).sum(axis=-1)
    assert together == pytest.approx(whole, abs=1e-8)
    assert alone == pytest.approx(whole, abs=1e-8)
    # No detriment wherever there is no shortfall.
    kept = shared.shortfall == 0
    assert (shared.received[kept] >= outcome.alone[kept] - 1e-9).all()
    assert (shared.reserve >= -1e-12).all()


def test_gain_is_levies_saved_less_safety_nets_lost() -> None:
    rng = np.random.default_rng(7)
    income, funding = rng.uniform(0, 20, (50, 4)), rng.uniform(1, 15, 4)
    outcome = pool.settle(income, funding, pool.SingleRate(funding, rng.uniform(1, 30, 4), 0.5), 0.925)
    saved = outcome.alone_levy.sum(axis=1) - outcome.levy
    lost = outcome.alone_safety_net.sum(axis=1) - outcome.safety_net
    assert outcome.gain == pytest.approx(saved - lost)
    assert (lost >= -1e-12).all(), "the safety net of a sum is never above the sum of safety nets"
    assert outcome.safety_net == pytest.approx(safety_net.payment(income.sum(axis=1), np.array(funding.sum()), 0.925))


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ((), "The pool Test has no members"),
        ((DISTRICT,), r"one member, Norwich"),
        ((DISTRICT, COUNTY, DISTRICT), r"Norwich \(E07000148\) is in the pool Test twice"),
        ((DISTRICT, "W06000015"), "W06000015, in the pool Test, is in Wales"),
        ((DISTRICT, "S12000036"), "is in Scotland"),
        ((DISTRICT, "E07999999"), "E07999999, in the pool Test, is no authority that Soke knows"),
    ],
)
def test_pools_that_cannot_stand(members: tuple[str, ...], said: str) -> None:
    with pytest.raises(SokeError, match=said):
        pool.Pool("Test", members, tuple(1.0 / len(members) for _ in members))


def test_shares_of_a_pool() -> None:
    with pytest.raises(SokeError, match=r"sum to 0\.9: Norwich 0\.4, Norfolk 0\.5"):
        pool.Pool("Test", (DISTRICT, COUNTY), (0.4, 0.5))
    with pytest.raises(SokeError, match="2 members and 1 shares"):
        pool.Pool("Test", (DISTRICT, COUNTY), (1.0,))
    with pytest.raises(SokeError, match="in reserve"):
        pool.Pool("Test", (DISTRICT, COUNTY), (0.5, 0.5), 1.5)
    assert BOTH.positions(("E06000001", COUNTY, DISTRICT)).tolist() == [2, 1]
    with pytest.raises(SokeError, match=r"Norwich \(E07000148\), in the pool Norfolk, is not among"):
        BOTH.positions((COUNTY,))
