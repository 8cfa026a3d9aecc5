"""Carry: the one step that takes the 2022-23 figures to the base year, in the base year's prices.

output      x real carry x prices
a tax       x its own real carry, else the carry of output, x prices
a function  x its own real carry, else ``default``, else none, x prices
jobs, commuting, people: as published
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from soke.deal.scenario import DEFAULT
from soke.deal.types import Scenario
from soke.england.baseline import Baseline, Floats
from soke.errors import SokeError
from soke.model.accounts.types import Line, LineMatrix
from soke.model.economy.tax_bases import BASES, base_of


@dataclass(frozen=True, slots=True)
class Carried:
    """The base year by place, GBP million of the base year's prices.

    ``taxes``: base -> (place,). ``business_rates`` and ``council_tax``, also within ``taxes``, are those lines alone.
    ``spending`` (function, place) for ``functions``.
    """

    gva: Floats
    jobs: Floats
    taxes: Mapping[str, Floats]
    business_rates: Floats
    council_tax: Floats
    functions: tuple[str, ...]
    spending: Floats

    @property
    def market_rates_share(self) -> Floats:
        """Share of the rates of a place that its market sector pays: the part that councils share in."""
        all_rates = self.taxes["floorspace"]
        return np.divide(self.business_rates, all_rates, out=np.zeros_like(all_rates), where=all_rates > 0)

    @property
    def receipts(self) -> Floats:
        return np.asarray(sum(self.taxes.values()))


def carry(baseline: Baseline, lines: LineMatrix, scenario: Scenario) -> Carried:
    """Baseline and account lines to the base year. SokeError for places that differ or a carry for no known line."""
    if lines.codes != baseline.codes:
        raise SokeError("The accounts and the baseline hold different places.", "Rebuild both from the same tables.")
    revenue = [(line, row) for line, row in zip(lines.lines, lines.values, strict=True) if line.side == "revenue"]
    spending = [(line, row) for line, row in zip(lines.lines, lines.values, strict=True) if line.side == "spending"]
    _known(scenario, "carry_tax_real", [line for line, _ in revenue])
    _known(scenario, "carry_spending_real", [line for line, _ in spending])
    taxes = {base: np.zeros(len(baseline.codes)) for base in BASES}
    own = {}
    for line, row in revenue:
        carried = row * _real(scenario.carry_tax_real, line, scenario.carry_gva_real) * scenario.carry_price
        taxes[base_of(line)] += carried
        own[line.id] = carried
    functions = [row * _real(scenario.carry_spending_real, line, 1.0) * scenario.carry_price for line, row in spending]
    return Carried(
        gva=baseline["gva"] * (scenario.carry_gva_real * scenario.carry_price),
        jobs=baseline["jobs"].copy(),
        taxes=taxes,
        business_rates=own["business-rates"],
        council_tax=own["council-tax"],
        functions=tuple(line.id for line, _ in spending),
        spending=np.array(functions),
    )


def _real(table: Mapping[str, float], line: Line, otherwise: float) -> float:
    return table.get(line.id, table.get(DEFAULT, otherwise))


def _known(scenario: Scenario, name: str, lines: list[Line]) -> None:
    unknown = sorted(set(getattr(scenario, name)) - {line.id for line in lines} - {DEFAULT})
    if unknown:
        raise SokeError(
            f"No line of the account is called {unknown[0]}.",
            f"Use {', '.join(line.id for line in lines)}.",
            scenario.where(name, unknown[0]),
        )
