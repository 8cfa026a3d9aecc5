"""The safety net: its dated shares and what it pays."""

from __future__ import annotations

import numpy as np
import pytest

from soke.errors import SokeError
from soke.model.funding import safety_net


def test_dated_shares() -> None:
    assert [safety_net.safe_share(year) for year in (2013, 2025, 2026, 2027, 2028, 2035)] == [
        0.925, 0.925, 1.0, 0.97, 0.925, 0.925,
    ]  # fmt: skip
    assert safety_net.safe_share(2018, "pilot-100") == 0.97
    assert safety_net.safe_share(2019, "pilot-75") == 0.95
    with pytest.raises(SokeError, match="2012-13"):
        safety_net.safe_share(2012)


def test_a_district_falls_little_before_it_is_paid_and_a_pool_far() -> None:
    # Constructed: baselines of 2 and 80; the trigger is a fall of .15 alone, 6.15 together.
    share = safety_net.safe_share(2019)
    assert safety_net.payment(np.array([2.0 - 0.15, 2.0 - 0.25]), np.array([2.0, 2.0]), share) == pytest.approx(
        [0, 0.1]
    )
    assert safety_net.payment(np.array([82.0 - 6.15, 82.0 - 7.15]), np.array([82.0]), share) == pytest.approx([0, 1.0])


def test_draws_and_authorities() -> None:
    income = np.array([[9.0, 10.0], [8.0, 4.0]])
    paid = safety_net.payment(income, np.array([10.0, 5.0]), np.array([0.925, 1.0]))
    assert paid == pytest.approx(np.array([[0.25, 0.0], [1.25, 1.0]]))
