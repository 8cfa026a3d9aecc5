"""From entries to state: pure functions, the same for whoever records, reads or audits a register.

``apply`` holds every rule: what it lets through when an entry is recorded it lets through when the log is replayed, so
an entry that was written past the rules is found by reading the log. It changes the state only when all is well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from soke.errors import SokeError
from soke.register.acts import agreement, communities, evidence, funds, matters, partners, powers, promises
from soke.register.acts.act import CHECKS, FILLINGS, RULES, SINCE, Act
from soke.register.kinds import KINDS, OF_REGISTER, REGISTER, REGISTRAR, check_body
from soke.register.ledger import check_balanced, leg_of
from soke.register.state import DealState, Earlier
from soke.register.storage import Draft

ROOMS = (agreement, communities, evidence, funds, matters, partners, powers, promises)  # each fills the table of rules


def act_of(entry: Mapping[str, Any]) -> Act:
    at = dt.datetime.fromisoformat(entry["at"])
    return Act(entry["kind"], at, entry["by"]["role"], entry["by"]["person"], entry["body"])


def tags_of(deal: str, kind: str, body: Mapping[str, Any]) -> frozenset[str]:
    """What an entry can be found by: its deal, and each thing of the deal that it names."""
    tags = {f"deal:{deal}"}
    if kind == "deal.proposed":
        tags.add(f"deal:{REGISTER}")  # so that the deals of a register can be listed
    for field, thing in KINDS[kind].tags.items() if kind in KINDS else ():
        named = body.get(field) or []
        tags.update(f"{thing}:{name}" for name in (named if isinstance(named, list) else [named]))
    for taken in body.get("takes", ()):
        tags.update(f"{thing}:{taken[thing]}" for thing in ("power", "fund") if thing in taken)
    return frozenset(tags)


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
    _check_acting(state, act)
    _check_worked_out(state, act, worked_out)
    expected = sorted(tag for tag in entry["tags"] if not tag.startswith("command:"))
    if expected != sorted(tags_of(entry["deal"], act.kind, act.body)):
        raise SokeError("The tags are not those of what the entry says.", "Tags follow from the body.")
    for number, later in SINCE.get(act.kind, ()):
        if new or state.rules >= number:
            later(state, act)
    RULES[act.kind](state, act)
    state.seq, state.at = entry["seq"], max(act.at, state.at or act.at)


def _check_order(state: DealState, entry: Mapping[str, Any], act: Act) -> None:
    if entry["seq"] <= state.seq:
        raise SokeError(f"Entry {entry['seq']} comes after entry {state.seq}.", "Replay entries in their order.")
    if entry["deal"] == state.id and state.at is not None and act.at < state.at:
        fact = f"The entry is of {act.at:%Y-%m-%d %H:%M:%S}, before the last one, of {state.at:%Y-%m-%d %H:%M:%S}."
        raise SokeError(fact, "Time in a register never runs backwards: check the clock.")
    own = entry["deal"] in (state.id, REGISTER)
    if not own or (entry["deal"] == REGISTER) != of_register(act.kind, act.body):
        raise SokeError(f'The entry is of the deal "{str(entry["deal"])[:80]}", where it does not belong.',
                        "Name the deal that it is about.")  # fmt: skip


def _check_acting(state: DealState, act: Act) -> None:
    """The person must have been appointed to act for the party."""
    if act.kind == "register.opened":
        return
    acting = state.registrars if act.party == REGISTRAR else state.people.get(act.party, set())
    if act.person not in acting:
        fact = f'"{act.person[:80]}" does not act for "{act.party[:80]}" in this deal.'
        raise SokeError(fact, f"Who does: {', '.join(sorted(acting)) or 'nobody'}. A registrar appoints.")
    inside = state.id != REGISTER and act.body.get("for_party") != REGISTRAR  # each reader must judge alike
    if act.party == REGISTRAR and inside and any(act.person in people for people in state.people.values()):
        raise SokeError(f'"{act.person}" acts for a party of this deal.', "Another registrar records this.")


def _check_status(state: DealState, act: Act) -> None:
    when = KINDS[act.kind].when
    if state.status in when or "none" in when:  # what a deal begins with its act judges, in words of its own
        return
    if state.status in ("none", "proposed"):
        state.terms  # noqa: B018  # an unknown deal is said to be unknown
        unsigned = ", ".join(agreement.still_to_sign(state.versions[-1]))
        raise SokeError("The deal is not in force yet.", f"Still to sign: {unsigned}.")
    if state.status == "suspended":
        raise SokeError(f"The deal is suspended, and {act.kind} waits.", "Both sides resume it.")
    raise SokeError(f"The deal has ended, so {act.kind} cannot be recorded.", "What was promised may be finished.")


def _check_worked_out(state: DealState, act: Act, worked_out: Mapping[str, Any] | None) -> None:
    """What the software works out must be in the entry as it works out."""
    if act.kind not in FILLINGS:
        return
    if "legs" in act.body:  # unbalanced legs are said to be so, whatever they should have been
        check_balanced(leg_of(leg) for leg in act.body["legs"])
    wanted = FILLINGS[act.kind](state, act) if worked_out is None else worked_out
    if act.body.get("legs") and not wanted.get("legs"):
        raise SokeError("This step moves no money.", "Leave out the legs.")
    for name, value in wanted.items():
        if name != "why" and act.body.get(name) != value:  # words may change with the program, what they say may not
            raise SokeError(f'"{name}" of {act.kind} is not what the records give.', "Leave it out: it is worked out.")


def drafted(state: DealState, deal: str, act: Act, seq: int, tags: frozenset[str] = frozenset()) -> Draft:
    """The entry that records an act, with what the software works out, once the state has taken it in.

    It is checked by the rules that a reader checks it with. SokeError, and the state as it was, where one forbids it.
    ``tags`` come on top of those of what it says.
    """
    check_body(act.kind, act.body, whole=False)
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
