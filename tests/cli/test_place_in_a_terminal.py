"""``soke place`` as people read it: on a terminal of 80 columns, on every basis, large, small and published."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rich.console import Console

from soke.cli import accounts, output

Run = Callable[..., tuple[int, str, str]]
NARROW = 80


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (output, accounts):
        monkeypatch.setattr(module, "console", lambda: Console(width=NARROW, highlight=False))


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("place", ["Greater Manchester", "England", "Isles of Scilly"])
def test_an_account_fits_a_terminal_of_80_columns(soke: Run, place: str) -> None:
    _, out, _ = soke("place", place)
    lines = out.splitlines()
    assert max(map(len, lines)) <= NARROW
    summary = lines[next(k for k, line in enumerate(lines) if line.startswith("What is raised")) + 1 :]
    summary = summary[: summary.index("")]
    assert sum(line.startswith("of the gap: ") for line in summary) == 3  # no label is divided
    assert all(line.split()[-1][-1].isdigit() or line.split()[-1][-1] == "%" for line in summary[1:8])


@pytest.mark.usefixtures("narrow")
def test_a_narrow_terminal_leaves_the_words_of_keys_out_and_says_so(soke: Run) -> None:
    _, out, _ = soke("place", "Kent", "--lines")
    assert max(map(len, out.splitlines())) <= NARROW
    assert "A terminal of 120 columns, and --json, have also: shared by." in out
    assert "households on universal credit" not in out


@pytest.mark.usefixtures("narrow")
def test_a_year_is_a_line_of_the_history(soke: Run) -> None:
    _, out, _ = soke("place", "Surrey", "--history")
    assert sum(line.startswith(("19", "20")) for line in out.splitlines()) == 25
    assert "1999-00 to 2009-10: 9 parts of 2010-11" in " ".join(out.split()) and "NHS of 2023-24" in out


def test_what_is_published_has_no_range_and_no_part_that_is_measured(soke: Run) -> None:
    for args in (("England",), ("North West", "--lines"), ("England", "--history")):
        _, out, _ = soke("place", *args)
        assert "±" not in out and "either way" not in out and "measured here" not in out, args
    _, out, _ = soke("place", "England", "--explain", "VAT Net of Refunds")
    assert "Published for this area" in out and "by a key" not in out and "four times in five" not in out


def test_one_share_for_all_lines_claims_nothing_measured(soke: Run) -> None:
    _, out, _ = soke("place", "Westminster", "--basis", "single", "--lines")
    assert "nothing is measured" in out and "measured here" not in out and "±" not in out


def test_a_small_place_has_decimals_in_every_table(soke: Run) -> None:
    _, out, _ = soke("place", "Isles of Scilly")
    change = next(line for line in out.splitlines() if line.startswith("gap "))
    assert "−0.28" in change and " 0 " not in change


@pytest.mark.parametrize(
    ("basis", "what", "says"),
    [
        ("economy", "all taxes", "£31.4bn"),
        ("single", "gap", "−£33.9bn"),
        (
            "single",
            "VAT Net of Refunds",
            "22,590 x 88,452 / 529,771 (0.1670, by gross value added of the year)",
        ),
        ("economy", "Social Contributions", "by pay of the jobs here"),
        ("residence", "Defence", "none: per head by convention"),
        ("residence", "Council Tax", "none: all of it is measured"),
        ("residence", "Taxes on Income and Wealth paid by PCs", "−£2.84m here (−£13.20 a head"),
    ],
)
def test_the_sum_behind_a_number_is_of_the_basis_asked_for(soke: Run, basis: str, what: str, says: str) -> None:
    status, out, _ = soke("place", "Westminster", "--explain", what, "--basis", basis)
    assert status == 0 and says in " ".join(out.split())


def test_the_economy_has_no_gap_to_explain(soke: Run) -> None:
    status, _, err = soke("place", "Westminster", "--explain", "gap", "--basis", "economy")
    assert status == 2 and "there are taxes only, and no gap" in err


def test_the_taxes_of_an_economy_end_in_their_sum_and_are_taxes(soke: Run) -> None:
    _, out, _ = soke("place", "Westminster", "--basis", "economy")
    table = out.partition("Taxes of Westminster")[2].partition("\n\n")[0]
    assert "All taxes" in table.splitlines()[-1] and "31,440" in table.splitlines()[-1]
    assert "Gross Operating Surplus" not in table and "no published line" not in table


def test_names_and_codes_may_be_joined_as_tables_join_them(soke: Run) -> None:
    _, joined, _ = soke("place", "Leeds+Bradford")
    _, apart, _ = soke("place", "E08000035+E08000032")
    assert joined == apart and "Leeds and Bradford, 2023-24" in joined
