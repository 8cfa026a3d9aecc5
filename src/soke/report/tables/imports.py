"""Table of an import: what official workbooks give, beside what stands there now."""

from __future__ import annotations

from collections.abc import Iterable

from soke.england.official.summary import Change
from soke.table import Column, Table
from soke.text import financial_year

COLUMNS = (
    Column("workbook", "workbook", people=False), Column("variable", "figure"), Column("year", "year"),
    Column("unit", "unit"), Column("authorities", "of", "count"), Column("how", ""),
    Column("figure", "new", "plain", digits=1), Column("now", "stands there now", missing=""),
    Column("authorities_in_both", "in both", "count", people=False),
    Column("figure_in_both", "of those in both", "plain", digits=1, missing=""),
    Column("figure_now", "now", "plain", digits=1, missing=""),
    Column("change_share", "change", "share-change", missing=""),
    Column("layout", "layout"),
)  # fmt: skip


def imports(changes: Iterable[Change]) -> Table:
    """A row a variable and year. The change is over the authorities that both have."""
    rows = [
        (c.workbook, c.variable, financial_year(c.year), c.unit, c.authorities, c.how, c.figure, c.now, c.both, c.over,
         c.before, c.over / c.before - 1 if c.over is not None and c.before else None,
         "unverified" if c.unverified else "seen")
        for c in changes
    ]  # fmt: skip
    return Table.of("imports", "What the workbooks give", COLUMNS, rows)
