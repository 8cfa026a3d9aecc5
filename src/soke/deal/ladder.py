"""The recall ladder of a deal: a table of allowed transitions, and one pure function that takes a step.

    start -report-> reported -notice-> noticed -response-> answered -cure-> curing -hearing-> heard
          -decision-> decided -appeal-> appealed -refuse-> refused ... -recall-> recalled -restore-> restored

Days are full days. What may be done *within* n days of a step may be done until day n after it; what must *wait* n
days may be done from day n + 1 on. The notice runs for ``notice_days``; the place may answer from its first day, and
until ``response_days`` after its end. Silence is recorded after that and stops nobody. The cure has ``cure_days``
before the hearing; after the decision ``appeal_days`` pass before a recall, whether or not there is an appeal.

Two more roads start at ``start``. An emergency suspension lapses unless it is heard, and never leads to recall. A
breach by the government gives the place, after as long as it would itself have to answer, the right to suspend its own
matching duty. No clock: every function is told the day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from soke.deal.condition import Condition, DueProcess
from soke.deal.states import State
from soke.deal.types import Deal, Fund, Pool, Power
from soke.errors import SokeError
from soke.text import day

START = "start"
DONE = {
    "report": "reported", "notice": "noticed", "response": "answered", "cure": "curing", "hearing": "heard",
    "decision": "decided", "appeal": "appealed", "recall": "recalled", "restore": "restored",
}  # fmt: skip
ENDS = frozenset({"closed", "restored", "lifted"})  # where a matter may rest
CONTROLS = frozenset({"recalled", "suspended", "suspension-heard", "kept"})  # something is held back from the place


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One row of the table. Days count from the day of the step ``after``; ``latest`` None: no last day."""

    state: str
    action: str
    to: str
    role: str  # in words
    parties: tuple[str, ...]  # ids of those who may take it
    after: str = ""
    earliest: int = 0
    latest: int | None = None
    reasons: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    action: str
    party: str
    on: dt.date
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """Where one matter stands: what it is about, what can be recalled by it, and the steps taken, in order."""

    subject: str
    scope: tuple[str, ...] = ()
    state: str = START
    taken: tuple[Taken, ...] = ()

    def on(self, action: str) -> dt.date | None:
        """The day on which a step was taken."""
        return next((step.on for step in self.taken if step.action == action), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What can be done next, by whom, between which days. ``overdue``: its last day has passed."""

    action: str
    role: str
    parties: tuple[str, ...]
    first: dt.date
    last: dt.date | None
    when: Literal["waits", "open", "passed"]

    @property
    def overdue(self) -> bool:
        return self.when == "passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    transitions: tuple[Transition, ...]
    process: DueProcess

    def leaving(self, state: str) -> tuple[Transition, ...]:
        return tuple(row for row in self.transitions if row.state == state)


def ladder_of(deal: Deal) -> Ladder:
    """The table of a deal. SokeError where it has no due process."""
    process = deal.due_process
    if process is None:
        raise SokeError("The deal has no due process, so nothing can be recalled under it.", "Add [due_process].")
    sides = _sides(deal, process)
    return Ladder(transitions=(*_climb(process, sides), *_emergency(process, sides), *_breach(process, sides)),
                  process=process)  # fmt: skip


Sides = dict[str, tuple[str, ...]]


def _sides(deal: Deal, process: DueProcess) -> Sides:
    def having(*roles: str) -> tuple[str, ...]:
        return tuple(party.id for party in deal.parties if party.role in roles)

    reporters = (one for condition in deal.conditions for one in (condition.reported_by, condition.checked_by) if one)
    return {
        "reporter": tuple(dict.fromkeys(reporters)), "government": having("giver"),
        "place": having("receiver", "office-holder"), "hearing": (process.hearing_before,),
        "judge": (process.decision_by,), "court": (process.appeal_to,),
    }  # fmt: skip


def _row(
    sides: Sides, state: str, action: str, to: str, roles: str, *,
    after: str = "", earliest: int = 0, latest: int | None = None, reasons: bool = False,
) -> Transition:  # fmt: skip
    parties = tuple(dict.fromkeys(party for role in roles.split() for party in sides[role]))
    words = {"reporter": "whoever reports or checks it", "government": "the government", "place": "the place",
             "hearing": "whoever hears it", "judge": "whoever decides it", "court": "the court of appeal"}  # fmt: skip
    said = " or ".join(words[role] for role in roles.split())
    return Transition(state=state, action=action, to=to, role=said, parties=parties, after=after, earliest=earliest,
                      latest=latest, reasons=reasons)  # fmt: skip


def _climb(process: DueProcess, sides: Sides) -> list[Transition]:
    """The ladder as the deal writes it, step by step; a step that this program does not know is nobody's to take."""
    rows: list[Transition] = []
    for number, step in enumerate(process.ladder):
        before = process.ladder[:number]
        state = _state_after(before)
        rows += _steps(process, sides, step, before, state)
        if before and before[-1] == "appeal":  # the appeal was refused, or its time passed without one
            rows += _steps(process, sides, step, before, _state_after(before[:-1]))
    for state in dict.fromkeys(row.to for row in rows):
        if state not in ENDS | {"recalled"}:
            rows.append(_row(sides, state, "close", "closed", "government judge", reasons=True))
    if process.control_max_days is not None and "recall" in process.ladder:
        rows.append(_row(sides, "recalled", "lapse", "restored", "place government judge", after="recall",
                         earliest=process.control_max_days + 1))  # fmt: skip
    return rows


def _state_after(before: tuple[str, ...]) -> str:
    if not before:
        return START
    return "refused" if before[-1] == "appeal" else DONE.get(before[-1], before[-1])


def _steps(process: DueProcess, sides: Sides, step: str, before: tuple[str, ...], state: str) -> list[Transition]:
    last = before[-1] if before else ""
    notice = "notice" if "notice" in before else last
    running = process.notice_days if "notice" in before else 0
    if step == "report":
        return [_row(sides, state, step, "reported", "reporter")]
    if step == "notice":
        return [_row(sides, state, step, "noticed", "government", reasons=True)]
    if step == "response":
        days = running + process.response_days
        return [
            _row(sides, state, step, "answered", "place", after=notice, latest=days),
            _row(sides, state, "no-response", "answered", "government judge", after=notice, earliest=days + 1),
        ]
    if step == "cure":
        wait = running + 1 if running else 0
        return [_row(sides, state, step, "curing", "place government judge", after=notice, earliest=wait)]
    if step == "hearing":
        wait = process.cure_days + 1 if last == "cure" else 0
        return [_row(sides, state, step, "heard", "hearing", after=last, earliest=wait)]
    if step == "decision":
        return [
            _row(sides, state, step, "decided", "judge", after=last, reasons=True),
            _row(sides, state, "dismiss", "closed", "judge", after=last, reasons=True),
        ]
    if step == "appeal":
        return [
            _row(sides, state, step, "appealed", "place", after=last, latest=process.appeal_days, reasons=True),
            _row(sides, "appealed", "allow", "closed", "court", reasons=True),
            _row(sides, "appealed", "refuse", "refused", "court", reasons=True),
        ]
    if step == "recall":
        decided = before[-2] if last == "appeal" and len(before) > 1 else last
        wait = process.appeal_days + 1 if last == "appeal" else 0
        return [_row(sides, state, step, "recalled", "government", after=decided, earliest=wait, reasons=True)]
    if step == "restore":
        return [_row(sides, state, step, "restored", "government judge", reasons=True)]
    return [Transition(state=state, action=step, to=step, role="nobody", parties=())]


def _emergency(process: DueProcess, sides: Sides) -> list[Transition]:
    """Fraud or danger to life: held back at once, for so many days, unless it is heard; each control has an end."""
    short = process.emergency_max_days
    long = short if process.control_max_days is None else process.control_max_days
    everyone = "place government judge"
    return [
        _row(sides, START, "suspend", "suspended", "government", reasons=True),
        _row(sides, "suspended", "emergency-hearing", "suspension-heard", "hearing", after="suspend", latest=short),
        _row(sides, "suspended", "lapse", "lifted", everyone, after="suspend", earliest=short + 1),
        _row(sides, "suspension-heard", "keep", "kept", "judge", after="emergency-hearing", latest=short, reasons=True),
        _row(sides, "suspension-heard", "lapse", "lifted", everyone, after="emergency-hearing", earliest=short + 1),
        _row(sides, "kept", "lapse", "lifted", everyone, after="keep", earliest=long + 1),
        *(
            _row(sides, state, "lift", "lifted", "government judge", reasons=True)
            for state in ("suspended", "suspension-heard", "kept")
        ),
    ]


def _breach(process: DueProcess, sides: Sides) -> list[Transition]:
    """The government breaks the deal: it has as long to answer as a place has."""
    days = process.notice_days + process.response_days
    return [
        _row(sides, START, "breach", "breach-reported", "place", reasons=True),
        _row(sides, "breach-reported", "dispute", "breach-disputed", "government", after="breach", latest=days,
             reasons=True),
        _row(sides, "breach-reported", "suspend-duty", "duty-suspended", "place", after="breach", earliest=days + 1,
             reasons=True),
        _row(sides, "breach-disputed", "find", "breach-found", "judge", reasons=True),
        _row(sides, "breach-disputed", "dismiss", "closed", "judge", reasons=True),
        _row(sides, "breach-found", "suspend-duty", "duty-suspended", "place", after="find", reasons=True),
        *(
            _row(sides, state, "make-good", "closed", "government")
            for state in ("breach-reported", "breach-disputed", "breach-found", "duty-suspended")
        ),
        _row(sides, "duty-suspended", "resume-duty", "closed", "place"),
        *(
            _row(sides, state, "withdraw", "closed", "place")
            for state in ("breach-reported", "breach-disputed", "breach-found")
        ),
    ]  # fmt: skip


def recallable(deal: Deal, named: str) -> Fund | Pool | Power:
    """The fund, pool or flexibility of that id. SokeError for anything that cannot be recalled by letter."""
    money: tuple[Fund | Pool, ...] = (*deal.funds, *deal.pools)
    for thing in money:
        if thing.id == named:
            return thing
    power = next((power for power in deal.powers if power.id == named), None)
    if power is None:
        raise SokeError(f'"{named}" is no fund, pool or power of the deal.', "Name what the deal gives.")
    if power.needs_order or not power.recallable:
        raise SokeError(
            f'The power "{named}" was given by law and cannot be recalled under the deal.',
            "Recall money or a flexibility; a power goes back by an order, with the councils' consent and both Houses.",
        )
    return power


def open_matter(
    ladder: Ladder,
    deal: Deal,
    condition: Condition,
    status: State,
    party: str,
    on: dt.date,
    *,
    excused: bool = False,
    reporters: tuple[str, ...] = (),
) -> Matter:
    """Start the ladder on a condition that was missed, or not reported by the day due.

    ``reporters`` are those who stand today in the place of who reports and checks it.
    """
    if status not in ("missed", "overdue"):
        fact = f'The condition "{condition.id}" is {status}; the ladder starts only where one is missed or overdue.'
        raise SokeError(fact, "A near miss brings a report, not a notice.")
    if excused:
        fact = f'The condition "{condition.id}" is {status}, and was excused by its checker.'
        raise SokeError(fact, "Nothing follows from it in this period.")
    if party not in (condition.reported_by, condition.checked_by, *reporters):
        fact = f'"{party}" neither reports nor checks the condition "{condition.id}".'
        raise SokeError(fact, f'Those who do: "{condition.reported_by}" and "{condition.checked_by}".')
    scope = condition.recall.scope if condition.recall else ()
    for named in scope:
        recallable(deal, named)
    return step(ladder, Matter(subject=condition.id, scope=scope), "report", party, on)


def step(ladder: Ladder, matter: Matter, action: str, party: str, on: dt.date, reason: str = "") -> Matter:
    """The matter after a step. SokeError, saying what is allowed now, for one out of order, time or role."""
    row = next((row for row in ladder.leaving(matter.state) if row.action == action), None)
    allowed = _allowed(ladder, matter)
    before = matter.on(action)
    if before is not None:
        raise SokeError(f"{_called(action)} was taken on {day(before)} already.", allowed)
    if row is None:
        known = any(row.action == action for row in ladder.transitions)
        fact = f"{_called(action)} cannot be taken when the matter is {_said(matter.state)}."
        raise SokeError(fact if known else f"{_called(action[:40])} is no step of this deal.", allowed)
    if party not in row.parties:
        raise SokeError(f'{_called(action)} is not for "{party[:80]}" to take, but for {row.role}.', allowed)
    if action == "recall" and not matter.scope:
        fact = f'The condition "{matter.subject}" has no recall: what follows from it is its remedy.'
        raise SokeError(fact, "Close the matter once the remedy has worked.")
    if matter.taken and on < matter.taken[-1].on:
        last = matter.taken[-1]
        fact = f"{_called(action)} on {day(on)} would be before the last one, {_said(last.action)}, on {day(last.on)}."
        raise SokeError(fact, allowed)
    first, latest = window(row, matter)
    if on < first:
        raise SokeError(f"{_called(action)} on {day(on)} is too early: it can be taken from {day(first)}.", allowed)
    if latest is not None and on > latest:
        raise SokeError(f"{_called(action)} on {day(on)} is too late: its last day was {day(latest)}.", allowed)
    if row.reasons and not reason.strip():
        raise SokeError(f"{_called(action)} needs reasons.", "Write why, and on what evidence.")
    taken = Taken(action=action, party=party, on=on, reason=reason)
    return Matter(subject=matter.subject, scope=matter.scope, state=row.to, taken=(*matter.taken, taken))


def window(row: Transition, matter: Matter) -> tuple[dt.date, dt.date | None]:
    """The first and the last day of a step that leaves the matter's state."""
    anchor = matter.on(row.after) if row.after else None
    base = anchor or (matter.taken[-1].on if matter.taken else dt.date.min)
    first = _later(base, row.earliest)
    if matter.taken:
        first = max(first, matter.taken[-1].on)
    return first, None if row.latest is None else _later(base, row.latest)


def due(ladder: Ladder, matter: Matter, on: dt.date) -> tuple[Due, ...]:
    """What can be done from here, by whom and when; of a step whose last day has passed too."""
    found = []
    for row in ladder.leaving(matter.state):
        first, last = window(row, matter)
        when: Literal["waits", "open", "passed"] = "waits" if on < first else "open"
        if last is not None and on > last:
            when = "passed"
        found.append(Due(action=row.action, role=row.role, parties=row.parties, first=first, last=last, when=when))
    return tuple(found)


def in_force(ladder: Ladder, matter: Matter, on: dt.date) -> bool:
    """Whether something is held back from the place on a day: a control lapses even if nobody records that it did."""
    if matter.state not in CONTROLS or on < matter.taken[-1].on:
        return False
    lapse = next((row for row in ladder.leaving(matter.state) if row.action == "lapse"), None)
    return lapse is None or on < window(lapse, matter)[0]


def _later(date: dt.date, days: int) -> dt.date:
    return dt.date.fromordinal(min(date.toordinal() + days, dt.date.max.toordinal()))


def _called(action: str) -> str:
    return f'The step "{action}"'


def _said(word: str) -> str:
    return "not yet begun" if word == START else word.replace("-", " ")


def _allowed(ladder: Ladder, matter: Matter) -> str:
    """What is allowed now and from when, as one sentence."""
    if matter.state in ENDS:
        return f"The matter is {_said(matter.state)}: nothing more can be done in it."
    said = []
    for row in ladder.leaving(matter.state):
        first, last = window(row, matter)
        when = "" if not matter.taken else f" from {day(first)}" + (f" to {day(last)}" if last else "")
        said.append(f"{row.action} by {row.role}{when}")
    return f"Allowed: {'; '.join(said)}." if said else "Nothing is allowed from here: the ladder ends nowhere."
