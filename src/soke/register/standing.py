"""How each condition of a deal stands on a day: the last period that ended, the one that runs, and what was missed.

A period is judged while the deal was in force at its end. A miss on which nobody acted stays in view, whatever period
has come since.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from soke.deal.condition import Condition
from soke.deal.counts import OF_PENCE
from soke.deal.evaluation import Evaluation
from soke.register.ledger import amount
from soke.register.state import DealState

KINDS_FIRST = ("collaboration", "community")  # the two grounds on which recall rests first
JUDGED = ("met", "near-miss", "missed", "overdue")
FAILED = ("missed", "overdue")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionLine:
    """A condition on a day. Up to three of its periods are in view, each as it was evaluated:

    * ``found``: the last period that ended; before any has ended, the first;
    * ``running``: the one that runs on the day, where that is another;
    * ``before``: the last earlier one that was missed and on which nobody acted; where there is none, and ``found`` is
      not judged yet, the last that was judged.
    """

    id: str
    title: str
    kind: str
    asks: str  # in words
    indicator: str  # its id; nothing where it has none
    found: Evaluation
    status: str  # of ``found``, in words
    so_far: str  # the count or figure of ``found``, in words
    running: Evaluation | None
    running_so_far: str
    before: Evaluation | None
    before_so_far: str
    counted: bool  # from the register's own entries
    counts: str  # of what: pence, or things; nothing where none is counted
    standing: bool  # tested as it stands on any day: it has no periods
    in_force: bool  # else nothing is judged
    reported_by: str
    checked_by: str
    confirmed_by: str  # who checks it, and gave or confirmed the figure of ``found``
    runs: bool  # the period of ``found`` still runs
    untouched: bool  # ``found`` was missed, without an excuse, and no matter was ever opened about it
    untouched_before: tuple[dt.date, ...]  # ends of earlier periods of which the same is true
    matter: str = ""  # an open matter about it
    waived_by: str = ""  # a breach by the government suspends the duty


def standing(state: DealState, day: dt.date) -> tuple[ConditionLine, ...]:
    """Each condition, those first on which recall rests first."""
    conditions = sorted(state.deal.conditions, key=lambda condition: _rank(condition.kind))
    return tuple(_condition(state, condition, day) for condition in conditions)


def judged_periods(state: DealState, condition: Condition) -> tuple[dt.date, ...]:
    """Ends of the periods at whose end the deal is or was in force."""
    if state.current is None:
        return ()
    last = state.status_since if state.status == "ended" else None
    return tuple(end for end in state.periods(condition) if last is None or end <= last)


def _rank(kind: str) -> int:
    return KINDS_FIRST.index(kind) if kind in KINDS_FIRST else len(KINDS_FIRST)


def _condition(state: DealState, condition: Condition, day: dt.date) -> ConditionLine:
    ends = judged_periods(state, condition)
    ended, coming = [end for end in ends if end < day], [end for end in ends if end >= day]
    in_view = _in_view(state, ended, coming, day)
    in_force = state.current is not None and (condition.indicator is None or bool(ends))
    found = state.evaluation(condition.id, in_view, day) if in_force else _not_in_force(condition, day)
    running = state.evaluation(condition.id, coming[0], day) if ended and coming else None
    earlier = [state.evaluation(condition.id, end, day) for end in ended[:-1]]
    untouched = [evaluation for evaluation in earlier if _untouched(state, evaluation)]
    before = _before(earlier, untouched, found)
    counted = bool(condition.indicator) and state.indicator(condition.indicator or "").collection == "register-count"
    return ConditionLine(
        id=condition.id, title=condition.title, kind=condition.kind, asks=asks(condition), found=found,
        indicator=condition.indicator or "",
        status=status_in_words(found, counted, day) if in_force else "not in force",
        so_far=_so_far(condition, found), running=running,
        running_so_far=_so_far(condition, running) if running else "", before=before,
        before_so_far=_so_far(condition, before) if before else "", counted=counted,
        counts=("pence" if condition.indicator in OF_PENCE else "things") if counted else "",
        standing=condition.indicator is None, in_force=in_force,
        reported_by=_whose(state, condition.reported_by), checked_by=_whose(state, condition.checked_by),
        confirmed_by=_confirmed_by(state, condition, found.period_end),
        runs=bool(condition.indicator) and in_view >= day, untouched=in_force and _untouched(state, found),
        untouched_before=tuple(evaluation.period_end for evaluation in untouched),
        matter=_open_matter(state, condition.id), waived_by=_waived_by(state, condition),
    )  # fmt: skip


def _in_view(state: DealState, ended: Sequence[dt.date], coming: Sequence[dt.date], day: dt.date) -> dt.date:
    """The end of the last period that ended, else of the first; of a condition without periods, the day.

    Such a condition of a deal that has ended is seen as it stood on the deal's last day.
    """
    if ended or coming:
        return ended[-1] if ended else coming[0]
    last = state.status_since if state.status == "ended" else None
    return min(day, last or day)


def _before(earlier: Sequence[Evaluation], untouched: Sequence[Evaluation], found: Evaluation) -> Evaluation | None:
    if untouched:
        return untouched[-1]
    judged = [evaluation for evaluation in earlier if evaluation.status in JUDGED]
    return judged[-1] if judged and found.status not in JUDGED else None


def _not_in_force(condition: Condition, day: dt.date) -> Evaluation:
    why = "The deal was not in force at the end of any of its periods."
    return Evaluation(condition=condition.id, period_end=day, status="waiting", value=None, due=day, why=why)


def _untouched(state: DealState, evaluation: Evaluation) -> bool:
    acted = any(state.about(evaluation.condition, evaluation.period_end))
    return evaluation.status in FAILED and not evaluation.excused and not acted


def _confirmed_by(state: DealState, condition: Condition, end: dt.date) -> str:
    party = state.checked.get((condition.indicator or "", end))
    return state.party_name(party) if party else ""


def _open_matter(state: DealState, named: str) -> str:
    return next((one.id for one in state.matters.values() if one.open and state.is_about(one, named)), "")


def _whose(state: DealState, party: str) -> str:
    """The name of a party; of one that was succeeded, of its heirs: any of them may act for it."""
    return " or ".join(map(state.party_name, state.now(party)))


def _waived_by(state: DealState, condition: Condition) -> str:
    suspended = (matter for matter in state.matters.values() if matter.matter.state == "duty-suspended")
    return next((matter.id for matter in suspended if condition.id in matter.waived), "")


def status_in_words(evaluation: Evaluation, counted: bool, day: dt.date) -> str:
    """A period that runs has no status yet."""
    said = {"met": "met", "near-miss": "near miss", "missed": "missed", "overdue": "overdue"}.get(evaluation.status)
    if said is None:
        ended = evaluation.period_end < day
        said = "not yet due" if not ended else "nothing fell due" if counted else "report awaited"
    return f"{said}, excused" if evaluation.excused else said


def _so_far(condition: Condition, evaluation: Evaluation) -> str:
    if condition.indicator is None:
        return evaluation.why
    if evaluation.count is not None:
        done, asked = evaluation.count.done, evaluation.count.asked
        if not asked:
            return "nothing has fallen due"
        said = f"{rounded(done)} of {rounded(asked)}" if condition.indicator in OF_PENCE else f"{done:,} of {asked:,}"
        return f"{_value(condition, evaluation.value)} ({said})"
    if evaluation.value is None:
        return "not reported"
    return _value(condition, evaluation.value) + (", reported late" if evaluation.late else "")


def asks(condition: Condition) -> str:
    """What a condition asks for, in words: `at least 85%`."""
    bounds = (("at least", condition.at_least), ("at most", condition.at_most))
    asked = " and ".join(f"{word} {_value(condition, bound)}" for word, bound in bounds if bound is not None)
    if condition.none_in_last_months is not None:
        return f"no public notice in {condition.none_in_last_months} months"
    return asked or "no threshold"


def _value(condition: Condition, value: Decimal | None) -> str:
    if value is None:
        return "no figure"
    if condition.unit.startswith("share"):
        return f"{_plain(value * 100, 2)}%"
    return f"{_plain(value, 3)} {condition.unit}".strip()


def _plain(value: Decimal, digits: int) -> str:
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(pence: int) -> str:
    """For people: GBP 15.0m; small sums to the pound."""
    if abs(pence) >= 100_000_000:
        return f"£{Decimal(pence) / 100_000_000:,.1f}m"
    return amount(pence - pence % 100) if pence >= 100 else amount(pence)
