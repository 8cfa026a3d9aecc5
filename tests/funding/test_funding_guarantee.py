"""The funding guarantee: the linear programme, the closed form and a bisection agree; infeasible is said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from soke.errors import SokeError
from soke.model.funding.dated import rules
from soke.model.funding.funding_guarantee import by_linear_programme, fixed_point, funding_guarantee

RISE = rules().value("funding_guarantee.rise", 2023)


def test_by_hand() -> None:
    """The first has 100 and needs 103; its share of the pot, .5 of 2, less half of its own top-up: 2 + X/2 = X, X = 4.

    With a pot of 2 that cannot be met; with one of 6 the share is 3 and nothing is needed; with 5: .5 + X/2 = X, X = 1.
    """
    with pytest.raises(SokeError) as caught:
        funding_guarantee([50, 50], [50, 60], [0.5, 0.5], 2, [100, 100], RISE, ["Adur", "Bath"])
    assert "The guarantee needs 4.000 million, and the pot it is taken from holds 2.000 million." in str(caught.value)
    assert "Adur is furthest below it, by 2.000 million" in str(caught.value)
    assert funding_guarantee([50, 50], [50, 60], [0.5, 0.5], 6, [100, 100], RISE).total == 0
    found = funding_guarantee([50, 50], [50, 60], [0.5, 0.5], 5, [100, 100], RISE)
    np.testing.assert_allclose(found.guarantee, [1, 0])
    np.testing.assert_allclose(found.from_pot, [2, 2])
    assert found.total + found.from_pot.sum() == pytest.approx(5)


@settings(max_examples=60)
@given(st.integers(0, 2**31), st.integers(1, 12), st.floats(0.05, 0.95), st.booleans())
def test_three_ways_agree(seed: int, size: int, held: float, none_short: bool) -> None:
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.ones(size)) * held
    gap = rng.normal(-1, 1, size) if not none_short else -rng.uniform(0, 2, size)
    total = fixed_point(gap, shares)
    found = np.maximum(gap + shares * total, 0)
    assert found.sum() == pytest.approx(total, rel=1e-9, abs=1e-9)
    assert by_linear_programme(gap, shares).sum() == pytest.approx(total, rel=1e-7, abs=1e-7)
    top = np.maximum(gap, 0).sum() / (1 - held) + 1

    def short(x: float) -> float:
        return float(np.maximum(gap + shares * x, 0).sum() - x)

    assert brentq(short, -1e-9 if short(0) <= 0 else 0.0, top, xtol=1e-13) == pytest.approx(total, rel=1e-8, abs=1e-8)


@settings(max_examples=40)
@given(st.integers(0, 2**31), st.integers(2, 12))
def test_nobody_rises_by_less_and_no_money_appears(seed: int, size: int) -> None:
    rng = np.random.default_rng(seed)
    shares, last = rng.dirichlet(np.ones(size)), rng.uniform(5, 50, size)
    funding, tax = last * rng.uniform(0.4, 0.55, size), last * 0.5
    pot = float(last.sum())
    found = funding_guarantee(funding, tax, shares, pot, last, RISE)
    assert (funding + tax + found.from_pot + found.guarantee >= (1 + RISE) * last - 1e-9).all()
    assert found.total + found.from_pot.sum() == pytest.approx(pot)
    unhelped = found.guarantee > 1e-9
    np.testing.assert_allclose(
        (funding + tax + found.from_pot + found.guarantee)[unhelped], ((1 + RISE) * last)[unhelped]
    )


def test_infeasible_where_those_short_hold_all_shares() -> None:
    """Each pound taken from the pot is missing again: no top-up is ever enough, and both ways say so."""
    gap, shares = np.array([1.0, 2.0]), np.array([0.5, 0.5])
    assert np.isinf(fixed_point(gap, shares))
    with pytest.raises(SokeError, match="those who need it hold the whole pot"):
        by_linear_programme(gap, shares)
    with pytest.raises(SokeError, match="needs more than any pot"):
        funding_guarantee([10, 10], [10, 10], shares, 4, [30, 30], RISE)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"funding": [1, -1]}, "The funding of Bath is -1."),
        ({"council_tax": [1, np.nan]}, "The council tax of Bath is nan."),
        ({"shares": [0.7, 0.7]}, "Shares of the pot sum to 1.400000, more than one."),
        ({"pot": -1.0}, "The pot is -1 million."),
        ({"previous": [1, 1, 1]}, "differ in length"),
    ],
)
def test_refuses(changed: dict[str, object], said: str) -> None:
    good = {"funding": [1, 1], "council_tax": [1, 1], "shares": [0.5, 0.5], "pot": 1.0, "previous": [1, 1]}
    with pytest.raises(SokeError) as caught:
        funding_guarantee(**(good | changed), rise=RISE, names=["Adur", "Bath"])  # type: ignore[arg-type]
    assert said in str(caught.value)
