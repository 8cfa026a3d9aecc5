"""``soke budget count`` and ``audit``: what they print and write, their exit status, and what they refuse."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

ELM = """META
key;value
description;Elm Road
num_projects;4
num_votes;5
budget;170
vote_type;approval
rule;greedy
currency;GBP
PROJECTS
project_id;cost;name;votes;selected
a;100;Swings;4;1
b;70;Trees;3;1
c;50;"=cmd|' /C calc'!A0";2;0
d;40;Lamp;0;0
VOTES
voter_id;vote;age
1;a,b;30
2;a,b;200
3;a,b,c;41
4;a;30
5;c;30
"""
FILES = ("outcome.pb", "ledger.csv", "why-not.csv", "result.html", "winners.csv")
SHARES = ("--completion", "add1", "--stop", "exhaustive")  # a and c; greedy: a and b
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def elm(tmp_path: Path) -> Path:
    path = tmp_path / "elm.pb"
    path.write_text(ELM)
    return path


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text())))


class TestCount:
    def test_winners_money_voters_and_greedy(self, soke: Run, elm: Path) -> None:
        status, out, err = soke("budget", "count", elm, *SHARES)
        assert (status, err) == (0, "")
        for said in (
            "Elm Road: equal_shares",
            "Rule as counted: equal_shares; satisfaction cost; completion add1, in steps of 1; stop exhaustive; ties "
            "more-votes, lower-cost, file-order.",
            "Every voter's share was raised 4 times, by 1 each, until nothing more fitted the money that was left.",
            "2 projects for 150 of 170; 20 is left.", "Every voter had 38 to spend.",
            "Of 5 voters, 0.0% see no project funded that they chose",
            "Greedy by votes would fund 2 projects for 170", "Only here: c. Only under greedy: b.",
            "Look at this: 1 ballot with an age that nobody has (200).", "Manifest: ",
        ):  # fmt: skip
            assert said in out, out

    def test_the_same_as_json_and_csv(self, soke: Run, elm: Path) -> None:
        found = json.loads(soke("budget", "count", elm, "--rule", "greedy", "--json")[1])
        assert [row["id"] for row in found["rows"]] == ["a", "b"]
        facts = found["facts"]
        assert (facts["total_hundredths"], facts["voters"], facts["voters_by_winners_chosen"]) == (17_000, 5, [1, 1, 3])
        assert facts["manifest"]["rule"]["rule"] == "greedy" and facts["manifest_sha256"] in found["notes"][-1]
        rows = list(csv.DictReader(io.StringIO(soke("budget", "count", elm, "--rule", "greedy", "--csv")[1])))
        assert [(row["id"], row["cost_hundredths"], row["votes"]) for row in rows] == [
            ("a", "10000", "4"), ("b", "7000", "3"),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("options", "winners"),
        [
            ((), "ab"),
            (("--completion", "none"), "a"),
            (SHARES, "ac"),
            (("--completion", "add1"), "ab"),
            (("--rule", "equal-shares", "--satisfaction", "cardinality", "--completion", "none"), "b"),
            (("--rule", "phragmen"), "bc"),
            (("--rule", "greedy_stop"), "ab"),
            (("--rule", "greedy", "--conflict", "a,b"), "ac"),
            (("--rule", "greedy", "--least-votes", "4"), "a"),
            (("--rule", "greedy", "--least-share", "80%"), "a"),
            (("--rule", "greedy-cost", "--ties", "id"), "ba"),
        ],
    )
    def test_rules(self, soke: Run, elm: Path, options: tuple[str, ...], winners: str) -> None:
        status, out, _ = soke("budget", "count", elm, *options, "--json")
        assert status == 0 and "".join(row["id"] for row in json.loads(out)["rows"]) == winners

    def test_a_folder_that_others_can_check(self, soke: Run, elm: Path, tmp_path: Path) -> None:
        out = tmp_path / "result"
        status, printed, err = soke("budget", "count", elm, *SHARES, "--out", out)
        assert status == 0 and f"Wrote {', '.join(FILES)}, manifest.json in" in err
        assert {path.name for path in out.iterdir()} == {*FILES, "manifest.json"}
        for more in (("--out", out), ("--commands", out / "manifest.json", "--round", "x")):
            status, _, err = soke("budget", "count", out / "outcome.pb", "--manifest", out / "manifest.json", *more)
            assert (status, "a file that this command reads" in err) == (2, True), err
            assert (out / "manifest.json").exists()
        ledger = table(out / "ledger.csv")
        assert {row["project"] for row in ledger} == {"a", "c"}
        assert sum(round(float(row["hundredths_paid"])) for row in ledger if row["project"] == "c") == 5_000
        reasons = {row["id"]: row for row in table(out / "why-not.csv")}
        assert set(reasons) == {"b", "d"} and reasons["b"]["cost_hundredths"] == "7000"

        again, _, _ = soke("budget", "count", elm, "--manifest", out / "manifest.json")
        audited = soke("budget", "audit", out / "outcome.pb")
        assert again == 0 and audited[0] == 0 and "Reproduced." in audited[1]
        assert soke("budget", "audit", elm, "--manifest", out / "manifest.json")[0] == 1  # published: greedy

        changed = json.loads((out / "manifest.json").read_text())
        changed["outcome"]["winners"] = ["a", "b"]
        (out / "manifest.json").write_text(json.dumps(changed))
        status, printed, _ = soke("budget", "count", elm, "--manifest", out / "manifest.json")
        assert status == 1 and "The outcome is not the manifest's: winners is" in printed

    def test_the_rule_on_the_paper_is_the_rule(self, soke: Run, elm: Path, tmp_path: Path) -> None:
        elm.write_text(ELM.replace("rule;greedy", "rule;greedy-threshold\nmin_project_score_threshold;4"))

        def counted(*options: object) -> tuple[str, str]:
            status, out, _ = soke("budget", "count", elm, *options, "--json")
            found = json.loads(out)
            assert status == 0
            return "".join(row["id"] for row in found["rows"]), " ".join(found["notes"])

        winners, said = counted()
        assert winners == "a" and "at least 4 points; ties file-order. META names this rule." in said
        winners, said = counted("--rule", "greedy", "--out", tmp_path / "r")
        assert winners == "a" and "META says at least 4 points: that holds here too." in said
        made = json.loads((tmp_path / "r" / "manifest.json").read_text())
        assert made["notes"] == ["META says at least 4 points: that holds here too."]
        assert soke("budget", "audit", tmp_path / "r" / "outcome.pb")[0] == 0
        winners, said = counted("--least-score", "3")
        assert winners == "ab" and "Look at this: META says another rule, greedy; at least 4 points" in said
        winners, said = counted(*SHARES, "--out", tmp_path / "s")
        assert winners == "a" and "Look at this: META says another rule, greedy" in said
        made = json.loads((tmp_path / "s" / "manifest.json").read_text())
        assert any("META says another rule, greedy" in one for one in made["notes"])
        assert "Look at this" in (tmp_path / "s" / "result.html").read_text()
        said = " ".join(soke("budget", "why", elm, "b")[1].split())
        assert "at least 4 points; ties file-order. META names this rule." in said
        assert "NOT REPRODUCED." in soke("budget", "audit", elm, "--rule", "greedy")[1]  # b is marked, and has three
        elm.write_text(ELM.replace("rule;greedy", "rule;lottery"))
        winners, said = counted()
        assert winners == "ab" and 'not known here: "lottery": equal shares with add1 is counted then.' in said

    def test_what_a_count_writes_says_nothing_of_the_voters(self, soke: Run, elm: Path, tmp_path: Path) -> None:
        assert soke("budget", "count", elm, "--out", tmp_path / "r")[0] == 0
        assert (tmp_path / "r" / "outcome.pb").read_text().split("VOTES\n")[1].startswith("voter_id;vote\n1;a,b\n")
        manifest = tmp_path / "r" / "manifest.json"
        status, out, _ = soke("budget", "count", tmp_path / "r" / "outcome.pb", "--manifest", manifest)
        assert status == 0 and "byte for byte" in out and "is not the manifest's" not in out

    def test_nothing_runs_in_a_spreadsheet(self, soke: Run, elm: Path, tmp_path: Path) -> None:
        soke("budget", "count", elm, "--rule", "greedy", "--out", tmp_path / "result")
        rows = table(tmp_path / "result" / "why-not.csv")
        assert [row["name"][0] for row in rows] == ["'", "L"]

    @pytest.mark.parametrize("rule", [SHARES, ("--rule", "greedy"), ("--rule", "phragmen")])
    def test_the_page(self, soke: Run, elm: Path, tmp_path: Path, rule: tuple[str, ...]) -> None:
        elm.write_text(ELM.replace("Swings", "<u>Swings</u> \u202eevil").replace("description;", "description;<i>"))
        assert soke("budget", "count", elm, *rule, "--out", tmp_path / "result")[0] == 0
        page = (tmp_path / "result" / "result.html").read_text()
        assert "<u>" not in page and "<i>" not in page and "\u202e" not in page and "&lt;u&gt;" in page
        assert "votes, costs " not in page  # the table says it beside the reason
        for said in ("What is funded, and why", "What is not funded, and why", "Of £170", "How to check it"):
            assert said in page
        made = json.loads((tmp_path / "result" / "manifest.json").read_text())
        assert made["ballots"]["election_sha256"] in page
        places = [page.index(f'<th scope="row">{one}</th>') for one in made["outcome"]["winners"]]
        assert places == sorted(places) < [page.index('id="not-funded"')]

    def test_a_decision_for_the_register(self, soke: Run, elm: Path, tmp_path: Path) -> None:
        path = tmp_path / "commands.jsonl"
        asked = ["budget", "count", elm, *SHARES, "--commands", path, "--deal", "elm", "--as", "elm-community"]
        asked += ["--by", "Ann Ash"]
        assert soke(*asked, "--round", "spring", "--eligible", "40")[0] == 0
        (line,) = path.read_text().splitlines()
        found = json.loads(line)
        assert (found["kind"], found["role"], found["person"]) == ("round.decided", "elm-community", "Ann Ash")
        body = found["body"]
        assert (body["round"], body["pence"], body["ballots"], body["eligible"]) == ("spring", 15_000, 5, 40)
        assert body["result"] == "2 projects for 150: a, c." and len(body["manifest"]) == 64
        for more, said in (
            ((), "--round is missing"),
            (("--round", "spring", "--eligible", "4"), "--eligible is 4, and 5 voted."),
            (("--round", "Not an id"), "round"),
        ):
            path.unlink(missing_ok=True)
            status, _, err = soke(*asked, *more)
            assert status == 2 and said in err and not path.exists()
        status, _, err = soke(*asked, "--round", "spring", "--out", elm)
        assert status == 2 and not path.exists()  # no decision where its result could not be written
        asked[3:6] = ["--rule", "greedy", "--part-funding"]
        elm.write_text(ELM.replace("budget;170", "budget;160"))
        assert soke(*asked[:6], "80%", *asked[7:], "--round", "spring")[0] == 0
        body = json.loads(path.read_text())["body"]
        assert body["pence"] == 16_000 and "ballots" not in body
        said = "A reserve pays 10 of it, beyond what the round had to decide."
        assert body["result"] == f"2 projects for 170: a, b. {said}"
        asked[3:7] = SHARES
        elm.write_text(ELM.replace("GBP", "EUR"))
        assert "The register is in pence" in soke(*asked, "--round", "spring")[2]

    def test_districts(self, soke: Run, tmp_path: Path) -> None:
        path = tmp_path / "two.pb"
        path.write_text(
            ELM.replace("name;votes", "district;votes").replace("Swings", "North").replace("Trees", "North")
            .replace("\"=cmd|' /C calc'!A0\"", "").replace("Lamp", "")
        )  # fmt: skip
        status, out, _ = soke("budget", "count", path, "--rule", "greedy", "--district", "North=100")
        assert status == 0 and "Pot of North: 4 votes; it costs 100 of the 100 that was left." in out
        assert "Pot of city-wide: 70, 2 ballots, 1 winner for 50" in out
        status, _, err = soke("budget", "count", path, "--rule", "greedy", "--district", "South=100")
        assert status == 2 and "no project is in that district" in err

    def test_ranked_ballots_need_points(self, soke: Run, elm: Path) -> None:
        elm.write_text(ELM.replace("approval", "ordinal"))
        status, _, err = soke("budget", "count", elm)
        assert status == 2 and "--points 3,2,1" in err
        assert soke("budget", "count", elm, "--rule", "greedy", "--points", "3,2,1")[0] == 0
        elm.write_text(ELM.replace("approval", "ordinal").replace("votes;selected", "score;selected")
                       .replace("Swings;4;", "Swings;12;").replace("Trees;3;", "Trees;6;")
                       .replace("A0\";2;", "A0\";4;"))  # fmt: skip
        assert "worked out from the scores of the file: 3,2,1." in soke("budget", "count", elm, "--rule", "greedy")[1]


class TestAudit:
    def test_what_is_right(self, soke: Run, elm: Path) -> None:
        status, out, err = soke("budget", "audit", elm)
        assert (status, err) == (0, "")
        assert "Votes and points: 4 published figures, all as counted here." in out
        assert out.rstrip().endswith("Reproduced.") and "NOT" not in out

    @pytest.mark.parametrize(
        ("old", "new", "id", "what", "published", "here"),
        [
            ("Trees;3;1", "Trees;3;0", "b", "funded", "no", "yes"),
            ("Lamp;0;0", "Lamp;0;1", "d", "funded", "yes", "no"),
            ("Swings;4;", "Swings;5;", "a", "votes", "5", "4"),
            ("4;a;30", "4;d;30", "a", "votes", "4", "3"),
        ],
    )
    def test_what_was_altered(
        self, soke: Run, elm: Path, old: str, new: str, id: str, what: str, published: str, here: str
    ) -> None:
        assert old in ELM
        elm.write_text(ELM.replace(old, new))
        status, out, _ = soke("budget", "audit", elm)
        assert status == 1 and "NOT REPRODUCED." in out
        status, out, _ = soke("budget", "audit", elm, "--json")
        found = json.loads(out)
        assert status == 1 and found["facts"]["reproduced"] is False
        row = {"id": id, "what": what, "published": published, "here": here}
        assert any(row.items() <= one.items() for one in found["rows"])
        assert soke("budget", "audit", elm, "--csv")[0] == 1

    def test_a_rule_that_meta_does_not_name(self, soke: Run, elm: Path) -> None:
        elm.write_text(ELM.replace("rule;greedy", "rule;unknown"))
        status, out, _ = soke("budget", "audit", elm)
        assert status == 1 and "The winners were not compared. META names no rule" in out
        assert "CANNOT BE REPRODUCED: the file says who won and not, or not wholly, by which rule." in out
        assert soke("budget", "audit", elm, "--rule", "greedy")[0] == 0
        counted = soke("budget", "count", elm, "--rule", "equal_shares")[1]
        assert soke("budget", "audit", elm, "--rule", "equal_shares")[0] == 0  # by the same rule as count takes
        assert "completion add1" in counted
        assert soke("budget", "audit", elm, "--rule", "phragmen")[0] == 1
        assert soke("budget", "audit", elm, "--rule", "greedy", "--conflict", "a,b")[0] == 1

    def test_a_manifest_is_compared_whole(self, soke: Run, elm: Path, tmp_path: Path) -> None:
        assert soke("budget", "count", elm, "--out", tmp_path)[0] == 0
        published, manifest = tmp_path / "outcome.pb", tmp_path / "manifest.json"
        status, out, _ = soke("budget", "audit", published, "--manifest", manifest)
        assert status == 0 and "Rule, ballots and winners are the manifest's." in out and "byte for byte" in out
        text = published.read_text()
        for old, new in (("budget;170", "budget;171"), ("Trees", "Pub of the mayor"), ("1;a,b", "1;b,a,c")):
            assert old in text
            published.write_text(text.replace(old, new, 1))
            status, out, _ = soke("budget", "audit", published, "--manifest", manifest)
            assert status == 1 and "The ballots are not the manifest's: election_sha256" in out, old
            assert out.rstrip().endswith("NOT REPRODUCED.")

    def test_a_rule_that_was_smuggled_in(self, soke: Run, elm: Path, tmp_path: Path) -> None:
        assert soke("budget", "count", elm, "--conflict", "a,b", "--out", tmp_path)[0] == 0
        published = tmp_path / "outcome.pb"
        status, out, _ = soke("budget", "audit", published)
        assert status == 0 and "Rule as counted: greedy; one at most of a, b; ties" in out and "Reproduced." in out
        published.write_text(published.read_text().replace("rule;greedy-custom", "rule;greedy"))
        status, out, _ = soke("budget", "audit", published)
        assert status == 1 and "NOT REPRODUCED." in out
        assert "META names the rule greedy, and its soke_rule says another: greedy; one at most of a, b;" in out
        assert "Say which rule it is" in soke("budget", "count", published)[2]

    def test_nothing_published(self, soke: Run, elm: Path) -> None:
        elm.write_text(ELM.replace(";votes;selected", ";x;y"))
        status, out, _ = soke("budget", "audit", elm)
        assert status == 0 and "Nothing to compare with" in out and "reproduced" not in out.lower()

    @pytest.mark.parametrize(
        "name",
        ["Netherlands_Assen_2024.pb", "Poland_Krakow_2022_Czyzyny.pb",
         "Poland_Poznan_2024_3_-_Piatkowo_Polnoc_Piatkowo__large.pb"],
    )  # fmt: skip
    def test_published_files_and_altered_copies(self, soke: Run, source_dir: Path, tmp_path: Path, name: str) -> None:
        path = source_dir / "community" / "pb" / name
        status, out, _ = soke("budget", "audit", path)
        said = "Reproduced; a tie decided." if "Czyzyny" in name else "Reproduced."
        assert status == 0 and out.rstrip().endswith(said)
        head, projects, votes = _sections(path.read_bytes().decode())
        column = projects[1].strip().split(";").index("selected")
        for number, row in enumerate(projects[2:], 2):
            cells = row.rstrip("\r\n").split(";")
            if '"' not in row and cells[column] == "0":
                cells[column] = "1"
                projects[number] = ";".join(cells) + "\n"
                break
        copy = tmp_path / "altered.pb"
        copy.write_text("".join([*head, *projects, *votes]), newline="")
        status, out, _ = soke("budget", "audit", copy)
        assert status == 1 and cells[0] in out


def _sections(text: str) -> tuple[list[str], list[str], list[str]]:
    lines = text.splitlines(keepends=True)
    names = [line.strip() for line in lines]
    first, second = names.index("PROJECTS"), names.index("VOTES")
    return lines[:first], lines[first:second], lines[second:]


class TestRefused:
    @pytest.mark.parametrize("command", ["count", "audit"])
    def test_files_that_are_none(self, soke: Run, tmp_path: Path, command: str) -> None:
        os.mkfifo(tmp_path / "pipe.pb")
        (tmp_path / "bytes.pb").write_bytes(os.urandom(2_000))
        (tmp_path / "empty.pb").write_bytes(b"")
        (tmp_path / "steer\x1b[2J\u202e.pb").write_text("META\n")
        for name in ("", "none.pb", "pipe.pb", "bytes.pb", "empty.pb", "steer\x1b[2J\u202e.pb"):
            status, out, err = soke("budget", command, tmp_path / name)
            assert (status, out) == (2, "") and err.startswith("soke: ") and "\x1b" not in err and "\u202e" not in err

    @pytest.mark.parametrize(
        "options",
        [
            ("--rule", "best"), ("--completion", "add2"), ("--increment", "0"), ("--increment", "nan"),
            ("--least-share", "200%"), ("--least-votes", "-1"), ("--conflict", "a"), ("--points", "3,2,1"),
            ("--rule", "greedy", "--completion", "add1"), ("--manifest", "/dev/null"), ("--json", "--csv"),
            ("--district", "North"), ("--start", "1e400"), ("--round", "spring"),
        ],
    )  # fmt: skip
    def test_options(self, soke: Run, elm: Path, tmp_path: Path, options: tuple[str, ...]) -> None:
        status, out, err = soke("budget", "count", elm, *options, "--out", tmp_path / "result")
        assert status == 2 and out == "" and err.startswith("soke: ")
        assert not (tmp_path / "result").exists()

    def test_a_folder_that_cannot_be_written(self, soke: Run, elm: Path) -> None:
        status, out, err = soke("budget", "count", elm, "--out", elm)
        assert (status, out) == (2, "") and "elm.pb" in err

    def test_names_that_steer_a_terminal(self, soke: Run, elm: Path) -> None:
        elm.write_text(ELM.replace("Swings", "Swi\x1b[2Jngs \u202eevil [bold]x[/bold]").replace("Elm Road", "Elm\x07"))
        for command in ("count", "audit"):
            status, out, _ = soke("budget", command, elm)
            assert status == 0 and not {"\x1b", "\u202e", "\x07"} & set(out)
        assert "[bold]" in soke("budget", "count", elm)[1]
