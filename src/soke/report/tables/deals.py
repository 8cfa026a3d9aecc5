"""Tables of a file that was checked: a deal, the case of an asset, a delivery agreement."""

from __future__ import annotations

from collections.abc import Iterable

from soke.deal.finding import Finding
from soke.table import Column, Table
from soke.text import counted


def findings(found: Iterable[Finding]) -> Table:
    """One row a finding: where, its code, what is so and what to do."""
    rows = [
        (str(one.at), one.code, one.severity, one.fact, one.fix, one.at.file, one.at.line, one.at.column)
        for one in found
    ]
    return Table.of(
        "findings",
        "What the check of the deal file found",
        (
            Column("at", "Where"),
            Column("code", "Code"),
            Column("severity", "Severity"),
            Column("fact", "What is so"),
            Column("fix", "What to do"),
            Column("file", "File", people=False),
            Column("line", "Line", "count", people=False),
            Column("column", "Column", "count", people=False),
        ),
        rows,
        f"soke explain CODE says why each matters. {counted(len(rows), 'finding')}.",
    )
