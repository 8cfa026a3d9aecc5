"""Where the output goes: a full disk, a closed stream, an encoding that lacks a letter."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from soke.cli.output import show, told_while
from soke.errors import SokeError
from soke.table import Cell, Column, Table
from soke.text import clean, start_year

ROOT = Path(__file__).parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT / "src")}
COMMANDS = ("places --kind country", "place Leeds --json", "explain DR401", "--version")


def shell(line: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = ["/bin/sh", "-c", line.replace("soke", f"{sys.executable} -m soke", 1)]
    return subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT | more, check=False, cwd=ROOT)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_is_a_sentence(command: str) -> None:
    done = shell(f"soke {command} >/dev/full")
    assert done.returncode == 2
    assert done.stderr.startswith("soke: The output cannot be written: No space left on device.")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_a_closed_output_is_no_fault(command: str) -> None:
    done = shell(f"soke {command} >&-")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_closed_error_stream_is_no_fault() -> None:
    assert shell("soke place Atlantis 2>&-").returncode == 2


def test_a_letter_that_the_output_lacks_is_replaced() -> None:
    done = shell("soke place Leeds", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")


def test_text_that_misleads_is_cleaned() -> None:
    assert clean("a\x1b[31m\x9b\u202eb\u2066c\ud800\tθé\n") == "a\ufffd[31m\ufffd\ufffdb\ufffdc\ufffd\tθé\n"


def test_text_in_csv_is_no_formula_and_numbers_are_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[tuple[Cell, Cell]] = [(said, -1) for said in ("=1+1", "@x", "-2", "\uff1dA1", "a=b", "'=kept")]
    table = Table.of("t", "", (Column("a", "a"), Column("b", "b", "plain")), [*rows, (None, -0.5)])
    show(table, as_json=False, as_csv=True)
    assert capsys.readouterr().out == "a,b\n'=1+1,-1\n'@x,-1\n'-2,-1\n'\uff1dA1,-1\na=b,-1\n'=kept,-1\n,-0.5\n"


@pytest.mark.parametrize("year", ["２０１３-１４", "2013-15", "13-14", ""])
def test_what_is_not_a_financial_year(year: str) -> None:
    with pytest.raises(SokeError, match="not a financial year"):
        start_year(year)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_long_work_is_told_on_a_terminal_from_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    monkeypatch.setenv("TERM", "xterm")
    with told_while() as tell:
        tell("who fits no [red]panel?\x1b[2J")
    shown = terminal.getvalue()
    assert "who fits no [red]panel?\ufffd[2J" in shown and "0:00:00" in shown
    monkeypatch.setattr(sys, "stderr", elsewhere := io.StringIO())
    with told_while() as tell:
        tell("who fits no panel?")
    assert elsewhere.getvalue() == ""


def test_what_stands_for_no_figure_may_be_a_word_of_its_own() -> None:
    column = Column("from_day", "in force from", missing="not known")
    assert (column.said(None), column.said("2026-04-01")) == ("not known", "2026-04-01")
    assert Column("left_gbp", "left", "plain", digits=2, missing="").said(None) == ""
