"""A file that was read is never the one that is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from soke.errors import SokeError
from soke.files import not_an_input


def test_an_input_is_refused_by_each_of_its_names(tmp_path: Path) -> None:
    read, linked, other = tmp_path / "case.toml", tmp_path / "link.toml", tmp_path / "commands.jsonl"
    read.write_text("asset", encoding="utf-8")
    linked.symlink_to(read)
    for name in (read, linked, tmp_path / "." / "case.toml"):
        with pytest.raises(SokeError, match="a file that this command reads"):
            not_an_input(name, [other, read])
    not_an_input(other, [read])
    other.write_text("of last time", encoding="utf-8")
    not_an_input(other, [read])
    not_an_input(read, [])
