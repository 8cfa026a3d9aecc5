"""Walk every path of a deal's ladder: what cannot be reached, what cannot be left, what reaches a recall too soon.

Breadth first, by the very function that takes the steps, each on the first day that it is allowed: whoever waits longer
reaches no state that the table does not hold, and no recall sooner.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from dataclasses import dataclass

from soke.deal.ladder import ENDS, START, Ladder, Matter, ladder_of, step
from soke.deal.types import Deal

_DAY = dt.date(2027, 3, 1)  # any day would do: the table counts days, not dates


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    """``recalls`` holds each way in which a recall was reached; ``faults`` what is wrong, a sentence each."""

    states: tuple[str, ...]
    unreached: tuple[str, ...]
    stuck: tuple[str, ...]
    recalls: tuple[Matter, ...]
    faults: tuple[str, ...]

    @property
    def least_days(self) -> int | None:
        """From notice to recall, at the very soonest."""
        return min((_days(matter, "notice", "recall") for matter in self.recalls), default=None)


def explore(deal: Deal) -> Exploration:
    """Every state of a deal's ladder and every path to a recall. SokeError where the deal has no due process."""
    ladder = ladder_of(deal)
    recalls = []
    reached: dict[str, None] = {}
    queue = deque([Matter(subject="any", scope=("money",))])
    while queue:
        matter = queue.popleft()
        reached[matter.state] = None
        if matter.taken and matter.taken[-1].action == "recall":
            recalls.append(matter)
        queue.extend(_next(ladder, matter))
    table = dict.fromkeys(state for row in ladder.transitions for state in (row.state, row.to))
    unreached = tuple(state for state in table if state not in reached)
    stuck = tuple(state for state in reached if state not in ENDS and not _way_out(ladder, state))
    faults = [f"No path of the ladder reaches: {', '.join(unreached)}."] if unreached else []
    faults += [f"No path of the ladder leads out of: {', '.join(stuck)}."] if stuck else []
    faults += dict.fromkeys(fault for matter in recalls for fault in hasty(ladder, matter))
    return Exploration(states=tuple(reached), unreached=unreached, stuck=stuck, recalls=tuple(recalls),
                       faults=tuple(faults))  # fmt: skip


def hasty(ladder: Ladder, matter: Matter) -> list[str]:
    """What a matter that was recalled went past: a step, or the time that the deal gives for one."""
    taken = {step.action for step in matter.taken}
    wanted = ("notice", "cure", "hearing", "decision")
    missing = [one for one in wanted if one not in taken]
    if not taken & {"response", "no-response"}:
        missing.append("response")
    if missing:
        return [f"A path of the ladder reaches recall without {', '.join(missing)}."]
    process = ladder.process
    waits = (
        ("notice", "cure", process.notice_days),
        ("cure", "hearing", process.cure_days),
        ("decision", "recall", process.appeal_days),
    )
    order = [step.action for step in matter.taken]
    found = []
    for first, then, days in waits:
        took = _days(matter, first, then)
        if order.index(then) < order.index(first):
            found.append(f"A path of the ladder reaches the {then} before the {first}.")
        elif took < days:
            found.append(f"A path of the ladder goes from {first} to {then} in {took} days; the deal gives {days}.")
    return found


def _next(ladder: Ladder, matter: Matter) -> list[Matter]:
    """What each step that is left to take makes of the matter, on the first day that it is allowed."""
    found = []
    for row in ladder.leaving(matter.state):
        if row.parties and matter.on(row.action) is None:
            anchor = matter.on(row.after) or (matter.taken[-1].on if matter.taken else _DAY)
            first = max(anchor + dt.timedelta(row.earliest), matter.taken[-1].on if matter.taken else _DAY)
            found.append(step(ladder, matter, row.action, row.parties[0], first, "explored"))
    return found


def _way_out(ladder: Ladder, state: str) -> bool:
    """Whether somebody can leave a state on any later day; a way that closes on a day is not enough."""
    rows = [row for row in ladder.leaving(state) if row.parties and row.latest is None]
    return state == START or bool(rows)


def _days(matter: Matter, first: str, then: str) -> int:
    start, end = matter.on(first), matter.on(then)
    return (end - start).days if start and end else 0
