"""The embedded baseline: place by figure, each column with its own year, source, unit and grade."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from soke.england.history import Past, past
from soke.england.places import places
from soke.england.tables import read_table
from soke.errors import SokeError, of_type
from soke.text import did_you_mean

Grade = Literal["official", "derived", "estimate", "unverified"]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one imported figure comes from."""

    year: str
    source: str


@dataclass(frozen=True, slots=True)
class Column:
    """One figure for the 296 lower-tier and unitary authorities, in code order.

    ``values`` float64 of shape (296,); ``grades`` one grade a place, since a column may be published for some
    places and estimated for others.
    """

    name: str
    unit: str
    year: str
    source: str
    grade: Grade
    note: str
    values: Floats
    grades: tuple[Grade, ...]
    origins: Mapping[str, Origin] = field(default_factory=dict)  # by code, once any was imported

    def year_of(self, code: str) -> str:
        """The year of one place's figure: imported ones may be newer than the rest."""
        return self.origins[code].year if code in self.origins else self.year

    def source_of(self, code: str) -> str:
        """The source of one place's figure: an id of ``sources.csv``, or the imported workbook and its hash."""
        return self.origins[code].source if code in self.origins else self.source


@dataclass(frozen=True, slots=True)
class Baseline:
    """The 2022-23 baseline of the 296 authorities, in code order. ``baseline["jobs"]`` is a column's values."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    regions: tuple[str, ...]  # region code of each place
    classes: tuple[str, ...]  # kind of each place: "london-borough", "metropolitan-district", ...
    area_km2: Floats
    lat: Floats
    lon: Floats
    columns: Mapping[str, Column]
    commuting_of: Callable[[], Floats]  # worked out when first asked for: an account needs none
    past_of: Callable[[], Past]  # likewise

    @property
    def commuting(self) -> Floats:
        """(296 origin, 296 workplace), each row sums to one: one row per origin, 2011."""
        return self.commuting_of()

    @property
    def past(self) -> Past:
        """Output and people of every place so far."""
        return self.past_of()

    def __getitem__(self, name: str) -> Floats:
        try:
            return self.columns[name].values
        except (KeyError, TypeError):
            fix = did_you_mean(of_type(name, str, "name", "Give the name of a column."), self.columns, "See .columns.")
            raise SokeError(f"The baseline has no column {name[:60]!r}.", fix, code="unknown-name") from None

    @property
    def out_of_work(self) -> Floats:
        """People of 16 to 64 who are not in work, for whatever reason, (place,)."""
        return np.asarray(self["population_16_64"] * (1.0 - self["employment_rate"] / 100.0))

    def index(self, code: str) -> int:
        """Where a place stands in every column. SokeError where it is none of today's authorities."""
        if code not in self.codes:
            of_type(code, str, "code", "Give an ONS code.")
            fix = "Give the ONS code of a district, borough or unitary authority of 2023-24."
            raise SokeError(f"The baseline has no place {code[:60]!r}.", fix, code="unknown-place")
        return self.codes.index(code)

    def mask(self, codes: Iterable[str]) -> NDArray[np.bool_]:
        """Boolean (296,): true for the places named."""
        wanted = set(codes)
        return np.array([code in wanted for code in self.codes])


@cache
def baseline() -> Baseline:
    """The embedded baseline. A figure that is not published for a place is graded ``estimate``.

    :mod:`soke.england.replacement` puts imported official figures in its place.
    """
    authorities = places().authorities
    codes = tuple(p.code for p in authorities)
    made = {(r["column"], r["code"]) for r in read_table("estimates")}
    about = read_table("columns")
    columns: dict[str, Column] = {}
    for subject in dict.fromkeys(r["table"] for r in about):
        rows = {r["code"]: r for r in read_table(subject)}
        for meta in (r for r in about if r["table"] == subject):
            name, grade = meta["name"], cast(Grade, meta["grade"])
            columns[name] = Column(
                name=name, unit=meta["unit"], year=meta["year"], source=meta["source"], grade=grade, note=meta["note"],
                values=_frozen(np.array([float(rows[c][name]) for c in codes])),
                grades=tuple("estimate" if (name, c) in made else grade for c in codes),
            )  # fmt: skip
    return Baseline(
        codes=codes,
        names=tuple(p.name for p in authorities),
        regions=tuple(p.region for p in authorities),
        classes=tuple(p.kind for p in authorities),
        area_km2=_frozen(np.array([p.area_km2 for p in authorities])),
        lat=_frozen(np.array([p.lat for p in authorities])),
        lon=_frozen(np.array([p.lon for p in authorities])),
        columns=columns,
        commuting_of=partial(_commuting, codes),
        past_of=past,
    )


@cache
def _commuting(codes: tuple[str, ...]) -> Floats:
    index = {code: i for i, code in enumerate(codes)}
    flows = np.zeros((len(codes), len(codes)))
    for row in read_table("commuting"):
        for flow in row["flows"].split():
            dest, people = flow.split(":")
            flows[index[row["origin"]], index[dest]] = float(people)
    shares: Floats = flows / flows.sum(axis=1, keepdims=True)
    return _frozen(shares)


def _frozen(values: Floats) -> Floats:
    values.setflags(write=False)  # one baseline is shared by all: nobody may change it
    return values
