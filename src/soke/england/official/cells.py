"""What a cell of a workbook says: a number, that there is none, or something else."""

from __future__ import annotations

import re
import unicodedata

from soke.england.official.ods import Cell
from soke.text import MINUS

NOT_PUBLISHED = ("[x]", "[z]", "[c]", "[u]", "[low]", "[not available]", "..", "...", "-", ":", "n/a")
NUMBER = re.compile(r"[-+]?(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.\d*)?([eE][-+]?\d{1,2})?", re.ASCII)
NOUGHT = "0"  # some official cells hold it as a text


def unpublished(cell: str) -> bool:
    """Whether a cell says that there is no figure: empty, a dash of any kind, dots, or a mark in brackets."""
    text = unicodedata.normalize("NFKC", cell).strip().casefold()
    return text in ("", *NOT_PUBLISHED) or all(unicodedata.category(c) == "Pd" or c == MINUS for c in text)


def value(cell: Cell, typed: bool) -> float | None:
    """A number; None for anything else. A text that looks like a number is one only in a file that has texts alone."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, float):
        return cell
    if isinstance(cell, str) and (cell == NOUGHT or (not typed and NUMBER.fullmatch(cell))):
        return float(cell.replace(",", ""))
    return None
