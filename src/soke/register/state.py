"""What the entries of a deal add up to: who holds which power and fund, what was reported, which matters are open.

A state is made by :mod:`soke.register.meaning` from entries and nothing else: no clock, no file. What is true *on a
day* (a control that has lapsed, a condition that is overdue) is asked with the day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from soke.community.assets.rules import StepTaken
from soke.deal.condition import Condition, Indicator
from soke.deal.counts import Answer, Contribution, Delivery, Dispute, JointDecision, Records, Round, Transfer
from soke.deal.evaluation import Evaluation, Excuse, Report, evaluate, evaluate_count, evaluate_standing, window
from soke.deal.ladder import ENDS, Ladder, Matter, in_force
from soke.deal.periods import checked_period, period_ends
from soke.deal.recall_share import share_of
from soke.deal.types import Deal, Fund, Power
from soke.errors import SokeError
from soke.register.kinds import REGISTER, REGISTRAR, DealStatus
from soke.register.ledger import Ledger
from soke.register.promise import Promise
from soke.text import day as in_words
from soke.text import year_of

Named = TypeVar("Named", Power, Fund, Condition, Indicator)
Earlier = Callable[[int], Mapping[str, Any]]  # an entry that is on record, by its number
GIVERS = ("giver",)
PLACE = ("receiver", "office-holder")
RECEIVERS = ("receiver",)
COMMUNITIES = ("community",)
WITNESSES = ("community", "assurer", "adjudicator")
FLEXIBILITY = "finance.virement"  # the function of a power to move money between lines


@dataclass(slots=True)
class Terms:
    """A version of the deal, and who has signed it."""

    version: int
    deal: Deal
    ladder: Ladder
    proposed: dt.datetime
    signed: dict[str, dt.datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """What a recall took: a power, or pence of a fund, year and use, from the accounts named."""

    power: str = ""
    fund: str = ""
    year: int = 0
    use: str = ""
    pence: int = 0


@dataclass(slots=True, kw_only=True)
class OpenMatter:
    """A matter, the ladder that it was opened under, and what came of it. ``condition`` is None in an emergency or
    for a breach by the government; ``waived`` are conditions whose duty such a breach suspends."""

    id: str
    ground: Literal["condition", "emergency", "breach"]
    matter: Matter
    ladder: Ladder
    condition: Condition | None = None
    period_end: dt.date | None = None
    takes: tuple[Taking, ...] = ()
    residents: str = ""
    services: str = ""
    waived: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        return self.matter.state not in ENDS

    def is_about(self, condition: Condition) -> bool:
        return self.condition is not None and self.condition.id == condition.id

    def holds_back(self, day: dt.date) -> bool:
        return in_force(self.ladder, self.matter, day)


@dataclass(slots=True)
class Commitment:
    """Money of a fund promised to others. ``pence`` is what is left of it."""

    fund: str
    year: int
    use: str
    purpose: str
    pence: int


@dataclass(frozen=True, slots=True)
class PayBy:
    """Pence that the payer said it would pay into a fund, year and use by a day."""

    fund: str
    year: int
    use: str
    pence: int
    due: dt.date


@dataclass(frozen=True, slots=True)
class Allotment:
    """Revenue that was allotted for a year, and when."""

    year: int
    pence: int
    on: dt.date


@dataclass(slots=True)
class Partners:
    """What partners and communities themselves recorded, by id."""

    decisions: dict[str, JointDecision] = field(default_factory=dict)
    contributions: dict[str, Contribution] = field(default_factory=dict)
    promised_by: dict[str, str] = field(default_factory=dict)
    promised_on: dict[str, dt.date] = field(default_factory=dict)
    disputes: dict[str, Dispute] = field(default_factory=dict)
    raised_by: dict[str, str] = field(default_factory=dict)
    rounds: dict[str, Round] = field(default_factory=dict)
    decided: dict[str, int] = field(default_factory=dict)  # pence that residents decided, by round
    answers: dict[str, Answer] = field(default_factory=dict)
    transfers: dict[str, Transfer] = field(default_factory=dict)
    opened: dict[str, dt.date] = field(default_factory=dict)  # round -> the day on which it was opened
    manifests: dict[str, str] = field(default_factory=dict)  # hash of a count -> the round that it decided
    panels: dict[str, tuple[str, int]] = field(default_factory=dict)  # panel -> its undertaking, and people drawn
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    payments: dict[str, str] = field(default_factory=dict)  # payment -> delivery agreement
    agreed_by: dict[str, str] = field(default_factory=dict)  # delivery agreement -> who agreed it with the group
    assets: dict[str, tuple[str, tuple[StepTaken, ...]]] = field(default_factory=dict)  # regime, and steps with ``by``
    titles: dict[tuple[str, str], str] = field(default_factory=dict)  # (kind, id) -> words


@dataclass(slots=True)
class DealState:
    """One deal of a register. Mutable: :func:`soke.register.meaning.apply` alone changes it."""

    id: str
    name: str = ""  # of the register
    rehearsal: bool = False  # the register shows what could be: its clock is whatever its users say
    rules: int = 1  # as the first entry of the register says: which of the rules that came later hold here
    registrars: set[str] = field(default_factory=set)
    status: DealStatus = "none"
    status_since: dt.date | None = None  # of what both sides agreed: in force, suspended, ended
    versions: list[Terms] = field(default_factory=list)
    current: Terms | None = None
    begun: dt.date | None = None  # the day on which the deal came into force
    agreeing: dict[str, dict[str, dt.date]] = field(default_factory=dict)  # kind -> party -> day it agreed
    people: dict[str, set[str]] = field(default_factory=dict)  # party -> who acts for it
    powers: dict[str, Literal["offered", "held", "returned"]] = field(default_factory=dict)
    since: dict[str, dt.date] = field(default_factory=dict)  # power -> day of its last change
    ledger: Ledger = field(default_factory=Ledger)
    carried_out: dict[tuple[str, int], int] = field(default_factory=dict)  # (fund, year) -> pence
    moved_out: dict[tuple[str, int], int] = field(default_factory=dict)  # (theme, year) -> pence, to other themes
    carry_allowed: dict[tuple[str, int], int] = field(default_factory=dict)  # (fund, year) -> pence, by the payer
    revenue: list[Allotment] = field(default_factory=list)
    pay_by: list[PayBy] = field(default_factory=list)
    paid: dict[tuple[str, int, str], list[tuple[dt.date, int]]] = field(default_factory=dict)  # pot -> day, pence
    promises: dict[str, Promise] = field(default_factory=dict)  # made beside what the deal says
    commitments: dict[str, Commitment] = field(default_factory=dict)
    partners: Partners = field(default_factory=Partners)
    reports: list[Report] = field(default_factory=list)
    checked: dict[tuple[str, dt.date], str] = field(
        default_factory=dict
    )  # figures that who checks them gave or confirmed
    excuses: list[Excuse] = field(default_factory=list)
    notices: dict[str, list[dt.date]] = field(default_factory=dict)  # condition -> days of public notices
    evaluations: dict[tuple[str, dt.date], Evaluation] = field(default_factory=dict)  # as last recorded
    matters: dict[str, OpenMatter] = field(default_factory=dict)
    seq: int = -1
    at: dt.datetime | None = None
    earlier: Earlier | None = field(default=None, compare=False, repr=False)

    def recorded(self, seq: int) -> Mapping[str, Any]:
        """An earlier entry of this deal or of the register itself. SokeError where there is none of that number."""
        if self.earlier is None or not 0 <= seq <= self.seq:
            raise SokeError(f"There is no entry {seq} before this one.", "soke register history lists the entries.")
        entry = self.earlier(seq)
        if entry["deal"] not in (self.id, REGISTER):
            raise SokeError(f'Entry {seq} is not of the deal "{self.id}".', "Name one of this deal.")
        return entry

    @property
    def terms(self) -> Terms:
        """What is in force; before it is, what was proposed last. SokeError where there is nothing."""
        if self.current is None and not self.versions:
            raise SokeError(f'There is no deal "{self.id[:80]}" in this register.', "Check its id, or propose it.")
        return self.current or self.versions[-1]

    @property
    def deal(self) -> Deal:
        return self.terms.deal

    # --- who ---

    def parties(self, *roles: str) -> tuple[str, ...]:
        return tuple(party.id for party in self.deal.parties if party.role in roles)

    def party_name(self, party: str) -> str:
        if party == REGISTRAR:
            return "The registrar"
        of_deal = self.deal.party(party)
        return of_deal.name if of_deal else party

    # --- powers and money ---

    def power(self, named: str) -> Power:
        return _named(self.deal.powers, named, "power", "powers")

    def fund(self, named: str) -> Fund:
        return _named(self.deal.funds, named, "fund", "funds")

    def held_back(self, named: str, day: dt.date) -> OpenMatter | None:
        """The matter by which a power or fund is held back on a day: recalled, or suspended in an emergency."""
        fund = self.deal.fund(named)
        names = {named, fund.pooled_in if fund and fund.pooled_in else named}
        for matter in self.matters.values():
            if matter.ground == "breach" or not matter.holds_back(day):
                continue
            if matter.ground == "emergency" and names & set(matter.matter.scope):
                return matter
            if matter.ground == "condition" and named in {taking.power for taking in matter.takes}:
                return matter
        return None

    def power_status(self, named: str, day: dt.date) -> str:
        """offered, held, returned, recalled or suspended."""
        matter = self.held_back(named, day)
        if matter is None or self.powers.get(named) != "held":
            return self.powers.get(named, "offered")
        return "recalled" if matter.ground == "condition" else "suspended"

    def allotted_revenue(self, first: dt.date, last: dt.date) -> int:
        """Pence of revenue for the financial years that begin in the days from first to last, as allotted by the last.

        What is allotted later does not change what a share was taken of.
        """
        years = {
            year for year in range(first.year - 1, last.year + 1) if first <= dt.date(year, 4, 1) <= last
        } or {year_of(last)}  # fmt: skip
        return sum(allotment.pence for allotment in self.revenue if allotment.year in years and allotment.on <= last)

    # --- conditions ---

    def condition(self, named: str) -> Condition:
        return _named(self.deal.conditions, named, "condition", "conditions")

    def indicator(self, named: str) -> Indicator:
        return _named(self.deal.indicators, named, "indicator", "indicators")

    def periods(self, condition: Condition) -> tuple[dt.date, ...]:
        """The ends of the periods that a condition tests; none for one that is tested on any day."""
        if condition.indicator is None:
            return ()
        ends = period_ends(self.deal, condition, self.indicator(condition.indicator))
        return tuple(end for end in ends if self.begun is None or end > self.begun)

    def evaluation(self, named: str, period_end: dt.date, day: dt.date) -> Evaluation:
        """The status of a condition for the period that ends on a day, from what is on record by ``day``."""
        condition = self.condition(named)
        if self.begun is not None and period_end < self.begun:
            fact = f"The period to {in_words(period_end)} was over before the deal was in force."
            raise SokeError(fact, f"It is in force from {in_words(self.begun)}.")
        if condition.indicator is None:
            return evaluate_standing(condition, self.notices.get(named, ()), min(day, period_end))
        indicator = self.indicator(condition.indicator)
        checked_period(self.deal, condition, indicator, period_end)
        if indicator.collection == "register-count":
            span = window(condition, indicator, period_end)
            records = self.records(self.allotted_revenue(span.first, span.last))
            return evaluate_count(condition, indicator, records, period_end, day, excuses=self.excuses)
        return evaluate(
            condition, indicator, self.reports, period_end, day, excuses=self.excuses,
            step_taken=self.step_taken(named, period_end),
        )  # fmt: skip

    def step_taken(self, named: str, period_end: dt.date) -> dt.date | None:
        """The day of the first step that was taken on a condition and period."""
        days = [matter.matter.taken[0].on for matter in self.about(named, period_end)]
        return min(days, default=None)

    def about(self, named: str, period_end: dt.date) -> Iterator[OpenMatter]:
        for matter in self.matters.values():
            if matter.condition is not None and (matter.condition.id, matter.period_end) == (named, period_end):
                yield matter

    def records(self, revenue_pence: int) -> Records:
        partners = self.partners
        return Records(
            decisions=tuple(partners.decisions.values()), contributions=tuple(partners.contributions.values()),
            disputes=tuple(partners.disputes.values()), rounds=tuple(partners.rounds.values()),
            answers=tuple(partners.answers.values()), transfers=tuple(partners.transfers.values()),
            deliveries=tuple(partners.deliveries.values()), revenue_pence=revenue_pence,
        )  # fmt: skip

    # --- recall ---

    def reach(self, matter: OpenMatter, fund: Fund, year: int) -> int:
        """Pence of a fund's year that a matter may take in all: the smaller of the condition's share and the fund's."""
        if matter.condition is None:
            return 0
        allotted = -self.ledger.total("promised", fund=fund.id, year=year)
        return int(allotted * share_of(fund, matter.condition))


def _named(things: Sequence[Named], named: str, what: str, many: str) -> Named:
    """The thing of that id. SokeError with the ids that there are."""
    thing = next((thing for thing in things if thing.id == named), None)
    if thing is None:
        known = ", ".join(thing.id for thing in things)
        raise SokeError(f'"{named}" is no {what} of the deal.', f"Its {many}: {known}.")
    return thing
