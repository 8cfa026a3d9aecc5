"""Codes: a slip of the pen is told from a code of no use."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.community.voting.codes import ALPHABET, RANDOM, _sign, check_channel, check_count, new_code, read_code
from soke.errors import SokeError

codes = st.integers(0, 2**32).map(lambda seed: new_code(random.Random(seed).randrange))


def test_the_signs_are_those_that_nobody_takes_for_another() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 31
    assert not set("0O1IL") & set(ALPHABET)
    assert len(ALPHABET) ** RANDOM > 2**69


def test_the_check_sign_worked_out_by_hand() -> None:
    # positions 1 to 14 times the values of the signs: 1 * 0 + 2 * 1 + ... of "23456789ABCDEF" (values 0 to 13)
    total = sum((place + 1) * value for place, value in enumerate(range(14)))
    assert total == 910 and 910 % 31 == 11
    assert ALPHABET[:14] == "23456789ABCDEF" and ALPHABET[11] == "D"
    assert read_code("23456-789AB-CDEFD") == "23456789ABCDEFD"


def test_the_code_of_the_handbook_is_one() -> None:
    assert read_code("K7QDM-3XW9A-PT2HH") == "K7QDM3XW9APT2HH"


def test_codes_are_drawn_from_all_signs_and_differ() -> None:
    made = {new_code() for _ in range(500)}
    assert len(made) == 500
    assert {sign for code in made for sign in code} == {*ALPHABET, "-"}


@given(codes)
def test_a_code_is_read_however_it_is_typed(code: str) -> None:
    signs = code.replace("-", "")
    for typed in (code, signs, signs.lower(), f"  {code.lower().replace('-', ' ')} ", " ".join(signs)):
        assert read_code(typed) == signs


BETWEEN = [
    "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212", "\ufe58", "\ufe63", "\uff0d", "\u2043",
    "\u30fc",
    "\u05be", "\u00ad", "\u2026", "\u00b7", "\u2022", ".", ",", "/", "_", "\u2018", "\u2019", "\u201c", "\u201d", "'",
    '"', "\u02bc", "`", "\u00b4", "\u00a0", "\u202f", "\u2009", "\u3000", "\u200b", "\u200c", "\u200d", "\u2060",
    "\ufeff", "\u200e", "\u202c",
    "\t", "\r\n", "\ufe0f", "\u034f", "\u2028", "\ufffd", "|", "=", "~",
]  # fmt: skip


@given(codes, st.lists(st.sampled_from(BETWEEN), min_size=16, max_size=16))
def test_whatever_stands_between_the_signs_does_not_matter(code: str, between: list[str]) -> None:
    signs = code.replace("-", "")
    assert read_code("".join(map("".join, zip(between, [*signs, ""], strict=True)))) == signs


@given(codes)
def test_broad_letters_and_digits_are_the_plain_ones(code: str) -> None:
    signs = code.replace("-", "")
    assert read_code("".join(chr(ord(sign) + 0xFEE0) for sign in signs)) == signs


def test_no_character_is_read_as_a_sign_that_is_another_and_none_as_two() -> None:
    """Over all of Unicode: what reads as a sign is that sign for whoever compares texts (NFKC, capitals)."""
    for number in range(0x110000):
        typed = chr(number)
        read = _sign(typed)
        assert len(read) <= 1
        if read in ALPHABET and read:
            assert unicodedata.normalize("NFKC", typed).upper() == read
        if typed.isascii() and typed.isalnum():
            assert read == typed.upper()


@given(codes, st.integers(0, RANDOM), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_always_found(code: str, place: int, sign: str) -> None:
    signs = code.replace("-", "")
    typed = signs[:place] + sign + signs[place + 1 :]
    if typed == signs:
        return
    with pytest.raises(SokeError, match="mistyped"):
        read_code(typed)


@given(codes, st.integers(0, RANDOM), st.integers(0, RANDOM))
def test_two_signs_that_changed_places_are_always_found(code: str, one: int, other: int) -> None:
    signs = list(code.replace("-", ""))
    signs[one], signs[other] = signs[other], signs[one]
    if "".join(signs) == code.replace("-", ""):
        return
    with pytest.raises(SokeError, match="mistyped"):
        read_code("".join(signs))


@pytest.mark.parametrize(
    ("typed", "fact"),
    [
        ("", "15 signs, and this has 0"),
        ("23456-789AB-CDEF", "this has 14"),
        ("23456-789AB-CDEFDD", "this has 16"),
        ("0" * 15, 'no "0"'),
        ("23456-789AB-CDEFÄ", 'no "Ä"'),
        ("23456\x00789ABCDEFD", "A code holds no"),
        ("23456-789AB-CDEFА", "cyrillic capital letter a"),
        ("23456-789AB-CDEF\u0301D", "combining acute accent"),
        ("⅔456-789AB-CDEFD", "A code holds no"),
    ],
)
def test_what_is_no_code_is_said_to_be_none(typed: str, fact: str) -> None:
    with pytest.raises(SokeError, match=fact):
        read_code(typed)


def test_counts_and_channels_out_of_range() -> None:
    assert check_count(500) == 500 and check_channel("table") == "table"
    for count in (0, -1, 10**7):
        with pytest.raises(SokeError, match="cannot be issued"):
            check_count(count)
    with pytest.raises(SokeError, match="no channel"):
        check_channel("fax")
