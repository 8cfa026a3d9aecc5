"""Workbooks of the measured account: benefits, incomes, planned spending on education. No real file was to hand."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from england.council_tax_books import table9
from england.workbooks import (
    BENEFITS,
    EDUCATION_HEAD,
    INTERVAL,
    Rows,
    benefit_sheet,
    benefits,
    education_rows,
    income_row,
    income_sheet,
    ods,
    xlsx,
)
from soke.cli.imports import import_workbooks
from soke.england.imported import authorities, constituencies, disability_benefits, read_imported
from soke.england.importers.education import education_numbers
from soke.england.official import grid
from soke.england.official.bodies import billing, education, known, upper
from soke.england.official.layouts import ever_seen, layouts
from soke.england.official.reader import Reading, read_workbook
from soke.england.places import places
from soke.england.tables import read_table, read_text
from soke.errors import SokeError

MANCHESTER, LONDON = "E08000003", "E12000007"
SOUTH_WEST = "E12000009"
TORBAY, SCILLY = "E06000027", "E06000053"
MEASURED = ("dwp-benefits", "personal-incomes", "nndr3", "section-251")


def figures(reading: Reading) -> dict[tuple[str, int, str], float]:
    return {(f.code, f.year, f.variable): f.value for f in reading.figures}


# --- was this layout ever seen?


def test_no_layout_of_the_measured_account_was_ever_seen() -> None:
    mine = [a for a in layouts() if a.kind in MEASURED]
    assert {a.kind for a in mine} == set(MEASURED)
    for layout in mine:
        for wanted in layout.wanted:
            assert wanted.seen.startswith("unverified"), (layout.kind, wanted.variable)
            if wanted.use != "check":
                assert not ever_seen(wanted.variable, layout.kind)
    assert not ever_seen("s251_education")


def test_a_layout_that_was_seen_is_told_from_one_that_was_not() -> None:
    assert ever_seen("band_d") and ever_seen("outturn_education")
    assert not ever_seen("core_spending_power")  # known by name and columns only: no real file was read
    assert not ever_seen("settlement_funding_assessment")  # seen in one table, told of in another
    assert not ever_seen("fair_funding_allocation", "key-information")
    with pytest.raises(SokeError, match="No workbook gives 'happiness'"):
        ever_seen("happiness")
    with pytest.raises(SokeError, match="No workbook of the kind 'nndr3' gives 'band_d'"):
        ever_seen("band_d", "nndr3")


# --- benefits


def benefit_book(path: Path, **sheets: Rows) -> Path:
    rows = [benefits(code, known()[code]) for code in billing(2024)]
    usual = {f"{y}-{(y + 1) % 100:02d}": benefit_sheet([benefits("E06000099", "An old one")]) for y in (2002, 2012)}
    return ods(path, {"Contents": [["x"]]} | usual | {"2024-25": benefit_sheet(rows)} | dict(sheets))


def others(*rows: list[object], without: Iterable[str] = ()) -> list[list[object]]:
    """A row of benefits of every authority of today, ``rows`` in the place of their own."""
    own = {row[0]: row for row in rows}
    return [own.get(code, benefits(code, known()[code])) for code in billing(2024) if code not in set(without)]


def test_benefits_by_authority_and_year(tmp_path: Path) -> None:
    above: Rows = [benefits("K03000001", "Great Britain"), benefits("E92000001", "England"),
                   benefits("E12000007", "London"), benefits("W06000001", "Isle of Anglesey"),
                   benefits("E11000001", "Greater Manchester")]  # fmt: skip
    book = benefit_book(tmp_path / "benefits-2024-25.ods", **{"2024-25": benefit_sheet([*above, *others()])})
    read = read_workbook(book)
    found = figures(read)
    assert (read.kind, read.years) == ("dwp-benefits", (2024,))
    assert len({c for c, _, _ in found}) == 296  # neither regions nor nations, and London's region is not the GLA
    assert found[MANCHESTER, 2024, "benefit_universal_credit"] == 100
    assert found[MANCHESTER, 2024, "benefit_state_pension"] == BENEFITS.index("State Pension")
    assert found[MANCHESTER, 2024, "benefit_dla"] == BENEFITS.index("Disability Living Allowance")
    assert found[MANCHESTER, 2024, "benefit_winter_fuel"] == len(BENEFITS) - 1
    assert found[MANCHESTER, 2024, "benefit_carers_allowance"] == 3
    assert not [v for _, _, v in found if v == "benefit_total"]
    assert read.absent == ("benefit_incapacity",)
    assert read.notes == ()


def test_a_printed_total_that_leaves_a_benefit_out_is_said_and_not_refused(tmp_path: Path) -> None:
    old = [benefits(c, known()[c], in_total=False) for c in billing(2020)]
    head = [h for h in BENEFITS if h != "Universal Credit"]
    none = [[v for k, v in enumerate(benefits(c, known()[c])) if k != 2 + BENEFITS.index("Universal Credit")]
            for c in billing(2018)]  # fmt: skip
    book = benefit_book(tmp_path / "b.ods", **{"2020-21": benefit_sheet(old), "2018-19": benefit_sheet(none, head)})
    read = read_workbook(book)
    assert read.years == (2018, 2020, 2024)
    assert any("2020-21: the printed total of 314 of 314 authorities leaves Universal Credit out." in n
               for n in read.notes)  # fmt: skip
    assert any("2018-19: the printed total of 326 of 326 authorities is not the sum" in n for n in read.notes)
    assert len(read.notes) == 2
    assert (MANCHESTER, 2018, "benefit_universal_credit") not in figures(read)


def test_a_table_of_an_old_year_may_list_the_authorities_of_today(tmp_path: Path) -> None:
    book = benefit_book(tmp_path / "b.ods", **{"2013-14": benefit_sheet(others()), "2022-23": benefit_sheet(others())})
    assert read_workbook(book).years == (2013, 2022, 2024)


def changed(code: str, head: str, value: object) -> list[object]:
    row = benefits(code, known()[code])
    row[2 + BENEFITS.index(head)] = value
    return row


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (lambda: others(without=[MANCHESTER]), r"2024-25'.*: 1 of 296 billing authorities of 2024-25 are missing: Man"),
        (lambda: others(changed(MANCHESTER, "State Pension", 5e8)), r"cell S\d+: 5e\+08 cannot be benefit_state_pension"
                                                                    r" in GBP million: it lies between 0 and 6,000"),
        (lambda: others(changed(MANCHESTER, "Housing Benefit", "lots")), r"'lots' stands where a number belongs"),
        (lambda: others([MANCHESTER, "Leeds", *benefits("x", "y")[2:]]), r"code of Manchester \(E08000003\) and the "
                                                                         r"name of Leeds"),
        (lambda: [*others(), benefits(MANCHESTER, "Manchester")], r"Manchester \(E08000003\) is there twice"),
        (lambda: [*others(), benefits("E06099999", "Nowhere")], r"'E06099999' is no code of an authority"),
    ],
)  # fmt: skip
def test_a_table_of_benefits_that_cannot_be_is_refused(
    tmp_path: Path, rows: Callable[[], list[list[object]]], said: str
) -> None:
    book = benefit_book(tmp_path / "b.ods", **{"2024-25": benefit_sheet(rows())})
    with pytest.raises(SokeError, match=said):
        read_workbook(book)


def test_headings_that_moved_or_changed_are_named(tmp_path: Path) -> None:
    turned = BENEFITS[::-1]
    rows = [[*row[:2], *row[2:][::-1]] for row in others()]
    plain = figures(read_workbook(benefit_book(tmp_path / "a.ods")))
    assert figures(read_workbook(benefit_book(tmp_path / "b.ods", **{"2024-25": benefit_sheet(rows, turned)}))) == plain
    other = [h.replace("State Pension", "Old age") for h in BENEFITS]
    with pytest.raises(SokeError, match=r"sheet '2024-25': Row 4 has no heading 'State Pension\|"):
        read_workbook(benefit_book(tmp_path / "c.ods", **{"2024-25": benefit_sheet(others(), other)}))
    twice = [h.replace("Winter Fuel Payments [note 2]", "State Pension") for h in BENEFITS]
    with pytest.raises(SokeError, match=r"'State Pension\|.*' stands twice, in columns S and V, over"):
        read_workbook(benefit_book(tmp_path / "d.ods", **{"2024-25": benefit_sheet(others(), twice)}))


def test_suppressed_cells_are_no_figures(tmp_path: Path) -> None:
    rows = others(*(changed(MANCHESTER, "State Pension", v) for v in ["[c]"]))
    read = read_workbook(benefit_book(tmp_path / "b.ods", **{"2024-25": benefit_sheet(rows)}))
    assert (MANCHESTER, 2024, "benefit_state_pension") not in figures(read)
    assert (MANCHESTER, 2024, "benefit_housing") in figures(read)
    assert any("no benefit_state_pension is published for Manchester (E08000003)" in note for note in read.notes)


# --- incomes


def by_region(tax: Callable[[str], object] = lambda code: 100.0, unit: str = " UA") -> list[list[object]]:
    """Rows of incomes as the table has them: each region, then its counties and places."""
    rows: list[list[object]] = []
    for region in sorted({p.region for p in places().by_code.values() if p.region}):
        mine = [c for c in places().codes if places().by_code[c].region == region]
        rows.append(income_row(region, known().get(region, region), 100.0 * len(mine)))
        rows.append(income_row("E11000001", "Some Metropolitan County", 1e4))
        rows += [income_row(c, known()[c] + (unit if c.startswith("E06") else ""), tax(c)) for c in mine]
    return [*rows, income_row("W92000004", "Wales", 900.0), income_row("W06000001", "Isle of Anglesey UA", 9.0)]


def seats(tax: float = 100.0, count: int = 543) -> list[list[object]]:
    rows = [income_row(f"E14{1063 + k:06d}", f"Seat {k}", tax) for k in range(count)]
    return [income_row(LONDON, "London", 100.0 * count), *rows]


def income_book(path: Path, **sheets: Rows) -> Path:
    years = "tax year 2023 to 2024"
    mine: dict[str, Rows] = {
        "Table_3_12": [["other"]],
        "Table_3_14": income_sheet(by_region(), f"Table 3.14: Income and tax by borough, {years}"),
        "Table_3_15": income_sheet(seats(), f"Table 3.15: Income and tax by constituency, {years}"),
    }
    return ods(path, mine | sheets)


def test_incomes_by_authority_and_constituency(tmp_path: Path) -> None:
    interval = [[c, n, 90.0, 100.0, 112.0] for c, n, *_ in seats()[1:]]
    book = income_book(tmp_path / "Collated_Tables_3_12_to_3_15a_2324.ods",
                       Table_3_15a=income_sheet(interval, "Table 3.15a, 2023 to 2024", INTERVAL))  # fmt: skip
    read = read_workbook(book)
    found = figures(read)
    assert (read.kind, read.years, read.notes) == ("personal-incomes", (2023,), ())
    assert len([1 for c, _, v in found if v == "income_tax" and c.startswith("E14")]) == 543
    assert {c for c, _, v in found if v == "income_tax" and not c.startswith("E14")} == set(places().codes)
    assert found[MANCHESTER, 2023, "employment_income"] == pytest.approx(20e3 * 30000 / 1e6)
    assert found["E14001063", 2023, "total_income"] == pytest.approx(24e3 * 31000 / 1e6)
    assert found["E14001063", 2023, "income_tax_low"] == 90
    assert found["E14001063", 2023, "income_tax_high"] == 112
    assert not read.absent


def test_a_sheet_that_may_be_laid_out_otherwise_is_left_out_and_said(tmp_path: Path) -> None:
    other = income_sheet(seats(), "Table 3.15a, 2023 to 2024", ["Lower", "Mid", "Upper"])
    read = read_workbook(income_book(tmp_path / "a_2324.ods", Table_3_15a=other))
    [note] = read.notes
    assert note.startswith("Sheet 'Table_3_15a' was left out: No heading 'Total tax: Amount (Central Estimate)'")
    assert read.absent == ("income_tax_high", "income_tax_low")


def test_cells_that_are_not_available_are_no_figures(tmp_path: Path) -> None:
    def tax(code: str) -> object:
        return "[Not available]" if code in (TORBAY, SCILLY) else 100.0

    book = income_book(tmp_path / "a.ods", Table_3_14=income_sheet(by_region(tax), "Incomes, 2022 to 2023"),
                       Table_3_15=income_sheet(seats(), "Incomes, 2022 to 2023"))  # fmt: skip
    read = read_workbook(book)
    assert (TORBAY, 2022, "income_tax") not in figures(read)
    assert any("no income_tax is published for Torbay (E06000027), Isles of Scilly" in note for note in read.notes)


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        (lambda: {"Table_3_14": by_region()[:-40]}, r"'Table_3_14': \d+ of 296 billing authorities of 2023-24"),
        (lambda: {"Table_3_15": seats(count=540)}, r"540 constituencies of England stand here for 2023-24; there "
                                                   r"are 543 since 2024, and 533 before"),
        (lambda: {"Table_3_14": by_region(lambda code: 2e8)}, r"cannot be income_tax in GBP million"),
        (lambda: {"Table_3_14": by_region(lambda code: 60.0)}, r"income_tax of the places of E12000001 sums to"),
        (lambda: {"Table_3_15": [[*row[:1], "x", *row[2:]] for row in seats()] + [seats()[5]]}, r"is there twice"),
        (lambda: {"Table_3_14": [["E06000001", "Leeds UA", *by_region()[2][2:]]]}, r"and the name of Leeds"),
    ],
)  # fmt: skip
def test_a_table_of_incomes_that_cannot_be_is_refused(
    tmp_path: Path, sheets: Callable[[], dict[str, Rows]], said: str
) -> None:
    laid = {name: income_sheet(rows, "Income and tax, 2023 to 2024") for name, rows in sheets().items()}
    with pytest.raises(SokeError, match=said):
        read_workbook(income_book(tmp_path / "Collated_2324.ods", **laid))


def test_rows_that_moved_against_their_names_are_noticed(tmp_path: Path) -> None:
    """Each figure one row too high: the region's own then stands against the last place before it."""
    rows = by_region(lambda code: 50.0 + places().codes.index(code))
    held = dict.fromkeys({p.region for p in places().by_code.values() if p.region}, 0.0)
    for row in rows:
        if str(row[0]) in places().by_code and str(row[0]) not in held:
            held[places().by_code[str(row[0])].region] += float(str(row[-1]))
    rows = [[*row[:-1], held.get(str(row[0]), row[-1])] for row in rows]
    sound = income_book(tmp_path / "a.ods", Table_3_14=income_sheet(rows, "2023 to 2024"))
    assert read_workbook(sound).years == (2023,)
    moved = [[*row[:2], *below[2:]] for row, below in zip(rows, rows[1:] + rows[:1], strict=True)]
    with pytest.raises(SokeError, match=r"sums to .*; the row of the region says .*Rows may have moved"):
        read_workbook(income_book(tmp_path / "b.ods", Table_3_14=income_sheet(moved, "2023 to 2024")))


def test_two_tables_of_one_survey_that_differ_stop(tmp_path: Path) -> None:
    interval = [[c, n, 90.0, 103.0, 112.0] for c, n, *_ in seats()[1:]]
    book = income_book(tmp_path / "a_2324.ods", Table_3_15a=income_sheet(interval, "2023 to 2024", INTERVAL))
    with pytest.raises(SokeError, match=r"sheet 'Table_3_15a': income_tax of constituency E14001063 for 2023-24 is 103 "
                                        r"here and 100 in another sheet"):  # fmt: skip
        read_workbook(book)


def test_the_year_of_the_sheet_is_the_year_of_the_name(tmp_path: Path) -> None:
    with pytest.raises(SokeError, match=r"The sheet says 2023-24, and the file's name 2021-22"):
        read_workbook(income_book(tmp_path / "Collated_Tables_3_12_to_3_15a_2122.ods"))
    with pytest.raises(SokeError, match=r"is of 2023-24, and 2022-23 was asked for"):
        read_workbook(income_book(tmp_path / "incomes.ods"), 2022)
    with pytest.raises(SokeError, match=r"name says 2025-26, and it has no sheet of that year; the newest is 2024-25"):
        read_workbook(benefit_book(tmp_path / "benefit-expenditure-by-local-authority-2025-26.ods"))


# --- education


def returns(year: object = 2425.0, *, without: Iterable[str] = (), start: int = 2024, times: float = 1.0) -> Rows:
    number = {row["code"]: row["number"] for row in read_table("education_numbers")}
    rows: list[list[object]] = []
    for code in upper(start):
        if code not in set(without):
            rows += education_rows(year, float(number[code]), f"{known()[code]} Council", times)  # type: ignore[arg-type]
    return rows


def education_book(path: Path, rows: Rows) -> Path:
    return ods(path, {"Notes": [["x"]], "Planned_expenditure": [EDUCATION_HEAD, *rows]})


def test_planned_spending_on_education(tmp_path: Path) -> None:
    old = [*returns("1516", start=2015), *education_rows("1516", "", "England", 1e3)]
    read = read_workbook(education_book(tmp_path / "s251.ods", [*old, *returns()]))
    found = figures(read)
    assert (read.kind, read.years, read.notes) == ("section-251", (2015, 2024), ())
    assert found[MANCHESTER, 2024, "s251_schools_budget"] == pytest.approx(90)
    assert found[MANCHESTER, 2024, "s251_education"] == pytest.approx(110)
    assert found["E10000016", 2015, "s251_children_services"] == pytest.approx(60)  # Kent, not its districts
    assert found["E10000006", 2015, "s251_education"] == pytest.approx(110)  # Cumbria, which ended in 2023
    assert ("E10000006", 2024, "s251_education") not in found
    assert "s251_education" in read.unverified


def test_returns_that_are_missing_are_said_and_many_are_refused(tmp_path: Path) -> None:
    read = read_workbook(education_book(tmp_path / "a.ods", returns(without=[MANCHESTER])))
    assert read.notes == ("1 of 153 authorities are missing for 2024-25: Manchester (E08000003).",)
    gone = [MANCHESTER, "E08000001", "E08000002", "E08000004"]
    with pytest.raises(SokeError, match=r"4 of 153 authorities are missing for 2024-25: Bolton"):
        read_workbook(education_book(tmp_path / "b.ods", returns(without=gone)))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (lambda: [*returns(), *education_rows("2425", 352.0, "Manchester")], r"Manchester .* is there twice"),
        (lambda: [*returns(), *education_rows("2425", 999.0, "Nowhere")], r"999 is no number of an authority"),
        (lambda: [*returns(), *education_rows("2425", 940.0, "West Northamptonshire Council")],
         r"The number 940 is of North Northamptonshire, and the row's name is 'West Northamptonshire Council'"),
        (lambda: [*returns("24/25")], r"cell A3: '24/25' is no year's end. Expected is 1516 for 2015-16"),
        (lambda: [*returns(times=1e3)], r"cell L3: 9e\+10 cannot be s251_schools_budget in GBP million"),
        (lambda: [row for row in returns() if "Other" not in str(row[5])], r"No row has 'Total other education\*' under"
                                                                           r" 'Description', which is where s251_oth"),
    ],
)  # fmt: skip
def test_a_return_that_cannot_be_is_refused(tmp_path: Path, rows: Callable[[], Rows], said: str) -> None:
    with pytest.raises(SokeError, match=said):
        read_workbook(education_book(tmp_path / "a.ods", rows()))


def test_a_table_without_a_year_says_so(tmp_path: Path) -> None:
    head = ["FINANCIAL YEAR", *EDUCATION_HEAD[1:]]
    sheets = {"Planned_expenditure": [head, *returns()]}
    assert read_workbook(ods(tmp_path / "a.ods", sheets)).years == (2024,)
    sheets = {"Planned_expenditure": [["When", *EDUCATION_HEAD[1:]], *returns()]}
    with pytest.raises(SokeError, match=r"Row 1 has no heading 'Financial year', which says the year of each row"):
        read_workbook(ods(tmp_path / "b.ods", sheets))


CELLS = st.one_of(st.none(), st.booleans(), st.floats(), st.text(max_size=8), st.sampled_from(
    ["E08000003", "E12000007", "E14001063", "352", "2425", "[c]", "Total schools budget", 1.0, 352.0]))  # fmt: skip


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CELLS, min_size=12, max_size=24))
def test_no_row_is_a_traceback(tmp_path: Path, cells: list[object]) -> None:
    """Any row more is refused in words, or leaves figures that can be."""
    sheets: dict[str, Rows] = {"Planned_expenditure": [EDUCATION_HEAD, *returns(), cells]}
    incomes: dict[str, Rows] = {"Table_3_15": income_sheet([*seats(), cells], "2023 to 2024")}
    for name, laid in (("a.ods", sheets), ("b_2324.ods", incomes), ("c.ods", {"2024-25": benefit_sheet([cells])})):
        try:
            read = read_workbook(ods(tmp_path / name, laid))
        except SokeError as error:
            assert str(error).isprintable()
            continue
        assert all(-1000 <= f.value <= 60_000 for f in read.figures)


def test_every_authority_for_education_has_a_number() -> None:
    numbers = {row["number"]: row["code"] for row in read_table("education_numbers")}
    for year in (2015, 2018, 2019, 2020, 2021, 2023):
        assert set(upper(year)) <= set(numbers.values()), year
    assert len(upper(2024)) == 153
    assert education("352", "Manchester City Council") == MANCHESTER
    assert education("", "England") is None
    assert {row["grade"] for row in read_table("education_numbers")} == {"official", "unverified"}
    assert set(numbers.values()) <= set(known())


def test_the_numbers_are_compiled_from_the_official_table(source_dir: Path) -> None:
    assert education_numbers(source_dir) == read_text("education_numbers")


# --- large and damaged files


def test_a_long_table_is_read_row_by_row_within_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = education_book(tmp_path / "a.ods", [*returns(), *[[None, "note"]] * 25_000])
    assert len(read_workbook(book).figures) == 153 * 4  # longer than other tables may be
    monkeypatch.setattr(grid, "ODS_UNPACKED", 10_000)
    with pytest.raises(SokeError, match="More than 10,000 bytes are packed"):
        read_workbook(book)


def test_a_sheet_beyond_the_limits_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = ods(tmp_path / "wide.ods", {"2024-25": [["x"] * 6_000]})
    with pytest.raises(SokeError, match=r"Sheet '2024-25' has more than 20,000 rows or 5,000 columns"):
        read_workbook(wide)
    long = ods(tmp_path / "long.ods", {"2024-25": [["x"]] * 20_001})
    with pytest.raises(SokeError, match=r"more than 20,000 rows"):
        read_workbook(long)
    monkeypatch.setattr("soke.england.official.ods.LONGEST", 50)
    with pytest.raises(SokeError, match=r"Sheet '2024-25' has more than"):
        read_workbook(ods(tmp_path / "text.ods", {"2024-25": [["x" * 60]]}))


# --- from workbook to figure


def run(*arguments: object) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(import_workbooks)
    done = CliRunner().invoke(app, [str(a) for a in arguments])
    return done.exit_code, done.output


def test_the_command_says_that_the_layout_is_unverified(tmp_path: Path) -> None:
    book, to = benefit_book(tmp_path / "benefits-2024-25.ods"), tmp_path / "official"
    code, output = run(book, "--to", to)
    assert code == 0, output
    assert "The layout is unverified: nobody has held it against a real file." in output
    held = read_imported(to)
    assert held.files == (to / "dwp-benefits-2024-25.csv",)
    assert held.get("benefit_universal_credit", 2024)[MANCHESTER] == 100
    assert not held.layout_seen("benefit_universal_credit", 2024, MANCHESTER)
    parts = ("Attendance Allowance", "Carer’s Allowance", "Disability Living Allowance",
             "Personal Independence Payment", "Severe Disablement Allowance")  # fmt: skip
    assert disability_benefits(held, 2024)[MANCHESTER] == sum(BENEFITS.index(p) for p in parts)
    assert disability_benefits(held, 2023) == {}


def test_a_layout_that_was_seen_needs_no_warning(tmp_path: Path) -> None:
    code, output = run(table9(tmp_path / "Table_9.xlsx"), "--to", tmp_path / "official")
    assert code == 0
    assert "unverified" not in output
    assert read_imported(tmp_path / "official").layout_seen("tax_base", 2023, MANCHESTER)


def test_incomes_come_back_by_kind_of_area(tmp_path: Path) -> None:
    code, output = run(income_book(tmp_path / "Collated_2324.ods"), "--to", tmp_path / "official")
    assert code == 0, output
    assert "figures of 296 authorities and 543 constituencies for 2023-24." in output
    held = read_imported(tmp_path / "official")
    assert len(constituencies(held, "income_tax", 2023)) == 543
    assert set(authorities(held, "income_tax", 2023)) == set(places().codes)
    text = (tmp_path / "official" / "personal-incomes-2023-24.csv").read_text(encoding="utf-8")
    row = next(r for r in csv.DictReader(text.splitlines()) if r["code"].startswith("E14"))
    assert row["name"] == f"constituency {row['code']}"  # nothing of the workbook but numbers
    (tmp_path / "official" / "personal-incomes-2023-24.csv").rename(tmp_path / "official" / "mine.csv")
    assert not read_imported(tmp_path / "official").layout_seen("income_tax", 2023, MANCHESTER)


def test_nothing_is_written_where_a_later_workbook_is_refused(tmp_path: Path) -> None:
    bad = income_book(tmp_path / "Collated_2324.ods", Table_3_15=income_sheet(seats(count=3), "2023 to 2024"))
    with pytest.raises(SokeError, match="3 constituencies"):
        import_workbooks([benefit_book(tmp_path / "b.ods"), bad], tmp_path / "official", "")
    assert not (tmp_path / "official").exists()


def test_a_workbook_saved_as_another_kind_gives_the_same(tmp_path: Path) -> None:
    sheets = {"Table_3_15": income_sheet(seats(), "2023 to 2024")}
    old, new = ods(tmp_path / "a_2324.ods", sheets), xlsx(tmp_path / "a_2324.xlsx", sheets)
    assert figures(read_workbook(old)) == figures(read_workbook(new))
