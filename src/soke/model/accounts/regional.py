"""The published regional accounts: every tax and spending function by region and year, with a residual line.

Source: Office for National Statistics, country and regional public sector finances; GBP million, cash.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from soke.england.tables import read_table
from soke.errors import SokeError
from soke.model.accounts.types import Side
from soke.text import financial_year

FIRST, LAST = 1999, 2023  # FYE2000 to FYE2024
UK, ENGLAND = "K02000001", "E92000001"
RECEIPTS = "Total Current Receipts (incl. North Sea Oil & Gas Revenues by geographic area)"
TME = "TME: Total managed expenditure"
IDENTIFIABLE = "identifiable: Total identifiable expenditure"
DISTRUSTED = {
    2020: "2020-21 is a year of Covid: receipts and spending are not typical.",
    2021: "2021-22 is a year of Covid: receipts and spending are not typical.",
    2022: "2022-23 carries unusual debt interest and energy support.",
}


@dataclass(frozen=True, slots=True)
class LineSpec:
    """One row of ``lines.csv``: the publisher's line and the keys that share it among places."""

    id: str
    side: Side
    title: str
    key: str
    workplace_key: str  # "" where residence and workplace do not differ
    core: bool  # one of the core taxes


@cache
def line_specs() -> tuple[LineSpec, ...]:
    text = files(__package__).joinpath("lines.csv").read_text(encoding="utf-8")
    specs = [
        LineSpec(r["id"], "revenue" if r["side"] == "revenue" else "spending", r["title"], r["key"],
                 r["workplace_key"], r["core"] == "yes")
        for r in csv.DictReader(io.StringIO(text))
    ]  # fmt: skip
    residuals = (
        LineSpec("revenue-residual", "revenue", "Receipts in no published line", "population", "", False),
        LineSpec("spending-residual", "spending", "Spending in no published line", "population", "", False),
    )
    return (*specs, *residuals)


@cache
def _published() -> dict[tuple[str, str], dict[str, str]]:
    rows = [*read_table("regional_revenue"), *read_table("regional_spending")]
    return {(r["code"], r["line"]): r for r in rows}


def published(code: str, line: str, year: int) -> float:
    """A published regional figure, GBP million; 0.0 where the publisher leaves the cell empty or has no such line."""
    row = _published().get((code, line))
    return float(row[str(year)]) if row and row[str(year)] else 0.0


def check_year(year: int) -> None:
    """Raises SokeError unless ``year`` is one of the 25 that the accounts cover."""
    if not FIRST <= year <= LAST:
        raise SokeError(
            f"There is no account for {financial_year(year)}.",
            f"Accounts run from {financial_year(FIRST)} to {financial_year(LAST)}; write the year as 2013-14.",
            code="bad-year",
        )


def regional(code: str, spec: LineSpec, year: int) -> float:
    """One line of one region's (or England's, or the UK's) published account, GBP million.

    A residual line is the published total less the published leaves, so that lines always sum to the total.
    """
    if spec.id == "revenue-residual":
        return published(code, RECEIPTS, year) - _leaves(code, "revenue", year)
    if spec.id == "spending-residual":
        return published(code, TME, year) - _leaves(code, "spending", year)
    return published(code, spec.title if spec.side == "revenue" else f"TME: {spec.title}", year)


def _leaves(code: str, side: Side, year: int) -> float:
    specs = [s for s in line_specs() if s.side == side and not s.id.endswith("-residual")]
    return sum(regional(code, s, year) for s in specs)


@cache
def regional_population(code: str, year: int) -> float:
    """People, as published with the regional accounts (mid-points of financial years)."""
    row = next(r for r in read_table("regional_population") if r["code"] == code)
    return float(row[str(year)])
