"""Growth of rates by place: how far each place's business rates run ahead of England's, year after year.

    past_i   = log((V_i / V) / (N_i / N)) / years       V rateable value in the list of 2023, N income of 2013-14
    ahead_i  = clip(kept x past_i, most, least)          then centred, so that England grows as the country does
    rates_it = rates_i0 exp(t ahead_i) x what makes England's sum grow by g a year

No series of rates by authority is to hand: two snapshots are, ten years apart. They differ by more than growth: two
revaluations, reliefs that grew in between (small businesses pay less, so poorer lists fall short), a power station more
or less. So only a part of the past is taken to go on, and none beyond a limit: both are dated parameters, graded
estimate. Money is real.
"""

from __future__ import annotations

import numpy as np

from soke.england.baseline import Baseline, Floats
from soke.england.settlement import rates_shares_2013
from soke.model.funding.dated import Rules
from soke.model.funding.estimates import carried
from soke.model.funding.regime import FIRST_YEAR

INCOME_YEAR, LIST_YEAR = 2013, 2023


def ahead(baseline: Baseline, rules: Rules) -> Floats:
    """(place,) log growth a year above England's, before centring."""
    income = carried({code: shared.income for code, shared in rates_shares_2013().items()}, INCOME_YEAR, baseline)
    then = np.array([income[code] for code in baseline.codes])
    now = baseline["rateable_value"]
    past = np.log((now / now.sum()) / (then / then.sum())) / (LIST_YEAR - INCOME_YEAR)
    kept, most = (rules.value(f"what_if.growth.{name}", FIRST_YEAR) for name in ("kept", "most"))
    return np.asarray(np.clip(kept * past, -most, most))


def projected(rates: Floats, ahead_: Floats, national: float, years: int) -> Floats:
    """(year, place) from ``rates`` (place,) of year 0: England grows by ``national``, a share a year, exactly."""
    shape = rates * np.exp(np.arange(years)[:, None] * ahead_)
    whole = rates.sum() * (1.0 + national) ** np.arange(years)
    return np.asarray(shape * (whole / shape.sum(axis=1))[:, None])
