"""England as one hexagon a place, coloured by what each gains or loses a head."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from soke import text
from soke.report.charts.frame import ON_PALE, PAPER, frame
from soke.report.charts.plot import path
from soke.report.markup import Child, Element, el

SIDE = 10.0
HALF = math.sqrt(3) / 2 * SIDE  # half of a hexagon's width
LOSES, NOTHING, GAINS = ("#a5480f", "#e9a15c"), "#dfe3e5", ("#8fc1d8", "#1f6f8b")


@dataclass(frozen=True, slots=True)
class Scale:
    """Five colours: loses more than ``far``, loses, about nothing (within ``near``), gains, gains more than ``far``."""

    near: float
    far: float

    def colour(self, value: float) -> str:
        if abs(value) <= self.near:
            return NOTHING
        return (GAINS if value > 0 else LOSES[::-1])[abs(value) > self.far]

    def legend(self) -> tuple[tuple[str, str], ...]:
        """Colour and what it means, from the largest loss to the largest gain."""
        near, far = text.pounds(self.near), text.pounds(self.far)
        return (
            (LOSES[0], f"loses more than {far}"),
            (LOSES[1], f"loses {near} to {far}"),
            (NOTHING, f"within {near} of nothing"),
            (GAINS[0], f"gains {near} to {far}"),
            (GAINS[1], f"gains more than {far}"),
        )


def scale_for(values: Collection[float]) -> Scale:
    """Round limits from the sizes met: ``far`` near half of the largest, ``near`` a tenth of that."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if largest < 0.02:
        return Scale(0.01, 0.02)
    power = 10.0 ** math.floor(math.log10(largest / 2))
    far = max(power * m for m in (1, 2, 5) if power * m <= largest / 2)
    return Scale(max(far / 10, 0.005), far)


def centre(q: int, r: int) -> tuple[float, float]:
    """Middle of a hexagon of an axial cell, r growing southwards: each row stands half a hexagon further right."""
    return HALF * (2 * q + r), SIDE * 1.5 * r


def hexmap(
    hexes: Mapping[str, tuple[int, int]],
    values: Mapping[str, float],
    names: Mapping[str, str],
    area: Collection[str],
    scale: Scale,
) -> Element:
    """``values`` pounds a head by place; places of the deal (``area``) have a dark edge."""
    codes = sorted(code for code in hexes if code in values)
    middles = {code: centre(*hexes[code]) for code in codes}
    left = min((x for x, _ in middles.values()), default=0.0) - SIDE
    upper = min((y for _, y in middles.values()), default=0.0) - SIDE - 1
    width = max((x for x, _ in middles.values()), default=0.0) - left + SIDE
    height = max((y for _, y in middles.values()), default=0.0) - upper + SIDE + 1
    drawn: list[Child] = []
    for inside in (False, True):  # the dark edges last, so that no neighbour covers them
        for code in (code for code in codes if (code in area) is inside):
            x, y = middles[code]
            said = f"{names.get(code, code)}: {text.pounds(values[code], plus=True)} a head"
            drawn.append(_hexagon(x - left, y - upper, scale.colour(values[code]), inside, said))
    gain = sum(values[code] > scale.near for code in codes)
    lose = sum(values[code] < -scale.near for code in codes)
    told = f"{gain} places gain, {lose} lose, {len(codes) - gain - lose} are within {text.pounds(scale.near)}."
    return frame("hexmap", "Who gains and who loses, pounds a head", told, width, height, *drawn)


def _hexagon(x: float, y: float, fill: str, inside: bool, said: str) -> Element:
    corners = [(x, y - SIDE), (x + HALF, y - SIDE / 2), (x + HALF, y + SIDE / 2)]
    corners += [(x, y + SIDE), (x - HALF, y + SIDE / 2), (x - HALF, y - SIDE / 2)]
    edge, width = (ON_PALE, 1.8) if inside else (PAPER, 1.0)
    return el("path", el("title", said), d=path(corners, closed=True), fill=fill, stroke=edge, stroke_width=width)
