"""``soke data import`` as a finance officer meets it, and what the figures are used for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from england.council_tax_books import row, table9
from england.workbooks import key_information
from soke.england.imported import read_imported

Run = Callable[..., tuple[int, str, str]]
MANCHESTER, SURREY = "E08000003", "E10000030"
FILE = "council-tax-levels-2023-24.csv"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return table9(tmp_path_factory.mktemp("books") / "CTR_Table_9_2023-24.xlsx")


def test_the_summary_comes_before_anything_is_replaced(soke: Run, book: Path, tmp_path: Path) -> None:
    to = tmp_path / "official"
    status, out, _ = soke("data", "import", book, "--to", to, "--dry-run")
    assert status == 0 and not to.exists()
    assert "shipped, 2022-23" in out and "tax_base" in out and "seen" in out
    assert soke("data", "import", book, "--to", to)[0] == 0
    written = (to / FILE).read_bytes()
    again = table9(tmp_path / "again.xlsx", lambda s: row(s, SURREY, "Data_Precepting").__setitem__(5, "[r]"))
    status, out, err = soke("data", "import", again, "--to", to)
    assert status == 2 and "imported before" in out
    assert f"already holds other figures: {FILE}" in err and "--replace" in err
    assert (to / FILE).read_bytes() == written
    status, out, _ = soke("data", "import", again, "--to", to, "--replace", "--json")
    said = json.loads(out)
    assert (status, said["schema"]) == (0, "imports/1")
    [base] = [r for r in said["rows"] if r["variable"] == "tax_base"]
    assert (base["now"], base["authorities"], base["layout"]) == (
        "imported before",
        base["authorities_in_both"],
        "seen",
    )
    assert (to / FILE).read_bytes() != written


def test_settle_has_the_requirement_of_a_year_that_is_not_shipped(soke: Run, book: Path, tmp_path: Path) -> None:
    to = tmp_path / "official"
    assert soke("data", "import", book, "--to", to)[0] == 0
    _, out, _ = soke("settle", "Manchester", "Surrey county", "--year", "2023-24", "--figures", to, "--json")
    rows = {r["place_code"]: r for r in json.loads(out)["rows"]}
    given = read_imported(to).get("council_tax_requirement", 2023)
    assert rows[MANCHESTER]["requirement_gbp_million_cash"] == pytest.approx(given[MANCHESTER] / 1e6)
    assert rows[MANCHESTER]["requirement_grade"] == "official"
    assert rows[SURREY]["precept_gbp_million_cash"] == pytest.approx(given[SURREY] / 1e6)


def test_what_never_met_a_real_file_says_so_where_it_is_used(soke: Run, tmp_path: Path) -> None:
    to = tmp_path / "official"
    status, out, _ = soke("data", "import", key_information(tmp_path / "KI.xlsx"), "--to", to)
    assert status == 0 and "The layout is unverified: nobody has held it against a real file." in out
    _, out, _ = soke("settle", "Manchester", "--year", "2026-27", "--figures", to)
    assert "KI.xlsx: unverified, its layout never met a real file" in out
    _, out, _ = soke("settle", "Manchester", "--year", "2026-27", "--figures", to, "--json")
    assert json.loads(out)["rows"][0]["baseline_funding_grade"] == "unverified"
    [source] = read_imported(to).sources
    assert "unverified, its layout never met a real file" in str(source)
    assert source.grade() == "unverified"


@pytest.mark.parametrize(
    ("year", "named"),
    [("2025-26", "CSP_information_table_LGFS_2025-26.xlsx"), ("2026-27", "260317_final_hc_KI_table_LGFS_2627.xlsx"),
     ("2024-25", "CTR_Table_9_2024-25.ods")],
)  # fmt: skip
def test_settle_names_the_workbook_to_import(soke: Run, year: str, named: str) -> None:
    status, _, err = soke("settle", "--year", year)
    assert status == 2
    assert named in err and "soke data import FILE --to official" in err and "Funding is settled for" in err
