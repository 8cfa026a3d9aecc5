"""The five-year gates of the investment funds beside a ladder with conditions: what waits, how long, and what is seen.

Of ``n`` gates that were all passed, the next is passed with a chance of (n + 1) / (n + 2) by the rule of succession;
and with 95 per cent confidence the true rate is no lower than the nth root of 0.05. Both take gates to be alike and
each on its own, which they are not: a record so short and so one-sided says little, and that is the point.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from soke.deal.exploration import explore
from soke.deal.reader import load_deal
from soke.deal.recall_share import share_of
from soke.england.places import places
from soke.errors import SokeError
from soke.register.replay import HANGS_AS, STANDING, condition_of
from soke.register.replay_case import NOTICE, SHIPPED, Case, Gate, When, read_case
from soke.text import sterling

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRow:
    """``reach``: pounds of one year that a recall could take of the money that waited at the gate."""

    gate: Gate
    reach: Decimal | None
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """An area that passed a gate and missed good standing before the next one."""

    area: str
    passed: When
    missed: dt.date
    months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gates:
    """``least_days``: from notice to recall, at the very soonest; ``share``: of one year's money."""

    case: Case
    rows: tuple[GateRow, ...]
    passed: int
    chance: float
    at_least: float
    waited: int
    doubts: tuple[tuple[str, int], ...]  # area, months from the start of the review to its outcome
    least_days: int
    share: Decimal
    unseen: tuple[Unseen, ...]


def gates(case: Case) -> Gates:
    """What the gates did, and what the ladder of the case's deal would do beside them."""
    deal = load_deal(case.deal, places())
    condition = condition_of(deal, HANGS_AS, case)
    days = explore(deal).least_days
    if condition.recall is None or days is None:
        raise SokeError("Nothing can be recalled under the deal, so there is nothing to compare the gates with.",
                        "Name a deal with a recall.", str(case.deal))  # fmt: skip
    share = max((share_of(fund, condition) for fund in deal.funds), default=Decimal(0))
    passed, tried = sum(gate.passed for gate in case.gates), len(case.gates)
    return Gates(
        case=case, rows=tuple(_row(gate, case.years, share) for gate in case.gates), passed=passed,
        chance=(passed + 1) / (tried + 2), at_least=(1 - CONFIDENCE) ** (1 / tried) if passed == tried else 0.0,
        waited=sum(gate.tranche for gate in case.gates), least_days=days, share=share,
        doubts=tuple((gate.area, months(gate.submitted.day, gate.when.day)) for gate in case.gates if gate.submitted),
        unseen=tuple(unseen for gate in case.gates if gate.case and (unseen := _unseen(gate, case.years))),
    )  # fmt: skip


def months(first: dt.date, last: dt.date) -> int:
    """Whole months from one day to a later one; of a month's last day, to the last day of a month."""
    whole = (last.year - first.year) * 12 + last.month - first.month
    at_end = (last + dt.timedelta(1)).month != last.month
    return whole - (last.day < first.day and not at_end)


def _row(gate: Gate, years: int, share: Decimal) -> GateRow:
    outcome = "Passed." if gate.passed else "Refused."
    if not gate.tranche:
        return GateRow(gate=gate, reach=None, says=f"{outcome} No sum was read for what waited.")
    reach = Decimal(gate.tranche) / years * share
    waited = sterling(Decimal(gate.tranche))
    says = f"{outcome} {waited} of {years} years waited; a recall could reach {sterling(reach)} of one year."
    return GateRow(gate=gate, reach=reach, says=says)


def _unseen(gate: Gate, years: int) -> Unseen | None:
    other = read_case(SHIPPED / f"{gate.case}.toml")
    notices = [event.when.day for event in other.events if event.kind == NOTICE and event.condition == STANDING]
    missed = next((day for day in notices if gate.when.day < day), None)
    if missed is None or months(gate.when.day, missed) >= 12 * years:
        return None
    return Unseen(area=gate.area, passed=gate.when, missed=missed, months=months(gate.when.day, missed))
