"""What keeping all of business rates gave an area above the ordinary half, in a year of the scheme of 2013-14.

    rates of the year = rates of 2013-14 x index of baselines x (output / output of 2013) ^ elasticity
    gain              = retained at the area's own share - retained at the ordinary half

Baselines stand where they were struck in 2013-14 and rise by their index; own terms are neutral at the baseline and pay
no levy; under the half whoever has a tariff pays it at one rate. Rates follow output as the projection lets them: no
series of rates by authority is to hand, so what appeals, reliefs and new buildings did apart from output is not in it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from soke.england import history
from soke.england.baseline import Floats, baseline
from soke.england.places import places
from soke.england.settlement import rates_shares_2013, settlement
from soke.model.funding import baseline_funding, levy, rates_shares, safety_net, under_indexation
from soke.model.funding.dated import Rules

START, KNOWN = 2013, 2019  # when baselines were struck; the last settlement that shows each baseline funding level


def gain(codes: Sequence[str], year: int, elasticity: float, law: Rules) -> float:
    """GBP million, cash, all billing authorities of ``codes`` together; fire has the same share on both terms."""
    known = settlement(KNOWN)
    levels = dict(zip(known.codes, under_indexation.baseline_from_grant(known["under_indexation"], KNOWN), strict=True))
    index, kept = baseline_funding.chained(START, year, law), law.value("business_rates.retention", year)
    rows = [rates_shares_2013()[code] for code in codes]
    funding = np.array([levels[code] for code in codes]) * index / baseline_funding.chained(START, KNOWN, law)
    rates = np.array([row.income for row in rows]) * index / law.value("business_rates.retention", START)
    half = np.array([row.share_billing * kept for row in rows])
    own = np.array([rates_shares.split(rates_shares.billing(places().by_code[c], year), year).billing for c in codes])
    grown = rates * (_output(codes, year) / _output(codes, START)) ** elasticity
    safe = safety_net.safe_share(year, held=law)
    at_half = funding + half * (grown - rates)
    levied = levy.single_rate(at_half, funding, levy.levy_rate(funding, half * rates, law.value("levy.cap", year)))
    at_half = at_half - levied + safety_net.payment(at_half, funding, safe)
    at_own = funding + own * (grown - rates)
    at_own = at_own + safety_net.payment(at_own, funding, safe)
    return float((at_own - at_half).sum())


def _output(codes: Sequence[str], year: int) -> Floats:
    """(place,) chained volume."""
    at = [baseline().index(code) for code in codes]
    return np.asarray(history.of_year("gva_volume", year)[at])
