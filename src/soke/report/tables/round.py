"""Tables of a round: codes and ballots by channel, and what was done to ballots before they are published."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from soke.community.voting.anonymity import Published
from soke.community.voting.paper import REASONS
from soke.community.voting.reconciliation import Reconciliation
from soke.community.voting.tried import KINDS, Tried
from soke.table import Answer, Column, Table
from soke.text import counted, day, listed


def turnout(counts: Reconciliation, name: str, state: str, tried: Sequence[Tried] = ()) -> Answer:
    """Codes and ballots by channel and district; notes say that they add up, or what does not, why papers were invalid,
    and which codes were tried and not taken. What a round has none of is in no column for people."""
    total, faults = counts.total, counts.faults()
    parts = ("cast", *(("invalid",) if total.invalid else ()), "spoiled", "unused")
    adds = f"Issued {total.issued:,} = {' + '.join(f'{part} {getattr(total, part):,}' for part in parts)}."
    columns = (
        Column("channel", "channel"),
        *([Column("district", "district")] if any(one.district for one in counts.channels) else []),
        Column("issued", "issued", "count"),
        Column("cast", "cast", "count"),
        Column("invalid", "invalid", "count", people=bool(total.invalid)),
        Column("spoiled", "spoiled", "count"),
        Column("unused", "unused", "count"),
        Column("turnout_percent", "turnout %", "plain", digits=1),
    )
    notes = [*(faults or (f"{adds} Ballots in the box: {counts.ballots:,}.",)), *_why(counts), *_tried(tried)]
    table = Table.of("turnout", f"{name}, {state}", columns, counts.rows(), *notes)
    facts = {"round": name, "state": state, "ballots": counts.ballots, "adds_up": not faults,
             "invalid_reasons": {reason: count for reason, count in counts.reasons.items() if count},
             "invalid_replaced": counts.replaced}  # fmt: skip
    hours = Column("hour", "hour, UTC"), Column("kind", "kind of code"), Column("times", "times", "count")
    return Answer(table, facts, (Table.of("codes_tried", "Codes that were not taken", hours, tried),))


def _why(counts: Reconciliation) -> list[str]:
    """How many papers were invalid, and why: the papers, also where another code was given for one since."""
    papers = [f"{counted(count, 'paper')} with {REASONS[reason]}" for reason, count in counts.reasons.items() if count]
    if not papers:
        return []
    again = f" For {counts.replaced:,} of them another code was given." if counts.replaced else ""
    return [f"Received, invalid and not counted: {listed(papers)}.{again}"]


def _tried(tried: Sequence[Tried]) -> list[str]:
    """How many codes were not taken, of which kind, and the hour with most."""
    kinds, hours = Counter[str](), Counter[str]()
    for one in tried:
        kinds[one.kind] += one.times
        hours[one.hour] += one.times
    if not kinds:
        return []
    said = listed([f"{kinds[kind]:,} {words}" for kind, words in KINDS.items() if kinds[kind]])
    hour, most = max(hours.items(), key=lambda one: (one[1], one[0]))
    when = f"the last on {_hour(max(hours))}" + (f", most ({most:,}) on {_hour(hour)}" if len(hours) > 1 else "")
    return [f"Codes tried and not taken: {said}; {when} UTC."]


def _hour(hour: str) -> str:
    """``2026-06-01T14`` as ``1 June 2026 from 14:00``."""
    at = dt.datetime.fromisoformat(f"{hour}:00")
    return f"{day(at.date())} from {at:%H}:00"


def blurred(published: Published, k: int) -> Answer:
    """What was done to each column that says something of people, so that ``k`` ballots say the same."""
    ballots = len(published.election.ballots)
    notes = [f"The smallest combination holds {published.smallest:,} of {ballots:,} ballots."]
    if not published.columns:
        notes = ["The ballots say nothing but the choice."]
    if published.blanked:
        notes.append(f"{published.blanked:,} ballots were too rare: what they say is blank.")
    notes.append("The ids of the voters were replaced, and the ballots stand in the order of what they say.")
    columns = (Column("column", "column"), Column("done", "published"))
    table = Table.of("blurred", "", columns, list(published.columns.items()), *notes)
    return Answer(table, {"k": k, "smallest": published.smallest, "blanked": published.blanked})
