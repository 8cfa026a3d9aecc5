"""The keys of the register and its witnesses: who follows whom, and what is agreed when a key is lost.

A key that is there is followed by the one that it signs. A key that is lost cannot sign: each deal in force agrees to
the new one, a giver, a receiver and, where the deal has one, a community, assurer or adjudicator.
"""

from __future__ import annotations

import datetime as dt

from soke.errors import SokeError
from soke.register.acts.act import Act, registrar_only, rule
from soke.register.kinds import NOT_ENDED
from soke.register.state import GIVERS, RECEIVERS, WITNESSES, DealState
from soke.register.verify import COSIGNATURE, Failed, Refused, check_follows, distinct, read_key
from soke.text import listed

FOLLOWS = ("key.named", "key.rotated", "key.reanchored")


@rule(*FOLLOWS)
def _followed(state: DealState, act: Act) -> None:
    registrar_only(act)
    before = [read_key(key) for key in state.keys]
    try:
        new = check_follows(state.name, before, act.kind, dict(act.body))
    except Failed as error:
        raise SokeError(str(error), "soke register key makes the entry, with its signatures.") from None
    if new.public in {read_key(witness, COSIGNATURE).public for witness in state.witnesses}:
        raise SokeError("This is the key of a witness.", "Make a key of the register's own: soke register key --new.")
    if act.kind == "key.reanchored":
        check_agreed(state, act.body["key"], act.day)
        state.reanchored.append(act.day)
    state.keys.append(act.body["key"])
    state.key_lost.clear()


@rule("deal.key-lost")
def _lost(state: DealState, act: Act) -> None:
    sides = (*state.parties(*GIVERS), *state.parties(*RECEIVERS), *state.parties(*WITNESSES))
    act.only(sides, "both sides, and a witness")
    key = act.body["key"]
    if not state.keys:
        raise SokeError("The register names no key that could be lost.", "soke register key names one.")
    if key in state.keys:
        raise SokeError("This key was the register's already.", "Agree to the new one.")
    if read_key(key).name != state.name:
        raise SokeError(f"The key is of {read_key(key).name}, and the register is {state.name}.", "Agree to its own.")
    agreed = _agreeing(state, key, act.day)
    if act.party in agreed:
        raise SokeError(f'"{act.party}" has agreed to this already.', "It waits for the others.")
    state.key_lost[key] = agreed | {act.party: act.day}


def _agreeing(state: DealState, key: str, day: dt.date) -> dict[str, dt.date]:
    """Who has agreed to a new key; that stands for as long as a place has to answer a notice."""
    process = state.terms.ladder.process
    until = dt.timedelta(process.notice_days + process.response_days)
    return {party: on for party, on in state.key_lost.get(key, {}).items() if day <= on + until}


def check_agreed(state: DealState, key: str, day: dt.date) -> None:
    """SokeError where a deal that is in force has not agreed to a new key in the place of a lost one."""
    if state.status not in NOT_ENDED:
        return
    agreed = _agreeing(state, key, day).keys()
    sides = [found for roles in (GIVERS, RECEIVERS, WITNESSES) if (found := state.parties(*roles))]
    wanting = [f"one of {', '.join(side)}" for side in sides if not agreed & set(side)]
    if wanting:
        fact = f'In the deal "{state.id}" still to agree that the key is lost: {listed(wanting)}.'
        raise SokeError(fact, f"Each records deal.key-lost with key={key}.")


@rule("witness.named")
def _witnesses(state: DealState, act: Act) -> None:
    registrar_only(act)
    try:
        found = distinct(act.body["witnesses"])
    except Refused as error:
        raise SokeError(str(error), "Name each witness once, each with a key of its own.") from None
    if act.body["need"] > len(found):
        raise SokeError(f"{act.body['need']} witnesses cannot be had of {len(found)}.", "Name more, or need fewer.")
    if {one.public for one in found} & {read_key(key).public for key in state.keys}:
        raise SokeError("The register's own key is no witness to it.", "A witness is somebody else.")
    state.witnesses, state.need = list(act.body["witnesses"]), act.body["need"]
