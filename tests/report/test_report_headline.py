from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest
from made_up_run import DRAWS, account, make, projection, series

from soke.model.accounts.types import GapSplit
from soke.model.money.fund_flows import Flow
from soke.model.run.result import Projection
from soke.report.account_words import parts, sentence
from soke.report.contents import RunReport
from soke.report.fact_words import lead
from soke.report.facts import a_head, money
from soke.report.headline import direction, four_numbers, losers, narrowing, the_gap
from soke.report.page import page
from soke.report.run.tables import all_tables
from soke.report.tables.difference import component_spreads


def run(mean: float, spread: float) -> RunReport:
    return make(projection=projection(mean, spread))


def test_a_deal_says_which_way_the_gap_moves() -> None:
    assert four_numbers(run(60.0, 5.0))[1].sentence.startswith("The gap narrows")
    assert four_numbers(run(-1_000.0, 5.0))[1].sentence.startswith("The gap widens")
    assert four_numbers(run(10.0, 100.0))[1].sentence.startswith("Unclear which way")


def test_no_levers_leave_the_gap_as_it_is() -> None:
    number = four_numbers(run(0.0, 0.0))[1]
    assert number.sentence.startswith("No change")
    assert number.figure == "£0 a year in year 10"


def test_a_sum_that_is_nothing_is_said_as_nothing() -> None:
    number = four_numbers(run(0.02, 0.004))[1]
    assert (number.short, number.figure) == ("about £0", "about £0 a year in year 10")
    assert number.value == pytest.approx(0.01, rel=0.1), "only the words are rounded"


def test_a_place_with_a_surplus_has_no_gap() -> None:
    rich = replace(account(), receipts=60_000.0, gap=-9_198.0, gap_low=-9_900.0, gap_high=-8_000.0)
    assert four_numbers(make(account=rich))[0].figure == "£9.2bn over"


def test_the_difference_is_the_paired_median_and_its_range(report: RunReport) -> None:
    number = four_numbers(report)[1]
    change = report.projection.series["gap_narrowing"].difference[:, 10]
    assert (number.low, number.value, number.high) == pytest.approx(tuple(np.quantile(change, [0.1, 0.5, 0.9])))
    assert f"Chance that it is below zero: {round((change < 0).mean() * 10)} in 10." in number.sentence


def test_failed_draws_do_not_count_as_zero(report: RunReport) -> None:
    series = report.projection.series["gap_narrowing"]
    deal = series.deal.copy()
    deal[:50] = np.nan
    broken = replace(report.projection, series={"gap_narrowing": replace(series, deal=deal)})
    found = narrowing(replace(report, projection=broken), 10)
    assert found is not None
    assert found.middle == pytest.approx(float(np.median(series.difference[50:, 10])))
    deal[:] = np.nan
    assert narrowing(replace(report, projection=broken), 10) is None
    assert direction(None) == "unclear"


def test_parts_are_named_by_their_sign_and_add_up() -> None:
    split = GapSplit(borrowing=5_563.0, lower_tax=-2_000.0, higher_spending=-100.0)
    found = parts(split)
    assert [part.title for part in found] == ["share of UK borrowing", "higher tax per head", "lower spending per head"]
    assert sum(part.value for part in parts(account().split)) == account().gap


def test_the_keep_says_today_and_the_reset(report: RunReport) -> None:
    keep = four_numbers(report)[2]
    assert keep.figure == "7p of the next £1 of tax stays here"
    assert keep.short == "7p"
    assert keep.sentence == "Today 3.5p, by rule until the 2029-30 reset."
    assert keep.more == (
        "Councils 6.7p, combined authority 0.3p; Treasury 93p. Next £1 of council tax from a new home: councils 81p,"
        " fire 4p, police 12p, combined authority 3p and parishes under 1p."
    )
    same = replace(report, projection=replace(report.projection, keep_as_is=report.projection.keep_deal))
    assert four_numbers(same)[2].sentence.startswith("As today, by rule")


def test_the_bill_is_new_money_and_kept_tax_over_all_people(report: RunReport) -> None:
    bill = four_numbers(report)[3]
    series = report.projection.series
    paid = (series["new_money"].difference + series["kept_growth"].difference)[:, 1:5].mean(axis=1)
    people = 286 * 190_000.0 + 10 * 287_000.0
    assert (bill.low, bill.value, bill.high) == pytest.approx(tuple(1e6 * np.quantile(paid, [0.1, 0.5, 0.9]) / people))
    assert "£280m a year only moves" in bill.more


def test_money_earned_back_is_england_s_and_council_tax_raised_is_not(report: RunReport) -> None:
    with_more = report.projection.series | {
        "earned_back": series("earned_back", "Earned back", 0.0, np.full((DRAWS, 21), 20.0)),
        "council_tax_raised": series("council_tax_raised", "Council tax raised", 0.0, np.full((DRAWS, 21), 7.0)),
    }
    found = replace(report, projection=replace(report.projection, series=with_more))
    before, bill = four_numbers(report)[3], four_numbers(found)[3]
    assert before.value is not None and bill.value is not None
    assert bill.value - before.value == pytest.approx(20e6 / (286 * 190_000.0 + 10 * 287_000.0))
    said = "In these years residents here pay £7.0m a year more council tax; spent here, it moves no gap."
    assert said in bill.more and "council tax" not in before.more
    assert "council tax" not in four_numbers(only(council_tax_raised=0.0))[3].more


def test_council_tax_raised_is_in_receipts_and_in_spending() -> None:
    found = only(receipts=7.0, council_tax_raised=7.0)
    assert four_numbers(found)[1].value == pytest.approx(0.0)
    parts = dict(component_spreads(found, 10))
    assert parts["Extra tax raised here"].mean == pytest.approx(7.0)
    assert parts["Higher council tax, spent here"].mean == pytest.approx(-7.0)
    assert "Everything else" not in parts


def test_moved_money_alone_bills_nobody(report: RunReport) -> None:
    still = {name: replace(s, deal=s.as_is) for name, s in report.projection.series.items()}
    bill = four_numbers(replace(report, projection=replace(report.projection, series=still)))[3]
    assert bill.value == 0.0
    assert bill.sentence == "No new money, 2026-27 to 2029-30: nobody elsewhere pays more."
    assert bill.more.startswith("2026-27 to 2029-30: £280m a year only moves.")


def test_the_largest_loser_is_named_and_a_loss_of_nothing_is_not(report: RunReport) -> None:
    code, loss = losers(report)[0]
    series = report.projection.by_place["balance"]
    heads = (
        1e6
        * series.mean_difference[1:5].mean(axis=0)
        / np.array([report.population[c] for c in report.projection.places])
    )
    assert (report.projection.places[int(heads.argmin())], float(heads.min())) == (code, pytest.approx(loss))
    assert f"Largest loser: {report.name(code)}, " in four_numbers(report)[3].more
    alike = replace(series, mean_difference=np.full_like(series.mean_difference, -0.19))
    level = replace(report, projection=replace(report.projection, by_place={"balance": alike}))
    assert "Losers: every other place alike, −£1.00 a head a year." in four_numbers(level)[3].more
    some = np.where(np.arange(296) % 2, -0.19, 0.0) * np.ones_like(series.mean_difference)
    half = replace(
        report, projection=replace(report.projection, by_place={"balance": replace(series, mean_difference=some)})
    )
    assert "Largest loser: Place 1, −£1.00 a head a year, level with 142 others." in four_numbers(half)[3].more
    still = replace(series, mean_difference=np.zeros_like(series.mean_difference))
    nobody = replace(report, projection=replace(report.projection, by_place={"balance": still}))
    assert "No place loses a penny a head a year." in four_numbers(nobody)[3].more


def changed(found: RunReport, **difference: float | np.ndarray) -> RunReport:
    """The run with the named series' differences replaced, and the narrowing worked out again."""
    series = dict(found.projection.series)
    for name, value in difference.items():
        series[name] = replace(series[name], deal=series[name].as_is + value)
    change = series["receipts"].difference + series["benefits_saved"].difference
    for spent in ("new_money", "proceeds_spent", "council_tax_raised"):
        change = change - series[spent].difference
    narrow = series["gap_narrowing"]
    series["gap_narrowing"] = replace(narrow, deal=narrow.as_is + change)
    return replace(found, projection=replace(found.projection, series=series))


def only(**difference: float) -> RunReport:
    """A run that differs from as is in nothing but what is named."""
    moved = ("receipts", "benefits_saved", "new_money", "proceeds_spent", "kept_growth", "budget", "council_tax_raised")
    every = dict.fromkeys(moved, 0.0)
    return changed(make(), **(every | difference))


def test_a_trimmed_fund_is_a_loss_of_service_not_a_success() -> None:
    found = only(new_money=-10.0, budget=-10.0)
    _, difference, _, bill = four_numbers(found)
    assert difference.sentence.startswith("The gap narrows because less is spent here: +£10m")
    assert "In year 10 services here lose £10m a year." in difference.sentence
    assert "England pays less because services here lose £10m a year." in bill.sentence
    assert bill.figure == "−17p a head of England"
    assert "as is” in any of these years: certain" in bill.more
    assert [title for title, _ in component_spreads(found, 10)][2] == "Services lost: funds trimmed here"


def test_lower_proceeds_are_a_loss_of_service() -> None:
    found = only(proceeds_spent=-3.0, kept_growth=-3.0, budget=-3.0)
    assert "In year 10 services here lose £3.0m a year." in lead(found)
    assert "services here lose £3.0m a year" in four_numbers(found)[3].sentence
    assert [title for title, _ in component_spreads(found, 10)][3] == "Services lost: lower proceeds spent here"


def test_a_loss_beside_a_larger_gain_is_named_and_does_not_lead() -> None:
    found = only(receipts=40.0, new_money=-10.0, kept_growth=30.0)
    _, difference, _, bill = four_numbers(found)
    assert difference.sentence.startswith("The gap narrows: +£50m")
    assert "In year 10 services here lose £10m a year." in difference.sentence
    assert "In these years services here lose £10m a year." in bill.sentence
    assert "lose" not in four_numbers(only(receipts=40.0, new_money=10.0))[1].sentence


def test_assumed_reset_dates_are_said_where_kept_growth_differs() -> None:
    said = "Resets of rates assumed: 2030-31, then every 4 years; with the deal 2029-30."
    found = only(kept_growth=3.0)
    terms = found.deal.fiscal.business_rates
    assert terms is not None
    own = replace(terms, from_year=found.deal.starts, existing_from=None, existing_until=None)
    found = replace(found, deal=replace(found.deal, fiscal=replace(found.deal.fiscal, business_rates=own)))
    as_is = replace(found.scenario, reset_as_is=2026, reset_every=4)
    assert said in four_numbers(replace(found, scenario=as_is))[1].more
    assert "assumed" not in four_numbers(only(receipts=3.0))[1].more


def shortened(whole: Projection, years: int) -> Projection:
    cut = {k: replace(s, as_is=s.as_is[:, :years], deal=s.deal[:, :years]) for k, s in whole.series.items()}
    places = {
        k: replace(s, difference=s.difference[:, :years], mean_difference=s.mean_difference[:years])
        for k, s in whole.by_place.items()
    }
    flows = tuple(replace(flow, amount=flow.amount[:years]) for flow in whole.flows)
    every = {f.name: getattr(whole.standing, f.name) for f in fields(whole.standing)}
    standing = {k: v[:, :years] for k, v in every.items() if isinstance(v, np.ndarray)}
    standing["classes"] = {kind: v[:, :years] for kind, v in whole.standing.classes.items()}
    cut_standing = replace(whole.standing, **standing)
    return replace(whole, years=whole.years[:years], series=cut, by_place=places, flows=flows, standing=cut_standing)


@pytest.mark.parametrize("years", [1, 2, 4, 7])
def test_a_short_run_speaks_of_the_years_it_has(
    report: RunReport, years: int, rendered: Callable[[RunReport], str]
) -> None:
    short = replace(report, projection=shortened(report.projection, years))
    said = f"By year {min(4, years - 1)} it " if years > 1 else "Its items change no tax."
    assert said in lead(short)
    assert rendered(short).startswith("<!DOCTYPE html>")


def test_a_run_without_the_series_says_that_there_is_no_figure(
    report: RunReport, rendered: Callable[[RunReport], str]
) -> None:
    bare = replace(report, projection=replace(report.projection, series={}, by_place={}, flows=()))
    assert "There is no figure." in rendered(bare)


def test_a_gap_has_its_range_and_says_when_it_is_published_or_inside_it(report: RunReport) -> None:
    number = the_gap(report.account, report.base_year)
    assert number.sentence == "Within plus or minus £2.3bn, four times in five; tested."
    assert (number.low, number.high) == (11_588.0 - 2_280.0, 11_588.0 + 2_280.0)
    published = replace(report.account, gap_half_width=None, published=True)
    assert the_gap(published, report.base_year).sentence == "Published for this area."
    wide = the_gap(replace(report.account, gap_half_width=12_000.0), report.base_year)
    assert "whether this place is short or over is not known" in wide.sentence


def test_the_bill_its_losers_and_the_map_are_of_the_same_years(report: RunReport) -> None:
    """New money of two years: a loss then is a loss on the whole page, and the years are said each time."""
    series = report.projection.by_place["balance"]
    two = np.zeros_like(series.mean_difference)
    two[1:3] = -0.19  # GBP million: a pound a head
    two[:, [series_of(report, code) for code in report.projection.area]] = 0.0
    found = replace(
        report, projection=replace(report.projection, by_place={"balance": replace(series, mean_difference=two)})
    )
    more, tables = four_numbers(found)[3].more, all_tables(found)
    assert "Losers: every other place alike, −50p a head a year." in more and more.startswith("2026-27 to 2029-30: ")
    assert set(a_head(found).values()) == {0.0, -0.5}
    for name in ("classes", "regions"):
        assert tables[name].records()[-1]["places_that_lose"] == 286 and "2026-27 to 2029-30" in tables[name].caption
    assert {row["mean_difference_gbp_per_head"] for row in tables["places"]} == {0.0, -0.5}
    assert "pounds a head a year, 2026-27 to 2029-30" in str(page(found, tables)).replace(
        "\N{NON-BREAKING HYPHEN}", "-"
    )


def series_of(report: RunReport, code: str) -> int:
    return report.projection.places.index(code)


def test_the_years_of_the_bill_are_the_first_four_of_the_deal(with_deal: Callable[..., RunReport]) -> None:
    assert with_deal().over_budgets() == "2026-27 to 2029-30"
    assert with_deal(starts=2029).over_budgets() == "2029-30 to 2032-33"
    assert with_deal(starts=2044).over_budgets() == "2044-45 to 2045-46"
    assert with_deal(starts=2060).budget_years() == (20,), "a run that ends before the deal begins"


def test_what_moves_what_is_new_and_what_is_trimmed_are_of_one_ledger(report: RunReport) -> None:
    trimmed = Flow(item="bus", payer="gmca", receiver="dft", owner="fund", kind="trimmed", amount=np.full(21, 2.0))
    found = replace(report, projection=replace(report.projection, flows=(*report.projection.flows, trimmed)))
    assert (money(found).moved, money(found).new) == (280.0, 66.0), "what one fund loses is not taken from another"
    assert "net of £2.0m trimmed from funds here" in four_numbers(found)[3].sentence
    assert "trimmed" not in four_numbers(report)[3].sentence


def test_places_that_lose_less_than_the_worst_are_counted_too(report: RunReport) -> None:
    series = report.projection.by_place["balance"]
    most = np.full_like(series.mean_difference, -0.19)
    most[:, :12] = -0.05
    found = replace(
        report, projection=replace(report.projection, by_place={"balance": replace(series, mean_difference=most)})
    )
    assert "Losers: 296 places, 274 of them alike, −£1.00 a head a year." in four_numbers(found)[3].more


def test_the_gap_is_rounded_as_in_the_account_s_own_sentence() -> None:
    close = replace(account(), gap=981.0)
    assert four_numbers(make(account=close))[0].figure == "£1.0bn short"
    assert "£1.0bn short" in sentence(close)
