from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from soke.deal.recall_share import largest_share
from soke.report.contents import RunReport
from soke.report.funnel import funnel, itemised, movable, recallable, settlement


def test_each_step_is_counted_from_the_deal(report: RunReport) -> None:
    deal = report.deal
    assert settlement(deal) == 630_000_000  # the pool that no fund pays into is not counted
    assert itemised(deal) == 280_000_000 + 102_000_000 + 66_000_000
    assert movable(deal) == 63_000_000
    assert recallable(deal) == Decimal("0.25") * 280_000_000 + Decimal("0.10") * 102_000_000


def test_the_largest_share_counts_once_and_the_funds_own_cap_binds(report: RunReport) -> None:
    bus = report.deal.funds[0]
    assert largest_share(bus, report.deal) == Decimal("0.25")
    assert largest_share(replace(bus, recallable_share=Decimal("0.05")), report.deal) == Decimal("0.05")


def test_a_condition_that_names_the_pool_reaches_every_fund_in_it(
    report: RunReport, with_deal: Callable[..., RunReport]
) -> None:
    condition = report.deal.conditions[0]
    assert condition.recall is not None
    whole = replace(condition, recall=replace(condition.recall, scope=("settlement",)))
    changed = with_deal(conditions=(whole,)).deal
    assert recallable(changed) == Decimal("0.25") * 630_000_000


def test_funds_outside_a_pool_add_to_the_settlement(report: RunReport, with_deal: Callable[..., RunReport]) -> None:
    alone = replace(report.deal.funds[0], id="alone", pooled_in=None)
    changed = with_deal(funds=(*report.deal.funds, alone)).deal
    assert settlement(changed) == 910_000_000


def test_shares_are_of_all_spending_and_a_missing_figure_stays_missing(report: RunReport) -> None:
    steps = funnel(report.deal, 50_802.0, None)
    assert steps[0].share == 1.0
    assert steps[1].value is None and steps[1].share is None
    assert steps[2].value == 630.0
    assert steps[2].share == pytest.approx(630.0 / 50_802.0, rel=1e-15)
