"""The outlook of a run's funding: need by year, notional council tax, and the path from the old grant to the new.

    target      = fair funding allocation of (need, notional tax, RSG + BFL of 2026-27)
    old         = assessment of 2019-20 carried by rule to 2025-26, and what else was rolled in, by need
    path        = blend of old and target over the transition; nobody below the floor of last year's cash, council tax
                  as bills rise counted towards it

National sums are the published ones of 2026-27; who has what part of them is estimated, or imported. Need moves
with people: each age weighs what councils spend on it. After the transition shares stay until a reset.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.model.economy.population import People
from soke.model.funding import rates_shares, transition
from soke.model.funding.chain import Baselines, Recipients, Terms, income, stand
from soke.model.funding.dated import Rules
from soke.model.funding.estimates import Estimates, assessment_now
from soke.model.funding.official import replaced
from soke.model.funding.regime import FIRST_YEAR
from soke.model.funding.resource_adjustment import fair_funding_allocation
from soke.model.services.spending import age_weights

LAST_PHASE = 2028
FAR_RATES = 2.5  # how far an imported rates baseline may lie from the accounts, which share a region's rates by value
TRANSITION = range(FIRST_YEAR, LAST_PHASE + 1)


@dataclass(frozen=True, slots=True)
class Outlook:
    """Real GBP million of the base year. ``share`` (year, authority): of the national allocation, sums to one."""

    need: Floats  # (authority,) at the start, sums to one
    notional_tax: Floats  # (authority,)
    share: Floats
    grant: float  # national RSG of 2026-27
    published_funding: float  # national BFL of 2026-27, to hold the model's own beside
    funding_share: Floats  # (authority,) of national BFL at the start, sums to one


@dataclass(frozen=True, slots=True)
class MovingNeed:
    """Relative need as people move and age: each age weighs what councils spend on it.

    ``need`` (authority,) at the start; ``weights`` (age group,); ``claims`` (place,) people by weight at the start.
    """

    who: Recipients
    need: Floats
    weights: Floats
    claims: Floats

    def of(self, people: People) -> Floats:
        """(draw, authority), each draw summing to one; an upper authority's moves as that of its places."""
        growth = people.weighted(self.weights) / self.claims
        moved = np.concatenate([growth, growth @ self.who.spread.T], axis=1)
        moved *= self.need
        moved /= moved.sum(axis=1, keepdims=True)
        return moved


def moving_need(who: Recipients, need: Floats, groups: Floats) -> MovingNeed:
    """``need`` (authority,) and ``groups`` (age group, place) at the start."""
    weights = age_weights("council-services")
    return MovingNeed(who, need, weights, weights @ groups)


def outlook(
    held: Estimates, years: Sequence[int], tax_scale: float, price: float, rules: Rules, rises: Mapping[int, float]
) -> Outlook:
    """``tax_scale`` takes notional tax of 2022-23 to the base year; ``price`` is the price level of 2026-27 over the
    base year's; ``rises``: by how much council tax bills rise in cash in each year of the transition, a share of the
    year before's."""
    rsg, bfl = (rules.value(f"fair_funding.{name}", FIRST_YEAR) / price for name in ("rsg", "baseline_funding"))
    old = assessment_now(held, rules) / price
    old += held.need * (rsg + bfl - old.sum())
    share, tax = _with_own_terms(held, old, held.notional_tax * tax_scale, rules)
    known = held.official
    if known:
        share = replaced(share, known.need, "relative need", held.recipients.names)
        tax = np.where(np.isfinite(known.notional_tax), known.notional_tax / price, tax)
    target = fair_funding_allocation(share, tax, rsg + bfl).amounts
    shares = transition_shares(held.recipients, old, target, tax, rules, rises)
    if known:
        shares = _with_imported(held, shares, rules)
    by_year = np.array([old / old.sum() if year < FIRST_YEAR else shares[min(year, LAST_PHASE)] for year in years])
    opens = next((i for i, year in enumerate(years) if year >= FIRST_YEAR), 0)
    funding = by_year[opens]
    if known:
        funding = replaced(funding, known.funding / (bfl * price), "baseline funding level", held.recipients.names)
    return Outlook(share, tax, by_year, rsg, bfl, funding)


def _with_imported(held: Estimates, shares: dict[int, Floats], rules: Rules) -> dict[int, Floats]:
    """Imported allocations in the place of the estimates.

    In a year without, an authority stands to its estimate as it last did, so that it does not fall back.
    """
    assert held.official is not None
    ratio, shares_by_year = np.full(len(held.need), np.nan), {}
    for year, estimated in shares.items():
        given = held.official.allocation[year] / _pot(year, rules)
        now = np.where(np.isfinite(given), given, ratio * estimated)
        shares_by_year[year] = replaced(estimated, now, "allocation", held.recipients.names)
        ratio = np.divide(now, estimated, out=ratio, where=np.isfinite(now) & (estimated > 0))
    return shares_by_year


def _near(scale: float) -> bool:
    return 1.0 / FAR_RATES < scale < FAR_RATES


def _pot(year: int, rules: Rules) -> float:
    """The national allocation of a year of the transition, GBP million, cash."""
    pot = sum(rules.value(f"fair_funding.{name}", FIRST_YEAR) for name in ("rsg", "baseline_funding"))
    for later in range(FIRST_YEAR + 1, year + 1):
        pot *= 1.0 + rules.value("fair_funding.cpi", later)
    return float(pot)


def rates_scale(held: Estimates, rates: Floats, half: Terms, price: float) -> Floats:
    """(place,) what the accounts' ``rates`` (place,) GBP million are multiplied by to meet an imported baseline.

    An imported business rates baseline of a billing authority over its share of what the accounts say is paid. It may
    be on the basis of an area's own larger share: the nearer of the two bases is meant.
    """
    scale_of = np.ones(len(rates))
    if not held.official:
        return scale_of
    given = held.official.rates_baseline[: len(rates)] / price
    for i in np.flatnonzero(np.isfinite(given) & (rates > 0)):
        bases = (half.billing[i], rates_shares.split(held.billing[i], FIRST_YEAR).billing)
        scales = [given[i] / (rates[i] * basis) for basis in bases]
        nearest = sorted(scales, key=lambda scale: abs(scale - 1.0))
        scale_of[i] = next((scale for scale in nearest if _near(scale)), np.nan)
        if np.isnan(scale_of[i]):
            name = held.recipients.names[i]
            raise SokeError(
                f"The imported business rates baseline of {name} is {scales[0]:.3g} times its share of the rates that "
                "the accounts say are paid there.",
                "Check its unit and its code; if the workbook does say so, leave this authority out.",
            )
    return scale_of


def _with_own_terms(held: Estimates, old: Floats, tax: Floats, rules: Rules) -> tuple[Floats, Floats]:
    """Need and notional tax, (authority,), such that those outside the common formula keep what they had."""
    who = held.recipients
    named = {row.who for row in rules.rows["fair_funding.own_terms"]}
    apart = np.array([bool({kind, code} & named) for kind, code in zip(who.kinds, who.codes, strict=True)])
    tax = np.where(apart, 0.0, tax)
    own = np.where(apart, old, 0.0) / (old.sum() + tax.sum())
    rest = np.where(apart, 0.0, held.need)
    return own + rest * ((1.0 - own.sum()) / rest.sum()), tax


def transition_shares(
    who: Recipients, old: Floats, target: Floats, tax: Floats, rules: Rules, rises: Mapping[int, float]
) -> dict[int, Floats]:
    """Year -> (authority,) shares of the national allocation, from ``old`` to ``target`` with floors.

    ``old``, ``target`` and notional ``tax`` GBP million of one year's prices; both allocations have the same sum.
    ``rises``: of council tax bills, as for :func:`outlook`, whatever a what-if says of referendums.
    """
    pot, last, by_year = float(old.sum()), old, {}
    for year in TRANSITION:
        pot *= 1.0 + (rules.value("fair_funding.cpi", year) if year > FIRST_YEAR else 0.0)
        risen = tax * (1.0 + rises[year])
        least = transition.floors(who.kinds, who.codes, year, rules) * (last + tax) - risen
        floor = np.divide(np.maximum(least, 0.0), last, out=np.zeros_like(last), where=last > 0)
        phase = transition.phase(year, pot, old / old.sum(), target / target.sum(), last, floor, who.names, rules)
        by_year[year], last, tax = phase.amounts / pot, phase.amounts, risen
    return by_year


def opening(given: Outlook, expected: Floats, half: Terms, terms: Terms, year: int) -> Baselines:
    """Baselines at the start: the year's share of the pot, of which the local half is on average what is collected.

    ``expected`` (draw, place) rates of that year; ``year`` of the run.
    """
    local = income(expected, half).sum(axis=-1, keepdims=True)
    pot, funding = local + given.grant, given.funding_share * local
    grant = given.share[year] * pot - funding
    return stand(funding, grant, income(expected, half), np.atleast_2d(income(expected, terms)), terms)


def grant_change(given: Outlook, year: int, start: int) -> Floats:
    """(authority,) how the grant moves this year with the transition, of the national allocation at the start."""
    if year <= start:
        return np.zeros(given.share.shape[1])
    return np.asarray((given.share[year] - given.share[year - 1]) * (given.grant + given.published_funding))
