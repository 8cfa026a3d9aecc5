"""Tables of a round: codes and ballots by channel, and what was done to ballots before they are published."""

from __future__ import annotations

from soke.community.voting.anonymity import Published
from soke.community.voting.reconciliation import Reconciliation
from soke.table import Answer, Column, Table


def turnout(counts: Reconciliation, name: str, state: str) -> Answer:
    """Codes and ballots by channel; a note says that they add up, or what does not."""
    total, faults = counts.total, counts.faults()
    adds = f"Issued {total.issued:,} = cast {total.cast:,} + spoiled {total.spoiled:,} + unused {total.unused:,}."
    columns = (
        Column("channel", "channel"),
        Column("issued", "issued", "count"),
        Column("cast", "cast", "count"),
        Column("spoiled", "spoiled", "count"),
        Column("unused", "unused", "count"),
        Column("turnout_percent", "turnout %", "plain", digits=1),
    )
    notes = faults or (f"{adds} Ballots in the box: {counts.ballots:,}.",)
    table = Table.of("turnout", f"{name}, {state}", columns, counts.rows(), *notes)
    return Answer(table, {"round": name, "state": state, "ballots": counts.ballots, "adds_up": not faults})


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
