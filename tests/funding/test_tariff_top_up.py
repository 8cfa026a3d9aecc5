"""Tariffs and top-ups sum to nought over England, on made-up shares and on the estimated start of 2013-14."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.england.settlement import finance_authorities, rates_shares_2013, settlement
from soke.errors import SokeError
from soke.model.funding import baseline_funding, levy, tariff_top_up
from soke.model.funding.rates_shares import Billing, share_matrix, split
from soke.model.funding.under_indexation import baseline_from_grant


def start_of_2013() -> tuple[tuple[str, ...], tariff_top_up.Start]:
    """The start position with the places' share of certified rates for the two-year average, which is not to hand."""
    table, rates, known = settlement(2015), rates_shares_2013(), finance_authorities()
    who = [Billing(c, known[c].kind, r.county_or_gla, r.fire) for c, r in rates.items()]
    codes = tuple(sorted({c for b in who for c in (b.code, b.upper, b.fire) if c} | set(table.codes)))
    matrix = 2.0 * share_matrix(who, [split(b, 2013) for b in who], codes)
    baseline = dict(zip(table.codes, baseline_from_grant(table["under_indexation"], 2015), strict=True))
    funding = np.array([baseline.get(code, 0.0) for code in codes]) / baseline_funding.chained(2013, 2015)
    income = np.array([r.income for r in rates.values()])
    local = float(funding.sum())
    return codes, tariff_top_up.start(local, funding / local, income / income.sum(), matrix)


def test_the_estimated_start_of_2013_14_sums_to_nought() -> None:
    codes, start = start_of_2013()
    tariffs = start.tariff
    assert len(codes) >= 383
    assert abs(float(tariffs.sum())) < 1e-6
    assert float(start.rates_baseline.sum()) == pytest.approx(10_898.6, abs=0.05)
    by_code = dict(zip(codes, tariffs, strict=True))
    # Westminster pays the largest tariff; counties are topped up.
    assert min(by_code, key=lambda code: by_code[code]) == "E09000033"
    assert by_code["E10000003"] > 0
    indexed = baseline_funding.uprated(tariffs, 2014)
    assert abs(float(indexed.sum())) < 1e-6


def test_top_up_authorities_pay_no_levy() -> None:
    _, start = start_of_2013()
    rate = levy.levy_rate(start.baseline_funding, start.rates_baseline, 0.5)
    assert ((rate > 0) == (start.tariff < 0)).all()


@st.composite
def starts(draw: st.DrawFn) -> tuple[float, np.ndarray, np.ndarray, np.ndarray]:
    places, authorities = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    weight = st.floats(0.01, 10.0)

    def shares(n: int) -> np.ndarray:
        values = np.array(draw(st.lists(weight, min_size=n, max_size=n)))
        return values / values.sum()

    matrix = np.array([shares(authorities) for _ in range(places)])
    return draw(st.floats(0.0, 2e4)), shares(authorities), shares(places), matrix


@given(starts())
def test_any_start_sums_to_nought(given_: tuple[float, np.ndarray, np.ndarray, np.ndarray]) -> None:
    start = tariff_top_up.start(*given_)
    assert abs(start.tariff.sum()) <= 1e-9 * max(np.abs(start.baseline_funding).sum(), 1e-12)
    assert start.rates_baseline + start.tariff == pytest.approx(start.baseline_funding)


def test_bad_starts() -> None:
    half = np.array([0.5, 0.5])
    with pytest.raises(SokeError, match=r"formula funding sum to 0\.900000, which is -0\.100000 from 1"):
        tariff_top_up.start(1.0, np.array([0.5, 0.4]), half, np.eye(2))
    with pytest.raises(SokeError, match="local share of place 2 sum to 0"):
        tariff_top_up.start(1.0, half, half, np.array([[1.0, 0.0], [0.0, 0.0]]))
    with pytest.raises(SokeError, match="negative or not a number"):
        tariff_top_up.start(1.0, np.array([1.5, -0.5]), half, np.eye(2))
    with pytest.raises(SokeError, match="local share is -1"):
        tariff_top_up.start(-1.0, half, half, np.eye(2))
