"""Definitions of what a place raises and spends, by name. A number without its definition says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from soke.england.baseline import Floats, baseline
from soke.england.tables import read_table
from soke.model.accounts.apportion import Basis, line_matrix, side_total
from soke.model.accounts.components import pieces, region_of, shared
from soke.model.accounts.own import Figures
from soke.model.accounts.regional import IDENTIFIABLE, LineSpec, functions, line_specs, published
from soke.model.accounts.types import Side


@dataclass(frozen=True, slots=True)
class Definition:
    name: str
    title: str
    side: Side
    first: int  # first financial year
    words: str


DEFINITIONS = (
    Definition("core-taxes", "Core taxes", "revenue", 1999,
               "income tax, National Insurance, VAT before refunds, corporation tax, council tax, "
               "market business rates"),
    Definition("all-taxes", "All taxes", "revenue", 1999,
               "every receipt but VAT refunds, operating surplus, interest and dividends, rent and North Sea revenue"),
    Definition("all-receipts", "All receipts", "revenue", 1999,
               "every tax and other current receipt, North Sea revenue by geography"),
    Definition("local-government", "Local-government spending", "spending", 2008,
               "what local authorities spend, current and capital"),
    Definition("identifiable", "Identifiable spending", "spending", 1999,
               "spending for the benefit of the people of a place"),
    Definition("total-managed-expenditure", "Total managed expenditure", "spending", 1999,
               "all public spending, with the place's share of defence, debt interest and accounting adjustments"),
)  # fmt: skip


def counts(definition: Definition, spec: LineSpec) -> bool:
    """Whether a line is counted, whole, in a definition; none is where a definition takes parts of lines."""
    if definition.side != spec.side or definition.name in ("local-government", "identifiable"):
        return False
    return {"core-taxes": spec.core, "all-taxes": spec.tax}.get(definition.name, True)


@cache
def place_totals(name: str, year: int, basis: Basis = "residence", figures: Figures | None = None) -> Floats:
    """One definition for every authority, (296,), GBP million cash. The economy basis has revenue only."""
    if name in ("core-taxes", "all-taxes"):
        definition = next(d for d in DEFINITIONS if d.name == name)
        chosen = [counts(definition, s) for s in line_specs() if s.side == "revenue"]
        total: Floats = line_matrix(year, basis, figures).side("revenue")[chosen].sum(axis=0)
        return total
    if name == "all-receipts":
        return side_total(year, "revenue", basis, figures)
    if name == "total-managed-expenditure":
        return side_total(year, "spending", basis, figures)
    return (_local_government if name == "local-government" else _identifiable)(year, basis, figures)


def _share(line: str, year: int, basis: Basis, figures: Figures | None) -> Floats:
    """Each authority's share of its region's line, (296,)."""
    return shared(line_matrix(year, basis, figures).row(line))


def _identifiable(year: int, basis: Basis, figures: Figures | None) -> Floats:
    """Identifiable spending by function, and the rounding between functions and the published total."""
    codes = baseline().regions
    out = np.zeros(len(codes))
    rest = np.array([published(code, IDENTIFIABLE, year) for code in codes])
    for title, spec in functions().items():
        amount = np.array([published(code, f"identifiable: {title}", year) for code in codes])
        out += amount * _share(spec.id, year, basis, figures)
        rest = rest - amount
    return out + rest * _share("spending-residual", year, basis, figures)


def _local_government(year: int, basis: Basis, figures: Figures | None) -> Floats:
    """What councils and other local bodies spend, by function: as their own figures go where the line has them."""
    out = np.zeros(len(region_of()))
    amounts: dict[str, dict[str, float]] = {}
    for row in read_table("local_government"):
        amounts.setdefault(functions()[row["function"]].id, {})[row["code"]] = float(row[str(year)])
    for line, by in amounts.items():
        values = [p.values for p in pieces(year, figures) if p.component.line == line and p.component.local]
        share = (
            _share(line, year, basis, figures) if basis == "single" or not values else shared(np.sum(values, axis=0))
        )
        out += np.array([by.get(code, 0.0) for code in baseline().regions]) * share
    return out
