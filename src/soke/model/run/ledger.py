"""The ledger: who pays whom, mean over draws; one model owns each flow, so nothing is counted twice."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from soke.deal.types import Deal
from soke.england.baseline import Floats
from soke.model.money import fund_flows
from soke.model.money.fund_flows import Flow
from soke.model.run.result import Series
from soke.model.run.setup import Setup
from soke.model.services import proceeds

TREASURY = "HM Treasury"
COUNCILS = "councils and combined authority here"
TAXPAYERS = "taxpayers here"
CLAIMANTS = "people here who find work"
SERVICES = "services here"
RESERVES = "reserves here"
ELSEWHERE = "councils elsewhere"
ROUNDING = 1e-6  # GBP million


def ledger(deal: Deal, setup: Setup, series: Mapping[str, Series], cost: Floats) -> tuple[Flow, ...]:
    """Every flow that differs between the two paths, and the money that only moves. GBP million by year.

    ``cost`` (draw, year) to England as a whole: what it has beyond the area's own gains goes to councils elsewhere.
    """

    def mean(name: str) -> Floats:
        held = series[name].difference
        held = held[np.isfinite(held).all(axis=1)]
        return held.mean(axis=0) if len(held) else np.full(len(setup.years), np.nan)

    extra = mean("receipts") - mean("council_tax_raised")
    found = fund_flows.ledger(setup.flows)
    found += _both_ways("tax", TAXPAYERS, TREASURY, "tax_model", "tax", extra)
    found += _both_ways("business-rates", TREASURY, COUNCILS, "tax_model", "retained-growth", mean("kept_growth"))
    found += _both_ways("earn-back", TREASURY, COUNCILS, "tax_model", "retained-growth", mean("earned_back"))
    found += _both_ways("council-tax", TAXPAYERS, COUNCILS, "tax_model", "tax", mean("council_tax_raised"))
    found += _both_ways("income-tax", TREASURY, COUNCILS, "tax_model", "retained-growth", mean("assigned_tax"))
    found += _both_ways("benefits", CLAIMANTS, TREASURY, "benefit_model", "saving", mean("benefits_saved"))
    spent = mean("proceeds_spent")
    gained = mean("kept_growth") + mean("assigned_tax") + mean("earned_back")
    for purpose, share in proceeds.purposes(deal.proceeds).items():
        found += _both_ways(purpose, COUNCILS, SERVICES, "service_cost", "proceeds", spent * share)
    found += _both_ways("services", COUNCILS, SERVICES, "service_cost", "council-tax-spent", mean("council_tax_raised"))
    held = cost[np.isfinite(cost).all(axis=1)]
    beyond = (held.mean(axis=0) if len(held) else np.full(len(setup.years), np.nan)) - gained - mean("new_money")
    found += _both_ways("councils-elsewhere", TREASURY, ELSEWHERE, "tax_model", "elsewhere", _clean(beyond))
    found += _both_ways("reserves", COUNCILS, RESERVES, "service_cost", "reserves", gained - spent)
    return tuple(found)


def _clean(amount: Floats) -> Floats:
    return np.where(np.abs(amount) < ROUNDING, 0.0, amount)


def _both_ways(item: str, payer: str, receiver: str, owner: str, kind: str, amount: Floats) -> list[Flow]:
    """A flow in the years in which it runs from payer to receiver, and its reverse in the other years."""
    found = []
    if (amount > 0).any():
        found.append(_flow(item, payer, receiver, owner, kind, np.maximum(amount, 0.0)))
    if (amount < 0).any():
        found.append(_flow(item, receiver, payer, owner, f"{kind}-lost", np.maximum(-amount, 0.0)))
    return found


def _flow(item: str, payer: str, receiver: str, owner: str, kind: str, amount: Floats) -> Flow:
    return Flow(item=item, payer=payer, receiver=receiver, owner=owner, kind=kind, amount=amount)
