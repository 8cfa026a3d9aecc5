"""What a deal would let its place decide on, by the arithmetic of its file alone: no draw, nothing projected."""

from __future__ import annotations

import numpy as np

from soke.deal.fund_kinds import SPENT_BEFORE
from soke.deal.reader import read_scenario
from soke.deal.types import Deal
from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.evidence import overridden
from soke.model.money.fund_flows import Flow, fund_flows, ledger
from soke.model.money.prices import DEFLATOR, prices_of
from soke.report.facts import Money, money_paid
from soke.text import financial_year


def money_of(deal: Deal) -> Money | None:
    """GBP million a year in the deal's first year, in the prices of the shipped scenario's base year, as a report of a
    run on that scenario has it. None where the file's sums cannot be added up."""
    scenario = read_scenario()
    years = range(scenario.base_year, scenario.end_year + 1)
    prices = prices_of(scenario, overridden(scenario.effects)[DEFLATOR].central)
    try:
        flows = ledger(fund_flows(deal, years, prices, scenario.gva_growth.central))
    except SokeError:
        return None
    first = min(max(1, deal.starts - years[0]), len(years) - 1)
    return money_paid(years, _paid(flows, len(years), *SPENT_BEFORE), _paid(flows, len(years), "new"), first)


def _paid(flows: list[Flow], years: int, *kinds: str) -> Floats:
    chosen = [flow.amount for flow in flows if flow.kind in kinds]
    return np.asarray(np.sum(chosen, axis=0)) if chosen else np.zeros(years)


def price_year() -> str:
    """The financial year in whose prices :func:`money_of` is."""
    return financial_year(read_scenario().base_year)
