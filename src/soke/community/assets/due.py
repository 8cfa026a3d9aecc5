"""What stands in a case on a day: what is due, by whom and when, what is overdue, what may be done, what lapsed.

Pure: the day is an argument, and steps after it are not seen.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from soke.community.assets.calendar import ONE_DAY, before, length
from soke.community.assets.case import Case
from soke.community.assets.clock import Running, StepTaken, Walk
from soke.community.assets.rules import StepRule
from soke.community.money import pence_said
from soke.england.baseline import Grade

State = Literal["overdue", "due", "may", "runs", "ends", "reminder", "lapsed"]
ORDER: tuple[State, ...] = ("overdue", "due", "may", "reminder", "runs", "ends", "lapsed")


@dataclass(frozen=True, slots=True)
class Due:
    """One thing with a day: what, by whom, since when, the last day, and under which law."""

    asset: str
    title: str
    id: str
    state: State
    what: str
    who: str
    since: dt.date
    last: dt.date
    law: str
    grade: Grade
    note: str


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was taken; ``late`` names the day that it should have come by."""

    taken: StepTaken
    title: str
    who: str
    law: str
    grade: Grade
    late: dt.date | None


@dataclass(frozen=True, slots=True)
class Status:
    """A case on a day. ``may`` are the steps that may be taken then, each with who may."""

    case: Case
    on: dt.date
    state: str
    since: dt.date | None
    done: tuple[Done, ...]
    due: tuple[Due, ...]
    may: tuple[tuple[str, str], ...]


def follow(case: Case, on: dt.date) -> Status:
    """The case on a day. SokeError for a day before the rules began, or a step that is not allowed."""
    case.regime.check_day(min(on, case.regime.until or on), case.file.commencement)
    walked = case.walk(upto=on)
    due = sorted((due for run in walked.clocks if (due := _due(case, walked, run, on))), key=_order)
    state, since = _state(case, walked, on)
    return Status(case, on, state, since, tuple(_done(case, walked, on)), tuple(due), tuple(_may(case, walked, on)))


def _order(due: Due) -> tuple[int, dt.date, str]:
    return ORDER.index(due.state), due.last, due.id


def _due(case: Case, walked: Walk, run: Running, on: dt.date) -> Due | None:
    state = _state_of(walked, run, on)
    if state is None:
        return None
    clock = run.clock
    what = clock.what if clock.kind != "bar" else f"No sale to anybody else: {clock.what}"
    return Due(case.asset, case.file.title, clock.id, state, what, case.name(clock.who), run.since, run.last,
               case.law(clock), clock.grade, clock.note)  # fmt: skip


def _state_of(walked: Walk, run: Running, on: dt.date) -> State | None:
    if not run.open:
        return None
    clock, over = run.clock, run.last < on
    if clock.kind == "deadline":
        return "overdue" if over else "due"
    if clock.kind == "window":
        return "lapsed" if over else "may"
    if clock.kind == "reminder":
        return None if clock.when and clock.when not in walked.stands else "reminder"
    if clock.kind == "bar":
        return None if over or (clock.when and clock.when not in walked.stands) else "runs"
    return "reminder" if clock.remind and before(run.last, length(clock.remind)) <= on else "ends"


def _done(case: Case, walked: Walk, on: dt.date) -> Iterable[Done]:
    late = {id(each.step): each.last for each in walked.late}
    for taken in case.steps:
        if taken.on <= on:
            step = case.regime.named(taken.step)
            who = taken.by or case.name(step.who)
            yield Done(taken, step.title + _sum(step, taken), who, case.law(step), step.grade, late.get(id(taken)))


def _sum(step: StepRule, taken: StepTaken) -> str:
    """What an offer or a price came to, where the step has one; a council is not always told."""
    if not step.money:
        return ""
    return f" ({f'{step.money} not known' if taken.pence is None else pence_said(taken.pence)})"


def _state(case: Case, walked: Walk, on: dt.date) -> tuple[str, dt.date | None]:
    """What the asset is: as the last step says that stands and says so, or the bar on that step which is over. It is on
    one list only."""
    said = (step for step in case.regime.step if step.state and (not step.enters or step == walked.entered))
    states = {step.id: step.state for step in said}
    states |= {clock.into: clock.state for clock in case.regime.clock if clock.into and clock.state}
    for name, since in reversed(walked.stands.items()):
        if name in states:
            over = (run for run in walked.clocks if run.clock.kind == "bar" and run.open and run.last < on)
            run = next((run for run in over if run.clock.state and name in (run.clock.when or run.by.step,)), None)
            return (run.clock.state, run.last + ONE_DAY) if run else (states[name], since)
    return "no step is on record that says what it is", None


def _may(case: Case, walked: Walk, on: dt.date) -> Iterable[tuple[str, str]]:
    for step in case.regime.step:
        if not walked.missing(step) and not walked.barred(step.id, on) and not walked.shut(step.id, on):
            yield step.id, case.name(step.who)


def within(statuses: Sequence[Status], days: int | None) -> tuple[Due, ...]:
    """What is pressing over several cases, soonest first: overdue, due, allowed to, or to be remembered, and every end
    that comes within so many days (None: whatever is open)."""
    pressing = [
        due
        for status in statuses
        for due in status.due
        if due.state != "lapsed" and (days is None or due.state == "overdue" or (due.last - status.on).days <= days
                                      or (due.state == "reminder" and due.last >= status.on))
    ]  # fmt: skip
    return tuple(sorted(pressing, key=lambda due: (due.last, due.asset, due.id)))


def calendar_file(entries: Sequence[Due], on: dt.date) -> str:
    """What is due as iCalendar (RFC 5545), an event on each last day, with an alarm a week ahead."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Soke//assets//EN"]
    for due in entries:
        key = f"{due.asset}/{due.id}/{due.since}"
        lines += [
            "BEGIN:VEVENT",
            f"UID:{hashlib.sha256(key.encode()).hexdigest()[:32]}@soke",
            f"DTSTAMP:{on:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{due.last:%Y%m%d}",
            f"SUMMARY:{_escaped(f'{due.title}: {due.what}')}",
            f"DESCRIPTION:{_escaped(f'{due.who}. {due.law}. {due.grade}.')}",
            "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-P7D", f"DESCRIPTION:{_escaped(due.what)}", "END:VALARM",
            "END:VEVENT",
        ]  # fmt: skip
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _escaped(text: str) -> str:
    for letter, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(letter, written)
    return "".join(letter for letter in text if letter.isprintable())


def _folded(line: str) -> str:
    """At most 75 bytes a line; the rest goes on after a space (RFC 5545, 3.1)."""
    parts, rest = [], line
    while len(rest.encode()) > 74:
        cut = 74
        while len(rest[:cut].encode()) > 74:
            cut -= 1
        parts.append(rest[:cut])
        rest = rest[cut:]
    return "\r\n ".join([*parts, rest])
