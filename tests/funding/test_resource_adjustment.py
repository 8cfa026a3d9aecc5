"""The resource adjustment: its two published properties, the constructed cases, and nought with rescaling."""

from __future__ import annotations

from inspect import signature

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.errors import SokeError
from soke.model.funding.resource_adjustment import fair_funding_allocation

HALVES = [0.5, 0.5]


def test_case_15() -> None:
    assert fair_funding_allocation(HALVES, [30, 10], 60).amounts.tolist() == [20, 40]
    found = fair_funding_allocation(HALVES, [80, 0], 20)
    assert found.amounts.tolist() == [0, 20]
    assert found.at_floor.tolist() == [True, False]
    assert found.rate == pytest.approx(20 / 50)  # wants -30 and 50


shares = st.lists(st.floats(0.01, 1), min_size=2, max_size=8)


@given(shares, st.floats(0, 100), st.floats(0.1, 100))
def test_equal_tax_base_for_need_shares_by_need(need: list[float], tax: float, grant: float) -> None:
    r = np.array(need) / sum(need)
    np.testing.assert_allclose(fair_funding_allocation(r, r * tax, grant).amounts, r * grant, rtol=1e-9, atol=1e-9)


@given(shares, st.data(), st.floats(0, 60))
def test_nobody_is_below_nought_and_all_of_the_grant_is_paid(
    need: list[float], data: st.DataObject, grant: float
) -> None:
    r = np.array(need) / sum(need)
    found = fair_funding_allocation(r, np.array([data.draw(st.floats(0, 50)) for _ in need]), grant)
    assert (found.amounts >= 0).all()
    assert found.amounts.sum() == pytest.approx(grant, rel=1e-9, abs=1e-9)


@given(shares, st.data())
def test_grant_and_notional_tax_follow_need_where_nobody_is_at_nought(need: list[float], data: st.DataObject) -> None:
    r = np.array(need) / sum(need)
    tax = np.array([data.draw(st.floats(0, 50)) for _ in need])
    grant = float(max((tax / r).max() - tax.sum(), 0) + 1)  # enough that nobody wants less than nothing
    found = fair_funding_allocation(r, tax, grant)
    np.testing.assert_allclose(found.amounts + tax, r * (grant + tax.sum()), rtol=1e-9, atol=1e-9)


def test_actual_band_d_has_no_way_in() -> None:
    """A place that doubles its own Band D changes nothing, since no rule here asks for it."""
    assert set(signature(fair_funding_allocation).parameters) == {"need", "notional_tax", "grant", "names"}


def test_three_places_of_which_one_is_at_nought() -> None:
    """The rich place is at nought; rescaling takes half of each other grant."""
    found = fair_funding_allocation([0.2, 0.4, 0.4], [60, 20, 0], 20)
    assert found.amounts.tolist() == pytest.approx([0, 20 * 20 / 60, 20 * 40 / 60])


def test_draws_beside_each_other() -> None:
    found = fair_funding_allocation(HALVES, [[30, 10], [80, 0]], [60, 20])
    assert found.amounts.tolist() == [[20, 40], [0, 20]]


@pytest.mark.parametrize(
    ("need", "tax", "grant", "said"),
    [
        ([0.5, 0.6], [1, 1], 1, "Need shares sum to 1.100000, not one."),
        ([1.5, -0.5], [1, 1], 1, "The need share of Bath is -0.5."),
        ([0.5, 0.5], [1, -1], 1, "The notional council tax of Bath is -1."),
        ([0.5, 0.5], [1, np.nan], 1, "The notional council tax of Bath is nan."),
        ([0.5, 0.5], [1, 1], -2, "The grant is -2 million."),
    ],
)
def test_refuses(need: list[float], tax: list[float], grant: float, said: str) -> None:
    with pytest.raises(SokeError) as caught:
        fair_funding_allocation(need, tax, grant, names=["Adur", "Bath"])
    assert said in str(caught.value)
