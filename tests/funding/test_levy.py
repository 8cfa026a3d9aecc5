"""The levy: the single rate against worked figures, the graduated one by two ways, and never with the safety net."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.errors import SokeError
from soke.model.funding import levy, safety_net
from soke.model.funding.dated import rules

MONEY = st.floats(0.0, 1000.0)


def test_single_rate_of_a_district_a_county_and_a_top_up() -> None:
    cap = rules().value("levy.cap", 2013)
    rates = levy.levy_rate(np.array([2.0, 80.0, 12.0]), np.array([15.0, 20.0, 16.0]), cap)
    assert rates == pytest.approx([0.5, 0.0, 0.25])
    income = np.array([3.0, 90.0, 14.0])
    assert levy.single_rate(income, np.array([2.0, 80.0, 12.0]), rates) == pytest.approx([0.5, 0.0, 0.5])


def test_an_authority_without_rates_pays_no_levy() -> None:
    assert levy.levy_rate(np.array([5.0, 0.0]), np.array([0.0, 0.0]), 0.5).tolist() == [0.0, 0.0]


def test_pence_kept_of_a_pound_of_growth_under_the_half_share() -> None:
    # Published: at least 25p of each extra pound stays; a district with 40 per cent keeps 20p.
    highest = 1.0 - rules().value("levy.cap", 2013)
    assert rules().value("business_rates.retention", 2013) * highest == 0.25
    assert pytest.approx(0.20) == 0.40 * highest


def test_case_14() -> None:
    assert levy.graduated(np.array(13.0), np.array(10.0), levy.schedule(2026)) == pytest.approx(0.7)


@st.composite
def schedules(draw: st.DrawFn) -> levy.Schedule:
    steps = draw(st.lists(st.floats(0.01, 2.0), min_size=1, max_size=5))
    rates = draw(st.lists(st.floats(0.0, 1.0), min_size=len(steps), max_size=len(steps)))
    return levy.Schedule(tuple(1.0 + sum(steps[:k]) for k in range(len(steps))), tuple(rates))


@given(income=MONEY, baseline=MONEY, bands=schedules())
def test_graduated_is_the_sum_over_bands(income: float, baseline: float, bands: levy.Schedule) -> None:
    ends = (*bands.bounds[1:], float("inf"))
    by_band = sum(
        rate * max(0.0, min(income, end * baseline if baseline else income) - start * baseline)
        for start, end, rate in zip(bands.bounds, ends, bands.rates, strict=True)
    )
    if baseline:
        got = float(levy.graduated(np.array(income), np.array(baseline), bands))
        assert got == pytest.approx(by_band, abs=1e-9)
        assert -1e-9 <= got <= income


@given(income=MONEY, baseline=MONEY, rates=MONEY, bands=schedules(), share=st.floats(0.0, 1.0))
def test_never_both_levy_and_safety_net(
    income: float, baseline: float, rates: float, bands: levy.Schedule, share: float
) -> None:
    y, f, b = np.array([income]), np.array([baseline]), np.array([rates])
    paid = safety_net.payment(y, f, share)
    for levied in (levy.graduated(y, f, bands), levy.single_rate(y, f, levy.levy_rate(f, b, 0.5))):
        assert not ((paid > 0) & (levied > 0)).any()


@pytest.mark.parametrize(
    ("bounds", "rates", "said"),
    [
        ((1.0, 1.1), (0.1,), "2 bounds and 1 rates"),
        ((0.9, 1.1), (0.1, 0.2), "start at 0.9, 1.1"),
        ((1.0, 1.0), (0.1, 0.2), "start at 1, 1 times"),
        ((1.0,), (1.1,), "rate is 1.1"),
        ((float("nan"),), (0.1,), "start at nan"),
    ],
)
def test_bad_schedules(bounds: tuple[float, ...], rates: tuple[float, ...], said: str) -> None:
    with pytest.raises(SokeError, match=said):
        levy.Schedule(bounds, rates)


def test_no_graduated_levy_before_2026() -> None:
    with pytest.raises(SokeError, match=r"2025-26.*2026-27 onwards"):
        levy.schedule(2025)
