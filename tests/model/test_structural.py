"""What nobody knows of being devolved: drawn in every run, beside what is listed, never in it."""

import hashlib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from invented_country import deal, full_deal, fund, invented_councils, invented_start, investment, scenario, years

from soke.deal.reader import load_deal, read_scenario
from soke.deal.types import Range
from soke.england.baseline import baseline as england
from soke.england.places import places
from soke.evidence import parameters
from soke.evidence.distribution import quantile
from soke.evidence.sampling import sample_chunk
from soke.model.accounts.outlook import base_year
from soke.model.economy import receipts, structural, trend
from soke.model.run.ensemble import run
from soke.model.run.setup import prepare

OFF = {"devolution.growth": Range(low=0.0, central=0.0, high=0.0)}
SHARE = "devolution.elsewhere"


def listed_bytes(projection) -> str:
    """All that a run says of what is listed, less the series of the structural term and its row of assumptions."""
    seen = hashlib.sha256()
    for name, series in projection.series.items():
        if not name.startswith("structural"):
            seen.update(series.as_is.tobytes() + series.deal.tobytes())
    for name, placed in projection.by_place.items():
        if not name.startswith("structural"):
            for values in (placed.as_is, placed.difference, placed.mean_difference, placed.below_chance):
                seen.update(np.ascontiguousarray(values).tobytes())
    seen.update(repr((projection.drivers, projection.keep_deal, projection.limits)).encode())
    for flow in projection.flows:
        seen.update(flow.amount.tobytes())
    return seen.hexdigest()


@pytest.mark.parametrize("a_deal", [deal(), full_deal()], ids=["no lever", "every lever"])
def test_the_listed_items_keep_their_bytes_with_the_term_on_or_off(project, a_deal) -> None:
    """L4."""
    on, off = project(a_deal, draws=30), project(a_deal, scenario(effects=OFF), draws=30)
    wild = project(a_deal, scenario(effects={"devolution.growth": Range(low=-0.01, central=0.0, high=0.01)}), draws=30)
    assert listed_bytes(on) == listed_bytes(off) == listed_bytes(wild)
    assert on.series["structural"].difference[:, 1:].all() and not off.series["structural"].difference.any()
    assert not any(d.parameter.startswith("devolution.") for d in (*on.drivers, *wild.drivers))


def test_nothing_listed_and_nothing_unknown_is_no_difference_to_the_last_bit(project) -> None:
    """L3."""
    found = project(deal(), scenario(effects=OFF), draws=30)
    for series in found.series.values():
        assert not series.difference.any(), series.name
    for placed in found.by_place.values():
        assert not placed.difference.any() and not placed.mean_difference.any(), placed.name


def test_it_grows_for_ten_years_of_the_deal_and_then_stays(project) -> None:
    found = project(deal(), scenario(end_year=2045), draws=30)
    log = np.log1p(found.series["structural_gva"].difference / found.series["gva"].as_is)
    drawn = log[:, 1]
    years = np.minimum(np.maximum(np.array(found.years) - 2025, 0), 10)
    assert np.allclose(log, drawn[:, None] * years, rtol=1e-9, atol=1e-15)
    row = parameters()["devolution.growth"]
    assert (row.low, row.central, row.high) == (-0.0019, 0.0, 0.0019)
    assert (drawn > 0).any() and (drawn < 0).any()


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_share_of_it_comes_from_elsewhere(project, share) -> None:
    fixed = {SHARE: Range(low=share, central=share, high=share)}
    found = project(deal(), scenario(effects=fixed), draws=30)
    here, england_ = (found.series[f"structural{name}_gva"].difference for name in ("", "_england"))
    assert np.allclose(england_, (1 - share) * here, rtol=1e-9, atol=1e-12 * np.abs(here).max())
    outside = [k for k, code in enumerate(found.places) if code not in found.area]
    gva = found.by_place["structural_gva"].mean_difference[-1, outside]
    jobs = found.by_place["jobs"].as_is[2, 0, outside]
    assert np.allclose(gva / gva.sum() if share else gva, jobs / jobs.sum() if share else 0.0, rtol=1e-9)


def test_receipts_to_first_order_are_those_of_the_whole_tax_model(baseline, lines, known) -> None:
    """Two ways: the response against the tax model run again on the moved output, at 1.9 per cent and with losses."""
    setup = prepare(deal(), scenario(), baseline, invented_start(lines), 11, known, invented_councils(baseline))
    country, draws = setup.country, sample_chunk(setup.table, 11, 0, 10, len(setup.places))
    sure = {"devolution.growth": np.full(10, 0.0019), "devolution.elsewhere": np.linspace(0, 1, 10)}
    draws = replace(draws, national={**draws.national, **sure})
    shared, apart = trend.start(country, draws, country.years), structural.start(setup.unknown, draws)
    taxes = receipts.start(draws)
    for _ in range(11):
        moved = trend.advance(country, shared)
    today = receipts.advance(country, taxes, moved, moved.log_output.copy())
    beside = structural.advance(apart, moved.year, today)
    log = moved.log_output + np.log1p(beside.gva / today.gva)
    again = receipts.advance(country, taxes, moved, log.copy())
    assert np.allclose(again.gva - today.gva, beside.gva, rtol=1e-9)
    change, area = again.total - today.total, list(setup.members)
    assert np.allclose(beside.receipts[:, area].sum(axis=1), change[:, area].sum(axis=1), rtol=0.01)
    assert np.allclose(beside.receipts, change, rtol=0.02, atol=1e-3 * np.abs(change).max())


def test_a_deal_for_all_of_england_takes_from_nowhere(project, baseline) -> None:
    found = project(deal(members=baseline.codes), draws=10)
    here, everywhere = (found.series[name].difference for name in ("structural_gva", "structural_england_gva"))
    assert np.allclose(here, everywhere) and np.isfinite(here).all()


def test_a_uniform_share_is_as_likely_anywhere() -> None:
    row = parameters()[SHARE]
    drawn = quantile(row.distribution, np.linspace(0, 1, 11), row.low, row.central, row.high)
    assert drawn == pytest.approx(np.linspace(0, 1, 11), abs=1e-12)


def shipped(name: str):
    return load_deal(Path("deals") / f"{name}.toml", places())


def projected(name: str, draws: int = 4, **changes):
    """A shipped deal as it stands, or with another scenario."""
    assumed = replace(read_scenario(), **changes)
    return run(shipped(name), assumed, england(), base_year(assumed.base_year), draws=draws, backend="serial")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "size"), [("greater-manchester", 735.0), ("cornwall", 133.0), ("norfolk-and-suffolk", 370.0)]
)
def test_the_size_of_what_nobody_knows_in_year_ten(name, size) -> None:
    """GBP million of receipts at the 10th and 90th percentile of growth, within 8 per cent of what was first found.

    At both percentiles of the term alone, all else drawn: 25 draws, whose median is compared.
    """
    for growth in (-0.0019, 0.0019):
        fixed = {"devolution.growth": Range(low=growth, central=growth, high=growth)}
        found = projected(name, 25, effects=fixed).series["structural"].difference[:, 10]
        assert np.median(found) == pytest.approx(np.sign(growth) * size, rel=0.08), np.median(found)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["greater-manchester", "cornwall", "norfolk-and-suffolk"])
def test_every_switch_moves_every_shipped_deal(name) -> None:
    """L26, for the gain on moved money and for what nobody knows."""
    plain = projected(name)
    moved = projected(name, moved_money_gain=0.1)
    assert (moved.series["gva"].difference[:, 5:] != plain.series["gva"].difference[:, 5:]).all()
    assert np.median(moved.series["gva"].difference[:, -1] - plain.series["gva"].difference[:, -1]) > 0
    assert np.array_equal(moved.bill.new_money, plain.bill.new_money), "at no new cost"
    wider = projected(name, effects={"devolution.growth": Range(low=-0.003, central=0.0, high=0.003)})
    assert (wider.series["structural"].difference[:, 5] != plain.series["structural"].difference[:, 5]).all()


@pytest.mark.slow
@pytest.mark.parametrize("change", ["mode_share", "business_case", "overrun_falls_on", "works", "running_cost"])
def test_every_switch_of_a_link_moves_the_greater_manchester_deal(change) -> None:
    """L26, for what a deal may say of a link."""
    a_deal, assumed = shipped("greater-manchester"), read_scenario()
    link = a_deal.investments[0]
    if change == "mode_share":
        new = replace(link, effect=replace(link.effect, mode_share=Range(low=0.3, central=0.4, high=0.5)))
    else:
        said = {"business_case": "full", "overrun_falls_on": "government", "works": "fixed-link", "running_cost": 10**7}
        new = replace(link, **{change: said[change]})
    other = replace(a_deal, investments=(new, *a_deal.investments[1:]))
    before, after = (
        run(one, assumed, england(), base_year(assumed.base_year), draws=4, backend="serial") for one in (a_deal, other)
    )
    series = "gva" if change == "mode_share" else "budget"
    assert (before.series[series].difference[:, 1:] != after.series[series].difference[:, 1:]).any(axis=1).all()


def test_moved_money_acts_as_so_much_new_money_of_the_same_kind_without_its_cost(project) -> None:
    """Capital: as a project of a tenth of it each year, to the last digits; no new money, no overrun."""
    kept = deal(funds=(fund("roads", "moved", 100_000_000),))
    found = project(kept, scenario(moved_money_gain=0.1), draws=20)
    assert found.series["gva"].difference[:, -1].min() > 0
    assert not any(found.series[name].difference.any() for name in ("new_money", "overrun", "running_cost"))
    yearly = tuple(
        replace(investment("public-capital", f"road-{y}", opens=y), starts=y, capital=Decimal(10_000_000))
        for y in range(2026, 2030)
    )
    new = project(deal(funds=(fund(),), investments=yearly), draws=20)
    assert np.allclose(found.series["gva"].difference, new.series["gva"].difference, rtol=1e-9)


def test_what_a_listed_investment_buys_with_moved_money_acts_once(project) -> None:
    """The project acts through its own channel, a tenth of it; what it costs is taken from the rest of its fund."""
    whole = deal(funds=(fund("roads", "moved", 75_000_000),))
    bought = replace(investment("public-capital", of="roads", opens=2029), capital=Decimal(300_000_000))
    rest, listed = (
        project(one, scenario(moved_money_gain=0.1), draws=10).series["gva"].difference[:, -1]
        for one in (whole, replace(whole, investments=(bought,)))
    )
    assert np.allclose(rest, listed, rtol=0.2), "not twice: the same pounds, opened together at the end"


def test_moved_money_for_skills_supports_people_and_the_rest_is_listed(project) -> None:
    paid = tuple(replace(row, revenue=row.capital, capital=Decimal(0)) for row in years(30_000_000))
    revenue = fund("skills", "moved", function="skills", profile=paid)
    buses = replace(revenue, id="buses", title="Buses", function="transport")
    found = project(deal(funds=(revenue, buses)), scenario(moved_money_gain=0.5), draws=20)
    assert found.series["jobs"].difference[:, 2].any()
    assert any("no channel" in line and "Buses" in line for line in found.limits)
    assert not project(deal(funds=(buses,)), scenario(moved_money_gain=0.5), draws=5).series["gva"].difference.any()
