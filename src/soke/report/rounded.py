"""Figures that are rounded one by one: whether what is printed adds up, and the note where it does not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from soke.table import Cell, Column, Table
from soke.text import MINUS

NOTE = "Figures are rounded one by one, so that parts may not add up to their sum in the last digit."
SCALES = {"bn": 1e9, "m": 1e6, "": 1.0, "p": 0.01}
_FIGURE = re.compile(rf"([-+{MINUS}]?)£?(\d[\d,]*)(?:\.(\d+))?(bn|m|p|)")


def read(said: str) -> tuple[float, float]:
    """What a printed figure says, and one in its last digit; noughts where there is none.

    >>> read("−£1.2bn over")
    (-1200000000.0, 100000000.0)
    """
    found = _FIGURE.search(said)
    if found is None:
        return 0.0, 0.0
    sign, whole, decimals, scale = found.groups("")
    step = SCALES[scale] * 10.0 ** -len(decimals)
    return int(f"{'-' if sign in ('-', MINUS) and sign else ''}{whole.replace(',', '')}{decimals}") * step, step


def apart(parts: Iterable[str], whole: str) -> bool:
    """Whether printed parts do not add up to the printed whole, by more than half of its last digit.

    >>> apart(["£72m", "£3.5m"], "£76m"), apart(["£0.4m", "£0.4m"], "£0.9m")
    (False, True)
    """
    return _differ([read(part)[0] for part in parts], whole)


def _differ(values: Iterable[float], whole: str) -> bool:
    value, step = read(whole)
    return abs(sum(values) - value) > step * (0.5 + 1e-6)


Sum = tuple[Mapping[int, int], int]  # rows, or places in a row, that add up, each with its sign, and that of their sum


def noted(table: Table, keys: Sequence[str], sums: Sequence[Sum]) -> Table:
    """The table, with the note where people would add up in vain: down each of the columns ``keys``, by rows."""
    columns = [next(c for c in table.columns if c.key == key) for key in keys]
    said = [_said(column, table.column(column.key)) for column in columns]
    return _with_note(table, any(_apart(cells, one) for cells in said for one in sums))


def noted_across(table: Table, keys: Sequence[str], one: Sum) -> Table:
    """The same along each row, by the places of the columns ``keys``."""
    columns = [next(c for c in table.columns if c.key == key) for key in keys]
    said = zip(*(_said(column, table.column(column.key)) for column in columns), strict=True)
    return _with_note(table, any(_apart(cells, one) for cells in said))


def _said(column: Column, cells: Sequence[Cell]) -> list[str]:
    return [column.said(cell) if isinstance(cell, int | float) else "" for cell in cells]


def _apart(cells: Sequence[str], one: Sum) -> bool:
    """Whether what is printed does not add up; where a figure is missing, nothing is to be added up."""
    signed, whole = one
    if not all(cells[k] for k in (*signed, whole)):
        return False
    return _differ([sign * read(cells[k])[0] for k, sign in signed.items()], cells[whole])


def _with_note(table: Table, shown: bool) -> Table:
    return replace(table, notes=(*table.notes, NOTE)) if shown and NOTE not in table.notes else table
