"""Places like a place: nearest among those of its class, by how many live there, how densely, and in what need.

The rule is told beside every comparison. Each of the three counts the same: the distance is that of the three figures,
people and density in logarithms, each divided by its spread over the class. Nothing that is compared afterwards is in
it, so that a place does not choose whom it is seen beside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from soke.england.baseline import Floats
from soke.england.measures import Measure, measures
from soke.england.places import LOWER, places
from soke.england.strategic import strategic_authorities

FEW, FEW_ALIKE, ALIKE = 40, 4, 8  # a class of fewer places than FEW gives FEW_ALIKE, others ALIKE
CLASSES = {
    "shire-district": ("shire district", "shire districts"),
    "unitary": ("unitary authority", "unitary authorities"),
    "metropolitan-district": ("metropolitan district", "metropolitan districts"),
    "london-borough": ("London borough", "London boroughs"),
    "county": ("county", "counties"),
    "strategic": ("wider area", "wider areas"),
    "region": ("region", "regions"),
}


@dataclass(frozen=True, slots=True)
class Like:
    """A place that is like another, and how far from it: 0 would be the same in all three."""

    key: str
    distance: float


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a place stands by a measure among its class: its figure, the middle one, and its rank from the top."""

    measure: Measure
    value: float
    middle: float
    rank: int
    among: int

    @property
    def from_the_end(self) -> int:
        """Its rank from whichever end is nearer."""
        return min(self.rank, self.among + 1 - self.rank)


class Peers:
    """The places of a class, and every measure of them. ``of_class``: the authorities of each place by its key."""

    def __init__(self, of_class: Mapping[str, Sequence[str]]) -> None:
        self.keys = tuple(sorted(of_class))
        self.members = dict(of_class)
        self.values: dict[str, Floats] = {
            one.id: np.array([one.of(of_class[key]) for key in self.keys]) for one in measures()
        }

    def alike(self, key: str) -> tuple[Like, ...]:
        """The places most like one of them, the nearest first. ValueError for a key that is none."""
        figures = np.array([np.log(self.values["people"]), np.log(self.values["density"]), self.values["need"]]).T
        spread = figures.std(axis=0)
        scaled = figures / np.where(spread > 0, spread, 1.0)
        distances = np.sqrt(((scaled - scaled[self.keys.index(key)]) ** 2).sum(axis=1))
        found = sorted((float(far), name) for far, name in zip(distances, self.keys, strict=True) if name != key)
        return tuple(Like(name, far) for far, name in found[: FEW_ALIKE if len(self.keys) < FEW else ALIKE])

    def standings(self, key: str) -> tuple[Standing, ...]:
        """Where one of them stands by every measure, in their order. ValueError for a key that is none."""
        at = self.keys.index(key)
        return tuple(
            Standing(
                one, float(values[at]), float(np.median(values)), 1 + int((values > values[at]).sum()), len(values)
            )
            for one, values in ((one, self.values[one.id]) for one in measures())
        )


def most_particular(stands: Sequence[Standing]) -> tuple[Standing, ...]:
    """By what a place differs most from its class, the most first: the nearest to either end, and of several the
    furthest from the middle. What kind of place it is does not count."""
    told = [one for one in stands if not one.measure.kind_of_place]
    return tuple(sorted(told, key=lambda one: (one.from_the_end, -_apart(one), one.measure.id)))


def _apart(one: Standing) -> float:
    return abs(one.value - one.middle) / (abs(one.middle) or 1.0)


@cache
def peers(kind: str) -> Peers:
    """The places of one of :data:`CLASSES`; wider areas by name, all others by code. KeyError for no class."""
    if kind not in CLASSES:
        raise KeyError(kind)
    if kind == "strategic":
        return Peers({body.name: body.members for body in strategic_authorities()})
    return Peers(
        {place.code: places().members(place.code) for place in places().by_code.values() if place.kind == kind}
    )


def class_of(kind: str) -> str:
    """The class of places that a kind of place is compared in; "" of England."""
    if kind in LOWER or kind in ("county", "region"):
        return kind
    return "strategic" if kind in ("combined-authority", "strategic-authority") else ""
