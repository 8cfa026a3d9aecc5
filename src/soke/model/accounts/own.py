"""Own figures: money of a tax or a service that a public body records, or is allocated, for a named area.

An area may be an authority, or wider: a constituency, an integrated care board, a police force. Its money is split
among the authorities that it covers by a stated key; the split never makes the figure theirs
(:mod:`soke.model.accounts.truth`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Floats, baseline
from soke.england.tables import read_table


@dataclass(frozen=True, slots=True)
class OwnFigure:
    """One figure in one year: GBP million by area, and its split among the authorities.

    ``people`` and ``split`` (area, 296): rows sum to one; where people of the area live, and where its money is put.
    ``estimated`` (area,): the body filed nothing for the year, so that the figure is not its own.
    """

    name: str
    year: int
    areas: tuple[str, ...]
    amounts: Floats  # (area,)
    estimated: NDArray[np.bool_]
    people: Floats
    split: Floats
    imported: bool = False  # by the user, from an official workbook

    @property
    def places(self) -> Floats:
        """What falls to each authority, (296,)."""
        out: Floats = self.amounts @ self.split
        return out

    def moved(self, growth: float) -> OwnFigure:
        """The same figure in the money of another year."""
        return replace(self, amounts=self.amounts * growth)


AUTHORITY = "authority"
PART = 0.5  # of a place's people: fewer in all areas of a kind, and the rest of the place lay in none (Christchurch)
NHS = {"nhs-core": "core", "nhs-primary-medical": "primary_medical", "nhs-other-primary": "people_registered",
       "nhs-running-costs": "people_registered"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Area:
    """What an own figure is of: an authority itself, or a body or constituency over several."""

    code: str
    name: str
    kind: str  # "constituency", "integrated-care-board", "police", "fire", "county", ... or "authority"


@cache
def areas() -> Mapping[str, Area]:
    """Every area wider than an authority, or across authorities, by code."""
    return {row["area"]: Area(row["area"], row["name"], row["kind"]) for row in read_table("areas")}


def area(code: str) -> Area:
    """An area by code, authorities included."""
    return areas().get(code) or Area(code, baseline().names[baseline().index(code)], AUTHORITY)


def kinds_of(codes: Iterable[str]) -> NDArray[np.str_]:
    """The kind of each area, (area,)."""
    known = areas()
    return np.array([known[code].kind if code in known else AUTHORITY for code in codes])


@cache
def _people() -> Mapping[str, Floats]:
    """People of each area by authority, (296,); an authority is its own."""
    index = {code: i for i, code in enumerate(baseline().codes)}
    out = {code: np.zeros(len(index)) for code in areas()}
    for row in read_table("areas"):
        out[row["area"]][index[row["place"]]] += float(row["people"])
    for code, i in index.items():
        out.setdefault(code, np.zeros(len(index)))[i] = 1.0
    return out


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """Every own figure to hand: GBP million by figure, year and area.

    ``estimated``: (figure, area, year) whose body filed nothing. ``workbooks``: figures that the user imported, and the
    workbook of each; the others are shipped. ``files``: every workbook that the user imported, in words.
    """

    amounts: Mapping[str, Mapping[int, Mapping[str, float]]]
    estimated: frozenset[tuple[str, str, int]]
    workbooks: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    def years(self, figure: str) -> Sequence[int]:
        """Financial years of which there is a figure, ascending; none where the figure is not to hand."""
        return sorted(self.amounts.get(figure, ()))

    def get(self, name: str, year: int, weights: Floats) -> OwnFigure:
        """A figure of a year that :meth:`years` gives; ``weights`` (296,) split an area among its authorities.

        An allocation of the NHS is split by NHS England's weighted population of the board instead.
        """
        amounts = self.amounts[name][year]
        codes = tuple(sorted(amounts))
        people, parts = _cover(codes)
        split = np.stack([_nhs_weights(NHS[name])[code] for code in codes]) if name in NHS else parts * weights
        return OwnFigure(
            name, year, codes, np.array([amounts[c] for c in codes]),
            np.array([(name, c, year) in self.estimated for c in codes]),
            people, split / split.sum(axis=1, keepdims=True),
            shipped().amounts.get(name, {}).get(year) is not amounts,
        )  # fmt: skip


@cache
def shipped() -> Figures:
    """The own figures that the package ships."""
    amounts: dict[str, dict[int, dict[str, float]]] = {}
    rows = read_table("own_figures")
    years = [(name, int(name)) for name in rows[0] if name.isdigit()]
    for row in rows:
        by = amounts.setdefault(row["figure"], {})
        for name, year in years:
            if row[name]:
                by.setdefault(year, {})[row["area"]] = float(row[name])
    bills = read_table("council_tax_history")
    amounts["council-tax"] = {int(y): {r["code"]: float(r[y]) for r in bills} for y in bills[0] if y.isdigit()}
    estimated = {(row["figure"], row["area"], int(row["year"])) for row in read_table("own_estimates")}
    return Figures(amounts, frozenset(estimated))


def _cover(codes: tuple[str, ...]) -> tuple[Floats, Floats]:
    """What areas cover, both (area, 296): where their people live, rows summing to one; and the part of each place's
    people that lives in them, of those in areas of their kind. A place that no area cuts lies whole in its own.
    """
    shape, at, *held = _covered(codes)
    people, parts = np.zeros(shape), np.zeros(shape)
    for values, known in zip((people, parts), held, strict=True):
        values.flat[at] = known
    return people, parts


@lru_cache(maxsize=32)  # two years of every figure: a year after another takes mostly the same areas
def _covered(codes: tuple[str, ...]) -> tuple[tuple[int, ...], NDArray[np.intp], Floats, Floats]:
    """The same where it is not nought, which is seldom: the shape, where, and both values."""
    people = np.stack([_people()[code] for code in codes])
    kinds, parts = kinds_of(codes), np.zeros_like(people)
    for kind in np.unique(kinds):
        of = kinds == kind
        whole = people[of].sum(axis=0)
        whole = np.where(whole < PART * baseline()["population"], baseline()["population"], whole)
        parts[of] = people[of] / whole
    people = people / people.sum(axis=1, keepdims=True)
    at = np.flatnonzero((people != 0) | (parts != 0))
    return people.shape, at, people.flat[at], parts.flat[at]


@cache
def _nhs_weights(column: str) -> Mapping[str, Floats]:
    index = {code: i for i, code in enumerate(baseline().codes)}
    out: dict[str, Floats] = {}
    for row in read_table("nhs_weights"):
        if row["year"] == "2023":
            out.setdefault(row["area"], np.zeros(len(index)))[index[row["place"]]] += float(row[column])
    return out
