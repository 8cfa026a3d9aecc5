"""Imported official figures as own figures of the accounts: benefits, income tax, business rates, council tax.

What they add: benefits by authority are about a quarter of spending, and today shared by keys; rates by authority and
newer income and council tax a point each. A figure that is another thing than its control is refused: where q, the
published regional amount over the sum of the imported figures, is above 1.6 or below .5.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from soke.england.baseline import baseline
from soke.england.imported import Imported, constituencies, disability_benefits
from soke.england.places import places
from soke.errors import SokeError
from soke.model.accounts import regional
from soke.model.accounts.components import components, pieces, regions
from soke.model.accounts.own import Figures, shipped
from soke.text import financial_year

LEAST, MOST = 0.5, 1.6  # q beyond which an imported figure cannot be what its component is
# figure of components.csv: the imported variables that it is the sum of; those in brackets may be missing
SUMS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "benefits-pensions": (("benefit_state_pension",), ("benefit_pension_credit", "benefit_winter_fuel")),
    "benefits-universal-credit": (("benefit_universal_credit",), ("benefit_income_support", "benefit_jsa")),
    "benefits-housing": (("benefit_housing",), ("benefit_dhp",)),
    "business-rates": (("net_rates_payable",), ()),
}
ALSO_DISABILITY = ("benefit_esa", "benefit_incapacity")


def figures_with(imported: Imported, accept: bool = False, partly: bool = False) -> Figures:
    """The shipped own figures with the imported ones beside them, or in their place for the same year.

    SokeError where a figure is not what its component is (``accept`` lets it pass), or misses an authority; with
    ``partly`` such a figure is left out instead, since the funding rules may use it all the same.
    """
    given = _given(imported)
    if partly:
        given = {name: {y: v for y, v in years.items() if not _missing(name, v)} for name, years in given.items()}
    amounts = {name: dict(years) for name, years in shipped().amounts.items()}
    workbooks: dict[str, str] = {}
    for name, years in given.items():
        for year, values in years.items():
            _covers(name, year, values)
            amounts.setdefault(name, {})[year] = values
            workbooks[name] = f"{financial_year(year)}{_layout(imported, name, year)}"
    out = Figures(amounts, shipped().estimated, workbooks, tuple(map(str, imported.sources)))
    if not accept:
        _check(out, given)
    return out


def _given(imported: Imported) -> dict[str, dict[int, dict[str, float]]]:
    out: dict[str, dict[int, dict[str, float]]] = {}
    known = set(baseline().codes)
    for name, (needed, more) in SUMS.items():
        for year in imported.years(needed[0]):
            parts = [imported.get(v, year) for v in (*needed, *more)]
            values = {code: sum(p.get(code, 0.0) for p in parts) for code in parts[0] if code in known}
            if values:
                out.setdefault(name, {})[year] = values
    for year in imported.years("benefit_pip"):
        more_parts = [imported.get(v, year) for v in ALSO_DISABILITY]
        if values := {code: value + sum(p.get(code, 0.0) for p in more_parts)
                      for code, value in disability_benefits(imported, year).items() if code in known}:  # fmt: skip
            out.setdefault("benefits-disability", {})[year] = values
    for year in imported.years("income_tax"):
        if values := dict(constituencies(imported, "income_tax", year)):
            out.setdefault("income-tax", {})[year] = values
    for year in set(imported.years("tax_base")) & set(imported.years("band_d")):
        base, band = imported.get("tax_base", year), imported.get("band_d", year)
        if values := {code: base[code] * band[code] / 1e6 for code in known & set(base) & set(band)}:
            out.setdefault("council-tax", {})[year] = values
    return out


def _layout(imported: Imported, name: str, year: int) -> str:
    """That the layout which gave a figure was never held against a real file, where it was not."""
    needed = {"benefits-disability": "benefit_pip", "income-tax": "income_tax", "council-tax": "band_d"}
    variable = needed.get(name) or SUMS[name][0][0]
    code = next(iter(imported.get(variable, year)))
    if (variable, year) not in imported.origins:
        return ""
    book = imported.source(variable, year, code).workbook
    seen = imported.layout_seen(variable, year, code)
    return f", from {book}" + ("" if seen else ": unverified, its layout was never held against a real file")


def _missing(name: str, values: Mapping[str, float]) -> list[str]:
    """Authorities without the figure; constituencies are counted when they are read."""
    return [c for c in baseline().codes if c not in values] if name != "income-tax" else []


def _covers(name: str, year: int, values: Mapping[str, float]) -> None:
    """An own figure must be of every authority: what is missing would be taken from the others of its region."""
    if missing := _missing(name, values):
        raise SokeError(
            f"The imported {name.replace('-', ' ')} of {financial_year(year)} has no figure of "
            f"{places().name(missing[0])}" + (f" and {len(missing) - 1} more." if missing[1:] else "."),
            "Import a workbook with every authority, or leave the figure out.",
        )
    below = next((code for code, value in values.items() if value < 0), None)
    if below is not None:
        raise SokeError(
            f"The imported {name.replace('-', ' ')} of {financial_year(year)} is below nought in "
            f"{places().by_code[below].name if below in places().by_code else below}.",
            "Correct the workbook and import it again.",
        )


def _check(figures: Figures, given: Mapping[str, Mapping[int, object]]) -> None:
    """Raise where an imported figure does not go with the published amount of a region."""
    for component in components():
        for name in set(component.figures) & set(given):
            for year in (y for y in given[name] if regional.FIRST <= y <= regional.LAST + 1):
                piece = next(p for p in pieces(min(year, regional.LAST), figures) if p.component.id == component.id)
                for code, q in zip(regions(), piece.q, strict=True):
                    if piece.own and not LEAST <= q <= MOST:
                        times = f"{q:.2f} times its sum" if np.isfinite(q) else "not nought, and its sum is"
                        raise SokeError(
                            f"The imported {name.replace('-', ' ')} of {financial_year(year)} cannot be that of "
                            f"{places().name(code)}: the published {component.title} there is {times}.",
                            f"Between {LEAST} and {MOST} is plausible: look at units and rows, or add --accept-figures "
                            "where the figure is right.",
                        )  # fmt: skip
