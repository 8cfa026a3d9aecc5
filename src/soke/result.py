"""What a call of the library gives back: tables by id, one that sums them up, and how a notebook shows it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from soke.errors import SokeError, of_type
from soke.table import Answer, Table
from soke.text import did_you_mean

Of_co = TypeVar("Of_co", covariant=True)


class Result(ABC):
    """The tables of one question. ``print`` and a notebook show the summary."""

    __slots__ = ()

    @property
    @abstractmethod
    def tables(self) -> Mapping[str, Table]:
        """Every table by id."""

    @abstractmethod
    def summary(self) -> Table:
        """What to read first: a table whose caption is the answer in a sentence."""

    def table(self, name: str) -> Table:
        """One table by id. SokeError with the nearest names where there is none."""
        if of_type(name, str, "name", "Give the id of a table, as text.") in self.tables:
            return self.tables[name]
        fix = did_you_mean(name, self.tables, f"There are {', '.join(self.tables)}.")
        raise SokeError(f"There is no table {name[:60]!r}.", fix, code="unknown-name")

    def __str__(self) -> str:
        return str(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


@dataclass(frozen=True, slots=True)
class Answered(Result, Generic[Of_co]):
    """An answer with what it was worked out as: ``value`` is the model's own result, ``shown`` what to read first.

    >>> from soke.table import Column
    >>> towns = Table.of("towns", "One town", [Column("name", "place")], [["Leeds"]])
    >>> answered = Answered(1, Answer(towns), towns)
    >>> answered.value, answered.table("towns").records()
    (1, [{'name': 'Leeds'}])
    >>> answered.table("town")
    Traceback (most recent call last):
    soke.errors.SokeError: There is no table 'town'. Did you mean towns?
    """

    value: Of_co
    answer: Answer
    shown: Table

    @property
    def tables(self) -> dict[str, Table]:
        return {table.id: table for table in (self.answer.table, *self.answer.tables)}

    def summary(self) -> Table:
        return self.shown
