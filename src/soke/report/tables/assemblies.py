"""Tables of panels drawn by lot: quotas beside the pool, who was drawn, and what was checked of a draw."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from soke.community.assemblies.checking import Round
from soke.community.assemblies.feasibility import Feasibility, QuotaLine
from soke.community.assemblies.publication import Revealed
from soke.community.assemblies.record import CHANCES, read_statement
from soke.files import read_whole
from soke.table import Answer, Cell, Column, Table

LARGEST = 100_000_000  # bytes of a published file
QUOTAS = (
    Column("category", "category"), Column("value", "value"), Column("min_persons", "min", "count"),
    Column("max_persons", "max", "count"), Column("pool_persons", "in pool", "count"),
    Column("pool_percent", "of pool, %", "plain", digits=1), Column("panel_percent_range", "of panel, %"),
    Column("represented", "the pool has"),
    Column("smallest_chance_percent", "smallest chance, %", "plain", digits=2),
    Column("mean_chance_percent", "mean chance, %", "plain", digits=2),
)  # fmt: skip


def quotas(asked: Feasibility) -> Answer:
    """Each quota beside the pool, with the chances that the fairest lottery under all of them could give."""
    rows = [_quota(line, asked) for line in asked.lines]
    facts = {"feasible": asked.reasons is None, "panel_persons": asked.size, "pool_persons": asked.pool,
             "smallest_chance": asked.smallest_chance}  # fmt: skip
    return Answer(Table.of("panel_quotas", "", QUOTAS, rows, asked.sentence), facts)


def _quota(line: QuotaLine, asked: Feasibility) -> Sequence[Cell]:
    quota, size = line.quota, asked.size
    low, high = quota.least / size, min(quota.most, size) / size
    return (
        quota.category, quota.value, quota.least, quota.most, line.persons, 100 * (line.persons / asked.pool),
        f"{100 * low:.0f} to {100 * high:.0f}", line.represented, _percent(line.smallest_chance),
        _percent(line.mean_chance),
    )  # fmt: skip


def _percent(chance: float | None) -> float | None:
    return None if chance is None else 100 * chance


def panel_members(revealed: Revealed, *more: Table) -> Answer:
    """Who was drawn, with the values of each category of the quotas, and ``more`` tables beside it."""
    pool, members = revealed.members()
    columns = [Column("id", "id"), *(Column(category, category) for category in pool.categories)]
    number = revealed.drawn.number
    return Answer(
        Table.of("panel_members", f"Panel {number:03d} is drawn", columns, members), {"panel_number": number}, more
    )


def panel_chances(folder: Path) -> Table:
    """Of each person of a published lottery the chance to be drawn, 0 to 1; persons of a group have the same."""
    panels = read_statement(folder).panels
    path = folder / CHANCES
    rows = csv.DictReader(io.StringIO(read_whole(path, str(path), LARGEST).decode()))
    columns = (Column("id", "id"), Column("group", "group"), Column("chance", "chance", "share"))
    chances = [(row["id"], row["group"], int(row["panels"]) / panels) for row in rows]
    return Table.of("panel_chances", "The chance of each person of the pool", columns, chances)


def checks(rounds: Sequence[Round]) -> Answer:
    """What is claimed of a draw and of its replacements, each claim with whether it holds."""
    columns = (Column("round", "round", "count"), Column("holds", "holds"), Column("what", "what"))
    rows = [
        (turn, "yes" if holds else "no", what) for turn, each in enumerate(rounds) for what, holds in each.claims
    ]  # fmt: skip
    verified = not any(each.wrong for each in rounds)
    return Answer(Table.of("draw_checks", "What was checked of the draw", columns, rows), {"verified": verified})
