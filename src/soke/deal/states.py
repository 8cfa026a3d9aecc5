"""What state the given figures put a condition in: thresholds only. A person decides what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from soke.deal.types import Condition

State = Literal["met", "near-miss", "missed", "overdue", "waiting"]
STATES: tuple[State, ...] = get_args(State)
MISSING = "missing"  # what a case writes for a figure that has not been reported


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """From ``met_low`` to ``met_high`` a figure is met; outside ``near_low`` to ``near_high`` it is missed."""

    met_low: Decimal | None
    met_high: Decimal | None
    near_low: Decimal | None
    near_high: Decimal | None


def bounds(condition: Condition) -> Bounds | None:
    """The figures at which the state of a condition turns; None where it has no threshold.

    The tolerance is a share of the threshold, of the lower one where there are two.
    """
    low, high = condition.at_least, condition.at_most
    threshold = low if low is not None else high
    if threshold is None:
        return None
    slack = abs(threshold) * condition.tolerance
    return Bounds(
        met_low=low, met_high=high,
        near_low=None if low is None else low - slack, near_high=None if high is None else high + slack,
    )  # fmt: skip


def state(condition: Condition, given: Mapping[str, Decimal | str], after_days: int = 0) -> State:
    """The state of a condition.

    ``given`` holds a figure for each indicator id; for a condition without an indicator, months since the last event
    under the condition's own id (not given: no such event). ``after_days`` counts from the end of the period.
    """
    if condition.indicator is None:
        return _clean(condition, given.get(condition.id))
    value = given.get(condition.indicator, MISSING)
    if isinstance(value, str):
        return "overdue" if after_days > condition.due_days else "waiting"
    return _threshold(condition, value)


def _clean(condition: Condition, months: Decimal | str | None) -> State:
    wanted = condition.none_in_last_months
    happened = isinstance(months, Decimal) and wanted is not None and months < wanted
    return "missed" if happened else "met"


def _threshold(condition: Condition, value: Decimal) -> State:
    """Within the tolerance a miss is a near miss."""
    turns = bounds(condition)
    if turns is None or _between(turns.met_low, value, turns.met_high):
        return "met"
    return "near-miss" if _between(turns.near_low, value, turns.near_high) else "missed"


def _between(low: Decimal | None, value: Decimal, high: Decimal | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def already_met(condition: Condition, baseline: Decimal) -> bool:
    """Whether the figure of the starting point already meets the test."""
    has_threshold = condition.at_least is not None or condition.at_most is not None
    return has_threshold and _threshold(condition, baseline) == "met"
