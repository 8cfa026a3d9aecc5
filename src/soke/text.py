"""Plain text for people: what is safe to print, years and days, counts, and numbers as people read them.

Modelled money is float GBP million (:func:`money`) or GBP a head (:func:`pounds`), exact money a ``Decimal``
(:func:`sterling`). The minus sign of a rounded figure is U+2212.
"""

from __future__ import annotations

import datetime as dt
import difflib
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache

from soke import meant
from soke.errors import SokeError

MINUS = "\u2212"
NO_FIGURE = "no figure"

# Control characters but tab and line end; halves of characters; what is not seen: marks that turn the direction of
# text, zero-width signs (but the word joiner that :func:`unbroken` puts before a pound sign), letters that print as
# nothing, tags, private use.
_UNSAFE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    r"\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2061-\u206f\u2800\u3164\ud800-\uf8ff\ufeff\uffa0\ufff0-\ufffb"
    r"\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
    r"|\u2060(?!£)"
)
_MOST_MARKS = 4  # on one letter: more climb over the lines above and below
_MAYBE_MARKS = re.compile(rf"[\u0300-\U0001ffff]{{{_MOST_MARKS + 1}}}")
_QUOTES = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201b\u2032\u02bc\u02b9`\u00b4", "'") | dict.fromkeys("\u201c\u201d\u2033", '"')
)
_YEAR = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


def clean(text: str) -> str:
    """Text of a hostile file as a terminal may get it: what could steer the terminal or mislead the eye is replaced."""
    text = _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)
    return _few_marks(text) if _MAYBE_MARKS.search(text) else text


def _few_marks(text: str) -> str:
    found, marks = [], 0
    for letter in text:
        marks = marks + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        if marks <= _MOST_MARKS:
            found.append(letter)
        elif marks == _MOST_MARKS + 1:
            found.append("\N{REPLACEMENT CHARACTER}")
    return "".join(found)


def one_line(text: str) -> str:
    """Text that stands on a line of its own: nobody's line end makes it look like two."""
    return clean(" ".join(text.split()))


def capital(text: str) -> str:
    """Text with a capital at its head: ``council tax`` is ``Council tax``, and ``UK`` stays."""
    return text[:1].upper() + text[1:]


def straight_quotes(text: str) -> str:
    """Text with typographic quotation marks and apostrophes as a keyboard has them: O’Brien is O'Brien."""
    return text.translate(_QUOTES)


def financial_year(start: int) -> str:
    """The label of a financial year: ``2026`` is ``2026-27``.

    >>> financial_year(2026), start_year("2026-27")
    ('2026-27', 2026)
    """
    return f"{start}-{(start + 1) % 100:02d}"


@lru_cache(maxsize=256)
def labelled_year(text: str) -> int | None:
    """The start of the financial year that a label names, ``2026-27`` is 2026; None where it is no such label."""
    match = _YEAR.fullmatch(text)
    return int(match[1]) if match and (int(match[1]) + 1) % 100 == int(match[2]) else None


def start_year(text: str) -> int:
    """The same of a label that a person typed. Raises SokeError for anything else."""
    year = labelled_year(text.strip())
    if year is None:
        likely = meant.year(text)
        fix = "Write it as 2013-14." + (f" Did you mean {financial_year(likely)}?" if likely is not None else "")
        raise SokeError(f"{text[:40]!r} is not a financial year.", fix, code="bad-year")
    return year


def year_of(date: dt.date) -> int:
    """The financial year of a day, by its start."""
    return date.year - (date < dt.date(date.year, 4, 1))


def day(date: dt.date) -> str:
    """``29 February 2028``.

    >>> day(dt.date(2028, 2, 29))
    '29 February 2028'
    """
    return f"{date.day} {date:%B} {date.year}"


def sterling(amount: Decimal) -> str:
    """``£1,234``, with pence only where there are some.

    >>> sterling(Decimal("1234")), sterling(Decimal("-1234.50"))
    ('£1,234', '-£1,234.50')
    """
    whole = amount == amount.to_integral_value()
    sign = "-" if amount < 0 else ""
    return f"{sign}£{abs(amount):,.0f}" if whole else f"{sign}£{abs(amount):,.2f}"


def sign(value: float, text: str, *, plus: bool) -> str:
    """Put the sign before a text that was made from the absolute value; what rounds to nothing has none."""
    if not any(c in "123456789" for c in text):
        return text
    return (MINUS if value < 0 else "+" if plus else "") + text


def money(million: float | None, *, plus: bool = False, beside: float = 0.0) -> str:
    """GBP million as ``£39.2bn``, ``£448m``, ``£3.4m``, ``£340,000``; in billions ``beside`` billions.

    >>> money(39_200), money(448, plus=True), money(3.4), money(0.34), money(None)
    ('£39.2bn', '+£448m', '£3.4m', '£340,000', 'no figure')
    """
    if million is None or not math.isfinite(million):
        return NO_FIGURE
    size = abs(million)
    if size >= 999.5 or (abs(beside) >= 999.5 and size >= 50):
        text = f"£{size / 1000:,.1f}bn"
    elif size >= 9.95:
        text = f"£{size:.0f}m"
    elif size >= 0.9995:
        text = f"£{size:.1f}m"
    else:
        text = f"£{round(size * 1000) * 1000:,}"
    return sign(million, text, plus=plus)


SMALL = 0.05  # GBP million: a smaller sum is no finding
LEAST = 0.0005  # GBP million: a smaller sum is printed as £0


def about(million: float | None, *, plus: bool = False, nought: str = "about £0") -> str:
    """The same where a small sum is no finding: under £50,000 it is ``nought``.

    >>> about(0.007, plus=True), about(0.96, plus=True), about(0.0)
    ('about £0', '+£960,000', '£0')
    """
    small = million is not None and 0 < abs(million) < SMALL
    return nought if small else money(million, plus=plus)


def pounds(value: float | None, *, plus: bool = False) -> str:
    """Pounds a head: ``£1,240``, ``£1.85``, ``42p``, ``less than 1p``.

    >>> pounds(1240.3), pounds(1.85), pounds(0.42), pounds(0.001)
    ('£1,240', '£1.85', '42p', 'less than 1p')
    """
    if value is None or not math.isfinite(value):
        return NO_FIGURE
    size = abs(value)
    if size >= 99.5:
        text = f"£{size:,.0f}"
    elif size >= 0.995:
        text = f"£{size:.2f}"
    elif size >= 0.005:
        text = f"{size * 100:.0f}p"
    else:
        text = "less than 1p" if size > 0 else "0p"
    return text if text == "less than 1p" else sign(value, text, plus=plus)


def pence(value: float) -> str:
    """Pence of a pound: ``34p``, ``3.4p``, ``under 0.1p``."""
    size = abs(value)
    if 0 < size < 0.05:
        return "under 0.1p"
    return sign(value, f"{size:.0f}p" if size >= 9.95 or size == round(size) else f"{size:.1f}p", plus=False)


def chance(share: float | None) -> str:
    """A share of draws as a chance.

    >>> chance(0.3), chance(0.01), chance(0.0)
    ('3 in 10', '1 in 100', 'none in these draws')
    """
    if share is None or not math.isfinite(share):
        return NO_FIGURE
    if share <= 0:
        return "none in these draws"
    if share >= 1:
        return "certain in these draws"
    if share < 0.005:
        return "under 1 in 100"
    if share > 0.995:
        return "over 99 in 100"
    if share < 0.05 or share > 0.95:
        return f"{share * 100:.0f} in 100"
    return f"{share * 10:.0f} in 10"


def percent(share: float | None, digits: int = 0, *, plus: bool = False) -> str:
    """A share of one as ``61%``.

    >>> percent(0.614), percent(0.614, 1, plus=True)
    ('61%', '+61.4%')
    """
    if share is None or not math.isfinite(share):
        return NO_FIGURE
    return sign(share, f"{abs(share) * 100:.{digits}f}%", plus=plus)


def decimal(value: float | None, *, plus: bool = False) -> str:
    """A plain number for a table: two decimals below one, one below ten, none above a hundred."""
    if value is None or not math.isfinite(value):
        return NO_FIGURE
    size = abs(value)
    digits = 0 if size < 1e-9 or size >= 99.95 or isinstance(value, int) else 2 if size < 0.995 else 1
    return sign(value, f"{size:,.{digits}f}", plus=plus)


def tenths(value: float | None, *, plus: bool = False) -> str:
    """Pence in a table, to a tenth: ``6.8``, ``93.0``, ``0``."""
    if value is None or not math.isfinite(value):
        return NO_FIGURE
    return sign(
        value, f"{abs(value):.1f}" if abs(value) >= 0.05 else "under 0.1" if abs(value) >= 1e-6 else "0", plus=plus
    )


def a_range(low: str, high: str) -> str:
    """Two figures as a range in words."""
    return low if low == high else f"{low} to {high}"


def listed(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``.

    >>> listed(["Bury"]), listed(["Bury", "Leeds", "York"])
    ('Bury', 'Bury, Leeds and York')
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """What to do about a name that there is not: the names nearest to it, else as ``otherwise`` says.

    >>> did_you_mean("fund", ["funds", "powers"], "")
    'Did you mean funds?'
    """
    near = nearest(name, known, n=3, cutoff=0.5)
    return f"Did you mean {', '.join(near)}?" if near else otherwise


def nearest(name: str, known: Iterable[str], *, n: int = 1, cutoff: float = 0.6) -> list[str]:
    """Of names, the ones nearest to what was typed, whatever its capitals, spaces, hyphens and underscores.

    >>> nearest("Adult Skills", ["adult-skills", "fire"]), nearest("ringFence", ["ring_fenced", "title"])
    (['adult-skills'], ['ring_fenced'])
    """
    bare: dict[str, str] = {}
    for one in known:
        bare.setdefault(_bare(one), one)
    near = difflib.get_close_matches(_bare(name[:80]), bare, n=n, cutoff=cutoff)
    return [bare[one] for one in near]


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def counted(count: int, singular: str, plural: str = "") -> str:
    """``1 return``, ``1,000 draws``.

    >>> counted(1, "return"), counted(1000, "draw"), counted(2, "authority", "authorities")
    ('1 return', '1,000 draws', '2 authorities')
    """
    return f"{count:,} {singular if count == 1 else plural or singular + 's'}"


def whole_years(text: str) -> str:
    """The same text with financial years that no line end divides."""
    return _YEAR.sub("\\1\N{NON-BREAKING HYPHEN}\\2", text)


def unbroken(text: str) -> str:
    """The same text with signed figures kept whole at the end of a line (word joiner after the sign)."""
    return text.replace("+£", "+\u2060£").replace(f"{MINUS}£", f"{MINUS}\u2060£")
