"""The course of local funding on one path, year by year: terms that change, the transition's grant, resets.

Until the regime opens, authorities have its opening allocation and nothing is kept of growth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Floats
from soke.model.funding import chain, outlook
from soke.model.funding.chain import Settled, Standing
from soke.model.funding.outlook import Outlook
from soke.model.funding.regime import Regime


@dataclass(slots=True)
class Funded:
    """One year of one path. ``resources`` (draw, place): retained rates and grant of all authorities there."""

    standing: Standing
    settled: Settled
    resources: Floats


def advance(
    held: Outlook, regime: Regime, standing: Standing | None, year: int, expected: Floats, collected: Floats
) -> Funded:
    """A year's funding from where the baselines stood; none yet in the first year.

    ``expected`` (draw, place): rates of a year neither good nor bad, which baselines are struck on; ``collected``:
    those of this year. ``year`` counts from the run's first.
    """
    terms = regime.terms[year]
    if standing is None or year <= regime.start:
        standing = outlook.opening(held, expected, regime.half, terms, year)
        collected = expected if year < regime.start else collected
    else:
        standing = _moved(held, regime, standing, year, expected)
    settled = chain.settle(collected, standing, terms)
    return Funded(standing, settled, regime.recipients.by_place(settled.resources(standing)))


def _moved(held: Outlook, regime: Regime, standing: Standing, year: int, expected: Floats) -> Standing:
    """Baselines of a later year: new shares, the transition's grant, resets."""
    before, terms = regime.terms[year - 1], regime.terms[year]
    if not (np.array_equal(before.billing, terms.billing) and np.array_equal(before.upper, terms.upper)):
        standing = chain.change_terms(standing, before, terms, expected)
    standing = chain.move_grant(standing, outlook.grant_change(held, year, regime.start), terms)
    if not terms.reset.any():
        return standing
    return chain.reset(standing, expected, regime.half, terms, held.need[year], held.notional_tax, standing.grant_half)
