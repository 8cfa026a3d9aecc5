"""A file of cuts by place: CSV, ``place,log_change``, a line a place, and ``default`` for those it does not name.

The change is that of a council's services a head over the whole of the cuts: -0.223 is a fall by a fifth.
"""

from __future__ import annotations

import csv
import math

from soke.deal.scenario import DEFAULT
from soke.deal.typed import Typed
from soke.england.places import places
from soke.errors import Location

HEADER = ["place", "log_change"]
MOST = 3.0  # either side of nought: a fall by 95 per cent


def cuts_by_place(content: bytes, shown: str, typed: Typed) -> dict[str, float]:
    """Log change by ONS code of an authority of today, and ``default``; a finding, with its line, for every fault."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        typed.find(Location(shown), "DV001", "The file is not UTF-8 text.", "Save the file as UTF-8.")
        return {}
    rows = csv.reader(text.splitlines())
    out: dict[str, float] = {}
    try:
        for number, row in enumerate(rows):
            at = Location(shown, rows.line_num)
            if number == 0 and [cell.strip() for cell in row] != HEADER:
                typed.find(at, "DV005", "The first line is not the header.", f"Write {','.join(HEADER)}.")
                return {}
            if number and any(cell.strip() for cell in row):
                _add(out, [cell.strip() for cell in row], at, typed)
    except csv.Error as error:
        typed.find(Location(shown, rows.line_num), "DV005", f"This is not CSV: {error}.", "Correct the line.")
        return {}
    gone = [code for code in places().codes if code not in out]
    if gone and DEFAULT not in out:
        fact = f"The file has no figure for {len(gone)} places, {places().name(gone[0])} ({gone[0]}) among them."
        typed.find(Location(shown), "DV003", fact, f"Add a line for them: {DEFAULT},0 if they are not cut.")
    return out


def _add(out: dict[str, float], row: list[str], at: Location, typed: Typed) -> None:
    """One line of the file, unless it is faulty."""
    if len(row) != len(HEADER):
        typed.find(at, "DV005", f"The line has {len(row)} cells, not 2.", "Write a place and its log change.")
        return
    code, said = row
    if code != DEFAULT and code not in places().codes:
        fact = f"No authority of today has the code {code[:40]!r}."
        typed.find(at, "DV005", fact, f"Give the ONS code of a district, borough or unitary, or {DEFAULT}.")
    elif code in out:
        typed.find(at, "DV004", f"{code} stands twice.", "Keep one line.")
    elif (change := _number(said)) is None:
        typed.find(at, "DV005", f"{said[:40]!r} is no number.", "Write a log change, such as -0.19.")
    elif abs(change) > MOST:
        fact = f"A log change cannot be {change:g}: it runs from -{MOST:g} to {MOST:g}."
        typed.find(at, "DV007", fact, "Write -0.19 for a fall by 17 per cent: the logarithm of 0.83.")
    else:
        out[code] = change


def _number(said: str) -> float | None:
    try:
        value = float(said)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
