"""What panels and users recommended, and how it was answered, in a published register that was verified."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from soke.register.clock import RightTimes
from soke.register.kinds import KNOWN_BY_KIND, REGISTER
from soke.register.meaning import apply_recorded
from soke.register.published import Entry, Published
from soke.register.recommendations import Answers, answers_on
from soke.register.state import PLACE, DealState

ASKED, DRAWN, ABOUT = "answer.asked", "panel.drawn", "answer:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One panel of a deal, or ``panel`` "": those who asked without one. ``undertaking``: what it was drawn for.
    ``people`` were drawn from ``pool``; none of no panel. ``draw``: the SHA-256 of the statement of the draw.
    ``duty``: who has to answer. ``place``: the code of the deal's area. ``last``: the day of its last entry.
    ``numbers``: the entries about each recommendation, by its id."""

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
    numbers: Mapping[str, Sequence[int]]


def published_answers(found: Published, today: dt.date) -> tuple[Answered, ...]:
    """Of a folder that was verified, each panel that is on record or asked something, by deal and panel.

    As of ``today``; in a rehearsal as of its last entry. SokeError where an entry breaks a rule, or the log was changed
    since it was verified.
    """
    entries = list(found.entries_again())
    when = RightTimes([entry for entry in entries if entry["kind"] in KNOWN_BY_KIND])
    day = when.of(entries[-1]).date() if found.rehearsal and entries else today
    seen = [entry for entry in entries if when.of(entry).date() <= day]
    deals = dict.fromkeys(entry["deal"] for entry in seen if entry["kind"] in (ASKED, DRAWN))
    return tuple(one for deal in deals for one in _of_deal(deal, seen, entries, when, day, found.name))


def _of_deal(
    deal: str, seen: Sequence[Entry], entries: Sequence[Entry], when: RightTimes, day: dt.date, register: str
) -> Iterator[Answered]:
    own = [entry for entry in seen if entry["deal"] in (deal, REGISTER)]
    numbers = _numbers(own)
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
            last=last, answers=answers_on(state, own, day, panel), numbers=numbers,
        )  # fmt: skip


def _numbers(entries: Iterable[Entry]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for entry in entries:
        for tag in entry["tags"]:
            if tag.startswith(ABOUT):
                found.setdefault(tag.removeprefix(ABOUT), []).append(entry["seq"])
    return found
