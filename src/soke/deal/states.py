"""What state the given figures put a condition in: thresholds only. A person decides what follows."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, get_args

from soke.deal.types import Condition

State = Literal["met", "near-miss", "missed", "overdue", "waiting"]
STATES: tuple[State, ...] = get_args(State)
MISSING = "missing"  # what a case writes for a figure that has not been reported


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
    """Within the tolerance, a share of the threshold, a miss is a near miss."""
    short = max(
        (condition.at_least - value) if condition.at_least is not None else Decimal(0),
        (value - condition.at_most) if condition.at_most is not None else Decimal(0),
    )
    if short <= 0:
        return "met"
    threshold = condition.at_least if condition.at_least is not None else condition.at_most
    return "near-miss" if short <= abs(threshold or Decimal(0)) * condition.tolerance else "missed"


def already_met(condition: Condition, baseline: Decimal) -> bool:
    """Whether the figure of the starting point already meets the test."""
    has_threshold = condition.at_least is not None or condition.at_most is not None
    return has_threshold and _threshold(condition, baseline) == "met"
