"""The handbook and the API reference as a site: it builds without a warning, and needs nothing from another site."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NoReturn

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


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


def address_of(site: Path, way: str, within: ExitStack) -> str:
    """Where the first page is: in a folder, or on a server of this machine."""
    if way == "folder":
        return (site / "index.html").as_uri()
    server = within.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    within.callback(server.shutdown)
    return f"http://127.0.0.1:{server.server_address[1]}/index.html"


@pytest.mark.parametrize("way", ["folder", "server"])
def test_a_rule_is_found_from_the_first_page_without_another_site(site: Path, chromium: str, way: str) -> None:
    """One index serves a folder and a server alike."""
    with (
        ExitStack() as within,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"]) as browser,
    ):
        page = browser.new_page()
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: said.append(str(error)))
        address = address_of(site, way, within)
        page.goto(address)
        found = page.locator(".md-search-result__item")
        page.focus("input[name=query]")
        page.get_by_text("Type to start searching").wait_for()  # the index is there
        page.locator("input[name=query]").press_sequentially("safety net")  # key by key: it listens to keys
        found.first.wait_for()
        assert any("safety net" in text.lower() for text in found.all_inner_texts())
        here = address.removesuffix("index.html")
        assert not said and not [each for each in asked if not each.startswith((here, "data:", "blob:"))]
        assert len([each for each in asked if "search_index" in each]) == 1


def test_what_no_reader_needs_is_left_out(site: Path) -> None:
    """The handbook is copied into a public site, which may have 80 MB in all."""
    names = [path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()]
    assert not [name for name in names if name.endswith(".map") or "/lunr/" in name]
    assert [name for name in names if "search_index" in name] == ["search/search_index.js"]
    assert sum((site / name).stat().st_size for name in names) < 12_000_000
    text = (site / "api/model.html").read_text(encoding="utf-8")
    assert "gap_split" in text and not re.search(r'doc-signature highlight"><pre>[^/]*<span', text)
    code = (site / "handbook/deal-file.html").read_text(encoding="utf-8")
    assert re.search(r"<pre>.*?\n\s+.*?</pre>", code, re.DOTALL)  # what is to be typed stands as it was
