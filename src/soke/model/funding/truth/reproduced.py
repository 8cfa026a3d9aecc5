"""How each published figure of the scoreboard is worked out here: one function a rule, by the name of the rule.

A function gets what is asked (code, year, figure and the inputs that were published with it) and the rules, and answers
with one number, or with one for each authority of a population. Every number comes from the data file or the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import numpy as np

from soke.england.baseline import Floats
from soke.england.places import places
from soke.england.settlement import (
    council_tax_levels,
    inexact,
    merge,
    rates_shares_2013,
    settlement,
    settlement_years,
)
from soke.errors import SokeError
from soke.evidence import parameters
from soke.model.accounts.account import mask
from soke.model.accounts.apportion import check_basis
from soke.model.accounts.definitions import place_totals
from soke.model.economy.tax_bases import ELASTICITIES
from soke.model.funding import (
    baseline_funding,
    council_tax,
    levy,
    pilot_gain,
    pool,
    rates_shares,
    resource_adjustment,
    safety_net,
    tariff_top_up,
    tax_assignment,
    under_indexation,
)
from soke.model.funding import revenue_support_grant as rsg
from soke.model.funding.dated import Rules, rules
from soke.model.funding.referendum import published_rises
from soke.model.funding.settlement import came_from, settle
from soke.model.funding.settlement_figures import AuthoritySettlement, SettlementByRule
from soke.model.funding.tier_rule import NONE, published_baseline, tax_2015, tier_factor

Answer = float | Mapping[str, float]
MILLION = 1e6


@dataclass(frozen=True, slots=True)
class Asked:
    """What a row of the scoreboard asks for. ``code``: an authority, or a population such as ``each``."""

    code: str
    year: int
    figure: str
    inputs: Mapping[str, tuple[str, ...]]
    law: Rules
    settled: Callable[[int], SettlementByRule]
    single: bool  # one published number, not a table

    def numbers(self, name: str) -> Floats:
        return np.array([float(v) for v in self.inputs[name]])

    def number(self, name: str) -> float:
        return float(self.inputs[name][0])

    def exact(self, name: str) -> Decimal:
        return Decimal(self.inputs[name][0])

    @property
    def authority(self) -> AuthoritySettlement:
        return self.settled(self.year)[self.code]


RULES: dict[str, Callable[[Asked], Answer]] = {}
WORDS: dict[str, str] = {}  # each rule in words


def computes(rule: str, words: str) -> Callable[[Callable[[Asked], Answer]], Callable[[Asked], Answer]]:
    """Register the function that works out the figures of ``rule``."""

    def register(function: Callable[[Asked], Answer]) -> Callable[[Asked], Answer]:
        RULES[rule], WORDS[rule] = function, words
        return function

    return register


def settled_by(law: Rules) -> Callable[[int], SettlementByRule]:
    """:func:`settle` by these rules, each year worked out once."""

    @cache
    def by_year(year: int) -> SettlementByRule:
        return settle(year, held=law)

    return by_year


# Populations


def members(asked: str, year: int) -> tuple[str, ...]:
    """Authorities of a population: ``each`` that had the same code a year before, ``merged`` that predecessors make
    exactly, ``billing`` with a Band D, or a class; ``each but CODE`` leaves some out. SokeError for another word.
    """
    word, _, left_out = asked.partition(" but ")
    if word == "billing":
        levels = council_tax_levels(year)
        codes = [c for c, v in levels.by_code("band_d_excl_parish").items() if v > 0]  # nought: not filled in
    else:
        table = settlement(year)
        kinds = dict(zip(table.codes, table.kinds, strict=True))
        before = set(settlement(year - 1).codes)
        classes = {_class(kind): kind for kind in rsg.KINDS}
        if word == "each":
            codes = [c for c in table.codes if c in before]
        elif word == "merged":
            codes = [c for c in table.codes if c in came_from(year) and c not in before and c not in inexact(year)]
        elif word in classes:
            codes = [
                c for c in table.codes if kinds[c] == classes[word] and c in before and tier_factor(c, year, rules())
            ]
        else:
            raise SokeError(f"The scoreboard knows no population {asked!r}.", "Say each, merged, billing or a class.")
    return tuple(c for c in codes if c not in left_out.split())


def _class(kind: str) -> str:
    return f"{kind} without fire" if kind == "county" else kind


def _by_rule(asked: Asked, column: str) -> dict[str, float]:
    """A column of the settlement by rule: of one authority, or of those that the rule reaches."""
    if asked.code.startswith("E"):
        figure = asked.authority.figures[column]
        return {asked.code: figure.value} if figure.how == "rule" else {}
    figures = {a.code: f for a in asked.settled(asked.year).authorities if (f := a.figures.get(column))}
    return {c: f.value for c, f in figures.items() if f.how == "rule"}


def _one(answer: dict[str, float], asked: Asked) -> Answer:
    """A single authority's figure against a single number; by code where a table is compared."""
    return answer[asked.code] if asked.single and asked.code in answer else answer


# The settlement


@computes("baseline_funding.index", "Baseline funding levels rise by one index")
def _indexed(asked: Asked) -> Answer:
    if asked.figure == "ratio":
        return baseline_funding.index(asked.year, asked.law)
    if asked.figure == "local share at the start":
        first = settlement_years()[0]
        total = sum(published_baseline(first).values())
        return total / baseline_funding.chained(asked.year, first, asked.law)
    if asked.figure == "sfa to the year before":
        return asked.authority.figures["sfa"].value / settlement(asked.year - 1).value("sfa", asked.code)
    return _one(_by_rule(asked, "baseline_funding"), asked)


@computes("under_indexation.grant", "Grant for under-indexation")
def _grant(asked: Asked) -> Answer:
    if asked.figure == "authorities without grant":
        return float(len(_without_grant(asked)))
    return _one(_by_rule(asked, "under_indexation"), asked)


def _without_grant(asked: Asked) -> list[str]:
    """Those whose grant for under-indexation is d/m of all their funding: none of it is Revenue Support Grant."""
    table = settlement(asked.year)
    due = under_indexation.grant(table["sfa"], asked.year, asked.law)
    near = np.abs(table["under_indexation"] - due) < NONE * due
    return [c for c, without in zip(table.codes, near, strict=True) if without]


@computes("under_indexation.baseline_from_grant", "Baseline read back from that grant")
def _back(asked: Asked) -> Answer:
    return float(under_indexation.baseline_from_grant(asked.numbers("grant"), asked.year, asked.law)[0])


@computes("revenue_support_grant.grant", "Revenue Support Grant, funding less baseline")
def _rsg(asked: Asked) -> Answer:
    if asked.code == "all":
        return asked.settled(asked.year).total("revenue_support_grant") or 0.0
    column = "sfa" if asked.figure.startswith("sfa") else "revenue_support_grant"
    now = asked.authority.figures[column].value
    if not asked.figure.endswith(("fall", "fall, share")):
        return now
    before = asked.settled(asked.year - 1)[asked.code].figures[column].value
    return (before - now) / before if asked.figure.endswith("share") else before - now


@computes("revenue_support_grant.factor", "Funding by the factor of the class, 2016-20")
def _factor(asked: Asked) -> Answer:
    tax = tax_2015(asked.year)
    return {c: v + tax[c] for c, v in _by_rule(asked, "sfa").items() if c in tax}


@computes("revenue_support_grant.negative", "Negative grant and its paying off")
def _negative(asked: Asked) -> Answer:
    if asked.figure == "authorities without grant":
        return float(sum(_has_none(a) and _counts(a, asked) for a in asked.settled(asked.year).authorities))
    if asked.figure == "chained from the first year":
        return _chained(asked)
    if asked.code == "all":
        return asked.settled(asked.year).total("negative_grant") or 0.0
    return asked.authority.figures["negative_grant"].value


def _has_none(a: AuthoritySettlement) -> bool:
    grant, sfa = a.value("revenue_support_grant"), a.value("sfa")
    return grant is not None and sfa is not None and abs(grant) < NONE * sfa


def _counts(a: AuthoritySettlement, asked: Asked) -> bool:
    return asked.code == "all" or a.kind != "shire-district"


def _chained(asked: Asked) -> float:
    """Negative grant by the factors alone, from the funding of the first year, without a look at later tables."""
    first = settlement_years()[0]
    start = settlement(first)
    sfa, tax = np.array(start.value("sfa", asked.code)), np.array(start.value("council_tax", asked.code))
    level = published_baseline(first)[asked.code]
    for year in range(first + 1, asked.year + 1):
        k = rsg.factor(start.kinds[start.codes.index(asked.code)], False, year, asked.law)
        sfa = rsg.settlement_funding(sfa, tax, k)
    level *= baseline_funding.chained(first, asked.year, asked.law)
    return float(rsg.negative(sfa, np.array(level)))


@computes("revenue_support_grant.rolled_forward", "Funding rolled forward to 2020-21")
def _rolled(asked: Asked) -> Answer:
    value = asked.authority.figures["sfa"].value
    if asked.figure == "ratio":
        return value / merge(settlement(asked.year - 1).by_code("sfa"), asked.year)[asked.code]
    return value


# Business rates


@computes("rates_shares.split", "Shares of a place's rates sum to one")
def _shares(asked: Asked) -> Answer:
    out = {}
    for place in places().authorities:
        part = rates_shares.split(rates_shares.billing(place, asked.year, asked.law), asked.year)
        out[place.code] = part.central + part.billing + part.upper + part.fire + part.combined
    return out


@computes("tariff_top_up.start", "Tariffs and top-ups sum to nought")
def _start(asked: Asked) -> Answer:
    """Tariffs and top-ups of England at the start, by the tier split as certified then."""
    rows = rates_shares_2013()
    first = settlement_years()[0]
    levels = dict(published_baseline(first))
    codes = sorted({*levels, *rows, *(r.county_or_gla for r in rows.values()), *(r.fire for r in rows.values())} - {""})
    at = {code: i for i, code in enumerate(codes)}
    tiers = np.zeros((len(rows), len(codes)))
    for i, r in enumerate(rows.values()):
        for code, part in ((r.code, r.share_billing), (r.county_or_gla, r.share_county_or_gla), (r.fire, r.share_fire)):
            if part:
                tiers[i, at[code]] += part
    funding = np.array([levels.get(code, 0.0) for code in codes])
    income = np.array([r.income for r in rows.values()])
    local = funding.sum() / baseline_funding.chained(asked.year, first, asked.law)
    start = tariff_top_up.start(local, funding / funding.sum(), income / income.sum(), tiers)
    return float(start.tariff.sum())


@computes("levy.single_rate", "Levy by one rate")
def _single(asked: Asked) -> Answer:
    if asked.figure == "least kept of the next pound":
        kept = asked.law.value("business_rates.retention", asked.year)
        return kept * (1 - asked.law.value("levy.cap", asked.year))
    funding, rates = asked.numbers("funding"), asked.numbers("rates")
    cap = asked.law.value("levy.cap", asked.year)
    if asked.figure == "pool rate":
        return float(levy.levy_rate(funding.sum(), rates.sum(), cap))
    return float(levy.levy_rate(funding, rates, cap)[int(asked.number("member"))])


@computes("pool.settle", "Pools: levy and safety net as one")
def _pool(asked: Asked) -> Answer:
    funding, rates, growth = (asked.numbers(n) for n in ("funding", "rates", "growth"))
    safe = safety_net.safe_share(asked.year, "all", asked.law)
    if asked.figure == "fall before the safety net, alone":
        return float(((1 - safe) * funding)[0])
    if asked.figure == "fall before the safety net, pooled":
        return float((1 - safe) * funding.sum())
    rule = pool.SingleRate(funding, rates, asked.law.value("levy.cap", asked.year))
    outcome = pool.settle(funding + growth, funding, rule, safe)
    return float(outcome.levy if asked.figure == "levy, pooled" else outcome.alone_levy.sum())


@computes("pilot.gain", "What keeping all of business rates gives above the half")
def _above_half(asked: Asked) -> Answer:
    elasticity = parameters()[ELASTICITIES["floorspace"]].central
    return pilot_gain.gain(places().members(asked.code), asked.year, elasticity, asked.law)


@computes("levy.graduated", "Graduated levy")
def _graduated(asked: Asked) -> Answer:
    bands = levy.schedule(asked.year, asked.law)
    return float(levy.graduated(asked.numbers("income"), asked.numbers("funding"), bands)[0])


@computes("resource_adjustment.fair_funding_allocation", "Resource adjustment by notional tax")
def _fair(asked: Asked) -> Answer:
    need, tax = asked.numbers("need"), asked.numbers("tax")
    shared = resource_adjustment.fair_funding_allocation(need, tax, asked.number("grant"))
    return float(shared.amounts[int(asked.number("member"))])


# Council tax


@computes("council_tax.band", "Council tax by band")
def _band(asked: Asked) -> Answer:
    band_d = (
        asked.exact("band_d")
        if "band_d" in asked.inputs
        else council_tax.mayoral_precept(asked.code, asked.year, law=asked.law)
    )
    part = council_tax.ratio(asked.inputs["band"][0], asked.year, asked.law)
    return float(council_tax.in_band(band_d, part))


@computes("council_tax.next_band_d", "Band D at the most allowed")
def _next(asked: Asked) -> Answer:
    if asked.figure == "floored to the penny":
        return float(council_tax.floor_penny(asked.exact("amount")))
    care = asked.exact("care") if "care" in asked.inputs else Decimal(0)
    return float(council_tax.next_band_d(asked.exact("now"), asked.exact("percent"), asked.exact("pounds"), care))


@computes("council_tax.requirement", "Council tax requirement and average")
def _requirement(asked: Asked) -> Answer:
    if asked.code != "all":
        return {c: v * MILLION for c, v in _by_rule(asked, "requirement").items()}
    table = council_tax_levels(asked.year)
    total = sum(float(np.nansum(table[c])) for c in ("requirement_incl_parish", "precept_requirement"))
    if asked.figure == "average Band D":
        billing = table.by_code("requirement_excl_parish")
        return total / sum(v for c, v in table.by_code("tax_base").items() if c in billing)
    return total / MILLION


@computes("referendum.principle", "Rises of Band D that need no vote")
def _votes(asked: Asked) -> Answer:
    needed = {rise.code: float(rise.excessive) for rise in published_rises(asked.year, asked.law)}
    if asked.code in needed:
        return needed[asked.code]
    return {c: needed[c] for c in members(asked.code, asked.year) if c in needed}


# Tax assigned


@computes("tax_assignment.reconciliation", "Reconciliation of an assigned tax")
def _reconciled(asked: Asked) -> Answer:
    names = ("forecast_revenue", "forecast_adjustment", "revenue", "adjustment")
    return float(tax_assignment.reconciliation(*(asked.numbers(n) for n in names))[0])


@computes("tax_assignment.adjustments", "Block grant adjustment, four methods")
def _adjusted(asked: Asked) -> Answer:
    revenue, people, here = (asked.numbers(n) for n in ("revenue", "people", "here"))
    name = asked.inputs["method"][0]
    adjusted = tax_assignment.adjustments(
        name, asked.numbers("first")[0], revenue, people, here, asked.number("per_head")
    )
    return float(adjusted[-1])


@computes("place_account.total", "What places raise and spend, as others published it")
def _of_a_place(asked: Asked) -> Answer:
    here = mask(places().members(asked.code))
    (definition,), (basis,) = asked.inputs["definition"], asked.inputs["basis"]
    return float(place_totals(definition, asked.year, check_basis(basis))[here].sum()) / 1e3
