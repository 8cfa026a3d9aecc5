"""What panels and users recommended, and how it was answered, in a register as it was published: checked, then read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from soke.errors import SokeError
from soke.register.clock import RightTimes
from soke.register.keys import trust_in
from soke.register.kinds import KNOWN_BY_KIND, REGISTER
from soke.register.meaning import apply_recorded
from soke.register.recommendations import Answers, answers_on
from soke.register.state import PLACE, DealState
from soke.register.verify import Failed, check_signature, read_json, read_lines
from soke.register.views import View, read_view

ASKED, DRAWN = "answer.asked", "panel.drawn"
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One panel of a deal, or ``panel`` "": those who asked without one. ``undertaking``: what it was drawn for.
    ``people`` were drawn from ``pool``; none of no panel. ``draw``: the SHA-256 of the statement of the draw.
    ``duty``: who has to answer. ``place``: the code of the deal's area. ``last``: the day of its last entry."""

    register: str
    panel: str
    undertaking: str
    people: int
    pool: int
    draw: str
    duty: tuple[str, ...]
    place: str
    last: dt.date
    answers: Answers


def published_answers(folder: Path, today: dt.date) -> tuple[Answered, ...]:
    """Of a published folder, each panel that is on record or asked something, by deal and panel.

    As of ``today``; in a rehearsal as of its last entry. SokeError where log, checkpoint and key do not belong
    together, or an entry breaks a rule.
    """
    view = read_view(folder)
    if view.log is None:
        raise SokeError("The log is not there.", "Fetch the published folder again.", str(folder), code="no-file")
    with view.log.open("rb") as file:
        entries: list[Entry] = [read_json(line) for line in islice(read_lines(file), view.checkpoint.size)]
    _check_signed(view, entries)
    when = RightTimes([entry for entry in entries if entry["kind"] in KNOWN_BY_KIND])
    day = when.of(entries[-1]).date() if view.rehearsal and entries else today
    seen = [entry for entry in entries if when.of(entry).date() <= day]
    deals = dict.fromkeys(entry["deal"] for entry in seen if entry["kind"] in (ASKED, DRAWN))
    return tuple(found for deal in deals for found in _of_deal(deal, seen, entries, when, day, view.checkpoint.origin))


def _check_signed(view: View, entries: Sequence[Entry]) -> None:
    span = trust_in(entries).in_force(view.checkpoint.size)
    key = span.key if span else view.key
    if key is None:
        raise SokeError("Nothing says with which key the checkpoint was signed.", "Put key.pub beside it.", view.where)
    try:
        check_signature(view.checkpoint, key)
    except Failed as error:
        raise SokeError(str(error), "Take the folder again from its source.", view.where, code="damaged") from None


def _of_deal(
    deal: str, seen: Sequence[Entry], entries: Sequence[Entry], when: RightTimes, day: dt.date, register: str
) -> Iterator[Answered]:
    own = [entry for entry in seen if entry["deal"] in (deal, REGISTER)]
    state = DealState(deal, earlier=lambda number: dict(entries[number]))
    for entry in own:
        apply_recorded(state, entry)
    drawn = {entry["body"]["panel"]: entry["body"] for entry in own if entry["kind"] == DRAWN}
    asked = {answer.panel for answer in state.partners.answers.values()}
    duty = tuple(dict.fromkeys(state.party_name(party.id) for party in state.deal.parties if party.role in PLACE))
    last = max((when.of(entry).date() for entry in own if entry["deal"] == deal), default=day)
    for panel in [*state.partners.panels, *([""] if "" in asked else [])]:
        body = drawn.get(panel, {})
        undertaking, people = state.partners.panels.get(panel, ("", 0))
        yield Answered(
            register=register, panel=panel, undertaking=state.undertaking(undertaking) if undertaking else "",
            people=people, pool=body.get("pool", 0), draw=body.get("draw", ""), duty=duty, place=state.deal.place,
            last=last, answers=answers_on(state, own, day, panel),
        )  # fmt: skip
