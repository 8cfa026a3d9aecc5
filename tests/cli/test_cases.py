"""``soke cases``: exit status, table, JSON and CSV."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., tuple[int, str, str]]
DEAL = Path("deals/greater-manchester.toml")


def test_all_agree(soke: Run) -> None:
    status, out, err = soke("cases", DEAL)
    assert status == 0
    assert "near-miss" in out and "differs" not in out
    assert err == "All 9 come out as the deal says.\n"


def test_one_that_differs_is_a_failure(soke: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "deal.toml"
    text = DEAL.read_text("utf-8").replace('then = { communities-decide = "missed" }',
                                           'then = { communities-decide = "met", unheard-of = "met" }')  # fmt: skip
    wrong.write_text(text, "utf-8")
    status, out, err = soke("cases", wrong, "--json")
    assert (status, err) == (1, "")
    found = json.loads(out)
    assert (found["facts"]["lines"], found["facts"]["differ"]) == (10, 2)
    differing = [(row["condition"], row["gives"], row["says"]) for row in found["rows"] if row["verdict"] == "differs"]
    assert differing == [("communities-decide", "missed", "met"), ("unheard-of", "no such condition", "met")]
    status, out, err = soke("cases", wrong)
    assert status == 1 and "2 of 10 come out otherwise than the deal says." in err


def test_csv(soke: Run) -> None:
    status, out, _ = soke("cases", DEAL, "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert status == 0 and len(rows) == 9
    assert {row["verdict"] for row in rows} == {"agrees"}
    assert rows[-1]["given"] == "missing after 91 days"


def test_bad_input_is_a_sentence(soke: Run, tmp_path: Path) -> None:
    status, out, err = soke("cases", tmp_path / "none.toml")
    assert (status, out) == (2, "") and err.startswith("soke: ")
    (tmp_path / "bad.toml").write_text("not toml", "utf-8")
    assert soke("cases", tmp_path / "bad.toml")[0] == 2
    assert soke("cases", DEAL, "--json", "--csv")[0] == 2
