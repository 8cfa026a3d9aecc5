"""The smallest chance beside sortition-algorithms (GPL-3.0), which runs in a process and a Python of its own."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from soke.community.assemblies.leximin import leximin
from soke.community.assemblies.pool import read_pool, read_quotas
from soke.community.assemblies.types import types_of

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_smallest_chance_is_that_of_the_peer(source_dir: Path) -> None:
    python = Path(os.environ.get("SOKE_SORTITION") or ROOT / ".peers" / "sortition" / "bin" / "python")
    if not python.exists():
        pytest.skip("sortition-algorithms is not installed: bench/community.py --only assemblies does that.")
    folder = source_dir / "community" / "sortition" / "synthetic" / "syn250_20"
    command = [python, ROOT / "bench" / "community_assemblies_peer.py", folder, "20", "maximin"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    quotas = read_quotas((folder / "categories.csv").read_bytes(), "categories.csv")
    pool = read_pool((folder / "respondents.csv").read_bytes(), "respondents.csv", quotas, "", "")
    found = leximin(types_of(pool, quotas, 20).polytope)
    assert found.smallest == pytest.approx(json.loads(told.splitlines()[-1])["smallest"], abs=1e-4)
