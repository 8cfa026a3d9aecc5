import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke import text


@pytest.mark.parametrize(
    ("million", "said"),
    [
        (39_214.0, "£39.2bn"),
        (999.6, "£1.0bn"),
        (999.4, "£999m"),
        (448.3, "£448m"),
        (9.96, "£10m"),
        (3.42, "£3.4m"),
        (0.9996, "£1.0m"),
        (0.34, "£340,000"),
        (0.0, "£0"),
        (-12.0, "\u2212£12m"),
        (None, "no figure"),
        (float("nan"), "no figure"),
    ],
)
def test_money(million: float | None, said: str) -> None:
    assert text.money(million) == said


def test_money_beside_billions_is_in_billions() -> None:
    assert text.money(792.0, beside=11_588.0) == "£0.8bn"
    assert text.money(12.0, beside=11_588.0) == "£12m"


def test_plus_is_said_only_where_something_is_left_after_rounding() -> None:
    assert text.money(12.0, plus=True) == "+£12m"
    assert text.money(0.0, plus=True) == "£0"
    assert text.money(-0.0001, plus=True) == "£0"


@pytest.mark.parametrize(
    ("value", "said"),
    [(1240.4, "£1,240"), (1.853, "£1.85"), (0.42, "42p"), (-0.42, "\u221242p"), (0.001, "less than 1p"), (0.0, "0p")],
)
def test_pounds_a_head(value: float, said: str) -> None:
    assert text.pounds(value) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "none in these draws"),
        (0.001, "under 1 in 100"),
        (0.02, "2 in 100"),
        (0.31, "3 in 10"),
        (0.97, "97 in 100"),
        (0.999, "over 99 in 100"),
        (1.0, "certain in these draws"),
    ],
)
def test_chance(share: float, said: str) -> None:
    assert text.chance(share) == said


@given(st.floats(min_value=-1e7, max_value=1e7))
def test_money_is_within_its_rounding(million: float) -> None:
    """What is printed, read back, is the figure to half a unit of the last digit shown."""
    said = text.money(million)
    assert "-" not in said
    digits = said.replace("\u2212", "-").replace("£", "").replace(",", "")
    scale = 1000.0 if digits.endswith("bn") else 1.0 if digits.endswith("m") else 1e-6
    read = float(digits.rstrip("bnm")) * scale
    step = 100.0 if scale == 1000.0 else 1.0 if abs(million) >= 9.95 else 0.1 if scale == 1.0 else 1e-3
    assert abs(read - million) <= step / 2 + 1e-9


def test_years_and_lists() -> None:
    assert text.financial_year(2026) == "2026-27"
    assert text.financial_year(1999) == "1999-00"
    assert text.listed(["a", "b", "c"]) == "a, b and c"
    assert text.counted(1, "return") == "1 return"
    assert text.counted(2, "authority", "authorities") == "2 authorities"
