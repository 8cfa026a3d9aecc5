"""From entries to state: pure functions, the same for whoever records, reads or audits a register.

``apply`` holds every rule: what it lets through when an entry is recorded it lets through when the log is replayed, so
an entry that was written past the rules is found by reading the log. It changes the state only when all is well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from soke.errors import SokeError
from soke.register.acts import (
    agreement,
    clocks,
    communities,
    corrections,
    evidence,
    funds,
    keys,
    matters,
    partners,
    powers,
    promises,
    succession,
)  # fmt: skip
from soke.register.acts.act import CHECKS, FILLINGS, RULES, SINCE, Act, act_of
from soke.register.acts.again import check_not_said, content_of, note_said
from soke.register.kinds import KINDS, KNOWN_BY_KIND, OF_REGISTER, REGISTER, REGISTRAR, check_body, tags_of
from soke.register.ledger import check_balanced, leg_of
from soke.register.persons import any_like, like
from soke.register.state import DealState, Earlier
from soke.register.storage import Draft

ROOMS = (
    agreement, clocks, communities, corrections, evidence, funds, keys, matters, partners, powers, promises, succession,
)  # fmt: skip
NUMBERED = frozenset({"deal.proposed", "deal.signed"})  # kinds of which the state holds the number of the entry


def of_register(kind: str, body: Mapping[str, Any]) -> bool:
    """Whether such an entry is about the register itself: its opening, its keys, its clock, and who keeps it."""
    return kind.partition(".")[0] in OF_REGISTER or body.get("for_party") == REGISTRAR


def apply(
    state: DealState, entry: Mapping[str, Any], worked_out: Mapping[str, Any] | None = None, *, new: bool = False
) -> None:
    """Take an entry into the state. SokeError, and the state as it was, where a rule forbids it.

    ``worked_out``: the fields that the software works out from this very state, where the caller has them. ``new``: it
    is about to be recorded, so rules that came later hold too.
    """
    act = act_of(entry)
    check_body(act.kind, act.body)
    _check_order(state, entry, act)
    _check_status(state, act)
    _check_acting(state, act, later=new or state.rules >= 2)
    _check_worked_out(state, act, worked_out)
    expected = sorted(tag for tag in entry["tags"] if not tag.startswith("command:"))
    if expected != sorted(tags_of(entry["deal"], act.kind, act.body)):
        raise SokeError("The tags are not those of what the entry says.", "Tags follow from the body.")
    content = content_of(act)
    if content and (new or state.rules >= 2):
        check_not_said(state, act, content)
    for number, later in SINCE.get(act.kind, ()):
        if new or state.rules >= number:
            later(state, act)
    RULES[act.kind](state, act)
    if content:
        note_said(state, act, content)
    state.seq = entry["seq"]
    if act.kind not in KNOWN_BY_KIND:  # such an act sets the time itself
        state.at = max(act.at, state.at or act.at)


def _check_order(state: DealState, entry: Mapping[str, Any], act: Act) -> None:
    if entry["seq"] <= state.seq:
        raise SokeError(f"Entry {entry['seq']} comes after entry {state.seq}.", "Replay entries in their order.")
    backwards = state.at is not None and act.at < state.at and act.kind not in KNOWN_BY_KIND
    if entry["deal"] == state.id and backwards:
        fact = f"The entry is of {act.at:%Y-%m-%d %H:%M:%S}, before the last one, of {state.at:%Y-%m-%d %H:%M:%S}."
        raise SokeError(fact, "Time in a register never runs backwards: check the clock.")
    own = entry["deal"] in (state.id, REGISTER)
    if not own or (entry["deal"] == REGISTER) != of_register(act.kind, act.body):
        raise SokeError(f'The entry is of the deal "{str(entry["deal"])[:80]}", where it does not belong.',
                        "Name the deal that it is about.")  # fmt: skip


def _acting(state: DealState, party: str) -> set[str]:
    return state.registrars if party == REGISTRAR else state.people.get(party, set())


def _check_acting(state: DealState, act: Act, *, later: bool) -> None:
    """The person must have been appointed to act for the party, in that spelling."""
    if act.kind == "register.opened":
        return
    acting = _acting(state, act.party)
    if act.person not in acting:
        fact = f'"{act.person[:80]}" does not act for "{act.party[:80]}" in this deal.'
        raise SokeError(fact, f"Who does: {', '.join(sorted(acting)) or 'nobody'}. A registrar appoints.")
    inside = state.id != REGISTER and act.body.get("for_party") != REGISTRAR  # each reader must judge alike
    if act.party == REGISTRAR and inside:
        others = {name for people in state.people.values() for name in people}
        there = any_like(act.person, others) if later else act.person if act.person in others else ""
        if there:
            who = f'"{act.person}"' if there == act.person else f'"{act.person}", who reads like "{there}",'
            raise SokeError(f"{who} acts for a party of this deal.", "Another registrar records this.")


def _as_appointed(state: DealState, act: Act) -> Act:
    """The act with persons spelled as they were appointed: O'Brien may write O’Brien, and one person has one spelling
    in the log, which no look-alike of it can enter."""
    person, body = like(act.person, _acting(state, act.party)), act.body
    if act.kind == "person.removed" and isinstance(body.get("name"), str) and isinstance(body.get("for_party"), str):
        named = like(body["name"], _acting(state, body["for_party"]))
        body = {**body, "name": named or body["name"]}
    return replace(act, person=person or act.person, body=body)


def _check_status(state: DealState, act: Act) -> None:
    when = KINDS[act.kind].when
    if state.status in when or "none" in when:  # what a deal begins with its act judges, in words of its own
        return
    if state.status in ("none", "proposed"):
        state.terms  # noqa: B018  # an unknown deal is said to be unknown
        unsigned = ", ".join(agreement.still_to_sign(state.versions[-1], state.successions))
        raise SokeError("The deal is not in force yet.", f"Still to sign: {unsigned}.")
    if state.status == "suspended":
        raise SokeError(f"The deal is suspended, and {act.kind} waits.", "Both sides resume it.")
    raise SokeError(f"The deal has ended, so {act.kind} cannot be recorded.", "What was promised may be finished.")


def _check_worked_out(state: DealState, act: Act, worked_out: Mapping[str, Any] | None) -> None:
    """What the software works out must be in the entry as it works out."""
    if act.kind not in FILLINGS:
        return
    wanted = FILLINGS[act.kind](state, act) if worked_out is None else worked_out
    if act.body.get("legs", ()) != wanted.get("legs", ()):  # unbalanced legs are said to be so, whatever was wanted
        check_balanced(leg_of(leg) for leg in act.body.get("legs", ()))
    if act.body.get("legs") and not wanted.get("legs"):
        raise SokeError("This step moves no money.", "Leave out the legs.")
    for name in KINDS[act.kind].worked_out & act.body.keys():
        if name not in wanted and name != "legs":
            raise SokeError(f'"{name}" of {act.kind} is not what the records give.', "Leave it out: it is worked out.")
    for name, value in wanted.items():
        if name != "why" and act.body.get(name) != value:  # words may change with the program, what they say may not
            raise SokeError(f'"{name}" of {act.kind} is not what the records give.', "Leave it out: it is worked out.")


def drafted(state: DealState, deal: str, act: Act, seq: int, tags: frozenset[str] = frozenset()) -> Draft:
    """The entry that records an act, with what the software works out, once the state has taken it in.

    It is checked by the rules that a reader checks it with. SokeError, and the state as it was, where one forbids it.
    ``tags`` come on top of those of what it says.
    """
    check_body(act.kind, act.body, whole=False)
    act = _as_appointed(state, act)
    _check_status(state, act)
    worked_out = FILLINGS[act.kind](state, act) if act.kind in FILLINGS else {}
    if "why" in worked_out and act.body.get("why", worked_out["why"]) != worked_out["why"]:
        raise SokeError('"why" is worked out.', "Leave it out, and write a note.")
    if act.kind in CHECKS:
        CHECKS[act.kind](state, act)
    body = {**worked_out, **act.body}
    tagged = tags_of(deal, act.kind, body) | tags
    draft = Draft(deal, act.kind, f"{act.at:%Y-%m-%dT%H:%M:%SZ}", act.party, act.person, tagged, body)
    apply(state, draft.entry(seq), worked_out, new=True)
    return draft


def apply_recorded(state: DealState, entry: Mapping[str, Any]) -> None:
    """Take in an entry that is on record. SokeError names it where it breaks a rule."""
    try:
        apply(state, entry)
    except SokeError as error:
        raise SokeError(f"Entry {entry['seq']} breaks a rule: {error.fact}", error.fix, error.where) from None


def state_of(deal: str, entries: Iterable[Mapping[str, Any]], earlier: Earlier | None = None) -> DealState:
    """The state of a deal after entries about it and about the register. SokeError names the entry that breaks a rule.

    Entries of other deals are passed over. ``earlier`` gives an entry by its number; not needed for a list of all.
    """
    if earlier is None and isinstance(entries, Sequence):
        earlier = {entry["seq"]: entry for entry in entries}.__getitem__
    state = DealState(deal, earlier=earlier)
    for entry in entries:
        if entry["deal"] in (deal, REGISTER):
            apply_recorded(state, entry)
    return state
