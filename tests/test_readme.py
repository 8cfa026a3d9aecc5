"""The script of the README is true: it runs as it stands, without a guard, in a file and from standard input."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPT = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("how", ["a file", pytest.param("standard input", marks=pytest.mark.slow)])
def test_the_script_of_the_readme_prints_two_tables(how: str, tmp_path: Path) -> None:
    (script,) = SCRIPT
    assert len(script.splitlines()) <= 10
    file = tmp_path / "script.py"
    file.write_text(script)
    done = subprocess.run(
        [sys.executable, "-W", "error", str(file) if how == "a file" else "-"],
        input="" if how == "a file" else script,
        capture_output=True, text=True, timeout=120, check=False, cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 errors" in done.stdout and "Greater Manchester would decide on" in done.stdout
    assert "The difference" in done.stdout and "Narrowing of the gap" in done.stdout
