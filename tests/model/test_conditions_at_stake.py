"""Chance of a miss, what recall could take, bidding: exact where they can be, and they move no other figure."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented_country import AT, deal, fund, scenario, years
from scipy.stats import betabinom, binom, norm

from soke.deal.chance import by_luck
from soke.deal.condition import Condition, DueProcess, Indicator, Recall
from soke.deal.reader import load_deal, read_scenario
from soke.deal.scenario import RecallAssumed
from soke.deal.states import bounds
from soke.deal.types import Party, Power
from soke.england.places import places
from soke.evidence import overridden, parameters
from soke.evidence.side_draws import drawn
from soke.model.money.fund_flows import FundFlow
from soke.model.stake.bidding import PARAMETERS, compare
from soke.model.stake.conditions import NOTICES, counted, measured, risks
from soke.model.stake.recall import SERVED, at_stake

YEARS = (2026, 2027, 2028, 2029)
MANY = 20_000
COUNT = Indicator(
    at=AT, id="decisions", title="Decisions", unit="share", better="up", period="year", publisher="the register",
    lag_days=60, revision="freeze", collection="register-count", baseline_value=Decimal("0.9"), usual_cases=24,
)  # fmt: skip
FIGURE = replace(
    COUNT, id="journeys", collection="published-statistic", usual_cases=None, baseline_value=Decimal(158),
    yearly_noise=Decimal(3),
)  # fmt: skip
DECIDE = Condition(
    at=AT, id="decide", title="Decide", kind="collaboration", indicator="decisions", at_least=Decimal("0.85"),
    tolerance=Decimal("0.05"), due_days=90, reported_by="authority", checked_by="panel",
    recall=Recall(at=AT, scope=("new-money",), max_share_of_fund=Decimal("0.5")),
)  # fmt: skip
CARRY = replace(DECIDE, id="carry", indicator="journeys", at_least=Decimal(162), recall=None)
CLEAN = replace(DECIDE, id="clean", indicator=None, at_least=None, none_in_last_months=18, recall=None)
PROCESS = DueProcess(
    at=AT, notice_days=28, response_days=28, cure_days=180, appeal_days=42, hearing_before="panel", decision_by="panel",
    appeal_to="court",
    ladder=("report", "notice", "response", "cure", "hearing", "decision", "appeal", "recall", "restore"),
)  # fmt: skip
PARTIES = tuple(
    Party(at=AT, id=name, name=name, role=role)
    for name, role in (("treasury", "giver"), ("authority", "receiver"), ("panel", "adjudicator"))
)


def bound(*conditions, **changes):
    """A deal with those conditions, on both indicators."""
    held = {"indicators": (COUNT, FIGURE), "conditions": conditions, "due_process": PROCESS, "parties": PARTIES,
            "funds": (fund(),), **changes}  # fmt: skip
    return deal(**held)


def flow(one, amount=10.0, size=5):
    paid = np.full(size, amount)
    paid[0] = 0.0
    return FundFlow(one, paid, np.zeros(size), np.zeros(size))


def risk_of(a_deal, draws=MANY, deterrence=0.0, held=YEARS):
    return risks(a_deal, held, draws, 7, parameters(), deterrence)


def test_a_share_counted_is_binomial_at_a_rate_that_is_itself_a_count():
    (found,) = risk_of(bound(DECIDE))
    prior = betabinom(24, 24 * 0.9 + 0.5, 24 * 0.1 + 0.5)
    assert found.missed[0] == pytest.approx(prior.cdf(19), abs=0.01)
    assert found.near[0] == pytest.approx(prior.pmf(20), abs=0.01)
    assert found.basis == "count" and "24 cases" in found.why


def test_a_figure_is_normal_and_its_start_was_lucky_too():
    (found,) = risk_of(bound(CARRY))
    exact = by_luck(CARRY, FIGURE)
    assert found.missed[0] == pytest.approx(norm.cdf(153.9, 158, 3), abs=0.01)
    assert (found.met[0], found.near[0]) == pytest.approx((exact.met, exact.near), abs=0.01)
    one, two = found.missed[0], found.ever[1]
    assert one < two < 1 - (1 - one) ** 2  # years share a level: less than if they were independent


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 300), st.floats(0.01, 0.99), st.decimals(0, 1, places=2), st.decimals(0, 1, places=2))
def test_the_bands_are_those_of_the_check(cases, rate, least, tolerance):
    asked = replace(DECIDE, at_least=least, tolerance=tolerance)
    start = Decimal(repr(rate))
    exact = by_luck(asked, replace(COUNT, usual_cases=cases, baseline_value=start))
    met, held = counted(bounds(asked), cases, np.array([rate]))
    assert (met[0], held[0]) == pytest.approx((exact.met, 1 - exact.missed), abs=1e-9)
    figure = replace(FIGURE, baseline_value=start, yearly_noise=Decimal("0.1"))
    exact = by_luck(asked, figure)
    met, held = measured(bounds(asked), np.array([rate]), 0.1)
    assert (met[0], held[0]) == pytest.approx((exact.met, 1 - exact.missed), abs=1e-9)


def test_chances_sum_to_one_and_once_by_then_never_falls():
    for found in risk_of(bound(DECIDE, CARRY, CLEAN), draws=500):
        assert found.met + found.near + found.missed == pytest.approx(np.ones(4))
        assert (np.diff(found.ever) >= 0).all() and found.ever[0] == pytest.approx(found.missed[0])
        assert (found.low <= found.missed).all() and (found.missed <= found.high).all()


def test_what_is_not_known_holds_no_number_and_says_what_is_missing():
    silent = replace(COUNT, baseline_value=None)
    (found,) = risk_of(bound(DECIDE, indicators=(silent,)))
    assert found.basis == "not-known" and "no starting figure" in found.why
    assert all(np.isnan(values).all() for values in (found.met, found.near, found.missed, found.ever))


def test_a_condition_is_not_tested_before_its_first_year():
    (found,) = risk_of(bound(replace(DECIDE, from_year=2028)), draws=500)
    assert np.isnan(found.missed).tolist() == [True, True, False, False]
    assert found.ever[2] == pytest.approx(found.missed[2])
    (found,) = risk_of(bound(replace(CLEAN, from_year=2028)), draws=500)
    assert np.isnan(found.missed).tolist() == [True, True, False, False]


def test_of_four_tests_a_year_the_worst_counts():
    quarterly = replace(FIGURE, period="quarter")
    (year,), (quarter,) = risk_of(bound(CARRY)), risk_of(bound(CARRY, indicators=(quarterly,)))
    assert quarter.missed[0] > year.missed[0] and quarter.met[0] < year.met[0]
    overlapping = replace(COUNT, period="quarter")  # each test looks back over a year
    asked = replace(DECIDE, window="1 year")
    (once,), (same,) = risk_of(bound(asked)), risk_of(bound(asked, indicators=(overlapping,)))
    assert same.missed.tolist() == once.missed.tolist()
    (said,) = risk_of(bound(replace(DECIDE, window="the year before"), indicators=(overlapping,)))
    assert said.missed.tolist() == once.missed.tolist()  # words that are no span of time stop no run


def test_notices_are_those_of_elsewhere():
    (found,) = risk_of(bound(CLEAN))
    rate = drawn(parameters()[NOTICES], MANY, 7)
    assert found.missed[0] == pytest.approx((1 - np.exp(-1.5 * rate)).mean())
    assert found.ever[3] == pytest.approx((1 - np.exp(-4.5 * rate)).mean())
    assert found.basis == "notices" and "Nothing here is of this place" in found.why


def test_deterrence_prevents_its_share_of_misses_where_there_is_a_recall_and_nowhere_else():
    plain, half, all_ = (risk_of(bound(DECIDE, CARRY), draws=500, deterrence=d) for d in (0.0, 0.5, 1.0))
    assert half[0].missed == pytest.approx(plain[0].missed / 2)
    assert half[0].near == pytest.approx(plain[0].near)
    assert not all_[0].missed.any() and not all_[0].ever.any()
    assert half[1] is not plain[1] and half[1].missed.tolist() == plain[1].missed.tolist()


def test_another_condition_moves_no_chance_and_the_seed_does():
    alone, beside = risk_of(bound(CARRY), draws=70)[0], risk_of(bound(DECIDE, CARRY), draws=70)[1]
    assert alone.missed.tobytes() == beside.missed.tobytes()
    other = risks(bound(CARRY), YEARS, 70, 8, parameters())[0]
    assert other.missed.tobytes() != alone.missed.tobytes()


def test_what_recall_could_take_by_fund_and_how_soon():
    power = Power(at=AT, id="moving", title="Moving money", function="finance.virement", holder="authority",
                  exercise="majority", holding="conferred", recallable=True)  # fmt: skip
    both = replace(DECIDE, recall=Recall(at=AT, scope=("new-money", "moving"), max_share_of_fund=Decimal("0.5")))
    funds = fund(recallable_share=Decimal("0.2")), fund("other")
    flows = [flow(one) for one in funds]
    found = at_stake(bound(both, powers=(power,), funds=funds), (2025, *YEARS), flows, 500, 7, parameters())
    (stake,), (risk,) = found.stakes, found.risks
    assert [one.fund for one in stake.funds] == ["new-money"] and stake.funds[0].share == 0.2  # the fund's own cap
    assert stake.amount.tolist() == [2.0] * 4 and stake.funds[0].served == SERVED["transport"]
    assert stake.flexibilities == ("Moving money",)
    assert stake.first_test == dt.date(2027, 3, 31)
    assert stake.soonest == dt.date(2027, 3, 31) + dt.timedelta(60 + found.least_days)
    assert stake.always.tolist() == (risk.missed * stake.amount).tolist() and (stake.always <= stake.amount).all()


def test_a_pool_in_scope_brings_its_funds_and_a_short_control_holds_part_of_a_year():
    pooled = fund(pooled_in="pool", recallable_share=Decimal(1))
    asked = replace(DECIDE, recall=Recall(at=AT, scope=("pool",), max_share_of_fund=Decimal("0.1")))
    short = replace(PROCESS, control_max_days=73)
    found = at_stake(
        bound(asked, due_process=short, funds=(pooled,)), (2025, *YEARS), (flow(pooled),), 500, 7, parameters()
    )
    assert found.stakes[0].amount.tolist() == [1.0] * 4 and found.stakes[0].year_share == pytest.approx(0.2)
    assert found.stakes[0].always == pytest.approx(0.2 * found.risks[0].missed)


def test_only_flexibilities_are_no_money_and_no_conditions_are_none():
    bare = replace(DECIDE, recall=Recall(at=AT, scope=("moving",)))
    found = at_stake(bound(bare), (2025, *YEARS), (flow(fund()),), 50, 7, parameters())
    assert found.stakes[0].amount is None
    assert at_stake(deal(), (2025, *YEARS), (), 50, 7, parameters()) is None
    assert at_stake(bound(CARRY), (2023, 2024, 2025), (), 50, 7, parameters()) is None  # the run ends before it
    assert at_stake(bound(CARRY, due_process=None), (2025, *YEARS), (), 50, 7, parameters()).least_days is None


def fixed(**values):
    """The evidence with some figures certain."""
    table = dict(parameters())
    for name, value in values.items():
        key = name.replace("__", ".")
        table[key] = replace(table[key], low=value, central=value, high=value)
    return table


CERTAIN = fixed(
    bid__months__award=9, bid__months__paid=4, bid__win=0.25, bid__cost=30_000, bid__award=20, bid__years=3,
    bid__monitor__days=20, bid__extended=0.85, dev__months__paid=1, dev__assurance__days=60, dev__report__scale=1,
)  # fmt: skip


def test_bidding_against_devolving_worked_by_hand():
    held = bound(DECIDE)
    found = compare(held, (2025, *YEARS), (flow(fund(), 100.0),), 50, 7, CERTAIN)
    assert (found.money, found.funds, found.officer_days) == (100.0, 1, 0.5)
    assert found.months_sooner.central == 12.0 and found.money_sooner.central == 100.0
    assert found.bids.central == 20.0
    assert found.cost_bidding.central == pytest.approx(20 * 0.03 + 15 * 20 * 350e-6)
    assert found.cost_devolved.central == pytest.approx(60.5 * 350e-6)
    assert (
        found.saved.low == found.saved.high == pytest.approx(found.cost_bidding.central - found.cost_devolved.central)
    )
    assert found.dearer_chance == 0.0


def test_little_money_is_dearer_to_devolve_and_none_is_not_compared():
    little = compare(bound(), (2025, *YEARS), (flow(fund(), 0.1),), 50, 7, CERTAIN)
    assert little.saved.central < 0 and little.dearer_chance == 1.0
    assert compare(bound(funds=()), (2025, *YEARS), (), 50, 7, CERTAIN) is None


def test_every_figure_of_bidding_is_graded_and_sourced():
    for name in (*PARAMETERS, NOTICES):
        row = parameters()[name]
        assert row.source and row.low < row.central < row.high and row.grade != "official"
    wins = parameters()["bid.win"]  # of 305 bids 105 won, and of 529 bids 111
    assert (wins.low, wins.high) == pytest.approx((111 / 529, 105 / 305), abs=1e-3)
    assert wins.central == pytest.approx(216 / 834, abs=1e-2)


def test_the_run_carries_them_and_deterrence_moves_nothing_else(project):
    held = bound(DECIDE, funds=(fund(), fund("skills", "moved", 40_000_000)))
    plain = project(held, draws=60)
    on = project(held, scenario(recall=RecallAssumed(at=AT, deterrence=0.5)), draws=60)
    assert plain.conditions.years == YEARS and plain.bidding.funds == 2
    assert on.conditions.risks[0].missed == pytest.approx(plain.conditions.risks[0].missed / 2)
    assert not any("prospect of recall" in text for text in plain.limits)
    assert any("50% of misses. An assumption, not a finding" in text for text in on.limits)
    for name, series in plain.series.items():
        assert series.deal.tobytes() == on.series[name].deal.tobytes(), name
    rows = {row["id"]: row for row in plain.assumptions}
    assert {"bid.cost", NOTICES, "decisions.usual_cases", "journeys.yearly_noise", "deterrence"} <= set(rows)
    assert rows["decisions.usual_cases"]["value"] == "24"
    assert project(deal(funds=(fund(),)), draws=5).conditions is None


def test_money_under_a_deal_is_what_its_funds_pay(project):
    held = bound(DECIDE, funds=(fund(profile=years(80_000_000), recallable_share=Decimal(1)),), prices="real 2025-26")
    found = project(held, draws=5)
    assert found.conditions.stakes[0].amount == pytest.approx(np.full(4, 40.0))
    assert found.bidding.money == pytest.approx(80.0)


@pytest.mark.parametrize("name", ["greater-manchester", "norfolk-and-suffolk", "cornwall"])
def test_the_shipped_deals_have_a_figure_for_working_together(name):
    held = load_deal(Path("deals") / f"{name}.toml", places())
    found = {risk.condition: risk for risk in risks(held, list(held.years), 500, 7, overridden({}))}
    indicator = next(one for one in held.indicators if one.id == "joint-decisions")
    low = binom.cdf(int(0.8075 * indicator.usual_cases), indicator.usual_cases, 0.9)
    assert low < found["partners-decide"].missed[0] < 0.3  # the rate is not known for sure, which adds to it
    assert found["communities-decide"].basis == "not-known"
    assert read_scenario().deterrence == 0.0
