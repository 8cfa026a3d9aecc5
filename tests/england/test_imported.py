"""Imported figures take the place of estimates, with grade, year and source."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from england.workbooks import ADUR, LONDON, MANCHESTER, key_information
from soke.cli.imports import import_workbooks
from soke.england.baseline import baseline
from soke.england.imported import NOTHING, Imported, read_imported
from soke.england.places import places
from soke.england.replacement import replaced
from soke.errors import SokeError

SHA = "0" * 64
HEADER = "code,name,year,variable,value,unit,workbook,sha256\n"


def folder(tmp_path: Path, *rows: str, name: str = "a.csv") -> Path:
    made = tmp_path / "official"
    made.mkdir(exist_ok=True)
    (made / name).write_text(HEADER + "".join(f"{r},{name}.xlsx,{SHA}\n" for r in rows), encoding="utf-8")
    return made


def imported(tmp_path: Path, *rows: str) -> Imported:
    return read_imported(folder(tmp_path, *rows))


def test_from_workbook_to_figure(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(import_workbooks)
    path = key_information(tmp_path / "KI.xlsx", MANCHESTER, ADUR, LONDON)
    done = CliRunner().invoke(app, [str(path), "--to", str(tmp_path / "official")])
    assert done.exit_code == 0, done.output
    assert "9 figures of 3 authorities for 2026-27" in done.output
    assert "Wrote 1 file to" in done.output
    held = read_imported(tmp_path / "official")
    assert held.get("fair_funding_allocation", 2026) == {
        "E07000223": 3.5, "E08000003": 400.5, "E61000001": 1200.0,
    }  # fmt: skip
    assert held.get("fair_funding_allocation", 2025) == {}
    assert held.years("baseline_funding_level") == (2026,)
    [source] = held.sources
    assert source.workbook == "KI.xlsx"
    assert source.figures == 9
    assert held.source("revenue_support_grant", 2026, "E08000003") == source
    assert held.files == (tmp_path / "official" / "key-information-2026-27.csv",)


def test_nothing_is_written_where_one_workbook_is_refused(tmp_path: Path) -> None:
    good = key_information(tmp_path / "good.xlsx")
    bad = key_information(tmp_path / "bad.xlsx", [*MANCHESTER[:6], "much", 1, 1])
    with pytest.raises(SokeError, match="much"):
        import_workbooks([good, bad], tmp_path / "official", "")
    assert not (tmp_path / "official").exists()


def test_no_folder_is_no_figures() -> None:
    assert read_imported(None) is NOTHING
    assert not NOTHING
    assert replaced(baseline(), NOTHING) is baseline()


def test_an_imported_figure_replaces_the_embedded_one(tmp_path: Path) -> None:
    manchester, k = "E08000003", baseline().index("E08000003")
    held = imported(
        tmp_path, f"{manchester},Manchester,2026-27,tax_base,130000.5,Band D equivalents",
        f"{manchester},Manchester,2026-27,band_d,2200.5,GBP", f"{manchester},Manchester,2025-26,band_d,2100,GBP",
    )  # fmt: skip
    old, new = baseline(), replaced(baseline(), held)
    assert new["tax_base"][k] == 130000.5
    assert new["band_d"][k] == 2200.5
    assert new["council_tax"][k] == pytest.approx(130000.5 * 2200.5 / 1e6)
    for name in ("tax_base", "band_d", "council_tax"):
        column = new.columns[name]
        assert column.year_of(manchester) == "2026-27"
        assert column.source_of(manchester) == "a.csv.xlsx (SHA-256 000000000000)"
        assert column.grades[k] == "official"
        assert column.year == "2022-23, 2026-27"
        assert column.source == "mhclg-council-tax-levels, a.csv.xlsx (SHA-256 000000000000)"
        others = [i for i in range(296) if i != k]
        assert (column.values[others] == old[name][others]).all()
        assert column.source_of("E08000035") == "mhclg-council-tax-levels"
    assert new.columns["gva"] is old.columns["gva"]
    with pytest.raises(ValueError, match="read-only"):
        new["tax_base"][0] = 0.0


def test_an_estimate_becomes_official(tmp_path: Path) -> None:
    """Of a single-tier authority; a district's share of its county stays an estimate, and says so."""
    held = imported(
        tmp_path, "E06000052,Cornwall,2024-25,net_current_expenditure,1500,GBP million",
        "E07000223,Adur,2024-25,net_current_expenditure,20,GBP million",
        "E10000032,West Sussex,2024-25,net_current_expenditure,1700,GBP million",
        "E07000066,Basildon,2024-25,net_current_expenditure,30,GBP million",
    )  # fmt: skip
    base, column = baseline(), replaced(baseline(), held).columns["council_spending"]
    assert column.grades[base.index("E06000052")] == "official"
    assert base.columns["council_spending"].grades[base.index("E06000052")] == "derived"
    assert column.values[base.index("E06000052")] == 1500
    adur, members = base.index("E07000223"), base.mask(places().members("E10000032"))
    share = base["population"][adur] / base["population"][members].sum()
    assert column.values[adur] == pytest.approx(20 + share * 1700)
    assert column.grades[adur] == "estimate"
    basildon = base.index("E07000066")  # its county was not imported: a part alone would be no figure of the place
    assert column.values[basildon] == base["council_spending"][basildon]


def test_an_older_figure_replaces_nothing(tmp_path: Path) -> None:
    rows = (
        "E08000003,Manchester,2019-20,tax_base,1000,Band D equivalents",
        "E08000003,Manchester,2019-20,band_d,1,GBP",
    )
    assert replaced(baseline(), imported(tmp_path, *rows))["tax_base"] == pytest.approx(baseline()["tax_base"])


def test_a_full_column_names_the_workbook_alone(tmp_path: Path) -> None:
    rows = [f"{c},x,2026-27,{v},{n},{u}" for c in places().codes
            for v, n, u in (("tax_base", 10, "Band D equivalents"), ("band_d", 2000, "GBP"))]  # fmt: skip
    column = replaced(baseline(), imported(tmp_path, *rows)).columns["band_d"]
    assert column.year == "2026-27"
    assert column.source == "a.csv.xlsx (SHA-256 000000000000)"


def test_two_workbooks_that_differ_stop(tmp_path: Path) -> None:
    figure = "E08000003,Manchester,2026-27,baseline_funding_level"
    folder(tmp_path, f"{figure},150.25,GBP million")
    folder(tmp_path, f"{figure},150.2500001,GBP million", name="b.csv")
    assert read_imported(tmp_path / "official").get("baseline_funding_level", 2026) == {"E08000003": 150.25}
    folder(tmp_path, f"{figure},151,GBP million", name="b.csv")
    with pytest.raises(SokeError, match=r"b.csv:2: .* for 2026-27 is 151 here and 150.25 in a.csv.xlsx"):
        read_imported(tmp_path / "official")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("E08000003,M,2026-27,band_d,nan,GBP", r"a.csv:2: 'nan' is no number"),
        ("E08000003,M,2026-27,band_d,much,GBP", r"'much' is no number"),
        ("M,M,2026-27,band_d,1,GBP", r"'M' is no code"),
        ("E08000003,M,2026-28,band_d,1,GBP", r"'2026-28' is no financial year"),
        ("E08000003,M,2026-27,band_d,1", r"too many or too few cells"),
    ],
)
def test_a_spoiled_file_is_a_sentence(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(SokeError, match=said):
        imported(tmp_path, line)


def test_a_folder_of_other_things_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SokeError, match="no such folder"):
        read_imported(tmp_path / "none")
    with pytest.raises(SokeError, match="holds no imported figures"):
        read_imported(tmp_path)
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(SokeError, match="Expected are the columns code, name"):
        read_imported(tmp_path)
