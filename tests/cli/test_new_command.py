"""``soke new``: never over a file that is there, five questions at a terminal or from a pipe, clean ends."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


@pytest.mark.parametrize("words", [("Norfolk and Suffolk",), ("Greater Essex",), ("Hampshire & the Solent",),
                                   ("Leeds", "York", "Hull", "--name", "Three cities")])  # fmt: skip
def test_a_first_deal_checks_from_the_command_line(soke: Run, words: tuple[str, ...]) -> None:
    assert soke("new", *words, "--out", "mine.toml")[0] == 0
    status, out, _ = soke("check", "mine.toml")
    assert status == 0 and "Clean: 0 errors, 0 warnings." in out


def test_nothing_that_is_there_is_replaced(soke: Run) -> None:
    Path("file.toml").write_text("mine")
    Path("folder").mkdir()
    Path("dangling.toml").symlink_to("nowhere.toml")
    for name in ("file.toml", "folder", "dangling.toml"):
        for how in (["Cornwall", "--out", name], ["Atlantis", "--out", name]):
            status, _, err = soke("new", *how)
            assert status == 2 and "already there" in err
    assert Path("file.toml").read_text() == "mine" and not Path("nowhere.toml").exists()
    assert sorted(p.name for p in Path().iterdir()) == ["dangling.toml", "file.toml", "folder"]


def test_no_place_and_several_without_a_name(soke: Run) -> None:
    status, out, err = soke("new")
    assert (status, out) == (2, "") and "No place is named" in err and "--ask" in err
    status, _, err = soke("new", "Leeds", "York")
    assert status == 2 and '--name "Leeds and York"' in err


def test_five_answers_from_a_pipe(soke: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "Leeds; York; Hull\nThree cities\n\nlink\n\n")
    status, out, err = soke("new", "--ask")
    assert status == 0 and out == "" and err.count(" of 5.") == 5
    text = Path("three-cities.toml").read_text(encoding="utf-8")
    assert '\n[[investment]]\nid = "faster-link"' in text
    assert soke("check", "three-cities.toml")[0] == 0


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("", "answers end"),
        ("Cornwall\n", "answers end"),
        ("Cornwall\n\n\nnone\n", "answers end"),
        ("Atlantis\nCornwall\n\n\n\n\n", "No place in England"),
        ("Cornwall\n\n2019-20\n\n\n", "cannot start"),
        ("Cornwall\n\n\nlink\n\n", "none of them"),
        ("Cornwall\n\n\n\nthere.toml\n", "already there"),
        ("Cornwall\n\n\n\n" + "x" * 300 + "\n", "cannot be written"),
        ("x" * 3000 + "\n", "too long"),
        ("\x1b[2J\x00\n", "No place in England"),
    ],
)
def test_answers_from_a_pipe_that_cannot_be_used(
    soke: Run, monkeypatch: pytest.MonkeyPatch, answers: str, said: str
) -> None:
    Path("there.toml").write_text("mine")
    typed(monkeypatch, answers)
    status, out, err = soke("new", "--ask")
    assert (status, out) == (2, "") and said in err and "\x1b" not in err
    assert [p.name for p in Path().iterdir()] == ["there.toml"] and Path("there.toml").read_text() == "mine"


def test_ctrl_c_at_a_question_leaves_nothing(tmp_path: Path) -> None:
    source = str(Path(__file__).parents[2] / "src")
    process = subprocess.Popen(
        [sys.executable, "-m", "soke", "new", "Cornwall", "--ask"], stdin=subprocess.PIPE, stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": source}, cwd=tmp_path,
    )  # fmt: skip
    assert process.stderr is not None
    first = process.stderr.readline()
    time.sleep(0.2)  # it waits for the answer
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 130 and b"1 of 5" in first
    assert b"Traceback" not in process.stderr.read() and not list(tmp_path.iterdir())
    process.communicate()


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    source = str(Path(__file__).parents[2] / "src")
    done = subprocess.run(
        [sys.executable, "-m", "soke", "new", "--ask"], input=b"\xff\xfe\n", capture_output=True, cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": source}, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2 and b"Traceback" not in done.stderr and not list(tmp_path.iterdir())


def test_what_differs_has_its_path_and_values_for_programs(soke: Run) -> None:
    assert soke("new", "Cumbria", "--out", "a.toml")[0] == 0
    text = Path("a.toml").read_text(encoding="utf-8")
    Path("b.toml").write_text(text.replace('ends = "2029-30"', 'ends = "2030-31"'), encoding="utf-8")
    found = json.loads(soke("diff", "a.toml", "b.toml", "--json")[1])["rows"]
    said = "The deal: ends 2029-30 becomes 2030-31."
    assert found == [{"change": said, "path": "ends", "before": "2029-30", "after": "2030-31"}]
    assert soke("diff", "a.toml", "b.toml")[1] == f"{said}\n"
    assert soke("diff", "a.toml", "a.toml")[1] == "Nothing differs.\n"
