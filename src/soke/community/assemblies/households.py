"""Who lives together, by what the pool says of addresses; and rows that may be one person.

Addresses are typed by many hands. Two are one household where they differ in capitals, spaces and punctuation only
(:func:`key`). Numbers stay apart: "Flat 1, 2 High Street" is not "Flat 12 High Street". What is only near, as St and
Street, is told and not merged: who lives together is for people to decide.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from soke.errors import SokeError
from soke.text import counted, listed

MOST_COLUMNS = 4  # by which households are told
CROWD = 10  # people of one household that make a placeholder likely
TOLD = 5  # examples in a warning
# A postcode is written with or without its space; elsewhere a space between two numbers tells them apart.
_POSTCODE = re.compile(r"\b([a-z]{1,2}[0-9][a-z0-9]?) ([0-9][a-z]{2})\b", re.ASCII)
_GAP = re.compile(r"(?<![0-9]) | (?![0-9])")
_WORD = re.compile(r"[a-z]+|[^a-z ]+", re.ASCII)
SHORT: Mapping[str, str] = {
    "st": "street", "str": "street", "rd": "road", "ave": "avenue", "av": "avenue", "ln": "lane", "cl": "close",
    "ct": "court", "crt": "court", "dr": "drive", "drv": "drive", "gdns": "gardens", "gdn": "gardens", "pl": "place",
    "sq": "square", "ter": "terrace", "terr": "terrace", "cres": "crescent", "gr": "grove", "grv": "grove",
    "pk": "park", "hse": "house", "ho": "house", "bldg": "building", "bldgs": "buildings", "apt": "flat",
    "apartment": "flat", "fl": "flat", "unit": "flat", "wy": "way", "saint": "street", "the": "", "no": "",
    "n": "north", "s": "south", "e": "east", "w": "west", "gt": "great", "upr": "upper", "lwr": "lower",
}  # fmt: skip


def columns_of(named: Sequence[str], header: Sequence[str]) -> tuple[str, ...]:
    """The columns that ``--household`` names: each text is a column, or several with commas between them."""
    names: list[str] = []
    for text in named:
        parts = [text.strip()] if text.strip() in header else [part.strip() for part in text.split(",")]
        names += [part for part in parts if part and part not in names]
    if len(names) > MOST_COLUMNS:
        fact = f"--household names {len(names)} columns."
        raise SokeError(fact, f"Name {MOST_COLUMNS} at most, such as the first line of the address and the postcode.")
    return tuple(names)


def said_of(columns: Sequence[str]) -> str:
    """How households were told apart, as it is published."""
    names = listed([f'"{name}"' for name in columns])
    what = f"the column {names}" if len(columns) == 1 else f"the columns {names} together"
    return f"by {what}, compared without capitals, spaces and punctuation"


def key(cells: Sequence[str]) -> str:
    """What two people of one household have in common; empty where no cell says anything."""
    parts = [_GAP.sub("", _words(cell)) for cell in cells]
    return "|".join(parts) if any(parts) else ""


def _words(cell: str) -> str:
    """Letters and numbers of a cell, with one space for whatever stands between; apostrophes stand between nothing."""
    folded = unicodedata.normalize("NFKC", cell).casefold().replace("'", "").replace("\u2019", "")
    spaced = "".join(one if unicodedata.category(one)[0] in "LNM" else " " for one in folded)
    return _POSTCODE.sub(r"\1\2", " ".join(spaced.split()))


def near(cells: Sequence[str]) -> str:
    """As :func:`key`, with the usual short words written out."""
    return "|".join("".join(SHORT.get(word, word) for word in _WORD.findall(_words(cell))) for cell in cells)


def warnings(shown: str, homes: Iterable[tuple[int, Sequence[str]]], columns: Sequence[str]) -> Iterator[str]:
    """What to look at before the draw: households that may be one, one that may be a placeholder, and gaps.

    ``homes``: the line and the cells of each person.
    """
    lines: dict[str, list[int]] = defaultdict(list)
    spelt: dict[str, str] = {}
    alike: dict[str, dict[str, int]] = defaultdict(dict)
    gaps: list[str] = []
    for line, cells in homes:
        if not (found := key(cells)):
            continue
        lines[found].append(line)
        spelt.setdefault(found, ", ".join(cell.strip() for cell in cells if cell.strip()))
        alike[near(cells)].setdefault(found, line)
        if not all(cells) and len(lines[found]) == 2:
            gaps.append(found)
    pairs = [each for each in alike.values() if len(each) > 1]
    if pairs:
        spellings = [" and ".join(f'"{spelt[home]}" (line {line})' for home, line in each.items()) for each in pairs]
        yield (
            f"{shown}: {counted(len(pairs), 'household')} may be spelt in two ways, and count as two: "
            f"{_first(spellings)}. Spell them alike where people live together."
        )
    crowds = [home for home, there in lines.items() if len(there) > CROWD]
    if crowds:
        examples = [f'"{spelt[home]}" has {len(lines[home]):,} people (line {lines[home][0]})' for home in crowds]
        yield (
            f"{shown}: more than {CROWD} people in {counted(len(crowds), 'household')}: {_first(examples)}. If that "
            "stands for not known, leave the cell empty: empty means that nobody is known to live there too."
        )
    if gaps:
        yield (
            f"{shown}: {counted(len(gaps), 'household')} of two people or more rest on a part of "
            f"{listed(columns)}, the rest is empty: {_first([spelt[home] for home in gaps])}. Fill it in, or empty all."
        )


def twice(shown: str, header: Sequence[str], rows: Sequence[tuple[int, list[str]]], at: int | None,
          read: Sequence[int]) -> str:  # fmt: skip
    """Rows that are alike but for the id, as a sentence; empty where there are none.

    ``at`` is the column of ids. Without it each column is tried that differs in every row and has numbers in it.
    ``read`` are the columns that many people share: where there is no other, rows say nothing of who it is.
    """
    cells = [tuple("".join(cell.casefold().split()) for cell in row) for _, row in rows]
    for number in [at] if at is not None else _like_ids(cells, len(header)):
        others = [k for k in range(len(header)) if k != number]
        if not set(others) - set(read):
            continue
        seen: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for (line, _), row in zip(rows, cells, strict=True):
            if any(row[k] for k in others if k not in read):
                seen[tuple(row[k] for k in others)].append(line)
        found = [lines for lines in seen.values() if len(lines) > 1]
        if found:
            name = header[number] or "the id"
            said = _first(["lines " + listed([str(line) for line in lines[:TOLD]]) for lines in found])
            return (
                f"{shown}: {counted(len(found), 'person', 'people')} may stand here more than once, with more than one "
                f'chance: rows are alike but for "{name}": {said}. Delete one, if it is one person.'
            )
    return ""


def _like_ids(cells: Sequence[tuple[str, ...]], width: int) -> Iterator[int]:
    for number in range(width):
        column = [row[number] for row in cells]
        if len(set(column)) == len(column) and all(any(one.isdigit() for one in cell) for cell in column):
            yield number


def _first(parts: Sequence[object]) -> str:
    """The first few of many."""
    more = len(parts) - TOLD
    return ", ".join(str(part) for part in parts[:TOLD]) + (f", and {more:,} more" if more > 0 else "")
