"""The course of local funding on one path, year by year: terms that change, the transition's grant, resets.

Until the regime opens, authorities have its opening allocation and nothing is kept of growth.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from soke.england.baseline import Floats
from soke.model.funding import chain, outlook, regime
from soke.model.funding.chain import Baselines, Settled
from soke.model.funding.dated import Rules
from soke.model.funding.outlook import Outlook
from soke.model.funding.regime import Regime
from soke.model.money.investments import Frame


@dataclass(frozen=True, slots=True)
class Lever:
    """The law of one path, and what is known of need and grant beside it.

    ``market`` (place,): the part of a place's business rates that its market sector pays, which councils share in;
    all of it unless it is given.
    """

    outlook: Outlook
    regime: Regime
    market: Floats = field(default_factory=lambda: np.ones(1))


@dataclass(slots=True)
class State:
    """Where the baselines stand; none before the first year."""

    lever: Lever
    baselines: Baselines | None = None


@dataclass(slots=True)
class Funded:
    """One year of one path. ``resources`` (draw, place): retained rates and grant of all authorities there."""

    baselines: Baselines
    settled: Settled
    resources: Floats


def lever(frame: Frame, today: Lever, rules: Rules) -> Lever:
    """The deal's terms for its area on top of today's."""
    deal, terms = frame.deal, frame.deal.fiscal.business_rates
    law = regime.under_deal(today.regime, terms, deal.starts, frame.years, frame.members, rules)
    return today if law is today.regime else replace(today, regime=law)


def start(lever: Lever) -> State:
    """Before the first year."""
    return State(lever)


def advance(
    state: State, year: int, expected: Floats, collected: Floats, need: Floats, bills: Floats | float = 1.0
) -> Funded:
    """A year's funding from where the baselines stood, and they move. ``year`` counts from the run's first.

    ``expected`` (draw, place): rates of a year neither good nor bad, which baselines are struck on; ``collected``:
    those of this year; ``need`` (draw, authority) relative need of the year, each draw sums to one; ``bills``
    (draw, 1): council tax bills, real, over the base year's.
    """
    held, law = state.lever.outlook, state.lever.regime
    expected, collected = expected * state.lever.market, collected * state.lever.market
    terms = law.terms[year]
    if state.baselines is None or year <= law.start:
        baselines = outlook.opening(held, expected, law.half, terms, year)
        collected = expected if year < max(law.start, 1) else collected  # the first year is the base: nothing grown
    else:
        baselines = _moved(held, law, state.baselines, year, expected, (need, held.notional_tax * bills))
    settled = chain.settle(collected, baselines, terms)
    state.baselines = baselines
    return Funded(baselines, settled, law.recipients.by_place(settled.resources(baselines)))


def _moved(
    held: Outlook, law: Regime, baselines: Baselines, year: int, expected: Floats, shared_by: tuple[Floats, Floats]
) -> Baselines:
    """Baselines of a later year: new shares, the transition's grant, resets. ``shared_by``: need and notional tax."""
    before, terms = law.terms[year - 1], law.terms[year]
    if not (np.array_equal(before.billing, terms.billing) and np.array_equal(before.upper, terms.upper)):
        baselines = chain.change_terms(baselines, before, terms, expected)
    baselines = chain.move_grant(baselines, outlook.grant_change(held, year, law.start), terms)
    if not terms.reset.any():
        return baselines
    return chain.reset(baselines, expected, law.half, terms, *shared_by, baselines.grant_half)
