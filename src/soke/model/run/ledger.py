"""The ledger: who pays whom, mean over draws; one model owns each flow, so nothing is counted twice."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from soke.deal.types import Deal
from soke.england.baseline import Floats
from soke.model.money import fund_flows, investment_costs
from soke.model.money.fund_flows import Flow
from soke.model.run.result import Series
from soke.model.run.setup import Setup
from soke.model.run.statement import COUNCILS, PARTS, SERVICES, TAXPAYERS, TREASURY
from soke.model.services import proceeds

RESERVES = "reserves here"
ELSEWHERE = "councils elsewhere"
ROUNDING = 1e-6  # GBP million
KINDS = ("retained-growth", "tax", "saving", "services", "overrun")  # of the parts' lines, in the ledger's order


def ledger(deal: Deal, setup: Setup, series: Mapping[str, Series], cost: Floats) -> tuple[Flow, ...]:
    """Every flow that differs between the two paths, and the money that only moves. GBP million by year.

    ``cost`` (draw, year) to England as a whole: what it has beyond the area's own gains goes to councils elsewhere.
    """

    def mean(name: str) -> Floats:
        held = series[name].difference
        held = held[np.isfinite(held).all(axis=1)]
        return held.mean(axis=0) if len(held) else np.full(len(setup.years), np.nan)

    of = {kind: {name: part.line for name, part in PARTS.items() if part.line and part.line.kind == kind}
          for kind in KINDS}  # fmt: skip
    total = {kind: np.sum([mean(name) for name in of[kind]], axis=0) for kind in KINDS}
    gained, raised = total["retained-growth"], total["tax"]
    entries = fund_flows.ledger(setup.flows)
    entries += _both_ways("tax", TAXPAYERS, TREASURY, "tax_model", "tax", mean("receipts") - raised)
    for name, line in (pair for kind in KINDS for pair in of[kind].items()):
        entries += _both_ways(line.item, line.payer, line.receiver, line.owner, line.kind, mean(name))
    spent = mean("proceeds_spent")
    for purpose, share in proceeds.purposes(deal.proceeds).items():
        entries += _both_ways(purpose, COUNCILS, SERVICES, "service_cost", "proceeds", spent * share)
    entries += _both_ways("services", COUNCILS, SERVICES, "service_cost", "council-tax-spent", raised)
    held = cost[np.isfinite(cost).all(axis=1)]
    beyond = (held.mean(axis=0) if len(held) else np.full(len(setup.years), np.nan)) - gained - mean("new_money")
    beyond = beyond - mean(investment_costs.OF_GOVERNMENT)
    entries += _both_ways("councils-elsewhere", TREASURY, ELSEWHERE, "tax_model", "elsewhere", _clean(beyond))
    entries += _both_ways("reserves", COUNCILS, RESERVES, "service_cost", "reserves", gained - spent)
    return tuple(entries)


def _clean(amount: Floats) -> Floats:
    return np.where(np.abs(amount) < ROUNDING, 0.0, amount)


def _both_ways(item: str, payer: str, receiver: str, owner: str, kind: str, amount: Floats) -> list[Flow]:
    """A flow in the years in which it runs from payer to receiver, and its reverse in the other years."""
    entries = []
    if (amount > 0).any():
        entries.append(_flow(item, payer, receiver, owner, kind, np.maximum(amount, 0.0)))
    if (amount < 0).any():
        entries.append(_flow(item, receiver, payer, owner, f"{kind}-lost", np.maximum(-amount, 0.0)))
    return entries


def _flow(item: str, payer: str, receiver: str, owner: str, kind: str, amount: Floats) -> Flow:
    return Flow(item=item, payer=payer, receiver=receiver, owner=owner, kind=kind, amount=amount)
