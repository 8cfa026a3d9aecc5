"""A clock that ran ahead, set right: what was stamped in a time that has not come was recorded when it truly was.

One entry from a clock that runs years ahead would close a deal until then, and move every wait of its due process. So
each day that the state holds of such an entry becomes the right one, and a step that was too soon by it is struck out.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from soke.deal.ladder import Matter, step
from soke.errors import SokeError
from soke.register.acts.act import Act, filling, registrar_only, rule
from soke.register.kinds import REGISTER
from soke.register.ledger import Leg, leg_of, moved
from soke.register.state import DealState, OpenMatter

# The days that the state holds because something was recorded on them; all others are what people said, or days due.
RECORDED = frozenset({"on", "asked", "answered", "adopted", "settled", "completed", "done"})
BY_DAY = ("since", "agreeing", "consents")  # maps whose values are such days; of partners: opened, promised_on


def _right(state: DealState, act: Act) -> dt.datetime:
    """The right time. SokeError where the entry that is named is not ahead, or the time does not fit before now."""
    registrar_only(act)
    named, right = act.body["entry"], dt.datetime.fromisoformat(act.body["right"])
    if state.earlier is None or named > state.seq:
        raise SokeError(f"There is no entry {named} before this one.", "Name the first that has the wrong time.")
    entry = state.earlier(named)
    wrong = dt.datetime.fromisoformat(entry["at"])
    own = REGISTER if act.kind.startswith("register.") else state.id
    if entry["deal"] != own:
        fix = "Of the register itself it is register.clock-corrected, of a deal clock.corrected."
        raise SokeError(f'Entry {named} is of the deal "{entry["deal"]}".', fix)
    if wrong <= act.at:
        fact = f"Entry {named} is of {wrong:%Y-%m-%d %H:%M}, and now it is {act.at:%Y-%m-%d %H:%M}: it is not ahead."
        raise SokeError(fact, "Only a time that has not come is set right.")
    if right > act.at:
        raise SokeError(f"The right time lies ahead: {right:%Y-%m-%d %H:%M}.", "Write when it was recorded.")
    before = dt.datetime.fromisoformat(state.earlier(named - 1)["at"]) if named else right
    if before > act.at:
        raise SokeError(f"Entry {named - 1} before it is ahead too.", "Name the first that has the wrong time.")
    if right < before:
        fact = f"Entry {named - 1} before it is of {before:%Y-%m-%d %H:%M}, later than that."
        raise SokeError(fact, "Write when it was recorded, after the entry before it.")
    return right


@rule("register.clock-corrected")
def _register(state: DealState, act: Act) -> None:
    """Entries about the register itself bear no day that anything follows from. From here on it is this time, earlier
    or later than the last entry of the deal: what came next with a clock that lags would else run backwards."""
    _right(state, act)
    state.at = act.at


@filling("clock.corrected")
def _struck(state: DealState, act: Act) -> Mapping[str, Any]:
    right = _right(state, act)
    struck: list[str] = []
    legs: list[Leg] = []
    for matter in state.matters.values():
        after, gone = _redated(matter, act.at.date(), right.date())
        struck += [f"{action}:{matter.id}" for action in gone]
        legs += _given_back(matter, after)
    return ({"struck": struck} if struck else {}) | ({"legs": [leg.body() for leg in legs]} if legs else {})


def _redated(open_matter: OpenMatter, today: dt.date, right: dt.date) -> tuple[Matter, list[str]]:
    """The matter with the right days, and the steps that came too soon by them. What gave something back stays."""
    before = open_matter.matter
    if all(taken.on <= today for taken in before.taken):
        return before, []
    after = Matter(subject=before.subject, scope=before.scope)
    for number, taken in enumerate(before.taken):
        on = right if taken.on > today else taken.on
        try:
            after = step(open_matter.ladder, after, taken.action, taken.party, on, taken.reason)
        except SokeError:
            if taken.action == "lapse":
                state = before.state if number == len(before.taken) - 1 else after.state
                after = dataclasses.replace(after, state=state,
                                            taken=(*after.taken, dataclasses.replace(taken, on=on)))  # fmt: skip
                continue
            return after, [late.action for late in before.taken[number:]]
    return after, []


def _given_back(matter: OpenMatter, after: Matter) -> list[Leg]:
    """What a recall took that is struck out, unless it was given back already."""
    if not matter.takes or matter.matter.state != "recalled" or after.on("recall") is not None:
        return []
    return [leg for taken in matter.takes if taken.fund
            for leg in moved(taken.fund, taken.year, taken.use, "recalled", "allotted", taken.pence)]  # fmt: skip


@rule("clock.corrected")
def _clock(state: DealState, act: Act) -> None:
    right = _right(state, act)
    today, day = act.day, right.date()
    state.ledger.post([leg_of(leg) for leg in act.body.get("legs", ())])
    for name, matter in state.matters.items():
        after, gone = _redated(matter, today, day)
        takes = () if "recall" in gone else matter.takes
        state.matters[name] = dataclasses.replace(matter, matter=after, takes=takes)
    for terms in state.versions:
        terms.proposed = min(terms.proposed, right) if terms.proposed > act.at else terms.proposed
        terms.signed = {party: right if at > act.at else at for party, at in terms.signed.items()}
    state.begun = _day(state.begun, today, day)
    state.status_since = _day(state.status_since, today, day)
    for holder, names in ((state, (*BY_DAY, "reports", "excuses", "revenue")), (state.partners, _PARTNERS)):
        for name in names:
            setattr(holder, name, _with_days(getattr(holder, name), today, day))
    state.said = {content: min(at, act.at) for content, at in state.said.items()}
    state.at = act.at


_PARTNERS = (
    "opened", "promised_on", "decisions", "disputes", "rounds", "answers", "transfers",
)  # fmt: skip


def _day(date: dt.date | None, today: dt.date, right: dt.date) -> dt.date | None:
    return right if date is not None and date > today else date


def _with_days(value: Any, today: dt.date, right: dt.date) -> Any:
    """The same with the right day for each day of recording that has not come."""
    if isinstance(value, dt.date):
        return _day(value, today, right)
    if isinstance(value, dict):
        return {key: _with_days(item, today, right) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_with_days(item, today, right) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changed = {
            item.name: _with_days(part, today, right)
            for item in dataclasses.fields(value)
            if isinstance(part := getattr(value, item.name), list | tuple | dict)
            or (item.name in RECORDED and isinstance(part, dt.date))
        }
        return dataclasses.replace(value, **changed)
    return value
