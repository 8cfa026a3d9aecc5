"""A revaluation leaves what each authority keeps where it was, at outturn, whoever shares in the rates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from soke.model.funding import baseline_funding, revaluation

TARIFF = arrays(np.float64, 3, elements=st.floats(-100.0, 100.0))
INCOME = arrays(np.float64, 3, elements=st.floats(0.0, 500.0))
SHARE = arrays(np.float64, 3, elements=st.floats(0.0, 1.0))


@given(tariff=TARIFF, share=SHARE, old=INCOME, listed=INCOME, outturn=INCOME)
def test_neutral_at_outturn(
    tariff: np.ndarray, share: np.ndarray, old: np.ndarray, listed: np.ndarray, outturn: np.ndarray
) -> None:
    index = baseline_funding.index(2017)
    provisional = revaluation.adjusted(tariff, index, share, old, listed)
    settled = revaluation.adjusted(tariff, index, share, old, outturn)
    kept = share * outturn + provisional + revaluation.true_up(provisional, settled)
    assert kept == pytest.approx(share * old + tariff * index, abs=1e-9)


def test_a_place_whose_values_rise_pays_a_higher_tariff() -> None:
    tariff = revaluation.adjusted(np.array([-10.0, 5.0]), 1.02, np.array([0.4, 0.4]), np.array([50.0, 50.0]),
                                  np.array([60.0, 45.0]))  # fmt: skip
    assert tariff == pytest.approx([-10.2 - 4.0, 5.1 + 2.0])


def test_a_county_over_its_districts() -> None:
    shares = np.array([[0.4, 0.0, 0.1], [0.0, 0.4, 0.1]])
    old, new = np.array([50.0, 30.0]), np.array([60.0, 25.0])
    kept_old, kept_new = revaluation.of_county(old, shares), revaluation.of_county(new, shares)
    assert kept_old == pytest.approx([20.0, 12.0, 8.0])
    tariff = revaluation.adjusted(np.zeros(3), 1.0, np.ones(3), kept_old, kept_new)
    assert kept_new + tariff == pytest.approx(kept_old)
