"""How each pound of a place's account is known, and the range that holds the truth four times in five.

Grades, computed from who lives in the area of each own figure, never declared:

here    in the own figure of areas of whose people at least 99 in 100 live in the place; of the year or one either side
wider   in the own figure of an area only partly inside: a board, a force, a county; split by a stated key
key     not measured; shared by a key that is not people
head    shared by people

The half-width of a sum is ``1.2 x sqrt(sum (q80 x unmeasured pounds)^2)``: q80 is the error of a component's key, as a
share, that four places in five stay within. It was tested where the truth is known: ``truth_errors.csv`` and
:mod:`soke.model.accounts.tested`. Lines per head by convention have no band: no place has a figure of them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Floats, baseline
from soke.model.accounts import own
from soke.model.accounts.components import Component, Piece, key_named, pieces, region_of
from soke.model.accounts.own import Figures, OwnFigure
from soke.model.accounts.types import Known

Size = Literal["group", "single"]
INSIDE = 0.99  # of an area's people
DUST = 1e-9  # GBP million: what float64 leaves of a sum that is nought
ALONE = 0.9  # of a place's people: an authority with more of them is the place, for its range
WIDTH = 1.2  # fitted on other regions: covers four measured totals in five
SINGLE = 1.9  # a single authority's error over that of a group, in tests on measured lines
WIDER = {"integrated-care-board": 0.05, "constituency": 0.03}  # error of splitting an area's figure, of a group
WIDER_ELSE, CONSTITUENCY_SINGLE = 0.15, 0.05


@dataclass(frozen=True, slots=True)
class Tested:
    """One row of ``truth_errors.csv``: q80 of a component's unmeasured pounds, of groups and single authorities."""

    component: str
    group: float
    single: float
    how: str  # "between regions", "within regions", "assumed", "convention"
    tested: str  # date

    def of(self, size: Size) -> float:
        return self.group if size == "group" else self.single


@cache
def truth_errors() -> Mapping[str, Tested]:
    text = files(__package__).joinpath("truth_errors.csv").read_text(encoding="utf-8")
    return {
        r["component"]: Tested(r["component"], float(r["group"]), float(r["single"]), r["how"], r["tested"])
        for r in csv.DictReader(io.StringIO(text))
    }


@dataclass(frozen=True, slots=True)
class Pounds:
    """A component's money in a place by grade, GBP million; they sum to its value. ``half_width`` of its own range."""

    component: Component
    here: float
    wider: float
    key: float
    head: float
    year_off: float  # of here and wider, what is of another year
    variance: float  # of the range, before ``WIDTH``

    @property
    def value(self) -> float:
        return self.here + self.wider + self.key + self.head

    @property
    def half_width(self) -> float:
        return WIDTH * float(np.sqrt(self.variance))


def pounds(year: int, place: NDArray[np.bool_], figures: Figures | None = None) -> tuple[Pounds, ...]:
    """Every component of a place (a mask of the 296) by grade, in the order of the components."""
    return tuple(component_pounds(piece, place) for piece in pieces(year, figures))


def size_of(place: NDArray[np.bool_]) -> Size:
    """A single authority with a sliver beside it is no group: its errors do not even out."""
    people = baseline()["population"][place]
    return "group" if people.max() < ALONE * people.sum() else "single"


def component_pounds(piece: Piece, place: NDArray[np.bool_]) -> Pounds:
    """One component of a place by grade."""
    size = size_of(place)
    here = wider = off = variance = 0.0
    factor = counted_factor(piece)
    left = piece.values[place].copy()  # by authority
    for figure in piece.own:
        split = (figure.split * factor)[:, place] * (figure.amounts * ~figure.estimated)[:, None]
        money = split.sum(axis=1)
        inside = figure.people[:, place].sum(axis=1) >= INSIDE
        here += float(money[inside].sum())
        wider += float(money[~inside].sum())
        off += float(money.sum()) if figure.year != piece.year else 0.0
        variance += _wider_variance(figure, money, inside, size)
        left -= split.sum(axis=0)
    left[np.abs(left) <= DUST] = 0.0
    total = float(left.sum())
    variance += (truth_errors()[piece.component.id].of(size) * total) ** 2
    head = float(left_per_head(piece, place, left, factor).sum())
    return Pounds(piece.component, here, wider, total - head, head, off, variance)


def left_per_head(piece: Piece, place: NDArray[np.bool_], left: Floats, factor: Floats) -> Floats:
    """Of what is left unmeasured, what people share; both by authority of the place.

    Not what an own figure shares: one that holds money of other lines, is of another time, or stands in for a body that
    filed nothing.
    """
    named = key_named(piece.component)
    if named is None or not named.per_head or (piece.own and not piece.near):
        return np.zeros(len(left))
    by_people = np.array([rule != "share" for rule in piece.rule])[region_of()][place]
    stand_in = sum((f.split * factor)[:, place].T @ (f.amounts * f.estimated) for f in piece.own)
    out: Floats = (left - stand_in) * by_people
    return out


def counted_factor(piece: Piece) -> Floats:
    """What an own figure is multiplied by where it counts as measured, 0 where it does not; (296,)."""
    if not piece.near:
        return np.zeros(len(region_of()))
    counts = np.array([rule in ("scaled", "kept") for rule in piece.rule])
    out: Floats = np.where(counts, piece.factor, 0.0)[region_of()]
    return out


def _wider_variance(figure: OwnFigure, money: Floats, inside: NDArray[np.bool_], size: Size) -> float:
    """Errors of splitting each kind of area; areas of a kind are taken to err together."""
    total = 0.0
    kinds = own.kinds_of(figure.areas)
    for kind in np.unique(kinds):
        of = (kinds == kind) & ~inside
        q80 = WIDER.get(kind, WIDER_ELSE)
        if size == "single":
            q80 = CONSTITUENCY_SINGLE if kind == "constituency" else q80 * SINGLE
        total += (q80 * float(money[of].sum())) ** 2
    return total


def known(parts: tuple[Pounds, ...]) -> Known:
    """Shares by grade of every pound of the components given."""
    sums = [sum(abs(getattr(p, name)) for p in parts) for name in ("here", "wider", "key", "head", "year_off")]
    whole = sum(sums[:4])
    return Known(*(s / whole for s in sums)) if whole else Known(0.0, 0.0, 0.0, 0.0, 0.0)


def half_width(parts: tuple[Pounds, ...]) -> float:
    """Of the sum of components (of their difference alike), GBP million."""
    return WIDTH * float(np.sqrt(sum(p.variance for p in parts)))
