"""The settlement by rule: each authority's figures of a year from the published ones of the year before.

    BFL_t = I_t BFL_t-1                          BFL_t-1 read back from the published grant for under-indexation
    UI_t  = BFL_t d_t / m_t
    SFA_t = k_t (SFA_t-1 + CT_2015) - CT_2015    2016-17 to 2019-20, districts and counties without fire, not below BFL
    SFA_t = I_t SFA_t-1                          2020-21, everybody
    RSG_t = SFA_t - BFL_t
    requirement = tax base x Band D

SFA_t-1 is the published one, but where that had been lifted to the baseline, the rule goes on from its own figure
before the lift, since the lift was paid each year anew. Districts that merged are worked out as they were before and
then summed: so do the published figures of 2019-20. Other authorities mix tiers of service: their SFA is shown as
published. So are New Homes Bonus and rural services grant, and everything of 2015-16, which has no year before. Figures
of the year before are summed to the authorities of the year where that is exact, and else the published one is shown.

Each figure says how it was found, from what, and what was published. Settlement figures are GBP million.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import cast

import numpy as np

from soke.england.baseline import Grade
from soke.england.imported import NOTHING, Imported
from soke.england.official.workbooks import to_import
from soke.england.places import places
from soke.england.settlement import (
    COUNCIL_TAX_SOURCE,
    FinanceKind,
    council_tax_levels,
    council_tax_years,
    finance_authorities,
    heirs,
    inexact,
    merge,
    settlement,
    settlement_years,
)
from soke.errors import SokeError
from soke.model.funding import baseline_funding, official_figures, under_indexation
from soke.model.funding import revenue_support_grant as rsg
from soke.model.funding.core_spending_power import missing
from soke.model.funding.dated import Dated, Rules, rules
from soke.model.funding.settlement_figures import (
    BY_RULE,
    MILLION,
    SPENDING_POWER,
    TITLES,
    AuthoritySettlement,
    Figure,
    Input,
    SettlementByRule,
    add,
    given,
    own,
    published_input,
)
from soke.model.funding.tier_rule import Tiers, published_baseline, rsg_year, tiers_of
from soke.text import financial_year

PILOTS = 2017  # the first areas that kept all of their rates
PRECEPTING = ("county", "fire", "police", "combined-authority", "strategic-authority")
AS_PUBLISHED = ("council_tax", "new_homes_bonus", "nhb_returned", "rural_services_delivery_grant")
_NO_SPLIT = "it mixes tiers of service, and the split of its funding and tax by tier is not to hand"
_NO_FACTOR = "the factor of fire authorities is not among those that were recovered"
_NO_SUM = "no sum of authorities of the year before makes it exactly"
_FIRST = "it is the first year to hand, so there is no year before to work from"
READ_BACK = "read back from the grant for under-indexation of the year"
_UNCOMPUTED = "no rule is computed for it"


def settle(
    year: int, codes: Sequence[str] | None = None, held: Rules | None = None, official: Imported = NOTHING
) -> SettlementByRule:
    """Every authority's settlement and council tax of a year, or those of ``codes``; ``official`` figures beside it.

    SokeError for a year without figures, an authority that had none in it, or one named twice.
    """
    law = held or rules()
    everyone = roster(year, official)
    wanted = everyone if codes is None else _wanted(codes, everyone, year)
    figures: dict[str, dict[str, Figure]] = {code: {} for code in wanted}
    if year in settlement_years() or year == rsg.ROLLED_FORWARD:
        _baselines(figures, year, law)
        _funding(figures, year, law)
        _as_published(figures, year)
    _council_tax(figures, year)
    workbooks = official_figures.lay_over(figures, official, year, {c for c in wanted if named(c)[1] in PRECEPTING})
    return SettlementByRule(
        year,
        tuple(AuthoritySettlement(c, *named(c), year, figures[c]) for c in wanted),
        _notes(year, workbooks),
        law,
    )


def named(code: str) -> tuple[str, FinanceKind]:
    """Name and class of an authority of the shipped tables, or of one made since."""
    known = finance_authorities().get(code)
    if known:
        return known.name, known.kind
    place = places().by_code[code]
    return place.name, cast(FinanceKind, place.kind)


def years() -> tuple[int, ...]:
    """The years that can be settled, council tax alone in the last of them."""
    return tuple(sorted({*settlement_years(), rsg.ROLLED_FORWARD, *council_tax_years()}))


def roster(year: int, official: Imported = NOTHING) -> tuple[str, ...]:
    """Authorities with figures in a year, by code. SokeError for a year without any, which says what exists."""
    if year not in years() and year not in official_figures.years(official):
        funding = [y for y in years() if y in settlement_years() or y == rsg.ROLLED_FORWARD]
        fix = f"Funding is settled for {financial_year(funding[0])} to {financial_year(funding[-1])}, council tax for "
        fix += (
            f"{financial_year(council_tax_years()[0])} to {financial_year(council_tax_years()[-1])}. {to_import(year)}"
        )
        fact = f"No settlement figures for {financial_year(year)} are to hand."
        raise SokeError(fact, fix.strip(), code="bad-year")
    here: set[str] = set(council_tax_levels(year).codes) if year in council_tax_years() else set()
    if year in settlement_years():
        here |= set(settlement(year).codes)
    elif year == rsg.ROLLED_FORWARD:
        here |= set(merge(settlement(year - 1).by_code("sfa"), year))
    here |= {c for c in official_figures.codes(official, year) if c in finance_authorities() or places().get(c)}
    return tuple(sorted(here))


@cache
def came_from(year: int) -> Mapping[str, tuple[str, ...]]:
    """Authorities of ``year`` that are not those of the year before -> who of the year before went into them."""
    out: dict[str, tuple[str, ...]] = {}
    for old, new in heirs(year).items():
        for heir in new:
            out[heir.code] = (*out.get(heir.code, ()), old)
    return MappingProxyType(out)


def index_rows(year: int, law: Rules) -> tuple[Dated, Dated]:
    """The two figures whose ratio is the index of baselines: the small multiplier, or prices at a revaluation."""
    if baseline_funding.in_force(law, "baseline_funding.rpi", year):
        return law.row("baseline_funding.rpi", year), law.row("baseline_funding.rpi_before", year)
    return law.row(baseline_funding.SMALL, year), law.row(baseline_funding.SMALL, year - 1)


# Baselines and the grant for under-indexation


def _baselines(figures: Mapping[str, dict[str, Figure]], year: int, law: Rules) -> None:
    published = published_baseline(year) if year in settlement_years() else {}
    first = year == settlement_years()[0]
    before = {} if first else merge(published_baseline(year - 1), year)
    granted = {} if first else settlement(year - 1).by_code("under_indexation")
    codes = [c for c in figures if c in before]
    levels = np.array([before[c] for c in codes])
    new = baseline_funding.uprated(levels, year, law) if codes else levels
    by_rule = dict(zip(codes, new.tolist(), strict=True))
    grants = dict(zip(codes, under_indexation.grant(new, year, law).tolist(), strict=True)) if codes else {}
    paid = settlement(year).by_code("under_indexation") if published else {}
    index = () if first else _index(year, law)
    share = _share(year, law)
    for code, columns in figures.items():
        if code in by_rule:
            add(columns, "baseline_before", before[code], "rule", "under_indexation.baseline_from_grant",
                 _back(code, year, granted))  # fmt: skip
            add(columns, "baseline_funding", by_rule[code], "rule", "baseline_funding.index",
                 (own(columns["baseline_before"], year - 1), *index), published.get(code))  # fmt: skip
            add(columns, "under_indexation", grants[code], "rule", "under_indexation.grant",
                 (own(columns["baseline_funding"], year), *share), paid.get(code))  # fmt: skip
        elif code in published:
            why = _FIRST if first else _NO_SUM
            add(columns, "baseline_funding", published[code], "published", "under_indexation.baseline_from_grant",
                 (published_input("Grant for under-indexation", paid[code], year), *_share(year, rules())),
                 published[code], why)  # fmt: skip
            add(columns, "under_indexation", paid[code], "published", "", (), paid[code], why)


def _share(year: int, law: Rules) -> tuple[Input, Input]:
    return given(law.row("under_indexation.gap", year), year), given(law.row(baseline_funding.SMALL, year), year)


def _back(code: str, year: int, grants: Mapping[str, float]) -> tuple[Input, ...]:
    whose = [c for c in came_from(year).get(code, (code,)) if c in grants]
    name = "Grant for under-indexation"
    return (*(published_input(name, grants[c], year - 1, _other(c, code)) for c in whose), *_share(year - 1, rules()))


def _other(code: str, than: str) -> str:
    """The name of an authority where it is another; with its class where the two share the name."""
    known = finance_authorities()
    if code == than:
        return ""
    return known[code].name + (f" {known[code].kind}" if known[code].name == known[than].name else "")


def _index(year: int, law: Rules) -> tuple[Input, ...]:
    return tuple(given(row, y) for row, y in zip(index_rows(year, law), (year, year - 1), strict=True))


# Settlement funding assessment and Revenue Support Grant


def _funding(figures: Mapping[str, dict[str, Figure]], year: int, law: Rules) -> None:
    sfa, levels = (
        ({}, {}) if year == rsg.ROLLED_FORWARD else (settlement(year).by_code("sfa"), published_baseline(year))
    )
    old = settlement(year - 1).by_code("sfa") if year > settlement_years()[0] else {}
    came = came_from(year) if old else {}
    tiers = tiers_of(year, law) if rsg_year(year, law) else None
    at = tiers.at if tiers else {}
    fire = {c for c in figures if named(c)[1] == "fire"}
    inexact_here = set(inexact(year)) if old else set()
    for code, columns in figures.items():
        if (level := columns.get("baseline_funding")) is None:
            continue
        whose = () if code in inexact_here else tuple(c for c in came.get(code, (code,)) if c in old)
        published = sfa.get(code)
        if tiers and whose and all(c in at for c in whose):
            _by_tier(columns, code, [at[c] for c in whose], tiers, published, year, law)
        elif year == rsg.ROLLED_FORWARD:
            whole = float(rsg.rolled_forward(np.array(sum(old[c] for c in whose)), law))
            parts = (published_input(TITLES["sfa"], old[c], year - 1, _other(c, code)) for c in whose)
            add(columns, "sfa", whole, "rule", "revenue_support_grant.rolled_forward", (*parts, *_index(year, law)))
        else:
            why = _FIRST if not old else _NO_SUM if not whose else _NO_FACTOR if code in fire else _NO_SPLIT
            add(columns, "sfa", sfa[code], "published", "", (), published, why)
        _grant(columns, level, published, levels.get(code), year)


def _by_tier(
    columns: dict[str, Figure], code: str, who: list[int], tiers: Tiers, published: float | None, year: int, law: Rules
) -> None:
    """One authority by the rule: of each that it came from, the raw figure, and never less than its baseline."""
    old = published_baseline(year - 1)
    codes = [tiers.codes[i] for i in who]
    levels = baseline_funding.uprated(np.array([old[c] for c in codes]), year, law)
    raw = tiers.raw[who]
    before = (
        _part("sfa_unfloored", tiers.before[i], year - 1, c, code)
        if c in tiers.carried
        else published_input(TITLES["sfa"], float(tiers.before[i]), year - 1, _other(c, code))
        for i, c in zip(who, codes, strict=True)
    )
    taxes = (
        published_input(TITLES["council_tax"], float(tiers.tax_2015[i]), settlement_years()[0], _other(c, code))
        for i, c in zip(who, codes, strict=True)
    )
    add(columns, "sfa_unfloored", float(raw.sum()), "rule", "revenue_support_grant.factor",
        (*before, *taxes, given(tiers.factors[who[0]], year)))  # fmt: skip
    both = (
        *(_part("sfa_unfloored", v, year, c, code, columns["sfa_unfloored"].grade)
          for v, c in zip(raw, codes, strict=True)),
        *(_part("baseline_funding", v, year, c, code) for v, c in zip(levels, codes, strict=True)),
    )  # fmt: skip
    add(
        columns,
        "negative_grant",
        float(rsg.negative(raw, levels).sum()),
        "rule",
        "revenue_support_grant.negative",
        both,
    )
    effective = float(rsg.effective(raw, levels).sum())
    add(columns, "sfa", effective, "rule", "revenue_support_grant.effective", both, published)


def _part(column: str, value: float, year: int, whose: str, to: str, grade: Grade = "derived") -> Input:
    return Input(TITLES[column], float(value), MILLION, year, grade, BY_RULE, _other(whose, to), whose)


def _grant(
    columns: dict[str, Figure], level: Figure, sfa: float | None, published_level: float | None, year: int
) -> None:
    assessment, name = columns["sfa"], "revenue_support_grant.grant"
    published = None if sfa is None or published_level is None else sfa - published_level
    if assessment.how == "published" and published is not None and published_level is not None:
        back = Input(TITLES["baseline_funding"], published_level, MILLION, year, "derived", READ_BACK)
        inputs = (published_input(TITLES["sfa"], assessment.value, year), back)
        add(columns, "revenue_support_grant", published, "published", name, inputs, published, assessment.why)
    else:
        value = float(rsg.grant(np.array(assessment.value), np.array(level.value)))
        add(columns, "revenue_support_grant", value, "rule", name, (own(assessment, year), own(level, year)), published)


# As published, council tax, and the sum


def _as_published(figures: Mapping[str, dict[str, Figure]], year: int) -> None:
    if year not in settlement_years():
        return
    table = settlement(year)
    published = {column: table.by_code(column) for column in (*SPENDING_POWER, *AS_PUBLISHED)}
    for code, columns in figures.items():
        if code not in published["sfa"]:
            continue
        for column in AS_PUBLISHED:
            value = published[column][code]
            add(columns, column, value, "published", "", (), value, _UNCOMPUTED)
        parts = tuple(own(columns[c], year) for c in SPENDING_POWER)
        whole = sum(published[c][code] for c in SPENDING_POWER)
        total = sum(p.value for p in parts)
        add(columns, "core_spending_power", total, "rule", "core_spending_power.sum", parts, whole)


def _council_tax(figures: Mapping[str, dict[str, Figure]], year: int) -> None:
    if year not in council_tax_years():
        return
    table = council_tax_levels(year)
    taken = {c: table.by_code(c) for c in table.columns}
    for code in set(figures) & set(table.codes):
        columns = figures[code]
        # A requirement above nought with a Band D of nought is a figure that was not filled in.
        band_d = taken["band_d_excl_parish"].get(code, 0.0)
        base, requirement = taken["tax_base"].get(code), taken["requirement_excl_parish"].get(code)
        if base is not None:
            grade = table.grade("tax_base", code)
            _level(columns, "tax_base", base, "Band D dwellings", grade)
        if requirement is not None and base is not None and band_d > 0:
            _level(columns, "band_d", band_d, "GBP")
            inputs = (own(columns["tax_base"], year), own(columns["band_d"], year))
            columns["requirement"] = Figure("requirement", base * band_d / 1e6, MILLION, "rule",
                "council_tax.requirement", inputs, "derived", COUNCIL_TAX_SOURCE, requirement / 1e6)  # fmt: skip
        elif requirement is not None:
            _level(columns, "requirement", requirement / 1e6, MILLION, why="its Band D is not in the table")
        if (parishes := taken["parish_precepts"].get(code)) is not None:
            _level(columns, "parish_precepts", parishes / 1e6, MILLION)
        if (precept := taken["precept_requirement"].get(code)) is not None:
            _level(columns, "precept", precept / 1e6, MILLION, why="the Band D behind it is not in the table")


def _level(
    columns: dict[str, Figure], column: str, value: float, unit: str, grade: Grade = "official", why: str = _UNCOMPUTED
) -> None:
    columns[column] = Figure(column, value, unit, "published", "", (), grade, COUNCIL_TAX_SOURCE, value, why)


def _wanted(codes: Sequence[str], everyone: tuple[str, ...], year: int) -> tuple[str, ...]:
    known = finance_authorities()
    for i, code in enumerate(codes):
        name = f"{known[code].name} ({code})" if code in known else code
        if code in codes[:i]:
            raise SokeError(f"{name} is named twice.", "Name each authority once.")
        if code not in everyone:
            a = known.get(code)
            if a is None and (place := places().get(code)):
                raise SokeError(
                    f"{place.name} ({code}) has no figures for {financial_year(year)}.", "Choose another year."
                )
            if a is None:
                raise SokeError(f"No authority of the finance settlement has the code {code!r}.", "Check the code.")
            fix = f"It has figures from {financial_year(a.first)} to {financial_year(a.last)}."
            raise SokeError(f"{name} has no figures for {financial_year(year)}.", fix)
    return tuple(codes)


def _listed(names: Sequence[str]) -> str:
    """Names in a sentence; a name may have a comma of its own."""
    return "; ".join(names)


def _notes(year: int, workbooks: Sequence[str]) -> tuple[str, ...]:
    notes = [f"Official figures imported from {'; '.join(workbooks)}."] if workbooks else []
    if year == rsg.ROLLED_FORWARD:
        notes.append(
            f"The settlement table of {financial_year(year)} is not to hand: funding is by rule alone, with nothing "
            "published beside it but the few figures of `soke verify`; New Homes Bonus and rural grant are missing."
        )
    elif year not in council_tax_years():
        notes.append(f"Nothing of {financial_year(year)} is computed: every figure is as imported.")
    elif year not in settlement_years():
        last = financial_year(rsg.ROLLED_FORWARD)
        notes.append(f"Funding is settled up to {last}: {financial_year(year)} has council tax alone.")
    else:
        notes.append("New Homes Bonus and Rural Services Delivery Grant are not computed: they are as published.")
        if year > settlement_years()[0]:
            notes.append(
                f"Revenue Support Grant is by rule for shire districts and counties without a fire service; any other "
                f"authority's is as published: {_NO_SPLIT}; {_NO_FACTOR}."
            )
        if lacking := missing(year, dict.fromkeys(SPENDING_POWER)):
            notes.append(f"Core spending power is not whole: there are no figures here of {_listed(lacking)}.")
        if year >= PILOTS:
            notes.append("Places that kept more business rates than half are published as if they kept half.")
    return tuple(notes)
