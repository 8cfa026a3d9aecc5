"""What people mean by a number, a date, a year or a yes that is typed their own way: for hints, never to go by.

>>> number("£24.78m"), number("24,780,000"), number("5%"), number("0,5")
(Decimal('24780000'), Decimal('24780000'), Decimal('0.05'), Decimal('0.5'))
>>> date("30/04/2021"), date("30 April 2021"), year("2026/27"), flag("Yes")
(datetime.date(2021, 4, 30), datetime.date(2021, 4, 30), 2026, True)
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

LONGEST, MOST_DIGITS = 60, 15  # characters, and digits before the point: nobody means a number by more
DASHES = str.maketrans(dict.fromkeys("\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d", "-"))
_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]+")
_TIMES = {
    "": 1, "k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "mio": 10**6, "mill": 10**6, "million": 10**6,
    "millions": 10**6, "b": 10**9, "bn": 10**9, "billion": 10**9, "billions": 10**9, "tn": 10**12, "trillion": 10**12,
}  # fmt: skip
_UNITS = "pounds|pound|gbp|people|persons|days|day|months|month|years|year|minutes|minute|mins|min|homes|jobs|points"
_AMOUNT = re.compile(
    rf"(?P<sign>-?)\s*(?:£|gbp)?\s*(?P<sign2>-?)\s*(?P<digits>\d[\d.,' _]*)\s*(?P<times>[a-z]*?)\s*"
    rf"(?P<percent>%|per ?cent|pc)?\s*(?:{_UNITS})?",
    re.ASCII,
)
_GROUPED = re.compile(r"\d{1,3}(?P<mark>[,.' _])\d{3}(?:(?P=mark)\d{3})*")
_MONTHS = {
    name[:3]: number + 1
    for number, name in enumerate(
        ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
         "december")
    )
}  # fmt: skip
_NUMERIC_DATE = re.compile(r"(\d{1,4})([/. -])(\d{1,2})\2(\d{1,2}|\d{4})", re.ASCII)
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})[ ,-]+(\d{2}|\d{4})", re.ASCII)
_MONTH_DAY = re.compile(r"([a-z]{3,9}) (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.ASCII)
_YEARS = re.compile(r"(?:fy ?)?(\d{4}) ?(?:[-/] ?|to )(\d{2}|\d{4})", re.ASCII)
_FLAGS = {"yes": True, "y": True, "true": True, "on": True, "no": False, "n": False, "false": False, "off": False}


def plain(text: str) -> str:
    """A text with dashes, spaces and quotation marks as a keyboard has them, in small letters."""
    spaced = _SPACES.sub(" ", text.translate(DASHES)).replace("\u2019", "'").strip()
    return spaced.strip("\"'\u2018\u201c\u201d").strip().lower()


def number(text: str) -> Decimal | None:
    """The number that a text means: pounds, millions, thousands with commas, per cents, a decimal comma; else None."""
    typed = plain(text)
    found = _AMOUNT.fullmatch(typed) if len(typed) <= LONGEST else None
    if found is None or found["times"] not in _TIMES:
        return None
    digits = _digits(found["digits"].strip(" _',"))
    if digits is None or digits.adjusted() > MOST_DIGITS:
        return None
    value = digits * _TIMES[found["times"]] / (100 if found["percent"] else 1)
    signed = -value if found["sign"] or found["sign2"] else value
    return signed.quantize(Decimal(1)) if signed == signed.to_integral_value() else signed.normalize()


def _digits(text: str) -> Decimal | None:
    """Digits with marks between them. Groups of three are thousands; one mark before other digits is a decimal mark."""
    whole, point = text, ""
    last = max(text.rfind("."), text.rfind(","))
    if last > 0 and (len(text) - last - 1 != 3 or len({mark for mark in text if mark in ".,"}) > 1):
        whole, point = text[:last], text[last + 1 :]
    elif last > 0 and text[last] == "." and text.count(".") == 1 and not re.search(r"[,' _]", text):
        whole, point = text[:last], text[last + 1 :]  # 1.234 is as a keyboard in England has it
    if point and text[last] in whole:
        return None  # 24,780,00
    if not (whole.isdigit() or _GROUPED.fullmatch(whole)) or (point and not point.isdigit()):
        return None
    return Decimal(re.sub(r"\D", "", whole) + (f".{point}" if point else ""))


def date(text: str) -> dt.date | None:
    """The day that a text means, the day before the month as in Britain unless there is no such day; else None."""
    typed = plain(text)
    if len(typed) > LONGEST:
        return None
    if found := _NUMERIC_DATE.fullmatch(typed):
        first, middle, last = found[1], int(found[3]), found[4]
        if len(first) == 4:
            return _day(int(first), middle, int(last)) if len(last) <= 2 else None
        return _day(_century(last), middle, int(first)) or _day(_century(last), int(first), middle)
    if found := _DAY_MONTH.fullmatch(typed):
        return _day(_century(found[3]), _MONTHS.get(found[2][:3], 0), int(found[1]))
    if found := _MONTH_DAY.fullmatch(typed):
        return _day(int(found[3]), _MONTHS.get(found[1][:3], 0), int(found[2]))
    return None


def looks_like_a_date(text: str) -> bool:
    """Whether a text has the form of a date, of whatever day."""
    return bool(_NUMERIC_DATE.fullmatch(plain(text)))


def _century(year: str) -> int:
    return int(year) + (2000 if len(year) <= 2 else 0)


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if 1900 <= year <= 2200 else None
    except ValueError:
        return None


def year(text: str) -> int | None:
    """The financial year that a text means, by its start: ``2026/27``, ``2026-2027``, ``2026 to 27``; else None."""
    typed = plain(text)
    found = _YEARS.fullmatch(typed) if len(typed) <= LONGEST else None
    if found is None:
        return None
    start = int(found[1])
    return start if int(found[2]) % 100 == (start + 1) % 100 else None


def flag(text: str) -> bool | None:
    """Yes or no; None for all else."""
    return _FLAGS.get(plain(text))
