"""A made-up run of plausible size: figures like Greater Manchester's, none of them published."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np

from soke.deal.burden import Burden, Return, assumptions
from soke.deal.finding import Finding
from soke.deal.readiness import Answer
from soke.deal.types import (
    BusinessRates,
    Clause,
    Condition,
    Deal,
    Fiscal,
    Framework,
    Fund,
    FundYear,
    Party,
    Pool,
    Range,
    ReadinessTest,
    Recall,
    Scenario,
    Source,
    Virement,
)
from soke.errors import Location
from soke.model.accounts.comparison import BaseYearAccount, Change
from soke.model.accounts.history import AccountYear
from soke.model.accounts.types import Account, AccountLine, EconomyTaxes, GapSplit, Known, Line, Total
from soke.model.money.fund_flows import Flow
from soke.model.run.result import Driver, Keep, PlaceSeries, Projection, Series, Standing
from soke.model.stake.bidding import Bidding, Span
from soke.model.stake.conditions import Risk
from soke.model.stake.recall import Conditions, FundAtStake, Stake
from soke.report.contents import FileUsed, RunMeta, RunReport, SourceNote

AT = Location("deal.toml", 12, 1)
PLACES = tuple(f"E0{6 + k % 4}{k:06d}" for k in range(296))
AREA = PLACES[100:110]
YEARS = tuple(range(2025, 2046))
DRAWS = 200
CLASSES = ("London borough", "metropolitan district", "unitary", "shire district")
REGIONS = ("North East", "North West", "Yorkshire and The Humber", "London", "South East", "South West")


def answer(title: str, met: bool | None, said: str) -> Answer:
    test = ReadinessTest(
        at=AT, id=title, title=title, tier="mayoral", question="Is it so?", measure="statement"
    )  # fmt: skip
    return Answer(test=test, met=met, answer=said, grade="official")


def fund(key: str, amount: int, **more: Any) -> Fund:
    values: dict[str, Any] = {
        "title": key.capitalize(),
        "theme": key,
        "function": "transport",
        "payer": "dft",
        "payee": "gmca",
        "mechanism": "national-formula",
        "additionality": "moved",
        "after_profile": "flat_real",
        "profile": (FundYear(at=AT, year=2026, revenue=Decimal(amount)),),
        "pooled_in": "settlement",
        "recallable_share": Decimal(1),
    }
    return Fund(at=AT, id=key, **(values | more))


def deal() -> Deal:
    source = Source(at=AT, id="letter", title="Grant letter", publisher="MHCLG", date=dt.date(2025, 4, 8))
    conditions = (
        Condition(
            at=AT,
            id="C1",
            title="Communities decide a real share",
            kind="community",
            recall=Recall(at=AT, scope=("bus",), max_share_of_fund=Decimal("0.25")),
        ),
        Condition(
            at=AT,
            id="C2",
            title="Partners work together",
            kind="collaboration",
            recall=Recall(at=AT, scope=("bus", "skills"), max_share_of_fund=Decimal("0.10")),
        ),
    )
    return Deal(
        at=AT,
        framework=Framework(at=AT, id="england", title="Standing offer", effective=dt.date(2026, 4, 1)),
        id="gm",
        title="Greater Manchester devolution deal",
        place="E47000001",
        members=AREA,
        tier="established-mayoral",
        status="in-force",
        starts=2026,
        ends=2029,
        prices="cash",
        parties=(
            Party(at=AT, id="dft", name="Department for Transport", role="giver"),
            Party(at=AT, id="gmca", name="Greater Manchester Combined Authority", role="receiver"),
        ),
        funds=(
            fund("bus", 280_000_000),
            fund("skills", 102_000_000),
            fund("local", 66_000_000, additionality="new", origin="illustrative"),
            fund("rest", 182_000_000, remainder=True, origin="derived"),
        ),
        pools=(
            Pool(
                at=AT,
                id="settlement",
                title="Integrated settlement",
                headline=Decimal(630_000_000),
                year=2026,
                virement=Virement(between_themes_max=Decimal("0.10")),
            ),
            Pool(at=AT, id="unused", title="Ended pool", headline=Decimal(6_000_000_000), year=2016),
        ),
        fiscal=Fiscal(
            business_rates=BusinessRates(
                at=AT, retention=Decimal(1), from_year=2024, reset=2029, safety_net=Decimal("0.97")
            )
        ),
        conditions=conditions,
        clauses=(
            Clause(at=AT, id="s1", title="Spending reviews", text="Every sum ends with the spending review."),
            Clause(
                at=AT,
                id="s2",
                title="Extra controls",
                text="Government may add spending controls if delivery fails.",
                source=("letter",),
            ),
        ),
        sources=(source,),
    )


def line(
    key: str, side: Any, value: float, here: float = 0.0, head: float = 0.0, grade: Any = "derived"
) -> AccountLine:
    made = Line(
        id=key,
        title=key.replace("-", " ").capitalize(),
        side=side,
        key=f"{key} paid by residents, 2021-22",
        grade=grade,
        source="ons-regional-accounts",
    )
    pounds = 1e6 * value / 2_870_000
    return AccountLine(
        line=made, value=value, half_width=0.1 * value * (1 - here) or None, per_head=pounds,
        england_per_head=pounds * 1.04, known=Known(here, 0.0, 1 - here - head, head, 0.0),
    )  # fmt: skip


def account() -> Account:
    return Account(
        place="E47000001",
        name="Greater Manchester",
        year=2022,
        codes=("E08000001",),
        population=2_870_000,
        basis="residence",
        published=False,
        lines=(
            line("income-tax", "revenue", 8_900.0, here=1.0, grade="official"),
            line("vat", "revenue", 6_700.0),
            line("corporation-tax", "revenue", 2_100.0, grade="unverified"),
            line("health", "spending", 10_400.0, head=1.0, grade="estimate"),
        ),
        receipts=39_214.0,
        receipts_half_width=1_800.0,
        taxes=33_200.0,
        taxes_half_width=900.0,
        spending=50_802.0,
        spending_half_width=1_400.0,
        gap=11_588.0,
        gap_half_width=2_280.0,
        split=GapSplit(borrowing=5_563.0, lower_tax=5_233.0, higher_spending=792.0),
        gap_low=9_870.0,
        gap_high=13_690.0,
        totals=(
            Total(
                definition="all receipts",
                side="revenue",
                value=39_214.0,
                half_width=1_800.0,
                low=37_100.0,
                high=40_900.0,
                low_basis="income",
                high_basis="GVA",
            ),
        ),
        known=Known(0.21, 0.02, 0.61, 0.16, 0.07),
        known_taxes=Known(0.24, 0.0, 0.6, 0.16, 0.05),
        known_spending=Known(0.19, 0.03, 0.62, 0.16, 0.08),
        economy=EconomyTaxes(generated=34_000.0, paid=33_200.0, pay_ratio=1.04),
        claims=(),
        notes=("2022-23 is distrusted: debt interest was 15.0bn in the North West against 6.5bn in 2019-20.",),
    )


def base_year() -> BaseYearAccount:
    """The account three years on; the parts of the gap sum to it in each year."""
    return BaseYearAccount(
        place="E47000001", name="Greater Manchester", published_year=2022, base_year=2025, standing="moved",
        grade="unverified", receipts=Change(39_214.0, 41_000.0), spending=Change(50_802.0, 52_600.0),
        gap=Change(11_588.0, 11_600.0), borrowing=Change(5_563.0, 5_500.0), lower_tax=Change(5_233.0, 5_300.0),
        higher_spending=Change(792.0, 800.0), half_width=None, flipped_by=(), notes=("2025-26 is 2022-23 moved.",),
    )  # fmt: skip


def series(name: str, title: str, level: float, change: np.ndarray, growth: float = 0.013) -> Series:
    as_is = np.tile(level * (1 + growth) ** np.arange(len(YEARS)), (DRAWS, 1))
    return Series(name=name, title=title, unit="GBP million a year, 2025-26 prices", as_is=as_is, deal=as_is + change)


def standing() -> Standing:
    """Funding that leaves need behind a little more each year; the deal's places fall less."""
    ramp = np.arange(len(YEARS)) / 20.0
    both = np.stack([ramp, 0.6 * ramp])
    steps = {"london-borough": 0.03, "metropolitan-district": -0.02, "unitary": 0.004, "shire-district": -0.01}
    return Standing(
        near=0.4 - 0.2 * both,
        low=0.96 - 0.06 * both,
        high=1.05 + 0.08 * both,
        area=0.99 - 0.03 * both,
        levy=np.stack([4.0 * ramp, 0.0 * ramp]),
        safety_net_chance=np.stack([0.12 * ramp, 0.31 * ramp]),
        classes={kind: 1.0 + step * (0.5 + both) for kind, step in steps.items()},
        notes=("Who needs what is an estimate.", "The local half of rates is 14.1bn; published 13.2bn."),
    )


def projection(mean: float = 55.0, spread: float = 60.0) -> Projection:
    """``mean`` and ``spread`` (standard deviation), GBP million: the narrowing in year 20."""
    rng = np.random.default_rng(7)
    ramp = np.linspace(0, 1, len(YEARS))
    change = (mean + spread * rng.standard_normal((DRAWS, 1))) * ramp
    saved, new = 0.3 * change, np.tile(20.0 * ramp, (DRAWS, 1))
    receipts = change - saved + new + 0.1 * change
    every = (
        series("gap_narrowing", "Narrowing of the gap", 0.0, change),
        series("receipts", "Receipts", 41_000.0, receipts),
        series("spending", "Public spending", 52_600.0, receipts - change),
        series("benefits_saved", "Benefits saved", 0.0, saved),
        series("new_money", "New money", 0.0, new),
        series("proceeds_spent", "Proceeds spent", 0.0, 0.1 * change),
        series("kept_growth", "Business rates kept and government grant here", 1_900.0, 0.15 * change),
        series("assigned_tax", "Income tax assigned", 0.0, np.zeros_like(change)),
        series("earned_back", "Earned back from growth", 0.0, np.zeros_like(change)),
        series("council_tax_raised", "Council tax raised above today's bills", 0.0, np.zeros_like(change)),
        series("budget", "Council tax, business rates, grant and the deal's funds", 6_900.0, 0.2 * change + new),
    )
    level = 20.0 * rng.standard_normal(296) * 0.02
    level[100:110] = 4.0
    by_place = (ramp[:, None] * level)[None] * np.array([0.2, 0.6, 1.0, 1.4, 1.9])[:, None, None]
    places = PlaceSeries(
        name="balance",
        title="What a place gets, less its share of the cost",
        unit="GBP million a year, 2025-26 prices",
        as_is=np.full((5, len(YEARS), 296), 250.0),
        difference=by_place,
        mean_difference=ramp[:, None] * level,
        below_chance=np.where(level < 0, 0.9, 0.1) * np.ones((len(YEARS), 1)),
    )
    return Projection(
        deal="gm",
        scenario="default",
        seed=1,
        draws=DRAWS,
        years=YEARS,
        places=PLACES,
        area=AREA,
        series={s.name: s for s in every},
        by_place={"balance": places},
        flows=(
            Flow(
                item="local",
                payer="hmt",
                receiver="gmca",
                owner="fund",
                kind="new",
                amount=np.array([0, 66, 66, 67, 68] + [0.0] * 16, dtype=float),
            ),
            Flow(item="bus", payer="dft", receiver="gmca", owner="fund", kind="moved", amount=np.full(21, 280.0)),
        ),
        keep_as_is=Keep(councils=3.4, county=0.0, fire=0.1, combined_authority=0.0, levy_account=0.36, treasury=96.14),
        keep_rates_as_is=Keep(
            councils=48.0, county=0.0, fire=1.0, combined_authority=0.0, levy_account=1.0, treasury=50.0
        ),
        keep_rates_deal=Keep(
            councils=98.0, county=0.0, fire=1.0, combined_authority=0.0, levy_account=0.0, treasury=1.0
        ),
        keep_deal=Keep(councils=6.74, county=0.0, fire=0.0, combined_authority=0.26, levy_account=0.0, treasury=93.0),
        keep_council_tax={
            "councils": 81.2,
            "fire": 4.1,
            "police": 11.9,
            "combined_authority": 2.7,
            "parishes": 0.1,
        },
        standing=standing(),
        drivers=(
            Driver(
                parameter="net_effect",
                meaning="Net effect on work of each person supported by an employment programme",
                rank_correlation=0.71,
                low=-12.0,
                high=96.0,
            ),
            Driver(parameter="lag", meaning="Lag of public capital", rank_correlation=-0.22, low=50.0, high=31.0),
        ),
        limits=("It has no growth bonus for being devolved.", "It cannot see the quality of decisions."),
        assumptions=(
            {
                "id": "elasticity",
                "meaning": "Output elasticity of public capital",
                "value": "0.122 (0.08 to 0.16)",
                "grade": "estimate",
                "source": "Bom and Ligthart 2014",
            },
        ),
        conditions=at_stake(),
        bidding=bidding(),
    )


def at_stake() -> Conditions:
    """One condition whose chance is not known, and one that is missed 1 year in 10."""
    nothing, flat = np.full(4, np.nan), np.ones(4)
    ever = 1 - 0.9 ** np.arange(1, 5)
    known = {"met": 0.7 * flat, "near": 0.2 * flat, "missed": 0.1 * flat, "ever": ever, "low": 0.01 * flat,
             "high": 0.3 * flat}  # fmt: skip
    bus, skills = (
        FundAtStake(fund=name, title=name.capitalize(), theme=name, served=served, share=share, amount=amount * flat)
        for name, served, share, amount in (("bus", "passengers", 0.25, 70.0), ("skills", "learners", 0.1, 10.2))
    )
    return Conditions(
        years=YEARS[1:5],
        risks=(
            Risk(condition="C1", basis="not-known", why="Not known: no starting figure is given.", grade="unverified",
                 **dict.fromkeys(known, nothing)),
            Risk(condition="C2", basis="count", why="20 cases in a window.", grade="estimate", **known),
        ),
        stakes=(
            Stake(condition="C1", funds=(bus,), flexibilities=("Moving money",), first_test=dt.date(2027, 3, 31),
                  soonest=dt.date(2028, 1, 8), year_share=1.0, always=nothing),
            Stake(condition="C2", funds=(skills,), flexibilities=(), first_test=dt.date(2027, 3, 31),
                  soonest=dt.date(2028, 2, 7), year_share=1.0, always=1.02 * flat),
        ),
        least_days=253,
    )  # fmt: skip


def bidding() -> Bidding:
    def span(central: float) -> Span:
        return Span(low=0.5 * central, central=central, high=2.0 * central)

    return Bidding(
        money=630.0, months_bidding=span(13.0), months_devolved=span(1.0), months_sooner=span(12.0),
        money_sooner=span(630.0), bids=span(90.0), cost_bidding=span(3.6), cost_devolved=span(0.2), saved=span(3.4),
        dearer_chance=0.04, extended=span(0.4), officer_days=41.5, funds=4,
    )  # fmt: skip


def history(rate: float) -> tuple[list[int], list[float]]:
    years = list(range(1998, 2023))
    return years, [1000.0 * (1 + rate) ** k for k in range(len(years))]


def account_years() -> tuple[AccountYear, ...]:
    """A place that is a little shorter of money every year; only the last years were measured."""
    return tuple(
        AccountYear(year, 14_000.0 + 1_000.0 * k, 16_000.0 + 1_300.0 * k, 800.0 + 60.0 * k,
                    Known(0.2, 0.02, 0.6, 0.18, 0.07) if year >= 2021 else Known(0.02, 0.0, 0.7, 0.28, 0.0), "")
        for k, year in enumerate(range(1999, 2024))
    )  # fmt: skip


def make(**changes: Any) -> RunReport:
    values: dict[str, Any] = {
        "deal": deal(),
        "scenario": Scenario(
            at=AT, id="default", title="Default outlook", gva_growth=Range(low=0.008, central=0.013, high=0.018)
        ),
        "account": account(),
        "base_year": base_year(),
        "projection": projection(),
        "findings": (
            Finding(AT, "DF306", "warning", "Fund rest is what is left of a headline.", "Name the lines in it."),
        ),
        "burden": Burden(
            returns=9,
            deadlines=12,
            officer_days=Decimal("41.5"),
            cost=Decimal(15355),
            assumptions=assumptions(),
            rows=(Return(condition="b", title="Buses", returns=4, officer_days=Decimal("41.5"), meaning="statistics"),),
        ),
        "readiness": (answer("Mayor in place 18 months", True, "101 months"), answer("Clean record", None, "")),
        "councils_spending": 6_300.0,
        "councils_spending_source": "revenue outturn 2022-23",
        "population": dict.fromkeys(PLACES, 190000.0) | dict.fromkeys(AREA, 287000.0),
        "names": {code: f"Place {k}" for k, code in enumerate(PLACES)} | {AREA[0]: "Bolton"},
        "regions": {code: REGIONS[k % 6] for k, code in enumerate(PLACES)},
        "classes": {code: CLASSES[k % 4] for k, code in enumerate(PLACES)},
        "coast": frozenset(PLACES[::9]),
        "hexes": {code: (k % 16, k // 16) for k, code in enumerate(PLACES)},
        "history": account_years(),
        "gva_history": {
            "England": history(0.036),
            "Greater Manchester": history(0.0365),
            "West of England": history(0.042),
            "Tees Valley": history(0.027),
        },
        "sources": (
            SourceNote(
                publisher="ONS",
                title="Regional finances",
                year="2022-23",
                licence="OGL v3.0",
                grade="official",
                id="ons-regional-accounts",
                url="https://www.ons.gov.uk/economy",
            ),
            SourceNote(publisher="HM Treasury", title="CRA", year="2022-23", licence="OGL v3.0", grade="official"),
        ),
        "meta": RunMeta(
            version="0.1.0",
            files=(FileUsed(path="deals/gm.toml", sha256="ab" * 32, text="id = 'gm'\n"),),
            data={"people.csv": "cd" * 32},
            seed=1,
            draws=DRAWS,
            environment={"python": "3.11.7"},
            command="soke run deals/gm.toml",
        ),
    }
    return RunReport(**(values | changes))
