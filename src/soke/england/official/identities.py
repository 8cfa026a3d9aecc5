"""What must hold between the figures of one authority, and between the rows of a table: checked before any is taken.

``identities.csv`` says which sums and quotients hold in which sheet, and in how many rows of the real file they did.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

from soke.england.official.bodies import GLA, name_of
from soke.england.official.layouts import Layout
from soke.errors import SokeError
from soke.text import listed

Amounts = Mapping[tuple[str, int], Mapping[str, float]]  # by code and year: amounts by variable
PENNY, PART, WRONG = 0.02, 0.0005, 0.01  # GBP, or share: what rounding may do; share beyond which one row is an error
MANY = 0.02  # share of the rows that may be out by less than that: said, not refused
NEAR = 0.05  # GBP a year: two authorities may print one precept with other pence
FALLS = 0.5  # share of authorities whose tax falls: it never did for more than one in eight
FEWEST = 10  # rows that show what a table holds
APART = "Rows, columns, years or units may have moved against each other: download the workbook again."


@cache
def identities() -> tuple[dict[str, str], ...]:
    """The rows of ``identities.csv``."""
    text = files(__package__).joinpath("identities.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(text)))


def hold(layout: Layout, records: Amounts, given: Iterable[str], where: str) -> list[str]:
    """Notes of rows in which an identity does not hold to the penny. ``given``: the variables that have a column.

    SokeError where one is out by more than one in a hundred, or many by less.
    """
    notes: list[str] = []
    for row in identities():
        if (row["kind"], row["sheet"]) == (layout.kind, layout.sheet):
            notes += _holds(row["identity"], records, set(given), where)
    return notes


def _holds(identity: str, records: Amounts, given: set[str], where: str) -> list[str]:
    left, whole = (side.strip() for side in identity.split(" = "))
    parts = [p.strip() for p in re.split(r" [+/] ", left)]
    if whole not in given or (" / " in left and not set(parts) <= given) or len(given & set(parts)) < 2:
        return []
    out: list[tuple[float, str, float, float]] = []
    rows = 0
    for (code, _), record in records.items():
        needed = [p for p in parts if p in given]
        if whole not in record or not set(needed) <= set(record) or (code == GLA and " / " in left):
            continue
        values = [record[p] for p in needed]
        if " / " in left and not values[1]:
            continue
        made = values[0] / values[1] if " / " in left else sum(values)
        rows += 1
        if abs(made - record[whole]) > max(PENNY, PART * abs(record[whole])):
            out.append((abs(made - record[whole]) / max(abs(record[whole]), 1.0), code, made, record[whole]))
    if not out:
        return []
    worst, code, made, said = max(out)
    fact = f"{left} = {whole} does not hold in {len(out)} of {rows} rows: for {name_of(code)} ({code}) it gives "
    fact += f"{made:,.2f}, and the table says {said:,.2f}."
    if worst > WRONG or len(out) > MANY * rows:
        raise SokeError(fact, APART, where)
    return [fact]


def classes(sums: Mapping[str, Mapping[str, float]], totals: Mapping[str, Mapping[str, float]], where: str) -> int:
    """How many sums of a class of authorities agree with the table's own row; ``sums`` and ``totals`` by class and
    variable. SokeError where one does not."""
    agree = 0
    for name, own in totals.items():
        for variable, total in own.items():
            made = sums.get(name, {}).get(variable)
            if made is None:
                continue
            if abs(made - total) > max(1.0, PART * abs(total)):
                fact = f"{variable} of the class {name} sums to {made:,.1f}, and the table's own row says {total:,.1f}."
                raise SokeError(fact, APART, where)
            agree += 1
    return agree


def falls(now_before: Sequence[tuple[float, float]], variable: str, where: str) -> None:
    """SokeError where a tax falls for most: then the columns of the two years have changed places."""
    down = sum(now < before - PENNY for now, before in now_before)
    if len(now_before) >= FEWEST and down > FALLS * len(now_before):
        fact = f"{variable} is lower than the year before for {down} of {len(now_before)} authorities"
        raise SokeError(f"{fact}: it never was for so many.", "The columns of two years may be swapped.", where)


def levied(charges: Mapping[str, Mapping[str, float]], levies: Iterable[float], where: str) -> None:
    """Whether each precept that a billing authority charges (``charges``: by code and variable) is somebody's.

    SokeError where it is nobody's: then a precepting authority is missing, or its figure stands against another.
    """
    known = sorted(levies)
    if not known:
        return
    lost: dict[tuple[str, float], list[str]] = {}
    for code, record in charges.items():
        for variable, value in record.items():
            if value and not any(abs(value - levy) <= NEAR for levy in known):
                lost.setdefault((variable, round(value, 2)), []).append(code)
    if lost:
        (variable, value), codes = max(lost.items(), key=lambda item: len(item[1]))
        who = listed([name_of(c) for c in codes[:3]]) + (" and others" if len(codes) > 3 else "")
        fact = f"{variable} of {value:,.2f} is charged in {who}, and no precepting authority has that Band D"
        more = f"; {len(lost) - 1} more like it" if len(lost) > 1 else ""
        raise SokeError(f"{fact}{more}.", "A precepting authority may be missing, or its row moved.", where)
