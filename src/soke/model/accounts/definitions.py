"""Definitions of what a place raises and spends, by name. A number without its definition says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from soke.england.baseline import Floats, baseline
from soke.england.tables import read_table
from soke.model.accounts.apportion import Method, key_of, line_matrix, shares, side_total
from soke.model.accounts.regional import IDENTIFIABLE, LineSpec, line_specs, published
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
    Definition("all-receipts", "All receipts", "revenue", 1999,
               "every tax and other current receipt, North Sea revenue by geography"),
    Definition("local-government", "Local-government spending", "spending", 2008,
               "what local authorities spend, current and capital"),
    Definition("identifiable", "Identifiable spending", "spending", 1999,
               "spending for the benefit of the people of a place"),
    Definition("total-managed-expenditure", "Total managed expenditure", "spending", 1999,
               "all public spending, with the place's share of defence, debt interest and accounting adjustments"),
)  # fmt: skip


def place_totals(name: str, year: int, method: Method) -> Floats:
    """One definition for every authority, (296,), GBP million cash."""
    matrix = line_matrix(year, method)
    if name == "core-taxes":
        core = [i for i, spec in enumerate(line_specs()) if spec.core]
        total: Floats = matrix.values[core].sum(axis=0)
        return total
    if name == "all-receipts":
        return side_total(year, "revenue", method)
    if name == "total-managed-expenditure":
        return side_total(year, "spending", method)
    amounts = _local_government if name == "local-government" else _identifiable
    return _shared(amounts(year), year, method)


def _shared(amounts: dict[tuple[str, str], float], year: int, method: Method) -> Floats:
    """Regional amounts by (region, line id), each shared by the key of its line."""
    regions = np.array(baseline().regions)
    specs = {spec.id: spec for spec in line_specs()}
    out = np.zeros(len(regions))
    for (code, line_id), value in amounts.items():
        here = regions == code
        out[here] += value * shares(key_of(specs[line_id], method).name, year)[here]
    return out


@cache
def _functions() -> dict[str, LineSpec]:
    """Spending lines by the publisher's function name, as the two analyses write it."""
    out = {spec.title: spec for spec in line_specs() if spec.side == "spending"}
    out["9. Education"] = out["9. Education (includes training)"]
    return out


def _identifiable(year: int) -> dict[tuple[str, str], float]:
    """Identifiable spending by function, and the rounding between functions and the published total."""
    out: dict[tuple[str, str], float] = {}
    for code in sorted(set(baseline().regions)):
        for title, spec in _functions().items():
            out[code, spec.id] = published(code, f"identifiable: {title}", year)
        leaves = sum(v for (c, _), v in out.items() if c == code)
        out[code, "spending-residual"] = published(code, IDENTIFIABLE, year) - leaves
    return out


def _local_government(year: int) -> dict[tuple[str, str], float]:
    return {(r["code"], _functions()[r["function"]].id): float(r[str(year)]) for r in read_table("local_government")}
