import csv
import io
import zipfile

import numpy as np
import pytest
from made_up_run import make
from openpyxl import load_workbook

from soke.report.contents import RunReport
from soke.report.run.tables import OF_THE_PACKAGE, TABLES, all_tables
from soke.report.table import to_html
from soke.report.workbook import workbook_bytes
from soke.table import Column, Table


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_every_table_has_its_own_name(report: RunReport) -> None:
    found = all_tables(report)
    assert len(found) == len(TABLES) + len(OF_THE_PACKAGE)
    assert all(len(row) == len(t.columns) for t in found.values() for row in t.rows)


def test_csv_holds_whole_figures(report: RunReport) -> None:
    found = all_tables(report)
    rows = read(found["account_lines"].csv())
    spent = [row["side"] == "spent" for row in rows]
    assert [float(row["spent_gbp_million_cash" if out else "raised_gbp_million_cash"])
            for row, out in zip(rows, spent, strict=True)] == [line.value for line in report.account.lines]  # fmt: skip
    assert [row["raised_gbp_million_cash"] == "" for row in rows] == spent and "gbp_million_cash" not in rows[0]
    assert rows[0]["half_width_gbp_million_cash"] == ""  # measured here, all of it
    change = report.projection.series["gap_narrowing"].difference
    years = read(found["difference_by_year"].csv())
    assert len(years) == len(report.projection.years)
    assert [float(row["p90_gbp_million"]) for row in years] == list(np.quantile(change, 0.9, axis=0))


def test_components_add_up_to_the_narrowing(report: RunReport) -> None:
    rows = read(all_tables(report)["components"].csv())
    for year in ("year 4", "year 10", "year 20"):
        means = {r["component"]: float(r["mean_gbp_million"]) for r in rows if r["marked_year"] == year}
        whole = means.pop("Narrowing of the gap")
        assert sum(means.values()) == pytest.approx(whole)
        assert "Everything else" not in means


def test_what_the_components_leave_out_is_shown() -> None:
    report = make()
    series = {k: s for k, s in report.projection.series.items() if k != "benefits_saved"}
    report = make(projection=type(report.projection)(**{**fields_of(report.projection), "series": series}))
    rows = read(all_tables(report)["components"].csv())
    rest = [float(r["mean_gbp_million"]) for r in rows if r["component"] == "Everything else"]
    saved = make().projection.series["benefits_saved"].difference[:, [4, 10, 20]].mean(axis=0)
    assert rest == pytest.approx(list(saved))


def fields_of(value: object) -> dict[str, object]:
    return {name: getattr(value, name) for name in type(value).__dataclass_fields__}  # type: ignore[attr-defined]


def test_groups_of_places_add_up_to_england(report: RunReport) -> None:
    series, tables = report.projection.by_place["balance"].mean_difference, all_tables(report)
    for key, whole in (
        ("mean_difference_year_10_gbp_million", series[10].sum()),
        ("mean_difference_gbp_million", series[1:5].mean(axis=0).sum()),
    ):
        for name in ("classes", "regions"):
            label = "class" if name == "classes" else "region"
            sums = {row[label]: row[key] for row in tables[name]}
            beside = ("England", "the deal's own places", "on the coast (of any class)")
            groups = [v for k, v in sums.items() if k not in beside]
            assert sums["England"] == pytest.approx(whole)
            assert sum(v for v in groups if isinstance(v, float)) == pytest.approx(whole)


def test_a_missing_figure_is_greyed_on_the_page() -> None:
    said = str(
        to_html(Table.of("t", "A table", [Column("a", "A"), Column("b", "B", "money")], [("x", None), ("y", 0.0)]))
    )
    assert '<td class="n none">no figure</td>' in said
    assert '<td class="n">0</td>' in said
    assert '<caption id="t-caption">A table</caption>' in said
    assert said.count('scope="col"') == 2 and said.count('scope="row"') == 2


def test_not_a_number_becomes_a_missing_figure() -> None:
    found = Table.of("t", "c", [Column("a", "A", "money")], [(float("nan"),), (float("inf"),), (np.float64(1.5),)])
    assert found.rows == ((None,), (None,), (1.5,))


@pytest.mark.parametrize("text", ["=1+1", "+44", "-cmd", "@SUM(A1)", "\tx"])
def test_no_text_becomes_a_formula(text: str) -> None:
    found = Table.of("t", "c", [Column("a", "A")], [(text,)])
    assert read(found.csv())[0]["a"] == f"'{text}"
    sheet = load_workbook(io.BytesIO(workbook_bytes("x", [found])))["01 t"]
    assert sheet["A2"].value == f"'{text}" and sheet["A2"].data_type == "s"


def test_the_workbook_holds_the_tables_and_no_date(report: RunReport) -> None:
    found = all_tables(report)
    raw = workbook_bytes("Deal\x00", list(found.values()))
    assert raw == workbook_bytes("Deal\x00", list(all_tables(make()).values()))
    book = load_workbook(io.BytesIO(raw))
    assert len(book.sheetnames) == 1 + len(found)
    sheet = book[next(name for name in book.sheetnames if name.endswith("account_lines"))]
    heads = [cell.value for cell in next(sheet.iter_rows(max_row=1))]
    assert sheet.cell(2, heads.index("raised_gbp_million_cash") + 1).value == report.account.lines[0].value
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01" in archive.read("docProps/core.xml")
