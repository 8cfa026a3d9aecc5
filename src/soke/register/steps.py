"""Where a matter stands, step by step: what was done and on which day, where it is now, and what is still to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from soke.deal.condition import DueProcess
from soke.deal.ladder import CONTROLS, window
from soke.deal.recall_share import share_of
from soke.deal.types import Deal
from soke.register.state import OpenMatter

ONE_DAY = dt.timedelta(1)
LASTS = frozenset({"appeal", "recall", "suspend", "keep", "suspend-duty"})  # until another step is taken
AHEAD: Mapping[str, tuple[str, ...]] = {  # of what is no condition, by the state of the matter
    "suspended": ("emergency-hearing", "keep", "lapse"), "suspension-heard": ("keep", "lapse"), "kept": ("lapse",),
    "breach-reported": ("dispute", "suspend-duty"), "breach-disputed": ("find", "suspend-duty"),
    "breach-found": ("suspend-duty",), "duty-suspended": ("make-good",),
}  # fmt: skip
SAME_STEP = {"no-response": "response", "refuse": "appeal"}  # what else takes a step of the ladder


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """A step by the name of its action. ``on``: the day it was taken. ``first`` and ``last``: the days between which
    it can be taken, or of what lasts its last day, where these are known yet; ``days``: how many it has, or waits."""

    action: str
    stands: Literal["done", "now", "to come"]
    on: dt.date | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachLine:
    """What can at most be taken back: a power, or a share of a year of a fund."""

    title: str
    share: Decimal | None = None


def step_lines(matter: OpenMatter, day: dt.date) -> tuple[StepLine, ...]:
    """The steps of a matter in their order; of one that is closed those that were taken."""
    taken = matter.matter.taken
    done = [StepLine(action=step.action, stands="done", on=step.on) for step in taken]
    if not matter.open or not taken:
        return tuple(done)
    until = _lasts_until(matter, day)
    if until is not None or taken[-1].action in LASTS:
        done[-1] = StepLine(action=taken[-1].action, stands="now", on=taken[-1].on, last=until)
        return (*done, *(_coming(matter, action) for action in _ahead(matter, day)))
    ahead = [_coming(matter, action) for action in _ahead(matter, day)]
    return (*done, *_begun(ahead))


def _begun(ahead: list[StepLine]) -> Iterator[StepLine]:
    """The first of the steps ahead is where the matter is now."""
    for number, line in enumerate(ahead):
        stands: Literal["now", "to come"] = "to come" if number else "now"
        yield StepLine(action=line.action, stands=stands, first=line.first, last=line.last, days=line.days)


def _lasts_until(matter: OpenMatter, day: dt.date) -> dt.date | None:
    """The last day of the time to put it right, while it runs."""
    if matter.matter.taken[-1].action != "cure":
        return None
    rows = [row for row in matter.ladder.leaving(matter.matter.state) if row.action != "close"]
    first = window(rows[0], matter.matter)[0] if rows else day
    return first - ONE_DAY if day < first else None


def _ahead(matter: OpenMatter, day: dt.date) -> tuple[str, ...]:
    state = matter.matter.state
    if matter.ground != "condition":
        return AHEAD.get(state, ())
    if state in CONTROLS:
        return ("restore",)
    ladder = matter.ladder.process.ladder
    taken = [SAME_STEP.get(step.action, step.action) for step in matter.matter.taken]
    begun = max((ladder.index(action) for action in taken if action in ladder), default=-1)
    rest = tuple(action for action in ladder[begun + 1 :] if action != "restore")
    rest = rest if matter.matter.scope else tuple(action for action in rest if action != "recall")
    if rest[:1] == ("appeal",) and _is_over(matter, day):
        return rest[1:]
    return rest


def _is_over(matter: OpenMatter, day: dt.date) -> bool:
    """Whether the time to appeal passed without an appeal."""
    last = _coming(matter, "appeal").last
    return last is not None and day > last


def _coming(matter: OpenMatter, action: str) -> StepLine:
    row = next((row for row in matter.ladder.leaving(matter.matter.state) if row.action == action), None)
    first, last = window(row, matter.matter) if row else (None, None)
    if row is not None and not row.after:
        first = None  # on any day
    return StepLine(action=action, stands="to come", first=first, last=last, days=_days(matter.ladder.process, action))


def _days(process: DueProcess, action: str) -> int | None:
    return {"response": process.notice_days + process.response_days, "cure": process.cure_days,
            "appeal": process.appeal_days}.get(action)  # fmt: skip


def reach_lines(deal: Deal, matter: OpenMatter) -> tuple[ReachLine, ...]:
    """What the recall of a matter can at most take, as long as nothing is taken; nothing where it can take nothing."""
    if matter.condition is None or not matter.open or matter.matter.state in CONTROLS:
        return ()
    shares = [(fund.title, share_of(fund, matter.condition)) for fund in deal.funds]
    powers = (ReachLine(title=power.title) for power in deal.powers if power.id in matter.matter.scope)
    return (*powers, *(ReachLine(title=title, share=share) for title, share in shares if share))
