"""``run``, ``budget count`` and ``budget split`` write over an earlier result of their own, and over nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from soke.errors import SokeError
from soke.report.own_folder import check_own, of_count, of_run, of_split

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[2]
AREAS = "code,name,population,need\nA,Alder,100,1\nB,Birch,300,3\n"
BALLOTS = """META
key;value
description;Two projects
num_projects;2
num_votes;3
budget;100
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;name
1;60;Bench
2;50;Tree
VOTES
voter_id;vote
a;1
b;1,2
c;2
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("areas.csv").write_text(AREAS)
    Path("ballots.pb").write_text(BALLOTS)
    Path("other.pb").write_text(BALLOTS.replace("c;2", "c;1,2"))


def contents() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(Path("out").rglob("*")) if path.is_file()}


OTHER = ("budget", "count", "other.pb", "--out", "out", "--rule", "greedy")
DEAL = ("run", ROOT / "deals" / "cornwall.toml", "--out", "out", "--draws", "2")
SPLIT = ("budget", "split", "--fund", "1,000", "--areas", "areas.csv", "--out", "out", "--by")
COUNT = ("budget", "count", "ballots.pb", "--out", "out", "--rule")


@pytest.mark.parametrize(
    ("first", "again", "said"),
    [
        ((*SPLIT, "need"), (*SPLIT, "population"), "by need, not the split of a fund by population"),
        ((*SPLIT, "need"), (*SPLIT, "need", "--floor", "10"), "the split of a fund by need, on other terms, not"),
        ((*SPLIT, "need"), (*COUNT, "greedy"), "the split of a fund by need, not a count"),
        ((*COUNT, "greedy"), (*COUNT, "equal_shares"), "by greedy, not a count of the ballots"),
        ((*COUNT, "greedy"), OTHER, "a count of the ballots"),
        ((*COUNT, "greedy"), (*SPLIT, "need"), "by greedy, not the split"),
        ((*COUNT, "greedy"), DEAL, "by greedy, not the run"),
    ],
)  # fmt: skip
def test_another_result_is_never_written_over(soke: Run, first: tuple[str], again: tuple[str], said: str) -> None:
    assert soke(*first)[0] == 0
    before = contents()
    status, _, err = soke(*again)
    assert status == 2 and said in err and "--out" in err and contents() == before


def test_the_same_rule_may_be_applied_again(soke: Run) -> None:
    assert soke(*SPLIT, "need")[0] == 0
    assert soke("budget", "split", "--fund", "2,000", "--areas", "areas.csv", "--out", "out", "--by", "need")[0] == 0
    assert json.loads(Path("out/manifest.json").read_text())["fund_pence"] == 200_000
    Path("elsewhere.csv").write_text(AREAS.replace("B,", "C,"))
    other = ("budget", "split", "--fund", "2,000", "--areas", "elsewhere.csv", "--out", "out", "--by", "need")
    assert soke(*other)[0] == 2, "the areas are another town's"


def test_counting_again_is_no_harm(soke: Run) -> None:
    assert [soke(*COUNT, "greedy")[0] for _ in range(2)] == [0, 0]


@pytest.mark.parametrize("name", ["split.csv", "manifest.json", "result.html", "ledger.csv"])
def test_a_file_of_somebody_is_never_written_over(soke: Run, name: str) -> None:
    Path("out").mkdir()
    (Path("out") / name).write_text("mine")
    for command in ((*SPLIT, "need"), (*COUNT, "greedy")):
        taken = name == "manifest.json" or ("split" in name) == ("split" in command)
        status, _, err = soke(*command)
        assert (status, f"holds {name}" in err or f"a {name} that is no record" in err) == (
            (2, True) if taken else (0, False)
        )
        assert (Path("out") / name).read_text() == "mine"
        for path in Path("out").iterdir():
            if path.name != name:
                path.unlink()


def test_a_file_that_is_in_nobodys_way_stays(soke: Run) -> None:
    Path("out").mkdir()
    Path("out/notes.txt").write_text("mine")
    assert soke(*SPLIT, "need")[0] == 0 and Path("out/notes.txt").read_text() == "mine"


RUN = '{"deal": "%s", "outputs": {"report.html": "x"}}'


def test_a_run_is_written_over_by_a_run_of_its_deal_alone() -> None:
    out = Path("out")
    out.mkdir()
    (out / "run.json").write_text(RUN % "leeds")
    (out / "report.html").write_text("earlier")
    check_own(out, ["report.html", "run.json"], of_run("leeds"))
    check_own(out, ["report.html", "sources.csv"], of_run("leeds"))
    for mine, said in (
        (of_run("york"), r'out holds the run of the deal "leeds", not the run of the deal "york"'),
        (of_split({"by": "need", "pence": {}}), "not the split of a fund by need"),
        (of_count({"rule": {"rule": "greedy"}}), "not a count by greedy"),
    ):
        with pytest.raises(SokeError, match=said):
            check_own(out, ["report.html"], mine)
    (out / "sources.csv").write_text("mine")
    with pytest.raises(SokeError, match=r"holds sources\.csv, which no earlier result there vouches for"):
        check_own(out, ["report.html", "sources.csv"], of_run("leeds"))
    (out / "run.json").write_text("not json")
    with pytest.raises(SokeError, match=r"a run\.json that is no record of Soke"):
        check_own(out, ["report.html"], of_run("leeds"))


def test_names_in_a_record_cannot_steer_the_terminal() -> None:
    Path("out").mkdir()
    Path("out/run.json").write_text(json.dumps({"deal": "x\x1b[2J" * 100, "outputs": {}}))
    with pytest.raises(SokeError) as told:
        check_own(Path("out"), ["x"], of_run("leeds"))
    assert "\x1b" not in str(told.value) and len(str(told.value)) < 400


@pytest.mark.slow
def test_the_run_of_another_deal_stops_before_the_work(soke: Run) -> None:
    cornwall, norfolk = (ROOT / "deals" / f"{name}.toml" for name in ("cornwall", "norfolk-and-suffolk"))
    assert soke("run", cornwall, "--draws", 2, "--workers", 1, "--out", "out", "-q")[0] == 0
    before = contents()
    status, _, err = soke("run", norfolk, "--draws", 2, "--workers", 1, "--out", "out", "-q")
    assert status == 2 and 'holds the run of the deal "cornwall' in err and contents() == before
    assert soke("run", cornwall, "--draws", 3, "--workers", 1, "--out", "out", "-q")[0] == 0
    assert soke(*SPLIT, "need")[0] == 2 and soke(*COUNT, "greedy")[0] == 2
