"""Council tax workbooks as published: taken whole, checked by what holds between their figures, refused where wrong."""

from __future__ import annotations

import copy
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from england.council_tax_books import Sheets, older, row, sheets_of, table9
from england.workbooks import ods
from soke.england.official import reader
from soke.england.official.bodies import billing
from soke.england.official.grid import Book
from soke.england.official.reader import Reading, read_workbook
from soke.england.settlement import council_tax_levels
from soke.errors import SokeError

MANCHESTER, SURREY, GLA, GMCA = "E08000003", "E10000030", "E61000001", "E47000001"
Change = Callable[[Sheets], object]


def figures(reading: Reading) -> dict[tuple[str, str], float]:
    return {(f.code, f.variable): f.value for f in reading.figures}


Read = Callable[..., Reading]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """Reads a table as a change has left it. It is not written and parsed each time: how a file is read is tested by
    other means, and by two tests here."""

    def reading(change: Change | None = None, name: str = "Table_9_2023-24.xlsx", year: int | None = None) -> Reading:
        sheets = copy.deepcopy(made())
        if change:
            change(sheets)
        rows = {n: [tuple(float(c) if isinstance(c, int) else c for c in r) for r in s] for n, s in sheets.items()}
        monkeypatch.setattr(reader, "read_book", lambda *_: Book(name, "0" * 64, rows, {}, typed=True))  # type: ignore[arg-type]
        return read_workbook(Path(name), year)

    return reading


@cache
def made() -> Sheets:
    return sheets_of()


# --- what is taken


def test_table_9_of_2023_24_is_taken_whole(tmp_path: Path) -> None:
    got = read_workbook(table9(tmp_path / "CTR_Table_9_2023-24.xlsx"))
    found = figures(got)
    assert got.years == (2023,)
    assert got.unverified == () and got.absent == ()
    assert {c for c, v in found if v == "band_d"} == set(billing(2023))
    assert found[MANCHESTER, "council_tax_requirement"] <= found[MANCHESTER, "council_tax_requirement_incl_parish"]
    assert found[MANCHESTER, "band_d_county_or_gla"] == 0.0
    assert found["E09000002", "band_d_county_or_gla"] == 434.14
    assert found["E47000011", "tax_base"] == 0.0  # a mayor without a precept
    assert found[GLA, "tax_base"] == 3122662.0  # of the whole of its area, not of the boroughs less the City
    assert found[GLA, "band_d_excl_parish"] == 434.14
    assert found[SURREY, "council_tax_requirement"] > 5e8
    assert any("16 sums of classes of authorities agree" in note for note in got.notes)
    assert not any("none of" in note for note in got.notes)


def test_a_year_of_which_no_real_file_was_read_says_so(tmp_path: Path) -> None:
    got = read_workbook(table9(tmp_path / "Table_9.xlsx", year=2024))
    assert got.years == (2024,)
    assert "The layout was read off real files of 2023-24; none of 2024-25 was to hand." in got.notes


def head(sheets: Sheets, sheet: str) -> list[object]:
    return next(row for row in sheets[sheet] if "ONS Code" in row)


def said(old: str, new: str) -> Change:
    def change(sheets: Sheets) -> None:
        for sheet in ("Data_Billing", "Data_Precepting"):
            row = head(sheets, sheet)
            row[:] = [cell.replace(old, new) if isinstance(cell, str) else cell for cell in row]

    return change


@pytest.mark.parametrize(
    "change",
    [
        said(" (current year)", ""), said("(current year)", "\n[current year]"), said("(current year)", "2023-24"),
        said("Council Tax", "council\ntax"), said(". ", " – "), said("Band D 2 Adult equivalent", "Band D, two adults"),
        said("(previous year)", "(2022-23)"),
    ],
)  # fmt: skip
def test_headings_are_known_by_their_meaning(read: Read, change: Change) -> None:
    assert figures(read(change)) == figures(read())


def test_the_headings_may_stand_in_another_row_and_order(read: Read) -> None:
    def change(sheets: Sheets) -> None:
        for sheet in ("Data_Billing", "Data_Precepting"):
            rows = [[*row, *[None] * (26 - len(row))] for row in sheets[sheet]]
            sheets[sheet] = [["Department"], [], *[[None, *row[:3], *row[3:][::-1]] for row in rows]]

    assert figures(read(change)) == figures(read())


def test_an_open_document_and_its_comments(tmp_path: Path, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    """A comment, and a picture with a title, in the cell of a code are no part of the code."""
    path = table9(tmp_path / "Table_9_2023-24.ods", write=ods)
    whole = figures(read())
    monkeypatch.undo()
    with zipfile.ZipFile(path) as packed:
        text = packed.read("content.xml").decode()
    spaces = 'xmlns:dc="urn:dc" xmlns:draw="urn:draw" xmlns:svg="urn:svg"'
    note = "<office:annotation><dc:creator>A</dc:creator><text:p>checked</text:p></office:annotation>"
    drawn = "<draw:frame><svg:title>E06000001</svg:title><draw:text-box><text:p>x</text:p></draw:text-box></draw:frame>"
    for code, more in (("E10000030", note), ("E23000031", drawn), ("E07000223", note + drawn)):
        text = text.replace(f"<text:p>{code}</text:p>", f"{more}<text:p>{code}</text:p>")
    text = text.replace("<office:document-content ", f"<office:document-content {spaces} ")
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("content.xml", text)
    assert figures(read_workbook(path)) == whole


@pytest.mark.parametrize("year", [2019, 2022])
def test_table_9_before_2023_24(tmp_path: Path, year: int) -> None:
    """Two rows of headings, both kinds of authorities in one sheet; every figure is the shipped one."""
    got = read_workbook(older(tmp_path / f"ctr_{year}.xlsx", year))
    found, levels = figures(got), council_tax_levels(year)
    assert got.years == (year,)
    for variable, column in (("tax_base", "tax_base"), ("band_d", "band_d_area_total"),
                             ("council_tax_requirement_incl_parish", "requirement_incl_parish")):  # fmt: skip
        shipped = levels.by_code(column)
        assert {c: found[c, variable] for c in billing(year)} == pytest.approx({c: shipped[c] for c in billing(year)})
    assert found[SURREY, "council_tax_requirement"] == levels.value("precept_requirement", SURREY)
    assert found[GLA, "tax_base"] == 100.0
    assert found[GMCA, "band_d_excl_parish"] == pytest.approx(275.25)
    unfilled = {c for c in billing(year) if not levels.by_code("band_d_incl_parish").get(c)}
    assert len(unfilled) == {2019: 5, 2022: 2}[year]  # and a Band D of nought is one that was not filled in
    assert not {c for c, v in found if v == "band_d_incl_parish"} & unfilled
    count = len(billing(year))
    assert f"tax_base of {year}-{year % 100 + 1}: {count} of {count} figures are the shipped" in " ".join(got.notes)


# --- what is refused


def put(code: str, column: int, value: object, sheet: str = "Data_Billing") -> Change:
    return lambda sheets: row(sheets, code, sheet).__setitem__(column, value)


def drop(code: str, sheet: str = "Data_Precepting") -> Change:
    return lambda sheets: sheets[sheet].remove(row(sheets, code, sheet))


def scale(column: int, by: float, sheet: str = "Data_Billing") -> Change:
    def change(sheets: Sheets) -> None:
        for r in sheets[sheet][5:]:
            if len(r) > column and isinstance(r[column], float):
                r[column] = float(r[column]) * by

    return change


def shift(columns: slice, sheet: str = "Data_Billing", skip: int = 0) -> Change:
    """The figures of the columns stand one row too low."""

    def change(sheets: Sheets) -> None:
        rows = [r for r in sheets[sheet] if str(r[1] if len(r) > 1 else "").startswith(("E0", "E1", "E2", "E3"))][skip:]
        held = [r[columns] for r in rows]
        for r, cells in zip(rows, held[-1:] + held[:-1], strict=True):
            r[columns] = cells

    return change


def swapped(sheet: str) -> Change:
    """Who made the table wrote previous over the current year, and current over the previous."""

    def change(sheets: Sheets) -> None:
        line = head(sheets, sheet)
        turn = {"previous": "current", "current": "previous"}
        line[:] = [
            c if not isinstance(c, str) else
            next((c.replace(f"({a} year)", f"({b} year)") for a, b in turn.items() if f"({a} year)" in c), c)
            for c in line
        ]  # fmt: skip

    return change


def both(*changes: Change) -> Change:
    return lambda sheets: [change(sheets) for change in changes]


CYRILLIC, ZERO_WIDTH = "\u041508000003", "E0800\u200b0003"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (scale(7, 0.001), r"council_tax_requirement_incl_parish / tax_base = band_d_incl_parish does not hold in 296"),
        (put(MANCHESTER, 7, 212.0), r"does not hold in 1 of 296 rows: for Manchester \(E08000003\) it gives"),
        (put(MANCHESTER, -3, 969.5), r"band_d_combined_authority = band_d does not hold in 1 of 296 rows: for Manch"),
        (shift(slice(7, 8)), r"does not hold in 29\d of 296 rows"),
        (shift(slice(6, None)), r"of the class \w+ sums to .*, and the table's own row says"),
        (shift(slice(6, None), "Data_Precepting"), r"of the class \w+ sums to|lower than the year before"),
        (both(swapped("Data_Billing"), swapped("Data_Precepting")), r"authorities of 2023-24 are missing|not hold"),
        (swapped("Data_Precepting"), r"stands only for another year|no precepting authority has that Band D|sums to"),
        (drop("E10000030"), r"1 of 21 county councils of 2023-24 are missing: Surrey"),
        (drop("E23000031"), r"1 of 35 police authorities of 2023-24 are missing"),
        (drop("E12000007"), r"Greater London"),
        (drop(MANCHESTER, "Data_Billing"), r"1 of 296 billing authorities of 2023-24 are missing: Manchester"),
        (put(MANCHESTER, 1, ZERO_WIDTH), r"cell B\d+: A code holds .* ZERO WIDTH SPACE \(U\+200B\) in 'E08000003'"),
        (put(MANCHESTER, 1, CYRILLIC), r"cell B\d+: A code holds .* CYRILLIC CAPITAL LETTER IE \(U\+0415\)"),
        (put(MANCHESTER, 0, "\u04154203"), r"CYRILLIC CAPITAL LETTER IE"),
        (put(SURREY, 1, "E1000003\u200d0", "Data_Precepting"), r"ZERO WIDTH JOINER"),
        (put(MANCHESTER, 1, "\uff2508000003"), r"FULLWIDTH LATIN CAPITAL LETTER E"),
        (put(MANCHESTER, 1, "E08O00003"), r"'E08O00003' is no code of an authority"),
        (put(MANCHESTER, 0, "E4206"), r"has the code E08000003 of Manchester, and the code E4206 of Salford"),
        (both(put(MANCHESTER, 2, "Salford"), put("E08000006", 2, "Manchester")), r"and the name of"),
        (both(put(MANCHESTER, 0, None), put("Manchester", 1, None)), r"has the name of Manchester and no code"),
        (said("(current year)", "(previous year)"), r"stands only for another year than 2023-24: '1. Council Tax Req"),
        (said("17. Average", "17. Mean"), r"no heading with the words 'average' and .*; the nearest are '17. Mean"),
    ],
)  # fmt: skip
def test_a_damaged_table_is_refused(read: Read, change: Change, expected: str) -> None:
    with pytest.raises(SokeError, match=expected) as stopped:
        read(change)
    assert "Table_9_2023-24.xlsx" in str(stopped.value.where)


def titled(before: str, now: str) -> Change:
    def change(sheets: Sheets) -> None:
        for sheet, rows in sheets.items():
            for line in rows[: 2 if sheet == "Cover" else 4]:
                line[:] = [str(c).replace("2023-24", now).replace("2022-23", before) for c in line]

    return change


@pytest.mark.parametrize(
    ("name", "year", "change", "expected"),
    [
        ("CT_levels_2025-26.xlsx", None, None, r"The sheet says 2023-24, and the file's name 2025-26"),
        ("levels.xlsx", 2024, None, r"The workbook is of 2023-24, and 2024-25 was asked for"),
        ("levels.xlsx", None, lambda s: s["Cover"][0].__setitem__(0, "Levels 2024-25"), r"2023-24, and the cover 2024"),
        ("levels.xlsx", None, lambda s: s["Data_Billing"][0].__setitem__(0, "Table 1, 2023-24 and 2024-25"),
         r"The sheet says both 2023-24 and 2024-25"),
        ("levels.xlsx", None, titled("2023-24", "2024-25"),
         r"The column of the year before has the council_tax_requirement_incl_parish of 2022-23 for 29\d of 29\d auth"),
    ],
)  # fmt: skip
def test_years_that_disagree_are_refused(
    read: Read, name: str, year: int | None, change: Change | None, expected: str
) -> None:
    with pytest.raises(SokeError, match=expected):
        read(change, name, year)


def test_a_date_of_a_download_is_no_year(read: Read) -> None:
    assert read(name="Table_9_10-11-2025.xlsx").years == (2023,)


def test_a_new_council_is_kept_aside_and_no_row_vanishes(read: Read) -> None:
    def change(sheets: Sheets) -> None:
        one = list(row(sheets, MANCHESTER))
        sheets["Data_Billing"] += [["E9999", "E06000067", "East Surrey", *one[3:]], [None, None, "Fooshire", *one[3:]],
                                   ["Note: figures [r] were revised."]]  # fmt: skip

    got = read(change)
    assert len([c for c, v in figures(got) if v == "band_d"]) == 296
    notes = " ".join(got.notes)
    assert "Kept aside, since no authority that Soke knows has the code, which may be new: 1 row, E06000067" in notes
    assert "Not taken, since they have figures and no code: 1 row, row " in notes and "(Fooshire)" in notes
