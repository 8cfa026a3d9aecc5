"""Estimates of what today's law needs by authority and no table to hand holds: need, notional council tax, old grant.

The allocations of 2026-27 by authority are not among the figures that the package ships; official workbooks that a user
imports replace what is estimated here. Everything is carried to the authorities that live today:

    assessment    SFA of 2019-20, the last settlement by authority that is to hand
    notional tax  tax base x one Band D for England, split between the tiers as England splits it
    need          (assessment + notional tax) as a share of England's: what the last published settlement says that each
                  needs, if it took account of what each can raise

An authority that was divided since goes to its heirs by population. All of it is graded ``estimate``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from soke.england.baseline import Baseline, Floats
from soke.england.imported import Imported
from soke.england.places import places
from soke.england.settlement import Heir, council_tax_levels, finance_authorities, heirs, settlement
from soke.model.funding import baseline_funding, rates_shares, relative_need, under_indexation
from soke.model.funding.chain import Recipients
from soke.model.funding.dated import Rules
from soke.model.funding.official import Official, official

LAST_SETTLEMENT, LAST_LEVELS, NOW = 2019, 2022, 2026
DECOUPLED = 2024  # from then on an authority's baseline rose by its own mix of two multipliers
SINGLE_TIER = ("unitary", "metropolitan-district", "london-borough")
# A mayor holds the fire service's money; the fire authority's code lives on in the lookups of places.
MAYORS_FIRE = {"E31000040": "E47000001"}


@dataclass(frozen=True, slots=True)
class Estimates:
    """By authority of today, in the order of ``recipients``."""

    recipients: Recipients
    billing: tuple[rates_shares.Billing, ...]  # by place
    assessment: Floats  # SFA, GBP million of 2019-20
    baseline_funding: Floats  # the BFL in it
    notional_tax: Floats  # GBP million of 2022-23
    need: Floats  # share of England; sums to one
    official: Official | None = None  # what was imported instead


def estimates(baseline: Baseline, imported: Imported | None = None) -> Estimates:
    """Need and notional tax of every authority that shares in business rates, on the baseline's places.

    ``imported`` official figures take the place of estimates: :mod:`soke.model.funding.official`.
    """
    billing = tuple(_billing(code) for code in baseline.codes)
    who = recipients(billing, baseline)
    last = settlement(LAST_SETTLEMENT)
    funding = under_indexation.baseline_from_grant(last["under_indexation"], LAST_SETTLEMENT)
    assessment = _today(who, last.by_code("sfa"), baseline)
    baseline_level = _today(who, dict(zip(last.codes, funding.tolist(), strict=True)), baseline)
    # Who has no assessment of its own has no need of its own.
    tax = np.where(assessment > 0, _notional(who, billing, baseline), 0.0)
    then = tax * (last["council_tax"].sum() / tax.sum())
    need = relative_need.from_baseline(assessment, then, who.names).share
    figures = official(imported, who.codes, MAYORS_FIRE) if imported else None
    return Estimates(who, billing, assessment, baseline_level, tax, need, figures or None)


def assessment_now(held: Estimates, rules: Rules) -> Floats:
    """SFA carried to 2025-26, the last year of the old regime, GBP million: BFL by its index, RSG by prices."""
    level = held.baseline_funding * baseline_funding.chained(LAST_SETTLEMENT, DECOUPLED - 1, rules)
    grant = np.maximum(held.assessment - held.baseline_funding, 0.0)
    grant *= baseline_funding.chained(LAST_SETTLEMENT, LAST_SETTLEMENT + 1, rules)
    for year in range(LAST_SETTLEMENT + 2, NOW):
        grant *= 1.0 + rules.value("settlement.cpi", year)
    for year in range(DECOUPLED, NOW):
        small = np.full(len(level), rules.value("estimates.small_share", year))
        level *= baseline_funding.weighted_index(year, small, rules)
    return np.asarray(level + grant)


def _today(who: Recipients, values: Mapping[str, float], baseline: Baseline) -> Floats:
    """(authority,) figures of the last settlement on the authorities of today."""
    levels = np.zeros(len(who.codes))
    for code, value in carried(values, LAST_SETTLEMENT, baseline).items():
        levels[who.codes.index(_holder(code))] += value
    return levels


def _billing(code: str) -> rates_shares.Billing:
    place = places().by_code[code]
    published = rates_shares.billing(place, NOW)
    return replace(published, fire=_holder(published.fire))


def _holder(code: str) -> str:
    return MAYORS_FIRE.get(code, code)


def recipients(billing: Sequence[rates_shares.Billing], baseline: Baseline) -> Recipients:
    """Places' own authorities, then everyone above them who has a share of their rates; money spreads by population."""
    above: dict[str, list[int]] = {}
    for index, council in enumerate(billing):
        part = rates_shares.split(council, NOW)
        uppers = {getattr(council, tier) for tier in ("upper", "fire", "combined") if getattr(part, tier)}
        for code in uppers - {""}:
            above.setdefault(code, []).append(index)
    others = sorted(above)
    spread = np.zeros((len(others), len(billing)))
    for row, code in enumerate(others):
        people = baseline["population"][above[code]]
        spread[row, above[code]] = people / people.sum()
    named = [_named(code) for code in others]
    return Recipients(
        codes=(*baseline.codes, *others),
        names=(*baseline.names, *(name for name, _ in named)),
        kinds=(*baseline.classes, *(kind for _, kind in named)),
        places=len(billing),
        spread=spread,
    )


def _named(code: str) -> tuple[str, str]:
    place, known = places().get(code), finance_authorities().get(code)
    if place is not None:
        return place.name, place.kind
    return (known.name, known.kind) if known else ("Cumbria Fire" if code == "E31000009" else code, "fire")


def carried(values: Mapping[str, float], year: int, baseline: Baseline) -> dict[str, float]:
    """Figures of the authorities of ``year`` on the authorities of today; a divided one's by population."""
    people = dict(zip(baseline.codes, baseline["population"], strict=True))
    held = dict(values)
    for then in range(year + 1, max(NOW, year) + 1):
        moved = heirs(then)
        fresh: dict[str, float] = {}
        for code, value in held.items():
            for heir, share in _shares(code, moved.get(code, ()), people):
                fresh[heir] = fresh.get(heir, 0.0) + value * share
        held = fresh
    return held


def _shares(code: str, into: Sequence[Heir], people: Mapping[str, float]) -> list[tuple[str, float]]:
    """Who takes how much of an authority: itself, one heir, or several by population."""
    codes = [heir.code for heir in into]
    if not codes or code in codes:  # gave up a service, and goes on
        return [(code, 1.0)]
    whole = sum(people.get(heir, 0.0) for heir in codes)
    return [(heir, people.get(heir, 0.0) / whole if len(codes) > 1 else 1.0) for heir in codes]


def _notional(who: Recipients, billing: Sequence[rates_shares.Billing], baseline: Baseline) -> Floats:
    """GBP million at one Band D a tier: the tax base of 2022-23 by the average Band D of each kind of authority."""
    local, district, fire = average_band_d()
    base = baseline["tax_base"]
    tax = np.zeros(len(who.codes))
    at = {code: index for index, code in enumerate(who.codes)}
    for index, council in enumerate(billing):
        single = council.kind in SINGLE_TIER
        tax[index] = base[index] * (local if single else local * district)
        if not single:
            tax[at[council.upper]] += base[index] * local * (1.0 - district)
        for code in {council.fire, council.upper if council.kind == "london-borough" else ""} & set(at):
            tax[at[code]] += base[index] * fire
    return tax / 1e6


def average_band_d() -> tuple[float, float, float]:
    """Band D of England for all local services in pounds, the shire districts' part of it, and that of fire."""
    levels = council_tax_levels(LAST_LEVELS)
    kinds = np.array(levels.kinds)

    def total(column: str, *of: str) -> float:
        return float(np.nansum(levels[column][np.isin(kinds, of)]))

    own = total("requirement_excl_parish", *SINGLE_TIER)
    districts = total("requirement_excl_parish", "shire-district")
    counties = total("precept_requirement", "county")
    bases = total("tax_base", *SINGLE_TIER, "shire-district")
    fire = total("precept_requirement", "fire") / total("tax_base", "fire")
    return (own + districts + counties) / bases, districts / (districts + counties), fire
