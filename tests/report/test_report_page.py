import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest
from made_up_run import make

from soke.errors import SokeError
from soke.report.contents import RunReport
from soke.report.run.tables import all_tables
from soke.report.write import render, write

HOSTILE = "<script>alert(1)</script>\" onload='x' &amp; <img src=http://x>"


class Tags(HTMLParser):
    """Start tags and attributes of a page, and whether every tag is closed in order."""

    VOID = frozenset({"meta", "link", "br", "hr", "img", "col"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def named(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.fixture
def text(report: RunReport, rendered: Callable[[RunReport], str]) -> str:
    return rendered(report)


def test_the_page_is_small_and_fetches_nothing(text: str) -> None:
    found = Tags(text)
    assert len(text.encode()) < 3_000_000
    assert not found.named("script", "img", "iframe", "link", "object", "embed", "base", "form")
    assert all("src" not in a and not any(k.startswith("on") for k in a) for _, a in found.tags)
    assert "@import" not in text and "url(" not in text
    assert found.named("meta")[1]["content"] == "default-src 'none'; style-src 'unsafe-inline'"


def test_the_page_is_well_formed_and_its_links_lead_somewhere(report: RunReport, text: str) -> None:
    found = Tags(text)
    assert found.open == []
    ids = [a["id"] for _, a in found.tags if "id" in a]
    assert len(ids) == len(set(ids))
    own = {f"#{i}" for i in ids} | {t.file for t in all_tables(report).values()} | {"run.json", "tables.xlsx"}
    published = [a for a in found.named("a") if a["href"] not in own]
    assert {a["href"] for a in published} == {s.url for s in report.sources if s.url}
    assert all(a["rel"] == "noopener" for a in published)
    for _, attributes in found.tags:
        for name in (attributes.get("aria-labelledby") or "").split():
            assert name in ids


def test_headings_run_in_order_and_tables_say_what_they_are(text: str) -> None:
    found = Tags(text)
    levels = [int(tag[1]) for tag, _ in found.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(found.named("caption")) == len(found.named("table"))
    assert all(a.get("scope") in ("row", "col") for a in found.named("th"))
    assert found.named("html")[0]["lang"] == "en-GB"


def test_hostile_text_stays_text(report: RunReport, rendered: Callable[[RunReport], str]) -> None:
    deal = report.deal
    hostile = replace(
        report,
        deal=replace(
            deal,
            title=HOSTILE,
            clauses=tuple(replace(c, title=HOSTILE, text=HOSTILE) for c in deal.clauses),
            funds=tuple(replace(f, title=HOSTILE) for f in deal.funds),
        ),
        account=replace(report.account, name=HOSTILE, notes=(HOSTILE,)),
        names=dict.fromkeys(report.names, HOSTILE),
        scenario=replace(report.scenario, title=HOSTILE),
    )
    said = rendered(hostile)
    found = Tags(said)
    assert not found.named("script", "img")
    assert all(not any(k.startswith("on") for k in a) for _, a in found.tags)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in said


def test_figures_on_the_page_are_those_of_the_run(text: str) -> None:
    for said in (
        "£39.2bn",
        "£50.8bn",
        "£11.6bn short",
        "Within plus or minus £2.3bn",
        "21%",
        "61%",
        "16%",
        "£630m",
        "£448m",
    ):
        assert said in text
    assert "−£" in text and "-£" not in text


def test_illustrative_items_and_drafts_are_said_on_the_first_screen(
    with_deal: Callable[..., RunReport], rendered: Callable[[RunReport], str]
) -> None:
    said = rendered(with_deal(status="draft"))
    first = said[: said.index("<nav")]
    assert "1 item of the deal file is an example, not policy." in first
    assert "A draft, agreed by nobody." in first


def test_the_same_run_gives_the_same_bytes(report: RunReport) -> None:
    assert render(report) == render(make())


def test_everything_is_written_and_run_json_vouches_for_it(report: RunReport, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "out"
    written = write(report, folder)
    assert written.page == folder / "report.html"
    assert sorted(path.name for path in written.paths) == sorted(p.name for p in folder.iterdir())
    record = json.loads((folder / "run.json").read_text())
    assert record["seed"] == 1 and record["files"][0]["text"] == "id = 'gm'\n"
    assert len(record["outputs"]) == len(written.paths) - 1
    for name, digest in record["outputs"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_a_second_run_replaces_the_first(report: RunReport, tmp_path: Path) -> None:
    write(report, tmp_path)
    (tmp_path / "report.html").write_text("old")
    write(report, tmp_path)
    assert (tmp_path / "report.html").read_text().startswith("<!DOCTYPE html>")


def test_a_folder_that_cannot_be_written_is_said(report: RunReport, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    for folder in (tmp_path / "taken", tmp_path / "taken" / "below"):
        with pytest.raises(SokeError, match=r"cannot be written there: .* Name a folder"):
            write(report, folder)
    assert [p.name for p in tmp_path.iterdir()] == ["taken"]


def test_a_full_disk_leaves_the_old_report_whole(
    report: RunReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(report, tmp_path)
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    whole = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.name == "tables.xlsx":
            raise OSError(28, "No space left on device")
        return whole(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(SokeError, match="No space left on device"):
        write(make(projection=report.projection), tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


@pytest.mark.parametrize("name", ["report.html", "run.json", "tables.xlsx", "four_numbers.csv"])
def test_a_folder_where_a_file_goes_is_refused_before_anything_is_written(
    report: RunReport, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(SokeError, match=f"a folder named {name}"):
        write(report, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_a_mix_of_two_runs_carries_no_record(
    report: RunReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(report, tmp_path)
    whole = Path.replace

    def broken(path: Path, target: Path) -> Path:
        if path.name == "tables.xlsx":
            raise OSError(5, "Input/output error")
        return whole(path, target)

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(SokeError, match="Input/output error"):
        write(report, tmp_path)
    assert not (tmp_path / "run.json").exists()


def luminance(colour: str) -> float:
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def colours(scheme: int) -> dict[str, str]:
    """The named colours of the page: 0 for the light, 1 for the dark."""
    style = files("soke.report").joinpath("style.css").read_text()
    return dict(re.findall(r"--(\w+):(#[0-9a-f]{6})", re.findall(r":root\{(.*?)\}", style)[scheme]))


def ratio(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", ["ink", "mute", "link", "bad", "ok"])
@pytest.mark.parametrize("scheme", [0, 1])
def test_text_stands_out_from_the_paper(name: str, scheme: int) -> None:
    found = colours(scheme)
    assert ratio(found["paper"], found[name]) >= 4.5
    assert scheme or ratio("#ffffff", found[name]) >= 4.5, "printed"
    assert ratio(found["flag"], found["onflag"]) >= 4.5 and ratio(found["brand"], "#ffffff") >= 4.5


@pytest.mark.parametrize("name", ["raised", "spent", "borrow", "tax", "more", "t1", "t2", "k1", "k2", "k3"])
@pytest.mark.parametrize("scheme", [0, 1])
def test_bars_stand_out_from_the_paper(name: str, scheme: int) -> None:
    assert ratio(colours(scheme)["paper"], colours(scheme)[name]) >= 3.0
