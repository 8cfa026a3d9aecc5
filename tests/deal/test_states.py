"""States of conditions, the burden, and what is silenced."""

from decimal import Decimal
from pathlib import Path

import pytest

from soke.deal.burden import assumptions, burden, governed
from soke.deal.check import check_reading
from soke.deal.reader import load_deal, read_text
from soke.deal.states import State, already_met, state
from soke.deal.types import Condition
from soke.england.places import places
from soke.errors import Location

MINIMAL = Path("src/soke/deal/rules/minimal.toml").read_text("utf-8")


def condition(**given: object) -> Condition:
    written = {"id": "c", "title": "C", "kind": "performance", "indicator": "i", "due_days": 90, **given}
    return Condition(at=Location("f"), tolerance=Decimal("0.05"), **written)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("100", "met"),
        ("120", "met"),
        ("99.99", "near-miss"),
        ("95", "near-miss"),
        ("94.99", "missed"),
        ("-5", "missed"),
    ],
)
def test_at_least(value: str, expected: State) -> None:
    assert state(condition(at_least=Decimal(100)), {"i": Decimal(value)}) == expected


@pytest.mark.parametrize(("value", "expected"), [("100", "met"), ("105", "near-miss"), ("105.01", "missed")])
def test_at_most(value: str, expected: State) -> None:
    assert state(condition(at_most=Decimal(100)), {"i": Decimal(value)}) == expected


def test_a_band_is_missed_on_either_side() -> None:
    band = condition(at_least=Decimal(90), at_most=Decimal(110))
    assert [state(band, {"i": Decimal(v)}) for v in (80, 90, 100, 110, 130)] == [
        "missed",
        "met",
        "met",
        "met",
        "missed",
    ]


@pytest.mark.parametrize(("days", "expected"), [(0, "waiting"), (90, "waiting"), (91, "overdue")])
def test_what_is_not_reported_is_waited_for_until_due(days: int, expected: State) -> None:
    assert state(condition(at_least=Decimal(1)), {}, days) == expected
    assert state(condition(at_least=Decimal(1)), {"i": "missing"}, days) == expected


def test_a_clean_record() -> None:
    clean = condition(indicator=None, none_in_last_months=18)
    assert state(clean, {}) == "met"
    assert state(clean, {"c": Decimal(18)}) == "met"
    assert state(clean, {"c": Decimal(17)}) == "missed"


def test_no_threshold_is_not_met_already() -> None:
    assert not already_met(condition(), Decimal(1))
    assert already_met(condition(at_most=Decimal(5)), Decimal(5))


def test_the_burden_is_counted_from_the_assumptions() -> None:
    deal = load_deal("deals/greater-manchester.toml", places())
    counted = burden(deal)
    days = {kind: effort.officer_days for kind, effort in assumptions().efforts.items()}
    # four conditions counted by the register, one published statistic, one search of notices, each once a year
    assert counted.returns == 6
    assert counted.officer_days == 4 * days["register-count"] + days["published-statistic"] + days["notice"]
    assert counted.cost == counted.officer_days * assumptions().officer_day_cost
    # scrutiny 12, two quarterly sessions, and two yearly publications
    assert counted.deadlines == 6 + 12 + 4 + 4 + 1 + 1
    assert counted.assumptions.grade == "estimate"


def test_what_a_condition_governs() -> None:
    deal = load_deal("deals/greater-manchester.toml", places())
    by_id = {one.id: one for one in deal.conditions}
    half_of_local_growth = (Decimal(30_349_418) + Decimal(12_866_197)) / 2
    assert governed(by_id["communities-decide"], deal) == half_of_local_growth
    assert governed(by_id["partners-decide"], deal) is None  # a flexibility, not money


def test_a_reason_silences_its_line_and_no_other() -> None:
    text = MINIMAL.replace("retention = 0.5", 'retention = 1.5 # soke: ignore DX502 reason="a trial"')
    checked = check_reading(read_text(text, places()), places())
    assert checked.findings == ()
    assert [(finding.code, reason) for finding, reason in checked.silenced] == [("DX502", "a trial")]
    elsewhere = MINIMAL.replace("retention = 0.5", 'retention = 1.5\n# soke: ignore DX502 reason="a trial"\n\nx = 1')
    assert {f.code for f in check_reading(read_text(elsewhere, places()), places()).findings} == {"DX502", "DV002"}
