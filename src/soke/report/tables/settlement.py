"""Tables of the settlement: figures by authority beside what was published, and the dated figures of the rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from soke.model.funding.dated import NO_LIMIT, OPEN_END, rules, span
from soke.model.funding.settlement_figures import MILLION, TITLES, AuthoritySettlement, Figure, SettlementByRule
from soke.table import WORDS, Cell, Column, Table
from soke.text import NO_FIGURE, financial_year

_KEYS = {"GBP million": "gbp_million_cash", "GBP": "gbp_cash", "Band D dwellings": "band_d_dwellings"}
_UNITS = {"tax_base": "Band D dwellings", "band_d": "GBP"}  # all other columns are GBP million
# what a table prints as the whole stands beside the sum of its parts, which has a published figure too
_NAMES = {"core_spending_power_published": "core_spending_power_as_published"}
_COLUMNS = {c: _NAMES.get(c, c) for c in TITLES if c != "baseline_before"}  # column -> its name in keys
_FUNDING = ("sfa", "baseline_funding", "under_indexation", "revenue_support_grant")


def settlement(settled: SettlementByRule, area: str = "") -> Table:
    """One row an authority, GBP million cash unless the key says otherwise: each figure, how it was found, what was
    published, its grade. ``area``: what a last row of sums is called, none where empty."""
    rows = [_row(a) for a in settled.authorities]
    if area and len(rows) > 1:
        rows.append(_total(settled, area))
    columns = [Column("place_code", "Code"), Column("name", "Authority"), Column("kind", "Kind"),
               Column("year", "Year"), Column("unit", "Unit")]  # fmt: skip
    for column, name in _COLUMNS.items():
        columns += [
            Column(_key(column), TITLES[column], "money"), Column(f"{name}_how", f"{TITLES[column]}: how"),
            Column(_key(column, "_published"), f"{TITLES[column]}, published", "money"),
            Column(f"{name}_grade", f"{TITLES[column]}: grade", "grade"),
        ]  # fmt: skip
    columns.append(Column("largest_difference_gbp_million_cash", "Largest gap to published, £m", "change"))
    return Table.of("settlement", f"Settlement {financial_year(settled.year)}, cash", columns, rows, *settled.notes)


def _key(column: str, said: str = "") -> str:
    """``sfa_gbp_million_cash``; of what was published, ``sfa_published_gbp_million_cash``."""
    return f"{_COLUMNS[column]}{said}_{_KEYS[_UNITS.get(column, MILLION)]}"


def _row(a: AuthoritySettlement) -> dict[str, Cell]:
    row: dict[str, Cell] = {"place_code": a.code, "name": a.name, "kind": a.kind, "year": financial_year(a.year),
                            "unit": MILLION}  # fmt: skip
    for column, name in _COLUMNS.items():
        figure = a.figures.get(column)
        row[_key(column)] = None if figure is None else figure.value
        row[f"{name}_how"] = None if figure is None else "by rule" if figure.how == "rule" else "as published"
        row[_key(column, "_published")] = None if figure is None else figure.published
        row[f"{name}_grade"] = None if figure is None else figure.grade
    row["largest_difference_gbp_million_cash"] = _largest(a.figures.values())
    return row


def _largest(figures: Iterable[Figure]) -> float | None:
    gaps = [f.difference for f in figures if f.difference is not None and f.column in _FUNDING]
    return max(gaps, key=abs) if gaps else None


def _total(settled: SettlementByRule, area: str) -> dict[str, Cell]:
    row: dict[str, Cell] = {
        "place_code": None, "name": f"{area}, total", "kind": "total", "year": financial_year(settled.year),
        "unit": MILLION,
    }  # fmt: skip
    for column, name in _COLUMNS.items():
        # Band D is no sum, and a tax base counts each home once: a precepting authority's is over the same homes.
        summed = None if column in _UNITS else settled.total(column)
        row[_key(column)] = summed
        row[f"{name}_how"] = None if summed is None else "sum"
        row[f"{name}_grade"] = None if summed is None else "derived"
    row["largest_difference_gbp_million_cash"] = max(
        (g for a in settled.authorities if (g := _largest(a.figures.values())) is not None), key=abs, default=None
    )
    return row


# What people read: the few columns that say something


def _money(key: str, title: str) -> Column:
    return Column(f"{key}_gbp_million_cash", title, "money", digits=3)


_TABLE_9 = (
    _money("requirement", "council tax, Table 9 £m"),
    _money("precept", "precept, Table 9 £m"),
)
FUNDED = (
    Column("name", "authority"),
    _money("sfa", "settlement funding £m"),
    _money("baseline_funding", "baseline £m"),
    _money("revenue_support_grant", "RSG £m"),
    Column("revenue_support_grant_how", "RSG is"),
    _money("negative_grant", "negative RSG paid off £m"),
    _money("under_indexation", "under-indexation £m"),
    _money("council_tax", "council tax £m"),
    _money("new_homes_bonus", "New Homes Bonus £m"),
    _money("core_spending_power", "core spending power £m"),
    *_TABLE_9,
    _money("fair_funding_allocation", "fair funding allocation £m"),
    _money("core_spending_power_as_published", "core spending power, published £m"),
    _money("largest_difference", "largest gap to published £m"),
)
TAX_ONLY = (
    Column("name", "authority"),
    Column("tax_base_band_d_dwellings", "tax base", "plain", digits=1),
    Column("band_d_gbp_cash", "Band D £", "pounds", digits=2),
    _money("requirement", "requirement £m"),
    _money("parish_precepts", "parishes £m"),
    _money("precept", "precept £m"),
)


def in_short(table: Table) -> Table:
    """The rows and columns of a settlement that say something; council tax alone where nobody has funding. Figures
    that would print as minus nought are nought."""
    keys = [_key(column) for column in (*_FUNDING, "fair_funding_allocation")]
    funded = table.where(lambda row: any(row[key] is not None for key in keys))
    shown = funded if len(funded) else table
    wanted = FUNDED if len(funded) else TAX_ONLY
    columns = [column for column in wanted if any(value is not None for value in shown.column(column.key))]
    if any(column.key == _key("council_tax") for column in columns):
        columns = [column for column in columns if column not in _TABLE_9]  # the same money once
    short = shown.showing(*columns)
    return replace(short, rows=tuple(tuple(map(_said, short.columns, row)) for row in short.rows))


def _said(column: Column, cell: Cell) -> Cell:
    if isinstance(cell, float):
        return round(cell, 3) + 0.0
    return NO_FIGURE if cell is None and column.kind in WORDS else cell


def parameters() -> Table:
    """Every dated figure of the rules, with who it is for, its years, grade and source."""
    return Table.of(
        "rule_parameters",
        "Dated figures of the rules",
        (
            Column("id", "parameter"),
            Column("who", "who"),
            Column("years", "years"),
            Column("value", "value"),
            Column("unit", "unit"),
            Column("grade", "grade", "grade"),
            Column("source", "source"),
            Column("first_year", "first year", people=False),
            Column("last_year", "last year", people=False),
            Column("note", "note", people=False),
        ),
        [
            (r.id, r.who, span(r.first, r.last), "none" if r.value == NO_LIMIT else str(r.value), r.unit, r.grade,
             r.source, financial_year(r.first), None if r.last == OPEN_END else financial_year(r.last), r.note)
            for held in rules().rows.values() for r in held
        ],
    )  # fmt: skip
