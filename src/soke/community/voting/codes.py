"""Eligibility codes: who holds one may cast one ballot. Made to be read from a letter and typed by hand.

A code is 14 random signs and a check sign, in three groups of five: ``K7QDM-3XW9A-PT2HH``. The signs are the 31 digits
and capital letters that nobody takes for another (no 0, O, 1, I or L): 31^14, or 69 bits, so codes are not guessed.

The check sign makes the sum of position times sign, with the check sign counted -1 times, a multiple of 31. Since 31 is
a prime above the number of positions, one wrong sign and any two signs that changed places are always found: a slip of
the pen is told from a code of no use. It is no secret and proves nothing.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Callable

from soke.errors import SokeError

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RANDOM, GROUP = 14, 5
CHANNELS = ("letter", "email", "table", "paper")
LARGEST_ISSUE = 1_000_000  # codes that are issued at a time

_INVISIBLE = re.compile("[\u034f\ufe00-\ufe0f\U000e0100-\U000e01ef]")  # marks of how a letter is drawn
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}


def new_code(below: Callable[[int], int] = secrets.randbelow) -> str:
    """A fresh code, with its dashes. ``below(n)`` gives a random whole number from 0 to n - 1."""
    signs = "".join(ALPHABET[below(len(ALPHABET))] for _ in range(RANDOM))
    return shown(signs + _check_sign(signs))


def shown(signs: str) -> str:
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))


def read_code(text: str) -> str:
    """The 15 signs of a code as somebody typed or pasted it. Small letters do not matter, nor what is neither letter
    nor number: blanks, dashes of any kind, dots, quotation marks, what nobody sees. Broad letters are read as plain.

    No two codes become one: what stands between the signs is left out, and each sign is read as itself alone.
    SokeError says what is wrong with what is no code, without repeating it.

    >>> read_code("k7qdm\u20133xw9a\u2013pt2hh."), read_code("\uff2b7QDM 3XW9A \u201cPT2HH\u201d")
    ('K7QDM3XW9APT2HH', 'K7QDM3XW9APT2HH')
    """
    signs = "".join(map(_sign, text))
    if strange := sorted(set(signs) - _VALUES.keys()):
        raise SokeError(
            f"A code holds no {_called(strange[0])}.",
            f"Its signs are {ALPHABET}: look at the code again, sign by sign.",
        )
    if len(signs) != RANDOM + 1:
        raise SokeError(
            f"A code has {RANDOM + 1} signs, and this has {len(signs)}.", "Type it again, in three groups of five."
        )
    if _check_sign(signs[:RANDOM]) != signs[RANDOM]:
        raise SokeError("This code was mistyped: its check sign does not fit.", "Type it again, sign by sign.")
    return signs


def _sign(typed: str) -> str:
    """The sign that a typed character stands for; nothing for what only parts signs; itself where it is something else.

    One character is never read as two signs, nor a letter as another: of a Cyrillic one that looks alike it is told.
    """
    plain, kind = unicodedata.normalize("NFKC", typed).upper(), unicodedata.category(typed)
    parts = kind[0] in "PSZ" or kind == "Cf" or typed in "\t\n\v\f\r" or _INVISIBLE.match(typed)
    if parts or (kind == "Lm" and not plain.isascii()):  # apostrophes and long dashes that count as letters
        return ""
    return plain if len(plain) == 1 else typed


def _called(sign: str) -> str:
    """A character as a message names it: by its name too where the eye would not tell which it is."""
    name = unicodedata.name(sign, "")
    if sign.isascii() and name:
        return f'"{sign}"'
    return f'"{sign}" ({name.lower()})' if unicodedata.category(sign)[0] in "LN" else name.lower() or "control sign"


def _check_sign(signs: str) -> str:
    total = sum(place * _VALUES[sign] for place, sign in enumerate(signs, 1))
    return ALPHABET[total % len(ALPHABET)]


def check_channel(channel: str) -> str:
    if channel not in CHANNELS:
        raise SokeError(f'There is no channel "{channel[:40]}".', f"The channels: {', '.join(CHANNELS)}.")
    return channel


def check_count(count: int) -> int:
    if not 1 <= count <= LARGEST_ISSUE:
        raise SokeError(f"{count:,} codes cannot be issued.", f"Ask for 1 to {LARGEST_ISSUE:,} at a time.")
    return count
