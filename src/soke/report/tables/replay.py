"""Tables of replays of real life: the facts with what the ladder says, what came of each case, and every day of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from soke.register.replay import Replay
from soke.register.replay import Row as Fact
from soke.register.replay_case import Gate, When
from soke.report.replay import SUPPOSED, Told, short, until
from soke.table import Answer, Cell, Column, Table
from soke.text import financial_year

CASE = Column("case", "case", people=False)


def answer(told: Sequence[Told]) -> Answer:
    """Every fact with its source and grade, and every day and sum that was worked out."""
    return Answer(
        facts(told, "What happened, and what the ladder says", SUPPOSED),
        tables=(
            cases(told),
            answers(told, "What came of each case"),
            spells(told),
            steps(told),
            stakes(told),
            gates(told),
        ),
    )


def facts(told: Iterable[Told], caption: str, *notes: str) -> Table:
    """The facts in the order of their days, and what the ladder says on each, at its soonest."""
    return Table.of(
        "replay_facts",
        caption,
        (
            CASE,
            Column("when", "day"),
            Column("day", "on", people=False),
            Column("known_to_the", "known to the", people=False),
            Column("what", "what happened"),
            Column("who", "who", people=False),
            Column("grade", "grade", "grade"),
            Column("source", "source", people=False),
            Column("address", "address", people=False),
            Column("note", "note", people=False),
            Column("says", "what the ladder says that day, at its soonest"),
        ),
        [row for one in told for row in _facts(one)],
        *notes,
    )


def _facts(told: Told) -> Iterator[tuple[Cell, ...]]:
    for fact in told.replay.rows if told.replay else ():
        yield _fact(told.case.id, fact.what, fact.who, fact, fact.says)
    for row in told.gates.rows if told.gates else ():
        yield _fact(told.case.id, f"{row.gate.area}: gate {row.gate.round}", "the government", row.gate, row.says)


def _fact(case: str, what: str, who: str, fact: Fact | Gate, says: str) -> tuple[Cell, ...]:
    sources = "; ".join(f"{source.title}, {source.publisher}, {source.date}" for source in fact.sources)
    addresses = " ".join(source.address for source in fact.sources)
    when = fact.when
    return (case, short(when), when.day.isoformat(), _known_to_the(when), what, who, fact.grade, sources, addresses,
            fact.note, says)  # fmt: skip


def cases(told: Iterable[Told]) -> Table:
    """What came of each area: when the ladder would have recalled money, and when things were put right in reality."""
    return Table.of(
        "replay_cases",
        "Had the standing offer been in force, and as much hung on good standing as on its community condition",
        (
            Column("case", "case"),
            Column("area", "area", people=False),
            Column("entries", "entries", "count", people=False),
            Column("missed_from", "good standing\nmissed from"),
            Column("recall", "recall at\nthe soonest"),
            Column("recovered", "in reality\nput right"),
            Column("recovered_day", "put right on", people=False),
            Column("recovered_known_to_the", "known to the", people=False),
            Column("days_after_recall", "days later", "plain", digits=0),
            Column("at_stake_gbp_a_year", "at stake £ a year", "plain", digits=0),
            Column("recallable_gbp", "recallable £", "plain", digits=0),
            Column("shut_until", "settlement\nshut until"),
            Column("shut_from_its_end_until_day", "shut until, counted from the end of the notice", people=False),
        ),
        [_case(one.replay) for one in told if one.replay],
    )


def _case(replay: Replay) -> tuple[Cell, ...]:
    recall = replay.courses[-1].recall if replay.courses else None
    recovered = replay.recovered
    days = (recovered.day - recall).days if recovered and recall else None
    return (
        replay.case.id,
        replay.case.area,
        replay.entries,
        _lines(first for first, _ in replay.shut),
        _lines(course.recall for course in replay.courses if course.recall),
        short(recovered) if recovered else f"not by {until(replay)}",
        recovered.day.isoformat() if recovered else "",
        _known_to_the(recovered) if recovered else "",
        days if days is not None else "not known",
        float(sum(stake.whole for stake in replay.stakes)),
        float(sum(stake.most for stake in replay.stakes)),
        _lines(last for _, last in replay.shut),
        replay.shut_from_end.isoformat() if replay.shut_from_end else "",
    )


def _lines(days: Iterable[dt.date]) -> str:
    return "\n".join(short(When(day)) for day in days)


def _known_to_the(when: When) -> str:
    return "day" if when.exact else "month"


def answers(told: Iterable[Told], caption: str = "") -> Table:
    """What came of each case, a sentence each."""
    columns = (CASE, Column("about", "in short"), Column("says", ""))
    rows = [(one.case.id, about, says) for one in told for about, says in one.answers.items()]
    return Table.of("replay_answers", caption, columns, rows)


def spells(told: Iterable[Told]) -> Table:
    """The spells in which good standing was missed, counted from the day of each notice."""
    columns = (Column("case", "case"), Column("from_day", "from"), Column("until_day", "until"))
    rows = [
        (one.case.id, first.isoformat(), last.isoformat())
        for one in told
        if one.replay
        for first, last in one.replay.shut
    ]
    return Table.of("replay_spells", "When good standing was missed", columns, rows)


def steps(told: Iterable[Told]) -> Table:
    """The ladder at its soonest, for each time that good standing was missed; and what a recall took."""
    return Table.of(
        "replay_steps",
        "The ladder at its soonest",
        (
            Column("case", "case"),
            Column("ladder", "which time", "count"),
            Column("step", "step"),
            Column("day", "day"),
            Column("taken_gbp", "taken £", "plain", digits=0),
        ),
        [
            (one.case.id, number, step, day.isoformat(), course.taken / 100 if step == "recall" else None)
            for one in told
            if one.replay
            for number, course in enumerate(one.replay.courses, 1)
            for step, day in course.steps.items()
        ],
    )


def stakes(told: Iterable[Told]) -> Table:
    """The money of a year that good standing was tried with."""
    return Table.of(
        "replay_stakes",
        "At stake",
        (
            Column("case", "case"),
            Column("title", "fund"),
            Column("year", "year"),
            Column("at_stake_gbp_a_year", "at stake £ a year", "plain", digits=0),
            Column("recallable_gbp", "recallable £", "plain", digits=0),
            Column("grade", "grade", "grade"),
        ),
        [
            (one.case.id, stake.title, financial_year(stake.year), float(stake.whole), float(stake.most), stake.grade)
            for one in told
            if one.replay
            for stake in one.replay.stakes
        ],
    )


def gates(told: Iterable[Told]) -> Table:
    """What the gates of many areas come to."""
    return Table.of(
        "replay_gates",
        "Gates beside the ladder",
        (
            Column("case", "case"),
            Column("passed", "passed", "count"),
            Column("gates", "gates", "count"),
            Column("waited_gbp", "waited £", "plain", digits=0),
            Column("next_passes_chance", "chance that the next passes", "share"),
            Column("passes_at_least_share", "rate at least", "share"),
            Column("least_days", "days from notice to recall, at least", "count"),
        ),
        [
            (one.case.id, one.gates.passed, len(one.gates.rows), one.gates.waited, one.gates.chance, one.gates.at_least,
             one.gates.least_days)
            for one in told
            if one.gates
        ],
    )  # fmt: skip
