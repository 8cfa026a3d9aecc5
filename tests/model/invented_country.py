"""A small invented country, and deals and scenarios for it, built from the types themselves."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from functools import partial

import numpy as np

from soke.deal.types import (
    BusinessRates,
    Deal,
    Effect,
    Fiscal,
    Framework,
    Fund,
    FundYear,
    Investment,
    Proceeds,
    Range,
    Scenario,
    SpendingPath,
)
from soke.england.baseline import Baseline, Column
from soke.england.history import Past
from soke.errors import Location
from soke.model.accounts.outlook import HEADS, BaseYear, Move, carried
from soke.model.accounts.types import Line, LineMatrix
from soke.model.economy.effective_density import SECTORS
from soke.model.funding.chain import Recipients
from soke.model.funding.estimates import Estimates
from soke.model.funding.rates_shares import Billing
from soke.model.run.beside import Councils
from soke.model.services import care, cuts

AT = Location("deal.toml")
REVENUE = {
    "income-tax": ("own", 3500), "national-insurance": ("own", 2500), "vat": ("own", 2300),
    "vat-refunds": ("head", 300),
    "corporation-tax": ("own", 1100), "council-tax": ("own", 650), "business-rates": ("own", 430),
    "fuel-duties": ("income", 400), "climate-change-levy": ("gva", 30), "north-sea": ("gva", 60),
    "interest-and-dividends": ("head", 500),
}  # fmt: skip
RATIOS = {"revenue": 1.03 * 1.15, "spending": 1.15}
SPENDING = {"health": 3300, "education": 1600, "social-protection": 4800, "transport": 500, "defence": 800}


def invented_baseline(places: int = 24, seed: int = 7) -> Baseline:
    """A country of towns on a square of 200 by 200 km, of very different sizes. Everyone commutes a little."""
    rng = np.random.default_rng(seed)
    people = np.exp(rng.normal(11.8, 0.6, places))
    gva = people * np.exp(rng.normal(np.log(0.03), 0.25, places))
    ages = {"0_15": 0.19, "16_64": 0.63, "65_plus": 0.18, "75_plus": 0.08, "85_plus": 0.025}
    names = (*SECTORS, "public", "property")
    sectors = dict(zip(names, rng.dirichlet([13, 6, 20, 27, 20, 14], places).T * gva, strict=True))
    values = {"population": people, "gva": gva, "jobs": people * rng.uniform(0.3, 0.7, places)}
    values |= {f"population_{age}": people * share * rng.uniform(0.97, 1.03, places) for age, share in ages.items()}
    values |= {f"gva_{sector}": amount for sector, amount in sectors.items()}
    values |= {"gva_local": sectors["construction"] + 0.8 * sectors["consumer_services"]}
    values |= {"median_pay": np.where(np.arange(places) < 6, 500.0, 600.0)}  # pounds a week
    values |= {
        "employment_rate": rng.uniform(68, 82, places),
        "homes_added": people * 0.003,
        "imd_score": rng.uniform(8, 40, places),
    }
    lat, lon = 52 + rng.uniform(0, 1.8, places), -2 + rng.uniform(0, 3, places)
    near = 1.0 / (1.0 + 100 * (np.abs(lat[:, None] - lat) + np.abs(lon[:, None] - lon)))
    commuting = near + 2 * np.eye(places)
    codes = tuple(f"T{i:03d}" for i in range(places))
    columns = {
        name: Column(name, "", "2022", "invented", "estimate", "", column, ("estimate",) * places)
        for name, column in values.items()
    }
    return Baseline(
        codes=codes, names=codes, regions=("R",) * places, classes=tuple(kind_of(i) for i in range(places)),
        area_km2=rng.uniform(40, 900, places), lat=lat, lon=lon, columns=columns,
        commuting_of=partial(np.asarray, commuting / commuting.sum(axis=1, keepdims=True)),
        past_of=partial(invented_past, people, gva, seed),
    )  # fmt: skip


def invented_past(people: np.ndarray, gva: np.ndarray, seed: int) -> Past:
    """Twenty-five years of output and thirty-two of people that end in today's, and ages that thin out from 60 on."""
    rng, places = np.random.default_rng(seed + 1), len(people)
    back = {25: gva, 32: people}
    paths = {
        years: now[:, None] * np.exp(np.cumsum(rng.normal(-0.01, 0.02, (places, years)), axis=1)[:, ::-1])
        for years, now in back.items()
    }
    shape = np.where(np.arange(91) < 60, 1.0, np.exp(-0.07 * (np.arange(91.0) - 60)))
    ages = shape[:, None] * people / shape.sum() * rng.uniform(0.9, 1.1, (91, places))
    areas = tuple(f"R{i % 4}" for i in range(places))
    return Past(paths[25], tuple(range(1998, 2023)), paths[32], tuple(range(1991, 2023)), ages, areas)


def kind_of(place: int) -> str:
    """Every third place is a district of the one county; the rest are unitary."""
    return "shire-district" if place % 3 == 1 else "unitary"


def invented_estimates(baseline: Baseline) -> Estimates:
    """Unitaries that run their own fire service, and districts under a county and a fire authority."""
    codes = baseline.codes
    billing = tuple(
        Billing(code, kind, *(("COUNTY", "FIRE") if kind == "shire-district" else ("", "")))
        for code, kind in zip(codes, baseline.classes, strict=True)
    )
    people = baseline["population"]
    below = np.array([kind == "shire-district" for kind in baseline.classes]) * people
    spread = np.tile(below / below.sum(), (2, 1))
    who = Recipients(
        (*codes, "COUNTY", "FIRE"),
        (*codes, "County", "Fire"),
        (*baseline.classes, "county", "fire"),
        len(codes),
        spread,
    )
    district = np.array([kind == "shire-district" for kind in baseline.classes])
    need = np.concatenate([people * np.where(district, 0.15, 1.0), [below.sum() * 0.8, below.sum() * 0.05]])
    tax = np.concatenate([people * np.where(district, 1e-4, 8e-4), [below.sum() * 7e-4, below.sum() * 5e-5]])
    assessment = need * 300e-6
    return Estimates(who, billing, assessment, assessment * 0.8, tax, need / need.sum())


def invented_councils(baseline: Baseline) -> Councils:
    """Pounds a head on care of adults and on all services; care of older people is half of it."""
    people = baseline["population"] / 1e6
    return Councils(
        care.Care(people * 440.0, np.full(len(people), 0.48)), cuts.Services(people * 640.0, people * 360.0)
    )


def invented_lines(baseline: Baseline) -> LineMatrix:
    """Pounds a head, taxes leaning on output, spending on people."""
    rich = baseline["gva"] / baseline["population"]
    rich = rich / (baseline["gva"].sum() / baseline["population"].sum())
    heads = baseline["population"] / 1e6
    lines, rows = [], []
    for name, (follows, per_head) in REVENUE.items():
        lines.append(_line(name, "revenue"))
        rows.append(heads * per_head * (1.0 if follows == "head" else rich))
    for name, per_head in SPENDING.items():
        lines.append(_line(name, "spending"))
        rows.append(heads * per_head)
    return LineMatrix(year=2022, codes=baseline.codes, lines=tuple(lines), values=np.array(rows))


def invented_start(lines: LineMatrix, year: int = 2025) -> BaseYear:
    """The base year of that country, as if its UK had moved by these ratios; with 1.03 real growth and 1.15 prices."""
    moves = tuple(Move(line.id, RATIOS[line.side], HEADS[line.side], "estimate") for line in lines.lines)
    after = carried(lines, {move.line: move for move in moves}, year)
    uk = {side: float(after.side(side).sum()) for side in RATIOS}
    return BaseYear(
        year=year, standing="moved", published=lines, lines=after, moves=moves, uk=uk,
        council_tax_growth=RATIOS["revenue"], words="Moved as invented.",
    )  # fmt: skip


def _line(name: str, side: str) -> Line:
    return Line(id=name, title=name, side=side, key="", grade="estimate", source="")


def fund(name: str = "new-money", kind: str = "new", pounds: int = 100_000_000, **changes: object) -> Fund:
    base = Fund(
        at=AT, id=name, title=name, theme="growth", function="transport", payer="treasury", payee="authority",
        mechanism="settlement-formula", additionality=kind, after_profile="ends", profile=years(pounds),
    )  # fmt: skip
    return replace(base, **changes)


def years(pounds: int, first: int = 2026, count: int = 4) -> tuple[FundYear, ...]:
    return tuple(FundYear(at=AT, year=first + i, capital=Decimal(pounds)) for i in range(count))


def investment(
    channel: str, name: str = "project", of: str = "new-money", opens: int = 2028, **effect: object
) -> Investment:
    return Investment(
        at=AT, id=name, title=name, kind="transport", fund=of, places=("A1",), starts=2026, opens=opens,
        capital=Decimal(300_000_000), effect=Effect(at=AT, channel=channel, **effect),
    )  # fmt: skip


def connection(after: float = 40.0, of: str = "new-money", share: Range | None = None, **changes: object) -> Investment:
    base = investment(
        "connection", "railway", of, between=(("T000", "T001"), ("T002", "T003")), mode="rail", minutes_before=60.0,
        minutes_after=Range(low=after * 0.9, central=after, high=after * 1.1), mode_share=share,
    )  # fmt: skip
    return replace(base, **changes)


def programme(people: float = 2000.0, **changes: object) -> Investment:
    return investment(
        "employment", "support", people_a_year=Range(low=people * 0.8, central=people, high=people * 1.2), **changes
    )


def course(people: float = 2000.0, level: str = "l3_nvq", **changes: object) -> Investment:
    return investment(
        "skills", "college", people_a_year=Range(low=people * 0.8, central=people, high=people * 1.2), level=level,
        **changes,
    )  # fmt: skip


def rates(retention: str = "1", reset: int = 2033) -> Fiscal:
    terms = BusinessRates(at=AT, retention=Decimal(retention), from_year=2026, reset=reset, safety_net=Decimal("0.97"))
    return Fiscal(business_rates=terms)


def deal(**changes: object) -> Deal:
    base = Deal(
        at=AT, framework=Framework(at=AT, id="f", title="f", effective=dt.date(2026, 4, 1)), id="d", title="A deal",
        place="A1", members=("T000", "T001", "T004"), tier="mayoral", status="draft", starts=2026, ends=2029,
        prices="cash",
    )  # fmt: skip
    return replace(base, **changes)


def full_deal() -> Deal:
    """Every lever pulled."""
    return deal(
        funds=(fund(), fund("skills", "moved", 40_000_000, after_profile="flat_real"),
               fund("buses", "consolidated", 30_000_000, previous_spend=years(33_000_000, 2025, 1))),
        investments=(connection(), programme(opens=2026), investment("public-capital", "roads")),
        fiscal=rates(), proceeds=Proceeds(at=AT, older_care=Decimal("0.5"), reserves=Decimal("0.2")),
    )  # fmt: skip


def scenario(**changes: object) -> Scenario:
    base = Scenario(
        at=AT, id="s", title="A scenario", end_year=2037, draws=60, seed=11, carry_price=1.15, carry_gva_real=1.03,
        gva_growth=Range(low=0.008, central=0.013, high=0.018), job_growth=0.004,
        spending=(SpendingPath(at=AT, function="health", real_growth=(0.03, 0.02)),
                  SpendingPath(at=AT, function="default", real_growth=(0.01,))),
        population_growth=0.003, reset_as_is=2029,
    )  # fmt: skip
    return replace(base, **changes)
