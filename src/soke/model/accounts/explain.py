"""The sum behind a number of an account, with all that is needed to work it out by hand.

A line in a place is, over its components and the regions in which the place lies::

    own here x factor  +  (control - own of the region x factor) x weight here / weight of the region

and ``own here`` is, over areas, what they filed x growth x the share of it that falls to the place. A total is the sum
of its lines; the gap is spending less receipts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from soke.england.baseline import Floats
from soke.errors import SokeError
from soke.model.accounts import own
from soke.model.accounts import regional as published
from soke.model.accounts.account import account, mask
from soke.model.accounts.apportion import SINGLE, Basis, generated, line_matrix
from soke.model.accounts.components import (
    Piece,
    by_region,
    components,
    key_named,
    pieces,
    published_by_region,
    region_of,
    regions,
)
from soke.model.accounts.definitions import DEFINITIONS, counts
from soke.model.accounts.keys import Key, keys
from soke.model.accounts.own import Figures
from soke.model.accounts.regional import LineSpec
from soke.model.accounts.truth import INSIDE, Pounds, component_pounds, size_of, truth_errors
from soke.model.accounts.types import Account
from soke.text import capital, did_you_mean

TOTALS = ("raised", "spent", "gap", "all taxes", "core taxes", "UK borrowing", "lower tax", "higher spending")
ALSO = {"all receipts": "raised", "receipts": "raised", "total managed expenditure": "spent", "spending": "spent",
        "borrowing": "UK borrowing"}  # fmt: skip
# what shares where no named key does: the words and the sources
UNNAMED = {
    "own": ("its own figures", "mhclg-revenue-outturn"),
    "academies": ("schools' grants less what councils spend on their own schools",
                  "dfe-school-funding-2020-21, mhclg-revenue-outturn"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AreaPart:
    """An own figure's area, and what of it falls to the place."""

    component: str
    region: str
    figure: str
    area: own.Area
    year: int
    filed: float  # GBP million, as recorded or allocated
    growth: float
    share: float  # of it, what falls to the place and this region
    inside: float  # share of the area's people who live in the place
    estimated: bool
    imported: bool

    @property
    def here(self) -> float:
        return self.filed * self.growth * self.share

    @property
    def whole(self) -> bool:
        return self.inside >= INSIDE


@dataclass(frozen=True, slots=True)
class RegionPart:
    """A component in one region: what the region has, and what of it falls to the place."""

    component: str
    region: str
    control: float
    own_here: float
    own_region: float
    growth: float
    rule: str
    factor: float
    weight_here: float
    weight_region: float
    value: float

    @property
    def q(self) -> float | None:
        return self.control / self.own_region if self.own_region else None

    @property
    def rest(self) -> float:
        """What the key shares in the region."""
        return self.control - self.own_region * self.factor


@dataclass(frozen=True, slots=True)
class ComponentPart:
    """A component of a line in a place."""

    pounds: Pounds
    key: str  # words
    sources: str  # ids
    q80: float
    how: str  # how ``q80`` was tested
    regions: tuple[RegionPart, ...]
    areas: tuple[AreaPart, ...]


@dataclass(frozen=True, slots=True)
class MovedPart:
    """A line of one region on another basis than residence, and what of it falls to the place."""

    region: str
    home: float  # what people of the place pay there
    moved_share: float  # of the tax, what goes to where it is earned
    region_home: float
    region_generated: float
    weight_here: float
    weight_region: float
    value: float
    key: str  # by which it moves, in words
    sources: str  # ids


@dataclass(frozen=True, slots=True)
class LineSum:
    """A line of a place, worked out."""

    line: str
    title: str
    basis: Basis
    value: float
    per_head: float
    england_per_head: float
    half_width: float | None
    components: tuple[ComponentPart, ...]
    moved: tuple[MovedPart, ...]  # on another basis than residence
    published: bool  # of whole regions: the publisher's own figures


@dataclass(frozen=True, slots=True)
class Addend:
    """A line in a total: its value with its sign there, and its part in the total's range."""

    line: str
    title: str
    value: float
    half_width: float | None
    squared_share: float  # of the total's squared half-width


@dataclass(frozen=True, slots=True)
class TotalSum:
    """A total of a place: the sum of its lines, and the people and UK figures where it is a part of the gap."""

    title: str
    value: float
    half_width: float | None
    addends: tuple[Addend, ...]  # every line, largest part of the range first
    head_share: float | None = None  # the place's people over the UK's
    uk_receipts: float | None = None
    uk_spending: float | None = None


def explain(
    codes: Sequence[str], year: int, what: str, basis: Basis = "residence", figures: Figures | None = None,
    also: Iterable[str] = (),
) -> LineSum | TotalSum:  # fmt: skip
    """The sum behind a line (by id or title) or a total of :data:`TOTALS`. SokeError for what is neither, naming the
    nearest of these and of ``also``."""
    here = mask(codes)
    wanted = " ".join(what.split()).casefold()
    for total in TOTALS:
        if wanted.replace("-", " ") in (total.casefold(), *(k for k, v in ALSO.items() if v == total)):
            if basis == "economy":
                return _taxes_generated(total, year, here, figures)
            return _total(total, account(codes, year, basis, figures=figures))
    for spec in published.line_specs():
        if wanted in (spec.id, plain_title(spec.title).casefold(), spec.title.casefold()):
            return _line(spec, account(codes, year, figures=figures), basis, here, figures)
    whole = {plain_title(c.spec.title) for c in components() if c.title.casefold() == wanted}
    if len(whole) == 1:
        raise SokeError(
            f"{what[:60]!r} is a part of a line.",
            f"Ask for --explain {whole.pop()!r}: it has every part.",
            code="unknown-name",
        )
    known = [*TOTALS, *(plain_title(s.title) for s in published.line_specs()), *also]
    raise SokeError(
        f"No line of the account is called {what[:60]!r}.",
        did_you_mean(what[:60], known, "Add --lines to see every line; or ask for raised, spent or gap."),
        code="unknown-name",
    )


def explain_every(a: Account, figures: Figures | None = None) -> dict[str, LineSum | TotalSum]:
    """The sums behind every total of an account where people live, by its words in :data:`TOTALS`, and behind every
    line, by id. ``figures``: the own figures that it was made with.
    """
    here = mask(a.codes)
    lines = {item.line.id for item in a.lines}
    sums: dict[str, LineSum | TotalSum] = {total: _total(total, a) for total in TOTALS}
    return sums | {s.id: _line(s, a, "residence", here, figures) for s in published.line_specs() if s.id in lines}


def plain_title(title: str) -> str:
    """The publisher's words without the parts that only place the row in its table."""
    text = title.removeprefix("1. of which: ").removeprefix("4. of which: ").removesuffix(", of which:")
    number, _, rest = text.partition(". ")
    plain = rest if number.isdigit() and rest else text
    return capital(plain)


def _line(spec: LineSpec, a: Account, basis: Basis, here: NDArray[np.bool_], figures: Figures | None) -> LineSum:
    item = next(x for x in a.lines if x.line.id == spec.id)
    mine = [p for p in pieces(a.year, figures) if p.component.line == spec.id]
    parts = tuple(_component(piece, here) for piece in mine) if basis != "single" else ()
    moved: tuple[MovedPart, ...] = ()
    if basis == "single":
        moved = _by_one_share(spec, a.year, here)
    elif basis == "economy" and spec.side == "spending":
        raise SokeError("On the economy basis there are taxes only.", "Ask for the line on --basis residence.")
    elif basis == "economy" and spec.economy_key:
        moved = _generated(spec, a.year, here, figures)
    value, width = (sum(part.value for part in moved), None) if moved else (item.value, item.half_width)
    return LineSum(
        spec.id, plain_title(spec.title), basis, value, value * 1e6 / a.population, item.england_per_head, width, parts,
        moved, a.published,
    )  # fmt: skip


def _by_one_share(spec: LineSpec, year: int, here: NDArray[np.bool_]) -> tuple[MovedPart, ...]:
    """The published figure of each region times the place's part of it by the one key of the side."""
    control = published_by_region(spec, year)
    return _moved(np.zeros(len(here)), 1.0, control, control, keys()[SINGLE[spec.side]], year, here)


def _generated(spec: LineSpec, year: int, here: NDArray[np.bool_], figures: Figures | None) -> tuple[MovedPart, ...]:
    """A tax of each region where the economy generates it: what stays at home, and what moves by the economy's key."""
    home: Floats = np.sum([p.values for p in pieces(year, figures) if p.component.line == spec.id], axis=0)
    region_tax, key = generated(spec, year, home), keys()[spec.economy_key]
    return _moved(home, spec.economy_share, by_region(home), region_tax, key, year, here)


def _moved(
    home: Floats, share: float, region_home: Floats, region_moved: Floats, key: Key, year: int, here: NDArray[np.bool_]
) -> tuple[MovedPart, ...]:
    """``(1 - share) x home here + share x the region's money x weight here / weight of the region``, by region."""
    weights, out = key.weights(year), []
    for r, there in _regions_of(here):
        part, whole, paid = (
            float(v) for v in (weights[there].sum(), weights[region_of() == r].sum(), home[there].sum())
        )
        value = (1 - share) * paid + share * float(region_moved[r]) * part / whole
        out.append(MovedPart(regions()[r], paid, share, float(region_home[r]), float(region_moved[r]), part, whole,
                             value, key.words, key.source))  # fmt: skip
    return tuple(out)


def _regions_of(here: NDArray[np.bool_]) -> list[tuple[int, NDArray[np.bool_]]]:
    """The regions in which a place lies, each with the place's authorities there."""
    return [(r, there) for r in range(len(regions())) if (there := here & (region_of() == r)).any()]


def _taxes_generated(title: str, year: int, here: NDArray[np.bool_], figures: Figures | None) -> TotalSum:
    """All or core taxes where the economy generates them. SokeError for another total: spending follows people."""
    only = next((d for d in DEFINITIONS if d.title.casefold() == title and d.name.endswith("-taxes")), None)
    if only is None:
        raise SokeError(f"On the economy basis there are taxes only, and no {title}.",
                        "Ask for all taxes or core taxes, or for --basis residence.")  # fmt: skip
    matrix = line_matrix(year, "economy", figures)
    addends = [
        Addend(spec.id, plain_title(spec.title), float(matrix.row(spec.id)[here].sum()), None, 0.0)
        for spec in published.line_specs() if spec.side == "revenue" and counts(only, spec)
    ]  # fmt: skip
    addends.sort(key=lambda x: -abs(x.value))
    return TotalSum(title, sum(x.value for x in addends), None, tuple(addends))


def _component(piece: Piece, here: NDArray[np.bool_]) -> ComponentPart:
    component = piece.component
    inside = _regions_of(here)
    tested, named = truth_errors()[component.id], key_named(component)
    words, sources = (named.words, named.source) if named else UNNAMED[component.key]
    return ComponentPart(
        pounds=component_pounds(piece, here), key=words, sources=sources,
        q80=tested.of(size_of(here)), how=tested.how,
        regions=tuple(_region(piece, r, there) for r, there in inside),
        areas=tuple(part for r, there in inside for part in _areas(piece, here, r, there)),
    )  # fmt: skip


def _region(piece: Piece, r: int, there: NDArray[np.bool_]) -> RegionPart:
    weights = piece.weights
    return RegionPart(
        component=piece.component.id, region=regions()[r], control=float(piece.control[r]),
        own_here=float(piece.own_places[there].sum()), own_region=float(piece.own_sum[r]), growth=piece.growth,
        rule=piece.rule[r], factor=float(piece.factor[r]), weight_here=float(weights[there].sum()),
        weight_region=float(weights[region_of() == r].sum()), value=float(piece.values[there].sum()),
    )  # fmt: skip


def _areas(piece: Piece, here: NDArray[np.bool_], r: int, there: NDArray[np.bool_]) -> list[AreaPart]:
    out = []
    for figure in piece.own:
        share = figure.split[:, there].sum(axis=1)
        inside = figure.people[:, here].sum(axis=1)
        out += [
            AreaPart(piece.component.id, regions()[r], figure.name, own.area(code), figure.year,
                     float(figure.amounts[i] / piece.growth), piece.growth, float(share[i]), float(inside[i]),
                     bool(figure.estimated[i]), figure.imported)
            for i, code in enumerate(figure.areas) if share[i] > 0
        ]  # fmt: skip
    return out


def _total(title: str, a: Account) -> TotalSum:
    specs = {spec.id: spec for spec in published.line_specs()}
    people = a.population / published.regional_population(published.UK, a.year)
    uk = published.uk_totals(a.year)
    receipts, spending = uk["revenue"], uk["spending"]
    if title == "UK borrowing":
        return TotalSum(title, a.split.borrowing, None, (), people, receipts, spending)
    sign = {"raised": (1, 0), "spent": (0, 1), "gap": (-1, 1), "all taxes": (1, 0), "core taxes": (1, 0),
            "lower tax": (-1, 0), "higher spending": (0, 1)}[title]  # fmt: skip
    only = next((d for d in DEFINITIONS if d.title.casefold() == title), None)
    chosen = [(item, sign[item.line.side == "spending"]) for item in a.lines
              if only is None or counts(only, specs[item.line.id])]  # fmt: skip
    chosen = [(item, s) for item, s in chosen if s]
    squares = sum((item.half_width or 0.0) ** 2 for item, _ in chosen)
    addends = sorted(
        (Addend(item.line.id, plain_title(specs[item.line.id].title), s * item.value, item.half_width,
                (item.half_width or 0.0) ** 2 / squares if squares else 0.0) for item, s in chosen),
        key=lambda x: (-x.squared_share, -abs(x.value)),
    )  # fmt: skip
    value = sum(x.value for x in addends)
    value += people * receipts if title == "lower tax" else -people * spending if title == "higher spending" else 0.0
    split = title in ("gap", "lower tax", "higher spending")
    return TotalSum(
        title, value, squares**0.5 if squares and not a.published else None, tuple(addends),
        people if split else None, receipts if split else None, spending if split else None,
    )  # fmt: skip
