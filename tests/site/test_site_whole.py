"""The whole site: no dead link, nothing fetched from elsewhere, valid HTML, the same bytes twice, and never half."""

from __future__ import annotations

import errno
import gzip
import html
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright
from whole_site import OUTSIDE, ROOT, STYLED, Read, built_once, full, gathered, read_pages, tree

from soke.errors import SokeError
from soke.site import build as building
from soke.site import contents
from soke.site.build import RECORD, build
from soke.site.contents import Site
from soke.site.frame import FRONT
from soke.site.pages import all_pages

FRONT_BYTES, PLACE_BYTES, PLACE_PACKED = 60_000, 150_000, 35_000
WHOLE_BYTES = 80_000_000 - 12_000_000  # less what a handbook may have: see tests/test_site.py
SAMPLE = 25  # of so many pages one is parsed, beside one of each kind
COLOURS = {"runOnly": ["color-contrast"]}  # a rule of axe
SHOWN = 12  # of what is wrong
MANY = 15  # pages of a folder that share a last word are of one kind
pytestmark = pytest.mark.slow
__all__ = ["full"]  # a fixture


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site: not to be written to."""
    base = tmp_path_factory.getbasetemp()
    return built_once(base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base)


@pytest.fixture(scope="module")
def pages(whole: Path) -> dict[str, Read]:
    return read_pages(whole)


@pytest.fixture(scope="module")
def files(whole: Path) -> set[str]:
    return {path.relative_to(whole).as_posix() for path in whole.rglob("*") if path.is_file()}


def none_of(wrong: list[str]) -> None:
    """A failure that shows the first of what is wrong, and how many there are."""
    assert not wrong, f"{len(wrong)}: " + "; ".join(wrong[:SHOWN])


# --- links ---


def dead(page: Read, files: set[str], ids: dict[str, set[str]]) -> Iterator[str]:
    for address in page.links():
        if OUTSIDE.match(address):
            if address.partition(":")[0] not in ("https", "mailto"):
                yield f"{page.path}: {address} leads out by no way that is known"
            continue
        path, part = page.to(address)
        if address.startswith("/") or path.startswith("..") or address.partition("#")[0].endswith("/"):
            yield f"{page.path}: {address} does not work from a folder"
        elif path not in files:
            yield f"{page.path}: no file {address}"
        elif part and path.endswith(".html") and part not in ids[path]:
            yield f"{page.path}: no part {address}"


def test_no_link_is_dead(pages: dict[str, Read], files: set[str]) -> None:
    ids = {path: set(page.ids) for path, page in pages.items()}
    none_of([said for page in pages.values() for said in dead(page, files, ids)])
    assert sum(1 for page in pages.values() for _ in page.links()) > 5_000


def test_every_page_can_be_reached_from_the_front(pages: dict[str, Read]) -> None:
    seen, waiting = {FRONT}, deque([FRONT])
    while waiting:
        page = pages[waiting.popleft()]
        new = {page.to(a)[0] for a in page.links() if not OUTSIDE.match(a)} & pages.keys() - seen
        seen |= new
        waiting.extend(sorted(new))
    none_of(sorted(pages.keys() - seen))


def test_nothing_is_fetched_from_elsewhere(whole: Path, pages: dict[str, Read], files: set[str]) -> None:
    wrong = []
    for page in pages.values():
        for address in page.fetched():
            if OUTSIDE.match(address) and not address.startswith("data:"):
                wrong.append(f"{page.path}: {address}")
            elif not OUTSIDE.match(address) and page.to(address)[0] not in files:
                wrong.append(f"{page.path}: {address} is not there")
    for path in (whole / name for name in files if name.endswith(".css")):
        wrong += [f"{path.name}: {address}" for address in STYLED.findall(path.read_text("utf-8"))
                  if not address.startswith(("data:", "#"))]  # fmt: skip
    none_of(wrong)


def test_the_policy_of_each_page_lets_nothing_in(pages: dict[str, Read]) -> None:
    """Nothing may be fetched, and only the scripts whose hash the page names may run."""
    wrong = []
    for page in pages.values():
        policies = [t["content"] for n, t in page.tags if n == "meta" and "content-security-policy" in
                    t.get("http-equiv", "").lower()]  # fmt: skip
        scripts = sum(name == "script" for name, _ in page.tags)
        runs = sum(policy.count("'sha256-") for policy in policies)
        if len(policies) != 1 or not policies[0].startswith("default-src 'none'") or scripts != runs:
            wrong.append(f"{page.path}: {policies}, {scripts} scripts")
        handlers = {key for _, tags in page.tags for key in tags if key.startswith("on")}
        if handlers or "unsafe-eval" in str(policies) or "script-src 'unsafe" in str(policies):
            wrong.append(f"{page.path}: {handlers or policies}")
    none_of(wrong)


# --- each page ---


def test_each_page_has_a_title_a_language_a_heading_and_each_id_once(pages: dict[str, Read]) -> None:
    wrong = []
    for path, page in pages.items():
        names = [name for name, _ in page.tags]
        attributes = dict(reversed(page.tags))
        twice = (
            sorted({id_ for id_ in page.ids if page.ids.count(id_) > 1}) if len(set(page.ids)) < len(page.ids) else ""
        )
        for ok, said in (
            (attributes["html"].get("lang") == "en-GB", "no language"), (names.count("h1") == 1, "not one h1"),
            (names.count("main") == 1, "not one main"), (bool(title_of(page)), "no title"),
            (not twice, f"ids twice: {twice}"),
            (page.text.startswith("<!DOCTYPE html>"), "no doctype"), ("viewport" in page.text, "no viewport"),
        ):  # fmt: skip
            wrong += [] if ok else [f"{path}: {said}"]
    none_of(wrong)


def title_of(page: Read) -> str:
    found = re.search(r"<title>(.*?)</title>", page.text, re.DOTALL)
    return html.unescape(found[1]).strip() if found else ""


def test_no_two_pages_have_one_title(pages: dict[str, Read]) -> None:
    """Of a region and a wider area with one name, each says which it is."""
    by: dict[str, list[str]] = {}
    for path, page in pages.items():
        by.setdefault(title_of(page), []).append(path)
    none_of([f"{title}: {' and '.join(those)}" for title, those in by.items() if len(those) > 1])


def test_headings_go_down_by_one_step(pages: dict[str, Read]) -> None:
    wrong = []
    for path, page in pages.items():
        levels = [int(name[1]) for name, _ in page.tags if re.fullmatch("h[1-6]", name)]
        wrong += [f"{path}: {levels}" for one, next_ in pairwise(levels) if next_ > one + 1][:1]
    none_of(wrong)


def test_what_is_named_by_its_id_is_there(pages: dict[str, Read]) -> None:
    """Labels, descriptions and what opens in place."""
    wrong = []
    for path, page in pages.items():
        ids = set(page.ids)
        for _, attributes in page.tags:
            for key in ("aria-labelledby", "aria-describedby", "aria-controls", "for", "popovertarget", "headers"):
                wrong += [f"{path}: {key}={id_}" for id_ in attributes.get(key, "").split() if id_ not in ids]
    none_of(wrong)


def broken(path: Path) -> str:
    try:
        html5lib.HTMLParser(strict=True).parse(path.read_text("utf-8"))
    except html5lib.html5parser.ParseError as error:
        return f"{path.name}: {error}"
    return ""


def test_pages_are_valid_html(whole: Path, pages: dict[str, Read]) -> None:
    """The largest of each kind, and a sample: pages of a kind are made by the same functions."""
    chosen = sorted({*of_each_kind(pages), *sorted(pages)[::SAMPLE]})
    none_of([said for path in chosen if (said := broken(whole / path))])


def of_each_kind(pages: dict[str, Read]) -> list[str]:
    """The middle page of each kind by size: of a folder with few pages each; else of each last word that many share."""
    folders = Counter(path.rpartition("/")[0] for path in pages)
    words = Counter(word_of(path) for path in pages)
    kinds: dict[tuple[str, str], list[str]] = {}
    for path in sorted(pages, key=lambda path: len(pages[path].text)):
        folder, _, name = path.rpartition("/")
        if folders[folder] > MANY:
            name = word_of(path) if words[word_of(path)] > MANY else "index" if name == "index.html" else ""
        kind = re.sub(r"(?<=/).*", "*", folder) if folders[folder] <= MANY else folder
        kinds.setdefault((kind, name), []).append(path)
    return sorted(those[len(those) // 2] for those in kinds.values())


def word_of(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".html").rpartition("-")[2]


def looked_at(page: Page, path: str) -> Iterator[str]:
    """What is wrong with the page that is open: narrow and wide, by day and by night. In the dark only colours differ,
    and on a desk no more than where things stand."""
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for width, scheme, asked in ((375, "light", {}), (1280, "dark", COLOURS)):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            yield f"{path} is {wide} wide on {width}"
        for fault in Axe().run(page, options=asked).response["violations"]:
            yield f"{path}, {scheme}: {fault['id']}, {fault['nodes'][0]['html'][:120]}"


def test_axe_finds_nothing_and_nothing_scrolls_sideways(whole: Path, pages: dict[str, Read], chromium: str) -> None:
    wrong: list[str] = []
    failed: list[tuple[str, str, str]] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on("requestfailed", lambda request: failed.append((request.resource_type, page.url, request.url)))
        for path in of_each_kind(pages):
            page.goto((whole / path).as_uri())
            wrong += looked_at(page, path)
        browser.close()
    asked_by_axe = ("xhr", "fetch")  # it would read the style sheets: the policy of the page does not let it
    none_of([*wrong, *(f"{url}: {what} did not come" for kind, url, what in failed if kind not in asked_by_axe)])


def test_pages_are_as_small_as_they_should_be(whole: Path, pages: dict[str, Read]) -> None:
    sizes = {path: len(page.text.encode()) for path, page in pages.items() if path.startswith("places/")}
    largest = sorted(sizes, key=sizes.__getitem__)[-10:]
    packed = {path: len(gzip.compress(pages[path].text.encode())) for path in largest}
    said = [(FRONT, (whole / FRONT).stat().st_size, FRONT_BYTES)]
    said += [(path, sizes[path], PLACE_BYTES) for path in largest]
    said += [(f"{path}, packed", size, PLACE_PACKED) for path, size in packed.items()]
    said += [("all", sum(path.stat().st_size for path in whole.rglob("*") if path.is_file()), WHOLE_BYTES)]
    none_of([f"{what}: {size:,} bytes, and {most:,} are the most" for what, size, most in said if size > most])


# --- built again ---


AGAIN = f"""
import hashlib, json
from whole_site import gathered
from soke.site.pages import all_pages
pages = list(all_pages(gathered()))
chosen = [page for page in pages if not page.slow] + [page for page in pages if page.slow][::{SAMPLE}]
made = {{page.path: page.write(gathered()) for page in chosen}}
hashes = {{path: hashlib.sha256(text if isinstance(text, bytes) else text.encode()).hexdigest()
          for path, text in made.items()}}
print(json.dumps([[page.path for page in pages], hashes]))
"""


def test_built_twice_it_is_the_same_bytes_however_many_work(whole: Path) -> None:
    """In another process, alone: nothing that is kept in memory, and no order of a set, stands in for it. Of the pages
    that several processes share, made by the same functions each, one of so many."""
    path = os.pathsep.join((str(ROOT / "src"), str(ROOT / "tests/site")))
    done = subprocess.run([sys.executable, "-c", AGAIN], check=True, capture_output=True, text=True, cwd=ROOT,
                          env=os.environ | {"PYTHONPATH": path, "PYTHONHASHSEED": "12"})  # fmt: skip
    paths, hashes = json.loads(done.stdout)
    first = json.loads((whole / RECORD).read_text("utf-8"))["files"]
    none_of(sorted(first.keys() ^ set(paths)))
    none_of([path for path, digest in hashes.items() if first[path]["sha256"] != digest])
    assert len(hashes) > len(paths) / 4


def test_built_again_after_nothing_changed_every_page_is_kept(whole: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(whole, tmp_path / "out" / "site"))
    made = build(gathered(), copy)
    assert made.kept == made.pages == len(list(all_pages(gathered())))
    assert tree(copy) == tree(whole)
    assert [path.name for path in copy.parent.iterdir()] == ["site"]


def few(site: Site) -> list[contents.Page]:
    """Pages enough to see what becomes of a site that is built again."""
    return [page for page in all_pages(site) if page.path.partition("/")[0] not in ("places", "data", "check", "deals")]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of few pages: not to be written to."""
    out = tmp_path_factory.mktemp("small") / "site"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "all_pages", few)
        build(gathered(), out)
    return out


@pytest.fixture
def copy(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The site of few pages, to be written to."""
    monkeypatch.setattr(building, "all_pages", few)
    return Path(shutil.copytree(small, tmp_path / "out" / "site"))


def test_a_page_that_was_edited_or_lost_is_made_again(copy: Path, small: Path) -> None:
    (copy / FRONT).write_text("edited by hand", encoding="utf-8")
    (copy / "words.html").unlink()
    made = build(gathered(), copy)
    assert made.kept == made.pages - 2
    assert tree(copy) == tree(small)


def test_a_page_that_is_no_more_goes(copy: Path, small: Path) -> None:
    record = json.loads((copy / RECORD).read_text("utf-8"))
    record["files"]["deals/gone.html"] = record["files"][FRONT]
    (copy / RECORD).write_text(json.dumps(record), encoding="utf-8")
    (copy / "deals").mkdir()
    (copy / "deals/gone.html").write_text("of a deal that was withdrawn", encoding="utf-8")
    build(gathered(), copy)
    assert tree(copy) == tree(small)


# --- never half a site, never over somebody's files ---


def test_a_file_laid_into_a_site_is_not_lost(copy: Path) -> None:
    (copy / "powers/notes.txt").write_text("mine", encoding="utf-8")
    before = tree(copy)
    with pytest.raises(SokeError, match=r"powers/notes\.txt"):
        build(gathered(), copy)
    assert tree(copy) == before


@pytest.mark.parametrize("at", [0, 10, "the record"])
def test_on_a_full_disk_the_earlier_site_stands(copy: Path, full: Callable[[int], None], at: int | str) -> None:
    before = tree(copy)
    full(at if isinstance(at, int) else len(before) - 1)
    with pytest.raises(SokeError, match="No space left") as stopped:
        build(gathered(), copy)
    assert "stands as it was" in stopped.value.fix
    assert tree(copy) == before
    assert [path.name for path in copy.parent.iterdir()] == ["site"]


def test_where_the_new_site_cannot_be_moved_in_the_earlier_comes_back(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, real = tree(copy), Path.rename

    def rename(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(SokeError, match="Permission denied"):
        build(gathered(), copy)
    assert tree(copy) == before and [path.name for path in copy.parent.iterdir()] == ["site"]


def test_a_page_that_fails_leaves_the_earlier_site(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the program is a fault, not a page less."""

    def fails(site: Site) -> str:
        raise ZeroDivisionError

    before = tree(copy)
    monkeypatch.setattr(building, "all_pages", lambda site: [*few(site), contents.Page("more.html", fails)])
    with pytest.raises(ZeroDivisionError):
        build(gathered(), copy)
    assert tree(copy) == before and [path.name for path in copy.parent.iterdir()] == ["site"]
