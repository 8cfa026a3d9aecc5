"""Pools and quotas as spreadsheets hand them over: every fault at once, with hints; households however typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.community.assemblies.households import key, near
from soke.community.assemblies.likeness import dates_of, fix_for
from soke.community.assemblies.pool import Pool, read_files, read_pool, read_quotas
from soke.community.handed_in import Faults, rows_of
from soke.errors import SokeError

QUOTAS = b"category,feature,min,max\nage,16-29,1,2\nage,7-9,1,2\nage,5-29,0,2\nsex,female,1,2\nsex,male,1,2\n"


def pool_of(*rows: str, header: str = "id,age,sex") -> bytes:
    return "\n".join((header, *rows)).encode()


def refused(pool: bytes, quotas: bytes = QUOTAS) -> str:
    with pytest.raises(SokeError) as stopped:
        read_pool(pool, "pool.csv", read_quotas(quotas, "quotas.csv"), "id", "")
    return str(stopped.value)


def test_every_bad_row_of_both_files_is_told_at_once(tmp_path: Path) -> None:
    pool, quotas = tmp_path / "pool.csv", tmp_path / "quotas.csv"
    quotas.write_bytes(QUOTAS.replace(b"sex,male,1", b"sex,male,50%").replace(b"16-29,1,2", b"16-29,3,2"))
    pool.write_bytes(pool_of("1,16-29,Female", "1,16-29,male", "3,16-29", "=4,99,female", "5,7-9,Female", ",7-9,male"))
    with pytest.raises(SokeError) as stopped:
        read_files(pool, quotas, "id")
    said = str(stopped.value)
    for words in (
        "7 things more are wrong", "quotas.csv:2: \"16-29\" of \"age\" asks for at least 3",
        "  line 6: '50%'", 'lines 2 and 6: "Female" of "sex" has no quota. Is it "female"?',
        "line 4: This row has 2 cells", 'line 5: The id "=4"', 'line 5: "99" of "age"', "line 7: The id is empty",
    ):  # fmt: skip
        assert words in said, words


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("16–29", 'Is it "16-29"? The dash is another sign.'),
        ("16\u00a0\u2212 29", 'Is it "16-29"?'),
        ("16 to 29", 'Is it "16-29"?'),
        ("'16-29", 'Is it "16-29"?'),
        ("09-Jul", 'date of a range: is it "7-9"?'),
        ("07-Sep", 'is it "7-9"?'),
        ("9 July", 'is it "7-9"?'),
        ("2026-07-09 00:00:00", 'is it "7-9"?'),
        ("09/07/2026", 'is it "7-9"?'),
        ("46212", 'is it "7-9"?'),  # days since 1900: 9 July 2026
        ("May-29", 'is it "5-29"?'),
        ("2029-05-01", 'is it "5-29"?'),
        ("Oct-14", "looks like a date"),
        ("", '"age" is empty'),
    ],
)
def test_what_a_spreadsheet_makes_of_a_value_is_hinted_at(cell: str, words: str) -> None:
    assert words in refused(pool_of(f"1,{cell},male"))


def test_a_date_in_the_quotas_is_told_as_such() -> None:
    said = refused(pool_of("1,7-9,male"), QUOTAS.replace(b"age,7-9", b"age,09-Jul"))
    assert 'Is it "09-Jul" of the quotas? A spreadsheet made a date of a range there' in said


def test_a_slip_of_the_keyboard_has_the_nearest_value_named() -> None:
    assert 'Is it "female"? Otherwise: add a quota' in refused(pool_of("1,7-9,femle"))
    assert fix_for("walrus", ["female", "male"]).startswith("Add a quota")
    assert dates_of("45 High Street") == dates_of("12345678") == frozenset()


@given(st.integers(1, 12), st.integers(1, 12))
def test_a_range_is_found_in_either_date_that_it_becomes(a: int, b: int) -> None:
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    for text in (f"{a:02d}-{months[b - 1]}", f"{b}-{months[a - 1]}", f"2026-{a:02d}-{b:02d}"):
        assert (a, b) in dates_of(text) and (b, a) in dates_of(text)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("50%", "Is it a percentage?"), ("0.5", "Is it a share?"), ('"0,5"', "Is it a share?"),
        ("5.5", "Nobody is drawn in part"), ('"1,000"', "without a mark for thousands"),
        ("05-Jul", "looks like a date"),
        ("", "The number of people is empty"), ("five", "in digits"),
    ],
)  # fmt: skip
def test_a_quota_that_is_no_number_of_people_says_what_it_may_be(cell: str, words: str) -> None:
    with pytest.raises(SokeError, match=words.replace("?", r"\?")):
        read_quotas(f"category,feature,min,max\nsex,f,{cell},2\n".encode(), "q.csv")


def test_whole_numbers_with_a_point_are_whole() -> None:
    (quota,) = read_quotas(b"category,feature,min,max\nsex,f,1.0,2.00\n", "q.csv")
    assert (quota.least, quota.most) == (1, 2)


@pytest.mark.parametrize("mark", [";", "\t"])
@pytest.mark.parametrize("first", ["", "sep={}\n", "\ufeff"])
def test_semicolons_and_tabs_are_read(mark: str, first: str) -> None:
    quotas = (first.format(mark) + QUOTAS.decode().replace(",", mark)).encode()
    pool = pool_of('1,16-29,male,"a, b"', "", ",,,", "2,7-9,female,", header='id,age,sex,"name, first"')
    text = first.format(mark) + pool.decode().replace('"a, b"', "a b").replace('"name, first"', "N").replace(",", mark)
    read = read_pool(text.encode(), "pool.csv", read_quotas(quotas, "q.csv"), "id", "")
    assert read.ids == ("1", "2") and read.values == (("16-29", "male"), ("7-9", "female"))


def test_commas_are_read_where_a_name_holds_semicolons() -> None:
    """A published file is parted by commas, whatever its categories are called."""
    quotas = read_quotas(b"category,feature,min,max\na;b;c,x;y,0,1\n", "q.csv")
    assert read_pool(b"id,a;b;c\n1,x;y\n", "p.csv", quotas, "id", "").values == (("x;y",),)


def test_empty_cells_behind_the_last_column_do_no_harm() -> None:
    assert read_quotas(QUOTAS.replace(b"1,2\n", b"1,2,,\n"), "q.csv") == read_quotas(QUOTAS, "q.csv")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("id,é\n".encode("cp1252"), 'in the Windows letters there is "é" here'),
        ("id,a\n".encode("utf-16"), "it looks like UTF-16"),
        ("id,a\n".encode("utf-16-le"), "it looks like UTF-16"),
        (b"PK\x03\x04", "This is a workbook, not CSV"),
        (b"", "The file is empty"),
    ],
)
def test_what_is_no_text_says_what_it_is(content: bytes, words: str) -> None:
    with pytest.raises(SokeError, match=words):
        list(rows_of(content, "pool.csv", Faults()))


def test_columns_of_the_quotas_that_are_not_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "q.csv").write_bytes(b"feature,value,min,max,min_flex,max_flex\nsex,f,0,1,0,1\n")
    (tmp_path / "p.csv").write_bytes(b"id,sex\n1,f\n")
    told: list[str] = []
    read_files(tmp_path / "p.csv", tmp_path / "q.csv", warn=told.append)
    assert len(told) == 1 and "Not read: the columns min_flex and max_flex." in told[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 High Street", "12 high street "),
        ("12 High Street", "12, HIGH  STREET."),
        ("12a High Street", "12 A High Street"),
        ("St John's Court", "St Johns Court"),
        ("1\u00a0Mill Lane", "１ Mill-Lane"),
        ("TE1 1ST", "te11st"),
        ("Flat 2/10 High Street TE1 1ST", "Flat 2, 10 High Street, TE11ST"),
    ],
)
def test_one_household_however_it_is_typed(one: str, other: str) -> None:
    assert key([one]) == key([other]) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Flat 1, 2 High Street", "Flat 12 High Street"), ("1/2 High Street", "12 High Street"),
        ("12 High Street", "12 High St"), ("12 High Street", "13 High Street"),
    ],
)  # fmt: skip
def test_two_households_stay_two(one: str, other: str) -> None:
    assert key([one]) != key([other])


def test_columns_keep_apart_and_what_says_nothing_is_nobody() -> None:
    assert key(["12", "3 High Street"]) != key(["12 3", "High Street"])
    assert key(["", " "]) == key(["-", ""]) == ""
    assert near(["12 High St."]) == near(["12 high street"]) and near(["Apt 2"]) == near(["Flat 2"])


def people(tmp_path: Path, header: str, *rows: str, household: tuple[str, ...] = ()) -> tuple[Pool, list[str]]:
    (tmp_path / "q.csv").write_bytes(b"category,feature,min,max\nsex,f,0,9\nsex,m,0,9\n")
    (tmp_path / "p.csv").write_bytes(pool_of(*rows, header=header))
    told: list[str] = []
    read, _ = read_files(tmp_path / "p.csv", tmp_path / "q.csv", "", household, told.append)
    return read, told


def test_households_by_several_columns_and_what_is_only_near(tmp_path: Path) -> None:
    rows = ("f,12 High Street,TE1 1ST", "m,12 high street,te11st", "f,12 High St,TE1 1ST", "m,12 High Street,TE2 2ST")
    read, told = people(tmp_path, "sex,address1,postcode", *rows, household=("address1, postcode",))
    assert len(set(read.households)) == 3 and read.households[0] == read.households[1]
    assert read.told_by == ("address1", "postcode")
    assert len(told) == 1 and '"12 High Street, TE1 1ST" (line 2) and "12 High St, TE1 1ST" (line 4)' in told[0]
    again, _ = people(tmp_path, "sex,address1,postcode", *rows, household=("address1", "postcode"))
    assert again == read


def test_a_placeholder_and_a_half_filled_address_are_told(tmp_path: Path) -> None:
    rows = [f"f,n/a,{number}" for number in range(11)]
    assert "stands for not known" in people(tmp_path, "sex,home,name", *rows, household=("home",))[1][0]
    told = people(tmp_path, "sex,a,b", "f,,TE1 1ST", "m,,TE1 1ST", "f,9 Mill Lane,TE1 1ST", household=("a,b",))[1]
    assert any("rest on a part of a and b" in words for words in told)


def test_rows_that_are_alike_but_for_the_id_are_told(tmp_path: Path) -> None:
    header, rows = (
        "id,name,street,sex",
        ["R1,Ann Lee,1 Mill Lane,f", "R2,Bo,2 Mill Lane,m", "R3,ann  lee,1 mill lane,f"],
    )
    told = people(tmp_path, header, *rows)[1]
    assert len(told) == 1 and 'alike but for "id": lines 2 and 4' in told[0]
    assert not people(tmp_path, header, *rows[:2])[1]
    assert not people(tmp_path, "id,sex", "1,f", "2,f", "3,f")[1]  # nothing says who anybody is
    assert not people(tmp_path, "name,postcode,sex", "Ann,TE1,f", "Bo,TE1,f")[1]
