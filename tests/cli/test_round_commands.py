"""``soke round`` and ``soke budget screen`` on the command line: each refusal is a sentence, and nothing is counted."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from soke.community.budgets.pb import read_election
from soke.community.voting.codes import new_code

SRC = Path(__file__).parents[2] / "src"
Run = Callable[..., tuple[int, str, str]]
PAPER = """META
key;value
description;made up
budget;1000
vote_type;approval
num_projects;4
num_votes;0
max_length;2
PROJECTS
project_id;cost;name
1;500;Benches
2;600;Trees
3;400;Swings
4;200;=cmd() and \u202ebidi
VOTES
voter_id;vote
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, soke: Run) -> Path:
    """A folder with an open round, and three codes in letters.csv."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "elm.pb").write_text(PAPER)
    status, out, err = soke("round", "open", "elm.box", "elm.pb", "--name", "elm-ward-2026")
    assert (status, out) == (0, "") and "4 projects" in err
    status, out, err = soke("round", "codes", "elm.box", "--count", 3, "--channel", "letter", "--out", "letters.csv")
    assert (status, out) == (0, "") and "Issued 3 codes by letter" in err
    return tmp_path


def codes(folder: Path, name: str = "letters.csv") -> list[str]:
    return [row["code"] for row in csv.DictReader((folder / name).read_text().splitlines())]


def cast(soke: Run, *args: object) -> tuple[int, str, str]:
    return soke("round", "cast", "elm.box", *args)


def verify(soke: Run, *args: object) -> tuple[int, str, str]:
    return soke("round", "verify", "result", *args)


def channel(soke: Run, *args: object) -> dict[str, object]:
    status, out, _ = soke("round", "status", "elm.box", "--json", *args)
    assert status == 0
    rows: list[dict[str, object]] = json.loads(out)["rows"]
    return rows[-1]


class TestRound:
    def test_from_opening_to_a_receipt_that_is_found(self, folder: Path, soke: Run) -> None:
        assert (folder / "letters.csv").stat().st_mode & 0o777 == 0o600
        first, second, third = codes(folder)
        status, receipt, err = cast(soke, "--code", first.lower(), "--for", "3,1")
        assert status == 0 and "Cast in elm-ward-2026" in err and first not in receipt
        (folder / "mine.txt").write_text(receipt)
        status, out, err = soke("round", "spoil", "elm.box", "--code", second, "--out", "new.csv")
        assert (status, out) == (0, "") and "new.csv" in err and (folder / "new.csv").stat().st_mode & 0o777 == 0o600
        (fresh,) = codes(folder, "new.csv")
        (folder / "table.csv").write_text(f"code,for\n{fresh},2\n{third},\n")
        status, _, err = cast(soke, "--file", "table.csv", "--second", "table.csv")
        assert status == 0 and "Destroy table.csv and table.csv now" in err
        status, out, err = soke("round", "close", "elm.box", "--out", "result", "--json")
        assert status == 0 and "3 ballots" in err
        assert json.loads(out)["rows"] == [
            {
                "channel": "letter",
                "issued": 4,
                "cast": 3,
                "invalid": 0,
                "spoiled": 1,
                "unused": 0,
                "turnout_percent": 100.0,
            }
        ]
        made = {one.name for one in (folder / "result").iterdir()}
        assert made == {"roll.csv", "round.pb", "reconciliation.json", "round.pub", "statement.txt"}
        election = read_election(folder / "result" / "round.pb")
        assert sorted(election.ballots.chosen.tolist()) == [0, 1, 2] and len(election.ballots) == 3
        assert list(election.ballots.voters) == sorted(election.ballots.voters)
        for key in ((), ("--key", "elm.box.key.pub")):
            status, out, err = soke("round", "find", "mine.txt", "result/roll.csv", *key)
            assert status == 0 and out.startswith("FOUND AS CAST") and ("beside" in err) == (key == ())
        before = {one: (folder / "result" / one).read_bytes() for one in made}
        assert soke("round", "close", "elm.box", "--out", "result")[0] == 0  # again: the same files
        assert {one: (folder / "result" / one).read_bytes() for one in made} == before

    def test_a_code_from_a_file_or_from_standard_input(
        self, folder: Path, soke: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second, third = codes(folder)
        (folder / "code.txt").write_text(f"{first}\n")
        assert cast(soke, "--code", "@code.txt", "--for", "1")[0] == 0
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{second}\n"))
        assert cast(soke, "--code", "-", "--for", "")[0] == 0
        assert cast(soke, "--code", "@nothing.txt", "--for", "1")[0] == 2
        (folder / "code.txt").write_text(f"{third}\n")
        assert soke("round", "spoil", "elm.box", "--code", "@code.txt", "--no-replacement")[1] == ""
        assert channel(soke)["spoiled"] == 1

    def test_a_receipt_that_cannot_be_printed_or_kept_is_not_lost(self, folder: Path, soke: Run) -> None:
        first, second, _ = codes(folder)
        command = [sys.executable, "-m", "soke", "round", "cast", "elm.box", "--code", first, "--for", "1"]
        with Path("/dev/full").open("w") as full:
            done = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(SRC)}, stdout=full, text=True,
                                  stderr=subprocess.PIPE, check=False)  # fmt: skip
        assert done.returncode == 0 and "the ballot was cast" in done.stderr and "Commitment: " in done.stderr
        (folder / "shut").mkdir(mode=0o500)
        status, out, err = cast(soke, "--code", second, "--for", "1", "--receipt", "shut/mine.txt")
        assert status == 0
        assert (folder / "shut" / "mine.txt").exists() or ("Commitment: " in out and "cannot be written" in err)
        assert channel(soke)["cast"] == 2

    def test_a_code_in_the_place_of_another_that_cannot_be_kept_was_not_issued(self, folder: Path, soke: Run) -> None:
        first = codes(folder)[0]
        (folder / "there.csv").write_text("mine")
        for args, said in (
            (("--out", "there.csv"), "never overwritten"), (("--out", "no/new.csv"), "cannot be written"),
            (("--out", "/dev/full"), "Nothing was issued or spoiled"), ((), "needs a file"),
            (("--out", "new.csv", "--no-replacement"), "needs a file"),
        ):  # fmt: skip
            status, out, err = soke("round", "spoil", "elm.box", "--code", first, *args)
            assert (status, out) == (2, "") and said in err, err
        assert soke("round", "spoil", "elm.box", "--code", new_code(), "--out", "new.csv")[0] == 2
        assert not (folder / "new.csv").exists() and (folder / "there.csv").read_text() == "mine"
        assert channel(soke)["spoiled"] == 0 and cast(soke, "--code", first, "--for", "1")[0] == 0

    def test_a_folder_that_cannot_be_written_does_not_lose_the_round(self, folder: Path, soke: Run) -> None:
        assert cast(soke, "--code", codes(folder)[0], "--for", "1")[0] == 0
        status, _, err = soke("round", "close", "elm.box", "--out", "elm.pb")
        assert status == 2 and err.startswith("soke: ")
        assert soke("round", "close", "elm.box", "--out", "result")[0] == 0
        assert len(read_election(folder / "result" / "round.pb").ballots) == 1

    def test_what_cannot_be_cast(self, folder: Path, soke: Run) -> None:
        first, second, _ = codes(folder)
        assert cast(soke, "--code", first, "--for", "1")[0] == 0
        (folder / "bad.csv").write_text(f"code,for\n{second},1\n{first},2\n")
        (folder / "there.txt").write_text("mine")
        for args, said in (
            (("--code", first, "--for", "1"), "already. One code, one ballot"),
            (("--code", new_code(), "--for", "1"), "no such code"),
            (("--code", second[:-1], "--for", "1"), "this has 14"),
            (("--code", second, "--for", "9"), 'chooses "9"'),
            (("--code", second, "--for", "1,1"), 'project "1" twice'),
            (("--code", second, "--for", "1,2,3"), "2 are allowed"),
            (("--code", second, "--for", "1", "--points", "3"), "asks for no points"),
            (("--code", second, "--for", "1", "--about", "age=200"), 'does not ask for "age"'),
            (("--code", second, "--for", "1", "--about", "age"), "not an answer"),
            (("--code", second), "needs a code and its projects"),
            (("--code", second, "--for", "1", "--second", "x.csv"), "needs a code and its projects"),
            (("--code", second, "--for", "1", "--receipt", "there.txt"), "needs a new file"),
            (("--code", second, "--for", "1", "--receipt", "no/r.txt"), "needs a new file"),
            (("--file", "bad.csv"), "bad.csv:3:1: A ballot was cast with this code already"),
            (("--file", "bad.csv", "--code", second), "Leave out the other options"),
            (("--file", "nothing.csv"), "no such file"),
            (("--file", "."), "a folder"),
        ):
            status, out, err = cast(soke, *args)
            assert (status, out) == (2, ""), args
            assert said in err and err.startswith("soke: "), err
        assert (folder / "there.txt").read_text() == "mine"
        assert channel(soke) == {
            "channel": "letter", "issued": 3, "cast": 1, "invalid": 0, "spoiled": 0, "unused": 2,
            "turnout_percent": 33.3,
        }  # fmt: skip

    def test_a_receipt_that_is_forged_altered_or_of_nothing(self, folder: Path, soke: Run) -> None:
        first, second, _ = codes(folder)
        _, receipt, _ = cast(soke, "--code", first, "--for", "1,2")
        _, other, _ = cast(soke, "--code", second, "--for", "3", "--receipt", "other.txt")
        assert other == "" and (folder / "other.txt").stat().st_mode & 0o777 == 0o600
        assert soke("round", "close", "elm.box", "--out", "result")[0] == 0
        assert soke("round", "find", "other.txt", "result/roll.csv")[0] == 0
        receipt_of = {
            "forged.txt": (receipt.replace("Commitment: ", "Commitment: 0", 1), 1, "not signed with the key"),
            "swapped.txt": ("oak" + receipt, 1, "It is of oakelm-ward-2026"),
            "empty.txt": ("", 2, "not a signed text"),
            "text.txt": ("dear council\n", 2, "not a signed text"),
        }
        for name, (text, expected, said) in receipt_of.items():
            (folder / name).write_text(text)
            status, out, err = soke("round", "find", name, "result/roll.csv")
            assert status == expected and said in out + err, (name, out, err)
        statement = folder / "result" / "statement.txt"
        assert "it is no receipt" in soke("round", "find", statement, "result/roll.csv")[2]
        (folder / "mine.txt").write_text(receipt)
        assert "no statement" in soke("round", "find", "mine.txt", "result/roll.csv", "--statement", "mine.txt")[2]
        roll = folder / "result" / "roll.csv"
        good = roll.read_text()
        roll.write_text(good.replace('"1,2"', '"1,3"'))
        status, out, _ = soke("round", "find", "mine.txt", "result/roll.csv")
        assert status == 1 and "altered" in out
        roll.write_text("\n".join(line for line in good.splitlines() if '"1,2"' not in line) + "\n")
        assert soke("round", "find", "mine.txt", "result/roll.csv")[0] == 1
        for name in ("result/nothing.csv", "result"):
            assert soke("round", "find", "mine.txt", name)[0] == 2

    def test_a_keeper_who_takes_a_ballot_out_is_found_by_its_receipt(self, folder: Path, soke: Run) -> None:
        """The keeper signs a roll without the ballot: the voter's receipt, signed too, speaks against it."""
        from soke.community.voting.statement import statement_of  # noqa: PLC0415
        from soke.register.ballot_box import BallotBox  # noqa: PLC0415

        _, receipt, _ = cast(soke, "--code", codes(folder)[0], "--for", "1,2")
        (folder / "mine.txt").write_text(receipt)
        soke("round", "close", "elm.box", "--out", "result")
        roll = folder / "result" / "roll.csv"
        head, line = roll.read_text().splitlines()
        with BallotBox.open(folder / "elm.box") as box:
            other = line.replace('"1,2"', "3")
            for text, said in ((f"{head}\n", "not in the roll"), (f"{head}\n{other}\n", "another")):
                roll.write_text(text)
                note = box.sign(statement_of(box.name, 1, {"roll.csv": roll.read_bytes()}).text)
                (folder / "result" / "statement.txt").write_bytes(note)
                status, out, _ = soke("round", "find", "mine.txt", "result/roll.csv", "--key", "elm.box.key.pub")
                assert status == 1 and said in out

    def test_after_closing_and_on_what_is_no_box(self, folder: Path, soke: Run) -> None:
        first, second, _ = codes(folder)
        assert cast(soke, "--code", first, "--for", "1")[0] == 0
        assert soke("round", "close", "elm.box", "--out", "result")[0] == 0
        for args in (
            ("cast", "elm.box", "--code", second, "--for", "1"),
            ("spoil", "elm.box", "--code", second, "--no-replacement"),
            ("codes", "elm.box", "--count", 1, "--channel", "letter", "--out", "more.csv"),
        ):  # fmt: skip
            status, out, err = soke("round", *args)
            assert (status, out) == (2, "") and "has closed" in err
        assert not (folder / "more.csv").exists()
        for box in ("elm.pb", ".", "nothing.box", os.devnull):
            for command in (("status",), ("cast", "--code", second, "--for", "1"), ("close", "--out", "other")):
                status, out, err = soke("round", command[0], box, *command[1:])
                assert (status, out) == (2, "") and err.startswith("soke: "), (box, command)
        assert not (folder / "other").exists()

    def test_nothing_is_overwritten(self, folder: Path, soke: Run) -> None:
        before = (folder / "letters.csv").read_bytes()
        again = ("--count", 3, "--channel", "letter", "--out", "letters.csv")
        status, _, err = soke("round", "codes", "elm.box", *again)
        assert status == 2 and "Nothing was issued" in err and (folder / "letters.csv").read_bytes() == before
        assert channel(soke)["issued"] == 3
        for out in ("no/codes.csv", "."):
            assert soke("round", "codes", "elm.box", "--count", 3, "--channel", "letter", "--out", out)[0] == 2
        assert channel(soke)["issued"] == 3
        status, _, err = soke("round", "open", "elm.box", "elm.pb", "--name", "elm")
        assert status == 2 and "never overwritten" in err

    def test_a_round_that_does_not_add_up_stays_open(self, folder: Path, soke: Run) -> None:
        import sqlite3  # noqa: PLC0415

        other = sqlite3.connect(folder / "elm.box", isolation_level=None)
        other.execute("DROP TRIGGER code_stays")
        other.execute("DELETE FROM code WHERE hash = (SELECT min(hash) FROM code)")
        other.close()
        status, out, err = soke("round", "close", "elm.box", "--out", "result")
        assert status == 1 and "NOT CLOSED" in out and "letter: 3 codes issued" in out and "stays open" in err
        assert not (folder / "result").exists()

    def test_an_empty_round_closes(self, folder: Path, soke: Run) -> None:
        assert soke("round", "close", "elm.box", "--out", "result")[0] == 0
        assert "num_votes;0" in (folder / "result" / "round.pb").read_text()


class TestVerify:
    """What is counted is what stands in the roll."""

    @pytest.fixture
    def result(self, folder: Path, soke: Run) -> Path:
        for code, choice in zip(codes(folder), ("1,2", "3", "1"), strict=True):
            assert cast(soke, "--code", code, "--for", choice, "--receipt", f"{choice}.txt")[0] == 0
        assert soke("round", "close", "elm.box", "--out", "result")[0] == 0
        return folder / "result"

    def test_what_was_published_is_verified(self, result: Path, soke: Run) -> None:
        status, out, err = verify(soke)
        assert status == 0 and out.startswith("VERIFIED. The round elm-ward-2026 vouches for roll.csv, round.pb, rec")
        assert "The 3 ballots of roll.csv are those of round.pb" in out and "proves more" in err
        assert verify(soke, "--key", "elm.box.key.pub")[2] == ""
        status, out, _ = soke("round", "find", "3.txt", "result/roll.csv")
        assert status == 0 and "round.pb, which is counted, holds the same ballots" in out

    @pytest.mark.parametrize(
        ("name", "old", "new", "said"),
        [
            ("round.pb", "([0-9a-f]{32});3", r"\1;1", "is 3 in roll.csv, and 1 in round.pb"),
            ("round.pb", "Benches", "Fences", "round.pb is not the file that the round vouches for"),
            ("round.pb", "META", "ATEM", "round.pb cannot be read"),
            ("roll.csv", ",3,\n", ",2,\n", "is 2 in roll.csv, and 3 in round.pb"),
            ("roll.csv", "ballot,nonce", "ballot,nonsense", "roll.csv cannot be read"),
            ("reconciliation.json", '"cast": 3', '"cast": 4', "3 codes issued, but 4 cast"),
            ("reconciliation.json", '"ballots": 3', '"ballots": 1e400', "reconciliation.json cannot be read"),
            ("round.pub", "elm-ward-2026", "oak-ward-2026", "round.pub is another key than elm.box.key.pub"),
            ("statement.txt", "Ballots: 3", "Ballots: 4", "not signed with the key"),
        ],
    )  # fmt: skip
    def test_whatever_is_changed_is_told(
        self, result: Path, soke: Run, name: str, old: str, new: str, said: str
    ) -> None:
        text, changed = re.subn(old, new, (result / name).read_text())
        assert changed == 1
        (result / name).write_text(text)
        status, out, _ = verify(soke, "--key", "elm.box.key.pub")
        assert status == 1 and out.startswith("NOT VERIFIED.") and said in out, out
        if name == "round.pb":
            status, out, _ = soke("round", "find", "1.txt", "result/roll.csv")
            assert status == 1 and "round.pb beside it is not the one" in out

    def test_a_keeper_who_signs_other_ballots_to_be_counted_is_found(self, result: Path, soke: Run) -> None:
        from soke.community.voting.statement import statement_of  # noqa: PLC0415
        from soke.register.ballot_box import BallotBox  # noqa: PLC0415

        text = (result / "round.pb").read_text()
        (result / "round.pb").write_text(re.sub("([0-9a-f]{32});3", r"\1;2", text))
        contents = {one.name: one.read_bytes() for one in result.iterdir() if one.name != "statement.txt"}
        with BallotBox.open(Path("elm.box")) as box:
            (result / "statement.txt").write_bytes(box.sign(statement_of(box.name, 3, contents).text))
        status, out, _ = verify(soke, "--key", "elm.box.key.pub")
        assert status == 1 and "1 thing is wrong" in out and "is 3 in roll.csv, and 2 in round.pb" in out
        status, out, _ = soke("round", "find", "1.txt", "result/roll.csv")
        assert status == 1 and "holds other ballots" in out

    def test_a_folder_without_files_and_none(self, result: Path, soke: Run) -> None:
        (result / "roll.csv").unlink()
        assert verify(soke)[1] == "NOT VERIFIED. 1 thing is wrong:\nroll.csv is not there.\n"
        for folder in ("nothing", "elm.pb", "."):
            status, out, err = soke("round", "verify", folder)
            assert (status, out) == (2, "") and err.startswith("soke: ")
        (result / "statement.txt").write_bytes((result.parent / "3.txt").read_bytes())
        assert "it is no statement" in verify(soke)[2]
        soke("round", "open", "oak.box", "elm.pb", "--name", "oak")
        status, out, _ = verify(soke, "--key", "oak.box.key.pub")
        assert status == 1 and "It is of elm-ward-2026, and the key is of oak" in out

    def test_closing_writes_over_neither_box_nor_key(self, folder: Path, soke: Run) -> None:
        for ending in ("", ".key", ".key.pub"):
            (folder / f"elm.box{ending}").rename(folder / f"round.pb{ending}")
        status, _, err = soke("round", "close", "round.pb", "--out", ".")
        assert status == 2 and "a file that this command reads" in err
        assert soke("round", "status", "round.pb")[0] == 0


class TestPublish:
    def test_ages_are_asked_kept_from_others_and_blurred(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, soke: Run
    ) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "elm.pb").write_text(PAPER.replace("voter_id;vote\n", "voter_id;vote;age\n"))
        soke("round", "open", "elm.box", "elm.pb", "--name", "elm")
        soke("round", "codes", "elm.box", "--count", 60, "--channel", "paper", "--out", "codes.csv")
        text = io.StringIO()
        rows = [(code, one % 4 + 1, 20 + one) for one, code in enumerate(codes(tmp_path, "codes.csv")[:-1])]
        csv.writer(text).writerows([("code", "for", "age"), *rows])
        (tmp_path / "typed.csv").write_text(text.getvalue())
        assert cast(soke, "--file", "typed.csv")[0] == 0
        last = codes(tmp_path, "codes.csv")[-1]
        status, _, err = cast(soke, "--code", last, "--for", "1", "--about", "age=200")
        assert status == 2 and '"200" is no age' in err
        assert soke("round", "close", "elm.box", "--out", "result")[0] == 0
        assert (tmp_path / "result" / "round.pb").stat().st_mode & 0o777 == 0o600
        assert "age" not in (tmp_path / "result" / "roll.csv").read_text()
        status, out, _ = soke("round", "publish", "result/round.pb", "--k", 5, "--out", "public.pb", "--json")
        said = json.loads(out)
        assert status == 0 and said["facts"]["smallest"] >= 5 and said["rows"][0]["done"] == "in bands of 10 years"
        public = read_election(tmp_path / "public.pb")
        assert public.ballots.voters == tuple(map(str, range(1, 60))) and set(public.ballots.columns) == {"age_band"}
        hidden = (tmp_path / "result" / "round.pb").rename(tmp_path / "kept.pb")
        assert verify(soke)[1] == "NOT VERIFIED. 1 thing is wrong:\nround.pb is not there.\n"
        status, out, err = verify(soke, "--blurred", "public.pb")
        assert status == 0 and "those of public.pb" in out and "hold budget and costs" in err
        blurred = (tmp_path / "public.pb").read_text()
        (tmp_path / "public.pb").write_text(blurred.replace("\n1;1;", "\n1;2;"))
        status, out, _ = verify(soke, "--blurred", "public.pb")
        assert status == 1 and "1 that are not in the roll, and 1 of it are not there" in out
        before = hidden.read_bytes()
        assert soke("round", "publish", "kept.pb", "--out", "./kept.pb")[0] == 2 and hidden.read_bytes() == before
        assert soke("budget", "screen", "kept.pb", "--ballots", "kept.pb")[0] == 2 and hidden.read_bytes() == before
        for k in ("0", "-3", "ten", "1e400"):
            assert soke("round", "publish", "result/round.pb", "--k", k, "--out", "other.pb")[0] == 2
        assert soke("round", "publish", "nothing.pb", "--out", "other.pb")[0] == 2
        assert not (tmp_path / "other.pb").exists()


class TestScreen:
    def write(self, folder: Path, old: int) -> Path:
        rows = [f"v{number};1;40" for number in range(3000)] + [f"w{number};2;95" for number in range(old)]
        rows += [f"x{number};2;50" for number in range(300 - old)]
        text = PAPER.replace("voter_id;vote\n", "voter_id;vote;age\n" + "\n".join(rows) + "\n")
        path = folder / "screened.pb"
        path.write_text(text.replace("num_votes;0", f"num_votes;{len(rows)}"))
        return path

    def test_found_and_silent(self, tmp_path: Path, soke: Run) -> None:
        status, out, _ = soke(
            "budget", "screen", self.write(tmp_path, 90), "--ballots", tmp_path / "look.csv", "--json"
        )
        said = json.loads(out)
        assert status == 1 and said["facts"]["alarms"] == 1
        assert said["rows"][0]["project"] == "2" and said["rows"][0]["unusual"] == 90
        listed = list(csv.reader((tmp_path / "look.csv").read_text().splitlines()))
        assert listed[0] == ["voter_id", "project", "trait"] and [row[0] for row in listed[1:]] == [
            f"w{number}" for number in range(90)
        ]
        status, out, _ = soke("budget", "screen", self.write(tmp_path, 1))
        assert status == 0 and "Nothing to look at" in out

    def test_without_ages_and_bad_input(self, tmp_path: Path, soke: Run) -> None:
        path = self.write(tmp_path, 5)
        text = path.read_text()
        path.write_text("\n".join(line.removesuffix(";95").removesuffix(";40").removesuffix(";50").removesuffix(";age")
                                  for line in text.splitlines()))  # fmt: skip
        status, out, _ = soke("budget", "screen", path)
        assert status == 0 and "Nothing was judged" in out and "say no age in years" in out
        (tmp_path / "bad.pb").write_text("META\n")
        for name in ("bad.pb", "nothing.pb", "."):
            status, out, err = soke("budget", "screen", tmp_path / name)
            assert (status, out) == (2, "") and err.startswith("soke: ")
