"""What people type that is no TOML: each is found with what to write, all of a file at once, and never gone by."""

import datetime as dt
import re
import time
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soke import meant
from soke.community.assets.case import check_case
from soke.deal.check import check, check_reading
from soke.deal.document import Document, Unread, parse_document
from soke.deal.finding import Finding
from soke.deal.mended import mended
from soke.deal.reader import load_deal, read_scenario, read_text
from soke.england.places import places
from soke.errors import SokeError

MINIMAL = Path("src/soke/deal/rules/minimal.toml").read_text("utf-8")
TOML_FILES = sorted(
    path for folder in ("deals", "examples", "src", "tests", "bench") for path in Path(folder).rglob("*.toml")
)


def unread(text: str) -> Unread:
    found = parse_document(text.encode(), "f.toml")
    assert isinstance(found, Unread)
    return found


@pytest.mark.parametrize(
    ("typed", "fix"),
    [
        ("revenue = £24.78m", "revenue = 24_780_000"), ("revenue = 24,780,000", "revenue = 24_780_000"),
        ("revenue = 24 780 000", "revenue = 24_780_000"), ("revenue = 24\u00a0780\u00a0000", "revenue = 24_780_000"),
        ("revenue = £ 3,000.50", "revenue = 3_000.5"), ("revenue = 20 million", "revenue = 20_000_000"),
        ("revenue = GBP 1.5bn", "revenue = 1_500_000_000"), ("balance = \u22125", "balance = -5"),
        ("share = 0,5", "share = 0.5"), ("share = 5%", "share = 0.05"), ("share = 12.5 per cent", "share = 0.125"),
        ("day = 30/04/2021", "2021-04-30"), ("day = 30.4.21", "2021-04-30"), ("day = 30 April 2021", "2021-04-30"),
        ("day = 2021-4-30", "2021-04-30"), ("day = 4/30/2021", "2021-04-30"),
        ("day = 30\u201304\u20132021", "2021-04-30"),
        ("year = 2026-27", 'year = "2026-27"'), ("year = 2026/27", 'year = "2026-27"'),
        ("year = 2026\u201327", 'year = "2026-27"'), ("undertaking = yes", "undertaking = true"),
        ("undertaking = False", "undertaking = false"), ("title = Greater Manchester", 'title = "Greater Manchester"'),
        ("title = \u201cA mayor\u2019s deal\u201d", '"A mayor\u2019s deal"'),
        ("title = \u2018A deal\u2019", '"A deal"'),
        ("title = \u201cA deal\"", '"A deal"'), ("title = \"A deal\u201d", '"A deal"'),
        ("title: 5", "title = and the value"), ("title\t5", "title = and the value"),
        ("amount =", "leave the line out"),
        ("amount = n/a", "leave the line out"), ("ring fenced = true", "ring_fenced"), ("[[fund]", "[[fund]]"),
        ("[fund]]", "[[fund]]"), ("[ [fund] ]", "[[fund]]"), ("// a note", "#"), ("-- a note", "#"),
        ('title = "A";', "Leave out the ;"), ("amount = 5,", "Leave out the ,"), ('title = "A', "Add \""),
        ('title = "C:\\Users"', "backslash twice"), ("a = 1\na = 2", "leave one of them out"),
        ("[a]\n[a]", "two brackets"),
        ("day = 2021-02-30", "There is no such day"), ("\u00a0a = 1", "ordinary space"),
        ("powers = [adult-skills]", '"adult-skills"'), ("powers = [\n  adult-skills,\n]", '"adult-skills"'),
        ("p = { year = 2026-27, revenue = £5m }", "revenue = 5_000_000"),
    ],
)  # fmt: skip
def test_what_people_type_is_met_with_what_to_write(typed: str, fix: str) -> None:
    found = unread(f"x = 1\n{typed}\ny = 2\n")
    assert any(fix in one.fix for one in found.all), found.all
    assert {one.code for one in found.all} == {"DV001"} and min(one.at.line for one in found.all) >= 2
    assert all(one.fact.startswith("This is not TOML: ") for one in found.all)


@pytest.mark.parametrize("path", TOML_FILES, ids=str)
def test_sound_toml_holds_no_slip(path: Path) -> None:
    text = path.read_text("utf-8")
    assert mended(text) == ([], text)


def test_texts_with_anything_in_them_are_let_be() -> None:
    text = 'a = "the \u201cbig\u201d deal, £24.78m on 30/04/2021; yes # no"\nb = """\n[[fund]\nc: 5%\n"""\n'
    text += "d = '''\n5,5\n'''\n"
    assert mended(text) == ([], text)


def test_all_faults_of_a_file_come_at_once_and_it_is_never_used(tmp_path: Path) -> None:
    text = MINIMAL.replace('title = "A small deal"', "title = \u201cA small deal\u201d\ntitel = 5")
    text = text.replace("revenue = 100_000_000", "revenue = £100m").replace('to = "authority"', 'to = "autority"')
    text = text.replace("undertaking = true", 'undertaking = "yes"').replace(
        '["adult-skills", "s', '["Adult Skills", "s'
    )
    text = text.replace('previous_spend = [{ year = "2025-26", revenue = 98_000_000 }]', "previous_spend = [")
    text = text.replace("previous_spend = [", 'previous_spend = [{ year = "2025/26", revenue = "£98m" }]')
    path = tmp_path / "deal.toml"
    path.write_text(text, "utf-8")
    checked = check(path, places())
    fixes = {(one.code, one.fix) for one in checked.findings}
    assert {
        ("DV001", 'Write straight ones: "A small deal".'), ("DV001", "Write revenue = 100_000_000."),
        ("DV002", 'Did you mean "title"?'), ("DV005", "Write it without quotes: undertaking = true."),
        ("DW207", 'Did you mean "adult-skills"?'), ("DF302", 'Write it as "2025-26".'),
        ("DV005", "Write it without quotes: revenue = 98_000_000."),
    } <= fixes  # fmt: skip
    assert checked.deal is None and not checked.readable
    with pytest.raises(SokeError, match="not TOML"):
        load_deal(path, places(), in_part=True)


def test_the_rules_look_at_what_was_meant() -> None:
    text = MINIMAL.replace("revenue = 100_000_000", "revenue = £100m").replace('to = "authority"', 'to = "autority"')
    found = {(one.code, one.fix) for one in check_reading(read_text(text, places()), places()).findings}
    assert found == {("DV001", "Write revenue = 100_000_000."), ("DF301", "Did you mean authority?")}


@pytest.mark.parametrize(
    ("old", "new", "fix"),
    [
        ("revenue = 100_000_000", 'revenue = "£100m"', "revenue = 100_000_000"),
        ("revenue = 100_000_000", 'revenue = "100,000,000"', "revenue = 100_000_000"),
        ("retention = 0.5", 'retention = "50%"', "retention = 0.5"),
        ("retention = 0.5", 'retention = "0,5"', "retention = 0.5"),
        ("date = 2024-12-20", 'date = "20/12/2024"', "date = 2024-12-20"),
        ("date = 2024-12-20", 'date = "20 December 2024"', "date = 2024-12-20"),
        ("date = 2024-12-20", "date = 2024-12-20T10:00:00", "date = 2024-12-20"),
        ("undertaking = true", 'undertaking = "Yes"', "undertaking = true"),
        ("undertaking = true", "undertaking = 0", "undertaking = false"),
        ('opens = "2029-30"', 'opens = "2029/30"', '"2029-30"'), ('opens = "2029-30"', "opens = 2029", '"2029-30"'),
        ('opens = "2029-30"', 'opens = "2029\u201330"', '"2029-30"'),
        ('opens = "2029-30"', 'opens = "2029-2030"', '"2029-30"'),
        ("undertaking = true", 'undertaking = true\nanswer_due_days = "90 days"', "answer_due_days = 90"),
        ("undertaking = true", "undertaking = true\nanswer_due_days = 90.0", "answer_due_days = 90"),
        ('kind = "transport"', 'kind = "Transport"', '"transport"'),
        ('after_profile = "flat_real"', 'after_profile = "Flat Real"', '"flat_real"'),
        ("[[fund]]", "[[Funds]]", '"fund"'), ('["adult-skills", "s', '["ADULT SKILLS", "s', '"adult-skills"'),
        ('["adult-skills", "s', '["adult education", "s', '"adult-skills"'),
        ('fund = "skills"', 'fund = "Skill"', "skills"),
        ('source = ["settlement"]', 'source = ["setlement"]', "settlement"),
    ],
)  # fmt: skip
def test_what_toml_holds_but_a_deal_does_not_is_met_with_what_to_write(old: str, new: str, fix: str) -> None:
    assert old in MINIMAL
    found = check_reading(read_text(MINIMAL.replace(old, new, 1), places()), places()).findings
    assert any(fix in one.fix for one in found), found


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\x03\x04xl/workbook.xml", "soke sheet x.toml"), (b"PK\x03\x04word/document.xml", "soke new"),
        (b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "Save it as .xlsx"),
        (b"PK\x03\x04", "Unpack"), (b"%PDF-1.7", "soke new"), (b"\xd0\xcf\x11\xe0", "soke sheet"),
        ("\ufeffid = 1".encode("utf-16"), "UTF-8"), (b'{ "schema": 1 }', ".toml"), (b"<html>", ".toml"),
        (b"id,title,revenue\n1,2,3\n", "soke sheet"), (b"id;title;revenue\n1;2;3\n", "soke sheet"),
        (b"id\ttitle\trevenue\n", "soke sheet"), ("title = 'caf\u00e9'".encode("cp1252"), "UTF-8"),
    ],
)  # fmt: skip
def test_a_file_of_another_kind_is_named_and_what_to_do(content: bytes, what: str) -> None:
    found = parse_document(content, "x.toml")
    assert isinstance(found, Finding) and found.code == "DV001" and what in found.fix


def test_every_toml_file_gives_the_hint(tmp_path: Path) -> None:
    case = tmp_path / "case.toml"
    text = Path("examples/village-hall/cases/village-hall.toml").read_text("utf-8")
    case.write_text(
        re.sub(r"(?m)^(on|day|commencement) = (\d{4})-(\d\d)-(\d\d)", r"\1 = \4/\3/\2", text, count=2), "utf-8"
    )
    findings = check_case(case)
    assert isinstance(findings, tuple) and len(findings) == 2
    assert all("not how a date is written" in one.fact for one in findings)
    scenario = tmp_path / "s.toml"
    scenario.write_text('schema = "soke-scenario/1"\nextends = "default"\nid = "s"\ntitle = S\n', "utf-8")
    with pytest.raises(SokeError, match='Write title = "S"'):
        read_scenario(scenario)


@given(st.decimals(0, 10**12, places=2), st.sampled_from(["£{:,f}", "{:,f}", "£ {:,f}", "GBP {:,f}", "{:f} pounds"]))
def test_pounds_typed_in_any_way_mean_what_they_say(pounds: Decimal, typed: str) -> None:
    assert meant.number(typed.format(pounds)) == pounds


@given(st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1)))
def test_dates_typed_as_in_britain_mean_that_day(day: dt.date) -> None:
    for form in ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y", "%Y/%m/%d", "%B %d, %Y"):
        assert meant.date(day.strftime(form)) == day


@given(st.text(max_size=80))
def test_no_text_breaks_the_meanings(text: str) -> None:
    for meaning in (meant.number, meant.date, meant.year, meant.flag):
        meaning(text)


@given(st.text(alphabet="ab=[]{},\"'#:;\n\t £%5-./\u201c\u201d\u00a0", max_size=60))
def test_what_is_mended_is_toml_or_told(text: str) -> None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assert isinstance(parse_document(text.encode(), "f"), Finding)
    else:
        assert isinstance(parse_document(text.encode(), "f"), Document)


@pytest.mark.parametrize(
    "line", ["a = " + "“" * 100_000, "[" * 50_000, "a " * 900 + "=", "a = b\n" * 40_000, "1," * 999]
)
def test_hostile_lines_take_no_time(line: str) -> None:
    start = time.process_time()
    assert isinstance(parse_document(line.encode(), "f"), Finding)
    assert time.process_time() - start < 5
