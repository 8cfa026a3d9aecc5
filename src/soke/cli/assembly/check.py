"""``soke assembly check``: can the quotas be kept, and what chance do they leave to whom?"""

from __future__ import annotations

from pathlib import Path

import typer

from soke.cli.assembly.shared import HOUSEHOLD, ID, PER_HOUSEHOLD, POOL, QUOTAS
from soke.cli.output import CSV_OPTION, JSON_OPTION, say, show, told_while
from soke.community.assemblies.feasibility import feasibility
from soke.community.assemblies.pool import household_limit, read_files
from soke.report.tables import assemblies


def check(
    pool: Path = POOL,
    quotas: Path = QUOTAS,
    size: int = typer.Option(..., "--size", help="How many people the panel has."),
    id_column: str = ID,
    household: list[str] = HOUSEHOLD,
    per_household: int = PER_HOUSEHOLD,
    as_json: bool = JSON_OPTION,
    as_csv: bool = CSV_OPTION,
) -> None:
    """Can the quotas be kept, and what chance do they leave to whom?

    A table of the quotas beside the pool: who came forward too seldom or too often, and the smallest and the mean
    chance that the fairest lottery could give to people of each value.

    Exit status 0 when a panel keeps the quotas, 2 when none does, with the reason and the smallest change.

    Example: soke assembly check pool.csv quotas.csv --size 20
    """
    people, wanted = read_files(pool, quotas, id_column, household, say)
    with told_while() as tell:
        asked = feasibility(people, wanted, size, household_limit(household, per_household), tell)
    if asked.reasons is None or as_json or as_csv:
        show(assemblies.quotas(asked), as_json=as_json, as_csv=as_csv)
    if asked.reasons is not None:
        raise asked.reasons.error()
