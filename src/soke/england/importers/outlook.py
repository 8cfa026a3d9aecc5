"""The outlook of the United Kingdom: what is raised and spent in all, in years that no regional account covers yet.

A head is one of the three totals, ``receipts``, ``spending`` and ``borrowing``, or the id of a line of the accounts.
"""

from __future__ import annotations

from pathlib import Path

from soke.england.importers import tidy
from soke.england.importers.tidy import number, table
from soke.errors import SokeError
from soke.text import labelled_year

FILE = "measured/outlook_uk_totals.csv"
SOURCE = "ons-uk-finances"
TOTALS = {
    "public sector current receipts": "receipts",
    "total managed expenditure": "spending",
    "public sector net borrowing": "borrowing",
}
ROUNDING = 100.0  # GBP million: totals are published to the nearest hundred million


def outlook(source: Path) -> str:
    """``outlook.csv``: GBP million of the United Kingdom, cash, by year and head, each with the source's own words.

    SokeError for a unit that is none, a year that is none, a head twice in a year, and totals that do not add up.
    """
    found: dict[tuple[str, str], tuple[float, tidy.Row]] = {}
    for row in tidy.rows(source, FILE):
        key = row["year"], TOTALS.get(row["line"], row["line"])
        if row["unit"] != "GBP million" or labelled_year(row["year"]) is None or key in found:
            raise _fault(source, f"{key[1]} of {key[0]} has another unit, no financial year, or stands there twice.")
        found[key] = float(row["value"]), row
    _add_up(source, {key: value for key, (value, _) in found.items()})
    body = [
        [year, head, number(value, 3), SOURCE, row["grade"], row["source"]]
        for (year, head), (value, row) in sorted(found.items())
    ]
    return table(["year", "head", "gbp_million", "source", "grade", "note"], body)


def _add_up(source: Path, found: dict[tuple[str, str], float]) -> None:
    """Borrowing is spending less receipts, in every year that gives all three."""
    for year in sorted({year for year, _ in found}):
        values = [found.get((year, head)) for head in ("receipts", "spending", "borrowing")]
        if None not in values:
            receipts, spending, borrowing = (value for value in values if value is not None)
            if abs(spending - receipts - borrowing) > ROUNDING:
                raise _fault(source, f"the borrowing of {year} is not its spending less its receipts.")


def _fault(source: Path, fact: str) -> SokeError:
    return SokeError(f"{FILE}: {fact}", "Correct the row.", str(source))
