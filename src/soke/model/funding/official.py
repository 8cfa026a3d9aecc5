"""Official figures of the settlement that the user imported, in the place of what is estimated for those authorities.

Need, notional council tax, the allocation of each year, the baseline funding level and the business rates baseline:
each is taken where an imported workbook gives it, and the estimates of the other authorities share what is left, by the
allocator, so that England's sums stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from soke.england.baseline import Floats
from soke.england.imported import Imported
from soke.errors import SokeError
from soke.model.funding.allocator import allocate
from soke.text import financial_year

YEARS = (2026, 2027, 2028)
FAR = 5.0  # an allocation may differ from its estimate by its half or its double, not by this factor
CLOSE = 0.05  # sums of all authorities, over England's as published


@dataclass(frozen=True, slots=True)
class Official:
    """(authority,) arrays, not a number where nothing was imported. GBP million, cash of the year."""

    need: Floats  # share of England
    notional_tax: Floats  # 2026-27
    allocation: Mapping[int, Floats]
    funding: Floats  # BFL of 2026-27
    rates_baseline: Floats  # of 2026-27
    figures: int  # how many were taken

    def __bool__(self) -> bool:
        return self.figures > 0


def official(imported: Imported, codes: Sequence[str], holder: Mapping[str, str]) -> Official:
    """What was imported for the authorities ``codes``; ``holder``: a code in the workbooks -> who has its money."""

    at = {code: i for i, code in enumerate(codes)}

    def column(variable: str, year: int) -> Floats:
        values = np.full(len(codes), np.nan)
        for code, value in imported.get(variable, year).items():
            if value < 0:
                raise SokeError(
                    f"The imported {variable} of {code} for {financial_year(year)} is {value:g}.",
                    "Check the workbook: it cannot be below nought.",
                )
            if holder.get(code, code) in at:
                index = at[holder.get(code, code)]
                values[index] = np.nan_to_num(values[index]) + value  # one may hold the money of two
        return values

    first = YEARS[0]
    need, tax = column("relative_need_share", first), column("notional_council_tax", first)
    allocation = {year: column("fair_funding_allocation", year) for year in YEARS}
    funding, rates = column("baseline_funding_level", first), column("business_rates_baseline", first)
    taken = sum(int(np.isfinite(values).sum()) for values in (need, tax, funding, rates, *allocation.values()))
    return Official(need, tax, allocation, funding, rates, taken)


def replaced(estimated: Floats, given: Floats, what: str, names: Sequence[str]) -> Floats:
    """Shares of England, (authority,): ``given`` where there are any, the rest by ``estimated`` shares.

    Where every authority is given, the given shares are scaled to one. SokeError where they are far from the whole,
    exceed it and leave others nothing, or where one is far from what is estimated: a unit or a code mistaken.
    """
    known = np.isfinite(given)
    if not known.any():
        return estimated
    odd = known & (estimated > 0) & ~((given > estimated / FAR) & (given < estimated * FAR))
    if odd.any():
        i = int(np.flatnonzero(odd)[0])
        times = given[i] / estimated[i]
        raise SokeError(
            f"The imported {what} of {names[i]} is {times:.3g} times what the last settlement implies.",
            "Check its unit and its code; if the workbook does say so, leave this authority out.",
        )
    total, rest = float(given[known].sum()), np.where(known, 0.0, estimated)
    whole = rest.sum() <= 0
    if total > 1.0 + (CLOSE if whole else 0.0) or (whole and total < 1.0 - CLOSE):
        raise SokeError(
            f"The imported {what} of {int(known.sum())} authorities is {total:.3f} times England's whole.",
            "Import the workbooks of one year and edition, all authorities of them.",
        )
    if whole:
        return np.asarray(np.where(known, given, 0.0) / total)
    return np.where(known, given, allocate(1.0 - total, rest).amounts)
