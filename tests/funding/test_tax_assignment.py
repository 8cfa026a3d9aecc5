"""Block grant adjustments and reconciliations: published and worked figures, and what the methods must obey."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.errors import SokeError
from soke.model.funding.tax_assignment import METHODS, adjustments, reconciliation

ORDER = ("indexed-per-capita", "comparable-model", "indexed", "levels-deduction")


def one_year(name: str) -> float:
    two = adjustments(name, np.array(8.0), np.array([100.0, 110.0]), np.array([10.0, 10.2]), np.array([1.0, 1.01]), 0.8)
    return float(two[1])


def test_the_four_methods_in_their_order() -> None:
    got = [one_year(name) for name in ORDER]
    assert got == pytest.approx([8.71373, 8.79216, 8.80000, 8.99020], abs=5e-6)
    assert got == sorted(got)
    assert set(METHODS) == set(ORDER)


@given(
    growth=st.floats(1.001, 1.5),
    rest=st.floats(1.001, 1.1),
    slower=st.floats(0.0, 0.99),
    lag=st.floats(0.3, 0.99),
)
def test_the_order_holds_where_population_grows_slower_and_revenue_per_head_lags_more(
    growth: float, rest: float, slower: float, lag: float
) -> None:
    # Revenue per head of the rest must not fall, or the indexed methods fall faster than the others.
    here = 1.0 + (rest - 1.0) * slower
    per_head = lag * here / rest
    revenue, people = np.array([100.0, 100.0 * growth * rest]), np.array([10.0, 10.0 * rest])
    first = np.array(10.0 * per_head)
    got = [float(adjustments(name, first, revenue, people, np.array([1.0, here]), per_head)[1]) for name in ORDER]
    assert all(low <= high + 1e-12 for low, high in pairwise(got))


def test_levels_deduction_is_not_last_where_population_lags_more_than_revenue_per_head() -> None:
    revenue, people, here = np.array([100.0, 121.0]), np.array([10.0, 11.0]), np.array([1.0, 1.0])
    got = {name: float(adjustments(name, np.array(9.9), revenue, people, here, 0.99)[1]) for name in ORDER}
    assert got["comparable-model"] < got["levels-deduction"] < got["indexed"]


@given(growth=st.floats(0.8, 1.3), rest=st.floats(0.95, 1.1), here=st.floats(0.95, 1.1), first=st.floats(0.1, 100.0))
def test_equal_growth_per_head_leaves_nobody_better_off_by_the_indexed_per_capita_method(
    growth: float, rest: float, here: float, first: float
) -> None:
    revenue, people = np.array([100.0, 100.0 * growth * rest]), np.array([10.0, 10.0 * rest])
    two = adjustments("indexed-per-capita", np.array(first), revenue, people, np.array([1.0, here]), 1.0)
    assert two[1] / here == pytest.approx(first * growth)  # per head, as own revenue per head
    still = adjustments("indexed-per-capita", np.array(first), np.array([100.0, 100.0 * rest]), people,
                        np.array([1.0, here]), 1.0)  # fmt: skip
    assert still[1] / here == pytest.approx(first)


@pytest.mark.parametrize(
    ("forecast", "outturn", "net", "published"),
    [
        # case 9, Scottish income tax 2019-20 (provisional), and case 10, 2022-23; GBP million
        ((11_683.6, 11_501.1), (11_832.6, 11_684.6), 148.0, -34.5),
        ((13_670.7, 13_860.8), (15_169.0, 14_910.5), 258.5, 448.7),
    ],
)
def test_scottish_reconciliations(
    forecast: tuple[float, float], outturn: tuple[float, float], net: float, published: float
) -> None:
    got = reconciliation(*(np.array(x) for x in (*forecast, *outturn)))
    assert got == pytest.approx(published, abs=0.15)
    assert outturn[0] - outturn[1] == pytest.approx(net, abs=0.05)


@pytest.mark.parametrize(
    ("revenue_error", "adjustment_error", "published"),
    [(-621.5, -312.0, -309.4), (-417.4, -467.8, 50.4), (1_461.1, 1_851.0, -389.9)],
)
def test_scottish_reconciliations_by_their_two_errors(
    revenue_error: float, adjustment_error: float, published: float
) -> None:
    # 2018-19, 2020-21 and 2021-22: the pages give the two differences only, the first of them rounded.
    got = reconciliation(np.array(0.0), np.array(0.0), np.array(revenue_error), np.array(adjustment_error))
    assert got == pytest.approx(published, abs=0.15)


def test_adjustments_that_cannot_be() -> None:
    ok = np.array([1.0, 1.0])
    with pytest.raises(
        SokeError, match=r"no block grant adjustment called 'ipc'.*indexed-per-capita, comparable-model"
    ):
        adjustments("ipc", np.array(1.0), ok, ok, ok, 1.0)
    with pytest.raises(SokeError, match="2 years of revenue, 1 and 2"):
        adjustments("indexed", np.array(1.0), ok, ok[:1], ok, 1.0)
    with pytest.raises(SokeError, match="Revenue is nought or below"):
        adjustments("indexed", np.array(1.0), 0 * ok, ok, ok, 1.0)
