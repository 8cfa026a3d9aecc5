"""The command line as a person meets it: output, exit status, and a sentence for every bad input."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEALS = sorted((ROOT / "deals").glob("*.toml"))
GOOD = [d for d in DEALS if d.stem != "broken"]
GM = ROOT / "deals" / "greater-manchester.toml"

Run = Callable[..., tuple[int, str, str]]


def test_place_prints_the_account(soke: Run) -> None:
    status, out, _ = soke("place", "Greater Manchester", "--year", "2013-14")
    assert status == 0
    assert "Raises £23.0bn" in out and "four times in five" in out and "11% measured here" in out
    assert "23,668" in out and "8,995" in out  # by one share: published, raises 23.7bn and is short by 9.0bn
    claims = out.partition("What others published of this place")[2].splitlines()
    assert any("raises about £17bn" in row and "yes" in row for row in claims)
    assert any("spends £21bn" in row and "no" in row for row in claims)


def test_place_as_json_and_csv(soke: Run) -> None:
    status, out, _ = soke("place", "E47000001", "--json")
    account = json.loads(out)
    assert status == 0
    assert account["facts"]["year"] == "2023-24"
    gap = account["facts"]["gap_half_width_gbp_million_cash"]
    assert 2_000 < gap < 3_000
    assert {"place_code", "name", "year", "gbp_million_cash"} <= set(account["rows"][0])
    spent = sum(r["gbp_million_cash"] for r in account["rows"] if r["side"] == "spent")
    assert spent == pytest.approx(account["facts"]["spending_gbp_million_cash"])
    _, out, _ = soke("place", "E47000001", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == len(account["rows"])
    assert list(rows[0])[:6] == ["place_code", "name", "year", "line", "side", "basis"]
    assert {(r["place_code"][:9], r["name"], r["year"]) for r in rows} == {
        ("E08000001", "Greater Manchester", "2023-24")
    }
    assert all(r["source"] and r["source_title"] for r in rows)
    for side, total in (("raised", "receipts"), ("spent", "spending")):
        mine = {r["line_id"] for r in rows if r[f"{side}_gbp_million_cash"]}
        assert mine == {r["line_id"] for r in rows if r["side"] == side}
        whole = sum(float(r[f"{side}_gbp_million_cash"] or 0) for r in rows)
        assert whole == pytest.approx(account["facts"][f"{total}_gbp_million_cash"])
    money = {key for key in rows[0] if "gbp" in key and not key.startswith(("raised_", "spent_"))}
    assert money == {"half_width_gbp_million_cash"}, "no column adds taxes to spending"


def test_place_of_several_and_of_a_district(soke: Run) -> None:
    status, out, _ = soke("place", "Leeds", "Bradford", "--lines")
    assert status == 0
    assert "Leeds and Bradford" in out
    assert "Social Contributions" in out
    status, out, _ = soke("place", "Cambridge", "--year", "2022-23")
    assert status == 0
    assert "Part of Cambridgeshire only" in out and "measured wider" in out


def test_place_explains_a_number(soke: Run) -> None:
    status, out, _ = soke("place", "Greater Manchester", "--year", "2022-23", "--explain", "income tax")
    assert status == 0
    for said in ("£7,090m here", "published 19,482", "6,763, by 27 constituencies", "19,482 / 18,584 = 1.0483",
                 "6,763 x 1.0483 = 7,090", "measured here 7,090"):  # fmt: skip
        assert said in out
    status, out, _ = soke("place", "Kent", "--explain", "gap", "--json")
    assert status == 0
    assert set(json.loads(out)["tables"]) == {"sum_lines", "sum_facts"}


def test_small_places_are_told_in_millions_and_surpluses_as_over(soke: Run) -> None:
    _, out, _ = soke("place", "Isles of Scilly")
    assert "Raises £4" in out and "0.0bn" not in out
    _, out, _ = soke("place", "Surrey")
    assert "over, within plus or minus" in out and "£-" not in out
    assert "People here pay" in out and "the economy here generates" in out


def test_place_by_year(soke: Run) -> None:
    status, out, _ = soke("place", "Leeds", "--history", "--csv")
    assert status == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [rows[0]["year"], rows[-1]["year"], len(rows)] == ["1999-00", "2023-24", 25]
    assert rows[0]["name"] == "Leeds" and rows[0]["place_code"] and "ONS" in rows[0]["source"]
    explained = soke("place", "Leeds", "--explain", "gap", "--csv")[1]
    assert explained.splitlines()[1].startswith("E08000035,Leeds,2023-24,")


def test_places(soke: Run) -> None:
    _, out, _ = soke("places", "--kind", "combined-authority", "--json")
    assert len(json.loads(out)["rows"]) == 15
    _, out, _ = soke("places", "--within", "South East", "--csv")
    assert len(out.splitlines()) == 65


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["place", "Mancester"], "Did you mean Manchester"),
        (["place", "Allerdale"], "replaced on 1 April 2023 by Cumberland"),
        (["place", "Leeds", "--year", "2013"], "not a financial year"),
        (["place", "Leeds", "--year", "2013-15"], "not a financial year"),
        (["place", "Leeds", "--year", "1989-90"], "no account for 1989-90"),
        (["place", "Leeds", "--basis", "guess"], "is not a basis"),
        (["place", "Leeds", "--explain", "window tax"], "No line of the account is called"),
        (["place", "Leeds", "--explain", "incom tax"], "Did you mean Income Tax"),
        (["place", "Leeds", "--explain", "health", "--basis", "economy"], "there are taxes only"),
        (["place", "Leeds", "--figures", "no-such-folder"], "no such folder of imported figures"),
        (["place", "Leeds", "--json", "--csv"], "cannot be asked for together"),
        (["places", "--kind", "village"], "is not a kind of place"),
        (["check", "nowhere.toml"], "nowhere.toml"),
        (["check", "."], "."),
        (["explain", "XX999"], "XX999"),
        (["run", "deals/greater-manchester.toml", "--draws", "0"], "draws"),
        (["run", "deals/greater-manchester.toml", "--draws", "10000000"], "draws"),
        (["run", "deals/greater-manchester.toml", "--draws", "many"], "draws"),
        (["run", "deals/greater-manchester.toml", "--seed", "-1", "--draws", "2"], "seed"),
        (["run", "deals/greater-manchester.toml", "--scenario", "none.toml"], "none.toml"),
        (["run", "deals/greater-manchester.toml", "--out", "/proc/nowhere"], "--out"),
        (["compare", "/nowhere", "/nothing"], "does not hold a run"),
        (["new", "Atlantis"], "No place in England"),
        (["data", "build", "/nowhere"], "/nowhere"),
        (["fly"], "fly"),
        (["place"], "NAME"),
        (["place", "Leeds", "--colour"], "--colour"),
    ],
)
def test_bad_input_is_a_sentence_and_status_2(
    soke: Run, args: list[str], said: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "deals").symlink_to(ROOT / "deals")
    monkeypatch.chdir(tmp_path)
    status, out, err = soke(*args)
    assert status == 2
    assert said.lower() in err.lower()
    assert not out.strip()
    assert len(err) < 600


def test_hostile_text_does_not_reach_the_terminal(soke: Run) -> None:
    _, _, err = soke("place", "\x1b[2J\x07Leedz")
    assert "\x1b" not in err
    assert "\x07" not in err


@pytest.mark.parametrize("deal", GOOD, ids=lambda p: p.stem)
def test_shipped_deals_are_clean_or_warn_only(soke: Run, deal: Path) -> None:
    status, out, _ = soke("check", deal, "--json")
    assert status == 0
    assert json.loads(out)["facts"]["errors"] == 0


def test_the_broken_deal_is_broken(soke: Run) -> None:
    """Which fault is found on which line is tests/deal/test_broken.py's business."""
    status, out, _ = soke("check", ROOT / "deals" / "broken.toml", "--json")
    found = json.loads(out)
    assert status == 1
    assert len({row["code"] for row in found["rows"]}) >= 30
    assert all(row["fact"] and row["fix"] and row["line"] >= 1 for row in found["rows"])


def test_run_refuses_a_broken_deal(soke: Run, tmp_path: Path) -> None:
    status, _, err = soke("run", ROOT / "deals" / "broken.toml", "--out", tmp_path / "x")
    assert status == 1
    assert "was not run" in err
    assert not (tmp_path / "x").exists()


def test_new_writes_a_deal_that_checks(soke: Run, tmp_path: Path) -> None:
    file = tmp_path / "south-yorkshire.toml"
    assert soke("new", "South Yorkshire", "--out", file)[0] == 0
    status, out, _ = soke("check", file, "--json")
    assert status == 0, out
    status, _, err = soke("new", "South Yorkshire", "--out", file)
    assert status == 2
    assert "already there" in err


def test_diff_says_what_changed(soke: Run, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    text = GM.read_text(encoding="utf-8")
    other.write_text(text.replace("revenue = 102_000_000 }]\nprevious", "revenue = 92_000_000 }]\nprevious"))
    status, out, _ = soke("diff", GM, other)
    assert status == 0
    assert "102,000,000" in out
    assert "92,000,000" in out
    assert soke("diff", GM, GM)[1].strip() == "Nothing differs."


def test_explain(soke: Run) -> None:
    status, out, _ = soke("explain", "dr401")
    assert status == 0
    assert "DR401" in out


def test_run_and_compare(soke: Run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        status, out, _ = soke("run", GM, "--draws", 12, "--out", tmp_path / name, "--json", "--workers", 1)
        assert status == 0
    summary = json.loads(out)
    assert [row["id"] for row in summary["rows"]] and len(summary["rows"]) == 4
    assert summary["facts"]["failed_draws"] == 0
    for file in (tmp_path / "a").iterdir():  # the same run gives the same bytes
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes(), file.name
    status, out, _ = soke("compare", tmp_path / "a", tmp_path / "b", "--json")
    assert status == 0
    for row in json.loads(out)["rows"]:
        assert row["difference"] == 0
    soke("run", GM, "--draws", 12, "--seed", 2, "--out", tmp_path / "c", "--quiet")
    status, _, err = soke("compare", tmp_path / "a", tmp_path / "c")
    assert status == 2
    assert "not paired" in err


@pytest.mark.slow
def test_run_json_alone_gives_the_same_bytes_again(soke: Run, tmp_path: Path) -> None:
    """From another folder, and with the deal, its framework and the scenario gone."""
    work = tmp_path / "work"
    work.mkdir()
    text = GM.read_text(encoding="utf-8").replace('extends = "england"', 'extends = "offer.toml"')
    (work / "deal.toml").write_text(text, encoding="utf-8")
    offer = ROOT / "src" / "soke" / "deal" / "offer"
    (work / "offer.toml").write_text((offer / "england.toml").read_text(encoding="utf-8"), encoding="utf-8")
    scenario = (offer / "scenario.toml").read_text(encoding="utf-8").replace('envelope = "plans"', 'envelope = "cuts"')
    (work / "cuts.toml").write_text(scenario, encoding="utf-8")
    first, again = tmp_path / "first", tmp_path / "again"
    command = ("run", work / "deal.toml", "--scenario", work / "cuts.toml", "--draws", 7, "--out", first, "-q")
    assert soke(*command)[0] == 0
    for file in work.iterdir():
        file.unlink()
    status, _, err = soke("run", first / "run.json", "--out", again, "-q")
    assert "same bytes" in err
    assert status == 0
    record = json.loads((first / "run.json").read_text(encoding="utf-8"))
    assert record == json.loads((again / "run.json").read_text(encoding="utf-8"))
    for broken, said in (
        ({**record, "draws": "many"}, "not the record"),
        ({**record, "files": record["files"][:1]}, "not the record"),
        ({**record, "files": [{**f, "text": f["text"] + " "} for f in record["files"]]}, "was changed"),
        ({**record, "files": [{**f, "path": "../../" + f["path"]} for f in record["files"]]}, "outside"),
    ):
        (tmp_path / "broken.json").write_text(json.dumps(broken), encoding="utf-8")
        status, _, err = soke("run", tmp_path / "broken.json", "--out", again)
        assert status == 2
        assert said in err


def test_quiet_prints_nothing(soke: Run, tmp_path: Path) -> None:
    assert soke("run", GM, "--draws", 5, "--out", tmp_path, "-q") == (0, "", "")


def test_every_command_has_help_with_an_example(soke: Run) -> None:
    for name in ("place", "places", "new", "check", "explain", "run", "compare", "diff"):
        status, out, _ = soke(name, "--help")
        assert status == 0
        assert f"Example: soke {name}" in out


def wait_for_workers(process: int) -> None:
    """Until it has started others: on a busy machine its imports alone may take long."""
    children = Path(f"/proc/{process}/task/{process}/children")
    until = time.monotonic() + 120
    while not children.read_text():
        assert time.monotonic() < until, "no worker was started"
        time.sleep(0.1)
    time.sleep(1)


@pytest.mark.slow
def test_ctrl_c_stops_cleanly(tmp_path: Path) -> None:
    """130, one sentence, no traceback, nothing half-written."""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "soke", "run", str(GM), "--draws", "20000", "--out", str(tmp_path / "run")]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True
    )
    try:
        wait_for_workers(process.pid)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    assert process.returncode == 130
    assert "Traceback" not in out + err
    assert not (tmp_path / "run").exists()
