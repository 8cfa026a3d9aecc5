"""Equalising the adult social care precept, by its own formula and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.errors import SokeError
from soke.model.funding.social_care_precept import equalised, precept_yield


def test_yield() -> None:
    """2 per cent of 1,500 pounds over 100,000 homes is 3 million."""
    assert precept_yield(0.02, 1_500, 100_000) == pytest.approx(3.0)


def test_by_hand() -> None:
    """Wants of (.5, .3, .2) x 20 = 10, 6, 4 against yields 1, 2, 7: raw 9, 4, 0 scaled from 13 to the pot of 10."""
    found = equalised([0.5, 0.3, 0.2], [1, 2, 7], 10)
    np.testing.assert_allclose(found.amounts, [90 / 13, 40 / 13, 0])
    assert found.at_floor.tolist() == [False, False, True]


@given(st.integers(0, 2**31), st.integers(2, 8), st.floats(0, 50))
def test_is_the_formula_of_the_grant(seed: int, size: int, pot: float) -> None:
    """grant = raw E / sum raw, written out as the explanatory note has it; nobody below nought, all of it paid."""
    rng = np.random.default_rng(seed)
    need, precept = rng.dirichlet(np.ones(size)), rng.uniform(0, 10, size)
    raw = np.maximum(0, need * (precept.sum() + pot) - precept)
    found = equalised(need, precept, pot).amounts
    np.testing.assert_allclose(found, raw * pot / raw.sum(), rtol=1e-9, atol=1e-9)
    assert found.sum() == pytest.approx(pot, rel=1e-9, abs=1e-12)


def test_a_negative_yield_is_refused() -> None:
    with pytest.raises(SokeError, match="The precept of Bath is -1 million"):
        equalised([0.5, 0.5], [1, -1], 10, ["Adur", "Bath"])
