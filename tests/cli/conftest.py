"""A command run in this process."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from register_story import real, story, whole

from soke.cli import main

__all__ = ["real", "soke", "story", "whole"]  # fixtures: a register in a folder, for the tests of `soke register`
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def soke(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process: (exit status, standard output, standard error)."""

    def run(*args: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["soke", *map(str, args)])
        with pytest.raises(SystemExit) as stopped:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return int(stopped.value.code or 0), out, err

    return run
