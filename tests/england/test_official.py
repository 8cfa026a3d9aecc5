"""Official workbooks: their layouts as far as they were seen, on small workbooks that the tests write."""

from __future__ import annotations

import csv
import dataclasses
import zipfile
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from england.council_tax_books import row as row_of
from england.council_tax_books import table9
from england.workbooks import ADUR, KEY_INFORMATION, LONDON, MANCHESTER, key_information, ods, xlsx
from soke.england.importers import tidy
from soke.england.official import grid
from soke.england.official.bodies import authority, billing, known
from soke.england.official.layouts import LISTS, Layout, layouts, year_of
from soke.england.official.reader import Reading, read_workbook
from soke.england.official.tidy import HEADER, tidy_files
from soke.england.places import places
from soke.england.settlement import council_tax_levels, finance_authorities, settlement
from soke.errors import SokeError
from soke.text import financial_year

GLA = "E61000001"


def figures(reading: Reading) -> dict[tuple[str, int, str], float]:
    return {(f.code, f.year, f.variable): f.value for f in reading.figures}


# --- the layouts themselves


def test_every_row_of_a_sheet_says_the_same_of_the_sheet() -> None:
    folder = files("soke.england.official")
    texts = [folder.joinpath(name).read_text(encoding="utf-8") for name in LISTS]
    rows = [row for text in texts for row in csv.DictReader(text.splitlines())]
    shared = ("title", "years", "header_row", "code", "ecode", "name", "cover", "duplicates", "skip", "areas",
              "control")  # fmt: skip
    for key in {(r["kind"], r["edition"], r["sheet"]) for r in rows}:
        group = [r for r in rows if (r["kind"], r["edition"], r["sheet"]) == key]
        assert len({tuple(r.get(c) for c in shared) for r in group}) == 1, key
    assert all(r["seen"] for r in rows)
    assert all(float(r["least"]) < float(r["most"]) for r in rows)


def test_a_layout_that_nobody_has_seen_says_so() -> None:
    calculator = [w for a in layouts() if a.kind == "fair-funding-calculator" for w in a.wanted]
    assert calculator
    assert {w.seen for w in calculator} == {"unverified"}
    rules = {w.variable for a in layouts() for w in a.wanted}
    assert rules >= {
        "fair_funding_allocation", "baseline_funding_level", "business_rates_baseline", "tariff_or_top_up",
        "levy_rate", "safety_net_threshold", "relative_need_share", "notional_council_tax", "core_spending_power",
        "settlement_funding_assessment", "under_indexation", "rates_income",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Council Tax levels 2026-27", 2026), ("England, 2026 to 2027", 2026), ("Table_10_2026-27", 2026),
        ("nndr3_25_26", 2025), ("nndr3_2025-26_consolidated_values", 2025), ("2025-26 and 2026-27", None),
        ("2026-29", None), ("no year", None), ("1999-00", None), ("Collated_Tables_3_12_to_3_15a_2324", 2023),
        ("released 2021", None), ("of 1920", None), ("table_2425_and_2526", None), ("nndr3_10-11-2025", None),
        ("nndr3_2025-11-10", None), ("nndr3 10.11.25", None), ("nndr3_2025-26 (10-11-2025)", 2025),
        ("of 2023–24", 2023), ("2023\u201124", 2023), ("nndr3_2025-26_v2024-25", None), ("nndr3_25_26_2", 2025),
    ],
)  # fmt: skip
def test_year_of(text: str, year: int | None) -> None:
    assert year_of(text) == year


# --- reading them


def test_key_information(tmp_path: Path) -> None:
    read = read_workbook(key_information(tmp_path / "KI.xlsx"))
    found = figures(read)
    assert read.kind == "key-information"
    assert read.years == (2026,)
    assert found["E08000003", 2026, "fair_funding_allocation"] == 400.5
    assert found[GLA, 2026, "baseline_funding_level"] == 900
    assert len(found) == 9
    assert "levy_rate" in read.absent


def test_columns_may_move_where_their_headings_say_which_they_are(tmp_path: Path) -> None:
    turned = [row[::-1] for row in (KEY_INFORMATION, MANCHESTER, ADUR, LONDON)]
    moved = read_workbook(key_information(tmp_path / "a.xlsx", *turned[1:], head=turned[0]))
    assert figures(moved) == figures(read_workbook(key_information(tmp_path / "b.xlsx")))


def test_a_column_with_a_letter_may_not_move(tmp_path: Path) -> None:
    [layout] = [a for a in layouts() if a.kind == "key-information" and a.header_row == 0 and a.span]
    fixed = dataclasses.replace(layout, wanted=(dataclasses.replace(layout.wanted[0], column="G"),))
    good = key_information(tmp_path / "good.xlsx")
    assert len(read_workbook(good, known_layouts=(fixed,)).figures) == 3
    rows = [[*r[:6], None, *r[6:]] for r in (KEY_INFORMATION, MANCHESTER)]
    moved = key_information(tmp_path / "moved.xlsx", rows[1], head=rows[0])
    with pytest.raises(SokeError, match=r"cell G4: Column G holds an empty cell where 'ffa_enhanced_2026' was expected"
                                        r", which stands in column H"):  # fmt: skip
        read_workbook(moved, known_layouts=(fixed,))


def _spending_power(path: Path) -> Path:
    """The settlement as compiled, in the layout of 2025-26, with its traps; since 2020-21 made-up figures."""
    sheets: dict[str, list[list[object]]] = {}
    for year in range(2015, 2026):
        head = ["ons_code", "authority", f"sfa_{year}", f"csp_{year}"]
        rows: list[list[object]] = [["Core Spending Power"], [], [], head, ["Code", "Authority", "SFA", "CSP"], [], [],
                                    ["E92000001", "England", 1e5, 1e5]]  # fmt: skip
        if year <= 2019:
            table = settlement(year)
            for code, name, sfa in zip(table.codes, table.names, table["sfa"], strict=True):
                said = "-" if code == GLA else "E31000040" if code == "E47000001" else code
                rows.append([said, name, float(sfa), float(sfa) + 1])
            rows.append(["E31000027O", "North Yorkshire Police, Fire and Crime Commissioner", 0, 0])
        else:
            recode = {"E08000016": "E08000038"} if year == 2025 else {}
            rows += [[recode.get(c, c), known()[c], 1.0, 2.0] for c in billing(year)]
        sheets[financial_year(year)] = rows
    return xlsx(path, sheets)


def test_core_spending_power_gives_back_the_compiled_settlement(tmp_path: Path) -> None:
    read = read_workbook(_spending_power(tmp_path / "CSP_information_table_LGFS_2025-26.xlsx"))
    found = figures(read)
    assert read.years == tuple(range(2015, 2026))
    for year in range(2015, 2020):
        sfa = {c: v for (c, y, n), v in found.items() if y == year and n == "settlement_funding_assessment"}
        assert sfa == settlement(year).by_code("sfa")
    assert found["E08000016", 2025, "core_spending_power"] == 2.0
    assert len({c for c, y, _ in found if y == 2025}) == 296
    assert read.unverified == ("core_spending_power", "settlement_funding_assessment")  # no real file of it was read


@pytest.mark.parametrize("name", ["Table_10.ods", "Table_10.xlsx"])
def test_council_tax_levels_both_ways(tmp_path: Path, name: str) -> None:
    """The layout of 2023-24 in a later year; a figure that is not published is none."""
    write = ods if name.endswith(".ods") else xlsx
    path = table9(tmp_path / name, lambda s: row_of(s, "E08000003").__setitem__(11, "[z]"), 2026, write)
    found = figures(read_workbook(path))
    base = council_tax_levels(2022).value("tax_base", "E08000003")
    assert found["E08000003", 2026, "tax_base"] == round(base * 1.01, 1)
    assert ("E08000003", 2026, "parish_precepts") not in found
    assert found["E23000033", 2026, "band_d_excl_parish"] == 279.0
    assert found[GLA, 2026, "band_d_excl_parish"] == 434.14


def _untitled(sheets: dict[str, list[list[object]]]) -> None:
    sheets["Cover"] = [["Council Tax levels"]]
    for sheet in ("Data_Billing", "Data_Precepting"):
        sheets[sheet][:4] = [["Council Tax levels"], [], [], []]


def test_the_year_comes_from_the_title_the_name_or_the_user(tmp_path: Path) -> None:
    plain = table9(tmp_path / "levels.xlsx", _untitled, 2026)
    with pytest.raises(SokeError, match=r"which year it is of. Say it: --year"):
        read_workbook(plain)
    assert read_workbook(plain, 2026).years == (2026,)
    with pytest.raises(SokeError, match=r"is of 2026-27, and 2025-26 was asked for"):
        read_workbook(table9(tmp_path / "b.xlsx", year=2026), 2025)


def _table(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_revenue_outturn(tmp_path: Path) -> None:
    head = "year_ending,status,ONS_code,LA_LGF_code,LA_name,RS_netcurrtot_net_exp,RS_netrevexp_net_exp"
    path = _table(
        tmp_path / "ro.csv", head, "202503,submitted,E08000003,E4203,Manchester,1000000,800000",
        "202403,submitted,E08000003,E4203,Manchester,900000,700000", "202503,total,E92000001,,England,9e9,9e9",
        "202503,not submitted,E08000025,E4601,Birmingham,0,0", "202503,submitted,E50000001,E6207,East London Waste,5,5",
    )  # fmt: skip
    found = figures(read_workbook(path))
    assert found["E08000003", 2024, "net_current_expenditure"] == 1000.0
    assert found["E08000003", 2023, "net_revenue_expenditure"] == 700.0
    assert {c for c, _, _ in found} == {"E08000003"}
    broken = _table(tmp_path / "b.csv", head, "20250,submitted,E08000003,E4203,Manchester,1,1")
    with pytest.raises(SokeError, match=r"row 2, column 'year_ending'.*'20250' is no year's end"):
        read_workbook(broken)


def test_rates_outturn(tmp_path: Path) -> None:
    rates = dict.fromkeys(billing(2025), "300000000.0") | {"E08000003": '"351,234,567"'}
    rows = [f'{places().by_code[code].ecode},"{known()[code]}",,{value}' for code, value in rates.items()]
    head = "Ecode,Local_Authority,ONSCode,netrates_tot"
    path = _table(tmp_path / "nndr3_25_26.csv", head, *rows, "E0000,England,,2.6e10")
    found = figures(read_workbook(path))
    assert len(found) == 296
    assert found["E08000003", 2025, "net_rates_payable"] == pytest.approx(351.234567)
    short = _table(tmp_path / "nndr3_2025-26.csv", head, *rows[:-1])
    with pytest.raises(SokeError, match=r"1 of 296 billing authorities of 2025-26 are missing: Westminster"):
        read_workbook(short)
    pounds = _table(tmp_path / "nndr3_24_25.csv", head, rows[0].replace("300000000.0", "3e11"), *rows[1:])
    with pytest.raises(SokeError, match=r"row 2, column 'netrates_tot': 3e\+11 cannot be net_rates_payable"):
        read_workbook(pounds)
    with pytest.raises(SokeError, match=r"'1,2,3' stands where a number belongs"):
        read_workbook(_table(tmp_path / "nndr3_23_24.csv", head, 'E4203,Manchester,,"1,2,3"'))


def test_every_body_of_a_real_outturn_is_known_or_left_out(source_dir: Path) -> None:
    """430 names and codes as published: none is stopped, none is taken for another, parks and waste are left out."""
    rows = tidy.rows(source_dir, "revenue_outturn_ro_2022_2023.csv")
    [skip] = [a.skip for a in layouts() if a.kind == "revenue-outturn"]
    out = {(r["gss_code"], r["name"]): authority(r["gss_code"], r["ecode"], r["name"], skip) for r in rows}
    gone = {code[:3] for (code, _), found in out.items() if found is None}
    assert gone == {"E26", "E47", "E50"}
    assert all(found in (None, code, GLA) for (code, _), found in out.items())


# --- what stops


def row(**changed: object) -> list[object]:
    return [changed.get(name, value) for name, value in zip(KEY_INFORMATION, MANCHESTER, strict=True)]


FFA = "ffa_enhanced_2026"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row(), row(**{FFA: 1})], r"cell B6: Manchester \(E08000003\) is there twice for 2026-27: rows 5 and 6"),
        ([row(ons_code="E08009999", ecode="")], r"cell B5: 'E08009999' is no code of an authority"),
        ([row(ons_code="e0800000", ecode="")], r"cell B5: 'e0800000' is no code"),
        ([row(authority="Leeds")], r"has the code of Manchester \(E08000003\) and the name of Leeds \(E08000035\)"),
        ([row(**{FFA: "much"})], r"cell G5: 'much' stands where a number belongs"),
        ([row(**{FFA: "400.5"})], r"cell G5: '400.5' stands where a number belongs"),
        ([row(**{FFA: True})], r"cell G5: True stands where a number belongs"),
        ([row(**{FFA: "#REF!"})], r"cell G5: '#REF!' stands where"),
        ([row(**{FFA: -3.0})], r"cell G5: -3 cannot be fair_funding_allocation in GBP million: it lies between 0 and"),
        ([row(**{FFA: 4e8})], r"cell G5: 4e\+08 cannot be"),
        ([row(**{FFA: 1e305})], r"cell G5: inf cannot be"),
        ([row(**{FFA: "=1+1"})], r"cell G5: The cell holds a formula that was never worked out"),
        ([[None] * 9], r"No authority was found"),
        ([row(**{FFA: "\u202ered"})], r"cell G5: '\\u202ered' stands"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_is_named(tmp_path: Path, rows: list[list[object]], said: str) -> None:
    path = key_information(tmp_path / "KI.xlsx", *rows)
    with pytest.raises(SokeError) as stopped:
        read_workbook(path)
    assert stopped.match(said)
    assert str(stopped.value).isprintable()


def test_the_same_row_twice_is_no_harm_where_the_layout_says_so(tmp_path: Path) -> None:
    assert len(read_workbook(key_information(tmp_path / "KI.xlsx", row(), row())).figures) == 3


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_in_an_open_document(tmp_path: Path, value: float) -> None:
    path = ods(tmp_path / "KI.ods", {"KI 2026-27": [KEY_INFORMATION, row(**{FFA: value})]})
    with pytest.raises(SokeError, match=rf"cell G2: {value:g} cannot be fair_funding_allocation"):
        read_workbook(path)


def test_missing_authorities_are_counted_and_named(tmp_path: Path) -> None:
    short = table9(tmp_path / "short.xlsx", lambda s: s["Data_Billing"].remove(row_of(s, "E07000223")), 2026)
    with pytest.raises(SokeError, match=r"1 of 296 billing authorities of 2026-27 are missing: Adur \(E07000223\)"):
        read_workbook(short)


def test_another_layout_says_found_against_expected(tmp_path: Path) -> None:
    head = [h.replace("ffa_", "fairfunding_") for h in KEY_INFORMATION]
    with pytest.raises(SokeError, match=r"no heading 'ffa_enhanced_2026'; the nearest are .*'fairfunding_.* \(G4\)"):
        read_workbook(key_information(tmp_path / "a.xlsx", MANCHESTER, head=head))
    with pytest.raises(SokeError, match=r"No heading 'ons_code' stands in the first 20 rows"):
        read_workbook(xlsx(tmp_path / "b.xlsx", {"KI 2026-27": [["nothing"]]}))
    with pytest.raises(SokeError, match=r"No layout is known for a workbook with the sheets 'Tab'"):
        read_workbook(xlsx(tmp_path / "c.xlsx", {"Tab": [["x"]]}))
    with pytest.raises(SokeError, match=r"has no sheet 'Data_Precepting'; it has 'Data_Billing'"):
        read_workbook(xlsx(tmp_path / "d.xlsx", {"Data_Billing": [["x"]]}))
    with pytest.raises(SokeError, match=r"has the headings 'a', 'b', of no layout that is known. Expected are"):
        read_workbook(_table(tmp_path / "e.csv", "a,b", "1,2"))
    twice = [*KEY_INFORMATION, FFA]
    with pytest.raises(SokeError, match=r"stands twice, in columns G and J, over different figures"):
        read_workbook(key_information(tmp_path / "f.xlsx", [*MANCHESTER, 7], head=twice))
    moved = xlsx(
        tmp_path / "g.xlsx",
        {financial_year(y): [["x"], ["ons_code", f"csp_{y}"], [], ["-"]] for y in range(2015, 2026)},
    )
    with pytest.raises(SokeError, match=r"sheet '2015-16': Row 4 has no heading 'ons_code'.* It stands in cell A2"):
        read_workbook(moved)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"PK\x03\x04 broken", "no workbook"),
        ("b.xls", b"\xd0\xcf\x11\xe0rest", "old kind"),
        ("c.csv", b"a\x00b", "neither a workbook nor"),
        ("d.xlsx", b"", "no layout that is known"),
    ],
)
def test_what_is_no_workbook(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SokeError, match=said):
        read_workbook(path)


def test_files_that_pretend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other.xlsx"
    with zipfile.ZipFile(other, "w") as packed:
        packed.writestr("readme.txt", "hello")
    with pytest.raises(SokeError, match="but no workbook"):
        read_workbook(other)
    broken = tmp_path / "broken.ods"
    with zipfile.ZipFile(broken, "w") as packed:
        packed.writestr("content.xml", "<a><b></a>")
    with pytest.raises(SokeError, match="cannot be read"):
        read_workbook(broken)
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = tmp_path / "bomb.ods"
    with zipfile.ZipFile(bomb, "w") as packed:
        packed.writestr("content.xml", f'<!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]><x>&a11;</x>')
    with pytest.raises(SokeError, match="cannot be read"):
        read_workbook(bomb)
    with pytest.raises(SokeError, match="no such file"):
        read_workbook(tmp_path / "none.xlsx")
    monkeypatch.setattr(grid, "UNPACKED", 1000)
    with pytest.raises(SokeError, match="1,000 bytes are packed"):
        read_workbook(key_information(tmp_path / "KI.xlsx"))


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_no_bytes_are_a_traceback(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(SokeError):
        read_workbook(path)


TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF), max_size=12)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
CELLS = st.one_of(st.none(), st.booleans(), st.integers(-(10**12), 10**12), FLOATS, TEXTS)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CELLS, min_size=9, max_size=9))
def test_no_cells_are_a_traceback(tmp_path: Path, cells: list[object]) -> None:
    """Any row either is refused in words or gives figures that can be."""
    path = key_information(tmp_path / "KI.xlsx", cells, ADUR)
    try:
        read = read_workbook(path)
    except SokeError as error:
        assert str(error).isprintable()
        return
    assert all(0 <= f.value <= 20_000 and f.code in known() for f in read.figures)


# --- what is written


def test_the_tidy_file_holds_nothing_of_the_workbook_but_numbers(tmp_path: Path) -> None:
    path = key_information(tmp_path / "=cmd'|x.xlsx", row(authority="Manchester", **{"class": "=HYPERLINK(1)"}))
    [(name, text)] = tidy_files([read_workbook(path)]).items()
    assert name == "key-information-2026-27.csv"
    rows = list(csv.DictReader(text.splitlines()))
    assert list(rows[0]) == HEADER
    assert rows[0]["workbook"] == "_cmd__x.xlsx"
    assert rows[0]["year"] == "2026-27"
    assert "HYPERLINK" not in text
    assert len(rows[0]["sha256"]) == 64


def test_two_editions_of_one_year_are_not_mixed(tmp_path: Path) -> None:
    one, two = key_information(tmp_path / "1.xlsx"), key_information(tmp_path / "2.xlsx", MANCHESTER)
    with pytest.raises(SokeError, match=r"1.xlsx and 2.xlsx both give Key information"):
        tidy_files([read_workbook(one), read_workbook(two)])


def test_billing_authorities_of_each_year() -> None:
    assert [len(billing(y)) for y in (2015, 2019, 2020, 2022, 2026)] == [326, 317, 314, 309, 296]
    assert set(finance_authorities()) <= set(known())


def test_layout_is_data() -> None:
    assert all(isinstance(a, Layout) and a.wanted for a in layouts())
    assert {a.kind for a in layouts()} == {
        "core-spending-power", "key-information", "fair-funding-calculator", "council-tax-levels", "nndr3",
        "revenue-outturn", "revenue-outturn-summary", "council-tax-base", "dwp-benefits", "personal-incomes",
        "section-251",
    }  # fmt: skip
