"""A delivery agreement: a community group designs and delivers a service, for money, towards outcomes, until a day.

One small TOML file holds what was agreed and what happened. Money is exact: pounds with at most two decimals in the
file, whole pence here. Instalments fall due on their days; money for outcomes (so much for each unit, up to a most)
falls due ``pay_days`` after the report that shows it. What was paid fills what fell due in order of time, so nobody
has to say which payment was for what. Targets are for each period that is reported.

Either side may end the agreement with ``break_days`` days of notice: the day of the notice is left out, so notice on
1 March with 30 days ends it on 31 March at the soonest. After the end nothing more falls due, and nothing is earned.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Literal

from soke.community.money import pence_said, to_pence
from soke.community.toml_file import as_error, plain_id, read_table
from soke.deal.finding import Finding
from soke.deal.located import Located, Money
from soke.text import day as said
from soke.text import sterling as in_pounds

LONGEST = 50 * 366  # days of an agreement
DueState = Literal["overdue", "due", "done", "late", "ends", "reminder"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Located):
    """What should change: the measure, where it stood, and what each period should show."""

    id: str
    measure: str
    baseline: Decimal
    target: Decimal
    better: Literal["more", "less"] = "more"
    pounds_each: Money = Decimal(0)
    most_pounds: Money = Decimal(0)  # in all, for this outcome

    def met(self, value: Decimal) -> bool:
        return value >= self.target if self.better == "more" else value <= self.target


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment(Located):
    on: dt.date
    pounds: Money
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Located):
    """A period that is reported: its last day, and the day by which the report is due."""

    period_end: dt.date
    due: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid(Located):
    """Money that the group received. ``id`` tells payments apart; where none is written, the day does."""

    on: dt.date
    pounds: Money
    id: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported(Located):
    """A report that came: the value of each outcome in the period, and what was said of it."""

    period_end: dt.date
    on: dt.date
    values: Mapping[str, Decimal]
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Located):
    """Notice under the break clause."""

    notice_on: dt.date
    ends: dt.date
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(Located):
    """The file. ``community`` and ``fund`` (which pays) are ids of the deal that it is under, where there is one."""

    delivery: str
    service: str
    group: str
    commissioner: str
    first: dt.date
    last: dt.date
    break_days: int
    community: str = ""
    fund: str = ""
    pay_days: int = 30
    tupe: str = ""
    insurance: str = ""
    data: str = ""
    note: str = ""
    outcome: tuple[Outcome, ...]
    instalment: tuple[Instalment, ...] = ()
    report: tuple[Report, ...]
    paid: tuple[Paid, ...] = ()
    reported: tuple[Reported, ...] = ()
    ended: Ended | None = None

    @property
    def agreed_pence(self) -> int:
        """The most that it may cost: all instalments, and every outcome to its most."""
        instalments = sum(to_pence(one.pounds) for one in self.instalment)
        return instalments + sum(to_pence(one.most_pounds) for one in self.outcome)

    @property
    def payments(self) -> tuple[tuple[str, Paid], ...]:
        """Each payment with its id, in order of time: its own, or the day and, on one day, which it was."""
        count: Counter[dt.date] = Counter()
        found = []
        for one in sorted(self.paid, key=lambda each: each.on):
            count[one.on] += not one.id
            later = f".{count[one.on]}" if count[one.on] > 1 else ""
            found.append((one.id or f"{one.on.isoformat()}{later}", one))
        return tuple(found)

    def end(self, on: dt.date) -> dt.date:
        """The last day as it was known on a day."""
        return self.ended.ends if self.ended and self.ended.notice_on <= on else self.last


@dataclass(frozen=True, slots=True)
class DeliveryDue:
    """One thing with a day: a report, a payment, the end. ``pence`` is what is still to be paid."""

    kind: Literal["report", "payment", "end"]
    state: DueState
    day: dt.date
    what: str
    who: str
    pence: int | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """An outcome: the value last reported, for which period; None where none was."""

    outcome: Outcome
    period_end: dt.date | None
    value: Decimal | None
    met: bool | None
    periods_met: int
    periods: int


@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """An agreement on a day. ``soonest_end`` is when notice given that day would end it; None where none can."""

    agreement: Agreement
    on: dt.date
    state: Literal["not begun", "running", "under notice", "ended"]
    due: tuple[DeliveryDue, ...]
    outcomes: tuple[Reached, ...]
    agreed_pence: int
    most_pence: int  # that it can still come to, as known that day: what an end cut off is not in it
    fallen_due_pence: int
    paid_pence: int
    soonest_end: dt.date | None

    @property
    def left_pence(self) -> int:
        """What may still have to be paid."""
        return max(0, self.most_pence - self.paid_pence)

    @property
    def beyond_pence(self) -> int:
        """What was paid beyond all that it can come to: an agreement that was paid ahead, and ended."""
        return max(0, self.paid_pence - self.most_pence)


def follow_delivery(agreement: Agreement, on: dt.date) -> DeliveryStatus:
    """The agreement on a day; what happened after it is not seen."""
    end = agreement.end(on)
    instalments = _instalments(agreement, on, end)
    paid = sum(to_pence(one.pounds) for one in agreement.paid if one.on <= on)
    due = [*_reports(agreement, on, end), *_payments(agreement, on, instalments, paid), _end(agreement, on, end)]
    if on < agreement.first:
        state: Literal["not begun", "running", "under notice", "ended"] = "not begun"
    elif on > end:
        state = "ended"
    else:
        state = "under notice" if agreement.ended and agreement.ended.notice_on <= on else "running"
    may = state == "running" and 0 < agreement.break_days <= (agreement.last - on).days
    return DeliveryStatus(
        agreement, on, state, tuple(sorted((one for one in due if one), key=lambda one: (one.day, one.kind))),
        tuple(_reached(agreement, one, on) for one in agreement.outcome), agreement.agreed_pence,
        _most(agreement, on, end, sum(pence for _, pence, earned, _ in instalments if earned)),
        sum(pence for day, pence, _, _ in instalments if day <= on), paid,
        on + dt.timedelta(days=agreement.break_days) if may else None,
    )  # fmt: skip


def _most(agreement: Agreement, on: dt.date, end: dt.date, earned: int) -> int:
    """All that the agreement can come to: instalments to its end, and outcomes to their most while a report is to come.
    ``earned``: pence of outcomes as far as reported."""
    came = {one.period_end for one in agreement.reported if one.on <= on}
    if any(one.period_end <= end and one.period_end not in came for one in agreement.report):
        earned = sum(to_pence(one.most_pounds) for one in agreement.outcome)
    return sum(to_pence(one.pounds) for one in agreement.instalment if one.on <= end) + earned


def _instalments(agreement: Agreement, on: dt.date, end: dt.date) -> list[tuple[dt.date, int, bool, str]]:
    """What falls due, by day: (day, pence, whether earned by outcomes, what for). Outcomes only as far as reported; of
    what lies after the end, nothing."""
    found = [
        (one.on, to_pence(one.pounds), False, one.what or "instalment") for one in agreement.instalment if one.on <= end
    ]
    earned: dict[str, int] = {}
    for report in sorted(agreement.reported, key=lambda one: one.period_end):
        for outcome in agreement.outcome if report.on <= on and report.period_end <= end else ():
            value = report.values.get(outcome.id)
            if value is None or not outcome.pounds_each:
                continue
            before = earned.get(outcome.id, 0)
            whole = int((max(value, Decimal(0)) * outcome.pounds_each * 100).to_integral_value(ROUND_FLOOR))
            earned[outcome.id] = min(before + whole, to_pence(outcome.most_pounds))
            day = report.on + dt.timedelta(days=agreement.pay_days)
            found.append((day, earned[outcome.id] - before, True, f"{outcome.measure}, to {said(report.period_end)}"))
    return sorted((one for one in found if one[1]), key=lambda one: one[0])


def _payments(
    agreement: Agreement, on: dt.date, instalments: Sequence[tuple[dt.date, int, bool, str]], paid: int
) -> Iterator[DeliveryDue]:
    for day, pence, _, what in instalments:
        covered = min(paid, pence)
        paid -= covered
        rest = pence - covered
        state: DueState = "done" if not rest else "overdue" if day < on else "due"
        yield DeliveryDue("payment", state, day, f"Pay: {what}", agreement.commissioner, rest)


def _reports(agreement: Agreement, on: dt.date, end: dt.date) -> Iterator[DeliveryDue]:
    came = {one.period_end: one for one in agreement.reported if one.on <= on}
    for one in agreement.report:
        report = came.get(one.period_end)
        if report:
            state: DueState = "late" if report.on > one.due else "done"
        elif one.period_end > end:
            continue
        else:
            state = "overdue" if one.due < on else "due"
        yield DeliveryDue("report", state, one.due, f"Report on the period to {said(one.period_end)}", agreement.group)


def _end(agreement: Agreement, on: dt.date, end: dt.date) -> DeliveryDue | None:
    """The end, from so long ahead as notice takes as something to think of."""
    if on > end:
        return None
    near = (end - on).days <= max(agreement.break_days, 90)
    return DeliveryDue("end", "reminder" if near else "ends", end, "The agreement ends", agreement.commissioner)


def _reached(agreement: Agreement, outcome: Outcome, on: dt.date) -> Reached:
    found = sorted((one for one in agreement.reported if one.on <= on and outcome.id in one.values),
                   key=lambda one: one.period_end)  # fmt: skip
    met = [outcome.met(one.values[outcome.id]) for one in found]
    if not found:
        return Reached(outcome, None, None, None, 0, 0)
    return Reached(outcome, found[-1].period_end, found[-1].values[outcome.id], met[-1], sum(met), len(met))


def read_agreement(path: Path) -> Agreement:
    """An agreement without errors. SokeError with the line of the first one."""
    found = check_agreement(path)
    if not isinstance(found, CheckedAgreement):
        raise as_error(found)
    errors = [one for one in found.findings if one.severity == "error"]
    if errors:
        raise as_error(errors)
    return found.agreement


@dataclass(frozen=True, slots=True)
class CheckedAgreement:
    agreement: Agreement
    findings: tuple[Finding, ...]


def check_agreement(path: Path) -> CheckedAgreement | Sequence[Finding]:
    """Everything that is wrong with an agreement, by its place in the file."""
    read = read_table(Agreement, path, "A delivery agreement")
    if not isinstance(read, Agreement):
        return read
    return CheckedAgreement(read, tuple(sorted(_findings(read))))


def _findings(one: Agreement) -> Iterator[Finding]:
    yield from plain_id(one, "delivery", "DL101", "lunch-club")
    if not one.first < one.last <= one.first + dt.timedelta(days=LONGEST):
        fact = f"The agreement runs from {said(one.first)} to {said(one.last)}."
        yield Finding(one.where("last"), "DL101", "error", fact, "Let it end after it begins, within 50 years.")
        return
    for key, most in (("break_days", 9_999), ("pay_days", 3_660)):
        if getattr(one, key) > most:
            fact = f'"{key}" is more than {most:,} days.'
            yield Finding(one.where(key), "DL101", "error", fact, "Correct the number of days.")
            return
    yield from _agreed(one)
    yield from _payments_made(one)
    yield from _happened(one)
    for key, about in (("tupe", "staff who transfer"), ("insurance", "insurance"), ("data", "personal data")):
        if not getattr(one, key):
            fact = f"Nothing is said about {about}."
            yield Finding(one.at, "DL201", "warning", fact, f'Write {key} = "...", or that it does not arise.')
    if not one.break_days:
        fact = "Neither side can end the agreement before its last day."
        yield Finding(one.where("break_days"), "DL202", "warning", fact, "Write break_days = 90, or leave it so.")


def _agreed(one: Agreement) -> Iterator[Finding]:
    names = Counter(outcome.id for outcome in one.outcome)
    ends = Counter(report.period_end for report in one.report)
    for outcome in one.outcome:
        if names[outcome.id] > 1:
            yield _error(outcome, "id", f'Two outcomes have the id "{outcome.id}".', "Give each an id of its own.")
        worse = outcome.target < outcome.baseline if outcome.better == "more" else outcome.target > outcome.baseline
        if worse:
            fact = f"The target of {outcome.target:f} is worse than the baseline of {outcome.baseline:f}."
            yield _error(outcome, "target", fact, 'Correct it, or write better = "less" where less is better.')
        if bool(outcome.pounds_each) != bool(outcome.most_pounds):
            fact = "Money for an outcome needs both pounds_each and most_pounds."
            yield _error(outcome, "pounds_each", fact, "Write both, or neither.")
    for instalment in one.instalment:
        if not one.first <= instalment.on <= one.last or not instalment.pounds:
            fact = f"An instalment of {in_pounds(instalment.pounds)} on {said(instalment.on)} is not one of the term."
            fix = f"Name an amount, and a day from {said(one.first)} to {said(one.last)}."
            yield _error(instalment, "on", fact, fix)
    for report in one.report:
        if not one.first <= report.period_end <= one.last or report.due < report.period_end:
            fact = f"A report on the period to {said(report.period_end)}, due on {said(report.due)}, cannot be."
            yield _error(report, "period_end", fact, "End the period within the term, and let the report come after.")
        if ends[report.period_end] > 1:
            yield _error(report, "period_end", "Two reports are on the same period.", "Leave one out.")
    if not one.agreed_pence:
        yield _error(one, "delivery", "No money is agreed.", "Add an [[instalment]], or pounds_each of an outcome.")


def _payments_made(one: Agreement) -> Iterator[Finding]:
    total, agreed, names = 0, one.agreed_pence, Counter(name for name, _ in one.payments)
    for name, paid in one.payments:
        total += to_pence(paid.pounds)
        yield from plain_id(paid, "id", "DL101", "first-half") if paid.id else ()
        if names[name] > 1:
            yield _error(paid, "on", f'Two payments have the id "{name[:80]}".', "Give each an id of its own.")
        if not paid.pounds:
            yield _error(paid, "pounds", "A payment of nothing.", "Name what was paid, or leave it out.")
        if total > agreed:
            fact = f"With this, {pence_said(total)} are paid of {pence_said(agreed)} agreed."
            yield _error(paid, "pounds", fact, "Correct the amount, or the agreement.")


def _happened(one: Agreement) -> Iterator[Finding]:
    known, outcomes = {each.period_end for each in one.report}, {each.id for each in one.outcome}
    came = Counter(each.period_end for each in one.reported)
    for report in one.reported:
        if report.period_end not in known:
            fact = f"No report is agreed on the period to {said(report.period_end)}."
            yield _error(report, "period_end", fact, "Name the last day of a [[report]].")
        elif came[report.period_end] > 1:
            yield _error(report, "period_end", "The period was reported twice.", "Leave one out.")
        if one.ended and report.period_end > one.ended.ends:
            fact = f"The agreement ended on {said(one.ended.ends)}, before the period to {said(report.period_end)} did."
            yield _error(report, "period_end", fact, "Leave the report out, or correct the end.")
        if report.on < report.period_end:
            yield _error(report, "on", "The report came before its period was over.", "Correct the day.")
        for name in sorted(outcomes ^ set(report.values)):
            fact = f'"{name}" is no outcome here.' if name in report.values else f'The report has no value of "{name}".'
            yield _error(report, "values", fact, f"Give one of each: {', '.join(sorted(outcomes))}.")
    if one.ended:
        soonest = one.ended.notice_on + dt.timedelta(days=one.break_days)
        if not one.break_days or not soonest <= one.ended.ends <= one.last:
            fact = f"Notice on {said(one.ended.notice_on)} cannot end it on {said(one.ended.ends)}"
            fix = f"The clause gives {one.break_days} days: from {said(soonest)} to {said(one.last)}."
            yield _error(one.ended, "ends", f"{fact}.", fix if one.break_days else "There is no break clause.")


def _error(row: Located, key: str, fact: str, fix: str) -> Finding:
    return Finding(row.where(key), "DL102", "error", fact, fix)
