"""The dated parameters: each has its source and its unit, and in no year do two rows of one say different things."""

from itertools import pairwise

import pytest

from soke.model.funding.dated import rules


@pytest.mark.parametrize("name", rules().rows)
def test_one_row_holds_in_a_year(name: str) -> None:
    """Else the first of the file would win without a word: who adds a year gives the row before it a last one."""
    rows = sorted(rules().rows[name], key=lambda row: (row.who, row.first))
    assert all(row.first <= row.last and row.unit and row.source for row in rows)
    for before, after in pairwise(rows):
        assert before.who != after.who or before.last < after.first, f"{name}, {after.who}: two rows in {after.first}"
