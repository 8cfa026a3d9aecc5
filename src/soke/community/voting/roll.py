"""The published roll: every ballot of a round, by its random number, for every voter to find their own in.

A line is the number of the ballot, its nonce, and the choice; in a round with codes of districts also the district.
The **commitment** that a receipt carries is

    SHA-256("soke ballot" LF round LF number LF nonce LF ids with commas LF points with commas LF)

and, for a ballot that was cast with a code of a district, the name of that district and LF after these.

The nonce is 16 random bytes which nobody sees before the roll is published: until then a receipt tells nobody what was
chosen. From then on it does, to whoever holds both: that is the price of a receipt that finds its ballot.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from soke.community.voting.paper import Ballot
from soke.community.voting.table import read_table
from soke.errors import Location, SokeError

COLUMNS = ("ballot", "nonce", "for", "points")
DISTRICT = "district"  # a column where any ballot is of one
_HEX = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class RollLine:
    """``number`` and ``nonce``: 16 bytes each, in hexadecimal."""

    number: str
    nonce: str
    chosen: tuple[str, ...]
    points: tuple[int, ...] = ()
    district: str = ""


def line_of(number: bytes, nonce: bytes, ballot: Ballot) -> RollLine:
    """The line of a ballot as it lies in its slot."""
    return RollLine(number.hex(), nonce.hex(), ballot.chosen, ballot.points, ballot.district)


def commitment(round_name: str, line: RollLine) -> str:
    """What a receipt says of a ballot, in hexadecimal."""
    points = ",".join(map(str, line.points))
    parts = ["soke ballot", round_name, line.number, line.nonce, ",".join(line.chosen), points]
    parts += [line.district, ""] if line.district else [""]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def write_roll(lines: Iterable[RollLine]) -> bytes:
    """The roll as CSV, by the numbers of the ballots, which are random."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    ordered = sorted(lines, key=lambda one: one.number)
    of_districts = any(line.district for line in ordered)
    writer.writerow([*COLUMNS, *([DISTRICT] if of_districts else [])])
    for line in ordered:
        cells = [line.number, line.nonce, ",".join(line.chosen), ",".join(map(str, line.points))]
        writer.writerow([*cells, *([line.district] if of_districts else [])])
    return text.getvalue().encode()


def read_roll(content: bytes, shown: str) -> Mapping[str, RollLine]:
    """The lines of a roll by the numbers of the ballots. SokeError where it is no roll."""
    found: dict[str, RollLine] = {}
    for where, row in read_table(content, shown, COLUMNS, (DISTRICT,)):
        line = _line(row, where)
        if line.number in found:
            raise SokeError("The number of this ballot stands in the roll twice.", "Fetch the roll again.", where)
        found[line.number] = line
    return found


def _line(row: Mapping[str, str], where: Location) -> RollLine:
    points = row["points"].split(",") if row["points"] else []
    good = all(one.isascii() and one.isdecimal() and len(one) <= 9 for one in points)
    if not (_HEX.fullmatch(row["ballot"]) and _HEX.fullmatch(row["nonce"]) and good):
        raise SokeError("This is no line of a roll.", "Fetch the roll again.", where)
    chosen = tuple(row["for"].split(",")) if row["for"] else ()
    return RollLine(row["ballot"], row["nonce"], chosen, tuple(map(int, points)), row.get(DISTRICT, ""))
