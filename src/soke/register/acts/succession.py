"""Succession: a party, power, fund, condition or community is succeeded by one or several others from a day.

Councils are merged, a county is divided between two unitaries, a fund is rolled into another. The registrar records it,
with its order; what the two sides rearrange themselves (a fund, a condition, an undertaking) needs none, where both
have agreed to it. The heirs are in the terms in force: they came in with an amendment that all signed. Here stands
what is refused; what follows is in :mod:`soke.register.inheritance`.

A succession passes on what there is. It never makes anything recallable that was not, nor takes anything out of the
reach of a recall: where the terms of an heir would do so, the deal is to be amended first, openly.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from soke.deal.recall_share import reaches
from soke.deal.succession import THINGS, Heir, Succession, deal_after, ids_of
from soke.deal.types import Deal, Fund, Power
from soke.england.places import places
from soke.errors import SokeError
from soke.register.acts.act import Act, filling, registrar_only, rule, when_recorded
from soke.register.inheritance import Estate, check_ids, estate, follow
from soke.register.ledger import leg_of
from soke.register.state import GIVERS, RECEIVERS, AgreedSuccession, DealState
from soke.text import day as in_words

WORDS = {"party": "party", "power": "power", "fund": "fund", "condition": "condition", "community": "undertaking"}
BY_LAW = ("party", "power")  # what only an order hands over
JUDGES = {"hearing_before": "hears", "decision_by": "decides", "appeal_to": "is the court of appeal for"}


def _of(act: Act) -> Succession:
    heirs = tuple(Heir(named, Decimal(share)) for named, share in sorted(act.body["by"].items()))
    return Succession(thing=act.body["thing"], id=act.body["named"], heirs=heirs, on=act.date("on"),
                      order=act.body.get("order", ""))  # fmt: skip


def succession_of(body: Mapping[str, Any]) -> Succession | None:
    """What an entry on record says; nothing where it cannot be read, which replaying the log finds."""
    try:
        one = _of(Act("succession.recorded", dt.datetime.min, "", "", body))
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError):
        return None
    return one if one.thing in THINGS and all(heir.share.is_finite() for heir in one.heirs) else None


def _checked(state: DealState, act: Act) -> tuple[Succession, Estate]:
    """The succession and what goes over by it. SokeError where it is none, or not under these terms."""
    one = _of(act)
    _check_day(state, act)
    _check_thing(state, one)
    for heir in one.heirs:
        _check_heir(state, one, heir.id)
    whole = sum(heir.share for heir in one.heirs)
    if whole != 1:
        said = " + ".join(f"{heir.share}" for heir in one.heirs)
        said = f"The shares are {said} = {whole}." if len(one.heirs) > 1 else f"The only heir has the share {whole}."
        raise SokeError(said, "Shares of all heirs sum to exactly 1.")
    check = {"party": _party, "fund": _fund, "power": _power, "community": _community}.get(one.thing)
    if check is not None:
        check(state, one, act.day)
    found = estate(state, one)
    check_ids(state, one, found)
    return one, found


def _check_day(state: DealState, act: Act) -> None:
    on = act.past("on")
    if state.begun is not None and on < state.begun:
        fact = f"The deal is in force from {in_words(state.begun)}, and this would be from {in_words(on)}."
        raise SokeError(fact, "What came before the deal its terms already say.")


def _check_thing(state: DealState, one: Succession) -> None:
    known = ids_of(state.deal, one.thing)
    if one.id not in known:
        gone = state.succeeded(one.thing, one.id)
        fact = f"The {WORDS[one.thing]} {gone}" if gone else f'"{one.id}" is no {WORDS[one.thing]} of the deal.'
        fix = "Nothing is succeeded twice: record what becomes of its heirs." if gone else "Those that it has: "
        raise SokeError(fact, fix if gone else f"{fix}{', '.join(known) or 'none'}.")


def _check_heir(state: DealState, one: Succession, heir: str) -> None:
    word = WORDS[one.thing]
    if heir == one.id:
        raise SokeError(f'"{heir}" would come in its own place.', "Name those that come in its place, without itself.")
    if heir in ids_of(state.deal, one.thing):
        return
    gone = state.succeeded(one.thing, heir)
    if gone:
        raise SokeError(f"The {word} {gone}", "What is succeeded is nobody's heir: name those in its place.")
    last = state.versions[-1]
    if last is not state.current and heir in ids_of(state.deal_of(last), one.thing):
        fact = f'The {word} "{heir}" comes in with version {last.version} of the deal, which is not in force yet.'
        raise SokeError(fact, "Record the succession once all have signed that version.")
    fact = f'"{heir}" is no {word} of the terms in force, so it cannot come in the place of "{one.id}" yet.'
    raise SokeError(fact, "Bring it in with an amendment that all sign, then record the succession.")


# --- what may come in whose place ---


def _party(state: DealState, one: Succession, day: dt.date) -> None:
    role = {party.id: party.role for party in state.deal.parties}
    for heir in one.heirs:
        if role[heir.id] != role[one.id]:
            fact = f'"{one.id}" is {_a(role[one.id])} under the deal, and "{heir.id}" is {_a(role[heir.id])}.'
            raise SokeError(fact, "An heir has the role of the party: amend the deal first.")
    process = state.deal.due_process
    for key, does in JUDGES.items() if len(one.heirs) > 1 else ():
        if getattr(process, key, "") == one.id:
            raise SokeError(f'"{one.id}" {does} matters, and only one can do that.',
                            "Amend the due process of the deal first, so that it names who does.")  # fmt: skip
    _check_apart(state.deal, deal_after(state.deal, [one]))


def _a(role: str) -> str:
    return f"{'an' if role[0] in 'aeiou' else 'a'} {role.replace('-', ' ')}"


def _check_apart(before: Deal, after: Deal) -> None:
    """SokeError where one party would come to report and check the same condition, or pay itself."""
    apart = {each.id for each in before.conditions if each.reported_by != each.checked_by}
    for each in after.conditions:
        if each.id in apart and each.reported_by == each.checked_by:
            fact = f'"{each.reported_by}" would report the condition "{each.id}" and check it.'
            raise SokeError(fact, "Nobody checks its own figures: amend the deal first.")
    for fund in after.funds:
        if fund.payer == fund.payee:
            raise SokeError(f'"{fund.payer}" would pay the fund "{fund.id}" to itself.', "Amend the deal first.")


def _fund(state: DealState, one: Succession, day: dt.date) -> None:
    gone = state.fund(one.id)
    for heir in one.heirs:
        into = state.fund(heir.id)
        for what, key in (("pool", "pooled_in"), ("theme", "theme"), ("share that a recall may take",
                                                                      "recallable_share")):  # fmt: skip
            if getattr(gone, key) != getattr(into, key):
                raise _unlike(f'The funds "{gone.id}" and "{into.id}" differ in the {what}.')
        _check_reach(state, gone, into, day)


def _power(state: DealState, one: Succession, day: dt.date) -> None:
    gone, held = state.power(one.id), state.powers.get(one.id) == "held"
    for heir in one.heirs:
        into = state.power(heir.id)
        if (gone.recallable, gone.needs_order) != (into.recallable, into.needs_order):
            raise _unlike(f'The powers "{gone.id}" and "{into.id}" differ in whether and how they can be recalled.')
        if held and into.in_force is not None and day < into.in_force:
            raise SokeError(f'"{into.id}" is in force from {in_words(into.in_force)} only.', "Record it from that day.")
        _check_reach(state, gone, into, day, both_there=held and state.powers.get(into.id) == "held")


def _check_reach(
    state: DealState, gone: Fund | Power, into: Fund | Power, day: dt.date, *, both_there: bool = True
) -> None:
    """SokeError where what goes over would come into the reach of other recalls, or out of it."""
    for condition in state.deal.conditions:
        scope = condition.recall.scope if condition.recall else ()
        reached = [reaches(condition, each) if isinstance(each, Fund) else each.id in scope for each in (gone, into)]
        if reached[0] != reached[1]:
            named, other = (gone, into) if reached[0] else (into, gone)
            fact = f'The condition "{condition.id}" can recall "{named.id}" and not "{other.id}".'
            raise _unlike(fact)
    for matter in state.matters.values():
        both = [bool(_names(each) & set(matter.matter.scope)) for each in (gone, into)]
        if matter.open and both[0] != both[1]:
            named = gone if both[0] else into
            fact = f'The matter {matter.id} is open about one of "{gone.id}" and "{into.id}" only: "{named.id}".'
            raise SokeError(fact, "Wait until it is closed.")
    if both_there and state.held_back(gone.id, day) is not state.held_back(into.id, day):
        fact = f'Of "{gone.id}" and "{into.id}" one is held back and the other is not.'
        raise SokeError(fact, "Wait until the matter is closed.")


def _names(thing: Fund | Power) -> set[str | None]:
    return {thing.id, thing.pooled_in or thing.id} if isinstance(thing, Fund) else {thing.id}


def _unlike(fact: str) -> SokeError:
    return SokeError(fact, "A succession changes no terms of a recall: amend the deal first, so that they are alike.")


def _community(state: DealState, one: Succession, day: dt.date) -> None:
    mechanism = {each.id: each.mechanism for each in state.deal.community}
    for heir in one.heirs:
        if mechanism[heir.id] != mechanism[one.id]:
            fact = f'"{one.id}" is a {mechanism[one.id]}, and "{heir.id}" a {mechanism[heir.id]}.'
            raise SokeError(fact, "Open rounds and answers need an undertaking of their own kind.")


# --- the two kinds ---


@rule("succession.agreed")
def _agreed(state: DealState, act: Act) -> None:
    giving, receiving = state.parties(*GIVERS), state.parties(*RECEIVERS)
    act.only((*giving, *receiving), "both sides")
    one, _ = _checked(state, act)
    if one.thing in BY_LAW:
        fact = f"What becomes of a {WORDS[one.thing]} is settled by an order, not between the two sides."
        raise SokeError(fact, "The registrar records it, with its order.")
    open_one = _open(state, one, act.day)
    if open_one is not None and act.party in open_one.by:
        raise SokeError(f'"{act.party}" has agreed to this already.', "It waits for the other side, or the registrar.")
    if open_one is None:
        open_one = AgreedSuccession(one)
        state.agreed_successions = [each for each in state.agreed_successions if each.what != one] + [open_one]
    open_one.by[act.party] = act.day


def _open(state: DealState, one: Succession, day: dt.date) -> AgreedSuccession | None:
    """The same as it was agreed to before, for as long as a place has to answer a notice."""
    process = state.ladder.process
    until = dt.timedelta(process.notice_days + process.response_days)
    return next((each for each in state.agreed_successions if each.what == one
                 and day <= max(each.by.values()) + until), None)  # fmt: skip


def _check_ground(state: DealState, one: Succession, day: dt.date) -> None:
    """SokeError without an order, unless both sides agreed to the very same."""
    if one.order:
        return
    if one.thing in BY_LAW:
        fact = f"The succession of a {WORDS[one.thing]} needs the order that makes it."
        raise SokeError(fact, 'Name it in "order", such as the statutory instrument and its number.')
    agreed = _open(state, one, day)
    by = agreed.by.keys() if agreed else set()
    if not (by & set(state.parties(*GIVERS)) and by & set(state.parties(*RECEIVERS))):
        said = f"only {', '.join(sorted(by))} agreed to it" if by else "neither side has agreed to it"
        fact = f"No order is named, and {said}."
        raise SokeError(fact, "Name its order, or let both sides record succession.agreed with the same heirs and day.")


@filling("succession.recorded")
def _legs(state: DealState, act: Act) -> Mapping[str, Any]:
    _, found = _checked(state, act)
    return {"legs": [leg.body() for leg in found.legs]} if found.legs else {}


@rule("succession.recorded")
def _recorded(state: DealState, act: Act) -> None:
    registrar_only(act)
    one, found = _checked(state, act)
    _check_ground(state, one, act.day)
    legs = [leg_of(leg) for leg in act.body.get("legs", ())]
    state.ledger.after(legs)  # refuses before anything changes
    follow(state, one, found)
    state.agreed_successions = [each for each in state.agreed_successions if each.what.id != one.id]


@when_recorded("succession.recorded")
def _as_the_table_has_it(state: DealState, act: Act) -> None:
    """Of a council that our table of places knows to end: not before its day, and by those that take its area."""
    one = _of(act)
    of = {party.id: party.place for party in state.deal.parties}
    rows = places().successors(of.get(one.id) or "") if one.thing == "party" else ()
    rows = tuple(row for row in rows if row.ended is not None)
    if not rows:
        return
    first = dt.date(max(row.ended or 0 for row in rows), 4, 1)
    if one.on < first:
        ends = "ends" if all(row.grade == "official" for row in rows) else "is announced to end"
        fact = f"{rows[0].name} {ends} on {in_words(first)} by the table of places, and this would be from "
        raise SokeError(f"{fact}{in_words(one.on)}.", "Record it from that day.")
    wanted = {row.successor: row.successor_name for row in rows if row.successor}
    named = {of.get(heir.id) or "" for heir in one.heirs}
    if wanted and named != wanted.keys():
        said = " and ".join(f"{name} ({code})" for code, name in wanted.items())
        fact = f"By the table of places {rows[0].name} is succeeded by {said}; the heirs named have "
        has = ", ".join(sorted(code for code in named if code)) or "no place in the deal"
        raise SokeError(f"{fact}{has}.", "Name those, each with its code as its place in the deal.")


def successions_told(state: DealState) -> Iterator[str]:
    """Who came in whose place, since when, in which shares and by which order: a sentence for each."""
    titles = {
        (thing, item.id): f'"{item.title}"'
        for terms in (*state.versions, state.terms) for deal in (terms.deal, state.deal_of(terms))
        for thing, items in (("power", deal.powers), ("fund", deal.funds), ("condition", deal.conditions),
                             ("community", deal.community))
        for item in items
    }  # fmt: skip

    def called(one: Succession, named: str) -> str:
        return state.party_name(named) if one.thing == "party" else titles.get((one.thing, named), named)

    for one in state.successions:
        heirs = [
            called(one, heir.id) + (f" ({percent(heir.share)})" if len(one.heirs) > 1 else "") for heir in one.heirs
        ]
        what = "" if one.thing == "party" else f"The {WORDS[one.thing]} "
        listed = heirs[0] if len(heirs) == 1 else f"{', '.join(heirs[:-1])} and {heirs[-1]}"
        ground = one.order.rstrip(".") or "both sides agreed to it"
        yield f"{what}{called(one, one.id)}: succeeded by {listed} on {in_words(one.on)} ({ground})."


def percent(share: Decimal) -> str:
    """``60%`` for 0.6."""
    return f"{(share * 100).normalize():f}%"
