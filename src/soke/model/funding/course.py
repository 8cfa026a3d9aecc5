"""The course of local funding on one path, year by year: terms that change, the transition's grant, resets.

Until the regime opens, authorities have its opening allocation and nothing is kept of growth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Floats
from soke.model.funding import chain, outlook
from soke.model.funding.chain import Baselines, Settled
from soke.model.funding.outlook import Outlook
from soke.model.funding.regime import Regime


@dataclass(slots=True)
class Funded:
    """One year of one path. ``resources`` (draw, place): retained rates and grant of all authorities there."""

    baselines: Baselines
    settled: Settled
    resources: Floats


def advance(
    held: Outlook, regime: Regime, baselines: Baselines | None, year: int, expected: Floats, collected: Floats
) -> Funded:
    """A year's funding from where the baselines stood; none yet in the first year.

    ``expected`` (draw, place): rates of a year neither good nor bad, which baselines are struck on; ``collected``:
    those of this year. ``year`` counts from the run's first.
    """
    terms = regime.terms[year]
    if baselines is None or year <= regime.start:
        baselines = outlook.opening(held, expected, regime.half, terms, year)
        collected = expected if year < max(regime.start, 1) else collected  # the first year is the base: nothing grown
    else:
        baselines = _moved(held, regime, baselines, year, expected)
    settled = chain.settle(collected, baselines, terms)
    return Funded(baselines, settled, regime.recipients.by_place(settled.resources(baselines)))


def _moved(held: Outlook, regime: Regime, baselines: Baselines, year: int, expected: Floats) -> Baselines:
    """Baselines of a later year: new shares, the transition's grant, resets."""
    before, terms = regime.terms[year - 1], regime.terms[year]
    if not (np.array_equal(before.billing, terms.billing) and np.array_equal(before.upper, terms.upper)):
        baselines = chain.change_terms(baselines, before, terms, expected)
    baselines = chain.move_grant(baselines, outlook.grant_change(held, year, regime.start), terms)
    if not terms.reset.any():
        return baselines
    need, grant = held.need[year], baselines.grant_half
    return chain.reset(baselines, expected, regime.half, terms, need, held.notional_tax, grant)
