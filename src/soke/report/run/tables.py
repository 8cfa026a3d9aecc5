"""Every table of a run's report, in the order of the page: what the page, the CSV files and the workbook all show."""

from __future__ import annotations

from collections.abc import Callable

from soke.model.accounts.history import history_notes
from soke.report.contents import RunReport
from soke.report.tables.account import account_base_year, account_history, account_lines, account_totals
from soke.report.tables.back_test import of_the_package
from soke.report.tables.conditions import bidding, conditions, conditions_by_year
from soke.report.tables.deals import findings
from soke.report.tables.difference import components, drivers, fan_years, four_numbers, four_years, levels, must_believe
from soke.report.tables.first_screen import funnel_steps, waterfall_parts
from soke.report.tables.for_england import cuts_again, for_england
from soke.report.tables.funding import funding_by_class, funding_by_year, funding_notes, keep_by_tier
from soke.report.tables.jobs import around, job_quality, jobs_made, value_of_a_job, work_here
from soke.report.tables.places import by_class, by_region, every_place, flows
from soke.report.tables.record import (
    assumptions,
    burden,
    clauses,
    failures,
    funds,
    layers,
    limits,
    readiness,
    sources,
    who_answers,
)
from soke.report.tables.scoreboard import not_reproduced, reproduced
from soke.report.tables.value import break_even, care, loop, luck, not_known, switching, two_ledgers, worth
from soke.table import Table

TABLES: tuple[Callable[[RunReport], Table], ...] = (
    four_numbers,
    waterfall_parts,
    fan_years,
    funnel_steps,
    not_known,
    luck,
    two_ledgers,
    worth,
    switching,
    loop,
    care,
    break_even,
    for_england,
    cuts_again,
    must_believe,
    components,
    four_years,
    levels,
    keep_by_tier,
    funding_by_year,
    funding_by_class,
    funding_notes,
    conditions,
    conditions_by_year,
    bidding,
    jobs_made,
    around,
    value_of_a_job,
    job_quality,
    work_here,
    by_class,
    by_region,
    every_place,
    drivers,
    lambda report: findings(report.findings),
    burden,
    layers,
    who_answers,
    readiness,
    clauses,
    funds,
    assumptions,
    limits,
    failures,
    lambda report: account_base_year(report.base_year),
    lambda report: account_lines(report.account),
    lambda report: account_totals(report.account),
    lambda report: account_history(report.history, report.account.name, report.account.place, history_notes()),
    flows,
    sources,
)
OF_THE_PACKAGE = (reproduced, not_reproduced, of_the_package)  # as they are shipped, whatever the run


def all_tables(report: RunReport) -> dict[str, Table]:
    """Tables by id, which is also the name of the file."""
    made = [*(make(report) for make in TABLES), *(make() for make in OF_THE_PACKAGE)]
    return {table.id: table for table in made}
