"""What is due under a deal, from whom and by when: steps of a matter, decisions, payments, answers, reports.

Nothing is due that the rules refuse as the deal stands: before it is in force, while it is suspended, after its end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from soke.deal.counts import JointDecision
from soke.deal.ladder import Due, due
from soke.register.acts.agreement import still_to_sign
from soke.register.kinds import KINDS
from soke.register.ledger import amount
from soke.register.standing import judged_periods
from soke.register.state import COMMUNITIES, GIVERS, PLACE, RECEIVERS, WITNESSES, DealState, OpenMatter
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
    found = [line for rule in RULES for line in rule(state, day) if allowed(state, line.act)]
    return tuple(sorted(found, key=_order))


def _order(line: DueLine) -> tuple[bool, bool, dt.date, str, str]:
    calm = line.overdue and line.about.partition(":")[0] not in URGENT
    return not line.overdue, calm, line.day or dt.date.max, line.about, line.what


def allowed(state: DealState, act: str) -> bool:
    """Whether the rules let an entry of that kind in, as the deal stands."""
    return state.status in KINDS[act].when


def _names(state: DealState, parties: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(state.party_name(party) for party in parties)


def _signatures(state: DealState, day: dt.date) -> Iterator[DueLine]:
    terms = state.versions[-1]
    if state.current is None or terms.version > state.current.version:
        wanted = ", ".join(state.party_name(one) for one in still_to_sign(terms))
        what = f"sign version {terms.version} of the deal; still to sign: {wanted}"
        yield DueLine(about=f"deal:{state.id}", what=what, who=(), act="deal.signed")


def open_agreements(state: DealState, day: dt.date) -> Iterator[tuple[str, dict[str, dt.date], dt.date]]:
    """What one side agreed to and the other not yet: the kind, who agreed on which day, and the last day it stands."""
    process = state.terms.ladder.process
    stands = dt.timedelta(process.notice_days + process.response_days)
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
    for one in state.matters.values():
        if one.open:
            for step in due(one.ladder, one.matter, day):
                yield from _step(state, one, step, day)


def _step(state: DealState, one: OpenMatter, step: Due, day: dt.date) -> Iterator[DueLine]:
    kind = KINDS[f"matter.{step.action}"]
    if kind.urgency == "any-day" or (step.overdue and kind.urgency == "may"):
        return
    what = f"{kind.asks} (matter {one.id})"
    if step.action == "lapse" and step.when == "waits":
        yield DueLine(about=f"matter:{one.id}", what=f"the control lapses by itself (matter {one.id})", who=(),
                      first=step.first, act=kind.name)  # fmt: skip
        return
    lapsed = step.action == "lapse"
    last = step.first if lapsed else step.last
    yield DueLine(about=f"matter:{one.id}", what=what, who=_names(state, step.parties), last=last,
                  role=step.role, first=None if last else step.first, overdue=step.overdue or lapsed,
                  act=kind.name)  # fmt: skip


def _payments(state: DealState, day: dt.date) -> Iterator[DueLine]:
    for fund, _year, use, pence, last in late_or_coming(state):
        found = state.fund(fund)
        what = f'pay {amount(pence)} of {use} into "{found.title}"'
        yield DueLine(about=f"fund:{fund}", what=what, who=_names(state, (found.payer,)), last=last,
                      overdue=last < day, pence=pence, act="fund.paid")  # fmt: skip


def late_or_coming(state: DealState) -> Iterator[tuple[str, int, str, int, dt.date]]:
    """Fund, year, use, pence still to be paid, and the day that the payer set itself for them."""
    asked: dict[tuple[str, int, str], int] = {}  # all that was to be paid by the day so far
    for one in sorted(state.pay_by, key=lambda one: one.due):
        pot = (one.fund, one.year, one.use)
        covered = -state.ledger.balance(*pot, "promised") - state.ledger.balance(*pot, "allotted")
        before = asked.get(pot, 0)
        asked[pot] = before + one.pence
        wanting = asked[pot] - max(covered, before)
        if wanting > 0:
            yield *pot, wanting, one.due


def _decisions(state: DealState, day: dt.date) -> Iterator[DueLine]:
    for one in state.partners.decisions.values():
        silent = _silent(one)
        if silent:
            what = f'confirm or dispute the joint decision "{state.partners.titles["decision", one.id]}"'
            yield DueLine(about=f"decision:{one.id}", what=what, who=_names(state, silent), last=one.due,
                          overdue=one.due < day, act="decision.confirmed")  # fmt: skip


def _silent(one: JointDecision) -> tuple[str, ...]:
    spoken = {word.partner for word in one.words}
    return tuple(partner for partner in one.partners if partner not in spoken)


def _contributions(state: DealState, day: dt.date) -> Iterator[DueLine]:
    pools = {pool.id: pool.title for pool in state.deal.pools}
    for one in state.partners.contributions.values():
        rest = one.pence - sum(pence for _, pence in one.payments)
        if rest > 0:
            named = state.partners.titles["contribution", one.id]
            what = f'pay {amount(rest)} into the pool "{pools.get(named, named)}"'
            who = _names(state, (state.partners.promised_by[one.id],))
            yield DueLine(about=f"contribution:{one.id}", what=what, who=who, last=one.due, overdue=one.due < day,
                          pence=rest, act="contribution.confirmed")  # fmt: skip


def _disputes(state: DealState, day: dt.date) -> Iterator[DueLine]:
    for one in state.partners.disputes.values():
        if one.settled is None:
            what = f'settle the dispute "{state.partners.titles["dispute", one.id]}", which it raised'
            who = _names(state, (state.partners.raised_by[one.id],))
            yield DueLine(about=f"dispute:{one.id}", what=what, who=who, last=one.due, overdue=one.due < day,
                          act="dispute.settled")  # fmt: skip


def _rounds(state: DealState, day: dt.date) -> Iterator[DueLine]:
    titles = {one.id: one.title for one in state.deal.community}
    for one in state.partners.rounds.values():
        if one.adopted is not None:
            continue
        named = state.partners.titles["round", one.id]
        called = f'the round {one.id} of "{titles.get(named, named)}"'
        decided = one.id in state.partners.decided
        doing = "adopt what residents decided in" if decided else "record what residents decide in"
        who = _names(state, state.parties(*(PLACE if decided else WITNESSES)))
        yield DueLine(about=f"round:{one.id}", what=f"{doing} {called}, {amount(one.pence)}", who=who, last=one.due,
                      overdue=one.due < day, pence=one.pence,
                      act="round.adopted" if decided else "round.decided")  # fmt: skip


def _answers(state: DealState, day: dt.date) -> Iterator[DueLine]:
    for one in state.partners.answers.values():
        if one.answered is None:
            what = f'answer "{state.partners.titles["answer", one.id]}"'
            yield DueLine(about=f"answer:{one.id}", what=what, who=_names(state, state.parties(*PLACE)), last=one.due,
                          overdue=one.due < day, act="answer.given")  # fmt: skip


def _promises(state: DealState, day: dt.date) -> Iterator[DueLine]:
    """What was adopted, with a day, and is not yet confirmed as done."""
    for one in state.partners.answers.values():
        if one.by is not None and one.done is None:
            what = f'do what it promised on "{state.partners.titles["answer", one.id]}"'
            yield DueLine(about=f"answer:{one.id}", what=what, who=_names(state, state.parties(*PLACE)), last=one.by,
                          overdue=one.by < day, act="answer.done")  # fmt: skip


def _transfers(state: DealState, day: dt.date) -> Iterator[DueLine]:
    for one in state.partners.transfers.values():
        if one.completed is None:
            what = f"hand over {state.partners.titles['transfer', one.id]}"
            who = _names(state, state.parties(*RECEIVERS) or state.parties(*COMMUNITIES))
            yield DueLine(about=f"transfer:{one.id}", what=what, who=who, last=one.due, overdue=one.due < day,
                          act="transfer.completed")  # fmt: skip


def _reports(state: DealState, day: dt.date) -> Iterator[DueLine]:
    """Figures that somebody reports, for each period that has ended; what is counted here nobody reports."""
    reported = {(one.indicator, one.period_end) for one in state.reports}
    seen: set[tuple[str, dt.date]] = set()
    for condition in state.deal.conditions:
        if condition.indicator is None:
            continue
        indicator = state.indicator(condition.indicator)
        for end in judged_periods(state, condition) if indicator.collection != "register-count" else ():
            key = (indicator.id, end)
            if end < day and key not in reported | seen:
                seen.add(key)
                last = end + dt.timedelta(condition.due_days)
                what = f'report "{indicator.title}" for the period to {end.day} {end:%B %Y}'
                yield DueLine(about=f"indicator:{indicator.id}", what=what,
                              who=_names(state, (condition.reported_by,)), last=last, overdue=last < day,
                              act="indicator.reported")  # fmt: skip


Rule = Callable[[DealState, dt.date], Iterator[DueLine]]
RULES: tuple[Rule, ...] = (_signatures, _agreements, _steps, _payments, _decisions, _contributions, _disputes,
                           _rounds, _answers, _promises, _transfers, _reports)  # fmt: skip
