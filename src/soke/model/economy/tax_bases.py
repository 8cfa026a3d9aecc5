"""Tax bases: every tax follows one base, at its own elasticity. Residence, workplace, floorspace and dwellings differ.

With n residents in work, w their earnings a head, y = n w their income, g output here, each over its base year:

    pay            n^a w^b     income tax: thresholds rise with prices, so b is above 1
    contributions  n w^b       national insurance
    spending       y^e         VAT
    income         y^e         duties and other taxes of residents, taken together
    output         g^e         corporation tax
    floorspace     g^e         business rates: e is small, since revaluation strips out the growth of values
    dwellings      h^e         council tax, h dwellings; bills per dwelling held in real terms
    national       the country's output: what no place's base explains

Which tax takes which base is a table, by the id of the account's line; every line has one, so that the bases always
add up to all receipts.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.evidence import Draws
from soke.model.accounts.types import Line

BASES = ("pay", "contributions", "spending", "income", "output", "floorspace", "dwellings", "national")
ELASTICITIES = {
    "pay": "tax.el.it_earnings",
    "jobs": "tax.el.it_jobs",
    "contributions": "tax.el.nics_earnings",
    "spending": "tax.el.vat_consumption",
    "income": "tax.el.other_income",
    "output": "tax.el.corporation_gva",
    "floorspace": "tax.el.br_gva",
    "dwellings": "tax.el.ct_stock",
}
DRAWN = tuple(ELASTICITIES.values())
FOLLOW_PAY = ("pay", "contributions", "spending", "income")  # of a given number of residents in work
FOLLOW_OUTPUT = ("output", "floorspace")


@cache
def _table() -> Mapping[str, str]:
    text = files(__package__).joinpath("tax_bases.csv").read_text(encoding="utf-8")
    return {row["line"]: row["base"] for row in csv.DictReader(text.splitlines())}


def base_of(line: Line) -> str:
    """The base that a tax follows."""
    base = _table().get(line.id)
    if base is None:
        raise SokeError(f"No tax base is known for {line.title}.", "Add it to tax_bases.csv.", line.id)
    return base


@dataclass(frozen=True, slots=True)
class Moves:
    """How far the bases of a year have moved, logs, each (draw, place): over the base year."""

    workers: Floats
    income: Floats
    output: Floats


def elasticities(draws: Draws) -> dict[str, Floats]:
    """Each (draw, 1)."""
    return {base: draws[name][:, None] for base, name in ELASTICITIES.items()}


def income_tax(base: Floats, moves: Moves, el: Mapping[str, Floats]) -> Floats:
    """Income tax of residents, GBP million (draw, place)."""
    return _grown(base, _mixed(el["jobs"] - el["pay"], moves.workers, el["pay"], moves.income))


def business_rates(base: Floats, moves: Moves, el: Mapping[str, Floats]) -> Floats:
    """Business rates collected here in a year that is neither good nor bad, GBP million (draw, place)."""
    return _grown(base, el["floorspace"] * moves.output)


def other_taxes(bases: Mapping[str, Floats], moves: Moves, el: Mapping[str, Floats]) -> dict[str, Floats]:
    """Contributions and what follows income and output, by base, GBP million (draw, place)."""
    b = el["contributions"]
    taxes = {"contributions": _grown(bases["contributions"], _mixed(1.0 - b, moves.workers, b, moves.income))}
    for name, log in (("spending", moves.income), ("income", moves.income), ("output", moves.output)):
        taxes[name] = _grown(bases[name], el[name] * log)
    return taxes


def council_tax(base: Floats, dwellings: Floats, el: Mapping[str, Floats]) -> Floats:
    """Council tax, GBP million (draw, place); ``dwellings`` (place,) log growth. No deal here moves it."""
    return _grown(base, el["dwellings"] * dwellings)


def _mixed(a: Floats, first: Floats, b: Floats, second: Floats) -> Floats:
    mixed = a * first
    mixed += b * second
    return mixed


def _grown(base: Floats, log: Floats) -> Floats:
    """``base`` (place,) times the exponential of ``log`` (draw, place), which is used up."""
    np.exp(log, out=log)
    log *= base
    return log
