"""The page of a place's account: one file, every number with its sum, nothing fetched; large, small, published."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from test_report_page import HOSTILE, Tags

from soke.england.baseline import baseline
from soke.errors import SokeError
from soke.model.accounts.components import by_region, pieces, region_of
from soke.model.accounts.explain import TOTALS
from soke.model.accounts.history import SeriesBreak, series_breaks
from soke.report.charts.history import history_chart
from soke.report.contents import RunReport
from soke.report.markup import Element
from soke.report.place_account import place_contents
from soke.report.place_contents import PlaceContents
from soke.report.place_page import page, write_page
from soke.report.place_sums import lines_shown
from soke.report.run.tables import all_tables
from soke.report.tables.account import account_lines
from soke.report.tables.place import anchor, history, in_short, lines_of
from soke.text import money

PLACES = {
    "gm": ("Greater Manchester",), "westminster": ("Westminster",), "scilly": ("Isles of Scilly",),
    "england": ("England",), "north-west": ("North West",), "several": ("Canterbury", "Dover", "Leeds"),
}  # fmt: skip
Made = tuple[PlaceContents, str]


@pytest.fixture(scope="module")
def made() -> Callable[[str], Made]:
    kept: dict[str, Made] = {}

    def one_page(place: str) -> Made:
        if place not in kept:
            contents = place_contents(PLACES[place], 2023)
            kept[place] = contents, page(contents)
        return kept[place]

    return one_page


@pytest.fixture(params=list(PLACES))
def each(request: pytest.FixtureRequest, made: Callable[[str], Made]) -> Made:
    return made(request.param)


def first_screen(text: str) -> str:
    return text[text.index("<main>") : text.index("<nav")]


def test_it_is_well_formed_and_every_link_leads_somewhere(each: Made) -> None:
    _, text = each
    tags = Tags(text)
    assert tags.open == []
    ids = [a["id"] for _, a in tags.tags if "id" in a]
    assert len(ids) == len(set(ids))
    for link in tags.named("a"):
        href = link["href"] or ""
        assert href[1:] in ids if href.startswith("#") else href.startswith(("https://", "data:text/csv")), href
        assert not href.startswith("https://") or link["rel"] == "noopener"
        assert not href.startswith("data:") or link["download"]
    for _, attributes in tags.tags:
        assert all(name in ids for name in (attributes.get("aria-labelledby") or "").split())


def test_headings_run_in_order_and_tables_say_what_they_are(each: Made) -> None:
    _, text = each
    tags = Tags(text)
    levels = [int(tag[1]) for tag, _ in tags.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(tags.named("caption")) == len(tags.named("table"))
    assert all(a.get("scope") in ("row", "col") for a in tags.named("th"))
    assert not re.search(r"<th[^>]*></th>", text)


def test_it_is_small_and_fetches_nothing(each: Made) -> None:
    _, text = each
    tags = Tags(text)
    assert len(text.encode()) < 1_500_000
    assert not tags.named("script", "img", "iframe", "link", "object", "embed", "base", "form", "image", "use")
    assert all("src" not in a and not any(k.startswith("on") for k in a) for _, a in tags.tags)
    assert "@import" not in text and "url(" not in text
    assert tags.named("meta")[1]["content"] == "default-src 'none'; style-src 'unsafe-inline'"


def test_every_number_leads_to_its_sum_and_the_sum_is_that_number(each: Made) -> None:
    contents, text = each
    a = contents.account
    opens = {attributes["id"] for attributes in Tags(text).named("details") if "id" in attributes}
    for side in ("revenue", "spending"):
        table = lines_of(contents, side)
        assert len(table) == len(lines_shown(contents, side)) > 15
        assert {f"#{i}" for i in opens} >= set(table.column("sum"))
        for cell, address in zip(table.column("gbp_million_cash"), table.column("sum"), strict=True):
            assert f'<a href="{address}">{table.columns[1].said(cell)}</a>' in text
    values = {item.line.id: item.value for item in a.lines}
    for key, value in values.items():
        assert contents.sums[key].value == pytest.approx(value, abs=1e-6)
    totals = {
        "raised": a.receipts, "spent": a.spending, "gap": a.gap, "all taxes": a.taxes,
        "UK borrowing": a.split.borrowing, "lower tax": a.split.lower_tax, "higher spending": a.split.higher_spending,
    }  # fmt: skip
    for key, value in totals.items():
        assert contents.sums[key].value == pytest.approx(value, abs=1e-6)
    assert {anchor(total) for total in TOTALS} <= opens
    assert [f"#{anchor(key)}" for key in ("raised", "all taxes", "spent", "gap")] == in_short(a).column("sum")[:4]


def test_the_sum_of_a_line_stands_in_it_as_specified() -> None:
    """Greater Manchester's income tax of 2022-23: own 6,763, North West 19,482, q 1.0483."""
    text = page(place_contents(PLACES["gm"], 2022))
    start = text.index('id="sum-income-tax"')
    sum_ = text[start : text.index("</details>", start)]
    for said in ("North West, published 19,482", "27 constituencies", "1.0483", "measured here 7,090"):
        assert said in sum_, said
    assert 'id="base-year"' not in text
    assert "2022-23 carries unusual debt interest" in text


def test_ten_seconds(made: Callable[[str], Made]) -> None:
    contents, text = made("gm")
    a, first = contents.account, first_screen(text)
    assert f"Raises {money(a.receipts)}" in first and f"{money(a.gap)} short, within plus or minus" in first
    assert "four times in five; tested on what is measured" in first
    assert first.count('class="lead"') == 1
    for said in (
        "measured here",
        "shared by a rule",
        "shared by head",
        "± £",
        "From the published year",
        "Source: ONS",
    ):
        assert said in first
    assert "0% measured wider" not in first  # what is nothing is not listed
    (whole,) = (svg for svg in re.findall(r"<svg.*?</svg>", first) if 'class="whole"' in svg)
    shares = [float(s) for s in re.findall(r'<rect [^>]*width="([\d.]+)%"', whole)]
    assert sum(shares) == pytest.approx(100.0, abs=0.05)


def test_commuting_is_said_in_a_sentence_of_equal_rank(made: Callable[[str], Made]) -> None:
    contents, text = made("westminster")
    first = first_screen(text)
    leads = re.findall(r'<p class="lead">(.*?)</p>', first)
    assert len(leads) == 2 and leads[1].startswith("People here pay") and "commuting" in leads[1]
    assert "over" in leads[0] and contents.account.gap < 0
    assert contents.economy is not None and "Each tax: paid by people here" in text


@pytest.mark.parametrize("place", ["england", "north-west"])
def test_a_published_account_has_no_range_and_no_four_grades(place: str, made: Callable[[str], Made]) -> None:
    contents, text = made(place)
    assert "Published for this area; the publisher itself apportions some lines." in first_screen(text)
    assert "±" not in text and "measured here" not in text and "four times in five" not in text
    assert "no figure" not in text
    assert 'id="bases"' not in text
    assert history(contents).notes and all(y.half_width is None for y in contents.history)


def test_a_small_place_is_told_in_millions_with_decimals(made: Callable[[str], Made]) -> None:
    contents, text = made("scilly")
    assert contents.account.spending < 100
    assert ">£20m</span>" in text and "bn</span>" not in text
    said = [
        in_short(contents.account).columns[1].said(x) for x in in_short(contents.account).column("gbp_million_cash")
    ]
    assert all("." in figure for figure in said)


def test_several_districts_are_one_area(made: Callable[[str], Made]) -> None:
    _, text = made("several")
    assert "Canterbury, Dover and Leeds" in text
    assert "Part of Kent only" in text
    assert 'id="classes"' in text


def test_claims_stand_beside_what_soke_has_reproduced_or_not(made: Callable[[str], Made]) -> None:
    contents, text = made("gm")
    assert {claim.reproduced for _, claim in contents.claims} == {True, False}
    section = text[text.index('id="claims"') : text.index('id="history"')]
    assert "raises about £17bn" in section and section.count(">no</td>") and section.count(">yes</td>")
    assert 'id="claims"' not in made("scilly")[1]


def test_the_links_to_csv_hold_the_whole_table(made: Callable[[str], Made]) -> None:
    contents, text = made("gm")
    links = [a for a in Tags(text).named("a") if "download" in a]
    assert [a["download"] for a in links] == [
        "greater-manchester-account_lines.csv",
        "greater-manchester-account_history.csv",
    ]
    assert unquote((links[0]["href"] or "").partition(",")[2]) == account_lines(contents.account).csv()


def test_a_gap_inside_its_range_is_grey(made: Callable[[str], Made]) -> None:
    contents, text = made("gm")
    assert contents.base_year is not None and not contents.base_year.grey
    assert 'class="doubted"' not in first_screen(text)
    wide = replace(contents, account=replace(contents.account, gap_half_width=1e6))
    assert first_screen(page(wide)).count('class="doubted"') == 1
    unsure = replace(contents, base_year=replace(contents.base_year, half_width=1e6))
    assert first_screen(page(unsure)).count('class="doubted"') == 1


def test_hostile_text_stays_text(made: Callable[[str], Made]) -> None:
    contents, _ = made("gm")
    a = contents.account
    lines = tuple(replace(x, line=replace(x.line, title=HOSTILE, key=HOSTILE)) for x in a.lines)
    sums = {key: replace(done, title=HOSTILE) for key, done in contents.sums.items()}
    hostile = replace(
        contents, account=replace(a, name=HOSTILE, notes=(HOSTILE,), lines=lines), sums=sums, imported=(HOSTILE,)
    )
    text = page(hostile)
    tags = Tags(text)
    assert tags.open == [] and not tags.named("script", "img")
    assert all(not any(k.startswith("on") for k in a) for _, a in tags.tags)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


# --- the years ---


def paths(chart: Element, kind: str) -> list[list[tuple[float, float]]]:
    """The points of each line of one colour."""
    return [
        [(float(x), float(y)) for x, y in (point.split() for point in d[1:].split("L"))]
        for d in re.findall(rf'<path d="([^"]*)" class="line {kind}"/>', str(chart))
    ]


def test_no_line_is_drawn_across_a_break(made: Callable[[str], Made]) -> None:
    years = made("gm")[0].history
    chart = history_chart("h", "Greater Manchester", years, series_breaks())
    runs = {"raised": [5, 16, 4], "spent": [10, 11, 4], "ink": [5, 5, 11, 4]}  # raised, spent, gap
    for colour, lengths in runs.items():
        assert [len(points) for points in paths(chart, colour)] == lengths
    assert [b.year for b in series_breaks()] == [2004, 2009, 2020]
    assert [b.sides for b in series_breaks()] == [("revenue",), ("spending",), ("revenue", "spending")]


def test_without_breaks_each_line_is_whole(made: Callable[[str], Made]) -> None:
    chart = history_chart("h", "Greater Manchester", made("gm")[0].history, ())
    assert [len(points) for points in paths(chart, "raised")] == [25]


def test_a_year_alone_between_two_breaks_is_a_dot(made: Callable[[str], Made]) -> None:
    breaks = [SeriesBreak(year, ("revenue", "spending"), "it breaks") for year in (2010, 2011)]
    chart = history_chart("h", "Greater Manchester", made("gm")[0].history, breaks)
    assert str(chart).count(' dot"/>') == 3


def test_the_chart_says_what_it_shows(made: Callable[[str], Made]) -> None:
    for place, unit in (("gm", "£40bn"), ("scilly", "£40m"), ("england", "£1,000bn")):
        contents, _ = made(place)
        chart = str(history_chart("h", contents.account.name, contents.history, series_breaks()))
        assert f">{unit}</span>" in chart
        last = contents.history[-1]
        assert f"raised {money(last.receipts)} and spent {money(last.spending)}" in chart
        assert ("measured</b>" in chart) == (place != "england")


def test_the_run_report_shows_the_years_and_their_table(
    report: RunReport, rendered: Callable[[RunReport], str]
) -> None:
    text = rendered(report)
    assert 'aria-labelledby="history-title history-desc"' in text and "account_history.csv" in text
    assert len(all_tables(report)["account_history"]) == len(report.history) == 25
    without = replace(report, history=())
    assert "history-title" not in rendered(without)
    assert len(all_tables(without)["account_history"]) == 0


# --- written ---


def test_it_is_written_whole_in_the_place_of_an_older_one(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "scilly.html"
    write_page(path, PLACES["scilly"], 2023)
    first = path.read_bytes()
    path.write_text("older")
    write_page(path, PLACES["scilly"], 2023)
    assert path.read_bytes() == first and first.startswith(b"<!DOCTYPE html>")
    assert [p.name for p in path.parent.iterdir()] == ["scilly.html"]


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(SokeError, match="is a folder"):
        write_page(tmp_path, PLACES["scilly"], 2023)
    with pytest.raises(SokeError, match="Leave out --basis"):
        write_page(tmp_path / "x.html", PLACES["scilly"], 2023, "economy")
    figures = tmp_path / "figures"
    figures.mkdir()
    (figures / "tax.csv").write_text("a file that is read")
    with pytest.raises(SokeError, match="a file that this command reads"):
        write_page(figures / "tax.csv", PLACES["scilly"], 2023, figures=figures)
    assert (figures / "tax.csv").read_text() == "a file that is read"


def test_it_names_the_workbooks_that_a_user_imported(tmp_path: Path) -> None:
    """Made-up pensions: each region's published amount, by people over 75."""
    control = next(p for p in pieces(2022) if p.component.id == "social-protection.pensions").control
    people = baseline()["population_75_plus"]
    amounts = control[region_of()] * people / by_region(people)[region_of()]
    rows = [
        f"{code},x,2022-23,benefit_state_pension,{amount},GBP million,pensions.xlsx,{'0' * 64}"
        for code, amount in zip(baseline().codes, amounts, strict=True)
    ]
    header = "code,name,year,variable,value,unit,workbook,sha256"
    (tmp_path / "benefits-2022-23.csv").write_text("\n".join([header, *rows, ""]))
    text = page(place_contents(("Manchester",), 2022, figures=tmp_path))
    notes = text[text.index('id="notes"') : text.index('id="sums"')]
    assert "Official figures that a user imported stand in it: pensions.xlsx (SHA-256 000000000000)." in notes
    start = text.index('id="sum-social-protection"')
    own = next(row for row in text[start:].split("<tr>") if ">own</td>" in row and ">pensions</th>" in row)
    assert "an official workbook that the user imported" in own and "revenue outturn" not in own
    assert "Official figures" not in page(place_contents(("Manchester",), 2022))


# --- as a browser shows it ---


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "width"), [("gm", 1280), ("gm", 375), ("westminster", 375), ("scilly", 1280), ("england", 375)]
)
def test_a_browser_finds_no_fault(
    place: str, width: int, made: Callable[[str], Made], chromium: str, tmp_path: Path
) -> None:
    path = tmp_path / "place.html"
    path.write_text(made(place)[1])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        shown = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True).new_page()
        asked: list[str] = []
        said: list[str] = []
        shown.on("request", lambda request: asked.append(request.url))
        shown.on("console", lambda message: said.append(message.text))
        shown.goto(path.as_uri())
        shown.click('section a[href="#sum-health"]')
        assert shown.locator("#sum-health table").first.is_visible()
        shown.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert shown.evaluate("document.documentElement.scrollWidth") == width
        assert [url.partition("#")[0] for url in asked] == [path.as_uri()] and said == []
        faults = Axe().run(shown)
        browser.close()
    assert faults.violations_count == 0, faults.generate_report()
