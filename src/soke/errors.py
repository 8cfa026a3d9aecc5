"""The one error that people see: a plain sentence, the place it is about, what to do, and a code for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    """All that is wrong with what is read together: gathered while it is read on, and refused at once in one list.

    >>> faults = Faults()
    >>> for line in (3, 7, 9):
    ...     with faults.caught():
    ...         raise SokeError("The cost is empty." if line < 9 else "No id.", "Mend it.", Location("list.csv", line))
    >>> faults.refuse()
    Traceback (most recent call last):
    soke.errors.SokeError: list.csv:3:1: The cost is empty. The same on line 7. Mend it.
    1 thing more is wrong:
      line 9: No id.
    """

    def __init__(self, shown: str = "") -> None:
        self.shown = shown  # the file, where it is one
        self.found: list[SokeError] = []

    @contextmanager
    def caught(self) -> Iterator[None]:
        """What is wrong with one part is noted, and the parts after it are looked at too."""
        try:
            yield
        except SokeError as error:
            self.found.append(error)

    def add(self, file: str, line: int, error: SokeError) -> None:
        """What is wrong on a line of a file; 0 for the whole file."""
        self.found.append(SokeError(error.fact, error.fix, f"{file}:{line}" if line else file, code=error.code))

    def refuse(self) -> None:
        """SokeError where anything was found."""
        if self.found:
            raise all_of(self.found)


MOST_FAULTS, MOST_LINES = 40, 12  # that are told


def all_of(faults: Sequence[SokeError]) -> SokeError:
    """One error for all: the first by its file and line, below it the others; the same fault once, with its lines."""
    files = list(dict.fromkeys(_place(fault)[0] for fault in faults))
    first, *_ = ordered = sorted(faults, key=lambda fault: (files.index(_place(fault)[0]), _place(fault)[1]))
    alike: dict[tuple[str, str, str], list[int]] = {}
    for fault in ordered:
        alike.setdefault((_place(fault)[0], fault.fact, fault.fix), []).append(_place(fault)[1])
    (here, _, _), *others = alike
    also = [line for line in alike[here, first.fact, first.fix][1:] if line]
    fact = f"{first.fact} The same on {_lines(also)}." if also else first.fact
    if not others:
        return type(first)(fact, first.fix, first.where, code=first.code)
    said = [_told(file, what, fix, alike[file, what, fix], here, first.fix) for file, what, fix in others[:MOST_FAULTS]]
    if len(others) > MOST_FAULTS:
        said.append(f"  and {len(others) - MOST_FAULTS:,} more.")
    head = "1 thing more is wrong:" if len(others) == 1 else f"{len(others):,} things more are wrong:"
    return type(first)(fact, "\n".join([first.fix, head, *said]), first.where, code=first.code)


def _place(error: SokeError) -> tuple[str, int]:
    """File and line; line 0 where none is said."""
    if isinstance(error.where, Location):
        return error.where.file, error.where.line
    file, _, line = (error.where or "").rpartition(":")
    return (file, int(line)) if file and line.isdecimal() else (error.where or "", 0)


def _told(file: str, fact: str, fix: str, lines: list[int], here: str, said: str) -> str:
    """A fault as a line of a list: its file where it is another than ``here``; its fix where it is not ``said``."""
    where = ", ".join(filter(None, [file if file != here else "", _lines(lines) if lines[0] else ""]))
    return f"  {where}{': ' if where else ''}{' '.join(fact.split())}{f' {fix}' if fix != said else ''}".rstrip()


def _lines(lines: Sequence[int]) -> str:
    """``line 3``; ``lines 3, 5 and 8``; no more than a few by number."""
    if len(lines) == 1:
        return f"line {lines[0]}"
    named, more = [str(line) for line in lines[:MOST_LINES]], len(lines) - MOST_LINES
    last = f"{more:,} more" if more > 0 else named.pop()
    return f"lines {', '.join(named)} and {last}"


def of_type(value: Any, types: Any, name: str, fix: str) -> Any:
    """The value of an argument that is of a type, or one of a tuple of types; True is no number.

    SokeError that names the argument, and says how to ``fix`` it, where it is of another type.
    """
    wanted = types if isinstance(types, tuple) else (types,)
    if isinstance(value, wanted) and not (isinstance(value, bool) and bool not in wanted):
        return value
    raise SokeError(f"{name} is of the type {type(value).__name__}.", fix, name, code="bad-type")
