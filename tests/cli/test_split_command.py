"""``soke budget split``: what it prints, writes, refuses and makes again."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[2]
WARDS = ROOT / "examples/fund-split/wards.csv"
DEAL = ROOT / "deals/greater-manchester.toml"
RULE = "0.7 need + 0.3 population"
HANDED = ("--commands", "c.jsonl", "--as", "authority", "--person", "Ann Lee")
PLAIN = "code,name,population,need\nA,Ash,1000,100\nB,Birch,2000,100\nC,Cedar,1000,0\n"


@pytest.fixture
def areas(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        (tmp_path / "areas.csv").write_text(text, "utf-8")
        return tmp_path / "areas.csv"

    return write


def test_three_ways_out_agree(soke: Run, areas: Callable[[str], Path]) -> None:
    asked = ("budget", "split", "--fund", "1,000", "--areas", areas(PLAIN), "--by", "need", "--floor", "10")
    status, text, _ = soke(*asked)
    assert status == 0
    assert "£1,000 is shared by need over 3 places, nobody below £10: from £10 to £495." in text
    assert "The figures are unverified. The file does not say where they come from." in text
    _, found, _ = soke(*asked, "--json")
    read = json.loads(found)
    assert [row["pence"] for row in read["rows"]] == [49_500, 49_500, 1_000]
    facts = read["facts"]
    assert (facts["fund_pence"], facts["unit"], facts["by"]) == (100_000, "pence", "need")
    _, found, _ = soke(*asked, "--csv")
    rows = list(csv.DictReader(io.StringIO(found)))
    assert [row["pence"] for row in rows] == ["49500", "49500", "1000"]
    assert [row["decided_by"] for row in rows] == ["its weight", "its weight", "its floor"]
    assert {row["grade"] for row in rows} == {"unverified"}


class TestTheDeal:
    def test_fund_floor_and_cap_come_from_it(self, soke: Run) -> None:
        _, found, _ = soke("budget", "split", "--deal", DEAL, "--areas", WARDS, "--by", RULE, "--json")
        read = json.loads(found)
        pence = [row["pence"] for row in read["rows"]]
        assert (sum(pence), min(pence), max(pence)) == (630_000_000, 500_000, 50_000_000)
        assert read["facts"]["summary"].endswith("nobody below £5,000 or above £500,000: from £5,000 to £500,000.")

    def test_its_districts_where_no_file_is_named(self, soke: Run, tmp_path: Path) -> None:
        status, text, _ = soke("budget", "split", "--deal", DEAL, "--by", "need", "--out", tmp_path / "out")
        assert status == 0
        assert "English Indices of Deprivation 2025" in text
        assert "Manchester makes 4 neighbourhoods or more, at most £500,000 each." in text
        asked = ("--manifest", tmp_path / "out/manifest.json", "--areas", tmp_path / "out/areas.csv")
        assert soke("budget", "split", *asked)[0] == 0

    @pytest.mark.parametrize(("more", "said"), [
        (("--fund", "7m"), 'The deal gives "neighbourhood-budgets" £6,300,000'),
        (("--community", "fares-assembly"), "is no neighbourhood budget of the deal"),
        (("--floor", "600,000"), "A budget of at least £600,000 and at most £500,000 is none."),
        (("--cap", "1,000"), "A budget of at least £5,000 and at most £1,000 is none."),
    ])  # fmt: skip
    def test_what_goes_beyond_it_is_refused(self, soke: Run, more: tuple[str, ...], said: str) -> None:
        status, _, err = soke("budget", "split", "--deal", DEAL, "--areas", WARDS, "--by", "need", *more)
        assert status == 2
        assert said in err


class TestRefused:
    @pytest.mark.parametrize(("asked", "said"), [
        ((), "--by is missing"),
        (("--by", "need"), "--areas is missing"),
        (("--by", "need", "--areas", WARDS), "--fund is missing"),
        (("--by", "need", "--areas", WARDS, "--fund", "nan"), "is no amount of money"),
        (("--by", "need", "--areas", WARDS, "--fund", "1m", "--community", "x"), "--community is an undertaking"),
        (("--by", "wealth", "--areas", WARDS, "--fund", "1m"), 'no column of figures called "wealth"'),
        (("--by", "need", "--areas", WARDS, "--fund", "1m", "--json", "--csv"), "cannot be asked for together"),
        (("--by", "need", "--areas", "nowhere.csv", "--fund", "1m"), "There is no such file"),
        (("--by", "need", "--areas", ROOT, "--fund", "1m"), "This is a folder"),
        (("--by", "need", "--areas", WARDS, "--fund", "1m", "--out", WARDS), "is no folder"),
        (("--by", "need", "--areas", WARDS, "--fund", "1m", *HANDED), "--deal is missing"),
        (("--by", "need", "--areas", WARDS, "--deal", DEAL, *HANDED), "--due is missing"),
        (("--by", "need", "--areas", WARDS, "--deal", DEAL, *HANDED, "--due", "soon"), "is no day"),
        (("--by", "need", "--areas", WARDS, "--deal", DEAL, "--out", "o", *HANDED[:4], "--due", "2027-12-01"),
         "--person is missing"),
        (("--by", "need", "--deal", DEAL, *HANDED, "--due", "2027-12-01"), "These are districts"),
        (("--manifest", WARDS, "--by", "need"), "--manifest brings its rule with it"),
        (("--manifest", WARDS), "--areas is missing"),
        (("--manifest", WARDS, "--areas", WARDS), "This is no record of a split"),
    ])  # fmt: skip
    def test_it_is_a_sentence(self, soke: Run, asked: tuple[object, ...], said: str, tmp_path: Path,
                              monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
        monkeypatch.chdir(tmp_path)
        status, out, err = soke("budget", "split", *asked)
        assert status == 2
        assert said in err
        assert err.count("\n") == 1
        assert not out
        assert not list(tmp_path.iterdir())

    def test_a_pipe_is_not_waited_for(self, soke: Run, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        status, _, err = soke("budget", "split", "--fund", "1m", "--by", "need", "--areas", tmp_path / "pipe")
        assert (status, "pipe or a device" in err) == (2, True)


class TestFiles:
    def test_the_page_stands_alone_and_its_map_speaks(self, soke: Run, tmp_path: Path) -> None:
        out = tmp_path / "out"
        soke("budget", "split", "--deal", DEAL, "--areas", WARDS, "--by", RULE, "--against", "population", "--out", out)
        page = (out / "split.html").read_text("utf-8")
        assert "default-src &#x27;none&#x27;" in page
        assert not any(word in page for word in ("<script", "http://", "https://", "src="))
        main = page.index("<main>")
        svg = ElementTree.fromstring(page[page.index("<svg", main) : page.index("</svg>", main) + 6])
        assert svg.get("role") == "img"
        assert svg.findtext("title") == "What each place gets, pounds a head"
        assert str(svg.findtext("desc")).startswith("Most a head: Old Docks, £41.77 a head")
        said = [path.findtext("title") for path in svg.findall("path")]
        assert len(said) == 24
        assert any("Wyke Moor: £5,000, £16.13 a head; its floor" in str(words) for words in said)
        assert "people in low-income households; made up" in page
        rows = list(csv.DictReader(io.StringIO((out / "split.csv").read_text("utf-8"))))
        assert sum(int(row["pence"]) for row in rows) == 630_000_000
        assert sum(int(row["change_pence"]) for row in rows) == 0

    def test_names_that_would_run_or_mark_up(self, soke: Run, areas: Callable[[str], Path], tmp_path: Path) -> None:
        path = areas('code,name,need\nA,"=HYPERLINK(""x"")",1\nB,<script>alert(1)</script>,1\n')
        soke("budget", "split", "--fund", "10", "--areas", path, "--by", "need", "--out", tmp_path / "out")
        assert "<script" not in (tmp_path / "out/split.html").read_text("utf-8")
        assert "'=HYPERLINK" in (tmp_path / "out/split.csv").read_text("utf-8")
        _, out, _ = soke("budget", "split", "--fund", "10", "--areas", path, "--by", "need", "--csv")
        first = next(csv.DictReader(io.StringIO(out)))
        assert (first["name"], first["pence"]) == ('\'=HYPERLINK("x")', "500")

    def test_most_and_least_say_of_what(self, soke: Run, areas: Callable[[str], Path], tmp_path: Path) -> None:
        path = areas("code,name,population,need\nA,Tiny,1,1\nB,Big,1000,100\n")
        soke("budget", "split", "--fund", "6,688.84", "--areas", path, "--by", "need", "--out", tmp_path / "out")
        page = (tmp_path / "out/split.html").read_text("utf-8").replace("\u00a0", " ")
        assert "£66.23 to £6,622.61" in page
        assert "Most a head: Tiny, £66.23 a head, £66.23 in all." in page
        assert "Least a head: Big, £6.62 a head, £6,623 in all." in page

    def test_nothing_that_was_read_is_written_over(self, soke: Run, tmp_path: Path) -> None:
        out = tmp_path / "o"
        out.mkdir()
        for name in ("split.csv", "areas.csv"):
            (out / name).write_text(PLAIN, "utf-8")
        deal = tmp_path / "deal.toml"
        deal.write_bytes(DEAL.read_bytes())
        plain = ("budget", "split", "--fund", "20,000", "--by", "need")
        handed = ("--deal", deal, *HANDED[2:], "--due", "2099-12-01", "--commands")
        for asked in (
            (*plain, "--areas", out / "split.csv", "--out", out),
            (*plain, "--deal", deal, "--out", out),
            (*plain, "--areas", out / "areas.csv", *handed, out / "areas.csv"),
            (*plain, "--areas", out / "areas.csv", *handed, deal),
        ):
            status, _, err = soke(*asked)
            assert (status, "reads: writing it would" in err or "is there already" in err) == (2, True), err
            assert [path.read_text("utf-8") for path in sorted(out.iterdir())] == [PLAIN, PLAIN]
        assert deal.read_bytes() == DEAL.read_bytes()
        assert soke(*plain, "--deal", deal, "--out", tmp_path / "new")[0] == 0
        assert soke(*plain, "--deal", deal, "--out", tmp_path / "new")[0] == 0

    @pytest.mark.parametrize("columns", ["x,y", "q,r", ""])
    def test_a_map_of_either_kind_or_bars(
        self, soke: Run, areas: Callable[[str], Path], tmp_path: Path, columns: str
    ) -> None:
        places = ["0,0", "1,-3", "2,5"] if columns else ["", "", ""]
        text = f"code,name,need{',' * bool(columns)}{columns}\n" + "".join(
            f"{code},Place {code},{need}{',' * bool(at)}{at}\n"
            for code, need, at in zip("ABC", (0, 1, 9), places, strict=True)
        )
        status, _, _ = soke(
            "budget", "split", "--fund", "9m", "--areas", areas(text), "--by", "need", "--out", tmp_path
        )
        page = (tmp_path / "split.html").read_text("utf-8").split("<main>")[1]
        assert status == 0
        drawn = {"x,y": "<circle", "q,r": "<path", "": "<rect"}
        assert [kind for kind, mark in drawn.items() if mark in page] == [columns]

    def test_what_it_wrote_is_made_again(self, soke: Run, tmp_path: Path) -> None:
        asked = ("budget", "split", "--deal", DEAL, "--areas", WARDS, "--by", RULE, "--together", "--cap", "£38 a head")
        assert soke(*asked, "--out", tmp_path)[0] == 0
        again = ("budget", "split", "--manifest", tmp_path / "manifest.json", "--areas")
        assert soke(*again, WARDS)[:2] == (
            0, "The same: 24 amounts, £6,300,000 70% by need and 30% by population, to the penny.\n",
        )  # fmt: skip
        record = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
        record["pence"]["M01"] += 1
        (tmp_path / "manifest.json").write_text(json.dumps(record), "utf-8")
        status, out, err = soke(*again, WARDS)
        assert status == 1
        assert "Harbourside (M01)" in out
        assert "NOT THE SAME" in err
        assert soke(*again, WARDS, "--json")[0] == 1


def test_the_rounds_are_commands_that_the_register_takes(soke: Run, real: Path, areas: Callable[[str], Path],
                                                         tmp_path: Path) -> None:  # fmt: skip
    commands = tmp_path / "rounds.jsonl"
    asked = ("budget", "split", "--deal", DEAL, "--fund", "20,000", "--areas", areas(PLAIN), "--by", "need", "--floor",
             "5,000", "--commands", commands, "--due", "2099-12-01", "--as", "authority")  # fmt: skip
    status, out, _ = soke(*asked, "--person", "Authority Person", "--label", "spring")
    assert (status, "Wrote 3 rounds" in out) == (0, True)
    rounds = [json.loads(line)["body"] for line in commands.read_text("utf-8").splitlines()]
    assert [(one["round"], one["pence"], one["note"]) for one in rounds] == [
        ("spring-a", 750_000, "Ash"), ("spring-b", 750_000, "Birch"), ("spring-c", 500_000, "Cedar"),
    ]  # fmt: skip
    status, out, _ = soke("register", "record", real, "--file", commands)
    assert status == 0
    assert 'opened the round spring-c of "Neighbourhood budgets": £5,000 to decide' in out


def test_codes_that_would_make_one_round(soke: Run, areas: Callable[[str], Path], tmp_path: Path) -> None:
    path = areas("code,name,population,need\nA-1,Ash,1,1\nA_1,Birch,1,1\n")
    asked = ("--deal", DEAL, "--areas", path, "--fund", "20,000", "--by", "need", "--commands", tmp_path / "c")
    status, _, err = soke("budget", "split", *asked, "--due", "2099-12-01", "--person", "A", "--as", "authority")
    assert status == 2
    assert 'would both make the round "2099-a-1"' in err


@pytest.mark.slow
@pytest.mark.parametrize("width", [1200, 375])
def test_the_page_fits_and_axe_finds_no_fault(soke: Run, tmp_path: Path, chromium: str, width: int) -> None:
    soke("budget", "split", "--deal", DEAL, "--areas", WARDS, "--by", RULE, "--against", "need", "--out", tmp_path)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True).new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto((tmp_path / "split.html").as_uri())
        box = page.locator(".areamap").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 800
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert len(asked) == 1
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        browser.close()
