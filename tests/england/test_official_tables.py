"""Other tables whose real files were read, the outturn and NNDR3: what is taken, and what is refused or said."""

from __future__ import annotations

import csv
import io
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from england.council_tax_books import CLASSES
from england.workbooks import xlsx
from soke.england.official.bodies import billing, known, precepting
from soke.england.official.identities import identities
from soke.england.official.layouts import layouts
from soke.england.official.reader import Reading, read_workbook
from soke.england.official.shipped import bounds
from soke.england.places import places
from soke.england.settlement import council_tax_levels, finance_authorities, settlement
from soke.england.tables import read_table
from soke.errors import SokeError

MANCHESTER, GLA = "E08000003", "E61000001"
Rows = list[list[object]]


def figures(reading: Reading) -> dict[tuple[str, str], float]:
    return {(f.code, f.variable): f.value for f in reading.figures}


def text(path: Path, rows: Rows, encoding: str = "utf-8") -> Path:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


# --- core spending power as a table of text a year


def spending_power(year: int = 2015, said: int | None = None) -> Rows:
    table = settlement(year)
    names = {"sfa": "sfa", "under_index": "under_indexation", "ct_total": "council_tax", "nhb": "new_homes_bonus",
             "nhb_return": "nhb_returned", "rsdg": "rural_services_delivery_grant"}  # fmt: skip
    head: list[object] = ["ons_code", "authority", "region", *(f"{n}_{said or year}" for n in names)]
    rows = [["-" if code == GLA else code, name, "NW", *(table.value(column, code) for column in names.values())]
            for code, name in zip(table.codes, table.names, strict=True)]  # fmt: skip
    return [head, *rows]


def test_core_spending_power_of_one_year(tmp_path: Path) -> None:
    got = read_workbook(text(tmp_path / "CSP_2015.csv", spending_power(), "utf-8-sig"))
    assert got.years == (2015,)
    assert got.unverified == ()
    sfa = {c: v for (c, name), v in figures(got).items() if name == "settlement_funding_assessment"}
    assert sfa == settlement(2015).by_code("sfa")
    assert "settlement_funding_assessment of 2015-16: 383 of 383 figures are the shipped ones." in got.notes


def without(rows: Rows, code: str) -> Rows:
    return [row for row in rows if code not in row]


@pytest.mark.parametrize(
    ("rows", "name", "expected"),
    [
        (lambda: spending_power(2015, 2016), "CSP_2016.csv", r"only \d+ of 383 figures are the published ones"),
        (spending_power, "CSP_2016-17.csv", r"file's name says 2016-17, and it has no sheet of that year"),
        (lambda: without(spending_power(), MANCHESTER), "c.csv", r"1 of 326 billing .* are missing: Manchester"),
        (lambda: without(spending_power(), "E10000030"), "c.csv", r"1 of 383 authorities of the settlement of 2015"),
        (lambda: [[cell if k < 3 or i == 0 else float(str(cell)) * 1000 for k, cell in enumerate(row)]
                  for i, row in enumerate(spending_power())], "c.csv", r"cannot be|another unit"),
        (lambda: [spending_power()[0], *([*a[:3], *b[3:]] for a, b in zip(spending_power()[1:], [*spending_power()[2:],
                  spending_power()[1]], strict=True))], "c.csv", r"only \d+ of 383 figures are the published ones"),
    ],
)  # fmt: skip
def test_a_damaged_settlement_is_refused(tmp_path: Path, rows: Callable[[], Rows], name: str, expected: str) -> None:
    with pytest.raises(SokeError, match=expected):
        read_workbook(text(tmp_path / name, rows()))


def test_headings_in_the_wrong_case_are_the_right_headings(tmp_path: Path) -> None:
    head, *rows = spending_power()
    got = read_workbook(text(tmp_path / "c.csv", [[str(h).upper() for h in head], *rows]))
    assert len(got.figures) == 6 * 383


# --- the council tax base, and the revenue outturn summary


def tax_base(year: int = 2019) -> Rows:
    levels = council_tax_levels(year)
    group: list[object] = [None, None, None, None, f"1. Total number of dwellings on the Valuation List {year}"]
    group[4] = "1. Total number of dwellings on the Valuation List"
    bands = [*"ABCDEFGH", "Total"]
    below: list[object] = [None] * 4 + list(bands)
    group += [None] * 8 + [f"4. Number of chargeable dwellings on 7 October {year}", "26. Tax base",
                           "33. Tax base after allowance for council tax support"]  # fmt: skip
    below += ["Total", "Total", "Total"]
    rows: Rows = [["CTB*", None, None, f"Source:- CTB ({year})", 2.0, 3.0], group, below, [" below"], []]
    for code in billing(year):
        base = levels.value("tax_base", code)
        homes = [float(round(base * share)) for share in (0.3, 0.2, 0.2, 0.1, 0.1, 0.05, 0.04, 0.01)]
        rows.append([finance_authorities()[code].ecode, code, None, known()[code], *homes, sum(homes),
                     sum(homes) - 9, base * 1.1, base])  # fmt: skip
    return [*rows, [None, None, None, "England", 1.0], [], [None, None, None, None, 2.0, 3.0, 4.0], ["CTBS"],
            ["E9999", "E06999999", None, "Nowhere", 1.0]]  # fmt: skip


def test_the_tax_base_of_october(tmp_path: Path) -> None:
    """Two rows of headings; the table ends where the next one begins in the same sheet."""
    got = read_workbook(xlsx(tmp_path / "CTB_2019.xlsx", {"Data": tax_base()}))
    found = figures(got)
    assert got.years == (2019,)
    assert found[MANCHESTER, "tax_base_after_support"] == council_tax_levels(2019).value("tax_base", MANCHESTER)
    assert len({c for c, _ in found}) == 317
    assert sum(found[MANCHESTER, f"dwellings_{b}"] for b in "abcdefgh") == found[MANCHESTER, "valuation_list_dwellings"]
    with pytest.raises(SokeError, match=r"The sheet says October 2019, and the file's name 2020"):
        read_workbook(xlsx(tmp_path / "CTB_2020.xlsx", {"Data": tax_base()}))
    broken = tax_base()
    broken[9][4] = float(str(broken[9][4])) + 5000.0
    with pytest.raises(SokeError, match=r"dwellings_h = valuation_list_dwellings does not hold in 1 of 317 rows"):
        read_workbook(xlsx(tmp_path / "CTB.xlsx", {"Data": broken}))


def test_the_tax_base_of_a_later_october_is_unverified(tmp_path: Path) -> None:
    bands, levels = [f"Band {b}" for b in "ABCDEFGH"], council_tax_levels(2022)
    head: list[object] = ["E-code", "ONS Code", "Region", "Local Authority", "Notes", *bands, "Total",
                          "Band A entitled to disabled relief reduction", *bands, "Total"]  # fmt: skip
    rows: Rows = [["Council Taxbase"], ["It has several tables"], [], ["Data of October 2022"], [], head]
    for code in billing(2022):
        whole, ecode = float(round(levels.value("tax_base", code))), finance_authorities()[code].ecode
        homes = [whole - 7, *[1.0] * 7]
        rows.append([ecode, code, "NW", known()[code], None, *homes, whole, 1.0, *homes, 7.0])
    name = "Council_Taxbase_local_authority_level_data_2022 (4).xlsx"
    got = read_workbook(xlsx(tmp_path / name, {"Council_Taxbase_Data": rows}))
    assert got.years == (2022,)
    assert set(got.unverified) == got.given
    homes_there = figures(got)[MANCHESTER, "valuation_list_dwellings"]
    assert homes_there == round(levels.value("tax_base", MANCHESTER))


def outturn_summary() -> Rows:
    own = {r["area"]: r["2017"] for r in read_table("own_figures") if r["figure"] == "adult-social-care"}
    others = [{r["area"]: float(r["2017"] or 0) * 1000 for r in read_table("own_figures") if r["figure"] == name}
              for name in ("education", "childrens-social-care", "public-health")]  # fmt: skip
    head: list[object] = ["E-code", "ONS Code", "Local authority", None, "Class", "Education services",
                          "Children Social Care", "Adult Social Care", "Public Health", "NET CURRENT EXPENDITURE",
                          "NET REVENUE EXPENDITURE", "COUNCIL TAX REQUIREMENT (total of lines 905 to 980)"]  # fmt: skip
    rows: Rows = [["Revenue Outturn (RO) 2017-18: Revenue Outturn Summary (RS) data"], [], [], [], [], [], head]
    levels = council_tax_levels(2017)
    bodies = [*billing(2017), *(c for what, codes in precepting(2017).items() if what[0] != "G" for c in codes)]
    sums: dict[str, list[float]] = {}
    for code in bodies:
        class_ = CLASSES[code[:3]].replace("OLB", "L")
        class_ = "O" if class_ in ("CFA", "PCC") else class_
        care = float(own.get(code) or 0) * 1000
        tax = levels.by_code("requirement_excl_parish" if code in billing(2017) else "precept_requirement")[code] / 1000
        school, child, health = (figure.get(code, 0.0) for figure in others)
        values = [school, child, care, health, care + 2 * tax, tax * 1.5, tax]
        sums[class_] = [a + b for a, b in zip(sums.get(class_, [0.0] * 7), values, strict=True)]
        row: list[object] = [finance_authorities()[code].ecode, code, known()[code], None, class_, *values]
        rows.append([*row[:5], *["…"] * 7] if code == "E07000029" else row)
    rows += [["E6204", "E50000006", "A Waste Disposal Authority", None, "O", *[1.0] * 7], []]
    names = {"L": "LONDON BOROUGHS", "MD": "METROPOLITAN DISTRICTS", "UA": "UNITARY AUTHORITIES",
             "SC": "SHIRE COUNTIES", "SD": "SHIRE DISTRICTS", "O": "OTHER AUTHORITIES"}  # fmt: skip
    return [
        *rows,
        [None, None, "ENGLAND", None, None, *[9.0] * 7],
        *[[None, None, name, None, class_, *sums[class_]] for class_, name in names.items()],
    ]


def test_the_outturn_summary_of_2017_18(tmp_path: Path) -> None:
    """£ thousand; a return that is not there leaves the sum of its class unknown, and the class of those who are not
    taken likewise."""
    sheet = "RS LA Data 2017-18"
    got = read_workbook(xlsx(tmp_path / "RS_2017-18_data_by_LA.xlsx", {"Data": [["x"]], sheet: outturn_summary()}))
    assert got.years == (2017,)
    own = {r["area"]: r["2017"] for r in read_table("own_figures") if r["figure"] == "adult-social-care"}
    assert figures(got)[MANCHESTER, "outturn_adult_social_care"] == pytest.approx(float(own[MANCHESTER]))
    assert "2017-18: no net_current_expenditure is published for Copeland (E07000029)." in got.notes
    assert any("28 sums of classes of authorities agree" in n for n in got.notes)  # of four of six classes
    rows = outturn_summary()
    rows[-5][9] = 1.0
    with pytest.raises(SokeError, match=r"net_current_expenditure of the class md sums to"):
        read_workbook(xlsx(tmp_path / "RS_2017-18.xlsx", {sheet: rows}))
    with pytest.raises(SokeError, match=r"file's name says 2018-19"):
        read_workbook(xlsx(tmp_path / "RS_2018-19.xlsx", {sheet: outturn_summary()}))


# --- the outturn series, and NNDR3

SERIES = ["year_ending", "status", "ONS_code", "LA_LGF_code", "LA_name", "RS_netcurrtot_net_exp"]
ONE: list[object] = ["202403", "submitted", MANCHESTER, "E4203", "Manchester", "700000"]
BIRMINGHAM: list[object] = ["202403", "submitted", "E08000025", "E4601", "Birmingham", "0"]


@pytest.mark.parametrize("status", ["Not submitted", "NOT SUBMITTED", "not_submitted", " Not  submitted "])
def test_a_status_is_known_by_its_words(tmp_path: Path, status: str) -> None:
    got = read_workbook(text(tmp_path / "ro.csv", [SERIES, ["202403", status, *BIRMINGHAM[2:]], ONE]))
    assert {f.code for f in got.figures} == {MANCHESTER}
    assert "Left out, since their status is 'not submitted': 1 row, Birmingham." in got.notes


def test_rows_that_are_not_taken_are_said(tmp_path: Path) -> None:
    new: list[object] = ["202403", "submitted", "E06000067", "E9999", "East Surrey", "700000"]
    other = ["202403", "Imputed", "E08000006", "E4206", "Salford", "5000"]
    got = read_workbook(text(tmp_path / "ro.csv", [SERIES, BIRMINGHAM, new, other, ONE]))
    assert {f.code for f in got.figures} == {MANCHESTER, "E08000006"}
    notes = " ".join(got.notes)
    assert "net_current_expenditure is nought, as of those who filed nothing: 1 row, Birmingham 2023-24" in notes
    assert "may be new: 1 row, E06000067 (East Surrey)" in notes
    assert "Taken though their status is 'Imputed': 1 row, Salford." in notes
    assert "2023-24: figures of 2 of 296 billing authorities, 0 of 21 county councils" in notes


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({2: "E0800\u200b0003"}, r"row 2, column 'ONS_code': A code holds .* ZERO WIDTH SPACE"),
        ({2: "\u039508000003"}, r"GREEK CAPITAL LETTER EPSILON"),
        ({3: "E4206"}, r"the code E08000003 of Manchester, and the code E4206 of Salford"),
        ({2: "E08009999", 3: ""}, r"'E08009999' is no code of an authority"),
        ({2: "E08009999"}, None),  # a code that changed: the other says whose it is
    ],
)
def test_codes_of_a_table_of_text(tmp_path: Path, change: dict[int, str], expected: str | None) -> None:
    path = text(tmp_path / "ro.csv", [SERIES, [change.get(k, cell) for k, cell in enumerate(ONE)]])
    if expected is None:
        assert {f.code for f in read_workbook(path).figures} == {MANCHESTER}
        return
    with pytest.raises(SokeError, match=expected):
        read_workbook(path)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a;b;c\n1;2;3\n", r"parted by semicolons, not by commas"), ("a\tb\tc\n1\t2\t3\n", r"parted by tabs"),
        ("\ufeffa,b", r"written in UTF-16"),
    ],
)  # fmt: skip
def test_a_table_of_text_in_another_form_says_so(tmp_path: Path, content: str, expected: str) -> None:
    path = tmp_path / "ro.csv"
    path.write_bytes(content.encode("utf-16" if content[0] == "\ufeff" else "utf-8"))
    with pytest.raises(SokeError, match=expected):
        read_workbook(path)


def rates(pounds: float = 1e6, head: str = "Ecode,Local_Authority,ONSCode,netrates_tot") -> Rows:
    rows = [[places().by_code[c].ecode, known()[c], c, (80 + k % 200) * pounds] for k, c in enumerate(billing(2025))]
    return [list(head.split(",")), *rows, ["E0000", "England", "E92000001", 1.0]]


@pytest.mark.parametrize(
    ("name", "rows", "year", "expected"),
    [
        ("nndr3_25_26.csv", lambda: rates(1.0), None, r"about 2\d,\d+.* would be usual. .* in another unit"),
        ("nndr3_25_26.csv", lambda: rates(1e3), None, r"another unit: thousands, or millions, for pounds"),
        ("nndr3_25_26.csv", lambda: rates()[:3], None, r"29\d of 296 billing authorities of 2025-26 are missing"),
        ("nndr3_10-11-2025.csv", rates, None, r"which year it is of. Say it: --year"),
        ("nndr3_10_11.csv", rates, None, r"would be of 2010-11; .* is known from 2020-21 on"),
        ("nndr3_25_26.csv", rates, 2024, r"is of 2025-26, and 2024-25 was asked for"),
        ("nndr3_25_26.csv", lambda: rates(head="Ecode,Local_Authority,ONSCode,netrates"), None,
         r"no heading 'netrates_tot'; the nearest are .*'netrates' \(D1\)"),
    ],
)  # fmt: skip
def test_rates_that_cannot_be(
    tmp_path: Path, name: str, rows: Callable[[], Rows], year: int | None, expected: str
) -> None:
    with pytest.raises(SokeError, match=expected):
        read_workbook(text(tmp_path / name, rows()), year)


def test_rates_of_a_dated_download(tmp_path: Path) -> None:
    upper = rates(head="ECODE,LOCAL_AUTHORITY,ONSCODE,NETRATES_TOT")
    assert read_workbook(text(tmp_path / "nndr3_25_26 of 10.11.2025 (1).csv", upper)).years == (2025,)
    later = read_workbook(text(tmp_path / "nndr3_26_27.csv", rates()))
    assert "The layout is known to 2025-26; this is of 2026-27." in later.notes


# --- what unpacks to far more than it is


SPACES = " ".join(f'xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{p}:1.0"' for p in ("office", "table", "text"))
CELL = '<table:table-cell office:value-type="{kind}" {more}>{inner}</table:table-cell>'


def document(path: Path, body: Iterator[str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("content.xml", "w") as out:
        out.write(f"<office:document-content {SPACES}><office:body><office:spreadsheet>".encode())
        out.write(b'<table:table table:name="Data_Billing">')
        for part in body:
            out.write(part.encode())
        out.write(b"</table:table></office:spreadsheet></office:body></office:document-content>")
    return path


def row_of(cell: str) -> str:
    return f"<table:table-row>{cell}</table:table-row>"


REPEATED = CELL.format(kind="float", more='office:value="1" table:number-columns-repeated="4999"', inner="")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (lambda: (row_of(REPEATED) for _ in range(2000)), r"more cells than are read"),
        (lambda: ("<a>" * 10_000 for _ in range(20)), r"more than 60 tags within tags"),
        (lambda: ('<a b="', *("x" * 100_000 for _ in range(40))), r"a text, tag or row of more than 1,048,576 bytes"),
        (lambda: (row_of("".join(CELL.format(kind="string", more="", inner=f"<text:p>{i} {k} {'y' * 900}</text:p>")
                                 for k in range(50))) for i in range(700)), r"more than 24,000,000 letters of text"),
    ],
)  # fmt: skip
def test_an_open_document_that_unpacks_without_end(
    tmp_path: Path, body: Callable[[], Iterator[str]], expected: str
) -> None:
    path = document(tmp_path / "Table_9.ods", body())
    tracemalloc.start()
    with pytest.raises(SokeError, match=expected):
        read_workbook(path)
    assert tracemalloc.get_traced_memory()[1] < 80_000_000
    tracemalloc.stop()


def test_a_packed_workbook_that_unpacks_without_end(tmp_path: Path) -> None:
    good = xlsx(tmp_path / "good.xlsx", {"KI 2026-27": [["ons_code"]]})
    for name, content, expected in (
        ("xl/worksheets/sheet1.xml", b'<row r="1"><c><is><t>' + b"0" * 3_000_000, r"a text, tag or row of more than"),
        ("xl/worksheets/sheet1.xml", b'<row r="1">' + b"<c><v>1</v></c>" * 700_000, r"a text, tag or row of more than"),
        ("xl/sharedStrings.xml", b"<sst>" + b"<si><t>z</t></si>" * 1_400_000, r"20,000,000 bytes are packed"),
    ):
        path = tmp_path / "bad.xlsx"
        with zipfile.ZipFile(good) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for item in old.namelist():
                if item != name:
                    new.writestr(item, old.read(item))
            new.writestr(name, content)
        with pytest.raises(SokeError, match=expected):
            read_workbook(path)


# --- the tables of rules


def test_rules_name_what_there_is() -> None:
    """Every identity is of a sheet, and of its columns; every bound is of a figure that some workbook gives."""
    columns = {(a.kind, a.sheet): {w.variable for w in a.wanted} for a in layouts()}
    for rule in identities():
        words = set(rule["identity"].replace("=", " ").replace("+", " ").replace("/", " ").split())
        assert words <= columns[rule["kind"], rule["sheet"]], rule
        assert rule["source"]
    given = {w.variable for a in layouts() for w in a.wanted}
    assert set(bounds()) <= given
    assert all(float(row["usual"]) > 0 and row["source"] for row in bounds().values())


def test_a_layout_is_seen_only_where_a_real_file_was_read() -> None:
    for layout in layouts():
        for wanted in layout.wanted:
            assert wanted.unverified or wanted.seen.startswith("the real file"), (layout.kind, layout.edition)
    real = {(a.kind, a.first) for a in layouts() if not a.unverified}
    assert real == {("council-tax-levels", 2023), ("council-tax-levels", 2015), ("council-tax-base", None),
                    ("revenue-outturn-summary", 2010), ("core-spending-power", 2015)}  # fmt: skip
