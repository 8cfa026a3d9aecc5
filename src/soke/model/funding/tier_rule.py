"""The settlement of 2016-17 to 2019-20 of districts and of counties without a fire service, by its one factor.

    SFA_t = k_t (SFA_t-1 + CT_2015) - CT_2015

SFA_t-1 is the published one; where that had been lifted to the baseline, the rule goes on from its own figure before
the lift. See :mod:`soke.model.funding.revenue_support_grant`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np

from soke.england.baseline import Floats
from soke.england.settlement import finance_authorities, merge, settlement, settlement_years
from soke.model.funding import baseline_funding, under_indexation
from soke.model.funding import revenue_support_grant as rsg
from soke.model.funding.dated import Dated, Rules

NONE = 1e-6  # of the funding: less is rounding of the published table


@dataclass(frozen=True, slots=True)
class Tiers:
    """The rule of 2016-17 to 2019-20 for the authorities of the year before: (authority,) in the order of ``codes``."""

    codes: tuple[str, ...]
    factors: tuple[Dated, ...]
    before: Floats
    carried: frozenset[str]  # whose ``before`` is the rule's own figure, since the published one had been lifted
    tax_2015: Floats
    raw: Floats  # before negative grant is paid off

    @property
    def at(self) -> dict[str, int]:
        return {code: i for i, code in enumerate(self.codes)}


def tiers_of(year: int, law: Rules) -> Tiers:
    """Worked out for the authorities of the year before, which merge afterwards: so the published sums show."""
    table, levels, tax = settlement(year - 1).by_code("sfa"), published_baseline(year - 1), tax_2015(year - 1)
    lifted = {}
    if rsg_year(year - 1, law):
        last = tiers_of(year - 1, law)
        lifted = {c: float(v) for c, v in zip(last.codes, last.raw, strict=True) if c in table}
    known = {c: k for c in table if c in tax and (k := tier_factor(c, year, law)) is not None}
    # Published to eight figures: a grant of less than a millionth of the funding is none.
    carried = frozenset(c for c in known if c in lifted and table[c] - levels[c] < NONE * table[c])
    before = np.array([lifted[c] if c in carried else table[c] for c in known])
    taxes = np.array([tax[c] for c in known])
    factors = np.array([float(k.value) for k in known.values()])
    raw = rsg.settlement_funding(before, taxes, factors)
    return Tiers(tuple(known), tuple(known.values()), before, carried, taxes, raw)


@cache
def published_baseline(year: int) -> Mapping[str, float]:
    """Baseline funding levels read back from the published grant of a year, always by the law as it was."""
    table = settlement(year)
    levels = under_indexation.baseline_from_grant(table["under_indexation"], year)
    return MappingProxyType(dict(zip(table.codes, levels.tolist(), strict=True)))


def tier_factor(code: str, year: int, law: Rules) -> Dated | None:
    """k of the year for this authority, None where it mixes tiers or the year has another rule."""
    kind = finance_authorities()[code].kind
    if kind not in rsg.KINDS or runs_fire(code, year, law) or not rsg_year(year, law):
        return None
    return law.row(rsg.FACTOR, year, kind)


def rsg_year(year: int, law: Rules) -> bool:
    return baseline_funding.in_force(law, rsg.FACTOR, year)


def runs_fire(code: str, year: int, law: Rules) -> bool:
    return any(r.who == code and r.first <= year <= r.last for r in law.rows["business_rates.council_fire"])


@cache
def tax_2015(year: int) -> Mapping[str, float]:
    """Council tax requirement of 2015-16, summed to the authorities of ``year``."""
    first = settlement_years()[0]
    values = settlement(first).by_code("council_tax")
    for later in range(first + 1, year + 1):
        values = merge(values, later)
    return MappingProxyType(values)
