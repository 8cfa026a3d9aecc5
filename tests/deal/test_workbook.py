"""A deal as a workbook and back: nothing is lost, nothing runs, and a bad workbook is told where and how."""

import copy
import dataclasses
import datetime as dt
import io
import re
import tomllib
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from soke.cli import main
from soke.deal.cells import form_of, read, written
from soke.deal.document import Node, tree
from soke.deal.positions import Positions
from soke.deal.reader import load_deal
from soke.deal.sheets import columns, layout
from soke.deal.toml_text import toml_text
from soke.deal.workbook import deal_text, deal_workbook
from soke.england.places import places
from soke.errors import Location, SokeError

DEALS = [path for path in sorted(Path("deals").glob("*.toml")) if path.stem != "broken"]
CORNWALL = Path("deals/cornwall.toml")
HOSTILE = '=cmd|"/c calc"!A1'


def bare(value: Any) -> Any:
    """A deal without where it stands in its file."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [field.name for field in dataclasses.fields(value) if field.name not in ("at", "keys")]
        return {name: bare(getattr(value, name)) for name in fields}
    if isinstance(value, tuple | list):
        return [bare(inner) for inner in value]
    return {key: bare(inner) for key, inner in value.items()} if hasattr(value, "items") else value


def parsed(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)


def there_and_back(source: Path, folder: Path) -> str:
    book = folder / "deal.xlsx"
    book.write_bytes(deal_workbook(source, places()))
    return deal_text(book, places())


@pytest.mark.parametrize("source", DEALS, ids=lambda path: path.stem)
def test_shipped_deals_come_back_equal(source: Path, tmp_path: Path) -> None:
    text = there_and_back(source, tmp_path)
    (tmp_path / "again.toml").write_text(text, "utf-8")
    assert parsed(text) == parsed(source.read_text("utf-8"))
    assert bare(load_deal(tmp_path / "again.toml", places())) == bare(load_deal(source, places()))


def test_all_that_a_link_may_say_comes_back(tmp_path: Path) -> None:
    said = (
        'works = "fixed-link"\nbusiness_case = "full"\noverrun_falls_on = "government"\nrunning_cost = 5_000_000\n'
        "effect = { mode_share = { low = 0.1, central = 0.2, high = 0.3 },"
    )
    plain = Path("deals/greater-manchester.toml").read_text("utf-8")
    text = plain.replace('effect = { channel = "connection",', f'{said} channel = "connection",', 1)
    (tmp_path / "said.toml").write_text(text, "utf-8")
    again = there_and_back(tmp_path / "said.toml", tmp_path)
    assert parsed(again) == parsed(text)
    link = load_deal(tmp_path / "said.toml", places()).investments[0]
    assert (link.built, link.overrun_falls_on, link.running_cost) == ("fixed-link", "government", 5_000_000)
    assert link.effect.mode_share.central == 0.2


def test_same_bytes_every_time() -> None:
    first = deal_workbook(CORNWALL, places())
    assert first == deal_workbook(CORNWALL, places())
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


AWKWARD = [
    "", "(empty)", "\\", "\\e", "\\(empty)", "a; b", "a | b", ";", "|", " ", " a ", "a\\", "\\;", "two\nlines", "tab\t",
    HOSTILE, "+1", "-1", "@x", "#N/A", "TRUE", "1e5", "2026-27", "_x0041_", "_x005F_x0041_", "'quoted", "é\u3000",
]  # fmt: skip
TEXTS = st.sampled_from(AWKWARD) | st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp"), exclude_characters="\ufffe\uffff"), max_size=20
)
LISTS = st.lists(TEXTS, max_size=4)
MONEY = st.decimals(0, 10**13, places=2, allow_nan=False) | st.integers(0, 10**13)
NUMBERS = st.decimals(-(10**6), 10**6, places=8, allow_nan=False)
YEARS = st.integers(1990, 2098).map(lambda year: f"{year}-{(year + 1) % 100:02d}")
DATES = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))
ITEM = {"note": TEXTS, "source": LISTS, "origin": st.sampled_from(["public", "derived", "illustrative"])}


def some(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=keys)


SPENT = st.lists(st.fixed_dictionaries({"year": YEARS}, optional={"revenue": MONEY, "capital": MONEY}), max_size=3)
FUND = some(
    **ITEM, title=TEXTS, ring_fenced=st.booleans(), powers=LISTS, profile=SPENT, previous_spend=SPENT,
    lines=st.dictionaries(TEXTS, MONEY, max_size=3), recallable_share=st.decimals(0, 1, places=4),
)  # fmt: skip
RECALL = some(scope=LISTS, max_share_of_fund=st.decimals(0, 1, places=3))
CONDITION = some(
    **ITEM, recall=RECALL, at_least=NUMBERS, due_days=st.integers(0, 10**6), excuse=LISTS, **{"from": YEARS}
)
EFFECT = st.fixed_dictionaries(
    {"channel": st.just("connection")},
    optional={"between": st.tuples(LISTS, LISTS).map(list), "minutes_before": NUMBERS},
)
FISCAL = some(
    council_tax=some(mayoral_precept=st.booleans(), **ITEM), income_tax=some(assigned_share=st.just(Decimal("0.1")))
)
CASE = st.fixed_dictionaries(
    {"name": TEXTS, "given": st.dictionaries(TEXTS, NUMBERS | TEXTS, max_size=3), "then": st.dictionaries(TEXTS, TEXTS)}
)


@st.composite
def variations(draw: st.DrawFn) -> dict[str, Any]:
    deal = copy.deepcopy(parsed(CORNWALL.read_text("utf-8")))
    deal |= draw(
        some(review=TEXTS, summary=TEXTS, agreed=DATES, proceeds=some(reserves=st.just(Decimal("0.3")), **ITEM))
    )
    deal |= draw(
        some(fiscal=FISCAL, case=st.lists(CASE, max_size=2), standing=st.just([]), due_process=some(restore=TEXTS))
    )
    deal["fund"][0] |= draw(FUND)
    deal["fund"][1] |= draw(FUND)
    deal["condition"][0] |= draw(CONDITION)
    deal["investment"][0] |= draw(some(effect=EFFECT, **ITEM))
    return deal


def through_a_cell(value: Any, hint: Any) -> Any:
    place = Location("f")
    return plain(read("k", written(tree(value, (), Positions(), place)), form_of(hint), place))


def plain(node: Node) -> Any:
    return [plain(item) for item in node.items] if isinstance(node.value, list) else node.value


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, one=LISTS, two=st.lists(LISTS, min_size=2, max_size=2))
@example(text="", one=["(empty)", ""], two=[["(empty)"], []])
def test_texts_and_lists_come_back_from_one_cell(text: str, one: list[str], two: list[list[str]]) -> None:
    assert through_a_cell(text, str) == text
    assert through_a_cell(one, tuple[str, ...]) == one
    assert through_a_cell(two, tuple[tuple[str, ...], tuple[str, ...]]) == two


def test_lists_as_people_type_them() -> None:
    def typed(text: str) -> Any:
        return plain(read("k", text, form_of(tuple[str, ...]), Location("f")))

    assert typed("a;b ;  c;") == ["a", "b", "c"]
    assert typed(" (empty) ") == typed(";") == []
    assert typed("a\\") == ["a\\"]


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(deal=variations())
def test_variations_come_back_equal(deal: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("deal")
    source, again = folder / "deal.toml", folder / "again.toml"
    source.write_text(toml_text(deal), "utf-8", newline="\n")
    assert parsed(source.read_text("utf-8")) == deal  # the writer of TOML by itself
    text = there_and_back(source, folder)
    again.write_text(text, "utf-8", newline="\n")
    assert bare(load_deal(again, places())) == bare(load_deal(source, places()))


@settings(max_examples=60, deadline=None)
@given(
    value=st.recursive(
        TEXTS | MONEY | DATES | st.booleans(), lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner)
    )
)
@example([[], {}, [{}]])
def test_toml_text_is_read_back(value: Any) -> None:
    tree = {"k": value, "t": {"inner": {"x": value}}, "rows": [{"x": value, "y z": value}, {}]}
    assert parsed(toml_text(tree)) == tree


def test_cells_have_the_types_of_a_spreadsheet(tmp_path: Path) -> None:
    source = tmp_path / "deal.toml"
    text = CORNWALL.read_text("utf-8").replace('theme = "local-transport"', f"theme = '{HOSTILE}'\nring_fenced = true")
    source.write_text(text.replace("revenue = 9_000_000 }]\nprev", "revenue = 9_000_000.50 }]\nprev"), "utf-8")
    book = load_workbook(io.BytesIO(deal_workbook(source, places())))
    assert book.sheetnames[:3] == ["read me", "deal", "standing"]
    assert set(book.sheetnames[1:]) == set(layout())
    fund = {cell.value: cell.column_letter for cell in book["fund"][1]}
    theme = book["fund"][f"{fund['theme']}3"]
    assert (theme.value, theme.data_type, theme.quotePrefix) == (HOSTILE, "s", True)
    assert book["fund"][f"{fund['ring_fenced']}3"].value is True
    assert book["fund"].freeze_panes == "A2"
    assert book["fund"]["A1"].font.bold
    spent = book["fund.profile"]
    assert [cell.value for cell in spent[2]][:4] == ["good-growth", "2026-27", 20_000_000, 15_000_000]
    assert (spent["C2"].number_format, spent["C4"].number_format) == ("#,##0", "#,##0.00")
    assert spent["B2"].number_format == "@"
    held = {cell.value: cell.column_letter for cell in book["source"][1]}
    assert book["source"][f"{held['date']}2"].value == dt.datetime(2017, 3, 1)
    assert book["source"][f"{held['date']}2"].is_date
    for sheet in book.worksheets:
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"], sheet.title
    raw = zipfile.ZipFile(io.BytesIO(deal_workbook(source, places())))
    assert not any(b"<f>" in raw.read(name) for name in raw.namelist())


Change = Callable[[Workbook], None]


def at(sheet: str, name: str, value: Any, row: int = 2) -> Change:
    def change(book: Workbook) -> None:
        heads = [cell.value for cell in book[sheet][1]]
        book[sheet].cell(row, heads.index(name) + 1).value = value

    return change


def without(sheet: str) -> Change:
    return lambda book: book.remove(book[sheet])


def put(sheet: str, cell: str, value: Any) -> Change:
    def change(book: Workbook) -> None:
        book[sheet][cell] = value

    return change


BAD: dict[str, tuple[Change, str, str]] = {
    "no sheet": (without("deal"), "deal.xlsx", "soke sheet DEAL.toml"),
    "another sheet": (lambda book: book.create_sheet("funds"), "No table is called", "Remove"),
    "unknown column": (put("fund", "B1", "titel"), r'sheet "fund", cell B1', 'Did you mean "title"'),
    "twice": (put("fund", "B1", "id"), r'sheet "fund", cell B1', "Remove one"),
    "no heading": (put("fund", "CA2", "x"), r'sheet "fund", cell CA2', "heading"),
    "formula": (at("fund.profile", "revenue", "=1+1"), r'"fund.profile", cell C2: "revenue" is a formula', "paste"),
    "formula as heading": (put("fund", "B1", "=A1"), r'sheet "fund", cell B1', "no column"),
    "error": (at("fund.profile", "revenue", "#REF!"), r"cell C2.* is an error", "paste"),
    "huge": (at("fund.profile", "revenue", 1e300), r"cell C2: .revenue. should be pounds", "15"),
    "too much": (at("fund.profile", "revenue", 2 * 10**13), r"cell C2: .*ten trillion", "noughts"),
    "negative": (at("fund.profile", "revenue", -1), r"cell C2: .*negative", "0 or more"),
    "text for money": (at("fund.profile", "revenue", "£20m"), r"cell C2: .*not the text .£20m.", "digits"),
    "truth for money": (at("fund.profile", "revenue", True), r"cell C2: .*not TRUE", "digits"),
    "number for text": (at("fund", "title", 5), r'sheet "fund", cell B2: .*not the number 5', "as Text"),
    "number for year": (at("fund.profile", "year", 2026), r"cell B2: .*financial year", "2026-27"),
    "date for year": (at("fund.profile", "year", dt.date(2011, 12, 1)), r"cell B2: .*date or time", "as Text"),
    "no year": (at("fund.profile", "year", "2026-29"), r"cell B2: .*not a financial year", "2026-27"),
    "text for date": (at("source", "date", "1 March 2017"), r'sheet "source", cell D2: .*a date', "Type a date"),
    "time for date": (at("source", "date", dt.datetime(2017, 3, 1, 9)), r"cell D2: .*a date", "Type a date"),
    "no choice": (at("fund", "mechanism", "lottery"), r'sheet "fund", cell G2: "mechanism" cannot be', "Use one of"),
    "half a day": (at("condition", "due_days", 1.5), r'sheet "condition", cell .*2: .*whole number', "Write it"),
    "nobody's row": (at("fund.profile", "fund", "moon"), r'"fund.profile", cell A2: There is no fund "moon"', "id"),
    "two of one id": (at("fund", "id", "good-growth", row=3), r'sheet "fund", cell A3: Two fund', "another id"),
    "two deals": (at("deal", "id", "x", row=3), r'sheet "deal", cell A3', "Remove"),
    "no id": (at("fund", "from", None), r'sheet "fund", cell A2: .*has no "from"', "Add"),
    "two lists": (at("fund", "powers", "a | b"), r'sheet "fund", cell J2: .*one list', "first; second"),
    "text where empty": (put("condition", "A1", "recall"), r'sheet "condition", cell A2: "recall"', "Clear"),
}  # fmt: skip


@pytest.fixture(scope="module")
def cornwall() -> bytes:
    return deal_workbook(CORNWALL, places())


@pytest.mark.parametrize("name", BAD)
def test_bad_workbooks_say_which_cell(name: str, cornwall: bytes, tmp_path: Path) -> None:
    change, where, fix = BAD[name]
    book = load_workbook(io.BytesIO(cornwall))
    change(book)
    book.save(tmp_path / "deal.xlsx")
    with pytest.raises(SokeError) as error:
        deal_text(tmp_path / "deal.xlsx", places())
    assert re.search(where, str(error.value)), str(error.value)
    assert fix in str(error.value), str(error.value)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken"], ids=["empty", "text", "cut"])
def test_what_is_no_workbook(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "deal.xlsx").write_bytes(content)
    with pytest.raises(SokeError, match="not an Excel workbook"):
        deal_text(tmp_path / "deal.xlsx", places())
    with pytest.raises(SokeError, match="no such file"):
        deal_text(tmp_path / "none.xlsx", places())


def tampered(raw: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with bytes of one of its parts changed, as no spreadsheet program would."""
    out = io.BytesIO()
    changed = False
    with zipfile.ZipFile(io.BytesIO(raw)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as again:
        for name in packed.namelist():
            body = packed.read(name)
            changed |= old in body
            again.writestr(name, body.replace(old, new))
    assert changed
    return out.getvalue()


@pytest.mark.parametrize("new", [b"<v>NaN</v>", b"<v>1e999</v>", b"<v>" + b"9" * 5000 + b"</v>", b"<v>"])
def test_numbers_that_are_none(new: bytes, cornwall: bytes, tmp_path: Path) -> None:
    (tmp_path / "deal.xlsx").write_bytes(tampered(cornwall, b"<v>20000000</v>", new))
    with pytest.raises(SokeError, match=r'sheet "fund\.profile", cell [AC]2: '):
        deal_text(tmp_path / "deal.xlsx", places())


def test_a_workbook_of_endless_rows(cornwall: bytes, tmp_path: Path) -> None:
    (tmp_path / "deal.xlsx").write_bytes(tampered(cornwall, b'<row r="2"', b'<row r="1000002"'))
    with pytest.raises(SokeError, match="larger than any deal"):
        deal_text(tmp_path / "deal.xlsx", places())
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * 60_000_000)
    (tmp_path / "deal.xlsx").write_bytes(bomb.getvalue())
    with pytest.raises(SokeError, match="unpacks to far more"):
        deal_text(tmp_path / "deal.xlsx", places())


@pytest.mark.parametrize(
    ("old", "new", "fact"),
    [
        ('review = "every spending review"', f'review = "{"x" * 40_000}"', "32,767"),
        ("older_care = 0.40", "older_care = 0.4000000000000001", "15 digits"),
        ('id = "local-transport-grant"', 'id = "good-growth"', "Two fund tables"),
        ('tier = "foundation"', 'tier = "top"', "cannot be"),
    ],
)
def test_what_no_cell_can_hold(old: str, new: str, fact: str, tmp_path: Path) -> None:
    source = tmp_path / "deal.toml"
    text = CORNWALL.read_text("utf-8")
    source.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(SokeError, match=fact) as error:
        deal_workbook(source, places())
    assert re.match(rf"{re.escape(str(source))}:\d+:\d+: ", str(error.value))


def test_every_column_of_every_sheet_has_a_form() -> None:
    assert {"fund.profile", "fund.previous_spend", "fiscal", "due_process"} <= set(layout())
    assert all(columns(sheet) for sheet in layout())
    assert {"effect.between", "effect.people_a_year.low"} <= set(columns("investment"))


@pytest.mark.parametrize("day", [dt.date(1900, 1, 1), dt.date(1900, 2, 28), dt.date(1900, 3, 1), dt.date(2100, 12, 31)])
def test_first_and_last_dates(day: dt.date, tmp_path: Path) -> None:
    source = tmp_path / "deal.toml"
    source.write_text(toml_text(parsed(CORNWALL.read_text("utf-8")) | {"agreed": day}), "utf-8")
    assert parsed(there_and_back(source, tmp_path))["agreed"] == day


def test_lists_of_choices_fit_what_excel_allows(cornwall: bytes) -> None:
    book = load_workbook(io.BytesIO(cornwall))
    rules = [rule for sheet in book.worksheets for rule in sheet.data_validations.dataValidation]
    assert any("national-formula" in rule.formula1 for rule in rules)
    assert max(len(rule.formula1) for rule in rules) <= 255


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def soke(*words: object) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["soke", "sheet", *map(str, words)])
        with pytest.raises(SystemExit) as stopped:
            main()
        return int(stopped.value.code or 0), capsys.readouterr().err

    book, deal = tmp_path / "new" / "deal.xlsx", tmp_path / "deal.toml"
    status, said = soke(CORNWALL, book)
    assert (status, "Comments are not in it" in said) == (0, True)
    assert soke(book, deal)[0] == 0
    assert parsed(deal.read_text("utf-8")) == parsed(CORNWALL.read_text("utf-8"))
    before = deal.read_bytes()
    status, said = soke(book, deal)
    assert (status, "already there" in said, deal.read_bytes() == before) == (2, True, True)
    assert soke(CORNWALL, tmp_path / "deal.csv")[0] == 2
    book.write_bytes(b"no workbook")
    status, said = soke(book, tmp_path / "other.toml")
    assert (status, "not an Excel workbook" in said) == (2, True)
    assert not (tmp_path / "other.toml").exists()
