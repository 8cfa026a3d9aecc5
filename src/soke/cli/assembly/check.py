"""``soke assembly check``: can the quotas be kept, and what chance do they leave to whom?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import typer

from soke.cli.assembly.inputs import HOUSEHOLD, ID, PER_HOUSEHOLD, POOL, QUOTAS, households, inputs
from soke.cli.output import CSV_OPTION, JSON_OPTION, Column, emit
from soke.community.assemblies.ceiling import ceiling
from soke.community.assemblies.infeasible import explain
from soke.community.assemblies.making import in_order
from soke.community.assemblies.pool import Pool, Quota
from soke.community.assemblies.record import NO_CHANCE
from soke.community.assemblies.types import types_of
from soke.table import Cell

COLUMNS = (
    Column("category", "category"), Column("value", "value"), Column("min", "min", 0), Column("max", "max", 0),
    Column("in_pool", "in pool", 0), Column("pool_share", "of pool, %", 1), Column("panel_share", "of panel, %"),
    Column("represented", "the pool has"), Column("smallest_chance", "smallest chance, %", 2),
    Column("mean_chance", "mean chance, %", 2),
)  # fmt: skip


def check(
    pool: Path = POOL,
    quotas: Path = QUOTAS,
    size: int = typer.Option(..., "--size", help="How many people the panel has."),
    id_column: str = ID,
    household: str = HOUSEHOLD,
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
    people, wanted = inputs(pool, quotas, id_column, household)
    people, at_most = in_order(people), households(household, per_household)
    reasons = explain(people, wanted, size, at_most)
    chances = None if reasons else _chances(people, wanted, size, at_most)
    rows = [_row(people, quota, size, chances) for quota in wanted]
    smallest = None if chances is None else float(chances.min())
    extra = {"feasible": reasons is None, "size": size, "pool": len(people), "smallest_chance": smallest}
    if reasons is None or as_json or as_csv:
        notes = [] if chances is None else [_in_short(people, size, chances)]
        emit(rows, COLUMNS, as_json=as_json, as_csv=as_csv, extra=extra, notes=notes)
    if reasons is not None:
        raise reasons.error()


def _in_short(pool: Pool, size: int, chances: np.ndarray) -> str:
    never = int((chances <= NO_CHANCE).sum())
    others = float(chances[chances > NO_CHANCE].min())
    return (
        f"A panel of {size} from {len(pool):,} people can keep the quotas. "
        + (f"{never:,} people fit no such panel; of the others no" if never else "No")
        + f" lottery can give the least favoured more than {others:.2%}; all alike would be {size / len(pool):.2%}."
    )


def _chances(pool: Pool, quotas: tuple[Quota, ...], size: int, at_most: int) -> np.ndarray | None:
    """The bound on the chance of each person, by row."""
    types = types_of(pool, quotas, size, at_most)
    highest = ceiling(types.polytope)
    if highest is None:
        return None
    of_person = types.of_person
    return np.array([highest.levels[of_person[row]] for row in range(len(pool))])


def _row(pool: Pool, quota: Quota, size: int, chances: np.ndarray | None) -> dict[str, Cell]:
    place = pool.categories.index(quota.category)
    rows = [row for row, values in enumerate(pool.values) if values[place] == quota.value]
    share = len(rows) / len(pool)
    low, high = quota.least / size, min(quota.most, size) / size
    verdict = "too few" if share < low else "too many" if share > high else "enough"
    there = bool(rows) and chances is not None
    return {
        "category": quota.category, "value": quota.value, "min": quota.least, "max": quota.most, "in_pool": len(rows),
        "pool_share": 100 * share, "panel_share": f"{100 * low:.0f} to {100 * high:.0f}", "represented": verdict,
        "smallest_chance": 100 * float(chances[rows].min()) if there and chances is not None else None,
        "mean_chance": 100 * float(chances[rows].mean()) if there and chances is not None else None,
    }  # fmt: skip
