"""Printed figures that do not add up carry a note; those that do carry none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.report.rounded import NOTE, apart, noted, noted_across, read
from soke.table import Column, Table
from soke.text import money

TWO = Column("part", "Part"), Column("gbp_million", "£m", "money", digits=0)


@pytest.mark.parametrize(
    ("said", "value", "step"),
    [
        ("−£1.2bn", -1.2e9, 1e8), ("£448m", 448e6, 1e6), ("£340,000", 340_000, 1), ("+3.5", 3.5, 0.1),
        ("42p", 0.42, 0.01), ("no figure", 0, 0), ("", 0, 0), ("−£118m in all", -118e6, 1e6),
    ],
)  # fmt: skip
def test_a_figure_is_read_as_it_is_printed(said: str, value: float, step: float) -> None:
    assert read(said) == (pytest.approx(value), pytest.approx(step))


@given(st.floats(-1e5, 1e5))
def test_money_is_read_within_half_of_its_last_digit(million: float) -> None:
    value, step = read(money(million))
    assert abs(value - 1e6 * million) <= max(0.5 * step, 500.0) * 1.001  # pounds below a million are in thousands


def test_the_note_stands_where_a_sum_does_not_add_up() -> None:
    def of(*cells: float) -> Table:
        return Table.of("t", "", TWO, [(str(k), cell) for k, cell in enumerate(cells)])

    one = (({0: 1, 1: 1}, 2),)
    assert noted(of(0.4, 0.4, 0.8), ["gbp_million"], one).notes == (NOTE,)
    assert noted(of(1.0, 2.0, 3.0), ["gbp_million"], one).notes == ()
    assert noted(of(5.4, 3.4, 2.0), ["gbp_million"], (({0: 1, 1: -1}, 2),)).notes == ()
    assert noted(of(1.0, float("nan"), 3.0), ["gbp_million"], one).notes == (), "what is missing is not added up"


def test_the_note_along_a_row() -> None:
    columns = tuple(Column(key, key, "money", digits=0) for key in ("spent", "raised", "gap"))
    gap = ({0: 1, 1: -1}, 2)
    for row, notes in (([10.4, 3.6, 6.8], (NOTE,)), ([10.4, 3.4, 7.0], ()), ([10.4, 3.5, 6.9], (NOTE,))):
        assert noted_across(Table.of("t", "", columns, [row]), ["spent", "raised", "gap"], gap).notes == notes


def test_parts_in_other_units_than_the_whole() -> None:
    assert not apart(["£72m", "£3.5m"], "£76m") and apart(["£72m", "£3.5m"], "£77m")
    assert not apart(["£1.9bn", "£0.1bn"], "£2.0bn")
