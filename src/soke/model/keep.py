"""The keep: of the next pound of tax from growth here, who keeps how many pence, until the reset.

The next pound comes from each tax in proportion to its receipts here times its elasticity to output (council tax, tied
to dwellings, gives none of it). Of the part that is business rates, the local share stays, less the levy, which goes
to other councils; the fire authority's slice of the local share is the combined authority's. An assigned share of
income tax stays with the combined authority. The Treasury has the rest.
"""

from __future__ import annotations

import numpy as np

from soke.model.levers import Levers
from soke.model.result import Keep
from soke.model.setup import Setup
from soke.model.tax_bases import ELASTICITIES

GROWING = ("pay", "contributions", "spending", "income", "output", "floorspace")


def keep(setup: Setup, levers: Levers, year: int) -> Keep:
    """Pence by keeper in a year of the run, at the centre of every elasticity."""
    area = list(setup.members)
    grown = {base: setup.table[ELASTICITIES[base]].central * setup.base.taxes[base][area] for base in GROWING}
    whole = float(sum(values.sum() for values in grown.values()))
    rates = grown["floorspace"] * setup.base.market_rates_share[area]
    local = rates * levers.rates.retention[year, area]
    other = float((local * levers.rates.levy[year, area]).sum())
    fire = (float(local.sum()) - other) * setup.held["brr.fire.share"]
    councils = float(local.sum()) - other - fire
    assigned = levers.assigned_share * float(grown["pay"].sum())
    pence = 100.0 / whole * np.array([councils, fire + assigned, other])
    return Keep(
        councils=float(pence[0]),
        combined_authority=float(pence[1]),
        other_councils=float(pence[2]),
        treasury=100.0 - float(pence.sum()),
    )
