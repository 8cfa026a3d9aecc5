"""What a caller gives: each argument of its type, or a sentence that names the argument and says what to give."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Integral
from pathlib import Path
from typing import TypeVar

from soke.errors import of_type
from soke.text import financial_year, start_year

Given = TypeVar("Given")


def none_or(read: Callable[[object, str], Given], value: object, name: str) -> Given | None:
    """None, or what ``read`` makes of the value."""
    return None if value is None else read(value, name)


def text(value: object, name: str) -> str:
    """A text."""
    return str(of_type(value, str, name, "Give text."))


def whole(value: object, name: str, fix: str = "Give a whole number.") -> int:
    """A whole number."""
    return int(of_type(value, Integral, name, fix))


def path(value: object, name: str) -> Path:
    """The path of a file or folder."""
    return Path(of_type(value, (str, Path), name, "Give the path of a file or folder."))


def names(value: object, name: str) -> list[str]:
    """One name or code, or several."""
    if isinstance(value, str):
        return [value]
    listed = of_type(value, (list, tuple), name, "Give a name or a code, or a list of them.")
    return [text(item, name) for item in listed]


def year(value: object) -> int:
    """The start of a financial year, from its label or itself."""
    fix = f"Give {financial_year(2022)!r}, or 2022 for the year that starts then."
    given = of_type(value, (str, Integral), "year", fix)
    return start_year(given) if isinstance(given, str) else int(given)
