"""Persons' names, and ids, compared as people read them: ``O'Brien`` is ``O’Brien``, ``RUTH ADEYEMI`` is Ruth Adeyemi.

Each letter is taken for the plain one that it looks like: a capital, an accented, Cyrillic, Greek, full-width or
mathematical letter, a small capital. Apostrophes, and what prints as nothing, are left out; hyphens, dots and spaces of
any kind are one space. Then two names are alike

* when their words are the same, where ``i``, ``l``, ``1`` and ``|`` are one, and so are ``o`` and ``0``, ``rn`` and
  ``m``, ``vv`` and ``w``; words in Greek or Cyrillic also when they are the same in capitals; or
* when their letters are the same without the spaces: Mary-Ann is Maryann. Not both at once, so that Sara Hall is
  nobody like Sarah Ali.

A rule asks this of old entries for ever, so the table (``alike.txt``) is our own and never changes, whatever Unicode
and Python do; its head says what it was made from. Letters that it does not have stand for themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

_PLAIN = str.maketrans(
    {chr(code): " " for code in range(0x80) if not chr(code).isalnum()} | dict.fromkeys("'`\"", "")
    | {capital: capital.lower() for capital in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"} | {"|": "l"}
)  # fmt: skip
_ONE = str.maketrans("i10", "llo")
_GAP = re.compile(r"(?<!\d) | (?!\d)", re.ASCII)  # between two figures it divides numbers
_GREEK = zip(b"\x86\x88\x89\x8a\x8c\x8e\x8f\xac\xad\xae\xaf\xcc\xcd\xce", 2 * "ΑΕΗΙΟΥΩ", strict=True)  # with an accent
_MARKS = {"_": " ", "-": ""}
_CAPITALS: dict[int, str | int] = {
    **{small: small - 0x20 for small in (*range(0x3B1, 0x3C2), *range(0x3C3, 0x3CA), *range(0x430, 0x450))},
    **{small: small - 0x50 for small in range(0x450, 0x460)}, 0x3C2: 0x3A3,
    **{0x300 + accented: capital for accented, capital in _GREEK},
}  # fmt: skip


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    """The plain letters of every letter that looks like some, by its code point."""
    table: dict[int, str] = {}
    for line in (files("soke.register") / "alike.txt").read_text(encoding="ascii").splitlines():
        plain, *codes = line.split()
        for code in codes if plain != "#" else ():
            first, _, last = code.partition("-")
            table |= dict.fromkeys(range(int(first, 16), int(last or first, 16) + 1), _MARKS.get(plain, plain))
    return table


@lru_cache(maxsize=8192)
def _forms(name: str) -> tuple[str, str, str]:
    """What a name is compared by: its words as written, in capitals, and its letters without spaces."""
    written = _plain(name)
    capitals = written if name.isascii() else _plain(name.translate(_CAPITALS))
    return _at_a_glance(written), _at_a_glance(capitals), _GAP.sub("", written)


def _plain(name: str) -> str:
    """Its words in plain letters; the name itself where none is left."""
    return " ".join((name if name.isascii() else name.translate(_table())).translate(_PLAIN).split()) or name


def _at_a_glance(plain: str) -> str:
    return plain.translate(_ONE).replace("rn", "m").replace("vv", "w")


@lru_cache(maxsize=65_536)
def alike(one: str, other: str) -> bool:
    """Whether a reader may take one name for the other.

    >>> alike("O'Brien", "O\\N{RIGHT SINGLE QUOTATION MARK}BRIEN"), alike("Ruth Adeyemi", "Ruth Adey\\u0435mi")
    (True, True)
    >>> alike("Mary-Ann Bell", "Maryann Bell"), alike("Ann Bell", "Anne Bell"), alike("Sara Hall", "Sarah Ali")
    (True, False, False)
    """
    return one == other or any(mine == theirs for mine, theirs in zip(_forms(one), _forms(other), strict=True))


def like(name: str, known: Iterable[str]) -> str:
    """Of those known, the name itself; else the one that is like it; nothing where there is none, or more than one."""
    names = set(known)
    near = [name] if name in names else [one for one in names if alike(name, one)]
    return near[0] if len(near) == 1 else ""


def any_like(name: str, known: Iterable[str]) -> str:
    """Of those known, the first by its letters that is this name or like it; nothing where there is none."""
    names = set(known)
    return name if name in names else min((one for one in names if alike(name, one)), default="")


def first_twice(names: Iterable[str]) -> tuple[str, str] | None:
    """Two names of a list that are alike, or the same: the first such pair."""
    seen: list[str] = []
    for name in names:
        for before in seen:
            if alike(name, before):
                return before, name
        seen.append(name)
    return None
