import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable

import numpy as np
import pytest
from made_up_run import make
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from soke.report.contents import RunReport
from soke.report.run.tables import OF_THE_PACKAGE, TABLES, all_tables
from soke.report.table import to_html
from soke.report.workbook import about, workbook_bytes
from soke.table import WORDS, Column, Kind, Table


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


def test_a_cell_carries_the_name_of_its_column_only_where_a_telephone_parts_them() -> None:
    short = Table.of("t", "A table", [Column("a", "A"), Column("b", "B", "money")], [("x", 1.0)])
    wide = Table.of("t", "A table", [Column(name, f"{name} {'long' * 5}") for name in "abcd"], [("x" * 30,) * 4])
    assert "data-name" not in str(to_html(short)) and "stack" not in str(to_html(short))
    assert str(to_html(wide)).count("data-name") == 3 and "stack" in str(to_html(wide))
    assert "data-name" not in str(to_html(wide, stack=False))


def test_not_a_number_becomes_a_missing_figure() -> None:
    found = Table.of("t", "c", [Column("a", "A", "money")], [(float("nan"),), (float("inf"),), (np.float64(1.5),)])
    assert found.rows == ((None,), (None,), (1.5,))


@pytest.mark.parametrize("text", ["=1+1", "+44", "-cmd", "@SUM(A1)", "\tx"])
def test_no_text_becomes_a_formula(text: str) -> None:
    found = Table.of("t", "c", [Column("a", "A")], [(text,)])
    assert read(found.csv())[0]["a"] == f"'{text}"
    sheet = load_workbook(io.BytesIO(workbook_bytes("x", [found])))["01 t"]
    assert sheet["A2"].value == f"'{text}" and sheet["A2"].data_type == "s"


@pytest.mark.slow
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


def book_of(report: RunReport) -> Workbook:
    raw = workbook_bytes(report.deal.title, list(all_tables(report).values()), about(report))
    return load_workbook(io.BytesIO(raw))


def test_the_first_sheet_says_what_was_run(with_deal: Callable[..., RunReport]) -> None:
    report = with_deal(agreed=dt.date(2023, 3, 15), status="draft", title="=A deal")
    sheet = book_of(report)["contents"]
    said = {row[0].value: row[1] for row in sheet.iter_rows() if row[0].value}
    assert (said["Deal"].value, said["Deal"].data_type) == ("'=A deal", "s"), "no text becomes a formula"
    assert said["Status"].value == "draft" and said["Version of Soke"].value == report.meta.version
    assert said["Agreed on"].value == dt.datetime(2023, 3, 15) and said["Agreed on"].is_date
    assert (said["Seed"].value, said["Draws"].value) == (report.meta.seed, report.meta.draws)
    for file in report.meta.files:
        assert said[f"SHA-256 of {file.path}"].value == file.sha256
    for number, table in enumerate(all_tables(report).values(), start=1):
        assert said[f"{number:02d} {table.id}"[:31]].value.removeprefix("'") == table.caption
    undated = book_of(with_deal(agreed=None))["contents"]
    assert "not agreed" in {row[1].value for row in undated.iter_rows()}


def test_the_workbook_is_the_same_on_any_day(report: RunReport) -> None:
    raw = [workbook_bytes("x", list(all_tables(report).values()), about(report)) for _ in range(2)]
    assert raw[0] == raw[1]


def test_figures_are_numbers_with_their_format_and_years_are_text(report: RunReport) -> None:
    book, year = book_of(report), re.compile(r"\d{4}-\d\d")
    for number, table in enumerate((table.filed() for table in all_tables(report).values()), start=1):
        sheet = book.worksheets[number]
        assert sheet.title == f"{number:02d} {table.id}"[:31] and sheet.freeze_panes == "B2"
        for k, column in enumerate(table.columns):
            width = sheet.column_dimensions[get_column_letter(k + 1)].width
            assert 8 <= width <= 63 and sheet.cell(1, k + 1).font.bold
            for row, cell in enumerate(table.column(column.key)[:20], start=2):
                found = sheet.cell(row, k + 1)
                if isinstance(cell, str):
                    assert found.data_type == "s" or not cell, (table.id, column.key)
                elif cell is not None and column.kind not in WORDS:
                    assert found.data_type == "n" and found.value == pytest.approx(cell)
                    assert found.number_format != "General", (table.id, column.key)
                    assert ("%" in found.number_format) is column.kind.startswith("share")
                    assert not (column.key.endswith("year") and 1900 < cell < 2200), "a year is a label"
                if isinstance(cell, str) and year.fullmatch(cell):
                    assert found.value == cell


def test_small_sums_keep_decimals_and_changes_their_sign() -> None:
    kinds: tuple[Kind, ...] = ("money", "change", "share", "count")
    columns = tuple(Column(kind, kind, kind) for kind in kinds)
    table = Table.of("t", "", columns, [(0.0123, 250.0, 0.5, 7), (0.002, -3.0, 0.25, 70_000)])
    sheet = load_workbook(io.BytesIO(workbook_bytes("x", [table])))["01 t"]
    formats = [sheet.cell(2, k).number_format for k in range(1, 5)]
    assert formats == ["#,##0.0000", "+#,##0.0;-#,##0.0;#,##0.0", "0.0%", "#,##0"]
