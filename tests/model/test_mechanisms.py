"""Each mechanism alone, against published figures or arithmetic that a reader can redo."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from invented_country import AT, deal, full_deal, fund, scenario, years

from soke.deal.types import Proceeds
from soke.england.baseline import baseline as england
from soke.errors import SokeError
from soke.evidence import parameters
from soke.evidence.sampling import Draws
from soke.model.economy import (
    commuting,
    effective_density,
    population,
    public_capital,
    rating_years,
    travel,
)
from soke.model.money import fund_flows
from soke.model.money.prices import Prices
from soke.model.services import proceeds, spending

CENTRE = {name: row.central for name, row in parameters().items()}
LEVEL = {"0-15": 0.0, "16-64": 0.0}
PRICES = Prices(2025, 1.15, 0.02)


def log_output_of_capital(investment, output, ratio, depreciation, lag, elasticity):
    """Log effect on output year by year of one place's extra investment (year,), beside its output (year,)."""
    spent = public_capital.Spending(0, investment[:, None])
    extra, effects = np.zeros((1, 1)), []
    for year, produced in enumerate(output):
        arrived = public_capital.arrivals(spent, year, np.array([lag]))
        extra = public_capital.stock_after(extra, arrived, np.array([[depreciation]]))
        figures = (np.array([[figure]]) for figure in (produced, ratio, elasticity))
        effects.append(public_capital.gain(extra, *figures).item())
    return np.array(effects)


def test_public_capital_reproduces_the_published_path():
    """T06: one per cent of output for ever: +.47 per cent after 5 years, +2.45 after 50 (OBR)."""
    output = 1.015 ** np.arange(1, 51)
    path = log_output_of_capital(
        0.01 * output,
        output,
        CENTRE["pub.cap.ratio"],
        CENTRE["pub.cap.dep"],
        CENTRE["pub.cap.lag"],
        CENTRE["pub.cap.elas"],
    )
    assert 100 * path[4] == pytest.approx(0.47, abs=0.05)
    assert 100 * path[49] == pytest.approx(2.45, abs=0.15)


@pytest.mark.parametrize(("elasticity", "ratio"), [(0.07, 0.4), (0.10, 0.6)])
def test_other_points_of_the_ridge_fit_as_well(elasticity, ratio):
    output = 1.015 ** np.arange(1, 51)
    path = log_output_of_capital(0.01 * output, output, ratio, 0.04, 2.0, elasticity)
    assert 100 * path[4] == pytest.approx(0.47, abs=0.05)
    assert 100 * path[49] == pytest.approx(2.45, abs=0.15)


def test_capital_arrives_after_its_lag_not_before_it_opens_and_all_of_it():
    spent = public_capital.Spending(opens=4, amount=np.array([[0.0], [60.0], [60.0], [0], [0], [0], [0], [0]]))
    arrived = np.array([public_capital.arrivals(spent, year, np.array([0.0, 2.5]))[:, 0] for year in range(8)])
    assert arrived[:, 0].tolist() == [0, 0, 0, 0, 120, 0, 0, 0]
    assert arrived[:, 1].tolist() == [0, 0, 0, 0, 90, 30, 0, 0]


def england_mix():
    base = england()
    weights = effective_density.sector_weights(base)
    by_gva = base["gva"] - base["gva_property"]
    return (weights * by_gva).sum(axis=1) / by_gva.sum()


def log_gain(jobs, minutes, weights):
    """Log gain of each place for minutes (2, place, place), before and after; weights (sector, place)."""
    sectors = effective_density.SECTORS
    decays = [CENTRE[f"agg.decay.{sector}"] for sector in sectors]
    before, after = (
        effective_density.density(jobs[None, :], effective_density.decay_matrices(matrix, decays)) for matrix in minutes
    )
    elasticities = [np.array([CENTRE[f"agg.elas.{sector}"]]) for sector in sectors]
    return effective_density.log_output(before, after, weights, elasticities)[0]


def test_two_cities_twenty_minutes_closer():
    """1.35m jobs each, 25 minutes within, 85 to 65 between: +.20 to +.26 per cent of output a job, England's mix.

    By hand, producer services: 25^-1.746 = .00362, 85^-1.746 = .00043, 65^-1.746 = .00068; A rises by 6.3 per cent,
    .083 x ln 1.063 = .51 per cent; with manufacturing .14, construction .22, consumer services .14 per cent, weighted
    by their shares of England's output outside property (public services weigh, and gain nothing).
    """
    mix = england_mix()
    jobs = np.array([1.35e6, 1.35e6])
    minutes = np.array([[[25.0, apart], [apart, 25.0]] for apart in (85.0, 65.0)])
    gain = log_gain(jobs, minutes, np.column_stack([mix, mix]))
    assert gain[0] == pytest.approx(gain[1], rel=1e-12)
    assert 0.20 <= 100 * gain[0] <= 0.26
    by_sector = log_gain(jobs, minutes, np.array([[0, 0], [0, 0], [0, 0], [1, 1]]))
    assert 100 * by_sector[0] == pytest.approx(
        100 * 0.083 * np.log((0.003624 + 0.000684) / (0.003624 + 0.000428)), abs=0.005
    )


def test_a_connection_by_ratio_is_the_same_as_another_cost_matrix():
    rng = np.random.default_rng(3)
    minutes, jobs = rng.uniform(20, 120, (6, 6)), rng.uniform(1e4, 1e6, (1, 6))
    minutes = (minutes + minutes.T) / 2
    decays = (1.1, 1.8)
    matrices = effective_density.decay_matrices(minutes, decays)
    faster = minutes.copy()
    for i, j in ((0, 2), (0, 3), (1, 2), (1, 3)):
        faster[i, j] = faster[j, i] = minutes[i, j] * 0.7
    link = effective_density.serve("x", 1, 1.0, ([0, 1], [2, 3]), np.zeros((6, 6), dtype=bool))
    near = list(effective_density.density(jobs, matrices))
    pairs = link.pairs(effective_density.Reach(decays, matrices))
    gains = [np.array([0.7**-decay - 1.0]) for decay in decays]
    effective_density.add_connection(near, jobs[:, link.places], link.places, pairs, gains)
    expected = effective_density.density(jobs, effective_density.decay_matrices(faster, decays))
    assert np.allclose(near, expected, rtol=1e-12)


def test_no_journey_takes_no_time():
    base = england()
    minutes = travel.minutes(travel.distances(base.lat, base.lon, base.area_km2), CENTRE)
    assert minutes.min() > 10 and np.allclose(minutes, minutes.T)
    manchester, leeds, salford = (base.index(code) for code in ("E08000003", "E08000035", "E08000006"))
    assert 20 < minutes[manchester, manchester] < 28
    assert 70 < minutes[manchester, leeds] < 95
    assert minutes[manchester, salford] < minutes[manchester, leeds]
    with pytest.raises(SokeError, match="no minutes"):
        effective_density.nearness(np.zeros((2, 2)), parameters())


def test_workers_and_jobs_balance_whatever_the_jobs():
    base = england()
    works = commuting.calibrated(base.commuting, base["population_16_64"] * base["employment_rate"] / 100, base["jobs"])
    assert works.workers.sum() == pytest.approx(base["jobs"].sum(), rel=1e-12)
    jobs = base["jobs"] * np.random.default_rng(1).uniform(0.8, 1.3, (5, len(base.codes)))
    residents = works.workers_ratio(jobs) * works.workers
    assert np.allclose(residents.sum(axis=1), jobs.sum(axis=1), rtol=1e-12)
    people, homes = np.full((2, 3), 100.0), np.array([5, 9, 200])
    assert np.allclose(works.to_workplaces(people, homes).sum(axis=1), 300.0, rtol=1e-12)


def test_jobs_that_nobody_reaches_are_refused():
    with pytest.raises(SokeError, match="nobody commutes"):
        commuting.calibrated(np.array([[1.0, 0.0], [1.0, 0.0]]), np.ones(2), np.ones(2))


def test_a_change_of_rating_income_has_the_standard_deviation_asked_for():
    swing = np.linspace(0.04, 0.08, 50)
    draws = Draws(0, {"rates.swing": swing}, {})
    made = rating_years.deviates(draws, 3, 21, 300)
    by_year = np.log([rating_years.of_year(made, year, draws) for year in range(1, 21)])
    assert np.diff(by_year, axis=0).std(axis=(0, 2)) == pytest.approx(swing, rel=0.05), "each draw its own"
    assert rating_years.of_year(made, 0, draws) == 1.0, "the base year is neither good nor bad"
    alone = rating_years.deviates(draws.only(7), 3, 21, 300)
    assert (rating_years.of_year(alone, 4, draws.only(7)) == rating_years.of_year(made, 4, draws)[7:8]).all()
    assert rating_years.deviates(Draws(0, {"rates.swing": np.zeros(50)}, {}), 3, 21, 300) is None


def test_reserves_are_not_spent_and_a_shortfall_is_in_full():
    assert proceeds.spent(np.array([10.0, -10.0]), 0.2).tolist() == [8, -10]
    named = proceeds.purposes(Proceeds(at=AT, older_care=Decimal("0.5"), reserves=Decimal("0.2")))
    assert named == {"older_care": 0.625, "services": pytest.approx(0.375)}
    assert proceeds.purposes(None) == proceeds.purposes(Proceeds(at=AT, reserves=Decimal(1))) == {"services": 1.0}


def flows(*funds, **changes):
    return fund_flows.fund_flows(deal(funds=funds, **changes), range(2025, 2033), PRICES, 0.013)


def test_cash_becomes_real_and_a_fund_ends_stays_or_grows():
    ends, flat, grows = flows(fund("a"), fund("b", after_profile="flat_real"), fund("c", after_profile="grows"))
    assert ends.deal[1:5] == pytest.approx([100 / 1.02**t for t in (1, 2, 3, 4)])
    assert ends.deal[0] == 0 and not ends.deal[5:].any()
    assert flat.deal[5:] == pytest.approx([100 / 1.02**4] * 3)
    assert grows.deal[6] == pytest.approx(100 / 1.02**4 * 1.013**2)
    real = flows(fund("a"), prices="real 2026-27")[0]
    assert real.deal[1:5] == pytest.approx([100 / 1.02] * 4)


def test_consolidating_less_than_was_spent_is_trimming_and_says_so():
    (flow,) = flows(fund("x", "consolidated", 90_000_000, previous_spend=years(100_000_000, 2025, 1)))
    assert flow.as_is[1:5] == pytest.approx([100.0] * 4)
    assert (flow.change[1:5] < 0).all()
    kinds = {entry.kind: entry for entry in fund_flows.ledger([flow])}
    assert set(kinds) == {"consolidated", "trimmed"}
    assert kinds["trimmed"].receiver == "treasury"
    assert kinds["trimmed"].amount[1] == pytest.approx(100 - 90 / 1.02)


def test_what_was_spent_here_before_a_fund_starts_is_there_on_both_paths():
    (later,) = flows(fund("x", "moved", profile=years(100_000_000, 2028), previous_spend=years(80_000_000, 2025, 1)))
    assert later.earlier.tolist() == [80.0, 80.0, 80.0, 0, 0, 0, 0, 0]
    assert later.as_is[:5].tolist() == [0, 0, 0, 80.0, 80.0] and not later.change[:3].any()
    (fresh,) = flows(fund("y", profile=years(100_000_000, 2028)))
    assert not fresh.earlier.any() and not fresh.deal[:3].any() and fresh.deal[3] > 0


def test_kept_rates_are_not_paid_twice_as_a_fund():
    kept = fund("kept", mechanism="retained-tax")
    assert flows(kept) and not flows(kept, fiscal=full_deal().fiscal)


def test_prices_before_the_base_year_follow_the_carry():
    assert PRICES.index(2022) == pytest.approx(1 / 1.15)
    assert PRICES.index(2025) == 1
    with pytest.raises(SokeError, match="Prices cannot be"):
        PRICES.real_million(1, 2026, "constant")


def test_an_older_place_takes_a_growing_share_of_a_fixed_envelope():
    people = np.array([[200.0, 200], [600, 600], [100, 50], [60, 30], [40, 20]]).reshape(5, 2)
    base, growth, same = np.array([[500.0, 500.0]]), np.ones((1, 11)), np.ones((1, 2))
    found = []
    for year in range(11):
        groups = people * np.where(np.arange(5) >= 2, 1.03**year, 1.0)[:, None]
        plan = spending.plan(base, ["health"], growth, people)
        found.append(plan.as_is(year, population.People(groups.sum(axis=0)[None], same, same, groups))[0])
    assert np.allclose(np.sum(found, axis=1), 1000.0)
    assert (np.diff([row[0] for row in found]) > 0).all()
    more = population.People(people.sum(axis=0)[None], same * [1.0, 1.0], same, people)
    assert np.allclose(spending.plan(base, ["defence"], growth, people).as_is(10, more), 500.0)


def test_unknown_functions_are_refused(project):
    path = replace(scenario().spending[0], function="helth")
    with pytest.raises(SokeError, match="helth"):
        project(deal(), scenario(spending=(path,)))
