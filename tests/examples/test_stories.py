"""The stories in ``examples/`` are true: each command of a README is run, and says what the README says.

A block marked ``console`` holds commands after ``$``, and what each prints. A line ``...`` stands for any lines that
the README leaves out, ``...`` within a line for a part of it, such as a key that is made by chance; ``[1]`` at the end
is an exit status other than 0. Nothing else may differ.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from soke.cli import main

ROOT = Path(__file__).parents[2]
STORIES = sorted(ROOT.glob("examples/*/README.md"))
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """A command, the line it stands on, and the lines that it prints."""

    line: int
    command: str
    expected: tuple[str, ...]


def steps(text: str) -> Iterator[Step]:
    for block in BLOCK.finditer(text):
        first = text.count("\n", 0, block.start(1)) + 1
        lines = block[1].splitlines()
        starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            printed = lines[start + 1 : end]
            while printed and not printed[-1]:
                printed.pop()
            yield Step(first + start, lines[start][2:], tuple(printed))


def matches(expected: tuple[str, ...], found: list[str]) -> bool:
    """Whether the lines are those expected, where ``...`` stands for any, and within a line for any part of it."""
    pattern = "".join(
        "(?:.*\n)*?" if line == "..." else ".*?".join(map(re.escape, line.split("..."))) + "\n" for line in expected
    )
    return bool(re.fullmatch(pattern, "".join(f"{line.rstrip()}\n" for line in found)))


def run(command: str, folder: Path) -> list[str]:
    """What a command prints, on both streams, and its status where that is not 0."""
    words = shlex.split(command)
    if words[0] == "soke" and not set("|><&;") & set(command):
        status, said = _soke(words)
    else:
        environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "PATH": f"{folder / '.bin'}:{os.environ['PATH']}"}
        done = subprocess.run(command, shell=True, cwd=folder, env=environment, capture_output=True, text=True,
                              check=False)  # fmt: skip
        status, said = done.returncode, done.stdout + done.stderr
    assert "Traceback" not in said
    lines = [line.rstrip() for line in said.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    return [*lines, *([f"[{status}]"] if status else [])]


def _soke(words: list[str]) -> tuple[int, str]:
    """In this process: a story has many commands."""
    out, before = io.StringIO(), sys.argv
    sys.argv = words
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            main()
    except SystemExit as stopped:
        return int(stopped.code or 0), out.getvalue()
    finally:
        sys.argv = before
    return 0, out.getvalue()


def copy_of_the_house(folder: Path) -> None:
    """The files that a story names, and ``soke`` and ``python3`` as commands."""
    for name in ("examples", "deals"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / ".bin").mkdir()
    for name, words in (("soke", '-m soke "$@"'), ("python3", '"$@"')):
        program = folder / ".bin" / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words}\n')
        program.chmod(0o755)


def test_there_are_stories_and_they_have_commands() -> None:
    assert STORIES
    for story in STORIES:
        assert len(list(steps(story.read_text()))) > 3


@pytest.mark.parametrize("story", STORIES, ids=lambda path: path.parent.name)
def test_a_story_is_true(story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_of_the_house(tmp_path)
    monkeypatch.chdir(tmp_path)
    for step in steps(story.read_text()):
        found = run(step.command, tmp_path)
        said = "\n".join(found)
        assert matches(step.expected, found), f"{story.parent.name}/README.md:{step.line}: $ {step.command}\n{said}"


def test_a_story_that_is_not_true_is_found() -> None:
    assert matches(("a", "...", "d"), ["a", "b", "c", "d"])
    assert matches(("...",), [])
    assert not matches(("a", "d"), ["a", "b", "d"])
    assert not matches(("a", "...", "e"), ["a", "b", "d"])
    assert not matches((), ["a"])
    assert matches(("key ... of ...", "d"), ["key abc of the register", "d"])
    assert not matches(("key ... of a",), ["key abc of b"]) and not matches(("a...b",), ["a", "b"])
    text = "x\n```console\n$ soke one\nsaid\n[1]\n\n$ soke two\n```\n"
    assert list(steps(text)) == [Step(3, "soke one", ("said", "[1]")), Step(7, "soke two", ())]
