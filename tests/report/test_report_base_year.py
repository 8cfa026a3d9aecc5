"""The published account beside the base year: three columns, one name a gap, and a projection that starts there."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from made_up_run import base_year, make

from soke.deal.reader import load_deal, read_scenario
from soke.england.baseline import baseline
from soke.england.places import places
from soke.model.accounts.comparison import base_year_account
from soke.model.accounts.outlook import base_year as lines_of
from soke.model.economy import population
from soke.model.run.setup import prepare
from soke.report.contents import RunReport
from soke.report.headline import four_numbers, gap_then, starting_words
from soke.report.place_account import place_account
from soke.report.tables.account import account_base_year


def test_three_columns_add_up_by_row_and_by_part() -> None:
    rows = {row["item"]: row for row in account_base_year(base_year())}
    columns = [f"{column}_gbp_million_cash" for column in ("published", "change", "base_year")]
    for row in rows.values():
        published, change, base = (float(row[column]) for column in columns)  # type: ignore[arg-type]
        assert published + change == pytest.approx(base)
    for column in columns:
        parts = [float(row[column]) for item, row in rows.items() if item.startswith("of the gap")]  # type: ignore[arg-type]
        assert sum(parts) == pytest.approx(float(rows["gap"][column]))  # type: ignore[arg-type]
    titles = [column.title for column in account_base_year(base_year()).shown]
    assert titles[1:4] == ["2022-23, £m", "change, £m", "2025-26, £m"]


def test_a_gap_inside_its_own_range_is_grey_on_the_page(rendered: Callable[[RunReport], str]) -> None:
    sure, grey = (make(base_year=replace(base_year(), half_width=width)) for width in (10.0, 20_000.0))
    assert '<tr class="doubted"><th scope="row">gap</th>' in rendered(grey)
    assert 'class="doubted"' not in rendered(sure)
    assert "inside its own range" in four_numbers(grey)[0].more
    assert "inside its own range" not in four_numbers(sure)[0].more


def test_each_gap_is_named_by_its_year() -> None:
    gap = four_numbers(make())[0]
    assert gap.title == "The gap, 2022-23"
    assert gap.more.endswith("In 2025-26, where the projection starts: £11.6bn short (unverified).")
    over = replace(base_year(), gap=replace(base_year().gap, base=-20.0))
    assert starting_words(over) == "In 2025-26, where the projection starts: £20m over (unverified)."
    assert "no outlook for 2025-26" in starting_words(replace(base_year(), standing="not-moved"))
    assert starting_words(replace(base_year(), standing="published")) == "The projection starts there."


def test_without_series_the_gap_then_is_that_of_the_base_year() -> None:
    report = make()
    bare = replace(report, projection=replace(report.projection, series={}))
    assert gap_then(bare, 10) == report.base_year.gap.base


def test_the_table_of_a_place_is_of_the_scenario_s_base_year() -> None:
    found = place_account(["Kent"], 2023).table("account_base_year")
    assert {row["published_year"] for row in found} == {"2023-24"}
    assert {row["base_year"] for row in found} == {"2025-26"} and read_scenario().base_year == 2025


@pytest.mark.parametrize("year", [2025, 2030])
def test_a_projection_starts_from_the_base_year_s_account(year: int) -> None:
    """Also where there is no outlook: then from the published lines, and the limits and the log say so."""
    deal = replace(load_deal("deals/greater-manchester.toml", places()), starts=year + 1)
    assumed = replace(read_scenario(), base_year=year, end_year=year + 2)
    setup = prepare(deal, assumed, baseline(), lines_of(year), 1)
    here, held = list(setup.members), base_year_account(deal.members, year)
    assert setup.country.base.receipts[here].sum() == pytest.approx(held.receipts.base)
    assert setup.spending.as_is(0, population.unmoved(setup.country.people, 0))[0, here].sum() == pytest.approx(
        held.spending.base
    )
    assert (setup.standing, held.standing) == ((("moved",) if year == 2025 else ("not-moved",)) * 2)
