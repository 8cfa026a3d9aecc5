"""Present values by hand, and the two ledgers: what moves is in both, with opposite signs, and pays for no growth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented_country import AT, connection, deal, fund, programme, rates, scenario, years

from soke.deal.scenario import Cuts
from soke.deal.types import Range
from soke.model.money import investment_costs, value

GREEN_BOOK = {value.RATE: 0.035, value.LATER: 0.03}
POUNDS = st.floats(-1e4, 1e4, allow_nan=False)


def test_three_years_by_hand():
    """100 + 50 / 1.035 + 20 / 1.035^2 + ... with the last level held on."""
    by_hand = 100 + 50 / 1.035 + 20 / 1.035**2
    assert value.present(np.array([100.0, 50.0, 20.0]), 2, GREEN_BOOK) == pytest.approx(by_hand, rel=1e-12)
    held = by_hand + 20 / 1.035**3 + 20 / 1.035**4
    assert value.present(np.array([100.0, 50.0, 20.0]), 4, GREEN_BOOK) == pytest.approx(held, rel=1e-12)


def test_the_rate_is_lower_after_thirty_years():
    worth = value.factors(61, GREEN_BOOK)
    assert worth[30] == pytest.approx(1.035**-30)
    assert worth[31] == pytest.approx(1.035**-30 / 1.03)
    assert worth[60] == pytest.approx(1.035**-30 * 1.03**-30)


@given(st.lists(POUNDS, min_size=1, max_size=30), st.lists(POUNDS, min_size=1, max_size=30))
def test_present_value_adds_up(first, second):
    a, b = (value.held_on(np.array(flow), 40) for flow in (first, second))
    both = value.present(a + b, 60, GREEN_BOOK)
    assert both == pytest.approx(value.present(a, 60, GREEN_BOOK) + value.present(b, 60, GREEN_BOOK), abs=1e-6)


def test_payback_is_when_it_stays_ahead():
    cost, back = np.array([100.0, 0.0, 0.0, 0.0]), np.array([0.0, 60.0, 60.0, 0.0])
    assert value.payback(cost, back, GREEN_BOOK) == 2
    again = cost + np.array([0.0, 0.0, 0.0, 5.0])
    assert value.payback(again, back, GREEN_BOOK) is None, "a yearly cost that goes on overtakes it"
    assert value.payback(cost, np.array([0.0, 3.0]), GREEN_BOOK) is None, "3 a year for ever is worth less than 100"
    assert value.payback(np.zeros(2), np.zeros(2), GREEN_BOOK) == 0


def test_a_switching_value_is_where_the_line_meets_nought():
    drawn = np.linspace(1.0, 3.0, 101)
    assert value.switching(drawn, 10 * drawn - 25) == pytest.approx(2.5)
    assert value.switching(drawn, 10 * drawn - 35) is None, "outside what was drawn"
    assert value.switching(np.ones(5), np.arange(5.0)) is None


def test_a_cut_is_a_loss_here_and_a_gain_there_and_grows_nothing(project):
    """A fund trimmed by 100m: the place's budget -100, the Exchequer +100, what growth pays the same to the bit."""
    level, trimmed = (
        fund("x", "moved", pounds, after_profile="flat_real", previous_spend=years(200_000_000, 2026, 4))
        for pounds in (200_000_000, 100_000_000)
    )
    cash = scenario(inflation=0.0)
    held, cut = (project(deal(funds=(f, fund()), investments=(connection(),)), cash) for f in (level, trimmed))
    for name, sign in (("place_budget", -100.0), ("exchequer", 100.0)):
        moved = cut.series[name].difference - held.series[name].difference
        assert np.allclose(moved[:, 1:], sign)
    assert (cut.series["growth_pays"].difference == held.series["growth_pays"].difference).all()


def test_growth_that_pays_is_tax_and_benefits_less_the_levers(project):
    found = project(deal(funds=(fund(),), investments=(connection(), programme(opens=2026)), fiscal=rates()))
    back = found.series["growth_pays"].difference
    beyond = sum(found.series[name].difference for name in investment_costs.SERIES)
    spent = np.maximum(found.bill.new_money, 0.0) + beyond
    assert np.allclose(found.series["exchequer"].difference + found.bill.cost, back + spent)
    worth = found.appraisal.worths[0]
    by_hand = sum((back + spent)[:, t] / 1.035**t for t in range(len(found.years)))
    after = (back + spent)[:, -1]
    by_hand = by_hand + sum(after / 1.035**t for t in range(len(found.years), worth.years + 1))
    assert np.allclose(worth.returned, by_hand, rtol=1e-9)
    run = len(found.years)
    paid = sum(spent[:, min(t, run - 1)] / 1.035**t for t in range(worth.years + 1))
    assert np.allclose(worth.cost, paid, rtol=1e-9), "what a link takes to run goes on"
    assert len(found.appraisal.switching) == 5


def test_crowding_takes_output_elsewhere_only_when_it_is_switched_on(project):
    made = deal(funds=(fund(profile=tuple(revenue(row) for row in years(100_000_000))),), investments=(connection(),))
    none, some = (
        project(made, scenario(effects={value.CROWDING: Range(low=k, central=k, high=k)})) for k in (0.0, 0.3)
    )
    lost = none.series["england_output"].difference - some.series["england_output"].difference
    assert np.allclose(lost, 0.3 * none.bill.new_money)


def revenue(row):
    from dataclasses import replace  # noqa: PLC0415

    return replace(row, revenue=row.capital, capital=0)


def test_cuts_of_a_scenario_fall_on_both_paths_and_move_no_growth(project):
    """What the place loses the Exchequer has; the deal's difference and what growth pays stay the same to the bit."""
    made = deal(funds=(fund(),), investments=(connection(), programme(opens=2026)), fiscal=rates())
    changes = {"default": -0.2}
    without, flat, with_cuts = (
        project(made, scenario(cuts=terms, cut_places=changes if terms else {}))
        for terms in (None, Cuts(at=AT, scale=0.0, starts=2027), Cuts(at=AT, starts=2027))
    )
    for name, series in without.series.items():
        assert (flat.series[name].deal == series.deal).all(), f"{name} at a scale of nought"
    cut = with_cuts.series["cut"].as_is
    assert not cut[:, :2].any() and (cut[:, 2:] > 0).all() and (np.diff(cut[:, 1:9].mean(axis=0)) > 0).all()
    for path in ("as_is", "deal"):
        before, after = (getattr(found.series["place_budget"], path) for found in (without, with_cuts))
        assert np.allclose(before - after, cut)
        there = [getattr(found.series["exchequer"], path) for found in (without, with_cuts)]
        assert np.allclose(there[1] - there[0], cut)
        spent = [getattr(found.series["spending"], path) for found in (without, with_cuts)]
        assert np.allclose(spent[0] - spent[1], cut)
    for name in ("growth_pays", "kept_growth", "receipts"):
        assert (with_cuts.series[name].deal == without.series[name].deal).all()


def test_care_takes_more_each_year_and_most_of_it_is_not_people_alone(project):
    found = project(deal())
    pressure, people = (found.series[name].as_is for name in ("care_pressure", "care_people"))
    assert np.allclose(pressure[:, 0], 0.0, atol=1e-9)
    assert (np.diff(pressure.mean(axis=0)) > 0).all()
    assert (people[:, -1] < pressure[:, -1]).all()
    assert not found.series["care_pressure"].difference.any()
