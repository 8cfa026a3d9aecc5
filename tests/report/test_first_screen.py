"""The first screen and what else to read: each figure is the run's own, and the words are short."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest

from soke import project, text
from soke.report import facts
from soke.report.contents import RunReport
from soke.report.fact_words import care_words, heading, lead, unknown_words
from soke.report.first_screen import first_screen
from soke.report.read_too import cuts_words, england_words, jobs_words
from soke.report.run.project import Run
from soke.report.sections import SECTIONS
from soke.report.value_sections import loop
from soke.report.write import write

ROOT = Path(__file__).parents[2]
DEALS = ("greater-manchester", "cornwall", "norfolk-and-suffolk")
MOST_WORDS = 20
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=DEALS)
def run(request: pytest.FixtureRequest) -> Run:
    return project(ROOT / "deals" / f"{request.param}.toml", draws=30)


def quantiles(values: np.ndarray) -> tuple[float, float, float]:
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
    return float(low), float(middle), float(high)


def shown(report: RunReport, run: Run) -> str:
    return unescape(str(first_screen(report))).replace("\u2060", "")


def words_of(html: str) -> str:
    """The text of a page, a block a line."""
    return re.sub(r"<[^>]*>", "", re.sub(r"</(?:p|h\d|li|small|b|span|td|th)>", "\n", html))


def test_the_facts_are_those_of_the_series(run: Run) -> None:
    report = run.report
    series, year = report.projection.series, report.headline_year()
    brought = quantiles(series["receipts"].difference[:, year] + series["benefits_saved"].difference[:, year])
    found = facts.brought(report, year)
    assert found is not None and (found.low, found.middle, found.high) == pytest.approx(brought)
    assert text.about(abs(brought[1])) in lead(report)
    bill, first = report.projection.bill, report.deal.starts - report.projection.years[0]
    assert bill is not None
    money = facts.money(report)
    assert money.moved == pytest.approx(sum(float(amounts[first]) for amounts in bill.moved.values()))
    assert text.money(money.moved + money.new) in heading(report) and text.money(money.new) in heading(report)
    need = quantiles(series["care_pressure"].as_is[:, year])
    care = care_words(report)
    assert care is not None and all(text.money(figure) in care[1] for figure in need)
    appraisal = report.projection.appraisal
    assert appraisal is not None
    worth = appraisal.worths[0]
    assert f"{100 * worth.returned.mean() / worth.cost.mean():.0f}p comes back" in lead(report)


def test_the_band_quoted_is_the_band_drawn(run: Run) -> None:
    report, year = run.report, run.report.headline_year()
    low, _, high = quantiles(report.projection.series["structural"].difference[:, year])
    said = f"{text.about(low, plus=True)} to {text.about(high, plus=True)}"
    assert said in unknown_words(report) and said in shown(report, run)
    rows = {row["year_of_run"]: row for row in run.table("not_known").records()}
    assert (rows[year]["p10_gbp_million"], rows[year]["p90_gbp_million"]) == pytest.approx((low, high))
    html = shown(report, run)
    zero = float(re.findall(r'<line x1="([\d.]+)%" [^>]*class="zero"', html)[0])
    (drawn,) = re.findall(r'<rect x="([\d.]+)%" y="4" width="([\d.]+)%" height="14" class="hatched"', html)
    left, width = map(float, drawn)
    assert (zero - left) / (left + width - zero) == pytest.approx(-low / high, rel=0.01), "to scale, about nought"


def test_no_sentence_is_longer_than_twenty_words(run: Run) -> None:
    report = run.report
    panels = re.findall(r'<section class="panel.*?</section>', str(first_screen(report)), re.DOTALL)
    assert len(panels) == 2
    said = [heading(report), lead(report), *words_of("".join(panels)).split("\n")]
    said += [*jobs_words(report), unknown_words(report)]
    for sentence in (part for block in said for part in re.split(r"(?<=[.:]) ", block)):
        assert len(sentence.split()) <= MOST_WORDS, sentence


def test_two_bars_are_named_only_where_two_are_drawn(run: Run) -> None:
    report = run.report
    assert "The two bars must not be added up." in shown(report, run)
    series = {name: one for name, one in report.projection.series.items() if name != "structural"}
    alone = replace(report, projection=replace(report.projection, series=series))
    assert "two bars" not in shown(alone, run)


def test_what_else_to_read_is_the_run_s_own(run: Run) -> None:
    report, year = run.report, run.report.headline_year()
    series = report.projection.series
    gross, here, elsewhere = (
        round(float(series[name].difference[:, year].mean()))
        for name in ("jobs_gross", "jobs_displaced_here", "jobs_displaced_elsewhere")
    )
    said = jobs_words(report)
    assert f"about {gross:,} residents" in said[0] and f"leaves {gross - here - elsewhere:,}." in said[0]
    assert series["england_jobs"].difference[:, year].mean() == pytest.approx(gross - here - elsewhere, abs=1.5)
    lost = (series["jobs_gross"].difference[:, report.marked_years()[0]] < 0).mean()
    assert f"{100 * lost:.0f} should expect to lose jobs" in said[1]
    output = quantiles(series["england_output"].difference[:, year])
    assert text.about(output[1], plus=True) in england_words(report)


def test_the_cuts_of_the_2010s_are_the_published_ones(run: Run) -> None:
    """Greater Manchester lost 30.4 per cent, Cornwall 11.1, England 18.8, by the outturn at 2022 prices."""
    found = facts.cuts_again(run.report)
    assert found is not None
    published = {"greater-manchester": 0.304, "cornwall": 0.111}
    assert found.england == pytest.approx(0.188, abs=0.003)
    if known := published.get(run.report.deal.id):
        assert found.as_was == pytest.approx(known, abs=0.003)
    assert f"England {text.percent(found.england)}" in cuts_words(run.report)
    rows = {row["what"]: row["lost_share"] for row in run.table("cuts_again").records()}
    assert rows["This place, by how poor it is"] == pytest.approx(found.rule)


def test_the_loop_ends_with_what_stays_and_adds_up(run: Run) -> None:
    report, year = run.report, run.report.headline_year()
    steps = facts.loop(report, year)
    means = [step.amount.mean for step in steps]
    leaks = [step.leaked.mean for step in steps if step.leaked]
    assert means[1] - means[2] == pytest.approx(leaks[2]) and means[2] - means[3] == pytest.approx(leaks[3])
    said = unescape("".join(map(str, loop(report, run.tables))))
    assert f"Of £100 of extra tax {text.pounds(report.projection.keep_deal.local)} stays here." in said
    (half,) = facts.break_even(report, year, (0.5,))
    assert half.points is not None and f"{100 * half.points:.1f} points a year faster" in said


def test_every_section_of_what_it_is_worth_has_a_table_and_its_file(run: Run, tmp_path: Path) -> None:
    page = write(run.report, tmp_path).page.read_text(encoding="utf-8")
    for section in SECTIONS[:6]:
        part = page.split(f'id="{section.id}"')[1].split("</section>")[0]
        files = set(re.findall(r'href="(\w+\.csv)"', part))
        assert files and all((tmp_path / name).is_file() for name in files), section.id
    captions = re.findall(r'id="([\w-]+-caption)"', page)
    assert len(captions) == len(set(captions)), "no table stands twice"
