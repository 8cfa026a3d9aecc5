"""The site as people use it: journeys with and without script, from a folder and from below a path of a server."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import plain_words
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

import soke

pytestmark = pytest.mark.slow
FOCUSED = "document.activeElement.textContent.trim().slice(0, 40) || document.activeElement.id"
FIRST = (
    "index.html", "places/index.html", "places/greater-manchester.html", "places/south-norfolk.html",
    "places/cornwall.html", "places/england.html", "places/islington.html", "places/surrey.html",
    "places/aylesbury-vale.html", "places/east-surrey.html", "places/greater-essex.html",
    "places/greater-manchester-sums.html", "places/south-norfolk-like.html", "places/greater-manchester-like.html",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"]) as opened,
    ):
        yield opened


class _Below(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Below, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="module")
def bases(whole_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Where the site stands: in a folder, and below a path of a server."""
    top = tmp_path_factory.mktemp("served")
    (top / "council").mkdir()
    (top / "council" / "soke").symlink_to(whole_folder, target_is_directory=True)
    with served(top) as address:
        yield {"folder": whole_folder.as_uri(), "path": f"{address}/council/soke"}


WAYS = pytest.mark.parametrize(("where", "script"), [
    ("folder", True), ("folder", False), ("path", True), ("path", False),
])  # fmt: skip


@pytest.fixture
def tab(browser: Browser, bases: dict[str, str]) -> Iterator[Callable[..., Page]]:
    opened = []

    def open_(where: str, script: bool, path: str = "index.html") -> Page:
        context = browser.new_context(java_script_enabled=script, viewport={"width": 375, "height": 800})
        opened.append(context)
        page = context.new_page()
        page.goto(f"{bases[where]}/{path}")
        return page

    yield open_
    for context in opened:
        context.close()


@WAYS
def test_a_resident_finds_her_place_and_who_decides_on_buses(
    tab: Callable[..., Page], where: str, script: bool
) -> None:
    page = tab(where, script)
    if script:
        page.fill("#q", "norf")
        page.locator("#found a", has_text="South Norfolk").click()
    else:
        page.locator("a", has_text="All places, A to Z").first.click()
        page.locator("#council ~ ul a", has_text="South Norfolk").click()
    row = page.locator(".who tr", has=page.locator("th", has_text="Buses")).first
    assert "Norfolk County Council" in row.inner_text()
    assert page.locator("h1").inner_text().startswith("South Norfolk")


@WAYS
def test_a_councillor_compares_and_traces_a_number(tab: Callable[..., Page], where: str, script: bool) -> None:
    page = tab(where, script, "places/greater-manchester.html")
    beside = page.locator("section", has=page.locator("h2", has_text="Beside places like it"))
    assert "Liverpool City Region" in beside.inner_text() and "England" in beside.inner_text()
    beside.locator("a").last.click()
    assert "Nearest in number of people" in page.locator("main").inner_text()
    page.go_back()
    page.locator(".made-of a.to-sum").first.click()
    assert page.url.endswith("#sum-raised")
    page.goto(page.url.replace("#sum-raised", "#sum-income-tax"))
    opened = page.locator("#sum-income-tax")
    if script:  # opened by the browser itself where it knows how; else the reader opens it
        page.locator("#sum-income-tax > summary").click() if not opened.get_attribute("open") else None
    text = opened.text_content() or ""
    assert "27 constituencies" in text and "source" in text
    source = page.locator("#sources ~ ol a").first
    assert (source.get_attribute("href") or "").startswith("https://")


def test_the_search_finds_and_says_where_it_does_not(tab: Callable[..., Page]) -> None:
    page = tab("folder", True)
    for typed, found in (("leeds", "Leeds"), ("GREATER MAN", "Greater Manchester"), ("St Hel", "St. Helens"),
                         ("kings lynn", "King"), ("north east (reg", "North East (region)")):  # fmt: skip
        page.fill("#q", typed)
        assert found in page.locator("#found li").first.inner_text(), typed
    page.fill("#q", "<img src=x onerror=alert(1)>")
    assert "No place of that name" in page.locator("#found").inner_text()
    assert page.locator("#found img").count() == 0
    page.fill("#q", "bury")
    page.press("#q", "Enter")
    page.wait_for_url("**/places/*bury*.html")


def test_an_analyst_gets_the_same_figures_from_the_library(tab: Callable[..., Page], whole_folder: Path) -> None:
    page = tab("folder", False, "data/index.html")
    link = page.locator("a[href='accounts.csv']").first
    assert link.count() == 1
    lines = (whole_folder / "data/accounts.csv").read_text(encoding="utf-8").splitlines()
    head = lines[0].split(",")
    at = head.index("place_code")
    leeds = [line for line in lines if f",{'E08000035'}," in f",{line},"]
    assert at >= 0 and len(leeds) == len(soke.account("Leeds").table("account_lines"))


@pytest.mark.parametrize("path", FIRST)
def test_first_screens_are_plain(whole_folder: Path, path: str) -> None:
    html = (whole_folder / path).read_text(encoding="utf-8")
    assert plain_words.grade(html) <= 12 and not plain_words.jargon(html)
    assert len(plain_words.longest(html).split()) <= plain_words.LONGEST, plain_words.longest(html)


def test_a_page_is_complete_by_keyboard(tab: Callable[..., Page]) -> None:
    page = tab("folder", True)
    seen = []
    for _ in range(14):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
    assert seen[0] == "Skip to the page" and "q" in seen and "Skip the map: all places as a list" in seen
    assert any(re.match("All places, A to Z", words) for words in seen)


def test_on_paper_the_name_is_in_ink_and_the_front_is_one_sheet(browser: Browser, whole_folder: Path) -> None:
    page = browser.new_page()
    page.goto((whole_folder / "index.html").as_uri())
    page.emulate_media(media="print")
    ink = "rgb(0, 0, 0)"
    for what, key in ((".top .home", "color"), (".top path", "stroke"), (".top path + path", "fill")):
        assert page.eval_on_selector(what, f"e => getComputedStyle(e).{key}") == ink, what
    assert not page.locator("#q").is_visible()
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1
    for heading in ("h1", "h2"):
        assert page.eval_on_selector(heading, "e => getComputedStyle(e).breakAfter") == "avoid"
    page.close()
