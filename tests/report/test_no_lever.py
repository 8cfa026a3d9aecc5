"""A run of a deal that changes nothing says "add a lever" and how, in place of empty axes; another says none of it."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from made_up_run import make

from soke import project
from soke.deal.check import check_reading
from soke.deal.new import new_deal
from soke.deal.reader import load_deal, read_text
from soke.england.places import places
from soke.report import facts
from soke.report.contents import RunReport
from soke.report.fact_words import HOW, NO_LEVER, lead
from soke.report.page import page
from soke.report.run.project import Run
from soke.report.run.tables import all_tables
from soke.report.sections import SECTIONS

ROOT = Path(__file__).parents[2]


def sections(html: str) -> dict[str, str]:
    """The HTML of each section below the first screen, by its id."""
    parts = re.findall(r'<section class="below".*?</section>', html, re.DOTALL)
    return {re.findall(r'<h2 id="([\w-]+)"', part)[0]: part for part in parts}


def without_levers(report: RunReport) -> RunReport:
    series = {
        name: one if name.startswith("structural") else replace(one, deal=one.as_is.copy())
        for name, one in report.projection.series.items()
    }
    return replace(report, projection=replace(report.projection, series=series))


def test_what_changes_nothing_is_told_from_what_does() -> None:
    report = make()
    assert not facts.nothing_changes(report) and NO_LEVER not in lead(report)
    bare = without_levers(report)
    assert facts.nothing_changes(bare) and lead(bare) == f"{NO_LEVER} {HOW}"
    bought = load_deal(ROOT / "deals" / "cornwall.toml", places()).investments
    later = replace(bare, deal=replace(bare.deal, investments=bought))  # they open after the last year of the run
    assert bought and not facts.nothing_changes(later)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    file = tmp_path_factory.mktemp("first") / "deal.toml"
    file.write_text(new_deal("Cheshire and Warrington", places()), encoding="utf-8")
    return project(file, draws=5)


@pytest.mark.slow
def test_the_page_of_a_first_deal_says_add_a_lever(run: Run) -> None:
    html = page(run.report, run.tables)
    found = sections(html)
    assert next(iter(found)) == "add-a-lever" and 'href="#add-a-lever"' in html.split('class="below"')[0]
    for section in SECTIONS:
        if section.of_levers:
            assert "Nothing to draw" in found[section.id] and "<svg" not in found[section.id], section.id
    assert sum(part.count("<svg") for part in found["unknown-section"].split("<h3")) == 1, "what nobody knows alone"
    for amount in re.findall(r"[+\N{MINUS SIGN}]£0\.\d+m", html):
        raise AssertionError(f"axes about nothing: {amount}")
    number = next(row for row in run.answer.table.records() if row["id"] == "difference")
    assert number["value"] == 0 and "add one" in str(number["sentence"])


@pytest.mark.slow
def test_the_example_on_the_page_is_a_lever(run: Run, tmp_path: Path) -> None:
    """Put into the deal as it stands, it checks, and the report shows something."""
    html = page(run.report, run.tables)
    (example,) = re.findall(r"<pre>(.*?)</pre>", html, re.DOTALL)
    text = f"{new_deal('Cheshire and Warrington', places())}\n{unescape(example)}\n"
    assert check_reading(read_text(text, places()), places()).findings == ()
    file = tmp_path / "deal.toml"
    file.write_text(text, encoding="utf-8")
    again = project(load_deal(file, places()), draws=5).report
    assert not facts.nothing_changes(again)
    assert "add-a-lever" not in page(again, all_tables(again))
    assert np.nan_to_num(again.projection.series["jobs"].difference).any()
