"""Rows and headers of the tables in a ``.pb`` file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import NoReturn

from soke.errors import Location, SokeError

MOST_COLUMNS = 200


def rows_of(stream: Iterator[str], shown: str, before: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line on which each begins, after ``before`` lines; lines with nothing in them are left out."""
    reader = csv.reader(stream, delimiter=";", strict=True)
    while True:
        line = before + reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error) or "field larger" in str(error):
                fact = f"A cell of this row has more than {csv.field_size_limit():,} characters."
                fix = "Shorten it, or look for a quotation mark that is not closed."
                raise SokeError(fact, fix, Location(shown, line)) from None
            raise SokeError(
                "A quotation mark in this row is not closed, or is followed by something other than a semicolon.",
                'Put " around the whole cell, and "" for each quotation mark inside it.', Location(shown, line),
            ) from None  # fmt: skip
        if row and any(map(str.strip, row)):
            yield line, row


def header(row: list[str], needed: tuple[str, ...], section: str, where: Location) -> list[str]:
    """Names of the columns. SokeError where one is missing or stands twice."""
    names = [cell.strip() for cell in row]
    while names and not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        raise SokeError(f"{section} has {len(names):,} columns.", f"Keep {MOST_COLUMNS} at most.", where)
    for name in needed:
        if name not in names:
            fix = f"Add it to the header of {section}, and a cell to each row."
            raise SokeError(f'{section} has no column "{name}".', fix, where)
    for name in names:
        if not name or names.count(name) > 1:
            fact = f'{section} has two columns "{name}".' if name else f"{section} has a column without a name."
            raise SokeError(fact, "Give each column a name of its own.", where)
    return names


def wrong_cells(found: int, wanted: int, where: Location) -> NoReturn:
    raise SokeError(
        f"This row has {found} cells; the header has {wanted}.",
        'Give the row as many cells as the header, with " around a cell that holds a semicolon.', where,
    )  # fmt: skip
