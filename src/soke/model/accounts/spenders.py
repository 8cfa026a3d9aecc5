"""Which bodies spend the public money of a place: those that filed figures of their own, and all others together.

What a body filed counts as the account counts it: times the factor that its region's published amount sets (see
:mod:`soke.model.accounts.explain`), so that the parts sum to what is spent in the account.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from soke.model.accounts.explain import LineSum, explain_every
from soke.model.accounts.own import Figures
from soke.model.accounts.types import Account

OTHERS = "others"  # the state, and whoever filed nothing of its own


@dataclass(frozen=True, slots=True)
class Spender:
    """A body and what it spends in the place, GBP million. ``kind``: ``authority``, ``county``, ``combined-authority``,
    ``integrated-care-board``, ``police``, ...; :data:`OTHERS` has no code."""

    code: str
    name: str
    kind: str
    pounds: float


def spenders(a: Account, figures: Figures | None = None) -> tuple[Spender, ...]:
    """Who spends, the largest first, :data:`OTHERS` last; they sum to all that is spent. ``figures``: the own figures
    that the account was made with."""
    found: dict[str, Spender] = {}
    sums = explain_every(a, figures)
    for line in a.lines:
        done = sums[line.line.id]
        if line.line.side != "spending" or not isinstance(done, LineSum):
            continue
        for part in done.components:
            factors = {region.region: region.factor for region in part.regions}
            for filed in part.areas:
                body = found.get(filed.area.code, Spender(filed.area.code, filed.area.name, filed.area.kind, 0.0))
                here = filed.here * factors.get(filed.region, 1.0)
                found[body.code] = replace(body, pounds=body.pounds + here)
    rest = Spender("", OTHERS, OTHERS, a.spending - sum(body.pounds for body in found.values()))
    return (*sorted(found.values(), key=lambda body: (-body.pounds, body.code)), rest)
