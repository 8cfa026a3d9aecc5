"""Council tax to the penny: published bills, the projection's worked cases, and both ways of computing it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.errors import SokeError
from soke.model.funding import council_tax as ct

D = Decimal


def test_case_11_greater_manchester_band_a() -> None:
    """Band A of the mayor's general precept, published as 57.47 for fire and 28.50 for the mayor."""
    precept = ct.mayoral_precept("E47000001", 2025)
    assert ct.in_band(precept, ct.ratio("A", 2025)) == D("85.97") == D("57.47") + D("28.50")
    assert ct.mayoral_precept("E47000001", 2025, "police") - ct.mayoral_precept("E47000001", 2024, "police") == 14


def test_case_12_projection() -> None:
    assert ct.next_band_d(D(200), D("0.03"), D(5)) == 206
    assert ct.next_band_d(D(150), D("0.03"), D(5)) == 155
    assert ct.next_band_d(D(200), D("0.03"), D(0), D("0.02")) == 210
    assert ct.band_d_next([200, 150, 200], 0.03, [5, 5, 0], [0, 0, 0.02]).tolist() == [206, 155, 210]


def test_burnham_proposal_of_2018() -> None:
    """Band D of 9 and 12 pounds were published with Band B of 7.00 and 9.33."""
    assert ct.in_band(D(9), ct.ratio("b", 2018)) == D("7.00")
    assert ct.in_band(D(12), ct.ratio("b", 2018)) == D("9.33")


def test_a_whole_penny_is_not_lost() -> None:
    assert ct.floor_penny(D("141.42")) == D("141.42")
    assert np.floor(141.42 * 100) / 100 == 141.41  # the trap
    assert ct.band_d_next(141.42, 0.0, 0.0).tolist() == 141.42


def test_ninths_of_band_d() -> None:
    found = [ct.ratio(band, 2025) * 9 for band in ct.BANDS]
    assert found == [5, 6, 7, 8, 9, 11, 13, 15, 18]


def test_each_preceptor_is_rounded_by_itself() -> None:
    """Two preceptors of a penny and a half each: rounded apart they make four pennies, together three."""
    assert ct.in_band(D("0.03"), ct.ratio("a_disabled", 2025)) == D("0.02")  # 5/9 of three pence is 1.67 pence
    assert ct.in_band(D("0.06"), ct.ratio("a_disabled", 2025)) == D("0.03")
    assert ct.in_band(D("0.03"), Fraction(1, 2)) == D("0.02")  # half a penny up


pence = st.integers(1, 600_000)
rate = st.sampled_from([0, 100, 199, 200, 299, 300, 350, 499, 550, 1000, 1500])  # ten thousandths


@given(pence, rate, st.sampled_from([0, 500, 1200, 2400]), rate)
def test_array_kernel_agrees_to_the_penny(now: int, x: int, y: int, a: int) -> None:
    exact = ct.next_band_d(D(now) / 100, D(x) / 10_000, D(y) / 100, D(a) / 10_000)
    assert round(float(ct.band_d_next(now / 100, x / 10_000, y / 100, a / 10_000)) * 100) == exact * 100


@given(pence, st.sampled_from(ct.BANDS))
def test_a_bill_in_band_is_within_half_a_penny(now: int, band: str) -> None:
    part = ct.ratio(band, 2025)
    assert abs(Fraction(ct.in_band(D(now) / 100, part)) - Fraction(now, 100) * part) <= Fraction(1, 200)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ct.ratio("j", 2025), "There is no council tax band 'j'."),
        (lambda: ct.ratio("d", 1990), "council_tax.band.d has no figure for 1990-91. It has figures for 1993-94"),
        (lambda: ct.next_band_d(D(1), D("Infinity"), D(0)), "Without a limit"),
        (lambda: ct.mayoral_precept("E47000001", 2019), "no figure for 2019-20. It has figures for 2024-25, 2025-26."),
    ],
)
def test_refuses(call: object, said: str) -> None:
    with pytest.raises(SokeError) as caught:
        call()  # type: ignore[operator]
    assert said in str(caught.value)
