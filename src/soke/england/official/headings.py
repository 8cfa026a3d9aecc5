"""What a heading says: by its words, never by one exact string; and of which year it is.

A heading is sought in three ways. ``~a + b / c - d``: its words hold the phrase a, and b or c, and not d, whatever
case, numbering, line ends and signs stand between. With ``*``: any words in its place. Else: the whole heading, but
for case. ``|`` parts headings of which the first that is there counts.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

from openpyxl.utils import get_column_letter

from soke.england.official.ods import Cell, Row
from soke.text import straight_quotes

MEANT = "~"
SHOWN = 3  # headings that a message names
BEFORE = ("previous year", "prior year", "last year", "preceding year", "year before", "previous financial year")
NOW = ("current year", "this year", "current financial year")
LABEL = re.compile(r"(?<!\d)20(\d\d)\s?(?:-|\u2010|\u2011|\u2012|\u2013|\u2014|/|to)\s?(?:20)?(\d\d)(?!\d)")


@lru_cache(8192)
def plain(text: str) -> str:
    """The words of a text: without case, signs, notes in brackets, marks of revision, and letters that nobody sees."""
    seen = "".join(c for c in unicodedata.normalize("NFKC", straight_quotes(text)) if unicodedata.category(c) != "Cf")
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"\[[^\]]*\]|\(r\)", " ", seen.casefold())))


@lru_cache(8192)  # a long table says the same in thousands of rows
def says(cell: str, text: str) -> bool:
    """Whether a heading says what is sought."""
    if text.startswith(MEANT):
        return _means(f" {plain(cell)} ", text.removeprefix(MEANT))
    said = re.sub(r"\s*\[note[^\]]*\]", "", " ".join(straight_quotes(cell).split()).casefold())
    first, *rest = (" ".join(part.split()).casefold() for part in text.split("*"))
    if not rest:
        return said == first
    if not said.startswith(first) or not said.endswith(rest[-1]):
        return False
    at = len(first)
    for part in rest:
        at = said.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


def _means(words: str, text: str) -> bool:
    wanted, *unwanted = text.split(" - ")
    some = [[f" {plain(way)} " in words for way in term.split(" / ")] for term in wanted.split(" + ")]
    return all(map(any, some)) and not any(f" {plain(way)} " in words for term in unwanted for way in term.split(" / "))


def matching(head: Sequence[Cell], text: str) -> list[int]:
    """The columns (from 0) of a heading: of the first of its ways of saying it that is there."""
    for said in text.split("|"):
        if found := [k for k, cell in enumerate(head) if isinstance(cell, str) and says(cell, said)]:
            return found
    return []


def composed(rows: Sequence[Row], row: int, below: bool) -> list[Cell]:
    """The headings of a sheet; where a second row stands ``below``, each is its group's, which stands once, and its own
    under it."""
    if not below:
        return list(rows[row])
    under = rows[row + 1] if row + 1 < len(rows) else ()
    group: Cell = None
    out: list[Cell] = []
    for k in range(max(len(rows[row]), len(under))):
        own, sub = (r[k] if k < len(r) else None for r in (rows[row], under))
        group = own if own is not None else group
        out.append(f"{group or ''} {sub}".strip() if sub is not None else own)
    return out


def label(text: str) -> int | None:
    """The financial year that ends a heading, or is all of it; None where none does: 2019 for ``... (2019-20)``."""
    found = list(LABEL.finditer(text))
    if not found or plain(text[found[-1].end() :]):
        return None
    first, second = map(int, found[-1].groups())
    return 2000 + first if (first + 1) % 100 == second else None


def of_year(head: Sequence[Cell], found: list[int], year: int | None) -> list[int]:
    """Of columns with the same heading those of the year: never the year before's, and those that say so first."""
    of = {k: label(str(head[k])) for k in found}
    kept = [k for k in found if not _says_any(head[k], BEFORE) and of[k] in (None, year)]
    now = [k for k in kept if _says_any(head[k], NOW) or (year is not None and of[k] == year)]
    return now or kept


def _says_any(cell: Cell, phrases: tuple[str, ...]) -> bool:
    return any(f" {p} " in f" {plain(str(cell))} " for p in phrases)


def nearest(head: Sequence[Cell], text: str, where: Callable[[int], str]) -> str:
    """The headings that come nearest to what is sought, each with its place, for a message."""
    sought = " ".join(plain(re.sub(r" - .*", "", way)) for way in text.split("|")[:1])
    known = [(k, plain(cell)) for k, cell in enumerate(head) if isinstance(cell, str) and plain(cell)]
    words = set(sought.split())

    def near(said: str) -> float:
        both = words & set(said.split())
        close = difflib.SequenceMatcher(None, sought, said[:200], autojunk=False).ratio()
        return len(both) / max(len(words), 1) + close

    best = sorted(known, key=lambda item: (-near(item[1]), item[0]))[:SHOWN]
    said = (f"{shown(head[k], 120)}" + (f" ({where(k)})" if where(k) else "") for k, _ in best)
    return ", ".join(said) or "no headings at all"


def shown(cell: Cell, most: int = 60) -> str:
    """A cell as a message may show it: short, and nothing in it that could steer a terminal."""
    text = "an empty cell" if cell is None else repr(cell if not isinstance(cell, str) else " ".join(cell.split()))
    return text if len(text) <= most else text[: most - 3] + "..."


def sought(text: str) -> str:
    """What is sought, as a message may say it."""
    first = text.split("|", maxsplit=1)[0]
    if not first.startswith(MEANT):
        return repr(text)
    return "with the words " + " and ".join(f"'{term.split(' / ')[0].strip()}'" for term in
                                            re.sub(r" - .*", "", first.removeprefix(MEANT)).split(" + "))  # fmt: skip


def cell_name(row: int, column: int) -> str:
    """G5, for row 4 and column 6 from 0."""
    return f"{get_column_letter(column + 1)}{row + 1}"
