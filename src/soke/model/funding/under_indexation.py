"""The grant for under-indexation: what authorities lose when the multiplier is raised by less than prices.

    grant = BFL d / m

m is the small business multiplier, d by how much it would have been higher, pence. The grant is published for each
authority, so its inverse gives each authority's baseline funding level:  BFL = grant m / d.

The rule was found in the published tables: authorities without Revenue Support Grant show it as 1.1/48.0 of their
funding in 2018-19, 1.6/49.1 in 2019-20 and 2.0/49.9 in 2020-21. The gap of 2014-15 and those from 2021-22 on are not
to hand. Law: section 31 of the Local Government Act 2003.
"""

from __future__ import annotations

import numpy as np

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.model.funding.baseline_funding import SMALL
from soke.model.funding.dated import Rules, rules
from soke.text import financial_year


def rate(year: int, held: Rules | None = None) -> float:
    """d / m: the grant as a share of the baseline funding level. SokeError for a year without a published gap."""
    table = held or rules()
    return table.value("under_indexation.gap", year) / table.value(SMALL, year)


def grant(baseline: Floats, year: int, held: Rules | None = None) -> Floats:
    """The grant of a year, GBP million, from baseline funding levels (..., authority) of the same year."""
    return np.asarray(np.multiply(baseline, rate(year, held)))


def baseline_from_grant(granted: Floats, year: int, held: Rules | None = None) -> Floats:
    """Baseline funding levels from the published grant of a year, GBP million. SokeError where the gap is nought."""
    share = rate(year, held)
    if share == 0:
        raise SokeError(
            f"No grant for under-indexation was due in {financial_year(year)}, so it does not show the baseline.",
            "Use a year from 2015-16 on.",
        )
    return np.asarray(np.divide(granted, share))
