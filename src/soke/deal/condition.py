"""What a deal hangs on, as typed values: indicators, conditions, partners' own targets, recall and its due process."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from soke.deal.located import Item, Located, Share, Year


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(Item):
    """What is measured. ``better``, ``revision`` and ``baseline_period`` tell the register how to read its values.

    What chance does to it where nothing real changes: ``yearly_noise`` of a figure, the standard deviation of its
    change from one period to the next, in its own unit; ``usual_cases`` of a share that is counted, the cases in a
    window, of which ``baseline_value`` succeed. What is not given is not known, and never nought.
    """

    id: str
    title: str
    unit: str
    better: Literal["up", "down"]
    period: Literal["month", "quarter", "year", "academic-year"]
    publisher: str
    lag_days: int
    revision: Literal["restate", "freeze"]
    collection: Literal["published-statistic", "register-count", "local-return"] = "published-statistic"  # DA653
    baseline_period: str = ""
    baseline_value: Decimal | None = None
    yearly_noise: Decimal | None = None
    usual_cases: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall(Located):
    scope: tuple[str, ...] = ()  # ids of funds, pools or powers
    max_share_of_fund: Share = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(Item):
    """What a deal hangs on. ``window``, ``excuse`` and ``remedy`` are words for whoever decides, never computed."""

    id: str
    title: str
    kind: Literal["collaboration", "community", "performance", "governance", "fiduciary", "policy"]
    indicator: str | None = None
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    none_in_last_months: int | None = None
    window: str = ""
    unit: str = ""
    from_year: Year | None = None
    evidence: str = ""
    reported_by: str = ""
    checked_by: str = ""
    due_days: int = 0
    tolerance: Share = Decimal(0)
    excuse: tuple[str, ...] = ()
    remedy: str = ""
    recall: Recall | None = None
    tie: str = ""  # the fund, pool or power that it hangs on


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Item):
    """What a partner is held to by others, such as a national standard: its own indicator, and which way is better.

    ``raises`` and ``lowers`` are further indicators of the deal that reaching it pushes up or down.
    """

    id: str
    title: str
    partner: str  # party id
    indicator: str  # of the deal
    better: Literal["up", "down"]
    raises: tuple[str, ...] = ()
    lowers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DueProcess(Item):
    """How a recall goes. The rules hold the ladder and who decides; the days are terms for the register to count."""

    ladder: tuple[str, ...]
    notice_days: int
    response_days: int
    cure_days: int
    appeal_days: int
    hearing_before: str  # party id
    decision_by: str  # party id
    appeal_to: str
    restore: str = ""  # when what was recalled is given back (DR408)
    interim: str = ""
    government_breach: str = ""
    emergency_max_days: int = 28
    control_max_days: int | None = None  # a recall lapses after so many days unless decided anew; none: until restored
