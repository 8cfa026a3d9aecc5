"""The compiled tables of published figures that the package ships; ``soke data build`` writes them."""

from __future__ import annotations

import csv
import io
from importlib.resources import files


def read_text(name: str) -> str:
    """The text of one compiled table, ``places`` for ``places.csv``."""
    return files(__package__).joinpath(f"{name}.csv").read_text(encoding="utf-8")


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of one compiled table."""
    header, *rows = csv.reader(io.StringIO(read_text(name)))
    return [dict(zip(header, row, strict=True)) for row in rows]
