"""Which official workbook has the figures of a year that Soke does not ship: its name as its publisher gives it."""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib.resources import files

from soke.text import listed


@cache
def _workbooks() -> tuple[dict[str, str], ...]:
    text = files(__package__).joinpath("workbooks.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(text)))


def to_import(year: int) -> str:
    """What to do for the figures of a financial year: a sentence with the names of workbooks; "" where none is known.

    >>> to_import(2012)
    ''
    """
    here = [w for w in _workbooks() if int(w["first"]) <= year <= int(w["last"])]
    if not here:
        return ""
    books = listed([f"{w['file']} ({w['what']})" for w in here])
    return f"Import {books}: `soke data import FILE --to official`, then add --figures official."
