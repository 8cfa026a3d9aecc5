"""Receipts: output, and every tax by its base, from output per job and the trend's workers.

    output    = base x exp(log output per trend job)      at workplaces
    income    = the mean over residents' workplaces       at homes
    workers   = the trend's                               at homes

Taxes follow (:mod:`soke.model.economy.tax_bases`). What entrants to work bring is added by a ledger of their own
(:mod:`soke.model.economy.entrants`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Floats
from soke.evidence import Draws
from soke.model.economy import tax_bases
from soke.model.economy.trend import Country, Trend

DRAWN = tax_bases.DRAWN


@dataclass(slots=True)
class State:
    """What the draws give."""

    elasticities: Mapping[str, Floats]  # tax base -> (draw, 1)


@dataclass(slots=True)
class Receipts:
    """A year's output and receipts of one path, GBP million (draw, place)."""

    gva: Floats
    total: Floats
    income_tax: Floats
    even_rates: Floats  # business rates of a year neither good nor bad
    rates: Floats  # those of this year
    pay: Floats  # over the base year's, of a given number of residents in work, without entrants
    by_base: Mapping[str, Floats]  # taxes that output moves, by their base


def start(draws: Draws) -> State:
    return State(tax_bases.elasticities(draws))


def advance(country: Country, state: State, trend: Trend, log_output: Floats) -> Receipts:
    """``log_output`` (draw, place) per trend job at workplaces, which is used up."""
    ratio = np.exp(log_output)
    pay = country.commuting.to_homes(ratio)
    log_income = np.log(pay)
    if trend.incomers is not None:
        log_income += trend.incomers
    moves = tax_bases.Moves(trend.log_workers, log_income, log_output)
    bases, el = country.base.taxes, state.elasticities
    income_tax = tax_bases.income_tax(bases["pay"], moves, el)
    even_rates = tax_bases.business_rates(bases["floorspace"], moves, el)
    rates = even_rates * trend.rating_year
    by_base = tax_bases.other_taxes(bases, moves, el) | {"pay": income_tax, "floorspace": rates}
    total = trend.unmoved_taxes.copy()
    for tax in by_base.values():
        total += tax
    ratio *= country.base.gva
    return Receipts(ratio, total, income_tax, even_rates, rates, pay, by_base)
