"""Tables of assets of community value: how a case stands, what is due over many, the two lists, the rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from soke.community.assets.cases import Cases
from soke.community.assets.due import Done, Due, Status, follow
from soke.community.assets.lists import COLUMNS, list_row
from soke.community.assets.rules import Clock, Regime, regime, shipped
from soke.england.law import laws
from soke.table import Answer, Cell, Column, Table
from soke.text import counted
from soke.text import day as in_words

STANDS: Mapping[str, str] = {
    "overdue": "OVERDUE, due by", "due": "due by", "may": "may, until", "runs": "until", "ends": "ends",
    "reminder": "remember", "lapsed": "lapsed",
}  # fmt: skip
OF_LISTS = ("list", "name", "nominated_by", "decided_on", "expires_on", "state")  # that people see
COUNTED = {"after": "after the day of the step", "beginning": "beginning with the day of the step"}
LAW = (Column("law", "law"), Column("grade", "grade", "grade"))
STATUS = (
    Column("day", "day"), Column("state", "state", people=False), Column("stands", ""), Column("what", "what"),
    Column("who", "who"), *LAW, Column("id", "id", people=False), Column("since_day", "since", people=False),
    Column("note", "note", people=False),
)  # fmt: skip
DUE = (
    Column("day", "day"), Column("state", "state", people=False), Column("stands", ""), Column("asset", "asset"),
    Column("what", "what"), Column("who", "who"), *LAW, Column("id", "id", people=False),
    Column("since_day", "since", people=False), Column("days_left", "days left", "count", people=False),
)  # fmt: skip
REGIMES = (
    Column("id", "id"), Column("title", "title"), Column("from_day", "in force from", missing="not known"),
    Column("clocks", "clocks", "count"), *LAW,
)  # fmt: skip
CLOCKS = (
    Column("id", "id"), Column("kind", "kind"), Column("what", "what"), Column("who", "who"),
    Column("starts", "starts from"), Column("time", "length"), *LAW,
    *(
        Column(key, title, people=False)
        for key, title in (
            ("counts", "counts"), ("days", "days"), ("rolls", "rolls"), ("when", "when"), ("done_by", "done by"),
            ("bars", "bars"), ("late", "late"), ("from_day", "in force from"), ("until_day", "until"),
            ("source", "source"), ("note", "note"),
        )
    ),
)  # fmt: skip


def asset_status(status: Status) -> Answer:
    """What was done in a case and what is due on the day; the steps that may come next in a table of their own."""
    case, day = status.case, status.on
    since = f", since {in_words(status.since)}" if status.since else ""
    caption = f"{case.file.title} on {in_words(day)}: {status.state}{since}"
    rows = [*map(_done, status.done), *({**_due(due), "note": due.note} for due in status.due)]
    law = f"By {case.law(case.regime)}. What it does not settle, a lawyer does: this counts days, it gives no advice."
    table = Table.of("asset_status", caption, STATUS, rows, *_may(status), law)
    steps = (Column("step", "step"), Column("who", "who"))
    following = Table.of("asset_next_steps", f"Steps that may come on {in_words(day)}", steps, status.may)
    facts = {
        "asset": case.asset, "regime": case.regime.id, "rules": case.file.rules or None, "day": day.isoformat(),
        "state": status.state, "since_day": status.since.isoformat() if status.since else None,
    }  # fmt: skip
    return Answer(table, facts, (following,))


def _done(done: Done) -> dict[str, Cell]:
    stands = f"late: by {done.late.isoformat()}" if done.late else "done"
    day = done.taken.on.isoformat()
    return {"day": day, "state": stands, "stands": stands, "what": done.title, "who": done.who, "law": done.law,
            "grade": done.grade, "id": done.taken.step, "since_day": day, "note": done.taken.note}  # fmt: skip


def _due(due: Due) -> dict[str, Cell]:
    return {"day": due.last.isoformat(), "state": due.state, "stands": STANDS[due.state], "what": due.what,
            "who": due.who, "law": due.law, "grade": due.grade, "id": due.id,
            "since_day": due.since.isoformat()}  # fmt: skip


def _may(status: Status) -> Iterator[str]:
    """Who may take which steps now, a line a role."""
    by: dict[str, list[str]] = {}
    for step, who in status.may:
        by.setdefault(who, []).append(step)
    for who, steps in by.items():
        yield f"Next may come, from {who}: {', '.join(steps)}."


def assets_due(read: Cases, entries: Sequence[Due], day: dt.date) -> Answer:
    """What is due over all cases on a day; ``entries`` as :meth:`Cases.due` gives them."""
    rows = [{**_due(due), "asset": due.asset, "days_left": (due.last - day).days} for due in entries]
    caption = f"Due on {in_words(day)}, {counted(len(read.cases), 'case')}"
    return Answer(Table.of("assets_due", caption, DUE, rows), _facts(read, day))


def asset_lists(read: Cases, day: dt.date) -> Answer:
    """The list of assets of community value and that of unsuccessful nominations, in the standard form of councils."""
    rows = [row for case in read.cases if (row := list_row(case, day, follow(case, day).state))]
    rows.sort(key=lambda row: (row["list"], row["name"]))
    columns = [Column(key, key, people=key in OF_LISTS) for key in COLUMNS]
    return Answer(Table.of("asset_lists", f"Lists on {in_words(day)}", columns, rows), _facts(read, day))


def _facts(read: Cases, day: dt.date) -> dict[str, object]:
    return {"day": day.isoformat(), "cases": len(read.cases), "passed_over": read.names_passed_over,
            "left_out": read.faults}  # fmt: skip


def regimes() -> Table:
    """The rules that come with Soke."""
    rows: list[Sequence[Cell]] = []
    for name in shipped():
        rules = regime(name)
        first = rules.in_force.isoformat() if rules.in_force else None
        rows.append((rules.id, rules.title, first, len(rules.clock), rules.law, rules.grade))
    notes = [laws()[act].standing for act in dict.fromkeys(regime(name).act for name in shipped()) if act]
    return Table.of("asset_regimes", "Rules that come with Soke", REGIMES, rows, *notes)


def clocks(rules: Regime, day: dt.date | None = None) -> Answer:
    """Every clock of a regime, or those in force on a day. SokeError where the regime did not hold on it."""
    if day is not None:
        rules.check_day(day)
    since = f"in force since {in_words(rules.in_force)}" if rules.in_force else "not known to be in force"
    standing = (laws()[rules.act].standing,) if rules.act else ()
    rows = [_clock(rules, clock) for clock in rules.clock if day is None or clock.holds_on(day)]
    table = Table.of("asset_clocks", f"{rules.title}: {since}", CLOCKS, rows, f"{rules.law}. {rules.note}", *standing)
    return Answer(table, {"regime": rules.id, "law": rules.law, "note": rules.note})


def _clock(rules: Regime, clock: Clock) -> dict[str, Cell]:
    first, until = clock.first or rules.in_force, clock.until or rules.until
    return {
        "id": clock.id, "kind": clock.kind, "what": clock.what, "who": rules.roles[clock.who],
        "starts": ", ".join(clock.starts), "time": clock.time, "law": clock.law, "grade": clock.grade,
        "counts": COUNTED[clock.counts], "days": clock.days,
        "rolls": "to the next working day" if clock.rolls else "no", "when": clock.when,
        "done_by": ", ".join(clock.done_by), "bars": ", ".join(clock.bars), "late": clock.late,
        "from_day": first.isoformat() if first else "", "until_day": until.isoformat() if until else "",
        "source": clock.source, "note": clock.note,
    }  # fmt: skip
