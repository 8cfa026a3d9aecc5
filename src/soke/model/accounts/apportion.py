"""The published regional lines among the 296 authorities, on one of three bases.

``residence``  where people live: own figures where there are any, tested keys for the rest (the default)
``economy``    taxes only, where the economy generates them: tax on pay at the workplace, VAT and duties by output
``single``     one share for all lines: GVA for revenue, population for spending (the published back-of-envelope)
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np

from soke.england.baseline import Floats, baseline
from soke.errors import SokeError
from soke.model.accounts.components import (
    by_region,
    components,
    key_named,
    key_shares,
    pieces,
    published_by_region,
    region_of,
)
from soke.model.accounts.keys import keys
from soke.model.accounts.own import Figures, shipped
from soke.model.accounts.regional import LineSpec, check_year, line_specs
from soke.model.accounts.types import Line, LineMatrix, Side
from soke.text import did_you_mean

Basis = Literal["residence", "economy", "single"]
BASES: dict[Basis, str] = {
    "residence": "where people live: own figures, and tested keys for the rest",
    "economy": "where the economy generates it: taxes only",
    "single": "one share for all lines: GVA for revenue, population for spending",
}
SINGLE: dict[Side, str] = {"revenue": "gva", "spending": "people"}


def check_basis(basis: str) -> Basis:
    """Raises SokeError for what is no basis."""
    for known in BASES:
        if known == basis:
            return known
    raise SokeError(
        f"{basis[:40]!r} is not a basis.", did_you_mean(basis, BASES, f"Use one of {', '.join(BASES)}."),
        code="unknown-name",
    )  # fmt: skip


@cache
def line_matrix(year: int, basis: Basis = "residence", figures: Figures | None = None) -> LineMatrix:
    """Every line for every authority, GBP million cash, financial year starting in ``year``; own figures as shipped
    unless others are given.

    Over the places of a region each line sums to the published figure. On the economy basis only revenue has lines.
    Raises SokeError for a year without accounts or an unknown basis.
    """
    check_year(year)
    check_basis(basis)
    specs = [s for s in line_specs() if basis != "economy" or s.side == "revenue"]
    values = np.stack([_row(spec, year, basis, figures) for spec in specs])
    values.setflags(write=False)
    return LineMatrix(year=year, codes=baseline().codes, lines=tuple(_line(s, basis) for s in specs), values=values)


def _row(spec: LineSpec, year: int, basis: Basis, figures: Figures | None) -> Floats:
    if basis == "single":
        return published_by_region(spec, year)[region_of()] * key_shares(SINGLE[spec.side], year)
    home: Floats = np.sum([p.values for p in pieces(year, figures) if p.component.line == spec.id], axis=0)
    if basis == "residence" or not spec.economy_key:
        return home
    moved = generated(spec, year, home)[region_of()] * key_shares(spec.economy_key, year)
    return (1 - spec.economy_share) * home + spec.economy_share * moved


def generated(spec: LineSpec, year: int, home: Floats) -> Floats:
    """What the economy of each region generates of a tax that its people pay: ``home`` (296,) to (9,), GBP million.

    Tax on pay follows commuters over the borders of regions too: a region's tax, times its share of England's pay of
    jobs over its share of residents' pay, scaled to England's. Other taxes stay in the region.
    """
    tax = by_region(home)
    if spec.economy_key == "workplace-pay" and tax.sum():
        work, pay = by_region(keys()["workplace-pay"].weights(year)), by_region(keys()["residents-pay"].weights(year))
        moved = tax * (work / work.sum()) / (pay / pay.sum())
        tax = moved * tax.sum() / moved.sum()
    return tax


@cache
def _line(spec: LineSpec, basis: Basis) -> Line:
    residual = spec.residual
    own = [c for c in components() if c.line == spec.id]
    elsewhere = {"single": SINGLE[spec.side], "economy": spec.economy_key}.get(basis)
    named = [keys()[elsewhere]] if elsewhere else [key for c in own if (key := key_named(c)) is not None]
    figures = basis == "residence" and any(shipped().years(f) for c in own for f in c.figures)
    words = "; ".join(dict.fromkeys([*(["own figures"] if figures else []), *(k.words for k in named)]))
    sources = dict.fromkeys(x for key in named for x in key.source.split(", "))
    return Line(
        id=spec.id, title=spec.title.removeprefix("1. of which: ").removesuffix(", of which:"), side=spec.side,
        key="published total less published lines" if residual else words, grade="derived",
        source=", ".join(["ons-regional-accounts", *sources]),
    )  # fmt: skip


def side_total(year: int, side: Side, basis: Basis, figures: Figures | None = None) -> Floats:
    """All receipts or total managed expenditure of each authority, (296,), GBP million."""
    total: Floats = line_matrix(year, basis, figures).side(side).sum(axis=0)
    return total
