"""Ties, lots, withdrawn projects and invalid ballots through the command line, and what the page of a result says."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

TIED = """META
key;value
description;Elm ward
num_projects;4
num_votes;6
budget;100
vote_type;approval
rule;greedy
currency;GBP
PROJECTS
project_id;cost;votes;name;selected
1;60;4;Bench by the pond;1
2;40;2;Rack;1
3;40;2;Fruit trees;0
4;70;2;Ramp;0
VOTES
voter_id;vote
a;1,2
b;1,3
c;1,2
d;1,3
e;4
f;4
"""
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def elm(tmp_path: Path) -> Path:
    path = tmp_path / "elm.pb"
    path.write_text(TIED)
    return path


def test_a_tie_is_told_everywhere(soke: Run, elm: Path, tmp_path: Path) -> None:
    said = "A tie decided: 2 and 3 were equal (2 votes each), and the order of the file decided."
    status, out, _ = soke("budget", "count", elm, "--out", tmp_path / "r")
    assert status == 0 and f"Look at this: {said}" in " ".join(out.split())
    status, out, _ = soke("budget", "why", elm, "3")
    assert "It was equal to 2 (2 votes each), and the order of the file decided against it" in " ".join(out.split())
    status, out, _ = soke("budget", "audit", elm)
    assert status == 0 and said in " ".join(out.split()) and out.rstrip().endswith("Reproduced; a tie decided.")
    facts = json.loads(soke("budget", "audit", elm, "--json")[1])["facts"]
    assert facts["reproduced"] and facts["tie_decided"] and facts["ties"][0]["instead"] == ["3"]
    made = json.loads((tmp_path / "r" / "manifest.json").read_text())
    assert made["ties"][0]["tied"] == ["2", "3"] and made["ties"][0]["broken_by"] == ["file-order"]
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO((tmp_path / "r" / "why-not.csv").read_text()))}
    assert (rows["3"]["tied"], rows["4"]["tied"]) == ("yes", "no")
    page = (tmp_path / "r" / "result.html").read_text()
    assert "A tie decided: Rack and Fruit trees were equal (2 votes each)" in page.partition('id="funded"')[0]


def test_a_lot_decides_and_the_count_is_made_again_by_it(soke: Run, elm: Path, tmp_path: Path) -> None:
    lot = tmp_path / "lot.txt"
    lot.write_text("3\n2\n")
    status, out, _ = soke("budget", "count", elm, "--tie-order", lot, "--out", tmp_path / "r", "--json")
    assert status == 0 and [row["id"] for row in json.loads(out)["rows"]] == ["1", "3"]
    lot.unlink()
    for command in ("count", "audit"):
        status, out, _ = soke("budget", command, elm, "--manifest", tmp_path / "r" / "manifest.json")
        assert status == (command == "audit"), out  # the file publishes 2
    assert soke("budget", "audit", tmp_path / "r" / "outcome.pb")[0] == 0
    assert soke("budget", "audit", elm, "--tie-order", "3,2")[0] == 1
    elm.write_text(TIED.replace("Rack;1", "Rack;0").replace("trees;0", "trees;1"))
    status, out, _ = soke("budget", "audit", elm)
    assert status == 0 and "those of another order than that of the file" in " ".join(out.split())
    status, _, err = soke("budget", "count", elm, "--tie-order", "3,9")
    assert status == 2 and 'no project "9"' in err


def test_withdrawn_projects(soke: Run, elm: Path) -> None:
    status, out, _ = soke("budget", "count", elm, "--withdrawn", "1,2", "--rule", "greedy-stop", "--json")
    assert status == 0 and [row["id"] for row in json.loads(out)["rows"]] == ["3"]
    assert soke("budget", "audit", elm, "--withdrawn", "2")[0] == 1
    elm.write_text(TIED.replace("4;70;2", "4;999999999;2").replace("rule;greedy", "rule;greedy-no-skip"))
    status, out, _ = soke("budget", "audit", elm)
    assert status == 0 and "The cost of 4 is 999,999,999" in out and "withdrawn 4" in out


def test_invalid_ballots(soke: Run, elm: Path, tmp_path: Path) -> None:
    elm.write_text(TIED.replace("rule;greedy", "rule;greedy\nmax_sum_cost;90"))
    status, _, err = soke("budget", "count", elm)
    assert status == 2 and "elm.pb:19:1: This ballot chooses projects for 100.00" in err
    assert "The same on lines 20, 21 and 22." in err
    assert soke("budget", "why", elm, "3")[0] == 2
    status, out, _ = soke("budget", "audit", elm)
    assert status == 0 and "4 ballots break the limits that META says, and are counted as they stand" in out
    assert soke("budget", "audit", elm, "--invalid", "refuse")[0] == 2
    status, out, _ = soke("budget", "count", elm, "--invalid", "drop", "--out", tmp_path / "r", "--json")
    found = json.loads(out)
    assert status == 0 and found["facts"]["voters"] == 2
    assert found["facts"]["manifest"]["invalid_ballots"]["number"] == 4
    again = soke("budget", "count", elm, "--manifest", tmp_path / "r" / "manifest.json")
    assert again[0] == 0 and found["facts"]["manifest_sha256"] in again[1]
    assert soke("budget", "screen", elm)[0] == 0
    assert "Say keep, drop, refuse" in soke("budget", "count", elm, "--invalid", "maybe")[2]


def test_the_page_names_the_winners_and_speaks_of_pounds(soke: Run, elm: Path, tmp_path: Path) -> None:
    asked = ("--rule", "equal_shares", "--completion", "add1")
    assert soke("budget", "count", elm, *asked, "--out", tmp_path / "r")[0] == 0
    page = (tmp_path / "r" / "result.html").read_text()
    first, below = page.split('id="funded"', 1)
    assert "<li><span>Bench by the pond</span><strong>£60</strong></li>" in first
    assert "An equal share of the money is £16.66 a voter; it was raised on paper to £" in first
    assert "what is funded is still paid from the budget alone." in first
    losers = below.split('id="not-funded"', 1)[1].split('id="check"')[0]
    assert "chose Bench by the pond (2 of them)" in losers and "too little" in losers and "£" in losers
    assert "chose 1 (" not in losers
    assert "£" not in (tmp_path / "r" / "why-not.csv").read_text()
    elm.write_text(TIED.replace("currency;GBP", "currency;PLN"))
    assert soke("budget", "count", elm, "--out", tmp_path / "s")[0] == 0
    assert "<strong>60 PLN</strong>" in (tmp_path / "s" / "result.html").read_text()
    assert "An equal share" not in (tmp_path / "s" / "result.html").read_text()
