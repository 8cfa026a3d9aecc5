"""What the entries of a deal add up to: who holds which power and fund, what was reported, which matters are open.

A state is made by :mod:`soke.register.meaning` from entries and nothing else: no clock, no file. What is true *on a
day* (a control that has lapsed, a condition that is overdue) is asked with the day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

from soke.community.assets.rules import StepTaken
from soke.deal.condition import Condition, Indicator
from soke.deal.counts import Answer, Contribution, Delivery, Dispute, JointDecision, Records, Round, Transfer
from soke.deal.evaluation import Evaluation, Excuse, Report, evaluate, evaluate_count, evaluate_standing, window
from soke.deal.ladder import ENDS, Ladder, Matter, in_force
from soke.deal.periods import checked_period, period_ends
from soke.deal.recall_share import share_of
from soke.deal.succession import Succession, Thing, deal_after, heirs_now, ladder_after
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
    seq: int = -1  # the entry that laid it open
    since: int | None = None  # the entry by which it came into force


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

    def holds_back(self, day: dt.date) -> bool:
        return in_force(self.ladder, self.matter, day)


@dataclass(frozen=True, slots=True)
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
    settled: dt.date | None = None  # paid before this day, when the pot came out of others: their days are not kept


@dataclass(slots=True)
class AgreedSuccession:
    """What a side agreed to, and the day on which each party did: the registrar records it once both sides have."""

    what: Succession
    by: dict[str, dt.date] = field(default_factory=dict)


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
    to_decide: dict[str, int] = field(default_factory=dict)  # pence that a round was opened with
    decided: dict[str, int] = field(default_factory=dict)  # pence that residents decided, by round
    answers: dict[str, Answer] = field(default_factory=dict)
    transfers: dict[str, Transfer] = field(default_factory=dict)
    opened: dict[str, dt.date] = field(default_factory=dict)  # round -> the day on which it was opened
    manifests: dict[str, str] = field(default_factory=dict)  # hash of a count -> the round that it decided
    panels: dict[str, tuple[str, int]] = field(default_factory=dict)  # panel -> its undertaking, and people drawn
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    payments: dict[str, str] = field(default_factory=dict)  # payment -> delivery agreement
    agreed_by: dict[str, str] = field(default_factory=dict)  # delivery agreement -> who agreed it with the group
    paid_from: dict[str, dict[str, int]] = field(default_factory=dict)  # delivery agreement -> fund -> pence
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
    keys: list[str] = field(default_factory=list)  # verifier keys that sign for the register, the one in force last
    reanchored: list[dt.date] = field(default_factory=list)  # days on which one took the place of a lost one
    key_lost: dict[str, dict[str, dt.date]] = field(default_factory=dict)  # new key -> party -> day it agreed
    witnesses: list[str] = field(default_factory=list)  # verifier keys of those whom the register wants as witnesses
    need: int = 0  # how many of them
    status: DealStatus = "none"
    status_since: dt.date | None = None  # of what both sides agreed: in force, suspended, ended
    versions: list[Terms] = field(default_factory=list)
    current: Terms | None = None
    begun: dt.date | None = None  # the day on which the deal came into force
    agreeing: dict[str, dict[str, dt.date]] = field(default_factory=dict)  # kind -> party -> day it agreed
    successions: list[Succession] = field(default_factory=list)  # in the order in which they were recorded
    agreed_successions: list[AgreedSuccession] = field(default_factory=list)
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
    late_once: set[str] = field(default_factory=set)  # heirs of funds of which a payment came late, or not
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
    increases: dict[tuple[str, int, str], int] = field(default_factory=dict)  # pence that both sides agreed to add
    consents: dict[str, dict[str, dt.date]] = field(default_factory=dict)  # what is agreed to -> party -> the day
    corrected: dict[int, dict[str, Any] | None] = field(default_factory=dict)  # entry -> what stands for it; or nothing
    said: dict[str, dt.datetime] = field(default_factory=dict)  # what counts each time it is said -> when it was last
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
        """The terms as they read today: as they were signed, with the heirs of what was succeeded."""
        return self.deal_of(self.terms)

    def deal_of(self, terms: Terms) -> Deal:
        return deal_after(terms.deal, self.successions)

    @property
    def ladder(self) -> Ladder:
        """The ladder of the terms, each step for those who may take it today."""
        return ladder_after(self.terms.ladder, self.successions)

    # --- who ---

    def now(self, *parties: str) -> tuple[str, ...]:
        """Those who stand in the place of these parties today: themselves, or their heirs."""
        return tuple(dict.fromkeys(id for party in parties for id in heirs_now(self.successions, "party", party)))

    def parties(self, *roles: str) -> tuple[str, ...]:
        return tuple(party.id for party in self.deal.parties if party.role in roles)

    def party_name(self, party: str) -> str:
        if party == REGISTRAR:
            return "The registrar"
        signed = (terms.deal.party(party) for terms in (self.terms, *reversed(self.versions)))
        return next((found.name for found in signed if found), party)

    def undertaking(self, named: str) -> str:
        """What an undertaking to communities is called, also one that was succeeded."""
        signed = (each for terms in (self.terms, *reversed(self.versions)) for each in terms.deal.community)
        return next((each.title for each in signed if each.id == named), named)

    def succeeded(self, thing: Thing, named: str) -> str:
        """What became of a thing that was succeeded, in a sentence; nothing where it was not."""
        one = next((one for one in self.successions if (one.thing, one.id) == (thing, named)), None)
        heirs = ", ".join(heir.id for heir in one.heirs) if one else ""
        return f'"{named}" was succeeded by {heirs} on {in_words(one.on)}.' if one else ""

    # --- powers and money ---

    def power(self, named: str) -> Power:
        return self._named(self.deal.powers, named, "power", "powers")

    def fund(self, named: str) -> Fund:
        return self._named(self.deal.funds, named, "fund", "funds")

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

    def _named(self, things: Sequence[Named], named: str, what: Literal["power", "fund", "condition", "indicator"],
               many: str) -> Named:  # fmt: skip
        """The thing of that id. SokeError with what became of it, or with the ids that there are."""
        thing = next((thing for thing in things if thing.id == named), None)
        if thing is None:
            known = ", ".join(thing.id for thing in things)
            gone = self.succeeded(what, named) if what != "indicator" else ""
            raise SokeError(f'"{named}" is no {what} of the deal.', gone or f"Its {many}: {known}.")
        return thing

    # --- conditions ---

    def condition(self, named: str) -> Condition:
        return self._named(self.deal.conditions, named, "condition", "conditions")

    def indicator(self, named: str) -> Indicator:
        return self._named(self.deal.indicators, named, "indicator", "indicators")

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
        condition, excuses = self._with_excuses(condition)
        indicator = self.indicator(condition.indicator or "")
        checked_period(self.deal, condition, indicator, period_end)
        if indicator.collection == "register-count":
            span = window(condition, indicator, period_end)
            records = self.records(self.allotted_revenue(span.first, span.last))
            return evaluate_count(condition, indicator, records, period_end, day, excuses=excuses)
        return evaluate(
            condition, indicator, self.reports, period_end, day, excuses=excuses,
            step_taken=self.step_taken(named, period_end),
        )  # fmt: skip

    def _with_excuses(self, condition: Condition) -> tuple[Condition, list[Excuse]]:
        """What was accepted stands, whoever checks the condition today, and whatever grounds it names today."""
        mine = [replace(one, accepted_by=condition.checked_by) for one in self.excuses if one.condition == condition.id]
        grounds = dict.fromkeys((*condition.excuse, *(one.ground for one in mine)))
        return (replace(condition, excuse=tuple(grounds)) if mine else condition), mine

    def step_taken(self, named: str, period_end: dt.date) -> dt.date | None:
        """The day of the first step that was taken on a condition and period."""
        days = [matter.matter.taken[0].on for matter in self.about(named, period_end)]
        return min(days, default=None)

    def about(self, named: str, period_end: dt.date) -> Iterator[OpenMatter]:
        for matter in self.matters.values():
            if matter.period_end == period_end and self.is_about(matter, named):
                yield matter

    def is_about(self, matter: OpenMatter, named: str) -> bool:
        """Whether a matter is about a condition, under its name or that of one in whose place it came."""
        return matter.condition is not None and named in heirs_now(self.successions, "condition", matter.condition.id)

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
