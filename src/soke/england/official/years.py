"""Of which year a workbook is: what the sheet says, what the file's name says, what the user says. They must agree."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from soke.england.official.headings import LABEL, composed, label
from soke.england.official.layouts import Layout, year_of
from soke.england.official.ods import Row
from soke.errors import SokeError
from soke.text import financial_year

CURRENT = re.compile(rf"current (?:financial )?year[^.]*?{LABEL.pattern}", re.IGNORECASE)
CALENDAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
COVERS = ("Cover", "Front Page", "Title")  # sheets whose first rows say what the workbook is
COVER_ROWS = 2
RENAME = "Name the file after the year of its figures, or download it again."


def of_sheet(rows: Sequence[Row], head: int, layout: Layout, where: str) -> int | None:
    """The financial year that a sheet says: in the row of years under its headings, or above them; None where neither
    does. SokeError where it says two."""
    if layout.years == "october":
        return _calendar(_text(rows[: head + 1 + layout.below]))
    if layout.below:
        labels = [y for cell in composed(rows, head, True) if isinstance(cell, str) and (y := label(cell)) is not None]
        if labels:
            return max(labels)
    if not layout.years.startswith("title"):
        return None
    above = _text(rows[:head])
    said = {2000 + int(a) for a, b in CURRENT.findall(above) if (int(a) + 1) % 100 == int(b)}
    titled = _latest(above if not said else _text(rows[:1]))
    both = said | ({titled} if titled is not None else set())
    if len(both) > 1:
        one, two = sorted(both)
        raise SokeError(f"The sheet says both {financial_year(one)} and {financial_year(two)}.", RENAME, where)
    return next(iter(both), None)


def of_cover(sheets: dict[str, list[Row]]) -> int | None:
    """The one year that the first rows of a cover name."""
    texts = [_text(sheets[name][:COVER_ROWS]) for name in COVERS if sheets.get(name)]
    years = {year for text in texts if (year := _latest(text)) is not None}
    return next(iter(years)) if len(years) == 1 else None


def _text(rows: Sequence[Row]) -> str:
    return " . ".join(str(cell) for row in rows for cell in row if isinstance(cell, str))


def _latest(text: str) -> int | None:
    """The one year that a text names, or the later of two that follow each other."""
    found = sorted({2000 + int(a) for a, b in LABEL.findall(text) if (int(a) + 1) % 100 == int(b)})
    if len(found) == 1 or (len(found) == 2 and found[1] == found[0] + 1):
        return found[-1]
    return None


def _calendar(text: str) -> int | None:
    found = {int(y) for y in CALENDAR.findall(text)}
    return next(iter(found)) if len(found) == 1 else None


def one_year(said: int | None, cover: int | None, layout: Layout, name: str, asked: int | None, where: str) -> int:
    """The year of a sheet that has one. ``said``: by the sheet, ``cover``: by the workbook's first sheet.

    SokeError where sheet, cover, the file's name and what was asked for disagree, where none says it, or where the
    edition is of later years.
    """
    stem = Path(name).stem
    named = (year_of(stem) or _calendar(stem)) if layout.years == "october" else year_of(stem)
    if layout.years == "october" and said is not None and named is not None and named != said:
        raise SokeError(f"The sheet says October {said}, and the file's name {named}.", RENAME, where)
    told: int | None = None
    for what, year in (("sheet", said), ("cover", cover), ("file's name", named)):
        if year is None:
            continue
        if told is not None and year != told:
            one = f"The sheet says {financial_year(told)}, and the {what} {financial_year(year)}."
            raise SokeError(one, RENAME, where)
        told = year
    if asked is not None and told is not None and asked != told:
        fact = f"The workbook is of {financial_year(told)}, and {financial_year(asked)} was asked for."
        raise SokeError(fact, "Leave the year out, or name another workbook.", name)
    if (year := told if told is not None else asked) is None:
        raise SokeError(
            "Neither the workbook nor its name says which year it is of.", "Say it: --year 2026-27.", name
        )  # fmt: skip
    first = layout.first
    if first is not None and year < first:
        fact = f"This would be of {financial_year(year)}; {layout.title} is known from {financial_year(first)} on."
        raise SokeError(fact, "A date of a download is no year: rename the file, or say --year.", name)
    return year


def of_sheets(layouts: Sequence[Layout], here: set[str], name: str, asked: int | None) -> None:
    """Where the sheets of a workbook say its years: whether the file's name and the user say one of them."""
    agree({y for a in layouts for y in (a.span or ()) if _holds(a, y, here)}, name, asked)


def agree(years: Collection[int], name: str, asked: int | None) -> None:
    """SokeError where the file's name or the user says another year than those of a workbook; none say nothing."""
    for what, year in (("file's name says", year_of(Path(name).stem)), ("user asked for", asked)):
        if years and year is not None and year not in years:
            fact = f"The {what} {financial_year(year)}, and it has no sheet of that year; the newest is "
            fact += f"{financial_year(max(years))}, the oldest {financial_year(min(years))}."
            raise SokeError(fact, "Name the file after the newest year of its figures, or download it again.", name)


def _holds(layout: Layout, year: int, here: set[str]) -> bool:
    return any(y in (year, None) for y in layout.there(here).values())
