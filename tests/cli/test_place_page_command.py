"""``soke place --page``: the account is printed as ever, and written as a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., tuple[int, str, str]]


def test_the_page_is_written_beside_what_is_printed(soke: Run, tmp_path: Path) -> None:
    path = tmp_path / "scilly.html"
    status, out, _ = soke("place", "Isles of Scilly", "--page", path)
    assert status == 0 and out.startswith("Isles of Scilly, 2023-24") and out.rstrip().endswith(f"Wrote {path}.")
    assert "Isles of Scilly: what is raised and spent, 2023-24" in path.read_text()


def test_json_stays_json(soke: Run, tmp_path: Path) -> None:
    path = tmp_path / "scilly.html"
    status, out, _ = soke("place", "Isles of Scilly", "--json", "--page", path)
    assert status == 0 and json.loads(out)["schema"] == "account_lines/1" and path.exists()


def test_the_page_is_of_one_basis(soke: Run, tmp_path: Path) -> None:
    path = tmp_path / "scilly.html"
    status, out, err = soke("place", "Isles of Scilly", "--basis", "economy", "--page", path)
    assert status == 2 and not out and "Leave out --basis" in err and not path.exists()
