"""A scenario says only what differs: laid over a shipped one or a file, with its own name, and cuts by place beside."""

from pathlib import Path

import pytest

from soke.deal.check import check
from soke.deal.packaged import SCENARIOS
from soke.deal.reader import read_scenario
from soke.deal.types import Range, Scenario
from soke.england.places import places
from soke.errors import SokeError

HEAD = 'schema = "soke-scenario/1"\nextends = "default"\nid = "mine"\ntitle = "Mine"\n'
FILE = 'cuts_by_place = "cuts.csv"\n'
STARTS = '[cuts]\nstarts = "2027-28"\n'


def written(folder: Path, text: str, name: str = "s.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def read(folder: Path, text: str) -> Scenario:
    return read_scenario(written(folder, text))


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_every_shipped_scenario_can_be_read_by_its_name(name: str) -> None:
    scenario = read_scenario(name)
    assert scenario.id == name
    assert scenario.at.file == f"soke/deal/offer/{SCENARIOS[name]}.toml"
    assert not check(f"src/soke/deal/offer/{SCENARIOS[name]}.toml", places()).findings


def test_what_is_not_said_is_that_of_what_is_extended(tmp_path: Path) -> None:
    default, mine = read_scenario(), read(tmp_path, HEAD + "draws = 7\n[recall]\ndeterrence = 0.5e-2\n")
    assert (mine.id, mine.draws, mine.deterrence) == ("mine", 7, 0.005)
    assert mine.gva_growth == default.gva_growth
    assert mine.spending == default.spending and mine.notes == default.notes
    assert mine.where("gva_growth").file == default.at.file and mine.where("draws").file.endswith("s.toml")


def test_lists_merge_by_what_they_are_of(tmp_path: Path) -> None:
    default = read_scenario()
    mine = read(tmp_path, HEAD + '[[spending]]\nfunction = "health"\nreal_growth = [0.0]\n[[note]]\nof = "draws"\n'
                'text = "few"\ngrade = "estimate"\n')  # fmt: skip
    growth = {path.function: path.real_growth for path in mine.spending}
    assert growth == {path.function: path.real_growth for path in default.spending} | {"health": (0.0,)}
    assert [note.of for note in mine.notes] == [*(note.of for note in default.notes), "draws"]


def test_a_file_extends_a_file_that_extends_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    written(tmp_path / "deep", HEAD + "draws = 5\nseed = 3\n", "base.toml")
    mine = read(tmp_path, HEAD.replace('"default"', '"deep/base.toml"') + "draws = 6\n")
    assert (mine.draws, mine.seed) == (6, 3)
    assert [Path(file.shown).name for file in mine.files] == ["scenario.toml", "base.toml"]


def test_a_range_is_one_thing_and_its_order_is_checked_after_laying(tmp_path: Path) -> None:
    assert read(tmp_path, HEAD + "gva_growth.high = 0.03\n").gva_growth == Range(low=0.010, central=0.015, high=0.03)
    with pytest.raises(SokeError, match="out of order"):
        read(tmp_path, HEAD + "gva_growth.high = 0.0\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD.replace('"default"', '"defualt"'), r's\.toml:2:\d+: The scenario "defualt" cannot be read.* default or'),
        (HEAD.replace('"default"', '"s.toml"'), r"s\.toml:2:\d+: The scenario extends 8 others"),
        (HEAD.replace('"default"', "5"), r's\.toml:2:\d+: "extends" should be text'),
        (HEAD.replace('id = "mine"\n', ""), 'has no "id"'),
        (HEAD.replace('title = "Mine"\n', ""), 'has no "title"'),
        (HEAD + "drawz = 5\n", r's\.toml:5:\d+: The file has no key called "drawz"\. Did you mean "draws"'),
        (HEAD.replace('"default"', '"deal.toml"'), 'The schema "soke-deal/1" is not that of a scenario'),
        (HEAD.replace('"default"', '"broken.toml"'), r"broken\.toml:1:\d+: This is not TOML"),
        (HEAD.replace('"default"', '"."'), "a folder"),
        (HEAD + STARTS, "The cuts have no path and no file by place"),
        (HEAD + FILE, "does not say when they start"),
        (HEAD + FILE + STARTS + 'path = "2010s"\n', "The cuts are said twice"),
        (HEAD + '[cuts]\npath = "2010"\nstarts = "2027-28"\n', 'Did you mean "2010s"'),
        (HEAD + '[cuts]\npath = "2010s"\n', '"cuts" has no "starts"'),
        (HEAD + STARTS + 'path = "2010s"\nscale = -1.0\n', r'"cuts\.scale" cannot be -1\. Give a number from 0 to 5'),
        (HEAD + STARTS.replace("2027-28", "2025-26") + 'path = "2010s"\n', "Cuts cannot start in 2025-26"),
        (HEAD + STARTS.replace("2027-28", "2090-91") + 'path = "2010s"\n', "Cuts cannot start in 2090-91"),
        (HEAD + 'cuts_by_place = "none.csv"\n' + STARTS, r's\.toml:5:\d+: The file of cuts "none\.csv" cannot be read'),
        (HEAD + "cuts_by_place = 5\n" + STARTS, '"cuts_by_place" should be text'),
    ],
)
def test_a_faulty_layer_is_a_sentence_and_a_finding(tmp_path: Path, text: str, words: str) -> None:
    written(tmp_path, 'schema = "soke-deal/1"\n', "deal.toml")
    written(tmp_path, "schema == 1\n", "broken.toml")
    written(tmp_path, "place,log_change\ndefault,-0.1\n", "cuts.csv")
    path = written(tmp_path, text)
    with pytest.raises(SokeError, match=words):
        read_scenario(path)
    assert check(path, places()).findings


def test_a_name_that_is_none_says_which_are_shipped() -> None:
    with pytest.raises(SokeError, match=r"no such file.*cuts-2010s"):
        read_scenario("cuts-2020s")


def test_a_file_of_cuts_is_read_from_beside_the_scenario(tmp_path: Path) -> None:
    written(tmp_path, "place,log_change\nE08000003,-0.4\n\n default , -0.1\n", "cuts.csv")
    scenario = read(tmp_path, HEAD + FILE + STARTS)
    assert scenario.cut_places == {"E08000003": -0.4, "default": -0.1}
    assert scenario.cuts and scenario.cuts.path is None and scenario.cuts.scale == 1.0
    assert [Path(file.shown).name for file in scenario.files] == ["scenario.toml", "cuts.csv"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("E08000999,-0.1", "No authority of today has the code 'E08000999'"),
        ("E47000001,-0.1", "No authority of today has the code"),
        ("E08000003,-0.1\nE08000003,-0.2", "E08000003 stands twice"),
        ("E08000003,nan", "'nan' is no number"),
        ("E08000003,inf", "'inf' is no number"),
        ("E08000003,a fifth", "'a fifth' is no number"),
        ("E08000003,", "'' is no number"),
        ("E08000003,-19", r"A log change cannot be -19: it runs from -3 to 3\. Write -0\.19"),
        ("E08000003", "The line has 1 cells"),
        ("E08000003,-0.1,2027", "The line has 3 cells"),
    ],
)
def test_a_faulty_line_of_cuts_is_refused_at_its_line(tmp_path: Path, line: str, words: str) -> None:
    written(tmp_path, f"place,log_change\ndefault,-0.1\n{line}\n", "cuts.csv")
    number = 3 + line.count("\n")
    with pytest.raises(SokeError, match=rf"cuts\.csv:{number}:1: {words}"):
        read(tmp_path, HEAD + FILE + STARTS)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"place,log_change\nE08000003,-0.1\n", "no figure for 295 places"),
        (b"", "no figure for 296 places"),
        (b"code,change\n", "The first line is not the header"),
        (b"place,log_change\n\xff,1\n", "not UTF-8"),
    ],
)
def test_a_file_that_is_no_table_of_cuts_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "cuts.csv").write_bytes(content)
    with pytest.raises(SokeError, match=words):
        read(tmp_path, HEAD + FILE + STARTS)
