"""What chance alone does to a condition: exact, by two ways, and not known where nothing is said."""

import math
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, norm

from soke.deal.chance import MOST_CASES, by_luck, unknown, whole_cases
from soke.deal.condition import Condition, Indicator
from soke.deal.registry import RULES, Context
from soke.deal.rules.noise import NO_LUCK, TOO_OFTEN
from soke.deal.states import STATES, bounds, state
from soke.errors import Location

AT = Location("deal.toml")
COUNT = Indicator(
    at=AT, id="i", title="Counted", unit="share", better="up", period="year", publisher="the register", lag_days=30,
    revision="freeze", collection="register-count", baseline_value=Decimal("0.9"), usual_cases=24,
)  # fmt: skip
FIGURE = replace(
    COUNT, collection="published-statistic", usual_cases=None, baseline_value=Decimal(158), yearly_noise=Decimal(3)
)


def condition(**changes: object) -> Condition:
    base = Condition(
        at=AT, id="c", title="C", kind="performance", indicator="i", at_least=Decimal("0.85"), tolerance=Decimal("0.05")
    )
    return replace(base, **changes)  # type: ignore[arg-type]


shares = st.decimals(0, 1, places=3)


@settings(max_examples=60, deadline=None)
@given(shares, st.none() | shares, st.decimals(0, 1, places=2), st.integers(1, 60), shares)
def test_a_count_is_every_outcome_weighed(
    low: Decimal, high: Decimal | None, tolerance: Decimal, cases: int, rate: Decimal
) -> None:
    asked = condition(at_least=low, at_most=high, tolerance=tolerance)
    weights = dict.fromkeys(STATES, 0.0)
    for done in range(cases + 1):
        weight = math.comb(cases, done) * float(rate) ** done * (1 - float(rate)) ** (cases - done)
        weights[state(asked, {"i": Decimal(done) / cases})] += weight
    found = by_luck(asked, replace(COUNT, usual_cases=cases, baseline_value=rate))
    assert found is not None
    assert (found.met, found.near, found.missed) == pytest.approx(
        (weights["met"], weights["near-miss"], weights["missed"]), abs=1e-9
    )


def test_a_count_of_many_cases_is_that_of_a_statistics_package() -> None:
    asked = condition(at_least=Decimal("0.52"), tolerance=Decimal(0))
    found = by_luck(asked, replace(COUNT, usual_cases=50_000, baseline_value=Decimal("0.521")))
    assert found is not None
    assert found.missed == pytest.approx(binom.cdf(25_999, 50_000, 0.521), abs=1e-8)


def test_a_figure_is_normal_about_its_start() -> None:
    found = by_luck(condition(at_least=Decimal(162), tolerance=Decimal("0.05")), FIGURE)
    assert found is not None
    assert found.missed == pytest.approx(norm.cdf(153.9, 158, 3))
    assert found.near == pytest.approx(norm.cdf(162, 158, 3) - norm.cdf(153.9, 158, 3))
    both = by_luck(condition(at_least=Decimal(150), at_most=Decimal(160), tolerance=Decimal(0)), FIGURE)
    assert both is not None
    assert both.missed == pytest.approx(norm.cdf(150, 158, 3) + norm.sf(160, 158, 3))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"baseline_value": None}, "no starting figure"),
        ({"usual_cases": None}, "how many cases"),
        ({"usual_cases": None, "collection": "published-statistic"}, "how much it varies"),
        ({"usual_cases": 0}, "cannot be"),
        ({"usual_cases": MOST_CASES + 1}, "cannot be"),
        ({"baseline_value": Decimal("1.1")}, "cannot be"),
        ({"yearly_noise": Decimal(0)}, "cannot be"),
    ],
)
def test_what_is_not_said_is_not_known_and_never_nought(changes: dict[str, object], reason: str) -> None:
    told = replace(COUNT, **changes)  # type: ignore[arg-type]
    assert reason in unknown(condition(), told)
    assert by_luck(condition(), told) is None
    assert by_luck(condition(at_least=None), COUNT) is None
    assert unknown(condition(), None) and not unknown(condition(), COUNT)


def test_a_certain_rate_is_certain() -> None:
    for rate, missed in ((0, 1.0), (1, 0.0)):
        found = by_luck(condition(), replace(COUNT, baseline_value=Decimal(rate)))
        assert found is not None and found.missed == missed


def flagged(asked: Condition, indicator: Indicator) -> bool:
    deal = type("Deal", (), {"indicators": (indicator,), "conditions": (asked,), "at": AT})()
    check = RULES["DC209"].check
    assert check is not None
    return any(check(deal, Context.__new__(Context)))


@pytest.mark.parametrize(
    ("least", "said"), [(150, False), (154, False), (156, True), (158, True), (162, True), (164, False), (200, False)]
)
def test_luck_is_named_and_an_ask_for_real_change_is_not(least: int, said: bool) -> None:
    asked = condition(at_least=Decimal(least), tolerance=Decimal(0))
    found = by_luck(asked, FIGURE)
    assert found is not None
    assert (TOO_OFTEN < found.missed < NO_LUCK) is said
    assert flagged(asked, FIGURE) is said


def test_the_tolerance_that_the_fix_names_is_enough_and_the_next_finer_is_not() -> None:
    asked = condition(at_least=Decimal(162), tolerance=Decimal("0.03"))
    deal = type("Deal", (), {"indicators": (FIGURE,), "conditions": (asked,), "at": AT})()
    check = RULES["DC209"].check
    assert check is not None
    ((_, _, fix),) = check(deal, Context.__new__(Context))
    wanted = Decimal(fix.split("tolerance to ")[1].split(" ")[0])
    missed = [by_luck(replace(asked, tolerance=wanted - step), FIGURE) for step in (Decimal(0), Decimal("0.005"))]
    assert missed[0] is not None and missed[1] is not None
    assert missed[0].missed <= TOO_OFTEN < missed[1].missed


def test_the_bounds_are_where_the_state_turns() -> None:
    turns = bounds(condition())
    assert turns is not None
    assert whole_cases(turns, 24) == ((21, 24), (20, 24))
