"""The page as a browser shows it: it fits, fetches nothing, complains of nothing, and axe finds no fault."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from made_up_run import make
from playwright.sync_api import Browser, Page, sync_playwright

from soke.report.write import write

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow
OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write(make(), Path(tmp_path_factory.mktemp("report"))).page.as_uri()


def opened(browser: Browser, address: str, width: int, height: int) -> tuple[Page, list[str], list[str]]:
    """The page, what it asked for and what the console said. The policy is set aside so that axe may run."""
    page = browser.new_context(viewport={"width": width, "height": height}, bypass_csp=True).new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    return page, asked, said


@pytest.fixture(scope="module", params=["greater-manchester", "cornwall", "norfolk-and-suffolk"])
def shipped(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of a deal that is shipped: its words are longer than those of the made-up run."""
    folder = Path(tmp_path_factory.mktemp("shipped"))
    command = [
        sys.executable,
        "-m",
        "soke",
        "run",
        f"deals/{request.param}.toml",
        "--draws",
        "20",
        "--out",
        str(folder),
    ]
    subprocess.run(command, check=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": "src"}, capture_output=True)
    return (folder / "report.html").as_uri()


def test_the_first_screen_fits(browser: Browser, shipped: str) -> None:
    address = shipped
    page, asked, said = opened(browser, address, 1280, 720)
    for selector in (".first", ".strip", ".shares"):
        box = page.locator(selector).bounding_box()
        assert box is not None and box["y"] >= 0 and box["y"] + box["height"] <= 720, selector
    shares = page.locator(".shares").inner_text()
    assert all(word in shares for word in ("measured here", "shared by a rule", "shared by head"))
    lines = "e => e.getBoundingClientRect().height / parseFloat(getComputedStyle(e).lineHeight)"
    for said_of_it in page.locator(".number p:last-child").all():
        assert said_of_it.evaluate(lines) <= 3.1, said_of_it.inner_text()
    assert asked == [address]
    assert said == []
    page.set_viewport_size({"width": 375, "height": 812})
    assert page.evaluate("document.documentElement.scrollWidth") == 375


def test_a_telephone_need_not_scroll_sideways(browser: Browser, address: str) -> None:
    page, asked, said = opened(browser, address, 375, 812)
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    assert asked == [address]
    assert said == []


@pytest.mark.parametrize("width", [1280, 375])
def test_axe_finds_no_fault(browser: Browser, address: str, width: int) -> None:
    page, _, _ = opened(browser, address, width, 800)
    page.evaluate(OPEN_ALL)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
