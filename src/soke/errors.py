"""The one error that people see: a plain sentence, the place it is about, what to do, and a code for programs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

# What a program may tell apart without reading the sentence. All else is ``bad-input``.
CODES = {
    "bad-input": "What was given cannot be used.",
    "bad-type": "An argument is not of the type that it takes.",
    "bad-year": "A year is none, or none that is covered.",
    "unknown-place": "No place, area or authority is called so.",
    "unknown-name": "Nothing that Soke knows has this name: a rule, a table, a parameter, an id.",
    "no-file": "The file or folder is not there.",
    "file-refused": "A file cannot be read, or written where it should go.",
    "too-large": "More than the limit that keeps a machine usable.",
    "not-installed": "An optional library is missing.",
    "damaged": "A register or a published file is not what it was.",
    "refused": "A rule of the register does not allow this entry now.",
}


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file: 1-based line and column. Prints as ``file:line:column``."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class SokeError(Exception):
    """Bad input, said in one sentence with where and what to do. The command line exits with status 2.

    >>> error = SokeError("There is no such file.", "Check the name.", Location("deal.toml", 3), code="no-file")
    >>> print(error)
    deal.toml:3:1: There is no such file. Check the name.
    >>> error.code in CODES
    True

    ``fact`` is what is wrong, ``fix`` what to do, ``where`` an optional :class:`Location` or a name, ``code`` one of
    :data:`CODES`, for programs.
    """

    def __init__(
        self, fact: str, fix: str = "", where: Location | str | None = None, *, code: str = "bad-input"
    ) -> None:
        self.fact = fact
        self.fix = fix
        self.where = where
        self.code = code
        super().__init__(str(self))

    def __str__(self) -> str:
        head = f"{self.where}: " if self.where else ""
        tail = f" {self.fix}" if self.fix else ""
        return f"{head}{self.fact}{tail}"


class Faults:
    """What is wrong with one file, all of it: gathered while it is read on, and refused at once in one list.

    >>> faults = Faults("list.csv")
    >>> for line in (3, 7):
    ...     with faults.caught():
    ...         raise SokeError("The cost is empty.", "Write an amount.", Location("list.csv", line))
    >>> faults.refuse()
    Traceback (most recent call last):
    soke.errors.SokeError: list.csv:3:1: The cost is empty. Write an amount.
    1 thing more is wrong:
      line 7: The cost is empty.
    """

    MOST_SHOWN = 40

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.found: list[SokeError] = []

    @contextmanager
    def caught(self) -> Iterator[None]:
        """What is wrong with one part is noted, and the parts after it are looked at too."""
        try:
            yield
        except SokeError as error:
            self.found.append(error)

    def refuse(self) -> None:
        """SokeError where anything was found: the first by its line, and below it all others, a line each."""
        if not self.found:
            return
        first, *others = sorted(self.found, key=_line)
        if not others:
            raise first
        said = [_told(one, first.fix) for one in others[: self.MOST_SHOWN]]
        if len(others) > self.MOST_SHOWN:
            said.append(f"  and {len(others) - self.MOST_SHOWN:,} more.")
        head = "1 thing more is wrong:" if len(others) == 1 else f"{len(others):,} things more are wrong:"
        raise SokeError(first.fact, "\n".join([first.fix, head, *said]), first.where or self.shown, code=first.code)


def _line(error: SokeError) -> int:
    return error.where.line if isinstance(error.where, Location) else 0


def _told(error: SokeError, fix: str) -> str:
    """An error as a line of a list; what to do is not said again where it is the ``fix`` that was said."""
    where = f"line {error.where.line}: " if isinstance(error.where, Location) else ""
    return f"  {where}{' '.join(error.fact.split())}{f' {error.fix}' if error.fix != fix else ''}".rstrip()


def of_type(value: Any, types: Any, name: str, fix: str) -> Any:
    """The value of an argument that is of a type, or one of a tuple of types; True is no number.

    SokeError that names the argument, and says how to ``fix`` it, where it is of another type.
    """
    wanted = types if isinstance(types, tuple) else (types,)
    if isinstance(value, wanted) and not (isinstance(value, bool) and bool not in wanted):
        return value
    raise SokeError(f"{name} is of the type {type(value).__name__}.", fix, name, code="bad-type")
