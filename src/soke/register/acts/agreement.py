"""The deal itself: laid open, signed by each side, suspended, ended; and who acts for whom.

A deal is in force when each party that takes part has signed it itself: all that receive, all councils that must
consent, and one of those that give. An amendment is a further version, signed by the same. It cannot touch what is
under way: a fund that holds money, a condition that a matter is open about, stay as long as that lasts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from soke.deal.check import check_reading
from soke.deal.exploration import explore
from soke.deal.finding import Finding
from soke.deal.ladder import Ladder, ladder_of
from soke.deal.reader import read_terms
from soke.deal.succession import Succession, deal_after, heirs_now, ids_of, missing_heirs
from soke.deal.types import Deal
from soke.england.places import places
from soke.errors import SokeError
from soke.register.acts.act import Act, registrar_only, rule, since
from soke.register.field_types import TYPES
from soke.register.kinds import REGISTER, REGISTRAR
from soke.register.persons import any_like, first_twice
from soke.register.state import GIVERS, RECEIVERS, DealState, Terms
from soke.register.verify import read_key

CONSENT = ("consenting-council",)


@lru_cache(maxsize=64)
def terms_of(deal: str, framework: str) -> Deal:
    """The deal that two texts make. SokeError with the first fault."""
    reading = read_terms(deal, framework, places())
    if reading.deal is None or reading.findings:
        first = min(reading.findings)
        raise SokeError(f"The terms cannot be read: {first.fact}", first.fix, first.at)
    return reading.deal


@lru_cache(maxsize=64)
def ladder_of_texts(deal: str, framework: str) -> Ladder:
    """The ladder of a deal. SokeError where a path of it reaches recall past a step, or goes nowhere."""
    terms = terms_of(deal, framework)
    ladder = ladder_of(terms)
    faults = explore(terms).faults
    if faults:
        raise SokeError(faults[0], "Mend the due process of the deal.")
    return ladder


def check_terms(body: Mapping[str, Any]) -> None:
    """SokeError where the deal that is to be proposed has an error: asked when it is recorded, since checks grow."""
    deal, framework = body.get("deal"), body.get("framework")
    if isinstance(deal, str) and isinstance(framework, str) and all(map(TYPES["terms"].test, (deal, framework))):
        first = _first_error(deal, framework)
        if first is not None:
            raise SokeError(f"The deal does not check: {first.fact}", first.fix, first.at)


@lru_cache(maxsize=64)
def _first_error(deal: str, framework: str) -> Finding | None:
    errors = check_reading(read_terms(deal, framework, places()), places()).errors
    return errors[0] if errors else None


@rule("register.opened")
def _opened(state: DealState, act: Act) -> None:
    if state.registrars:
        raise SokeError("The register was opened already.", "Appoint further registrars as persons.")
    if act.person not in act.body["registrars"]:
        raise SokeError("Who opens a register is one of its registrars.", f'Add "{act.person}" to registrars.')
    twice = first_twice(act.body["registrars"]) if act.body.get("rules", 1) >= 2 else None
    if twice:
        raise SokeError(f'"{twice[1]}" reads like "{twice[0]}": one registrar, twice.', "Name each once.")
    if "key" in act.body and read_key(act.body["key"]).name != act.body["name"]:
        raise SokeError(f"The key is not of the log {act.body['name']}.", "Give the register a key of its own name.")
    state.registrars.update(act.body["registrars"])
    state.keys += [act.body["key"]] if "key" in act.body else []
    state.name, state.rehearsal = act.body["name"], act.body.get("rehearsal", False)
    state.rules = act.body.get("rules", 1)


@rule("deal.proposed")
def _proposed(state: DealState, act: Act) -> None:
    registrar_only(act)
    if state.status == "ended":
        raise SokeError("The deal has ended.", "Propose a new deal, with an id of its own.")
    version, deal = len(state.versions) + 1, terms_of(act.body["deal"], act.body["framework"])
    if act.body["version"] != version:
        raise SokeError(f"The next version of the deal is {version}.", f"Write {version}.")
    if deal.id != state.id:
        raise SokeError(f'The terms are of the deal "{deal.id}", not of "{state.id}".', "Name the deal by its own id.")
    taken = [party.id for party in deal.parties if party.id in (REGISTRAR, REGISTER)]
    if taken:
        raise SokeError(f'A party has the id "{taken[0]}", which the register keeps for itself.', "Rename the party.")
    ladder = ladder_of_texts(act.body["deal"], act.body["framework"])
    terms = Terms(version, deal, ladder, act.at, seq=act.seq)
    if state.current is not None:
        _leaves_standing(state, terms)
    state.versions.append(terms)
    if state.current is None:
        state.status = "proposed"


def _leaves_standing(state: DealState, terms: Terms) -> None:
    """SokeError where an amendment would take away what is under way, or the heirs of what was succeeded."""
    for one, heir in missing_heirs(terms.deal, state.successions):
        fact = f'The amendment names the {one.thing} "{one.id}" and not "{heir}", which came in its place.'
        raise SokeError(fact, f"Name its heirs: {', '.join(each.id for each in one.heirs)}.")
    deal = state.deal_of(terms)
    for ids in (ids_of(deal, "fund"), ids_of(deal, "power")):
        if twice := [name for name in ids if ids.count(name) > 1]:
            fact = f'"{twice[0]}" is an heir\'s part already, and the amendment brings another thing of that id.'
            raise SokeError(fact, "Give it an id of its own, or leave out what was divided.")
    for (fund, _, _, account), pence in state.ledger.balances.items():
        if pence > 0 and account in ("allotted", "held", "committed", "recalled") and deal.fund(fund) is None:
            raise SokeError(f'The fund "{fund}" holds money, and the amendment drops it.', "Keep it until it is spent.")
    kept = {condition.id for condition in deal.conditions}
    for matter in state.matters.values():
        if (
            matter.open
            and matter.condition is not None
            and kept.isdisjoint(heirs_now(state.successions, "condition", matter.condition.id))
        ):
            fact = f'A matter is open about "{matter.condition.id}", and the amendment drops that condition.'
            raise SokeError(fact, "Keep it until the matter is closed.")


def _must_sign(deal: Deal) -> tuple[set[str], set[str]]:
    """Those who all sign, and those of whom one signs."""
    every = {party.id for party in deal.parties if party.role in (*RECEIVERS, *CONSENT)}
    return every, {party.id for party in deal.parties if party.role in GIVERS}


def still_to_sign(terms: Terms, successions: Sequence[Succession] = ()) -> list[str]:
    """Whose signature is wanted, each in words. An heir signs for itself, whoever signed before it."""
    every, givers = _must_sign(deal_after(terms.deal, successions))
    rest = sorted(every - terms.signed.keys())
    return rest if givers & terms.signed.keys() else [*rest, f"one of {', '.join(sorted(givers))}"]


@rule("deal.signed")
def _signed(state: DealState, act: Act) -> None:
    terms = state.versions[-1] if state.versions else state.terms
    if state.status == "ended":
        raise SokeError("The deal has ended.", "Sign a new deal, with an id of its own.")
    if act.body["version"] != terms.version:
        raise SokeError(f"Version {act.body['version']} of the deal is not open.", f"The last is {terms.version}.")
    every, givers = _must_sign(state.deal_of(terms))
    act.only([*every, *givers], "those who take part in the deal")
    if act.party in terms.signed and (terms is state.current or still_to_sign(terms, state.successions)):
        raise SokeError(f'"{act.party}" has signed version {terms.version} already.', "Nothing is left to do.")
    if state.current is not None:
        _leaves_standing(state, terms)  # money may have come since it was laid open
    terms.signed[act.party] = act.at
    if not still_to_sign(terms, state.successions):
        terms.since = act.seq
        _come_into_force(state, terms, act.day)


def _come_into_force(state: DealState, terms: Terms, day: dt.date) -> None:
    state.current = terms
    state.begun = state.begun or day
    state.status_since = state.status_since or day
    state.status = "in-force" if state.status == "proposed" else state.status
    offered = [power.id for power in state.deal.powers]
    for gone in state.powers.keys() - set(offered):
        state.powers[gone] = "returned"
    for power in offered:
        state.powers.setdefault(power, "offered")


@rule("deal.suspended", "deal.resumed", "deal.ended")
def _agreed(state: DealState, act: Act) -> None:
    """Both sides record it themselves; it holds from the second of the two. No side suspends or ends a deal alone.

    What one side agreed to stands open for as long as a place has to answer a notice; then it lapses.
    """
    giving, receiving = state.parties(*GIVERS), state.parties(*RECEIVERS)
    act.only((*giving, *receiving))
    becomes = {"deal.suspended": "suspended", "deal.resumed": "in-force", "deal.ended": "ended"}[act.kind]
    allowed = {"suspended": ("in-force",), "in-force": ("suspended",), "ended": ("in-force", "suspended")}[becomes]
    if state.status not in allowed:
        raise SokeError(f"The deal is {state.status.replace('-', ' ')}.", f"{act.kind} does not fit that.")
    until = dt.timedelta(state.ladder.process.notice_days + state.ladder.process.response_days)
    agreed = {party: on for party, on in state.agreeing.get(act.kind, {}).items() if act.day <= on + until}
    if act.party in agreed:
        raise SokeError(f'"{act.party}" has agreed to this already.', "It waits for the other side.")
    agreed[act.party] = act.day
    state.agreeing[act.kind] = agreed
    if agreed.keys() & set(giving) and agreed.keys() & set(receiving):
        state.status = becomes  # type: ignore[assignment]
        state.status_since = act.day
        state.agreeing.clear()


@rule("person.appointed")
def _appointed(state: DealState, act: Act) -> None:
    party, name = act.body["for_party"], act.body["name"]
    act.only([REGISTRAR, party], "the registrar, or who acts for the party")
    if party == REGISTRAR:
        state.registrars.add(name)
        return
    parties = set(ids_of(state.deal_of(state.versions[-1]), "party")) if state.versions else set()
    if party not in parties:
        raise SokeError(f'"{party}" is no party of the deal.', f"Its parties: {', '.join(sorted(parties)) or 'none'}.")
    if name in state.people.get(party, ()):
        raise SokeError(f'"{name}" acts for "{party}" already.', "Nothing is left to do.")
    other = (
        REGISTRAR
        if name in state.registrars
        else next((of for of, acting in state.people.items() if name in acting), "")
    )
    if other:
        fact = f'"{name}" acts for "{other}" already, and nobody acts for two sides of a deal.'
        raise SokeError(fact, "Appoint somebody else, or remove that appointment first.")
    state.people.setdefault(party, set()).add(name)


@since(2, "person.appointed")
def _is_nobody_else(state: DealState, act: Act) -> None:
    """Nobody acts for two sides under a name that reads like another, and nobody is appointed twice so.

    A registrar is compared with registrars alone: every deal must judge such an entry alike.
    """
    party, name = act.body["for_party"], act.body["name"]
    sides = {REGISTRAR: state.registrars} | ({} if party == REGISTRAR else state.people)
    for side in (party, *(side for side in sides if side != party)):
        there = any_like(name, sides.get(side, ()))
        if there and (there != name or party == REGISTRAR):
            who = f'"{name}" acts' if there == name else f'"{name}" reads like "{there}", who acts'
            both = "" if side == party else ", and nobody acts for two sides of a deal"
            fact = f'{who} for "{side}" already{both}.'
            raise SokeError(fact, "If they are two people, add a middle name or an office to the name.")


@rule("person.removed")
def _removed(state: DealState, act: Act) -> None:
    party, name = act.body["for_party"], act.body["name"]
    act.only([REGISTRAR, party], "the registrar, or who acts for the party")
    acting = state.registrars if party == REGISTRAR else state.people.get(party, set())
    if name not in acting:
        raise SokeError(f'"{name}" does not act for "{party}".', f"Who does: {', '.join(sorted(acting)) or 'nobody'}.")
    if party == REGISTRAR and len(acting) == 1:
        raise SokeError("A register has at least one registrar.", "Appoint another one first.")
    acting.remove(name)
