"""``soke budget why``: what it prints, its exit status, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

PARK = """META
key;value
description;Park Street
num_projects;4
num_votes;5
budget;100
vote_type;approval
PROJECTS
project_id;cost;name
a;60;Swings
b;40;[red]Trees
c;30;=cmd
d;90;Pond
VOTES
voter_id;vote
1;a
2;a
3;a,d
4;b,c
5;c
"""
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def park(tmp_path: Path) -> Path:
    path = tmp_path / "park.pb"
    path.write_text(PARK)
    return path


def test_a_loser_a_winner_and_the_two_checks(soke: Run, park: Path) -> None:
    status, out, err = soke("budget", "why", park, "b", "a", "--completion", "none")
    assert (status, err) == (0, "")
    said = " ".join(out.split())
    assert "[red]Trees b: 1 vote, costs 40. Its 1 supporter had 5 of their 20 left at the end, 35 too little." in said
    assert "Of the winners its supporters also chose c (1 of them); all of them got something." in said
    assert "Swings a: 3 votes, costs 60. It won. 3 supporters paid the 60 between them, at most 20 each." in said
    assert "EJR+ up to one project: yes." in said and "Priceability: yes. With 20 each" in said


def test_greedy_and_who_was_left_out(soke: Run, park: Path) -> None:
    status, out, _ = soke("budget", "why", park, "--all", "--rule", "greedy", "--json")
    told = json.loads(out)
    assert status == 0 and told["facts"]["winners"] == ["a", "c"]
    assert [(row["id"], row["more_votes"], row["won"]) for row in told["rows"]] == [("b", 2, "no"), ("d", 3, "no")]
    assert {check["name"]: check["passes"] for check in told["tables"]["budget_checks"]["rows"]} == {
        "EJR+ up to one project": "yes",
        "Priceability": "no",
    }
    status, out, _ = soke("budget", "why", park, "--all", "--rule", "greedy", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["short_hundredths"] for row in rows] == ["3000", "8000"] and rows[0]["wins_at_hundredths"] == ""


def test_the_manifest_of_a_count_is_the_rule(soke: Run, park: Path, tmp_path: Path) -> None:
    asked = ("--completion", "add1", "--increment", "0.50", "--stop", "exhaustive", "--least-share", "20%")
    assert soke("budget", "count", park, "--out", tmp_path / "out", *asked)[0] == 0
    manifest = tmp_path / "out" / "manifest.json"
    status, plain, _ = soke("budget", "why", park, "--all", *asked)
    assert status == 0
    assert soke("budget", "why", park, "--all", "--manifest", manifest) == (0, plain, "")
    made = json.loads(manifest.read_text())
    assert made["rule"]["increment"] == 50 and made["rule"]["least_share"] == "1/5"
    made["outcome"]["winners"] = ["b"]
    manifest.write_text(json.dumps(made))
    status, out, _ = soke("budget", "why", park, "b", "--manifest", manifest)
    assert status == 1 and 'The outcome is not the manifest\'s: winners is ["b"] there' in " ".join(out.split())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "Name projects by their ids, or --all."),
        (("a", "--all"), "Name projects by their ids, or --all."),
        (("zebra",), 'There is no project "zebra".'),
        (("a", "--manifest", "no.json"), "There is no such file."),
        (("a", "--manifest", "park.pb"), "This is not a manifest: it is not JSON."),
        (("a", "--manifest", "park.pb", "--rule", "greedy"), "--rule and --manifest cannot be given together."),
        (("a", "--json", "--csv"), "--json and --csv cannot be asked for together."),
    ],
)
def test_what_is_refused(
    soke: Run, park: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(park.parent)
    status, out, err = soke("budget", "why", "park.pb", *options)
    assert (status, out) == (2, "") and said in err
