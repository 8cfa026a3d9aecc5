"""What each side of a deal has promised, and what came of it: kept, late, missed, broken, or without a day.

Of the place: its conditions, what it said that it would do, and what it and its partners promised. Of the government:
powers, money, and breaches that were found. Nothing is recorded twice for this: it is read from what is on record.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence

from soke.register.promise import Status
from soke.register.promises.government import breaches, money, powers
from soke.register.promises.line import SIDES, PromiseLine, Side
from soke.register.promises.made import made
from soke.register.promises.place import adopted, conditions, dated
from soke.register.standing import ConditionLine, standing
from soke.register.state import DealState
from soke.text import counted

__all__ = ["SIDES", "PromiseLine", "Side", "count_promises", "promise_lines", "promises_in_short"]

CALLED: dict[Side, str] = {"place": "The place", "government": "Government"}
PARTS = (dated, adopted, powers, money, breaches, made)
NOT_KEPT: dict[Status, str] = {
    "near": "nearly", "late": "late", "missed": "missed", "broken": "broken", "no-day": "without a day",
    "awaited": "awaited",
}  # fmt: skip


def promise_lines(
    state: DealState, day: dt.date, stand: Sequence[ConditionLine] | None = None
) -> tuple[PromiseLine, ...]:  # fmt: skip
    """What each side has promised, as it stands on a day: the place's first. Nothing before the deal is in force.

    ``stand``: the conditions as they stand on the day, where they are known.
    """
    if state.current is None:
        return ()
    lines = list(conditions(standing(state, day) if stand is None else stand))
    lines += [line for part in PARTS for line in part(state, day)]
    return tuple(line for side in SIDES for line in lines if line.side == side)


def count_promises(lines: Iterable[PromiseLine], side: Side) -> Counter[Status]:
    """How many promises of a side came to each status."""
    count: Counter[Status] = Counter()
    for line in lines:
        if line.side == side:
            count[line.status] += line.many
    return count


def promises_in_short(lines: Iterable[PromiseLine], side: Side) -> str:
    """``Government: 11 of 13 promises kept, 1 late, 1 without a day.``; nothing where it has promised nothing."""
    count = count_promises(lines, side)
    if not count.total():
        return ""
    said = [f"{count['kept'] + count['kept-late']:,} of {counted(count.total(), 'promise')} kept"]
    if count["kept-late"]:
        said[0] += f" ({count['kept-late']:,} of them late)"
    said += [f"{count[status]:,} {words}" for status, words in NOT_KEPT.items() if count[status]]
    return f"{CALLED[side]}: {', '.join(said)}."
