"""What share of a fund a recall may take: nothing, unless both the condition and the fund say so.

    share = min(largest share of the condition, recallable share of the fund)     where the condition's recall names the
                                                                                  fund or its pool; else nought

A fund that does not say how much of it can be recalled is out of reach, and the check asks for the key (DR412). The
model, the report and the register all take the share from here, so that none of them puts more at stake than another.
"""

from __future__ import annotations

from decimal import Decimal

from soke.deal.types import Condition, Deal, Fund

NOTHING = Decimal(0)


def reaches(condition: Condition, fund: Fund) -> bool:
    """Whether the recall of a condition names the fund, or the pool that it is in."""
    return condition.recall is not None and not {fund.id, fund.pooled_in}.isdisjoint(condition.recall.scope)


def share_of(fund: Fund, condition: Condition) -> Decimal:
    """The share of a year of the fund that a recall on this condition may take, 0 to 1."""
    if condition.recall is None or not reaches(condition, fund):
        return NOTHING
    return min(condition.recall.max_share_of_fund, share_in_all(fund))


def share_in_all(fund: Fund) -> Decimal:
    """The share of a year of the fund that all recalls together may take, 0 to 1; nought where the fund is silent."""
    return NOTHING if fund.recallable_share is None else fund.recallable_share


def largest_share(fund: Fund, deal: Deal) -> Decimal:
    """The largest share of the fund that any one condition of the deal puts at stake, 0 to 1."""
    return max((share_of(fund, condition) for condition in deal.conditions), default=NOTHING)
