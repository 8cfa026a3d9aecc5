"""A council's register in the draft national form: into cases and out again, each row by the Act or told."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soke.community.assets.case import read_case
from soke.community.assets.due import follow
from soke.community.assets.lists import list_row
from soke.community.assets.national import FORM, register_csv
from soke.community.assets.register_import import CALLED, import_register
from soke.errors import SokeError

D = dt.date
APRIL = D(2025, 4, 1)
# The nineteen fields of the working draft, version 1.0.0, in its order.
DRAFT = (
    "reference", "name", "address-text", "description", "point", "geometry", "organisation", "nomination-date",
    "nominating-group", "decision", "decision-date", "expiry-date", "notification-to-sell-date", "interested-group",
    "protected-period-start-date", "notes", "entry-date", "start-date", "end-date",
)  # fmt: skip
PUB = {
    "reference": "A-CV-1", "name": "The Anyham Arms", "address-text": "1 Mill Lane, Anyham",
    "point": "POINT(-0.1 51.5)", "organisation": "local-authority:ANY", "nomination-date": "2024-11-01",
    "nominating-group": "Anyham Parish Council",
    "decision": "successful", "decision-date": "2024-12-02", "expiry-date": "2029-12-01",
    "notification-to-sell-date": "2025-03-01", "interested-group": "Friends of the Arms",
    "protected-period-start-date": "2025-03-01", "notes": "Of value", "entry-date": "2025-03-04",
    "start-date": "2024-11-01",
}  # fmt: skip
MILL = {"reference": "A-CV-2", "name": "Old Mill", "decision": "unsuccessful", "decision-date": "2023-02-01"}


def write(path: Path, *rows: dict[str, str], columns: tuple[str, ...] = DRAFT, delimiter: str = ",") -> Path:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), "utf-8")
    return path


def through(tmp_path: Path, *rows: dict[str, str], on: dt.date = APRIL) -> list[dict[str, str]]:
    """What comes out of what went in."""
    tmp_path.mkdir(exist_ok=True)
    import_register(write(tmp_path / "in.csv", *rows)).write(tmp_path / "cases")
    cases = [read_case(path) for path in sorted((tmp_path / "cases").iterdir())]
    return list(csv.DictReader(io.StringIO(register_csv(cases, on))))


def test_the_form_is_that_of_the_draft() -> None:
    assert tuple(FORM) == DRAFT
    assert set(CALLED.values()) - set(CALLED) <= set(FORM)


def test_a_register_comes_out_as_it_went_in(tmp_path: Path) -> None:
    pub, mill = through(tmp_path, PUB, MILL)
    assert {name: text for name, text in pub.items() if text} == PUB
    assert {name: text for name, text in mill.items() if text} == MILL | {"entry-date": "2025-04-01"}


def test_the_clocks_of_the_act_run_from_a_register(tmp_path: Path) -> None:
    made = import_register(write(tmp_path / "in.csv", PUB))
    assert len(made.assumed) == 1 and "no day on which Friends of the Arms asked to bid" in made.assumed[0]
    made.write(tmp_path / "cases")
    case = read_case(tmp_path / "cases" / "a-cv-1.toml")
    row = list_row(case, D(2025, 4, 1), follow(case, D(2025, 4, 1)).state)
    assert row and (row["interim_ends"], row["full_ends"], row["protected_ends"]) == (
        "2025-04-11", "2025-08-31", "2026-08-31"
    )  # fmt: skip
    assert row["nominated_on"] == "2024-11-01"
    assert (row["bidder"], row["bid_requested_on"], row["state"]) == (
        "Friends of the Arms", "", "a community group has asked to be treated as a bidder"
    )  # fmt: skip
    assert [step.kind for step in case.file.step] == ["parish-council", "", "", "not-known"]


def test_the_list_that_soke_prints_is_read_too(tmp_path: Path) -> None:
    import_register(write(tmp_path / "in.csv", PUB, MILL)).write(tmp_path / "cases")
    cases = [read_case(path) for path in sorted((tmp_path / "cases").iterdir())]
    rows = [row for case in cases if (row := list_row(case, D(2025, 4, 1), "x"))]
    rows[0]["bid_requested_on"] = "2025-03-20"
    path = write(tmp_path / "list.csv", *rows, columns=tuple(rows[0]), delimiter=";")
    made = import_register(path)
    assert made.texts.keys() == {"a-cv-1.toml", "a-cv-2.toml"} and not any(
        "asked to bid" in one for one in made.assumed
    )
    assert "on = 2025-03-20" in made.texts["a-cv-1.toml"]


def test_land_that_is_off_the_list_keeps_its_end(tmp_path: Path) -> None:
    sold = {**PUB, "end-date": "2025-03-20"}
    old = {**MILL, "decision": "Listed", "nomination-date": "2015-01-05", "decision-date": "2015-02-01"}
    rows = {row["reference"]: row for row in through(tmp_path, sold, old)}
    assert rows["A-CV-1"]["end-date"] == "2025-03-20" and not rows["A-CV-1"]["interested-group"]
    assert (rows["A-CV-2"]["expiry-date"], rows["A-CV-2"]["end-date"]) == ("2020-01-31", "2020-02-01")


def test_every_row_that_cannot_be_a_case_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    rows = (
        PUB, {**MILL, "decision-date": "01/02/2023"}, {**MILL, "reference": "3", "decision": "perhaps"},
        {**MILL, "reference": "4", "decision-date": ""}, {**MILL, "reference": "a cv 1"},
        {**PUB, "reference": "6", "notification-to-sell-date": "2024-01-01", "protected-period-start-date": ""},
        {**PUB, "reference": "7", "nomination-date": "2025-01-01", "start-date": ""},
        {**MILL, "reference": "8", "name": ""}, {**MILL, "reference": "9", "decision-date": "2023-02-30"},
        {**MILL, "reference": "10", "decision-date": "2001-01-01"},
    )  # fmt: skip
    with pytest.raises(SokeError) as stopped:
        import_register(write(tmp_path / "in.csv", *rows))
    said = str(stopped.value)
    for words in (
        "in.csv:3: decision-date is \"01/02/2023\". Write 2023-02-01", 'line 4: The decision is "perhaps"',
        "line 5: The decision has no day", '"a-cv-1" is the reference of line 2 already', 'line 7: The step "notice"',
        "line 8: The decision, of 2 December 2024, is before the nomination", "line 9: The name is empty",
        'line 10: decision-date is "2023-02-30"', "line 11: 1 January 2001 is before",
    ):  # fmt: skip
        assert words in said, words


def test_a_case_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    made = import_register(write(tmp_path / "in.csv", MILL, PUB))
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "a-cv-1.toml").write_text("mine")
    with pytest.raises(SokeError, match="is there already"):
        made.write(tmp_path / "cases")
    assert [path.name for path in (tmp_path / "cases").iterdir()] == ["a-cv-1.toml"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("a,b\n1,2\n", "no column"),
        (",".join(DRAFT) + "\n", "no asset"),
        ("\u202e,b\n", "cannot be seen"),
    ],
)
def test_what_is_no_register_is_a_sentence(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "in.csv").write_text(text, "utf-8")
    with pytest.raises(SokeError, match=words):
        import_register(tmp_path / "in.csv")


def test_a_name_that_a_spreadsheet_would_run_stays_the_same_name(tmp_path: Path) -> None:
    (row,) = through(tmp_path, {**MILL, "name": "=Mill"})
    assert row["name"] == "'=Mill"
    assert through(tmp_path / "again", row)[0]["name"] == "'=Mill"


@settings(max_examples=40, deadline=None)
@given(nominated=st.dates(D(2013, 1, 1), D(2020, 1, 1)), weeks=st.integers(0, 30), later=st.integers(0, 2_000))
def test_whatever_the_days_a_register_goes_through(
    tmp_path_factory: pytest.TempPathFactory, nominated: dt.date, weeks: int, later: int
) -> None:
    decided = nominated + dt.timedelta(weeks=weeks)
    row = {**MILL, "decision": "successful", "decision-date": decided.isoformat(),
           "nomination-date": nominated.isoformat(), "start-date": nominated.isoformat()}  # fmt: skip
    on = decided + dt.timedelta(days=later)
    (out,) = through(tmp_path_factory.mktemp("register"), row, on=on)
    ends = dt.date.fromisoformat(out["expiry-date"])
    assert (ends < on) == bool(out["end-date"]) and row.items() <= out.items()
