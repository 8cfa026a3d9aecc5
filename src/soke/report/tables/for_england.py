"""Tables of what a deal does for England, and of what a cut as in the 2010s would take from this place."""

from __future__ import annotations

from soke.report import facts
from soke.report.contents import RunReport
from soke.report.spread import change
from soke.report.tables.value import YEAR, spread_cells, year_cells
from soke.table import Cell, Column, Table

OF_ENGLAND = ("england_output", "exchequer", "england_jobs")


def for_england(report: RunReport) -> Table:
    """What the deal changes for England: output, the Exchequer, jobs; net of what others lose."""
    rows: list[tuple[Cell, ...]] = []
    for name in OF_ENGLAND:
        if series := report.series(name):
            jobs = series.unit == "jobs"
            for year in report.marked_years():
                if found := change(report, year, name):
                    unit = "jobs" if jobs else "£m a year"
                    rows.append((series.title, unit, *year_cells(report, year), *spread_cells(found), found.below))
    return Table.of(
        "for_england",
        "What the deal changes for England, net of what others lose and of what paying for it crowds out",
        (
            Column("what", "What"),
            Column("unit", "Unit"),
            *YEAR,
            Column("p10", "10th", "plain-change"),
            Column("p50", "Median", "plain-change"),
            Column("p90", "90th", "plain-change"),
            Column("chance_below_zero", "Chance below zero", "share"),
        ),
        rows,
    )


def cuts_again(report: RunReport) -> Table:
    """What councils' services a head would lose over seven years if the 2010s came again."""
    found = facts.cuts_again(report)
    rows: list[tuple[Cell, ...]] = [] if found is None else [
        ("This place, as it was", found.as_was),
        ("This place, by how poor it is", found.rule),
        ("England, as it was", found.england),
    ]  # fmt: skip
    return Table.of(
        "cuts_again",
        "If the 2010s came again: what councils’ services a head would lose over seven years",
        (Column("what", "What"), Column("lost_share", "Lost", "share")),
        rows,
        "From 2010-11 to 2017-18, net of inflation; without schools, public health, police and fire. The rule is a line"
        " through 296 places by deprivation. No run has this in it unless its scenario cuts services.",
    )
