"""What was recommended under a deal and how it was answered, on a day: from the entries of the register alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from soke.community.answers import (
    Line,
    Recommendation,
    Totals,
    headline,
    in_time,
    lines,
    told,
    totals,
)
from soke.errors import SokeError
from soke.register.standing import ConditionLine, standing
from soke.register.state import DealState
from soke.text import day as in_words

INDICATOR = "answers-in-time"
KINDS = ("answer.asked", "answer.given", "answer.done")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Recommendations and answers under the deal ``deal``, called ``title``, on a ``day``.

    ``in_short`` says how many there are, ``sentences`` how many were answered in time, and how that stands under each
    condition of the deal that counts it. ``rehearsal``: of a register that shows what could be.
    """

    deal: str
    title: str
    day: dt.date
    rehearsal: bool
    lines: tuple[Line, ...]
    totals: Totals
    in_short: str
    sentences: tuple[str, ...]


def answers_on(
    state: DealState, entries: Iterable[Mapping[str, Any]], day: dt.date, panel: str | None = None
) -> Answers:
    """What was recommended by the day, by everybody, by one ``panel``, or by those of no panel (""); ``entries`` are
    those that made ``state``.

    SokeError names the panels on record where that one is not.
    """
    chosen = _of_panel(state, recommended(state, entries), panel)
    table = lines(chosen, day)
    counted = totals(table)
    return Answers(
        deal=state.id, title=state.deal.title, day=day, rehearsal=state.rehearsal, lines=table, totals=counted,
        in_short=headline(counted), sentences=(told(in_time(chosen, day), day), *conditions(state, day)),
    )  # fmt: skip


def _of_panel(state: DealState, every: Sequence[Recommendation], panel: str | None) -> list[Recommendation]:
    if panel and panel not in state.partners.panels:
        known = ", ".join(state.partners.panels) or "none yet"
        fix = f"Those that there are: {known}."
        raise SokeError(f'There is no panel "{panel[:80]}" on record.', fix, code="unknown-name")
    return [made for made in every if panel is None or made.answer.panel == panel]


def recommended(state: DealState, entries: Iterable[Mapping[str, Any]]) -> list[Recommendation]:
    """Each recommendation of a deal, with who recorded what; ``entries`` are those that made ``state``."""
    who: dict[tuple[str, str], str] = {}
    community: dict[str, str] = {}
    for entry in entries:
        if entry["kind"] in KINDS:
            answer = entry["body"]["answer"]
            who[answer, entry["kind"]] = state.party_name(entry["by"]["role"])
            if "community" in entry["body"]:
                community[answer] = state.undertaking(entry["body"]["community"])
    return [
        Recommendation(
            answer=answer, text=state.partners.titles["answer", answer.id], community=community.get(answer.id, ""),
            asked_by=who.get((answer.id, "answer.asked"), ""), answered_by=who.get((answer.id, "answer.given"), ""),
            confirmed_by=who.get((answer.id, "answer.done"), ""),
        )
        for answer in state.partners.answers.values()
    ]  # fmt: skip


def conditions(state: DealState, day: dt.date) -> list[str]:
    """What each condition that counts answers says of its own period, word for word as `soke register status`."""
    counting = {condition.id for condition in state.deal.conditions if condition.indicator == INDICATOR}
    return [_condition(line) for line in standing(state, day) if line.id in counting]


def _condition(line: ConditionLine) -> str:
    ended = f"period to {in_words(line.found.period_end)}: {line.status}. {line.found.why}"
    running = f" Period to {in_words(line.running.period_end)}: {line.running.why}" if line.running else ""
    return f'The condition "{line.title}", {ended}{running}'
