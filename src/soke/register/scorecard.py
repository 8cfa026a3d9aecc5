"""The scorecard of a deal on a day: who decides, with whose money, on which conditions, how is it going, what is due.

A pure function from the state of a deal to plain values, for the command line and for any page that shows a deal.
Money is whole pence. Names are those of the terms in force.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from soke.deal.condition import Condition
from soke.deal.counts import OF_PENCE
from soke.deal.evaluation import Evaluation
from soke.deal.ladder import window as step_window
from soke.deal.types import Fund, Pool, Power
from soke.register.due import DueLine, due_lines, late_or_coming
from soke.register.ledger import amount
from soke.register.state import GIVERS, RECEIVERS, DealState, OpenMatter, Terms

KINDS_FIRST = ("collaboration", "community")  # the two grounds on which recall rests first
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
    from other years and funds, less what went there. ``held + committed + spent`` is the sum of the two."""

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
    suspended_by: str = ""  # a matter: an emergency holds back what is not yet committed

    @property
    def moved(self) -> bool:
        return bool(self.allotted or self.brought_in or self.spent or self.held)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionLine:
    """``found`` is of the last period that ended, or of the first one; ``running`` of the one that runs, if another."""

    id: str
    title: str
    kind: str
    asks: str
    found: Evaluation
    status: str  # in words
    so_far: str  # the count or figure, in words
    running: Evaluation | None
    running_so_far: str
    counted: bool
    counts: str  # what the counts of ``found`` and ``running`` are of: pence, or things; nothing where none is counted
    reported_by: str
    checked_by: str
    runs: bool  # the period of ``found`` still runs
    untouched: bool  # missed or overdue without an excuse, and no matter was ever opened about it
    matter: str = ""  # an open matter about it
    waived_by: str = ""  # a breach by the government suspends the duty


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
    taken: tuple[str, ...]
    residents: str
    services: str
    lapses: dt.date | None
    lapsed: bool
    restore_rule: str
    restoration_due: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    deal: str
    title: str
    status: str
    version: int
    in_force_since: dt.date | None
    givers: tuple[str, ...]
    receivers: tuple[str, ...]
    prices: str
    day: dt.date
    rehearsal: bool
    register: str
    waits_for: tuple[str, ...]  # what one side has agreed to and the other not yet, in words
    powers: tuple[PowerLine, ...]
    funds: tuple[FundLine, ...]
    conditions: tuple[ConditionLine, ...]
    matters: tuple[MatterLine, ...]
    due: tuple[DueLine, ...]


def scorecard(state: DealState, day: dt.date) -> Scorecard:
    """The scorecard of a deal on a day that is not before its last entry. SokeError where there is no such deal."""
    deal = state.deal
    words = {"deal.suspended": "suspend the deal", "deal.resumed": "resume the deal", "deal.ended": "end the deal"}
    return Scorecard(
        deal=state.id, title=deal.title, status=state.status, version=state.terms.version,
        in_force_since=_since(state), givers=_named(state, *GIVERS), receivers=_named(state, *RECEIVERS),
        prices=deal.prices, day=day, rehearsal=state.rehearsal, register=state.name,
        waits_for=tuple(
            f"{', '.join(map(state.party_name, sorted(parties)))} agreed to {words[kind]}; the other side has not"
            for kind, parties in state.agreeing.items()
        ),
        powers=tuple(_power(state, power, day) for power in deal.powers),
        funds=tuple(_funds(state, day)),
        conditions=tuple(
            _condition(state, one, day) for one in sorted(deal.conditions, key=lambda one: _rank(one.kind))
        ),
        matters=tuple(_matter(state, one, day) for one in state.matters.values()),
        due=due_lines(state, day),
    )  # fmt: skip


def _rank(kind: str) -> int:
    return KINDS_FIRST.index(kind) if kind in KINDS_FIRST else len(KINDS_FIRST)


def _named(state: DealState, *roles: str) -> tuple[str, ...]:
    return tuple(state.party_name(party) for party in state.parties(*roles))


def _since(state: DealState) -> dt.date | None:
    """The day on which the first version was signed by all who must."""
    first = next((terms for terms in state.versions if _whole(terms)), None)
    return _whole(first) if first else None


def _whole(terms: Terms) -> dt.date | None:
    every = [one.id for one in terms.deal.parties if one.role in (*RECEIVERS, "consenting-council")]
    givers = [terms.signed[one.id] for one in terms.deal.parties if one.role in GIVERS and one.id in terms.signed]
    if not givers or not all(one in terms.signed for one in every):
        return None
    return max(min(givers), *(terms.signed[one] for one in every)).date()


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
    late: dict[tuple[str, int], int] = {}
    for name, year, _, pence, last in late_or_coming(state):
        if last < day:
            late[name, year] = late.get((name, year), 0) + pence
    years = state.deal.years
    now = min(max(day.year - (day < dt.date(day.year, 4, 1)), years.start), years.stop - 1)
    live = {
        (fund, year) for (fund, year, _, account), pence in state.ledger.balances.items()
        if pence and account in ("allotted", "held", "committed", "recalled")
    }  # fmt: skip
    for fund in state.deal.funds:
        for year in sorted({now, *(year for name, year in live if name == fund.id)}):
            matter = state.held_back(fund.id, day)
            yield _fund(state, fund, year, late.get((fund.id, year), 0), matter.id if matter else "")


def _fund(state: DealState, fund: Fund, year: int, late: int, suspended_by: str) -> FundLine:
    def total(account: str) -> int:
        return state.ledger.total(account, fund=fund.id, year=year)

    row = next((row for row in fund.profile if row.year == year), None)
    return FundLine(
        id=fund.id, title=fund.title, payer=state.party_name(fund.payer), payee=state.party_name(fund.payee),
        year=year, agreed=int(row.total * 100) if row else None, allotted=-total("promised"),
        paid=-total("promised") - total("allotted") - total("recalled"), committed=total("committed"),
        spent=total("spent"), held=total("held"), recalled=total("recalled"),
        brought_in=-total("carried") - total("moved"), late=late, suspended_by=suspended_by,
    )  # fmt: skip


# --- on which conditions, how is it going ---


def _condition(state: DealState, condition: Condition, day: dt.date) -> ConditionLine:
    ends = state.periods(condition)
    ended = [end for end in ends if end < day]
    coming = [end for end in ends if end >= day]
    in_view = ended[-1] if ended else coming[0] if coming else day
    found = state.evaluation(condition.id, in_view, day)
    running = state.evaluation(condition.id, coming[0], day) if ended and coming else None
    matter = next((one for one in state.matters.values() if one.open and _is_about(one, condition)), None)
    waiver = next((one for one in state.matters.values()
                   if one.matter.state == "duty-suspended" and condition.id in one.waived), None)  # fmt: skip
    failed = found.status in ("missed", "overdue") and not found.excused
    counted = bool(condition.indicator) and state.indicator(condition.indicator or "").collection == "register-count"
    return ConditionLine(
        id=condition.id, title=condition.title, kind=condition.kind, asks=_asks(condition), found=found,
        status=_status(found, counted, day), so_far=_so_far(condition, found, counted), running=running,
        running_so_far=_so_far(condition, running, counted) if running else "", counted=counted,
        counts=("pence" if condition.indicator in OF_PENCE else "things") if counted else "",
        reported_by=state.party_name(condition.reported_by), checked_by=state.party_name(condition.checked_by),
        runs=bool(condition.indicator) and in_view >= day,
        untouched=failed and not any(state.about(condition.id, in_view)),
        matter=matter.id if matter else "", waived_by=waiver.id if waiver else "",
    )  # fmt: skip


def _is_about(one: OpenMatter, condition: Condition) -> bool:
    return one.condition is not None and one.condition.id == condition.id


def _status(found: Evaluation, counted: bool, day: dt.date) -> str:
    """In words. A period that runs has no status yet."""
    said = {"met": "met", "near-miss": "near miss", "missed": "missed", "overdue": "overdue"}.get(found.status)
    if said is None:
        ended = found.period_end < day
        said = "not yet due" if not ended else "nothing fell due" if counted else "report awaited"
    return f"{said}, excused" if found.excused else said


def _so_far(condition: Condition, found: Evaluation, counted: bool) -> str:
    if condition.indicator is None:
        return found.why
    if found.count is not None:
        done, asked = found.count.done, found.count.asked
        if not asked:
            return "nothing has fallen due"
        said = f"{_round(done)} of {_round(asked)}" if condition.indicator in OF_PENCE else f"{done:,} of {asked:,}"
        return f"{_value(condition, found.value)} ({said})"
    if found.value is None:
        return "not reported"
    return _value(condition, found.value) + (", reported late" if found.late else "")


def _asks(condition: Condition) -> str:
    bounds = (("at least", condition.at_least), ("at most", condition.at_most))
    asked = " and ".join(f"{word} {_value(condition, bound)}" for word, bound in bounds if bound is not None)
    if condition.none_in_last_months is not None:
        return f"no public notice in {condition.none_in_last_months} months"
    return asked or "no threshold"


def _value(condition: Condition, value: Decimal | None) -> str:
    if value is None:
        return "no figure"
    if condition.unit.startswith("share"):
        return f"{_plain(value * 100, 2)}%"
    return f"{_plain(value, 3)} {condition.unit}".strip()


def _plain(value: Decimal, digits: int) -> str:
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _round(pence: int) -> str:
    """For people: GBP 15.0m; small sums to the pound."""
    if abs(pence) >= 100_000_000:
        return f"£{Decimal(pence) / 100_000_000:,.1f}m"
    return amount(pence - pence % 100) if pence >= 100 else amount(pence)


# --- matters ---


def _matter(state: DealState, one: OpenMatter, day: dt.date) -> MatterLine:
    given: tuple[Power | Fund | Pool, ...] = (*state.deal.powers, *state.deal.funds, *state.deal.pools)
    titles = {thing.id: thing.title for thing in given}
    rows = [row for row in one.ladder.leaving(one.matter.state) if row.action == "lapse"]
    lapses = step_window(rows[0], one.matter)[0] if rows else None
    stands = STANDS.get(one.matter.state, one.matter.state.replace("-", " "))
    lapsed = lapses is not None and day >= lapses
    if lapsed:
        stands += ", and lapsed"
    since = next((step.on for step in reversed(one.matter.taken)), day)
    names = [titles.get(named, named) for named in one.matter.scope] if one.ground == "emergency" else []
    held_back = [f'"{name}"' for name in names] if one.open else []
    for taking in one.takes:
        named = titles.get(taking.power or taking.fund, taking.power or taking.fund)
        held_back.append(f'{_round(taking.pence)} of "{named}"' if taking.fund else f'the power "{named}"')
    return MatterLine(
        id=one.id, ground=one.ground, title=_about(one),
        period_end=one.period_end, stands=stands, since=since, open=one.open, taken=tuple(held_back),
        residents=one.residents, services=one.services, lapses=lapses, lapsed=lapsed,
        restore_rule=one.ladder.process.restore,
        restoration_due=_restoration_due(state, one, day),
    )  # fmt: skip


def _about(one: OpenMatter) -> str:
    """What a matter is about: the condition, the duty that was broken, or the reason of an emergency."""
    if one.condition is not None:
        return one.condition.title
    return one.matter.taken[0].reason if one.ground == "emergency" else one.matter.subject


def _restoration_due(state: DealState, one: OpenMatter, day: dt.date) -> bool:
    """Whether the deal's rule, where it is so many periods in a row met, has come true since the period missed."""
    rule = _IN_A_ROW.search(one.ladder.process.restore)
    if rule is None or not one.holds_back(day) or one.condition is None or one.period_end is None:
        return False
    current = next((named for named in state.deal.conditions if named.id == one.condition.id), None)
    wanted, row = _NUMBERS.get(rule[1]) or int(rule[1]), 0
    for end in state.periods(current) if current is not None else ():
        if one.period_end < end < day and row < wanted:
            row = row + 1 if state.evaluation(one.condition.id, end, day).status == "met" else 0
    return row >= wanted
