"""The part "Check it": what stands there is what the program says, every code and figure has its place, links hold."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import plain_words
import pytest
from playwright.sync_api import sync_playwright

from soke.community.findings import FINDINGS
from soke.deal.check import check_reading
from soke.deal.example import laid_over
from soke.deal.registry import RULES
from soke.england.law import laws
from soke.england.places import places
from soke.england.sources import sources
from soke.errors import SokeError
from soke.evidence.parameters import AWAITED, parameters
from soke.files import write_whole
from soke.model.funding.dated import rules
from soke.report.markup import Element, el
from soke.report.place_account import explained_line
from soke.report.read_by import read_by
from soke.site import frame, handbook, words_page
from soke.site.check import contest
from soke.site.check import findings as check_findings
from soke.site.check import pages as check
from soke.site.check import parameters as check_parameters
from soke.site.check import scoreboard as check_scoreboard
from soke.site.check.findings import code_path
from soke.site.check.parameters import PARAMETERS, SOURCES, family_path
from soke.site.check.scoreboard import SCOREBOARD, rule_path
from soke.site.contents import Asked, Mover, Page, Run, Site
from soke.site.data import pages as data
from soke.site.data.made import sheet
from soke.site.gather import gather
from soke.site.words import numbered, term, word, words

SITE = Path(frame.__file__).parent
FIRST_SCREENS = (frame.CHECK, SCOREBOARD, PARAMETERS, SOURCES, frame.CONTEST, frame.WORDS, check_findings.FINDINGS,
                 handbook.HANDBOOK, family_path("growth"), family_path("council_tax"), code_path("DC201"),
                 code_path("DL202"), rule_path("council_tax.requirement"))  # fmt: skip
# pages that other parts of the site make
ELSEWHERE = {frame.FRONT, frame.A_TO_Z, frame.DEALS, frame.DECISIONS, frame.REGISTERS, frame.LEDGER, frame.DATA}
FLOW = {"p", "ul", "ol", "dl", "div", "section", "table", "pre", "h1", "h2", "h3", "details"}
HOSTILE = '</h3><script>alert("x")</script> O’Connor & Sons \u202e' + "x" * 300


def site(**given: object) -> Site:
    return Site(asked=Asked(), version="0", **given)  # type: ignore[arg-type]


def pages(of: Site) -> Iterator[Page]:
    for part in (check, words_page, handbook):
        yield from part.pages(of)


@cache
def made() -> dict[str, str]:
    """Every page of the part and of the glossary, by its path."""
    return {page.path: text if isinstance(text := page.write(site()), str) else text.decode() for page in pages(site())}


def html() -> dict[str, str]:
    return {path: text for path, text in made().items() if path.endswith(".html")}


class Reader(HTMLParser):
    """Links and ids of a page; every tag is closed in order, and no block stands in a paragraph or a word."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.popped: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert not (tag in FLOW and {"p", "button", "span"} & set(self.open)), (tag, self.open)
        self.open += [tag] if tag not in plain_words.VOID else []
        self.ids += [id_] if (id_ := given.get("id")) else []
        self.popped += [target] if (target := given.get("popovertarget")) else []
        self.links += [href] if tag == "a" and (href := given.get("href")) else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def resolved(page: str, href: str) -> tuple[str, str]:
    """The path from the top, and the part, that a link of a page leads to."""
    address, _, part = href.partition("#")
    path = page if not address else str(Path("/" + page).parent.joinpath(address).resolve()).lstrip("/")
    return path, part


# --- every thing has its place ---


def test_every_finding_code_has_a_page_that_explains_it() -> None:
    for code, rule in RULES.items():
        text = made()[code_path(code)]
        for said in (rule.title, rule.why):
            assert str(el("i", said)).removeprefix("<i>").removesuffix("</i>") in text, (code, said)
        assert f"soke explain {code}" in text
        assert code_path(code).rpartition("/")[2] in made()[check_findings.FINDINGS]
    for code, (_, title, _) in FINDINGS.items():
        assert title in made()[code_path(code)]
    assert sum(path.startswith("check/findings/D") for path in made()) >= 80


@pytest.mark.parametrize("code", ["DC201", "DR401", "DF305", "DV001"])
def test_a_finding_page_says_what_the_check_says_and_how_to_mend_it(code: str) -> None:
    text = made()[code_path(code)]
    for finding in check_reading(laid_over(RULES[code].bad), places()).findings:
        for said in (finding.fact, finding.fix):
            assert str(el("p", said))[3:-4] in text, said


def test_a_finding_names_the_law_it_rests_on_and_says_whether_it_is_in_force() -> None:
    assert laws()["devolution-2026"].standing in made()[code_path("DR401")]
    assert laws()["localism-2011-assets"].standing in made()[code_path("AC101")]
    assert "No Act is named for this" in made()[code_path("DV002")]


def test_every_parameter_stands_on_a_page_with_its_source() -> None:
    for parameter in parameters().values():
        text = made()[family_path(parameter.group)]
        start = text.index(f'id="{parameter.id}"')
        item = text[start : text.index("</section>", start)]
        assert str(el("dd", parameter.source)) in item, parameter.id
        assert f"{parameter.grade}" in item and (
            f"{parameter.central:.4g}" in item or f"{parameter.central:,.0f}" in item
        ), parameter.id
        assert ("nothing yet" in item) is (parameter.group == AWAITED), parameter.id


def test_every_dated_figure_of_the_rules_stands_on_a_page_with_its_law() -> None:
    whole = "".join(made()[family_path(subject)] for subject in check_parameters.subjects())
    for id_, rows in rules().rows.items():
        start = whole.index(f'id="{id_}"')
        item = whole[start : whole.index("</section>", start)]
        for row in rows:
            assert str(el("p", row.source))[3:-4] in item, id_
        assert item.count("<tr>") == len(rows) + 1


def test_every_source_is_listed_and_leads_to_its_publisher() -> None:
    for id_, source in sources().items():
        text = made()[SOURCES]
        start = text.index(f'id="{id_}"')
        item = text[start : text.index("</section>", start)]
        assert source.licence in item and source.year in item
        assert not source.url or f'href="{source.url}"' in item


def test_where_a_figure_is_used_is_read_from_the_source() -> None:
    assert [reader.path for reader in read_by("agg.elas.manufacturing")] == ["model/economy/effective_density"]
    assert "model/funding/referendum" in {reader.path for reader in read_by("council_tax.referendum.core")}
    assert "model/run/setup" in {reader.path for reader in read_by("levy.band.1.rate")}
    assert not read_by("hou.pfe.bury") and not read_by("levy.band")
    unread = {row.id for row in parameters().values() if not read_by(row.id)}
    assert unread == {row.id for row in parameters().values() if row.group == AWAITED}


# --- the scoreboard says what the program says ---


@cache
def verified() -> dict[str, object]:
    command = [sys.executable, "-m", "soke", "verify", "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": "src"})
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def test_the_scoreboard_has_the_numbers_of_the_command() -> None:
    said = verified()
    rows, missing = said["rows"], said["tables"]["not_reproduced"]["rows"]  # type: ignore[index]
    text = made()[SCOREBOARD]
    for row in rows:  # type: ignore[attr-defined]
        start = text.index(f">{row['title']}</a>")
        assert f"<b>{row['matching']:,} of {row['figures']:,}</b>" in text[start : text.index("</li>", start)]
    off = [row for row in missing if row["gap_value"] is not None]
    assert f"Where we miss: {len(off)} figures" in text
    assert f"{len(missing) - len(off)} that cannot be tried" in text
    for row in missing:
        for key in ("where", "reason"):
            assert str(el("p", row[key]))[3:-4] in text, row
    assert f"{len(missing)} do not</h1>" in made()[frame.CHECK]


def test_each_rule_leads_to_every_figure_of_it() -> None:
    by_rule = Counter(check.row.rule for check in check_scoreboard.held().checks)
    assert set(by_rule) == set(check_scoreboard.rules())
    table = list(csv.DictReader(io.StringIO(sheet("published-figures").csv)))
    assert {row["match"] for row in table} == {"yes"}
    there = Counter(row["rule_id"] for row in table)
    for rule, count in by_rule.items():
        assert there[rule] == count
        assert f"published-figures.csv</a>, the rows with rule_id <code>{rule}</code>" in made()[rule_path(rule)]


def test_a_figure_that_fails_comes_first() -> None:
    found = check_scoreboard.Tally(published=10, by_hand=1, sums=1, fail=2, off=3, untried=4)
    assert check_scoreboard.finding(found) == "2 figures that we claim to reproduce did not come out"
    assert found.missed == 9


def test_claims_about_places_are_held_against_the_account() -> None:
    rows = list(csv.DictReader(io.StringIO(made()["check/place_claims.csv"])))
    assert [row["reproduced"] for row in rows] == ["yes", "no", "no"]
    for row in rows:
        low, high, here, gap = (float(row[f"{key}_gbp_billion_cash"]) for key in ("low", "high", "here", "gap"))
        assert gap == pytest.approx(min(here - low, 0) + max(here - high, 0))
        assert (gap == 0) is (row["reproduced"] == "yes")


def test_the_back_test_says_where_a_simple_rule_does_better() -> None:
    text = made()[SCOREBOARD]
    assert "a simple rule does better in 1 of 14 tests" in text
    assert text.count("a simple rule does better: ") == 1


# --- what moves the headline ---


def test_a_run_tells_what_moves_its_headline() -> None:
    found = site(moved=(Run("Deal good", "soke run", (Mover("emp.effect.mean", "Net effect", -37.5, 12.25),)),))
    services = next(p for p in check_parameters.pages(found) if p.path == family_path("services")).write(found)
    assert "Deal good: by £50m a year, from −£37.5m to +£12.2m." in services
    assert services.count("Little in 1 run: it is not among the figures that move it most.") == services.count(
        "<dt>Moves</dt>") - 1  # fmt: skip
    assert "not worked out here" not in services


def test_without_a_run_the_command_stands_there() -> None:
    for path in (PARAMETERS, family_path("growth")):
        assert "not worked out here" in made()[path] and check_parameters.COMMAND in made()[path]


def test_hostile_names_of_runs_are_inert() -> None:
    run = Run(HOSTILE, "soke run", (Mover("emp.effect.mean", HOSTILE, 1.0, 2.0),))
    found = site(moved=(run,))
    for page in check_parameters.pages(found):
        if page.path in (PARAMETERS, family_path("services")):
            text = page.write(found)
            assert "<script>" not in text
            assert Reader(text).open == []


# --- contest ---


def test_every_line_of_an_account_has_a_command_that_works() -> None:
    lines = list(contest.numbers().values())
    text = unescape(made()[frame.CONTEST])
    assert contest.command("Greater Manchester", "Income Tax") in text
    assert len(set(lines)) == len(lines) > 60
    for line in lines:
        assert f"<code>{line}</code>" in text
        assert explained_line(["Greater Manchester"], 2023, line).table.rows


def test_every_place_with_an_account_can_be_chosen_and_is_known_to_the_command() -> None:
    text = unescape(made()[frame.CONTEST])
    options = re.findall(r'<option value="([a-z0-9-]+)"[^>]*?(?: data-asked="([^"]*)")?>([^<]+)</option>', text)
    chosen = {slug: asked or said for slug, asked, said in options if not slug.startswith("sum-")}
    those = [area for area in site().areas if area.has_account]
    assert chosen.keys() == {area.slug for area in those}
    for area in those:
        assert places().area(chosen[area.slug])[1] == area.members, area
    assert "Dorset Council</option>" in text


@pytest.mark.slow
def test_the_page_makes_the_command_for_any_place_and_number(
    tmp_path: Path, chromium: str, dressed: Callable[[Path], None]
) -> None:
    _put(tmp_path / "site", dressed)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto((tmp_path / "site" / frame.CONTEST).as_uri())
        page.get_by_label("Place").select_option("North East (region)")
        page.get_by_label("Number").select_option("VAT Net of Refunds")
        assert page.locator("#command").inner_text() == 'soke place "E12000001" --explain "VAT Net of Refunds"'
        assert page.locator("#sums").get_attribute("href") == "../places/north-east-region-sums.html#sum-vat"
        assert page.locator("#sums").inner_text() == "North East (region), VAT Net of Refunds"
        still = browser.new_context(java_script_enabled=False).new_page()
        still.goto(page.url)
        assert not still.get_by_label("Place").is_visible() and still.locator("#by-hand").is_visible()
        browser.close()


@pytest.mark.parametrize(
    ("contact", "href"),
    [("data.team+soke@my-council.gov.uk", "mailto:data.team+soke@my-council.gov.uk"),
     ("https://council.example/ask?about=soke#form", "https://council.example/ask?about=soke#form"), ("", "")],
)  # fmt: skip
def test_whom_to_write_to_stands_on_the_page_and_in_each_foot(contact: str, href: str) -> None:
    found = Site(asked=Asked(contact=contact), version="0")
    for page in pages(found):
        if page.path in (frame.CONTEST, frame.CHECK):
            text = str(page.write(found))
            assert text.count(f'href="{href}"') == (0 if not href else 2 if page.path == frame.CONTEST else 1)
            assert ("Questions about this site" in text) is bool(href)
            assert ("They gave no address" in text) is (not href and page.path == frame.CONTEST)


@pytest.mark.parametrize(
    "contact",
    ["Ann <ann@council.example>", "ann@council", "ann council.example", "http://council.example", "javascript:alert(1)",
     "mailto:ann@council.example", "https://ann@council.example", "https://council.example/a b", "https://", " ",
     "ann@council.example\n", 'https://council.example/"x', "a@b.example?subject=x&body=y",
     "x" * 190 + "@council.example"],
)  # fmt: skip
def test_what_is_no_address_is_refused(contact: str) -> None:
    with pytest.raises(SokeError, match="neither an e-mail address nor the https address") as refused:
        gather(Asked(contact=contact))
    assert "leave it out" in refused.value.fix


# --- the glossary ---


def test_every_word_has_a_plain_meaning() -> None:
    assert len(words()) >= 80
    for key, each in words().items():
        assert re.fullmatch(r"[a-z-]+", key)
        assert 4 <= len(each.meaning.split()) <= 40, key
        assert each.meaning.endswith("."), key
        for sentence in re.split(r"(?<=[.?!:]) ", each.meaning):
            assert len(sentence.split()) <= plain_words.LONGEST, (key, sentence)
        assert f'id="{key}"' in made()[frame.WORDS]


@pytest.mark.parametrize(
    "key",
    ["short", "measured-here", "by-rule", "by-head", "four-in-five", "precept", "band-d", "foundation", "mayoral",
     "established-mayoral", "revenue-support-grant", "baseline-funding-level", "tariff", "top-up", "levy", "safety-net",
     "settlement", "condition", "recall", "matter", "register", "checkpoint", "witness", "equal-shares", "leximin"],
)  # fmt: skip
def test_what_other_pages_link_to_stays(key: str) -> None:
    assert key in words()


def test_every_key_that_a_page_uses_is_in_the_glossary() -> None:
    used = {
        key
        for path in SITE.rglob("*.py")
        for key in re.findall(r"\bterm\(\s*[^()]*?,\s*\"([a-z-]+)\"\s*\)", path.read_text("utf-8"))
    }
    assert used and used <= words().keys()
    with pytest.raises(SokeError, match="Did you mean checkpoint"):
        word("chekpoint")


def test_each_use_of_a_word_has_an_id_of_its_own() -> None:
    kept = el("p", "nothing here")
    parts = numbered([el("p", term("short", "short"), " and ", term("again", "short")), kept, "text", None])
    text = "".join(str(part) for part in parts if isinstance(part, Element))
    found = Reader(text)
    assert found.popped == found.ids == ["word-short", "word-short-2"]
    assert parts[1] is kept and parts[2:] == ("text", None)


@pytest.mark.slow
def test_the_meaning_opens_in_place_without_a_script(
    tmp_path: Path, chromium: str, dressed: Callable[[Path], None]
) -> None:
    _put(tmp_path / "site", dressed)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 800}).new_page()
        page.goto((tmp_path / "site" / frame.CHECK).as_uri())
        meaning = page.locator("#word-checkpoint")
        assert not meaning.is_visible()
        page.get_by_role("button", name="checkpoint").click()
        assert meaning.is_visible() and "signed short summary" in meaning.inner_text()
        page.keyboard.press("Escape")
        assert not meaning.is_visible()
        browser.close()


# --- the handbook ---


def test_the_handbook_is_copied_byte_for_byte(tmp_path: Path) -> None:
    book = tmp_path / "book"
    (book / "assets").mkdir(parents=True)
    (book / "index.html").write_text("<p>Start</p>", encoding="utf-8")
    (book / "assets/a.bin").write_bytes(bytes(range(256)))
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    (book / "link").symlink_to(tmp_path / "secret")
    found = gather(Asked(handbook=book))
    assert not found.troubles
    done = {page.path: page.write(found) for page in handbook.pages(found)}
    assert done == {"handbook/index.html": b"<p>Start</p>", "handbook/assets/a.bin": bytes(range(256))}
    (book / "index.html").write_text("<p>Other</p>", encoding="utf-8")
    with pytest.raises(SokeError, match="changed while the site was being built"):
        next(page for page in handbook.pages(found) if page.path == handbook.HANDBOOK).write(found)


def test_a_folder_that_is_no_handbook_is_told(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("x", encoding="utf-8")
    found = gather(Asked(handbook=tmp_path))
    assert [trouble.why for trouble in found.troubles if "index.html" in trouble.why]
    (page,) = handbook.pages(found)
    assert page.path == handbook.HANDBOOK and "./do docs" in str(page.write(found))


# --- how it holds together, and how it reads ---


def test_links_lead_to_pages_and_parts_that_are_there() -> None:
    places_of = {path for area in site().areas for path in (area.path, area.beside("sums"))}
    tables = {page.path for page in data.pages(site())}
    ids = {path: set(Reader(text).ids) for path, text in html().items()}
    for page, text in html().items():
        for href in Reader(text).links:
            if href.startswith("https://"):
                continue
            path, part = resolved(page, href)
            assert path in made() or path in ELSEWHERE or path in places_of or path in tables, (page, href)
            assert not part or path in ELSEWHERE | places_of or part in ids[path], (page, href)


def test_where_a_word_is_used_is_a_page() -> None:
    assert {each.page for each in words().values()} <= made().keys() | ELSEWHERE


@pytest.mark.parametrize("path", sorted(FIRST_SCREENS))
def test_pages_are_valid_and_every_id_is_alone(path: str) -> None:
    found = Reader(made()[path])
    assert found.open == []
    assert [id_ for id_, count in Counter(found.ids).items() if count > 1] == []
    assert set(found.popped) <= set(found.ids)
    assert " style=" not in made()[path].partition("</style>")[2]


def test_every_page_has_ids_of_its_own() -> None:
    for path, text in html().items():
        assert [id_ for id_, count in Counter(Reader(text).ids).items() if count > 1] == [], path


@pytest.mark.parametrize("path", sorted(FIRST_SCREENS))
def test_first_screens_are_plain(path: str) -> None:
    said = plain_words.longest(made()[path])
    assert len(said.split()) <= plain_words.LONGEST, said
    assert plain_words.jargon(made()[path]) == []


def test_the_main_screens_read_at_twelve() -> None:
    for path in (frame.CHECK, SCOREBOARD, PARAMETERS, frame.CONTEST, frame.WORDS):
        assert plain_words.grade(made()[path]) <= 7.5, (path, plain_words.grade(made()[path]))


def test_how_plain_a_page_is_can_be_told() -> None:
    text = (
        "<main><h1>A finding</h1><p>One two three. Four <b>five</b>: six.</p><pre>not this</pre></main><p>nor this</p>"
    )
    assert plain_words.first_screen(text) == ["A finding", "One two three.", "Four", "five", ": six."]
    assert plain_words.longest(f"<main><p>{'word ' * 21}</p></main>").count("word") == 21
    assert plain_words.jargon("<main><p>It is shared per capita.</p></main>") == ["per capita"]


def test_the_same_bytes_twice() -> None:
    again = {page.path: page.write(site()) for page in pages(site())}
    assert again == made()


def _put(folder: Path, dressed: Callable[[Path], None]) -> None:
    """The pages of this part, as a folder."""
    dressed(folder)
    for path, content in made().items():
        write_whole(folder / path, content.encode())
