"""Findings as a table: of a deal, of the case of an asset, of a delivery agreement."""

from __future__ import annotations

from collections.abc import Iterable

from soke.cli.output import Column
from soke.deal.finding import Finding
from soke.table import Cell

FINDINGS = (
    Column("file", "file"),
    Column("line", "line", 0),
    Column("column", "column", 0),
    Column("code", "code"),
    Column("severity", "severity"),
    Column("fact", "fact"),
    Column("fix", "fix"),
)


def finding_rows(findings: Iterable[Finding]) -> list[dict[str, Cell]]:
    return [
        {"file": one.at.file, "line": one.at.line, "column": one.at.column, "code": one.code,
         "severity": one.severity, "fact": one.fact, "fix": one.fix} for one in findings
    ]  # fmt: skip
