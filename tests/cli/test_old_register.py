"""What the commands print of a register of November 2026 is what they printed then, and more."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from register_story import Run

OLD = Path(__file__).parents[1] / "register" / "old"


@pytest.mark.parametrize("command", ["history", "status"])
def test_it_reads_the_same(tmp_path: Path, soke: Run, command: str) -> None:
    (tmp_path / "gm.db").write_bytes(gzip.decompress((OLD / "gm.db.gz").read_bytes()))
    status, out, _ = soke("register", command, tmp_path / "gm.db")
    printed = iter(out.splitlines())
    before = (OLD / f"{command}.txt").read_text().splitlines()
    assert status == 0
    assert [line for line in before if line not in printed] == []  # each in its order; sections may have come since
