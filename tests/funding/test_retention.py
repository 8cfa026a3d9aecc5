"""The engine of equalisation and retention: a worked example, what it conserves, and its two limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.errors import SokeError
from soke.model.funding import levy, retention
from soke.model.funding.retention import Scheme

NEED, ONES = np.full((2, 2), 0.5), np.ones((2, 2))


def still(years: int) -> tuple[np.ndarray, np.ndarray]:
    """No grant and no indexation."""
    return np.zeros(years), np.ones(years)


def test_the_worked_example() -> None:
    need = np.tile([0.6, 0.4], (3, 1))
    capacity = np.array([[40.0, 60.0], [40.0, 70.0], [40.0, 70.0]])
    got = retention.run(need, capacity, *still(3), Scheme(0.5, every=2))
    assert got.transfers == pytest.approx(np.array([[20.0, -20.0], [20.0, -20.0], [26.0, -26.0]]))
    assert got.resources == pytest.approx(np.array([[60.0, 40.0], [60.0, 45.0], [66.0, 44.0]]))
    assert got.account == pytest.approx([0.0, 5.0, 0.0])


@st.composite
def worlds(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Need (year, authority), capacity (year, draw, authority), grant and index (year,)."""
    seed = draw(st.integers(0, 2**32 - 1))
    years, draws, places = draw(st.integers(1, 8)), draw(st.integers(1, 3)), draw(st.integers(1, 5))
    rng = np.random.default_rng(seed)
    need = rng.uniform(0.05, 1.0, (years, places))
    need /= need.sum(axis=1, keepdims=True)
    return (
        need,
        rng.uniform(0.0, 100.0, (years, draws, places)),
        rng.uniform(0, 50, years),
        rng.uniform(0.9, 1.1, years),
    )


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    every = draw(st.none() | st.integers(1, 5))
    bands = levy.Schedule((1.0, 1.1, 2.0), (0.1, 0.3, 0.45))
    return Scheme(
        rho=draw(st.floats(0.0, 1.0)),
        every=every,
        phi=draw(st.sampled_from([0.0, 0.5, 1.0])),
        steps=draw(st.integers(1, every or 1)),
        schedule=draw(st.sampled_from([None, bands])),
        safe=draw(st.sampled_from([None, 0.925, 1.0])),
    )


@given(world=worlds(), scheme=schemes())
def test_no_money_appears_or_vanishes(
    world: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray], scheme: Scheme
) -> None:
    got = retention.run(*world, scheme)
    paid_in = world[1].sum(axis=-1) + got.transfers.sum(axis=-1)
    assert got.resources.sum(axis=-1) + got.account == pytest.approx(paid_in, abs=1e-8)
    assert got.transfers[0].sum(axis=-1) == pytest.approx(world[2][0], abs=1e-8)


@given(world=worlds(), scheme=schemes())
def test_transfers_sum_to_nought_without_a_grant(
    world: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray], scheme: Scheme
) -> None:
    need, capacity, grant, index = world
    got = retention.run(need, capacity, 0.0 * grant, index, scheme)
    assert got.transfers.sum(axis=-1) == pytest.approx(np.zeros(capacity.shape[:2]), abs=1e-8)


@given(world=worlds(), rho=st.floats(0.0, 1.0))
def test_a_full_reset_each_year_makes_resources_proportional_to_need(
    world: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray], rho: float
) -> None:
    need, capacity, grant, index = world
    got = retention.run(need, capacity, grant, index, Scheme(rho, every=1))
    whole = capacity.sum(axis=-1) + grant[:, None]
    assert got.resources == pytest.approx(need[:, None, :] * whole[..., None], abs=1e-8)
    assert got.account == pytest.approx(np.zeros(whole.shape), abs=1e-8)
    if whole.min() > 1:
        assert retention.share_within(got.resources, need[:, None, :], 1e-9) == pytest.approx(np.ones(whole.shape))


@given(worlds())
def test_full_retention_without_a_reset_freezes_transfers(
    world: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
) -> None:
    need, capacity, grant, index = world
    got = retention.run(need, capacity, grant, np.ones_like(index), Scheme(1.0))
    assert (got.transfers == got.transfers[0]).all()
    assert got.resources == pytest.approx(capacity + got.transfers)
    assert (got.account == 0).all()


def test_a_partial_reset_moves_the_base_half_way_and_a_phased_one_in_steps() -> None:
    need, capacity = np.tile([0.5, 0.5], (5, 1)), np.tile([50.0, 50.0], (5, 1))
    capacity[1:, 1] = 62.0
    half = retention.run(need, capacity, *still(5), Scheme(1.0, every=2, phi=0.5))
    assert half.base[:, 1] == pytest.approx([50.0, 50.0, 56.0, 56.0, 59.0])
    phased = retention.run(need, capacity, *still(5), Scheme(1.0, every=3, steps=2))
    assert phased.base[:, 1] == pytest.approx([50.0, 50.0, 50.0, 56.0, 62.0])
    assert phased.transfers[:, 1] == pytest.approx([0.0, 0.0, 0.0, -3.0, -6.0])


def test_index_moves_transfers_and_base() -> None:
    need, capacity = np.tile([0.6, 0.4], (2, 1)), np.array([[40.0, 60.0], [44.0, 66.0]])
    got = retention.run(need, capacity, np.zeros(2), np.array([1.0, 1.1]), Scheme(0.0))
    assert got.resources[1] == pytest.approx([66.0, 44.0])
    assert got.account[1] == pytest.approx(0.0)


@pytest.mark.parametrize("scheme", [
    Scheme(0.5, every=4), Scheme(1.0, every=3, phi=0.5), Scheme(0.75, every=4, steps=3), Scheme(0.6, every=3, phi=0.0),
    Scheme(0.3),
])  # fmt: skip
@pytest.mark.parametrize("start", [0, 1, 2, 3, 4])
def test_the_horizon_value_is_what_one_pound_more_brings(scheme: Scheme, start: int) -> None:
    # A place without need takes no part in what is shared out, so what it gains is only what it keeps.
    years = 9
    need, capacity = np.tile([1.0, 0.0], (years, 1)), np.tile([50.0, 50.0], (years, 1))
    grown = capacity.copy()
    grown[start:, 1] += 1.0
    more = retention.run(need, grown, *still(years), scheme).resources[:, 1].sum()
    less = retention.run(need, capacity, *still(years), scheme).resources[:, 1].sum()
    assert retention.horizon_value(scheme, start, years) == pytest.approx(more - less, abs=1e-9)


def test_the_horizon_value_until_a_full_reset() -> None:
    assert [retention.horizon_value(Scheme(0.5, every=5), t, 5) for t in (1, 2, 3, 4)] == [2.0, 1.5, 1.0, 0.5]


@pytest.mark.parametrize(("at", "pence"), [(0.9, 0.0), (0.95, 50.0), (1.05, 45.0), (1.5, 35.0), (3.0, 27.5)])
def test_marginal_pence_are_those_of_the_engine(at: float, pence: float) -> None:
    scheme = Scheme(0.5, schedule=levy.Schedule((1.0, 1.1, 2.0), (0.1, 0.3, 0.45)), safe=0.925)
    assert retention.marginal_pence(scheme, at) == pytest.approx(pence)
    raised = 100.0 + (at - 1.0) * 100.0 / 0.5  # so that what is kept stands at ``at`` times the secured 100
    step = 1e-3
    capacity = np.array([[[100.0], [100.0]], [[raised], [raised + step]]])
    kept = retention.run(np.ones((2, 1)), capacity, *still(2), scheme).resources[1, :, 0]
    assert 100.0 * (kept[1] - kept[0]) / step == pytest.approx(pence, abs=1e-6)


def test_divergence() -> None:
    need = np.array([0.25, 0.25, 0.5])
    resources = np.array([25.0, 30.0, 45.0])
    assert retention.relative(resources, need) == pytest.approx([1.0, 1.2, 0.9])
    assert retention.divergence(resources, need, (0, 50, 100)) == pytest.approx([0.9, 1.0, 1.2])
    assert retention.share_within(resources, need) == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Scheme(1.5), r"rho of the retention scheme is 1\.5"),
        (lambda: Scheme(0.5, every=0), "reset every 0 years"),
        (lambda: Scheme(0.5, every=2, steps=3), "takes 3 years, and there is one every 2"),
        (lambda: retention.run(NEED * 1.2, ONES, *still(2), Scheme(0.5)), r"sum of 1 by up to 0\.2"),
        (lambda: retention.run(NEED, -ONES, *still(2), Scheme(0.5)), "is -1 for authority 1"),
        (lambda: retention.run(NEED, ONES, *still(3), Scheme(0.5)), "2 years of capacity, 3"),
        (lambda: retention.run(NEED[:1], ONES, *still(2), Scheme(0.5)), "Need has the shape"),
    ],
)  # fmt: skip
def test_runs_that_cannot_be(make: object, said: str) -> None:
    with pytest.raises(SokeError, match=said):
        make()  # type: ignore[operator]
