"""Piles of paper, codes of districts and codes that were not taken, on the command line."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from soke.community.voting.codes import new_code

Run = Callable[..., tuple[int, str, str]]
PAPER = """META
key;value
description;made up
budget;1000
vote_type;approval
num_projects;4
num_votes;0
min_length;1
max_length;2
PROJECTS
project_id;cost;name;district
1;500;Benches;North
2;600;Trees;South
3;400;Swings;
4;200;Lamps;North
VOTES
voter_id;vote
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, soke: Run) -> Path:
    """A folder with an open round whose projects are of districts, and codes of each."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "town.pb").write_text(PAPER)
    assert soke("round", "open", "t.box", "town.pb", "--name", "town-2026")[0] == 0
    for name, of in (("north", ("--district", "North")), ("south", ("--district", "south")), ("all", ())):
        asked = ("--count", 4, "--channel", "letter", "--out", f"{name}.csv")
        status, out, err = soke("round", "codes", "t.box", *asked, *of)
        assert (status, out) == (0, "") and ("any project of North and South" in err) == (name == "all")
    return tmp_path


def codes(folder: Path, name: str) -> list[str]:
    return [row["code"] for row in csv.DictReader((folder / f"{name}.csv").read_text().splitlines())]


def typed(folder: Path, *rows: tuple[str, str]) -> str:
    with (folder / "typed.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("code", "for"), *rows])
    return "typed.csv"


def status_of(soke: Run) -> dict[str, object]:
    found: dict[str, object] = json.loads(soke("round", "status", "t.box", "--json")[1])
    return found


@pytest.mark.parametrize(
    "dash", ["\u2013", "\u2014", "\u2011", "\u2212", "\u00ad", ".", "\u00b7", "\u201d", "\u00a0", "\u200b"]
)
def test_a_code_with_the_dashes_of_a_letter_is_taken(dash: str, folder: Path, soke: Run) -> None:
    code = codes(folder, "all")[0].replace("-", dash)
    assert soke("round", "cast", "t.box", "--code", f"\u201c{code}\u201d", "--for", "1")[0] == 0
    name = typed(folder, (codes(folder, "all")[1].replace("-", dash).lower(), "2"))
    assert soke("round", "cast", "t.box", "--file", name)[0] == 0


def test_a_pile_with_invalid_papers(folder: Path, soke: Run) -> None:
    first, second, third, fourth = codes(folder, "north")
    name = typed(folder, (first, "1,3"), (second, "1,3,4"), (third, ""), (fourth, "2"))
    status, out, err = soke("round", "cast", "t.box", "--file", name, "--second", name)
    assert (status, out) == (0, "") and err.startswith("Cast 1 ballot in town-2026.\n3 papers are invalid: received")
    assert "typed.csv:3:1: This ballot chooses 3 projects; 2 are allowed (max_length).\n" in err
    assert "typed.csv:4:1: This ballot chooses 0 projects; at least 1 are needed (min_length).\n" in err
    assert "typed.csv:5:1: This code is of North, and project 2 is of South.\n" in err
    assert first not in err and second not in err
    status, out, err = soke("round", "cast", "t.box", "--code", second, "--for", "1")
    assert (status, out) == (2, "") and "received already, and is invalid" in err and "soke round spoil" in err
    said = status_of(soke)
    assert said["facts"] == {
        "round": "town-2026", "state": "open", "ballots": 1, "adds_up": True, "invalid_replaced": 0,
        "invalid_reasons": {"too_many": 1, "too_few": 1, "district": 1},
    }  # fmt: skip
    out = soke("round", "status", "t.box")[1]
    assert "= cast 1 + invalid 3 + spoiled 0 + unused 8." in out
    assert "not counted: 1 paper with too many projects, 1 paper with too few projects and 1 paper with" in out
    assert soke("round", "spoil", "t.box", "--code", second, "--out", "new.csv")[0] == 0
    assert soke("round", "cast", "t.box", "--code", codes(folder, "new")[0], "--for", "1")[0] == 0
    assert "For 1 of them another code was given." in " ".join(soke("round", "status", "t.box")[1].split())
    assert soke("round", "close", "t.box", "--out", "result")[0] == 0
    assert soke("round", "verify", "result", "--key", "t.box.key.pub")[0] == 0
    counts = json.loads((folder / "result" / "reconciliation.json").read_text())
    assert counts["invalid_reasons"] == {"too_many": 1, "too_few": 1, "district": 1} and counts["invalid_replaced"] == 1


def test_a_paper_typed_by_one_voter_is_refused_and_the_code_stays_good(folder: Path, soke: Run) -> None:
    code = codes(folder, "north")[0]
    for chosen in ("1,3,4", "", "1,1", "9", "2"):
        status, out, err = soke("round", "cast", "t.box", "--code", code, "--for", chosen)
        assert (status, out) == (2, "") and "Nothing was cast: correct the ballot." in err
    assert soke("round", "cast", "t.box", "--code", code, "--for", "1")[0] == 0


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("roll.csv", ",North\n", ",South\n", "was cast with a code of South, and chooses 1, of another."),
        ("roll.csv", ",1,,North\n", ",3,,West\n", "was cast with a code of West, and no project is of that district."),
        ("roll.csv", ",North\n", ",\n", "roll.csv holds 0 ballots of North, and reconciliation.json says 1."),
        ("reconciliation.json", '"district": "North"', '"district": "Nord"', "and reconciliation.json says 1."),
        ("reconciliation.json", '"invalid": 1', '"invalid": 2', "Its row of all channels is not their sum."),
        ("reconciliation.json", '"too_many": 1', '"too_many": 2', "1 papers are invalid, and 2 have a reason."),
        ("reconciliation.json", '"too_many": 1', '"too_sad": 1', "reconciliation.json cannot be read"),
    ],
)
def test_what_is_changed_about_districts_and_invalid_papers_is_told(
    name: str, old: str, new: str, said: str, folder: Path, soke: Run
) -> None:
    rows = [
        *zip(codes(folder, "north"), ("1", "1,3,4"), strict=False),
        *zip(codes(folder, "south"), ("2",), strict=False),
    ]
    assert soke("round", "cast", "t.box", "--file", typed(folder, *rows))[0] == 0
    assert soke("round", "close", "t.box", "--out", "result")[0] == 0
    path = folder / "result" / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    status, out, _ = soke("round", "verify", "result", "--key", "t.box.key.pub")
    assert status == 1 and said in out, out


def test_what_was_published_before_papers_could_be_invalid_is_verified_still(folder: Path, soke: Run) -> None:
    """A reconciliation without the newer keys reads as one with none of them."""
    from soke.community.voting.reconciliation import read_reconciliation  # noqa: PLC0415

    row = {"channel": "letter", "issued": 31, "cast": 8, "spoiled": 1, "unused": 22, "turnout_percent": 26.7}
    old = {"round": "elm", "ballots": 8, "adds_up": True, "rows": [row]}
    name, found = read_reconciliation(json.dumps(old).encode(), "r.json")
    assert name == "elm" and found.faults() == () and found.total.invalid == 0


def test_codes_that_were_not_taken_are_shown_by_number_kind_and_hour(folder: Path, soke: Run) -> None:
    used = codes(folder, "all")[0]
    assert soke("round", "cast", "t.box", "--code", used, "--for", "1")[0] == 0
    assert "Codes tried" not in soke("round", "status", "t.box")[1]
    for code in (used, new_code(), new_code(), used[:-1]):
        assert soke("round", "cast", "t.box", "--code", code, "--for", "1")[0] == 2
    tables = status_of(soke)["tables"]
    assert isinstance(tables, dict)
    rows = tables["codes_tried"]["rows"]
    assert {row["kind"]: row["times"] for row in rows} == {"used": 1, "unknown": 2, "mistyped": 1}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d", row["hour"]) for row in rows)
    out = " ".join(soke("round", "status", "t.box")[1].split())
    assert "Codes tried and not taken: 1 mistyped, 2 not of this round and 1 used before; the last on" in out
