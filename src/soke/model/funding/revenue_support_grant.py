"""Revenue Support Grant: the part of an authority's settlement funding that is not retained rates.

    SFA_t = k_t (SFA_t-1 + CT_2015) - CT_2015         2016-17 to 2019-20, k_t the same for all authorities of a tier
    RSG   = SFA - BFL                                  may come out below nought
    SFA   = max(SFA, BFL)                              once negative grant was paid off, 2017-18 on
    SFA_2020 = SFA_2019 I_2020

SFA is the settlement funding assessment, CT_2015 the council tax requirement of 2015-16, BFL the baseline funding
level. The factors k were recovered from the published tables for districts and for counties without a fire service.
Other authorities mix tiers, and the tier split of their funding and tax is not to hand: they are shown as published.
"""

from __future__ import annotations

import numpy as np

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.model.funding import baseline_funding
from soke.model.funding.dated import Rules, rules

FACTOR = "revenue_support_grant.factor"
ROLLED_FORWARD = 2020  # the one year in which all of the SFA rose by the index of baselines
KINDS = ("shire-district", "county")


def factor(kind: str, runs_fire: bool, year: int, held: Rules | None = None) -> float:
    """k of a year for an authority of one tier. SokeError for any other, and for a year outside 2016-17 to 2019-20."""
    if kind not in KINDS or runs_fire:
        whose = f"A {kind} that runs a fire service" if kind == "county" else f"An authority of the class {kind}"
        raise SokeError(
            f"{whose} mixes tiers of service, and the split of its funding and tax by tier is not to hand.",
            "Take its settlement as published; the rule is known for shire districts and counties without fire.",
        )
    return (held or rules()).value(FACTOR, year, kind)


def settlement_funding(before: Floats, tax_2015: Floats, tier_factor: Floats | float) -> Floats:
    """SFA of a year before negative grant is paid off, GBP million, from the year before's and the tax of 2015-16."""
    return np.asarray(tier_factor * np.add(before, tax_2015) - tax_2015)


def grant(settlement: Floats, baseline: Floats) -> Floats:
    """RSG = SFA - BFL, GBP million; below nought where the fall is larger than the grant that is left."""
    return np.asarray(np.subtract(settlement, baseline))


def effective(settlement: Floats, baseline: Floats) -> Floats:
    """The SFA once negative grant is paid off: never below the baseline funding level. GBP million."""
    return np.asarray(np.maximum(settlement, baseline))


def negative(settlement: Floats, baseline: Floats) -> Floats:
    """Negative RSG as a positive amount, GBP million: what is paid off."""
    return np.asarray(np.maximum(np.subtract(baseline, settlement), 0.0))


def rolled_forward(settlement: Floats, held: Rules | None = None) -> Floats:
    """SFA of 2020-21 from that of 2019-20, GBP million: all of it rose by the index of baselines."""
    return baseline_funding.uprated(settlement, ROLLED_FORWARD, held)
