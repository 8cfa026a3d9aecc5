"""Fund flows: each pound of a fund with a payer and a receiver, by the kind of fund (``deal/fund_kinds.py``).

For each fund and year, in real GBP million of the base year:

    deal   what the fund pays under the deal: its profile, then what ``after_profile`` says
    as is  what would be spent here anyway on the same functions: nought for new money; for money that was spent here
           before its ``previous_spend`` (the last stated year held flat in real terms), or, where none is stated, the
           fund itself

    change = deal - as is        above nought it is new money here; below, the fund was trimmed on its way

So money that only moves changes nothing but who decides. New money is found by England, by head, unless the scenario
names another key. A fund that ends, ends on both paths. Funds of kept tax belong to the tax model and are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from soke.deal.scenario import Financing
from soke.deal.types import Deal, Fund, FundYear
from soke.england.baseline import Baseline, Floats
from soke.errors import SokeError
from soke.model.money.prices import Prices

FINANCED_BY: Mapping[Financing, str] = {
    "head": "population",
    "output": "gva",
}  # baseline column that shares the cost
PAYS_FOR_NEW = "taxpayers of England"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One cash flow of the ledger: who pays, who receives, which model owns it. GBP million by year."""

    item: str  # fund or mechanism id
    payer: str
    receiver: str
    owner: str  # "fund", "tax_model", "benefit_model", "service_cost", "welfare_only"
    kind: str  # "new", "moved", "consolidated", "retained-growth", "proceeds", "saving"
    amount: Floats  # (year,), mean over draws


@dataclass(frozen=True, slots=True)
class FundFlow:
    """One fund over the run, (year,) real GBP million.

    ``deal`` and ``as_is`` from the first year of its profile; ``earlier`` what is spent here on the same functions
    before that, on both paths.
    """

    fund: Fund
    deal: Floats
    as_is: Floats
    earlier: Floats

    @property
    def change(self) -> Floats:
        return self.deal - self.as_is


def fund_flows(deal: Deal, years: Sequence[int], prices: Prices, growth: float) -> tuple[FundFlow, ...]:
    """Every fund that the money model owns. ``growth``: real, a year, of funds that grow after their profile."""
    return tuple(_flow(fund, deal.prices, years, prices, growth) for fund in deal.funds if not deal.is_kept_tax(fund))


def _flow(fund: Fund, basis: str, years: Sequence[int], prices: Prices, growth: float) -> FundFlow:
    if not fund.profile:
        raise SokeError(f"Fund {fund.id} has no profile.", "Give its pounds by year.", fund.at)
    paid = _real(fund.profile, basis, prices)
    last = max(paid)
    after = fund.afterwards.factor(growth)
    first = max(min(paid), years[0] + 1)
    running = np.array(years) >= first
    deal = np.where(running, [_then(paid.get(min(y, last), 0.0), y - last, after) for y in years], 0.0)
    if not fund.kind.spent_before:
        return FundFlow(fund, deal, np.zeros_like(deal), np.zeros_like(deal))
    before = _real(fund.previous_spend, basis, prices)
    spent = [before.get(y, before[max(before)]) if before else paid.get(first, paid[last]) for y in years]
    as_is = np.where(running, [_then(amount, y - last, after) for amount, y in zip(spent, years, strict=True)], 0.0)
    return FundFlow(fund, deal, as_is if before else deal.copy(), np.where(running, 0.0, spent))


def _then(amount: float, since: int, factor: float) -> float:
    """An amount ``since`` years after the last year of its profile, at a yearly factor."""
    return amount if since <= 0 else amount * factor**since


def _real(rows: Sequence[FundYear], basis: str, prices: Prices) -> dict[int, float]:
    return {row.year: prices.real_million(float(row.total), row.year, basis) for row in rows}


def total(flows: Sequence[FundFlow], side: str, years: int) -> Floats:
    """Sum of ``deal``, ``as_is``, ``earlier`` or ``change`` over funds, (year,) real GBP million."""
    return np.sum([getattr(flow, side) for flow in flows], axis=0) if flows else np.zeros(years)


def shares(baseline: Baseline, key: Financing) -> Floats:
    """Share of England's cost of new money by place, (place,): sums to one."""
    values = baseline[FINANCED_BY[key]]
    return np.asarray(values / values.sum())


def ledger(flows: Sequence[FundFlow]) -> list[Flow]:
    """Payer, receiver and amount of each fund, split into what only moves, what is new and what was trimmed."""
    entries = []
    for flow in flows:
        fund, same = flow.fund, np.minimum(flow.deal, flow.as_is)
        if fund.kind.spent_before and same.any():
            entries.append(_entry(fund.id, fund.payer, fund.payee, fund.additionality, same))
        if (flow.change > 0).any():
            entries.append(_entry(fund.id, PAYS_FOR_NEW, fund.payer, "financing", np.maximum(flow.change, 0.0)))
            entries.append(_entry(fund.id, fund.payer, fund.payee, "new", np.maximum(flow.change, 0.0)))
        if (flow.change < 0).any():
            entries.append(_entry(fund.id, fund.payee, fund.payer, "trimmed", np.maximum(-flow.change, 0.0)))
    return entries


def _entry(item: str, payer: str, receiver: str, kind: str, amount: Floats) -> Flow:
    return Flow(item=item, payer=payer, receiver=receiver, owner="fund", kind=kind, amount=amount)
