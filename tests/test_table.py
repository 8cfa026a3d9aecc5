"""The one table: whole figures in, each face from the same rows."""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke.errors import SokeError
from soke.table import Answer, Cell, Column, Table

COLUMNS = (
    Column("name", "place"),
    Column("gap_gbp_million", "gap, £m", "money"),
    Column("population_persons", "people", "count"),
    Column("place_code", "code", people=False),
)
ROWS: tuple[dict[str, Cell], ...] = (
    {"name": "Leeds", "gap_gbp_million": 1234.567, "population_persons": 812_000, "place_code": "E08000035"},
    {"name": "=Wakefield", "gap_gbp_million": None, "population_persons": 353_000, "place_code": "E08000036"},
)


def made() -> Table:
    return Table.of("gaps", "The gap", COLUMNS, ROWS, "An estimate.", "")


def test_rows_are_checked_against_the_columns() -> None:
    table = made()
    assert table.rows[0] == ("Leeds", 1234.567, 812_000, "E08000035")
    assert table.notes == ("An estimate.",) and len(table) == 2
    assert table.column("name") == ["Leeds", "=Wakefield"] and table.records()[0] == ROWS[0]
    with pytest.raises(ValueError, match="a row has \\['nmae'\\]"):
        Table.of("gaps", "", COLUMNS, [{"nmae": "Leeds"}])
    with pytest.raises(ValueError, match="3 cells under 4 columns"):
        Table.of("gaps", "", COLUMNS, [("Leeds", 1.0, 2)])
    with pytest.raises(ValueError, match="two columns have one key"):
        Table.of("gaps", "", (*COLUMNS, COLUMNS[0]), [])
    with pytest.raises(SokeError, match=r"has no column 'nmae'\. It has name,") as error:
        table.column("nmae")
    assert error.value.code == "unknown-name"


def test_what_is_not_a_number_is_no_figure() -> None:
    table = Table.of("t", "", COLUMNS[:2], [("a", math.nan), ("b", math.inf), ("c", 0.0)])
    assert table.column("gap_gbp_million") == [None, None, 0.0]


def test_people_see_rounded_figures_and_files_whole_ones() -> None:
    said = str(made())
    assert "1,235" in said and "no figure" in said and "E08000035" not in said and said.startswith("The gap\n")
    rows = list(csv.DictReader(io.StringIO(made().csv())))
    assert rows[0] == {key: str(value) for key, value in ROWS[0].items()}
    assert rows[1]["name"] == "'=Wakefield" and rows[1]["gap_gbp_million"] == ""


def test_a_column_may_say_its_own_decimals() -> None:
    assert Column("x", "x", "plain", digits=3).said(-0.5) == "\N{MINUS SIGN}0.500"
    assert Column("x", "x", "change", digits=0).said(4920.6) == "+4,921"
    assert Column("x", "x", "change", digits=0).said(-0.2) == "0"  # what rounds to nothing has no sign
    assert Column("x", "x", "count", digits=0).said(None) == "no figure"
    assert Column("x", "x", "money", digits=2).said("as published") == "as published"
    assert Column("x", "x").said(None) == ""


def test_a_notebook_gets_markup_that_runs_nothing() -> None:
    html = Table.of("t", "<b>", (Column("a", "<i>"),), [("<script>",)], "<u>")._repr_html_()
    assert "<script>" not in html and "<b>" not in html and "<i>" not in html and "<u>" not in html
    assert "&lt;script&gt;" in html


def test_showing_and_where_keep_the_rows() -> None:
    table = made().showing("population_persons", "name", name="authority")
    assert [c.title for c in table.shown] == ["people", "authority"]
    assert sorted(table.records()[0].items()) == sorted(ROWS[0].items())
    assert made().where(lambda row: row["name"] == "Leeds").column("name") == ["Leeds"]


def test_the_envelope_has_everything_by_key() -> None:
    answer = Answer(made(), {"year": "2022-23"}, (Table.of("parts", "Parts", (Column("part", "part"),), [("a",)]),))
    said = json.loads(json.dumps(answer.envelope("place", "1.0")))
    assert list(said) == ["soke", "schema", "command", "rows", "notes", "facts", "tables"]
    assert (said["soke"], said["schema"], said["command"]) == ("1.0", "gaps/1", "place")
    assert said["rows"][1] == ROWS[1] and said["facts"] == {"year": "2022-23"}
    assert said["tables"]["parts"]["rows"] == [{"part": "a"}]


def test_pandas_is_asked_for_only_where_it_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(SokeError, match="pandas is not installed") as error:
        made().to_pandas()
    assert error.value.code == "not-installed"

    class Frame:
        def __init__(self, rows: list[tuple[Cell, ...]], columns: list[str]) -> None:
            self.rows, self.columns, self.attrs = rows, columns, dict[str, object]()

    monkeypatch.setitem(sys.modules, "pandas", SimpleNamespace(DataFrame=Frame))
    frame = made().to_pandas()
    assert list(frame.columns) == [column.key for column in COLUMNS] and frame.attrs["caption"] == "The gap"


CELLS = st.one_of(st.none(), st.integers(-(10**9), 10**9), st.floats(), st.text(max_size=30))


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=6))
def test_every_face_takes_every_cell(rows: list[tuple[Cell, ...]]) -> None:
    table = Table.of("t", "t", COLUMNS, rows)
    back = list(csv.reader(io.StringIO(table.csv(), newline="")))
    assert len(back) == len(rows) + 1 and all(len(row) == len(COLUMNS) for row in back)
    json.dumps(Answer(table).envelope("", ""), allow_nan=False)
    assert str(table) is not None and table._repr_html_().count("<tr>") == len(rows) + 1
