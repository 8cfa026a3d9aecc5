"""``soke place X --explain``: what is asked for is what is answered, on its basis; what cannot be is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from soke.england.baseline import baseline
from soke.model.accounts.apportion import Basis, line_matrix
from soke.model.accounts.definitions import place_totals
from soke.model.accounts.explain import LineSum, TotalSum, explain
from soke.report.tables.explained import explained
from soke.report.tables.sum_figures import sums

Run = Callable[..., tuple[int, str, str]]
LEEDS, BIRMINGHAM, NORTH_EAST, YORKSHIRE = "E08000035", "E08000025", "E12000001", "E12000003"
BASES: tuple[Basis, ...] = ("residence", "economy", "single")


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("name", ["all taxes", "core taxes"])
def test_a_total_is_of_the_basis_asked_for(name: str, basis: Basis) -> None:
    done = explain([LEEDS], 2022, name, basis)
    here = baseline().mask([LEEDS])
    assert isinstance(done, TotalSum)
    assert done.value == pytest.approx(float(place_totals(name.replace(" ", "-"), 2022, basis)[here].sum()))
    assert sum(a.value for a in done.addends) == pytest.approx(done.value)


def test_a_gap_by_one_share_is_no_gap_of_residence(soke: Run) -> None:
    one, home = explain([LEEDS], 2022, "gap", "single"), explain([LEEDS], 2022, "gap")
    assert one.value != pytest.approx(home.value, abs=100)
    status, out, err = soke("place", "Leeds", "--basis", "economy", "--explain", "gap")
    assert (status, out) == (2, "")
    assert "On the economy basis there are taxes only" in err


def test_the_single_basis_prints_its_sum() -> None:
    done = explain([LEEDS], 2022, "health", "single")
    assert isinstance(done, LineSum)
    matrix = line_matrix(2022, "single")
    assert done.value == pytest.approx(float(matrix.row("health")[baseline().mask([LEEDS])].sum()))
    rows = explained(done, "Leeds", 2022).rows
    assert {row[0] for row in rows} == {"single"}
    (part,) = sums(done)[3].rows
    assert part[4] * part[6] / part[7] == pytest.approx(done.value)  # published x weight here / of the region


def test_a_line_of_a_whole_region_has_neither_grades_nor_a_range(soke: Run) -> None:
    status, out, _ = soke("place", NORTH_EAST, "--year", "2022-23", "--explain", "health")
    assert status == 0
    assert "plus or minus" not in out
    assert "measured here" not in out
    assert "Published for this area" in " ".join(out.split())


@pytest.mark.parametrize(
    ("line", "said"),
    [("defence", "none: per head by convention"), ("income tax", "none: all of it is measured")],
)
def test_no_range_says_why(soke: Run, line: str, said: str) -> None:
    assert said in soke("place", "Greater Manchester", "--year", "2022-23", "--explain", line)[1]


def test_what_stands_in_for_a_council_that_filed_nothing_is_named(soke: Run) -> None:
    _, out, _ = soke("place", BIRMINGHAM, "--year", "2023-24", "--explain", "education")
    assert "stands in for Birmingham, which filed nothing" in " ".join(out.split())


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--explain", ""], "No line of the account is called ''"),
        (["--explain", "police"], "Ask for --explain 'Public order and safety'"),
        (["--explain", "gap", "--history"], "cannot be asked for together"),
        (["--explain", "x" * 10_000], "No line of the account"),
    ],
)
def test_what_cannot_be_explained_is_refused_before_a_page_is_written(
    soke: Run, tmp_path: Path, asked: list[str], said: str
) -> None:
    path = tmp_path / "page.html"
    status, out, err = soke("place", "Isles of Scilly", *asked, "--page", path)
    assert (status, out) == (2, "")
    assert said in " ".join(err.split())
    assert len(err) < 400
    assert not path.exists()
