"""The published regional accounts: every tax and spending function by region and year, with a residual line.

Source: Office for National Statistics, country and regional public sector finances; GBP million, cash.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from soke.england.tables import read_table
from soke.errors import SokeError
from soke.model.accounts.types import Side
from soke.text import financial_year

FIRST, LAST = 1999, 2023  # FYE2000 to FYE2024
DETAIL_FIRST, LOCAL_FIRST = 2019, 2008  # spending by sub-function, and by local government
UK, ENGLAND = "K02000001", "E92000001"
RECEIPTS = "Total Current Receipts (incl. North Sea Oil & Gas Revenues by geographic area)"
TME = "TME: Total managed expenditure"
IDENTIFIABLE = "identifiable: Total identifiable expenditure"


@dataclass(frozen=True, slots=True)
class LineSpec:
    """One row of ``lines.csv``: the publisher's line, and how it is counted."""

    id: str
    side: Side
    title: str
    core: bool  # one of the core taxes
    tax: bool  # a tax, as city studies count: no refunds, surplus, interest, rent or North Sea
    economy_key: str  # what shares it where it is earned; "" where it stays at home
    economy_share: float  # the part of it that moves there

    @property
    def residual(self) -> bool:
        return self.id.endswith("-residual")


@cache
def line_specs() -> tuple[LineSpec, ...]:
    text = files(__package__).joinpath("lines.csv").read_text(encoding="utf-8")
    specs = [
        LineSpec(r["id"], "revenue" if r["side"] == "revenue" else "spending", r["title"], r["core"] == "yes",
                 r["tax"] == "yes", r["economy_key"], float(r["economy_share"] or 0))
        for r in csv.DictReader(io.StringIO(text))
    ]  # fmt: skip
    residuals = (
        LineSpec("revenue-residual", "revenue", "Receipts in no published line", False, False, "", 0.0),
        LineSpec("spending-residual", "spending", "Spending in no published line", False, False, "", 0.0),
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
    return _lines(code, year)[spec.id]


@cache
def _lines(code: str, year: int) -> Mapping[str, float]:
    """Every line of a published account by id."""
    out: dict[str, float] = {}
    left = {"revenue": published(code, RECEIPTS, year), "spending": published(code, TME, year)}
    for spec in line_specs():
        if not spec.residual:
            name = spec.title if spec.side == "revenue" else f"TME: {spec.title}"
            out[spec.id] = published(code, name, year)
            left[spec.side] -= out[spec.id]
    return out | {f"{side}-residual": value for side, value in left.items()}


def uk_totals(year: int) -> Mapping[Side, float]:
    """All receipts and total managed expenditure of the United Kingdom in the regional accounts, GBP million cash."""
    return {"revenue": published(UK, RECEIPTS, year), "spending": published(UK, TME, year)}


@cache
def functions() -> Mapping[str, LineSpec]:
    """Spending lines by the publisher's function name, as the two analyses write it."""
    out = {spec.title: spec for spec in line_specs() if spec.side == "spending"}
    out["9. Education"] = out["9. Education (includes training)"]
    return out


@cache
def _subfunctions() -> Mapping[str, tuple[dict[str, str], ...]]:
    """Rows of spending by sub-function and sector, by line."""
    out: dict[str, tuple[dict[str, str], ...]] = {}
    for row in read_table("regional_subfunctions"):
        line = functions()[row["function"]].id
        out[line] = (*out.get(line, ()), row)
    return out


@cache
def _local(line: str) -> Mapping[str, Mapping[int, float]]:
    """Local government's part of a line, by region and year from 2008-09; GBP million."""
    return {
        row["code"]: {int(y): float(v) for y, v in row.items() if y.isdigit()}
        for row in read_table("local_government") if functions()[row["function"]].id == line
    }  # fmt: skip


def control(code: str, line: str, chosen: str, year: int) -> float:
    """What a region spends on a part of a line, GBP million: sub-functions and sectors that ``chosen`` names.

    ``chosen`` is one or more of ``SUBFUNCTION [WORDS][/SECTOR]`` joined by semicolons: ``7.A/CG``, ``10.1 incapacity``,
    ``*/LG``. Published from 2019-20; before, the parts of 2019-20 within local government and within the rest of the
    line, with local government's part of the year itself (of 2008-09 for earlier years).
    """
    rows = _rows(code, line, chosen)
    if year >= DETAIL_FIRST:
        return sum(float(r[str(year)]) for r in rows)
    spec = next(s for s in line_specs() if s.id == line)
    now, then = regional(code, spec, year), regional(code, spec, DETAIL_FIRST)
    local = _local(line).get(code, {})
    held = local.get(max(year, LOCAL_FIRST), 0.0)
    if year < LOCAL_FIRST:
        held *= now / regional(code, spec, LOCAL_FIRST)
    base = sum(float(r[str(DETAIL_FIRST)]) for r in _subfunctions()[line] if r["code"] == code and r["sector"] == "LG")
    ratio = {True: held / base if base else 0.0, False: (now - held) / (then - base) if then != base else 0.0}
    return sum(float(r[str(DETAIL_FIRST)]) * ratio[r["sector"] == "LG"] for r in rows)


@cache
def _rows(code: str, line: str, chosen: str) -> tuple[dict[str, str], ...]:
    """The published rows of a region that ``chosen`` names."""
    terms = [_term(term) for term in chosen.split(";")]
    return tuple(r for r in _subfunctions()[line] if r["code"] == code and any(_chosen(r, *term) for term in terms))


def _term(text: str) -> tuple[str, str, str]:
    what, _, sector = text.partition("/")
    number, _, words = what.partition(" ")
    return number, words, sector


def _chosen(row: dict[str, str], number: str, words: str, sector: str) -> bool:
    return (number == "*" or row["subfunction"].split(" ")[0] == number) and words in row["subfunction"] and (
        sector in ("", row["sector"]))  # fmt: skip


@cache
def regional_population(code: str, year: int) -> float:
    """People, as published with the regional accounts (mid-points of financial years)."""
    row = next(r for r in read_table("regional_population") if r["code"] == code)
    return float(row[str(year)])
