"""What follows from a succession: money, duties, matters and people go over from what was to what comes in its place.

First a plan, then the change. The **plan** of a fund (:func:`estate`) divides each pot, that is each fund, year and
use, account by account. An account is divided as what it is made of: what is committed, commitment by commitment, what
is still to be paid, by the days set for it, what was recalled, by the matters that took it; so that each heir can
spend, pay and give back to the penny what came to it. Then

    old pot   every account at nought       new pot   its part of every account, and of ``promised`` what balances it

Over all pots no account changes, no pot is left with a penny, and the share of a year that a recall may reach goes with
the money: with what is spent and recalled too, since it counts towards that share and may be given back.

The **change** (:func:`follow`) also carries what is owed by day and by name. What somebody said stays said by who said
it; what is still to be done is for the heirs, each for its share where that is a sum.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from soke.deal.succession import (
    WHOLE,
    Heir,
    Succession,
    condition_after,
    ladder_after,
    part_of,
    passes,
    powers_passed,
    shared,
)
from soke.errors import SokeError
from soke.register.field_types import TYPES
from soke.register.ledger import Leg
from soke.register.promise import PaidInto
from soke.register.promises.money import late_once, late_or_coming, still_there
from soke.register.state import Commitment, DealState, OpenMatter, PayBy, Taking

Pot = tuple[str, int, str]
NOTHING = Decimal(0)
HAS = ("allotted", "held", "committed", "spent", "recalled", "carried", "moved")  # all accounts but ``promised``


@dataclass(slots=True)
class Estate:
    """What goes over of some funds: legs, and the records of what they are made of."""

    legs: list[Leg] = field(default_factory=list)
    commitments: dict[str, tuple[tuple[str, Commitment], ...]] = field(default_factory=dict)  # by the old id
    taken: dict[tuple[str, Taking], tuple[Taking, ...]] = field(default_factory=dict)  # matter and what it took
    dues: dict[Pot, list[tuple[int, dt.date]]] = field(default_factory=dict)  # still to be paid into a new pot
    dated: dict[Pot, dt.date] = field(default_factory=dict)  # new pots for which days were set, and the first of them


def estate(state: DealState, one: Succession) -> Estate:
    """What goes over by a succession that was not recorded yet. The state stays as it is."""
    found = Estate()
    for fund, heirs in passes(state.deal, one).items():
        for pot in state.ledger.pots():
            if pot[0] == fund:
                _divide(state, pot, heirs, found)
    return found


def _divide(state: DealState, pot: Pot, heirs: Sequence[Heir], found: Estate) -> None:
    shares, (fund, year, use) = [heir.share for heir in heirs], pot
    pots = [(heir.id, year, use) for heir in heirs]
    parts: dict[str, list[list[int]]] = {account: [] for account in HAS}
    for name, commitment in state.commitments.items():
        done = not commitment.pence and len(heirs) > 1  # nothing is left of it to divide
        if (commitment.fund, commitment.year, commitment.use) == pot and not done:
            cut = shared(commitment.pence, shares)
            parts["committed"].append(cut)
            found.commitments[name] = tuple(_commitments(name, commitment, heirs, fund, cut))
    for matter in state.matters.values():
        for taking in matter.takes if matter.matter.state == "recalled" else ():
            if (taking.fund, taking.year, taking.use) == pot:
                cut = shared(taking.pence, shares)
                parts["recalled"].append(cut)
                found.taken[matter.id, taking] = tuple(
                    replace(taking, fund=to[0], pence=pence) for to, pence in zip(pots, cut, strict=True) if pence
                )
    for pence, due in outstanding(state, pot):
        cut = shared(pence, shares)
        parts["allotted"].append(cut)
        for to, part in zip(pots, cut, strict=True):
            found.dues.setdefault(to, []).extend([(part, due)] if part else [])
    for to in pots:
        days = [promise.due for promise in state.pay_by if (promise.fund, promise.year, promise.use) in (pot, to)]
        if days:
            found.dated[to] = min(days)
    found.legs += _legs(state, pot, shares, pots, parts)


def _legs(
    state: DealState, pot: Pot, shares: Sequence[Decimal], pots: Sequence[Pot], parts: Mapping[str, list[list[int]]]
) -> Iterator[Leg]:
    whole = Counter[Pot]()
    for account in HAS:
        pence = state.ledger.balance(*pot, account)
        rest = pence - sum(map(sum, parts[account]))
        sums = [sum(column) for column in zip(*parts[account], shared(rest, shares), strict=True)]
        if pence:
            yield Leg(*pot, account, -pence)
        for to, part in zip(pots, sums, strict=True):
            whole[to] += part
            if part:
                yield Leg(*to, account, part)
    promised = state.ledger.balance(*pot, "promised")
    if promised:
        yield Leg(*pot, "promised", -promised)
    yield from (Leg(*to, "promised", -part) for to, part in whole.items() if part)


def _commitments(
    name: str, commitment: Commitment, heirs: Sequence[Heir], fund: str, cut: Sequence[int]
) -> Iterator[tuple[str, Commitment]]:
    """The parts of a commitment, ``works.north``; the commitment itself where all of it goes to one."""
    for heir, pence in zip(heirs, cut, strict=True):
        whose = heir.id.removeprefix(f"{fund}.")
        if pence or len(heirs) == 1:
            yield name if len(heirs) == 1 else part_of(name, whose), replace(commitment, fund=heir.id, pence=pence)


def outstanding(state: DealState, pot: Pot) -> list[tuple[int, dt.date]]:
    """Pence that are still to be paid into a pot, and the day that the payer set itself for them."""
    return [(pence, due) for *of, pence, due in late_or_coming(state) if tuple(of) == pot]


def new_ids(state: DealState, one: Succession, found: Estate) -> Iterator[tuple[str, bool]]:
    """The ids of all parts that come of a succession, and whether each is taken already."""
    funds, powers = passes(state.deal, one), powers_passed(state.deal, one)
    if one.thing == "party":
        known = {fund.id for fund in state.deal.funds} | {power.id for power in state.deal.powers}
        divided = [
            *(heir.id for heirs in funds.values() for heir in heirs),
            *(id for ids in powers.values() for id in ids),
        ]
        yield from ((named, named in known) for named in divided)
    for old, parts in found.commitments.items():
        yield from ((named, named != old and named in state.commitments) for named, _ in parts)
    yield from ((named, named in state.partners.contributions) for named in _contribution_parts(state, one))


def _contribution_parts(state: DealState, one: Succession) -> dict[str, tuple[str, Heir, int]]:
    """What a party that is divided still owes to pools: by the id of each part, the old id, the heir and the pence."""
    parts: dict[str, tuple[str, Heir, int]] = {}
    for name, promise in state.partners.contributions.items() if one.thing == "party" and len(one.heirs) > 1 else ():
        if one.id in state.now(state.partners.promised_by[name]):
            rest = promise.pence - sum(pence for _, pence in promise.payments)
            for heir, pence in zip(one.heirs, shared(max(0, rest), [heir.share for heir in one.heirs]), strict=True):
                if pence:
                    parts[part_of(name, heir.id)] = name, heir, pence
    return parts


# --- the change ---


def follow(state: DealState, one: Succession, found: Estate) -> None:
    """Let all go over to the heirs. Nothing here refuses: what could was asked before."""
    funds, powers = passes(state.deal, one), powers_passed(state.deal, one)
    _fund_records(state, funds, found, one.on)
    _promises(state, funds, powers, one.on)
    for old, new in powers.items():
        _power(state, old, new)
    ids = {old: tuple(heir.id for heir in heirs) for old, heirs in funds.items()} | powers
    if one.thing == "party":
        ids[one.id] = tuple(heir.id for heir in one.heirs)
        _party(state, one)
    if one.thing == "condition":
        _condition(state, one)
    for matter in state.matters.values():
        _matter(matter, one, ids, found)
    state.successions.append(one)


def _fund_records(state: DealState, funds: Mapping[str, tuple[Heir, ...]], found: Estate, on: dt.date) -> None:
    dues = {pot: [*found.dues.get(pot, ()), *outstanding(state, pot)] for pot in found.dated}
    _payments(state, funds, found, on)
    state.ledger.post(found.legs)
    state.pay_by = [
        one for one in state.pay_by if one.fund not in funds and (one.fund, one.year, one.use) not in found.dated
    ]
    for pot, first in found.dated.items():  # what was paid covers what was due first; the rest keeps its days
        covered = -state.ledger.balance(*pot, "promised") - state.ledger.balance(*pot, "allotted")
        state.pay_by += [PayBy(*pot, covered, first, settled=on)] if covered > 0 else []
        state.pay_by += [PayBy(*pot, pence, due) for pence, due in dues[pot]]
    for name, parts in found.commitments.items():
        del state.commitments[name]
        state.commitments.update(parts)
    for allowance in (state.carried_out, state.carry_allowed):
        for (fund, year), pence in list(allowance.items()):
            if fund in funds:
                del allowance[fund, year]
                for heir, part in _by_heir(pence, funds[fund]):
                    allowance[heir.id, year] = allowance.get((heir.id, year), 0) + part
    for (fund, year, use), pence in list(state.increases.items()):
        if fund in funds:
            del state.increases[fund, year, use]
            for heir, part in _by_heir(pence, funds[fund]):
                key = (heir.id, year, use)
                state.increases[key] = state.increases.get(key, 0) + part
    for paid in state.partners.paid_from.values():
        for fund in [fund for fund in paid if fund in funds]:
            for its, part in _by_heir(paid.pop(fund), funds[fund]):
                paid[its.id] = paid.get(its.id, 0) + part


def _payments(state: DealState, funds: Mapping[str, tuple[Heir, ...]], found: Estate, on: dt.date) -> None:
    """Payments stay with the fund that they came into, as they stand today; that some were late goes over."""
    for fund in set(late_once(state, on)) & {*funds, *(pot[0] for pot in found.dated)}:
        state.late_once.discard(fund)
        state.late_once.update(heir.id for heir in funds.get(fund, (Heir(fund, WHOLE),)))
    for pot, came in state.paid.items():
        if pot[0] in funds:
            state.paid[pot] = list(still_there(state, pot, came))


def _promises(
    state: DealState, funds: Mapping[str, tuple[Heir, ...]], powers: Mapping[str, tuple[str, ...]], on: dt.date
) -> None:
    """What was promised of a fund or a power that is gone is kept by those in its place."""
    for promise in state.promises.values():
        into = [each for to in promise.into for each in _paid_into(to, funds.get(to.fund, ()), on)]
        of = dict.fromkeys(new for power in promise.powers for new in powers.get(power, (power,)))
        state.promises[promise.id] = replace(promise, into=tuple(into), powers=tuple(of))


def _paid_into(to: PaidInto, heirs: Sequence[Heir], on: dt.date) -> Iterator[PaidInto]:
    yield replace(to, share=NOTHING) if heirs else to
    yield from (PaidInto(heir.id, on, to.share * heir.share) for heir in heirs)


def _by_heir(pence: int, heirs: Sequence[Heir]) -> Iterable[tuple[Heir, int]]:
    return zip(heirs, shared(pence, [heir.share for heir in heirs]), strict=True)


def _power(state: DealState, old: str, new: Iterable[str]) -> None:
    """The heirs hold what was held; what was only offered or given back says nothing of them."""
    was, since = state.powers.pop(old, "offered"), state.since.pop(old, None)
    for heir in new:
        if heir not in state.powers or (was == "held" and state.powers[heir] != "held"):
            state.powers[heir] = was
            state.since |= {heir: since} if since else {}


def _party(state: DealState, one: Succession) -> None:
    heirs = [heir.id for heir in one.heirs]
    acting = state.people.pop(one.id, set())
    if len(heirs) == 1:
        state.people.setdefault(heirs[0], set()).update(acting)
    for agreed in (*state.agreeing.values(), *(each.by for each in state.agreed_successions)):
        day = agreed.pop(one.id, None)
        for heir in heirs if day else ():
            agreed.setdefault(heir, day)  # type: ignore[arg-type]
    partners, owed = state.partners, _contribution_parts(state, one)
    for named, (old, whose, pence) in owed.items():
        partners.contributions[named] = replace(partners.contributions[old], id=named, pence=pence, payments=())
        partners.promised_on[named], partners.promised_by[named] = partners.promised_on[old], whose.id
        partners.titles["contribution", named] = partners.titles["contribution", old]
    for old in {old: old for old, _, _ in owed.values()}:
        promise = partners.contributions[old]
        paid = sum(pence for _, pence in promise.payments)
        partners.contributions[old] = replace(promise, pence=paid)  # what came before is done with
    for decision in partners.decisions.values() if len(heirs) > 1 else ():
        spoken = {word.partner for word in decision.words}
        if one.id in decision.partners and one.id not in spoken:
            asked = [id for party in decision.partners for id in (heirs if party == one.id else [party])]
            partners.decisions[decision.id] = replace(decision, partners=tuple(dict.fromkeys(asked)))


def _condition(state: DealState, one: Succession) -> None:
    heirs = [heir.id for heir in one.heirs]
    state.excuses = [
        replace(excuse, condition=named)
        for excuse in state.excuses
        for named in (heirs if excuse.condition == one.id else [excuse.condition])
    ]
    notices = state.notices.pop(one.id, [])
    for named in heirs if notices else ():
        state.notices[named] = sorted([*state.notices.get(named, []), *notices])


def _matter(matter: OpenMatter, one: Succession, ids: Mapping[str, tuple[str, ...]], found: Estate) -> None:
    """Its reach, who takes its steps, and what it took. A matter that is over keeps what it took by its old names."""
    scope = tuple(dict.fromkeys(new for named in matter.matter.scope for new in ids.get(named, (named,))))
    matter.matter = replace(matter.matter, scope=scope)
    matter.condition = matter.condition and condition_after(matter.condition, ids)
    matter.ladder = ladder_after(matter.ladder, [one])
    if one.thing == "condition":
        heirs = {one.id: tuple(heir.id for heir in one.heirs)}
        matter.waived = tuple(dict.fromkeys(new for named in matter.waived for new in heirs.get(named, (named,))))
    if matter.open:
        matter.takes = tuple(new for taking in matter.takes for new in _taken(matter.id, taking, ids, found))


def _taken(matter: str, taking: Taking, ids: Mapping[str, tuple[str, ...]], found: Estate) -> tuple[Taking, ...]:
    if taking.power:
        return tuple(Taking(power=named) for named in ids.get(taking.power, (taking.power,)))
    return found.taken.get((matter, taking), (taking,))


def check_ids(state: DealState, one: Succession, found: Estate) -> None:
    """SokeError where a part would have an id that is taken, or that is none."""
    for named, taken in new_ids(state, one, found):
        if taken:
            raise SokeError(f'An heir\'s part would be called "{named}", and there is one of that id already.',
                            "Amend the deal so that no two things have that id.")  # fmt: skip
        if not TYPES["id"].test(named):
            raise SokeError(f'An heir\'s part would be called "{named[:100]}", which is longer than an id may be.',
                            "Give the heir a shorter id in the deal.")  # fmt: skip
