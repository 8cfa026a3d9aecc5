"""The handbook and the API reference as a site: it builds without a warning, and needs nothing from another site."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href", "object": "data"}
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, missing: Callable[[str], NoReturn]) -> Path:
    python = ROOT / ".venv-docs/bin/python"
    if not python.exists():
        if importlib.util.find_spec("mkdocs") is None:
            missing("There is no environment for the site: `./do docs` makes it.")
        python = Path(sys.executable)
    folder = tmp_path_factory.mktemp("site")
    command = [python, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", folder]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, check=False,
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0 and not done.stderr, done.stderr
    return folder


class Fetched(HTMLParser):
    """What a page has the browser fetch."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get(FETCHED.get(tag, ""))
        if address:
            self.addresses.append(address)


def outside(addresses: Iterator[str]) -> list[str]:
    return [address for address in addresses if re.match(r"(?:[a-z]+:)?//", address)]


def test_no_page_and_no_style_fetches_from_another_site(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        addresses = Fetched(page).addresses
        assert addresses and not outside(iter(addresses)), page
        for address in addresses:  # 404.html is for a server: it alone counts from the root
            assert page.name == "404.html" or (page.parent / address.partition("#")[0]).exists(), (page, address)
    for style in site.rglob("*.css"):
        named = re.findall(r"(?:url\(|@import)\s*[\"']?([^\"')\s]+)", style.read_text(encoding="utf-8"))
        assert not outside(iter(named)), style


def test_a_browser_without_a_network_finds_a_rule_from_the_first_page(site: Path, chromium: str) -> None:
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"]) as browser,
    ):
        page = browser.new_context(offline=True).new_page()
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto((site / "index.html").as_uri())
        page.fill("input[name=query]", "safety net")
        found = page.locator(".md-search-result__item")
        found.first.wait_for()
        assert any("safety net" in text.lower() for text in found.all_inner_texts())
        assert not said and not [address for address in asked if not address.startswith("file:")]
