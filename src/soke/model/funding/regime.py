"""The regime: the terms of every year of a run, as the law has them and as a deal changes them for its area.

From 2026-27 (:data:`FIRST_YEAR`) every authority's funding is reset: fair funding allocations by need less notional
council tax, reached over the transition; baselines struck on what is then collected; the graduated levy and the stepped
safety net of each year. Areas that keep more than the ordinary half pay no levy. A scenario may set another local share
for an area; a deal may set its area's share, reset, safety net and pool.

An agreement from before the deal belongs to the law of both paths until it ends: its area keeps the agreed share and
is spared the resets of others until its own; after its last year the area has the ordinary share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from soke.deal.fiscal import Existing
from soke.deal.scenario import DEFAULT
from soke.deal.types import BusinessRates, Scenario
from soke.england.baseline import Baseline
from soke.england.places import places
from soke.errors import SokeError
from soke.model.funding import levy, rates_shares
from soke.model.funding.allocator import Flags
from soke.model.funding.chain import Index, Recipients, Terms
from soke.model.funding.dated import Rules
from soke.model.funding.dated import rules as shipped
from soke.model.funding.rates_shares import Billing, Split

FIRST_YEAR = 2026
RETENTION = "business_rates.retention"
SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Regime:
    """``terms`` one a year of the run; those before ``start`` are of no effect. ``half``: the ordinary half share."""

    recipients: Recipients
    billing: tuple[Billing, ...]  # by place
    splits: tuple[Split, ...]  # by place, in force at the end of the run
    start: int
    half: Terms
    terms: tuple[Terms, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """``terms`` that an area (``members``: index of places) holds from before the deal."""

    terms: Existing
    members: tuple[int, ...]


def as_law(
    who: Recipients, billing: Sequence[Billing], years: Sequence[int], baseline: Baseline, scenario: Scenario,
    rules: Rules, agreed: Agreement | None = None,
) -> Regime:  # fmt: skip
    """The law of each year with what was agreed before the deal, and with what the scenario sets instead."""
    shares = _scenario_shares(scenario, baseline)
    spared = _spared(who, agreed, shares, billing)
    start = max(0, FIRST_YEAR - years[0])
    ordinary = ordinary_share()
    half_splits = tuple(_local(council, ordinary) for council in billing)
    half = _terms(who, billing, half_splits, ordinary, FIRST_YEAR, rules)
    terms: list[Terms] = []
    splits: tuple[Split, ...] = ()
    for year in years:
        in_law, before = max(year, FIRST_YEAR), splits
        held = _agreed_shares(agreed, billing, year, in_law, rules) | shares
        splits = tuple(
            _local(council, held[council.code]) if council.code in held else _law_split(council, in_law, rules)
            for council in billing
        )
        made = (
            _later(terms[-1], in_law, rules)
            if splits == before
            else _terms(who, billing, splits, ordinary, in_law, rules)
        )
        since = year - scenario.reset_as_is
        opening = year - years[0] == start
        everyone = np.full(len(who.codes), opening or (since >= 0 and since % scenario.reset_every == 0))
        if agreed and agreed.terms.reset and not opening:
            everyone = _resets(everyone, spared, year, agreed.terms.reset)
        terms.append(replace(made, reset=everyone))
    return Regime(who, tuple(billing), splits, start, half, tuple(terms))


def _agreed_shares(
    agreed: Agreement | None, billing: Sequence[Billing], year: int, in_law: int, rules: Rules
) -> dict[str, float]:
    """Local share by place of an agreement's area: the agreed one to its last year, then the ordinary one."""
    if agreed is None:
        return {}
    ends = agreed.terms.last is not None and year > agreed.terms.last
    share = rules.value(RETENTION, in_law) if ends else agreed.terms.retention
    return {
        billing[i].code: share
        for i in agreed.members
        if ends or abs(rates_shares.split(billing[i], in_law).local - share) > SAME  # else as published, by its tiers
    }


def _spared(
    who: Recipients, agreed: Agreement | None, shares: Mapping[str, float], billing: Sequence[Billing]
) -> Flags:
    """Whom an agreement spares the resets of others: its area, without places whose share the scenario sets."""
    members = [i for i in agreed.members if billing[i].code not in shares] if agreed else []
    return inside(who, members)


def _resets(by_law: Flags, here: Flags, year: int, own: int) -> Flags:
    """Who resets in ``year`` where those ``here`` are spared the resets of others until their ``own``."""
    return np.where(here & (year <= own), year == own, by_law)


def ordinary_share() -> float:
    """The local share on whose basis baselines are struck: the law's, whatever a what-if says."""
    return shipped().value(RETENTION, FIRST_YEAR)


def _law_split(council: Billing, year: int, rules: Rules) -> Split:
    """The published split; where a what-if moves the ordinary share, that share for those who have it."""
    published = rates_shares.split(council, year)
    return (
        _local(council, rules.value(RETENTION, year)) if abs(published.local - ordinary_share()) < SAME else published
    )


def _local(council: Billing, retention: float) -> Split:
    """A freely set local share, split among the tiers as the half is."""
    return rates_shares.local_split(council.kind, bool(council.fire), retention)


def under_deal(
    law: Regime, deal: BusinessRates | None, starts: int, years: Sequence[int], members: Sequence[int], rules: Rules
) -> Regime:
    """The deal's terms for its area (``members``: index of places) from when both it and they start, the law's else.

    It is the law itself where the deal changes nothing in it.
    """
    if deal is None:
        return law
    here = inside(law.recipients, members)
    pools = (_pool(law.recipients, deal.pool),) if deal.pool else ()
    splits, own = law.splits, None
    if deal.changes(starts):
        splits = _with_share(law, members, float(deal.retention))
        own = _terms(law.recipients, law.billing, splits, ordinary_share(), FIRST_YEAR, rules)
    elif deal.safety_net is None and not pools:
        return law
    terms = []
    for year, by_law in zip(years, law.terms, strict=True):
        if year < max(starts, deal.from_year):
            terms.append(by_law)
            continue
        made, reset, safe = by_law, by_law.reset, by_law.safety_net
        if own is not None:
            made = _later(own, max(year, FIRST_YEAR), rules)
            opening = year - years[0] == law.start
            reset = reset if opening else _resets(reset, here, year, deal.reset)
        if deal.safety_net is not None:
            safe = np.where(here, float(deal.safety_net), safe)
        terms.append(replace(made, reset=reset, safety_net=safe, pools=pools))
    return law if alike(law.terms, terms) else replace(law, splits=splits, terms=tuple(terms))


def alike(one: Sequence[Terms], other: Sequence[Terms]) -> bool:
    """Whether two courses of terms are the same in every year, to the last bit."""

    def same(a: Terms, b: Terms) -> bool:
        arrays = ("billing", "upper", "rolled_in", "levied", "safety_net", "reset")
        if a.schedule != b.schedule or len(a.pools) != len(b.pools):
            return False
        pairs = [(getattr(a, name), getattr(b, name)) for name in arrays] + list(zip(a.pools, b.pools, strict=True))
        return all(np.array_equal(x, y) for x, y in pairs)

    return all(a is b or same(a, b) for a, b in zip(one, other, strict=True))


def _with_share(law: Regime, members: Sequence[int], retention: float) -> tuple[Split, ...]:
    """The splits in force at the end of the run with another local share for an area."""
    splits = list(law.splits)
    for i in members:
        if abs(splits[i].local - retention) > SAME:
            splits[i] = _local(law.billing[i], retention)
    return tuple(splits)


def inside(who: Recipients, members: Sequence[int]) -> Flags:
    """(authority,) true for the area's own authorities and those above them whose every place is in the area."""
    area = np.zeros(who.places, dtype=bool)
    area[list(members)] = True
    return np.concatenate([area, ~((who.spread > 0) & ~area).any(axis=1)])


def _pool(who: Recipients, codes: Sequence[str]) -> Index:
    for number, code in enumerate(codes):
        if code not in who.codes:
            raise SokeError(
                f"The pool names {code[:40]}, which has no share of business rates.",
                "Name councils, counties, fire or combined authorities of England by their codes.",
            )
        if code in codes[:number]:
            raise SokeError(f"The pool names {code} twice.", "Name each member once.")
    return np.array([who.codes.index(code) for code in codes], dtype=np.intp)


def _terms(
    who: Recipients, billing: Sequence[Billing], splits: Sequence[Split], ordinary: float, year: int, rules: Rules
) -> Terms:
    matrix = rates_shares.share_matrix(billing, splits, who.codes)
    local = np.array([split.local for split in splits])
    # An authority above several places takes after them, each by its part of the authority's spread.
    more = np.clip((local - ordinary) / (1.0 - ordinary), 0.0, 1.0) if ordinary < 1 else np.zeros_like(local)
    rolled, whole = np.concatenate([more, who.spread @ more]), (more > SAME).astype(float)
    return Terms(
        billing=np.ascontiguousarray(np.diagonal(matrix[:, : who.places])),
        upper=np.ascontiguousarray(matrix[:, who.places :]),
        rolled_in=rolled,
        levied=1.0 - np.concatenate([whole, who.spread @ whole]),
        schedule=levy.schedule(year, rules),
        safety_net=np.full(len(who.codes), rules.value("safety_net.share", year)),
        reset=np.zeros(len(who.codes), dtype=bool),
    )


def _later(before: Terms, year: int, rules: Rules) -> Terms:
    """The same shares under another year's levy and safety net."""
    safe = np.full(len(before.safety_net), rules.value("safety_net.share", year))
    return replace(before, schedule=levy.schedule(year, rules), safety_net=safe)


def _scenario_shares(scenario: Scenario, baseline: Baseline) -> dict[str, float]:
    """Local share by place that the scenario sets; empty where it leaves the law as it is."""
    given: Mapping[str, float] = scenario.retention_as_is
    shares = dict.fromkeys(baseline.codes, given[DEFAULT]) if DEFAULT in given else {}
    for code, share in sorted(given.items(), key=lambda row: -_size(row[0])):  # the smaller area has the last word
        if code == DEFAULT:
            continue
        if places().get(code) is None:
            at = scenario.where("retention_as_is", code)
            raise SokeError(
                f"{code[:40]} is not an area of England.", "Give the ONS code of a council, county or region.", at
            )
        shares |= {place: share for place in places().members(code) if place in baseline.codes}
    return shares


def _size(code: str) -> int:
    return len(places().members(code)) if places().get(code) else 0
