"""Which value of the quotas a cell of the pool may have meant, and what a spreadsheet made of it.

Nothing is matched by this: people decide. Two texts are alike where only capitals, spaces, dashes or an apostrophe
differ. A spreadsheet takes a range for a date: 7-9 is shown as 07-Sep or 09-Jul, 5-29 as May-29, and either may be
saved as 2026-09-07, 07/09/2026, or a number of days since 1900.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

from soke.meant import DASHES

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
CLOSE = 0.75  # of difflib's ratio: "femle" is near "female"
LONGEST = 40  # characters that are compared
ADD = "Add a quota for it, with 0 as its minimum, or mend it."
_TO = re.compile(r"(?<=\d)to(?=\d)")
_RANGE = re.compile(r"0*(\d{1,2})-0*(\d{1,2})", re.ASCII)
_DAY_MONTH = re.compile(r"(\d{1,2})[-./]?([a-z]{3,9})(?:[-./]?(?:\d{4}|\d{2}))?", re.ASCII)
_MONTH_YEAR = re.compile(r"([a-z]{3,9})[-./]?(?:\d{2})?(\d{2})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:t?\d{2}:\d{2}.*)?", re.ASCII)
_SLASHES = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})(?:\d{2}:\d{2}.*)?", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.0)?", re.ASCII)
_FIRST_DAY, _SERIALS = dt.date(1899, 12, 30), range(36_526, 73_051)  # 2000 to 2099


@lru_cache(maxsize=4_096)
def plain(text: str) -> str:
    """A text without what a keyboard or a spreadsheet changes: capitals, spaces, the kind of dash, an apostrophe."""
    folded = unicodedata.normalize("NFKC", text).translate(DASHES).casefold()
    return _TO.sub("-", "".join(folded.split()).strip("'\u2018\u2019"))


def range_of(text: str) -> tuple[int, int] | None:
    """The two numbers of a short range such as 7-9; None where it is none."""
    match = _RANGE.fullmatch(plain(text))
    return (int(match[1]), int(match[2])) if match else None


@lru_cache(maxsize=4_096)
def dates_of(text: str) -> frozenset[tuple[int, int]]:
    """The ranges that a spreadsheet may have made into this date; none where it is no date."""
    found = plain(text)
    if (match := _DAY_MONTH.fullmatch(found)) and (month := _month(match[2])):
        pairs = [(int(match[1]), month)]
    elif (match := _MONTH_YEAR.fullmatch(found)) and (month := _month(match[1])):
        pairs = [(int(match[2]), month)]
    elif match := _ISO.fullmatch(found):
        pairs = _pairs(int(match[1]), int(match[2]), int(match[3]))
    elif match := _SLASHES.fullmatch(found):
        pairs = _pairs(int(match[3]), int(match[2]), int(match[1]))
    elif (match := _SERIAL.fullmatch(found)) and int(match[1]) in _SERIALS:
        day = _FIRST_DAY + dt.timedelta(days=int(match[1]))
        pairs = _pairs(day.year, day.month, day.day)
    else:
        return frozenset()
    return frozenset(pair for a, b in pairs for pair in ((a, b), (b, a)))


def _month(name: str) -> int:
    """1 to 12 of a month by its name or the beginning of it; 0 where it is none."""
    return MONTHS.index(name[:3]) + 1 if name[:3] in MONTHS else 0


def _pairs(year: int, month: int, day: int) -> list[tuple[int, int]]:
    """Day and month; on the first of a month also month and year, since 5-29 becomes May 2029."""
    return [(day, month), *([(month, year % 100)] if day == 1 else [])]


def fix_for(text: str, known: Collection[str]) -> str:
    """What to do about a value that none of those ``known`` is: the nearest is named where one is near."""
    if same := [one for one in known if plain(one) == plain(text)]:
        dash = text.translate(DASHES) != text or same[0].translate(DASHES) != same[0]
        return f'Is it "{same[0]}"? {"The dash is another sign. " if dash else ""}Spell both alike.'
    pairs, meant = dates_of(text), range_of(text)
    ranges = [one for one in known if range_of(one) in pairs] if pairs else []
    if made := [one for one in known if meant and meant in dates_of(one)]:
        return f'Is it "{made[0]}" of the quotas? A spreadsheet made a date of a range there: type it again, as text.'
    if ranges:
        said = " or ".join(f'"{one}"' for one in ranges[:3])
        return f"A spreadsheet makes a date of a range: is it {said}? Format the column as text and type it again."
    if pairs and not _SERIAL.fullmatch(plain(text)):
        return f"It looks like a date that a spreadsheet made of a range. Format the column as text. {ADD}"
    nearest = difflib.get_close_matches(plain(text)[:LONGEST], [plain(one)[:LONGEST] for one in known], 1, CLOSE)
    if nearest:
        name = next(one for one in known if plain(one)[:LONGEST] == nearest[0])
        return f'Is it "{name}"? Otherwise: {ADD[0].lower()}{ADD[1:]}'
    return ADD
