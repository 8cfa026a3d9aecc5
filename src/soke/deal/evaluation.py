"""The status of a condition from what was reported or recorded, as known on a day. A person decides what follows.

A figure that is reported again is a revision. Where the indicator says ``restate``, the latest figure stands that came
by the day due or, if later, by the day before a step was taken on the condition; where it says ``freeze``, the first
one stands. A revision after that does not undo the step. If it makes the condition better, it is a ground of appeal.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from soke.deal.condition import Condition, Indicator
from soke.deal.counts import COUNTS, OF_PENCE, Count, Records, Window
from soke.deal.states import MISSING, State, state
from soke.deal.types import Case, Deal
from soke.errors import Location, SokeError
from soke.text import day, sterling

_BETTER: dict[State, int] = {"met": 0, "near-miss": 1, "missed": 2, "overdue": 3, "waiting": 3}
_MONTHS = {"month": 1, "quarter": 3, "year": 12, "academic-year": 12}
_SPAN = re.compile(r"([1-9]\d?) (month|quarter|year)s?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A figure of an indicator for the period that ends on a day, and the day on which it was reported."""

    indicator: str
    period_end: dt.date
    value: Decimal
    on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Excuse:
    """A ground that the condition names, accepted for one period by the party that checks the condition."""

    condition: str
    period_end: dt.date
    ground: str
    accepted_by: str
    on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """``why`` is one sentence. ``appeal_ground``: a revision came too late to count, and would have been better."""

    condition: str
    period_end: dt.date
    status: State
    value: Decimal | None
    due: dt.date
    why: str
    count: Count | None = None
    late: bool = False
    excused: bool = False
    appeal_ground: bool = False


def window(condition: Condition, indicator: Indicator, period_end: dt.date) -> Window:
    """The days that a count covers: the condition's window up to the end of the period; else the indicator's period."""
    months = _MONTHS[indicator.period]
    if condition.window:
        match = _SPAN.fullmatch(condition.window.strip())
        if match is None:
            fact = f'The window "{condition.window[:40]}" of condition "{condition.id}" is not a span of time.'
            raise SokeError(fact, "Write it as 1 year, 2 quarters or 18 months.", condition.where("window"))
        months = int(match[1]) * _MONTHS[match[2]]
    return Window(first=_months_before(period_end, months) + dt.timedelta(1), last=period_end)


def evaluate(
    condition: Condition, indicator: Indicator, reports: Sequence[Report], period_end: dt.date, on: dt.date, *,
    excuses: Sequence[Excuse] = (), step_taken: dt.date | None = None,
) -> Evaluation:  # fmt: skip
    """The status of a condition that tests an indicator, for one period, as known on a day.

    ``step_taken`` is the day of the first step that was taken on this condition and period, if there was one.
    """
    due = period_end + dt.timedelta(condition.due_days)
    known = sorted(
        (one for one in reports if (one.indicator, one.period_end) == (indicator.id, period_end) and one.on <= on),
        key=lambda one: one.on,
    )
    excused = _excused(condition, excuses, period_end, on)
    if not known:
        status = state(condition, {}, (on - period_end).days)
        said = f"was due on {day(due)} and is not reported" if status == "overdue" else f"is due by {day(due)}"
        return Evaluation(condition=condition.id, period_end=period_end, status=status, value=None, due=due,
                          excused=excused, why=f'The figure of "{indicator.id}" {said}.')  # fmt: skip
    stands = _standing(indicator, known, due, step_taken)
    status, latest = (state(condition, {indicator.id: one.value}) for one in (stands, known[-1]))
    why = f'"{indicator.id}" is {stands.value:,} {indicator.unit}; {_asks(condition)}.'
    return Evaluation(
        condition=condition.id, period_end=period_end, status=status, value=stands.value, due=due, why=why,
        late=known[0].on > due, excused=excused and status != "met", appeal_ground=_BETTER[latest] < _BETTER[status],
    )  # fmt: skip


def evaluate_count(
    condition: Condition, indicator: Indicator, records: Records, period_end: dt.date, on: dt.date, *,
    excuses: Sequence[Excuse] = (),
) -> Evaluation:  # fmt: skip
    """The status of a condition that is counted from the register's own records; before the period ends, it waits."""
    counting = COUNTS.get(indicator.id)
    if counting is None:
        fact = f'Nothing counts the indicator "{indicator.id}".'
        raise SokeError(fact, f"Report its figure; what is counted: {', '.join(COUNTS)}.", indicator.at)
    due = period_end + dt.timedelta(condition.due_days)
    counted = counting(records, window(condition, indicator, period_end), on)
    share = counted.share
    if on <= period_end or share is None:
        running = f"The period runs until {day(period_end)}; so far {_of(indicator, counted)}."
        why = running if on <= period_end else f'Nothing of "{indicator.id}" fell due in the period.'
        return Evaluation(condition=condition.id, period_end=period_end, status="waiting", value=share, due=due,
                          why=why, count=counted)  # fmt: skip
    status = state(condition, {indicator.id: share})
    why = f'"{indicator.id}" is {_of(indicator, counted)}; {_asks(condition)}.'
    excused = status != "met" and _excused(condition, excuses, period_end, on)
    return Evaluation(condition=condition.id, period_end=period_end, status=status, value=share, due=due, why=why,
                      count=counted, excused=excused)  # fmt: skip


def evaluate_standing(condition: Condition, events: Sequence[dt.date], on: dt.date) -> Evaluation:
    """The status of a condition that wants no public notice in so many months, from the days of such notices."""
    wanted = condition.none_in_last_months
    if wanted is None:
        raise SokeError(f'The condition "{condition.id}" tests nothing that can be computed.', where=condition.at)
    last = max((event for event in events if event <= on), default=None)
    given = {} if last is None else {condition.id: Decimal(_whole_months(last, on))}
    why = f"The last notice was on {day(last)}" if last else "No notice is recorded"
    return Evaluation(condition=condition.id, period_end=on, status=state(condition, given), value=None, due=on,
                      why=f"{why}; none is wanted in the last {wanted} months.")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """One line of a worked case: what the deal says a condition should be, and what its own terms make it."""

    case: str
    condition: str
    says: str
    gives: State | Literal["no such condition"]
    given: str
    at: Location

    @property
    def agrees(self) -> bool:
        return self.says == self.gives


def worked_cases(deal: Deal) -> Iterator[Worked]:
    """The deal's own worked cases, each through the evaluation; conditions that the deal has not are left out."""
    conditions = {condition.id: condition for condition in deal.conditions}
    indicators = {indicator.id: indicator for indicator in deal.indicators}
    for case in deal.cases:
        for name, says in case.then.items():
            if name in conditions:
                condition = conditions[name]
                read = condition.indicator or condition.id
                value = case.given.get(read, MISSING if condition.indicator else "no notice")
                gives = _of_case(condition, indicators.get(condition.indicator or ""), case)
                given = f"{value} after {case.after_days} days" if case.after_days else str(value)
                yield Worked(case=case.name, condition=name, says=says, gives=gives, given=given,
                             at=case.where("then", name))  # fmt: skip


def cases_of_nothing(deal: Deal) -> Iterator[Worked]:
    """Lines of worked cases that name a condition which the deal has not."""
    known = {condition.id for condition in deal.conditions}
    for case in deal.cases:
        for name, says in case.then.items():
            if name not in known:
                yield Worked(case=case.name, condition=name, says=says, gives="no such condition", given="",
                             at=case.where("then", name))  # fmt: skip


def _of_case(condition: Condition, indicator: Indicator | None, case: Case) -> State:
    if indicator is None:  # a clean record, or an indicator that DC201 finds undeclared
        return state(condition, case.given, case.after_days)
    end = dt.date(2027, 3, 31)  # any day would do: a case counts days from the end of the period
    on = end + dt.timedelta(case.after_days)
    value = case.given.get(indicator.id, MISSING)
    reports = [] if isinstance(value, str) else [Report(indicator=indicator.id, period_end=end, value=value, on=on)]
    return evaluate(condition, indicator, reports, end, on).status


def _standing(indicator: Indicator, known: list[Report], due: dt.date, step_taken: dt.date | None) -> Report:
    if indicator.revision == "freeze":
        return known[0]
    if step_taken is None:
        return known[-1]
    in_time = [one for one in known if one.on <= due or one.on < step_taken]
    return in_time[-1] if in_time else known[0]


def _excused(condition: Condition, excuses: Sequence[Excuse], period_end: dt.date, on: dt.date) -> bool:
    """Whether an excuse holds. SokeError for one on another ground, or from somebody else."""
    held = False
    for excuse in excuses:
        if (excuse.condition, excuse.period_end) != (condition.id, period_end) or excuse.on > on:
            continue
        if excuse.ground not in condition.excuse:
            fact = f'"{excuse.ground[:80]}" is no excuse that the condition "{condition.id}" names.'
            raise SokeError(fact, f"Those that it names: {'; '.join(condition.excuse) or 'none'}.")
        if excuse.accepted_by != condition.checked_by:
            fact = f'"{excuse.accepted_by[:80]}" cannot excuse the condition "{condition.id}".'
            raise SokeError(fact, f'Only "{condition.checked_by}" can, who checks it.')
        held = True
    return held


def _of(indicator: Indicator, counted: Count) -> str:
    if indicator.id in OF_PENCE:
        return f"{sterling(Decimal(counted.done) / 100)} of {sterling(Decimal(counted.asked) / 100)}"
    return f"{counted.done:,} of {counted.asked:,}"


def _asks(condition: Condition) -> str:
    bounds = (("at least", condition.at_least), ("at most", condition.at_most))
    asked = " and ".join(f"{word} {bound:,}" for word, bound in bounds if bound is not None)
    return f"the condition asks for {asked}" if asked else "the condition names no threshold"


def _months_before(date: dt.date, months: int) -> dt.date:
    """The same day so many months before; of a month's last day, the last day of that month."""
    year, month = divmod(date.year * 12 + date.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    at_end = date.day == calendar.monthrange(date.year, date.month)[1]
    return dt.date(year, month + 1, last if at_end else min(date.day, last))


def _whole_months(first: dt.date, last: dt.date) -> int:
    months = (last.year - first.year) * 12 + last.month - first.month
    full = last.day >= first.day or last.day == calendar.monthrange(last.year, last.month)[1]
    return months - (not full)
