"""Which bodies spend the public money of a place: those that filed figures of their own, and all others together.

What a body filed counts as the account counts it: times the factor that its region's published amount sets (see
:mod:`soke.model.accounts.explain`), so that the parts sum to what is spent in the account.
"""

from __future__ import annotations

from collections.abc import Mapping

from soke.model.accounts.explain import LineSum, explain_every
from soke.model.accounts.types import Account

OTHERS = "others"  # the state, and whoever filed nothing of its own


def spenders(a: Account) -> Mapping[str, float]:
    """GBP million by kind of body (``authority``, ``county``, ``combined-authority``, ``integrated-care-board``,
    ``police``, ...), and :data:`OTHERS`; they sum to all that is spent."""
    found: dict[str, float] = {}
    sums = explain_every(a)
    for line in a.lines:
        done = sums[line.line.id]
        if line.line.side != "spending" or not isinstance(done, LineSum):
            continue
        for part in done.components:
            factors = {region.region: region.factor for region in part.regions}
            for area in part.areas:
                here = area.here * factors.get(area.region, 1.0)
                found[area.area.kind] = found.get(area.area.kind, 0.0) + here
    return {**found, OTHERS: a.spending - sum(found.values())}
