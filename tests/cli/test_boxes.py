"""Every page as a browser lays it out, on a telephone and on a desk, with the shipped files and with far-out ones: no
word is cut, covered, too small or off the page."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "report"))
from made_up_run import make
from measured import wrong_on

from soke.report.contents import RunReport
from soke.report.write import write

pytestmark = pytest.mark.slow
Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[2]
LONG = "Combined authority of Barrow-in-Furness, Bournemouth, Christchurch and Llanfairpwllgwyngyllgogerychwyrndrobwll"
WIDTHS = (1280, 768, 375)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def laid_out(browser: Browser) -> Callable[[Path], None]:
    def check(page_file: Path) -> None:
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": 800})
            page.goto(page_file.as_uri())
            assert wrong_on(page) == [], f"{page_file.name} at {width}"
            assert page.evaluate("document.documentElement.scrollWidth") == width
            page.close()

    return check


def scaled(report: RunReport, by: float) -> RunReport:
    """The same run with every change of the deal so many times as large."""
    series = {name: replace(s, deal=s.as_is + by * (s.deal - s.as_is)) for name, s in report.projection.series.items()}
    return replace(report, projection=replace(report.projection, series=series))


def level(report: RunReport, value: float) -> RunReport:
    """The same run where the deal changes every series by one amount in every draw."""
    series = {
        name: replace(s, deal=np.full_like(s.as_is, value) + s.as_is) for name, s in report.projection.series.items()
    }
    return replace(report, projection=replace(report.projection, series=series))


FAR_OUT: dict[str, Callable[[RunReport], RunReport]] = {
    "as made": lambda r: r,
    "a million times": lambda r: scaled(r, 1e6),
    "the other way": lambda r: scaled(r, -1e3),
    "about nothing": lambda r: scaled(r, 1e-9),
    "all the same": lambda r: level(r, 42.0),
    "nothing": lambda r: level(r, 0.0),
    "long names": lambda r: replace(
        r, names=dict.fromkeys(r.names, LONG), deal=replace(r.deal, title=LONG), account=replace(r.account, name=LONG)
    ),
}


@pytest.mark.parametrize("name", FAR_OUT)
def test_a_run(name: str, laid_out: Callable[[Path], None], tmp_path: Path) -> None:
    laid_out(write(FAR_OUT[name](make()), tmp_path).page)


@pytest.mark.parametrize("deal", ["greater-manchester", "cornwall", "norfolk-and-suffolk"])
def test_a_shipped_deal(deal: str, soke: Run, laid_out: Callable[[Path], None], tmp_path: Path) -> None:
    assert soke("run", ROOT / f"deals/{deal}.toml", "--draws", "20", "--out", tmp_path / "run")[0] == 0
    laid_out(tmp_path / "run/report.html")


@pytest.mark.parametrize("place", ["Greater Manchester", "Isles of Scilly", "England", "Westminster", "South Norfolk"])
def test_a_place(place: str, soke: Run, laid_out: Callable[[Path], None], tmp_path: Path) -> None:
    assert soke("place", place, "--page", tmp_path / "place.html")[0] == 0
    laid_out(tmp_path / "place.html")


AREAS = {
    "hexagons": "code,name,need,q,r\nA,Ash,1,0,0\nB,Bartholomew and Thistlethwaite,9,1,0\nC,St Werburgh's,5,0,1\n",
    "circles": "code,name,need,x,y\nA,Ash,1,0,0\nB,Bartholomew and Thistlethwaite,900,1,0\nC,St Werburgh's,5,0,1\n",
    "neither": "code,name,need\nA,Ash,1\nB,Llanfairpwllgwyngyllgogerychwyrndrobwll and Barrow-in-Furness,9\nC,C,5\n",
    "a row of many": "code,name,need,q,r\n" + "".join(f"P{k},Place number {k},{k + 1},{k},0\n" for k in range(40)),
}


@pytest.mark.parametrize("kind", AREAS)
@pytest.mark.parametrize("fund", ["9", "987,654,321,098.76"])
def test_a_split(kind: str, fund: str, soke: Run, laid_out: Callable[[Path], None], tmp_path: Path) -> None:
    (tmp_path / "areas.csv").write_text(AREAS[kind], "utf-8")
    asked = ("--fund", fund, "--areas", tmp_path / "areas.csv", "--by", "need", "--out", tmp_path / "out")
    assert soke("budget", "split", *asked)[0] == 0
    laid_out(tmp_path / "out/split.html")


def test_a_what_if(soke: Run, laid_out: Callable[[Path], None], tmp_path: Path) -> None:
    assert soke("settle", "--set", "business_rates.retention=1", "--reset", "0", "--out", tmp_path / "out")[0] == 0
    laid_out(tmp_path / "out/what-if.html")


def test_a_count(soke: Run, laid_out: Callable[[Path], None], tmp_path: Path) -> None:
    projects = "".join(f"{k};{10**k};{LONG if k % 2 else 'Bench'}\n" for k in range(1, 9))
    votes = "".join(f"v{k};{','.join(str(1 + (k + j) % 8) for j in range(3))}\n" for k in range(60))
    (tmp_path / "v.pb").write_text(
        f"META\nkey;value\ndescription;{LONG}\ncurrency;GBP\nnum_projects;8\nnum_votes;60\nbudget;50000000\n"
        f"vote_type;approval\nPROJECTS\nproject_id;cost;name\n{projects}VOTES\nvoter_id;vote\n{votes}", "utf-8",
    )  # fmt: skip
    assert soke("budget", "count", tmp_path / "v.pb", "--out", tmp_path / "out")[0] == 0
    laid_out(tmp_path / "out/result.html")


@pytest.mark.parametrize("state", ["recalled.db", "gm.db"])
def test_a_register(state: str, story: Path, soke: Run, laid_out: Callable[[Path], None], tmp_path: Path) -> None:
    assert soke("register", "publish", story / state, "--key", story / "gm.key", "--to", tmp_path / "public")[0] == 0
    laid_out(tmp_path / "public/status.html")
    laid_out(tmp_path / "public/history.html")
