"""Matters: a condition missed, an emergency, a breach by the government; each step taken by who may, when it may.

The order, the roles and the days are the deal's ladder (:mod:`soke.deal.ladder`). Here stands what a recall does: it
takes powers that can be taken by letter and money within its share, says first who would lose what, and leaves alone
what was promised to others. A ruling of a court that is no party is recorded by the registrar, with its reference.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from soke.deal.condition import Condition
from soke.deal.ladder import Matter, open_matter, recallable, step
from soke.deal.recall_share import share_in_all
from soke.deal.types import Pool, Power
from soke.errors import SokeError
from soke.register.acts.act import Act, filling, known, new_id, rule
from soke.register.acts.evidence import about
from soke.register.kinds import REGISTRAR, STEPS
from soke.register.ledger import Leg, amount, leg_of, moved, year_of
from soke.register.state import DealState, OpenMatter, Taking
from soke.text import day as in_words
from soke.text import financial_year

RULINGS = ("allow", "refuse")
GIVES_BACK = ("restore", "lapse", "lift")
AGAINST = ("notice", "no-response", "cure", "hearing", "decision")  # steps towards a recall


@rule("matter.report")
def _report(state: DealState, act: Act) -> None:
    condition, end = state.condition(act.body["condition"]), act.past("period_end")
    if condition.indicator is None and end != act.day:
        raise SokeError(f'"{condition.id}" is tested as it stands on the day.', f"Write {act.day}.")
    name = new_id(state.matters, act.body["matter"], "matter")
    under_way = list(state.about(condition.id, end))
    if not under_way and condition.indicator is None:
        under_way = [other for other in state.matters.values() if other.open and state.is_about(other, condition.id)]
    if under_way:
        fact = f'The matter "{under_way[0].id}" is about "{condition.id}" in that period already.'
        raise SokeError(fact, "Go on with it; a new period is a new matter.")
    _check_waived(state, condition)
    ladder, status = state.ladder, state.evaluation(condition.id, end, act.day)
    matter = open_matter(ladder, state.deal, condition, status.status, act.party, act.day, excused=status.excused,
                         reporters=about(state, condition))  # fmt: skip
    state.matters[name] = OpenMatter(id=name, ground="condition", matter=matter, ladder=ladder, condition=condition,
                                     period_end=end)  # fmt: skip


def _check_waived(state: DealState, condition: Condition) -> None:
    """SokeError where the place's duty is suspended because the government is in breach."""
    for matter in state.matters.values():
        if matter.matter.state == "duty-suspended" and condition.id in matter.waived:
            fact = f'The duty under "{condition.id}" is suspended: the government is in breach (matter {matter.id}).'
            raise SokeError(fact, "Nothing follows from this condition until the breach is made good.")


@rule("matter.suspend")
def _suspend(state: DealState, act: Act) -> None:
    name, scope = new_id(state.matters, act.body["matter"], "matter"), tuple(act.body["scope"])
    if len(set(scope)) < len(scope):
        raise SokeError("A thing is named twice.", "Name each once.")
    for named in scope:
        recallable(state.deal, named)
        _check_again(state, act, named)
    ladder = state.ladder
    matter = step(ladder, Matter(subject="emergency", scope=scope), "suspend", act.party, act.day, act.body["reason"])
    state.matters[name] = OpenMatter(id=name, ground="emergency", matter=matter, ladder=ladder)


def _check_again(state: DealState, act: Act, named: str) -> None:
    """SokeError where an emergency about the same thing is open, or lapsed or was lifted too short a time ago.

    Otherwise one suspension after the other would hold it back for ever, without a hearing.
    """
    process = state.ladder.process
    wait = process.control_max_days or process.emergency_max_days
    fund = state.deal.fund(named)
    parts = {fund.pooled_in} if fund else {other.id for other in state.deal.funds if other.pooled_in == named}
    same = parts | {named}
    for matter in state.matters.values():
        begun = matter.matter.on("suspend")
        if matter.ground != "emergency" or begun is None or not same & set(matter.matter.scope):
            continue
        again = begun + dt.timedelta(wait + 1)
        if matter.open or act.day < again:
            fact = f'"{named}" was suspended in an emergency on {in_words(begun)} already (matter {matter.id}).'
            raise SokeError(fact, f"Have that one heard and kept, or wait until {in_words(again)} once it is over.")


@rule("matter.breach")
def _breach(state: DealState, act: Act) -> None:
    name, ladder = new_id(state.matters, act.body["matter"], "matter"), state.ladder
    waived = tuple(act.body.get("conditions", ()))
    for named in waived:
        state.condition(named)
    matter = step(ladder, Matter(subject=act.body["duty"]), "breach", act.party, act.day, act.body["reason"])
    state.matters[name] = OpenMatter(id=name, ground="breach", matter=matter, ladder=ladder, waived=waived)


@rule(*STEPS)
def _step(state: DealState, act: Act) -> None:
    matter, action = known(state.matters, act.body["matter"], "matter"), act.kind.removeprefix("matter.")
    party = act.party
    if action in RULINGS and party == REGISTRAR:
        court = matter.ladder.leaving("appealed")[0].parties if matter.ladder.leaving("appealed") else ()
        party = next((named for named in court if state.deal.party(named) is None), party)
    if matter.condition is not None and action in AGAINST:
        _check_waived(state, matter.condition)
    after = step(matter.ladder, matter.matter, action, party, act.day, act.body.get("reason", ""))
    legs = [leg_of(leg) for leg in act.body.get("legs", [])]
    state.ledger.post(legs)
    given_back = {leg.pot for leg in legs}  # the day that the payer set for it is past: nobody is late with it
    state.pay_by = [due for due in state.pay_by if (due.fund, due.year, due.use) not in given_back]
    matter.matter = after


@filling(*STEPS)
def _given_back(state: DealState, act: Act) -> Mapping[str, Any]:
    matter = state.matters.get(act.body["matter"])
    if matter is None or matter.matter.state != "recalled" or act.kind.removeprefix("matter.") not in GIVES_BACK:
        return {}
    legs = [
        leg.body() for taken in matter.takes if taken.fund
        for leg in moved(taken.fund, taken.year, taken.use, "recalled", "allotted", taken.pence)
    ]  # fmt: skip
    return {"legs": legs} if legs else {}


@filling("matter.recall")
def _taken(state: DealState, act: Act) -> Mapping[str, Any]:
    _, _, takings = _admissible(state, act)
    return {"legs": [leg.body() for leg in recall_legs(state, takings)]}


def _takings(takes: Sequence[Mapping[str, Any]]) -> tuple[Taking, ...]:
    return tuple(
        Taking(power=taking["power"])
        if "power" in taking
        else Taking(fund=taking["fund"], year=year_of(taking["year"]), use=taking["use"], pence=taking["pence"])
        for taking in takes
    )


def recall_legs(state: DealState, takings: Sequence[Taking]) -> list[Leg]:
    """What is not yet paid is taken first, then what the place holds free. SokeError where that is too little."""
    legs: list[Leg] = []
    used: dict[tuple[str, int, str], int] = {}
    for taking in takings:
        if not taking.fund:
            continue
        state.fund(taking.fund)
        pot = (taking.fund, taking.year, taking.use)
        before = used.get(pot, 0)
        unpaid = max(0, state.ledger.balance(*pot, "allotted") - before)
        first = min(unpaid, taking.pence)
        free = state.ledger.balance(*pot, "allotted") + state.ledger.balance(*pot, "held") - before
        if taking.pence > free:
            when = financial_year(taking.year)
            fact = f'Of "{taking.fund}", {when}, {taking.use}, {amount(free)} is not yet promised to others.'
            raise SokeError(fact, "What is committed or spent is honoured: lower the amount.")
        legs += moved(*pot, "allotted", "recalled", first) if first else ()
        legs += moved(*pot, "held", "recalled", taking.pence - first) if taking.pence > first else ()
        used[pot] = before + taking.pence
    return legs


def _admissible(state: DealState, act: Act) -> tuple[OpenMatter, Matter, tuple[Taking, ...]]:
    """The matter as it is and after the recall, and what is taken. SokeError where that cannot be recalled now."""
    matter = known(state.matters, act.body["matter"], "matter")
    takings = _takings(act.body["takes"])
    if matter.condition is not None:
        _check_waived(state, matter.condition)
    after = step(matter.ladder, matter.matter, "recall", act.party, act.day, act.body["reason"])
    _check_powers(state, matter, takings, act)
    _check_funds(state, matter, takings)
    return matter, after, takings


@rule("matter.recall")
def _recall(state: DealState, act: Act) -> None:
    matter, after, takings = _admissible(state, act)
    state.ledger.post([leg_of(leg) for leg in act.body["legs"]])
    matter.matter, matter.takes = after, takings
    matter.residents, matter.services = act.body["loses"]["residents"], act.body["loses"]["services"]


def _check_powers(state: DealState, matter: OpenMatter, takings: Sequence[Taking], act: Act) -> None:
    powers = [taking.power for taking in takings if taking.power]
    for named in powers:
        if not isinstance(recallable(state.deal, named), Power) or named not in matter.matter.scope:
            reach = ", ".join(matter.matter.scope)
            raise SokeError(f'"{named}" is no power that the condition can recall.', f"In its reach: {reach}.")
        status = state.power_status(named, act.day)
        if status != "held" or powers.count(named) > 1:
            raise SokeError(f'"{named}" is {status}, or named twice.', "Only what is held can be recalled, once.")


def _check_funds(state: DealState, matter: OpenMatter, takings: Sequence[Taking]) -> None:
    """Each fund in the condition's reach, itself or through its pool, and no more of a year than the deal allows: not
    by this matter, and of the fund not by all matters together."""
    whole: dict[tuple[str, int], int] = {}
    for taking in takings:
        if not taking.fund:
            continue
        fund = state.fund(taking.fund)
        named = fund.id if fund.id in matter.matter.scope else fund.pooled_in or fund.id
        reached = recallable(state.deal, named)
        if named not in matter.matter.scope or (isinstance(reached, Pool) and fund.pooled_in != reached.id):
            reach = ", ".join(matter.matter.scope)
            raise SokeError(f'"{fund.id}" is no fund that the condition can recall.', f"In its reach: {reach}.")
        whole[fund.id, taking.year] = whole.get((fund.id, taking.year), 0) + taking.pence
    for (name, year), pence in whole.items():
        fund, already = state.fund(name), state.ledger.total("recalled", fund=name, year=year)
        whole_share = int(-state.ledger.total("promised", fund=name, year=year) * share_in_all(fund))
        most = max(0, min(state.reach(matter, fund, year), whole_share - already))
        if pence > most:
            before = f" beyond the {amount(already)} that is recalled" if already else ""
            fact = f'The deal lets {amount(most)} of "{name}" be recalled for {financial_year(year)}{before}; '
            fact += f"this would take {amount(pence)}."
            raise SokeError(fact, "Lower the amount: only the least severe remedy that cures the breach.")
