"""The command as people type it: help, the name that was typed, the folder where one stands, completion."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from soke.cli.commands import GROUPS, bare, named
from soke.cli.help import screen
from soke.cli.output import tell

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[2]
MADE = (ROOT / ".venv" / "test.stamp").is_file() or (ROOT / ".venv" / "run.stamp").is_file()


@pytest.mark.parametrize("asked", [(), ("help",), ("-h",), ("--help",)])
def test_the_first_screen_is_one_screen(soke: Run, asked: tuple[str, ...]) -> None:
    status, out, err = soke(*asked)
    lines = out.splitlines()
    assert (status, err) == (0, "") and lines == list(screen())
    assert len(lines) <= 23 and max(map(len, lines)) <= 79  # with the line that ./do adds: 24
    for name, group in GROUPS.items():
        assert (group.joined or group.words in out) and (group.flat or f"soke {name} " in out)


@pytest.mark.parametrize("name", GROUPS)
def test_help_on_a_group_has_a_line_for_each_command(soke: Run, name: str) -> None:
    status, out, _ = soke("help", name)
    lines = out.splitlines()
    lead = "soke" if GROUPS[name].flat else f"soke {name}"
    assert status == 0 and max(map(len, lines)) <= 80
    for command in GROUPS[name].commands:
        (line,) = [line for line in lines if line.startswith(f"{lead} {command} ") and "--help" not in line]
        assert len(line.removeprefix(f"{lead} {command}").strip()) > 20
    assert soke(name)[1] == out == soke(name, "-h")[1]


@pytest.mark.parametrize("asked", [("place", "-h"), ("help", "place"), ("register", "record", "-h")])
def test_help_on_a_command(soke: Run, asked: tuple[str, ...]) -> None:
    status, out, _ = soke(*asked)
    assert status == 0 and "Example: soke" in out and "-h, --help" in out


def test_help_on_what_there_is_not(soke: Run) -> None:
    status, out, err = soke("help", "registr")
    assert (status, out) == (2, "") and "There is no help on 'registr'." in err and "register" in err


@pytest.mark.parametrize(
    ("asked", "said"),
    [(("register", "record", "--bad"), "Run `soke register record --help`."), (("place", "--bad"), "Run `soke place -"),
     (("plce",), "Run `soke --help`."), (("register", "stats"), "Run `soke register --help`.")],
)  # fmt: skip
def test_an_error_names_the_help_of_that_command(soke: Run, asked: tuple[str, ...], said: str) -> None:
    status, out, err = soke(*asked)
    assert (status, out) == (2, "") and said in err


def test_messages_name_what_was_typed(soke: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOKE_TYPED", "../do")
    assert "Run `../do places` to list them all." in soke("place", "Qqqqzzzz")[2]
    assert "Run `../do register record --help`." in soke("register", "record", "--bad")[2]
    assert "../do place " in soke()[1] and "soke place" not in soke()[1]
    assert "Usage: ../do place " in soke("place", "-h")[1]
    assert "soke" in soke("check", "deals/broken.toml", "--json")[1]  # programs get the same whatever was typed
    assert "../do" not in soke("check", "deals/broken.toml", "--json")[1]


def test_what_others_recorded_is_not_said_anew(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOKE_TYPED", "./do")
    tell("They said: run soke check first.", recorded=True)
    tell("Run soke check first.")
    assert capsys.readouterr().out == "They said: run soke check first.\nRun ./do check first.\n"


@pytest.mark.skipif(not MADE, reason="./do has not made its environment here")
def test_paths_are_those_of_the_folder_where_one_stands(tmp_path: Path) -> None:
    here = tmp_path / "me"
    here.mkdir()
    shutil.copy(ROOT / "deals" / "cornwall.toml", here / "x.toml")
    do = os.path.relpath(ROOT / "do", here)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([do, *words], cwd=here, capture_output=True, text=True, check=False, timeout=120)

    checked = run("check", "x.toml")
    assert checked.returncode == 0 and "Clean" in checked.stdout, checked.stderr
    made = run("new", "South Yorkshire", "--out", "mine.toml")
    assert made.returncode == 0 and (here / "mine.toml").is_file() and f"Next: {do} check mine.toml" in made.stderr
    assert not (ROOT / "mine.toml").exists()
    shown = run()
    assert shown.returncode == 0 and len(shown.stdout.splitlines()) <= 24 and shown.stdout == run("--help").stdout


COMPLETED = {
    "soke regi": "register", "soke register sta": "status", "soke register re": "record", "soke pla": "places",
    "soke place --ye": "--year", "soke budget ": "count",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("line", COMPLETED)
def test_a_shell_completes_names(line: str) -> None:
    words = line.split(" ")
    environment = os.environ | {
        "PYTHONPATH": str(ROOT / "src"), "_SOKE_COMPLETE": "complete_bash", "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "soke"], capture_output=True, text=True, env=environment, check=False, timeout=60
    )
    assert COMPLETED[line] in done.stdout.split(), done.stderr


def test_completion_is_installed_for_a_shell(tmp_path: Path) -> None:
    environment = os.environ | {
        "PYTHONPATH": str(ROOT / "src"), "HOME": str(tmp_path),
        "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1",  # the shell is named: what runs the tests may be another
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "soke", "--install-completion", "bash"], capture_output=True, text=True,
        env=environment, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert any("_SOKE_COMPLETE" in file.read_text() for file in tmp_path.rglob("*.sh"))


def test_every_command_is_in_one_group() -> None:
    names = [name for group in GROUPS.values() if group.flat for name in group.commands]
    assert len(names) == len(set(names)) and not set(names) & named().keys() and set(bare()) == set(names)
