"""The pictures of the site in the handbook, made from shipped figures and the stories: at two widths, none cut.

``SOKE_WRITE_PICTURES=1`` writes them anew into ``docs/handbook/site``.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from small_pictures import packed

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
KEPT = ROOT / "docs" / "handbook" / "site"
STORY = ROOT / "examples" / "greater-manchester-register"
PICTURED = {
    "1-front": "index.html",
    "2-place": "places/greater-manchester.html",
    "3-district": "places/south-norfolk.html",
    "4-powers": "powers/index.html",
    "5-deal": "deals/greater-manchester/index.html",
    "6-register": "registers/gm/index.html",
    "7-decision": "decisions",
    "8-sum": "places/greater-manchester-sums.html#sum-income-tax",
    "9-like": "places/south-norfolk-like.html",
}
WIDTHS, TALL = (1280, 375), 1000  # pixels: what is seen first
LEAST, MOST = 8_000, 120_000  # bytes of a picture that shows something, and of one that the handbook can carry


def soke(folder: Path, *words: str) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "-m", "soke", *words], cwd=folder, env=environment, check=False,
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, (words, done.stderr)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, whole_folder: Path) -> Path:
    """The site of the shipped deals, one run, the story's register as it stands after its fourth file, one count. What
    these do not change is taken over from the whole site."""
    folder = tmp_path_factory.mktemp("pictures")
    shutil.copytree(whole_folder, folder / "site")
    soke(folder, "run", str(ROOT / "deals/greater-manchester.toml"), "--draws", "200", "--out", "runs/gm", "--quiet")
    soke(folder, "register", "init", "gm.db", "--name", "soke.example/gm", "--registrar", "Ruth Adeyemi",
         "--key", "gm.key", "--rehearsal", "--at", "2026-03-01")  # fmt: skip
    for part in sorted(STORY.glob("[1-4]-*.jsonl")):
        soke(folder, "register", "record", "gm.db", "--file", str(part))
    soke(folder, "register", "publish", "gm.db", "--key", "gm.key", "--to", "registers/gm")
    ballots = ROOT / "examples" / "neighbourhood-budget" / "newtown.pb"
    soke(folder, "budget", "count", str(ballots), "--completion", "add1", "--out", "decided/newtown")
    soke(folder, "site", "build", "--out", "site", "--deals", str(ROOT / "deals"), "--runs", "runs", "--registers",
         "registers", "--communities", "decided", "--today", "2026-12-01")  # fmt: skip
    return folder / "site"


def path_of(site: Path, page: str) -> str:
    """The address of a page; of a folder, of its one decision."""
    if page == "decisions":
        (decision,) = (each for each in (site / page).glob("*.html") if each.name != "index.html")
        return decision.as_uri()
    name, mark, part = page.partition("#")
    return (site / name).as_uri() + mark + part


@pytest.fixture(scope="module")
def pictures(site: Path, chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    to = KEPT if os.environ.get("SOKE_WRITE_PICTURES") else tmp_path_factory.mktemp("taken")
    to.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for width in WIDTHS:
            tab, empty = browser.new_page(viewport={"width": width, "height": TALL}), browser.new_page()
            for name, page in PICTURED.items():
                tab.goto(path_of(site, page))
                assert tab.evaluate("document.documentElement.scrollWidth") <= width, (page, width)
                taken = tab.screenshot()
                (to / f"{name}-{width}.png").write_bytes(packed(empty, taken))
        browser.close()
    yield to


def size(picture: Path) -> tuple[int, int]:
    """Width and height, from the head of a PNG."""
    width, height = struct.unpack(">II", picture.read_bytes()[16:24])
    return width, height


def test_each_main_page_has_its_pictures(pictures: Path) -> None:
    for folder in {pictures, KEPT}:
        for name in PICTURED:
            for width in WIDTHS:
                picture = folder / f"{name}-{width}.png"
                assert size(picture) == (width, TALL) and LEAST < picture.stat().st_size < MOST, picture


def test_the_handbook_shows_them() -> None:
    said = (ROOT / "docs" / "handbook" / "site.md").read_text(encoding="utf-8")
    for name in PICTURED:
        for width in WIDTHS:
            assert f"(site/{name}-{width}.png)" in said
