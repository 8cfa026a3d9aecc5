"""What a run reads, records and leaves behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from soke.report.run import inputs

ROOT = Path(__file__).parents[2]
GM = ROOT / "deals" / "greater-manchester.toml"
SCENARIO = ROOT / "src" / "soke" / "deal" / "offer" / "scenario.toml"

Run = Callable[..., tuple[int, str, str]]


@pytest.mark.slow
def test_a_file_that_goes_or_changes_meanwhile_is_recorded_as_read(
    soke: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deal = tmp_path / "deal.toml"
    deal.write_text(GM.read_text(encoding="utf-8"), encoding="utf-8")
    whole = inputs.read_checked

    def and_lost(task: inputs.Task) -> tuple[inputs.Checked, bytes]:
        found = whole(task)
        deal.unlink()
        return found

    monkeypatch.setattr("soke.cli.runs.read_checked", and_lost)
    assert soke("run", deal, "--draws", 3, "--out", tmp_path / "out", "-q")[0] == 0
    assert json.loads((tmp_path / "out" / "run.json").read_text())["files"][0]["text"] == GM.read_text(encoding="utf-8")


def test_a_framework_that_goes_meanwhile_is_a_sentence(
    soke: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = GM.read_text(encoding="utf-8").replace('extends = "england"', 'extends = "offer.toml"')
    (tmp_path / "deal.toml").write_text(text, encoding="utf-8")
    (tmp_path / "offer.toml").write_bytes((SCENARIO.parent / "england.toml").read_bytes())
    whole = inputs.read_checked

    def and_lost(task: inputs.Task) -> tuple[inputs.Checked, bytes]:
        found = whole(task)
        (tmp_path / "offer.toml").unlink()
        return found

    monkeypatch.setattr("soke.cli.runs.read_checked", and_lost)
    status, _, err = soke("run", tmp_path / "deal.toml", "--draws", 3, "--out", tmp_path / "out")
    assert status == 2
    assert "not an ordinary file, or is gone" in err
    assert not (tmp_path / "out").exists()


def test_the_recorded_command_says_draws_and_seed_where_given(
    soke: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    given = ("run", GM.relative_to(ROOT), "--draws", 3, "--seed", 0, "--out", tmp_path, "-q", "--workers", 1)
    assert soke(*given)[0] == 0
    record = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert record["command"] == "soke run deals/greater-manchester.toml --draws 3 --seed 0"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--workers", "0"], "0 workers cannot be started"),
        (["--draws", "0"], "0 draws cannot be run"),
        (["--seed", "-1"], "-1 cannot be a seed"),
        (["--scenario", "none.toml"], "no such file"),
        (["--out", ""], "--out names no folder"),
        (["--draws", "10000000"], "10,000,000 draws cannot be run. Ask for 1 to 100,000"),
        (["--backend", "cloud"], "There is no backend 'cloud'"),
        (["--scheduler", "tcp://here:8786"], "'local' has no scheduler"),
        (["--backend", "dask", "--scheduler", "cloud"], "not the address of a Dask scheduler"),
        pytest.param(
            ["--backend", "dask", "--scheduler", "tcp://127.0.0.1:9"],
            "Run on this machine with --backend local.",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_an_error_leaves_no_new_folder(
    soke: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    status, _, err = soke("run", GM, "--out", "new/folder", *more)
    assert status == 2
    assert said in err
    assert list(tmp_path.iterdir()) == []


def imported(folder: Path, *rows: str) -> Path:
    """A folder as ``soke data import`` writes it."""
    folder.mkdir()
    lines = ["code,name,year,variable,value,unit,workbook,sha256", *(f"{row},key.xlsx,{'a' * 64}" for row in rows)]
    (folder / "key-information-2026-27.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.mark.slow
def test_imported_figures_are_used_said_and_recorded(soke: Run, tmp_path: Path) -> None:
    figures = imported(tmp_path / "official", "E08000003,Manchester,2026-27,fair_funding_allocation,900,GBP million")
    plain, given, again = (tmp_path / name for name in ("plain", "given", "again"))
    assert soke("run", GM, "--draws", 5, "--out", plain, "-q")[0] == 0
    assert soke("run", GM, "--draws", 5, "--figures", figures, "--out", given, "-q")[0] == 0
    page = (given / "report.html").read_text(encoding="utf-8")
    assert (
        "1 figures of the settlement were imported" in page
        and "key.xlsx (SHA-256 aaaaaaaaaaaa; unverified, its" in page
    )
    assert "were imported" not in (plain / "report.html").read_text(encoding="utf-8")
    record = json.loads((given / "run.json").read_text(encoding="utf-8"))
    assert record["files"][-1]["path"] == "figures/key-information-2026-27.csv"
    (figures / "key-information-2026-27.csv").unlink()
    assert soke("run", given / "run.json", "--out", again, "-q")[0] == 0, "the record alone is enough"


def test_imported_figures_that_cannot_be_are_a_sentence(soke: Run, tmp_path: Path) -> None:
    figures = imported(tmp_path / "official", "E08000003,Manchester,2026-27,fair_funding_allocation,90000,GBP million")
    status, _, said = soke("run", GM, "--draws", 5, "--figures", figures, "--out", tmp_path / "out", "-q")
    assert status == 2 and "allocation of Manchester is" in said
    status, _, said = soke("run", GM, "--draws", 5, "--figures", tmp_path / "none", "--out", tmp_path / "out", "-q")
    assert status == 2 and "no such folder" in said and not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_scenario_in_layers_is_recorded_whole(soke: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the record alone: the scenario, the one it extends, the shipped one below, and its file of cuts."""
    monkeypatch.chdir(tmp_path)
    head = 'schema = "soke-scenario/1"\nid = "x"\ntitle = "x"\n'
    (tmp_path / "base.toml").write_text(f'{head}extends = "default"\nend_year = "2028-29"\n', "utf-8")
    cuts = '[cuts]\nstarts = "2027-28"\n'
    (tmp_path / "s.toml").write_text(f'{head}extends = "base.toml"\ncuts_by_place = "cuts.csv"\n{cuts}', "utf-8")
    (tmp_path / "cuts.csv").write_text("place,log_change\ndefault,-0.1\n", "utf-8")
    assert soke("run", GM, "--scenario", "s.toml", "--draws", 3, "--workers", 1, "--out", "out", "-q")[0] == 0
    files = [file["path"] for file in json.loads(Path("out/run.json").read_text("utf-8"))["files"]]
    assert files[2:] == ["s.toml", "soke/deal/offer/scenario.toml", "base.toml", "cuts.csv"]
    for name in ("s.toml", "base.toml", "cuts.csv"):
        (tmp_path / name).unlink()
    assert soke("run", "out/run.json", "--workers", 1, "--out", "again", "-q")[0] == 0, "the record alone is enough"


@pytest.mark.slow
def test_a_shipped_scenario_is_run_and_run_again_by_its_name(soke: Run, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert soke("run", GM, "--scenario", "cuts-2010s", "--draws", 3, "--workers", 1, "--out", folder, "-q")[0] == 0
    record = json.loads((folder / "run.json").read_text("utf-8"))
    assert record["scenario"] == "cuts-2010s" and record["command"].endswith("--scenario cuts-2010s --draws 3")
    assert record["files"][2]["path"] == "soke/deal/offer/cuts-2010s.toml"
    assert soke("run", folder / "run.json", "--workers", 1, "--out", tmp_path / "again", "-q")[0] == 0


@pytest.mark.slow
def test_deterrence_is_said_wherever_it_is_on(soke: Run, tmp_path: Path) -> None:
    scenario = tmp_path / "scenario.toml"
    scenario.write_text(SCENARIO.read_text(encoding="utf-8").replace("deterrence = 0.0", "deterrence = 0.25"), "utf-8")
    folder, said = tmp_path / "on", "SWITCHED ON: the prospect of recall prevents 25% of misses."
    status, out, _ = soke("run", GM, "--scenario", scenario, "--draws", 3, "--workers", 1, "--out", folder)
    assert status == 0 and said in out
    assert said in (folder / "report.html").read_text(encoding="utf-8")
    assert said in (folder / "limits.csv").read_text(encoding="utf-8")
    status, out, _ = soke("run", GM, "--draws", 3, "--workers", 1, "--out", tmp_path / "off", "--json")
    assert status == 0 and json.loads(out)["facts"]["switched_on"] == []
