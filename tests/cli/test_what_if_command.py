"""The what-if as a person meets it: a short answer, every place as JSON or CSV, a page that holds all it needs."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from soke.england.sources import each
from soke.errors import SokeError
from soke.files import write_whole
from soke.report.tables.what_if import SOURCES

Run = Callable[..., tuple[int, str, str]]
ASKED = ("settle", "--set", "business_rates.retention=0.75", "--reset", "5")


def test_the_answer_is_short_and_whole(soke: Run) -> None:
    status, out, err = soke(*ASKED)
    assert (status, err) == (0, "")
    first = out.splitlines()[0]
    assert first.startswith("If councils kept 75% of business rates (today 50%) and baselines were reset every 5 years")
    assert re.search(r"have £[\d.]+(m|bn) a year more, from the Treasury: \d+ places gain", first)
    for said in ("The 10 that gain most", "The 10 that lose most", "By class of authority", "Shire districts",
                 "Of the next pound", "a Band D bill of", "The ledger of 2035-36", "estimate"):  # fmt: skip
        assert said in out, said
    assert max(len(line) for line in out.splitlines() if "of £" not in line and "If " not in line) <= 170
    assert len(out.splitlines()) < 70


def test_places_asked_for_come_first(soke: Run) -> None:
    status, out, _ = soke("settle", "Leeds", "Cornwall", *ASKED[1:])
    assert status == 0
    assert "The places asked for" in out
    assert "Leeds: services" in out
    assert "that gain most a head" not in out


def test_the_answer_leads_with_the_places_asked_for(soke: Run, tmp_path: Path) -> None:
    status, out, _ = soke("settle", "Greater Manchester", "Cornwall", *ASKED[1:], "--out", tmp_path)
    first = out.splitlines()[0]
    assert status == 0
    found = re.search(
        r"every 5 years.*?, Greater Manchester would have £\S+ a year (more|less), ([+−]£\S+) a head \(\S+ to \S+\) and"
        r" Cornwall would have £\S+ a year .+? a head.*\. All in all, councils in England would have", first
    )  # fmt: skip
    assert found
    page = (tmp_path / "what-if.html").read_text(encoding="utf-8").replace("\u2060", "")
    assert "Greater Manchester would have £" in page.split("<h1>")[1].split("</h1>")[0]
    answer = json.loads(soke("settle", "Greater Manchester", "Cornwall", *ASKED[1:], "--json")[1])
    area, cornwall = answer["facts"]["asked_for"]
    assert answer["facts"]["sentence"] == first
    assert area["name"] == "Greater Manchester" and len(area["place_codes"]) == 10
    rows = {row["place_code"]: row["difference_gbp_million"] for row in answer["rows"]}
    assert area["difference_gbp_million"] == pytest.approx(sum(rows[code] for code in area["place_codes"]))
    assert cornwall["difference_gbp_million"] == pytest.approx(rows["E06000052"])
    assert area["difference_p10_gbp_per_head"] < area["difference_gbp_per_head"] < area["difference_p90_gbp_per_head"]


@pytest.mark.slow
def test_many_places_asked_for_are_one(soke: Run) -> None:
    first = soke("settle", "Leeds", "York", "Bury", "Barnsley", *ASKED[1:])[1].splitlines()[0]
    assert "these 4 places together would have" in first
    assert json.loads(soke(*ASKED, "--json")[1])["facts"]["asked_for"] == []


def test_json_has_every_place_and_the_reconciliation(soke: Run) -> None:
    status, out, _ = soke(*ASKED, "--json")
    found = json.loads(out)
    assert status == 0
    assert len(found["rows"]) == 296
    row = found["rows"][0]
    assert {"place_code", "name", "years", "difference_gbp_million", "band_d_to_make_good_gbp"} <= set(row)
    assert row["years"] == "2026-27 to 2035-36"
    tables = {name: table["rows"] for name, table in found["tables"].items()}
    by_class = {r["class"]: r for r in tables["what_if_classes"]}
    whole = sum(r["difference_gbp_million"] for r in found["rows"])
    assert by_class["England"]["difference_gbp_million"] == pytest.approx(whole)
    assert sum(r["difference_gbp_million"] for r in tables["what_if_regions"]) == pytest.approx(
        2 * whole
    )  # with England's row
    for year in tables["what_if_treasury"]:
        assert year["retained_after_gbp_million"] + year["treasury_after_gbp_million"] == pytest.approx(
            year["collected_gbp_million"]
        )
        assert year["councils_difference_gbp_million"] == pytest.approx(
            -year["treasury_difference_gbp_million"], abs=1e-6
        )
    assert {r["grade"] for r in tables["what_if_assumptions"]} <= {
        "official",
        "derived",
        "estimate",
        "unverified",
    }
    assert all(r["source"] for r in tables["what_if_assumptions"])
    status, out, _ = soke("settle", "Leeds", *ASKED[1:], "--json")
    assert [r["name"] for r in json.loads(out)["rows"]] == ["Leeds"]


@pytest.mark.slow
def test_imported_figures_are_used_and_named(soke: Run, tmp_path: Path) -> None:
    figures = tmp_path / "figures"
    figures.mkdir()
    header = "code,name,year,variable,value,unit,workbook,sha256"
    line = f"E08000035,Leeds,2026-27,fair_funding_allocation,250,GBP million,ours.xlsx,{'a' * 64}"
    (figures / "ours.csv").write_text(f"{header}\n{line}\n", encoding="utf-8")
    found = [
        json.loads(soke("settle", "Leeds", *ASKED[1:], *more, "--json")[1]) for more in ((), ("--figures", figures))
    ]
    plain, imported = (one["rows"][0]["resources_before_gbp_million"] for one in found)
    assert plain != pytest.approx(imported, rel=1e-3)
    assert any(
        r["source"].startswith("ours.xlsx (SHA-256 aaa") for r in found[1]["tables"]["what_if_assumptions"]["rows"]
    )
    assert any("ours.xlsx" in note for note in found[1]["notes"])
    soke(*ASKED, "--figures", figures, "--out", tmp_path / "out")
    assert "ours.xlsx" in (tmp_path / "out" / "what-if.html").read_text(encoding="utf-8")


def test_no_limit_is_no_number_in_json(soke: Run) -> None:
    status, out, _ = soke("settle", "Leeds", "--set", "council_tax.referendum.core=none", "--json")
    found = json.loads(out)
    assert status == 0
    assert found["rows"][0]["band_d_room_after_gbp"] is None
    assert "how far council tax may rise" in found["facts"]["sentence"]


def test_csv_and_the_file_are_the_same(soke: Run, tmp_path: Path) -> None:
    _, out, _ = soke(*ASKED, "--csv", "--out", tmp_path / "new")
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["what-if.csv", "what-if.html"]
    printed = list(csv.DictReader(io.StringIO(out)))
    filed = list(csv.DictReader(io.StringIO((tmp_path / "new" / "what-if.csv").read_text(encoding="utf-8"))))
    assert printed == filed
    assert len(filed) == 296
    page = (tmp_path / "new" / "what-if.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "default-src &#x27;none&#x27;" in page
    published = {found.url for found in each(SOURCES) if found.url}
    assert set(re.findall(r'(?:href|src)="([^"]+)"', page)) == {"#places", "what-if.csv", *published}
    assert set(re.findall(r'<a [^>]*href="(https:[^"]+)" rel="noopener"', page)) == published
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert page.count("<title>") == 297  # the page's and each hexagon's
    soke(*ASKED, "--out", tmp_path / "again")
    assert (tmp_path / "again" / "what-if.html").read_bytes() == (tmp_path / "new" / "what-if.html").read_bytes()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--set", "business_rates.retension=0.75"], "Did you mean business_rates.retention"),
        (["--set", "levy.band.1.rate=1.2"], "from 0 to 1"),
        (["--set", "levy.band.1.rate=-0.2"], "from 0 to 1"),
        (["--set", "levy.band.1.rate=nan"], "not a number"),
        (["--set", "levy.band.1.rate"], "ID=VALUE"),
        (["--reset", "-1"], "reset every -1"),
        (["--reset", "2", "--years", "0"], "0 years"),
        (["--reset", "2", "--years", "500"], "500 years"),
        (["--pool", "Leeds", "--pool", "E08000035"], "twice"),
        (["--pool", "Leeds", "--pool", "W06000015"], "Wales"),
        (["--pool", "Leeds", "--pool", "Camelot"], "Camelot"),
        (["Camelot", "--reset", "2"], "Camelot"),
        (["--reset", "2", "--json", "--csv"], "Choose one"),
        (["--reset", "2", "--figures", "/nowhere"], "no such folder"),
        (["--out", "somewhere"], "No rule is changed"),
    ],
)
def test_bad_input_is_a_sentence_and_status_2(
    soke: Run, args: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = soke("settle", *args)
    assert status == 2
    assert said in err
    assert not out.strip()
    assert not list(tmp_path.iterdir())


def test_a_file_in_the_place_of_the_folder(soke: Run, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    status, _, err = soke("settle", "--reset", "2", "--out", tmp_path / "taken")
    assert status == 2
    assert "folder" in err
    with pytest.raises(SokeError):
        write_whole(tmp_path / "taken" / "what-if.html", b"")


@pytest.mark.slow
def test_the_page_in_a_browser(soke: Run, tmp_path: Path, chromium: str) -> None:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    soke("settle", "Leeds", *ASKED[1:], "--out", tmp_path)
    address = (tmp_path / "what-if.html").as_uri()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for width in (1280, 375):
            page = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True).new_page()
            asked: list[str] = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.goto(address)
            found = Axe().run(page)  # what is folded is as the tables that are not
            assert found.violations_count == 0, found.generate_report()
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert asked == [address]
        browser.close()
