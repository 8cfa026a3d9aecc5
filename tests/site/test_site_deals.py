"""Pages of deals: what each hands over, what is wrong with it, a result that is shown or refused, differences."""

from __future__ import annotations

import csv
import datetime as dt
import errno
import hashlib
import html
import json
import os
import pickle
import posixpath
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from soke import files
from soke.deal.check import check
from soke.deal.from_offer import from_offer, offered
from soke.deal.reader import load_deal
from soke.england.places import places
from soke.errors import SokeError
from soke.register.merkle import Tree
from soke.register.published import Published, Untold
from soke.report.fact_words import care_said, heading_of
from soke.report.facts import Money
from soke.report.run.held import held_run
from soke.report.run.held_facts import Ends
from soke.report.run.project import project
from soke.site import frame
from soke.site.areas import by_code, by_name
from soke.site.contents import Asked, Site
from soke.site.deal_given import MOST_PAIRS, Deals
from soke.site.deals import pages as deals
from soke.site.deals.parts import MOST_FINDINGS
from soke.site.gather import gather
from soke.site.pages import all_pages

ROOT = Path(__file__).parents[2]
SHIPPED = ("cornwall", "greater-manchester", "norfolk-and-suffolk")
DAY = dt.date(2026, 12, 1)
HOSTILE = '<script>alert(1)</script> "Ångström" & ' + "w" * 300
Pages = dict[str, bytes]


def site_of(deals_in: Path | None, runs: Path | None = None) -> Site:
    return gather(Asked(deals=deals_in, runs=runs, today=DAY))


def pages_of(site: Site) -> Pages:
    made = ((page.path, page.write(site)) for page in deals.pages(site))
    return {path: content if isinstance(content, bytes) else content.encode() for path, content in made}


def copied(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        shutil.copy(ROOT / "deals" / f"{name}.toml", folder)
    return folder


def words(page: bytes) -> str:
    """The text of a page as people read it."""
    body = page.decode().partition("<main>")[2].partition("<footer")[0]
    plain = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", body)))
    return plain.replace("\u2060", "").replace("\N{NON-BREAKING HYPHEN}", "-")


def heading(page: bytes) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page.decode(), re.DOTALL)
    assert found
    return html.unescape(found[1])


class Read(HTMLParser):
    """Where a page leads to, what of it can be led to, and its tags."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.tags.append(tag)
        if tag == "a" and said.get("href"):
            self.hrefs.append(str(said["href"]))
        if said.get("id"):
            self.ids.append(str(said["id"]))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of runs: one of Norfolk and Suffolk."""
    runs = tmp_path_factory.mktemp("runs")
    project(ROOT / "deals/norfolk-and-suffolk.toml", draws=20).write(runs / "norfolk-and-suffolk")
    return runs


@pytest.fixture(scope="module")
def site(run: Path) -> Site:
    return site_of(ROOT / "deals", run)


@pytest.fixture(scope="module")
def made(site: Site) -> Pages:
    return pages_of(site)


def altered(run: Path, to: Path, change: Callable[[Path], None]) -> Path:
    shutil.copytree(run, to)
    change(to / "norfolk-and-suffolk")
    return to


# --- shipped deals ---


def test_the_heading_is_what_the_place_decides_on_and_how_much_is_new(made: Pages) -> None:
    assert heading(made["deals/greater-manchester/index.html"]) == (
        "Greater Manchester would decide on £750m a year. Only £120m of it is new money."
    )
    assert heading(made["deals/cornwall/index.html"]).startswith("Cornwall would decide on £109m a year. Only £13m")
    record = heading(made["deals/norfolk-and-suffolk/index.html"])
    assert record == "Norfolk and Suffolk would decide on £141m a year. Only £37m of it is new money."


@pytest.mark.parametrize("name", SHIPPED)
def test_a_page_names_every_power_fund_promise_and_place(made: Pages, name: str) -> None:
    deal = load_deal(ROOT / "deals" / f"{name}.toml", places(), in_part=True)
    page = made[f"deals/{name}/index.html"]
    said = words(page)
    for item in (*deal.powers, *deal.funds, *deal.conditions, *deal.community):
        assert item.title in said
    small = words(made[f"deals/{name}/small-print.html"])
    for clause in deal.clauses:
        assert clause.title in small and " ".join(clause.said.split()) in small
    for code in deal.members:
        assert posixpath.relpath(by_code()[code].path, f"deals/{name}") in Read(page).hrefs
    assert 'class="grade unverified"' in page.decode() and "A draft, agreed by nobody." in page.decode()


@pytest.mark.parametrize("name", [*SHIPPED, "broken"])
def test_every_finding_is_told_with_its_fix_its_line_and_its_rule(made: Pages, name: str) -> None:
    page = made[f"deals/{name}/index.html"]
    said, read = words(page), Read(page)
    found = check(ROOT / "deals" / f"{name}.toml", places()).findings
    assert bool(found) == (name in ("broken", "greater-manchester"))
    lines = Read(made[f"deals/{name}/file.html"]).ids
    for finding in found:
        assert " ".join(finding.fact.split()) in said and " ".join(finding.fix.split()) in said
        assert f"{name}.toml:{finding.at.line}" in said and f"L{finding.at.line}" in lines
        assert f"../../check/findings/{finding.code}.html" in read.hrefs
        assert f"file.html#L{finding.at.line}" in read.hrefs
    assert str(ROOT) not in page.decode()


def test_a_broken_deal_is_never_shown_as_fine(site: Site, made: Pages) -> None:
    errors = len(check(ROOT / "deals/broken.toml", places()).errors)
    page = made["deals/broken/index.html"]
    assert f"{errors} errors" in heading(page) and "Nothing of this file is shown as a deal" in page.decode()
    assert "would decide on" not in page.decode() and 'id="powers"' not in page.decode()
    assert {path for path in made if "broken" in path} == {"deals/broken/index.html", "deals/broken/file.html"}
    row = next(row for row in made["deals/index.html"].decode().split("<tr>") if "broken/index.html" in row)
    assert f"Broken: {errors} errors" in row and row.count("not shown") == 2
    assert any(one.where == "broken.toml" and f"{errors} errors" in one.why for one in site.troubles)


def test_places_know_their_deals(site: Site) -> None:
    wider, council = by_name()["Norfolk and Suffolk"].path, by_code()["E07000148"].path
    for path in (wider, council):
        (link,) = site.concerning[path]
        assert (link.kind, link.path) == ("deal", "deals/norfolk-and-suffolk/index.html")
    told = site.concerning[by_code()["E08000003"].path]
    assert [link.path for link in told] == ["deals/greater-manchester/index.html", "deals/broken/index.html"]
    assert "errors" in told[1].words and "errors" not in told[0].words


def test_only_is_said_of_the_smaller_part(made: Pages) -> None:
    assert "Only" not in heading_of("Here", Money(40, 60, 4, False))
    assert heading_of("Here", Money(60, 40, 4, False)).endswith("Only £40m of it is new money.")


def test_care_that_needs_no_more_is_not_said_to_need_less_than_nothing() -> None:
    title, said = care_said(Ends(-9.0, -5.0, 1.0), 2.0, "2035-36", pays=False)
    assert title == "Care needs no more money here"
    assert said == "In 2035-36 care for adults needs no more than now (\u2212£9.0m to +£1.0m a year)."


# --- a result of a run ---


def test_the_four_numbers_are_those_of_the_report(made: Pages, run: Path) -> None:
    folder = run / "norfolk-and-suffolk"
    said = words(made["deals/norfolk-and-suffolk/index.html"])
    with (folder / "four_numbers.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    record = json.loads((folder / "run.json").read_text())
    assert len(rows) == 4 and record["lead"] in said
    for row, number in zip(rows, record["numbers"], strict=True):
        assert row["number"] in said and row["sentence"] in said and (number["short"] or row["in_words"]) in said
    report = (folder / "report.html").read_bytes()
    assert made["deals/norfolk-and-suffolk/report.html"] == report
    told = words(report)
    for sentence in ("Growth does not pay for care here", "In year 10 this place’s part of England’s output may be"):
        start = said.index(sentence)
        assert said[start : start + 120] in told  # the same figures, in the same words


def test_numbers_lead_to_where_they_come_from(made: Pages) -> None:
    """A sum of a fund to its line of the file, a result to its table of the report, a sum of the list to the funds."""
    deal = load_deal(ROOT / "deals/norfolk-and-suffolk.toml", places(), in_part=True)
    page = made["deals/norfolk-and-suffolk/index.html"].decode()
    lines = (ROOT / "deals/norfolk-and-suffolk.toml").read_text().splitlines()
    for table, count in (("funds_of_deal", len(deal.funds)), ("communities_of_deal", len(deal.community))):
        part = page.partition(f'id="{table}-caption"')[2].partition("</table>")[0]
        rows = re.findall(r'<td class="n"[^>]*><a href="file\.html#L(\d+)">([\d.]+)</a>', part)
        assert len(rows) == count > 0
        for line, figure in rows:
            told = re.findall(r"(?:revenue|capital|amount) = ([\d_]+)", lines[int(line) - 1])
            assert sum(map(int, told)) / 1e6 == pytest.approx(float(figure), abs=0.05), line
    for part in ("loop", "not_known", "luck", "must_believe"):
        assert f'href="report.html#{part}-caption" class="to-sum"' in page, part
    assert page.count('href="#money" class="to-sum"') == 2
    index = made["deals/index.html"].decode()
    assert '<a href="norfolk-and-suffolk/index.html#money">£141m</a>' in index
    pair = made["deals/cornwall-and-greater-manchester.html"].decode()
    assert pair.count('href="cornwall/index.html#money" class="to-sum"') == 2


@pytest.mark.parametrize(
    ("path", "key"),
    [("index", "deal"), ("norfolk-and-suffolk/index", "draw"), ("cornwall/index", "new-money"),
     ("cornwall/small-print", "recall"), ("standing-offer", "framework")],
)  # fmt: skip
def test_a_word_that_must_stay_opens_in_place(made: Pages, path: str, key: str) -> None:
    page = made[f"deals/{path}.html"].decode()
    assert f'popovertarget="word-{key}"' in page and f'id="word-{key}"' in page


def test_all_that_the_report_links_stands_beside_it(made: Pages, run: Path) -> None:
    for href in Read(made["deals/norfolk-and-suffolk/report.html"]).hrefs:
        if not re.match(r"#|https:", href):
            assert made[f"deals/norfolk-and-suffolk/{href}"] == (run / "norfolk-and-suffolk" / href).read_bytes()


def test_without_a_result_nothing_is_projected_and_that_is_said(made: Pages) -> None:
    said = words(made["deals/cornwall/index.html"])
    assert "No result of this deal was given to this site" in said and "The difference" not in said
    assert not any(path.startswith("deals/cornwall/") and path.endswith(".csv") for path in made)


def a_byte(folder: Path) -> None:
    text = (folder / "care.csv").read_text()
    (folder / "care.csv").write_text(text.replace("2035-36", "2035-37", 1))


def a_number(folder: Path) -> None:
    record = json.loads((folder / "run.json").read_text())
    record["numbers"][1] |= {"figure": "+£900m a year in year 10", "short": "+£900m", "value": 900.0}
    (folder / "run.json").write_text(json.dumps(record))


def a_heading(folder: Path) -> None:
    record = json.loads((folder / "run.json").read_text())
    record["sentence"] = "Norfolk and Suffolk would decide on £900m a year. None of it is new money."
    (folder / "run.json").write_text(json.dumps(record))


def a_report(folder: Path) -> None:
    page = (folder / "report.html").read_text().replace("£141m", "£900m")
    (folder / "report.html").write_text(page)


def a_way_out(folder: Path) -> None:
    record = json.loads((folder / "run.json").read_text())
    record["outputs"]["../../other.csv"] = hashlib.sha256(b"").hexdigest()
    (folder / "run.json").write_text(json.dumps(record))


def a_missing_file(folder: Path) -> None:
    (folder / "luck.csv").unlink()


def a_record(folder: Path) -> None:
    (folder / "run.json").write_text('{"deal": "norfolk-and-suffolk"')


@pytest.mark.parametrize(
    "change", [a_byte, a_number, a_heading, a_report, a_way_out, a_missing_file, a_record], ids=lambda f: f.__name__
)
def test_an_altered_result_shows_no_number(run: Path, tmp_path: Path, change: Callable[[Path], None]) -> None:
    runs = altered(run, tmp_path / "runs", change)
    with pytest.raises(SokeError, match="This result was altered") as raised:
        held_run(runs / "norfolk-and-suffolk")
    assert raised.value.code == "damaged"
    site = site_of(copied(tmp_path / "deals", "norfolk-and-suffolk"), runs)
    made = pages_of(site)
    said = words(made["deals/norfolk-and-suffolk/index.html"])
    assert "This result was altered" in said and "No number of it is shown" in said
    assert "The difference" not in said and "£900m" not in said
    assert "£141m" in said  # of the deal file itself, which nobody altered
    assert not any(path.endswith(("report.html", ".csv", "run.json")) for path in made)
    assert any("altered" in trouble.why for trouble in site.troubles)


def vouched(folder: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """A file of a result is changed, and the record vouches for it anew, as whoever means harm would make it."""
    body = change((folder / name).read_bytes() if (folder / name).exists() else b"")
    (folder / name).write_bytes(body)
    record = json.loads((folder / "run.json").read_text())
    record["outputs"][name] = hashlib.sha256(body).hexdigest()
    (folder / "run.json").write_text(json.dumps(record))


@pytest.mark.parametrize(
    ("name", "change", "why"),
    [
        ("luck.csv", lambda body: body.replace(b"p50_per_cent", b"median"), "another version"),
        ("conditions.csv", lambda body: body.replace(b",miss_chance,", b",chance,"), "another version"),
        ("drivers.csv", lambda body: b"a,b\n1,2\n", "another version"),
        ("must_believe.csv", lambda body: body[: body.index(b"\n") + 1], "another version"),
        ("flows.csv", lambda body: body.replace(b"2031-32_gbp", b"2031-33_gbp"), "another version"),
        ("loop.csv", lambda body: body + b"Extra\n", "longer or shorter than its head"),
        ("care.csv", lambda body: body + b"\xff", "is no table"),
        ("loop.csv", lambda body: body + b"w" * 200_000, "is no table"),
        ("report.html", lambda body: b"<script>alert(1)</script>" + body, "does not begin as a report"),
        ("report.html", lambda body: body.replace(b"default-src", b"default"), "does not begin as a report"),
        ("index.html", lambda body: b"<p>Another page</p>", "names a file that no run writes"),
        ("file.html", lambda body: b"<p>Another page</p>", "names a file that no run writes"),
    ],
)
def test_a_result_that_vouches_for_what_no_run_writes_is_refused(
    run: Path, tmp_path: Path, name: str, change: Callable[[bytes], bytes], why: str
) -> None:
    runs = altered(run, tmp_path / "runs", lambda folder: vouched(folder, name, change))
    site = site_of(copied(tmp_path / "deals", "norfolk-and-suffolk"), runs)
    made = pages_of(site)  # and no other page fails for want
    said = words(made["deals/norfolk-and-suffolk/index.html"])
    assert why in said and "No number of it is shown" in said and "The difference" not in said
    assert "deals/norfolk-and-suffolk/report.html" not in made
    assert len({page.path for page in all_pages(site)}) > 1000


def test_a_result_of_another_version_says_so(run: Path, tmp_path: Path) -> None:
    runs = altered(run, tmp_path / "runs", lambda folder: None)
    path = runs / "norfolk-and-suffolk/run.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"soke": "9.9"}))
    folder = copied(tmp_path / "deals", "norfolk-and-suffolk")
    said = words(pages_of(site_of(folder, runs))["deals/norfolk-and-suffolk/index.html"])
    assert "By a result of Soke 9.9" in said and "This site is of Soke" in said
    shutil.copytree(run / "norfolk-and-suffolk", runs / "z-of-this-version")
    said = words(pages_of(site_of(folder, runs))["deals/norfolk-and-suffolk/index.html"])
    assert "Soke 9.9" not in said and "1 more result of this deal is there and not shown" in said


def test_a_result_without_a_figure_says_so(run: Path, tmp_path: Path) -> None:
    """A figure that is missing or is no number is not known: never nought, and no page fails for it."""
    runs = altered(run, tmp_path / "runs", lambda folder: None)
    for name in ("luck", "not_known", "loop", "care", "cuts_again", "conditions", "drivers"):
        vouched(runs / "norfolk-and-suffolk", f"{name}.csv",
                lambda body: re.sub(rb"(?<=,)-?[0-9]+\.[0-9e-]+", b"nan", body))  # fmt: skip
    site = site_of(copied(tmp_path / "deals", "norfolk-and-suffolk"), runs)
    page = pages_of(site)["deals/norfolk-and-suffolk/index.html"]
    assert site.deals.given[0].run and words(page).count("There is no figure.") == 2 and not site.moved
    assert "nan" not in re.findall(r"[a-z]+", words(page))


def test_a_result_of_an_earlier_text_of_the_deal_is_not_shown(run: Path, tmp_path: Path) -> None:
    folder = copied(tmp_path / "deals", "norfolk-and-suffolk")
    path = folder / "norfolk-and-suffolk.toml"
    path.write_text(path.read_text().replace("37.4m", "38.4m"))
    site = site_of(folder, run)
    made = pages_of(site)
    said = words(made["deals/norfolk-and-suffolk/index.html"])
    assert "changed since a result was made" in said and "The difference" not in said
    assert "deals/norfolk-and-suffolk/report.html" not in made and site.troubles


def test_a_file_that_changes_while_the_site_is_built_stops_it(run: Path, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    shutil.copytree(run, runs)
    site = site_of(copied(tmp_path / "deals", "norfolk-and-suffolk"), runs)
    a_report(runs / "norfolk-and-suffolk")
    with pytest.raises(SokeError, match="altered"):
        pages_of(site)


def test_a_result_of_no_deal_is_told_to_the_builder(run: Path, tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    shutil.copytree(run, tmp_path / "runs", dirs_exist_ok=True)
    (tmp_path / "runs/empty").mkdir()
    (tmp_path / "runs/pages").mkdir()
    (tmp_path / "runs/pages/index.html").write_text("<p>A handbook</p>")
    site = site_of(copied(tmp_path / "deals", "cornwall"), tmp_path / "runs")
    told = {trouble.where: trouble.why for trouble in site.troubles}
    assert "a deal that was not given" in told["norfolk-and-suffolk"] and "no run.json" in told["empty"]
    assert "pages" not in told  # a handbook may lie beside results


def test_every_file_is_read_once(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = files._without_waiting

    def counted(name: str, flags: int) -> int:
        read.append(str(name))
        return real(name, flags)

    monkeypatch.setattr(files, "_without_waiting", counted)
    site_of(ROOT / "deals", run)
    for path in (*(ROOT / "deals").glob("*.toml"), *(run / "norfolk-and-suffolk").iterdir()):
        assert read.count(str(path)) == 1, path


def test_only_a_result_that_is_shown_says_what_moves_its_headline(run: Path, tmp_path: Path) -> None:
    """Of a result that is stale, altered, or of a deal that was not given, the site says that no number is shown."""
    (moved,) = site_of(ROOT / "deals", run).moved
    assert moved.title == "Norfolk and Suffolk: a mayoral strategic authority" and moved.command.startswith("soke run")
    with (run / "norfolk-and-suffolk/drivers.csv").open(newline="", encoding="utf-8") as file:
        rows = [(row["parameter"], float(row["low_fifth_gbp_million"])) for row in csv.DictReader(file)]
    assert rows and [(mover.parameter, mover.low) for mover in moved.movers] == rows
    assert not site_of(copied(tmp_path / "other", "cornwall"), run).moved
    stale = copied(tmp_path / "stale", "norfolk-and-suffolk") / "norfolk-and-suffolk.toml"
    stale.write_text(stale.read_text().replace("37.4m", "38.4m"))
    assert not site_of(stale.parent, run).moved
    assert not site_of(ROOT / "deals", altered(run, tmp_path / "runs", a_byte)).moved


# --- bad input ---


def test_a_folder_that_cannot_be_opened_is_told(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shut, real = set[Path](), os.scandir

    def opened(path: Path) -> object:
        if Path(path) in shut:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path)

    shutil.copytree(run, tmp_path / "runs")
    closed = tmp_path / "runs/closed"
    stat = Path.stat

    def of(self: Path, **how: bool) -> os.stat_result:
        if self.parent == closed:
            raise PermissionError(errno.EACCES, "Permission denied")
        return stat(self, **how)

    closed.mkdir()
    monkeypatch.setattr(Path, "stat", of)
    site = site_of(ROOT / "deals", tmp_path / "runs")
    assert any(one.where == "closed" and "cannot be read: Permission denied" in one.why for one in site.troubles)
    assert any(one.run for one in site.deals.given)
    monkeypatch.setattr(Path, "iterdir", lambda self: iter(opened(self)))  # type: ignore[call-overload]
    shut.add(tmp_path)
    with pytest.raises(SokeError, match=r"cannot be read: Permission denied\."):
        site_of(tmp_path)


def test_two_files_of_one_id_are_both_refused(run: Path, tmp_path: Path) -> None:
    folder = copied(tmp_path, *SHIPPED)
    text = (folder / "norfolk-and-suffolk.toml").read_text()
    (folder / "a-copy.toml").write_text(text.replace("starts =", "starts  ="))
    site = site_of(folder, run)
    made = pages_of(site)
    page = made["deals/norfolk-and-suffolk/index.html"]
    assert "2 files have the id norfolk-and-suffolk" in heading(page)
    assert "a-copy.toml and norfolk-and-suffolk.toml" in words(page) and "£" not in words(page)
    assert "Refused: a-copy.toml and norfolk-and-suffolk.toml have one id" in words(made["deals/index.html"])
    assert {path for path in made if "norfolk" in path} == {"deals/norfolk-and-suffolk/index.html"}
    assert not any(link.path.startswith("deals/norfolk") for links in site.concerning.values() for link in links)
    assert any("have one id" in trouble.why for trouble in site.troubles)


def test_ids_that_would_have_one_address_are_refused_too(tmp_path: Path) -> None:
    text = (ROOT / "deals/cornwall.toml").read_text()
    for name, id_ in (("one", "corn.wall"), ("two", "Corn-wall")):
        (tmp_path / f"{name}.toml").write_text(text.replace('id = "cornwall"', f'id = "{id_}"', 1))
    made = pages_of(site_of(tmp_path))
    assert "Two deals cannot be one" in heading(made["deals/corn-wall/index.html"])


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    good = (ROOT / "deals/cornwall.toml").read_text()
    (tmp_path / "torn.toml").write_text(good.replace('tier = "foundation"', 'tier = "foundation', 1))
    (tmp_path / "table.toml").write_text("a,b,c\n1,2,3\n")
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "large.toml").write_bytes(b"#" * 5_000_001)
    site = site_of(tmp_path)
    made = pages_of(site)
    assert [one.state for one in site.deals.given] == ["unread"] * 4
    said = words(made["deals/index.html"])
    assert said.count("Cannot be read:") == 4 and "larger than 5,000,000 bytes" in said
    torn = next(one for one in site.deals.given if one.file == "torn.toml")
    assert torn.slug == "cornwall" and "cannot be read as a deal" in heading(made[torn.path])
    assert "torn.toml:8" in words(made[torn.path])
    assert len(site.troubles) == 4


def test_a_framework_and_a_scenario_are_no_deals(tmp_path: Path) -> None:
    offer = ROOT / "src/soke/deal/offer"
    for name in ("england", "scenario", "cuts-2010s"):
        shutil.copy(offer / f"{name}.toml", tmp_path)
    (tmp_path / "torn.toml").write_text('schema = "soke-scenario/1"\nid = "x\n')
    site = site_of(tmp_path)
    assert not site.deals.given and not site.troubles
    assert "No deal was given" in heading(pages_of(site)["deals/index.html"])


def hostile(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    text = (ROOT / "deals/norfolk-and-suffolk.toml").read_text()
    escaped = HOSTILE.replace('"', '\\"')
    for old in ("Norfolk and Suffolk: a mayoral strategic authority", "Investment fund for thirty years",
                "Village halls, pubs and shops", "Norfolk and Suffolk Combined County Authority"):  # fmt: skip
        assert old in text
        text = text.replace(f'"{old}"', f'"{escaped}"')
    text = text.replace('place = "Norfolk and Suffolk"', f'place = "{escaped}"', 1)
    (folder / "norfolk-and-suffolk.toml").write_text(text)
    (folder / "<b>&'.toml").write_text((ROOT / "deals/cornwall.toml").read_text())
    shutil.copy(ROOT / "deals/greater-manchester.toml", folder)
    return folder


def test_hostile_text_is_inert(tmp_path: Path) -> None:
    site = site_of(hostile(tmp_path))
    made = pages_of(site)
    assert all(one.good for one in site.deals.given)
    page = made["deals/norfolk-and-suffolk/index.html"]
    assert "<script>alert(1)</script>" in words(page) and "Ångström" in words(page)
    for path, content in made.items():
        read = Read(content)
        assert "script" not in read.tags and "b&'" not in read.tags, path
        assert len(read.ids) == len(set(read.ids)), path


def test_a_mark_that_turns_text_round_turns_none_here(tmp_path: Path) -> None:
    text = (ROOT / "deals/cornwall.toml").read_text()
    (tmp_path / "turned\u202elmot.toml").write_text(text.replace("Cornwall: a", "Cornwall\u202e: a", 1))
    site = site_of(tmp_path)
    made = pages_of(site)
    assert site.deals.given[0].state == "unread" and "turns the text round" in words(made["deals/index.html"])
    assert not any("\u202e" in content.decode() for content in made.values())


def test_what_is_huge_is_shown_in_bounds(tmp_path: Path) -> None:
    good = (ROOT / "deals/cornwall.toml").read_text()
    many = "".join(f'[[fund]]\nid = "f{number}"\nbad = 1\n' for number in range(300))
    (tmp_path / "many.toml").write_text(f"{good}\n{many}")
    long = good.replace('id = "cornwall"', 'id = "long"', 1)
    (tmp_path / "long.toml").write_text(f"{long}# {'<' * 100_000}\n" + "#\n" * 6_000)
    made = pages_of(site_of(tmp_path))
    page = made["deals/cornwall/index.html"]
    assert page.count(
        b"<li><p><b"
    ) == MOST_FINDINGS and "more are not shown here. All of them: soke check many.toml" in (
        words(page).replace(" .", ".")
    )
    page = made["deals/long/file.html"]
    assert len(page) < 1_000_000 and "Lines of more than 1,000 letters are cut." in words(page)
    assert page.count(b"<li id=") == 5_000 and "Its first 5,000 lines are shown." in words(page)


def test_a_command_can_be_copied_whatever_the_file_is_called(tmp_path: Path) -> None:
    (tmp_path / "deal; rm -rf x.toml").write_text((ROOT / "deals/cornwall.toml").read_text())
    said = words(pages_of(site_of(tmp_path))["deals/cornwall/index.html"])
    assert "soke run 'deal; rm -rf x.toml'" in said


def test_an_offer_that_only_has_the_name_of_the_shipped_one_is_not_taken_for_it(tmp_path: Path) -> None:
    offer = (ROOT / "src/soke/deal/offer/england.toml").read_text()
    (tmp_path / "own").write_text(offer.replace("\ntitle = ", '\ntitle = "Another offer" # ', 1))
    text = (ROOT / "deals/cornwall.toml").read_text()
    assert 'extends = "england"' in text
    (tmp_path / "deal.toml").write_text(text.replace('extends = "england"', 'extends = "own"'))
    page = pages_of(site_of(tmp_path))["deals/cornwall/offer.html"]
    assert "Another offer" in words(page) and "../standing-offer.html" not in Read(page).hrefs


def test_what_is_in_force_is_not_said_to_be_still_agreed_to(tmp_path: Path) -> None:
    text = (ROOT / "deals/norfolk-and-suffolk.toml").read_text()
    assert 'status = "draft"' in text
    (tmp_path / "deal.toml").write_text(text.replace('status = "draft"', 'status = "in-force"\nagreed = 2026-03-01', 1))
    site = site_of(tmp_path)
    (one,) = site.deals.given
    assert one.good and one.good.status == "in-force"
    said = words(pages_of(site)["deals/norfolk-and-suffolk/index.html"])
    assert "It is in force. Agreed on 1 March 2026." in said and "must agree:" not in said
    assert "Powers also need an order" not in said and "agreed by nobody" not in said


def test_a_deal_names_its_register_by_its_longest_copy(made: Pages) -> None:
    def kept(name: str, entries: int, deal: str = "cornwall") -> Published:
        return Published(
            folder=Path(name), name="one.example", rehearsal=True, entries=entries, later=0, root=b"", key="",
            printed=(), cosigned="", told=(), put_right={}, key_lost=(), numbers={},
            cards={deal: Untold(deal, "")}, areas={}, parties={}, files=(), earlier=(), tree=Tree(),
        )  # fmt: skip

    site = replace(site_of(ROOT / "deals"), registers={"short": kept("short", 4), "long": kept("long", 9),
                                                       "other": kept("other", 9, "wales")},
                   newer={"short": "long"})  # fmt: skip
    page = pages_of(site)["deals/cornwall/index.html"]
    assert "Its register, a rehearsal: long" in words(page) and "../../registers/long/index.html" in Read(page).hrefs
    assert "short" not in words(page).partition("Its register")[2][:60] and "Registers of deals" not in words(page)
    assert "Registers of deals" in words(made["deals/cornwall/index.html"])


# --- the offer, and two deals ---


@pytest.mark.parametrize("name", SHIPPED)
def test_what_a_deal_takes_leaves_and_changes_is_all_of_the_offer(made: Pages, name: str) -> None:
    deal = load_deal(ROOT / "deals" / f"{name}.toml", places(), in_part=True)
    found = from_offer(deal)
    offer = offered(deal.framework, deal.tier)
    on_offer = {power.id for power in offer["power"]}
    assert {power.id for power in found.left} == on_offer - {power.id for power in deal.powers}
    same = {id_ for kind, id_ in found.same if kind == "power"}
    changed = {change.path.split(".")[1] for change in found.other if change.path.startswith("power.")}
    assert same | changed == on_offer & {power.id for power in deal.powers} and not same & changed
    assert {id_ for kind, id_ in found.own if kind == "fund"} == {fund.id for fund in deal.funds}
    said = words(made[f"deals/{name}/offer.html"])
    taken = len(on_offer) - len(found.left)
    assert f"takes {taken} of the {len(on_offer)} powers on offer" in said
    assert all(power.title in said for power in found.left)


def test_two_deals_side_by_side_by_the_head(made: Pages) -> None:
    page = made["deals/cornwall-and-greater-manchester.html"]
    assert re.fullmatch(r"Cornwall would decide on £\d+ a head, Greater Manchester on £\d+", heading(page))
    said = words(page)
    assert "Bus franchising no yes" in said and "Business rates: counted anew in 2029-30 2034-35" in said
    assert "Level First step, no mayor Mayor, widest powers" in said and "(E0" not in said
    assert "Adult skills fund: money, 2026-27 revenue £9.0m £102m" in said and "origin" not in said
    assert not any("broken" in path for path in made if "-and-" in path.removeprefix("deals/").split("/")[0])


def test_two_sums_that_round_alike_stand_in_full(tmp_path: Path) -> None:
    text = (ROOT / "deals/cornwall.toml").read_text()
    assert "revenue = 9_000_000" in text
    (tmp_path / "a.toml").write_text(text)
    other = text.replace('id = "cornwall"', 'id = "other"', 1).replace("revenue = 9_000_000", "revenue = 9_000_100")
    (tmp_path / "b.toml").write_text(other)
    made = pages_of(site_of(tmp_path))
    said = words(made["deals/cornwall-and-other.html"])
    assert "2026-27 revenue £9,000,000 £9,000,100" in said
    # one place twice: its money is not added up
    assert heading(made["deals/index.html"]) == "2 deals, and all of them stand"


def test_money_of_all_is_added_up_only_where_all_is_known(tmp_path: Path) -> None:
    site = site_of(copied(tmp_path, *SHIPPED))
    assert heading(pages_of(site)["deals/index.html"]).startswith("3 deals for £1.0bn a year. £170m of it")
    first, *rest = site.deals.given
    part = replace(site, deals=Deals((replace(first, money=None), *rest)))
    assert heading(pages_of(part)["deals/index.html"]) == "3 deals, and all of them stand"


def test_no_more_pairs_than_are_useful_and_none_with_the_address_of_another(tmp_path: Path) -> None:
    text = (ROOT / "deals/cornwall.toml").read_text()
    for id_ in ("a", "a-and-b", "b-and-c", "c", *(f"d{number}" for number in range(8))):
        (tmp_path / f"{id_}.toml").write_text(text.replace('id = "cornwall"', f'id = "{id_}"', 1))
    site = site_of(tmp_path)
    pairs = [site.deals.pair_path(*pair) for pair in site.deals.pairs]
    assert len(pairs) == len(set(pairs)) == MOST_PAIRS
    assert {"deals/a--and--b-and-c.html", "deals/a-and-b--and--c.html", "deals/a-and-d0.html"} <= set(pairs)
    made = pages_of(site)
    assert f"{66 - MOST_PAIRS} more pairs have no page here" in words(made["deals/index.html"])
    assert "Cornwall, a and Cornwall, c would each decide on" in heading(made["deals/a-and-c.html"])


# --- all of them ---


def test_every_link_leads_somewhere(site: Site, made: Pages) -> None:
    known = {page.path for page in all_pages(site)}
    known |= {value for value in vars(frame).values() if isinstance(value, str) and value.endswith(".html")}
    known.add(deals.HANDBOOK)
    for path, content in made.items():
        if not path.endswith(".html") or path.endswith("report.html"):
            continue
        for href in Read(content).hrefs:
            assert not re.match(r"[a-z]+:|/", href), (path, href)
            to, _, part = href.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), to)) if to else path
            if not re.fullmatch(r"check/findings/[A-Z]{2}\d{3}\.html", target):
                assert target in known, (path, href)
            if part and target in made:
                assert part in Read(made[target]).ids, (path, href)


def test_the_same_bytes_twice_and_every_page_can_go_to_another_process(site: Site, made: Pages, run: Path) -> None:
    again = site_of(ROOT / "deals", run)
    assert pages_of(again) == made
    assert [(page.path, page.needs) for page in deals.pages(site)] == [
        (page.path, page.needs) for page in deals.pages(again)
    ]
    elsewhere: Site = pickle.loads(pickle.dumps(site))
    for page in deals.pages(site):
        assert pickle.loads(pickle.dumps(page.write))(elsewhere)


def test_a_page_is_written_anew_when_its_deal_changes_and_no_other(tmp_path: Path) -> None:
    folder = copied(tmp_path, *SHIPPED)
    before = {page.path: page.needs for page in deals.pages(site_of(folder))}
    path = folder / "cornwall.toml"
    path.write_text(path.read_text() + "# a word\n")
    after = {page.path: page.needs for page in deals.pages(site_of(folder))}
    changed = {path for path in after if after[path] != before[path]}
    assert changed == {"deals/index.html", "deals/cornwall/index.html", "deals/cornwall/small-print.html",
                       "deals/cornwall/offer.html", "deals/cornwall/file.html",
                       "deals/cornwall-and-greater-manchester.html",
                       "deals/cornwall-and-norfolk-and-suffolk.html"}  # fmt: skip


def test_no_sentence_of_a_first_screen_is_long(made: Pages) -> None:
    for name in SHIPPED:
        page = made[f"deals/{name}/index.html"].decode()
        page = re.sub(r'<span id="word-[^>]*>.*?</span>', "", page)  # meanings that open
        screen = page.partition("<h1>")[2].partition('<section class="below"')[0].partition('class="block pair"')[0]
        paragraphs = re.findall(r"<(?:h1|p)[^>]*>(.*?)</(?:h1|p)>", screen, re.DOTALL)
        for text in paragraphs:
            plain = html.unescape(re.sub(r"<[^>]*>", "", text))
            for sentence in re.split(r"(?<=[.!?])\s", plain):
                assert len(sentence.split()) <= 22, (name, sentence)


@pytest.mark.slow
def test_pages_fit_a_telephone_and_axe_finds_nothing(
    site: Site, made: Pages, chromium: str, tmp_path: Path, dressed: Callable[[Path], None]
) -> None:
    dressed(tmp_path / "good")
    dressed(tmp_path / "rough")
    rough = pages_of(site_of(hostile(tmp_path / "hostile")))
    chosen = {f"good/{path}": content for path, content in made.items() if re.match(
        r"deals/(index|standing-offer|broken/index|norfolk-and-suffolk/(index|small-print|offer)|cornwall/index|"
        r"cornwall/file|cornwall-and-greater-manchester)\.html", path)}  # fmt: skip
    chosen |= {f"rough/{path}": content for path, content in rough.items() if path.endswith(".html")}
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"]) as browser,
    ):
        for width in (375, 1280):
            window = browser.new_page(viewport={"width": width, "height": 900})
            for path, content in chosen.items():
                (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / path).write_bytes(content)
                window.goto((tmp_path / path).as_uri())
                assert window.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
                if path.startswith("good"):
                    found = Axe().run(window).response["violations"]
                    assert not found, (path, width, [(each["id"], each["nodes"][0]["html"]) for each in found])


NARROW = """() => [...document.querySelectorAll("td:not(.n)")].filter(cell => cell.checkVisibility()
  && !cell.querySelector(".grade") && getComputedStyle(cell).display == "table-cell").map(cell => {
    const style = getComputedStyle(cell)
    return [(cell.clientWidth - parseFloat(style.paddingRight)) / parseFloat(style.fontSize), cell.textContent]
  }).filter(([width, text]) => width < 6 && text.length > 12)"""


@pytest.mark.slow
def test_no_column_of_words_is_squeezed(
    made: Pages, chromium: str, tmp_path: Path, dressed: Callable[[Path], None]
) -> None:
    """On paper, on a tablet and on a wide screen a column of words holds two of them beside each other."""
    dressed(tmp_path)
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"]) as browser,
    ):
        for path, content in made.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(content)
        for width, media in ((718, "print"), (768, "screen"), (1280, "screen")):
            window = browser.new_page(viewport={"width": width, "height": 900})
            window.emulate_media(media=media)
            for path in ("greater-manchester/index", "norfolk-and-suffolk/small-print", "standing-offer",
                         "cornwall-and-greater-manchester"):  # fmt: skip
                window.goto((tmp_path / f"deals/{path}.html").as_uri())
                assert not window.evaluate(NARROW), (path, width, media)
                assert window.evaluate("document.documentElement.scrollWidth") <= width, (path, width, media)
