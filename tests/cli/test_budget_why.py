"""``soke budget why``, and the options of a rule: what they print, their exit status, and what they refuse."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from soke.cli.budget.rule import read_rule
from soke.errors import SokeError

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
    assert status == 0 and told["winners"] == ["a", "c"]
    assert [(row["id"], row["more_votes"], row["won"]) for row in told["rows"]] == [("b", 2, "no"), ("d", 3, "no")]
    assert {one["name"]: one["passes"] for one in told["checks"]} == {
        "EJR+ up to one project": True,
        "Priceability": False,
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


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"rule": "luck"}, 'There is no rule "luck". The rules: equal_shares, greedy,'),
        ({"rule": "greedy", "stop": "overshoot"}, "--stop is nothing that greedy reads."),
        ({"part_funding": "80%"}, "--part-funding is nothing that equal_shares reads."),
        ({"rule": "phragmen", "comparison": True}, "--comparison is nothing that phragmen reads."),
        ({"increment": "0"}, '--increment is "0", not above zero.'),
        ({"increment": "1e400"}, "not an amount such as 250 or 0.50"),
        ({"increment": "nan"}, "not an amount"),
        ({"start": "-5"}, "not an amount"),
        ({"start": "9999999999999999"}, "not an amount"),
        ({"least_share": "101%"}, "not a share such as 5%"),
        ({"least_share": "1/0"}, "not a share such as 5%"),
        ({"least_votes": "²"}, "not a whole number"),
        ({"ties": "id,luck"}, "not one of more-votes, lower-cost"),
        ({"conflicts": ["a"]}, "not two ids or more"),
        ({"districts": ["north"]}, "not NAME=AMOUNT"),
        ({"districts": ["north=1", "north=2"]}, 'names "north" twice'),
        ({"points": "3;2"}, "not a whole number"),
        ({"completion": "add2"}, "not one of none, add1"),
    ],
)
def test_options_that_cannot_be_read(asked: dict[str, object], said: str) -> None:
    with pytest.raises(SokeError, match=re.escape(said)):
        read_rule(asked)


def test_options_that_can(tmp_path: Path) -> None:
    read = read_rule({"rule": "equal-shares", "start": "0.5", "least_share": "2.5%", "conflicts": ["a, b", "c,d"],
                      "districts": ["old town=12.30"], "ties": "id, file-order", "points": "3,1"})  # fmt: skip
    assert (read.rule, read.start, read.least_share, read.points) == ("equal_shares", 50, Fraction(1, 40), (3, 1))
    assert read.conflicts == (frozenset("ab"), frozenset("cd")) and read.districts == {"old town": 1230}
    assert read.ties == ("id", "file-order")
    assert read_rule({"rule": "greedy", "part_funding": "4/5"}).part_funding == Fraction(4, 5)


@pytest.mark.parametrize("content", [b"\xff", b"[" * 10**5, b"{}", b"[]", b'{"rule": {}}', b"1" * 10**5])
def test_a_manifest_that_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.json").write_bytes(content)
    with pytest.raises(SokeError, match="manifest"):
        read_rule({"manifest": tmp_path / "bad.json"})
