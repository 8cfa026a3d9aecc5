"""The three files as typed values: framework, deal, scenario.

Money is ``Decimal`` pounds, exact. A financial year is the integer in which it starts (``"2026-27"`` is 2026).
Every item carries ``at``, the place in the file it was read from, so that a finding can point at it.
``grade`` of an item follows ``origin`` unless it says its own: public facts carry a source; what shows the format
says illustrative.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from soke.deal.condition import Condition, DueProcess, Indicator, Recall, Target
from soke.deal.fiscal import BusinessRates, CouncilTax, EarnBack, Fiscal, IncomeTax
from soke.deal.fund_kinds import (
    AFTERWARDS,
    FUND_KINDS,
    MECHANISMS,
    AdditionalityName,
    Afterwards,
    AfterwardsName,
    FundKind,
    MechanismName,
)
from soke.deal.investment import Effect, Investment
from soke.deal.located import Balance, Item, Located, Money, Origin, Range, Share, Year
from soke.deal.oversight import Accountability, Answerable, Layer
from soke.deal.scenario import Cuts, Note, Scenario, SpendingPath
from soke.england.law import LawId, laws
from soke.england.strategic import Tier

# The names of the other modules, so that all types of the three files can be had from here.
__all__ = [
    "Accountability", "Answerable", "BusinessRates", "Condition", "CouncilTax", "Cuts", "DueProcess", "EarnBack",
    "Effect", "Fiscal", "IncomeTax", "Indicator", "Investment", "Item", "Layer", "Located", "Note", "Origin", "Range",
    "Recall", "Scenario", "SpendingPath", "Target", "Tier",
]  # fmt: skip

Status = Literal["draft", "agreed", "in-force", "suspended", "ended"]
Function = Literal[
    "transport", "skills", "employment", "housing", "local-growth", "environment", "health", "social-care",
    "children", "public-safety", "planning", "finance", "unitemised",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Item):
    id: str
    title: str
    publisher: str
    date: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Party(Item):
    id: str
    name: str
    role: Literal[
        "giver", "receiver", "office-holder", "consenting-council", "partner", "assurer", "adjudicator", "community"
    ]
    place: str | None = None  # ONS code


@dataclass(frozen=True, slots=True, kw_only=True)
class Power(Item):
    """A power, who holds it and how it is exercised. No rule weighs ``exercise`` or ``holding``: they tell readers."""

    id: str
    title: str
    function: str  # dotted, as "transport.bus-franchising"
    holder: str  # party id
    giver: str = ""  # TOML key `from`: party id or body
    exercise: Literal["mayor-alone", "mayor-with-cabinet", "majority", "two-thirds", "unanimous"]
    holding: Literal["transferred", "conferred", "concurrent", "joint", "consult"]
    statutory_basis: str = ""
    needs_order: bool = False  # given by statute or statutory instrument: cannot be recalled by letter
    in_force: dt.date | None = None
    excludes: tuple[str, ...] = ()
    recallable: bool = False
    needs_fund: bool = True  # DW205: False where exercising the power costs nothing of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class FundYear(Located):
    """One financial year of a fund: pounds of revenue and of capital."""

    year: Year
    revenue: Money = Decimal(0)
    capital: Money = Decimal(0)

    @property
    def total(self) -> Decimal:
        return self.revenue + self.capital


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund(Item):
    """Money that is paid each year. ``legal_power`` and ``ring_fenced`` bind people; nothing computes with them."""

    id: str
    title: str
    theme: str
    function: Function
    payer: str  # TOML key `from`: party id
    payee: str  # TOML key `to`: party id
    mechanism: MechanismName
    additionality: AdditionalityName
    after_profile: AfterwardsName
    profile: tuple[FundYear, ...]
    previous_spend: tuple[FundYear, ...] = ()  # what was spent here on the same functions before (DF311)
    lines: Mapping[str, Money] = field(default_factory=dict)  # of the first year of the profile (DF303)
    powers: tuple[str, ...] = ()  # ids of the powers that this fund pays for (DW205)
    legal_power: str = ""
    ring_fenced: bool = False
    pooled_in: str | None = None  # pool id
    remainder: bool = False  # a headline less the lines that could be read (DF306)
    recallable_share: Share | None = None  # none said: nothing of it (deal/recall_share.py)

    @property
    def kind(self) -> FundKind:
        """What the money would have been without the deal."""
        return FUND_KINDS[self.additionality]

    @property
    def afterwards(self) -> Afterwards:
        """What the fund does after the last year of its profile."""
        return AFTERWARDS[self.after_profile]


@dataclass(frozen=True, slots=True, kw_only=True)
class Virement:
    between_themes_max: Share = Decimal(0)
    carry_over_max: Share = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool(Item):
    """Funds held together. ``partners`` and ``journeys`` say who pools for whom; nothing computes with them."""

    id: str
    title: str
    headline: Money
    year: Year
    themes: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    journeys: tuple[str, ...] = ()
    virement: Virement = Virement()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proceeds(Item):
    """What is done with what the place keeps of growth. Shares of one (DX502)."""

    older_care: Share = Decimal(0)
    children: Share = Decimal(0)
    prevention: Share = Decimal(0)
    reserves: Share = Decimal(0)
    communities: Share = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Community(Item):
    """What communities decide. ``rule``, ``ballot`` and the sizes are for the budgets that are run under the deal."""

    id: str
    title: str
    mechanism: Literal[
        "participatory-budget", "citizens-assembly", "asset-transfer", "right-to-buy", "charter", "opinion-map"
    ]
    amount: Money
    from_fund: str
    rule: str
    decided_by: str = ""
    undertaking: bool = False
    binding: bool = False  # DM606: no law lets a council bind itself to a public vote
    adopts: str = ""  # who undertakes to adopt the result, and by when
    answer_due_days: int | None = None
    ballot: str = ""
    reverter: bool = False
    size_min: int | None = None
    size_max: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard(Item):
    """A standard that authorities adopt, conform to and leave: terms for people, which the schema requires."""

    id: str
    title: str
    with_places: tuple[str, ...]  # TOML key `with`
    adopted_by: str
    conformance: str
    leaving: str
    adopted_on: dt.date | None = None  # none yet: not adopted


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme(Item):
    id: str
    title: str
    kind: Literal["supply-chain", "research", "link", "other"]
    with_places: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bargain(Item):
    """An issue on which interests differ, and what settles it: terms for people."""

    id: str
    issue: str
    gainers: tuple[str, ...]
    losers: tuple[str, ...]
    side_payment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause(Item):
    """A clause that limits the offer: what to read before opening the champagne."""

    id: str
    title: str
    text: str
    law: LawId = ""  # a law on which the clause rests: whether it is in force is said with the clause

    @property
    def said(self) -> str:
        """The clause, and how the law that it names stands."""
        return f"{self.text} {laws()[self.law].standing}" if self.law else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Item):
    """A worked case that the deal carries: given indicators, then the states of its conditions (DT802)."""

    name: str
    given: Mapping[str, Decimal | str]
    then: Mapping[str, str]
    after_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessTest(Item):
    """One test of the framework for a tier. Reported with its answer; never a single score."""

    id: str
    title: str
    tier: Tier
    question: str
    measure: Literal["population", "mayor-months", "clean-months", "assurance-framework", "contiguous", "statement"]
    at_least: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing(Item):
    """What a place says of one readiness test: a date, a number or a sentence, with its source."""

    test: str  # id of the readiness test
    since: dt.date | None = None
    value: Decimal | None = None
    statement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedAccount(Item):
    """What the deal says its place spends and raises; DX501 checks the sum."""

    year: Year
    definition: str
    public_spend: Money
    tax_raised: Money
    stated_gap: Balance


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework(Located):
    """The standing offer: the same for all, no bidding."""

    id: str
    title: str
    effective: dt.date
    summary: str = ""
    parties: tuple[Party, ...] = ()
    powers: tuple[Power, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    conditions: tuple[Condition, ...] = ()
    targets: tuple[Target, ...] = ()
    accountability: tuple[Accountability, ...] = ()
    answerable: tuple[Answerable, ...] = ()
    layers: tuple[Layer, ...] = ()
    clauses: tuple[Clause, ...] = ()
    readiness: tuple[ReadinessTest, ...] = ()
    due_process: DueProcess | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal(Located):
    """One place's deal, the framework's offer already merged in (items keep the file they came from)."""

    framework: Framework
    id: str
    title: str
    place: str  # ONS code of the area
    members: tuple[str, ...]  # ONS codes of lower-tier and unitary authorities, sorted
    tier: Tier
    status: Status
    starts: Year
    ends: Year
    prices: str  # "cash" or "real 2026-27"
    agreed: dt.date | None = None
    review: str = ""
    summary: str = ""
    account: StatedAccount | None = None
    standing: tuple[Standing, ...] = ()
    parties: tuple[Party, ...] = ()
    powers: tuple[Power, ...] = ()
    funds: tuple[Fund, ...] = ()
    pools: tuple[Pool, ...] = ()
    fiscal: Fiscal = field(default_factory=Fiscal)
    proceeds: Proceeds | None = None
    investments: tuple[Investment, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    conditions: tuple[Condition, ...] = ()
    targets: tuple[Target, ...] = ()
    due_process: DueProcess | None = None
    accountability: tuple[Accountability, ...] = ()
    layers: tuple[Layer, ...] = ()
    community: tuple[Community, ...] = ()
    standards: tuple[Standard, ...] = ()
    programmes: tuple[Programme, ...] = ()
    bargains: tuple[Bargain, ...] = ()
    clauses: tuple[Clause, ...] = ()
    cases: tuple[Case, ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def years(self) -> range:
        """The financial years that the deal covers."""
        return range(self.starts, self.ends + 1)

    def is_kept_tax(self, fund: Fund) -> bool:
        """Whether a fund is growth in business rates that the deal's own terms already let the place keep."""
        return MECHANISMS[fund.mechanism].kept_tax and self.fiscal.business_rates is not None

    @property
    def fiscal_from(self) -> int:
        """The year from which the fiscal terms hold: when both the deal and its terms on business rates have begun."""
        terms = self.fiscal.business_rates
        return max(self.starts, terms.from_year) if terms else self.starts

    @property
    def unsaid_before(self) -> tuple[Fund, ...]:
        """Funds of money spent here before, with no word on how much: taken to equal what the fund pays."""
        return tuple(
            fund
            for fund in self.funds
            if fund.kind.spent_before and not fund.previous_spend and not self.is_kept_tax(fund)
        )

    def party(self, party_id: str) -> Party | None:
        return next((p for p in self.parties if p.id == party_id), None)

    def fund(self, fund_id: str) -> Fund | None:
        return next((f for f in self.funds if f.id == fund_id), None)
