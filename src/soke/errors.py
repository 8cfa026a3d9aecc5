"""The one error that people see: a plain sentence, the place it is about, and what to do."""

from __future__ import annotations

from dataclasses import dataclass


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

    ``fact`` is what is wrong, ``fix`` what to do, ``where`` an optional :class:`Location` or a name.
    """

    def __init__(self, fact: str, fix: str = "", where: Location | str | None = None) -> None:
        self.fact = fact
        self.fix = fix
        self.where = where
        super().__init__(str(self))

    def __str__(self) -> str:
        head = f"{self.where}: " if self.where else ""
        tail = f" {self.fix}" if self.fix else ""
        return f"{head}{self.fact}{tail}"
