"""``soke round new``, ``paper`` and ``letters``: asked for in plain words, and no secret where it should not be."""

from __future__ import annotations

import csv
import io
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from soke.community.voting.codes import new_code
from soke.community.voting.paper import read_paper

SRC = Path(__file__).parents[2] / "src"
Run = Callable[..., tuple[int, str, str]]
ANSWERS = (
    "Town\n100\nNorth, South\nBench\n60\nNorth\nRack\n50\nsouth\nTree\n£40\n\n\n2\n2026-06-01\n21/06/2026\nHall\nAnn\n"
)
FROM_FILE = "Town\n100\n2\n2026-06-01\n21/06/2026\nHall\nAnn\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


class TestNew:
    def test_a_paper_from_a_pipe_and_the_same_from_a_file_of_projects(
        self, folder: Path, soke: Run, say: Callable[[str], None]
    ) -> None:
        say(ANSWERS)
        status, out, err = soke("round", "new", "town.pb")
        assert (status, out) == (0, "") and "Wrote town.pb: 3 projects in North and South." in err
        (folder / "p.csv").write_text("name,cost,district\nBench,60,North\nRack,50,South\nTree,40,\n")
        say(FROM_FILE)
        assert soke("round", "new", "same.pb", "--projects", "p.csv")[0] == 0
        assert (folder / "town.pb").read_bytes() == (folder / "same.pb").read_bytes()
        made = read_paper((folder / "town.pb").read_bytes(), "town.pb")
        assert made.districts == ("North", "South") and made.most == 2
        assert soke("round", "open", "t.box", "town.pb", "--name", "town-2026")[0] == 0

    def test_nothing_is_overwritten_and_nothing_half_written(
        self, folder: Path, soke: Run, say: Callable[[str], None]
    ) -> None:
        (folder / "mine.pb").write_text("mine")
        say(ANSWERS)
        status, out, err = soke("round", "new", "mine.pb")
        assert (status, out) == (2, "") and "already there" in err and "What is the round called" not in err
        assert (folder / "mine.pb").read_text() == "mine"
        lines = ANSWERS.splitlines(keepends=True)
        for many in range(len(lines)):
            say("".join(lines[:many]))
            status, out, err = soke("round", "new", "new.pb")
            assert (status, out) == (2, "") and "The answers end before the questions do. Nothing was written." in err
            assert not (folder / "new.pb").exists()
        for bad, said in (([*lines[:1], "much\n"], "no sum of money"), (["\n"], "There is not a name")):
            say("".join(bad))
            status, _, err = soke("round", "new", "new.pb")
            assert status == 2 and said in err and not (folder / "new.pb").exists()
        assert [one.name for one in folder.iterdir()] == ["mine.pb"]

    def test_a_bad_list_of_projects_is_told_before_anything_is_asked(
        self, folder: Path, soke: Run, say: Callable[[str], None]
    ) -> None:
        (folder / "p.csv").write_text("name,cost\nBench,free\n,5\n")
        say(FROM_FILE)
        status, _, err = soke("round", "new", "new.pb", "--projects", "p.csv")
        assert status == 2 and "p.csv:2:1:" in err and "\n  line 3: " in err and "called" not in err
        (folder / "p.csv").write_text("name,cost\nBench,500\n")
        status, _, err = soke("round", "new", "new.pb", "--projects", "p.csv")
        assert status == 2 and 'More than the £100 that there are: "Bench" costs £500.' in err

    @pytest.mark.parametrize(("keys", "expected"), [(b"\x04", 2), (signal.SIGINT, 130)], ids=["end", "Ctrl-C"])
    def test_at_a_terminal_it_asks_again_and_ends_cleanly(
        self, folder: Path, keys: bytes | signal.Signals, expected: int
    ) -> None:
        ours, theirs = pty.openpty()
        environment = os.environ | {"PYTHONPATH": str(SRC)}
        command = [sys.executable, "-m", "soke", "round", "new", "new.pb"]
        with subprocess.Popen(command, stdin=theirs, stderr=subprocess.PIPE, cwd=folder, env=environment) as running:
            os.write(ours, b"Town\nmuch\n")
            assert running.stderr is not None
            said = b""
            while said.count(b"How much money") < 2:
                said += os.read(running.stderr.fileno(), 1_000)
            if isinstance(keys, bytes):
                os.write(ours, keys)
            else:
                running.send_signal(keys)
            said += running.communicate(timeout=30)[1]
        os.close(ours)
        os.close(theirs)
        assert running.returncode == expected and b"Traceback" not in said and b'"much" is no sum of money' in said
        assert list(folder.iterdir()) == []


class TestPages:
    @pytest.fixture
    def box(self, folder: Path, soke: Run, say: Callable[[str], None]) -> Path:
        say(ANSWERS)
        assert soke("round", "new", "town.pb")[0] == 0
        assert soke("round", "open", "t.box", "town.pb", "--name", "town-2026")[0] == 0
        asked = ("--count", 2, "--channel", "letter", "--district", "North", "--out", "north.csv")
        assert soke("round", "codes", "t.box", *asked)[0] == 0
        return folder / "t.box"

    def codes(self, folder: Path) -> list[str]:
        return [row["code"] for row in csv.DictReader((folder / "north.csv").read_text().splitlines())]

    def test_letters_are_for_their_owner_only_and_no_code_is_printed(self, box: Path, soke: Run) -> None:
        status, out, err = soke("round", "letters", "t.box", "north.csv", "--out", "letters.html")
        assert (status, out) == (0, "") and "Wrote 2 letters in letters.html." in err and "then delete" in err
        made = box.parent / "letters.html"
        assert made.stat().st_mode & 0o777 == 0o600
        text = re.sub(r"<[^>]*>", "", made.read_text())
        for code in self.codes(box.parent):
            assert code.replace("-", " ") in text and code not in out + err
        assert "Residents in North" in text and "by" not in err.split("Wrote")[0]
        before = made.read_bytes()
        status, _, err = soke("round", "letters", "t.box", "north.csv", "--out", "letters.html")
        assert status == 2 and "already there" in err and made.read_bytes() == before

    def test_codes_that_are_not_good_get_no_letters(self, box: Path, soke: Run) -> None:
        folder, (first, second) = box.parent, self.codes(box.parent)
        assert soke("round", "cast", "t.box", "--code", first, "--for", "1")[0] == 0
        (folder / "other.csv").write_text(f"code,channel\n{first},letter\n{second},letter\n{new_code()},letter\n")
        (folder / "bad.csv").write_text("code,channel\nK7QDM,letter\n")
        (folder / "none.csv").write_text("code,channel\n")
        for name, words in (
            ("other.csv", ("other.csv:2:1: A ballot was cast", "line 4: This round has no such code")),
            ("bad.csv", ("bad.csv:2:1: A code has 15 signs",)), ("none.csv", ("no codes in the file",)),
            ("town.pb", ("town.pb",)), ("nothing.csv", ("no such file",)),
        ):  # fmt: skip
            status, out, err = soke("round", "letters", "t.box", name, "--out", "letters.html")
            assert (status, out) == (2, "") and all(one in err for one in words), err
            assert first not in err and second not in err
        assert not (folder / "letters.html").exists()
        assert "Codes tried" not in soke("round", "status", "t.box")[1]

    def test_papers_by_district_or_together(self, box: Path, soke: Run) -> None:
        folder = box.parent
        for args, heads in (
            ((), ["Ballot paper: North", "Ballot paper: South"]), (("--district", "north"), ["Ballot paper: North"]),
            (("--together",), ["Ballot paper"]),
        ):  # fmt: skip
            assert soke("round", "paper", "town.pb", *args, "--out", "paper.html")[0] == 0
            page = (folder / "paper.html").read_text()
            assert re.findall(r"<h1>(.*?)</h1>", page) == heads
            (folder / "paper.html").unlink()
        status, _, err = soke("round", "paper", "town.pb", "--district", "West", "--out", "paper.html")
        assert status == 2 and "The districts: North, South." in err and not (folder / "paper.html").exists()
        assert soke("round", "paper", "nothing.pb", "--out", "paper.html")[0] == 2

    def test_what_the_paper_does_not_say_is_told(self, box: Path, soke: Run, say: Callable[[str], None]) -> None:
        say("Town\n100\n\nBench\n60\n\n\n\n\n\n\n")
        assert soke("round", "new", "bare.pb")[0] == 0
        err = soke("round", "paper", "bare.pb", "--out", "paper.html")[2]
        assert "The paper does not say the last day and where papers are handed in" in err
