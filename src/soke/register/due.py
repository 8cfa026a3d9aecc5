"""What is due under a deal, from whom and by when: steps of a matter, decisions, payments, answers, reports.

Nothing is due that the rules refuse as the deal stands: before it is in force, while it is suspended, after its end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from soke.deal.counts import JointDecision
from soke.deal.ladder import Due, due
from soke.register.acts.agreement import still_to_sign
from soke.register.acts.promises import promised_to
from soke.register.kinds import KINDS, REGISTRAR
from soke.register.ledger import amount
from soke.register.promises.made import kept_on
from soke.register.promises.money import came_of_promises, late_or_coming
from soke.register.standing import judged_periods
from soke.register.state import (
    COMMUNITIES,
    GIVERS,
    PLACE,
    RECEIVERS,
    WITNESSES,
    AgreedSuccession,
    DealState,
    OpenMatter,
)
from soke.text import day as in_words

URGENT = ("deal", "matter", "fund")  # of what is overdue these come first


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLine:
    """``last``: the day it must be done by. ``first``: the day from which it can be. Without a day: as soon as can be.

    ``who`` are names of parties; ``about`` names the thing in tags of the register, such as ``matter:m1``.
    """

    about: str
    what: str
    who: tuple[str, ...]
    role: str = ""  # those of a step, in words
    first: dt.date | None = None
    last: dt.date | None = None
    overdue: bool = False
    pence: int | None = None
    act: str = ""  # the kind of entry that does it

    @property
    def day(self) -> dt.date | None:
        return self.last or self.first


def due_lines(state: DealState, day: dt.date) -> tuple[DueLine, ...]:
    """What is due on a day and after it: what is overdue first, then by day.

    Of what is overdue, signatures, steps and money come before what else was once forgotten.
    """
    lines = [line for rule in RULES for line in rule(state, day) if allowed(state, line.act)]
    return tuple(sorted(lines, key=_order))


def _order(line: DueLine) -> tuple[bool, bool, dt.date, str, str]:
    calm = line.overdue and line.about.partition(":")[0] not in URGENT
    return not line.overdue, calm, line.day or dt.date.max, line.about, line.what


def allowed(state: DealState, act: str) -> bool:
    """Whether the rules let an entry of that kind in, as the deal stands."""
    return state.status in KINDS[act].when


def _names(state: DealState, parties: Sequence[str]) -> tuple[str, ...]:
    return tuple(state.party_name(party) for party in state.now(*parties))


def _signatures(state: DealState, day: dt.date) -> Iterator[DueLine]:
    terms = state.versions[-1]
    if state.current is None or terms.version > state.current.version:
        wanted = ", ".join(state.party_name(party) for party in still_to_sign(terms, state.successions))
        wanted = wanted or "any of those who did, once more: who was still to sign has been succeeded"
        what = f"sign version {terms.version} of the deal; still to sign: {wanted}"
        yield DueLine(about=f"deal:{state.id}", what=what, who=(), act="deal.signed")


def open_successions(state: DealState, day: dt.date) -> Iterator[tuple[AgreedSuccession, dt.date]]:
    """Successions that one side agreed to or both, and the last day on which that stands."""
    stands = _stands(state)
    for one in state.agreed_successions:
        last = max(one.by.values()) + stands
        if day <= last:
            yield one, last


def _successions(state: DealState, day: dt.date) -> Iterator[DueLine]:
    """What the other side is to agree to; once both have, what the registrar is to record."""
    giving, receiving = state.parties(*GIVERS), state.parties(*RECEIVERS)
    for one, last in open_successions(state, day):
        sides = [side for side in (giving, receiving) if not one.by.keys() & set(side)]
        heirs = " and ".join(heir.id for heir in one.what.heirs)
        said = f"that the {one.what.thing} {one.what.id} is succeeded by {heirs}"
        act, who = ("succession.agreed", sides[0]) if sides else ("succession.recorded", (REGISTRAR,))
        what = f"{'agree' if sides else 'record'} {said}, or what was agreed lapses after {in_words(last)}"
        yield DueLine(about=f"deal:{state.id}", what=what, who=_names(state, who) if len(who) < 3 else (),
                      last=last, act=act)  # fmt: skip


def _stands(state: DealState) -> dt.timedelta:
    process = state.ladder.process
    return dt.timedelta(process.notice_days + process.response_days)


def open_agreements(state: DealState, day: dt.date) -> Iterator[tuple[str, dict[str, dt.date], dt.date]]:
    """What one side agreed to and the other not yet: the kind, who agreed on which day, and the last day it stands."""
    stands = _stands(state)
    for kind, parties in state.agreeing.items():
        agreed = {party: on for party, on in parties.items() if day <= on + stands}
        if agreed:
            yield kind, agreed, max(agreed.values()) + stands


def _agreements(state: DealState, day: dt.date) -> Iterator[DueLine]:
    giving, receiving = state.parties(*GIVERS), state.parties(*RECEIVERS)
    for kind, agreed, last in open_agreements(state, day):
        others = receiving if agreed.keys() & set(giving) else giving
        who = _names(state, others) if len(others) < 3 else ()
        asked = "" if who else f" (one of {len(others)} departments)" if others == giving else ""
        what = f"agree to {KINDS[kind].asks}{asked}, or what the other side agreed to lapses after {in_words(last)}"
        yield DueLine(about=f"deal:{state.id}", what=what, who=who, last=last, act=kind)


def _steps(state: DealState, day: dt.date) -> Iterator[DueLine]:
    for matter in state.matters.values():
        if matter.open:
            for step in due(matter.ladder, matter.matter, day):
                yield from _step(state, matter, step, day)


def _step(state: DealState, matter: OpenMatter, step: Due, day: dt.date) -> Iterator[DueLine]:
    kind = KINDS[f"matter.{step.action}"]
    if kind.urgency == "any-day" or (step.overdue and kind.urgency == "may"):
        return
    what = f"{kind.asks} (matter {matter.id})"
    if step.action == "lapse" and step.when == "waits":
        yield DueLine(about=f"matter:{matter.id}", what=f"the control lapses by itself (matter {matter.id})", who=(),
                      first=step.first, act=kind.name)  # fmt: skip
        return
    lapsed = step.action == "lapse"
    last = step.first if lapsed else step.last
    yield DueLine(about=f"matter:{matter.id}", what=what, who=_names(state, step.parties), last=last,
                  role=step.role, first=None if last else step.first, overdue=step.overdue or lapsed,
                  act=kind.name)  # fmt: skip


def _payments(state: DealState, day: dt.date) -> Iterator[DueLine]:
    for named, _year, use, pence, last in late_or_coming(state):
        fund = state.fund(named)
        what = f'pay {amount(pence)} of {use} into "{fund.title}"'
        yield _owed(state, day, last, f"fund:{named}", what, [fund.payer], "fund.paid", pence)


def _owed(
    state: DealState, day: dt.date, last: dt.date, about: str, what: str, who: Sequence[str], act: str,
    pence: int | None = None,
) -> DueLine:  # fmt: skip
    """What these parties must do by a day, and are late with once it is past."""
    return DueLine(about=about, what=what, who=_names(state, who), last=last, overdue=last < day, pence=pence, act=act)


def _decisions(state: DealState, day: dt.date) -> Iterator[DueLine]:
    for decision in state.partners.decisions.values():
        silent = _silent(decision)
        if silent:
            what = f'confirm or dispute the joint decision "{state.partners.titles["decision", decision.id]}"'
            yield _owed(state, day, decision.due, f"decision:{decision.id}", what, silent, "decision.confirmed")


def _silent(decision: JointDecision) -> tuple[str, ...]:
    spoken = {word.partner for word in decision.words}
    return tuple(partner for partner in decision.partners if partner not in spoken)


def _contributions(state: DealState, day: dt.date) -> Iterator[DueLine]:
    pools = {pool.id: pool.title for pool in state.deal.pools}
    for promise in state.partners.contributions.values():
        rest = promise.pence - sum(pence for _, pence in promise.payments)
        if rest > 0:
            pool = state.partners.titles["contribution", promise.id]
            what = f'pay {amount(rest)} into the pool "{pools.get(pool, pool)}"'
            who = state.now(state.partners.promised_by[promise.id])
            yield _owed(
                state, day, promise.due, f"contribution:{promise.id}", what, who, "contribution.confirmed", rest
            )


def _disputes(state: DealState, day: dt.date) -> Iterator[DueLine]:
    for dispute in state.partners.disputes.values():
        if dispute.settled is None:
            what = f'settle the dispute "{state.partners.titles["dispute", dispute.id]}", which it raised'
            who = [state.partners.raised_by[dispute.id]]
            yield _owed(state, day, dispute.due, f"dispute:{dispute.id}", what, who, "dispute.settled")


def _rounds(state: DealState, day: dt.date) -> Iterator[DueLine]:
    for asked in state.partners.rounds.values():
        if asked.adopted is not None:
            continue
        undertaking = state.partners.titles["round", asked.id]
        called = f'the round {asked.id} of "{state.undertaking(undertaking)}", {amount(asked.pence)}'
        if asked.id in state.partners.decided:
            what, who, act = f"adopt what residents decided in {called}", state.parties(*PLACE), "round.adopted"
        else:
            what, who, act = f"record what residents decide in {called}", state.parties(*WITNESSES), "round.decided"
        yield _owed(state, day, asked.due, f"round:{asked.id}", what, who, act, asked.pence)


def _answers(state: DealState, day: dt.date) -> Iterator[DueLine]:
    for answer in state.partners.answers.values():
        if answer.answered is None:
            what = f'answer "{state.partners.titles["answer", answer.id]}"'
            yield _owed(state, day, answer.due, f"answer:{answer.id}", what, state.parties(*PLACE), "answer.given")


def _promises(state: DealState, day: dt.date) -> Iterator[DueLine]:
    """What was adopted, with a day, and is not yet confirmed as done."""
    for answer in state.partners.answers.values():
        if answer.by is not None and answer.done is None:
            what = f'do what it promised on "{state.partners.titles["answer", answer.id]}"'
            yield _owed(state, day, answer.by, f"answer:{answer.id}", what, state.parties(*PLACE), "answer.done")


def _undertaken(state: DealState, day: dt.date) -> Iterator[DueLine]:
    """What was promised beside the deal: to keep it, then to say whether it was kept; to answer for a later day."""
    money = came_of_promises(state)
    for promise in state.promises.values():
        if kept_on(state, promise, money) is not None or promise.broken:
            continue
        about, others = f"promise:{promise.id}", _names(state, promised_to(state, promise))
        asked, delivery = promise.asked_day, promise.delivery
        if delivery is None or promise.contested is not None:
            what = f'keep its promise "{promise.title}"'
            pence = promise.pence - money[promise.id].paid if promise.fund else None
            yield _owed(state, day, promise.due, about, what, state.now(promise.by), promise.kept_by, pence)
        else:
            what = f'say whether {state.party_name(promise.by)} kept its promise "{promise.title}"'
            yield DueLine(about=about, what=what, who=others, act="promise.confirmed")
        if asked is not None and asked.day is not None:
            what = f'agree to {in_words(asked.day)} for the promise "{promise.title}", or not'
            yield DueLine(about=about, what=what, who=others, act="promise.day-agreed")


def _transfers(state: DealState, day: dt.date) -> Iterator[DueLine]:
    who = state.parties(*RECEIVERS) or state.parties(*COMMUNITIES)
    for transfer in state.partners.transfers.values():
        if transfer.completed is None:
            what = f"hand over {state.partners.titles['transfer', transfer.id]}"
            yield _owed(state, day, transfer.due, f"transfer:{transfer.id}", what, who, "transfer.completed")


def _reports(state: DealState, day: dt.date) -> Iterator[DueLine]:
    """Figures that somebody reports, for each period that has ended; what is counted here nobody reports."""
    reported = {(report.indicator, report.period_end) for report in state.reports}
    for condition in state.deal.conditions:
        if condition.indicator is None:
            continue
        indicator = state.indicator(condition.indicator)
        for end in judged_periods(state, condition) if indicator.collection != "register-count" else ():
            if end < day and (indicator.id, end) not in reported:
                reported.add((indicator.id, end))  # once, also where two conditions test it
                last = end + dt.timedelta(condition.due_days)
                what = f'report "{indicator.title}" for the period to {in_words(end)}'
                about = f"indicator:{indicator.id}"
                yield _owed(state, day, last, about, what, [condition.reported_by], "indicator.reported")


Rule = Callable[[DealState, dt.date], Iterator[DueLine]]
RULES: tuple[Rule, ...] = (_signatures, _agreements, _successions, _steps, _payments, _decisions, _contributions,
                           _disputes, _rounds, _answers, _promises, _undertaken, _transfers, _reports)  # fmt: skip
