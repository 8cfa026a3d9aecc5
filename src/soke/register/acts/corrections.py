"""Corrections: an entry that reverses another by its number, or says what it should have said. Both stay for ever.

What takes money or a count from others is no slip for long: who made the entry corrects it alone within
:data:`ALONE` days, and a payer does so only while no matter is open that reaches the fund; afterwards, and for the
registrar, both sides agree first (``correction.agreed``). So no correction is a recall by another name. What was built
upon is corrected from its end. Counts and evidence keep the day of the entry that they correct; money that a place
spends or moves is judged on the day of the correction.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping
from typing import Any

from soke.errors import SokeError
from soke.register.acts.act import FILLINGS, RULES, SINCE, Act, act_of, agreed_by, filling, rule
from soke.register.acts.undo import UNDO
from soke.register.kinds import KINDS, REGISTRAR, check_body, tags_of
from soke.register.ledger import Leg, leg_of
from soke.register.state import GIVERS, RECEIVERS, DealState
from soke.text import day as in_words

ALONE = 30  # days within which who made an entry corrects it by itself: a month's books
GIVEN = ("fund.allotted", "fund.paid", "fund.carry-over-allowed")  # what a payer gives
JUDGED_NOW = (
    "fund.committed", "fund.released", "fund.spent", "fund.carried-over", "fund.moved",
)  # fmt: skip


@rule("correction.agreed")
def _agreed(state: DealState, act: Act) -> None:
    act.only((*state.parties(*GIVERS), *state.parties(*RECEIVERS)), "who gives and who receives under the deal")
    _correctable(state, act.body["entry"])
    agreed_by(state, act, f"correct {act.body['entry']}")


def original_of(state: DealState, seq: int) -> Act:
    """The act that an entry records, with what stands for it now. SokeError where it is none of this deal."""
    entry = state.recorded(seq)
    act = act_of(entry)
    stands = state.corrected.get(seq)
    return dataclasses.replace(act, body=stands) if stands else act


def _correctable(state: DealState, seq: int) -> Act:
    original = original_of(state, seq)
    if original.kind == "entry.corrected":
        fact = f"Entry {seq} is itself a correction, of entry {original.body['entry']}."
        raise SokeError(fact, f"Correct entry {original.body['entry']} again, or record anew what it took back.")
    if original.kind not in UNDO:
        fact = f"Entry {seq} is of the kind {original.kind}, which is not corrected but answered by a further entry."
        raise SokeError(fact, "A step is closed or withdrawn, a person removed, a power given back, a deal amended.")
    return original


def _may(state: DealState, act: Act, original: Act) -> None:
    """SokeError unless who asks may correct the entry now, alone or as both sides agreed."""
    seq = act.body["entry"]
    act.only((original.party, REGISTRAR), "who recorded the entry, or the registrar")
    alone = act.party == original.party and (act.day - original.day).days <= ALONE
    reached = original.kind in GIVEN and _under_way(state, original.body["fund"])
    if alone and not reached:
        return
    agreed = set(state.consents.get(f"correct {seq}", ())) | {act.party}
    sides = {"who gives": state.parties(*GIVERS), "who receives": state.parties(*RECEIVERS)}
    wanting = [words for words, parties in sides.items() if not agreed & set(parties)]
    if wanting:
        why = "a matter is open that reaches this money" if alone else f"it is of {in_words(original.day)}"
        fact = f"Entry {seq} is not corrected by one side alone: {why}."
        if act.party == REGISTRAR:
            fact = f"The registrar corrects entry {seq} only as both sides agreed."
        raise SokeError(fact, f"Still to agree (correction.agreed): {', '.join(wanting)}.")


def _under_way(state: DealState, named: str) -> bool:
    fund = state.fund(named)
    reach = {fund.id, fund.pooled_in}
    return any(
        matter.open and matter.ground != "breach" and reach & set(matter.matter.scope)
        for matter in state.matters.values()
    )


def _outcome(state: DealState, act: Act) -> tuple[DealState, dict[str, Any], dict[str, Any] | None]:
    """The state after the correction, what the software works out, and the body that stands from now on."""
    seq, right = act.body["entry"], act.body.get("right")
    original = _correctable(state, seq)
    _may(state, act, original)
    taken_back = state.corrected.get(seq, {}) is None
    if taken_back and right is None:
        raise SokeError(f"Entry {seq} was taken back already.", "Nothing is left to do.")
    trial = trial_of(state)
    legs: list[Leg] = []
    if not taken_back:
        legs = [leg._replace(pence=-leg.pence) for leg in map(leg_of, original.body.get("legs", ()))]
        _undone(trial, original, act, legs)
    stands: dict[str, Any] | None = None
    if right is not None:
        stands = _righted(trial, original, act, right)
        legs += map(leg_of, stands.get("legs", ()))
    trial.corrected[seq] = stands
    trial.consents.pop(f"correct {seq}", None)
    filled: dict[str, Any] = {"was": original.kind, "about": _about(state, original, stands)}
    return trial, filled | ({"legs": [leg.body() for leg in legs]} if legs else {}), stands


def _undone(trial: DealState, original: Act, act: Act, legs: list[Leg]) -> None:
    try:
        trial.ledger.post(legs)
        UNDO[original.kind](trial, original, act)
    except SokeError as error:
        fact = f"Entry {act.body['entry']} was built upon: {error.fact}"
        raise SokeError(fact, "Correct first what came of it, from its end.") from None
    except (LookupError, ValueError, StopIteration):  # what it did is not there any more: others came in its place
        fact = f"What entry {act.body['entry']} names was succeeded by something else, or is not as it was."
        raise SokeError(fact, "Record what is right now, with a note.") from None


def _righted(trial: DealState, original: Act, act: Act, right: Mapping[str, Any]) -> dict[str, Any]:
    """The body as it should have been, once the state has taken it in. SokeError where a rule forbids it."""
    row = KINDS[original.kind]
    for name in right:
        if name not in row.types or name in row.worked_out:
            fields = ", ".join(key for key in row.types if key not in row.worked_out)
            fact = f'An entry {original.kind} has no field "{name}" that can be set right.'
            raise SokeError(fact, f"Its fields: {fields}.")
    body = {name: value for name, value in original.body.items() if name not in row.worked_out} | dict(right)
    stands = trial.corrected.get(act.body["entry"], {}) is not None
    if stands and all(original.body.get(name) == value for name, value in right.items()):
        raise SokeError("This is what the entry says already.", "Say in right what it should have said.")
    check_body(original.kind, body, whole=False)
    at = act.at if original.kind in JUDGED_NOW else original.at
    redone = dataclasses.replace(original, at=at, body=body)
    if original.kind in FILLINGS:
        body = {**FILLINGS[original.kind](trial, redone), **body}
        redone = dataclasses.replace(redone, body=body)
    for _, later in SINCE.get(original.kind, ()):
        later(trial, redone)
    RULES[original.kind](trial, redone)
    return body


def _about(state: DealState, original: Act, stands: Mapping[str, Any] | None) -> list[str]:
    """The things that the two say something of, but for the deal: the correction is found by each."""
    bodies = [original.body, *([stands] if stands else [])]
    tags = set().union(*(tags_of(state.id, original.kind, body) for body in bodies))
    return sorted(tag for tag in tags if not tag.startswith("deal:"))


def trial_of(state: DealState) -> DealState:
    """A state to try on: containers of its own, and the same values in them, which are never changed."""
    trial = copy.copy(state)
    for item in dataclasses.fields(state):
        value = getattr(state, item.name)
        if isinstance(value, dict | list | set):
            setattr(trial, item.name, copy.copy(value))
    trial.ledger = dataclasses.replace(state.ledger, balances=dict(state.ledger.balances))
    parts = {item.name: copy.copy(getattr(state.partners, item.name)) for item in dataclasses.fields(state.partners)}
    trial.partners = dataclasses.replace(state.partners, **parts)
    trial.notices = {name: list(days) for name, days in state.notices.items()}
    return trial


@filling("entry.corrected")
def _worked_out(state: DealState, act: Act) -> Mapping[str, Any]:
    return _outcome(state, act)[1]


@rule("entry.corrected")
def _corrected(state: DealState, act: Act) -> None:
    trial, _, _ = _outcome(state, act)
    for item in dataclasses.fields(state):
        setattr(state, item.name, getattr(trial, item.name))
