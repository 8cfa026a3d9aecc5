"""The three files as typed values: framework, deal, scenario.

Money is ``Decimal`` pounds, exact. A financial year is the integer in which it starts (``"2026-27"`` is 2026).
Every item carries ``at``, the place in the file it was read from, so that a finding can point at it.
``grade`` of an item follows ``origin``: public facts carry a source; what shows the format says illustrative.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from soke.errors import Location

Tier = Literal["foundation", "mayoral", "established-mayoral"]
Status = Literal["draft", "agreed", "in-force", "suspended", "ended"]
Origin = Literal["public", "derived", "illustrative"]
Additionality = Literal["new", "moved", "consolidated"]
AfterProfile = Literal["ends", "flat_real", "grows"]
Function = Literal[
    "transport", "skills", "employment", "housing", "local-growth", "environment", "health", "social-care",
    "children", "public-safety", "planning", "finance", "unitemised",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What every table of the files has in common."""

    at: Location
    origin: Origin = "public"
    source: tuple[str, ...] = ()


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
    id: str
    title: str
    function: str  # dotted, as "transport.bus-franchising"
    holder: str  # party id
    giver: str = ""  # TOML key `from`: party id or body
    exercise: Literal["mayor-alone", "mayor-with-cabinet", "majority", "two-thirds", "unanimous"]
    holding: Literal["transferred", "conferred", "concurrent", "joint", "consult"]
    tiers: tuple[Tier, ...] = ()  # in the framework: the tiers that it is open to
    statutory_basis: str = ""
    needs_order: bool = False  # given by statutory instrument: cannot be recalled by letter
    in_force: dt.date | None = None
    excludes: tuple[str, ...] = ()
    recallable: bool = False
    needs_fund: bool = True  # DW205: False where exercising the power costs nothing of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class FundYear:
    """One financial year of a fund: pounds of revenue and of capital."""

    at: Location
    year: int
    revenue: Decimal = Decimal(0)
    capital: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return self.revenue + self.capital


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund(Item):
    id: str
    title: str
    theme: str
    function: Function
    payer: str  # TOML key `from`: party id
    payee: str  # TOML key `to`: party id
    mechanism: Literal["national-formula", "existing-allocation", "settlement-formula", "pooled", "retained-tax", "bid"]
    additionality: Additionality
    after_profile: AfterProfile
    profile: tuple[FundYear, ...]
    previous_spend: tuple[FundYear, ...] = ()  # what was spent here on the same functions before (DF311)
    lines: Mapping[str, Decimal] = field(default_factory=dict)  # of the first year of the profile (DF303)
    powers: tuple[str, ...] = ()  # ids of the powers that this fund pays for (DW205)
    legal_power: str = ""
    ring_fenced: bool = False
    pooled_in: str | None = None  # pool id
    remainder: bool = False  # a headline less the lines that could be read (DF306)
    recallable_share: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Virement:
    between_themes_max: Decimal = Decimal(0)
    capital_to_revenue: bool = False
    carry_over_max: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool(Item):
    id: str
    title: str
    headline: Decimal
    year: int
    themes: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    journeys: tuple[str, ...] = ()
    virement: Virement = Virement()


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessRates(Item):
    retention: Decimal  # share of growth that stays with the area's councils and combined authority
    from_year: int
    reset: int  # the year in which growth is next taken back into the baseline
    safety_net: Decimal  # share of baseline funding below which income is topped up


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilTax(Item):
    referendum_limit: Literal["national", "removed"] = "national"
    mayoral_precept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomeTax(Item):
    assigned_share: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fiscal:
    business_rates: BusinessRates | None = None
    council_tax: CouncilTax | None = None
    income_tax: IncomeTax | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proceeds(Item):
    """What is done with what the place keeps of growth. Shares of one (DX502)."""

    older_care: Decimal = Decimal(0)
    children: Decimal = Decimal(0)
    prevention: Decimal = Decimal(0)
    reserves: Decimal = Decimal(0)
    communities: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A low, central and high value: the 10th, 50th and 90th percentile of belief."""

    low: float
    central: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What an investment acts through. One investment, one channel, so that no job is counted twice.

    ``connection``: ``between`` two sets of places (ONS codes), door-to-door ``minutes_before`` and the range
    ``minutes_after``; acts through effective density.
    ``employment``: ``people_a_year`` supported; net effect per person drawn per place.
    ``public-capital``: the capital itself, through the output elasticity of public capital.
    ``none``: no effect on output claimed.
    """

    at: Location
    channel: Literal["connection", "employment", "public-capital", "none"]
    between: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    minutes_before: float | None = None
    minutes_after: Range | None = None
    people_a_year: Range | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Investment(Item):
    id: str
    title: str
    kind: Literal["transport", "housing", "employability", "skills", "health", "local-growth", "environment"]
    fund: str
    places: tuple[str, ...]
    starts: int
    opens: int
    capital: Decimal = Decimal(0)  # in all, spread evenly from starts to opens
    revenue: Decimal = Decimal(0)  # a year, from opens
    effect: Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(Item):
    id: str
    title: str
    unit: str
    better: Literal["up", "down"]
    period: Literal["month", "quarter", "year", "academic-year"]
    publisher: str
    lag_days: int
    revision: Literal["restate", "freeze"]
    baseline_period: str = ""
    baseline_value: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    at: Location
    scope: tuple[str, ...] = ()  # ids of funds, pools or powers
    max_share_of_fund: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(Item):
    id: str
    title: str
    kind: Literal["collaboration", "community", "performance", "governance", "fiduciary", "policy"]
    indicator: str | None = None
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    none_in_last_months: int | None = None
    window: str = ""
    unit: str = ""
    from_year: int | None = None
    evidence: str = ""
    reported_by: str = ""
    checked_by: str = ""
    due_days: int = 0
    tolerance: Decimal = Decimal(0)
    excuse: tuple[str, ...] = ()
    remedy: str = ""
    recall: Recall | None = None
    tie: str = ""  # the fund, pool or power that it hangs on


@dataclass(frozen=True, slots=True, kw_only=True)
class DueProcess(Item):
    ladder: tuple[str, ...]
    notice_days: int
    response_days: int
    cure_days: int
    appeal_days: int
    hearing_before: str  # party id
    decision_by: str  # party id
    appeal_to: str
    restore: str = ""  # when what was recalled is given back (DR408)
    interim: str = ""
    government_breach: str = ""
    emergency_max_days: int = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Community(Item):
    id: str
    title: str
    mechanism: Literal[
        "participatory-budget", "citizens-assembly", "asset-transfer", "right-to-buy", "charter", "opinion-map"
    ]
    amount: Decimal
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
class Accountability(Item):
    id: str
    title: str
    to: str
    every: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard(Item):
    id: str
    title: str
    with_places: tuple[str, ...]  # TOML key `with`
    adopted_by: str
    adopted_on: dt.date | None
    conformance: str
    leaving: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme(Item):
    id: str
    title: str
    kind: Literal["supply-chain", "research", "link", "other"]
    with_places: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bargain(Item):
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
class StatedAccount(Item):
    """What the deal says its place spends and raises; DX501 checks the sum."""

    year: int
    definition: str
    public_spend: Decimal
    tax_raised: Decimal
    stated_gap: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """The standing offer: the same for all, no bidding."""

    at: Location
    id: str
    title: str
    effective: dt.date
    summary: str = ""
    parties: tuple[Party, ...] = ()
    powers: tuple[Power, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    conditions: tuple[Condition, ...] = ()
    accountability: tuple[Accountability, ...] = ()
    clauses: tuple[Clause, ...] = ()
    readiness: tuple[ReadinessTest, ...] = ()
    due_process: DueProcess | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """One place's deal, the framework's offer already merged in (items keep the file they came from)."""

    at: Location
    framework: Framework
    id: str
    title: str
    place: str  # ONS code of the area
    members: tuple[str, ...]  # ONS codes of lower-tier and unitary authorities, sorted
    tier: Tier
    status: Status
    starts: int
    ends: int
    prices: str  # "cash" or "real 2026-27"
    agreed: dt.date | None = None
    review: str = ""
    summary: str = ""
    account: StatedAccount | None = None
    parties: tuple[Party, ...] = ()
    powers: tuple[Power, ...] = ()
    funds: tuple[Fund, ...] = ()
    pools: tuple[Pool, ...] = ()
    fiscal: Fiscal = Fiscal()
    proceeds: Proceeds | None = None
    investments: tuple[Investment, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    conditions: tuple[Condition, ...] = ()
    due_process: DueProcess | None = None
    accountability: tuple[Accountability, ...] = ()
    community: tuple[Community, ...] = ()
    standards: tuple[Standard, ...] = ()
    programmes: tuple[Programme, ...] = ()
    bargains: tuple[Bargain, ...] = ()
    clauses: tuple[Clause, ...] = ()
    cases: tuple[Case, ...] = ()
    sources: tuple[Source, ...] = ()

    def party(self, party_id: str) -> Party | None:
        return next((p for p in self.parties if p.id == party_id), None)

    def fund(self, fund_id: str) -> Fund | None:
        return next((f for f in self.funds if f.id == fund_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingPath:
    """Real growth a year of one spending function, by financial year in which it starts; the last value holds on."""

    at: Location
    function: str
    real_growth: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Assumptions, all of them: changing one never amends a deal.

    Growth rates are fractions a year, real. ``carry`` takes the 2022-23 baseline to the base year in one step.
    """

    at: Location
    id: str
    title: str
    base_year: int = 2025
    end_year: int = 2045
    draws: int = 1000
    seed: int = 20260401
    # carry: 2022-23 to base year, ratios (1.0 is no change)
    carry_gva_real: float = 1.0
    carry_price: float = 1.0  # GDP deflator, base year over 2022-23
    carry_spending_real: Mapping[str, float] = field(default_factory=dict)  # by function
    carry_tax_real: Mapping[str, float] = field(default_factory=dict)  # by tax
    # outlook
    gva_growth: Range  # real, a year, England
    job_growth: float = 0.0
    place_growth_sd: float = 0.0  # spread between places of trend growth, a year
    envelope: Literal["plans", "cuts"] = "plans"
    spending: tuple[SpendingPath, ...] = ()
    spending_cuts: tuple[SpendingPath, ...] = ()  # the cuts path
    ageing: Mapping[str, float] = field(default_factory=dict)  # age group -> growth a year
    # effects: overrides of evidence parameters, by id
    effects: Mapping[str, Range] = field(default_factory=dict)
    moved_money_gain: float = 0.0  # gain in effect of each moved pound; default none
    devolution_growth: float = 0.0  # growth for being devolved; default none, printed when on
    # fiscal
    retention_as_is: Mapping[str, float] = field(default_factory=dict)  # by area code, and "default"
    business_rates_volatility: float = 0.0  # sd of yearly change of a place's rating income
    reset_as_is: int = 2029
    other: Mapping[str, Any] = field(default_factory=dict)
