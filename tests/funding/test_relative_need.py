"""Relative need: blocks, weights and costs by hand, and need as a settlement implies it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.england.settlement import council_tax_levels, settlement
from soke.errors import SokeError
from soke.model.funding.relative_need import BLOCKS, combined, from_baseline
from soke.model.funding.resource_adjustment import fair_funding_allocation, notional_council_tax

TWO = {"foundation_upper": [0.5, 0.5], "fire_and_rescue": [0.2, 0.8]}


def test_blocks_by_hand() -> None:
    """Weights 3 and 1: (1.5 + .2, 1.5 + .8) of 4. A cost of 1.2 in the first lifts it to 2.04 of 4.34."""
    np.testing.assert_allclose(combined(TWO, {"foundation_upper": 3, "fire_and_rescue": 1}), [1.7 / 4, 2.3 / 4])
    costly = combined(TWO, {"foundation_upper": 3, "fire_and_rescue": 1}, [1.2, 1.0])
    np.testing.assert_allclose(costly, [2.04 / 4.34, 2.3 / 4.34])
    by_block = combined(
        TWO, {"foundation_upper": 3, "fire_and_rescue": 1}, {"foundation_upper": [1.2, 1.0], "fire_and_rescue": 1.0}
    )
    np.testing.assert_allclose(by_block, [2.0 / 4.3, 2.3 / 4.3])
    assert set(TWO) <= set(BLOCKS)


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=9), st.floats(0.5, 2), st.floats(0.01, 5))
def test_a_cost_that_all_share_and_one_block_change_nothing(need: list[float], cost: float, weight: float) -> None:
    share = np.array(need) / sum(need)
    np.testing.assert_allclose(combined({"any": share}, {"any": weight}, cost), share, rtol=1e-9)


@given(st.integers(0, 2**31), st.integers(2, 6), st.integers(1, 4))
def test_shares_sum_to_one_over_draws(seed: int, size: int, draws: int) -> None:
    rng = np.random.default_rng(seed)
    shares = {block: rng.dirichlet(np.ones(size), draws) for block in BLOCKS}
    found = combined(shares, {block: rng.uniform(0, 1) + 0.01 for block in BLOCKS}, rng.uniform(0.8, 1.3, size))
    assert found.shape == (draws, size)
    np.testing.assert_allclose(found.sum(-1), 1, rtol=1e-12)


def test_need_that_a_settlement_implies_gives_that_settlement_back() -> None:
    """2018-19: with the same notional tax and the same pot the resource adjustment returns what was published."""
    table, tax = settlement(2018), council_tax_levels(2018).by_code("tax_base")
    codes = [c for c in table.codes if c in tax]
    funding = np.array([table.value("sfa", c) for c in codes])
    notional = notional_council_tax([tax[c] for c in codes], 0.98, 1_400)
    need = from_baseline(funding, notional)
    assert need.grade == "estimate"
    assert len(codes) == 326
    np.testing.assert_allclose(
        fair_funding_allocation(need.share, notional, funding.sum()).amounts, funding, rtol=1e-9, atol=1e-9
    )


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: combined(TWO, {"foundation_upper": 1}), "Blocks and weights do not match: fire_and_rescue."),
        (lambda: combined({}, {}), "Blocks and weights do not match: none at all."),
        (lambda: combined({"x": [0.5, 0.6]}, {"x": 1}), "Shares of x sum to 1.100000, not one."),
        (lambda: combined({"x": [1.5, -0.5]}, {"x": 1}, names="AB"), "The share of x of B is -0.5."),
        (lambda: combined({"x": [0.5, 0.5]}, {"x": -1}), "The weight of x is -1.0."),
        (lambda: combined({"x": [0.5, 0.5]}, {"x": 1}, [1, np.nan], "AB"), "The area cost of x of B is nan."),
        (lambda: combined({"x": [0.5, 0.5]}, {"x": 1}, {}), "No area cost for x."),
        (lambda: combined({"x": [0.5, 0.5]}, {"x": 0}), "Every block's weight is nought."),
        (lambda: from_baseline([1, -1], [1, 1], "AB"), "The settlement funding of B is -1."),
        (lambda: from_baseline([1, 1], [1, np.nan], "AB"), "The notional council tax of B is nan."),
        (lambda: from_baseline([1, 1, 1], [1, 1]), "Settlement funding has 3 authorities, notional council tax 2."),
        (lambda: from_baseline([0, 0], [0, 0]), "all nought"),
    ],
)
def test_refuses(call: object, said: str) -> None:
    with pytest.raises(SokeError) as caught:
        call()  # type: ignore[operator]
    assert said in str(caught.value)
