"""What the place and its partners promised: conditions, and what has a day by its kind."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from soke.register.promise import Status, came_to
from soke.register.promises.line import PromiseLine, Side, at_the_end, number, side_of, when
from soke.register.standing import JUDGED, ConditionLine, rounded
from soke.register.state import PLACE, DealState
from soke.text import day as in_words

CAME: dict[str, Status] = {"met": "kept", "near-miss": "near", "missed": "missed", "overdue": "late"}


def conditions(lines: Iterable[ConditionLine]) -> Iterator[PromiseLine]:
    """Each condition by the last period that is judged; an earlier one that was missed and left alone is said too."""
    return (_condition(line) for line in lines if line.in_force)


def _condition(line: ConditionLine) -> PromiseLine:
    found, so_far = line.found, line.so_far
    if found.status not in JUDGED and line.before is not None:
        found, so_far = line.before, f"To {in_words(line.before.period_end)}: {line.before_so_far}"
    judged = found.status in JUDGED
    said = [at_the_end(so_far)]
    if not line.standing:
        asked = f"Asked: {line.asks}."
        said = (
            [at_the_end(so_far), asked] if judged or line.counted else [asked, f"Report due by {in_words(found.due)}."]
        )
    if line.waived_by:
        said.append(f"The duty is suspended: the government is in breach (matter {line.waived_by}).")
    elif found.excused:
        said.append("Excused by who checks it.")
    elif found.status == "near-miss":
        said.append("A near miss: it is within the tolerance of the deal.")
    earlier = [end for end in line.untouched_before if end != found.period_end]
    if earlier:
        said.append(f"The period to {in_words(earlier[-1])} was missed, and nobody opened a matter.")
    elif line.matter:
        said.append(f"Matter {line.matter} is open.")
    status = "awaited" if line.waived_by else CAME.get(found.status, "awaited")
    return PromiseLine(side="place", what=line.title, status=status, detail=" ".join(said),
                       due=None if judged and found.status != "overdue" else found.due, on=None,
                       evidence=_shown_by(line), about=f"condition:{line.id}")  # fmt: skip


def _shown_by(line: ConditionLine) -> str:
    if line.standing:
        return "The notices on record."
    if line.counted:
        return f"Counted from this register, checked by {line.checked_by}."
    if line.found.value is None:
        return f"Reported by {line.reported_by}." if line.before is not None else ""
    confirmed = f"confirmed by {line.confirmed_by}" if line.confirmed_by else f"not yet confirmed by {line.checked_by}"
    return f"Reported by {line.reported_by}, {confirmed}."


@dataclass(frozen=True, slots=True)
class _Dated:
    id: str
    what: str
    by: str
    due: dt.date
    on: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Promises of a kind: what they are called together, once kept, and what shows it."""

    thing: str
    kept: str
    evidence: str
    counted_by: str = ""  # the indicator of a condition that follows them already
    every: Sequence[_Dated] = field(default_factory=tuple)


def dated(state: DealState, day: dt.date) -> Iterator[PromiseLine]:
    """Contributions, rounds, answers and transfers, of those kinds that no condition of the deal counts."""
    counts = {condition.indicator for condition in state.deal.conditions}
    for group in (_contributions(state), _rounds(state), _answers(state), _transfers(state)):
        if group.counted_by not in counts:
            yield from _lines(state, group, day)


def _contributions(state: DealState) -> _Group:
    partners, titles = state.partners, {pool.id: pool.title for pool in state.deal.pools}
    pools = {
        named: titles.get(pool, pool) for (thing, named), pool in partners.titles.items() if thing == "contribution"
    }
    every = tuple(
        _Dated(one.id, f"Pay {rounded(one.pence)} into the pool {pools[one.id]}",
               partners.promised_by[one.id], one.due, _in_full(one.pence, one.payments))
        for one in partners.contributions.values()
    )  # fmt: skip
    return _Group(thing="contribution", kept="Contributions paid into pools", counted_by="pooled-contributions",
                  evidence="Who holds the pool confirmed what came.", every=every)  # fmt: skip


def _in_full(pence: int, payments: Sequence[tuple[dt.date, int]]) -> dt.date | None:
    """The day on which payments came to the amount."""
    total = 0
    for on, came in sorted(payments):
        total += came
        if total >= pence:
            return on
    return None


def _rounds(state: DealState) -> _Group:
    titles = {undertaking.id: undertaking.title for undertaking in state.deal.community}
    of = state.partners.titles
    every = tuple(
        _Dated(one.id, f"Adopt what residents decide in {titles.get(of['round', one.id], '')}, {one.id}", _place(state),
               one.due, one.adopted)
        for one in state.partners.rounds.values()
    )  # fmt: skip
    return _Group(thing="round", kept="Decisions of residents adopted", counted_by="community-share", every=every,
                  evidence="A witness recorded what residents decided.")  # fmt: skip


def _answers(state: DealState) -> _Group:
    every = tuple(
        _Dated(one.id, f"Answer: {state.partners.titles['answer', one.id]}", _place(state), one.due, one.answered)
        for one in state.partners.answers.values()
    )
    return _Group(thing="answer", kept="Recommendations answered", counted_by="answers-in-time", every=every,
                  evidence="The answers are on record.")  # fmt: skip


def _transfers(state: DealState) -> _Group:
    every = tuple(
        _Dated(one.id, f"Hand over {state.partners.titles['transfer', one.id]}", _place(state), one.due, one.completed)
        for one in state.partners.transfers.values()
    )
    return _Group(thing="transfer", kept="Assets handed over", counted_by="transfers-in-time", every=every,
                  evidence="Witnesses recorded it.")  # fmt: skip


def _place(state: DealState) -> str:
    return next(iter(state.parties(*PLACE)), "")


def adopted(state: DealState, day: dt.date) -> Iterator[PromiseLine]:
    """What the place said in an answer that it would do; and what it adopted without a day."""
    taken = [answer for answer in state.partners.answers.values() if answer.adopted]
    titles, place = state.partners.titles, _place(state)
    evidence = "Those who wait for it confirmed it."
    every = tuple(
        _Dated(one.id, f"Do as was answered: {titles['answer', one.id]}", place, one.by, one.done)
        for one in taken if one.by is not None
    )  # fmt: skip
    yield from _lines(state, _Group(thing="answer", kept="What answers promised is done", evidence=evidence,
                                    every=every), day)  # fmt: skip
    open_ones = sum(one.by is None and one.done is None for one in taken)
    if open_ones:
        detail = f"{number(open_ones, 'recommendation is', 'recommendations are')} adopted without a day. Ask for one."
        yield PromiseLine(side="place", what="What was adopted is done", status="no-day", detail=detail, due=None,
                          on=None, evidence="", about="answer", many=open_ones)  # fmt: skip
    done = [one.done for one in taken if one.by is None and one.done is not None]
    if done:
        detail = f"{number(len(done), 'recommendation', 'recommendations')}, the last on {in_words(max(done))}."
        yield PromiseLine(side="place", what="What was adopted without a day is done", status="kept", detail=detail,
                          due=None, on=max(done), evidence=evidence, about="answer", many=len(done))  # fmt: skip


def _lines(state: DealState, group: _Group, day: dt.date) -> Iterator[PromiseLine]:
    """Those that were kept by their day in one line; each other in its own."""
    in_time: Counter[Side] = Counter()
    last: dict[Side, dt.date] = {}
    for one in group.every:
        side, status = side_of(state, one.by), came_to(one.due, one.on, day)
        if status == "kept" and one.on is not None:
            in_time[side] += 1
            last[side] = max(one.on, last.get(side, one.on))
            continue
        yield PromiseLine(side=side, what=one.what, status=status, detail=when(one.due, one.on, day), due=one.due,
                          on=one.on, evidence=group.evidence if one.on else "",
                          about=f"{group.thing}:{one.id}")  # fmt: skip
    for side, many in in_time.items():
        detail = f"{number(many, 'was', 'were')} in time, the last on {in_words(last[side])}."
        yield PromiseLine(side=side, what=group.kept, status="kept", detail=detail, due=None, on=last[side],
                          evidence=group.evidence, about=group.thing, many=many)  # fmt: skip
