"""Where the published figures come from: every source by its id, and in words for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from soke.england.baseline import Grade
from soke.england.tables import read_table
from soke.errors import SokeError, of_type
from soke.text import capital, did_you_mean

SHORT = {
    "Department for Education": "DfE",
    "Department for Work and Pensions": "DWP",
    "HM Revenue and Customs": "HMRC",
    "Ministry of Housing, Communities and Local Government": "MHCLG",
    "Office for National Statistics": "ONS",
    "Valuation Office Agency": "VOA",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A published source, a row of ``sources.csv``. ``url`` is the publisher's own page, empty where none is known."""

    id: str
    publisher: str
    title: str  # as it stands within a sentence
    year: str
    licence: str
    grade: Grade
    url: str

    @property
    def heading(self) -> str:
        """The title where it stands alone."""
        return capital(self.title)

    def __str__(self) -> str:
        return f"{SHORT.get(self.publisher, self.publisher)}, {self.title}"


@cache
def sources() -> Mapping[str, Source]:
    """Every source by id, in the order of the catalogue."""
    return MappingProxyType({row["id"]: Source(**row) for row in read_table("sources")})  # type: ignore[arg-type]


def source(id_: str) -> Source:
    """One source. SokeError, with the nearest names, for an id that is none.

    >>> source("ons-regional-accounts").publisher
    'Office for National Statistics'
    >>> source("ons-regional-account")
    Traceback (most recent call last):
    soke.errors.SokeError: No source has the id 'ons-regional-account'. Did you mean ons-regional-accounts, ...?
    """
    found = sources().get(of_type(id_, str, "id", "Give the id of a source, as text."))
    if found is None:
        fix = did_you_mean(id_, sources(), "The ids are those of src/soke/england/tables/sources.csv.")
        raise SokeError(f"No source has the id {id_[:60]!r}.", fix, code="unknown-name")
    return found


def each(ids: str | Iterable[str]) -> tuple[Source, ...]:
    """The sources of a figure, each once: a list of ids, or one text as tables have it, ``mhclg-band-d, ons-gva``.

    SokeError for an id that is none.
    """
    listed = ids.split(", ") if isinstance(ids, str) else ids
    return tuple(source(id_) for id_ in dict.fromkeys(listed))


def named(ids: str | Iterable[str]) -> str:
    """The same in words: publisher and title of each. SokeError for an id that is none.

    >>> named("ons-regional-accounts, mhclg-band-d")
    'ONS, country and regional public sector finances; MHCLG, Band D council tax by area'
    """
    return "; ".join(map(str, each(ids)))
