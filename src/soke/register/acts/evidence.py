"""Evidence: figures reported and revised, public notices, excuses, and what the conditions say of them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from soke.deal.condition import Condition
from soke.deal.evaluation import Excuse, Report
from soke.deal.periods import period_ends
from soke.errors import SokeError
from soke.register.acts.act import Act, filling, rule
from soke.register.kinds import REGISTRAR
from soke.register.state import DealState
from soke.text import day as in_words


def about(state: DealState, condition: Condition) -> tuple[str, ...]:
    """Who reports or checks a condition today."""
    return state.now(*(party for party in (condition.reported_by, condition.checked_by) if party))


@rule("indicator.reported", "indicator.revised")
def _reported(state: DealState, act: Act) -> None:
    indicator = state.indicator(act.body["indicator"])
    if indicator.collection == "register-count":
        fact = f'"{indicator.id}" is counted from the register, so nobody reports it.'
        raise SokeError(fact, "Record the decisions, payments, rounds and answers themselves.")
    testing = [condition for condition in state.deal.conditions if condition.indicator == indicator.id]
    act.only([party for condition in testing for party in about(state, condition)])
    end = act.past("period_end")
    ends = {day for condition in testing for day in period_ends(state.deal, condition, indicator)}
    if end not in ends:
        near = sorted(sorted(ends, key=lambda day: abs(day - end))[:3])
        fact = f'No period of "{indicator.id}" ends on {in_words(end)}.'
        raise SokeError(fact, f"Periods near it end on {', '.join(map(in_words, near)) or 'no day'}.")
    before = [report for report in state.reports if (report.indicator, report.period_end) == (indicator.id, end)]
    if act.kind == "indicator.reported" and before:
        raise SokeError(f'"{indicator.id}" was reported for that period already.', "Record a revision.")
    if act.kind == "indicator.revised" and not before:
        raise SokeError(f'"{indicator.id}" was not reported for that period yet.', "Report it first.")
    checkers = state.now(*(condition.checked_by for condition in testing))
    if act.kind == "indicator.revised" and (indicator.id, end) in state.checked:
        act.only(checkers, "who checks it, and has given or confirmed this figure")
    value = Decimal(act.body["value"])
    state.reports.append(Report(indicator=indicator.id, period_end=end, value=value, on=act.day))
    if act.party in checkers:
        state.checked[indicator.id, end] = act.party


@rule("indicator.confirmed")
def _confirmed(state: DealState, act: Act) -> None:
    """Who checks a figure stands by it; after that only who checks it revises it."""
    indicator, end = state.indicator(act.body["indicator"]), act.past("period_end")
    testing = [condition for condition in state.deal.conditions if condition.indicator == indicator.id]
    act.only(state.now(*(condition.checked_by for condition in testing)))
    if not any((report.indicator, report.period_end) == (indicator.id, end) for report in state.reports):
        raise SokeError(f'"{indicator.id}" was not reported for that period yet.', "It is reported first.")
    if (indicator.id, end) in state.checked:
        raise SokeError(f'"{indicator.id}" was confirmed for that period already.', "Nothing is left to do.")
    state.checked[indicator.id, end] = act.party


@rule("notice.published")
def _notice(state: DealState, act: Act) -> None:
    condition = state.condition(act.body["condition"])
    if condition.none_in_last_months is None:
        raise SokeError(f'The condition "{condition.id}" is not about public notices.', "Name one that is.")
    act.only(about(state, condition))
    published = act.past("published")
    state.notices.setdefault(condition.id, []).append(published)


@rule("excuse.accepted")
def _excuse(state: DealState, act: Act) -> None:
    condition = state.condition(act.body["condition"])
    act.only(state.now(condition.checked_by))
    excuse = Excuse(condition=condition.id, period_end=act.past("period_end"), ground=act.body["ground"],
                    accepted_by=act.party, on=act.day)  # fmt: skip
    if excuse.ground not in condition.excuse:
        fact = f'"{excuse.ground[:80]}" is no excuse that the condition "{condition.id}" names.'
        raise SokeError(fact, f"Those that it names: {'; '.join(condition.excuse) or 'none'}.")
    state.evaluation(condition.id, excuse.period_end, act.day)  # the period must be one
    state.excuses.append(excuse)


@filling("condition.evaluated")
def _worked_out(state: DealState, act: Act) -> Mapping[str, Any]:
    """What the records say; a person only asks for it."""
    evaluation = state.evaluation(act.body["condition"], act.past("period_end"), act.day)
    filled: dict[str, Any] = {"status": evaluation.status, "why": evaluation.why, "excused": evaluation.excused}
    if evaluation.value is not None:
        filled["value"] = f"{evaluation.value:.9f}".rstrip("0").rstrip(".") or "0"
    return filled


@rule("condition.evaluated")
def _evaluated(state: DealState, act: Act) -> None:
    condition = state.condition(act.body["condition"])
    act.only((*about(state, condition), REGISTRAR))
    end = act.past("period_end")
    state.evaluations[condition.id, end] = state.evaluation(condition.id, end, act.day)
