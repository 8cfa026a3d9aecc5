"""Plain text: years both ways, safe text, quotation marks, counts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke import text
from soke.errors import SokeError


@given(st.integers(1000, 9998))
def test_a_label_and_its_year_are_one(year: int) -> None:
    label = text.financial_year(year)
    assert text.labelled_year(label) == text.start_year(f" {label} ") == year


@pytest.mark.parametrize(
    "wrong", ["2026-28", "2026", "2026-2027", "", "2026/27", "1999-2000", "\N{ARABIC-INDIC DIGIT TWO}026-27"]
)
def test_what_is_no_label(wrong: str) -> None:
    assert text.labelled_year(wrong) is None
    with pytest.raises(SokeError, match=r"is not a financial year\. Write it as 2013-14") as error:
        text.start_year(wrong)
    assert error.value.code == "bad-year"


def test_days() -> None:
    assert text.year_of(dt.date(2027, 3, 31)) == 2026 and text.year_of(dt.date(2027, 4, 1)) == 2027
    assert text.day(dt.date(2028, 2, 29)) == "29 February 2028"
    assert text.financial_year(1999) == "1999-00"


@given(st.text())
def test_clean_text_steers_nothing(said: str) -> None:
    cleaned = text.clean(said)
    assert not any(c in cleaned for c in "\x1b\x00\x08\r\x7f\x9b\u202e\u2066\u200f") and text.clean(cleaned) == cleaned
    assert "\n" not in text.one_line(said)


def test_quotation_marks_of_every_hand() -> None:
    assert (
        text.straight_quotes("O\u2019Brien \u201cDeal\u201d \u2018x\u2019 O\u02bcNeill O`Hara")
        == "O'Brien \"Deal\" 'x' O'Neill O'Hara"
    )


def test_counts_and_pounds() -> None:
    assert text.counted(1, "draw") == "1 draw" and text.counted(1000, "draw") == "1,000 draws"
    assert text.counted(2, "authority", "authorities") == "2 authorities"
    assert text.sterling(Decimal("1234")) == "£1,234" and text.sterling(Decimal("-1234.5")) == "-£1,234.50"
    assert text.listed(["a", "b", "c"]) == "a, b and c" and text.listed([]) == ""


def test_no_line_end_divides_a_year() -> None:
    assert text.whole_years("2025-26, £m") == "2025\N{NON-BREAKING HYPHEN}26, £m"
    assert text.whole_years("E07-000 or 1-2") == "E07-000 or 1-2"


@pytest.mark.parametrize(
    "said",
    ["sal\u200bford", "sal\u00adford", "\ufeffx", "a\u2060b", "\u3164", "\U000e0041", "\ue000", "x\ufff9y", "\u2800"],
)
def test_what_is_not_seen_is_seen_as_replaced(said: str) -> None:
    assert "\N{REPLACEMENT CHARACTER}" in text.clean(said) and len(text.clean(said)) == len(said)


def test_a_letter_has_a_few_marks_and_no_more() -> None:
    assert text.clean("e\u0301\u0323") == "e\u0301\u0323"
    flooded = text.clean("x" + "\u0301" * 500 + "y")
    assert flooded == "x" + "\u0301" * 4 + "\N{REPLACEMENT CHARACTER}y" == text.clean(flooded)
    assert text.clean(text.unbroken("+£3, \u22124")) == "+\u2060£3, \u22124"
