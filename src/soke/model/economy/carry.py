"""Carry: from the lines and the output of the figures to the base year, in the base year's prices.

taxes, functions   the account's lines of the base year: its cash, which are its own prices
output             x real carry x prices, from 2022
jobs, commuting, people: as published

The lines are those of :mod:`soke.model.accounts.outlook`; here each tax only finds the base that it follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from soke.deal.types import Scenario
from soke.england.baseline import Baseline, Floats
from soke.errors import SokeError
from soke.model.accounts.types import LineMatrix
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
    """Output to the base year, beside its ``lines``. SokeError where baseline and lines hold different places."""
    if lines.codes != baseline.codes:
        raise SokeError("The accounts and the baseline hold different places.", "Rebuild both from the same tables.")
    taxes = {base: np.zeros(len(baseline.codes)) for base in BASES}
    for line, row in zip(lines.lines, lines.values, strict=True):
        if line.side == "revenue":
            taxes[base_of(line)] += row
    return Carried(
        gva=baseline["gva"] * (scenario.carry_gva_real * scenario.carry_price),
        jobs=baseline["jobs"].copy(),
        taxes=taxes,
        business_rates=lines.row("business-rates").copy(),
        council_tax=lines.row("council-tax").copy(),
        functions=tuple(line.id for line in lines.lines if line.side == "spending"),
        spending=lines.side("spending"),
    )
