"""A line of the regional accounts in components: own figures where a public body has them, a key for what is left.

``components.csv`` says of each component what its control is (the regional amount that it sums to), which own figure it
has, and by which key the rest is shared. Per region, with S the sum of own figures and q = control / S::

    0.9 to 1.1   own x q                                 the same thing at another time or border: all of it counts
    over 1.1     own + (control - S) x key's share       the remainder is other money: the own figure alone counts
    under 0.9    own x q                                 it holds money of other lines: only a share, nothing counts

Nothing is scaled across 1.1, and no remainder is dropped: a line sums to its region's published figure. An own figure
of another year is first moved by England's growth of the line between the two years.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Floats, baseline
from soke.model.accounts import regional as published
from soke.model.accounts.keys import Key, keys
from soke.model.accounts.own import Figures, OwnFigure, shipped
from soke.model.accounts.regional import LineSpec

LEAST, MOST = 0.9, 1.1  # q within which an own figure and its control are the same thing
REST, OWN, ACADEMIES = "rest", "own", "academies"
ACADEMY_SHARE, ACADEMY_FLOOR = 0.9, 0.1  # of a council's education that is schools'; of a district's schools, at least
Rule = Literal["scaled", "kept", "share", "none"]


@dataclass(frozen=True, slots=True)
class Component:
    """One row of ``components.csv``. ``id`` is the line's, with the component's own after a full stop."""

    id: str
    spec: LineSpec
    title: str
    control: str  # "" for the whole line, "rest", or sub-functions and sectors
    figures: tuple[str, ...]  # own figures, added up
    split: str  # the key that splits a wider area's figure
    held: bool  # whether an own figure more than a year off still shares, rather than the key
    key: str

    @property
    def line(self) -> str:
        return self.spec.id

    @property
    def local(self) -> bool:
        """Whether its control is local government's alone."""
        return bool(self.control) and all(term.endswith("/LG") for term in self.control.split(";"))


@dataclass(frozen=True, slots=True)
class Piece:
    """A component in a year, GBP million: ``(9,)`` by region as :func:`regions` has them, ``(296,)`` by authority."""

    component: Component
    year: int
    control: Floats  # (9,)
    own: tuple[OwnFigure, ...]  # moved to the year
    growth: float  # by which they were moved
    own_places: Floats  # (296,)
    own_sum: Floats  # (9,)
    rule: tuple[Rule, ...]  # (9,)
    factor: Floats  # (9,) what the own figure is multiplied by
    weights: Floats  # (296,) that share what is left
    values: Floats  # (296,)

    @property
    def q(self) -> Floats:
        """Control over the sum of own figures, (9,); not a number where there are none."""
        return _ratio(self.control, self.own_sum)

    @property
    def rest(self) -> Floats:
        """What the key shares in each region, (9,)."""
        out: Floats = self.control - self.own_sum * self.factor
        return out

    @property
    def own_year(self) -> int | None:
        return self.own[0].year if self.own else None

    @property
    def near(self) -> bool:
        """Whether the own figure is of the year or of one year either side, so that it can count as measured."""
        return self.own_year is not None and abs(self.own_year - self.year) <= 1


@cache
def components() -> tuple[Component, ...]:
    """Every component, in the order of the lines; the residual lines last."""
    specs = {spec.id: spec for spec in published.line_specs()}
    text = files(__package__).joinpath("components.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    rows += [dict.fromkeys(rows[0], "") | {"line": s.id, "key": "people"} for s in specs.values() if s.residual]
    return tuple(
        Component(
            f"{r['line']}.{r['component']}" if r["component"] else r["line"], specs[r["line"]],
            r["title"] or specs[r["line"]].title, r["control"],
            tuple(f for f in r["figure"].split(";") if f), r["split"], r["far"] == "share", r["key"],
        )
        for r in rows
    )  # fmt: skip


@cache
def regions() -> tuple[str, ...]:
    """Codes of the nine regions."""
    return tuple(sorted(set(baseline().regions)))


@cache
def region_of() -> NDArray[np.int64]:
    """The index of each authority's region, (296,)."""
    return np.array([regions().index(code) for code in baseline().regions])


def by_region(values: Floats) -> Floats:
    """Sums over the authorities of each region: (..., 296) to (..., 9)."""
    out: Floats = values @ _inside()
    return out


@cache
def _inside() -> Floats:
    """One where an authority lies in a region, else nought: (296, 9)."""
    out: Floats = (region_of()[:, None] == np.arange(len(regions()))).astype(float)
    return out


def shared(weights: Floats) -> Floats:
    """Each authority's share of its region's weights, (296,)."""
    out: Floats = np.nan_to_num(_ratio(weights, by_region(weights)[region_of()]))
    return out


def _ratio(above: Floats, below: Floats) -> Floats:
    """``above / below``, not a number where ``below`` is nought."""
    out: Floats = np.full(len(above), np.nan)
    np.divide(above, below, out=out, where=below != 0)
    return out


@cache
def key_shares(key: str, year: int) -> Floats:
    """Each authority's share of its region by a named key, (296,)."""
    return _frozen(shared(keys()[key].weights(year)))


@cache
def pieces(year: int, figures: Figures | None = None) -> tuple[Piece, ...]:
    """Every component of a year, where people live; own figures as shipped unless others are given.

    Raises SokeError for a year without accounts.
    """
    return pieces_once(year, figures)


def pieces_once(year: int, figures: Figures | None = None) -> tuple[Piece, ...]:
    """The same, not kept: every year of them together is most of a gigabyte."""
    published.check_year(year)
    out: list[Piece] = []
    for component in components():
        out.append(_piece(component, year, out, figures or shipped()))
    return tuple(out)


def _piece(component: Component, year: int, before: list[Piece], to_hand: Figures) -> Piece:
    control = _control(component, year, before)
    figures, growth = _own(component, year, to_hand)
    places = np.sum([f.places for f in figures], axis=0) if figures else np.zeros(len(region_of()))
    total = by_region(places)
    q = _ratio(control, np.maximum(total, 0.0))
    rule = tuple(_rule(x) for x in q)
    factor = np.array([{"scaled": x, "share": x, "kept": 1.0, "none": 0.0}[r] for r, x in zip(rule, q, strict=True)])
    weights = _weights(component, year, places, control, before)
    values = places * factor[region_of()] + (control - total * factor)[region_of()] * shared(weights)
    return Piece(component, year, control, figures, growth, places, total, rule, factor, weights, _frozen(values))


def _rule(q: float) -> Rule:
    if not np.isfinite(q) or q <= 0:
        return "none"
    return "share" if q < LEAST else "scaled" if q <= MOST else "kept"


def published_by_region(spec: LineSpec, year: int) -> Floats:
    """A line's published figure in each region, (9,), GBP million."""
    return np.array([published.regional(code, spec, year) for code in regions()])


def _control(component: Component, year: int, before: list[Piece]) -> Floats:
    line = published_by_region(component.spec, year)
    if component.control == REST:
        rest: Floats = line - np.sum([p.control for p in before if p.component.line == component.line], axis=0)
        return rest
    if component.control:
        return np.array([published.control(c, component.line, component.control, year) for c in regions()])
    return line


def _own(component: Component, year: int, to_hand: Figures) -> tuple[tuple[OwnFigure, ...], float]:
    """The own figures of the nearest year, moved by England's growth of the line; and that growth."""
    names = [name for name in component.figures if to_hand.years(name)]
    if not names:
        return (), 1.0
    common = set.intersection(*[set(to_hand.years(name)) for name in names])
    near = min(common, key=lambda y: (abs(y - year), y), default=year + 2)
    if near not in common or (abs(near - year) > 1 and not component.held):
        return (), 1.0
    growth = _england(component.spec, year) / _england(component.spec, min(near, published.LAST))
    weights = keys()[component.split].weights(year)
    return tuple(to_hand.get(name, near, weights).moved(growth) for name in names), growth


def _england(spec: LineSpec, year: int) -> float:
    return published.regional(published.ENGLAND, spec, year)


def _weights(component: Component, year: int, places: Floats, control: Floats, before: list[Piece]) -> Floats:
    if component.key == OWN:
        return np.maximum(places, 0.0)
    if component.key == ACADEMIES:
        return _academies(component.line, year, control, before)
    return keys()[component.key].weights(year)


def _academies(line: str, year: int, control: Floats, before: list[Piece]) -> Floats:
    """A district's part of its region's schools, less what its council spends on them: what is left are academies."""
    councils = next(p for p in before if p.component.line == line and p.component.key == "schools")
    here = control + ACADEMY_SHARE * councils.control
    schools = here[region_of()] * key_shares("schools", year)
    return np.maximum(ACADEMY_FLOOR * schools, schools - ACADEMY_SHARE * councils.own_places)


def key_named(component: Component) -> Key | None:
    """The named key of a component; None where its own figures or the academies' rule share what is left."""
    return keys().get(component.key)


def _frozen(values: Floats) -> Floats:
    values.setflags(write=False)
    return values
