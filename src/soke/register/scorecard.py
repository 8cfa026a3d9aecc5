"""The scorecard of a deal on a day: who decides, with whose money, on which conditions, how is it going, what is due.

A pure function from the state of a deal to plain values, for the command line and for any page that shows a deal.
Money is whole pence. Names are those of the terms in force.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from soke.deal.ladder import Taken
from soke.deal.ladder import window as step_window
from soke.deal.types import Fund, Pool, Power
from soke.register.acts.agreement import still_to_sign
from soke.register.acts.succession import successions_told
from soke.register.communities import community_lines
from soke.register.due import DueLine, due_lines, open_agreements, open_successions
from soke.register.kinds import KINDS
from soke.register.paid import PaidLine, paid_lines
from soke.register.promises import PromiseLine, promise_lines
from soke.register.promises.money import late_or_coming
from soke.register.standing import ConditionLine, judged_periods, rounded, standing
from soke.register.state import GIVERS, RECEIVERS, DealState, OpenMatter
from soke.register.steps import ReachLine, StepLine, reach_lines, step_lines
from soke.text import day as in_words
from soke.text import year_of

STANDS = {
    "reported": "opened", "noticed": "notice given", "answered": "time to answer is over", "curing": "being put right",
    "heard": "heard", "decided": "decided against the place", "appealed": "under appeal", "refused": "appeal refused",
    "recalled": "recalled", "restored": "given back", "suspended": "held back in an emergency",
    "suspension-heard": "held back in an emergency, and heard", "kept": "held back after a hearing",
    "breach-reported": "breach by the government reported", "breach-disputed": "the government disputes it",
    "breach-found": "breach by the government found", "duty-suspended": "the place's matching duty is suspended",
}  # fmt: skip
_IN_A_ROW = re.compile(r"(one|two|three|four|[1-9]) periods? in a row met\b")
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerLine:
    """``status``: offered, held, returned, recalled, suspended. ``recall``: by letter, only by order, not at all."""

    id: str
    title: str
    holder: str
    exercise: str
    status: str
    since: dt.date | None
    recall: str
    matter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FundLine:
    """A fund in a financial year, in pence. ``paid`` is what was paid and not taken back; ``brought_in`` what came
    from other years and funds, less what went there. ``held + committed + spent`` is the sum of the two. ``undated``
    is allotted and not yet paid, and no day was set for it."""

    id: str
    title: str
    payer: str
    payee: str
    year: int
    agreed: int | None
    allotted: int
    paid: int
    committed: int
    spent: int
    held: int
    recalled: int
    brought_in: int
    late: int
    undated: int
    suspended_by: str = ""  # a matter: an emergency holds back what is not yet committed

    @property
    def moved(self) -> bool:
        return bool(self.allotted or self.brought_in or self.spent or self.held)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterLine:
    """``lapses``: the first day on which the control holds nothing back any more, whoever records it."""

    id: str
    ground: str
    title: str
    period_end: dt.date | None
    stands: str
    since: dt.date
    open: bool
    reasons: tuple[str, ...]  # given for the last steps that need one, in words
    taken: tuple[str, ...]
    residents: str
    services: str
    lapses: dt.date | None
    lapsed: bool
    restore_rule: str
    restoration_due: bool
    lapses_first: bool  # the control lapses before the deal's rule to restore can come true
    steps: tuple[StepLine, ...]
    reach: tuple[ReachLine, ...]  # what it can at most take back


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    deal: str
    title: str
    status: str
    status_since: dt.date | None  # the day from which it is in force again, suspended or ended
    version: int
    in_force_since: dt.date | None
    givers: tuple[str, ...]
    receivers: tuple[str, ...]
    prices: str
    day: dt.date
    rehearsal: bool
    register: str
    to_sign: tuple[str, ...]  # names of those who have not signed the version that was laid open last
    waits_for: tuple[str, ...]  # what one side has agreed to and the other not yet, in words
    powers: tuple[PowerLine, ...]
    funds: tuple[FundLine, ...]
    paid: tuple[PaidLine, ...]
    not_allotted_pence: int  # agreed for years that have begun, and not allotted
    not_allotted_years: tuple[int, ...]
    conditions: tuple[ConditionLine, ...]
    communities: tuple[str, ...]  # what communities did, in sentences
    promises: tuple[PromiseLine, ...]
    matters: tuple[MatterLine, ...]
    due: tuple[DueLine, ...]
    successions: tuple[str, ...]  # who came in whose place, since when and by which order, in sentences


def scorecard(state: DealState, day: dt.date) -> Scorecard:
    """The scorecard of a deal on a day that is not before its last entry. SokeError where there is no such deal."""
    deal, missing, conditions = state.deal, _not_allotted(state, day), standing(state, day)
    return Scorecard(
        deal=state.id, title=deal.title, status=state.status, status_since=state.status_since,
        version=state.terms.version, in_force_since=state.begun, givers=_named(state, *GIVERS),
        receivers=_named(state, *RECEIVERS), prices=deal.prices, day=day, rehearsal=state.rehearsal,
        register=state.name, to_sign=tuple(map(state.party_name, still_to_sign(state.versions[-1]))),
        waits_for=tuple(_waits_for(state, day)),
        powers=tuple(_power(state, power, day) for power in deal.powers),
        funds=tuple(_funds(state, day)), paid=paid_lines(state, day),
        not_allotted_pence=sum(missing.values()), not_allotted_years=tuple(missing),
        conditions=conditions, communities=community_lines(state, day), promises=promise_lines(state, day, conditions),
        matters=tuple(_matter(state, matter, day) for matter in state.matters.values()),
        due=due_lines(state, day), successions=tuple(successions_told(state)),
    )  # fmt: skip


def _waits_for(state: DealState, day: dt.date) -> Iterator[str]:
    for kind, agreed, last in open_agreements(state, day):
        names = ", ".join(map(state.party_name, sorted(agreed)))
        said = f"{names} agreed to {KINDS[kind].asks}; the other side has not"
        yield f"{said}, and after {in_words(last)} this lapses"
    for one, last in open_successions(state, day):
        names = ", ".join(map(state.party_name, sorted(one.by)))
        heirs = " and ".join(heir.id for heir in one.what.heirs)
        said = f"{names} agreed that the {one.what.thing} {one.what.id} is succeeded by {heirs}"
        yield f"{said}; it is not recorded yet, and after {in_words(last)} this lapses"


def _named(state: DealState, *roles: str) -> tuple[str, ...]:
    return tuple(state.party_name(party) for party in state.parties(*roles))


# --- who decides, with whose money ---


def _power(state: DealState, power: Power, day: dt.date) -> PowerLine:
    matter = state.held_back(power.id, day)
    status = state.power_status(power.id, day)
    taken = matter.matter.taken[-1].on if matter and status in ("recalled", "suspended") else None
    recall = "only by order" if power.needs_order else "by letter" if power.recallable else "not at all"
    return PowerLine(id=power.id, title=power.title, holder=state.party_name(power.holder),
                     exercise=power.exercise.replace("-", " "), status=status,
                     since=taken or state.since.get(power.id), recall=recall,
                     matter=matter.id if matter and taken else "")  # fmt: skip


def _funds(state: DealState, day: dt.date) -> Iterator[FundLine]:
    """Each fund in the financial year of the day, and in every other year in which it still holds money."""
    late: Counter[tuple[str, int]] = Counter()
    dated: Counter[tuple[str, int]] = Counter()
    for name, year, _, pence, last in late_or_coming(state):
        dated[name, year] += pence
        late[name, year] += pence if last < day else 0
    years = state.deal.years
    now = min(max(year_of(day), years.start), years.stop - 1)
    live = {
        (fund, year) for (fund, year, _, account), pence in state.ledger.balances.items()
        if pence and account in ("allotted", "held", "committed", "recalled")
    }  # fmt: skip
    for fund in state.deal.funds:
        for year in sorted({now, *(year for name, year in live if name == fund.id)}):
            matter, key = state.held_back(fund.id, day), (fund.id, year)
            yield _fund(state, fund, year, late[key], dated[key], matter.id if matter else "")


def _not_allotted(state: DealState, day: dt.date) -> dict[int, int]:
    """Pence agreed for each year that has begun, and not allotted; of a deal that runs."""
    missing: Counter[int] = Counter()
    for fund in state.deal.funds if state.status in ("in-force", "suspended") else ():
        for row in fund.profile:
            rest = int(row.total * 100) + state.ledger.total("promised", fund=fund.id, year=row.year)
            if row.year <= year_of(day) and rest > 0:
                missing[row.year] += rest
    return dict(sorted(missing.items()))


def _fund(state: DealState, fund: Fund, year: int, late: int, dated: int, suspended_by: str) -> FundLine:
    def total(account: str) -> int:
        return state.ledger.total(account, fund=fund.id, year=year)

    row = next((row for row in fund.profile if row.year == year), None)
    return FundLine(
        id=fund.id, title=fund.title, payer=state.party_name(fund.payer), payee=state.party_name(fund.payee),
        year=year, agreed=int(row.total * 100) if row else None, allotted=-total("promised"),
        paid=-total("promised") - total("allotted") - total("recalled"), committed=total("committed"),
        spent=total("spent"), held=total("held"), recalled=total("recalled"),
        brought_in=-total("carried") - total("moved"), late=late,
        undated=max(0, total("allotted") - dated), suspended_by=suspended_by,
    )  # fmt: skip


# --- matters ---


def _matter(state: DealState, matter: OpenMatter, day: dt.date) -> MatterLine:
    given: tuple[Power | Fund | Pool, ...] = (*state.deal.powers, *state.deal.funds, *state.deal.pools)
    titles = {thing.id: thing.title for thing in given}
    lapses = _lapses(matter)
    stands = STANDS.get(matter.matter.state, matter.matter.state.replace("-", " "))
    lapsed = lapses is not None and day >= lapses
    if lapsed:
        stands += ", and lapsed"
    if not matter.open and matter.matter.taken and matter.matter.taken[-1].action == "lapse":
        stands = "lapsed, and given back" if matter.takes else "lapsed"
    since = next((step.on for step in reversed(matter.matter.taken)), day)
    names = [titles.get(named, named) for named in matter.matter.scope] if matter.ground == "emergency" else []
    held_back = [f'"{name}"' for name in names] if matter.open else []
    for taking in matter.takes:
        named = titles.get(taking.power or taking.fund, taking.power or taking.fund)
        held_back.append(f'{rounded(taking.pence)} of "{named}"' if taking.fund else f'the power "{named}"')
    return MatterLine(
        id=matter.id, ground=matter.ground, title=_about(matter),
        period_end=matter.period_end, stands=stands, since=since, open=matter.open, reasons=tuple(_reasons(matter)),
        taken=tuple(held_back),
        residents=matter.residents, services=matter.services, lapses=lapses, lapsed=lapsed,
        restore_rule=matter.ladder.process.restore,
        restoration_due=_rule_of(state, matter, day) == "due", lapses_first=_rule_of(state, matter, day) == "too late",
        steps=step_lines(matter, day), reach=reach_lines(state.deal, matter),
    )  # fmt: skip


def _about(matter: OpenMatter) -> str:
    """What a matter is about: the condition, the duty that was broken, or the reason of an emergency."""
    if matter.condition is not None:
        return matter.condition.title
    return matter.matter.taken[0].reason if matter.ground == "emergency" else matter.matter.subject


def _reasons(matter: OpenMatter) -> Iterator[str]:
    """Why the last step was taken that needs a reason; of a breach why it was reported, too."""
    given = [step for step in matter.matter.taken if step.reason and _because(step)]
    if matter.ground == "emergency":
        given = [step for step in given if step.action != "suspend"]  # its title says why
    shown: tuple[Taken, ...] = tuple(given[-1:])
    if matter.ground == "breach":
        shown = tuple(dict.fromkeys((*given[:1], *given[-1:])))
    for step in shown:
        yield f"Reason {_because(step)}, {in_words(step.on)}: {step.reason}"


def _because(step: Taken) -> str:
    return KINDS[f"matter.{step.action}"].because


def _rule_of(state: DealState, matter: OpenMatter, day: dt.date) -> Literal["", "due", "too late"]:
    """Whether the deal's rule to restore, where it is so many periods in a row met, has come true since the period
    missed; or cannot before the control lapses, however well the place does."""
    rule = _IN_A_ROW.search(matter.ladder.process.restore)
    if rule is None or not matter.holds_back(day) or matter.condition is None or matter.period_end is None:
        return ""
    missed, wanted = matter.period_end, _NUMBERS.get(rule[1]) or int(rule[1])
    current = next((condition for condition in state.deal.conditions if state.is_about(matter, condition.id)), None)
    later = [end for end in judged_periods(state, current) if end > missed] if current is not None else []
    met = at_best = 0  # periods in a row: those found met, and those that are met or may yet be
    for end in later:
        if end >= day:
            break
        status = state.evaluation(matter.condition.id, end, day).status
        met = met + 1 if status == "met" else 0
        at_best = at_best + 1 if status in ("met", "waiting") else 0
        if met >= wanted:
            return "due"
    lapses = _lapses(matter)
    if lapses is None:
        return ""
    at_best += sum(end >= day and end + dt.timedelta(1) < lapses for end in later)
    return "too late" if at_best < wanted else ""


def _lapses(matter: OpenMatter) -> dt.date | None:
    """The first day on which the control holds nothing back any more."""
    rows = [row for row in matter.ladder.leaving(matter.matter.state) if row.action == "lapse"]
    return step_window(rows[0], matter.matter)[0] if rows else None
