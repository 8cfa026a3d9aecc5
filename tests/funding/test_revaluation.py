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
    provisional = revaluation.adjusted(tariff, index, share * old, share * listed)
    settled = revaluation.adjusted(tariff, index, share * old, share * outturn)
    kept = share * outturn + provisional + revaluation.true_up(provisional, settled)
    assert kept == pytest.approx(share * old + tariff * index, abs=1e-9)


def test_a_county_over_two_districts_whose_values_rise_and_fall() -> None:
    shares = np.array([[0.4, 0.0, 0.1], [0.0, 0.4, 0.1]])
    kept_old, kept_new = np.array([50.0, 30.0]) @ shares, np.array([60.0, 25.0]) @ shares
    tariff = revaluation.adjusted(np.array([-10.0, 5.0, 3.0]), 1.02, kept_old, kept_new)
    assert tariff == pytest.approx([-10.2 - 4.0, 5.1 + 2.0, 3.06 - 0.5])
    assert kept_new + tariff == pytest.approx(kept_old + 1.02 * np.array([-10.0, 5.0, 3.0]))
