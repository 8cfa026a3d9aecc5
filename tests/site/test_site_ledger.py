"""The ledger of devolution: its finding from its figures, nothing surer than it is, and hostile deals inert."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from soke.england.devolution import STANDINGS, People, devolved_funds, people_by_tier
from soke.england.strategic import strategic_authorities
from soke.errors import SokeError
from soke.report.tables.devolution import funds_table
from soke.site import style
from soke.site.areas import areas
from soke.site.contents import Asked, Site
from soke.site.frame import LEDGER
from soke.site.gather import gather
from soke.site.ledger.pages import FILES, heading, lead, pages, said, unknown_table
from soke.site.ledger.tiers import NONE, path_of
from soke.site.pages import all_pages
from soke.site.places.who_decides import who_decides

DEALS = Path(__file__).parents[2] / "deals"
DAY = dt.date(2026, 12, 1)
HOSTILE = '</title><script>alert(1)</script> "quoted" & Ærøskøbing'


def site_of(deals: Path | None = None, today: dt.date = DAY) -> Site:
    return gather(Asked(deals=deals, today=today))


def written(site: Site, path: str = LEDGER) -> str:
    page = next(page for page in pages(site) if page.path == path)
    content = page.write(site)
    assert isinstance(content, str)
    return content


class Words(HTMLParser):
    """The words of a page, its addresses and its tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name == "href" and value]

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] != "style":
            self.words.append(data)

    def __str__(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


# --- the finding ---


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.473, "nearly half"), (0.12, "one in eight"), (0.0, "nobody"), (1.0, "all"), (0.5, "half"),
     (0.53, "more than half"), (0.03, "3 in 100"), (0.97, "97 in 100"), (0.667, "two thirds"),
     (0.996, "nearly all"), (0.002, "fewer than 1 in 100"), (1 - 1e-12, "all")],
)  # fmt: skip
def test_a_share_in_words(share: float, words: str) -> None:
    assert said(share) == words


def test_the_heading_is_the_finding() -> None:
    people = people_by_tier(dt.date(2026, 9, 15))
    assert heading(people) == (
        "Nearly half of England has a mayor with the widest powers. In the shires it is one in eight."
    )
    assert lead(people).startswith("All of London and the big city districts are at the top.")


def test_the_heading_follows_the_figures() -> None:
    def of(kind: str, top: float) -> People:
        by = dict.fromkeys(STANDINGS, 0.0) | {"established-mayoral": top, "none": 100.0 - top}
        return People(kind, by)  # type: ignore[arg-type]

    other = (of("country", 75.0), of("london-borough", 10.0), of("metropolitan-district", 100.0), of("unitary", 90.0),
             of("shire-district", 80.0))  # fmt: skip
    assert heading(other).endswith("In London it is one in ten.") and heading(other).startswith("Three quarters")
    none = tuple(of(one.kind, 0.0) for one in other)
    assert heading(none) == "Nobody in England has a mayor with the widest powers yet."


def test_before_anything_is_told_the_page_says_so() -> None:
    page = str(Words(written(site_of(today=dt.date(2020, 1, 1)))))
    assert "Nobody in England has a mayor with the widest powers yet." in page
    assert "At 1 January 2020" in page


# --- what stands on it ---


def test_every_area_has_its_row_its_link_and_its_doubt() -> None:
    page = Words(written(site_of()))
    for body in strategic_authorities():
        assert body.name in str(page)
        assert body.instrument in str(page)
    paths = {f"../{area.path}" for area in areas() if area.body}
    assert len(paths) == len(strategic_authorities()) and paths <= set(page.addresses)
    assert "read second-hand" in str(page) and "not checked" in str(page) and "not known" in str(page)
    assert "15 September 2026" in str(page)
    assert "script" not in page.tags


def test_a_vote_that_was_due_is_no_vote_to_come() -> None:
    now, later = (str(Words(written(site_of(today=day)))) for day in (DAY, dt.date(2027, 6, 1)))
    assert "first vote in May 2027" in now and "was due" not in now
    assert "first vote was due in May 2027" in later and "first vote in May 2028" in later
    assert written(site_of()).count('class="ring"') == 1 + 6  # the key, and areas that nobody is in post in yet
    assert written(site_of(today=dt.date(2027, 6, 1))).count('class="ring"') == 1 + 4


def test_no_page_of_a_level_calls_a_vote_to_come_that_was() -> None:
    """Of each level, and of those that are planned."""
    later = site_of(today=dt.date(2040, 1, 1))
    for path in (NONE, *map(path_of, ("foundation", "mayoral", "established-mayoral"))):
        page = str(Words(written(later, path)))
        assert not re.search(r"(next|first) vote for a mayor in", page), path
        assert "vote for a mayor was due in" in page or "no vote for a mayor is set" in page


def test_nothing_is_added_up_from_half_a_table() -> None:
    page = str(Words(written(site_of())))
    assert "So no total is drawn." in page and "What it would cost is not known" in page
    rows = {row["what"]: row["areas"] for row in unknown_table(dt.date(2026, 9, 15), site_of())}
    assert rows["The level of earlier years"] == "12 of 22"
    assert rows["The yearly investment fund"] == "3 of 22"
    assert rows["The day on which each power was given"] == "22 of 22"


def test_a_sum_a_head_stands_beside_what_it_is_made_of() -> None:
    rows = [row for row in funds_table() if row["gbp_a_head_a_year"] is not None]
    assert len(rows) == len(devolved_funds())
    for row in rows:
        first, _, last = str(row["years"]).partition(" to ")
        years = int(last[:4]) - int(first[:4]) + 1 if last else 1
        made = 1e6 * float(row["gbp_million"] or 0) / years / float(row["population_persons"] or 0)
        assert made == pytest.approx(row["gbp_a_head_a_year"]) and row["source"] and row["grade"] == "unverified"
    missing = {row["area"] for row in funds_table()} - {row["area"] for row in rows}
    page = written(site_of())
    assert all(area in page for area in missing) and page.count("fund not known") == 3


def test_files_lie_where_the_page_says() -> None:
    made = {page.path: page for page in pages(site_of())}
    linked = {address for address in Words(written(site_of())).addresses if address.endswith(".csv")}
    assert linked == {f"{name}.csv" for name in FILES}
    for name in FILES:
        lines = str(made[f"powers/{name}.csv"].write(site_of())).splitlines()
        assert len(lines) > 10


def test_no_link_of_the_ledger_is_dead_but_to_parts_of_others() -> None:
    site = site_of(DEALS)
    there = {page.path for page in all_pages(site)}
    others = re.compile(r"(?:\.\./)*(?:check|deals|decisions|data|registers|words|handbook)\b.*")
    for path in (LEDGER, NONE, path_of("mayoral"), path_of("foundation"), path_of("established-mayoral")):
        page = written(site, path)
        ids = set(re.findall(r'id="([^"]+)"', page))
        assert len(re.findall(r'id="([^"]+)"', page)) == len(ids), path
        for address in Words(page).addresses:
            if address.startswith(("https://", "#")) or others.fullmatch(address):
                assert not address.startswith("#") or address[1:] in ids
                continue
            target = (Path("powers") / address).as_posix()
            parts: list[str] = []
            for part in target.split("/"):
                parts = parts[:-1] if part == ".." else [*parts, part]
            assert "/".join(parts) in there, (path, address)


@pytest.mark.parametrize("tier", ["foundation", "mayoral", "established-mayoral"])
def test_a_page_of_a_tier_says_something_of_its_own(tier: str) -> None:
    page = str(Words(written(site_of(), f"powers/{tier}.html")))
    finding = {"foundation": "2.5 million people live under a first step without a mayor, in 2 areas",
               "mayoral": "7.6 million people live under a mayor whose powers are not the widest, in 7 areas",
               "established-mayoral": "27.0 million people live under a mayor with the widest powers, in 11 areas",
               }  # fmt: skip
    assert finding[tier] in page
    only = {"foundation": "Bus franchising", "mayoral": "Fire and rescue", "established-mayoral": "Retrofit of homes"}
    for other, power in only.items():
        assert (power in page) == (other == tier)


# --- deals ---


def test_a_deal_that_was_read_says_who_holds_what() -> None:
    page = str(Words(written(site_of(DEALS))))
    assert "Greater Manchester: integrated settlement from 2026-27. Draft: nothing in it is agreed." in page
    assert "Powers under Greater Manchester" in page and "SI 2018/1141, articles 3 and 4" in page
    assert "1 August 2019" in page and "Mayor of Greater Manchester" in page
    assert re.search(r"broken on purpose : nothing of it is shown\. The check found \d+ errors\.", page)
    assert "Who would hold it" in page  # a draft gives nobody anything
    assert "£258 a head" in page and "Of it £41 is new." in page
    assert "No deal was read" not in page and "No deal was read" in str(Words(written(site_of())))


def deal_named(tmp_path: Path, title: str, party: str, name: str = "one.toml") -> None:
    text = (DEALS / "cornwall.toml").read_text(encoding="utf-8")
    quoted = (part.replace("\\", "\\\\").replace('"', '\\"') for part in (title, party))
    new, holder = (f'"{part}"' for part in quoted)
    text = re.sub(r"(?m)^title = .*$", lambda _: f"title = {new}", text, count=1)
    text = re.sub(r'(?m)^(\[\[party\]\]\nid = "authority"\nname = ).*$', lambda match: match[1] + holder, text, count=1)
    (tmp_path / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("title", "shown"),
    [(HOSTILE, True), ("x" * 300, True), (f"{HOSTILE} \u202etxt\u202c", False), ("Ünïcode \u202e reversed", False)],
)
def test_hostile_names_are_inert(tmp_path: Path, title: str, shown: bool) -> None:
    """What turns the line round is refused by the check, and then the deal is named and not shown."""
    deal_named(tmp_path, title, title)
    site = site_of(tmp_path)
    (one,) = site.deals.given
    assert bool(one.good) == shown
    page = written(site)
    assert "<script" not in page and "script" not in Words(page).tags and "\u202e" not in page
    assert (one.title in str(Words(page))) and (title[:80] in str(Words(page))) == shown


def test_two_deals_of_one_id_are_both_not_shown(tmp_path: Path) -> None:
    for name in ("one.toml", "two.toml"):
        deal_named(tmp_path, f"A title of {name}", "Cornwall Council", name)
    site = site_of(tmp_path)
    page = str(Words(written(site)))
    assert "one.toml and two.toml have one id, cornwall: none of them is shown." in page
    assert "No deal was read" in page and "A title of" not in page


def test_a_file_that_is_no_toml_is_named_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "<b>bad.toml").write_bytes(b"\xff\x00 not toml")
    (tmp_path / "good.toml").write_bytes((DEALS / "cornwall.toml").read_bytes())
    page = written(site_of(tmp_path))
    assert "&lt;b&gt;bad.toml" in page and "Powers under Cornwall" in page
    with pytest.raises(SokeError):
        site_of(tmp_path / "nowhere")


def test_the_same_bytes_twice_and_another_deal_another_need() -> None:
    first, second = site_of(DEALS), site_of(DEALS)
    assert [page.needs for page in pages(first)] == [page.needs for page in pages(second)]
    assert [page.write(first) for page in pages(first)] == [page.write(second) for page in pages(second)]
    assert next(iter(pages(site_of()))).needs != next(iter(pages(first))).needs


# --- who decides, on the page of a place ---


def test_every_place_has_its_block() -> None:
    for area in areas():
        block = str(who_decides(area.path, area))
        assert ("Nothing is told of it" in block) == (not area.members), area.name
        if area.members:
            assert "Buses" in block and "Bins" in block and "Police" in block and 'href="../powers/index.html"' in block
        assert len(block) < 40_000 and " style=" not in block


def test_a_resident_of_south_norfolk_finds_who_decides_on_buses() -> None:
    area = next(area for area in areas() if area.name == "South Norfolk")
    block = str(who_decides(area.path, area))
    row = next(row for row in re.findall(r"<tr>.*?</tr>", block) if "Buses" in row)
    assert "Norfolk County Council" in row and "companies decide on most routes" in row
    assert re.search(r'<th scope="row">Bins[^<]*</th><td>South Norfolk District Council', block)


# --- in a browser ---


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    site, top = site_of(DEALS), tmp_path_factory.mktemp("ledger")
    for page in (*pages(site), *style.pages(site)):
        path = top / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        content = page.write(site)
        path.write_text(content if isinstance(content, str) else content.decode(), encoding="utf-8")
    yield top


YEARS = """() => {
  const drawn = document.querySelector(".ledger tbody svg").getBoundingClientRect()
  return [...document.querySelectorAll(".ledger .years .mid")].filter(year => year.checkVisibility()).map(year => {
    const box = document.createRange(); box.selectNodeContents(year)
    const at = box.getBoundingClientRect(), share = (Number(year.textContent) - 2010) / 20
    return [year.textContent, (at.left + at.right) / 2 - drawn.left - share * drawn.width]
  })
}"""  # years over the chart, and how many pixels each stands beside where its year is drawn


@pytest.mark.slow
def test_the_pages_are_sound_at_both_widths_light_and_dark(folder: Path, chromium: str) -> None:
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"]) as browser,
    ):
        for width, scheme in ((375, "light"), (1280, "light"), (1280, "dark")):
            context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
            page = context.new_page()
            asked: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.goto((folder / LEDGER).as_uri())
            years = page.evaluate(YEARS)
            assert [year for year, _ in years] == (["2015", "2020", "2025"] if width > 860 else []), width
            assert all(abs(off) < 2 for _, off in years), years
            for path in sorted((folder / "powers").glob("*.html")):
                page.goto(path.as_uri())
                page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (path.name, width)
                if scheme == "dark":  # in light the whole site is looked at
                    result = Axe().run(page)
                    assert result.violations_count == 0, (path.name, result.generate_report())
            assert all(url.startswith(folder.as_uri()) for url in asked)
            context.close()
