"""Tables of a deal file: what the check found, what its worked cases give, what differs from another deal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from soke.deal import evaluation
from soke.deal.diff import Change
from soke.deal.finding import Finding
from soke.deal.types import Deal
from soke.table import Answer, Column, Table
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


def worked_cases(deal: Deal) -> Answer:
    """One row a condition of a worked case: what its terms make it, and what the deal says it should be."""
    worked = [*evaluation.worked_cases(deal), *evaluation.cases_of_nothing(deal)]
    table = Table.of(
        "worked_cases",
        f"Worked cases of {deal.title}",
        (
            Column("case", "case"),
            Column("condition", "condition"),
            Column("given", "given"),
            Column("gives", "gives"),
            Column("says", "the deal says"),
            Column("verdict", "verdict"),
        ),
        [(w.case, w.condition, w.given, w.gives, w.says, "agrees" if w.agrees else "differs") for w in worked],
    )
    return Answer(table, {"deal": deal.id, "lines": len(worked), "differ": sum(not w.agrees for w in worked)})


def changes(found: Sequence[Change]) -> Table:
    """One row a difference between two deals: in words, its path in the file, and what it was and is."""
    columns = (
        Column("change", "change"), Column("path", "path", people=False), Column("before", "before", people=False),
        Column("after", "after", people=False),
    )  # fmt: skip
    return Table.of("changes", "What differs", columns, [(c.sentence, c.path, c.before, c.after) for c in found])
